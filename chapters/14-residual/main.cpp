// Chapter 14: residual blocks, or why a layer should begin by doing
// nothing.
// Book: book/14-residual.md
#include "14-residual/steps_apart.hpp"
#include "14-residual/steps_by_hand.hpp"
#include "14-residual/steps_depth.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("14-residual",
                       "Residual: add, and start as nothing.");
  program.flag("full",
               "the long study: every depth and rate, over several seeds");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::ResidualTour tour = cnn::make_residual_tour(run);
    run.catch_interrupts();
    using Section = void (*)(cnn::ResidualTour&);
    const std::vector<Section> tour_sections = {
        cnn::through_blocks,        cnn::before_the_first_step,
        cnn::deeper_at_a_high_rate, cnn::at_a_rate_of_its_own,
        cnn::one_block_out,         cnn::loss_around,
        cnn::along_the_stream,      cnn::one_digit_after_each_block};
    const std::vector<Section> study_sections = {
        cnn::all_depths, cnn::one_block_out_of_many, cnn::loss_around_many};
    for (const Section section :
         tour.full() ? study_sections : tour_sections) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}
