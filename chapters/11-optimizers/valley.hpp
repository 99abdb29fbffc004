// A valley that is kappa times as steep across as it is along, and an
// optimizer's path through it.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The two weights, along the valley and across it. The bottom is at (0, 0).
struct ValleyPlace {
  double along = 1, across = 1;

  double distance() const {
    return std::sqrt(along * along + across * across);
  }
};

// The film's valley, and where its balls start.
inline constexpr double film_kappa = 100;
inline constexpr ValleyPlace film_start{0.97, 0.2};

// Throws std::invalid_argument unless kappa is from 1 to 1e30.
inline void require_kappa(double kappa, const char* where) {
  if (!(kappa >= 1 && kappa <= 1e30))
    fail(Refusal::argument, std::string(where) +
                                ": expected kappa from 1 to 1e30, got " +
                                std::to_string(kappa));
}

// The loss at a place w of a valley with curvatures 1 and kappa:
//   L = (w_along^2 + kappa w_across^2) / 2                        (11.1)
inline double valley_loss(const ValleyPlace& w, double kappa) {
  return 0.5 * (w.along * w.along + kappa * w.across * w.across);
}

// The places after 0, 1, ..., `steps` steps. Starts at (1, 1) by default.
inline std::vector<ValleyPlace> compute_path(
    Optimizer& optimizer, double rate, double kappa, int steps,
    const ValleyPlace& start = {}) {
  require_kappa(kappa, "compute_path");
  if (steps < 0)
    fail(Refusal::argument,
         "compute_path: expected steps of 0 or more, "
         "got " +
             std::to_string(steps));
  Parameter<> w{"w",
                Tensor<>({2}, {static_cast<float>(start.along),
                               static_cast<float>(start.across)}),
                Tensor<>({2})};
  std::vector<ValleyPlace> path = {start};
  for (int step = 0; step < steps; ++step) {
    w.gradient(0) = w.value(0);
    w.gradient(1) = static_cast<float>(kappa) * w.value(1);
    optimizer.step({&w}, rate);
    path.push_back(
        {static_cast<double>(w.value(0)), static_cast<double>(w.value(1))});
  }
  return path;
}

// The number of steps after which the distance from the bottom stays below
// `share` of the distance at the start; path.size() if it never does.
inline int steps_to(const std::vector<ValleyPlace>& path, double share) {
  if (path.empty())
    fail(Refusal::argument, "steps_to: expected one place or more, got 0");
  const double goal = share * path.front().distance();
  std::size_t steps = path.size();
  while (steps > 0 && path[steps - 1].distance() < goal) --steps;
  return static_cast<int>(steps);
}

// The settings that shrink the slowest direction fastest (Polyak 1964), and
// the factor by which each step shrinks it in the long run.
struct BestSettings {
  double rate = 0, momentum = 0, factor = 0;

  // How many steps multiply the distance by `share`: factor^steps = share.
  double steps_for(double share) const {
    return static_cast<double>(std::log(static_cast<float>(share)) /
                               std::log(static_cast<float>(factor)));
  }
};

// For plain steps: both directions shrink by the same factor.
//   rate = 2 / (1 + kappa)    factor = (kappa - 1) / (kappa + 1)    (11.2)
inline BestSettings best_plain(double kappa) {
  require_kappa(kappa, "best_plain");
  return {2 / (1 + kappa), 0, (kappa - 1) / (kappa + 1)};
}

// For momentum, with r = sqrt(kappa):
//   rate = 4 / (1 + r)^2    factor = (r - 1) / (r + 1)              (11.3)
//   momentum = factor^2
inline BestSettings best_momentum(double kappa) {
  require_kappa(kappa, "best_momentum");
  const double r = std::sqrt(kappa), factor = (r - 1) / (r + 1);
  return {4 / ((1 + r) * (1 + r)), factor * factor, factor};
}

// For Nesterov's momentum, with r = sqrt(3 kappa + 1) (Lessard, Recht and
// Packard 2016):
//   rate = 4 / r^2    momentum = (r - 2) / (r + 2)    factor = 1 - 2 / r
inline BestSettings best_nesterov(double kappa) {
  require_kappa(kappa, "best_nesterov");
  const double r = std::sqrt(3 * kappa + 1);
  return {4 / (r * r), (r - 2) / (r + 2), 1 - 2 / r};
}

}  // namespace cnn
