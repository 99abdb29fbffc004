#include "common/data/files.hpp"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>

#include "common/data/pictures.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = std::numeric_limits<int>::max();

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  fail(Refusal::runtime, name + ": " + what);
}

// Throws unless there is a regular file of at most `most` bytes; returns
// its size.
std::uintmax_t require_file(const fs::path& path, std::uintmax_t most) {
  const std::string name = path.string();
  std::error_code trouble;
  const fs::file_status status = fs::status(path, trouble);
  if (!fs::exists(status)) {
    for (const char* ending : {".gz", ".xz"}) {
      fs::path zipped = path;
      zipped += ending;
      if (fs::exists(zipped, trouble)) {
        refuse(name, "expected a file, found only " +
                         zipped.filename().string() + ": " +
                         (ending[1] == 'g' ? "gunzip" : "unxz") +
                         " it first");
      }
    }
    refuse(name, "expected a file, found none");
  }
  if (fs::is_directory(status)) {
    refuse(name, "expected a file, found a folder");
  }
  if (!fs::is_regular_file(status)) {
    refuse(name, "expected a plain file, found a device or pipe");
  }
  const std::uintmax_t size = fs::file_size(path, trouble);
  if (trouble) refuse(name, trouble.message());
  if (size > most) {
    refuse(name, "expected at most " + counted_text(most, "byte") +
                     ", found " + counted_text(size, "byte"));
  }
  return size;
}

}  // namespace

std::vector<std::uint8_t> read_bytes(const fs::path& path,
                                     std::uintmax_t most) {
  const std::uintmax_t size = require_file(path, most);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    refuse(path.string(), "expected a readable file, it cannot be opened");
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  file.read(reinterpret_cast<char*>(bytes.data()), std::ssize(bytes));
  if (file.gcount() != std::ssize(bytes))
    refuse(path.string(), "reading broke off");
  return bytes;
}

IdxFile read_idx(const fs::path& path) {
  return parse_idx(read_bytes(path, most_bytes), path.string());
}

Dataset read_mnist(const fs::path& images, const fs::path& labels) {
  return mnist_set(read_idx(images), images.string(), read_idx(labels),
                   labels.string());
}

Dataset read_cifar10(const std::vector<fs::path>& batches) {
  if (batches.empty())
    refuse("read_cifar10", "expected a file, found none");
  Dataset data;
  std::vector<std::uint8_t> pixels;
  for (const fs::path& path : batches) {
    const Dataset batch =
        parse_cifar10(read_bytes(path, most_bytes), path.string());
    const auto bytes = batch.bytes.data();
    pixels.insert(pixels.end(), bytes.begin(), bytes.end());
    data.labels.insert(data.labels.end(), batch.labels.begin(),
                       batch.labels.end());
  }
  data.images = Tensor<>({0, 3, 32, 32});
  data.bytes =
      Tensor<std::uint8_t>({data.size(), 3, 32, 32}, std::move(pixels));
  return data;
}

ClassNames read_class_names(const fs::path& path, std::size_t classes) {
  const std::vector<std::uint8_t> bytes = read_bytes(path, 1'000'000);
  const std::string text(bytes.begin(), bytes.end());
  return value_or_fail(parse_class_names(text, classes), path.string());
}

namespace {

// Reads a pair of MNIST's files, whose images must be 28 x 28 pixels.
Dataset read_digits(const fs::path& images, const fs::path& labels) {
  Dataset data = read_mnist(images, labels);
  const int height = data.images.extent(2), width = data.images.extent(3);
  if (height != 28 || width != 28) {
    refuse(images.string(),
           "expected grey images of 28 x 28 pixels, found " +
               std::to_string(height) + " x " + std::to_string(width));
  }
  return data;
}

// The path of one of MNIST's four files, which some mirrors name with a
// dot: "train-images" and "idx3-ubyte" joined by '-' or '.'. If only its
// .gz is there, reading the path will say so.
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
  refuse(usual.string(), trouble
                             ? trouble.message()
                             : "expected a file, found neither it nor " +
                                   dotted.filename().string());
}

// Whether the folder has this file, plain or still compressed.
bool has_file(const fs::path& folder, const std::string& name) {
  std::error_code ignored;
  return fs::exists(folder / name, ignored) ||
         fs::exists(folder / (name + ".gz"), ignored) ||
         fs::exists(folder / (name + ".xz"), ignored);
}

bool is_cifar10(const fs::path& folder) {
  return has_file(folder, "data_batch_1.bin");
}

fs::path embedded_data() {
  return fs::path(CNN_SOURCE_FOLDER) / "common" / "data";
}

// One part, "train" or "test", of the colour pictures that come with the
// book.
Dataset read_land(const std::string& part) {
  const fs::path folder = embedded_data() / "eurosat-32",
                 sheet = folder / (part + "_sprite.png"),
                 labels = folder / (part + "-labels-idx1-ubyte");
  const auto bytes = read_bytes(sheet, most_picture_bytes);
  return sheet_set(value_or_fail(parse_picture(bytes), sheet.string()),
                   sheet.string(), read_idx(labels), labels.string(), 32);
}

}  // namespace

Split embedded_digits() {
  const fs::path folder = embedded_data();
  return split_digits(read_digits(folder / "digits-images-idx3-ubyte",
                                  folder / "digits-labels-idx1-ubyte"));
}

Split embedded_land() {
  return {
      read_land("train"), read_land("test"),
      "4,000 + 1,000 pictures of land that come with the book (EuroSAT)",
      land_names()};
}

ClassNames land_names() {
  return read_class_names(embedded_data() / "eurosat-32" / "classes.txt",
                          10);
}

Split mnist_from(const fs::path& folder) {
  std::error_code trouble;
  if (!fs::is_directory(folder, trouble)) {
    refuse(folder.string(), "expected a folder with MNIST's four files");
  }
  if (is_cifar10(folder)) {
    refuse(
        folder.string(),
        "expected MNIST's four files, found CIFAR-10: this program reads "
        "grey images of 28 x 28 pixels");
  }
  Split split;
  const auto read_part = [&](const std::string& name) {
    const auto images = mnist_file(folder, name + "-images", "idx3-ubyte");
    const auto labels = mnist_file(folder, name + "-labels", "idx1-ubyte");
    return read_digits(images, labels);
  };
  split.train = read_part("train");
  split.held_out = read_part("t10k");
  split.source = grouped(split.train.size()) + " + " +
                 grouped(split.held_out.size()) + " images from " +
                 folder.string();
  if (is_fashion_mnist(split))
    split.names = {"T-shirt", "trouser", "pullover", "dress", "coat",
                   "sandal",  "shirt",   "sneaker",  "bag",   "ankle boot"};
  return split;
}

Split cifar10_from(const fs::path& folder) {
  std::vector<fs::path> batches;
  for (int i = 1; i <= 5; ++i)
    batches.push_back(folder /
                      ("data_batch_" + std::to_string(i) + ".bin"));
  const bool tested = has_file(folder, "test_batch.bin");
  fs::path held_out = folder / "test_batch.bin";
  if (!tested) {
    held_out = batches.back();
    batches.pop_back();
  }
  Split split;
  const Dataset bytes = read_cifar10({held_out});
  split.held_out = first(bytes, bytes.size());
  split.train = read_cifar10(batches);
  split.source = grouped(split.train.size()) + " + " +
                 grouped(split.held_out.size()) +
                 " pictures of CIFAR-10 from " + folder.string();
  if (!tested)
    split.source += " (no test_batch.bin, so batch 5 is held out)";
  if (has_file(folder, "batches.meta.txt"))
    split.names = read_class_names(folder / "batches.meta.txt", 10);
  else
    split.names = {"airplane", "automobile", "bird",  "cat",  "deer",
                   "dog",      "frog",       "horse", "ship", "truck"};
  return split;
}

FolderKind folder_kind(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    refuse(folder.string(), "expected a folder of data, found none");
  if (is_cifar10(folder)) return FolderKind::cifar10;
  for (const char* prefix : {"train", "t10k"})
    for (const char* part :
         {"images-idx3", "labels-idx1", "images.idx3", "labels.idx1"})
      if (has_file(folder, std::string(prefix) + "-" + part + "-ubyte"))
        return FolderKind::mnist;
  std::error_code ignored;
  if (fs::exists(folder / "data_batch_1", ignored))
    refuse(folder.string(),
           "expected CIFAR-10's binary version, data_batch_1.bin and so "
           "on, found the one for Python");
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error))
    if (it->path().filename().string().front() != '.' &&
        fs::is_directory(it->path(), ignored))
      return FolderKind::class_folders;
  refuse(folder.string(),
         error ? error.message()
               : "expected MNIST's four files, CIFAR-10's data_batch_1.bin "
                 "to data_batch_5.bin or a folder of pictures for each "
                 "class, found none of them");
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
