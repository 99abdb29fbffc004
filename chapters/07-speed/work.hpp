// How much there is to compute: multiply-adds, layer by layer.
// Book: book/07-speed.md
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "06-training/network.hpp"

namespace cnn {

// Network B, larger, to see what the small one, chapter 06's A, hides.
inline const Architecture larger_network = {
    Convolution{.channels = 32, .padding = 1},
    Relu{},
    Convolution{.channels = 32, .padding = 1},
    Relu{},
    MaxPool{},
    Convolution{.channels = 64, .padding = 1},
    Relu{},
    Convolution{.channels = 64, .padding = 1},
    Relu{},
    MaxPool{},
    Flatten{},
    Dense{.outputs = 128},
    Relu{},
    Dense{.outputs = 10}};

// Multiply-adds for one image: forward, layer by layer, and in a training
// step, without the gradient of the first layer's input, which nobody
// needs.
struct Work {
  std::vector<std::string> names;
  std::vector<double> forward;
  double training = 0;

  double all_forward() const {
    double sum = 0;
    for (const double one : forward) sum += one;
    return sum;
  }
};

// The products of one layer, given its output for one image: none without
// parameters. Each weight of a convolution is used at every place of its
// output. A layer that adds nothing up has one product for each number. An
// entry that is more than one layer has an overload of its own.
template <class Entry>
double products_of(const Entry&, Layer<>& layer, const Tensor<>& /*input*/,
                   const Tensor<>& output) {
  const auto parameters = layer.parameters();
  if (parameters.empty()) return 0;
  const Shape& out = output.shape();
  const int places = out.size() == 4 ? out[2] * out[3] : 1;
  return parameters[0]->fan_in > 0
             ? static_cast<double>(parameters[0]->value.size()) * places
             : output.size();
}

// What the backward pass saves if this layer is the first: the gradient of
// the input costs as much as the forward pass.
template <class Entry>
double skipped_products(const Entry& it, Layer<>& layer,
                        const Tensor<>& input, const Tensor<>& output) {
  return products_of(it, layer, input, output);
}

// The products of all layers of a list.
// network: built from the list. input: one image.
template <class Entry>
std::vector<double> all_products(const std::vector<Entry>& architecture,
                                 Network<>& network,
                                 const Tensor<>& input) {
  const std::vector<Tensor<>> outputs = all_outputs(network, input);
  std::vector<double> products;
  for (std::size_t i = 0; i < network.size(); ++i) {
    const Tensor<>& layer_input = i == 0 ? input : outputs[i - 1];
    products.push_back(std::visit(
        [&](const auto& it) {
          return products_of(it, network.layer(i), layer_input, outputs[i]);
        },
        architecture[i]));
  }
  return products;
}

// skipped_products() of the first layer; 0 if there are no layers.
template <class Entry>
double skipped_in_first(const std::vector<Entry>& architecture,
                        Network<>& network, const Tensor<>& input) {
  if (architecture.empty()) return 0;
  const Tensor<> output = network.layer(0).forward(input, Mode::evaluation);
  return std::visit(
      [&](const auto& it) {
        return skipped_products(it, network.layer(0), input, output);
      },
      architecture[0]);
}

template <class Entry>
Work count_work(const std::vector<Entry>& architecture,
                const Shape& image) {
  Network<> network = build_network(architecture, image);
  const Tensor<> input({1, image[0], image[1], image[2]});
  const std::vector<double> products =
      all_products(architecture, network, input);
  Work work;
  for (std::size_t i = 0; i < network.size(); ++i) {
    if (network.layer(i).parameters().empty()) continue;
    work.training += 3 * products[i];
    work.names.push_back(network.name(i));
    work.forward.push_back(products[i]);
  }
  work.training -= skipped_in_first(architecture, network, input);
  return work;
}

}  // namespace cnn
