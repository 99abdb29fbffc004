// One way to solve exercises/grey_bytes.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace cnn {

inline std::uint8_t byte_of_grey(float level) {
  return static_cast<std::uint8_t>(
      std::round(std::clamp(level, 0.0f, 1.0f) * 255.0f));
}

}  // namespace cnn
