// What more digits are worth, and how many digits a remedy is worth.
// Book: book/12-generalization.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "12-generalization/remedies.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// share = factor * digits ^ exponent: a straight line where both axes are
// logarithmic.
struct PowerLaw {
  double factor = 0, exponent = 0;

  double at(double digits) const {
    return factor * static_cast<double>(
                        std::exp(static_cast<float>(exponent) *
                                 std::log(static_cast<float>(digits))));
  }
};

// The power law that comes nearest to the points, by least squares between
// the logarithms.
// Throws std::invalid_argument unless there are two points or more, all
// numbers are above 0, and not all `digits` are the same.
inline PowerLaw nearest_power_law(const std::vector<double>& digits,
                                  const std::vector<double>& shares) {
  const auto refuse = [](const std::string& what) {
    fail(Refusal::argument, "nearest_power_law: expected " + what);
  };
  if (digits.size() != shares.size() || digits.size() < 2)
    refuse("two points or more, got " + std::to_string(digits.size()) +
           " and " + std::to_string(shares.size()) + " numbers");
  const auto log_of = [&](double number) {
    if (!(number > 0 && number < 1e30))
      refuse("numbers above 0, got " + std::to_string(number));
    return static_cast<double>(std::log(static_cast<float>(number)));
  };
  const auto n = static_cast<double>(digits.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    mean_x += log_of(digits[i]) / n;
    mean_y += log_of(shares[i]) / n;
  }
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const double x = log_of(digits[i]) - mean_x;
    xx += x * x;
    xy += x * (log_of(shares[i]) - mean_y);
  }
  if (!(xx > 0)) refuse("points at different places");
  const double exponent = xy / xx;
  return {static_cast<double>(
              std::exp(static_cast<float>(mean_y - exponent * mean_x))),
          exponent};
}

// At how many digits a falling curve of shares comes down to `share`.
// Between two of its points the curve follows the power law through them.
// 0 if `share` lies above or below the whole curve.
inline double digits_for(double share, const std::vector<double>& digits,
                         const std::vector<double>& shares) {
  for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
    if (!(shares[i] >= share && share >= shares[i + 1])) continue;
    if (!(shares[i] > shares[i + 1])) return digits[i];
    const PowerLaw back = nearest_power_law({shares[i], shares[i + 1]},
                                            {digits[i], digits[i + 1]});
    return back.at(share);
  }
  return 0;
}

// ---- The runs ----------------------------------------------------------

// The share of test digits that is misread, against the number of digits to
// learn from.
struct DataCurve {
  std::string name;
  std::vector<int> digits;
  // misread[i]: the shares after learning from digits[i], one for each seed
  std::vector<std::vector<double>> misread;

  // `digits` as the curve's x.
  std::vector<double> places() const {
    return {digits.begin(), digits.end()};
  }
  std::vector<double> means() const {
    std::vector<double> means;
    for (const auto& seeds : misread)
      means.push_back(seed_mean(seeds).mean);
    return means;
  }
};

// How many epochs over `digits` digits show about `pictures` pictures, so
// that runs with few and with many digits see equally many; at least one.
inline int epochs_for(int pictures, int digits) {
  return std::max(1, pictures / digits);
}

// Trains for about `pictures` pictures, and returns the share of the test
// digits that is misread.
inline double misread_after(const Remedy& remedy, Experiment experiment,
                            const Dataset& training, const Dataset& test,
                            int pictures, const AfterStep& after_step) {
  experiment.settings.epochs = epochs_for(pictures, training.size());
  const auto network = network_for(remedy, experiment);
  train_with(*network, remedy, training, experiment, after_step);
  return 1 - accuracy(*network, test);
}

}  // namespace cnn
