// Reads data sets from disk. If that fails, a function throws
// std::runtime_error that names the file, what was expected and what was
// found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/data/formats.hpp"

namespace cnn {

// The bytes of a regular file that has at most `most` of them.
std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path,
                                     std::uintmax_t most);

// Reads one IDX file.
IdxFile read_idx(const std::filesystem::path& path);

// Grey images (N, 1, H, W) and their labels from a pair of IDX files.
Dataset read_mnist(const std::filesystem::path& images,
                   const std::filesystem::path& labels);

// The pictures of one or more files of CIFAR-10's binary version, in the
// given order, kept as bytes (N, 3, 32, 32).
Dataset read_cifar10(const std::vector<std::filesystem::path>& batches);

// The names of `classes` classes, one on each line of the file.
ClassNames read_class_names(const std::filesystem::path& path,
                            std::size_t classes);

// The digits that come with the book, as split_digits() splits them.
Split embedded_digits();

// The colour pictures that come with the book, land seen from above: 4,000
// to learn from and 1,000 held out, already shuffled, images
// (N, 3, 32, 32). land_names() returns the names of their ten classes.
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
// data_batch_5.bin. If it also has test_batch.bin, all five batches
// (50,000 pictures) are `train` and its 10,000 pictures `held_out`;
// otherwise the fifth batch is `held_out`. `train` keeps bytes, `held_out`
// has images (N, 3, 32, 32). The names come from batches.meta.txt if it is
// there; otherwise they are the usual ones.
Split cifar10_from(const std::filesystem::path& folder);

// What a folder of data holds, judged by the names of its files and
// folders: MNIST's files (or Fashion-MNIST's), CIFAR-10's, or a folder for
// each class. Throws std::runtime_error if it is none of them.
enum class FolderKind { mnist, cifar10, class_folders };
FolderKind folder_kind(const std::filesystem::path& folder);

// The data of a program for grey digits: from `folder` if one is given,
// else the embedded digits. The programs talk about ten digits, so it
// throws std::runtime_error if one of them has no training or no held-out
// picture, or if all pictures of either part are the same.
Split load_digits(const std::optional<std::filesystem::path>& folder);

}  // namespace cnn
