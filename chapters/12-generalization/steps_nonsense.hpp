// Step 1: nonsense, learned by heart.
// Book: book/12-generalization.md
#pragma once

#include "12-generalization/steps_tour.hpp"

namespace cnn {

inline void nonsense_labels(GeneralizationTour& tour) {
  step("Nonsense labels");
  print("%d digits\n", tour.some.size());
}

}  // namespace cnn
