// The mistake that a reader is most likely to make.
#pragma once

#include <algorithm>

#include "08-seeing/receptive_field.hpp"

namespace cnn {

struct Cells {
  int first, last;
};

// Rounds the first cell down, too. Its field then ends before the pixel,
// unless the division leaves no remainder.
inline Cells cells_that_see(const ReceptiveField& field, int cells,
                            int pixel) {
  const int offset = pixel - field.first;
  const int last = offset / field.jump;
  const int first = (offset - field.size + 1) / field.jump;
  return {std::max(first, 0), std::min(last, cells - 1)};
}

}  // namespace cnn
