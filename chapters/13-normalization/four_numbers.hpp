// The normalization of a few numbers, one operation at a time: small enough
// to follow by hand, forwards and backwards.
// Book: book/13-normalization.md
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "06-training/initializer.hpp"
#include "06-training/training.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The graph from a set of numbers x to x_hat: all values, and the gradient
// of the loss with respect to each of them, given grad_x_hat.
struct NormGraph {
  std::vector<double> x, d, x_hat;       // d = x - mean
  double mean = 0, variance = 0, r = 0;  // r = 1 / sigma
  std::vector<double> grad_x_hat, grad_d, grad_x;
  double grad_r = 0, grad_variance = 0, grad_mean = 0;
};

// Forwards by (13.1) to (13.3), and backwards through every operation by
// the chain rule. Throws std::invalid_argument unless x and grad_x_hat have
// the same size, which is 1 or more.
inline NormGraph compute_norm_graph(const std::vector<double>& x,
                                    const std::vector<double>& grad_x_hat,
                                    double epsilon = 1e-5) {
  if (x.empty() || x.size() != grad_x_hat.size())
    fail(Refusal::argument,
         "compute_norm_graph: expected a gradient for each of one number "
         "or more, got " +
             std::to_string(grad_x_hat.size()) + " for " +
             std::to_string(x.size()));
  const auto m = static_cast<double>(x.size());
  NormGraph it;
  it.x = x;
  for (const double number : x) it.mean += number / m;
  for (const double number : x) it.d.push_back(number - it.mean);
  for (const double d : it.d) it.variance += d * d / m;
  it.r = 1 / std::sqrt(it.variance + epsilon);
  for (const double d : it.d) it.x_hat.push_back(d * it.r);

  it.grad_x_hat = grad_x_hat;
  for (std::size_t i = 0; i < x.size(); ++i)
    it.grad_r += grad_x_hat[i] * it.d[i];
  it.grad_variance = -0.5 * it.grad_r * it.r * it.r * it.r;
  for (std::size_t i = 0; i < x.size(); ++i) {
    it.grad_d.push_back(grad_x_hat[i] * it.r +
                        it.grad_variance * 2 * it.d[i] / m);
    it.grad_mean -= it.grad_d[i];
  }
  for (const double grad : it.grad_d)
    it.grad_x.push_back(grad + it.grad_mean / m);
  return it;
}

// grad_x again, but in one line (13.7).
inline std::vector<double> grad_x_in_one_line(const NormGraph& it) {
  const auto m = static_cast<double>(it.x.size());
  double mean = 0, lean = 0;
  for (std::size_t i = 0; i < it.x.size(); ++i) {
    mean += it.grad_x_hat[i] / m;
    lean += it.grad_x_hat[i] * it.x_hat[i] / m;
  }
  std::vector<double> grad;
  for (std::size_t i = 0; i < it.x.size(); ++i)
    grad.push_back(it.r * (it.grad_x_hat[i] - mean - it.x_hat[i] * lean));
  return grad;
}

// The weight with which the first value of a running statistic still counts
// in it after `steps` steps.
inline double share_of_start(double momentum, int steps) {
  return whole_power(1 - momentum, steps);
}

// The root mean squares of the gradients of the first layer's weights and
// biases, computed in double and in training mode.
struct FirstGradients {
  double weight = 0, bias = 0;
};

template <class List>
FirstGradients compute_first_gradients(const NormRun<List>& run,
                                       const Dataset& batch) {
  Network<double> network = doubled(run);
  const Tensor<double> logits =
      network.forward(convert<double>(batch.images), Mode::training);
  network.backward(cross_entropy_backward(logits, batch.labels), false);
  const std::vector<Parameter<double>*> all = network.parameters();
  return {root_mean_square<double>(all.at(0)->gradient.data()),
          root_mean_square<double>(all.at(1)->gradient.data())};
}

}  // namespace cnn
