#include "common/dataset.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/random.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t split_seed = 28;  // fixes the embedded split
constexpr int cifar_record = 1 + 3 * 32 * 32;

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw std::runtime_error(name + ": " + what);
}

std::vector<std::uint8_t> read_bytes(const fs::path& path) {
  if (fs::is_directory(path))
    fail(path.string(), "expected a file, found a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path.string(), "the file cannot be read");
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail(path.string(), "reading broke off");
  return bytes;
}

// A big-endian number of four bytes.
std::uint32_t number_at(std::span<const std::uint8_t> file,
                        std::size_t place) {
  return (std::uint32_t{file[place]} << 24) |
         (std::uint32_t{file[place + 1]} << 16) |
         (std::uint32_t{file[place + 2]} << 8) | file[place + 3];
}

std::string byte_count(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// Throws unless the file begins as an IDX file of bytes does: 0, 0, 8 and
// the number of axes.
void require_idx_magic(std::span<const std::uint8_t> file,
                       const std::string& name) {
  if (file.size() >= 2 && file[0] == 0x1f && file[1] == 0x8b)
    fail(name,
         "expected an IDX file, found a gzip archive: gunzip it first");
  if (file.size() < 4)
    fail(name, "expected an IDX file of at least 4 bytes, found " +
                   byte_count(file.size()));
  if (file[0] != 0 || file[1] != 0 || file[2] != 8)
    fail(name,
         "expected an IDX file of bytes (it begins with 0 0 8), found " +
             std::to_string(file[0]) + " " + std::to_string(file[1]) + " " +
             std::to_string(file[2]));
  if (file[3] < 1 || file[3] > 4)
    fail(name, "expected 1 to 4 axes, found " + std::to_string(file[3]));
}

void append_pixels(std::vector<float>& pixels,
                   std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes)
    pixels.push_back(static_cast<float>(byte) / 255.0f);
}

void require_mnist_images(const Dataset& data, const fs::path& path) {
  const Shape& shape = data.images.shape();
  if (shape[2] != 28 || shape[3] != 28)
    fail(path.string(), "expected grey images of 28 x 28 pixels, found " +
                            std::to_string(shape[2]) + " x " +
                            std::to_string(shape[3]));
}

}  // namespace

IdxFile parse_idx(std::span<const std::uint8_t> file,
                  const std::string& name) {
  require_idx_magic(file, name);
  const std::size_t axes = file[3], header = 4 + 4 * axes;
  if (file.size() < header)
    fail(name, "expected a header of " + byte_count(header) + ", found " +
                   byte_count(file.size()));
  IdxFile idx;
  std::uint64_t count = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::uint32_t extent = number_at(file, 4 + 4 * axis);
    // An honest file is longer than any of its extents, so a product that
    // stays below the file's length cannot overflow.
    if (extent == 0 || extent > file.size())
      fail(name, "expected an extent from 1 to the file's " +
                     byte_count(file.size()) + " along axis " +
                     std::to_string(axis) + ", found " +
                     std::to_string(extent));
    count *= extent;
    if (count > file.size())
      fail(name, "expected at least " + byte_count(count) + ", found " +
                     byte_count(file.size()));
    idx.extents.push_back(static_cast<int>(extent));
  }
  if (file.size() != header + count)
    fail(name, "expected " + byte_count(header + count) + " for " +
                   to_string(idx.extents) + ", found " +
                   byte_count(file.size()));
  const auto body = file.subspan(header);
  idx.bytes.assign(body.begin(), body.end());
  return idx;
}

IdxFile read_idx(const fs::path& path) {
  return parse_idx(read_bytes(path), path.string());
}

Dataset read_mnist(const fs::path& image_path, const fs::path& label_path) {
  const IdxFile images = read_idx(image_path);
  const IdxFile labels = read_idx(label_path);
  if (images.extents.size() != 3)
    fail(image_path.string(),
         "expected images with 3 axes, found " + to_string(images.extents));
  if (labels.extents.size() != 1)
    fail(label_path.string(),
         "expected labels with 1 axis, found " + to_string(labels.extents));
  if (images.extents[0] != labels.extents[0])
    fail(label_path.string(), "expected a label for each of the " +
                                  std::to_string(images.extents[0]) +
                                  " images of " + image_path.string() +
                                  ", found " +
                                  std::to_string(labels.extents[0]));
  Dataset data;
  for (std::size_t n = 0; n < labels.bytes.size(); ++n) {
    if (labels.bytes[n] > 9)
      fail(label_path.string(), "expected labels from 0 to 9, found " +
                                    std::to_string(labels.bytes[n]) +
                                    " for image " + std::to_string(n));
    data.labels.push_back(labels.bytes[n]);
  }
  std::vector<float> pixels;
  pixels.reserve(images.bytes.size());
  append_pixels(pixels, images.bytes);
  data.images =
      Tensor<>({images.extents[0], 1, images.extents[1], images.extents[2]},
               std::move(pixels));
  return data;
}

Dataset parse_cifar10(std::span<const std::uint8_t> file,
                      const std::string& name) {
  if (file.empty() || file.size() % cifar_record != 0)
    fail(name, "expected records of " + byte_count(cifar_record) +
                   ", found " + byte_count(file.size()));
  const int count = static_cast<int>(file.size() / cifar_record);
  Dataset data;
  std::vector<float> pixels;
  pixels.reserve(file.size());
  for (int n = 0; n < count; ++n) {
    const auto record = file.subspan(
        static_cast<std::size_t>(n) * cifar_record, cifar_record);
    if (record[0] > 9)
      fail(name, "expected labels from 0 to 9, found " +
                     std::to_string(record[0]) + " for image " +
                     std::to_string(n));
    data.labels.push_back(record[0]);
    append_pixels(pixels, record.subspan(1));
  }
  data.images = Tensor<>({count, 3, 32, 32}, std::move(pixels));
  return data;
}

Dataset read_cifar10(const std::vector<fs::path>& batches) {
  if (batches.empty())
    throw std::runtime_error("read_cifar10: expected at least one file");
  std::vector<float> pixels;
  Dataset all;
  for (const fs::path& path : batches) {
    const Dataset batch = parse_cifar10(read_bytes(path), path.string());
    const auto numbers = batch.images.data();
    pixels.insert(pixels.end(), numbers.begin(), numbers.end());
    all.labels.insert(all.labels.end(), batch.labels.begin(),
                      batch.labels.end());
  }
  all.images = Tensor<>({all.size(), 3, 32, 32}, std::move(pixels));
  return all;
}

Dataset subset(const Dataset& data, std::span<const int> indices) {
  const int pixels = data.images.strides()[0];
  Shape shape = data.images.shape();
  shape[0] = static_cast<int>(indices.size());
  Dataset some;
  some.classes = data.classes;
  std::vector<float> numbers;
  numbers.reserve(indices.size() * static_cast<std::size_t>(pixels));
  for (const int n : indices) {
    if (n < 0 || n >= data.size())
      throw std::out_of_range("subset: no image " + std::to_string(n) +
                              " among " + std::to_string(data.size()));
    const auto begin = data.images.data().begin() +
                       static_cast<std::ptrdiff_t>(n) * pixels;
    numbers.insert(numbers.end(), begin, begin + pixels);
    some.labels.push_back(data.labels[static_cast<std::size_t>(n)]);
  }
  some.images = Tensor<>(std::move(shape), std::move(numbers));
  return some;
}

Dataset first(const Dataset& data, int count) {
  std::vector<int> indices(
      static_cast<std::size_t>(std::clamp(count, 0, data.size())));
  for (std::size_t n = 0; n < indices.size(); ++n)
    indices[n] = static_cast<int>(n);
  return subset(data, indices);
}

Split embedded_digits() {
  const fs::path folder = fs::path(CNN_SOURCE_FOLDER) / "common" / "data";
  const Dataset all = read_mnist(folder / "digits-images-idx3-ubyte",
                                 folder / "digits-labels-idx1-ubyte");
  const std::vector<int> order = Random(split_seed).permutation(all.size());
  const auto mixed = std::span(order);
  return {subset(all, mixed.first(8000)), subset(all, mixed.subspan(8000)),
          "8,000 digits of MNIST to learn from and 2,000 held out, which "
          "come with the book"};
}

Split mnist_from(const fs::path& folder) {
  if (!fs::is_directory(folder))
    fail(folder.string(), "expected a folder with MNIST's four files");
  if (fs::exists(folder / "data_batch_1.bin"))
    fail(folder.string(),
         "expected MNIST's four files, found CIFAR-10: this program reads "
         "grey images of 28 x 28 pixels");
  Split split;
  split.train = read_mnist(folder / "train-images-idx3-ubyte",
                           folder / "train-labels-idx1-ubyte");
  require_mnist_images(split.train, folder / "train-images-idx3-ubyte");
  split.held_out = read_mnist(folder / "t10k-images-idx3-ubyte",
                              folder / "t10k-labels-idx1-ubyte");
  require_mnist_images(split.held_out, folder / "t10k-images-idx3-ubyte");
  split.source = std::to_string(split.train.size()) +
                 " images to learn from and " +
                 std::to_string(split.held_out.size()) +
                 " held out, from " + folder.string();
  return split;
}

Split load_digits(const std::optional<fs::path>& folder) {
  return folder ? mnist_from(*folder) : embedded_digits();
}

}  // namespace cnn
