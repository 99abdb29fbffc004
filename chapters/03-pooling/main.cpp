// Chapter 03: keep what was found, forget where.
// Book: book/03-pooling.md
#include "02-convolution/pictures.hpp"
#include "03-pooling/shift_changes.hpp"
#include "03-pooling/steps_loss.hpp"
#include "03-pooling/steps_reading.hpp"
#include "03-pooling/steps_shift.hpp"
#include "03-pooling/steps_windows.hpp"
#include "common/data/files.hpp"
#include "common/data/story.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("03-pooling", "Keep what was found, forget where.");
  program.integer("stride", 2, 1, 2, "how far step 2's window moves");
  return program.run(argc, argv, [](cnn::Program& run) {
    const cnn::Split all = cnn::load_digits(run.data());
    const cnn::Dataset digits =
        run.quick() ? first(all.held_out, 200) : all.held_out;
    const cnn::Tensor<> three =
        cnn::as_batch(cnn::picture_of(digits.images, cnn::story_digit));
    const cnn::ShiftStudy study = cnn::study_shift(digits.images, 0, 1);
    cnn::report(run, study.changes);
    cnn::sixteen_become_four();
    cnn::windows_that_overlap(run.integer("stride"));
    cnn::size_of_the_pooled_map(run);
    cnn::what_stands_in_the_border();
    cnn::edges_pooled(run, three);
    cnn::one_step_to_the_right(run, study, digits.images, three);
    cnn::read_after_a_step(run, first(all.train, run.quick() ? 200 : 2000),
                           first(digits, run.quick() ? 50 : 500));
    cnn::window_or_size(digits.images);
    cnn::share_of_all_cells(run, study, digits.size());
    cnn::what_is_lost(run, three);
  });
}
