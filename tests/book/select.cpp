#include "tests/book/select.hpp"

#include <algorithm>
#include <stdexcept>

namespace book {
namespace {

int number_at(std::string_view text, std::size_t& at) {
  std::string digits;
  while (at < text.size() && is_digit(text[at])) digits += text[at++];
  if (digits.empty() || digits.size() > 6)
    throw std::runtime_error("expected a number behind + or #");
  return std::stoi(digits);
}

// Counts braces and parentheses, but not those in strings, characters and
// comments.
class Braces {
 public:
  void read(const std::string& line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto here = [&](std::string_view text) {
        return starts_with(std::string_view(line).substr(i), text);
      };
      if (in_comment_) {
        if (here("*/")) in_comment_ = false, ++i;
        continue;
      }
      if (here("//")) return;
      if (here("/*"))
        in_comment_ = true, ++i;
      else if (line[i] == '"' || line[i] == '\'')
        skip(line, i);
      else if (line[i] != ' ')
        read(line[i]);
    }
  }

  // A definition ends with the line that closes its braces, a statement
  // with its semicolon; not within `for (i = 0; ...)`, nor behind the {}
  // of `f(T a = {},` or the {x} of a constructor's `a_{x},`.
  bool done() const {
    return depth_ == 0 && parentheses_ == 0 &&
           (last_ == ';' || last_ == '}');
  }

 private:
  void read(char c) {
    if (c == '(') ++parentheses_;
    if (c == ')') --parentheses_;
    if (c == '{') ++depth_;
    if (c == '}') --depth_;
    last_ = c;
  }

  // To the closing quote, if the line has one (1'000 has none).
  static void skip(const std::string& line, std::size_t& i) {
    const char quote = line[i];
    for (std::size_t j = i + 1; j < line.size(); ++j) {
      if (line[j] == '\\')
        ++j;
      else if (line[j] == quote) {
        i = j;
        return;
      }
    }
  }

  int depth_ = 0, parentheses_ = 0;
  char last_ = ' ';
  bool in_comment_ = false;
};

std::size_t definition_end(const Lines& lines, std::size_t begin) {
  Braces braces;
  for (std::size_t i = begin; i < lines.size(); ++i) {
    braces.read(lines[i]);
    if (braces.done()) return i + 1;
  }
  throw std::runtime_error("the braces of \"" + trimmed(lines[begin]) +
                           "\" do not close");
}

// A comment of C++ or, line by line, of JavaScript; or what begins a
// template.
bool above_a_definition(const std::string& line) {
  const std::string text = trimmed(line);
  return starts_with(text, "//") || starts_with(text, "/**") ||
         starts_with(text, "*") || starts_with(text, "template");
}

std::size_t line_with(const Lines& lines, const Selection& selection,
                      Range within) {
  std::vector<std::size_t> found;
  for (std::size_t i = within.begin; i < within.end; ++i)
    if (lines[i].find(selection.first) != std::string::npos)
      found.push_back(i);
  const auto wanted = static_cast<std::size_t>(selection.occurrence);
  if (found.size() < std::max<std::size_t>(wanted, 1))
    throw std::runtime_error(
        (wanted > 1 ? "fewer than " + std::to_string(wanted) + " lines"
                    : "no line") +
        " with \"" + selection.first + "\"");
  if (wanted > 0) return found[wanted - 1];
  if (found.size() > 1) {
    std::string numbers;
    for (const std::size_t i : found)
      numbers += (numbers.empty() ? "" : ", ") + std::to_string(i + 1);
    throw std::runtime_error("\"" + selection.first +
                             "\" is ambiguous: lines " + numbers);
  }
  return found.front();
}

std::size_t line_with_last(const Lines& lines, Range within,
                           const std::string& last) {
  for (std::size_t i = within.begin; i < within.end; ++i)
    if (lines[i].find(last) != std::string::npos) return i;
  throw std::runtime_error("no line with \"" + last +
                           "\" behind the first one");
}

}  // namespace

Selection parse_selection(std::string_view text) {
  Selection selection;
  std::size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < text.size() && text[at] == ' ') ++at;
  };
  const auto take = [&](std::string_view word) {
    skip_blanks();
    if (!starts_with(text.substr(at), word)) return false;
    at += word.size();
    skip_blanks();
    return true;
  };
  skip_blanks();
  if (at < text.size() && text[at] == '"') {
    selection.first = quoted(text, at);
    if (take("..")) {
      if (at >= text.size() || text[at] != '"')
        throw std::runtime_error("expected a quoted text behind ..");
      selection.last = quoted(text, at);
      if (selection.last.empty())
        throw std::runtime_error("an empty text selects nothing");
    } else if (take("+")) {
      selection.more = number_at(text, at);
    }
    if (take("with comment")) selection.comment = true;
    if (take("#")) {
      selection.occurrence = number_at(text, at);
      if (selection.occurrence == 0)
        throw std::runtime_error("#1 is the first line, not #0");
    }
    if (selection.first.empty())
      throw std::runtime_error("an empty text selects nothing");
  }
  skip_blanks();
  if (at != text.size())
    throw std::runtime_error("cannot read \"" +
                             std::string(text.substr(at)) + "\"");
  return selection;
}

Range select(const Lines& lines, const Selection& selection,
             bool definitions, Range within) {
  if (selection.first.empty()) return within;
  Range range;
  range.begin = line_with(lines, selection, within);
  if (!selection.last.empty()) {
    range.end =
        line_with_last(lines, {range.begin, within.end}, selection.last) +
        1;
  } else if (selection.more >= 0) {
    range.end = range.begin + static_cast<std::size_t>(selection.more) + 1;
    if (range.end > within.end)
      throw std::runtime_error(
          "fewer than " + std::to_string(selection.more) + " lines follow");
  } else {
    range.end =
        definitions ? definition_end(lines, range.begin) : range.begin + 1;
  }
  while (selection.comment && range.begin > within.begin &&
         above_a_definition(lines[range.begin - 1]))
    --range.begin;
  return range;
}

}  // namespace book
