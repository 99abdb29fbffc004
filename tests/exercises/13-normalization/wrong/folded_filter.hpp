// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>
#include <vector>

namespace cnn {

struct OneFilter {
  std::vector<double> weight;
  double bias = 0;
};

struct LearnedNorm {
  double running_mean = 0, running_var = 1;
  double gamma = 1, beta = 0, epsilon = 1e-5;
};

// Forgets that the convolution may have a bias as well.
inline OneFilter folded_filter(const OneFilter& filter,
                               const LearnedNorm& norm) {
  const double factor =
      norm.gamma / std::sqrt(norm.running_var + norm.epsilon);
  OneFilter folded = filter;
  for (double& weight : folded.weight) weight *= factor;
  folded.bias = norm.beta - norm.running_mean * factor;
  return folded;
}

}  // namespace cnn
