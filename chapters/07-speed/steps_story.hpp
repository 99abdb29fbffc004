// Step 10: one digit, in company and alone.
// Book: book/07-speed.md
#pragma once

#include "07-speed/figures.hpp"
#include "07-speed/steps_options.hpp"
#include "07-speed/story_lanes.hpp"
#include "common/data/story.hpp"

namespace cnn {

// network: trained
inline void one_digit_in_lanes(Program& program, const Dataset& held_out,
                               FastNetwork& network) {
  const StoryLanes story =
      compute_story_lanes(network, held_out, story_digit);
  const float apart = difference_of_ways(story);
  step("One digit's story");
  say(format(
          "Held-out digit number %d, counted from 0, is a %d. It goes "
          "twice through the network that was just trained: with fifteen "
          "others, one in each lane, and alone, with an output channel in "
          "each lane. ",
          story_digit,
          held_out.labels[static_cast<std::size_t>(story_digit)]) +
      (apart == 0
           ? "Both ways end in the same ten logits."
           : format("No logit of one way is farther than %.0e from that "
                    "of the other, the last digits of a float.",
                    static_cast<double>(apart))));
  program.figure("story.png", story_lanes_figure(story),
                 "the same digit in one lane of sixteen, and spread over "
                 "all of them");
}

}  // namespace cnn
