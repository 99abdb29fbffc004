// What fewer products cost: additions, and exact digits.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "06-training/initializer.hpp"
#include "07-speed/differences.hpp"
#include "07-speed/minimal_filter.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// ---- Operations, counted -----------------------------------------------

struct Operations {
  long long products = 0;   // of two numbers that are not constants
  long long constants = 0;  // products with a constant
  long long additions = 0;
};

// A number that counts the operations on it. A constant in the code becomes
// one, too. Multiplying by 0, 1 or -1, or adding 0, costs nothing.
struct CountingNumber {
  CountingNumber(double constant = 0) : value(constant) {}
  static CountingNumber variable(double value) {
    CountingNumber number(value);
    number.is_constant = false;
    return number;
  }
  bool is_zero() const { return is_constant && value == 0; }
  bool is_free() const {
    return is_constant && (value == 0 || std::abs(value) == 1);
  }

  friend CountingNumber operator*(const CountingNumber& a,
                                  const CountingNumber& b) {
    if (a.is_zero() || b.is_zero()) return 0.0;
    if (!a.is_free() && !b.is_free())
      ++(a.is_constant || b.is_constant ? done.constants : done.products);
    return variable(a.value * b.value);
  }
  friend CountingNumber operator+(const CountingNumber& a,
                                  const CountingNumber& b) {
    if (a.is_zero()) return b;
    if (b.is_zero()) return a;
    ++done.additions;
    return variable(a.value + b.value);
  }
  friend CountingNumber operator-(const CountingNumber& a,
                                  const CountingNumber& b) {
    return a + -1.0 * b;
  }
  friend CountingNumber operator/(const CountingNumber& a,
                                  double constant) {
    return a * (1 / constant);
  }
  CountingNumber& operator+=(const CountingNumber& other) {
    return *this = *this + other;
  }

  double value;
  bool is_constant = true;
  static inline Operations done;
};

// How many operations `compute` does with such numbers.
template <class Compute>
Operations count_operations(const Compute& compute) {
  CountingNumber::done = {};
  compute();
  return CountingNumber::done;
}

// Numbers that are not constants. All are equal: only operations matter.
inline Tensor<CountingNumber> variables(const Shape& shape) {
  return Tensor<CountingNumber>(shape, CountingNumber::variable(2));
}

// ---- Direct, and by larger and larger tiles ----------------------------

// convolve() with a stride of 1 and no padding, or tiles in its place.
// (convolve() has one long sum over all channels and taps.)
struct WayToConvolve {
  std::string name;
  MinimalFilter by = {};  // empty: the direct way

  bool direct() const { return by.m == 0; }

  template <class T>
  Tensor<T> operator()(const Tensor<T>& input, const Tensor<T>& weight,
                       const Tensor<T>& bias) const {
    return direct()
               ? convolve(input, weight, bias)
               : convolve_with_fewer_products(input, weight, bias, 0, by);
  }
};

inline std::vector<WayToConvolve> ways_to_convolve() {
  return {{"one long sum", {}},
          {"nine short sums", filter_1_3()},
          {"F(2 x 2, 3 x 3)", filter_2_3()},
          {"F(4 x 4, 3 x 3)", filter_4_3()},
          {"F(6 x 6, 3 x 3)", filter_6_3()}};
}

// Per output and channel of the input: n n / (m m), or 9 if direct.
inline double products_per_output(const WayToConvolve& way) {
  if (way.direct()) return 9;
  const double along_one_axis = static_cast<double>(way.by.n()) / way.by.m;
  return along_one_axis * along_one_axis;
}

// Rows and columns of the outputs compared: whole tiles of 2, 4 and 6.
inline constexpr int compared_size = 12;

// For one image and `channels` maps in and out. What is done with the
// weights alone is left out: it is done once for all images.
inline Operations compute_operations(const WayToConvolve& way,
                                     int channels) {
  const int size = compared_size + 2;
  const auto input = variables({1, channels, size, size});
  const auto weight = variables({channels, channels, 3, 3});
  const auto bias = variables({channels});
  if (way.direct())
    return count_operations([&] { convolve(input, weight, bias); });
  auto kernels = transformed_weights(way.by, weight);
  return count_operations(
      [&] { convolve_transformed(way.by, input, kernels, bias, 0); });
}

// The largest error of each way in float, as a share of the largest output,
// over layers with seeds 1, 2, ...: normal inputs, He's weights.
inline std::vector<double> compute_errors(
    const std::vector<WayToConvolve>& ways, int channels, int seeds) {
  std::vector<double> worst(ways.size());
  const int size = compared_size + 2;
  for (int seed = 1; seed <= seeds; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Tensor<> input({1, channels, size, size}), bias({channels});
    Parameter<> kernels{
        "weight", Tensor<>({channels, channels, 3, 3}), {}, channels * 9};
    for (float& number : input.data()) number = random.normal();
    he_initializer()(kernels, random);
    const Tensor<double> exact =
        convolve(convert<double>(input), convert<double>(kernels.value),
                 convert<double>(bias));
    for (std::size_t way = 0; way < ways.size(); ++way)
      worst[way] = std::max(
          worst[way],
          relative_error(ways[way](input, kernels.value, bias), exact));
  }
  return worst;
}

}  // namespace cnn
