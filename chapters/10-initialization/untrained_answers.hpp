// What a deep network makes of one digit before its first step, and for how
// many digits it gives the same answer.
// Book: book/10-initialization.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "07-speed/fast_training.hpp"
#include "10-initialization/named_starts.hpp"
#include "10-initialization/wedge.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// signals[i]: the output of the i-th of the wanted layers for the digit
struct UntrainedAnswer {
  std::string start;
  std::vector<Tensor<>> signals;  // (1, width) each
  Tensor<> probabilities;         // (1, classes)
  int said = 0;                   // the answer to the digit
  int said_of = 0;                // the number of digits with that answer
};

// Digit number `image` of the data, in a network that starts as the wedge's
// do. layers: 1 to `depth`, each a dense layer with its ReLU
// Throws std::invalid_argument if there is no such image or layer.
inline UntrainedAnswer compute_untrained_answer(
    const NamedStart& start, int depth, int width, const Dataset& data,
    int image, const std::vector<int>& layers, std::uint64_t seed) {
  require_image(data, image, "compute_untrained_answer");
  const Architecture architecture = deep_network(depth, width);
  Network<> plain = build_network(architecture, {1, 28, 28});
  Random random(seed);
  begin_with(start, plain, data.images, random);
  FastNetwork network(architecture, {1, 28, 28});
  copy_parameters(plain, network);
  UntrainedAnswer answer{start.name, {}, {}, 0, 0};
  const std::vector<Tensor<>> outputs =
      network.outputs(subset(data, std::vector{image}).images);
  for (const int layer : layers) {
    if (layer < 1 || layer > depth)
      fail(Refusal::argument,
           "compute_untrained_answer: expected a layer from 1 to " +
               std::to_string(depth) + ", got " + std::to_string(layer));
    // Output 0 is Flatten's; each layer is a dense one and a ReLU.
    answer.signals.push_back(
        outputs.at(2 * static_cast<std::size_t>(layer)));
  }
  answer.probabilities = softmax(outputs.back());
  const std::vector<int> said = predictions(evaluate(network, data));
  answer.said = said.at(static_cast<std::size_t>(image));
  for (const int other : said) answer.said_of += other == answer.said;
  return answer;
}

}  // namespace cnn
