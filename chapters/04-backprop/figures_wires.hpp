// Draws computations as boxes and wires, with a value above each wire and a
// gradient below it.
// Book: book/04-backprop.md
#pragma once

#include <cmath>
#include <string>

#include "common/draw/svg.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// A number with a real minus sign.
inline std::string minus_text(float value) {
  return (value < 0 ? "−" : "") +
         format("%g", static_cast<double>(std::abs(value)));
}

namespace chain {

// A wire between two operations: the value goes to the right on the upper
// line, the gradient comes back on the lower one.
inline void wire(Drawing& drawing, double left, double right, double y,
                 const std::string& name, double value, double gradient) {
  const double up = y - 5, low = y + 5, middle = (left + right) / 2;
  drawing.line(left + 2, up, right - 2, up, "series-0");
  drawing.polyline({{right - 7, up - 5}, {right, up}, {right - 7, up + 5}},
                   "series-0");
  drawing.line(left + 2, low, right - 2, low, "series-1");
  drawing.polyline({{left + 7, low - 5}, {left, low}, {left + 7, low + 5}},
                   "series-1");
  drawing.text(middle, up - 9,
               name + " = " + minus_text(static_cast<float>(value)),
               "label series-0", "middle");
  drawing.text(middle, low + 20, minus_text(static_cast<float>(gradient)),
               "label series-1", "middle");
}

inline void operation(Drawing& drawing, double x, double y, double height,
                      const std::string& name, const std::string& slope) {
  constexpr double width = 46;
  drawing.rectangle(x, y, width, height, "paper axis");
  drawing.text(x + width / 2, y + height / 2 + 5, name, "title", "middle");
  drawing.text(x + width / 2, y + height + 18, slope, "small", "middle");
}

}  // namespace chain

}  // namespace cnn
