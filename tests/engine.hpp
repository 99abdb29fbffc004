// What the tests of chapter 07's engine share: random tensors, random lists
// of layers, and the instruction sets that this CPU runs.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/kernels.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"
#include "tests/from_to.hpp"

template <class T = float>
cnn::Tensor<T> normal_numbers(const cnn::Shape& shape,
                              cnn::Random& random) {
  cnn::Tensor<T> numbers(shape);
  for (T& number : numbers.data()) number = static_cast<T>(random.normal());
  return numbers;
}

// A random layer for an input of the shape (1, ...), often a pool. A window
// may turn out not to fit: see list_that_fits().
inline cnn::Architecture::value_type random_layer(const cnn::Shape& input,
                                                  cnn::Random& random) {
  using namespace cnn;
  const bool flat = input.size() == 2;
  switch (random.below(flat ? 3 : 6)) {
    case 0:
      return Relu{};
    case 1:
      return Flatten{};
    case 2:
      break;
    case 3: {
      const int channels = from_to(1, 11, random);
      if (random.below(2) > 0)  // one that Winograd's tiles can compute
        return Convolution{channels, 3, 1, random.below(2)};
      return Convolution{channels, from_to(1, 5, random),
                         from_to(1, 3, random), from_to(0, 3, random)};
    }
    default: {
      const int window = from_to(1, 4, random);
      const Pooling pooling{window, from_to(1, 4, random),
                            random.below(window / 2 + 1)};
      if (random.below(3) > 0) return MaxPool{pooling};
      return AveragePool{pooling};
    }
  }
  if (flat) return Dense{from_to(1, 21, random)};
  return Convolution{from_to(1, 20, random), from_to(1, 3, random)};
}

// A list of `count` entries that fits the image (C, H, W). draw(shape)
// chooses each for its input's shape (1, ...), and again if the choice does
// not fit.
template <class Draw>
auto list_that_fits(const cnn::Shape& image, int count, const Draw& draw) {
  using namespace cnn;
  std::vector<std::invoke_result_t<Draw, const Shape&>> entries;
  const Tensor<> blank({1, image[0], image[1], image[2]});
  Shape shape = blank.shape();
  while (static_cast<int>(entries.size()) < count) {
    entries.push_back(draw(shape));
    try {
      Network<> network = build_network(entries, image);
      shape = network.forward(blank, Mode::evaluation).shape();
    } catch (const std::invalid_argument&) {
      entries.pop_back();  // a window did not fit: try another
    }
  }
  return entries;
}

// A random legal list of one to seven entries.
inline cnn::Architecture random_layers(const cnn::Shape& image,
                                       cnn::Random& random) {
  return list_that_fits(
      image, from_to(1, 7, random),
      [&](const cnn::Shape& shape) { return random_layer(shape, random); });
}

// The kernels that this CPU can run, and the names of their instruction
// sets.
inline std::vector<const cnn::Kernels*> runnable_kernels() {
  std::vector<const cnn::Kernels*> kernels = cnn::all_kernels();
  std::erase_if(kernels, [](const auto* it) { return !it->runs(); });
  return kernels;
}
inline std::vector<std::string> runnable_sets() {
  std::vector<std::string> names;
  for (const cnn::Kernels* kernels : runnable_kernels())
    names.push_back(kernels->name);
  return names;
}
