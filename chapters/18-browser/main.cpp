// Chapter 18: the same C++ in a web page. The tour says why its weights are
// the terminal's, bit for bit; inside shows the arithmetic of one number
// of a network; --page writes the digits that the page fetches.
// Book: book/18-browser.md
#include "18-browser/steps_cell.hpp"
#include "18-browser/steps_page.hpp"
#include "18-browser/steps_tour.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  return cnn::run_verbs(
      argc, argv,
      {{"inside", cnn::inside_program}, {"--page", cnn::page_program}},
      cnn::browser_tour);
}
