// Parses the files of MNIST (IDX format) and CIFAR-10 (its binary version),
// given as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/data/dataset.hpp"

namespace cnn {

// The contents of one IDX file of unsigned bytes: MNIST's format.
// extents {N, H, W} for images, {N} for labels.
struct IdxFile {
  std::vector<int> extents;
  std::vector<std::uint8_t> bytes;
};

// Parses an IDX file; `name` is the file's in error messages. Throws
// std::runtime_error that names the file, what was expected and what was
// found, if the magic number, the number of axes, an extent or the length
// of the file is wrong.
IdxFile parse_idx(std::span<const std::uint8_t> file,
                  const std::string& name);

// Grey images (N, 1, H, W) and their labels from a pair of such files; the
// names are used in error messages. Throws std::runtime_error if the two do
// not belong together or a label is not a digit.
Dataset mnist_set(const IdxFile& images, const std::string& image_name,
                  const IdxFile& labels, const std::string& label_name);

// Cuts a sheet of pictures of `side` x `side` pixels apart, row by row, one
// for each label; places after the last label are ignored. sheet (3, H, W)
// -> images (N, 3, side, side). Throws std::runtime_error if the labels do
// not have one axis, `side` does not divide H and W, there are fewer places
// than labels, or a label is above 9.
Dataset sheet_set(const Tensor<>& sheet, const std::string& sheet_name,
                  const IdxFile& labels, const std::string& label_name,
                  int side);

// CIFAR-10's binary version: records of one label byte and 3 x 32 x 32
// bytes (red, green, blue planes). -> bytes (N, 3, 32, 32). Throws
// std::runtime_error for an empty file, an incomplete record, or a label
// above 9.
Dataset parse_cifar10(std::span<const std::uint8_t> file,
                      const std::string& name);

}  // namespace cnn
