// What folds away on a page, an aside that a first reading may skip:
//
//   <details>
//   <summary>Plain words</summary>
//
//   Any Markdown but headings.
//
//   </details>
//
// The blank lines are what makes code hosts and the site read the inside as
// Markdown. A heading inside would cut the EPUB's sections in two.
#pragma once

#include "tests/book/defect.hpp"
#include "tests/book/markdown.hpp"
#include "tests/book/page.hpp"

namespace book {

// Whether a line is one of the three, the only HTML that a page may hold.
bool is_of_fold(const MarkdownLine& line);

// Folds that are not written as above, not closed, or one in another.
void check_folds(const Page& page, Defects& defects);

}  // namespace book
