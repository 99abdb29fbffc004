// Strides and places written out, as one would work them out by hand.
// Book: book/01-tensor.md
#pragma once

#include <string>
#include <vector>

#include "common/tensor/tensor.hpp"

namespace cnn {

// "1 x 60 + 0 x 20 + 1 x 5 + 2 x 1": each index times its stride. The sum
// is a place in memory.
inline std::string as_sum(const std::vector<int>& index,
                          const std::vector<int>& strides) {
  std::string sum;
  for (std::size_t axis = 0; axis < index.size(); ++axis)
    sum += (axis == 0 ? "" : " + ") + std::to_string(index[axis]) + " x " +
           std::to_string(strides[axis]);
  return sum;
}

// "x: 1    y: 1 x 5 = 5    ...": last axis first, each stride is the stride
// times the extent of the axis after it. names: a letter for each axis
inline std::string as_products(const std::string& names,
                               const Shape& shape) {
  const std::vector<int> strides = row_major_strides(shape);
  std::string text;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    const bool last = axis + 1 == shape.size();
    text += (last ? "" : "    ") + std::string(1, names[axis]) + ": ";
    if (!last)
      text += std::to_string(strides[axis + 1]) + " x " +
              std::to_string(shape[axis + 1]) + " = ";
    text += std::to_string(strides[axis]);
  }
  return text;
}

}  // namespace cnn
