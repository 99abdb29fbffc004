// Step 7: what more digits are worth, and how many digits augmentation is
// worth.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "12-generalization/more_data.hpp"
#include "12-generalization/steps_remedies.hpp"

namespace cnn {

// The curve of one remedy; empty if the program was interrupted.
inline DataCurve compute_data_curve(GeneralizationTour& tour,
                                    const Remedy& remedy,
                                    const std::vector<int>& sizes,
                                    int pictures, int seeds,
                                    RemedyWatch& watch) {
  DataCurve curve{remedy.name, sizes, {}};
  for (const int size : sizes) {
    const Dataset training = first(tour.digits.train, size);
    Experiment experiment = tour.experiment;
    curve.misread.emplace_back();
    for (int i = 0; i < seeds; ++i, ++experiment.settings.seed) {
      watch.begin(format("%d digits, ", size) + remedy.name);
      curve.misread.back().push_back(
          misread_after(remedy, experiment, training, tour.digits.held_out,
                        pictures, watch.go_on()));
      watch.end();
      if (tour.program.interrupted()) return {};
    }
  }
  return curve;
}

inline void print_more_data(const std::vector<DataCurve>& curves,
                            const PowerLaw& law, int pictures) {
  Rows table = {{"digits", "epochs", curves[0].name + " (%)",
                 "power law (%)", curves[1].name + " (%)", "worth"}};
  const auto means = curves[0].means();
  for (std::size_t i = 0; i < curves[0].digits.size(); ++i) {
    const int digits = curves[0].digits[i];
    const double changed = curves[1].means()[i];
    const double worth = digits_for(changed, curves[0].places(), means);
    table.push_back({std::to_string(digits),
                     std::to_string(epochs_for(pictures, digits)),
                     share_mean_text(curves[0].misread[i]),
                     format("%.1f", 100 * law.at(digits)),
                     share_mean_text(curves[1].misread[i]),
                     worth > 0 ? format("%.0f", 10 * std::round(worth / 10))
                     : changed < means.back()
                         ? "over " + std::to_string(curves[0].digits.back())
                         : "-"});
  }
  print_table(table);
}

inline void learn_from_more(GeneralizationTour& tour) {
  step("More digits");
  const int seeds = tour.seeds(3);
  const int pictures = tour.program.quick() ? 400
                       : tour.full()        ? 48000
                                            : 16000;
  std::vector<int> sizes;
  if (tour.full())
    for (int size = std::max(1, tour.digits.train.size() / 64);
         sizes.size() < 7; size *= 2)
      sizes.push_back(size);
  else
    for (const int part : {64, 16, 4})
      sizes.push_back(std::max(static_cast<int>(sizes.size()) + 1,
                               tour.digits.train.size() / part));
  say(format(
          "Mistakes on the %d test digits. Whatever the number of digits "
          "to learn from, each run looks at about %d pictures. Worth: how "
          "many digits as they are would do as well as the changed ones. ",
          tour.digits.held_out.size(), pictures) +
      seeds_sentence(tour, seeds) + ".");
  const int runs = 2 * seeds * static_cast<int>(sizes.size());
  RemedyWatch watch(tour, "more digits", runs);
  std::vector<DataCurve> curves;
  for (const Remedy& remedy :
       {Remedy{.name = "as they are"},
        Remedy{.name = "changed", .change = turned_and_bent}}) {
    curves.push_back(
        compute_data_curve(tour, remedy, sizes, pictures, seeds, watch));
    if (tour.program.interrupted()) return;
  }
  const PowerLaw law =
      nearest_power_law(curves[0].places(), curves[0].means());
  print("\n");
  print_more_data(curves, law, pictures);
  print("\n");
  say(format(
      "With unchanged digits, the mistakes are roughly proportional to the "
      "number of digits to the power of %.2f: twice the digits, %.2f times "
      "the mistakes.",
      law.exponent, law.at(2) / law.at(1)));
  if (!tour.full()) return;
  print("\n");
  tour.program.figure("full-more-data.svg", more_data_figure(curves, law),
                      "how straight are the lines, and how far apart?");
}

}  // namespace cnn
