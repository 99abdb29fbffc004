// One way to solve exercises/half.hpp.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace cnn {

inline std::uint16_t half_bits(float number) {
  if (std::isnan(number)) return 0x7e00;
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
  const float size = std::abs(number);
  if (size >= 65520.0f) return sign | 0x7c00u;
  // The halves around `size` are multiples of a step: of 2^-24 up to 2^-14,
  // and above, of a 1024th of the largest power of two up to `size`.
  int exponent = 0;
  std::frexp(size, &exponent);  // size < 2^exponent
  const int power = size < 0x1p-14f ? -13 : exponent;
  // Exact: a float has 24 bits, and the step is a power of two.
  const float steps = std::ldexp(size, 11 - power);
  float whole = std::floor(steps);
  const float rest = steps - whole;
  if (rest > 0.5f || (rest == 0.5f && std::fmod(whole, 2.0f) == 1.0f))
    whole += 1;
  // With + instead of |, a fraction of 1024 carries into the exponent.
  const int fraction = static_cast<int>(whole);
  const int half = (power + 13) * 1024 + fraction;
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace cnn
