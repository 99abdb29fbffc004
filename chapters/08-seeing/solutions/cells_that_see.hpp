// One way to solve exercises/cells_that_see.hpp.
#pragma once

#include <algorithm>

#include "08-seeing/receptive_field.hpp"

namespace cnn {

struct Cells {
  int first, last;
};

inline Cells cells_that_see(const ReceptiveField& field, int cells,
                            int pixel) {
  // Cell i sees the pixel if 0 <= offset - i jump < size.
  const int offset = pixel - field.first;
  const int last = offset / field.jump;
  // (offset - size + 1) / jump, rounded up
  const int first = (offset - field.size + field.jump) / field.jump;
  return {std::max(first, 0), std::min(last, cells - 1)};
}

}  // namespace cnn
