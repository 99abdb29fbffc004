// The first layer's filters on the terminal while they change.
// Book: book/08-seeing.md
#pragma once

#include <chrono>
#include <thread>
#include <vector>

#include "06-training/training.hpp"
#include "common/draw/image.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// A picture for each filter, with a pixel for each weight: blue below 0,
// vermilion above.
// weight (C_out, C_in, K, K); only the kernels of input channel 0 are drawn
inline std::vector<Picture> filters_in_a_row(const Tensor<>& weight) {
  require_rank(weight.shape(), 4, "filters_in_a_row", "weight");
  const int C = weight.extent(0), K = weight.extent(2);
  const float range = largest_magnitude(weight);
  std::vector<Picture> row(static_cast<std::size_t>(C), Picture(K, K));
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < K; ++y)
      for (int x = 0; x < K; ++x)
        row[static_cast<std::size_t>(c)].at(x, y) =
            diverging_colour(weight(c, 0, y, x), range);
  return row;
}

// Redraws the filters in place if the terminal can draw, and then waits for
// a quarter of a second, because training is otherwise too fast to watch.
class LiveFilters {
 public:
  void show(const TrainingStep& now, const Tensor<>& weight) {
    if (!picture_.can_draw()) return;
    picture_.show(
        filters_in_a_row(weight),
        format("step %d of %d, loss %.2f", now.step, now.steps, now.loss));
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }

 private:
  LivePicture picture_;
};

}  // namespace cnn
