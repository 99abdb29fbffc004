// Exercise 5.
#include "checksum.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include "tests/exercises/check.hpp"

EXERCISE(checksum) {
  using namespace cnn;
  const auto hex = [](std::uint32_t sum) {
    char text[12];
    std::snprintf(text, sizeof text, "%08x", sum);
    return std::string(text);
  };
  const auto gives = [&](const std::string& input,
                         const std::vector<std::uint8_t>& bytes,
                         const std::string& expected) {
    check.equal(input, expected, [&] { return hex(crc32_of(bytes)); });
  };
  const auto letters = [](const std::string& text) {
    return std::vector<std::uint8_t>(text.begin(), text.end());
  };
  gives("no bytes", {}, "00000000");
  gives("one byte, 00", {0}, "d202ef8d");
  gives("two bytes, 00 00", {0, 0}, "41d912ff");
  gives("the letter a", letters("a"), "e8b7be43");
  gives("the letters 123456789", letters("123456789"), "cbf43926");
  gives("one byte, ff", {0xff}, "ff000000");
}
