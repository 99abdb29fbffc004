// Chapter 08: what each layer sees, batch after batch.
// Book: book/08-seeing.md
#include "08-seeing/steps_activity.hpp"
#include "08-seeing/steps_fields.hpp"
#include "08-seeing/steps_learn.hpp"
#include "08-seeing/steps_strangers.hpp"
#include "08-seeing/steps_tour.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("08-seeing",
                       "What each layer sees, batch after batch.");
  program.integer("epochs", 6, 1, 100, "times that every digit is seen");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::SeeingTour tour = cnn::make_tour(run);
    run.catch_interrupts();
    for (const auto section :
         {cnn::watch_it_learn, cnn::freeze_layers, cnn::follow_digits,
          cnn::what_a_cell_sees, cnn::what_filters_look_for,
          cnn::who_is_at_work, cnn::cover_parts,
          cnn::look_into_hidden_space, cnn::ask_about_strangers,
          cnn::how_sure_of_many}) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}
