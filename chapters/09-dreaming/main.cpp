// Chapter 09: asks a trained network, through its gradients, what it looks
// at, what it would like to see, and how it is fooled.
// Book: book/09-dreaming.md
#include "09-dreaming/steps_dreams.hpp"
#include "09-dreaming/steps_filters.hpp"
#include "09-dreaming/steps_fooling.hpp"
#include "09-dreaming/steps_morphing.hpp"
#include "09-dreaming/steps_networks.hpp"
#include "09-dreaming/steps_saliency.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("09-dreaming",
                       "What a network looks at, dreams of and is "
                       "fooled by, asked through its gradients.");
  program.integer("class", 3, 0, 9, "the class of the filmstrip");
  program.integer("steps", 300, 1, 5000, "steps of each climb");
  program.number("decay", 0.02, 0, 1, "share of grey lost in each step");
  program.integer("blur-every", 4, 0, 5000, "steps between two blurs");
  program.integer("jitter", 2, 0, 14, "cells that a picture is shifted");
  program.number("variation", 0.2, 0, 100, "weight of the variation");
  return program.run(argc, argv, [](cnn::Program& run) {
    cnn::DreamingTour tour = cnn::networks_to_ask(run);
    for (const auto part :
         {cnn::which_pixels_matter, cnn::plain_climb, cnn::readable_dreams,
          cnn::climb_from_digit, cnn::hidden_filters, cnn::fooling,
          cnn::morphing})
      if (!run.interrupted()) part(tour);
    cnn::report(tour, "median_fooling_step");
  });
}
