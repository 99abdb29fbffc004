// Chapter 12: generalization, or why what helps on the digits a network
// learns from should help on any other. --best trains the chapter's best
// network.
// Book: book/12-generalization.md
#include "12-generalization/steps_best.hpp"
#include "12-generalization/steps_descent.hpp"
#include "12-generalization/steps_ensembles.hpp"
#include "12-generalization/steps_memory.hpp"
#include "12-generalization/steps_more_data.hpp"
#include "12-generalization/steps_nonsense.hpp"
#include "12-generalization/steps_remedies.hpp"
#include "12-generalization/steps_sure.hpp"
#include "12-generalization/steps_tour.hpp"
#include "common/shell/program.hpp"

namespace {

int tour_program(int argc, char** argv) {
  cnn::Program program("12-generalization",
                       "Generalization: fitting is not learning.");
  program.flag("full", "the experiments again from several seeds: minutes");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::GeneralizationTour tour = cnn::make_generalization_tour(run);
    run.catch_interrupts();
    using Section = void (*)(cnn::GeneralizationTour&);
    const std::vector<Section> tour_sections = {
        cnn::nonsense_labels, cnn::ruler_for_memory, cnn::eleven_points,
        cnn::double_descent,  cnn::all_remedies,     cnn::mirrored_digits,
        cnn::learn_from_more, cnn::how_sure,         cnn::many_together};
    const std::vector<Section> study_sections = {
        cnn::nonsense_labels, cnn::ruler_for_memory, cnn::double_descent,
        cnn::all_remedies,    cnn::mirrored_digits,  cnn::longer_runs,
        cnn::learn_from_more, cnn::how_sure,         cnn::many_together};
    for (const Section section :
         tour.full() ? study_sections : tour_sections) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  return cnn::run_verbs(argc, argv, {{"--best", cnn::best_program}},
                        tour_program);
}
