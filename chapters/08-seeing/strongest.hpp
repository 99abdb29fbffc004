// What a filter looks for, as the data show it: the places where it answers
// most strongly.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "06-training/batches.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_network.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Runs a data set through the network, some images at a time, and calls
// visit(first, outputs) for each such batch: `outputs` holds every layer's
// output for the batch, whose first image has the number `first`.
template <class Visit>
void for_outputs(FastNetwork& network, const Dataset& data,
                 const Visit& visit) {
  for_batches(data.images, [&](int first, const Tensor<>& some) {
    visit(first, network.outputs(some));
  });
}

// The output of one layer. Throws std::invalid_argument, with a message
// that begins with `where`, if there is no such layer. (`where` is not a
// std::string, because g++ 14 would take the result for a reference into a
// temporary one.)
inline const Tensor<>& output_of(const std::vector<Tensor<>>& outputs,
                                 std::size_t layer, const char* where) {
  if (layer >= outputs.size())
    fail(Refusal::argument, std::string(where) +
                                ": expected a layer from 0 to " +
                                std::to_string(outputs.size() - 1) +
                                ", got " + std::to_string(layer));
  return outputs[layer];
}

// One answer of a filter: which image, which cell of the map, how strong.
struct Answer {
  int image = 0, y = 0, x = 0;
  float activation = 0;
};

// The strongest cell of channel c for image n. output (N, C, H, W)
// Throws std::invalid_argument if there is no such map.
inline Answer strongest_cell(const Tensor<>& output, int n, int c) {
  require_rank(output.shape(), 4, "strongest_cell", "output");
  if (n < 0 || n >= output.extent(0) || c < 0 || c >= output.extent(1) ||
      output.size() == 0)
    fail(Refusal::argument, "strongest_cell: no map " +
                                to_string(Shape{n, c}) + " in " +
                                to_string(output.shape()));
  Answer best{n, 0, 0, output(n, c, 0, 0)};
  for (int y = 0; y < output.extent(2); ++y)
    for (int x = 0; x < output.extent(3); ++x)
      if (output(n, c, y, x) > best.activation)
        best = {n, y, x, output(n, c, y, x)};
  return best;
}

// For each channel of a layer's output, its `most` strongest answers, at
// most one per image, the strongest first.
// Throws std::invalid_argument if there is no such layer or it has no maps.
inline std::vector<std::vector<Answer>> strongest_answers(
    FastNetwork& network, const Dataset& data, std::size_t layer,
    std::size_t most) {
  std::vector<std::vector<Answer>> all;
  for_outputs(network, data, [&](int first, const auto& outputs) {
    const Tensor<>& output = output_of(outputs, layer, "strongest_answers");
    require_rank(output.shape(), 4, "strongest_answers",
                 "the layer's output");
    all.resize(static_cast<std::size_t>(output.extent(1)));
    for (int n = 0; n < output.extent(0); ++n)
      for (int c = 0; c < output.extent(1); ++c) {
        auto& list = all[static_cast<std::size_t>(c)];
        Answer answer = strongest_cell(output, n, c);
        answer.image += first;
        const auto weaker = [&](const Answer& other) {
          return other.activation < answer.activation;
        };
        list.insert(std::find_if(list.begin(), list.end(), weaker), answer);
        if (list.size() > most) list.pop_back();
      }
  });
  return all;
}

// The most frequent label among some answers, and how many have it.
struct Majority {
  int label = 0, count = 0;
};

// Throws std::invalid_argument if an answer's image is not in the data, or
// if the data have no classes.
inline Majority majority(const std::vector<Answer>& answers,
                         const Dataset& data) {
  require_dataset(data, "majority");
  if (data.classes < 1)
    fail(Refusal::argument, "majority: expected classes, got none");
  std::vector<int> images;
  for (const Answer& it : answers) images.push_back(it.image);
  std::vector<int> counts(static_cast<std::size_t>(data.classes));
  for (const int label : labels_of(data, images))
    ++counts[static_cast<std::size_t>(label)];
  const auto most = std::max_element(counts.begin(), counts.end());
  return {static_cast<int>(most - counts.begin()), *most};
}

}  // namespace cnn
