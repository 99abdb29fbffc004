// Step 1: digits that stand somewhere else.
// Book: book/17-handwriting.md
#pragma once

#include <string>
#include <vector>

#include "17-handwriting/figures.hpp"
#include "17-handwriting/moves.hpp"
#include "17-handwriting/steps_digits.hpp"
#include "common/data/story.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline void networks_to_move(HandwritingTour& tour) {
  Rows rows = {{"network", "held-out accuracy"}};
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t seed =
        tour.program.seed() + static_cast<std::uint64_t>(i);
    const bool from_file = i == 0 && asks_the_file(tour.program);
    tour.networks.push_back(from_file ? network_of_the_file()
                                      : trained_from_seed(tour, seed));
    rows.push_back(
        {"seed " + std::to_string(seed) +
             (from_file ? ", digits.safetensors" : ""),
         percent(accuracy(*tour.networks.back(), tour.digits.held_out))});
  }
  print_table(rows);
}

inline void show_moves(HandwritingTour& tour) {
  const Dataset& digits = tour.digits.held_out;
  Rows rows = {{"pixels", "to the right", "and down", "sure when wrong",
                "put back"}};
  for (int pixels = 0; pixels <= 6; ++pixels) {
    const MovedDigits diagonal =
        compute_moved(tour.first_network(), digits, pixels, pixels);
    const double right =
        compute_moved(tour.first_network(), digits, 0, pixels).moved;
    rows.push_back(
        {std::to_string(pixels), percent(right), percent(diagonal.moved),
         percent(diagonal.sure_when_wrong), percent(diagonal.put_back)});
    if (pixels == 2)
      tour.program.report("moved_2_accuracy",
                          format("%.4f", diagonal.moved));
    if (pixels == 4)
      tour.program.report("put_back_accuracy",
                          format("%.4f", diagonal.put_back));
  }
  print(
      "\n    All %s held-out digits are moved, and the first network reads "
      "them.\n    For digits that moved right and down, the table adds the "
      "mean\n    probability of the wrong answers, and the accuracy after "
      "they were put\n    back:\n\n",
      grouped(digits.size()).c_str());
  print_table(rows);
}

// Is the island round? All networks are asked, in case one is an exception.
inline void show_directions(HandwritingTour& tour) {
  Rows rows = {{"three pixels"}};
  for (std::size_t i = 0; i < tour.networks.size(); ++i)
    rows[0].push_back("seed " + std::to_string(tour.program.seed() + i));
  struct Direction {
    const char* name;
    int down, right;
  };
  for (const Direction& to :
       std::vector<Direction>{{"up", -3, 0},
                              {"down", 3, 0},
                              {"left", 0, -3},
                              {"right", 0, 3},
                              {"up and right", -3, 3},
                              {"down and left", 3, -3},
                              {"up and left", -3, -3},
                              {"down and right", 3, 3}}) {
    const Dataset moved_digits =
        shifted_digits(tour.digits.held_out, to.down, to.right);
    rows.push_back({to.name});
    for (const auto& network : tour.networks)
      rows.back().push_back(percent(accuracy(*network, moved_digits)));
  }
  print(
      "\n    Moved in each direction, and read by all three networks:\n\n");
  print_table(rows);
}

inline void show_island(HandwritingTour& tour) {
  const int most = tour.program.quick() ? 2 : 8;
  const Dataset some = first(tour.digits.held_out, 500);
  Progress progress("an island", 2 * most + 1, "rows");
  const MoveMaps maps =
      compute_move_maps(tour.first_network(), some, most,
                        [&](int row) { progress.update(row); });
  progress.clear();
  print(
      "\n    Every move by up to %d pixels, the first %d held-out "
      "digits:\n\n",
      most, some.size());
  tour.program.figure(
      "moved.svg", island_figure(maps, false),
      "how far from the middle would you trust the answer?");
  tour.program.figure(
      "put-back.svg", island_figure(maps, true),
      "the same digits, recentred first: where does that fail?");
}

inline void show_walk(HandwritingTour& tour) {
  const int label = 4;
  const std::vector<WalkStep> walk = compute_walk(
      tour.first_network(), first_of_class(tour.digits.held_out, label), 4);
  std::vector<Picture> frames;
  for (const WalkStep& now : walk) frames.push_back(walk_frame(now, label));
  tour.program.film(
      "walk-film.png", frames, 700,
      "when does the answer on the left change, and when on the right?");
  tour.program.figure("walk-strip.png", walk_strip(walk, label),
                      "the same, place by place: what is each taken for?");
}

// The first held-out 3, which every chapter looks at.
inline void show_story(HandwritingTour& tour) {
  if (tour.digits.held_out.size() <= story_digit) return;
  const std::vector<WalkStep> walk =
      compute_walk(tour.first_network(),
                   picture_of(tour.digits.held_out.images, story_digit), 3);
  Rows rows = {{"one digit", "answer", "probability"}};
  const auto add = [&](const std::string& place, const Tensor<>& p) {
    const int said = predictions(p)[0];
    rows.push_back({place, std::to_string(said),
                    percent(static_cast<double>(p(0, said)))});
  };
  for (const WalkStep& now : walk)
    if (now.pixels >= 0) add(walk_text(now.pixels), now.p_moved);
  add("put back", walk.back().p_put_back);
  print("\n    Held-out digit number %d, counted from 0, on its way:\n\n",
        story_digit);
  print_table(rows);
  print("\n");
  tour.program.figure("story.png", story_picture(walk),
                      "does the answer ever change?");
}

inline void an_island(HandwritingTour& tour) {
  step("The same digits, somewhere else");
  say(std::string("Chapter 06's network from three seeds. The first") +
      (asks_the_file(tour.program) ? ", which chapter 16 ships as a file,"
                                   : "") +
      " is asked about digits that moved; the others will say what was "
      "luck.");
  print("\n");
  networks_to_move(tour);
  show_moves(tour);
  show_island(tour);
  show_directions(tour);
  print("\n");
  show_walk(tour);
  show_story(tour);
}

}  // namespace cnn
