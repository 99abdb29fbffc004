// Step 6: the smallest step that changes the answer.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "09-dreaming/figures.hpp"
#include "09-dreaming/fooled_digits.hpp"
#include "09-dreaming/steps_networks.hpp"

namespace cnn {

inline void show_sizes(const FooledDigits& all) {
  const auto line = [](const char* name, const StepSizes& it) {
    return std::vector<std::string>{name, size_text(it.median),
                                    percent(it.below_tenth),
                                    std::to_string(it.never)};
  };
  print_table({{"smallest step that changes the answer", "median",
                "below 0.1", "never"},
               line("signs of the gradient", all.by_gradient),
               line("random signs", all.at_random)});
  if (std::isfinite(all.by_gradient.median))
    print("\n    Twice the median step along the gradient is %.3f.\n",
          2 * all.by_gradient.median);
  print("\n");
  say(format(
      "The first %d of them again: how far must each pixel be allowed to "
      "change in all, if that is done in one step, and if it is done in "
      "ten small ones, each along a gradient of its own?",
      all.few));
  print("\n");
  print_table({{"smallest change", "median", "below 0.1", "never"},
               line("in one step", all.few_in_one),
               line("in ten steps", all.few_in_ten)});
}

// The digits of the figure, and the smallest steps that fool the network.
inline void show_cases(const std::vector<Fooled>& cases) {
  Rows rows = {{"digit in the figure"}, {"smallest step"}};
  for (const Fooled& it : cases) {
    rows[0].push_back(std::to_string(it.said));
    rows[1].push_back(size_text(static_cast<double>(it.size)));
  }
  print("\n");
  print_table(rows);
}

inline void show_misread(const FooledDigits& all) {
  const auto line = [](const char* name, const MisreadShares& it) {
    return std::vector<std::string>{name, percent(it.before),
                                    percent(it.after), percent(it.farther),
                                    percent(it.shaken)};
  };
  print("\n");
  say("Do the same pictures fool the other networks? Here is the share "
      "that they misread before the step, after the smallest step that "
      "fools the first network, after twice that step, and after random "
      "signs of twice the size:");
  print("\n");
  print_table({{"misread by", "before", "smallest step", "twice that",
                "random signs, twice"},
               line("the witness", all.witness),
               line("one dense layer", all.dense)});
}

inline void smallest_steps(DreamingTour& tour) {
  const Dataset known = tour.held_out.read_right();
  if (known.size() == 0) {
    print("    It reads none of them right.\n");
    return;
  }
  const FooledDigits all = compute_fooled_digits(
      *tour.networks.asked, *tour.networks.witness, *tour.networks.dense,
      known, tour.program.seed());
  show_sizes(all);
  tour.note("median_fooling_step", size_text(all.by_gradient.median));
  if (!all.any) {
    print("\n    No step fools it: there is nothing to show to others.\n");
    return;
  }
  show_misread(all);
  show_cases(all.cases);
  tour.note("witness_fooled", format("%.4f", all.witness.after));
  const bool all_fooled = std::ranges::all_of(
      all.cases, [](const Fooled& it) { return std::isfinite(it.size); });
  tour.program.figure("fooling.png", fooling_figure(all.cases),
                      all_fooled
                          ? "to us, every digit is still what it was"
                          : "never: no step up to 1 changes the answer, "
                            "and the digit is shown after a step of 1");
}

inline void one_step_for_all(DreamingTour& tour) {
  const StepCurves all =
      compute_step_curves(*tour.networks.asked, *tour.networks.witness,
                          tour.held_out.digits, tour.program.seed());
  Rows rows = {{"step for all", "gradient", "random", "gradient, witness"}};
  for (std::size_t i = 0; i < all.sizes.size(); i += 5)
    rows.push_back({format("%.1f", all.sizes[i]), percent(all.gradient[i]),
                    percent(all.random[i]), percent(all.witness[i])});
  print("\n");
  say("Here is the share of all held-out digits that is read right after a "
      "step of one size for all. The last column is the witness's, after "
      "the steps along the first network's gradient:");
  print("\n");
  print_table(rows);
  const double lost = all.gradient.front() - all.gradient.back();
  const double lost_at_random = all.random.front() - all.random.back();
  tour.program.figure(
      "fooling.svg", fooling_curves(all),
      lost_at_random < lost / 10
          ? "steps of the same size: random ones do next to nothing"
          : "steps of the same size, by the gradient and at random");
}

// ---- 6. Fooling --------------------------------------------------------

inline void fooling(DreamingTour& tour) {
  step("Fooling: the smallest step that changes the answer");
  say("Every pixel goes up or down by the same small amount, as the sign "
      "of the loss's gradient says, but never below 0 or above 1. For "
      "comparison, the same is done with random signs. For all held-out "
      "digits that are read correctly, the table has the median of the "
      "smallest steps, the share of digits for which less than 0.1 is "
      "enough, and the number whose answer no step changes:");
  print("\n");
  smallest_steps(tour);
  one_step_for_all(tour);
}

}  // namespace cnn
