// The chain rule on five operations: loss = (relu(w x + b) - t)^2.
// Book: book/04-backprop.md
#pragma once

namespace cnn {

struct ExpressionInputs {
  double w, x, b, t;
};

// One number for each operation, in the order in which they happen.
struct ExpressionValues {
  double a, z, r, d, loss;
};

// Computes from left to right. `nudge` is added to the results of the
// operations, so that callers can measure what the loss does when one of
// them is nudged.
inline ExpressionValues expression_forward(
    const ExpressionInputs& in, const ExpressionValues& nudge = {}) {
  ExpressionValues v{};
  v.a = in.w * in.x + nudge.a;
  v.z = v.a + in.b + nudge.z;
  v.r = (v.z > 0 ? v.z : 0) + nudge.r;
  v.d = v.r - in.t + nudge.d;
  v.loss = v.d * v.d + nudge.loss;
  return v;
}

// How the loss changes with each of the numbers above.
struct ExpressionGradients {
  double loss, d, r, t, z, a, b, w, x;
};

// Computes from right to left. Each line is one application of the chain
// rule: the gradient of what comes later, times the slope of this
// operation.
inline ExpressionGradients expression_backward(const ExpressionInputs& in,
                                               const ExpressionValues& v) {
  ExpressionGradients grad{};
  grad.loss = 1;                        // d loss / d loss
  grad.d = grad.loss * 2 * v.d;         // loss = d^2
  grad.r = grad.d * 1;                  // d = r - t
  grad.t = grad.d * -1;                 // d = r - t
  grad.z = grad.r * (v.z > 0 ? 1 : 0);  // r = relu(z)
  grad.a = grad.z * 1;                  // z = a + b
  grad.b = grad.z * 1;                  // z = a + b
  grad.w = grad.a * in.x;               // a = w x
  grad.x = grad.a * in.w;               // a = w x
  return grad;
}

}  // namespace cnn
