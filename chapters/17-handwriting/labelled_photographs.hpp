// A folder's labels.csv: what is written in each of its photographs, and
// how readings of them are scored.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "17-handwriting/reading.hpp"
#include "common/tensor/broken.hpp"

namespace cnn {

struct PhotographLabel {
  std::string file;
  std::string label;  // every digit in it, in reading order; empty: none
  std::string order;  // line, rows, diagonal or any
  std::string kind;   // single, several, page, blank or not-a-digit
};

// The fields of one line of comma-separated values. A field in quotes may
// hold commas, and "" for a quote.
inline std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char character = line[i];
    if (quoted && character == '"' && i + 1 < line.size() &&
        line[i + 1] == '"')
      fields.back() += line[++i];
    else if (character == '"')
      quoted = !quoted;
    else if (character == ',' && !quoted)
      fields.emplace_back();
    else if (character != '\r')
      fields.back() += character;
  }
  return fields;
}

// Reads a labels.csv. Its first line names the fields, among which must be
// file, label, order and kind in any order; then comes one line for each
// photograph.
inline OrBroken<std::vector<PhotographLabel>> parse_labels(
    std::string_view text) {
  const std::array<const char*, 4> names = {"file", "label", "order",
                                            "kind"};
  std::array<std::size_t, 4> at{};
  std::vector<PhotographLabel> labels;
  for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const auto fields = csv_fields(text.substr(begin, end - begin));
    begin = end + 1;
    for (std::size_t i = 0; line == 1 && i < names.size(); ++i) {
      const auto found = std::find(fields.begin(), fields.end(), names[i]);
      if (found == fields.end())
        return Broken{"line 1 names no field '" + std::string(names[i]) +
                      "'"};
      at[i] = static_cast<std::size_t>(found - fields.begin());
    }
    if (line == 1 || fields == std::vector<std::string>(1)) continue;
    if (fields.size() <= *std::max_element(at.begin(), at.end()))
      return Broken{"line " + std::to_string(line) + " has only " +
                    std::to_string(fields.size()) + " fields"};
    labels.push_back(
        {fields[at[0]], fields[at[1]], fields[at[2]], fields[at[3]]});
  }
  if (labels.empty()) return Broken{"expected photographs, found none"};
  return labels;
}

// How many of the digits in `label` are also in `read`, in any order.
inline int digits_found(const std::string& label, const std::string& read) {
  int found = 0;
  for (const char digit : std::string("0123456789"))
    found += static_cast<int>(
        std::min(std::count(label.begin(), label.end(), digit),
                 std::count(read.begin(), read.end(), digit)));
  return found;
}

struct Count {
  int right = 0, all = 0;

  void add(bool is_right) {
    right += is_right;
    ++all;
  }
};

// How well photographs are read. Pages, and digits that lie about, have no
// order in which they could be read, so their digits are counted singly.
struct PhotographScores {
  Count single;          // read right, of pictures of one digit
  Count whole;           // read right as a whole, of lines and rows
  Count blank_refused;   // refused, of pictures without a digit
  Count digits_refused;  // refused, of pictures of one or several digits
  Count found;           // digits found on pages and in unordered pictures

  void add(const PhotographLabel& it, const Reading& reading) {
    const bool refused = !reading.refused.empty();
    std::string read;
    for (const std::string& line : reading.lines) read += line;
    if (it.label.empty()) {
      blank_refused.add(refused);
      return;
    }
    if (it.kind != "page") digits_refused.add(refused);
    if (it.kind == "single") {
      single.add(read == it.label);
    } else if (it.kind != "page" &&
               (it.order == "line" || it.order == "rows")) {
      whole.add(read == it.label);
    } else {
      found.right += digits_found(it.label, read);
      found.all += static_cast<int>(it.label.size());
    }
  }
};

}  // namespace cnn
