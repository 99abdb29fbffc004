// Steps 1 and 2: four balls in a valley, and two gradients by hand.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "11-optimizers/steps_tour.hpp"
#include "11-optimizers/valley.hpp"

namespace cnn {

inline std::vector<NamedOptimizer> remembering_optimizers() {
  return {plain_steps(), with_momentum(), named<Nesterov>("Nesterov"),
          named<RmsProp>("RMSProp"), named<Adam>("Adam")};
}

inline void two_gradients(OptimizerTour& tour) {
  step("Two gradients by hand");
  say("One weight starts at 0, with a learning rate of 0.1. Where does it "
      "stand after the gradients 1, 1, and where after 1, -1?");
  print("\n");
  print_memory_tests(remembering_optimizers());
  print("\n");
  say("Adam's steps for a gradient that is always the same, in units of "
      "the learning rate, with the correction and without it:");
  print("\n");
  Rows rows = {{"step", "corrected", "not corrected"}};
  for (const int steps : {1, 10, 100, 1000}) {
    Adam right, wrong({.corrected = false});
    rows.push_back({std::to_string(steps),
                    format("%.2f", update_after(right, 0.5, 1, steps)),
                    format("%.2f", update_after(wrong, 0.5, 1, steps))});
  }
  print_table(rows);
  tour.program.report(
      "adam_after_opposite",
      format("%.4f",
             compute_memory_tests({named<Adam>("Adam")}, 0.1)[0].opposite));
}

inline void weight_decay_by_hand(OptimizerTour& tour) {
  print("\n");
  const double apart = decayed(Decay::apart, 1000, 1e-3, 0.01);
  const double inside = decayed(Decay::in_gradient, 1000, 1e-3, 0.01);
  say("A weight of 1 gets no gradient for 1000 steps, with a learning rate "
      "of 0.001 and a decay of 0.01. AdamW leaves " +
      format("%.3f", apart) + " of it, Adam with L2 " +
      format("%.3f", inside) + ".");
  tour.program.report("decay_apart", format("%.3f", apart));
  tour.program.report("decay_in_gradient", format("%.3f", inside));
}

// ---- The valley --------------------------------------------------------

// The first three have the best settings by their formulas, and Adam has a
// rate that suits this valley.
inline std::vector<Ball> four_balls(double kappa, int steps) {
  const BestSettings plain = best_plain(kappa), best = best_momentum(kappa),
                     third = best_nesterov(kappa);
  Sgd sgd, momentum(best.momentum);
  Nesterov nesterov(third.momentum);
  Adam adam;
  return {
      {"SGD", colours::blue,
       compute_path(sgd, plain.rate, kappa, steps, film_start)},
      {"momentum", colours::vermilion,
       compute_path(momentum, best.rate, kappa, steps, film_start)},
      {"Nesterov", colours::green,
       compute_path(nesterov, third.rate, kappa, steps, film_start)},
      {"Adam", colours::purple,
       compute_path(adam, 0.05, kappa, steps, film_start)},
  };
}

// The path's largest distance from the valley's middle line.
inline double farthest_across(const std::vector<ValleyPlace>& path) {
  double farthest = 0;
  for (const ValleyPlace& it : path)
    farthest = std::max(farthest, std::abs(it.across));
  return farthest;
}

inline void draw_valley(OptimizerTour& tour, double kappa) {
  const std::vector<Ball> balls = four_balls(kappa, 400);
  print("\n");
  say(format(
      "In the figures kappa is %.0f, Adam joins in at a rate that suits "
      "this valley, and all start at (%.2f, %.1f). Across the valley, "
      "momentum swings out to %.2f before it comes in, Nesterov to %.2f.",
      kappa, balls[0].path[0].along, balls[0].path[0].across,
      farthest_across(balls[1].path), farthest_across(balls[2].path)));
  std::vector<Picture> frames;
  for (std::size_t frame = 0; frame <= 60; frame += frame < 20   ? 1
                                                    : frame < 40 ? 2
                                                                 : 5)
    frames.push_back(valley_frame(balls, kappa, frame, 6));
  tour.program.film("valley-film.png", frames, 300,
                    "SGD leaps from wall to wall and creeps along");
  tour.program.figure("valley-strip.png",
                      valley_frame(balls, kappa, 30, 30),
                      "30 steps each: which ball swings widest?");
  tour.program.figure(
      "valley-distances.svg", valley_distances(balls),
      "a straight line means the same factor at every step");
}

inline void down_the_valley(OptimizerTour& tour) {
  step("Down a valley");
  say("The loss is half of x^2 + kappa y^2 (11.1), and we start at (1, 1). "
      "How many steps until the distance from the bottom is a thousandth "
      "of what it was? Each optimizer has its best settings. The columns "
      "headed by an equation show the number of steps that it predicts, "
      "and the columns beside them the number counted.");
  print("\n");
  Rows rows = {{"kappa", "SGD, (11.2)", "steps", "momentum, (11.3)",
                "steps", "Nesterov, steps"}};
  for (const double kappa : {10.0, 100.0, 1000.0}) {
    const BestSettings plain = best_plain(kappa),
                       best = best_momentum(kappa);
    Sgd sgd, momentum(best.momentum);
    Nesterov nesterov(best_nesterov(kappa).momentum);
    const int slow =
        steps_to(compute_path(sgd, plain.rate, kappa, 5000), 1e-3);
    const int fast =
        steps_to(compute_path(momentum, best.rate, kappa, 5000), 1e-3);
    const int next = steps_to(
        compute_path(nesterov, best_nesterov(kappa).rate, kappa, 5000),
        1e-3);
    rows.push_back(
        {format("%.0f", kappa), format("%.1f", plain.steps_for(1e-3)),
         std::to_string(slow), format("%.1f", best.steps_for(1e-3)),
         std::to_string(fast), std::to_string(next)});
    if (kappa == film_kappa) {
      tour.program.report("valley_plain_steps", std::to_string(slow));
      tour.program.report("valley_momentum_steps", std::to_string(fast));
    }
  }
  print_table(rows);
  draw_valley(tour, film_kappa);
}

}  // namespace cnn
