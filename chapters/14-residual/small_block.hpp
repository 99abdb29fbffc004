// A residual block of single numbers, small enough to follow by hand.
// Book: book/14-residual.md
#pragma once

namespace cnn {

// A block whose branch multiplies by its slope, with a ReLU after the sum,
// and the gradients of a loss on the way back.
struct SmallBlock {
  double x, branch, sum, output;
  double grad_output;
  double grad_sum;     // arrives at the sum, and so at branch and skip
  double grad_branch;  // what the branch sends back to x
  double grad_x;
};

inline SmallBlock compute_small_block(double x, double slope,
                                      double grad_output) {
  SmallBlock it{};
  it.x = x;
  it.branch = slope * x;
  it.sum = it.branch + x;  // (14.1)
  it.output = it.sum > 0 ? it.sum : 0;
  it.grad_output = grad_output;
  it.grad_sum = it.sum > 0 ? grad_output : 0;
  it.grad_branch = slope * it.grad_sum;
  it.grad_x = it.grad_branch + it.grad_sum;  // (14.2)
  return it;
}

}  // namespace cnn
