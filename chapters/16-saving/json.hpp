// As much of JSON as a safetensors header needs, read strictly: objects,
// strings, lists of whole numbers, and no deeper nesting than that.
// Book: book/16-saving.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/tensor/utf8.hpp"

namespace cnn {

// Reads a text from front to back and remembers the first error in it. From
// then on, every function that reads returns false.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  // Skips blanks, and takes the next character if it is `sign`.
  bool take(char sign) {
    skip_blanks();
    if (!ok() || at_ == text_.size() || text_[at_] != sign) return false;
    ++at_;
    return true;
  }
  // The same, but any other character is an error.
  bool expect(char sign) {
    return take(sign) || wrong(std::string("expected '") + sign + "'");
  }
  bool expect_end() {
    skip_blanks();
    return ok() && (at_ == text_.size() || wrong("expected the end"));
  }

  // Reads a string in quotes and undoes its escapes.
  bool string(std::string& result) {
    result.clear();
    if (!expect('"')) return false;
    while (at_ < text_.size() && text_[at_] != '"') {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte < 0x20) return wrong("a control character in a string");
      if (byte == '\\' ? !escape(result) : !character(result)) return false;
    }
    return expect('"');
  }

  // Reads a whole number from 0 on: digits alone, without a sign, a point,
  // an exponent or a leading 0.
  bool number(std::uint64_t& result) {
    skip_blanks();
    const std::size_t begin = at_;
    result = 0;
    for (; ok() && is_digit(); ++at_) {
      const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
      if (result > (UINT64_MAX - digit) / 10)
        return wrong("a number of more than 64 bits");
      result = 10 * result + digit;
    }
    if (at_ == begin || (text_[begin] == '0' && at_ > begin + 1) ||
        (at_ < text_.size() && std::string_view(".eE").find(text_[at_]) !=
                                   std::string_view::npos))
      return wrong("expected a whole number from 0 on, in digits alone");
    return true;
  }

  // Reads what stands between `open` and `close`: calls item() for each
  // element, until one returns false, and reads the commas between them.
  template <class Item>
  bool each(char open, char close, const Item& item) {
    if (!expect(open)) return false;
    if (take(close)) return true;
    do {
      if (!item()) return false;
    } while (take(','));
    return expect(close);
  }

  bool ok() const { return wrong_.empty(); }
  // "expected ',' at byte 12"
  const std::string& what_is_wrong() const { return wrong_; }
  bool wrong(const std::string& what) {
    if (ok()) wrong_ = what + " at byte " + std::to_string(at_);
    return false;
  }

 private:
  bool is_digit() const {
    return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
  }
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(
                                     text_[at_]) != std::string_view::npos)
      ++at_;
  }

  bool character(std::string& result) {
    const std::size_t length = utf8_length(text_.substr(at_));
    if (length == 0) return wrong("no UTF-8");
    result += text_.substr(at_, length);
    at_ += length;
    return true;
  }

  // Reads an escape. Of the \u escapes only those below U+0080 are taken:
  // every other character can be written as itself.
  bool escape(std::string& result) {
    static constexpr std::string_view names = "\"\\/bfnrt",
                                      signs = "\"\\/\b\f\n\r\t";
    const char name = at_ + 1 < text_.size() ? text_[at_ + 1] : ' ';
    const std::size_t place = names.find(name);
    if (place != std::string_view::npos) {
      result += signs[place];
      at_ += 2;
      return true;
    }
    const std::string_view code = text_.substr(at_).substr(0, 6);
    static constexpr std::string_view hex = "0123456789abcdefABCDEF";
    if (code.size() != 6 || code.substr(0, 4) != "\\u00" || code[4] < '0' ||
        code[4] > '7' || hex.find(code[5]) == std::string_view::npos)
      return wrong("an escape that this reader does not take");
    const int low = static_cast<int>(hex.find(code[5]));
    result += static_cast<char>(16 * (code[4] - '0') +
                                (low < 16 ? low : low - 6));
    at_ += 6;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string wrong_;
};

// A text as a JSON string, in quotes. JSON is UTF-8, so each byte that
// belongs to no character becomes U+FFFD.
inline std::string json_string(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string result = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte == '"' || byte == '\\') result += '\\';
    if (byte < 0x20)
      result += std::string("\\u00") + hex[byte / 16] + hex[byte % 16];
    else
      result += length == 0 ? "\xef\xbf\xbd" : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result + '"';
}

}  // namespace cnn
