// The mistake that a reader is most likely to make.
#pragma once

namespace cnn {

// Correct only if `second` does not exchange rows and columns, or `first`
// mirrors both ways or neither.
inline int one_view_for_two(int first, int second) {
  return first ^ second;
}

}  // namespace cnn
