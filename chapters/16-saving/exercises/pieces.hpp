// Exercise 4 of chapter 16, fifteen minutes.
//
// A file of another format lists where its pieces lie, in any order: from
// byte `begin` up to, but not including, byte `end`. Do the pieces cover
// the file, from byte 0 to its last one, without a gap and without a byte
// that belongs to two of them? A piece may be empty.
//
// The list comes from a stranger, so `end` may be smaller than `begin`, and
// either may be larger than any file.
#pragma once

#include <cstdint>
#include <vector>

#include "common/shell/exercise.hpp"

namespace cnn {

struct Piece {
  std::uint64_t begin = 0, end = 0;
};

inline bool cover_exactly(std::vector<Piece> pieces, std::uint64_t size) {
  throw NotSolvedYet();
}

}  // namespace cnn
