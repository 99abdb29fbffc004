// Numbers as text: large ones, counts with their noun, and short forms.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string>

namespace cnn {

// Puts a comma before every third digit from the end of a whole number,
// which may have a minus sign: "1234567" -> "1,234,567".
inline std::string with_commas(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t end = digits.size(); end > first + 3;) {
    end -= 3;
    digits.insert(end, ",");
  }
  return digits;
}

// A number, rounded to a whole one: "1,234,567". Its magnitude must be
// below 9e18.
inline std::string grouped(double number) {
  return with_commas(std::to_string(std::llround(number)));
}
// A whole number of any size, exactly.
inline std::string grouped(std::integral auto number) {
  return with_commas(std::to_string(number));
}

// A count with its noun: "1 step", "1000 steps", "2 axes". Unless `many` is
// given, the plural is `one` with an s.
inline std::string counted_text(std::integral auto count,
                                const std::string& one,
                                const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}
inline std::string counted_text(std::integral auto count,
                                const std::string& one) {
  return counted_text(count, one, one + "s");
}

// A number with up to six significant digits: "0.05", "1e+30".
inline std::string short_text(double number) {
  char text[32] = "";
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

}  // namespace cnn
