// What the host calls to show every layer of the network in use. All
// functions but layers() are about the picture in the room.
// Book: book/18-browser.md
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "08-seeing/covering.hpp"
#include "09-dreaming/saliency.hpp"
#include "18-browser/cell.hpp"
#include "18-browser/module.hpp"
#include "18-browser/module_state.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

namespace {

// The picture in the room, (1, C, H, W).
Tensor<> given_picture(const NetworkInUse& it) {
  const auto numbers = given_floats();
  const Shape& image = it.plan.image;
  return Tensor<>({1, image[0], image[1], image[2]},
                  {numbers.begin(), numbers.end()});
}

std::string json_of(const std::string& name,
                    const SavedArchitecture::value_type& entry,
                    const Tensor<>& output) {
  const auto text = [](const auto& it) { return to_text(it); };
  const auto its_kind = [](const auto& it) { return kind(it); };
  const auto [C, H, W] = maps_of(output);
  return "{\"name\":\"" + name + "\",\"kind\":\"" +
         std::visit(its_kind, entry) + "\",\"text\":\"" +
         std::visit(text, entry) + "\",\"C\":" + std::to_string(C) +
         ",\"H\":" + std::to_string(H) + ",\"W\":" + std::to_string(W) +
         "}";
}

// As numbers and not as text, so that every bit arrives.
void give_cell(const CellArithmetic& cell) {
  std::vector<float> numbers = {cell.value, cell.sum,
                                cell.bias,  static_cast<float>(cell.winner),
                                cell.mean,  cell.deviation,
                                cell.weight};
  for (const CellTerm& term : cell.terms)
    for (const float number :
         {static_cast<float>(term.from.c), static_cast<float>(term.from.y),
          static_cast<float>(term.from.x), term.inside ? 1.0f : 0.0f,
          term.input, term.weight, term.product})
      numbers.push_back(number);
  give(numbers);
}

}  // namespace

// The result: JSON with name, kind, text, and C, H and W of each layer.
CNN_EXPORT(layers) void layers() {
  const NetworkInUse& it = current_network();
  Network<>& network = it.network->plain();
  const Shape& image = it.plan.image;
  const std::vector<Tensor<>> outputs =
      all_outputs(network, Tensor<>({1, image[0], image[1], image[2]}));
  std::string text;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    text += (i == 0 ? "" : ",") +
            json_of(network.name(i), it.plan.architecture[i], outputs[i]);
  give("[" + text + "]");
}

// The result: the outputs of the plain layers for the picture, all their
// numbers in a row, first layer to last.
CNN_EXPORT(maps) void maps() {
  const NetworkInUse& it = current_network();
  std::vector<float> numbers;
  for (const Tensor<>& output :
       all_outputs(it.network->plain(), given_picture(it)))
    numbers.insert(numbers.end(), output.data().begin(),
                   output.data().end());
  give(numbers);
}

// The result: the arithmetic of a cell, as value, sum, bias, winner, mean,
// deviation, weight, and for each term c, y, x, inside, input, weight,
// product.
CNN_EXPORT(cell) void cell(int layer, int c, int y, int x) {
  const NetworkInUse& it = current_network();
  Network<>& network = it.network->plain();
  const Tensor<> picture = given_picture(it);
  give_cell(cell_arithmetic(it.plan.architecture, network, picture,
                            all_outputs(network, picture),
                            static_cast<std::size_t>(layer), {c, y, x}));
}

// Returns the class that the network answers. The result: how its logit
// changes with each pixel (9.1), (H, W).
CNN_EXPORT(saliency) int saliency() {
  FastNetwork& network = *current_network().network;
  const Tensor<> picture = given_picture(current_network());
  const Tensor<> logits = network.forward(picture, Mode::evaluation);
  const int answer = predictions(logits)[0];
  const Heights<> heights =
      class_logits(network, picture, {answer}, logits.extent(1));
  give(heights.gradient.data());
  return answer;
}

// Returns the class that the network answers. The result: how much of its
// probability a grey square takes away, for each pixel the mean over all
// squares that cover it, as chapter 08 draws it, (H, W).
CNN_EXPORT(occlusion) int occlusion() {
  FastNetwork& network = *current_network().network;
  Dataset digit;
  digit.images = given_picture(current_network());
  digit.labels =
      predictions(network.forward(digit.images, Mode::evaluation));
  const Tensor<> taken = taken_away(cover(network, digit, 0, 0.5f));
  give(taken.data());
  return digit.labels[0];
}

}  // namespace cnn
