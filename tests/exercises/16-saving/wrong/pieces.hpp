// The mistake that a reader is most likely to make.
#pragma once

#include <cstdint>
#include <vector>

namespace cnn {

struct Piece {
  std::uint64_t begin = 0, end = 0;
};

// Counts the bytes of all pieces, wherever they lie.
inline bool cover_exactly(std::vector<Piece> pieces, std::uint64_t size) {
  std::uint64_t bytes = 0;
  for (const Piece& piece : pieces) bytes += piece.end - piece.begin;
  return bytes == size;
}

}  // namespace cnn
