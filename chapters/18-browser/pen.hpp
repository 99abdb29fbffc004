// From the strokes of a finger, a pen or a mouse to the 28 x 28 pixels that
// a network is shown.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "17-handwriting/letters.hpp"
#include "17-handwriting/placing.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// How many cells of ink a pad has along each side: 8 for each pixel.
inline constexpr int pad_cells = 8 * 28;

// The width of a digit's strokes as a share of its longer side: in MNIST
// about 2.6 of the 20 pixels.
inline constexpr double pen_of_digit = 2.6 / 20;

// Strokes as a host hands them over: x, y and whether a stroke begins there
// (1) or goes on (0) for each point, in a square from (0, 0) at the top
// left to (1, 1). Throws std::invalid_argument for anything else.
inline std::vector<PenStroke> strokes_from(std::span<const float> numbers) {
  if (numbers.size() % 3 != 0)
    fail(Refusal::argument,
         "strokes_from: expected 3 numbers a point, got " +
             counted_text(numbers.size(), "number"));
  std::vector<PenStroke> strokes;
  for (std::size_t i = 0; i < numbers.size(); i += 3) {
    const float x = numbers[i], y = numbers[i + 1];
    if (!std::isfinite(x) || !std::isfinite(y))
      fail(Refusal::argument,
           "strokes_from: expected finite numbers, point " +
               std::to_string(i / 3) + " has another");
    if (strokes.empty() || numbers[i + 2] != 0) strokes.emplace_back();
    // A stroke may leave the square, but only as far as this.
    strokes.back().push_back(
        {std::clamp<double>(y, -1, 2), std::clamp<double>(x, -1, 2)});
  }
  return strokes;
}

// How wide the pen is, in sides of the pad. The middles of the strokes span
// `span`, so their ink spans `span` + width, and the width is pen_of_digit
// of that. A dot has no size of its own, so it is taken for a part of a
// small digit.
inline double pen_width(const std::vector<PenStroke>& strokes) {
  Point low = {2, 2}, high = {-1, -1};
  for (const PenStroke& stroke : strokes)
    for (const Point& at : stroke) {
      low = {std::min(low.y, at.y), std::min(low.x, at.x)};
      high = {std::max(high.y, at.y), std::max(high.x, at.x)};
    }
  const double span = std::max({high.y - low.y, high.x - low.x, 0.3});
  return span * pen_of_digit / (1 - pen_of_digit);
}

// Draws what drawn_strokes() of chapter 17 draws, but for each piece of a
// stroke it looks only at the cells that the piece can reach, because a pad
// is drawn again with every move of the pen. A stroke of one point leaves a
// dot. strokes and width in cells -> ink from 0 to 1 (size, size)
inline Tensor<> pen_ink(const std::vector<PenStroke>& strokes, double width,
                        int size) {
  Tensor<> ink({size, size});
  const double reach = width / 2 + 0.5;
  const auto first = [&](double at) {
    return static_cast<int>(std::clamp<double>(at - reach, 0, size));
  };
  const auto last = [&](double at) {
    return static_cast<int>(std::clamp<double>(at + reach + 1, 0, size));
  };
  const auto draw = [&](const Point& a, const Point& b) {
    const double dy = b.y - a.y, dx = b.x - a.x;
    const double length2 = std::max(dy * dy + dx * dx, 1e-9);
    for (int y = first(std::min(a.y, b.y)); y < last(std::max(a.y, b.y));
         ++y)
      for (int x = first(std::min(a.x, b.x)); x < last(std::max(a.x, b.x));
           ++x) {
        // How far the cell's middle is from the nearest point of the piece.
        const double v = y + 0.5 - a.y, u = x + 0.5 - a.x;
        const double t = std::clamp((v * dy + u * dx) / length2, 0.0, 1.0);
        const double v_off = v - t * dy, u_off = u - t * dx;
        const double away = std::sqrt(v_off * v_off + u_off * u_off);
        const double here = std::clamp(reach - away, 0.0, 1.0);
        ink(y, x) = std::max(ink(y, x), static_cast<float>(here));
      }
  };
  for (const PenStroke& stroke : strokes) {
    if (stroke.size() == 1) draw(stroke[0], stroke[0]);
    for (std::size_t i = 1; i < stroke.size(); ++i)
      draw(stroke[i - 1], stroke[i]);
  }
  return ink;
}

// What a network is shown of a pad: if `placed`, the digit as MNIST's
// makers would have placed it, otherwise as it lies. It takes only
// operations that every machine rounds alike, so the 784 numbers are the
// same everywhere.
// strokes in sides of the pad -> (28, 28)
inline Tensor<> picture_of_pad(std::vector<PenStroke> strokes,
                               bool placed) {
  const double width = pen_width(strokes) * pad_cells;
  for (PenStroke& stroke : strokes)
    for (Point& at : stroke) at = {at.y * pad_cells, at.x * pad_cells};
  const Tensor<> ink = pen_ink(strokes, width, pad_cells);
  return placed ? placed_as_mnist(ink) : area_average(ink, 28, 28);
}

}  // namespace cnn
