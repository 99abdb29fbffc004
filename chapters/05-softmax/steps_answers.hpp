// Steps 8 and 9: one answer taken apart, and whether the probabilities
// keep their word.
// Book: book/05-softmax.md
#pragma once

#include <string>
#include <vector>

#include "05-softmax/decisions.hpp"
#include "05-softmax/figures.hpp"
#include "05-softmax/linear_study.hpp"
#include "05-softmax/steps_scores.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 8. One decision ---------------------------------------------------

// digit (H, W)  logits (1, classes)
inline void show_score_sums(const LinearClassifier& classifier,
                            const Tensor<>& digit, const Tensor<>& logits) {
  const Tensor<> p = softmax(logits);
  Rows table = {{"class", "for", "against", "bias", "score", "p"}};
  for (int k = 0; k < logits.extent(1); ++k) {
    const ScoreSums sums = score_sums(classifier, digit, k);
    table.push_back({std::to_string(k), decimal(sums.positive, 2),
                     decimal(sums.negative, 2),
                     decimal(classifier.bias(k), 2),
                     decimal(logits(0, k), 2), decimal(p(0, k), 4)});
  }
  show(table);
}

// Where on the digit the best class gains on the second, and where it
// loses. digit (H, W)
inline void show_lead(const LinearClassifier& classifier,
                      const Tensor<>& digit, int best, int second) {
  paragraph(
      format("Where does the %d beat the %d? Sum up the products over "
             "squares of 7 x 7 pixels. Each sum stands where its square "
             "lies in the picture.",
             best, second));
  const auto show_squares = [](const std::string& heading,
                               const Tensor<>& squares) {
    paragraph(heading);
    print_matrix(squares, 2);
    print("\n");
  };
  show_squares(format("The %d gets:", best),
               score_squares(classifier, digit, best, 7));
  show_squares(format("The %d gets:", second),
               score_squares(classifier, digit, second, 7));
  const Tensor<> lead = score_lead(classifier, digit, best, second, 7);
  show_squares("The first minus the second:", lead);
  float sum = 0;
  for (const float number : lead.data()) sum += number;
  const float bias = classifier.bias(best) - classifier.bias(second);
  paragraph(format("The sum is %s, and the biases add %s.",
                   decimal(sum, 2).c_str(), decimal(bias, 2).c_str()));
}

inline void show_moved(const LinearClassifier& classifier,
                       const Dataset& held_out) {
  std::string shares;
  for (int right = 0; right <= 2; ++right)
    shares += (right == 0 ? "" : ", ") +
              percent(accuracy_when_moved(classifier, held_out, right), 1);
  paragraph(
      "A template stays where it is. When all held-out digits move by 0, 1 "
      "and 2 pixels to the right, the layer still reads these shares of "
      "them correctly: " +
      shares + ".");
}

inline void one_decision(Program& program, const Dataset& held_out,
                         const LinearClassifier& classifier,
                         const Tensor<>& logits) {
  step("One decision, taken apart");
  const auto hesitation =
      first_hesitation(softmax(logits), held_out.labels);
  const int n = hesitation.value_or(0);
  const Tensor<> image = item(held_out.images, n);
  const Tensor<> digit = image.reshaped({image.extent(1), image.extent(2)});
  const Tensor<> z = item(logits, n).reshaped({1, held_out.classes});
  const int best = predictions(z).front();
  paragraph(hesitation
                ? "The first held-out digit that is read correctly with a "
                  "probability below 90 %:"
                : "The first held-out digit; none is read correctly with a "
                  "probability below 90 %:");
  print_digit(digit);
  paragraph(
      "Its ten scores. Each is a sum over the pixels, weight times ink. "
      "Here the positive products (for), the negative ones (against) and "
      "the bias are summed up separately; apart from rounding, the three "
      "together are the score:");
  show_score_sums(classifier, digit, z);
  const int second = runner_up(z, 0, best);
  show_lead(classifier, digit, best, second);
  show_moved(classifier, held_out);
  program.figure("dot-product.png",
                 dot_product_figure(classifier, digit, z, best, second),
                 "same ink, two templates, and what is left when one is "
                 "subtracted from the other");
}

// ---- 9. Calibration ----------------------------------------------------

inline void show(const std::vector<Confidence>& groups) {
  Rows table = {{"said", "digits", "mean said", "right"}};
  for (const Confidence& group : groups)
    if (group.digits > 0)
      table.push_back({group.said, std::to_string(group.digits),
                       percent(group.mean_said(), 1),
                       percent(group.share_right(), 1)});
  show(table);
}

inline void are_they_probabilities(Program& program,
                                   const Dataset& held_out,
                                   const Tensor<>& logits) {
  step("Are they probabilities?");
  paragraph(
      "When it says 80 %, is the layer right eight times in ten? Here are "
      "the held-out digits, grouped by what it said, the probability of "
      "the answer that it gave:");
  show(compute_calibration(logits, held_out.labels));
  paragraph(
      "A classifier whose last two columns agree is called calibrated: its "
      "probabilities can be taken at their word. A last column that is "
      "higher means that it is more often right than it says, a lower one "
      "that it promises too much.");
  const std::vector<Misread> worst = costliest(held_out, logits, 10);
  if (worst.empty()) return;
  program.figure(
      "misread.png", misread_figure(held_out, worst),
      "a template knows one way to write a digit; a digit that is "
      "written differently misses it");
}

}  // namespace cnn
