// The letters that pictures are labelled with: a fixed-width bitmap font,
// drawn for this project. Letters are 5 pixels wide; capitals and digits
// are 7 high and stand on the base line, and two more rows below it hold
// the tails of g, j, p, q and y.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace cnn::font {

// Nine rows of five characters, top to bottom: '#' is ink, '.' is not.
using Glyph = std::array<std::string_view, 9>;

// The drawing of one character. One that the font does not have gets an
// empty box, so that a reader sees that something is missing.
Glyph glyph(char32_t character);

// UTF-8 text as one number per character. Bytes that do not form a
// character become U+FFFD, which is drawn as the box.
std::u32string decode_utf8(std::string_view text);

}  // namespace cnn::font
