// Exercise 3.
#include "multiply_adds.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(multiply_adds) {
  using namespace cnn;
  const auto count = [&](const std::string& what,
                         const Architecture& layers, const Shape& image,
                         long long expected) {
    check.equal(
        what + "; image " + to_string(image), std::to_string(expected),
        [&] { return std::to_string(multiply_adds(layers, image)); });
  };
  count("flatten, dense with 10 outputs", {Flatten{}, Dense{.outputs = 10}},
        {1, 28, 28}, 10 * 784);
  count("flatten, dense with 20 outputs, ReLU, dense with 10 outputs",
        {Flatten{}, Dense{.outputs = 20}, Relu{}, Dense{.outputs = 10}},
        {1, 28, 28}, 20 * 784 + 10 * 20);
  count("convolution with 1 channel and kernel 3", {Convolution{}},
        {1, 6, 6}, 4 * 4 * 9);
  count("convolution with 5 channels and kernel 3",
        {Convolution{.channels = 5}}, {3, 6, 10}, 5 * 4 * 8 * 3 * 9);
  count("digit_network", digit_network, {1, 28, 28},
        156800 + 320000 + 4000);
  count(
      "convolution with 4 channels, kernel 3, stride 2 and padding 1, "
      "ReLU, maximum with window 3, stride 1 and padding 1, convolution "
      "with 2 channels, kernel 3 and stride 2, flatten, dense with 3 "
      "outputs",
      {Convolution{.channels = 4, .stride = 2, .padding = 1}, Relu{},
       MaxPool{{.window = 3, .stride = 1, .padding = 1}},
       Convolution{.channels = 2, .stride = 2}, Flatten{},
       Dense{.outputs = 3}},
      {1, 9, 9}, 4 * 5 * 5 * 9 + 2 * 2 * 2 * 4 * 9 + 3 * 8);
  count(
      "convolution with 5 channels and kernel 3, mean with window 2 and "
      "stride 2, flatten, dense with 7 outputs",
      {Convolution{.channels = 5}, AveragePool{}, Flatten{},
       Dense{.outputs = 7}},
      {3, 6, 10}, 5 * 4 * 8 * 3 * 9 + 7 * 5 * 2 * 4);
  count("convolution with 128 channels, kernel 3 and padding 1",
        {Convolution{.channels = 128, .padding = 1}}, {64, 256, 256},
        4831838208);
}
