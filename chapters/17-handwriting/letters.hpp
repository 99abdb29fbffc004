// Letters that nobody wrote: strokes of our own, changed a little, drawn
// with pens of varying width and placed as MNIST places a digit. A reader
// of digits should refuse them, and a network can be taught to read them.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "17-handwriting/placing.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The path of a pen that does not leave the paper, in a square from (0, 0)
// at the top left to (1, 1).
using PenStroke = std::vector<Point>;

// B, D, G, I, O, Q, S and Z are not among them: written by hand, they look
// like an 8, a 0, a 6, a 1, a 0, a 0, a 5 and a 2.
inline const std::string letter_names = "ACEFHJKLMNPRTUVWXY";

// A piece of an ellipse, from one angle to another, in degrees clockwise
// from the right.
inline PenStroke arc(Point middle, double height, double width, double from,
                     double to) {
  PenStroke points;
  for (int i = 0; i <= 16; ++i) {
    const double angle =
        (from + (to - from) * i / 16) * 3.14159265358979 / 180;
    points.push_back({middle.y + height / 2 * std::sin(angle),
                      middle.x + width / 2 * std::cos(angle)});
  }
  return points;
}

// The strokes of one of the letter_names.
// Throws std::invalid_argument for another letter.
inline std::vector<PenStroke> strokes_of(char letter) {
  const PenStroke left = {{0, 0}, {1, 0}};
  switch (letter) {
    case 'A':
      return {{{1, 0}, {0, 0.4}, {1, 0.8}}, {{0.6, 0.15}, {0.6, 0.65}}};
    case 'C':
      return {arc({0.5, 0.45}, 1, 0.9, -50, -310)};
    case 'E':
      return {left,
              {{0, 0}, {0, 0.6}},
              {{0.5, 0}, {0.5, 0.5}},
              {{1, 0}, {1, 0.6}}};
    case 'F':
      return {left, {{0, 0}, {0, 0.6}}, {{0.45, 0}, {0.45, 0.5}}};
    case 'H':
      return {left, {{0, 0.7}, {1, 0.7}}, {{0.5, 0}, {0.5, 0.7}}};
    case 'J':
      return {{{0, 0.2}, {0, 0.8}},
              {{0, 0.55}, {0.75, 0.55}},
              arc({0.75, 0.3}, 0.5, 0.5, 0, 160)};
    case 'K':
      return {left, {{0, 0.6}, {0.5, 0}, {1, 0.65}}};
    case 'L':
      return {{{0, 0}, {1, 0}, {1, 0.6}}};
    case 'M':
      return {{{1, 0}, {0, 0}, {0.6, 0.4}, {0, 0.8}, {1, 0.8}}};
    case 'N':
      return {{{1, 0}, {0, 0}, {1, 0.7}, {0, 0.7}}};
    case 'P':
      return {left, arc({0.27, 0.1}, 0.54, 0.9, -100, 100)};
    case 'R':
      return {left,
              arc({0.27, 0.1}, 0.54, 0.9, -100, 100),
              {{0.54, 0.1}, {1, 0.6}}};
    case 'T':
      return {{{0, 0}, {0, 0.8}}, {{0, 0.4}, {1, 0.4}}};
    case 'U':
      return {{{0, 0}, {0.65, 0}},
              arc({0.65, 0.35}, 0.7, 0.7, 180, 0),
              {{0.65, 0.7}, {0, 0.7}}};
    case 'V':
      return {{{0, 0}, {1, 0.4}, {0, 0.8}}};
    case 'W':
      return {{{0, 0}, {1, 0.25}, {0.3, 0.5}, {1, 0.75}, {0, 1}}};
    case 'X':
      return {{{0, 0}, {1, 0.7}}, {{0, 0.7}, {1, 0}}};
    case 'Y':
      return {{{0, 0}, {0.5, 0.4}}, {{0, 0.8}, {0.5, 0.4}, {1, 0.4}}};
    default:
      fail(Refusal::argument, "strokes_of: expected one of " +
                                  letter_names + ", got '" +
                                  std::string(1, letter) + "'");
  }
}

// The ink of a pen: 1 on its strokes, falling to 0 over the last pixel of
// their width. strokes and width in pixels -> (size, size)
inline Tensor<> drawn_strokes(const std::vector<PenStroke>& strokes,
                              double width, int size) {
  Tensor<> ink({size, size});
  for (const PenStroke& stroke : strokes)
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      const Point a = stroke[i - 1], b = stroke[i];
      const double dy = b.y - a.y, dx = b.x - a.x;
      const double length2 = std::max(dy * dy + dx * dx, 1e-9);
      for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) {
          const double v = y + 0.5 - a.y, u = x + 0.5 - a.x;
          const double t = std::clamp((v * dy + u * dx) / length2, 0., 1.);
          const double away = std::hypot(v - t * dy, u - t * dx);
          ink(y, x) =
              std::max(ink(y, x), static_cast<float>(std::clamp(
                                      width / 2 + 0.5 - away, 0.0, 1.0)));
        }
    }
  return ink;
}

// A letter as somebody might write it: turned by up to 12 degrees, slanted,
// wider or narrower, with lines bent by two slow waves. Its pen is 1.7 to
// 3.9 of MNIST's pixels wide, as 90 % of MNIST's pens are. -> (28, 28)
inline Tensor<> drawn_letter(char letter, Random& random) {
  const int size = 56;
  const auto between = [&](double low, double high) {
    return static_cast<double>(
        random.uniform(static_cast<float>(low), static_cast<float>(high)));
  };
  const double turn = between(-0.2, 0.2), slant = between(-0.3, 0.3),
               wide = between(0.7, 1.2), down_phase = between(0, 6.28),
               across_phase = between(0, 6.28), bend = between(0, 0.06);
  std::vector<PenStroke> strokes = strokes_of(letter);
  for (PenStroke& stroke : strokes) {
    // Small steps, so that a straight line can bend.
    PenStroke fine;
    for (std::size_t i = 1; i < stroke.size(); ++i)
      for (int k = i == 1 ? 0 : 1; k <= 4; ++k)
        fine.push_back(
            {stroke[i - 1].y + (stroke[i].y - stroke[i - 1].y) * k / 4,
             stroke[i - 1].x + (stroke[i].x - stroke[i - 1].x) * k / 4});
    const double off_y = between(-0.04, 0.04), off_x = between(-0.04, 0.04);
    for (Point& at : fine) {
      const double v = at.y - 0.5 + off_y, u = (at.x - 0.4 + off_x) * wide;
      const double y = v + bend * std::sin(7 * u + down_phase),
                   x = u - slant * v +
                       bend * std::sin(7 * v + across_phase);
      at = {size * (0.5 + 0.6 * (std::cos(turn) * y - std::sin(turn) * x)),
            size * (0.5 + 0.6 * (std::sin(turn) * y + std::cos(turn) * x))};
    }
    stroke = std::move(fine);
  }
  const double pixel = size * 0.6 / 20;  // one of MNIST's once placed
  return placed_as_mnist(
      drawn_strokes(strokes, pixel * between(1.7, 3.9), size));
}

}  // namespace cnn
