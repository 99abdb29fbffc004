// Which memory do the digits want? Finds, by least squares, the mix of the
// last gradients of single batches that comes nearest to the next gradient
// over all digits.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "11-optimizers/least_squares.hpp"

namespace cnn {

// The gradients of all the network's parameters, in one row.
inline std::vector<float> gradient_row(FastNetwork& network) {
  std::vector<float> row;
  for (const Parameter<>* it : network.parameters())
    row.insert(row.end(), it->gradient.data().begin(),
               it->gradient.data().end());
  return row;
}

// The gradient of the mean loss over all of `data`, in one row, computed
// from `at_a_time` digits at once. Throws std::invalid_argument if `data`
// is empty or at_a_time is below 1.
inline std::vector<float> full_gradient(FastNetwork& network,
                                        const Dataset& data,
                                        int at_a_time = 250) {
  if (at_a_time < 1 || data.size() < 1)
    fail(Refusal::argument,
         "full_gradient: expected one digit or more, got " +
             std::to_string(data.size()) + ", " +
             std::to_string(at_a_time) + " at a time");
  std::vector<float> sum;
  Tensor<> logits;
  const std::vector<int> images = count_up(data.size());
  for (int begin = 0; begin < data.size(); begin += at_a_time) {
    const int count = std::min(at_a_time, data.size() - begin);
    network.gradients(
        {data, std::span(images).subspan(static_cast<std::size_t>(begin),
                                         static_cast<std::size_t>(count))},
        logits);
    const std::vector<float> part = gradient_row(network);
    sum.resize(part.size());
    const float share =
        static_cast<float>(count) / static_cast<float>(data.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += share * part[i];
  }
  return sum;
}

struct Prediction {
  std::vector<double> best;  // coefficients, the newest gradient's first
  // The factors with which momentum's mix (momentum^k for the gradient of k
  // steps ago), and the newest gradient alone, come nearest. A factor below
  // 0 reverses the mix's direction.
  double momentum_times = 0, newest_times = 0;
  // The shares explained by the best mix and by these two.
  double best_explains = 0, momentum_explains = 0, newest_explains = 0;
};

struct PredictorSettings {
  int past = 10;        // how many gradients are remembered
  int first_step = 50;  // the first step after which we may ask
  int every = 10;       // ask after steps that are multiples of this
  double momentum = 0.9;
};

// Throws std::invalid_argument for settings that are out of range.
inline void require_questions(const PredictorSettings& settings) {
  if (settings.past < 1 || settings.every < 1)
    fail(Refusal::argument,
         "PredictorSettings: expected past and every of 1 or more, got " +
             std::to_string(settings.past) + " and " +
             std::to_string(settings.every));
  if (!(settings.momentum >= 0 && settings.momentum < 1))
    fail(Refusal::argument,
         "PredictorSettings: expected momentum from 0 to below 1, got " +
             std::to_string(settings.momentum));
}

// The one mix that is best for all the samples in `squares` together, and
// the two mixes that it is compared with.
inline Prediction prediction_of(const LeastSquares& squares,
                                const PredictorSettings& settings) {
  const auto past = static_cast<std::size_t>(settings.past);
  Prediction found;
  std::vector<double> newest(past), fading;
  newest[0] = 1;
  for (std::size_t k = 0; k < past; ++k)
    fading.push_back(k == 0 ? 1 : settings.momentum * fading.back());
  found.best = squares.best();
  found.best_explains = squares.explained(found.best);
  fading = squares.scaled(fading);
  newest = squares.scaled(newest);
  found.momentum_times = fading[0];
  found.newest_times = newest[0];
  found.momentum_explains = squares.explained(fading);
  found.newest_explains = squares.explained(newest);
  return found;
}

// Trains on `data` with plain steps and a constant rate. After every tenth
// step (settings.every) it computes the gradient over `all` with the new
// weights, as the target for the batch gradients of the last ten steps
// (settings.past), each computed with the weights before its step. Returns
// an empty Prediction if after_step ended the run.
inline Prediction compute_prediction(const Dataset& data,
                                     const Dataset& all,
                                     Experiment experiment,
                                     const PredictorSettings& settings,
                                     const AfterStep& after_step = {}) {
  require_questions(settings);
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  experiment.settings.schedule = constant_schedule;
  const auto past = static_cast<std::size_t>(settings.past);
  std::deque<std::vector<float>> rows;
  LeastSquares squares(settings.past);
  Sgd sgd(0.0);
  bool ended = false;
  train_fast(network, sgd, data, experiment.settings,
             [&](const TrainingStep& now) {
               rows.push_front(gradient_row(network));
               if (rows.size() > past) rows.pop_back();
               if (rows.size() == past && now.step >= settings.first_step &&
                   now.step % settings.every == 0)
                 squares.add(rows, full_gradient(network, all));
               ended = after_step && !after_step(now);
               return !ended;
             });
  if (ended) return {};
  return prediction_of(squares, settings);
}

}  // namespace cnn
