// Finds a kernel from examples of what it does, by nothing but trial:
// change one of its numbers a little and keep the change if it helps.
// Book: book/02-convolution.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Pictures (H, W) and what the unknown kernel makes of each.
struct Examples {
  std::vector<Tensor<>> images, targets;
};

// Throws std::invalid_argument unless there is one example or more, and a
// target for each image.
inline void require_examples(const Examples& examples,
                             const std::string& where) {
  if (examples.images.empty() ||
      examples.images.size() != examples.targets.size())
    fail(Refusal::argument,
         where +
             ": expected as many targets as images and at least one, got " +
             counted_text(examples.images.size(), "image") + " and " +
             counted_text(examples.targets.size(), "target"));
}

// Examples of what a kernel does. images: (H, W) each
inline Examples examples_of(const std::vector<Tensor<>>& images,
                            const Tensor<>& kernel) {
  Examples examples;
  for (const Tensor<>& image : images) {
    examples.images.push_back(image);
    examples.targets.push_back(correlate2d(image, kernel));
  }
  return examples;
}

// The mean of (a - b)^2 over all numbers of both: how wrong a is.
// Throws std::invalid_argument if the shapes differ or hold no number.
inline double mean_squared_error(const Tensor<>& a, const Tensor<>& b) {
  require_shape(b.shape(), a.shape(), "mean_squared_error",
                "the second tensor");
  if (a.size() == 0)
    fail(Refusal::argument,
         "mean_squared_error: expected one number or more, got shape " +
             to_string(a.shape()));
  double sum = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i) {
    const double difference =
        static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]);
    sum += difference * difference;
  }
  return sum / a.size();
}

// The mean of mean_squared_error() over the examples: one forward pass.
inline double kernel_error(const Examples& examples,
                           const Tensor<>& kernel) {
  require_examples(examples, "kernel_error");
  double sum = 0;
  for (std::size_t i = 0; i < examples.images.size(); ++i)
    sum += mean_squared_error(correlate2d(examples.images[i], kernel),
                              examples.targets[i]);
  return sum / static_cast<double>(examples.images.size());
}

// The state of a search after some forward passes.
struct SearchStep {
  int forward_passes = 0;
  double error = 0.0;
  Tensor<> kernel;
};

// From a (3, 3) kernel of zeros: each number in turn is tried a little
// higher, then a little lower, and a try that lowers the error is kept.
// When none of the nine helps any more, the steps become half as large.
// Ends when the error is down to `good_enough`, or after the round in which
// `most_passes` forward passes are used up; returns the state at the start
// and after every try that was kept.
// Throws std::invalid_argument without examples, or if the error is not a
// finite number: then no try would help.
inline std::vector<SearchStep> recover_kernel(const Examples& examples,
                                              double good_enough,
                                              int most_passes) {
  require_examples(examples, "recover_kernel");
  Tensor<> kernel({3, 3});
  SearchStep now{1, kernel_error(examples, kernel), kernel};
  if (!std::isfinite(now.error))
    fail(Refusal::argument,
         "recover_kernel: expected examples of finite numbers, but the "
         "error is " +
             std::to_string(now.error));
  std::vector<SearchStep> kept = {now};
  float step = 0.1f;
  while (now.error > good_enough && now.forward_passes < most_passes) {
    bool helped = false;
    for (float& number : kernel.data())
      for (const float change : {step, -step}) {
        const float before = number;
        number += change;
        const double error = kernel_error(examples, kernel);
        ++now.forward_passes;
        if (error < now.error) {
          now = {now.forward_passes, error, kernel};
          kept.push_back(now);
          if (error <= good_enough) return kept;
          helped = true;
          break;
        }
        number = before;
      }
    if (!helped) step /= 2;
  }
  return kept;
}

// The last state of a search within its first `forward_passes` passes.
// Throws std::invalid_argument if there is none.
inline const SearchStep& state_after(const std::vector<SearchStep>& path,
                                     int forward_passes) {
  const SearchStep* last = nullptr;
  for (const SearchStep& state : path)
    if (state.forward_passes <= forward_passes) last = &state;
  if (last == nullptr)
    fail(Refusal::argument, "state_after: no state after " +
                                std::to_string(forward_passes) +
                                " forward passes");
  return *last;
}

}  // namespace cnn
