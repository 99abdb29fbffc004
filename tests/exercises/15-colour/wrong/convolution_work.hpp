// The mistake that a reader is most likely to make.
#pragma once

namespace cnn {

// Counts the places after the pools.
inline double convolution_work(int a, int b, int c) {
  const double A = a, B = b, C = c;
  const double white = 31 * 31 * (24 * 3 * 4);
  return white + 9 * (15 * 15 * A * (24 + A) + 7 * 7 * B * (A + B) +
                      3 * 3 * C * (B + C));
}

}  // namespace cnn
