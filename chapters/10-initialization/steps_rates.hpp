// The wedge from several seeds, at the rate of the tour and at two others.
// Book: book/10-initialization.md
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "10-initialization/steps_wedge.hpp"

namespace cnn {

inline int study_seeds(const StartTour& tour, int in_full) {
  return tour.program.quick() ? 2 : in_full;
}

// The wedge at one rate from several seeds: runs[seed][depth][start] and
// means[depth][start].
struct WedgeStudy {
  double rate = 0;
  std::vector<WedgeShares> runs;
  std::vector<std::vector<RunsMean>> means;

  // The shares of one cell, seed by seed.
  std::vector<std::optional<double>> cell(std::size_t depth,
                                          std::size_t start) const {
    std::vector<std::optional<double>> all;
    for (const WedgeShares& run : runs) all.push_back(run[depth][start]);
    return all;
  }
};

inline std::vector<std::vector<RunsMean>> means_of(
    const WedgeStudy& study) {
  std::vector<std::vector<RunsMean>> means;
  for (std::size_t depth = 0; depth < study.runs.at(0).size(); ++depth) {
    means.emplace_back();
    for (std::size_t start = 0; start < study.runs[0][depth].size();
         ++start)
      means.back().push_back(mean_of_runs(study.cell(depth, start)));
  }
  return means;
}

// The means of those cells in which no run broke; none for the others.
inline WedgeShares unbroken(
    const std::vector<std::vector<RunsMean>>& means) {
  WedgeShares shares;
  for (const std::vector<RunsMean>& row : means) {
    shares.emplace_back();
    for (const RunsMean& it : row)
      shares.back().push_back(it.broken == 0 ? std::optional(it.of.mean)
                                             : std::nullopt);
  }
  return shares;
}

// The gains with which a network of one depth learns, that is, reads more
// than half of the digits on average and breaks from no seed: "1.5 to 4",
// "2", "0.5, 1.5 to 2" if there is a gap, or "none".
inline std::string learning_gains(const std::vector<RunsMean>& row) {
  const std::vector<NamedStart> starts = wedge_starts();
  const std::string gain = "gain ";
  std::string text, last;
  std::size_t length = 0;  // of the run of learning gains that we are in
  const auto close = [&] {
    if (length > 1) text += " to " + last;
    length = 0;
  };
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (!starts[i].name.starts_with(gain)) continue;
    const RunsMean& it = row.at(i);
    if (it.broken > 0 || it.of.mean <= 0.5) {
      close();
      continue;
    }
    last = starts[i].name.substr(gain.size());
    if (length++ == 0) text += (text.empty() ? "" : ", ") + last;
  }
  close();
  return text.empty() ? "none" : text;
}

inline WedgeStudy train_wedges(StartTour& tour, double rate, int seeds) {
  WedgeStudy study{rate, {}, {}};
  for (int i = 0; i < seeds; ++i) {
    TrainingSettings settings = tour_settings(tour);
    settings.learning_rate = rate;
    settings.seed += static_cast<std::uint64_t>(i);
    study.runs.push_back(train_wedge(tour, settings));
    if (tour.program.interrupted()) return study;
  }
  study.means = means_of(study);
  return study;
}

inline void print_wedge_means(const WedgeStudy& study) {
  print_by_depth([&](std::size_t depth, std::size_t start) {
    return mean_text(study.means[depth][start]);
  });
}

// The gains that learn, for each rate and depth.
inline void print_learning_gains(const std::vector<WedgeStudy>& studies) {
  Rows rows = {{"rate"}};
  for (const int depth : wedge_depths)
    rows[0].push_back(format("%d layers", depth));
  for (const WedgeStudy& study : studies) {
    rows.push_back({short_text(study.rate)});
    for (const std::vector<RunsMean>& row : study.means)
      rows.back().push_back(learning_gains(row));
  }
  print_table(rows);
}

inline void wedge_at_other_rates(StartTour& tour, WedgeStudy first_rate) {
  const int seeds = study_seeds(tour, 3);
  step("The wedge at other rates");
  std::vector<WedgeStudy> studies;
  for (const double rate : {0.005, 0.05}) {
    say(format("The wedge at a rate of %s from %d seeds:",
               short_text(rate).c_str(), seeds));
    print("\n");
    studies.push_back(train_wedges(tour, rate, seeds));
    if (tour.program.interrupted()) return;
    print_wedge_means(studies.back());
    print("\n");
  }
  studies.insert(studies.begin() + 1, std::move(first_rate));
  say("The gains with which more than half of the digits are read and no "
      "run breaks, at each rate:");
  print("\n");
  print_learning_gains(studies);
}

// Is the measured start behind He's because its sums are larger?
inline void measured_beside_he(StartTour& tour, const WedgeStudy& study) {
  const std::size_t he = wedge_column("gain 2"),
                    measured = wedge_column("measured");
  const auto seeds = static_cast<int>(study.runs.size());
  step("The measured start beside He's");
  say(format(
      "The measured start scales all sums to size 1. \"He's size\": the "
      "same with sums as large as those of He's first layer. Behind: by "
      "how many points each of the two is behind gain 2, which is He's "
      "start (a minus: ahead); %d seeds, compared seed by seed:",
      seeds));
  print("\n");
  Rows rows = {
      {"layers", "gain 2", "measured", "behind", "He's size", "behind"}};
  Progress progress("measured at He's size",
                    static_cast<int>(wedge_depths.size()) * seeds, "runs");
  int done = 0;
  for (std::size_t depth = 0; depth < wedge_depths.size(); ++depth) {
    std::vector<std::optional<double>> sized;
    for (int i = 0; i < seeds; ++i) {
      TrainingSettings settings = tour_settings(tour);
      settings.seed += static_cast<std::uint64_t>(i);
      sized.push_back(compute_start(wedge_starts()[measured],
                                    wedge_depths[depth], 100, tour.digits,
                                    settings, until_interrupted(tour),
                                    measured_start_of_he_size)
                          .accuracy);
      if (tour.program.interrupted()) return;
      progress.update(++done);
    }
    rows.push_back(
        {std::to_string(wedge_depths[depth]),
         seeds_text(study.cell(depth, he)),
         seeds_text(study.cell(depth, measured)),
         paired_text(study.cell(depth, he), study.cell(depth, measured)),
         seeds_text(sized), paired_text(study.cell(depth, he), sized)});
  }
  print_table(rows);
}

inline void wedge_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 5);
  step("The wedge from several seeds");
  say(format(
      "The wedge from %d seeds: held-out digits read in percent, as a mean "
      "+- its standard error, which says how far chance usually moves it. "
      "Broke: the numbers stopped being finite.",
      seeds));
  print("\n");
  WedgeStudy study =
      train_wedges(tour, tour_settings(tour).learning_rate, seeds);
  if (tour.program.interrupted()) return;
  print_wedge_means(study);
  tour.program.figure(
      "full-wedge.svg",
      wedge_figure(wedge_depths, wedge_starts(), unbroken(study.means),
                   seeds),
      "the means: how many starts still learn in the last row?");
  measured_beside_he(tour, study);
  if (tour.program.interrupted()) return;
  wedge_at_other_rates(tour, std::move(study));
}

}  // namespace cnn
