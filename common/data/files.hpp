// Data sets on disk. All throw std::runtime_error that names the file, what
// was expected and what was found.
#pragma once

#include <cstddef>
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

// Bytes (N, 3, 32, 32) from files of CIFAR-10's binary version, one after
// another.
Dataset read_cifar10(const std::vector<std::filesystem::path>& batches);

// The names of so many classes, a line each.
ClassNames read_class_names(const std::filesystem::path& path,
                            std::size_t classes);

// The digits that come with the book, as split_digits() mixes them.
Split embedded_digits();

// The colour pictures that come with the book, land seen from above: 4,000
// to learn from and 1,000 held out, mixed, images (N, 3, 32, 32); and what
// their ten classes are called.
Split embedded_land();
ClassNames land_names();

// Full MNIST (or a set in the same files, such as Fashion-MNIST) from a
// folder with train-images-idx3-ubyte, train-labels-idx1-ubyte,
// t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or the same names with
// a dot before "idx": 60,000 to learn from, 10,000 held out. Throws
// std::runtime_error if the folder or a file is missing, or if the images
// are not grey 28 x 28 (as when the folder holds CIFAR-10).
Split mnist_from(const std::filesystem::path& folder);

// CIFAR-10's binary version from a folder with data_batch_1.bin to
// data_batch_5.bin. With test_batch.bin all five are there to learn from,
// 50,000 pictures, and its 10,000 are held out; without it the fifth is
// held out. What is learned from stays bytes, what is held out is images
// (N, 3, 32, 32). The names are those of batches.meta.txt, if it is there.
Split cifar10_from(const std::filesystem::path& folder);

// What a folder of data holds, by the names of what lies in it: MNIST's
// files (or Fashion-MNIST's), CIFAR-10's, or a folder for each class.
// Throws std::runtime_error if it is none of them.
enum class FolderKind { mnist, cifar10, class_folders };
FolderKind folder_kind(const std::filesystem::path& folder);

// The set that a program for grey digits works on: `folder` if one was
// given, else the embedded digits. What the programs tell is about ten
// digits, so it throws std::runtime_error if one of them is in no training
// picture or in no held-out one, or if all pictures are alike.
Split load_digits(const std::optional<std::filesystem::path>& folder);

}  // namespace cnn
