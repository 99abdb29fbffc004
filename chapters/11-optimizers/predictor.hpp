// Which memory do the digits want? The mix of the last noisy gradients that
// comes nearest to the next full one, by least squares.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Solves matrix x = right by elimination with the largest pivot. matrix (n,
// n), right (n) -> (n). Throws std::runtime_error if it has no one answer.
inline std::vector<double> solved(Tensor<double> matrix,
                                  std::vector<double> right) {
  const int n = static_cast<int>(right.size());
  require_shape(matrix.shape(), {n, n}, "solved", "matrix");
  const auto at = [&](int i) -> double& {
    return right[static_cast<std::size_t>(i)];
  };
  for (int i = 0; i < n; ++i) {
    int pivot = i;
    for (int r = i + 1; r < n; ++r)
      if (std::abs(matrix(r, i)) > std::abs(matrix(pivot, i))) pivot = r;
    if (matrix(pivot, i) == 0)
      fail(Refusal::runtime, "solved: the matrix has no inverse");
    for (int c = 0; c < n; ++c) std::swap(matrix(i, c), matrix(pivot, c));
    std::swap(at(i), at(pivot));
    for (int r = i + 1; r < n; ++r) {
      const double share = matrix(r, i) / matrix(i, i);
      for (int c = i; c < n; ++c) matrix(r, c) -= share * matrix(i, c);
      at(r) -= share * at(i);
    }
  }
  for (int i = n; i-- > 0;) {
    for (int c = i + 1; c < n; ++c) at(i) -= matrix(i, c) * at(c);
    at(i) /= matrix(i, i);
  }
  return right;
}

// What least squares needs to know of some rows of inputs and the target
// that belongs to each: the sums of their products.
class LeastSquares {
 public:
  explicit LeastSquares(int inputs)
      : products_({inputs, inputs}),
        with_target_(static_cast<std::size_t>(inputs)) {}

  // inputs: rows of one length, the newest first; target: as long
  void add(const std::deque<std::vector<float>>& inputs,
           const std::vector<float>& target) {
    for (int a = 0; a < products_.extent(0); ++a) {
      const auto& row = inputs[static_cast<std::size_t>(a)];
      with_target_[static_cast<std::size_t>(a)] += dot(row, target);
      for (int b = 0; b <= a; ++b) {
        products_(a, b) += dot(row, inputs[static_cast<std::size_t>(b)]);
        products_(b, a) = products_(a, b);
      }
    }
    target_ += dot(target, target);
  }

  // The coefficients that come nearest to the targets.
  std::vector<double> best() const {
    return solved(products_, with_target_);
  }

  // The share of the targets' squares that these coefficients explain.
  double explained(const std::vector<double>& coefficients) const {
    double error = target_;
    for (int a = 0; a < products_.extent(0); ++a) {
      const double x = coefficients[static_cast<std::size_t>(a)];
      error -= 2 * x * with_target_[static_cast<std::size_t>(a)];
      for (int b = 0; b < products_.extent(0); ++b)
        error +=
            x * coefficients[static_cast<std::size_t>(b)] * products_(a, b);
    }
    return 1 - error / target_;
  }

  // A shape of coefficients, times the number that makes it best.
  std::vector<double> scaled(std::vector<double> shape) const {
    double own = 0, product = 0;
    for (int a = 0; a < products_.extent(0); ++a) {
      const double x = shape[static_cast<std::size_t>(a)];
      product += x * with_target_[static_cast<std::size_t>(a)];
      for (int b = 0; b < products_.extent(0); ++b)
        own += x * shape[static_cast<std::size_t>(b)] * products_(a, b);
    }
    for (double& x : shape) x *= product / own;
    return shape;
  }

 private:
  static double dot(const std::vector<float>& a,
                    const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
  }

  Tensor<double> products_;
  std::vector<double> with_target_;
  double target_ = 0;
};

// All gradients of a network in one row.
inline std::vector<float> gradient_row(FastNetwork& network) {
  std::vector<float> row;
  for (const Parameter<>* it : network.parameters())
    row.insert(row.end(), it->gradient.data().begin(),
               it->gradient.data().end());
  return row;
}

// The gradient over many digits, `at_a_time` at once.
inline std::vector<float> full_gradient(FastNetwork& network,
                                        const Dataset& data,
                                        int at_a_time = 250) {
  std::vector<float> sum;
  Tensor<> logits;
  const std::vector<int> images = count_up(data.size());
  for (int begin = 0; begin < data.size(); begin += at_a_time) {
    const int count = std::min(at_a_time, data.size() - begin);
    network.gradients(
        {data, std::span(images).subspan(static_cast<std::size_t>(begin),
                                         static_cast<std::size_t>(count))},
        logits);
    const std::vector<float> part = gradient_row(network);
    sum.resize(part.size());
    const float share =
        static_cast<float>(count) / static_cast<float>(data.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += share * part[i];
  }
  return sum;
}

struct Prediction {
  std::vector<double> best;  // coefficients, of the newest first
  // The shares explained by these, by momentum's 0.9^k times the best
  // number, and by the newest gradient alone.
  double best_explains = 0, momentum_explains = 0, newest_explains = 0;
};

struct PredictorSettings {
  int past = 10;        // gradients that are remembered
  int first_step = 50;  // before which nothing is asked
  int every = 10;       // steps from one question to the next
  double momentum = 0.9;
};

// Trains with plain steps and a constant rate; at every tenth step asks for
// the gradient over `all` digits and sets it beside the noisy ones of the
// ten steps before.
inline Prediction compute_prediction(const Dataset& data,
                                     const Dataset& all,
                                     Experiment experiment,
                                     const PredictorSettings& settings,
                                     const AfterStep& after_step = {}) {
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  experiment.settings.schedule = constant_schedule;
  const auto past = static_cast<std::size_t>(settings.past);
  std::deque<std::vector<float>> rows;
  LeastSquares squares(settings.past);
  Sgd sgd(0.0);
  train_fast(network, sgd, data, experiment.settings,
             [&](const TrainingStep& now) {
               rows.push_front(gradient_row(network));
               if (rows.size() > past) rows.pop_back();
               if (rows.size() == past && now.step >= settings.first_step &&
                   now.step % settings.every == 0)
                 squares.add(rows, full_gradient(network, all));
               return !after_step || after_step(now);
             });
  Prediction found;
  std::vector<double> newest(past), fading;
  newest[0] = 1;
  for (std::size_t k = 0; k < past; ++k)
    fading.push_back(k == 0 ? 1 : settings.momentum * fading.back());
  found.best = squares.best();
  found.best_explains = squares.explained(found.best);
  found.momentum_explains = squares.explained(squares.scaled(fading));
  found.newest_explains = squares.explained(squares.scaled(newest));
  return found;
}

}  // namespace cnn
