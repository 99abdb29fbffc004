// Chapter 16: a network is a file, and a file comes from a stranger. Three
// verbs make, measure and translate such files; without one of them the
// program is the chapter's tour.
// Book: book/16-saving.md
#include "16-saving/steps_export.hpp"
#include "16-saving/steps_measure.hpp"
#include "16-saving/steps_tour.hpp"
#include "16-saving/steps_train.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  return cnn::run_verbs(argc, argv,
                        {{"train", cnn::train_program},
                         {"measure", cnn::measure_program},
                         {"export", cnn::export_program}},
                        cnn::saving_tour);
}
