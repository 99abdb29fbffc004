// Exercise 5.
#include "grey_bytes.hpp"

#include <cmath>
#include <string>

#include "tests/exercises/check.hpp"

EXERCISE(grey_bytes) {
  using namespace cnn;
  const auto is = [&](const std::string& input, float level, int byte) {
    check.equal(input, byte, [&] { return int{byte_of_grey(level)}; });
  };
  for (int byte = 0; byte < 256; ++byte)
    is("the level " + std::to_string(byte) + " / 255",
       static_cast<float>(byte) / 255.0f, byte);
  is("a little above 1 / 255", std::nextafter(1.0f / 255.0f, 1.0f), 1);
  is("a little below 1 / 255", std::nextafter(1.0f / 255.0f, 0.0f), 1);
  is("the level 0.5 / 255 and a little", 0.501f / 255.0f, 1);
  is("the level 0.9", 0.9f, 230);
  is("the level -0.1", -0.1f, 0);
  is("the level 1.5", 1.5f, 255);
  is("the level 1000", 1000.0f, 255);
}
