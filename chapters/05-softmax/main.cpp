// Chapter 05: scores become probabilities, probabilities become a loss, and
// with the loss's gradient one dense layer learns to read digits.
// Book: book/05-softmax.md
#include "05-softmax/steps_answers.hpp"
#include "05-softmax/steps_learning.hpp"
#include "05-softmax/steps_loss.hpp"
#include "05-softmax/steps_scores.hpp"
#include "05-softmax/steps_story.hpp"
#include "05-softmax/steps_study.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("05-softmax",
                       "Scores to probabilities to a loss, and the first "
                       "thing that learns.");
  const cnn::LinearSettings settings;
  program.integer("epochs", settings.epochs, 1, 1000,
                  "times that every digit is seen");
  program.integer("batch", settings.batch, 1, 100000, "digits per step");
  program.choice("truth", "B", cnn::example_classes(),
                 "the answer that step 5 takes for the truth");
  program.number("learning-rate", settings.learning_rate, 1e-6, 100,
                 "how far a step goes");
  program.flag(
      "full", "the long study: rates, epochs, moved digits, several seeds");
  return program.run(argc, argv, [](cnn::Program& run) {
    const cnn::Split all = cnn::load_digits(run.data());
    const cnn::Split digits =
        run.quick() ? cnn::Split{first(all.train, 300),
                                 first(all.held_out, 100), all.source}
                    : all;
    if (run.flag("full")) {
      cnn::linear_study(run, digits);
      return;
    }
    cnn::scores_to_probabilities();
    cnn::temperature_and_shift(run);
    cnn::naive_and_stable();
    cnn::what_an_answer_costs(run);
    cnn::gradient_of_the_loss(run);
    const cnn::Learned learned = cnn::learn_to_read(run, digits);
    cnn::what_it_has_learned(run, digits, learned);
    const cnn::Tensor<> logits =
        scores(learned.classifier, digits.held_out.images);
    cnn::one_decision(run, digits.held_out, learned.classifier, logits);
    cnn::are_they_probabilities(run, digits.held_out, logits);
    cnn::one_digits_loss(run, digits);
  });
}
