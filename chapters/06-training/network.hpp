// A network: layers in a row, built from a plain list of what they are.
// Book: book/06-training.md
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "06-training/layer.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Layers in a row. A network is a layer itself, so networks can be parts of
// networks.
template <class T = float>
class Network : public Layer<T> {
 public:
  // Appends a layer, whose parameters become "name.weight", "name.bias".
  void add(const std::string& name, std::unique_ptr<Layer<T>> layer) {
    for (Parameter<T>* parameter : layer->parameters())
      parameter->name = name + "." + parameter->name;
    names_.push_back(name);
    layers_.push_back(std::move(layer));
  }

  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    Tensor<T> signal = input;
    for (const auto& layer : layers_) signal = layer->forward(signal, mode);
    return signal;
  }

  // The chain rule: from the last layer to the first, each turns how the
  // loss changes with its output into how it changes with its input.
  Tensor<T> backward(const Tensor<T>& grad_output,
                     bool want_grad_input = true) override {
    Tensor<T> gradient = grad_output;
    for (std::size_t i = layers_.size(); i-- > 0;)
      gradient = layers_[i]->backward(gradient, i > 0 || want_grad_input);
    return gradient;
  }

  std::vector<Parameter<T>*> parameters() override {
    std::vector<Parameter<T>*> all;
    for (const auto& layer : layers_)
      for (Parameter<T>* parameter : layer->parameters())
        all.push_back(parameter);
    return all;
  }

  std::size_t size() const { return layers_.size(); }
  // name() and layer() throw std::invalid_argument if there is no layer i.
  const std::string& name(std::size_t i) const {
    require_layer(i);
    return names_[i];
  }
  Layer<T>& layer(std::size_t i) {
    require_layer(i);
    return *layers_[i];
  }

 private:
  void require_layer(std::size_t i) const {
    if (i >= size())
      fail(Refusal::argument, "Network: no layer " + std::to_string(i) +
                                  " among " + std::to_string(size()));
  }

  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Layer<T>>> layers_;
};

// ---- The architecture: what a network is made of, as plain data --------

struct Convolution {
  int channels = 1;  // C_out
  int kernel = 3;    // K
  int stride = 1;
  int padding = 0;
};
struct Relu {};
struct MaxPool {
  Pooling pooling;
};
struct AveragePool {
  Pooling pooling;
};
struct Flatten {};
struct Dense {
  int outputs = 1;  // F_out
};

using Architecture = std::vector<
    std::variant<Convolution, Relu, MaxPool, AveragePool, Flatten, Dense>>;

// The network that this chapter trains.
inline const Architecture digit_network = {
    Convolution{.channels = 8, .kernel = 5, .padding = 2},
    Relu{},
    MaxPool{{.window = 2, .stride = 2}},
    Convolution{.channels = 16, .kernel = 5},
    Relu{},
    MaxPool{{.window = 2, .stride = 2}},
    Flatten{},
    Dense{.outputs = 10},
};

// For each kind of entry: kind() is its short name in the field (fc: fully
// connected), and make_layer() builds the layer that it stands for, given
// the shape (1, ...) of the layer's input.
inline std::string kind(const Convolution&) {
  return "conv";
}
inline std::string kind(const Relu&) {
  return "relu";
}
inline std::string kind(const MaxPool&) {
  return "maxpool";
}
inline std::string kind(const AveragePool&) {
  return "avgpool";
}
inline std::string kind(const Flatten&) {
  return "flatten";
}
inline std::string kind(const Dense&) {
  return "fc";
}

template <class T>
std::unique_ptr<Layer<T>> make_layer(const Convolution& it,
                                     const Shape& input) {
  require_rank(input, 4, "Convolution", "input");
  return std::make_unique<ConvolutionLayer<T>>(
      input[1], it.channels, it.kernel, it.stride, it.padding);
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const Relu&, const Shape&) {
  return std::make_unique<ReluLayer<T>>();
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const MaxPool& it, const Shape&) {
  return std::make_unique<MaxPoolLayer<T>>(it.pooling);
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const AveragePool& it, const Shape&) {
  return std::make_unique<AveragePoolLayer<T>>(it.pooling);
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const Flatten&, const Shape&) {
  return std::make_unique<FlattenLayer<T>>();
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const Dense& it, const Shape& input) {
  require_rank(input, 2, "Dense", "input (put a Flatten before it)");
  return std::make_unique<DenseLayer<T>>(input[1], it.outputs);
}

// Builds the layers for images of shape (C, H, W), all weights 0. One blank
// image is sent through as the network grows: its shape tells the next
// layer what will come in. A layer that does not fit throws
// std::invalid_argument. The entries may be any variants for whose types
// there are a kind() and a make_layer<T>().
template <class T = float, class Entry>
Network<T> build_network(const std::vector<Entry>& architecture,
                         const Shape& image) {
  require_rank(image, 3, "build_network", "image");
  Network<T> network;
  std::map<std::string, int> count;
  Tensor<T> blank({1, image[0], image[1], image[2]});
  for (const Entry& entry : architecture) {
    std::visit(
        [&](const auto& it) {
          auto layer = make_layer<T>(it, blank.shape());
          blank = layer->forward(blank, Mode::evaluation);
          const int number = ++count[kind(it)];
          network.add(kind(it) + std::to_string(number), std::move(layer));
        },
        entry);
  }
  return network;
}

// The output of every layer for the same input, first to last.
template <class T>
std::vector<Tensor<T>> all_outputs(Network<T>& network,
                                   const Tensor<T>& input) {
  std::vector<Tensor<T>> outputs;
  for (std::size_t i = 0; i < network.size(); ++i)
    outputs.push_back(network.layer(i).forward(
        i == 0 ? input : outputs.back(), Mode::evaluation));
  return outputs;
}

// How many numbers training can change.
template <class T>
int parameter_count(Layer<T>& network) {
  int count = 0;
  for (const Parameter<T>* parameter : trained_parameters(network))
    count += parameter->value.size();
  return count;
}

}  // namespace cnn
