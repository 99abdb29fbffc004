// The ladder: the same training step, computed in one way after the other.
// Book: book/07-speed.md
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "06-training/layer.hpp"
#include "06-training/network.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/im2col.hpp"
#include "07-speed/reordered.hpp"

namespace cnn {

// ---- Chapter 06's network with other loops -----------------------------

struct ConvolutionFunctions {
  Tensor<> (*forward)(const Tensor<>& input, const Tensor<>& weight,
                      const Tensor<>& bias, int stride, int padding);
  Tensor<> (*backward_input)(const Tensor<>& grad_output,
                             const Tensor<>& weight,
                             const Shape& input_shape, int stride,
                             int padding);
  ParameterGradients<float> (*backward_parameters)(
      const Tensor<>& grad_output, const Tensor<>& input, int K, int stride,
      int padding);
};

inline const ConvolutionFunctions plain_functions = {
    convolve<float>, convolve_backward_input<float>,
    convolve_backward_parameters<float>};
inline const ConvolutionFunctions reordered_functions = {
    convolve_reordered<float>, convolve_reordered_backward_input<float>,
    convolve_reordered_backward_parameters<float>};
inline const ConvolutionFunctions im2col_functions = {
    convolve_im2col<float>, convolve_im2col_backward_input<float>,
    convolve_im2col_backward_parameters<float>};

// Chapter 06's layer with the functions of a rung in place of its own.
class ConvolutionLayerWith : public ConvolutionLayer<> {
 public:
  ConvolutionLayerWith(const ConvolutionFunctions& functions, int C_in,
                       const Convolution& it)
      : ConvolutionLayer(C_in, it.channels, it.kernel, it.stride,
                         it.padding),
        functions_(functions),
        it_(it),
        weight_(*parameters()[0]),
        bias_(*parameters()[1]) {}

  Tensor<> forward(const Tensor<>& input, Mode) override {
    input_ = input;
    return functions_.forward(input, weight_.value, bias_.value, it_.stride,
                              it_.padding);
  }
  Tensor<> backward(const Tensor<>& grad_output,
                    bool want_grad_input) override {
    auto grads = functions_.backward_parameters(
        grad_output, input_, it_.kernel, it_.stride, it_.padding);
    weight_.gradient = std::move(grads.weight);
    bias_.gradient = std::move(grads.bias);
    if (!want_grad_input) return {};
    return functions_.backward_input(grad_output, weight_.value,
                                     input_.shape(), it_.stride,
                                     it_.padding);
  }

 private:
  const ConvolutionFunctions& functions_;
  Convolution it_;
  Parameter<>&weight_, &bias_;
  Tensor<> input_;
};

// A convolution of an architecture, with the functions of a rung.
struct ConvolutionWith {
  Convolution it;
  const ConvolutionFunctions* functions;
};
inline std::string kind(const ConvolutionWith& with) {
  return kind(with.it);
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const ConvolutionWith& with,
                                     const Shape& input) {
  return std::make_unique<ConvolutionLayerWith>(*with.functions, input[1],
                                                with.it);
}

inline Network<> network_with(const ConvolutionFunctions& functions,
                              const Architecture& architecture,
                              const Shape& image) {
  std::vector<std::variant<ConvolutionWith, Relu, MaxPool, AveragePool,
                           Flatten, Dense>>
      entries;
  for (const auto& entry : architecture)
    std::visit(
        [&](const auto& it) {
          if constexpr (std::is_same_v<std::decay_t<decltype(it)>,
                                       Convolution>)
            entries.push_back(ConvolutionWith{it, &functions});
          else
            entries.push_back(it);
        },
        entry);
  return build_network(entries, image);
}

// ---- The rungs ---------------------------------------------------------

struct Rung {
  std::string name;
  std::string isa;  // the instruction set that its inner loops use
  std::unique_ptr<Layer<>> network;
  FastNetwork* fast = nullptr;  // the same network, if it is fast
  int threads = 1;
};

// The rungs of one network. All are compared with the first.
struct Ladder {
  std::string network;  // its name: A
  Architecture architecture;
  Shape image;
  std::string first;  // a short name of the first rung
  std::vector<Rung> rungs = {};

  // Adds a rung that is compiled, like all but the kernels, for any CPU.
  void slow(const std::string& name,
            const ConvolutionFunctions& functions) {
    rungs.push_back({name, all_kernels().front()->name,
                     std::make_unique<Network<>>(
                         network_with(functions, architecture, image))});
  }
  void fast(const std::string& name, const FastOptions& options) {
    auto fast = std::make_unique<FastNetwork>(architecture, image, options);
    FastNetwork* it = fast.get();
    rungs.push_back(
        {name, it->kernels().name, std::move(fast), it, options.threads});
  }
  void threads(const FastOptions& options) {
    if (options.threads > 1)
      fast("+ " + std::to_string(options.threads) + " threads", options);
  }
};

// All rungs from the plain loops up, with direct sums.
inline Ladder long_ladder(const std::string& name,
                          const Architecture& architecture,
                          const Shape& image, const std::string& isa,
                          int threads) {
  Ladder ladder{name, architecture, image, "plain"};
  ladder.slow("plain loops", plain_functions);
  ladder.slow("x innermost", reordered_functions);
  ladder.slow("im2col", im2col_functions);
  ladder.fast("lanes", {1, isa, false, false});
  ladder.fast("+ register tile", {1, isa, true, false, no_winograd});
  ladder.fast("+ fused", {1, isa, true, true, no_winograd});
  ladder.threads({threads, isa, true, true, no_winograd});
  return ladder;
}

// The last rungs alone, for a network with kernels of 3 x 3.
inline Ladder short_ladder(const std::string& name,
                           const Architecture& architecture,
                           const Shape& image, const std::string& isa,
                           int threads) {
  Ladder ladder{name, architecture, image, "direct"};
  ladder.fast("direct sums",
              {.threads = 1, .isa = isa, .winograd_from = no_winograd});
  ladder.fast("fewer products", {1, isa});
  ladder.threads({threads, isa});
  return ladder;
}

}  // namespace cnn
