// Untrusted text: which bytes form a character, and which characters may be
// printed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace cnn {

// How many bytes the UTF-8 character at the beginning of a text has; 0 if
// there is none. As in RFC 3629, a character has no more bytes than it
// needs, is not a surrogate, and is not above U+10FFFF.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(0);
  const std::size_t length = text.empty()                     ? 0
                             : first < 0x80                   ? 1
                             : first >= 0xc2 && first <= 0xdf ? 2
                             : (first & 0xf0u) == 0xe0        ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  unsigned code = first & (0xffu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0u) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool wrong = (length == 3 && code < 0x800) ||
                     (length == 4 && (code < 0x10000 || code > 0x10ffff)) ||
                     (code >= 0xd800 && code <= 0xdfff);
  return wrong ? 0 : length;
}

inline bool is_utf8(std::string_view text) {
  while (const std::size_t length = utf8_length(text))
    text.remove_prefix(length);
  return text.empty();
}

// The first characters of a text. A byte that belongs to none counts as
// one.
inline std::string_view first_characters(std::string_view text,
                                         std::size_t most) {
  std::size_t end = 0;
  for (; most > 0 && end < text.size(); --most)
    end += std::max<std::size_t>(1, utf8_length(text.substr(end)));
  return text.substr(0, end);
}

// The text, or as many characters of it as leave room for "..." if it has
// more than `most`, which is at least 3.
inline std::string shortened(std::string_view text, std::size_t most) {
  if (first_characters(text, most) == text) return std::string(text);
  return std::string(first_characters(text, most - 3)) + "...";
}

// Whether a text begins with a control character, which could steer a
// terminal: one below the space, DEL, or one from U+0080 to U+009F.
inline bool begins_with_control(std::string_view text) {
  if (text.empty()) return false;
  const auto first = static_cast<unsigned char>(text[0]);
  return first < 0x20 || first == 0x7f ||
         (first == 0xc2 && text.size() > 1 &&
          static_cast<unsigned char>(text[1]) < 0xa0);
}

// The text with a '?' in place of each control character and of each byte
// that belongs to no character.
inline std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0 || begins_with_control(text))
      shown += '?';
    else
      shown += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return shown;
}

}  // namespace cnn
