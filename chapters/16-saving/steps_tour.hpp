// The tour: a network as a file, read by eye, written, mistrusted, handed
// on to other programs, and trained further.
// Book: book/16-saving.md
#pragma once

#include "16-saving/steps_file.hpp"
#include "16-saving/steps_killed.hpp"
#include "16-saving/steps_onnx.hpp"
#include "16-saving/steps_round_trips.hpp"
#include "16-saving/steps_shared.hpp"
#include "16-saving/steps_story.hpp"
#include "16-saving/steps_strangers.hpp"
#include "common/shell/program.hpp"

namespace cnn {

inline int saving_tour(int argc, char** argv) {
  Program program("16-saving",
                  "A network as a file: read by eye, written, mistrusted, "
                  "and gone on with.");
  program.flag("full", "the run that is killed, from 20 seeds");
  return program.run(argc, argv, [](Program& run) {
    SavingTour tour = make_saving_tour(run);
    run.catch_interrupts();
    if (run.flag("full")) return killed_from_many_seeds(tour);
    for (const auto part :
         {read_by_eye, a_real_file, round_trips, ten_hostile_files,
          architectures_as_text, as_onnx, killed_and_gone_on,
          one_digit_from_files})
      if (!run.interrupted()) part(tour);
  });
}

}  // namespace cnn
