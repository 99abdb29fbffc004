// The mistake that a reader is most likely to make.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace cnn {

// Believes that a byte below hexadecimal 80 will come in time.
inline std::optional<std::uint64_t> read_varint(
    std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  int shift = 0;
  for (const std::uint8_t byte : bytes) {
    number |= static_cast<std::uint64_t>(byte & 0x7fu) << (shift % 64);
    if ((byte & 0x80u) == 0) break;
    shift += 7;
  }
  return number;
}

}  // namespace cnn
