// Four optimizers in chapter 11's valley, with settings that a reader
// chooses: where each is after every step, and how many it needs.
// Book: book/18-browser.md
#pragma once

#include <array>
#include <string>
#include <vector>

#include "11-optimizers/optimizer.hpp"
#include "11-optimizers/valley.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The path of one ball, and the step from which it stays within a
// thousandth of its first distance from the bottom; 0 if it does not get
// there.
struct RolledBall {
  std::vector<ValleyPlace> path;
  int steps_needed = 0;

  // Whether it ended no nearer to the bottom than it began, or so far away
  // that a float cannot say where.
  bool lost() const {
    return !(path.back().distance() < path.front().distance());
  }
};

inline RolledBall roll_ball(Optimizer& optimizer, double rate, int steps,
                            const ValleyPlace& start = film_start) {
  RolledBall ball{compute_path(optimizer, rate, film_kappa, steps, start)};
  const int needed = steps_to(ball.path, 1e-3);
  if (needed <= steps) ball.steps_needed = needed;
  return ball;
}

// SGD, momentum, Nesterov and Adam at one learning rate; `momentum` is for
// the second and the third. Throws std::invalid_argument unless it is from
// 0 to below 1.
inline std::array<RolledBall, 4> roll_balls(
    double rate, double momentum, int steps,
    const ValleyPlace& start = film_start) {
  Sgd plain, polyak(momentum);
  Nesterov nesterov(momentum);
  Adam adam;
  return {roll_ball(plain, rate, steps, start),
          roll_ball(polyak, rate, steps, start),
          roll_ball(nesterov, rate, steps, start),
          roll_ball(adam, rate, steps, start)};
}

// For a page: for each ball steps_needed, then 1 if it is lost or 0 if not,
// and then its places (along, across) after 0, 1, ... `shown` steps.
// Throws std::invalid_argument unless 0 <= shown <= steps <= 100,000.
inline std::vector<float> ball_numbers(double rate, double momentum,
                                       int steps, int shown) {
  if (shown < 0 || shown > steps || steps > 100000)
    fail(Refusal::argument,
         "ball_numbers: expected 0 <= shown <= steps <= 100000, got " +
             std::to_string(shown) + " and " + std::to_string(steps));
  std::vector<float> numbers;
  for (const RolledBall& ball : roll_balls(rate, momentum, steps)) {
    numbers.push_back(static_cast<float>(ball.steps_needed));
    numbers.push_back(ball.lost() ? 1.0f : 0.0f);
    for (int step = 0; step <= shown; ++step) {
      const ValleyPlace& at = ball.path[static_cast<std::size_t>(step)];
      numbers.push_back(static_cast<float>(at.along));
      numbers.push_back(static_cast<float>(at.across));
    }
  }
  return numbers;
}

// The rate and the momentum that are best for SGD (11.2), for momentum
// (11.3) and for Nesterov.
inline std::array<BestSettings, 3> best_for_balls() {
  return {best_plain(film_kappa), best_momentum(film_kappa),
          best_nesterov(film_kappa)};
}

}  // namespace cnn
