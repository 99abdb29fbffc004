// Exercise 5 of chapter 18, fifteen minutes.
//
// A pixel that was a byte, 0 to 255, became the float byte / 255.0f when it
// was read. The page fetches it as a byte again. Find the byte of a grey
// level. For each of these 256 levels it must be the byte that the level
// was made from, and for any other the nearest. Below 0 it is 0, above 1 it
// is 255.
#pragma once

#include <cstdint>

#include "common/shell/exercise.hpp"

namespace cnn {

inline std::uint8_t byte_of_grey(float level) {
  throw NotSolvedYet();
}

}  // namespace cnn
