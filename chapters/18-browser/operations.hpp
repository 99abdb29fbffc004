// Which operations on floats every machine rounds alike. The standard IEEE
// 754 requires it of +, -, x, / and the square root: the result is the
// float that is nearest to the true one. Of exp, log and cos it does not.
// Book: book/18-browser.md
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "16-saving/resuming.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// An operation in float, and in double. A double has more than twice the
// digits of a float, so rounding it to a float gives the nearest one. For
// exp, log and cos there are exceptions, but too rare to be met here.
struct Operation {
  const char* name;
  bool prescribed;  // by IEEE 754
  float (*in_float)(float a, float b);
  double (*in_double)(double a, double b);
  float low, high;  // range of a; b has the sizes of numbers in training
};

inline constexpr std::array<Operation, 8> operations = {{
    {"a + b", true, [](float a, float b) { return a + b; },
     [](double a, double b) { return a + b; }, -1, 1},
    {"a - b", true, [](float a, float b) { return a - b; },
     [](double a, double b) { return a - b; }, -1, 1},
    {"a x b", true, [](float a, float b) { return a * b; },
     [](double a, double b) { return a * b; }, -1, 1},
    {"a / b", true, [](float a, float b) { return a / b; },
     [](double a, double b) { return a / b; }, -1, 1},
    {"root of a", true, [](float a, float) { return std::sqrt(a); },
     [](double a, double) { return std::sqrt(a); }, 0, 1},
    {"exp(a)", false, [](float a, float) { return std::exp(a); },
     [](double a, double) { return std::exp(a); }, -20, 0},
    {"log(a)", false, [](float a, float) { return std::log(a); },
     [](double a, double) { return std::log(a); }, 0.0001f, 1},
    {"cos(a)", false, [](float a, float) { return std::cos(a); },
     [](double a, double) { return std::cos(a); }, 0, 3.1415925f},
}};

// How often an operation missed the nearest float, and the checksum of all
// its results, for another machine to compare.
struct Rounded {
  int missed = 0;
  std::string checksum;
};

// For `count` random pairs (a, b); b is 1 to 2 times a power of two from
// 1/65,536 to 1.
inline Rounded round_many(const Operation& operation, int count,
                          std::uint64_t seed) {
  Random random(seed);
  Rounded all;
  Checksum sum;
  for (int i = 0; i < count; ++i) {
    const float a = random.uniform(operation.low, operation.high);
    const float b = std::ldexp(random.uniform(1, 2), -random.below(17));
    const float result = operation.in_float(a, b);
    const double exact = operation.in_double(a, b);
    all.missed += result != static_cast<float>(exact);
    sum.add({&result, 1});
  }
  all.checksum = sum.text();
  return all;
}

}  // namespace cnn
