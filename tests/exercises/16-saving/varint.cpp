// Exercise 3.
#include "varint.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include "tests/exercises/check.hpp"

EXERCISE(varint) {
  using namespace cnn;
  using Bytes = std::vector<std::uint8_t>;
  const auto reads = [&](const Bytes& bytes, const std::string& expected) {
    std::string input = "bytes";
    for (const std::uint8_t byte : bytes) {
      char text[4];
      std::snprintf(text, sizeof text, " %02x", byte);
      input += text;
    }
    check.equal(input, expected, [&] {
      const auto number = read_varint(bytes);
      return number ? std::to_string(*number) : std::string("nothing");
    });
  };
  reads({0x08}, "8");
  reads({0x00}, "0");
  reads({0x7f, 0xff}, "127");
  reads({0xac, 0x02}, "300");
  reads({0x80, 0x01, 0x05}, "128");
  reads({0xa8, 0xe8, 0x01}, "29736");
  reads({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01},
        "9223372036854775808");
  reads({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
        "18446744073709551615");
  reads({}, "nothing");
  reads({0xac}, "nothing");
  reads({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02},
        "nothing");
  reads(Bytes(11, 0x80), "nothing");
  Bytes eleven(10, 0x80);
  eleven.push_back(0x00);
  reads(eleven, "nothing");
}
