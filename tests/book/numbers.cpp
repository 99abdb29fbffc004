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
  bool plain = false;     // by nobody: it stands in the marker
};

// Reads `= 06 a / b` from left to right.
class Expression {
 public:
  Expression(std::string_view text, std::string chapter,
             const Records& records)
      : text_(text), chapter_(std::move(chapter)), records_(records) {}

  Value value() {
    Value left = operand();
    skip_blanks();
    if (at_ == text_.size() && left.plain) fail();  // says nothing
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

  // 06 in front of a name or a pattern; it also holds for what follows.
  void take_chapter() {
    skip_blanks();
    const std::string_view rest = text_.substr(at_);
    if (rest.size() > 3 && is_digit(rest[0]) && is_digit(rest[1]) &&
        rest[2] == ' ' && (is_letter(rest[3]) || rest[3] == '"')) {
      chapter_ = rest.substr(0, 2);
      at_ += 3;
    }
  }

  Value operand() {
    take_chapter();
    if (at_ >= text_.size()) fail();
    if (text_[at_] == '"') return pattern();
    if (const auto number = number_at(text_, at_)) {
      at_ += number->text.size();
      return {*number, false, false, true};
    }
    return name();
  }

  Value pattern() {
    const std::string inside = quoted(text_, at_);
    int occurrence = 0;
    if (at_ < text_.size() && text_[at_] == '@') {
      ++at_;
      while (at_ < text_.size() && is_digit(text_[at_]) &&
             occurrence < 1000)
        occurrence = 10 * occurrence + (text_[at_++] - '0');
      if (occurrence == 0) fail();
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
    const std::string* value = find_value(record.report, word);
    if (value == nullptr)
      throw std::runtime_error(record.chapter + " reports no '" + word +
                               "'");
    if (const auto number = number_at(*value, 0)) return {*number};
    throw std::runtime_error("'" + word + "' is not a number");
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

// Rounds half away from zero, as one does by hand: 90.5 becomes 91. (printf
// rounds it to 90, and 0.125 to 0.12.) The nudge is for decimals that have
// no exact binary form, 1.005 for one.
std::string rounded(double value, int decimals) {
  const double unit = std::pow(10.0, decimals);
  const double scaled = std::abs(value) * unit;
  const double result = scaled < 1e13  // else a double has no digits left
                            ? std::floor(scaled * (1 + 1e-14) + 0.5) / unit
                            : std::abs(value);
  char text[400];  // the largest double has 309 digits
  std::snprintf(text, sizeof text, "%.*f", decimals, result);
  const bool minus = value < 0 && result > 0;
  return (minus ? "-" : "") + std::string(text);
}

// The value as the page writes it: `old` is what stands there now.
std::string rendered(const Value& value, const Placed& old) {
  const Number& printed = value.number;
  const int decimals = old.number.decimals();
  const bool commas = old.number.text.find(',') != std::string::npos;
  const bool scaled = old.percent && !value.percent;
  if (!std::isfinite(printed.value))
    throw std::runtime_error("the marker's result is not finite");
  if (!scaled && !value.computed &&
      (printed.scientific() || printed.decimals() == decimals)) {
    return commas && printed.text.find(',') == std::string::npos
               ? with_commas(printed.text)
               : printed.text;
  }
  const int known = printed.decimals() - (scaled ? 2 : 0);
  if (!value.computed && !printed.scientific() &&
      decimals > std::max(known, 0))
    throw std::runtime_error(old.number.text + " has more decimals than " +
                             printed.text + ", which was printed");
  const std::string text =
      rounded(printed.value * (scaled ? 100 : 1), decimals);
  return commas ? with_commas(text) : text;
}

constexpr std::string_view long_minus_sign = "\xe2\x88\x92";  // U+2212

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() &&
         text.substr(text.size() - ending.size()) == ending;
}

// Where the number that ends at `end` begins, its sign left out: the
// longest one, so that 1e-3 is not taken for 3.
std::size_t digits_before(std::string_view line, std::size_t end) {
  std::size_t begin = std::string::npos;
  for (std::size_t i = end; i-- > 0;) {
    if (!is_digit(line[i])) {
      if (std::string_view(".,e+-").find(line[i]) == std::string_view::npos)
        break;
      continue;
    }
    if (i > 0 && is_digit(line[i - 1])) continue;
    const auto number = number_at(line.substr(0, end), i);
    if (number && i + number->text.size() == end) begin = i;
  }
  return begin;
}

}  // namespace

std::optional<Placed> number_before(std::string_view line, std::size_t at) {
  Placed found;
  found.end = at;
  if (at > 0 && line[at - 1] == '%') {
    found.percent = true;
    --found.end;
    while (found.end > 0 && line[found.end - 1] == ' ') --found.end;
  }
  found.begin = digits_before(line, found.end);
  if (found.begin == std::string::npos) return std::nullopt;
  found.number = *number_at(line.substr(0, found.end), found.begin);
  for (const std::string_view sign :
       {std::string_view("-"), long_minus_sign}) {
    const std::string_view before = line.substr(0, found.begin);
    if (!ends_with(before, sign)) continue;
    const std::size_t place = before.size() - sign.size();
    // 2-3 is a range, and -3 is below zero.
    if (place > 0 && (is_word(line[place - 1]) || line[place - 1] == '%'))
      continue;
    found.long_minus = sign == long_minus_sign;
    found.begin = place;
    break;
  }
  return found;
}

std::string with_numbers(const std::string& line,
                         const MarkdownLine& parsed,
                         const std::string& chapter,
                         const Records& records) {
  std::string result;
  std::size_t done = 0;
  for (const Comment& comment : parsed.comments) {
    if (!is_number_marker(comment)) continue;
    const auto old = number_before(line, comment.begin);
    if (!old)
      throw std::runtime_error("the marker \"" + comment.text +
                               "\" does not follow a number");
    const Value value = Expression(std::string_view(comment.text).substr(1),
                                   chapter, records)
                            .value();
    std::string text = rendered(value, *old);
    if (old->long_minus && text[0] == '-')
      text.replace(0, 1, long_minus_sign);
    result += line.substr(done, old->begin - done) + text;
    done = old->end;
  }
  return result + line.substr(done);
}

}  // namespace book
