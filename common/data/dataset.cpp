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
  const Shape& shape = data.shape();
  if (shape.empty() || data.size() != shape[0]) {
    fail(Refusal::argument, where + ": images " + to_string(shape) +
                                " expect a label each, got " +
                                counted_text(data.size(), "label"));
  }
}

template <class T>
bool all_alike(std::span<const T> pixels, std::size_t images) {
  const auto rest = pixels.subspan(pixels.size() / images);
  return std::equal(rest.begin(), rest.end(), pixels.begin());
}

bool all_alike(const Dataset& data) {
  return data.keeps_bytes()
             ? all_alike(data.bytes.data(), data.labels.size())
             : all_alike(data.images.data(), data.labels.size());
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

std::span<const float> pixels_of(const Dataset& data, int n,
                                 std::span<float> room) {
  if (!data.keeps_bytes()) return row_of(data.images, n);
  const std::span<const std::uint8_t> bytes = row_of(data.bytes, n);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    room[i] = static_cast<float>(bytes[i]) / 255.0f;
  return room.first(bytes.size());
}

void require_image(const Dataset& data, int image,
                   const std::string& where) {
  if (image < 0 || image >= data.size())
    fail(Refusal::argument, where + ": expected an image from 0 to " +
                                std::to_string(data.size() - 1) + ", got " +
                                std::to_string(image));
}

Dataset subset(const Dataset& data, std::span<const int> indices) {
  require_label_for_each(data, "subset");
  Shape shape = data.shape();
  const auto pixels = static_cast<std::size_t>(row_major_strides(shape)[0]);
  shape[0] = static_cast<int>(indices.size());
  Dataset some;
  some.classes = data.classes;
  std::vector<float> numbers(indices.size() * pixels);
  std::size_t at = 0;
  for (const int n : indices) {
    if (n < 0 || n >= data.size()) {
      fail(Refusal::index, "subset: no image " + std::to_string(n) +
                               " among " + std::to_string(data.size()));
    }
    const auto room = std::span(numbers).subspan(at, pixels);
    const auto image = pixels_of(data, n, room);
    if (image.data() != room.data())
      std::copy(image.begin(), image.end(), room.begin());
    at += pixels;
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

std::vector<int> indices_of(std::span<const int> labels, int label) {
  std::vector<int> indices;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == label) indices.push_back(static_cast<int>(i));
  return indices;
}

Dataset first(const Dataset& data, int count) {
  std::vector<int> indices(
      static_cast<std::size_t>(std::clamp(count, 0, data.size())));
  std::iota(indices.begin(), indices.end(), 0);
  return subset(data, indices);
}

Dataset last(const Dataset& data, int count) {
  std::vector<int> indices(
      static_cast<std::size_t>(std::clamp(count, 0, data.size())));
  std::iota(indices.begin(), indices.end(),
            data.size() - static_cast<int>(indices.size()));
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

bool is_fashion_mnist(const Split& split) {
  const auto each_has = [](const Dataset& data, std::ptrdiff_t count) {
    for (int k = 0; k < 10; ++k)
      if (std::count(data.labels.begin(), data.labels.end(), k) != count)
        return false;
    return data.size() == 10 * count;
  };
  return each_has(split.train, 6000) && each_has(split.held_out, 1000);
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
