// Step 10: what becomes of one digit in this chapter.
// Book: book/05-softmax.md
#pragma once

#include <string>
#include <vector>

#include "05-softmax/figures.hpp"
#include "05-softmax/steps_learning.hpp"
#include "05-softmax/steps_scores.hpp"
#include "05-softmax/story_loss.hpp"
#include "common/data/story.hpp"
#include "common/shell/program.hpp"

namespace cnn {

inline void one_digits_loss(Program& program, const Split& digits) {
  if (digits.held_out.size() <= story_digit) return;
  const Tensor<> image = item(digits.held_out.images, story_digit);
  const int truth =
      digits.held_out.labels[static_cast<std::size_t>(story_digit)];
  const std::vector<StoryMoment> moments = compute_story_moments(
      digits.train, chosen_settings(program), image, truth, {1, 10, 100});
  step("One digit's story");
  paragraph(
      format("Held-out digit number %d, counted from 0, is a %d, and the "
             "layer never learns from it. Here is what that digit cost all "
             "the same, step by step:",
             story_digit, truth));
  Rows table = {{"after step", "p of the truth", "its loss"}};
  for (const StoryMoment& it : moments)
    table.push_back({std::to_string(it.step), decimal(it.p_truth, 3),
                     decimal(it.loss, 3)});
  show(table);
  program.figure("story.png", story_figure(image, moments),
                 "ink times the template of its own class: orange speaks "
                 "for it");
}

}  // namespace cnn
