#include "common/data/dataset.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"

namespace cnn {
namespace {

constexpr std::uint64_t split_seed = 28;  // fixes the embedded split
constexpr int embedded_count = 10000, embedded_train_count = 8000;

void require_label_for_each(const Dataset& data, const std::string& where) {
  const Shape& shape = data.images.shape();
  if (shape.empty() || data.size() != shape[0]) {
    fail(Refusal::argument, where + ": images " + to_string(shape) +
                                " expect a label each, got " +
                                std::to_string(data.size()) + " labels");
  }
}

bool all_alike(const Dataset& data) {
  const auto pixels = data.images.data();
  const std::size_t one = pixels.size() / data.labels.size();
  return std::equal(pixels.begin() + static_cast<std::ptrdiff_t>(one),
                    pixels.end(), pixels.begin());
}

}  // namespace

void require_dataset(const Dataset& data, const std::string& where) {
  require_label_for_each(data, where);
  if (data.classes < 1) {
    fail(Refusal::argument, where + ": expected 1 or more classes, got " +
                                std::to_string(data.classes));
  }
  for (const int label : data.labels) {
    if (label < 0 || label >= data.classes) {
      fail(Refusal::argument, where + ": expected labels from 0 to " +
                                  std::to_string(data.classes - 1) +
                                  ", got " + std::to_string(label));
    }
  }
}

Dataset subset(const Dataset& data, std::span<const int> indices) {
  require_label_for_each(data, "subset");
  const int pixels = data.images.strides()[0];
  Shape shape = data.images.shape();
  shape[0] = static_cast<int>(indices.size());
  Dataset some;
  some.classes = data.classes;
  std::vector<float> numbers;
  numbers.reserve(indices.size() * static_cast<std::size_t>(pixels));
  for (const int n : indices) {
    if (n < 0 || n >= data.size()) {
      fail(Refusal::index, "subset: no image " + std::to_string(n) +
                               " among " + std::to_string(data.size()));
    }
    const auto begin = data.images.data().begin() +
                       static_cast<std::ptrdiff_t>(n) * pixels;
    numbers.insert(numbers.end(), begin, begin + pixels);
    some.labels.push_back(data.labels[static_cast<std::size_t>(n)]);
  }
  some.images = Tensor<>(std::move(shape), std::move(numbers));
  return some;
}

std::optional<int> first_index_of(std::span<const int> labels, int label) {
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found == labels.end()) return std::nullopt;
  return static_cast<int>(found - labels.begin());
}

Dataset first(const Dataset& data, int count) {
  std::vector<int> indices(
      static_cast<std::size_t>(std::clamp(count, 0, data.size())));
  std::iota(indices.begin(), indices.end(), 0);
  return subset(data, indices);
}

void require_classes(const Dataset& data, const std::string& name,
                     std::span<const int> wanted) {
  require_dataset(data, name);
  std::vector<int> each(static_cast<std::size_t>(data.classes));
  std::iota(each.begin(), each.end(), 0);
  std::string missing;
  for (const int label :
       wanted.empty() ? std::span<const int>(each) : wanted)
    if (std::find(data.labels.begin(), data.labels.end(), label) ==
        data.labels.end())
      missing += (missing.empty() ? "" : ", ") + std::to_string(label);
  const std::string count =
      grouped(data.size()) + (data.size() == 1 ? " picture" : " pictures");
  if (!missing.empty()) {
    fail(Refusal::runtime,
         name +
             ": expected pictures of each class that this program shows, "
             "found " +
             count + " and none of " + missing);
  }
  if (data.size() > 1 && all_alike(data)) {
    fail(Refusal::runtime, name +
                               ": expected pictures that differ, found " +
                               count + ", all alike");
  }
}

Split split_digits(const Dataset& all) {
  if (all.size() != embedded_count)
    fail(Refusal::runtime, "split_digits: expected " +
                               grouped(embedded_count) + " digits, found " +
                               grouped(all.size()));
  // The files hold the zeros first and the nines last.
  const std::vector<int> order = Random(split_seed).permutation(all.size());
  const auto mixed = std::span(order);
  return {subset(all, mixed.first(embedded_train_count)),
          subset(all, mixed.subspan(embedded_train_count)),
          "8,000 + 2,000 digits that come with the book (MNIST)"};
}

}  // namespace cnn
