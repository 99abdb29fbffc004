// Steps 3 and 4: a polynomial through eleven points, and five hundred
// digits fitted with random features.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "12-generalization/double_descent.hpp"
#include "12-generalization/figures.hpp"
#include "12-generalization/noisy_curve.hpp"
#include "12-generalization/random_features.hpp"
#include "12-generalization/random_labels.hpp"
#include "12-generalization/steps_tour.hpp"

namespace cnn {

inline void eleven_points(GeneralizationTour& tour) {
  step("Eleven points, and ever more numbers to fit them with");
  const int points = 11, draws = 101;
  const double noise = 0.2;
  say(format(
      "The points stand at equal distances, each off a curve by normal "
      "noise with a standard deviation of %.1f. A polynomial with p "
      "coefficients comes as near to them as it can, with the least norm. "
      "Its distance from the curve (root mean square) and the norm of its "
      "coefficients are medians over %d draws of the noise:",
      noise, draws));
  print("\n");
  Rows rows = {{"p", "distance", "norm"}};
  for (const int p : {3, 5, 7, 9, 11, 13, 20, 50, 200}) {
    const CurveMedians it =
        compute_curve_medians(points, noise, p, draws, tour.program.seed());
    rows.push_back({std::to_string(p), format("%.2f", it.error),
                    format("%.2f", it.norm)});
    if (p == points)
      tour.program.report("curve_peak", format("%.2f", it.error));
  }
  print_table(rows);
  const NoisyPoints shown =
      noisy_points(points, noise, tour.program.seed());
  const std::vector<double> places = places_between(400);
  std::vector<FittedCurve> curves;
  for (const int p : {3, points, 200})
    curves.push_back(compute_curve(shown, p, places));
  tour.program.figure("curves.svg",
                      wild_curves_figure(shown, places, curves),
                      "smooth, wild, smooth");
}

// ---- Digits ------------------------------------------------------------

struct DescentSettings {
  int digits = 500;
  std::vector<int> sizes = {10,  30,  100, 200, 300, 400,  450,  480,
                            500, 520, 550, 600, 800, 1200, 2000, 4000};
};

inline DescentSettings descent_settings(const GeneralizationTour& tour) {
  if (!tour.program.quick()) return {};
  return {60, {10, 30, 60, 90, 200}};
}

// The fits to clean and to noisy labels, each as [draw][size].
struct DescentDraws {
  std::vector<std::vector<FeatureFit>> clean, noisy;
};

inline DescentDraws compute_descent_draws(GeneralizationTour& tour,
                                          const DescentSettings& settings,
                                          int draws) {
  const Dataset learn = first(tour.digits.train, settings.digits);
  Progress progress("double descent",
                    2 * draws * static_cast<int>(settings.sizes.size()),
                    "fits");
  DescentDraws found;
  int done = 0;
  for (int i = 0; i < draws; ++i) {
    const std::uint64_t seed =
        tour.program.seed() + static_cast<std::uint64_t>(i);
    const RandomCells cells =
        random_cells(learn.images, settings.sizes.back(), seed);
    const Tensor<double> features = random_features(cells, learn.images),
                         held_out = random_features(
                             cells, tour.digits.held_out.images);
    for (const bool noisy : {false, true}) {
      if (tour.program.interrupted()) return found;
      (noisy ? found.noisy : found.clean)
          .push_back(compute_double_descent(
              features, noisy ? with_wrong_labels(learn, 0.2, seed) : learn,
              held_out, tour.digits.held_out, settings.sizes,
              [&] { progress.update(++done); }));
    }
  }
  return found;
}

// One field of the fits against the size, as means over the draws.
inline DescentLine descent_line(
    const std::string& name,
    const std::vector<std::vector<FeatureFit>>& draws,
    std::optional<double> FeatureFit::*number) {
  DescentLine line{name, {}, {}};
  for (std::size_t s = 0; s < draws[0].size(); ++s) {
    std::vector<std::optional<double>> numbers;
    for (const std::vector<FeatureFit>& fits : draws)
      numbers.push_back(fits[s].*number);
    line.features.push_back(draws[0][s].features);
    line.values.push_back(mean_of_runs(numbers));
  }
  return line;
}

// A mean times `unit`, or "-" if a draw had no such number.
inline std::string descent_text(const RunsMean& it, double unit) {
  return it.broken > 0
             ? "-"
             : number_text({unit * it.of.mean, unit * it.of.error}, it.runs,
                           1);
}

// "a 3 with 200 features and a 5 with 500": what the fits with these sizes
// answer to one held-out image.
inline std::string answers_text(const std::vector<FeatureFit>& fits,
                                const std::vector<int>& sizes, int image) {
  std::vector<std::string> answers;
  for (const FeatureFit& it : fits) {
    if (std::find(sizes.begin(), sizes.end(), it.features) == sizes.end() ||
        !it.norm)
      continue;
    const int said = it.answers.at(static_cast<std::size_t>(image));
    answers.push_back(format("a %d with %d", said, it.features) +
                      (answers.empty() ? " features" : ""));
  }
  std::string text;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (i > 0) text += i + 1 < answers.size() ? ", " : " and ";
    text += answers[i];
  }
  return text;
}

inline void double_descent(GeneralizationTour& tour) {
  step("Double descent");
  const int draws = tour.seeds(5);
  const DescentSettings settings = descent_settings(tour);
  say(format("Cells with random weights, the features, look at %d digits, "
             "and the least-squares weights of least norm fit their "
             "labels, once as they are and once with 20 %% of them wrong. "
             "The table shows the held-out digits misread, in percent, and "
             "the norm of the weights. ",
             settings.digits) +
      seeds_sentence(tour, draws) + ".");
  print("\n");
  const DescentDraws found = compute_descent_draws(tour, settings, draws);
  if (tour.program.interrupted()) return;
  std::vector<DescentLine> errors, norms;
  for (const bool noisy : {false, true}) {
    const std::string name = noisy ? "20 % wrong" : "true labels";
    const auto& draws_of = noisy ? found.noisy : found.clean;
    errors.push_back(descent_line(name, draws_of, &FeatureFit::error));
    norms.push_back(descent_line(name, draws_of, &FeatureFit::norm));
  }
  Rows rows = {
      {"features", "true labels", "20 % wrong", "norm", "norm, 20 %"}};
  for (std::size_t s = 0; s < settings.sizes.size(); ++s) {
    rows.push_back({std::to_string(settings.sizes[s])});
    for (const DescentLine& line : errors)
      rows.back().push_back(descent_text(line.values[s], 100));
    for (const DescentLine& line : norms)
      rows.back().push_back(descent_text(line.values[s], 1));
  }
  print_table(rows);
  if (!tour.full()) {
    print("\n");
    say("With true labels, the first held-out 3 is taken for " +
        answers_text(found.clean[0], {10, 200, 480, 500, 520, 4000},
                     tour.followed) +
        ".");
  }
  tour.program.report("most_features_wrong",
                      format("%.4f", errors[0].values.back().of.mean));
  tour.program.figure(
      tour.full() ? "full-descent.svg" : "descent.svg",
      descent_figure(errors, false),
      "the peak stands where there are as many features as digits");
  if (tour.full())
    tour.program.figure("full-norms.svg", descent_figure(norms, true),
                        "the same peak");
}

}  // namespace cnn
