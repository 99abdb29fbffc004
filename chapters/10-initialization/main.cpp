// Chapter 10: where the weights start decides whether a signal survives the
// way through many layers, and the gradient the way back.
// Book: book/10-initialization.md
#include "10-initialization/steps_full.hpp"
#include "10-initialization/steps_mirrored.hpp"
#include "10-initialization/steps_sizes.hpp"
#include "10-initialization/steps_tour.hpp"
#include "10-initialization/steps_wedge.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("10-initialization", "A signal must survive depth.");
  program.flag("full", "the experiments again from several seeds: minutes");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::StartTour tour = cnn::make_start_tour(run);
    run.catch_interrupts();
    if (run.flag("full")) return cnn::full_study(tour);
    for (const auto section :
         {cnn::one_layer, cnn::fifty_layers, cnn::what_it_still_means,
          cnn::the_wedge, cnn::equal_cells, cnn::the_mirrored_start}) {
      section(tour);
      if (run.interrupted()) return;
    }
  });
}
