// Chapter 15: colour, or pictures with three channels and a network that is
// as large as your patience. --minutes M only trains one for M minutes.
// Book: book/15-colour.md
#include "15-colour/steps_bench.hpp"
#include "15-colour/steps_data.hpp"
#include "15-colour/steps_inside.hpp"
#include "15-colour/steps_learn.hpp"
#include "15-colour/steps_minutes.hpp"
#include "15-colour/steps_start.hpp"
#include "15-colour/steps_story.hpp"
#include "15-colour/steps_study.hpp"
#include "15-colour/steps_transfer.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("15-colour", "Colour: pictures of three channels.");
  program.data_help(
      "a folder with CIFAR-10's data_batch_1.bin and so on (default: the "
      "pictures of land that come with the book)");
  program.flag("full",
               "the long study: what each part of the recipe is worth");
  program.choice("minutes", "none", cnn::minutes_choices(),
                 "trains the network that fits into so many minutes of two "
                 "cores, and does nothing else");
  program.flag("transfer",
               "what filters learned from land are worth for the pictures "
               "of --data or --pictures, and back, and nothing else");
  program.flag("bench", "with --minutes: how fast it learns, as JSON");
  program.undrawn({"bench"});
  program.choice("isa", "auto", cnn::instruction_sets(),
                 "the instructions that --bench uses");
  program.integer("threads", 0, 0, 256, "of --bench; 0: one per core");
  program.number("seconds", 3, 0.01, 1000, "how long --bench measures");
  program.flag("record",
               "keeps what came of --minutes or --transfer in book/output");
  program.text(
      "pictures", "", "DIR",
      "your own pictures: a folder of folders, one for each class");
  program.integer("size", 32, 9, 256,
                  "pixels a side of the squares that these are put into");
  return program.run(argc, argv, [](cnn::Program& run) {
    if (cnn::asks_for_bench(run)) return cnn::measure_learning(run);
    if (cnn::asks_for_transfer(run)) return cnn::learn_from_others(run);
    if (cnn::asks_for_minutes(run)) return cnn::learn_for_minutes(run);
    cnn::ColourTour tour = cnn::make_colour_tour(run);
    run.catch_interrupts();
    using Sections = std::vector<void (*)(cnn::ColourTour&)>;
    const Sections steps = {
        cnn::pictures_at_hand,        cnn::colour_alone,
        cnn::filters_of_the_patches,  cnn::before_any_step,
        cnn::learn_colours,           cnn::right_and_wrong_colours,
        cnn::filters_and_patches,     cnn::where_it_looks,
        cnn::one_digit_among_pictures};
    const Sections study = {cnn::linear_from_seeds, cnn::all_but_one_part};
    for (const auto section : tour.full() ? study : steps) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}
