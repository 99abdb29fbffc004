// Exercise 4.
#include "pieces.hpp"

#include <string>
#include <vector>

#include "tests/exercises/check.hpp"

EXERCISE(pieces) {
  using namespace cnn;
  const auto covers = [&](const std::vector<Piece>& pieces,
                          std::uint64_t size, bool expected) {
    std::string input = "pieces";
    for (const Piece& piece : pieces)
      input += " [" + std::to_string(piece.begin) + ", " +
               std::to_string(piece.end) + ")";
    check.equal(input + " of " + std::to_string(size) + " bytes", expected,
                [&] { return cover_exactly(pieces, size); });
  };
  covers({{0, 8}}, 8, true);
  covers({{0, 8}, {8, 12}}, 12, true);
  covers({{8, 12}, {0, 8}}, 12, true);
  covers({}, 0, true);
  covers({{4, 8}, {4, 4}, {0, 4}}, 8, true);
  covers({}, 1, false);
  covers({{0, 8}}, 9, false);
  covers({{0, 8}}, 7, false);
  covers({{1, 8}}, 8, false);
  covers({{0, 8}, {4, 8}}, 12, false);
  covers({{0, 4}, {0, 4}, {8, 12}}, 12, false);
  covers({{0, 4}, {8, 12}}, 12, false);
  covers({{0, 8}, {8, 4}, {4, 12}}, 12, false);
  covers({{0, UINT64_MAX}, {UINT64_MAX, 8}}, 8, false);
}
