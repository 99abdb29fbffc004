// What --full does: what each choice is worth, from several seeds.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "06-training/steps_choices.hpp"

namespace cnn {

// Does the runs of the study, and counts them on the screen. A choice that
// appears in two tables is trained once.
class ChoiceStudy {
 public:
  ChoiceStudy(const Program& program, const Split& digits, int choices)
      : program_(program),
        few_(first(digits.train, few_digits)),
        held_out_(digits.held_out),
        seeds_(program.quick() ? 2 : 6),
        progress_("choices", choices * seeds_, "runs") {}

  int seeds() const { return seeds_; }

  // A row of a table: the name of a choice, and its accuracy in percent.
  Strings row(const std::string& name, const Experiment& experiment) {
    const auto known = texts_.find(name);
    if (known != texts_.end()) return {name, known->second};
    const auto shares = try_seeds(experiment, few_, held_out_, seeds_,
                                  [this](const TrainingStep& now) {
                                    if (now.step == now.steps)
                                      progress_.update(++done_);
                                    return !program_.interrupted();
                                  });
    return {name, texts_[name] = seeds_text(shares)};
  }

 private:
  const Program& program_;
  Dataset few_, held_out_;
  int seeds_, done_ = 0;
  Progress progress_;
  std::map<std::string, std::string> texts_;
};

// Rows are printed together, when all of their runs are done.
inline void study_table(const Program& program, ChoiceStudy& study,
                        const std::string& title,
                        const NamedExperiments& experiments) {
  Rows rows = {{title, "held out, in %"}};
  for (const auto& [name, experiment] : experiments) {
    rows.push_back(study.row(name, experiment));
    if (program.interrupted()) return;
  }
  print("\n");
  print_table(rows);
}

inline void choices_from_seeds(const Program& program,
                               const Split& digits) {
  const Choices it(short_experiment(program, 4));
  ChoiceStudy study(program, digits, 6);
  step("What each choice is worth, from several seeds");
  say("Short runs (" +
      run_text(std::min(few_digits, digits.train.size()), it.base) +
      "), all with the default settings except for what a line names. The "
      "numbers are shares of the held-out digits that are read right. " +
      seeds_sentence(program.seed(), study.seeds()) +
      " after the +-, which says how far the mean may be off by chance.");
  const std::string plain = "plain steps, rate ";
  const std::string moving = "momentum, rate ";
  const auto name = [](const std::string& what, const Experiment& of) {
    return what + rate_text(of) +
           (of.settings.schedule(1.0) > 0.5 ? " throughout" : ", cosine");
  };
  const auto named = [&](const Experiment& of) {
    return std::pair(name(of.momentum > 0 ? moving : plain, of), of);
  };
  study_table(
      program, study, "one change after the other",
      {named(it.plain_and_steady), named(it.steady), named(it.base)});
  if (program.interrupted()) return;
  study_table(program, study, "momentum, or longer steps",
              {named(it.no_momentum), named(it.long_steps),
               named(it.longest_steps), named(it.base)});
}

}  // namespace cnn
