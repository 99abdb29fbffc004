// Steps 3 and 4: what the network would call a 3, without and with
// regularizers that keep a picture readable.
// Book: book/09-dreaming.md
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "09-dreaming/climbed_digit.hpp"
#include "09-dreaming/figures.hpp"
#include "09-dreaming/plain_climb.hpp"
#include "09-dreaming/readable_dreams.hpp"
#include "09-dreaming/steps_networks.hpp"
#include "common/data/story.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- 3. The plain climb ------------------------------------------------

inline void show(const PlainClimb& plain) {
  say("For each class, the table has its logit in the noise, the highest "
      "logit that any held-out digit reaches and the largest lead that any "
      "has over its next best class, then the same for the dream, and how "
      "sure the network is of it:");
  print("\n");
  Rows rows = {{"class", "noise", "a digit", "ahead", "the dream", "ahead ",
                "sure", "witness says"}};
  for (const ClimbedClass& it : plain.classes)
    rows.push_back(
        {std::to_string(rows.size() - 1), format("%.1f", it.noise),
         format("%.1f", it.digit), format("%.1f", it.digit_ahead),
         format("%.1f", it.dream), format("%.1f", it.dream_ahead),
         percent(it.sure), std::to_string(it.witness_says)});
  print_table(rows);
  print(
      "\n    The witness reads %d of the 10 as the class that was "
      "wanted.\n",
      plain.witness_agrees);
}

inline void plain_climb(DreamingTour& tour) {
  step("The ideal digits of a plain climb");
  say("Start from faint grey noise, the same for all ten classes, and "
      "climb: change the pixels, not the weights, so that the logit of one "
      "class rises. A step that leads higher is taken; one that does not "
      "is tried again half as long.");
  print("\n");
  const Program& program = tour.program;
  const int steps = dream_settings(program).steps;
  Progress progress("climbing", steps, "steps");
  tour.plain = compute_plain_climb(
      *tour.networks.asked, *tour.networks.witness, tour.held_out.logits,
      program.integer("class"), steps, program.seed(), [&](int now) {
        progress.update(now);
        return !program.interrupted();
      });
  progress.clear();
  show(tour.plain);
  tour.note("witness_reads_plain",
            std::to_string(tour.plain.witness_agrees));
}

// ---- 4. Regularizers ---------------------------------------------------

inline void explain(const DreamSettings& settings) {
  step("Readable dreams");
  say("The same climb, now with four regularizers that keep a picture "
      "readable: each alone, all but one, and all together. These climbs "
      "take steps of a fixed size and do not ask whether they lead higher. "
      "The first four columns are means over the ten classes: the logit "
      "and the probability of the class that was wanted, the total "
      "variation (TV), which adds up how much neighbouring pixels differ, "
      "and the share of the steps that led down. The last three count the "
      "pictures that are read as that class by the witness, by the dense "
      "layer and by chapter 06's nearest mean image. In the last line the "
      "pictures come from a network that has learned nothing; the logit "
      "and the probability are the trained network's.");
  say(format(
      "Steps: %d of size %.2f; decay %g; %s; jitter by up to %s; "
      "total variation with weight %g.",
      settings.steps, settings.size, settings.decay,
      (settings.blur_every == 0
           ? std::string("no blur")
           : "a blur every " + counted_text(settings.blur_every, "step"))
          .c_str(),
      counted_text(settings.jitter, "pixel").c_str(), settings.variation));
  print("\n");
}

inline void show(const std::vector<DreamScore>& scores) {
  Rows rows = {
      {"", "logit", "sure", "TV", "fell", "witness", "dense", "nearest"}};
  for (const DreamScore& it : scores)
    rows.push_back({it.name, format("%.1f", it.logit), percent(it.sure),
                    format("%.0f", it.variation), percent(it.fell),
                    std::to_string(it.witness), std::to_string(it.dense),
                    std::to_string(it.nearest)});
  print_table(rows);
}

// The logit that two climbs raise, after some of the steps.
inline void show_logits(const Strip& plain, const Strip& strip,
                        const std::string& title) {
  Rows rows = {{"step"}, {plain.name}, {strip.name}};
  for (std::size_t i = 0; i < plain.steps.size(); ++i) {
    rows[0].push_back(std::to_string(plain.steps[i]));
    rows[1].push_back(format("%.2f", static_cast<double>(plain.logits[i])));
    rows[2].push_back(format("%.2f", static_cast<double>(strip.logits[i])));
  }
  print("\n");
  say(title);
  print("\n");
  print_table(rows);
}

inline void draw(Program& program, const PlainClimb& climb,
                 const Dataset& digits, const ReadableDreams& all,
                 int digit) {
  const Strip& plain = climb.strip;
  std::vector<Dreams> drawn = dreams_named(
      all.drawn, {"plain", "none of them", "decay", "blur", "jitter",
                  "total variation", "all four", "untrained"});
  drawn.insert(drawn.begin(), best_digits(climb, digits));
  program.figure(
      "dreams.png", dreams_figure(drawn),
      std::string("at the top are the digits with the highest logits") +
          strangers_text(climb, digits.labels) +
          "; the plain climb hides its digits in noise; " +
          (all.smoother ? "each regularizer removes some of it, and all "
                          "four together remove most"
                        : "which regularizer removes most of it?"));
  program.figure(
      "all-but-one.png",
      dreams_figure(dreams_named(
          all.drawn, {"all four", "all but decay", "all but blur",
                      "all but jitter", "all but TV"})),
      "what each of the four adds to the other three");
  program.figure(
      "filmstrip.png", filmstrip_figure({plain, all.strip}, digit),
      is_sure_early(plain) && is_sure_early(all.strip)
          ? "the network is sure long before the picture is finished"
          : "when does the network become sure?");
  std::vector<Picture> frames;
  for (const Frame& it : all.film)
    frames.push_back(dream_frame(it.step, it.images, it.probabilities));
  program.film("film.png", frames, 300,
               strokes_come_first(all.film)
                   ? "strokes come first; the background darkens slowly"
                   : "which comes first, the strokes or the dark ground?");
}

inline void readable_dreams(DreamingTour& tour) {
  Program& program = tour.program;
  const DreamSettings together = dream_settings(program);
  const int digit = program.integer("class");
  explain(together);
  std::unique_ptr<Progress> progress;
  const ReadableDreams all = compute_readable_dreams(
      tour.networks, tour.plain.dreams, mean_images(tour.train), together,
      digit, [&](const DreamRecipe& recipe, int now) {
        if (now == 0)
          progress = std::make_unique<Progress>(recipe.name, together.steps,
                                                "steps");
        progress->update(now);
        return !program.interrupted();
      });
  progress.reset();
  if (program.interrupted()) return;
  show(all.scores);
  show_logits(tour.plain.strip, all.strip,
              format("The logit of class %d on the way up:", digit));
  const DreamScore& plain = all.plain();
  const DreamScore& all_four = all.all_four();
  tour.note("witness_reads_all_four", std::to_string(all_four.witness));
  tour.note("dense_reads_plain", std::to_string(plain.dense));
  tour.note("dense_reads_all_four", std::to_string(all_four.dense));
  tour.note("nearest_mean_reads_plain", std::to_string(plain.nearest));
  tour.note("nearest_mean_reads_all_four",
            std::to_string(all_four.nearest));
  draw(program, tour.plain, tour.held_out.digits, all, digit);
}

// ---- A digit instead of noise ------------------------------------------

inline void climb_from_digit(DreamingTour& tour) {
  Program& program = tour.program;
  const int label = tour.held_out.truth(story_digit);
  const ClimbedDigit all = compute_climbed_digit(
      *tour.networks.asked, tour.held_out.digit(story_digit), label,
      dream_settings(program), [&](int) { return !program.interrupted(); });
  if (program.interrupted()) return;
  show_logits(
      all.plain, all.all_four,
      format("The same two climbs once more, but from a digit instead of "
             "noise: held-out digit number %d, counted from 0, which is a "
             "%d. Its logit of %d after some of the steps:",
             story_digit, label, label));
  program.figure("story.png",
                 climbed_digit_figure({all.plain, all.all_four}, label),
                 "what the network would change in this digit");
}

}  // namespace cnn
