#include "common/draw/axis.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "common/draw/page.hpp"
#include "common/draw/plot.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn::plots {

bool is_drawable(double value, bool log) {
  return std::abs(value) <= 1e150 && (!log || value >= 1e-150);
}

bool is_whole(double value) {
  return std::abs(value) < 1e15 && value == std::round(value);
}

double Axis::pixel(double value) const {
  double share = log ? std::log10(value / range.low) /
                           std::log10(range.high / range.low)
                     : (value - range.low) / (range.high - range.low);
  // Far outside the plot it no longer matters how far.
  share = std::clamp(share, -1e4, 1e4);
  return start + share * (end - start);
}

namespace {

// How far rounding to float may move a value, as a share of the distance
// between two ticks or of the whole range; on a logarithmic axis, as a
// share of the value.
constexpr double rounding = 1e-6;

}  // namespace

bool Axis::contains(double value) const {
  const double size = range.high - range.low;
  return value >= range.low - rounding * (log ? range.low : size) &&
         value <= range.high + rounding * (log ? range.high : size);
}

namespace {

// The smallest of 1, 2, 5 x 10^k that is at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - rounding)) return factor * power;
  }
  return 10 * power;
}

std::vector<double> linear_ticks(Range range, int at_most, bool whole) {
  const double least = whole ? 1 : 0;
  const double step =
      std::max(least, round_step((range.high - range.low) / at_most));
  std::vector<double> ticks;
  const double last = std::floor(range.high / step + rounding);
  for (double k = std::ceil(range.low / step - rounding); k <= last; ++k) {
    ticks.push_back(k == 0 ? 0 : k * step);
  }
  return ticks;
}

// Every decade, or every second, third and so on, counted from 10^0; over
// fewer than three decades also 2 and 5 times each, if `at_most` is above
// 4. If these are fewer than two ticks, those of a linear axis.
std::vector<double> log_ticks(Range range, int at_most) {
  const int first =
      static_cast<int>(std::floor(std::log10(range.low) + rounding));
  const int last =
      static_cast<int>(std::floor(std::log10(range.high) + rounding));
  const int every = (last - first) / at_most + 1;
  std::vector<double> ticks;
  for (int k = first - first % every; k <= last; k += every) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10.0, k);
      const bool wanted = factor == 1 || (last - first < 3 && at_most > 4);
      if (wanted && value >= range.low * (1 - rounding) &&
          value <= range.high * (1 + rounding)) {
        ticks.push_back(value);
      }
    }
  }
  return ticks.size() < 2 ? linear_ticks(range, at_most, false) : ticks;
}

}  // namespace

std::vector<double> Axis::ticks(int at_most) const {
  return log ? log_ticks(range, at_most)
             : linear_ticks(range, at_most, whole);
}

Strings tick_texts(const std::vector<double>& ticks) {
  Strings texts;
  const bool grouped_digits =
      std::all_of(ticks.begin(), ticks.end(), is_whole) &&
      std::any_of(ticks.begin(), ticks.end(),
                  [](double tick) { return std::abs(tick) >= 10000; });
  if (grouped_digits) {
    for (const double tick : ticks) texts.push_back(grouped(tick));
    return texts;
  }
  for (int digits = 6; digits <= 17; ++digits) {
    texts.clear();
    for (const double tick : ticks) {
      texts.push_back(short_text(tick, digits));
    }
    if (std::set<std::string>(texts.begin(), texts.end()).size() ==
        texts.size()) {
      break;
    }
  }
  return texts;
}

namespace {

Range rounded_outwards(Range range, bool log) {
  if (!log) {
    const double step = round_step((range.high - range.low) / most_y_ticks);
    return {std::floor(range.low / step + rounding) * step,
            std::ceil(range.high / step - rounding) * step};
  }
  // To the next 1, 2 or 5 times a power of ten. round_step() rounds
  // upwards, and x is rounded down where 1 / x is rounded up.
  return {1 / round_step(1 / range.low), round_step(range.high)};
}

}  // namespace

Range range_of(Range data, Limits limits, bool log, bool round) {
  if (data.empty()) data = log ? Range{1, 10} : Range{0, 1};
  Range range{limits.low.value_or(data.low),
              limits.high.value_or(data.high)};
  const double size = std::max(std::abs(range.low), std::abs(range.high));
  const double least = std::max(1e-12 * size, log ? 0.0 : 1e-200);
  if (!(range.high - range.low > least)) {
    // All data are equal, or lie beyond the only limit that was given:
    // leave some room around that number.
    const double centre = limits.high.value_or(range.low);
    const double room =
        std::abs(centre) < 1e-180 ? 1 : std::abs(centre) / 2;
    range.low = limits.low.value_or(centre - room);
    range.high = limits.high.value_or(centre + room);
  }
  if (!round) return range;
  const Range rounded = rounded_outwards(range, log);
  return {limits.low.value_or(rounded.low),
          limits.high.value_or(rounded.high)};
}

void require_limits(const std::string& plot, const std::string& name,
                    Limits limits, bool log) {
  for (const auto& limit : {limits.low, limits.high}) {
    if (limit && !is_drawable(*limit, log)) {
      refuse(plot, "expected " + name + " limits " +
                       (log ? "above 0 " : "") + "that can be drawn, got " +
                       tick_text(*limit));
    }
  }
  if (limits.low && limits.high && !(*limits.low < *limits.high)) {
    refuse(plot, "expected " + name + "_min below " + name + "_max, got " +
                     tick_text(*limits.low) + " and " +
                     tick_text(*limits.high));
  }
}

}  // namespace cnn::plots

std::string cnn::tick_text(double value) {
  return short_text(value, 6);
}
