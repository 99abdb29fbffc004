// Filters that are computed, not trained: they turn the small patches of a
// set of pictures into numbers without covariance, whose variances are
// nearly 1, or less along directions that are mostly noise.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "06-training/layer.hpp"
#include "15-colour/eigenpairs.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Statistics of all K x K patches of a set of pictures, where each patch is
// read as a row of D = C K K numbers.
struct PatchStatistics {
  Tensor<double> mean;        // (D)
  Tensor<double> covariance;  // (D, D)
};

// images (N, C, H, W)
// Throws std::invalid_argument if they contain no patch.
inline PatchStatistics patch_statistics(const Tensor<>& images, int K) {
  require_rank(images.shape(), 4, "patch_statistics", "images");
  const int N = images.extent(0), C = images.extent(1),
            H = images.extent(2), W = images.extent(3), D = C * K * K;
  if (N < 1 || C < 1 || K < 1 || K > std::min(H, W))
    fail(Refusal::argument,
         "patch_statistics: no patches of " + std::to_string(K) + " x " +
             std::to_string(K) + " in images " + to_string(images.shape()));
  PatchStatistics it{Tensor<double>({D}), Tensor<double>({D, D})};
  std::vector<double> patch(static_cast<std::size_t>(D));
  for (int n = 0; n < N; ++n)
    for (int y = 0; y + K <= H; ++y)
      for (int x = 0; x + K <= W; ++x) {
        double* next = patch.data();
        for (int c = 0; c < C; ++c)
          for (int ky = 0; ky < K; ++ky)
            for (int kx = 0; kx < K; ++kx)
              *next++ = static_cast<double>(images(n, c, y + ky, x + kx));
        double* sum = it.covariance.data().data();
        for (int i = 0; i < D; ++i, sum += D) {
          it.mean(i) += patch[static_cast<std::size_t>(i)];
          for (int j = 0; j <= i; ++j)
            sum[j] += patch[static_cast<std::size_t>(i)] *
                      patch[static_cast<std::size_t>(j)];
        }
      }
  const double patches = static_cast<double>(N) * (H - K + 1) * (W - K + 1);
  for (double& sum : it.mean.data()) sum /= patches;
  for (int i = 0; i < D; ++i)
    for (int j = 0; j <= i; ++j)
      it.covariance(i, j) = it.covariance(j, i) =
          it.covariance(i, j) / patches - it.mean(i) * it.mean(j);
  return it;
}

struct Whitening {
  Tensor<> filters;               // (D, C, K, K)
  Tensor<> shifts;                // (D)
  std::vector<double> variances;  // of the patches along each filter
};

// For each eigenvector v of the patches' covariance, with value l:
//   filter = v / sqrt(l + epsilon)     shift = - filter . mean     (15.2)
// so that filter . patch + shift has mean 0 and variance l / (l +
// epsilon), and any two of these have covariance 0. `softness` is epsilon
// divided by the mean of all l. It keeps directions in which patches hardly
// vary, which are mostly noise, from being scaled up to the others' size.
// images (N, C, H, W)
// Throws std::invalid_argument if all patches are alike, or if softness is
// 0 and they do not vary in every direction.
inline Whitening whitening_of(const Tensor<>& images, int K,
                              double softness = 5e-4) {
  const PatchStatistics patches = patch_statistics(images, K);
  const Eigenpairs<double> pairs = eigenpairs(patches.covariance);
  const int C = images.extent(1), D = patches.mean.size();
  double epsilon = 0;
  for (const double value : pairs.values) epsilon += softness * value / D;
  Whitening it{Tensor<>({D, C, K, K}), Tensor<>({D}), pairs.values};
  for (int k = 0; k < D; ++k) {
    const double root = std::sqrt(
        std::max(pairs.values[static_cast<std::size_t>(k)], 0.0) + epsilon);
    if (!(root > 0))
      fail(Refusal::argument,
           "whitening_of: expected patches that vary in every direction, "
           "got images whose patches vary in fewer directions than a patch "
           "has numbers");
    double shift = 0;
    for (int i = 0; i < D; ++i) {
      const double weight = pairs.vectors(k, i) / root;
      row_of(it.filters, k)[static_cast<std::size_t>(i)] =
          static_cast<float>(weight);
      shift -= weight * patches.mean(i);
    }
    it.shifts(k) = static_cast<float>(shift);
  }
  return it;
}

// The covariance of the filters' outputs for patches with the given
// covariance: filters covariance filters^T. (D, D) -> (D, D)
inline Tensor<double> whitened_covariance(const Tensor<double>& covariance,
                                          const Whitening& it) {
  const int D = covariance.extent(0);
  Tensor<double> filters = convert<double>(it.filters.reshaped({D, D}));
  Tensor<double> half({D, D}), result({D, D});
  for (int k = 0; k < D; ++k)
    for (int i = 0; i < D; ++i)
      for (int j = 0; j < D; ++j)
        half(k, i) += filters(k, j) * covariance(j, i);
  for (int k = 0; k < D; ++k)
    for (int l = 0; l < D; ++l)
      for (int i = 0; i < D; ++i)
        result(k, l) += half(k, i) * filters(l, i);
  return result;
}

// Puts the filters, followed by their negatives, into the first layer of a
// network. A ReLU then loses nothing, because it keeps in one of the two
// what it removes from the other. No step changes the layer, so the
// backward pass can end before it. Throws std::invalid_argument unless the
// layer is a convolution with 2 D filters of this shape.
inline void set_whitening(Layer<>& network, const Whitening& whitening) {
  const std::vector<Parameter<>*> parameters = network.parameters();
  Shape shape = whitening.filters.shape();
  const int D = shape[0];
  shape[0] = 2 * D;
  if (parameters.size() < 2)
    fail(Refusal::argument, "set_whitening: expected a convolution first");
  Parameter<>&weight = *parameters[0], &bias = *parameters[1];
  require_shape(weight.value.shape(), shape, "set_whitening", weight.name);
  weight.trained = bias.trained = false;
  for (int k = 0; k < 2 * D; ++k) {
    const float sign = k < D ? 1.0f : -1.0f;
    const auto from = row_of(whitening.filters, k % D);
    const auto to = row_of(weight.value, k);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = sign * from[i];
    bias.value(k) = sign * whitening.shifts(k % D);
  }
}

}  // namespace cnn
