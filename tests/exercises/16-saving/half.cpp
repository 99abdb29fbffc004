// Exercise 6.
#include "half.hpp"

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "tests/exercises/check.hpp"

EXERCISE(half) {
  using namespace cnn;
  const auto hex = [](unsigned bits) {
    char text[8];
    std::snprintf(text, sizeof text, "%04x", bits & 0xffffu);
    return std::string(text);
  };
  const auto gives = [&](float number, unsigned bits) {
    char input[40];
    std::snprintf(input, sizeof input, "number %.9g",
                  static_cast<double>(number));
    check.equal(input, hex(bits), [&] { return hex(half_bits(number)); });
  };
  gives(0.0f, 0x0000);
  gives(-0.0f, 0x8000);
  gives(1.0f, 0x3c00);
  gives(-2.0f, 0xc000);
  gives(0.1f, 0x2e66);
  gives(1.0f / 3, 0x3555);
  // From 1 on, halves are 1/1024 apart. The nearest is right, and in the
  // middle the one whose last bit is 0.
  gives(1.0f + 0.6f / 1024, 0x3c01);
  gives(1.0f + 0.5f / 1024, 0x3c00);
  gives(1.0f + 1.5f / 1024, 0x3c02);
  gives(2.0f - 0.5f / 1024, 0x4000);
  gives(65504.0f, 0x7bff);
  gives(65519.0f, 0x7bff);
  gives(65520.0f, 0x7c00);
  gives(-1e30f, 0xfc00);
  gives(std::numeric_limits<float>::infinity(), 0x7c00);
  gives(std::numeric_limits<float>::quiet_NaN(), 0x7e00);
  // The smallest halves.
  gives(std::ldexp(1.0f, -14), 0x0400);
  gives(std::ldexp(1023.0f, -24), 0x03ff);
  gives(std::ldexp(1023.75f, -24), 0x0400);
  gives(-std::ldexp(1.0f, -24), 0x8001);
  gives(std::ldexp(0.5f, -24), 0x0000);
  gives(std::ldexp(1.5f, -24), 0x0002);
  gives(std::ldexp(0.51f, -24), 0x0001);
  gives(std::numeric_limits<float>::denorm_min(), 0x0000);
}
