// Step 6: what sharing weights saves.
// Book: book/02-convolution.md
#pragma once

#include <string>

#include "02-convolution/convolution.hpp"
#include "02-convolution/pictures.hpp"
#include "02-convolution/steps_letters.hpp"
#include "02-convolution/windows.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// digit (H, W) -> 8 maps of its size, through windows of 3 x 3
inline SharingPrices prices_for(const Tensor<>& digit) {
  return compute_prices(8, digit.extent(0), digit.extent(1), 3);
}

inline void show(const SharingPrices& it, const Tensor<>& digit) {
  const Tensor<> shared({it.maps, 1, it.K, it.K});
  const Tensor<> own({it.outputs(), 1, it.H, it.W});
  const auto shape_from = [&](const Tensor<>& weight, int padding) {
    return to_string(convolve(as_batch(digit), weight,
                              Tensor<>({weight.extent(0)}), 1, padding)
                         .shape());
  };
  const std::string maps = shape_from(shared, 1);
  const auto row = [](const std::string& name, std::int64_t a,
                      std::int64_t b, std::int64_t c) {
    return std::vector<std::string>{name, grouped(a), grouped(b),
                                    grouped(c)};
  };
  print_table(
      {{"", "3x3 shared", "3x3 not shared", "28x28 not shared"},
       {"weight", to_string(shared.shape()),
        format("%d x (1, 3, 3)", it.outputs()), to_string(own.shape())},
       {"output", maps, maps, shape_from(own, 0)},
       row("weights", it.shared.weights, it.unshared.weights,
           it.dense.weights),
       row("biases", it.shared.biases, it.unshared.biases, it.dense.biases),
       row("numbers to learn", it.shared.learned(), it.unshared.learned(),
           it.dense.learned()),
       row("multiply-adds", it.shared.multiply_adds,
           it.unshared.multiply_adds, it.dense.multiply_adds)});
}

inline void what_sharing_saves(const Tensor<>& digit) {
  step("What sharing weights saves");
  const SharingPrices it = prices_for(digit);
  const std::string outputs = grouped(it.outputs());
  const int window = it.K * it.K;
  say(
      format("A digit %s goes in, %s numbers come out. There are three "
             "ways: %d maps of %d x %d from a %dx%d convolution with "
             "padding 1; the same windows, but different weights at each "
             "place; or every output looks at every input with weights of "
             "its own. The last is also a convolution, with a window as "
             "large as the picture and a kernel for each output.",
             to_string(as_batch(digit).shape()).c_str(), outputs.c_str(),
             it.maps, it.H, it.W, it.K, it.K));
  print("\n");
  show(it, digit);
  print("\n");
  say(
      format("Weights: %d kernels x %d, against %d for each of %s outputs, "
             "against %d for each. Multiply-adds (a product, added to a "
             "sum): %s outputs x %d, against %s x %d. A small window saves "
             "work and weights, each by a factor of %.1f. Sharing saves "
             "only weights, by a further factor of %s. In all, the "
             "convolution has %s times fewer numbers to learn.",
             it.maps, window, window, outputs.c_str(), it.inputs(),
             outputs.c_str(), window, outputs.c_str(), it.inputs(),
             it.saved_by_window(), grouped(it.saved_by_sharing()).c_str(),
             grouped(it.saved_in_all()).c_str()));
}

}  // namespace cnn
