// Labelled pictures in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/data/class_names.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Images (N, C, H, W), grey levels from 0 to 1, and a label for each image,
// from 0 to classes - 1.
//
// A large set keeps the bytes of its file instead, 0 to 255, which take a
// quarter of the memory: `bytes` is then (N, C, H, W) and `images`
// (0, C, H, W). Code that reads `images` alone sees no image; subset(),
// first(), last() and pixels_of() return grey levels either way.
struct Dataset {
  Tensor<> images;
  std::vector<int> labels;
  int classes = 10;
  Tensor<std::uint8_t> bytes = {};

  int size() const { return static_cast<int>(labels.size()); }
  bool keeps_bytes() const { return bytes.size() > 0; }
  const Shape& shape() const {
    return keeps_bytes() ? bytes.shape() : images.shape();
  }
};

// The C H W grey levels of image n. If the set keeps bytes, they are
// written into `room`, which must have space for them, and the result is a
// view of it; otherwise the result is a view of the image itself.
// Throws std::out_of_range if there is no image n.
std::span<const float> pixels_of(const Dataset& data, int n,
                                 std::span<float> room);

// Throws std::invalid_argument unless the set has classes, one label for
// each image, and each label is a class; `where` begins the sentence.
void require_dataset(const Dataset& data, const std::string& where);

// Throws std::invalid_argument if the set has no image of this number;
// `where` begins the sentence.
void require_image(const Dataset& data, int image,
                   const std::string& where);

// What a program learns from, and what it is judged by.
struct Split {
  Dataset train;
  Dataset held_out;
  std::string source;     // one line for the reader: which data these are
  ClassNames names = {};  // of the classes; empty for digits
};

// Some images of a data set, in the given order, as grey levels.
// Throws std::out_of_range for an index that is not in the data set, and
// std::invalid_argument unless the set has one label for each image.
Dataset subset(const Dataset& data, std::span<const int> indices);

// The index of the first image with this label; nothing if there is none.
std::optional<int> first_index_of(std::span<const int> labels, int label);
// The indices of all of them, in ascending order.
std::vector<int> indices_of(std::span<const int> labels, int label);

// The first or last `count` images as grey levels; all if there are fewer.
Dataset first(const Dataset& data, int count);
Dataset last(const Dataset& data, int count);

// Throws std::runtime_error if a wanted class has no picture (with `wanted`
// empty, any class), or if there are several pictures and all are the same;
// `name` begins the sentence. Also throws like require_dataset().
void require_classes(const Dataset& data, const std::string& name,
                     std::span<const int> wanted = {});

// Whether the labels are those of Fashion-MNIST, whose files have the same
// names as MNIST's: each class has 6,000 training pictures and 1,000
// held-out ones, which is not so in MNIST.
bool is_fashion_mnist(const Split& split);

// The digits that come with the book, all 10,000 in the order of their
// file, shuffled once in a way that no option changes: 8,000 to learn from
// and 2,000 held out. Throws std::runtime_error unless there are 10,000.
Split split_digits(const Dataset& all);

}  // namespace cnn
