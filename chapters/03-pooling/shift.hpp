// How much a picture changes when what it shows moves a little.
// Book: book/03-pooling.md
#pragma once

#include <algorithm>
#include <cmath>

#include "02-convolution/pictures.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// What a comparison of two batches of pictures finds, cell by cell.
struct Change {
  int cells = 0;             // in each of the two
  int inked = 0;             // above 0.1 in either picture
  int changed = 0;           // that differ by more than 0.1
  double relative_l2 = 0.0;  // |after - before| / |before|

  double share_of_inked() const { return ratio(changed, inked); }
  double share_of_all() const { return ratio(changed, cells); }
  double share_inked() const { return ratio(inked, cells); }

 private:
  static double ratio(int part, int whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / whole;
  }
};

// Compares two tensors of numbers that are 0 or more. A cell that changed
// by more than 0.1 is then inked in one of the two, so `changed` counts
// inked cells alone. A NaN in either never counts as changed, but makes
// relative_l2 a NaN; ink where all was blank makes it infinite.
// Throws std::invalid_argument if the shapes differ.
inline Change compare(const Tensor<>& before, const Tensor<>& after) {
  require_shape(after.shape(), before.shape(), "compare", "after");
  const float ink = 0.1f;
  Change change;
  change.cells = before.size();
  double difference = 0, size = 0;  // squared lengths
  for (std::size_t i = 0; i < before.data().size(); ++i) {
    const float a = before.data()[i], b = after.data()[i];
    if (std::max(a, b) > ink) ++change.inked;
    if (std::abs(b - a) > ink) ++change.changed;
    difference += static_cast<double>((b - a) * (b - a));
    size += static_cast<double>(a * a);
  }
  if (difference != 0) change.relative_l2 = std::sqrt(difference / size);
  return change;
}

// The mean of share_of_inked() over the pictures of a batch, each compared
// on its own: a thin 1 counts as much as a fat 8, whereas compare() over
// the whole batch counts cells. A blank picture has a share of 0.
// before, after (N, ...), N of 1 or more
// Throws std::invalid_argument if the shapes differ or hold no picture.
inline double mean_share_of_inked(const Tensor<>& before,
                                  const Tensor<>& after) {
  require_shape(after.shape(), before.shape(), "mean_share_of_inked",
                "after");
  if (before.size() == 0)
    fail(Refusal::argument,
         "mean_share_of_inked: expected one picture or more, got shape " +
             to_string(before.shape()));
  const int N = before.extent(0);
  double sum = 0;
  for (int n = 0; n < N; ++n)
    sum += compare(item(before, n), item(after, n)).share_of_inked();
  return sum / N;
}

}  // namespace cnn
