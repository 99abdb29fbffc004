// Chapter 02: one small square of weights, used at every place of a
// picture. --picture lays the kernels made by hand on your own.
// Book: book/02-convolution.md
#include "02-convolution/pictures.hpp"
#include "02-convolution/steps_kernels.hpp"
#include "02-convolution/steps_own_picture.hpp"
#include "02-convolution/steps_price.hpp"
#include "02-convolution/steps_search.hpp"
#include "02-convolution/steps_windows.hpp"
#include "common/data/files.hpp"
#include "common/data/story.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

int main(int argc, char** argv) {
  cnn::Program program("02-convolution",
                       "One small window, used everywhere.");
  program.integer("row", 1, 0, 2, "row of the window that step 1 adds up");
  program.integer("column", 0, 0, 4, "its column");
  cnn::set_up_own_picture(program);
  return program.run(argc, argv, [](cnn::Program& run) {
    if (cnn::asks_for_own_picture(run))
      return cnn::kernels_on_own_picture(run);
    const cnn::Split digits = cnn::load_digits(run.data());
    cnn::say("Data: " + digits.source + ".", "");
    const cnn::Tensor<> five = cnn::first_of_class(digits.train, 5);
    cnn::one_window_one_sum(run);
    cnn::size_of_the_output();
    cnn::several_channels(run, digits.train);
    cnn::kernels_by_hand(
        run, five,
        cnn::picture_of(digits.held_out.images, cnn::story_digit));
    cnn::shift_and_convolve(run, five);
    cnn::what_sharing_saves(five);
    cnn::convolution_or_correlation(run, five);
    cnn::kernel_from_examples(run, digits, five);
  });
}
