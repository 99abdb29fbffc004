// The mistake that a reader is most likely to make.
#pragma once

#include <cstdint>
#include <span>

namespace cnn {

// Begins with 0, and leaves out the xor at the end.
inline std::uint32_t crc32_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (const std::uint8_t byte : bytes) {
    sum ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum & 1u) != 0 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
  }
  return sum;
}

}  // namespace cnn
