#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "11-optimizers/steps_by_hand.hpp"
#include "18-browser/valley_balls.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

std::vector<int> steps_needed(const std::array<RolledBall, 4>& balls) {
  std::vector<int> steps;
  for (const RolledBall& ball : balls) steps.push_back(ball.steps_needed);
  return steps;
}

std::vector<bool> which_are_lost(double rate, double momentum) {
  std::vector<bool> lost;
  for (const RolledBall& ball : roll_balls(rate, momentum, 2000))
    lost.push_back(ball.lost());
  return lost;
}

bool same_way(const std::vector<ValleyPlace>& a,
              const std::vector<ValleyPlace>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ValleyPlace& p, const ValleyPlace& q) {
                      return p.along == q.along && p.across == q.across;
                    });
}

}  // namespace

TEST_CASE("the page's balls take chapter 11's steps", "[18]") {
  // The table of chapter 11, which starts at (1, 1), has 346, 56 and 72.
  const auto needed = [](std::size_t which) {
    const BestSettings best = best_for_balls()[which];
    return steps_needed(
        roll_balls(best.rate, best.momentum, 2000, {1, 1}))[which];
  };
  CHECK(needed(0) == 346);
  CHECK(needed(1) == 56);
  CHECK(needed(2) == 72);
}

TEST_CASE("the page's balls roll as those of chapter 11's film", "[18]") {
  const std::vector<Ball> film = four_balls(film_kappa, 60);
  const auto best = best_for_balls();
  for (std::size_t n = 0; n < 4; ++n) {
    INFO(film[n].name);
    const double rate = n < 3 ? best[n].rate : 0.05;
    const double momentum = n < 3 ? best[n].momentum : 0;
    CHECK(same_way(roll_balls(rate, momentum, 60)[n].path, film[n].path));
  }
}

TEST_CASE("without momentum three of the balls are one", "[18]") {
  const auto balls = roll_balls(0.015, 0, 300);
  CHECK(same_way(balls[0].path, balls[1].path));
  CHECK(same_way(balls[0].path, balls[2].path));
  CHECK_FALSE(same_way(balls[0].path, balls[3].path));
}

TEST_CASE("a ball arrives, or is lost, or neither", "[18]") {
  // The largest rates are 2 / kappa for SGD, (2 + 2 mu) / kappa for
  // momentum and (2 + 2 mu) / (1 + 2 mu) / kappa for Nesterov.
  const double mu = 0.5;
  for (const double just : {0.99, 1.01}) {
    INFO(just);
    const bool out = just > 1;
    CHECK(which_are_lost(just * 0.03 / 2, mu) ==
          std::vector<bool>{false, false, out, false});
    CHECK(which_are_lost(just * 0.02, mu) ==
          std::vector<bool>{out, false, true, false});
    CHECK(which_are_lost(just * 0.03, mu) ==
          std::vector<bool>{true, out, true, false});
  }
  CHECK(which_are_lost(1, 0.9) ==
        std::vector<bool>{true, true, true, false});
  // A rate that is too low for SGD, and only for SGD.
  const auto slow = roll_balls(0.001, 0.9, 2000);
  CHECK(slow[0].steps_needed == 0);
  CHECK_FALSE(slow[0].lost());
  CHECK(slow[1].steps_needed > 500);
  CHECK(slow[1].steps_needed < 700);
}

TEST_CASE("what the page gets of the four balls", "[18]") {
  const std::vector<float> numbers = ball_numbers(0.02, 0.5, 50, 3);
  const auto balls = roll_balls(0.02, 0.5, 50);
  REQUIRE(numbers.size() == 4 * (2 + 2 * 4));
  for (std::size_t n = 0; n < 4; ++n) {
    const auto part = numbers.begin() + static_cast<std::ptrdiff_t>(10 * n);
    CHECK(part[0] == static_cast<float>(balls[n].steps_needed));
    CHECK(part[1] == (balls[n].lost() ? 1.0f : 0.0f));
    CHECK(part[2] == 0.97f);
    CHECK(part[3] == 0.2f);
    CHECK(part[8] == static_cast<float>(balls[n].path[3].along));
    CHECK(part[9] == static_cast<float>(balls[n].path[3].across));
  }
  CHECK(numbers[21] == 1);  // Nesterov's: lost
  CHECK_THROWS_AS(ball_numbers(0.1, 0, 5, 6), std::invalid_argument);
  CHECK_THROWS_AS(ball_numbers(0.1, 0, 5, -1), std::invalid_argument);
  CHECK_THROWS_AS(ball_numbers(0.1, 0, 100001, 5), std::invalid_argument);
  CHECK_THROWS_AS(ball_numbers(0.1, 1, 5, 5), std::invalid_argument);
}
