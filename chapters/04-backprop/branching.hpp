// A number that is used twice: loss = (x + y) max(x, z). Its gradient is
// the sum of what comes back along both paths.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>

namespace cnn {

struct BranchingInputs {
  double x, y, z;
};

struct BranchingValues {
  double s, m, loss;  // s = x + y, m = max(x, z)
};

inline BranchingValues branching_forward(const BranchingInputs& in) {
  BranchingValues v{};
  v.s = in.x + in.y;
  v.m = std::max(in.x, in.z);
  v.loss = v.s * v.m;
  return v;
}

struct BranchingGradients {
  double loss, s, m, x, y, z;
};

// Each operation hands back what arrives in its own way: a product
// multiplies it by the other factor, a sum hands all of it to each of its
// terms, and a maximum hands all of it to the larger one, or to the first
// of equals.
inline BranchingGradients branching_backward(const BranchingInputs& in,
                                             const BranchingValues& v) {
  BranchingGradients grad{};
  grad.loss = 1;
  grad.s += grad.loss * v.m;            // loss = s m
  grad.m += grad.loss * v.s;            // loss = s m
  grad.x += grad.s;                     // s = x + y
  grad.y += grad.s;                     // s = x + y
  grad.x += in.x >= in.z ? grad.m : 0;  // m = max(x, z)
  grad.z += in.x >= in.z ? 0 : grad.m;  // m = max(x, z)
  return grad;
}

}  // namespace cnn
