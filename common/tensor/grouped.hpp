// How the programs and the plots write large numbers.
#pragma once

#include <cmath>
#include <cstddef>
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

}  // namespace cnn
