// The tour: why the page's weights are the terminal's, bit for bit.
// Book: book/18-browser.md
#pragma once

#include "18-browser/steps_lesson.hpp"
#include "18-browser/steps_order.hpp"
#include "18-browser/steps_order_full.hpp"
#include "18-browser/steps_page.hpp"
#include "18-browser/steps_story.hpp"
#include "18-browser/steps_sums.hpp"
#include "common/shell/program.hpp"

namespace cnn {

inline int browser_tour(int argc, char** argv) {
  Program program("18-browser",
                  "Why a web page and a terminal train the same network, "
                  "bit for bit.");
  set_up_lesson(program);
  program.flag("full", "step 4 with twelve pairs, each to the end");
  return program.run(argc, argv, [](Program& run) {
    BrowserTour tour = begin_browser_tour(run);
    run.catch_interrupts();
    if (wants_the_lesson_only(run)) return only_the_lesson(tour);
    if (run.flag("full")) return twelve_pairs(tour);
    for (const auto part :
         {a_sum_and_its_order, what_all_round_alike, the_lesson,
          another_order, what_the_page_fetches, one_digit_on_the_page})
      if (!run.interrupted()) part(tour);
  });
}

}  // namespace cnn
