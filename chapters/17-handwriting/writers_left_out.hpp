// Whether a network that was taught some people's digits reads another
// person's better: each writer is left out once.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "16-saving/network_file.hpp"
#include "17-handwriting/teaching.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Digits, and who wrote each.
struct WrittenDigits {
  Dataset data;
  std::vector<std::string> writers;
};

// How many of a writer's digits a network reads right before and after it
// is taught the other writers' digits.
struct WriterLeftOut {
  std::string writer;
  int digits = 0, before = 0, after = 0;
};

// One result for each writer, in the order in which the writers first
// appear. file: the network's parameters before teaching.
// Throws std::invalid_argument unless each digit has a writer and there are
// two writers or more.
inline std::vector<WriterLeftOut> compute_writers_left_out(
    const TensorFile& file, const NetworkPlan& plan,
    const WrittenDigits& digits, const AugmentedTraining& settings) {
  const std::string name = "compute_writers_left_out";
  std::vector<std::string> names;
  for (const std::string& writer : digits.writers)
    if (std::find(names.begin(), names.end(), writer) == names.end())
      names.push_back(writer);
  if (digits.writers.size() != digits.data.labels.size() ||
      names.size() < 2)
    fail(Refusal::argument,
         name +
             ": expected a writer for each digit and two writers or "
             "more, got " +
             std::to_string(names.size()) + " of " +
             counted_text(digits.data.labels.size(), "digit"));
  FastNetwork network(layers_of(plan, settings.seed), plan.image);
  std::vector<WriterLeftOut> results;
  for (const std::string& writer : names) {
    std::vector<int> own, others;
    for (int n = 0; n < digits.data.size(); ++n)
      (digits.writers[static_cast<std::size_t>(n)] == writer ? own : others)
          .push_back(n);
    const Dataset left_out = subset(digits.data, own);
    WriterLeftOut result{writer, left_out.size(), 0, 0};
    load_parameters(file, network, name);
    result.before = right_count(network, left_out);
    train_augmented(network, subset(digits.data, others), settings);
    result.after = right_count(network, left_out);
    results.push_back(result);
  }
  return results;
}

}  // namespace cnn
