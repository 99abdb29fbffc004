// Numbers inside sentences: a comment behind each says where it was
// printed.
//
//   reads 98.10 %<!--= held_out_accuracy --> of them
//   begins at 2.299<!--= "The first loss: #." -->
//
// A name is a value of the chapter's report, a pattern in quotes a place in
// its output with # for the number ("..."@2 takes the second such place).
// Two digits in front take another chapter: <!--= 06 held_out_accuracy -->.
// Two values may be joined by + - * or /.
#pragma once

#include <string>

#include "tests/book/markdown.hpp"
#include "tests/book/records.hpp"

namespace book {

// The line with every marked number as it was printed, rounded to as many
// decimals as the line has. `chapter` is the page's own: "02".
// Throws std::runtime_error for a marker that cannot be read, a value that
// is not there, a comment that does not follow a number, or a number with
// more decimals than were printed.
std::string with_numbers(const std::string& line,
                         const MarkdownLine& parsed,
                         const std::string& chapter,
                         const Records& records);

// Where the number in front of a place begins, a percent sign between the
// two allowed; std::string::npos if there is none.
std::size_t number_before(std::string_view line, std::size_t at);

inline bool is_number_marker(const Comment& comment) {
  return starts_with(comment.text, "=");
}

}  // namespace book
