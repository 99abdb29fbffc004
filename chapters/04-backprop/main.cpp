// Chapter 04: the chain rule, layer by layer, and every gradient measured
// before it is believed.
// Book: book/04-backprop.md
#include "04-backprop/steps_check.hpp"
#include "04-backprop/steps_gradient.hpp"
#include "04-backprop/steps_kernel.hpp"
#include "04-backprop/steps_layers.hpp"
#include "04-backprop/steps_story.hpp"
#include "04-backprop/steps_windows.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("04-backprop", "The chain rule, layer by layer.");
  program.number("w", 2, -100, 100, "the weight w of step 2");
  program.number("x", 3, -100, 100, "its input x");
  program.number("b", -1, -100, 100, "its bias b");
  program.number("t", 2, -100, 100, "its target t");
  return program.run(argc, argv, [](cnn::Program& run) {
    const cnn::Split digits = cnn::load_digits(run.data());
    cnn::one_weight_downhill(run);
    cnn::chain_rule(run);
    cnn::two_ways(run);
    cnn::dense_by_hand();
    cnn::two_layers_are_one(run);
    cnn::what_relu_buys(run);
    cnn::convolution_backward_by_hand(run);
    cnn::why_rotate(run);
    cnn::only_winners(run);
    cnn::ties();
    cnn::gradients_of_all_layers(run);
    cnn::planted_bugs(run);
    cnn::sobel_again(run, digits.train);
    cnn::one_digits_gradient(run, digits.held_out);
  });
}
