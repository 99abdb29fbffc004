// The axes of plots: which numbers they span, where each of them stands,
// and which are written.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "common/draw/text.hpp"

namespace cnn::plots {

constexpr int most_y_ticks = 6;  // or one more, at both ends

// Beyond its bounds even the distance of two numbers may overflow, or their
// quotient. On a log axis only numbers above 0 have a place.
bool is_drawable(double value, bool log = false);

bool is_whole(double value);

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

struct Axis {
  Range range;
  bool log = false;
  bool whole = false;         // ticks at whole numbers alone
  double start = 0, end = 0;  // the pixels of range.low and range.high

  double pixel(double value) const;
  bool contains(double value) const;
  // At 1, 2, 5 x 10^k, or decades, or whole numbers.
  std::vector<double> ticks(int at_most) const;
};

// With as many digits as it takes to tell neighbouring ticks apart; large
// whole numbers in groups of three: "1,000,000".
Strings tick_texts(const std::vector<double>& ticks);

// What an axis shows: the limits that were asked for, else the data's,
// rounded outwards if `round`.
struct Limits {
  std::optional<double> low, high;
};
Range range_of(Range data, Limits limits, bool log, bool round);

// Refuses limits that cannot be drawn, or not in this order.
void require_limits(const std::string& plot, const std::string& name,
                    Limits limits, bool log = false);

}  // namespace cnn::plots
