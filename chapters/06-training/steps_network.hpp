// Steps 1 and 2: the network, and what it has to beat.
// Book: book/06-training.md
#pragma once

#include <string>

#include "06-training/baselines.hpp"
#include "06-training/layer_table.hpp"
#include "06-training/steps_options.hpp"

namespace cnn {

// ---- 1. The network ----------------------------------------------------

// How a layer's parameters add up, in a sentence.
inline std::string parameter_sum(const LayerSummary& layer) {
  const Shape& weight = layer.weight;
  std::string text = layer.name + " has ";
  if (weight.size() == 2)
    return text + format("%d x %d + %d = %d.", weight[0], weight[1],
                         weight[0], layer.parameters);
  const int C_out = weight[0], C_in = weight[1], K = weight[2];
  std::string product = format("%d x %d", C_out, K * K);
  if (C_in == 1) {
    text += format("%d kernels of %d x %d weights and a bias each: ", C_out,
                   K, K);
  } else {
    text += format("%d kernels that look at %d maps: ", C_out, C_in);
    product = format("%d x %d x %d", C_out, C_in, K * K);
  }
  return text + product + format(" + %d = %d.", C_out, layer.parameters);
}

inline void network_layer_by_layer() {
  step("The network, layer by layer");
  say("Chapters 02 to 05 in a row: twice a convolution, ReLU and "
      "max-pooling, then one dense layer that gives each digit a score. A "
      "digit goes in at the top; each layer is shown with the shape of "
      "what comes out of it and with the count of its parameters, the "
      "numbers in it that can be learned.");
  print("\n");
  const Shape digit = {1, 28, 28};
  Rows rows = {{"layer", "output (C, H, W)", "parameters"},
               {"the digit", to_string(digit), "0"}};
  std::string sums;
  int in_all = 0;
  for (const LayerSummary& layer : compute_layers(digit_network, digit)) {
    rows.push_back({layer.name, to_string(layer.output),
                    std::to_string(layer.parameters)});
    in_all += layer.parameters;
    if (!layer.weight.empty())
      sums += (sums.empty() ? "" : " ") + parameter_sum(layer);
  }
  rows.push_back({"in all", "", std::to_string(in_all)});
  print_table(rows);
  print("\n");
  say(sums);
}

// ---- 2. Baselines ------------------------------------------------------

inline Baselines answers_to_beat(const Program& program,
                                 const Split& digits) {
  step("What it has to beat");
  say("An accuracy of 98 % says little on its own. So here is the "
      "share of the held-out digits that five simpler readers get right. "
      "Neither they nor our network learns from these digits:");
  print("\n");
  const Baselines found =
      compute_baselines(digits, chosen_experiment(program));
  print_table(
      {{"answer", "held-out accuracy"},
       {"always the commonest digit", percent(found.commonest)},
       {"the nearest mean image", percent(found.mean_image)},
       {"chapter 05: one dense layer", percent(found.linear)},
       {"the same layer, trained in this loop",
        percent(found.linear_in_loop)},
       {"two dense layers, ReLU between them", percent(found.hidden)}});
  Network<> hidden = build_network(hidden_network, {1, 28, 28});
  print("\n");
  say(
      format("The first of the two dense layers hands 32 numbers to the "
             "second; together they have %d parameters.",
             parameter_count(hidden)));
  return found;
}

}  // namespace cnn
