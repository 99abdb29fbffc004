// One way to solve exercises/convolution_work.hpp.
#pragma once

namespace cnn {

inline double convolution_work(int a, int b, int c) {
  const double A = a, B = b, C = c;
  const double white = 31 * 31 * (24 * 3 * 4);
  return white + 9 * (31 * 31 * 24 * A + 15 * 15 * A * (A + B) +
                      7 * 7 * B * (B + C) + 3 * 3 * C * C);
}

}  // namespace cnn
