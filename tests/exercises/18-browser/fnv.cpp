// Exercise 3.
#include "fnv.hpp"

#include <string>
#include <vector>

#include "tests/exercises/check.hpp"

EXERCISE(fnv) {
  using namespace cnn;
  const auto gives = [&](const std::string& input,
                         const std::vector<std::uint8_t>& bytes,
                         const std::string& expected) {
    check.equal(input, expected, [&] {
      const std::uint64_t sum = fnv1a_of(bytes);
      std::string text;
      for (int digit = 15; digit >= 0; --digit)
        text += "0123456789abcdef"[sum >> (4 * digit) & 15u];
      return text;
    });
  };
  gives("no bytes", {}, "cbf29ce484222325");
  gives("the letter a", {'a'}, "af63dc4c8601ec8c");
  gives("one byte, 00", {0}, "af63bd4c8601b7df");
  gives("one byte, ff", {255}, "af64724c8602eb6e");
  gives("the letters foobar", {'f', 'o', 'o', 'b', 'a', 'r'},
        "85944171f73967e8");
}
