#include "tests/book/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace book {
namespace {

// A value with what is known of how it was printed.
struct Value {
  Number number;
  bool percent = false;   // printed with a percent sign
  bool computed = false;  // from two others
};

// Reads `= 06 a / b` from left to right.
class Expression {
 public:
  Expression(std::string_view text, std::string chapter,
             const Records& records)
      : text_(text), chapter_(std::move(chapter)), records_(records) {}

  Value value() {
    skip_blanks();
    if (text_.size() - at_ > 3 && is_digit(text_[at_]) &&
        is_digit(text_[at_ + 1]) && text_[at_ + 2] == ' ' &&
        !is_operator(at_ + 3)) {
      chapter_ = text_.substr(at_, 2);
      at_ += 3;
    }
    Value left = operand();
    skip_blanks();
    if (at_ == text_.size()) return left;
    if (!is_operator(at_)) fail();
    const char sign = text_[at_++];
    const Value right = operand();
    skip_blanks();
    if (at_ != text_.size()) fail();
    left.number.value = joined(left.number.value, sign, right.number.value);
    left.computed = true;
    return left;
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error("cannot read the number marker \"" +
                             std::string(text_) + "\"");
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool is_operator(std::size_t at) const {
    return std::string_view("+-*/").find(text_[at]) !=
               std::string_view::npos &&
           at + 1 < text_.size() && text_[at + 1] == ' ';
  }

  static double joined(double a, char sign, double b) {
    switch (sign) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      default:
        return a / b;
    }
  }

  Value operand() {
    skip_blanks();
    if (at_ >= text_.size()) fail();
    if (text_[at_] == '"') return pattern();
    if (const auto number = number_at(text_, at_)) {
      at_ += number->text.size();
      return {*number};
    }
    return name();
  }

  Value pattern() {
    const std::string inside = quoted(text_, at_);
    int occurrence = 0;
    if (at_ < text_.size() && text_[at_] == '@') {
      const auto number = number_at(text_, at_ + 1);
      if (!number) fail();
      occurrence = static_cast<int>(number->value);
      at_ += 1 + number->text.size();
    }
    const std::string behind =
        trimmed(inside.substr(std::min(inside.find('#'), inside.size())));
    const bool percent =
        behind.find_first_not_of("# ") != std::string::npos &&
        behind[behind.find_first_not_of("# ")] == '%';
    return {number_in(records_.of(chapter_), inside, occurrence), percent};
  }

  Value name() {
    std::string word;
    while (at_ < text_.size() && is_word(text_[at_])) word += text_[at_++];
    if (word.empty()) fail();
    const Record& record = records_.of(chapter_);
    for (const auto& [key, value] : record.report) {
      if (key != word) continue;
      if (const auto number = number_at(value, 0)) return {*number};
      throw std::runtime_error("'" + word + "' is not a number");
    }
    throw std::runtime_error(record.chapter + " reports no '" + word + "'");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string chapter_;
  const Records& records_;
};

std::string with_commas(const std::string& text) {
  std::size_t whole = std::min(text.find('.'), text.size());
  const std::size_t first = text[0] == '-' ? 1 : 0;
  std::string result = text;
  while (whole > first + 3) {
    whole -= 3;
    result.insert(whole, ",");
  }
  return result;
}

// The value as the page writes it: `old` is what stands there now.
std::string rendered(const Value& value, const Number& old, bool percent) {
  const bool scaled = percent && !value.percent;
  if (!scaled && !value.computed &&
      (value.number.scientific() ||
       value.number.decimals() == old.decimals())) {
    const bool commas = value.number.text.find(',') != std::string::npos;
    return old.text.find(',') != std::string::npos && !commas
               ? with_commas(value.number.text)
               : value.number.text;
  }
  const int known = value.number.decimals() - (scaled ? 2 : 0);
  if (!value.computed && old.decimals() > std::max(known, 0))
    throw std::runtime_error(old.text + " has more decimals than " +
                             value.number.text + ", which was printed");
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", old.decimals(),
                value.number.value * (scaled ? 100 : 1));
  return old.text.find(',') != std::string::npos ? with_commas(text) : text;
}

}  // namespace

std::size_t number_before(std::string_view line, std::size_t at) {
  std::size_t end = at;
  if (end > 0 && line[end - 1] == '%') {
    --end;
    while (end > 0 && line[end - 1] == ' ') --end;
  }
  std::size_t begin = std::string::npos;
  // The longest number that ends there.
  for (std::size_t i = end; i-- > 0;) {
    const char c = line[i];
    if (!is_digit(c) &&
        std::string_view(".,e+-").find(c) == std::string_view::npos)
      break;
    const auto number = number_at(line, i);
    if (number && i + number->text.size() == end && c != '+') begin = i;
  }
  return begin;
}

std::string with_numbers(const std::string& line,
                         const MarkdownLine& parsed,
                         const std::string& chapter,
                         const Records& records) {
  std::string result;
  std::size_t done = 0;
  for (const Comment& comment : parsed.comments) {
    if (!is_number_marker(comment)) continue;
    const std::size_t begin = number_before(line, comment.begin);
    if (begin == std::string::npos || begin < done)
      throw std::runtime_error("the marker \"" + comment.text +
                               "\" does not follow a number");
    const Number old = *number_at(line, begin);
    const bool percent = line[comment.begin - 1] == '%';
    const Value value = Expression(std::string_view(comment.text).substr(1),
                                   chapter, records)
                            .value();
    result += line.substr(done, begin - done);
    result += rendered(value, old, percent);
    done = begin + old.text.size();
  }
  return result + line.substr(done);
}

}  // namespace book
