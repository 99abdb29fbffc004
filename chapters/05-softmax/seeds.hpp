// The same experiment from several seeds: the mean, and how far it may be
// off by chance.
// Book: book/05-softmax.md
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Some runs that differ in nothing but the seed: their mean, and how far
// that mean may be off by chance (its standard error; 0 for a single run).
struct SeedMean {
  double mean = 0, error = 0;
};

// Throws std::invalid_argument if there are no runs.
inline SeedMean seed_mean(const std::vector<double>& runs) {
  if (runs.empty())
    fail(Refusal::argument, "seed_mean: expected one run or more, got 0");
  const auto n = static_cast<double>(runs.size());
  SeedMean found;
  for (const double run : runs) found.mean += run / n;
  double squares = 0;
  for (const double run : runs)
    squares += (run - found.mean) * (run - found.mean);
  if (runs.size() > 1) found.error = std::sqrt(squares / (n - 1) / n);
  return found;
}

// How far some runs lie behind others that had the same seeds.
struct PairedMean {
  SeedMean of;     // the differences, ahead - behind, seed by seed
  int behind = 0;  // the number of seeds for which they do
};

// Throws std::invalid_argument unless both have the same number of runs,
// at least 1.
inline PairedMean paired_mean(const std::vector<double>& ahead,
                              const std::vector<double>& behind) {
  if (ahead.size() != behind.size())
    fail(Refusal::argument,
         "paired_mean: expected " + counted_text(ahead.size(), "run") +
             " of the same seeds, got " + std::to_string(behind.size()));
  PairedMean found;
  std::vector<double> differences;
  for (std::size_t i = 0; i < ahead.size(); ++i) {
    differences.push_back(ahead[i] - behind[i]);
    found.behind += behind[i] < ahead[i];
  }
  found.of = seed_mean(differences);
  return found;
}

// A mean with `decimals` digits after the point: "0.25", or "0.25 +- 0.01"
// where there are several seeds.
inline std::string number_text(const SeedMean& it, int seeds,
                               int decimals) {
  char text[64] = "";
  if (seeds == 1)
    std::snprintf(text, sizeof text, "%.*f", decimals, it.mean);
  else
    std::snprintf(text, sizeof text, "%.*f +- %.*f", decimals, it.mean,
                  decimals, it.error);
  return text;
}

// The same for a difference, with its sign: "+0.25 +- 0.01".
inline std::string signed_text(const SeedMean& it, int seeds,
                               int decimals) {
  return (it.mean < 0 ? "" : "+") + number_text(it, seeds, decimals);
}

// A mean of shares in percent: "96.72", or "96.7 +- 0.1" where there are
// several seeds.
inline std::string mean_text(const SeedMean& it, int seeds) {
  return number_text({100 * it.mean, 100 * it.error}, seeds,
                     seeds == 1 ? 2 : 1);
}

// The results of the runs that did not break.
inline std::vector<double> unbroken_runs(
    const std::vector<std::optional<double>>& runs) {
  std::vector<double> whole;
  for (const std::optional<double>& run : runs)
    if (run) whole.push_back(*run);
  return whole;
}

// The mean of the runs that did not break (0 if all did), the number of all
// runs, and how many of them broke.
struct RunsMean {
  SeedMean of;
  int runs = 0, broken = 0;
};

// Throws std::invalid_argument if there are no runs.
inline RunsMean mean_of_runs(
    const std::vector<std::optional<double>>& runs) {
  const std::vector<double> whole = unbroken_runs(runs);
  RunsMean found;
  found.runs = static_cast<int>(runs.size());
  found.broken = found.runs - static_cast<int>(whole.size());
  if (!whole.empty() || runs.empty()) found.of = seed_mean(whole);
  return found;
}

// The index of the largest mean, or on a tie the first of them. A mean with
// a broken run counts as 0.
inline std::size_t best_of_means(const std::vector<RunsMean>& means) {
  const auto whole = [&](std::size_t i) {
    return means[i].broken > 0 ? 0.0 : means[i].of.mean;
  };
  std::size_t at = 0;
  for (std::size_t i = 1; i < means.size(); ++i)
    if (whole(i) > whole(at)) at = i;
  return at;
}

// A mean of shares in percent, as above; or, if runs broke, how many:
// "broke", "1 of 5 broke".
inline std::string mean_text(const RunsMean& it) {
  if (it.broken == 0) return mean_text(it.of, it.runs);
  return it.runs == 1 ? "broke"
                      : std::to_string(it.broken) + " of " +
                            std::to_string(it.runs) + " broke";
}

inline std::string seeds_text(
    const std::vector<std::optional<double>>& runs) {
  return mean_text(mean_of_runs(runs));
}

// How far the shares of some runs lie above those of others with the same
// seeds, in percentage points: "+0.4", or "+0.4 +- 0.2" where there are
// several seeds; "-" if a run broke.
inline std::string paired_text(
    const std::vector<std::optional<double>>& above,
    const std::vector<std::optional<double>>& below) {
  const std::vector<double> a = unbroken_runs(above),
                            b = unbroken_runs(below);
  if (a.size() < above.size() || b.size() < below.size()) return "-";
  const SeedMean it = paired_mean(a, b).of;
  return signed_text({100 * it.mean, 100 * it.error},
                     static_cast<int>(a.size()), 1);
}

// What a table rests on: "One seed, 1", or "Means of 5 seeds, beginning
// with seed 1, each with its standard error".
inline std::string seeds_sentence(std::uint64_t first, int seeds) {
  const std::string beginning = std::to_string(first);
  return seeds == 1 ? "One seed, " + beginning
                    : "Means of " + std::to_string(seeds) +
                          " seeds, beginning with seed " + beginning +
                          ", each with its standard error";
}

}  // namespace cnn
