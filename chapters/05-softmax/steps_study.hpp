// What --full does: the questions about the linear classifier that one
// seed cannot answer.
// Book: book/05-softmax.md
#pragma once

#include <string>
#include <vector>

#include "05-softmax/linear_study.hpp"
#include "05-softmax/steps_learning.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// How many seeds the study rests on.
inline int study_runs(const Program& program) {
  return program.quick() ? 2 : 5;
}

inline std::string study_sentence(const Program& program) {
  return seeds_sentence(program.seed(), study_runs(program));
}

// Shows on the screen how many runs of a study are done.
class CountedRuns {
 public:
  CountedRuns(const std::string& label, int runs)
      : progress_(label, runs, "runs") {}
  AfterRun after_run() {
    return [this] { progress_.update(++done_); };
  }

 private:
  Progress progress_;
  int done_ = 0;
};

// ---- How the rate was chosen -------------------------------------------

inline void choose_the_rate(Program& program, const Split& digits) {
  const std::vector<double> rates = {0.01, 0.03, 0.1, 0.3, 1, 3};
  const int runs = study_runs(program);
  const Split parts = split_to_choose(digits.train);
  step("How the learning rate was chosen");
  paragraph(
      format("Settings must not be chosen by the held-out digits. So learn "
             "from %d of the training digits, with each of six rates, and "
             "look at the other %d. %s: the number after +- says how far "
             "chance usually moves the mean.",
             parts.train.size(), parts.held_out.size(),
             study_sentence(program).c_str()));
  Rows rows = {{"learning rate", "accuracy on the others, in %"}};
  CountedRuns counted("rates", runs * static_cast<int>(rates.size()));
  for (const double rate : rates)
    rows.push_back({format("%g", rate),
                    mean_text(seed_mean(accuracies_at(
                                  parts, chosen_settings(program), rate,
                                  runs, counted.after_run())),
                              runs)});
  print_table(rows);
}

// ---- Forty epochs ------------------------------------------------------

inline void many_epochs(Program& program, const Split& digits) {
  const std::vector<int> wanted = program.quick()
                                      ? std::vector{1, 2, 3}
                                      : std::vector{1, 5, 10, 20, 30, 40};
  const int runs = study_runs(program);
  LinearSettings settings = chosen_settings(program);
  settings.epochs = wanted.back();
  step("Does it stop getting better?");
  paragraph(
      format("The same layer for %s. The gap is the held-out loss, taken "
             "at the end of the epoch, minus the training loss, a mean "
             "over the whole epoch. The last column is the share of the "
             "held-out digits that are read right. %s.",
             counted_text(settings.epochs, "epoch").c_str(),
             study_sentence(program).c_str()));
  CountedRuns counted("epochs", runs);
  Rows rows = {{"after epoch", "training loss", "held-out loss", "gap",
                "right, in %"}};
  for (const EpochMeans& it : compute_epoch_means(
           digits, settings, wanted, runs, counted.after_run()))
    rows.push_back(
        {std::to_string(it.epoch), number_text(it.training_loss, runs, 3),
         number_text(it.held_out_loss, runs, 3),
         format("%.3f", it.held_out_loss.mean - it.training_loss.mean),
         mean_text(it.held_out_accuracy, runs)});
  print_table(rows);
}

// ---- Moved digits, and how sure ----------------------------------------

inline void moved_digits(Program& program, const Dataset& held_out,
                         const std::vector<LinearClassifier>& some) {
  const int runs = static_cast<int>(some.size());
  step("Held-out digits, moved to the right");
  paragraph("Every template stays where it is. " + study_sentence(program) +
            ".");
  Rows rows = {{"moved by", "still right, in %"}};
  for (int right = 0; right <= 3; ++right) {
    std::vector<double> shares;
    for (const LinearClassifier& it : some)
      shares.push_back(accuracy_when_moved(it, held_out, right));
    rows.push_back(
        {format("%d px", right), mean_text(seed_mean(shares), runs)});
  }
  print_table(rows);
}

inline void kept_promises(Program& program, const Dataset& held_out,
                          const std::vector<LinearClassifier>& some) {
  const int runs = static_cast<int>(some.size());
  step("Do the probabilities keep their word?");
  paragraph(
      "Answers grouped by their probability; all but the number of digits "
      "in percent. " +
      study_sentence(program) + ".");
  Rows rows = {{"how sure it was", "digits", "said", "right"}};
  for (const ConfidenceMeans& it : compute_confidence_means(some, held_out))
    rows.push_back({it.said, format("%.0f", it.digits.mean),
                    mean_text(it.mean_said, runs),
                    mean_text(it.share_right, runs)});
  print_table(rows);
}

inline void linear_study(Program& program, const Split& digits) {
  choose_the_rate(program, digits);
  many_epochs(program, digits);
  const std::vector<LinearClassifier> some = [&] {
    CountedRuns counted("classifiers", study_runs(program));
    return train_some(digits.train, chosen_settings(program),
                      study_runs(program), counted.after_run());
  }();
  moved_digits(program, digits.held_out, some);
  kept_promises(program, digits.held_out, some);
}

}  // namespace cnn
