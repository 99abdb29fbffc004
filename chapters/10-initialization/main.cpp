// Chapter 10: where the weights start decides whether a signal survives
// many layers, and whether its gradient survives the backward pass.
// Book: book/10-initialization.md
#include "10-initialization/steps_full.hpp"
#include "10-initialization/steps_mirrored.hpp"
#include "10-initialization/steps_sizes.hpp"
#include "10-initialization/steps_story.hpp"
#include "10-initialization/steps_tour.hpp"
#include "10-initialization/steps_wedge.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("10-initialization",
                       "Whether a signal survives many layers, "
                       "and whether its gradient does.");
  program.flag("full", "the experiments again from several seeds: minutes");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::StartTour tour = cnn::make_start_tour(run);
    run.catch_interrupts();
    using Section = void (*)(cnn::StartTour&);
    const std::vector<Section> tour_sections = {
        cnn::one_layer,
        cnn::fifty_layers,
        cnn::what_it_still_means,
        cnn::the_wedge,
        cnn::equal_cells,
        cnn::the_mirrored_start,
        cnn::one_digits_first_answers};
    const std::vector<Section> study_sections = {
        cnn::tanh_from_seeds,        cnn::wandering_from_seeds,
        cnn::cosines_from_seeds,     cnn::wedge_from_seeds,
        cnn::equal_cells_from_seeds, cnn::mirrored_from_seeds};
    for (const Section section :
         run.flag("full") ? study_sections : tour_sections) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}
