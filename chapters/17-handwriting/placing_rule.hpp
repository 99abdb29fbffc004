// Where the digits of a set stand: MNIST's rule, measured.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <map>

#include "02-convolution/pictures.hpp"
#include "17-handwriting/placing.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

struct PlacingRule {
  int digits = 0;
  Point least = {28, 28}, most, mean;  // of the centres of mass, per axis
  std::map<int, int> longest;          // longer side -> how many digits
  int stay = 0;                        // digits that recentring keeps
  // Each digit is moved by up to `pixels` along both axes: how many moves
  // there are, how many lose ink at an edge, and after how many of the
  // others recentring restores the digit exactly.
  int pixels = 0, moves = 0, lose_ink = 0, come_back = 0;
};

// Whether a box still lies inside the frame after a move.
inline bool stays_inside(const Box& box, int down, int right) {
  return box.top + down >= 0 && box.bottom + down <= 28 &&
         box.left + right >= 0 && box.right + right <= 28;
}

inline void count_moves(PlacingRule& rule, const Tensor<>& digit) {
  const Box box = ink_box(digit).value();
  for (int down = -rule.pixels; down <= rule.pixels; ++down)
    for (int right = -rule.pixels; right <= rule.pixels; ++right) {
      ++rule.moves;
      if (!stays_inside(box, down, right))
        ++rule.lose_ink;
      else if (recentred(moved(digit, down, right)) == digit)
        ++rule.come_back;
    }
}

// Adds a digit (28, 28) to the counts, and its centre to the sum in `mean`.
inline void count_digit(PlacingRule& rule, const Tensor<>& digit) {
  const auto centre = centre_of_mass(digit);
  if (!centre) return;  // blank
  ++rule.digits;
  rule.least = {std::min(rule.least.y, centre->y),
                std::min(rule.least.x, centre->x)};
  rule.most = {std::max(rule.most.y, centre->y),
               std::max(rule.most.x, centre->x)};
  rule.mean.y += centre->y;
  rule.mean.x += centre->x;
  const Box box = ink_box(digit).value();
  ++rule.longest[std::max(box.height(), box.width())];
  if (recentred(digit) == digit) ++rule.stay;
  count_moves(rule, digit);
}

// Measures all digits of both halves, (N, 1, 28, 28), but for blank ones.
inline PlacingRule compute_placing_rule(const Split& digits, int pixels) {
  PlacingRule rule;
  rule.pixels = pixels;
  for (const Dataset* half : {&digits.train, &digits.held_out})
    for (int n = 0; n < half->size(); ++n)
      count_digit(rule, picture_of(half->images, n));
  rule.mean = {rule.mean.y / rule.digits, rule.mean.x / rule.digits};
  return rule;
}

}  // namespace cnn
