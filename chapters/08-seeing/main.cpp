// Chapter 08: what each layer sees, batch after batch.
// Book: book/08-seeing.md
#include "08-seeing/steps_activity.hpp"
#include "08-seeing/steps_fields.hpp"
#include "08-seeing/steps_full.hpp"
#include "08-seeing/steps_learn.hpp"
#include "08-seeing/steps_strangers.hpp"
#include "08-seeing/steps_tour.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("08-seeing",
                       "What each layer sees, batch after batch.");
  program.integer("epochs", 6, 1, 100, "times that every digit is seen");
  program.flag("full",
               "some experiments again from several seeds: minutes");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::SeeingTour tour = cnn::make_tour(run);
    run.catch_interrupts();
    using Section = void (*)(cnn::SeeingTour&);
    const std::vector<Section> tour_sections = {
        cnn::watch_it_learn,        cnn::freeze_layers,
        cnn::follow_digits,         cnn::what_a_cell_sees,
        cnn::what_filters_look_for, cnn::who_is_at_work,
        cnn::cover_parts,           cnn::look_into_hidden_space,
        cnn::ask_about_strangers,   cnn::how_sure_of_many};
    const std::vector<Section> study_sections = {cnn::freeze_from_seeds,
                                                 cnn::dead_from_seeds,
                                                 cnn::promises_from_seeds};
    for (const Section section :
         run.flag("full") ? study_sections : tour_sections) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}
