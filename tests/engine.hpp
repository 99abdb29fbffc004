// What the tests of chapter 07's engine draw and try.
#pragma once

#include <string>
#include <vector>

#include "07-speed/kernels.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

template <class T = float>
cnn::Tensor<T> normal_numbers(const cnn::Shape& shape,
                              cnn::Random& random) {
  cnn::Tensor<T> numbers(shape);
  for (T& number : numbers.data()) number = static_cast<T>(random.normal());
  return numbers;
}

inline int from_to(int low, int high, cnn::Random& random) {
  return low + random.below(high - low + 1);
}

// Those that this CPU runs.
inline std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const cnn::Kernels* kernels : cnn::all_kernels())
    if (kernels->runs()) names.push_back(kernels->name);
  return names;
}
