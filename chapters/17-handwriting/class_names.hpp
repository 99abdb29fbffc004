// What the answers of a network are called. A network of digits needs no
// names, and one that was taught other signs has theirs in its file.
// Book: book/17-handwriting.md
#pragma once

#include <set>
#include <string>

#include "16-saving/safetensors.hpp"
#include "common/data/class_names.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// The names of a network's classes: those in its file's metadata "classes",
// with '/' between them, or the digits if there is no such entry and the
// network has ten answers. classes: how many answers it has
inline OrBroken<ClassNames> class_names_in(const TensorFile& file,
                                           int classes) {
  ClassNames names;
  const auto found = file.metadata.find("classes");
  if (found == file.metadata.end()) {
    if (classes != 10)
      return Broken{"the metadata do not name the " +
                    counted_text(classes, "class", "classes")};
    for (int digit = 0; digit < 10; ++digit)
      names.push_back(std::to_string(digit));
    return names;
  }
  const std::string& text = found->second;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    if (!is_class_name(names.back()))
      return Broken{"metadata, classes: name " +
                    std::to_string(names.size()) +
                    " is empty, too long or no printable text"};
    begin = end + 1;
  }
  if (names.size() != static_cast<std::size_t>(classes) ||
      std::set<std::string>(names.begin(), names.end()).size() !=
          names.size())
    return Broken{"metadata, classes: expected " + std::to_string(classes) +
                  " different names, got " + std::to_string(names.size())};
  return names;
}

}  // namespace cnn
