// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>
#include <vector>

#include "11-optimizers/optimizer.hpp"

namespace cnn {

// Multiplies by the correction instead of dividing by it.
inline std::vector<double> adam_places(const std::vector<double>& gradients,
                                       double rate,
                                       const AdamSettings& settings) {
  const double b1 = settings.beta1, b2 = settings.beta2;
  double w = 0, m = 0, s = 0, power1 = 1, power2 = 1;
  std::vector<double> places;
  for (const double g : gradients) {
    m = b1 * m + (1 - b1) * g;
    s = b2 * s + (1 - b2) * g * g;
    power1 *= b1;
    power2 *= b2;
    w -= rate * (m * (1 - power1)) /
         (std::sqrt(s * (1 - power2)) + settings.epsilon);
    places.push_back(w);
  }
  return places;
}

}  // namespace cnn
