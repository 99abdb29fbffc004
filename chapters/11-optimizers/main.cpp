// Chapter 11: optimizers, or how to turn the gradients of all the steps so
// far into the next step.
// Book: book/11-optimizers.md
#include "11-optimizers/steps_by_hand.hpp"
#include "11-optimizers/steps_curves.hpp"
#include "11-optimizers/steps_published.hpp"
#include "11-optimizers/steps_story.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("11-optimizers",
                       "Optimizers: memory in the update.");
  program.flag("full",
               "the long study: every optimizer, over several seeds");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::OptimizerTour tour = cnn::make_optimizer_tour(run);
    run.catch_interrupts();
    using Section = void (*)(cnn::OptimizerTour&);
    const std::vector<Section> tour_sections = {
        cnn::down_the_valley,       cnn::two_gradients,
        cnn::weight_decay_by_hand,  cnn::whole_curves,
        cnn::published_optimizer,   cnn::memory_that_digits_want,
        cnn::one_digits_first_steps};
    const std::vector<Section> study_sections = {
        cnn::whole_curves, cnn::full_batches, cnn::what_schedules_buy,
        cnn::it_does_well, cnn::memory_that_digits_want};
    for (const Section section :
         tour.full() ? study_sections : tour_sections) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}
