// Labelled pictures: the embedded digits, and readers for the files of
// MNIST (IDX format) and CIFAR-10 (its binary version).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/tensor.hpp"

namespace cnn {

// images (N, C, H, W), grey levels from 0 to 1; one label per image, from 0
// to classes - 1.
struct Dataset {
  Tensor<> images;
  std::vector<int> labels;
  int classes = 10;

  int size() const { return static_cast<int>(labels.size()); }
};

// Throws std::invalid_argument unless the set has one label for each image,
// and each label is a class; `where` begins the sentence.
void require_dataset(const Dataset& data, const std::string& where);

// What a program learns from, and what it is judged by.
struct Split {
  Dataset train;
  Dataset held_out;
  std::string source;  // one line for the reader: which data these are
};

// The contents of one IDX file of unsigned bytes: MNIST's format.
// extents {N, H, W} for images, {N} for labels.
struct IdxFile {
  std::vector<int> extents;
  std::vector<std::uint8_t> bytes;
};

// Reads an IDX file's bytes; `name` stands in the error messages.
// Throws std::runtime_error that names the file, what was expected and what
// was found, if the magic number, the number of axes, an extent or the
// length of the file is wrong.
IdxFile parse_idx(std::span<const std::uint8_t> file,
                  const std::string& name);

// The same from a file on disk. Throws std::runtime_error also if it cannot
// be read.
IdxFile read_idx(const std::filesystem::path& path);

// Grey images and their labels from a pair of IDX files, images (N, 1, H,
// W). Throws std::runtime_error if the two do not belong together or a
// label is not a digit.
Dataset read_mnist(const std::filesystem::path& images,
                   const std::filesystem::path& labels);

// CIFAR-10's binary version: records of one label byte and 3 x 32 x 32
// bytes (red, green, blue planes). images (N, 3, 32, 32). Throws
// std::runtime_error for an empty file, a length that is no whole number of
// records, or a label above 9.
Dataset parse_cifar10(std::span<const std::uint8_t> file,
                      const std::string& name);
Dataset read_cifar10(const std::vector<std::filesystem::path>& batches);

// Some images of a data set, in the given order.
// Throws std::out_of_range for an index that is not in the data set, and
// std::invalid_argument if the set has not one label for each image.
Dataset subset(const Dataset& data, std::span<const int> indices);

// The first `count` images (all of them if there are fewer).
Dataset first(const Dataset& data, int count);

// The digits that come with the book: 8,000 to learn from and 2,000 held
// out, mixed once by a fixed shuffle that no option changes.
Split embedded_digits();

// Full MNIST (or a set in the same files, such as Fashion-MNIST) from a
// folder with train-images-idx3-ubyte, train-labels-idx1-ubyte,
// t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or the same names with
// a dot before "idx": 60,000 to learn from, 10,000 held out. Throws
// std::runtime_error if the folder or a file is missing, or if the images
// are not grey 28 x 28 (as when the folder holds CIFAR-10).
Split mnist_from(const std::filesystem::path& folder);

// Throws std::runtime_error unless the pictures differ from one another and
// there is one of each of the wanted classes (if none are named, of each
// class); `name` begins the sentence.
void require_classes(const Dataset& data, const std::string& name,
                     std::span<const int> wanted = {});

// The set that a program for grey digits works on: `folder` if one was
// given, else the embedded digits. What the programs tell is about ten
// digits, so it throws std::runtime_error if one of them is in no training
// picture or in no held-out one, or if all pictures are alike.
Split load_digits(const std::optional<std::filesystem::path>& folder);

}  // namespace cnn
