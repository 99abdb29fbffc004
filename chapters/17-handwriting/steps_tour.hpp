// The tour, which is the program without a verb.
// Book: book/17-handwriting.md
#pragma once

#include "17-handwriting/steps_changes.hpp"
#include "17-handwriting/steps_digits.hpp"
#include "17-handwriting/steps_letters.hpp"
#include "17-handwriting/steps_moves.hpp"
#include "17-handwriting/steps_photographs.hpp"
#include "17-handwriting/steps_photos.hpp"
#include "17-handwriting/steps_refusing.hpp"
#include "17-handwriting/steps_rule.hpp"
#include "17-handwriting/steps_shifts.hpp"
#include "common/shell/program.hpp"

namespace cnn {

inline int handwriting_tour(int argc, char** argv) {
  Program program("17-handwriting",
                  "What a network asks of a digit, and how a photograph "
                  "is read.");
  program.text("photos", "", "DIR",
               "instead of the tour, read the photographs of a folder with "
               "a labels.csv, and count");
  program.undrawn({"photos"});
  program.reads("weights", "FILE",
                "with --photos: another network than the book's reader");
  program.text("strangers", "", "DIR",
               "in step 6, also count what is refused of another data set: "
               "a folder with MNIST's four files, such as "
               "data/fashion-mnist");
  program.flag("full", "what it costs to learn from shifted digits");
  return program.run(argc, argv, [](Program& run) {
    if (run.given("weights") && !run.given("photos"))
      throw UsageError("expected --photos DIR beside --weights");
    if (run.given("photos"))
      run.require_without("photos", {"full", "strangers", "data", "seed"});
    if (run.given("strangers")) run.require_without("strangers", {"full"});
    if (run.given("photos")) {
      run.catch_interrupts();
      return read_folder(run, run.text("photos"));
    }
    HandwritingTour tour = begin_tour(run);
    run.catch_interrupts();
    if (run.flag("full")) return learning_from_shifts(tour);
    for (const auto section :
         {an_island, the_rule, what_matters, stations, read_photographs,
          when_not_to_answer, teach_letters}) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}

}  // namespace cnn
