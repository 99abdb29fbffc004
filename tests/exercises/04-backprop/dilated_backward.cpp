// Exercise 6.
#include "dilated_backward.hpp"

#include "04-backprop/gradient_check.hpp"
#include "tests/exercises/check.hpp"

namespace {

using Exact = cnn::Tensor<double>;

Exact forward(const Exact& image, const Exact& kernel, int dilation) {
  const int K = kernel.extent(0), lost = (K - 1) * dilation;
  Exact output({image.extent(0) - lost, image.extent(1) - lost});
  for (int y = 0; y < output.extent(0); ++y)
    for (int x = 0; x < output.extent(1); ++x)
      for (int ky = 0; ky < K; ++ky)
        for (int kx = 0; kx < K; ++kx)
          output(y, x) +=
              kernel(ky, kx) * image(y + ky * dilation, x + kx * dilation);
  return output;
}

// Small whole numbers, none like its neighbours.
Exact numbers(const cnn::Shape& shape, int from) {
  Exact result(shape);
  int i = from;
  for (double& number : result.data()) number = (7 * i++) % 11 - 5;
  return result;
}

}  // namespace

EXERCISE(dilated_backward) {
  using namespace cnn;
  const auto backward = [&](const Shape& shape, int K, int dilation) {
    const Exact image = numbers(shape, 0), kernel = numbers({K, K}, 3);
    const Exact grad_output =
        numbers(forward(image, kernel, dilation).shape(), 5);
    const std::string input = "grad_output " + text_of(grad_output) +
                              ", image " + text_of(image) + ", kernel " +
                              text_of(kernel) + ", dilation " +
                              std::to_string(dilation);
    check.equal("dilated_backward_image: " + input,
                numerical_gradient(
                    [&](const Exact& at) {
                      return probed(forward(at, kernel, dilation),
                                    grad_output);
                    },
                    image),
                [&] {
                  return dilated_backward_image(grad_output, kernel, shape,
                                                dilation);
                });
    check.equal(
        "dilated_backward_kernel: " + input,
        numerical_gradient(
            [&](const Exact& at) {
              return probed(forward(image, at, dilation), grad_output);
            },
            kernel),
        [&] {
          return dilated_backward_kernel(grad_output, image, K, dilation);
        });
  };
  backward({3, 3}, 2, 1);
  backward({4, 5}, 2, 2);
  backward({7, 6}, 3, 2);
  backward({5, 4}, 1, 3);
}
