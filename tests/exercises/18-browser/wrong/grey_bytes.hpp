// The mistake that a reader is most likely to make.
#pragma once

#include <algorithm>
#include <cstdint>

namespace cnn {

// Cuts off the fraction, even one of 0.99999.
inline std::uint8_t byte_of_grey(float level) {
  return static_cast<std::uint8_t>(std::clamp(level, 0.0f, 1.0f) * 255.0f);
}

}  // namespace cnn
