// How much there is to compute: multiply-adds, layer by layer.
// Book: book/07-speed.md
#pragma once

#include <string>
#include <vector>

#include "06-training/network.hpp"

namespace cnn {

// A larger network, to see what the small one hides (called B here; A is
// chapter 06's).
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

// Multiply-adds for one image, layer by layer: forward, and both gradients
// but for the input of the first layer, which nobody asks for.
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

template <class Entry>
Work count_work(const std::vector<Entry>& architecture,
                const Shape& image) {
  Network<> network = build_network(architecture, image);
  const auto outputs =
      all_outputs(network, Tensor<>({1, image[0], image[1], image[2]}));
  Work work;
  for (std::size_t i = 0; i < network.size(); ++i) {
    const auto parameters = network.layer(i).parameters();
    if (parameters.empty()) continue;
    // Each weight of a convolution is used at every place of its output. A
    // layer that adds nothing up has a product for each number.
    const Shape& out = outputs[i].shape();
    const int places = out.size() == 4 ? out[2] * out[3] : 1;
    const double products =
        parameters[0]->fan_in > 0
            ? static_cast<double>(parameters[0]->value.size()) * places
            : outputs[i].size();
    work.training += (work.forward.empty() ? 2 : 3) * products;
    work.names.push_back(network.name(i));
    work.forward.push_back(products);
  }
  return work;
}

}  // namespace cnn
