// The mistake that a reader is most likely to make.
#pragma once

namespace cnn {

// Counts the paths with exactly that many branches, not with at most that.
inline double few_paths(int blocks, int most) {
  double paths = 1;
  for (int k = 0; k < most; ++k) paths = paths * (blocks - k) / (k + 1);
  return paths;
}

}  // namespace cnn
