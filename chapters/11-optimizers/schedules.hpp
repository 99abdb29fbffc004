// How the learning rate changes during a run. A schedule maps the progress,
// from 0 to 1, to a share of the full learning rate.
// Book: book/11-optimizers.md
#pragma once

#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "common/tensor/named.hpp"

namespace cnn {

// Rises in a straight line for the first twentieth of the run, and then
// stays at the full rate.
inline double warm_up_schedule(double progress) {
  return progress < warm_up_share ? progress / warm_up_share : 1.0;
}

// Maps the progress of a run without a warm-up to that of a schedule with
// one, so that the part after the warm-up is stretched over the whole run:
// 0 -> warm_up_share, 1 -> 1.
inline double after_warm_up(double progress) {
  return warm_up_share + (1.0 - warm_up_share) * progress;
}

// Chapter 06's half wave of the cosine without the warm-up before it.
inline double falling_schedule(double progress) {
  return cosine_schedule(after_warm_up(progress));
}

// The full rate for the first half of the run, a tenth of it for the next
// quarter, and a hundredth for the last quarter.
inline double stairs_schedule(double progress) {
  return progress < 0.5 ? 1.0 : progress < 0.75 ? 0.1 : 0.01;
}

struct NamedSchedule {
  std::string name, words;  // in an option, and in a table
  Schedule schedule;
};

inline const std::vector<NamedSchedule>& named_schedules() {
  static const std::vector<NamedSchedule> schedules = {
      {"constant", "constant", constant_schedule},
      {"warm-up", "warm-up only", warm_up_schedule},
      {"stairs", "stairs", stairs_schedule},
      {"falling", "cosine", falling_schedule},
      {"cosine", "warm-up, cosine", cosine_schedule}};
  return schedules;
}

// Throws std::invalid_argument for an unknown name.
inline Schedule schedule_of(const std::string& name) {
  return named_in(named_schedules(), name, "schedule_of").schedule;
}

}  // namespace cnn
