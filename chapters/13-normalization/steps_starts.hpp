// Steps 3 to 5: chapter 06's dead starts, 20 layers at several rates and
// gains, and chapter 06's network at several rates.
// Book: book/13-normalization.md
#pragma once

#include <string>
#include <vector>

#include "10-initialization/starts.hpp"
#include "13-normalization/steps_tour.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- Dead starts -------------------------------------------------------

// Multiplies the weights with which chapter 06 starts by `scale`: all of
// them, or all but the last layer's.
template <class List>
void set_scale(NormRun<List>& run, double scale) {
  run.start = {short_text(scale),
               he_initializer(static_cast<float>(scale))};
}
template <class List>
void set_scale_but_last(NormRun<List>& run, double scale) {
  set_scale(run, scale);
  run.last_scale = 0.1f / static_cast<float>(scale);
}

inline void dead_starts(NormTour& tour) {
  step("Dead starts come alive");
  const int seeds = tour.seeds(5);
  const std::vector<double> scales = {0.01, 0.1, 1, 8, 100};
  NormRun<> plain = tour.run(before_each_relu(digit_network)),
            normed = tour.run(before_each_relu(digit_network, BatchNorm{}));
  for (NormRun<>* run : {&plain, &normed}) {
    run->settings.epochs = tour.program.quick() ? 1 : 4;
    run->settings.batch = 32;
    run->settings.learning_rate = 0.05;
  }
  say(format("Chapter 06's network, %d digits, %s, rate 0.05. All weights "
             "are multiplied by a number before the first step; in the "
             "last column all but those of the dense layer. Held-out "
             "accuracy in percent. ",
             tour.few.train.size(),
             counted_text(plain.settings.epochs, "epoch").c_str()) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  Progress progress("dead starts", static_cast<int>(3 * scales.size()),
                    "runs");
  int done = 0;
  const auto curve = [&](const char* name, const NormRun<>& run,
                         void (*change)(NormRun<>&, double)) {
    return curve_over<NormalizedArchitecture>(
        name, run, scales, change, tour.few, seeds, tour.go_on(),
        [&] { progress.update(++done); });
  };
  const std::vector<RateCurve> curves = {
      curve("plain", plain, set_scale),
      curve("batch norm", normed, set_scale),
      curve("batch norm, dense x 1", normed, set_scale_but_last)};
  if (tour.program.interrupted()) return;
  progress.clear();
  print_norm_curves("weights x", curves);
}

// ---- Depth -------------------------------------------------------------

template <class List>
void set_gain(NormRun<List>& run, double gain) {
  run.start = {short_text(gain), gain_start(gain)};
}

// A curve for each run, with its name, over `numbers`, which `change` sets
// in the run. `what` names the progress bar.
inline std::vector<RateCurve> norm_curves(
    NormTour& tour, const std::vector<NormRun<>>& runs,
    const std::vector<std::string>& names,
    const std::vector<double>& numbers, void (*change)(NormRun<>&, double),
    int seeds, const char* what) {
  Progress progress(what, static_cast<int>(runs.size() * numbers.size()),
                    "runs");
  int done = 0;
  std::vector<RateCurve> curves;
  for (std::size_t i = 0; i < runs.size(); ++i)
    curves.push_back(curve_over<NormalizedArchitecture>(
        names[i], runs[i], numbers, change, tour.digits, seeds,
        tour.go_on(), [&] { progress.update(++done); }));
  return curves;
}

inline std::vector<NormRun<>> deep_runs(const NormTour& tour) {
  return {tour.run(before_each_relu(tour.deep())),
          tour.run(before_each_relu(tour.deep(), BatchNorm{}))};
}

inline void twenty_layers(NormTour& tour) {
  step("Twenty layers");
  const int seeds = tour.seeds(3);
  say(format("%d dense layers of %d cells, %d digits, one epoch in batches "
             "of %d. Held-out accuracy in percent against the learning "
             "rate. Broke: the numbers stopped being finite. ",
             tour.depth, tour.width, tour.digits.train.size(),
             tour.settings.batch) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<std::string> names = {"plain", "batch norm"};
  const std::vector<RateCurve>& rates = tour.deep_rates = norm_curves(
      tour, deep_runs(tour), names,
      tour.full() ? std::vector{0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0}
                  : std::vector{0.003, 0.03, 0.3},
      set_rate<NormalizedArchitecture>, seeds, "rates");
  if (tour.program.interrupted()) return;
  print_norm_curves("rate", rates);
  tour.program.report(
      "deep_batch_norm",
      format("%.4f", rates[1].accuracies[rates[1].best()].of.mean));
  if (tour.full())
    tour.program.figure(
        "full-rates.svg",
        rate_figure_of("Twenty layers over all rates", "learning rate",
                       rates, {1.0, 1.0}),
        "where does each line rise, and where does it fall?");
  print("\n");
  say(
      format("The same at the rate %.2f against the gain of the first "
             "weights:",
             tour.settings.learning_rate));
  print("\n");
  const std::vector<RateCurve> gains = norm_curves(
      tour, deep_runs(tour), names,
      tour.full() ? std::vector{0.0001, 0.1, 1.0, 2.0, 4.0, 100.0}
                  : std::vector{0.0001, 2.0, 100.0},
      set_gain<NormalizedArchitecture>, seeds, "gains");
  if (tour.program.interrupted()) return;
  print_norm_curves("gain", gains);
  if (tour.full())
    tour.program.figure("full-gains.svg",
                        rate_figure_of("Twenty layers over all gains",
                                       "gain", gains, {1.0, 1.0}),
                        "a plain network learns from few starts");
}

inline void two_convolutions(NormTour& tour) {
  step("Two convolutions");
  const int seeds = tour.seeds(3);
  std::vector<NormRun<>> runs = {
      tour.run(before_each_relu(digit_network)),
      tour.run(before_each_relu(digit_network, BatchNorm{}))};
  std::vector<std::string> names = {"plain", "batch norm"};
  if (tour.full()) {
    runs.push_back(tour.run(before_each_relu(digit_network, GroupNorm{4})));
    names.push_back("group norm (4)");
    runs.push_back(tour.run(before_each_relu(digit_network, LayerNorm{})));
    names.push_back("layer norm");
  }
  for (NormRun<>& run : runs) run.settings.batch = 32;
  say(format(
          "And chapter 06's network, one epoch of %d digits in batches of "
          "32, held-out accuracy in percent against the learning rate. %s",
          tour.digits.train.size(),
          tour.full() ? "Group norm has four groups of channels. " : "") +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<RateCurve> curves = norm_curves(
      tour, runs, names,
      tour.full() ? std::vector{0.003, 0.01, 0.03, 0.1, 0.3, 1.0}
                  : std::vector{0.03, 0.1, 0.3},
      set_rate<NormalizedArchitecture>, seeds, "shallow networks");
  if (tour.program.interrupted()) return;
  print_norm_curves("rate", curves);
}

}  // namespace cnn
