// Exercise 4.
#include "convolve_in_tiles.hpp"

#include "tests/exercises/07-speed/numbers.hpp"
#include "tests/exercises/check.hpp"

namespace {

// A number that counts how often a weight is read. Several products in a
// row with the same weight count as one read.
struct Counted {
  Counted(float number = 0) : value(number) {}
  Counted(const Counted& other) : value(other.value) { look_at(other); }
  Counted& operator=(const Counted& other) {
    look_at(other);
    value = other.value;
    return *this;
  }

  friend Counted operator*(const Counted& a, const Counted& b) {
    look_at(a);
    look_at(b);
    return a.value * b.value;
  }
  friend Counted operator+(const Counted& a, const Counted& b) {
    return a.value + b.value;
  }
  friend Counted& operator+=(Counted& a, const Counted& b) {
    return a = a + b;
  }

  static void look_at(const Counted& number) {
    for (const Counted& weight : weights)
      if (&weight == &number && latest != &number) {
        ++reads;
        latest = &number;
      }
  }

  float value;
  static inline std::span<const Counted> weights;
  static inline const Counted* latest = nullptr;
  static inline int reads = 0;
};

}  // namespace

EXERCISE(convolve_in_tiles) {
  using namespace cnn;
  const auto tile = [&](const Shape& shape, int C_out, int K, int stride,
                        int padding) {
    const Tensor<> input = numbers(shape, 0);
    const Tensor<> weight = numbers({C_out, shape[1], K, K}, 3);
    const Tensor<> bias = numbers({C_out}, 5);
    check.equal(
        "input " + text_of(input) + ", weight " + text_of(weight) +
            ", bias " + text_of(bias) + ", stride " +
            std::to_string(stride) + ", padding " + std::to_string(padding),
        convolve(input, weight, bias, stride, padding), [&] {
          return convolve_in_tiles(input, weight, bias, stride, padding);
        });
  };
  tile({1, 1, 2, 5}, 1, 2, 1, 0);
  tile({1, 1, 2, 6}, 1, 2, 1, 0);
  for (const int W_out : {1, 3, 4, 5, 8, 11})
    for (const int stride : {1, 2})
      for (const int padding : {0, 1}) {
        const int K = 3, W = (W_out - 1) * stride + K - 2 * padding;
        tile({2, 2, 5, W}, 3, K, stride, padding);
      }
  tile({1, 2, 6, 8}, 2, 2, 2, 0);
  tile({2, 3, 3, 6}, 2, 1, 1, 0);
  // Tenths are rounded, and a sum in another order is rounded otherwise.
  const Tensor<> input = numbers({1, 3, 5, 8}, 0, 0.1f);
  const Tensor<> weight = numbers({2, 3, 3, 3}, 3, 0.1f);
  const Tensor<> bias = numbers({2}, 5, 0.1f);
  const std::string same = "the bits of convolve()";
  check.equal("input (1, 3, 5, 8) and weight (2, 3, 3, 3) of tenths", same,
              [&] {
                return convolve_in_tiles(input, weight, bias) ==
                               convolve(input, weight, bias)
                           ? same
                           : "sums in another order";
              });
  // Rows of 11 outputs: two tiles of four, and three columns one by one.
  const int enough = 2 * 4 * 3 * 9 * (2 + 3);
  const std::string few =
      "weights read " + std::to_string(enough) + " times or fewer";
  check.equal("input (1, 3, 6, 13), weight (2, 3, 3, 3)", few, [&] {
    const Tensor<Counted> counted({2, 3, 3, 3});
    Counted::weights = counted.data();
    Counted::reads = 0;
    convolve_in_tiles(Tensor<Counted>({1, 3, 6, 13}), counted,
                      Tensor<Counted>({2}));
    Counted::weights = {};
    return Counted::reads <= enough
               ? few
               : "weights read " + std::to_string(Counted::reads) +
                     " times";
  });
}
