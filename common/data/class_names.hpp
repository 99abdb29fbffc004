// The names of a data set's classes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/tensor/broken.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/utf8.hpp"

namespace cnn {

using ClassNames = std::vector<std::string>;

// Whether a name can be printed and saved: it has 1 to 100 bytes of UTF-8
// without control characters, double quotes, backslashes or slashes.
inline bool is_class_name(std::string_view name) {
  if (name.empty() || name.size() > 100 ||
      name.find_first_of("/\"\\") != std::string_view::npos)
    return false;
  while (!name.empty()) {
    const std::size_t length = utf8_length(name);
    if (length == 0 || begins_with_control(name)) return false;
    name.remove_prefix(length);
  }
  return true;
}

// Parses a file of `classes` different names, one on each line, in the
// order of the labels. Empty lines may follow the last one.
inline OrBroken<ClassNames> parse_class_names(std::string_view text,
                                              std::size_t classes) {
  ClassNames names;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    begin = end + 1;
    const std::string where =
        "line " + std::to_string(names.size() + 1) + ": ";
    if (!is_class_name(line))
      return Broken{where +
                    "expected a name of 1 to 100 bytes of printable UTF-8"};
    if (std::find(names.begin(), names.end(), line) != names.end())
      return Broken{where + "expected another name, found '" +
                    std::string(line) + "' again"};
    names.emplace_back(line);
  }
  if (names.size() != classes)
    return Broken{"expected " + counted_text(classes, "name") +
                  ", a line each, found " + std::to_string(names.size())};
  return names;
}

// All names, joined by slashes, which no name contains: "alpha/beta/gamma".
inline std::string class_names_text(const ClassNames& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : "/") + name;
  return text;
}

// The name of a class, or its number if it has none.
inline std::string name_of_class(const ClassNames& names, int label) {
  const auto k = static_cast<std::size_t>(label);
  return k < names.size() ? names[k] : std::to_string(label);
}

// Puts a space wherever a capital follows a small letter, so that a long
// name can be broken into lines: "AnnualCrop" -> "Annual Crop".
inline std::string in_words(std::string_view name) {
  std::string words;
  for (const char letter : name) {
    const bool begins = letter >= 'A' && letter <= 'Z' && !words.empty() &&
                        words.back() >= 'a' && words.back() <= 'z';
    if (begins) words += ' ';
    words += letter;
  }
  return words;
}

}  // namespace cnn
