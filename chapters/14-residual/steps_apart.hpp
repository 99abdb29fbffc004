// Steps 5 to 8: trained networks taken apart. A block is taken out, the
// weights are moved, and two digits are followed along the stream.
// Book: book/14-residual.md
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "14-residual/steps_depth.hpp"
#include "common/data/story.hpp"

namespace cnn {

// The mean of some shares and the smallest of them, in percent.
inline std::string shares_text(const std::vector<double>& shares) {
  double sum = 0, least = 1;
  for (const double share : shares)
    sum += share, least = std::min(least, share);
  return format("%.1f, %.1f",
                100 * sum / static_cast<double>(shares.size()),
                100 * least);
}

inline void one_block_out(ResidualTour& tour) {
  step("One block taken out");
  const Dataset some = first(tour.digits.held_out, 500);
  say(
      format("Each of these networks again, with one of its blocks "
             "missing, and no further training. Accuracy on %d held-out "
             "digits in percent: whole; without a block, the mean over all "
             "blocks and the worst of them.",
             some.size()));
  print("\n");
  Rows rows = {{"network", "whole", "without one: mean, worst"}};
  std::vector<NamedShares> bars;
  int done = 0;
  Progress progress("one block out",
                    static_cast<int>(tour.trained.size()) * tour.blocks,
                    "networks");
  for (TrainedBlocks& it : tour.trained) {
    if (!it.run.held_out) continue;
    const std::string name = kind_name(it.network.kind);
    bars.push_back(
        {name, accuracies_without(*it.trained, it.network, some,
                                  [&] { progress.update(++done, name); })});
    rows.push_back({bars.back().name,
                    format("%.1f", 100 * accuracy(*it.trained, some)),
                    shares_text(bars.back().shares)});
    if (tour.program.interrupted()) return;
  }
  progress.clear();
  print_table(rows);
  if (!bars.empty())
    tour.program.figure("one-block-out.svg", removal_figure(bars),
                        "which network can spare a block?");
}

// The study's trainings of one kind and depth, which must be among them.
inline const DepthRuns& studied(const ResidualTour& tour, BlockKind kind,
                                int blocks) {
  return *std::find_if(
      tour.study.begin(), tour.study.end(), [&](const DepthRuns& it) {
        return it.network.kind == kind && it.network.blocks == blocks;
      });
}

// one_block_out() for the study's networks: from several seeds, and each at
// its best rate.
inline void one_block_out_of_many(ResidualTour& tour) {
  step("One block taken out of several networks");
  say(format(
          "The networks of %d blocks, each at its best rate in the table; "
          "held-out accuracy in percent, whole, without a block (the mean "
          "over all blocks) and without the one that is missed most. ",
          tour.blocks) +
      seeds_sentence(tour, tour.seeds(3)) + ".");
  print("\n");
  Rows rows = {{"network", "rate", "whole", "without one", "worst"}};
  std::vector<NamedShares> bars;
  int done = 0;
  Progress progress(
      "one block out",
      static_cast<int>(block_kinds.size()) * tour.seeds(3) * tour.blocks,
      "networks");
  for (const BlockKind kind : block_kinds) {
    const DepthRuns& runs = studied(tour, kind, tour.blocks);
    FastNetwork network(block_network(runs.network), {1, 28, 28});
    std::vector<double> whole, mean, worst;
    std::vector<double> each(static_cast<std::size_t>(tour.blocks));
    for (const TrainedRun& it : runs.trained[runs.best()]) {
      if (!it.run.held_out) continue;
      it.copy_to(network);
      const std::vector<double> without = accuracies_without(
          network, runs.network, tour.digits.held_out,
          [&] { progress.update(++done, kind_name(kind)); });
      double sum = 0;
      for (std::size_t k = 0; k < without.size(); ++k) {
        sum += without[k];
        each[k] += without[k];
      }
      whole.push_back(*it.run.held_out);
      mean.push_back(sum / static_cast<double>(without.size()));
      worst.push_back(*std::min_element(without.begin(), without.end()));
      if (tour.program.interrupted()) return;
    }
    if (whole.empty()) continue;
    const int count = static_cast<int>(whole.size());
    for (double& share : each) share /= count;
    rows.push_back({kind_name(kind), tick_text(runs.rates[runs.best()]),
                    mean_text(seed_mean(whole), count),
                    mean_text(seed_mean(mean), count),
                    mean_text(seed_mean(worst), count)});
    bars.push_back({kind_name(kind), each});
  }
  progress.clear();
  print_table(rows);
  if (!bars.empty())
    tour.program.figure("full-one-block-out.svg", removal_figure(bars),
                        "which networks can spare a block?");
}

// ---- The surface -------------------------------------------------------

// The loss of some digits on a random plane through the network.
inline Tensor<> plane_around(FastNetwork& network, const Dataset& some,
                             int cells, std::uint64_t seed) {
  Random random(seed + 0x706c616e65u);  // other draws than the weights'
  const WeightDirection u = filter_normalized(network, random),
                        v = filter_normalized(network, random);
  return loss_plane(network, u, v, some, cells, 1.0f);
}

// For each of some planes, the loss in the middle, and the shares of the
// cells where it is below 0.5 (`low`) and below 2.3, a guess's (`guess`).
struct PlaneNumbers {
  std::vector<double> middle, low, guess;

  void add(const Tensor<>& plane) {
    const int half = plane.extent(0) / 2;
    middle.push_back(static_cast<double>(plane(half, half)));
    low.push_back(share_below(plane, 0.5f));
    guess.push_back(share_below(plane, 2.3f));
  }
  Strings row(const std::string& name) const {
    const auto text = [](const std::vector<double>& all, int decimals,
                         double unit) {
      const SeedMean it = seed_mean(all);
      return all.size() == 1
                 ? format("%.*f", decimals, unit * it.mean)
                 : format("%.*f +- %.*f", decimals, unit * it.mean,
                          decimals, unit * it.error);
    };
    return {name, text(middle, 2, 1), text(low, 0, 100),
            text(guess, 0, 100)};
  }
};

inline Strings plane_head() {
  return {"network", "middle", "below 0.5 (%)", "below 2.3 (%)"};
}

inline void loss_around(ResidualTour& tour) {
  step("The loss around two networks");
  const int cells = tour.program.quick() ? 3 : 13;
  const Dataset some =
      first(tour.digits.train, tour.program.quick() ? 16 : 64);
  say(format(
      "We move the weights along two random directions, in which each "
      "filter is as long as the network's own (14.8), to %d x %d places "
      "from -1 to 1. The table shows the loss of %d digits in the middle, "
      "which is the network itself, and the share of places whose loss is "
      "below a limit. 2.3 is the loss of a guess.",
      cells, cells, some.size()));
  print("\n");
  std::vector<NamedPlane> planes;
  Rows rows = {plane_head()};
  for (TrainedBlocks& it : tour.trained) {
    if (!it.run.own || it.network.kind == BlockKind::added) continue;
    planes.push_back(
        {kind_name(it.network.kind),
         plane_around(*it.trained, some, cells, tour.program.seed())});
    PlaneNumbers numbers;
    numbers.add(planes.back().plane);
    rows.push_back(numbers.row(planes.back().name));
    if (tour.program.interrupted()) return;
  }
  print_table(rows);
  if (!planes.empty())
    tour.program.figure("surface.png", surface_picture(planes, 18, 2),
                        "how far does the light patch reach?");
}

// loss_around() for the study's networks of few and of many blocks, without
// skips and from nothing.
inline void loss_around_many(ResidualTour& tour) {
  step("The loss around networks of few and of many blocks");
  const int cells = tour.program.quick() ? 3 : 17;
  const Dataset some =
      first(tour.digits.train, tour.program.quick() ? 16 : 64);
  say(format("The loss of %d digits at %d x %d places on a plane through "
             "some networks of the first table, each at its best rate. The "
             "number in a name counts the network's blocks. The columns "
             "are the loss in the middle, which is the network itself, and "
             "the share of places where it is below a limit. ",
             some.size(), cells, cells) +
      seeds_sentence(tour, tour.seeds(3)) +
      "; the figure shows the first seed.");
  print("\n");
  std::vector<int> depths = depths_of(tour);
  if (!tour.program.quick()) depths = {1, tour.blocks, depths.back()};
  std::vector<NamedPlane> planes;
  Rows rows = {plane_head()};
  Progress progress("planes", static_cast<int>(2 * depths.size()),
                    "networks");
  int done = 0;
  for (const BlockKind kind : {BlockKind::plain, BlockKind::nothing})
    for (const int blocks : depths) {
      const DepthRuns& runs = studied(tour, kind, blocks);
      const std::string name =
          format("%s, %d", kind_name(kind).c_str(), blocks);
      FastNetwork network(block_network(runs.network), {1, 28, 28});
      PlaneNumbers numbers;
      for (const TrainedRun& it : runs.trained[runs.best()]) {
        if (!it.run.own) continue;
        it.copy_to(network);
        const Tensor<> plane = plane_around(network, some, cells, it.seed);
        if (numbers.middle.empty()) planes.push_back({name, plane});
        numbers.add(plane);
        if (tour.program.interrupted()) return;
      }
      if (!numbers.middle.empty()) rows.push_back(numbers.row(name));
      progress.update(++done);
    }
  progress.clear();
  print_table(rows);
  if (!planes.empty())
    tour.program.figure("full-surface.png", surface_picture(planes, 14, 3),
                        "landscapes in the same bands: which one would you "
                        "like to walk in?");
}

// ---- The stream --------------------------------------------------------

inline void along_the_stream(ResidualTour& tour) {
  const auto found = std::find_if(
      tour.trained.begin(), tour.trained.end(),
      [](const TrainedBlocks& it) {
        return it.network.kind == BlockKind::nothing && it.run.own;
      });
  if (found == tour.trained.end()) return;
  step("A digit on the stream");
  const Dataset one = subset(
      tour.digits.held_out,
      std::vector{first_index_of(tour.digits.held_out.labels, 8).value()});
  const Stream stream =
      stream_of(found->trained->outputs(one.images), found->network);
  say("A held-out 8 goes through the trained network from nothing. How "
      "much does each block add, compared with what came in, as a ratio of "
      "root mean squares?");
  print("\n");
  Rows rows = {{"block", "added / came in"}};
  const std::vector<double> shares = correction_shares(stream);
  for (std::size_t k = 0; k < shares.size(); ++k)
    rows.push_back({std::to_string(k + 1), format("%.2f", shares[k])});
  print_table(rows);
  float range = 0;
  for (const Tensor<>& place : stream.places)
    range = std::max(range, largest_magnitude(place));
  std::vector<Picture> frames;
  for (std::size_t k = 0; k < stream.places.size(); ++k)
    frames.push_back(
        stream_frame(stream, k, one.images.reshaped({28, 28}), range / 2));
  tour.program.film("stream-film.png", frames, 700,
                    "how much does each block add, and where?");
  tour.program.figure(
      "stream-strip.png", stream_strip(stream, range / 2),
      "follow one map down the rows: does its pattern survive?");
}

// ---- One digit's story -------------------------------------------------

// The networks whose training did not break, and what each says of one
// image after each of its blocks.
inline std::vector<NamedAnswers> answers_of_all(ResidualTour& tour,
                                                const Tensor<>& image) {
  std::vector<NamedAnswers> all;
  for (TrainedBlocks& it : tour.trained) {
    if (!it.run.own) continue;
    const auto numbers = it.trained->parameters();
    all.push_back({kind_name(it.network.kind),
                   answers_along(it.trained->outputs(image), it.network,
                                 numbers[numbers.size() - 2]->value,
                                 numbers.back()->value)});
  }
  return all;
}

// The first held-out 3, which every chapter looks at.
inline void one_digit_after_each_block(ResidualTour& tour) {
  if (tour.digits.held_out.size() <= story_digit) return;
  const Dataset one =
      subset(tour.digits.held_out, std::vector{story_digit});
  const int truth = one.labels[0];
  const std::vector<NamedAnswers> all = answers_of_all(tour, one.images);
  if (all.empty()) return;
  step("One digit's story");
  say(format(
      "Held-out digit number %d, counted from 0, is a %d. What would each "
      "network answer if its blocks ended sooner, so that its last layer "
      "read what is in the stream by then? Its answer, and the probability "
      "that it gives to a %d, in percent.",
      story_digit, truth, truth));
  print("\n");
  Rows rows = {{"blocks"}};
  for (const NamedAnswers& it : all) rows[0].push_back(it.name);
  for (std::size_t k = 0; k < all[0].answers.size(); ++k) {
    rows.push_back({std::to_string(k)});
    for (const NamedAnswers& it : all)
      rows.back().push_back(
          format("%d, %.1f", predictions(it.answers[k])[0],
                 100 * static_cast<double>(it.answers[k](0, truth))));
  }
  print_table(rows);
  tour.program.figure(
      "story.png",
      story_of_blocks(one.images.reshaped({28, 28}), truth, all),
      "which of the networks could have stopped early?");
}

}  // namespace cnn
