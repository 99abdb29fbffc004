// What the host calls for the live figures of other chapters.
// Book: book/18-browser.md
#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "02-convolution/kernel_effects.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "17-handwriting/placing.hpp"
#include "18-browser/gain_sizes.hpp"
#include "18-browser/module.hpp"
#include "18-browser/valley_balls.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

namespace {

constexpr int pixels = 28 * 28;

// The floats in the room as a tensor, beginning with number `from`.
Tensor<> given_tensor(const Shape& shape, int from = 0) {
  const std::span<const float> all = given_floats();
  const auto first = static_cast<std::size_t>(from);
  const auto count = static_cast<std::size_t>(element_count(shape));
  if (all.size() < first + count)
    fail(Refusal::argument, "given_tensor: expected " + to_string(shape) +
                                " floats from number " +
                                std::to_string(from) + " on, got " +
                                std::to_string(all.size()) + " in all");
  const auto some = all.subspan(first, count);
  return Tensor<>(shape, std::vector<float>(some.begin(), some.end()));
}

void append(std::vector<float>& numbers, const Tensor<>& more) {
  numbers.insert(numbers.end(), more.data().begin(), more.data().end());
}

}  // namespace

// ---- 02: a kernel on a digit -------------------------------------------

// The result: the nine weights of one of chapter 02's handmade kernels.
// Returns how many kernels there are.
CNN_EXPORT(figure_kernel) int figure_kernel(int number) {
  const std::vector<NamedKernel> kernels = handmade_kernels();
  const int count = static_cast<int>(kernels.size());
  if (number < 0 || number >= count)
    fail(Refusal::argument, "figure_kernel: expected 0 to " +
                                std::to_string(count - 1) + ", got " +
                                std::to_string(number));
  give(kernels[static_cast<std::size_t>(number)].weights.data());
  return count;
}

// In the room: a kernel (3, 3), then a digit (28, 28). The result: what the
// kernel makes of the digit with a padding of 1, (28, 28).
CNN_EXPORT(figure_convolved) void figure_convolved() {
  give(convolve(given_tensor({1, 1, 28, 28}, 9), given_tensor({1, 1, 3, 3}),
                Tensor<>({1}), 1, 1)
           .data());
}

// ---- 05: a boundary between two digits ---------------------------------

// In the room: a template (28, 28), then `count` digits. The result: each
// digit's score, the sum over pixels of weight times ink.
CNN_EXPORT(figure_scores) void figure_scores(int count) {
  give(dense(given_tensor({count, pixels}, pixels),
             given_tensor({1, pixels}), Tensor<>({1}))
           .data());
}

// In the room: `count` digits, then the class of each, 0 or 1, as a float.
// Chapter 05's classifier learns the two. The result: the weights of class
// 1 minus those of class 0 (28, 28), and the same of the biases.
CNN_EXPORT(figure_learned) void figure_learned(int count) {
  Dataset digits;
  digits.classes = 2;
  digits.images = given_tensor({count, 1, 28, 28});
  const Tensor<> labels = given_tensor({count}, count * pixels);
  for (const float label : labels.data())
    digits.labels.push_back(static_cast<int>(label));
  const LinearClassifier learned = train_linear(digits, {.batch = 10});
  std::vector<float> difference;
  for (const Tensor<>* it : {&learned.weight, &learned.bias}) {
    const auto of_0 = row_of(*it, 0), of_1 = row_of(*it, 1);
    for (std::size_t i = 0; i < of_0.size(); ++i)
      difference.push_back(of_1[i] - of_0[i]);
  }
  give(difference);
}

// ---- 10: the gain of fifty layers --------------------------------------

// In the room: `count` digits. The result: what gain_sizes() returns for
// them, as doubles.
CNN_EXPORT(figure_sizes) void figure_sizes(int count, double gain) {
  const std::vector<double> sizes =
      gain_sizes(gain, convert<double>(given_tensor({count, pixels})), 1);
  give(std::string_view(reinterpret_cast<const char*>(sizes.data()),
                        sizes.size() * sizeof(double)));
}

// ---- 11: four balls in a valley ----------------------------------------

// The result: what ball_numbers() returns.
CNN_EXPORT(figure_balls)
void figure_balls(double rate, double momentum, int steps, int shown) {
  give(ball_numbers(rate, momentum, steps, shown));
}

// The result: the best rate and the best momentum for SGD, for momentum and
// for Nesterov.
CNN_EXPORT(figure_best_for_balls) void figure_best_for_balls() {
  std::vector<float> numbers;
  for (const BestSettings& best : best_for_balls())
    numbers.insert(numbers.end(), {static_cast<float>(best.rate),
                                   static_cast<float>(best.momentum)});
  give(numbers);
}

// In the room: places in the valley, two floats each, along and across. The
// result: the loss at each.
CNN_EXPORT(figure_valley) void figure_valley() {
  const std::span<const float> all = given_floats();
  std::vector<float> losses;
  for (std::size_t i = 0; i + 1 < all.size(); i += 2)
    losses.push_back(static_cast<float>(valley_loss(
        {static_cast<double>(all[i]), static_cast<double>(all[i + 1])},
        film_kappa)));
  give(losses);
}

// ---- 17: a digit walks through its frame -------------------------------

// In the room: a digit (28, 28). The result: the digit moved, and the same
// digit recentred after that, (2, 28, 28).
CNN_EXPORT(figure_moved) void figure_moved(int down, int right) {
  const Tensor<> digit = moved(given_tensor({28, 28}), down, right);
  std::vector<float> both;
  append(both, digit);
  append(both, recentred(digit));
  give(both);
}

}  // namespace cnn
