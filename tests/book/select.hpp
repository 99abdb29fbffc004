// Which lines of a file a marker takes.
#pragma once

#include <string>
#include <string_view>

#include "tests/book/text.hpp"

namespace book {

// What stands behind the file's name in a marker:
//
//   "first"                   the definition that begins in the line with
//                             this text, up to where its braces close (or
//                             that line alone)
//   "first" with comment      the same with the comment above it
//   "first" .. "last"         up to the next line with the second text
//   "first" +3                that line and three more
//   "first" ... #2            where the second line with the text begins
//   nothing                   all lines (of a file or of a step)
struct Selection {
  std::string first, last;
  int more = -1;       // the number behind +
  int occurrence = 0;  // the number behind #; 0 if there is none
  bool comment = false;
};

// Throws std::runtime_error for what is not a selection.
Selection parse_selection(std::string_view text);

// Throws std::runtime_error if the first text is in no line or in several,
// the last one in none behind it, or the braces never close. `definitions`
// says whether the text alone stands for a definition or for its line. Only
// the lines `within` are looked at.
Range select(const Lines& lines, const Selection& selection,
             bool definitions, Range within);

}  // namespace book
