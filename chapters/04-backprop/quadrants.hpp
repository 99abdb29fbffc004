// A task for two layers: points in the plane, class A where the signs of
// their coordinates agree, class B where they do not. No straight line
// separates the two.
// Book: book/04-backprop.md
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "04-backprop/two_layers.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// at (N, 2); is_a: true for class A
struct QuadrantPoints {
  Tensor<> at;
  std::vector<bool> is_a;

  int size() const { return at.extent(0); }
};

// A number per point: (N, 2) -> (N, 1). Above 0 says class A.
using Classifier = std::function<Tensor<>(const Tensor<>&)>;

// `per_quadrant` random points in each quadrant, away from the axes.
inline QuadrantPoints quadrant_points(int per_quadrant, Random& random) {
  QuadrantPoints points{Tensor<>({4 * per_quadrant, 2}), {}};
  for (int n = 0; n < points.size(); ++n) {
    const float sign1 = n % 2 == 0 ? 1.0f : -1.0f;
    const float sign2 = n % 4 < 2 ? 1.0f : -1.0f;
    points.at(n, 0) = sign1 * random.uniform(0.15f, 1.0f);
    points.at(n, 1) = sign2 * random.uniform(0.15f, 1.0f);
    points.is_a.push_back(sign1 == sign2);
  }
  return points;
}

// How many points are on the right side. Throws std::invalid_argument
// unless the classifier gives each point a number, and each has a class.
inline int points_right(const QuadrantPoints& points,
                        const Classifier& classifier) {
  const Tensor<> score = classifier(points.at);
  require_shape(score.shape(), {static_cast<int>(points.is_a.size()), 1},
                "points_right", "the score");
  int right = 0;
  for (int n = 0; n < points.size(); ++n)
    if ((score(n, 0) > 0) == points.is_a[static_cast<std::size_t>(n)])
      ++right;
  return right;
}

// A straight line (one linear layer from two inputs to one output), how
// many lines were tried, and how many points this one gets right.
struct LinearSearch {
  DenseParameters<float> line;
  int tried = 0, right = -1;

  Tensor<> operator()(const Tensor<>& at) const {
    return dense(at, line.weight, line.bias);
  }
};

// Tries w1, w2 and b from -1 to 1 in steps of 0.1, all 21 x 21 x 21, and
// returns the one that gets the most points right (of equals the first).
inline LinearSearch best_line(const QuadrantPoints& points) {
  LinearSearch best, now;
  const auto number = [](int i) { return static_cast<float>(i) / 10.0f; };
  for (int w1 = -10; w1 <= 10; ++w1)
    for (int w2 = -10; w2 <= 10; ++w2)
      for (int b = -10; b <= 10; ++b) {
        now.line = {Tensor<>({1, 2}, {number(w1), number(w2)}),
                    Tensor<>({1}, number(b))};
        now.right = points_right(points, now);
        ++now.tried;
        if (now.right > best.right) best = now;
      }
  best.tried = now.tried;
  return best;
}

// score = relu(x1 + x2) + relu(-x1 - x2) - relu(x1 - x2) - relu(x2 - x1)
// The first layer (4, 2), the second (1, 4), by hand.
inline std::pair<DenseParameters<float>, DenseParameters<float>>
quadrant_network() {
  return {{Tensor<>({4, 2}, {1, 1, -1, -1, 1, -1, -1, 1}), Tensor<>({4})},
          {Tensor<>({1, 4}, {1, 1, -1, -1}), Tensor<>({1})}};
}

}  // namespace cnn
