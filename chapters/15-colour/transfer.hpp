// Filters that were learned from other pictures, as a start for learning
// from only a few pictures of each class.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "15-colour/colour_recipe.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// At most `each` pictures of every class, drawn at random by the seed.
inline Dataset few_of_each(const Dataset& data, int each,
                           std::uint64_t seed) {
  std::vector<int> taken(static_cast<std::size_t>(data.classes)), some;
  for (const int n : Random(seed).permutation(data.size()))
    if (taken[static_cast<std::size_t>(
            data.labels[static_cast<std::size_t>(n)])]++ < each)
      some.push_back(n);
  return subset(data, some);
}

// Copies everything that `learned` has learned, except its last layer, into
// `network`: the filters, the biases and the running statistics.
// Throws std::invalid_argument unless the two have equally many parameters,
// which have the same shapes up to the last layer.
inline void take_filters(Layer<>& network, Layer<>& learned) {
  const std::vector<Parameter<>*> to = network.parameters(),
                                  from = learned.parameters();
  if (to.size() != from.size() || to.size() < 2)
    fail(Refusal::argument,
         "take_filters: expected two networks of the same layers");
  for (std::size_t i = 0; i + 2 < to.size(); ++i)
    require_shape(from[i]->value.shape(), to[i]->value.shape(),
                  "take_filters", from[i]->name);
  for (std::size_t i = 0; i + 2 < to.size(); ++i)
    to[i]->value = from[i]->value;
}

// Adapts a recipe to few pictures: batches of a quarter of them, but at
// most 125, and as many epochs as it takes to make about 150 steps.
inline ColourRecipe recipe_for_few(ColourRecipe recipe, int pictures) {
  recipe.batch = even_batch(pictures, std::clamp(pictures / 4, 1, 125));
  recipe.epochs = std::max(1, 150 * recipe.batch / std::max(1, pictures));
  return recipe;
}

// The held-out accuracy of a network that was trained on few pictures. It
// begins with the filters of `learned`, or with its own start if that is
// null. All layers but the last learn at `share` times the recipe's rates.
inline double accuracy_from(Layer<>* learned, double share,
                            ColourRecipe recipe, const Dataset& few,
                            const Dataset& held_out,
                            const AfterStep& after_step = {}) {
  recipe = recipe_for_few(std::move(recipe), few.size());
  recipe.filters *= share;
  recipe.biases *= share;
  const auto network = started_colours(recipe, few);
  if (learned) take_filters(*network, *learned);
  train_colours(*network, recipe, few, after_step);
  return accuracy(*network, held_out);
}

}  // namespace cnn
