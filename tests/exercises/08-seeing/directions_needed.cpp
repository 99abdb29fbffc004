// Exercise 5.
#include "directions_needed.hpp"

#include <limits>

#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

// Two points on each axis, one on each side of 0: their variances along the
// axes are in the ratio of the squares of the distances.
Tensor<double> on_axes(const std::vector<double>& distances) {
  const int D = static_cast<int>(distances.size());
  Tensor<double> points({2 * D, D});
  for (int i = 0; i < D; ++i) {
    const double distance = distances[static_cast<std::size_t>(i)];
    points(2 * i, i) = distance;
    points(2 * i + 1, i) = -distance;
  }
  return points;
}

// Three axes turned into a slanting position, and all points moved: neither
// changes a variance.
Tensor<double> slanting(const Tensor<double>& points) {
  const double turn[3][3] = {{1, 2, 2}, {2, 1, -2}, {2, -2, 1}};
  const double move[3] = {40, -20, 10};
  Tensor<double> turned(points.shape());
  for (int n = 0; n < points.extent(0); ++n)
    for (int i = 0; i < 3; ++i) {
      turned(n, i) = move[i];
      for (int j = 0; j < 3; ++j)
        turned(n, i) += turn[i][j] / 3 * points(n, j);
    }
  return turned;
}

}  // namespace

EXERCISE(directions_needed) {
  const auto need = [&](const Tensor<double>& points, double share,
                        int expected) {
    check.equal("points " + text_of(points) + ", share " + text_of(share),
                expected, [&] { return directions_needed(points, share); });
  };
  // Shares of 9, 4 and 1 fourteenths.
  const Tensor<double> three = on_axes({3, 2, 1});
  need(three, 0.5, 1);
  need(three, 0.9, 2);
  need(three, 1.0, 3);
  need(three, 0.64, 1);
  need(three, 0.65, 2);
  need(three, 0.95, 3);
  need(three, 0.001, 1);
  // Of 25, 16 and 9 fiftieths: half and 0.82 exactly.
  need(on_axes({5, 4, 3}), 0.5, 1);
  need(on_axes({5, 4, 3}), 0.82, 2);
  need(on_axes({5, 4, 3}), 0.9, 3);
  // The largest comes last.
  need(on_axes({1, 2, 3}), 0.5, 1);
  need(on_axes({1, 2, 3}), 0.9, 2);
  // In a slanting position no axis has the shares.
  for (const double share : {0.5, 0.9, 1.0})
    need(slanting(three), share, share < 0.6 ? 1 : share < 1 ? 2 : 3);
  need(slanting(on_axes({2, 0, 0})), 1.0, 1);
  // Directions in which nothing is spread out are never needed.
  need(on_axes({0, 3, 0, 1, 0, 2}), 1.0, 3);
  need(on_axes({0, 3, 0, 1, 0, 2}), 0.9, 2);
  need(Tensor<double>({2, 1}, {4, 6}), 1.0, 1);
  const auto refuse = [&](double share) {
    check.refused("points " + text_of(three) + ", share " + text_of(share),
                  [&] { return directions_needed(three, share); });
  };
  refuse(0);
  refuse(-0.5);
  refuse(1.01);
  refuse(std::numeric_limits<double>::quiet_NaN());
}
