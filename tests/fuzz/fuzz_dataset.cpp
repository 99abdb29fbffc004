// Feeds the readers of data files whatever bytes libFuzzer thinks of. Each
// input must be refused with a std::runtime_error or give data that is
// consistent in itself and with the input; any other exception, a bad
// memory access or an undefined operation is a find.
//
// The first byte of an input selects the reader: even for IDX, odd for
// CIFAR-10. The rest is the file.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <stdexcept>

#include "common/data/formats.hpp"

namespace {

using Bytes = std::span<const std::uint8_t>;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz-dataset: does not hold: %s\n", what);
  std::abort();
}

void try_idx(Bytes file) {
  const cnn::IdxFile idx = cnn::parse_idx(file, "input");
  const std::size_t axes = idx.extents.size();
  require(axes >= 1 && axes <= 4, "1 to 4 axes");
  std::size_t count = 1;
  for (const int extent : idx.extents) {
    require(extent >= 1, "extents of 1 or more");
    count *= static_cast<std::size_t>(extent);
  }
  require(idx.bytes.size() == count, "as many bytes as the extents say");
  require(file.size() == 4 + 4 * axes + count, "the file used up");
  require(std::equal(idx.bytes.begin(), idx.bytes.end(),
                     file.end() - static_cast<std::ptrdiff_t>(count)),
          "the bytes are those of the file");
}

void try_cifar10(Bytes file) {
  const cnn::Dataset data = cnn::parse_cifar10(file, "input");
  require(data.size() >= 1, "one image or more");
  require(data.images.shape() == cnn::Shape{data.size(), 3, 32, 32},
          "shape (N, 3, 32, 32) for N labels");
  require(data.labels.size() * 3073 == file.size(), "the file used up");
  for (const int label : data.labels) {
    require(label >= 0 && label < data.classes, "labels from 0 to 9");
  }
  for (const float pixel : data.images.data()) {
    require(pixel >= 0.0f && pixel <= 1.0f, "pixels from 0 to 1");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const Bytes file = Bytes(data, size).subspan(1);
  try {
    if (data[0] % 2 == 0) {
      try_idx(file);
    } else {
      try_cifar10(file);
    }
  } catch (const std::runtime_error&) {
    // Refused, as bad files should be.
  }
  return 0;
}
