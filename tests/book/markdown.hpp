// A page taken apart: what is prose, and what is code, mathematics, a link,
// a comment.
#pragma once

#include <string>
#include <vector>

#include "tests/book/defect.hpp"
#include "tests/book/text.hpp"

namespace book {

// [text](target) or, for an image, ![text](target).
struct Link {
  std::string text, target;
  bool image = false;
  std::size_t begin = 0, end = 0;  // columns of the text in its line
  std::size_t at = 0;              // of the text in the line's prose
};

// <!-- text --> with the columns at which it begins and ends in its line.
struct Comment {
  std::string text;  // trimmed
  std::size_t begin = 0, end = 0;
};

// What stands between $ and $, or $$ and $$, with its line ends.
struct Formula {
  std::string text;
  std::size_t begin = 0;  // the line in which it begins, from 0
  bool display = false;   // between $$ and $$

  std::size_t line_of(std::size_t at) const;  // of a place in the text
};

struct MarkdownLine {
  bool fenced = false;  // inside ``` or one of its fences
  // The words that a reader reads, link texts among them. Code, formulas
  // and link targets are left out; each comment is a single comment_sign.
  std::string prose;
  std::vector<Formula> formulas;  // those that end in this line
  std::vector<Link> links;
  std::vector<Comment> comments;
};

inline constexpr char comment_sign = '\x01';

// One entry for each line. What does not end (a formula, a comment, a code
// span) is a defect of the page `file`.
std::vector<MarkdownLine> parse_markdown(const Lines& lines,
                                         const std::string& file,
                                         Defects& defects);

// The anchor of a heading on a code host: "Where to start, and how" becomes
// "where-to-start-and-how".
std::string slug(const std::string& heading);

}  // namespace book
