// Steps 2 and 3: the size of a signal in fifty layers, and its meaning.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "10-initialization/figures.hpp"
#include "10-initialization/meaning.hpp"
#include "10-initialization/steps_tour.hpp"

namespace cnn {

inline void print_sizes(const std::vector<SizeRun>& runs,
                        const std::vector<int>& layers, bool forward) {
  Rows rows = {{forward ? "forwards" : "backwards"}};
  for (const int layer : layers)
    rows[0].push_back(format("layer %d", layer));
  for (const SizeRun& run : runs) {
    Strings row = {run.start.name};
    for (const int layer : layers)
      row.push_back(magnitude_text(
          run.measured.one(forward)[static_cast<std::size_t>(layer)]));
    rows.push_back(row);
  }
  print("\n");
  print_table(rows);
}

// The largest factor between a measured size of the signal and that of the
// formula, in layers 1 to `last`.
inline double worst_ratio(const SizeRun& run, int last) {
  double worst = 1;
  for (int l = 1; l <= last; ++l) {
    const auto at = static_cast<std::size_t>(l);
    const double ratio = run.measured.forward[at] / run.formula.forward[at];
    worst = std::max({worst, ratio, 1 / ratio});
  }
  return worst;
}

inline void fifty_layers(StartTour& tour) {
  step(format("%d layers: the size of a signal", tour.depth));
  const std::vector<SizeRun> runs =
      compute_sizes(first(tour.digits.held_out, 200).images, tour.depth,
                    100, tour.program.seed());
  say(
      format("%d held-out digits, %d layers of 100 cells, nothing learned. "
             "The table shows the root mean square of each layer's output; "
             "that of the pixels is %.3f. The last three rows have tanh in "
             "place of ReLU:",
             std::min(200, tour.digits.held_out.size()), tour.depth,
             runs[0].measured.forward[0]));
  const std::vector<int> layers =
      layers_up_to({1, 5, 10, 20, 30}, tour.depth);
  print_sizes(runs, layers, true);
  print("\n");
  say("The same for the gradient on its way back. After the last layer it "
      "is random, with a size of about 1:");
  print_sizes(runs, layers, false);
  const int deep = std::min(20, tour.depth), ten = std::min(10, tour.depth);
  const double small =
      runs[0].measured.forward[static_cast<std::size_t>(deep)];
  print("\n");
  say(format(
      "With the start 0.01 the size after layer %d is %.1e. Computed from "
      "squares in float it would be %.1e.",
      deep, small, static_cast<double>(size_in_float(small))));
  for (const SizeRun& run : runs)
    if (is_he(run))
      say(format(
          "In layers 1 to %d He's sizes stay within a factor of %.2f of "
          "the formula's.",
          ten, worst_ratio(run, ten)));
  tour.program.report("size_after_ten_layers",
                      format("%.1e", runs[0].measured.forward.at(
                                         static_cast<std::size_t>(ten))));
  tour.program.figure("sizes-forward.svg", sizes_figure(runs, true),
                      "dots on straight lines, and one line is level");
  tour.program.figure("sizes-backward.svg", sizes_figure(runs, false),
                      "the same law in the backward pass");
  tour.program.figure(
      "sizes-tanh.svg", tanh_figure(runs),
      "all lines stay below 1, but two rows of dots climb to the left");
}

// ---- The meaning -------------------------------------------------------

inline void print_cosines(const std::vector<LayerCosines>& all,
                          const std::vector<int>& layers) {
  const auto text = [](const PairCosines& it, double cosine) {
    return it.pairs > 0 ? format("%.3f", cosine) : std::string("-");
  };
  Rows rows = {{"layer", "different digits", "by (10.3)", "same digit",
                "by (10.3)", "gap"}};
  for (const int layer : layers) {
    const auto& [different, same, size] =
        all.at(static_cast<std::size_t>(layer));
    rows.push_back(
        {std::to_string(layer), text(different, different.measured),
         text(different, different.formula), text(same, same.measured),
         text(same, same.formula),
         same.pairs > 0 ? format("%.4f", same.measured - different.measured)
                        : "-"});
  }
  print_table(rows);
}

inline void draw_patterns(StartTour& tour) {
  std::vector<Patterns> all;
  std::size_t he = 0;
  for (const SizeRun& run : size_starts(100)) {
    // Only the starts that are multiples of the same random numbers.
    if (run.activation != Activation::relu || run.rule == SizeRule::uniform)
      continue;
    if (is_he(run)) he = all.size();
    all.push_back({run.start.name,
                   compute_patterns(tour.followed, run.start.initializer,
                                    tour.depth, tour.program.seed())});
  }
  std::vector<Picture> frames;
  for (int layer = 1; layer <= tour.depth; layer += layer < 10   ? 1
                                                    : layer < 20 ? 2
                                                                 : 5)
    frames.push_back(patterns_frame(tour.followed, all,
                                    static_cast<std::size_t>(layer) - 1));
  tour.program.film("patterns-film.png", frames, 700,
                    "at the left two rows go black and one turns black and "
                    "white; at the right the three pictures of He's row "
                    "become one");
  tour.program.figure(
      "patterns-strip.png",
      patterns_strip(tour.followed, all.at(he),
                     layers_up_to({1, 2, 3, 5, 10, 20, 30}, tour.depth)),
      "go from left to right: three digits become one pattern");
}

inline void what_it_still_means(StartTour& tour) {
  step("The size survives: does the meaning?");
  const Dataset digits = first(tour.digits.held_out, 60);
  const std::vector<LayerCosines> all =
      compute_meaning(digits, tour.depth, tour.program.quick() ? 100 : 500,
                      tour.program.seed());
  say(
      format("He's start, %s cells a layer, all pairs of %d digits: the "
             "mean cosine (8.1) of their signals, measured and by the "
             "formula (10.3). Layer 0 is the pixels, and the gap is that "
             "between the two measured columns.",
             tour.program.quick() ? "100" : "500", digits.size()));
  print("\n");
  print_cosines(all, layers_up_to({0, 1, 2, 3, 5, 10, 20, 30}, tour.depth));
  tour.program.report("cosine_at_the_end",
                      format("%.3f", all.back().different.measured));
  tour.program.figure("cosines.svg", cosines_figure(all),
                      "both lines run up to 1, and the gap between them "
                      "closes");
  draw_patterns(tour);
}

}  // namespace cnn
