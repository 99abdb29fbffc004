// A convolution small enough to follow by hand, whose output, input and
// weight take turns in receiving the product of the other two.
// Book: book/04-backprop.md
#pragma once

#include <string>

#include "02-convolution/pictures.hpp"
#include "04-backprop/backprop.hpp"
#include "04-backprop/layer_checks.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A 3x3 input and a 2x2 kernel: four windows, four output cells.
struct SmallConvolution {
  Doubles input = Doubles({1, 1, 3, 3}, {1, 0, 2, 0, 1, 1, 2, 1, 0});
  Doubles weight = Doubles({1, 1, 2, 2}, {1, 2, 3, 4});
  Doubles bias = Doubles({1});
  Doubles grad_output = Doubles({1, 1, 2, 2}, {1, 2, -1, 3});

  Doubles grad_input() const {
    return convolve_backward_input(grad_output, weight, input.shape());
  }
};

// grad_input if only output cell (y, x) had a gradient and the others 0.
inline Doubles scattered(const SmallConvolution& it, int y, int x) {
  Doubles one_cell(it.grad_output.shape());
  one_cell(0, 0, y, x) = it.grad_output(0, 0, y, x);
  return convolve_backward_input(one_cell, it.weight, it.input.shape());
}

// ---- One loop nest, three roles ----------------------------------------

// The three tensors whose numbers meet in one product.
enum class Place { output, input, weight };
inline constexpr Place all_places[] = {Place::output, Place::input,
                                       Place::weight};

// Multiplies two of the three and adds the product to the third, in the
// same loops whichever that is.
// output (H_out, W_out)  weight (K, K)  input (H, W) -> the receiver, of
// which only the shape is read
inline Doubles exchange_roles(Place receiver, Doubles output,
                              Doubles weight, Doubles input) {
  Doubles& received = receiver == Place::output  ? output
                      : receiver == Place::input ? input
                                                 : weight;
  for (double& number : received.data()) number = 0;
  for (int y = 0; y < output.extent(0); ++y)
    for (int x = 0; x < output.extent(1); ++x)
      for (int ky = 0; ky < weight.extent(0); ++ky)
        for (int kx = 0; kx < weight.extent(1); ++kx) {
          double &o = output(y, x), &w = weight(ky, kx);
          double& i = input(y + ky, x + kx);
          switch (receiver) {
            case Place::output:
              o += w * i;
              break;
            case Place::input:
              i += o * w;
              break;
            case Place::weight:
              w += o * i;
              break;
          }
        }
  return received;
}

// Do those loops give what convolve() and its backward passes give?
inline bool roles_agree(const SmallConvolution& it) {
  const Doubles output = plane(convolve(it.input, it.weight, it.bias));
  const Doubles grad_weight = plane(
      convolve_backward_parameters(it.grad_output, it.input, 2).weight);
  const Doubles grad = plane(it.grad_output), weight = plane(it.weight);
  const Doubles input = plane(it.input);
  return exchange_roles(Place::output, grad, weight, input) == output &&
         exchange_roles(Place::input, grad, weight, input) ==
             plane(it.grad_input()) &&
         exchange_roles(Place::weight, grad, weight, input) == grad_weight;
}

// The statement in those loops, in the letters of the equations.
inline std::string role_text(Place receiver) {
  const std::string weight = "weight(ky, kx)";
  const std::string input = "input(y + ky, x + kx)";
  const std::string output = "output(y, x)";
  const std::string grad_times = "grad_" + output + " * ";
  std::string left = output, product = weight + " * " + input;
  if (receiver == Place::input) {
    left = "grad_" + input;
    product = grad_times + weight;
  } else if (receiver == Place::weight) {
    left = "grad_" + weight;
    product = grad_times + input;
  }
  left.resize(("grad_" + input).size(), ' ');
  return left + " += " + product;
}

}  // namespace cnn
