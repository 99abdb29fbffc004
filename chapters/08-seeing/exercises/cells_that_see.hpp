// Exercise 3 of chapter 08, fifteen minutes.
//
// A receptive field says which pixels a cell sees. Turn the question round:
// which cells see a given pixel? ReceptiveField describes one axis, and so
// do we: there is a row of `cells` cells, and cell i sees the field.size
// pixels that begin at field.begin(i). Neighbouring fields may overlap, so
// several cells may see the pixel. No cell sees a pixel that lies in a gap
// between fields, or beyond the last field.
//
// pixel: 0 or more -> the first and the last cell that see it, counted from
// 0; if no cell does, a `first` greater than `last`, such as {0, -1}
#pragma once

#include "08-seeing/receptive_field.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

struct Cells {
  int first, last;
};

inline Cells cells_that_see(const ReceptiveField& field, int cells,
                            int pixel) {
  throw NotSolvedYet();
}

}  // namespace cnn
