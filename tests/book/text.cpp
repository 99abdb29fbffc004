#include "tests/book/text.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace book {
namespace {

// In UTF-8 all bytes of a character but its first begin with bits 10.
bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u;
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Lines split_lines(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

bool starts_with(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return std::string(text.substr(first, last - first + 1));
}

std::string collapsed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) result += c;
    if (blank && (result.empty() || result.back() != ' ')) result += ' ';
  }
  return result;
}

Lines dedented(Lines lines) {
  const auto blank = [](const std::string& line) {
    return line.find_first_not_of(' ') == std::string::npos;
  };
  while (!lines.empty() && blank(lines.back())) lines.pop_back();
  while (!lines.empty() && blank(lines.front())) lines.erase(lines.begin());
  std::size_t indent = std::string::npos;
  for (const std::string& line : lines)
    if (!blank(line))
      indent = std::min(indent, line.find_first_not_of(' '));
  for (std::string& line : lines)
    line = blank(line) ? "" : line.substr(indent);
  return lines;
}

std::pair<std::string, std::string> difference(std::string_view a,
                                               std::string_view b) {
  const std::size_t around = 30;  // bytes shown on each side
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t same = 0, same_end = 0;
  while (same < shorter && a[same] == b[same]) ++same;
  while (same_end < shorter - same &&
         a[a.size() - 1 - same_end] == b[b.size() - 1 - same_end])
    ++same_end;
  const auto shown = [&](std::string_view line) {
    std::size_t begin = same > around ? same - around : 0;
    while (begin > 0 && continues_a_character(line[begin])) --begin;
    std::size_t end = line.size() - same_end;
    // What differs may be long, too.
    end = std::min(end + around, same + 3 * around);
    end = std::min(end, line.size());
    while (end < line.size() && continues_a_character(line[end])) ++end;
    return '"' + std::string(begin > 0 ? "... " : "") +
           std::string(line.substr(begin, end - begin)) +
           (end < line.size() ? " ..." : "") + '"';
  };
  return {shown(a), shown(b)};
}

int columns(std::string_view line) {
  return static_cast<int>(
      std::count_if(line.begin(), line.end(),
                    [](char c) { return !continues_a_character(c); }));
}

std::string quoted(std::string_view text, std::size_t& at) {
  std::string inside;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      at = i + 1;
      return inside;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    inside += text[i];
  }
  throw std::runtime_error("a quote that does not end");
}

}  // namespace book
