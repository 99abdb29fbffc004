// One way to solve exercises/pieces.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace cnn {

struct Piece {
  std::uint64_t begin = 0, end = 0;
};

inline bool cover_exactly(std::vector<Piece> pieces, std::uint64_t size) {
  // An empty piece goes before the one that begins at the same place.
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) {
              return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
            });
  std::uint64_t at = 0;
  for (const Piece& piece : pieces) {
    if (piece.begin != at || piece.end < piece.begin) return false;
    at = piece.end;
  }
  return at == size;
}

}  // namespace cnn
