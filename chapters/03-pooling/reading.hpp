// Can a digit that has moved still be read once it is pooled? Chapter 01's
// nearest neighbour tries.
// Book: book/03-pooling.md
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "01-tensor/permuted_digits.hpp"
#include "02-convolution/pictures.hpp"
#include "03-pooling/pooling.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// What is done to pictures before they are compared.
struct Preparation {
  std::string name;
  Pooling pooling;
  bool mean = false;  // true: average-pool; false: max-pool

  // images (N, C, H, W)
  Tensor<> of(const Tensor<>& images) const {
    return mean ? average_pool(images, pooling) : max_pool(images, pooling);
  }
};

// With a window of one cell, pooling only picks every cell, every 2nd or
// 4th.
inline std::vector<Preparation> preparations() {
  return {{"none", {.window = 1, .stride = 1}},
          {"max 2", {.window = 2, .stride = 2}},
          {"max 2, stride 1", {.window = 2, .stride = 1}},
          {"max 4", {.window = 4, .stride = 4}},
          {"mean 2", {.window = 2, .stride = 2}, true},
          {"mean 4", {.window = 4, .stride = 4}, true},
          {"every 2nd cell", {.window = 1, .stride = 2}},
          {"every 4th cell", {.window = 1, .stride = 4}}};
}

// The share of the asked digits that are read right under one preparation,
// for each shift.
struct ReadingOf {
  std::string name;
  std::vector<double> right;
};

struct ReadingStudy {
  int asked = 0, known = 0;
  std::vector<int> shifts;  // of the asked digits to the right, in pixels
  std::vector<ReadingOf> of_each;

  const std::vector<double>& at(const std::string& name) const {
    for (const ReadingOf& it : of_each)
      if (it.name == name) return it.right;
    fail(Refusal::argument, "ReadingStudy: no preparation " + name);
  }
  // After the longest shift, are more digits read with windows of 2 than
  // without, with the maximum as with the mean?
  bool windows_of_2_help() const {
    const double none = at("none").back();
    return at("max 2").back() > none && at("mean 2").back() > none;
  }
  // Where nothing has moved, is more lost with the larger windows of the
  // maximum, and more still with every 4th cell?
  bool detail_is_lost() const {
    return at("max 4").front() < at("max 2").front() &&
           at("every 4th cell").front() < at("max 4").front();
  }
};

// Moves the asked digits but not the known ones, prepares both alike, and
// reads the former by their nearest neighbours among the latter. Calls
// after_each with the number of preparations that are done.
inline ReadingStudy study_reading(
    const Dataset& asked, const Dataset& known,
    const std::vector<int>& shifts,
    const std::function<void(int)>& after_each = {}) {
  ReadingStudy study{asked.size(), known.size(), shifts, {}};
  for (const Preparation& preparation : preparations()) {
    const Tensor<> among = preparation.of(known.images);
    ReadingOf reading{preparation.name, {}};
    for (const int right : shifts) {
      const Tensor<> images =
          preparation.of(shifted(asked.images, 0, right));
      reading.right.push_back(nearest_accuracy(
          asked, known, nearest_neighbours(images, among)));
    }
    study.of_each.push_back(reading);
    if (after_each) after_each(static_cast<int>(study.of_each.size()));
  }
  return study;
}

}  // namespace cnn
