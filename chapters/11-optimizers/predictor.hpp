// Which memory do the digits want? The mix of the last noisy gradients that
// comes nearest to the next full one, by least squares.
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

// All gradients of a network in one row.
inline std::vector<float> gradient_row(FastNetwork& network) {
  std::vector<float> row;
  for (const Parameter<>* it : network.parameters())
    row.insert(row.end(), it->gradient.data().begin(),
               it->gradient.data().end());
  return row;
}

// The gradient over many digits, `at_a_time` at once. Throws
// std::invalid_argument without any.
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
  std::vector<double> best;  // coefficients, of the newest first
  // The numbers that make momentum's 0.9^k, and the newest gradient alone,
  // come nearest. Below 0 they point the other way.
  double momentum_times = 0, newest_times = 0;
  // The shares explained by the best coefficients and by these two.
  double best_explains = 0, momentum_explains = 0, newest_explains = 0;
};

struct PredictorSettings {
  int past = 10;        // gradients that are remembered
  int first_step = 50;  // before which nothing is asked
  int every = 10;       // steps from one question to the next
  double momentum = 0.9;
};

// Throws std::invalid_argument for settings that ask for nothing.
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

// The best mix of all questions together, and the two that it is held
// against.
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

// Trains with plain steps and a constant rate; at every tenth step asks for
// the gradient over `all` digits, at the place after the step, and sets it
// beside the noisy ones of the last ten steps, each taken where its step
// began. Empty if after_step ended the run.
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
