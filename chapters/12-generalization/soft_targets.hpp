// Label smoothing: chapter 05's loss with targets that are not quite sure
// of themselves.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "06-training/training.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The share of the truth that label smoothing (Szegedy et al. 2016) gives
// to class k: 1 - s goes to the label, s to all K classes alike.
//   y_k = (1 - s) [k = label] + s / K                               (12.6)
template <class T>
T smoothed_target(int k, int label, int classes, T smoothing) {
  return (k == label ? 1 - smoothing : T(0)) +
         smoothing / static_cast<T>(classes);
}

// Cross-entropy with smoothed targets, for one image. Returns the loss and
// writes its gradient with respect to the logits into `grad`. With s = 0
// these are (5.3) and (5.4).
//   loss = -sum_k y_k ln p_k        grad_k = p_k - y_k              (12.7)
// logits, grad: one number for each class
// Throws std::invalid_argument if they differ in length, or if the label is
// not a class.
template <class T>
T smoothed_cross_entropy(std::span<const T> logits, int label, T smoothing,
                         std::span<T> grad) {
  const int classes = static_cast<int>(logits.size());
  if (grad.size() != logits.size() || label < 0 || label >= classes)
    fail(Refusal::argument,
         "smoothed_cross_entropy: expected a label below " +
             std::to_string(classes) +
             " and as many gradients, got label " + std::to_string(label) +
             " and " + std::to_string(grad.size()) + " gradients");
  const T largest = *std::max_element(logits.begin(), logits.end());
  T sum = 0;
  for (std::size_t k = 0; k < logits.size(); ++k)
    sum += grad[k] = std::exp(logits[k] - largest);
  T loss = 0;
  for (int k = 0; k < classes; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const T y = smoothed_target(k, label, classes, smoothing);
    if (y > 0) loss += y * (std::log(sum) - (logits[at] - largest));
    grad[at] = grad[at] / sum - y;
  }
  return loss;
}

// The smoothed cross-entropy, for TrainingSettings::loss.
// Throws std::invalid_argument unless 0 <= smoothing < 1.
inline ImageLoss smoothed_loss(double smoothing) {
  if (!(smoothing >= 0 && smoothing < 1))
    fail(Refusal::argument,
         "smoothed_loss: expected smoothing from 0 to below 1, got " +
             std::to_string(smoothing));
  return
      [s = static_cast<float>(smoothing)](
          std::span<const float> logits, int label, std::span<float> grad) {
        return smoothed_cross_entropy(logits, label, s, grad);
      };
}

}  // namespace cnn
