// A reading as JSON, for other programs.
// Book: book/17-handwriting.md
#pragma once

#include <cstdio>
#include <string>

#include "16-saving/json.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/reading.hpp"

namespace cnn {

inline std::string digit_json(const DigitSeen& it,
                              const ClassNames& names) {
  const std::string name = name_of_class(names, it.answer);
  char probability[20];
  std::snprintf(probability, sizeof probability, "%.4f", it.probability);
  return "{\"box\":[" + std::to_string(it.box.left) + "," +
         std::to_string(it.box.top) + "," + std::to_string(it.box.right) +
         "," + std::to_string(it.box.bottom) +
         "],\"answer\":" + (names.empty() ? name : json_string(name)) +
         ",\"probability\":" + probability + "}";
}

// One line, without a newline. A box is [left, top, right, bottom] in the
// pixels of the upright picture. `names` is empty for the ten digits.
inline std::string reading_json(const std::string& file, const Reading& it,
                                const ClassNames& names) {
  std::string lines, digits;
  for (const std::string& line : it.lines)
    lines += (lines.empty() ? "" : ",") + json_string(line);
  for (const DigitSeen& digit : it.digits)
    digits += (digits.empty() ? "" : ",") + digit_json(digit, names);
  return "{\"file\":" + json_string(file) + ",\"lines\":[" + lines +
         "],\"refused\":" +
         (it.refused.empty() ? "null" : json_string(it.refused)) +
         ",\"digits\":[" + digits + "]}";
}

}  // namespace cnn
