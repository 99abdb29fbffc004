// How much a picture changes when what it shows moves a little.
#pragma once

#include <algorithm>
#include <cmath>

#include "common/tensor.hpp"

namespace cnn {

// Everything one cell to the right; zeros come in at the left.
// images (N, C, H, W) -> the same shape
template <class T>
Tensor<T> shifted_right(const Tensor<T>& images) {
  require_rank(images.shape(), 4, "shifted_right", "images");
  Tensor<T> shifted(images.shape());
  for (int n = 0; n < images.extent(0); ++n)
    for (int c = 0; c < images.extent(1); ++c)
      for (int y = 0; y < images.extent(2); ++y)
        for (int x = 1; x < images.extent(3); ++x)
          shifted(n, c, y, x) = images(n, c, y, x - 1);
  return shifted;
}

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

// A cell that changed by more than 0.1 is inked in one of the two, so
// `changed` counts inked cells alone.
// Throws std::invalid_argument if the shapes differ.
inline Change compare(const Tensor<>& before, const Tensor<>& after) {
  require_shape(after.shape(), before.shape(), "compare", "after");
  const float ink = 0.1f;
  Change change;
  change.cells = before.size();
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < before.data().size(); ++i) {
    const float a = before.data()[i], b = after.data()[i];
    if (std::max(a, b) > ink) ++change.inked;
    if (std::abs(b - a) > ink) ++change.changed;
    difference += static_cast<double>((b - a) * (b - a));
    size += static_cast<double>(a * a);
  }
  change.relative_l2 = size > 0 ? std::sqrt(difference / size) : 0.0;
  return change;
}

}  // namespace cnn
