// Exercise 5.
#include "two_thresholds.hpp"

#include "common/tensor/random.hpp"
#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

std::string words_of(const std::pair<int, int>& pair) {
  return "{" + std::to_string(pair.first) + ", " +
         std::to_string(pair.second) + "}";
}

std::string words_of(const std::vector<int>& counts) {
  std::string words;
  for (const int count : counts)
    words += (words.empty() ? "" : " ") + std::to_string(count);
  return words;
}

// The definition, group by group and pixel by pixel.
double between(const std::vector<int>& counts, int a, int b) {
  double all = 0, mean = 0, pixels[3] = {}, means[3] = {};
  for (int level = 0; level < static_cast<int>(counts.size()); ++level) {
    const int group = level <= a ? 0 : level <= b ? 1 : 2;
    for (int i = 0; i < counts[static_cast<std::size_t>(level)]; ++i) {
      all += 1;
      mean += level;
      pixels[group] += 1;
      means[group] += level;
    }
  }
  double sum = 0;
  for (int group = 0; group < 3; ++group) {
    if (pixels[group] == 0) return -1;
    const double off = means[group] / pixels[group] - mean / all;
    sum += pixels[group] / all * off * off;
  }
  return sum;
}

std::pair<int, int> expected_thresholds(const std::vector<int>& counts) {
  std::pair<int, int> best;
  double most = -1;
  const int levels = static_cast<int>(counts.size());
  for (int a = 0; a < levels; ++a)
    for (int b = a + 1; b < levels; ++b)
      if (between(counts, a, b) > most * (1 + 1e-9)) {
        most = between(counts, a, b);
        best = {a, b};
      }
  return best;
}

}  // namespace

EXERCISE(two_thresholds) {
  const auto split = [&](const std::vector<int>& counts) {
    check.equal("counts " + words_of(counts),
                words_of(expected_thresholds(counts)),
                [&] { return words_of(two_thresholds(counts)); });
  };
  split({1, 1, 1});
  split({0, 5, 0, 0, 4, 1, 0, 0, 7, 2});
  split({3, 0, 0, 0, 1, 0, 0, 0, 0, 9});
  // The best single threshold lies between 4 and 6, which belong together.
  split({10, 0, 0, 0, 10, 0, 10, 0, 0, 0, 10});
  split({0, 0, 40, 0, 0, 0, 5, 0, 0, 0, 60, 0});
  Random random(17);
  for (int i = 0; i < 60; ++i) {
    std::vector<int> counts(static_cast<std::size_t>(4 + random.below(12)));
    for (int& count : counts)
      count = random.below(3) == 0 ? 0 : random.below(20);
    counts.insert(counts.end(), {1, 2, 1});
    split(counts);
  }
}
