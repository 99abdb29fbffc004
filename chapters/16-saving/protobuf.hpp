// As much of Protocol Buffers as it takes to write a file.
//
// A message is a row of fields, and a field is a key and a value. The key
// is a varint: 8 times the field's number plus the kind of its value. Kind
// 0 is a number, as a varint. Kind 2 is bytes with their length before
// them: a text, or a message. Kind 5 is four bytes: a float.
// Book: book/16-saving.md
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cnn {

// Seven bits to a byte, the lowest seven first. A byte's highest bit says
// that another byte follows: 300 = 0b10'0101100 -> ac 02.
inline std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7)
    bytes += static_cast<char>(0x80 | (number & 0x7f));
  return bytes + static_cast<char>(number);
}

// A message as it grows: each function adds a field of the given number.
class Message {
 public:
  Message& number(int field, std::uint64_t value) {
    bytes_ +=
        varint(static_cast<std::uint64_t>(field) << 3) + varint(value);
    return *this;
  }
  Message& bytes(int field, std::string_view value) {
    bytes_ += varint(static_cast<std::uint64_t>(field) << 3 | 2) +
              varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(int field, const Message& value) {
    return bytes(field, value.bytes_);
  }
  Message& four_bytes(int field, std::uint32_t value) {
    bytes_ += varint(static_cast<std::uint64_t>(field) << 3 | 5);
    for (int i = 0; i < 4; ++i)
      bytes_ += static_cast<char>(value >> (8 * i) & 0xffu);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace cnn
