// How the error of a fit changes with the number of features: down, up to
// a peak where there are as many features as examples, and down again.
// Book: book/12-generalization.md
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/batches.hpp"
#include "06-training/choices.hpp"
#include "12-generalization/cholesky.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// 1 at each label, 0 elsewhere. -> (N, classes)
inline Tensor<double> one_hot(const Dataset& data) {
  Tensor<double> targets({data.size(), data.classes});
  for (int n = 0; n < data.size(); ++n)
    targets(n, data.labels[static_cast<std::size_t>(n)]) = 1;
  return targets;
}

// The root of the sum of the squares.
inline double norm_of(const Tensor<double>& numbers) {
  double squares = 0;
  for (const double number : numbers.data()) squares += number * number;
  return std::sqrt(squares);
}

// A fit with the first `features` features: the shares of wrong answers to
// held-out images (`error`) and to learned ones, and the norm of the
// weights. Empty if cholesky() refuses the equations, for example because
// two images are the same.
struct FeatureFit {
  int features = 0;
  std::optional<double> error, learned_error, norm;
  std::vector<int> answers;  // to the held-out images
};

// Fits the one-hot labels of `learn` with its first p features, for each p
// in `sizes`. features, held_out_features (most, N): the features of learn
// and held_out, a column for each image. Calls after_size after each fit.
inline std::vector<FeatureFit> compute_double_descent(
    const Tensor<double>& features, const Dataset& learn,
    const Tensor<double>& held_out_features, const Dataset& held_out,
    const std::vector<int>& sizes,
    const std::function<void()>& after_size = {}) {
  const Tensor<double> targets = one_hot(learn);
  std::vector<FeatureFit> fits;
  for (const int p : sizes) {
    FeatureFit fit;
    fit.features = p;
    const Tensor<double> some = part_of(features, 0, p);
    fit.norm = unless_broken([&] {
      const Tensor<double> weights = least_norm_weights(some, targets);
      const auto scores = [&](const Tensor<double>& of) {
        return product(transposed(of), weights);
      };
      const Tensor<double> held_out_scores =
          scores(part_of(held_out_features, 0, p));
      fit.error = 1 - accuracy(held_out_scores, held_out.labels);
      fit.learned_error = 1 - accuracy(scores(some), learn.labels);
      fit.answers = predictions(held_out_scores);
      return norm_of(weights);
    });
    fits.push_back(fit);
    if (after_size) after_size();
  }
  return fits;
}

}  // namespace cnn
