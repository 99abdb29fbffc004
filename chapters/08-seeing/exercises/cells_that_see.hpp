// Exercise 3 of chapter 08, fifteen minutes.
//
// A receptive field says which pixels a cell sees. Turn the question round:
// which cells see a given pixel? Along one axis, as there: a row of `cells`
// cells, of which cell i sees the field.size pixels from field.begin(i) on.
// Neighbours overlap, so several may see the pixel. No cell sees a pixel
// that lies in a gap between fields, or beyond the last field.
//
// pixel: 0 or more -> the first and the last cell that see it, counted from
// 0; if no cell does, a first that comes after the last, such as {0, -1}
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
