// The mistake that a reader is most likely to make.
#pragma once

#include <cstdint>
#include <span>

namespace cnn {

// Multiplies first, which is FNV-1, the older sister.
inline std::uint64_t fnv1a_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : bytes) sum = sum * 0x100000001b3u ^ byte;
  return sum;
}

}  // namespace cnn
