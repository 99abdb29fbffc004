// Step 11: what becomes of one digit in this chapter.
// Book: book/04-backprop.md
#pragma once

#include "02-convolution/pictures.hpp"
#include "04-backprop/figures.hpp"
#include "04-backprop/story_gradient.hpp"
#include "common/data/dataset.hpp"
#include "common/data/story.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline void one_digits_gradient(Program& program, const Dataset& held_out) {
  if (held_out.size() <= story_digit) return;
  const Tensor<> picture = picture_of(held_out.images, story_digit);
  const StoryGradient it = compute_story_gradient(picture);
  step("One digit's story");
  say(
      format("Held-out digit number %d, counted from 0, goes through Sobel "
             "x, ReLU and max-pooling of 2 x 2, and we ask how each of its "
             "pixels changes the sum of all pooled cells, which is %.1f. "
             "Every pooled cell hands back 1. Back through pooling and "
             "ReLU, %d of the map's %d cells have a gradient, and back "
             "through the convolution %d of %d pixels.",
             story_digit, static_cast<double>(it.sum),
             count_nonzero(it.grad_map), it.grad_map.size(),
             count_nonzero(it.grad_pixels), it.grad_pixels.size()));
  program.figure(
      "story.png", story_figure(picture, it),
      "orange: more ink there and the sum grows; blue: it falls");
}

}  // namespace cnn
