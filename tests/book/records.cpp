#include "tests/book/records.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace book {
namespace {

namespace fs = std::filesystem;

bool begins_a_step(const std::string& line, std::string& number) {
  std::size_t digits = 0;
  while (digits < line.size() && is_digit(line[digits])) ++digits;
  number = line.substr(0, digits);
  return digits > 0 && starts_with(line.substr(digits), ". ");
}

// Whether the text at a place is part of a number that began earlier.
bool inside_a_number(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  const char before = text[at - 1];
  return is_word(before) || (at >= 2 && (before == '.' || before == ',') &&
                             is_digit(text[at - 2]));
}

}  // namespace

Report parse_report(const std::string& text) {
  Report report;
  std::size_t number = 0;
  for (const std::string& line : split_lines(text)) {
    ++number;
    const std::size_t equals = line.find(" = ");
    if (equals == std::string::npos || equals == 0)
      throw std::runtime_error("line " + std::to_string(number) +
                               ": expected name = value, got \"" + line +
                               "\"");
    report.push_back({line.substr(0, equals), line.substr(equals + 3)});
  }
  return report;
}

const std::string* find_value(const Report& report,
                              const std::string& name) {
  for (const auto& [key, value] : report)
    if (key == name) return &value;
  return nullptr;
}

std::vector<std::string> chapters(const fs::path& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root / "chapters"))
    if (fs::exists(entry.path() / "main.cpp"))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Records::Records(const fs::path& root, Defects& defects) {
  for (const std::string& name : chapters(root)) {
    const std::string stem = "book/output/" + name;
    const auto report_of = [&](const std::string& file) {
      try {
        return parse_report(read_text(root / file));
      } catch (const std::runtime_error& error) {
        defects.push_back({file, 1, error.what()});
        return Report();
      }
    };
    if (!fs::exists(root / (stem + ".txt")) ||
        !fs::exists(root / (stem + ".report")))
      continue;
    Record record;
    record.chapter = name;
    std::string text = read_text(root / (stem + ".txt"));
    for (const std::string& ending : measured_endings)
      if (fs::exists(root / (stem + ending)))
        text += read_text(root / (stem + ending));
    record.output = split_lines(text);
    record.flat = collapsed(text);
    record.report = report_of(stem + ".report");
    if (fs::exists(root / (stem + ".timing")))
      record.timing = report_of(stem + ".timing");
    by_number_[name.substr(0, 2)] = record;
  }
}

const Record& Records::of(const std::string& number) const {
  const auto found = by_number_.find(number);
  if (found == by_number_.end())
    throw std::runtime_error("nothing is recorded of chapter '" + number +
                             "'");
  return found->second;
}

Range step_of(const Record& record, int step) {
  const Lines& lines = record.output;
  const std::string wanted = std::to_string(step);
  std::string number;
  std::size_t begin = 0;
  while (begin < lines.size() &&
         !(begins_a_step(lines[begin], number) && number == wanted))
    ++begin;
  if (begin == lines.size())
    throw std::runtime_error(record.chapter + " prints no step " + wanted);
  std::size_t end = begin + 1;
  while (end < lines.size() && !begins_a_step(lines[end], number)) ++end;
  return {begin, end};
}

int Number::decimals() const {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return 0;
  std::size_t end = point + 1;
  while (end < text.size() && is_digit(text[end])) ++end;
  return static_cast<int>(end - point - 1);
}

bool Number::scientific() const {
  return text.find('e') != std::string::npos;
}

std::optional<Number> number_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  const auto digits = [&](std::size_t from) {
    std::size_t to = from;
    while (to < text.size() && is_digit(text[to])) ++to;
    return to - from;
  };
  const auto is = [&](std::size_t i, char c) {
    return i < text.size() && text[i] == c;
  };
  if (is(end, '-') || is(end, '+')) ++end;
  const std::size_t whole = digits(end);
  if (whole == 0) return std::nullopt;
  end += whole;
  while (is(end, ',') && digits(end + 1) == 3) end += 4;
  if (is(end, '.') && digits(end + 1) > 0) end += 1 + digits(end + 1);
  if (is(end, 'e')) {
    const std::size_t sign = is(end + 1, '-') || is(end + 1, '+') ? 1 : 0;
    if (digits(end + 1 + sign) > 0)
      end += 1 + sign + digits(end + 1 + sign);
  }
  Number number;
  number.text = text.substr(at, end - at);
  std::string plain = number.text;
  plain.erase(std::remove(plain.begin(), plain.end(), ','), plain.end());
  number.value = std::strtod(plain.c_str(), nullptr);
  return number;
}

Number number_in(const Record& record, const std::string& pattern,
                 int occurrence) {
  const std::string wanted = collapsed(pattern);
  const std::size_t sign = wanted.find('#');
  if (std::count(wanted.begin(), wanted.end(), '#') != 1)
    throw std::runtime_error("expected one # in \"" + pattern + "\"");
  const std::string before = wanted.substr(0, sign);
  const std::string behind = wanted.substr(sign + 1);
  const std::string& text = record.flat;
  std::vector<Number> found;
  for (std::size_t at = 0; at + before.size() < text.size(); ++at) {
    if (!starts_with(std::string_view(text).substr(at), before)) continue;
    const std::size_t begin = at + before.size();
    if (before.empty() && inside_a_number(text, begin)) continue;
    const auto number = number_at(text, begin);
    if (number && starts_with(std::string_view(text).substr(
                                  begin + number->text.size()),
                              behind))
      found.push_back(*number);
  }
  if (found.empty())
    throw std::runtime_error(record.chapter + " prints nothing like \"" +
                             pattern + "\"");
  if (occurrence == 0 && found.size() > 1)
    throw std::runtime_error(
        "\"" + pattern + "\" is ambiguous: " + record.chapter +
        " prints it " + std::to_string(found.size()) + " times");
  if (static_cast<std::size_t>(occurrence) > found.size())
    throw std::runtime_error(record.chapter + " prints \"" + pattern +
                             "\" less often");
  return found[static_cast<std::size_t>(std::max(occurrence, 1)) - 1];
}

}  // namespace book
