// What must hold of the book, beyond that its blocks are filled.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/book/defect.hpp"
#include "tests/book/figures.hpp"
#include "tests/book/page.hpp"

namespace book {

// Everything: stale blocks and numbers, numbers without a marker, links,
// figures, equations, symbols, the list of pages, the records; links,
// equations and symbols also of the notes beside the code. In the order of
// files and lines.
Defects check_book(const std::filesystem::path& root);

// Lines of a page that are not what the sources have.
void check_stale(const Page& page, const std::vector<Replacement>& expected,
                 Defects& defects);

// Numbers in the prose that look printed (a decimal point, a percent sign,
// three or more digits) but have no marker, count no figure and are no
// constant of the page.
void check_numbers(const Page& page, const FigureNumbers& figures,
                   Defects& defects);

// The names in a formula, "x", "C_{\\text{in}}", "\\mu", and where each
// stands first.
std::map<std::string, std::size_t> symbols_of(std::string_view formula);

}  // namespace book
