// The mistake that a reader is most likely to make.
#pragma once

namespace cnn {

// Right only where rows and columns stay what they are.
inline int one_view_for_two(int first, int second) {
  return first ^ second;
}

}  // namespace cnn
