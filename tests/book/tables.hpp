// The tables of chapters, from the list of pages and from what each page
// says of itself in a line of its own:
//
//   <!-- chapter: WHAT IT ADDS | ITS QUESTION | pooling.hpp other.hpp -->
//
// The files are the chapter's, or named from the root: common/x/y.hpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/book/records.hpp"
#include "tests/book/text.hpp"

namespace book {

// The rows, links relative to `page` ("README.md" or "book/x.md"): of
// <!-- chapters --> with the code, of <!-- questions --> with the question.
// Throws std::runtime_error where the list or a page does not say.
Lines chapters_table(const std::filesystem::path& root,
                     const std::string& page);
Lines questions_table(const std::filesystem::path& root,
                      const std::string& page);

// The rows of <!-- syllabus --> and <!-- syllabus 01 02 -->: how long a
// chapter takes to read, as its page says in a line "*About half an hour.
// Afterwards you can ...*", how long its program ran when it was timed, its
// exercises and how long those take that say so, and a sum. Without numbers
// all chapters, and what a reader can do afterwards. Throws
// std::runtime_error where a page or a record does not say.
Lines syllabus_table(const std::filesystem::path& root,
                     const std::string& page, const Records& records,
                     const std::vector<std::string>& numbers);

// "half an hour" -> 30. Throws std::runtime_error for words that are none.
int minutes_in(const std::string& words);
// 90 -> "1 h 30 min".
std::string hours_text(int minutes);

}  // namespace book
