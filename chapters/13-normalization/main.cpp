// Chapter 13: normalization, or how to give every layer numbers that it can
// work with. --recipe trains on all of MNIST, --record-recipe does so three
// times, and --cost times batch normalization. Without any of these the
// program is the chapter's tour.
// Book: book/13-normalization.md
#include "13-normalization/steps_axes.hpp"
#include "13-normalization/steps_batches.hpp"
#include "13-normalization/steps_by_hand.hpp"
#include "13-normalization/steps_cost.hpp"
#include "13-normalization/steps_debate.hpp"
#include "13-normalization/steps_recipe.hpp"
#include "13-normalization/steps_scale.hpp"
#include "13-normalization/steps_starts.hpp"
#include "13-normalization/steps_story.hpp"
#include "common/shell/program.hpp"

namespace {

int normalization_tour(int argc, char** argv) {
  cnn::Program program("13-normalization",
                       "Normalization: standardize inside.");
  program.flag("full", "the long study: whole curves, over several seeds");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::NormTour tour = cnn::make_norm_tour(run);
    run.catch_interrupts();
    using Section = void (*)(cnn::NormTour&);
    const std::vector<Section> tour_sections = {
        cnn::four_numbers,         cnn::four_numbers_backwards,
        cnn::dead_starts,          cnn::twenty_layers,
        cnn::two_convolutions,     cnn::one_digit_eight_batches,
        cnn::size_without_meaning, cnn::folded_away,
        cnn::other_axes,           cnn::what_is_it_good_for,
        cnn::without_a_batch,      cnn::one_digits_company};
    const std::vector<Section> study_sections = {
        cnn::dead_starts,    cnn::twenty_layers, cnn::two_convolutions,
        cnn::two_modes,      cnn::small_batches, cnn::what_is_it_good_for,
        cnn::without_a_batch};
    for (const Section section :
         tour.full() ? study_sections : tour_sections) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  return cnn::run_verbs(argc, argv,
                        {{"--cost", cnn::cost_program},
                         {"--recipe", cnn::recipe_program},
                         {"--record-recipe", cnn::record_recipe_program}},
                        normalization_tour);
}
