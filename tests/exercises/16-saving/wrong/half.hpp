// The mistake that a reader is most likely to make.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace cnn {

// Cuts the fraction off instead of rounding it.
inline std::uint16_t half_bits(float number) {
  if (std::isnan(number)) return 0x7e00;
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
  const int exponent = static_cast<int>(bits >> 23 & 0xffu) - 127 + 15;
  if (exponent >= 31) return sign | 0x7c00u;
  if (exponent <= 0) return sign;
  return static_cast<std::uint16_t>(
      sign | static_cast<std::uint32_t>(exponent) << 10 |
      (bits >> 13 & 0x3ffu));
}

}  // namespace cnn
