#include "common/draw/text.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace cnn {
namespace {

// Unlike printf, to_chars writes the same in every locale.
std::string number_text(double value, std::chars_format format,
                        int precision) {
  // The largest double has 309 digits before the point.
  std::string text(static_cast<std::size_t>(320 + precision), '\0');
  const auto written = std::to_chars(text.data(), text.data() + text.size(),
                                     value, format, precision);
  text.resize(static_cast<std::size_t>(written.ptr - text.data()));
  const bool means_something =
      text.find_first_of("123456789i") != std::string::npos;
  return text[0] == '-' && !means_something ? text.substr(1) : text;
}

}  // namespace

int text_width(const std::string& text) {
  // In UTF-8 all bytes of a character but its first begin with bits 10.
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
      }));
}

Strings split_lines(const std::string& text) {
  Strings lines;
  std::istringstream in(text + "\n");
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Strings broken_into_lines(
    const std::string& text, double most,
    const std::function<double(const std::string&)>& measure) {
  if (text.empty()) return {};
  Strings words;
  std::istringstream pieces(text + " ");
  for (std::string piece; std::getline(pieces, piece, ' ');) {
    if (!words.empty() && piece[0] == '%')
      words.back() += " " + piece;
    else
      words.push_back(piece);
  }
  Strings lines;
  for (const std::string& word : words) {
    if (!lines.empty() && measure(lines.back() + " " + word) <= most) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string fixed_text(double value, int decimals) {
  return number_text(value, std::chars_format::fixed, decimals);
}

std::string short_text(double value, int digits) {
  return number_text(value, std::chars_format::general, digits);
}

}  // namespace cnn
