// The same experiment from several seeds: the mean, and how far it may be
// off by chance.
// Book: book/10-initialization.md
#pragma once

#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "common/tensor/fail.hpp"

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

// A mean of shares in percent: "96.72", or "96.7 +- 0.1" where there are
// several seeds.
inline std::string mean_text(const SeedMean& it, int seeds) {
  char text[64] = "";
  if (seeds == 1)
    std::snprintf(text, sizeof text, "%.2f", 100 * it.mean);
  else
    std::snprintf(text, sizeof text, "%.1f +- %.1f", 100 * it.mean,
                  100 * it.error);
  return text;
}

// The mean of some runs' shares; or, if runs broke, how many: "1 of 5
// broke". Throws std::invalid_argument if there are no runs.
inline std::string seeds_text(
    const std::vector<std::optional<double>>& runs) {
  std::vector<double> shares;
  for (const std::optional<double>& run : runs)
    if (run) shares.push_back(*run);
  if (shares.size() < runs.size())
    return std::to_string(runs.size() - shares.size()) + " of " +
           std::to_string(runs.size()) + " broke";
  return mean_text(seed_mean(shares), static_cast<int>(runs.size()));
}

}  // namespace cnn
