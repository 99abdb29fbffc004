// The mistake that a reader is most likely to make.
#pragma once

namespace cnn {

// Adds up the velocity's first two steps only, instead of all of them.
inline double plain_rate(double rate, double momentum) {
  return rate * (1 + momentum);
}

}  // namespace cnn
