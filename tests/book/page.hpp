// A page of the book, its markers, and what they stand for.
//
//   <!-- code FILE SELECTION -->    a listing, with a link to its lines
//   <!-- output [NN] [step N] SELECTION -->  lines that a program printed
//   <!-- timings [NN ...] -->       seconds, as one machine took them
//   <!-- headlines -->              the table that ./tutorial run ends with
//   <!-- files -->                  the chapter's files, and what each is
//   <!-- chapters -->               the table of chapters and their code
//   <!-- questions -->              the table of chapters' questions
//   <!-- syllabus [NN ...] -->      what chapters take, and what they give
//   <!-- end -->                    closes each of these; all of them have
//                                   lines of their own
//   <!--= VALUE -->                 behind a number: see numbers.hpp
//   <!-- constants: 28 1998 -->     numbers that no program printed
//   <!-- chapter: A | B | C -->     what the tables say of the page's
//                                   chapter: see tables.hpp
//
// Figures need no marker: see figures.hpp.
//
// select.hpp says what a SELECTION is.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/book/defect.hpp"
#include "tests/book/markdown.hpp"
#include "tests/book/records.hpp"

namespace book {

// From the line of the opening marker to that of <!-- end -->.
struct Block {
  std::string marker;
  std::size_t open = 0, end = 0;  // lines, from 0
};

struct Page {
  std::string file;     // "book/02-convolution.md"
  std::string chapter;  // "02", or "" for a page of no chapter
  Lines lines;
  std::vector<MarkdownLine> parsed;
  std::vector<Block> blocks;

  // Whether a line lies between the markers of a block.
  bool filled(std::size_t line) const;
};

// Reads a page. Unbalanced and unknown markers are defects.
Page read_page(const std::filesystem::path& root,
               const std::filesystem::path& file, Defects& defects);

// All pages of root/book, in the order of their names, and the README.
std::vector<Page> read_pages(const std::filesystem::path& root,
                             Defects& defects);

// What is written beside the code, such as the solutions of a chapter's
// exercises: all Markdown below root/chapters.
std::vector<Page> read_notes(const std::filesystem::path& root,
                             Defects& defects);

// Whether reading the page has found nothing wrong with it: only then is it
// known where its blocks begin and end.
bool is_sound(const Page& page, const Defects& defects);

// What some of a page's lines should be.
struct Replacement {
  std::size_t begin = 0, end = 0;  // lines begin to end - 1, from 0
  Lines lines;
};

class FigureNumbers;

// What the sources have for every block, every line with a marked number
// and every figure's number, in the order of the page. What cannot be had
// is a defect, and so is what the page shows twice.
std::vector<Replacement> replacements(const Page& page,
                                      const std::filesystem::path& root,
                                      const Records& records,
                                      const FigureNumbers& numbers,
                                      Defects& defects);

// The page's lines with the replacements made.
Lines replaced(const Page& page, const std::vector<Replacement>& with);

// Writes the pages anew that are not what they should be, and returns their
// names. A page that is not sound is left alone.
std::vector<std::string> fill_pages(const std::filesystem::path& root,
                                    Defects& defects);

}  // namespace book
