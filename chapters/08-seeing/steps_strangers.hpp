// Steps 7 and 8: the hidden space, and pictures that are not digits.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "08-seeing/figures.hpp"
#include "08-seeing/hidden_space.hpp"
#include "08-seeing/steps_tour.hpp"
#include "08-seeing/strangers.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// pixels: share_near_own_mean() of the images themselves
inline void show_hidden_space(const std::vector<HiddenSpace>& all,
                              int directions, double pixels) {
  Rows rows = {{"step", "variance in two directions", "right in 2",
                format("in %d", directions), "in all 400"}};
  for (const HiddenSpace& it : all)
    rows.push_back({std::to_string(it.step), percent(it.variance),
                    percent(it.in_two), percent(it.in_directions),
                    percent(it.in_all)});
  print_table(rows);
  print("\n    By the pixels themselves, with the same digits: %s\n",
        percent(pixels).c_str());
}

inline void look_into_hidden_space(SeeingTour& tour) {
  step("The hidden space: 400 numbers on two axes");
  const bool quick = tour.program.quick();
  const int directions = quick ? 2 : 10;
  const Dataset known = first(tour.digits.train, quick ? 200 : 2000);
  const Dataset asked = first(tour.digits.held_out, 1000);
  say("The directions in which the 400 numbers vary most and the means of "
      "the classes come from " +
      grouped(known.size()) + " training digits. Then each of " +
      grouped(asked.size()) +
      " held-out digits is read as the class whose mean is nearest. The "
      "table has the share of the variance that two directions hold, and "
      "the share of the digits that are read right in two directions, in " +
      std::to_string(directions) + " and in all 400:");
  print("\n");
  const std::vector<Snapshot>& snapshots = tour.snapshots;
  std::vector<HiddenSpace> all;
  for (const std::size_t i :
       {std::size_t{0}, snapshots.size() / 2, 3 * snapshots.size() / 4,
        snapshots.size() - 1})
    all.push_back(
        compute_hidden_space(snapshots[i], known, asked, directions));
  show_hidden_space(all, directions, share_near_own_mean(known, asked));
  tour.program.figure(
      "hidden-space.png", hidden_space_figure(all, asked.labels),
      all.back().in_two > all.front().in_two + 0.1
          ? "each numeral is one digit: some classes draw apart"
          : "each numeral is one digit: do the classes draw apart?");
}

// ---- What is no digit --------------------------------------------------

inline void show_strangers(const std::vector<Stranger>& strangers) {
  say("Here is what the network says about each picture, how probable it "
      "finds that answer, and the answer's logit. The 3 and the 7 lie on "
      "top of each other, the 2 has made a quarter turn, and the 7 has "
      "moved to the right until a part of it was lost:");
  print("\n");
  Rows rows = {{"picture", "says", "probability", "logit"}};
  for (const Stranger& it : strangers)
    rows.push_back({it.name, std::to_string(it.opinion.said),
                    percent(static_cast<double>(it.opinion.probability)),
                    format("%.1f", static_cast<double>(it.logit))});
  print_table(rows);
}

inline void ask_about_strangers(SeeingTour& tour) {
  step("What is no digit, and how sure the network is of it");
  const std::vector<Stranger> strangers = compute_strangers(
      *tour.network, strangers_among(tour.digits.held_out,
                                     {{"letter A", letter_image("A")},
                                      {"letter X", letter_image("X")}},
                                     tour.program.seed()));
  show_strangers(strangers);
  tour.program.figure("strangers.png", strangers_figure(strangers),
                      "it has no way to say: that is not a digit");
}

inline void show_kinds(const std::vector<KindOfPicture>& kinds) {
  Rows rows = {
      {"pictures", "right", "mean p", "p >= 0.99", "promised", "kept"}};
  const auto text = [](const std::optional<double>& share) {
    return share ? percent(*share) : std::string("-");
  };
  for (const KindOfPicture& it : kinds)
    rows.push_back({it.name, text(it.right), percent(it.mean_sureness),
                    percent(it.sure), text(it.promised),
                    text(it.right_of_sure)});
  print_table(rows);
}

inline void how_sure_of_many(SeeingTour& tour) {
  const Dataset data = first(tour.digits.held_out, 1000);
  print("\n");
  say((data.size() == 1000 ? "A thousand" : grouped(data.size())) +
      " pictures of each kind: how many are read right, and the mean "
      "probability p of all answers. The last three columns are about the "
      "answers with a probability of 0.99 or more: how many there are, "
      "what their mean probability promises, and what share of them is "
      "right. A dash stands where no answer can be called right, or none "
      "is that sure:");
  print("\n");
  show_kinds(compute_kinds(*tour.network, data, tour.program.seed() + 1));
}

}  // namespace cnn
