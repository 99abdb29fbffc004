// The numbers of figures, which are written into the pages.
//
// A figure is a picture in a line of its own. It is numbered in the order
// of its page, and the number stands in the paragraph below it, before the
// caption. A caption in italics is the author's; where there is none, the
// picture's text stands in its place:
//
//   ![A chain of boxes](../figures/04-backprop/chain.svg)
//
//   **Figure 4.1.** *Read the upper numbers from left to right.*
//
// A sentence names a figure by linking to its picture. The number is filled
// in, so [figure](../figures/04-backprop/chain.svg) is enough. The site and
// the EPUB make of it a link to the figure, and a code host shows the
// picture.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/book/defect.hpp"
#include "tests/book/page.hpp"

namespace book {

struct Figure {
  std::string picture;      // "figures/04-backprop/chain.svg"
  std::string number;       // "4.1", or "1" on a page of no chapter
  std::size_t line = 0;     // of the picture, from 0
  std::size_t caption = 0;  // of the paragraph below; 0 if there is none
};

// The figures of a page of the book, in order; of another page, none.
std::vector<Figure> figures_of(const Page& page);

// Which number a figure has, for pages that name it.
class FigureNumbers {
 public:
  explicit FigureNumbers(const std::vector<Page>& pages);

  // A picture that several pages show has the page's own number, else that
  // of its chapter's page, else that of another chapter's; "" if it is no
  // figure.
  std::string of(const std::string& picture,
                 const std::string& page_file) const;

 private:
  std::map<std::pair<std::string, std::string>, std::string> of_page_;
  std::map<std::string, std::string> of_picture_;
};

// What a page's lines should be: for the line of a picture that has no
// caption three lines, for each other line one.
class FigureLines {
 public:
  FigureLines(const Page& page, const FigureNumbers& numbers);

  // `text` is the line with its other markers filled.
  Lines of(std::size_t line, const std::string& text) const;

  // Whether a number that begins at this place of a line's prose is that of
  // a figure.
  bool counts_a_figure(std::size_t line, std::size_t at) const;

 private:
  const Page& page_;
  const FigureNumbers& numbers_;
  std::map<std::size_t, Figure> by_picture_, by_caption_;
};

// Links that name figures of later chapters.
void check_figure_links(const Page& page, Defects& defects);

}  // namespace book
