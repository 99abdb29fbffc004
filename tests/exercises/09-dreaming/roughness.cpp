// Exercise 3.
#include "roughness.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(roughness) {
  using namespace cnn;
  const auto gradient = [&](const Tensor<double>& image,
                            const Tensor<double>& expected) {
    check.equal("image " + text_of(image), expected,
                [&] { return roughness_gradient(image); });
  };
  gradient(Tensor<double>({1, 2}, {1, 4}), Tensor<double>({1, 2}, {-6, 6}));
  gradient(Tensor<double>({2, 1}, {5, 3}), Tensor<double>({2, 1}, {4, -4}));
  gradient(Tensor<double>({1, 3}, {0, 1, 0}),
           Tensor<double>({1, 3}, {-2, 4, -2}));
  gradient(Tensor<double>({3, 3}, {0, 0, 0,  //
                                   0, 1, 0,  //
                                   0, 0, 0}),
           Tensor<double>({3, 3}, {0, -2, 0,   //
                                   -2, 8, -2,  //
                                   0, -2, 0}));
  gradient(Tensor<double>({2, 3}, {1, 2, 4,  //
                                   0, 3, 9}),
           Tensor<double>({2, 3}, {0, -4, -6,  //
                                   -8, -4, 22}));
  gradient(Tensor<double>({1, 1}, 7), Tensor<double>({1, 1}, 0));
}
