// Chapter 02's kernel found from examples once more, now with the gradient:
// all nine numbers learn from one backward pass which way to go.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "02-convolution/kernel_search.hpp"
#include "02-convolution/pictures.hpp"
#include "04-backprop/backprop.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// What the kernel makes of each picture: one forward pass.
inline std::vector<Tensor<>> kernel_outputs(const Examples& examples,
                                            const Tensor<>& kernel) {
  std::vector<Tensor<>> outputs;
  for (const Tensor<>& image : examples.images)
    outputs.push_back(correlate2d(image, kernel));
  return outputs;
}

// Throws std::invalid_argument unless there is an output for each example,
// of its target's shape.
inline void require_outputs(const std::vector<Tensor<>>& outputs,
                            const Examples& examples,
                            const std::string& where) {
  require_examples(examples, where);
  if (outputs.size() != examples.targets.size())
    fail(Refusal::argument,
         where + ": expected " + std::to_string(examples.targets.size()) +
             " outputs, got " + std::to_string(outputs.size()));
  for (std::size_t i = 0; i < outputs.size(); ++i)
    require_shape(outputs[i].shape(), examples.targets[i].shape(), where,
                  "an output");
}

// The error of chapter 02: the mean squared error, averaged over the
// examples.
inline double error_of(const std::vector<Tensor<>>& outputs,
                       const Examples& examples) {
  require_outputs(outputs, examples, "error_of");
  double sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    sum += mean_squared_error(outputs[i], examples.targets[i]);
  return sum / static_cast<double>(outputs.size());
}

// How that error changes with each number of the kernel: one backward pass.
// The error is a mean of (output - target)^2, so grad_output is
// 2 (output - target) divided by how many numbers the mean is over.
// outputs: of the (K, K) kernel -> gradient (K, K)
inline Tensor<> kernel_gradient(const std::vector<Tensor<>>& outputs,
                                const Examples& examples, int K) {
  require_outputs(outputs, examples, "kernel_gradient");
  Tensor<> gradient({K, K});
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    Tensor<> grad_output = outputs[i];
    const auto count = static_cast<float>(grad_output.size()) *
                       static_cast<float>(outputs.size());
    for (std::size_t j = 0; j < grad_output.data().size(); ++j)
      grad_output.data()[j] =
          2 * (outputs[i].data()[j] - examples.targets[i].data()[j]) /
          count;
    const auto grads = convolve_backward_parameters(
        as_batch(grad_output), as_batch(examples.images[i]), K);
    for (std::size_t j = 0; j < gradient.data().size(); ++j)
      gradient.data()[j] += grads.weight.data()[j];
  }
  return gradient;
}

// Gradient descent from a (3, 3) kernel of zeros, with one forward and one
// backward pass per step. Ends when the error is `good_enough` or less,
// after `most_passes` forward passes, or when the steps were so long that
// the error is no longer a finite number. Returns the state after each
// forward pass (there is one backward pass fewer).
// Throws std::invalid_argument without examples or passes.
inline std::vector<SearchStep> descend_to_kernel(const Examples& examples,
                                                 float learning_rate,
                                                 double good_enough,
                                                 int most_passes) {
  require_examples(examples, "descend_to_kernel");
  if (most_passes < 1)
    fail(Refusal::argument,
         "descend_to_kernel: expected 1 pass or more, got " +
             std::to_string(most_passes));
  Tensor<> kernel({3, 3});
  std::vector<SearchStep> path;
  for (int pass = 1; pass <= most_passes; ++pass) {
    const std::vector<Tensor<>> outputs = kernel_outputs(examples, kernel);
    path.push_back({pass, error_of(outputs, examples), kernel});
    if (path.back().error <= good_enough ||
        !std::isfinite(path.back().error))
      break;
    const Tensor<> gradient = kernel_gradient(outputs, examples, 3);
    for (std::size_t i = 0; i < kernel.data().size(); ++i)
      kernel.data()[i] -= learning_rate * gradient.data()[i];
  }
  return path;
}

// The state with the least error. path: one state or more
inline const SearchStep& best_of(const std::vector<SearchStep>& path) {
  return *std::min_element(path.begin(), path.end(),
                           [](const SearchStep& a, const SearchStep& b) {
                             return a.error < b.error;
                           });
}

// Is the last error more than twice the least one, or not a number? Steps
// that are a little too long overshoot by a little more each time, which
// may take a while to show.
inline bool explodes(const std::vector<SearchStep>& path) {
  return !(path.back().error <= 2 * best_of(path).error);
}

// A descent at one learning rate.
struct Descended {
  float learning_rate = 0;
  std::vector<SearchStep> path;
};

// Descends at the rate, at half of it, a quarter, and so on, until a
// descent does not explode; that one is the last. Throws
// std::invalid_argument like descend_to_kernel(), and if the rate or the
// error at the start is not finite: halving would never end.
inline std::vector<Descended> descend_at_halves(const Examples& examples,
                                                float learning_rate,
                                                double good_enough,
                                                int most_passes) {
  std::vector<Descended> all;
  do {
    all.push_back(
        {learning_rate, descend_to_kernel(examples, learning_rate,
                                          good_enough, most_passes)});
    const double error = all.back().path.front().error;
    if (!std::isfinite(learning_rate) || !std::isfinite(error))
      fail(
          Refusal::argument,
          "descend_at_halves: expected a finite learning rate and examples "
          "of finite numbers, got a rate of " +
              std::to_string(learning_rate) + " and an error of " +
              std::to_string(error));
    learning_rate /= 2;
  } while (explodes(all.back().path));
  return all;
}

// A learning rate and the error after 100 passes with it.
struct TriedRate {
  float learning_rate = 0;
  double error = 0;
  bool good = false;  // the error still fell in the last pass
};

// Doubles the learning rate from 0.1 on, while it is below 100, until the
// error no longer falls in the last of 100 passes.
inline std::vector<TriedRate> try_rates(const Examples& examples) {
  std::vector<TriedRate> rates;
  for (float rate = 0.1f; rate < 100; rate *= 2) {
    const auto path = descend_to_kernel(examples, rate, 0, 100);
    const double error = path.back().error;
    rates.push_back(
        {rate, error,
         path.size() == 1 || error < path[path.size() - 2].error});
    if (!rates.back().good) break;
  }
  return rates;
}

// The last rate that was good; the first if none was.
inline float last_good(const std::vector<TriedRate>& rates) {
  float good = rates.front().learning_rate;
  for (const TriedRate& it : rates)
    if (it.good) good = it.learning_rate;
  return good;
}

// The forward passes after which the error was first at most `error`;
// nothing if it never was.
inline std::optional<int> passes_until(const std::vector<SearchStep>& path,
                                       double error) {
  for (const SearchStep& now : path)
    if (now.error <= error) return now.forward_passes;
  return std::nullopt;
}

// How many passes the search needed to reach the error for each pass of the
// descent, whose backward passes count, too; 0 if either never reached it.
inline double times_fewer(const std::vector<SearchStep>& search,
                          const std::vector<SearchStep>& descent,
                          double error) {
  const auto tried = passes_until(search, error);
  const auto went = passes_until(descent, error);
  if (!tried || !went) return 0;
  return static_cast<double>(*tried) / (2 * *went - 1);
}

}  // namespace cnn
