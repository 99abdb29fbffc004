// The tables of chapters, from the list of pages and from what each page
// says of itself in a line of its own:
//
//   <!-- chapter: WHAT IT ADDS | ITS QUESTION | pooling.hpp other.hpp -->
//
// The files are the chapter's, or named from the root: common/x/y.hpp.
#pragma once

#include <filesystem>
#include <string>

#include "tests/book/text.hpp"

namespace book {

// The rows, links relative to `page` ("README.md" or "book/x.md"): of
// <!-- chapters --> with the code, of <!-- questions --> with the question.
// Throws std::runtime_error where the list or a page does not say.
Lines chapters_table(const std::filesystem::path& root,
                     const std::string& page);
Lines questions_table(const std::filesystem::path& root,
                      const std::string& page);

}  // namespace book
