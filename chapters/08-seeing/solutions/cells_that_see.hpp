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
  // Cell i sees it if 0 <= behind - i jump < size.
  const int behind = pixel - field.first;
  const int last = behind / field.jump;
  // (behind - size + 1) / jump, rounded up
  const int first = (behind - field.size + field.jump) / field.jump;
  return {std::max(first, 0), std::min(last, cells - 1)};
}

}  // namespace cnn
