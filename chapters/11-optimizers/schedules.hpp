// How the learning rate changes during a run, as shares of its full size.
// Book: book/11-optimizers.md
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "06-training/sgd.hpp"

namespace cnn {

// Up in a straight line for the first twentieth, and then no change.
inline double warm_up_schedule(double progress) {
  return progress < 0.05 ? progress / 0.05 : 1.0;
}

// Chapter 06's half wave of the cosine without the warm-up before it.
inline double falling_schedule(double progress) {
  return cosine_schedule(0.05 + 0.95 * progress);
}

// The full rate for half of the run, a tenth of it for the next quarter, a
// hundredth for the last.
inline double stairs_schedule(double progress) {
  return progress < 0.5 ? 1.0 : progress < 0.75 ? 0.1 : 0.01;
}

inline std::vector<std::pair<std::string, Schedule>> named_schedules() {
  return {{"constant", constant_schedule},
          {"warm-up only", warm_up_schedule},
          {"stairs", stairs_schedule},
          {"cosine", falling_schedule},
          {"warm-up and cosine", cosine_schedule}};
}

}  // namespace cnn
