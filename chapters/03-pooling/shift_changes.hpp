// What a step of one pixel changes under several ways of pooling.
// Book: book/03-pooling.md
#pragma once

#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "03-pooling/pooling.hpp"
#include "03-pooling/shift.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A way of pooling, with its name in tables and figures.
struct NamedPooling {
  std::string name;
  Pooling pooling;
};

inline std::vector<NamedPooling> pooling_ways() {
  return {
      {"none", {.window = 1, .stride = 1}},
      {"2 x 2", {.window = 2, .stride = 2}},
      {"3 x 3, stride 2", {.window = 3, .stride = 2}},
      {"4 x 4", {.window = 4, .stride = 4}},
  };
}

// What a shift changes under each way of max-pooling.
// digits, moved (N, C, H, W)
inline std::vector<Change> changes_under(
    const std::vector<NamedPooling>& ways, const Tensor<>& digits,
    const Tensor<>& moved) {
  std::vector<Change> changes;
  for (const NamedPooling& way : ways)
    changes.push_back(compare(max_pool(digits, way.pooling),
                              max_pool(moved, way.pooling)));
  return changes;
}

// ---- One row -----------------------------------------------------------

// Equal rows of cells before and after a step to the right, and what a
// pooling without overlap makes of them. All maps are (1, 1, H, W).
struct RowStudy {
  Pooling pooling;
  Tensor<> row, moved, pooled, moved_pooled;

  int cells_changed() const {
    return compare(row, moved).changed / row.extent(2);
  }
  int maxima_changed() const {
    return compare(pooled, moved_pooled).changed;
  }
};

// Twelve cells in three windows of 4.
inline RowStudy study_row() {
  RowStudy it{
      {.window = 4, .stride = 4}, Tensor<>({1, 1, 4, 12}), {}, {}, {}};
  const float cells[12] = {1, 3, 9, 4, 0, 2, 7, 1, 2, 6, 0, 8};
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 12; ++x) it.row(0, 0, y, x) = cells[x];
  it.moved = shifted(it.row, 0, 1);
  it.pooled = max_pool(it.row, it.pooling);
  it.moved_pooled = max_pool(it.moved, it.pooling);
  return it;
}

// ---- One step to the right ---------------------------------------------

struct ShiftStudy {
  std::vector<NamedPooling> ways;
  std::vector<Change> changes;         // of all the digits together
  std::vector<double> digit_by_digit;  // the mean of their own shares

  // The share of the inked cells that change, divided by the same share
  // without pooling.
  double of_unpooled(std::size_t way) const {
    return changes[way].share_of_inked() / changes[0].share_of_inked();
  }
  // What that would be if a window's brightest cell were equally likely in
  // all the columns that it sees before or after the step: a window of K
  // sees K + 1 columns, and only the first and the last make a difference.
  double of_unpooled_by_chance(std::size_t way) const {
    return 2.0 / (ways[way].pooling.window + 1);
  }
  // Do all three measures fall from each way to the next?
  bool all_fall() const {
    for (std::size_t i = 1; i < ways.size(); ++i)
      if (!(digit_by_digit[i] < digit_by_digit[i - 1] &&
            changes[i].share_of_inked() < changes[i - 1].share_of_inked() &&
            changes[i].relative_l2 < changes[i - 1].relative_l2))
        return false;
    return true;
  }
  // With the largest window, do fewer inked cells change while more cells
  // are inked?
  bool inked_share_rises() const {
    const Change &none = changes.front(), &most = changes.back();
    return most.share_of_inked() < none.share_of_inked() &&
           most.share_inked() > none.share_inked();
  }
};

// digits (N, C, H, W)
inline ShiftStudy study_shift(const Tensor<>& digits, int down, int right) {
  const Tensor<> moved = shifted(digits, down, right);
  ShiftStudy study;
  study.ways = pooling_ways();
  study.changes = changes_under(study.ways, digits, moved);
  for (const NamedPooling& way : study.ways)
    study.digit_by_digit.push_back(mean_share_of_inked(
        max_pool(digits, way.pooling), max_pool(moved, way.pooling)));
  return study;
}

// ---- The window, not the size ------------------------------------------

// One way of pooling, with the maximum and with the mean.
struct MaxAndMean {
  std::string name;
  Change of_max, of_mean;
};

struct CauseStudy {
  std::vector<MaxAndMean> cases;

  const MaxAndMean& at(const std::string& name) const {
    for (const MaxAndMean& it : cases)
      if (it.name == name) return it;
    fail(Refusal::argument, "CauseStudy: no case " + name);
  }
  // A stride alone leaves more than 0.9 of the share of inked cells that
  // change; a window with stride 1 leaves less.
  bool window_is_the_cause() const {
    const double none = at("none").of_max.share_of_inked();
    const auto near = [&](const std::string& name) {
      return at(name).of_max.share_of_inked() > 0.9 * none;
    };
    return near("every 2nd cell") && near("every 4th cell") &&
           at("4 x 4, stride 1").of_max.share_of_inked() < 0.9 * none;
  }
  // Under the mean more inked cells change than under the maximum, and with
  // windows of 2 x 2 more than without pooling, but relative_l2 is no
  // larger.
  bool mean_spreads_the_change() const {
    for (const char* name : {"2 x 2", "4 x 4", "4 x 4, stride 1"})
      if (at(name).of_mean.share_of_inked() <=
              at(name).of_max.share_of_inked() ||
          at(name).of_mean.relative_l2 > at(name).of_max.relative_l2)
        return false;
    return at("2 x 2").of_mean.share_of_inked() >
           at("none").of_mean.share_of_inked();
  }
};

// Moves the digits (N, C, H, W) one step to the right.
inline CauseStudy study_cause(const Tensor<>& digits) {
  const Tensor<> moved = shifted(digits, 0, 1);
  const std::vector<NamedPooling> ways = {
      {"none", {.window = 1, .stride = 1}},
      {"every 2nd cell", {.window = 1, .stride = 2}},
      {"every 4th cell", {.window = 1, .stride = 4}},
      {"2 x 2", {.window = 2, .stride = 2}},
      {"4 x 4", {.window = 4, .stride = 4}},
      {"4 x 4, stride 1", {.window = 4, .stride = 1}},
  };
  CauseStudy study;
  for (const auto& [name, it] : ways)
    study.cases.push_back(
        {name, compare(max_pool(digits, it), max_pool(moved, it)),
         compare(average_pool(digits, it), average_pool(moved, it))});
  return study;
}

}  // namespace cnn
