// Numbers inside sentences: a comment behind each says where it was
// printed.
//
//   reads 98.10 %<!--= held_out_accuracy --> of them
//   begins at 2.299<!--= "The first loss: #." -->
//
// A name is a value of the chapter's report, a pattern in quotes a place in
// its output with # for the number ("..."@2 takes the second such place).
// Two digits in front take another chapter: <!--= 06 held_out_accuracy -->.
// Two values, one of which may be a plain number, may be joined by + - * or
// / with blanks around it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

// The number that ends in front of a place, a percent sign between the two
// allowed. A minus sign belongs to it, be it a hyphen or the long one of
// books, if no word or number stands before it.
struct Placed {
  std::size_t begin = 0, end = 0;  // with its sign
  Number number;                   // without it
  bool percent = false;
  bool long_minus = false;
};

std::optional<Placed> number_before(std::string_view line, std::size_t at);

inline bool is_number_marker(const Comment& comment) {
  return starts_with(comment.text, "=");
}

}  // namespace book
