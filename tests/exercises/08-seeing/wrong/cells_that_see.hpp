// The mistake that a reader is most likely to make.
#pragma once

#include <algorithm>

#include "08-seeing/receptive_field.hpp"

namespace cnn {

struct Cells {
  int first, last;
};

// Rounds the first cell down, too: that one's field ends before the pixel,
// unless the division leaves no rest.
inline Cells cells_that_see(const ReceptiveField& field, int cells,
                            int pixel) {
  const int behind = pixel - field.first;
  const int last = behind / field.jump;
  const int first = (behind - field.size + 1) / field.jump;
  return {std::max(first, 0), std::min(last, cells - 1)};
}

}  // namespace cnn
