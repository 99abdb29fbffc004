// A layer: the free functions of the earlier chapters behind one interface.
// A layer remembers what its backward pass will need.
// Book: book/06-training.md
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "03-pooling/pooling.hpp"
#include "04-backprop/backprop.hpp"
#include "04-backprop/dense.hpp"

namespace cnn {

// A tensor that training changes, and how the loss changes with it.
template <class T = float>
struct Parameter {
  std::string name;  // "weight" in its layer, "conv1.weight" outside
  Tensor<T> value;
  Tensor<T> gradient;   // of the same shape, from the last backward()
  int fan_in = 0;       // inputs that each output sums over; 0 for a bias
  T start = 0;          // the first value of each number if fan_in is 0
  bool trained = true;  // false: kept and saved, but no step changes it
};

// Whether the network is learning or answering. So far our layers do the
// same in both cases, but a layer that acts only in training has to know,
// and one that draws random numbers has to know for which step.
struct Mode {
  bool learns = false;
  int step = 0;

  static const Mode training, evaluation;
  friend bool operator==(const Mode&, const Mode&) = default;
};
inline constexpr Mode Mode::training{true, 0}, Mode::evaluation{};

template <class T = float>
class Layer {
 public:
  virtual ~Layer() = default;

  // input (N, ...) -> output (N, ...)
  virtual Tensor<T> forward(const Tensor<T>& input, Mode mode) = 0;

  // grad_output: how the loss changes with the output of the last
  // forward(). Fills in the gradient of every parameter and returns how the
  // loss changes with the input. If want_grad_input is false, a layer may
  // save itself that last part and return an empty tensor.
  virtual Tensor<T> backward(const Tensor<T>& grad_output,
                             bool want_grad_input = true) = 0;

  virtual std::vector<Parameter<T>*> parameters() { return {}; }
};

// The layer's parameters that a step may change.
template <class T>
std::vector<Parameter<T>*> trained_parameters(Layer<T>& layer) {
  std::vector<Parameter<T>*> all = layer.parameters();
  std::erase_if(all, [](const auto* it) { return !it->trained; });
  return all;
}

// weight (C_out, C_in, K, K)  bias (C_out)
template <class T = float>
class ConvolutionLayer : public Layer<T> {
 public:
  ConvolutionLayer(int C_in, int C_out, int K, int stride, int padding)
      : weight_{"weight", Tensor<T>({C_out, C_in, K, K}),
                Tensor<T>({C_out, C_in, K, K}), C_in * K * K},
        bias_{"bias", Tensor<T>({C_out}), Tensor<T>({C_out})},
        stride_(stride),
        padding_(padding) {}

  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    input_ = input;
    return convolve(input, weight_.value, bias_.value, stride_, padding_);
  }

  Tensor<T> backward(const Tensor<T>& grad_output,
                     bool want_grad_input) override {
    ParameterGradients<T> grads = convolve_backward_parameters(
        grad_output, input_, weight_.value.extent(2), stride_, padding_);
    weight_.gradient = std::move(grads.weight);
    bias_.gradient = std::move(grads.bias);
    if (!want_grad_input) return {};
    return convolve_backward_input(grad_output, weight_.value,
                                   input_.shape(), stride_, padding_);
  }

  std::vector<Parameter<T>*> parameters() override {
    return {&weight_, &bias_};
  }

 private:
  Parameter<T> weight_, bias_;
  int stride_, padding_;
  Tensor<T> input_;
};

// weight (F_out, F_in)  bias (F_out)
template <class T = float>
class DenseLayer : public Layer<T> {
 public:
  DenseLayer(int F_in, int F_out)
      : weight_{"weight", Tensor<T>({F_out, F_in}),
                Tensor<T>({F_out, F_in}), F_in},
        bias_{"bias", Tensor<T>({F_out}), Tensor<T>({F_out})} {}

  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    input_ = input;
    return dense(input, weight_.value, bias_.value);
  }

  Tensor<T> backward(const Tensor<T>& grad_output,
                     bool want_grad_input) override {
    ParameterGradients<T> grads =
        dense_backward_parameters(grad_output, input_);
    weight_.gradient = std::move(grads.weight);
    bias_.gradient = std::move(grads.bias);
    if (!want_grad_input) return {};
    return dense_backward_input(grad_output, weight_.value);
  }

  std::vector<Parameter<T>*> parameters() override {
    return {&weight_, &bias_};
  }

 private:
  Parameter<T> weight_, bias_;
  Tensor<T> input_;
};

template <class T = float>
class ReluLayer : public Layer<T> {
 public:
  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    input_ = input;
    return relu(input);
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    return relu_backward(grad_output, input_);
  }

 private:
  Tensor<T> input_;
};

template <class T = float>
class MaxPoolLayer : public Layer<T> {
 public:
  explicit MaxPoolLayer(const Pooling& pooling) : pooling_(pooling) {}

  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    input_ = input;
    return max_pool(input, pooling_);
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    return max_pool_backward(grad_output, input_, pooling_);
  }

 private:
  Pooling pooling_;
  Tensor<T> input_;
};

template <class T = float>
class AveragePoolLayer : public Layer<T> {
 public:
  explicit AveragePoolLayer(const Pooling& pooling) : pooling_(pooling) {}

  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    input_shape_ = input.shape();
    return average_pool(input, pooling_);
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    return average_pool_backward(grad_output, input_shape_, pooling_);
  }

 private:
  Pooling pooling_;
  Shape input_shape_;
};

// (N, C, H, W) -> (N, C H W): chapter 01's reshape; backward() undoes it.
template <class T = float>
class FlattenLayer : public Layer<T> {
 public:
  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    input_shape_ = input.shape();
    const Shape image(input.shape().begin() + 1, input.shape().end());
    return input.reshaped({input.extent(0), element_count(image)});
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    return grad_output.reshaped(input_shape_);
  }

 private:
  Shape input_shape_;
};

}  // namespace cnn
