// Exercise 4.
#include "peak.hpp"

#include "12-generalization/random_features.hpp"
#include "common/data/files.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(peak) {
  using namespace cnn;
  const Split digits = load_digits({});
  const auto ask = [&](int count, const std::vector<int>& sizes,
                       std::uint64_t seed, int expected) {
    const Dataset learn = first(digits.train, count);
    const Tensor<double> features = random_features(
        random_cells(learn.images, 300, seed), learn.images);
    std::string words;
    for (const int size : sizes)
      words += (words.empty() ? "" : ", ") + text_of(size);
    check.equal(text_of(count) + " digits, " + words + " features, seed " +
                    text_of(static_cast<int>(seed)),
                expected, [&] {
                  return size_with_longest_weights(features, one_hot(learn),
                                                   sizes);
                });
  };
  ask(60, {20, 60, 300}, 1, 60);
  ask(60, {300, 60, 20}, 2, 60);
  ask(60, {20, 60, 300}, 3, 60);
  ask(20, {20, 60, 300}, 1, 20);
  // Far from the peak, on either side of it.
  ask(60, {10, 30}, 1, 30);
  ask(60, {100, 300}, 1, 100);
}
