#include "common/draw/picture.hpp"

#include <algorithm>
#include <utility>

#include "common/draw/font.hpp"
#include "common/draw/text.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {
namespace {

// Keeps 3 x width x height, which stb counts with an int, in range.
constexpr long long most_pixels = 1LL << 28;

std::string size_text(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

void draw_letter(Picture& picture, int x, int y, char32_t letter,
                 Colour colour, int scale) {
  const font::Glyph rows = font::glyph(letter);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      if (rows[row][column] != '#') continue;
      picture.fill_rectangle(x + static_cast<int>(column) * scale,
                             y + static_cast<int>(row) * scale, scale,
                             scale, colour);
    }
  }
}

}  // namespace

Picture::Picture(int width, int height, Colour fill)
    : width_(width), height_(height) {
  if (width < 1 || height < 1 ||
      static_cast<long long>(width) * height > most_pixels) {
    fail(Refusal::argument,
         "Picture: expected a width and a height of 1 or more and at most "
         "2^28 pixels, got " +
             size_text(width, height));
  }
  pixels_.assign(
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
      fill);
}

const Colour& Picture::at(int x, int y) const {
  if (x < 0 || x >= width_ || y < 0 || y >= height_) {
    fail(Refusal::index, "Picture: no pixel (" + std::to_string(x) + ", " +
                             std::to_string(y) + ") in a picture of " +
                             size_text(width_, height_));
  }
  return pixels_[static_cast<std::size_t>(y) *
                     static_cast<std::size_t>(width_) +
                 static_cast<std::size_t>(x)];
}

Colour& Picture::at(int x, int y) {
  return const_cast<Colour&>(std::as_const(*this).at(x, y));
}

void Picture::fill_rectangle(int x, int y, int width, int height,
                             Colour colour) {
  const int right = std::min(x + width, width_);
  const int bottom = std::min(y + height, height_);
  for (int row = std::max(y, 0); row < bottom; ++row) {
    for (int column = std::max(x, 0); column < right; ++column) {
      at(column, row) = colour;
    }
  }
}

void Picture::outline_rectangle(int x, int y, int width, int height,
                                Colour colour, int thickness) {
  const int right = x + width - thickness;
  const int bottom = y + height - thickness;
  fill_rectangle(x, y, width, thickness, colour);
  fill_rectangle(x, bottom, width, thickness, colour);
  fill_rectangle(x, y, thickness, height, colour);
  fill_rectangle(right, y, thickness, height, colour);
}

void Picture::paste(const Picture& picture, int x, int y) {
  for (int row = 0; row < picture.height(); ++row) {
    for (int column = 0; column < picture.width(); ++column) {
      fill_rectangle(x + column, y + row, 1, 1, picture.at(column, row));
    }
  }
}

void Picture::text(int x, int y, const std::string& text, Colour colour,
                   int scale) {
  for (const std::string& line : split_lines(text)) {
    int left = x;
    for (const char32_t letter : font::decode_utf8(line)) {
      draw_letter(*this, left, y, letter, colour, scale);
      left += letter_width * scale;
    }
    y += line_pitch * scale;
  }
}

void Picture::centred_text(int x, int y, const std::string& text,
                           Colour colour, int scale) {
  for (const std::string& line : split_lines(text)) {
    this->text(x - text_width(line, scale) / 2, y, line, colour, scale);
    y += line_pitch * scale;
  }
}

int Picture::text_width(const std::string& text, int scale) {
  int letters = 0;
  for (const std::string& line : split_lines(text)) {
    letters = std::max(letters, cnn::text_width(line));
  }
  return letters == 0 ? 0 : (letters * letter_width - 1) * scale;
}

int Picture::text_height(const std::string& text, int scale) {
  const int lines = static_cast<int>(split_lines(text).size());
  return text.empty() ? 0
                      : ((lines - 1) * line_pitch + letter_height) * scale;
}

Colour text_colour_on(Colour background) {
  const double brightness = 0.299 * background.red +
                            0.587 * background.green +
                            0.114 * background.blue;
  return brightness < 110 ? colours::paper : colours::ink;
}

}  // namespace cnn
