// Steps 1 to 3: scores become probabilities, what changes these and what
// does not, and a formula that a computer can use.
// Book: book/05-softmax.md
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "05-softmax/examples.hpp"
#include "05-softmax/figures.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline void paragraph(const std::string& text) {
  say(text);
  print("\n");
}

inline void show(const Rows& table) {
  print_table(table);
  print("\n");
}

inline const std::string& class_name(int k) {
  return example_classes()[static_cast<std::size_t>(k)];
}

// A number with `decimals` digits after the point; never "-0.00" or "-nan".
inline std::string decimal(float number, int decimals) {
  if (std::isnan(number)) return "nan";
  const std::string text =
      format("%.*f", decimals, static_cast<double>(number));
  const bool zero = text.find_first_of("123456789i") == std::string::npos;
  return zero && text[0] == '-' ? text.substr(1) : text;
}

// ---- 1. Scores to probabilities ----------------------------------------

inline void show(const ScoreTable& scores) {
  Rows table = {{"answer", "score z", "z / sum", "e^z", "p = e^z / sum"}};
  const auto add = [&](const std::string& name,
                       const ScoreTable::Row& row) {
    table.push_back({name, decimal(row.z, 1), decimal(row.share, 2),
                     decimal(row.exponential, 4), decimal(row.p, 4)});
  };
  for (std::size_t k = 0; k < scores.rows.size(); ++k)
    add(example_classes()[k], scores.rows[k]);
  add("sum", scores.sum);
  show(table);
}

inline void show(const std::vector<PairRatio>& pairs) {
  Rows table = {{"pair", "difference of z", "e^difference", "ratio of p"}};
  for (const PairRatio& pair : pairs)
    table.push_back({class_name(pair.a) + " to " + class_name(pair.b),
                     decimal(pair.difference, 1),
                     decimal(pair.exponential, 3), decimal(pair.ratio, 3)});
  print_table(table);
}

inline void scores_to_probabilities() {
  step("Scores to probabilities");
  paragraph(
      "A network that has to choose between A, B and C ends in three "
      "numbers, one score for each; the field calls them logits. Any "
      "number may come out. We want probabilities: none below 0, and all "
      "together 1. Softmax takes e^z of each score z and divides by the "
      "sum. Dividing the scores themselves by their sum will not do:");
  const Tensor<> z = example_logits();
  show(compute_score_table(z));
  paragraph(format(
      "Why e? Whatever z is, e^z is above 0. A higher score gets a higher "
      "probability, so the order is kept. And a difference of scores "
      "becomes a ratio of probabilities, e^a / e^b = e^(a - b): one point "
      "more is %.1f times as probable, wherever the two scores lie.",
      static_cast<double>(std::exp(1.0f))));
  show({compute_ratio(z, 0, 1), compute_ratio(z, 1, 2),
        compute_ratio(z, 0, 2)});
}

// ---- 2. Temperature and shift ------------------------------------------

inline void show_temperatures(Program& program) {
  const std::vector<float> temperatures = {0.5f, 1, 2, 10};
  const std::vector<Tensor<>> probabilities =
      at_temperatures(example_logits(), temperatures);
  Rows table = {{"T", "p of A", "p of B", "p of C", "ratio A to B"}};
  for (std::size_t i = 0; i < temperatures.size(); ++i) {
    const Tensor<>& p = probabilities[i];
    table.push_back({format("%g", static_cast<double>(temperatures[i])),
                     decimal(p(0, 0), 4), decimal(p(0, 1), 4),
                     decimal(p(0, 2), 4), decimal(p(0, 0) / p(0, 1), 3)});
  }
  show(table);
  program.figure(
      "temperature.svg",
      temperature_figure(example_logits(), temperatures, probabilities),
      levels_out(probabilities)
          ? "from left to right the three bars level out, and never change "
            "their order"
          : "do the three bars level out from left to right?");
}

inline void show(const std::vector<ShiftedScores>& shifts) {
  Rows table = {{"added", "p of A", "p of B", "p of C", "max change"}};
  for (const ShiftedScores& it : shifts)
    table.push_back({decimal(it.added, 0), decimal(it.p(0, 0), 4),
                     decimal(it.p(0, 1), 4), decimal(it.p(0, 2), 4),
                     format("%g", static_cast<double>(it.change))});
  print_table(table);
}

inline void temperature_and_shift(Program& program) {
  step("What changes the probabilities, and what does not");
  paragraph(
      "Divide all scores by one number T, the temperature, and their "
      "differences shrink or grow. With T near 0, the highest score takes "
      "nearly everything; with T far above 1, all answers become alike. "
      "The order stays.");
  show_temperatures(program);
  print("\n");
  paragraph(
      "Now add one number to all scores. The differences stay, and so must "
      "the probabilities: e^(z + c) = e^z e^c, and e^c stands above and "
      "below the line of the fraction.");
  show(compute_shifts(example_logits(), {0.0f, 100.0f, -100.0f}));
}

// ---- 3. Naive and stable -----------------------------------------------

inline void show_limits() {
  using Limits = std::numeric_limits<float>;
  paragraph(
      format("A float holds numbers up to %.1e, and none between 0 and "
             "%.1e. For e^z that is not much room:",
             static_cast<double>(Limits::max()),
             static_cast<double>(Limits::denorm_min())));
  Rows table = {{"z", "e^z as a float"}};
  for (const float z : {88.7f, 88.8f, -103.0f, -104.0f})
    table.push_back(
        {decimal(z, 1), format("%.2g", static_cast<double>(std::exp(z)))});
  show(table);
}

inline void naive_and_stable() {
  step("The formula as it is written, and one that a computer can use");
  show_limits();
  paragraph(
      "With a score of 1000 the formula is infinity / infinity, which is "
      "not a number (NaN). But we may add what we like to all scores. "
      "softmax() subtracts the largest, so that the largest exponent is 0 "
      "and nothing overflows. The last column is softmax_naive() of the "
      "scores 2, 1 and 0, whose differences are the same:");
  const Tensor<> z({1, 3}, {1000, 999, 998});
  const Tensor<> naive = softmax_naive(z), stable = softmax(z);
  const Tensor<> same = softmax_naive(changed(z, 1, -998));
  Rows table = {{"score", "softmax_naive", "softmax", "of 2, 1, 0"}};
  for (int k = 0; k < 3; ++k)
    table.push_back({decimal(z(0, k), 0), decimal(naive(0, k), 4),
                     decimal(stable(0, k), 4), decimal(same(0, k), 4)});
  print_table(table);
}

}  // namespace cnn
