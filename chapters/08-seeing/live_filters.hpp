// The first layer's filters on the terminal while they change.
// Book: book/08-seeing.md
#pragma once

#include <chrono>
#include <thread>

#include "06-training/training.hpp"
#include "common/draw/image.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Side by side, every weight a pixel: blue below 0, vermilion above.
// weight (C_out, C_in, K, K): the kernels of input channel 0
inline Picture filters_in_a_row(const Tensor<>& weight) {
  require_rank(weight.shape(), 4, "filters_in_a_row", "weight");
  const int C = weight.extent(0), K = weight.extent(2);
  const float range = largest_magnitude(weight);
  Picture row(C * (K + 1) - 1, K);
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < K; ++y)
      for (int x = 0; x < K; ++x)
        row.at(c * (K + 1) + x, y) =
            diverging_colour(weight(c, 0, y, x), range);
  return row;
}

// Draws them in place after each recorded step, and waits a little: this
// training is too fast for an eye.
class LiveFilters {
 public:
  void show(const TrainingStep& now, const Tensor<>& weight) {
    if (!picture_.can_draw()) return;
    picture_.show(
        filters_in_a_row(weight),
        format("step %d of %d, loss %.2f", now.step, now.steps, now.loss));
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
  }

 private:
  LivePicture picture_;
};

}  // namespace cnn
