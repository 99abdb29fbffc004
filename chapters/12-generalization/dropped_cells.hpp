// Four cells on their way through dropout: in two steps of the training,
// and when the network answers.
// Book: book/12-generalization.md
#pragma once

#include "12-generalization/dropout.hpp"

namespace cnn {

// All are (1, 4): the cells before dropout and after it.
struct DroppedCells {
  Tensor<> cells, first_step, second_step, answering;
};

// Half of the cells are dropped. With this seed each step drops two, and
// the two steps together drop three different ones.
inline DroppedCells drop_four_cells() {
  DroppedCells it;
  it.cells = Tensor<>({1, 4}, {2, 4, 6, 8});
  DropoutLayer<> dropout(0.5, 850);
  it.first_step = dropout.forward(it.cells, {.learns = true, .step = 1});
  it.second_step = dropout.forward(it.cells, {.learns = true, .step = 2});
  it.answering = dropout.forward(it.cells, Mode::evaluation);
  return it;
}

}  // namespace cnn
