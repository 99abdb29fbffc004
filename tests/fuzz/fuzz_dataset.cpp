// Feeds the readers of data files whatever bytes libFuzzer thinks of. Each
// input must be refused with a std::runtime_error or give data that is
// consistent in itself and with the input; any other exception, a bad
// memory access or an undefined operation is a bug.
//
// The first byte of an input selects the reader, by its remainder after
// division by 4: 0 or 2 for IDX, 1 for CIFAR-10, 3 for the names of two
// classes. The rest of the input is the file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>

#include "common/data/class_names.hpp"
#include "common/data/formats.hpp"
#include "common/tensor/utf8.hpp"

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
  require(data.bytes.shape() == cnn::Shape{data.size(), 3, 32, 32},
          "shape (N, 3, 32, 32) for N labels");
  require(data.labels.size() * 3073 == file.size(), "the file used up");
  for (const int label : data.labels) {
    require(label >= 0 && label < data.classes, "labels from 0 to 9");
  }
  for (int n = 0; n < data.size(); ++n) {
    const auto bytes = cnn::row_of(data.bytes, n);
    require(std::equal(bytes.begin(), bytes.end(),
                       file.begin() + 3073 * std::ptrdiff_t{n} + 1),
            "the bytes are those of the file");
  }
  const cnn::Dataset levels = cnn::first(data, data.size());
  for (const float pixel : levels.images.data()) {
    require(pixel >= 0.0f && pixel <= 1.0f, "pixels from 0 to 1");
  }
}

void try_names(Bytes file) {
  const std::string text(file.begin(), file.end());
  const auto read = cnn::parse_class_names(text, 2);
  if (const auto* broken = std::get_if<cnn::Broken>(&read)) {
    // It may quote a name, but only one that can be shown.
    require(cnn::printable(broken->rule) == broken->rule,
            "a refusal of one line");
    return;
  }
  const auto& names = std::get<cnn::ClassNames>(read);
  require(names.size() == 2 && names[0] != names[1], "two names");
  for (const std::string& name : names) {
    require(cnn::is_class_name(name), "names that can be shown");
    require(cnn::printable(name) == name, "and are, as they are");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const Bytes file = Bytes(data, size).subspan(1);
  try {
    if (data[0] % 2 == 0)
      try_idx(file);
    else if (data[0] % 4 == 1)
      try_cifar10(file);
    else
      try_names(file);
  } catch (const std::runtime_error&) {
    // Refused, as bad files should be.
  }
  return 0;
}
