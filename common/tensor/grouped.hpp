// How numbers are written: large ones, and those of any size.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

namespace cnn {

// A number below 9e18 in magnitude, rounded, with a comma before every
// third digit from the end: "1,234,567".
inline std::string grouped(double number) {
  std::string digits = std::to_string(std::llround(number));
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t end = digits.size(); end > first + 3;) {
    end -= 3;
    digits.insert(end, ",");
  }
  return digits;
}

// A number with up to six digits that count: "0.05", "1e+30".
inline std::string short_text(double number) {
  char text[32] = "";
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

}  // namespace cnn
