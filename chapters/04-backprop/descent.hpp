// Gradient descent with a single weight, small enough for pen and paper.
// Book: book/04-backprop.md
#pragma once

#include <vector>

namespace cnn {

// The smallest network there is: its output is w times x, and the loss is
// the square of its difference from the target t.
struct OneWeight {
  double x = 2.0, t = 6.0;

  double output(double w) const { return w * x; }
  double loss(double w) const { return (output(w) - t) * (output(w) - t); }
  // How fast the loss rises when w does: the derivative of (w x - t)^2.
  double gradient(double w) const { return 2 * (output(w) - t) * x; }
};

// Goes downhill, against the gradient, `steps` times:
//   w <- w - learning_rate * gradient
// Returns w at the start and after every step.
inline std::vector<double> descend(const OneWeight& network, double w,
                                   double learning_rate, int steps) {
  std::vector<double> visited = {w};
  for (int step = 0; step < steps; ++step) {
    w -= learning_rate * network.gradient(w);
    visited.push_back(w);
  }
  return visited;
}

}  // namespace cnn
