// The list of a chapter's files at the end of its page.
#pragma once

#include <filesystem>
#include <string>

#include "tests/book/text.hpp"

namespace book {

// One line a file, each after those that it includes, main.cpp last: a link
// and the first sentence of the comment that the file begins with.
// `chapter` is "04". Throws std::runtime_error if there is no such chapter
// or if a file begins without a comment that says what it is.
Lines files_of(const std::filesystem::path& root,
               const std::string& chapter);

}  // namespace book
