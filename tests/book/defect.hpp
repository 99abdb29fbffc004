// What is wrong with the book, and where.
#pragma once

#include <string>
#include <vector>

namespace book {

struct Defect {
  std::string file;      // relative to the root: "book/02-convolution.md"
  std::size_t line = 0;  // from 1
  std::string what;
};

using Defects = std::vector<Defect>;

}  // namespace book
