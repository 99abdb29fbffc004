// Data sets on disk. All throw std::runtime_error that names the file, what
// was expected and what was found.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/data/formats.hpp"

namespace cnn {

// All bytes of a plain file that has at most `most` of them.
std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path,
                                     std::uintmax_t most);

// One IDX file.
IdxFile read_idx(const std::filesystem::path& path);

// Grey images (N, 1, H, W) and their labels from a pair of IDX files.
Dataset read_mnist(const std::filesystem::path& images,
                   const std::filesystem::path& labels);

// Images (N, 3, 32, 32) from files of CIFAR-10's binary version, one after
// another.
Dataset read_cifar10(const std::vector<std::filesystem::path>& batches);

// The digits that come with the book, as split_digits() mixes them.
Split embedded_digits();

// Full MNIST (or a set in the same files, such as Fashion-MNIST) from a
// folder with train-images-idx3-ubyte, train-labels-idx1-ubyte,
// t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or the same names with
// a dot before "idx": 60,000 to learn from, 10,000 held out. Throws
// std::runtime_error if the folder or a file is missing, or if the images
// are not grey 28 x 28 (as when the folder holds CIFAR-10).
Split mnist_from(const std::filesystem::path& folder);

// The set that a program for grey digits works on: `folder` if one was
// given, else the embedded digits. What the programs tell is about ten
// digits, so it throws std::runtime_error if one of them is in no training
// picture or in no held-out one, or if all pictures are alike.
Split load_digits(const std::optional<std::filesystem::path>& folder);

}  // namespace cnn
