// Chapter 06: a convolutional network learns to read handwritten digits in
// the training loop, with nothing but the plain loops of the earlier
// chapters.
// Book: book/06-training.md
#include "06-training/steps_choices.hpp"
#include "06-training/steps_network.hpp"
#include "06-training/steps_run.hpp"
#include "06-training/steps_study.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("06-training",
                       "The loop: a network learns to read.");
  program.integer("epochs", 6, 1, 1000, "times that every digit is seen");
  program.integer("batch", 32, 1, 10000, "digits per step");
  program.number("learning-rate", 0.05, 1e-9, 1e30, "size of a step");
  program.choice("schedule", "cosine", {"cosine", "constant"},
                 "how the learning rate changes");
  program.number("momentum", 0.9, 0, 0.999,
                 "how much of the last step is carried into the next");
  program.integer("train", 0, 0, 1000000,
                  "how many digits to train on; 0: all there are");
  program.flag("full",
               "the long study: what each choice is worth, six seeds");
  return program.run(argc, argv, [](cnn::Program& run) {
    const cnn::Split digits = cnn::chosen_digits(run);
    run.catch_interrupts();
    if (run.flag("full")) {
      cnn::choices_from_seeds(run, digits);
      return;
    }
    cnn::network_layer_by_layer();
    const cnn::Baselines baselines = cnn::answers_to_beat(run, digits);
    cnn::StoryTeller story = cnn::one_digit(digits);
    cnn::Trained trained = cnn::main_run(run, digits, story);
    cnn::right_and_wrong(run, digits, trained, baselines);
    cnn::learned_to_look_for(run, digits, trained);
    if (!run.interrupted()) cnn::worth_of_choices(run, digits);
    if (!run.interrupted()) cnn::who_is_whose_neighbour(run, digits);
    if (!run.interrupted())
      cnn::when_it_does_not_learn(run, digits,
                                  trained.history.front().loss);
    if (!run.interrupted()) cnn::one_digits_answers(run, digits, story);
  });
}
