// How the network learns: everything that can be chosen about one run.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "07-speed/work.hpp"
#include "12-generalization/soft_targets.hpp"
#include "15-colour/colour_network.hpp"
#include "15-colour/colour_optimizer.hpp"
#include "15-colour/colour_views.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// Jordan's settings. His rates are meant for batches of 2,000 and for the
// sum of the losses, so filter_rate() and colour_rates() convert them.
struct ColourRecipe {
  Widths widths;
  int epochs = 8, batch = 500;
  // The rate of the filters in batches of 2,000. In smaller ones the
  // direction of a step is less certain, so filter_rate() is lower.
  double filters = 0.24;
  // Rates for the sum of the losses. Our loss is their mean, so
  // colour_rates() multiplies these rates by the size of the batch.
  double biases = 0.053, head = 0.67;
  double decay = 2e-6;  // of the last layer's weights, per picture
  double smoothing = 0.2;
  ColourChanges changes;
  ColourStart start;  // its seed also serves all other random choices
  bool by_muon = true;
  int threads = 0;
};

// The largest batch of at most `most` pictures that leaves no remainder at
// the end of an epoch, or one of at least half a batch. A smaller batch
// would still get a step of Muon as long as any other, and its few pictures
// would decide the running statistics. Throws std::invalid_argument unless
// both numbers are 1 or more.
inline int even_batch(int pictures, int most) {
  if (pictures < 1 || most < 1)
    fail(Refusal::argument,
         "even_batch: expected pictures and room for them, got " +
             std::to_string(pictures) + " and " + std::to_string(most));
  int batch = std::min(most, pictures);
  while (pictures % batch != 0 && pictures % batch < batch / 2) --batch;
  return batch;
}

// The batch for a set of `pictures` pictures: smaller for a small set, so
// that an epoch has enough steps.
inline int usual_batch(int pictures) {
  return even_batch(pictures, pictures < 20000 ? 125 : 500);
}

// A schedule that falls linearly from 1 to 0.
inline double straight_down(double progress) {
  return 1.0 - progress;
}

// The rate of the filters: it shrinks with the root of the batch's size.
inline double filter_rate(const ColourRecipe& it) {
  return it.filters * std::sqrt(it.batch / 2000.0);
}

// inputs: of the last layer. Jordan divides its scores by this number; our
// weights contain that division. They are `inputs` times smaller, and their
// gradients `inputs` times larger, so the rate is divided by it twice.
inline ColourRates colour_rates(const ColourRecipe& it, int inputs) {
  ColourRates rates;
  const double of_sum = it.batch / filter_rate(it);
  const double head = it.head / inputs / inputs;
  rates.biases = it.biases * of_sum;
  rates.head = head * of_sum;
  rates.decay = it.decay / head;
  rates.by_muon = it.by_muon;
  rates.threads = it.threads;
  return rates;
}

inline TrainingSettings colour_settings(const ColourRecipe& it,
                                        int pictures) {
  TrainingSettings settings;
  settings.epochs = it.epochs;
  settings.batch = it.batch;
  settings.learning_rate = filter_rate(it);
  settings.schedule = straight_down;
  settings.seed = it.start.seed;
  if (it.smoothing > 0) settings.loss = smoothed_loss(it.smoothing);
  if (!(it.changes == ColourChanges{1, 0}))
    settings.hand_out = alternating(
        it.changes, (pictures - 1) / it.batch + 1, it.start.seed);
  return settings;
}

// A network for the pictures of a data set, initialized by the recipe.
inline std::unique_ptr<FastNetwork> started_colours(const ColourRecipe& it,
                                                    const Dataset& train) {
  const Shape& shape = train.shape();
  auto network =
      std::make_unique<FastNetwork>(colour_network_for(it.widths, train),
                                    Shape{shape[1], shape[2], shape[3]},
                                    FastOptions{.threads = it.threads});
  start_colours(*network, train, it.start);
  return network;
}

inline std::vector<TrainingStep> train_colours(
    FastNetwork& network, const ColourRecipe& it, const Dataset& train,
    const AfterStep& after_step = {}) {
  ColourOptimizer optimizer(
      colour_rates(it, last_weight_of(network, "train_colours").fan_in));
  return train_fast(network, optimizer, train,
                    colour_settings(it, train.size()), after_step);
}

// The accuracy of a network on a data set if it answers by its mean scores
// over `views` views of each picture.
inline double accuracy_over_views(Layer<>& network, const Dataset& data,
                                  int views) {
  return accuracy(mean_over_views(network, data.images, views),
                  data.labels);
}

// The floating-point operations of one run, two for each multiply-add, in
// the forward pass and for both gradients. The first convolution does not
// learn, so the gradient of its weights is left out, and so is the gradient
// from which it would be computed: that of the second convolution's input.
inline double work_of(const ColourRecipe& it, int pictures, int size = 32,
                      int classes = 10) {
  const Work work = count_work(colour_network(it.widths, 3, size, classes),
                               {3, size, size});
  const double left_out = work.forward[0] + work.forward[1];
  return 2.0 * (work.training - left_out) * it.epochs * pictures;
}

}  // namespace cnn
