#include "common/data/files.hpp"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = std::numeric_limits<int>::max();

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  fail(Refusal::runtime, name + ": " + what);
}

// Throws unless there is a plain file of at most so many bytes; how many.
std::uintmax_t require_file(const fs::path& path, std::uintmax_t most) {
  const std::string name = path.string();
  std::error_code trouble;
  const fs::file_status status = fs::status(path, trouble);
  if (!fs::exists(status)) {
    fs::path zipped = path;
    zipped += ".gz";
    if (fs::exists(zipped, trouble)) {
      refuse(name, "expected a file, found only " +
                       zipped.filename().string() + ": gunzip it first");
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
    refuse(name, "expected at most " + std::to_string(most) +
                     " bytes, found " + std::to_string(size) + " bytes");
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
  std::vector<float> pixels;
  for (const fs::path& path : batches) {
    const Dataset batch =
        parse_cifar10(read_bytes(path, most_bytes), path.string());
    const auto numbers = batch.images.data();
    pixels.insert(pixels.end(), numbers.begin(), numbers.end());
    data.labels.insert(data.labels.end(), batch.labels.begin(),
                       batch.labels.end());
  }
  data.images = Tensor<>({data.size(), 3, 32, 32}, std::move(pixels));
  return data;
}

namespace {

// MNIST's two files, of images that this book's networks take.
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
  refuse(usual.string(), trouble
                             ? trouble.message()
                             : "expected a file, found neither it nor " +
                                   dotted.filename().string());
}

}  // namespace

Split embedded_digits() {
  const fs::path folder = fs::path(CNN_SOURCE_FOLDER) / "common" / "data";
  return split_digits(read_digits(folder / "digits-images-idx3-ubyte",
                                  folder / "digits-labels-idx1-ubyte"));
}

Split mnist_from(const fs::path& folder) {
  std::error_code trouble;
  if (!fs::is_directory(folder, trouble)) {
    refuse(folder.string(), "expected a folder with MNIST's four files");
  }
  if (fs::exists(folder / "data_batch_1.bin", trouble)) {
    refuse(
        folder.string(),
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

Split load_digits(const std::optional<fs::path>& folder) {
  if (!folder) return embedded_digits();
  Split split = mnist_from(*folder);
  require_classes(split.train, folder->string() + " (training pictures)");
  require_classes(split.held_out,
                  folder->string() + " (held-out pictures)");
  return split;
}

}  // namespace cnn
