// The mistake that a reader is most likely to make.
#pragma once

#include <array>

namespace cnn {

// Gives the last product the sign that it has in the chapter's filter.
template <class T>
std::array<T, 3> three_outputs(const std::array<T, 4>& d,
                               const std::array<T, 2>& g) {
  const T left = (d[0] - d[2]) * g[0];
  const T sum = (d[1] + d[2]) * ((g[0] + g[1]) / 2);
  const T difference = (d[2] - d[1]) * ((g[0] - g[1]) / 2);
  const T right = (d[1] - d[3]) * g[1];
  return {left + sum + difference, sum - difference,
          sum + difference + right};
}

}  // namespace cnn
