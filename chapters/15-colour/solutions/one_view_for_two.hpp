// One way to solve exercises/one_view_for_two.hpp.
#pragma once

namespace cnn {

inline int one_view_for_two(int first, int second) {
  const int mirrors = first & 3;
  // An exchange of rows and columns makes a mirroring of left and right one
  // of top and bottom, and the other way round.
  const int seen =
      (second & 4) != 0 ? ((mirrors & 1) << 1) | (mirrors >> 1) : mirrors;
  return ((first ^ second) & 4) | (seen ^ (second & 3));
}

}  // namespace cnn
