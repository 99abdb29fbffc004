#include "common/dataset.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <system_error>

#include "common/grouped.hpp"
#include "common/random.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;
using Bytes = std::span<const std::uint8_t>;

constexpr std::uint64_t split_seed = 28;  // fixes the embedded split
constexpr int embedded_count = 10000, embedded_train_count = 8000;
constexpr std::size_t cifar_pixels = 3 * 32 * 32;
constexpr std::size_t cifar_record = 1 + cifar_pixels;
// A tensor counts its numbers in an int.
constexpr std::uint64_t most_numbers = std::numeric_limits<int>::max();

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw std::runtime_error(name + ": " + what);
}

std::string byte_count(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// Throws unless there is a plain file, of a size that can be data for us.
void require_file(const fs::path& path) {
  const std::string name = path.string();
  std::error_code trouble;
  const fs::file_status status = fs::status(path, trouble);
  if (!fs::exists(status)) {
    fs::path zipped = path;
    zipped += ".gz";
    if (fs::exists(zipped, trouble)) {
      fail(name, "expected a file, found only " +
                     zipped.filename().string() + ": gunzip it first");
    }
    fail(name, "expected a file, found none");
  }
  if (fs::is_directory(status)) {
    fail(name, "expected a file, found a folder");
  }
  if (!fs::is_regular_file(status)) {
    fail(name, "expected a plain file, found a device or pipe");
  }
  const std::uintmax_t size = fs::file_size(path, trouble);
  if (!trouble && size > most_numbers) {
    fail(name, "expected at most " + byte_count(most_numbers) + ", found " +
                   byte_count(size));
  }
}

std::vector<std::uint8_t> read_bytes(const fs::path& path) {
  require_file(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    fail(path.string(), "expected a readable file, it cannot be opened");
  }
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail(path.string(), "reading broke off");
  return bytes;
}

void require_not_zipped(Bytes file, const std::string& name) {
  if (file.size() >= 2 && file[0] == 0x1f && file[1] == 0x8b) {
    fail(name, "is gzip-compressed: gunzip it first");
  }
}

void require_label(std::uint8_t label, std::size_t n,
                   const std::string& name) {
  if (label > 9) {
    fail(name, "expected labels from 0 to 9, found " +
                   std::to_string(label) + " for image " +
                   std::to_string(n));
  }
}

// A big-endian number of four bytes.
std::uint32_t number_at(Bytes file, std::size_t place) {
  return (std::uint32_t{file[place]} << 24) |
         (std::uint32_t{file[place + 1]} << 16) |
         (std::uint32_t{file[place + 2]} << 8) | file[place + 3];
}

// Throws unless the file begins as an IDX file of bytes does: 0, 0, the
// type of its numbers (8: unsigned bytes) and how many axes it has.
void require_idx_magic(Bytes file, const std::string& name) {
  require_not_zipped(file, name);
  if (file.size() < 4) {
    fail(name, "expected an IDX file of at least 4 bytes, found " +
                   byte_count(file.size()));
  }
  if (file[0] != 0 || file[1] != 0) {
    fail(name, "expected an IDX file, which begins with bytes 0 0, found " +
                   std::to_string(file[0]) + " " + std::to_string(file[1]));
  }
  if (file[2] != 8) {
    fail(name, "expected numbers of type 8 (unsigned bytes), found type " +
                   std::to_string(file[2]));
  }
  if (file[3] < 1 || file[3] > 4) {
    fail(name, "expected 1 to 4 axes, found " + std::to_string(file[3]));
  }
}

// The extents that an IDX file's header promises. Nothing is allocated by
// them: a header can promise more bytes than any machine has.
std::vector<int> parse_idx_extents(Bytes file, const std::string& name) {
  require_idx_magic(file, name);
  const std::size_t axes = file[3], header = 4 + 4 * axes;
  if (file.size() < header) {
    fail(name, "expected a header of " + byte_count(header) + " for " +
                   std::to_string(axes) + (axes == 1 ? " axis" : " axes") +
                   ", found " + byte_count(file.size()));
  }
  std::vector<int> extents;
  std::uint64_t count = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::uint64_t extent = number_at(file, 4 + 4 * axis);
    if (extent == 0) {
      fail(name, "expected extents of 1 or more, found 0 along axis " +
                     std::to_string(axis));
    }
    // Neither factor has more than 32 bits, so the product fits 64.
    count *= extent;
    if (count > most_numbers) {
      fail(name, "expected at most " + byte_count(most_numbers) +
                     " of data, found extents that multiply to " +
                     std::to_string(count) + " or more");
    }
    extents.push_back(static_cast<int>(extent));
  }
  return extents;
}

void append_pixels(std::vector<float>& pixels, Bytes bytes) {
  for (const std::uint8_t byte : bytes) {
    pixels.push_back(static_cast<float>(byte) / 255.0f);
  }
}

void require_pair(const IdxFile& images, const fs::path& image_path,
                  const IdxFile& labels, const fs::path& label_path) {
  if (images.extents.size() != 3) {
    fail(image_path.string(),
         "expected images with 3 axes, found " + to_string(images.extents));
  }
  if (labels.extents.size() != 1) {
    fail(label_path.string(),
         "expected labels with 1 axis, found " + to_string(labels.extents));
  }
  if (images.extents[0] != labels.extents[0]) {
    fail(label_path.string(), "expected a label for each of the " +
                                  std::to_string(images.extents[0]) +
                                  " images of " + image_path.string() +
                                  ", found " +
                                  std::to_string(labels.extents[0]));
  }
}

// MNIST's two files, of images that this book's networks take.
Dataset read_digits(const fs::path& images, const fs::path& labels) {
  Dataset data = read_mnist(images, labels);
  const int height = data.images.extent(2), width = data.images.extent(3);
  if (height != 28 || width != 28) {
    fail(images.string(), "expected grey images of 28 x 28 pixels, found " +
                              std::to_string(height) + " x " +
                              std::to_string(width));
  }
  return data;
}

// One of MNIST's four files, which some mirrors name with a dot:
// "train-images" and "idx3-ubyte" joined by '-' or '.'.
fs::path mnist_file(const fs::path& folder, const std::string& name,
                    const std::string& format) {
  const fs::path usual = folder / (name + "-" + format),
                 dotted = folder / (name + "." + format);
  std::error_code trouble;
  for (const char* ending : {"", ".gz"}) {
    for (const fs::path& path : {usual, dotted}) {
      fs::path whole = path;
      whole += ending;
      if (fs::exists(whole, trouble)) return path;
    }
  }
  fail(usual.string(), trouble ? trouble.message()
                               : "expected a file, found neither it nor " +
                                     dotted.filename().string());
}

void require_whole_records(Bytes file, const std::string& name) {
  require_not_zipped(file, name);
  if (file.empty() || file.size() % cifar_record != 0) {
    fail(name, "expected one or more records of " +
                   byte_count(cifar_record) + ", found " +
                   byte_count(file.size()));
  }
}

// Appends the labels and the pixels of one CIFAR-10 file.
void append_records(Bytes file, const std::string& name,
                    std::vector<int>& labels, std::vector<float>& pixels) {
  require_whole_records(file, name);
  for (std::size_t n = 0; n < file.size() / cifar_record; ++n) {
    const Bytes record = file.subspan(n * cifar_record, cifar_record);
    require_label(record[0], n, name);
    labels.push_back(record[0]);
    append_pixels(pixels, record.subspan(1));
  }
}

void require_label_for_each(const Dataset& data, const std::string& where) {
  const Shape& shape = data.images.shape();
  if (shape.empty() || data.size() != shape[0]) {
    throw std::invalid_argument(where + ": images " + to_string(shape) +
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

IdxFile parse_idx(Bytes file, const std::string& name) {
  IdxFile idx;
  idx.extents = parse_idx_extents(file, name);
  const std::size_t header = 4 + 4 * idx.extents.size();
  const std::size_t expected =
      header + static_cast<std::size_t>(element_count(idx.extents));
  if (file.size() != expected) {
    fail(name, "expected " + byte_count(expected) + " for " +
                   to_string(idx.extents) + ", found " +
                   byte_count(file.size()));
  }
  const Bytes body = file.subspan(header);
  idx.bytes.assign(body.begin(), body.end());
  return idx;
}

IdxFile read_idx(const fs::path& path) {
  return parse_idx(read_bytes(path), path.string());
}

Dataset read_mnist(const fs::path& image_path, const fs::path& label_path) {
  const IdxFile images = read_idx(image_path);
  const IdxFile labels = read_idx(label_path);
  require_pair(images, image_path, labels, label_path);
  Dataset data;
  for (std::size_t n = 0; n < labels.bytes.size(); ++n) {
    require_label(labels.bytes[n], n, label_path.string());
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

Dataset parse_cifar10(Bytes file, const std::string& name) {
  Dataset data;
  std::vector<float> pixels;
  pixels.reserve(file.size());
  append_records(file, name, data.labels, pixels);
  data.images = Tensor<>({data.size(), 3, 32, 32}, std::move(pixels));
  return data;
}

Dataset read_cifar10(const std::vector<fs::path>& batches) {
  if (batches.empty()) {
    throw std::runtime_error("read_cifar10: expected a file, found none");
  }
  Dataset data;
  std::vector<float> pixels;
  for (const fs::path& path : batches) {
    append_records(read_bytes(path), path.string(), data.labels, pixels);
  }
  data.images = Tensor<>({data.size(), 3, 32, 32}, std::move(pixels));
  return data;
}

void require_dataset(const Dataset& data, const std::string& where) {
  require_label_for_each(data, where);
  if (data.classes < 1) {
    throw std::invalid_argument(where +
                                ": expected 1 or more classes, got " +
                                std::to_string(data.classes));
  }
  for (const int label : data.labels) {
    if (label < 0 || label >= data.classes) {
      throw std::invalid_argument(where + ": expected labels from 0 to " +
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
      throw std::out_of_range("subset: no image " + std::to_string(n) +
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

Dataset first(const Dataset& data, int count) {
  std::vector<int> indices(
      static_cast<std::size_t>(std::clamp(count, 0, data.size())));
  std::iota(indices.begin(), indices.end(), 0);
  return subset(data, indices);
}

Split embedded_digits() {
  const fs::path folder = fs::path(CNN_SOURCE_FOLDER) / "common" / "data";
  const Dataset all = read_digits(folder / "digits-images-idx3-ubyte",
                                  folder / "digits-labels-idx1-ubyte");
  if (all.size() != embedded_count) {
    fail(folder.string(), "expected " + grouped(embedded_count) +
                              " digits, found " + grouped(all.size()));
  }
  // The files hold the zeros first and the nines last.
  const std::vector<int> order = Random(split_seed).permutation(all.size());
  const auto mixed = std::span(order);
  return {subset(all, mixed.first(embedded_train_count)),
          subset(all, mixed.subspan(embedded_train_count)),
          "8,000 + 2,000 digits that come with the book (MNIST)"};
}

Split mnist_from(const fs::path& folder) {
  std::error_code trouble;
  if (!fs::is_directory(folder, trouble)) {
    fail(folder.string(), "expected a folder with MNIST's four files");
  }
  if (fs::exists(folder / "data_batch_1.bin", trouble)) {
    fail(folder.string(),
         "expected MNIST's four files, found CIFAR-10: this program reads "
         "grey images of 28 x 28 pixels");
  }
  Split split;
  const auto half = [&](const std::string& name) {
    const auto images = mnist_file(folder, name + "-images", "idx3-ubyte");
    const auto labels = mnist_file(folder, name + "-labels", "idx1-ubyte");
    return read_digits(images, labels);
  };
  split.train = half("train");
  split.held_out = half("t10k");
  split.source = grouped(split.train.size()) + " + " +
                 grouped(split.held_out.size()) + " images from " +
                 folder.string();
  return split;
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
    fail(name,
         "expected pictures of each class that this program shows, "
         "found " +
             count + " and none of " + missing);
  }
  if (data.size() > 1 && all_alike(data)) {
    fail(name,
         "expected pictures that differ, found " + count + ", all alike");
  }
}

Split load_digits(const std::optional<fs::path>& folder) {
  if (!folder) return embedded_digits();
  Split split = mnist_from(*folder);
  require_classes(split.train, folder->string() + " (training pictures)");
  require_classes(split.held_out,
                  folder->string() + " (held-out pictures)");
  return split;
}

}  // namespace cnn
