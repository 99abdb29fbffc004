// How many pictures of a kind the reader refuses to answer.
// Book: book/17-handwriting.md
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "17-handwriting/letters_taught.hpp"
#include "17-handwriting/moves.hpp"
#include "17-handwriting/refusing.hpp"
#include "17-handwriting/splitting.hpp"
#include "17-handwriting/views.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// A digit cut into 16 squares of 7 x 7 pixels, which are put together in
// another order and placed as MNIST's: strokes, but no digit.
// digit (28, 28) -> (28, 28)
inline Tensor<> scrambled(const Tensor<>& digit, Random& random) {
  const std::vector<int> order = random.permutation(16);
  Tensor<> mixed({28, 28});
  for (int tile = 0; tile < 16; ++tile) {
    const int from = order[static_cast<std::size_t>(tile)];
    for (int y = 0; y < 7; ++y)
      for (int x = 0; x < 7; ++x)
        mixed(tile / 4 * 7 + y, tile % 4 * 7 + x) =
            digit(from / 4 * 7 + y, from % 4 * 7 + x);
  }
  return placed_as_mnist(mixed);
}

inline Dataset scrambled_digits(const Dataset& digits, std::uint64_t seed) {
  Random random(seed);
  return each_changed(
      digits, [&](const Tensor<>& it) { return scrambled(it, random); });
}

struct Refusals {
  std::string kind;
  int pictures = 0;
  int refused = 0;      // highest mean of five views < least_probability
  int once = 0;         // the same, if the network sees only one view
  double sureness = 0;  // highest mean of views, averaged over pictures
};

// pictures (N, 1, 28, 28), placed as MNIST's
inline Refusals compute_refusals(const std::string& kind,
                                 const Tensor<>& pictures,
                                 const Reader& reader) {
  const Tensor<> steady = steady_answers(pictures, reader);
  const Tensor<> once = in_batches(
      pictures, [&](int, const Tensor<>& some) { return reader(some); });
  Refusals it{kind, pictures.extent(0), 0, 0, 0};
  for (int n = 0; n < it.pictures; ++n) {
    const double sure = static_cast<double>(certainty(steady, n));
    it.refused += sure < least_probability;
    it.once += static_cast<double>(certainty(once, n)) < least_probability;
    it.sureness += sure / it.pictures;
  }
  return it;
}

}  // namespace cnn
