// The mistake that a reader is most likely to make.
#pragma once

namespace cnn {

// What is added is taken for what adds up: the first two steps of it.
inline double plain_rate(double rate, double momentum) {
  return rate * (1 + momentum);
}

}  // namespace cnn
