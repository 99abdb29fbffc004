// One way to solve exercises/plain_rate.hpp.
#pragma once

namespace cnn {

inline double plain_rate(double rate, double momentum) {
  // In the long run v = momentum v + g, so v = g / (1 - momentum).
  return rate / (1 - momentum);
}

}  // namespace cnn
