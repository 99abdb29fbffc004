// Exercise 5.
#include "convolve_relu_max_pool.hpp"

#include <compare>
#include <limits>

#include "04-backprop/dense.hpp"
#include "tests/exercises/07-speed/numbers.hpp"
#include "tests/exercises/check.hpp"

namespace {

// A number that counts how many of its kind are alive.
struct Living {
  Living(float number = 0) : value(number) { be_born(); }
  Living(const Living& other) : value(other.value) { be_born(); }
  Living& operator=(const Living&) = default;
  ~Living() { --alive; }

  friend Living operator*(const Living& a, const Living& b) {
    return a.value * b.value;
  }
  friend Living operator+(const Living& a, const Living& b) {
    return a.value + b.value;
  }
  friend Living& operator+=(Living& a, const Living& b) {
    return a = a + b;
  }
  [[maybe_unused]] friend Living operator-(const Living& a) {
    return -a.value;
  }
  friend auto operator<=>(const Living& a, const Living& b) {
    return a.value <=> b.value;
  }
  [[maybe_unused]] friend bool operator==(const Living& a,
                                          const Living& b) {
    return a.value == b.value;
  }

  static void be_born() { most = std::max(most, ++alive); }

  float value;
  static inline int alive = 0, most = 0;
};

// As text_of(), but with one word for every NaN, which makes them equal.
std::string words_of(const cnn::Tensor<>& tensor) {
  std::string words = cnn::to_string(tensor.shape()) + ":";
  for (const float number : tensor.data())
    words += " " + (std::isnan(number)
                        ? "NaN"
                        : cnn::text_of(static_cast<double>(number)));
  return words;
}

cnn::Tensor<> one_by_one(const cnn::Tensor<>& input,
                         const cnn::Tensor<>& weight,
                         const cnn::Tensor<>& bias, int padding,
                         int window) {
  return max_pool(relu(convolve(input, weight, bias, 1, padding)),
                  {window, window, 0});
}

}  // namespace

EXERCISE(convolve_relu_max_pool) {
  using namespace cnn;
  const auto fuse = [&](const Shape& shape, int C_out, int K, int padding,
                        int window) {
    const Tensor<> input = numbers(shape, 0);
    const Tensor<> weight = numbers({C_out, shape[1], K, K}, 3);
    const Tensor<> bias = numbers({C_out}, 5);
    check.equal("input " + text_of(input) + ", weight " + text_of(weight) +
                    ", bias " + text_of(bias) + ", padding " +
                    std::to_string(padding) + ", window " +
                    std::to_string(window),
                one_by_one(input, weight, bias, padding, window), [&] {
                  return convolve_relu_max_pool(input, weight, bias,
                                                padding, window);
                });
  };
  fuse({1, 1, 4, 4}, 1, 1, 0, 2);
  fuse({1, 1, 5, 5}, 1, 2, 0, 2);
  fuse({1, 1, 5, 7}, 1, 1, 0, 2);  // a row and a column are left over
  fuse({1, 2, 6, 8}, 3, 3, 1, 2);
  fuse({2, 2, 7, 9}, 2, 3, 0, 2);
  fuse({2, 3, 8, 7}, 2, 3, 1, 3);
  fuse({1, 1, 6, 5}, 2, 5, 2, 4);
  fuse({1, 2, 3, 4}, 2, 2, 1, 1);
  const Tensor<> one({1, 1, 1, 1}, 1), none({1});
  for (const int place : {0, 5, 6}) {
    Tensor<> input = numbers({1, 1, 4, 4}, 0);
    input.data()[static_cast<std::size_t>(place)] =
        std::numeric_limits<float>::quiet_NaN();
    check.equal(
        "input " + words_of(input) +
            ", weight (1, 1, 1, 1): 1, bias (1): 0, padding 0, "
            "window 2",
        words_of(one_by_one(input, one, none, 0, 2)), [&] {
          return words_of(convolve_relu_max_pool(input, one, none, 0, 2));
        });
  }
  // The padded input, the output, two rows of the map and a few numbers;
  // the map itself would be 8 x 16 x 16.
  const int enough = 18 * 18 + 8 * 8 * 8 + 2 * 16 + 32;
  const std::string few =
      std::to_string(enough) + " numbers at a time or fewer";
  check.equal(
      "input (1, 1, 16, 16), weight (8, 1, 3, 3), padding 1, window 2", few,
      [&] {
        const Tensor<Living> input({1, 1, 16, 16}), weight({8, 1, 3, 3});
        const Tensor<Living> bias({8});
        const int before = Living::alive;
        Living::most = before;
        convolve_relu_max_pool(input, weight, bias, 1, 2);
        const int most = Living::most - before;
        return most <= enough ? few
                              : std::to_string(most) + " numbers at a time";
      });
}
