// How numbers are written: large ones, and those of any size.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string>

namespace cnn {

// A whole number as text, with a comma before every third digit from the
// end: "1,234,567".
inline std::string with_commas(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t end = digits.size(); end > first + 3;) {
    end -= 3;
    digits.insert(end, ",");
  }
  return digits;
}

// A number below 9e18 in magnitude, rounded: "1,234,567".
inline std::string grouped(double number) {
  return with_commas(std::to_string(std::llround(number)));
}

// A count with its noun, whose plural has an s or is given: "1 step",
// "1000 steps", "2 axes".
inline std::string counted_text(std::integral auto count,
                                const std::string& one,
                                const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}
inline std::string counted_text(std::integral auto count,
                                const std::string& one) {
  return counted_text(count, one, one + "s");
}

// A number with up to six digits that count: "0.05", "1e+30".
inline std::string short_text(double number) {
  char text[32] = "";
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

}  // namespace cnn
