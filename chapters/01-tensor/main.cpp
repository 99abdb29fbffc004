// Chapter 01: numbers, a shape, and strides.
// Book: book/01-tensor.md
#include "01-tensor/steps_layout.hpp"
#include "01-tensor/steps_pictures.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("01-tensor", "Numbers, a shape and strides.");
  program.integer("place", 67, 0, 119,
                  "the place in memory that step 2 turns into an index");
  return program.run(argc, argv, [](cnn::Program& run) {
    const cnn::Split digits = cnn::load_digits(run.data());
    cnn::six_numbers();
    cnn::four_axes(run.integer("place"));
    cnn::memory_strip(run);
    cnn::a_digit_is_a_grid(run, digits.held_out);
    cnn::a_reshape_moves_nothing(digits.train);
    cnn::a_colour_picture(run);
    cnn::what_a_flat_vector_knows(run, digits);
  });
}
