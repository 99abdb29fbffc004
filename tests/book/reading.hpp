// How long a page takes to read.
#pragma once

#include "tests/book/defect.hpp"
#include "tests/book/page.hpp"

namespace book {

// Words a minute, of a text that one wants to understand; and how long a
// chapter's page may be.
inline constexpr int reading_speed = 200, most_minutes = 30;

// What is read from the top of a page up to its list of files: sentences,
// captions and tables, but no listing or output, and nothing that folds
// away. A formula or a piece of code in a sentence counts as a word.
int words_to_read(const Page& page);
// Whole minutes, and one for the rest.
int minutes_to_read(int words);

// A page of a chapter that takes longer.
void check_length(const Page& page, Defects& defects);

}  // namespace book
