// One way to solve exercises/varint.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cnn {

inline std::optional<std::uint64_t> read_varint(
    std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const std::uint64_t seven = bytes[i] & 0x7fu;
    // Nine bytes hold 9 x 7 = 63 bits, so the tenth may add only one.
    if (i == 9 && seven > 1) return {};
    number |= seven << (7 * i);
    if ((bytes[i] & 0x80u) == 0) return number;
  }
  return {};
}

}  // namespace cnn
