// How the learning rate changes during a run, as shares of its full size.
// Book: book/11-optimizers.md
#pragma once

#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/named.hpp"

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

struct NamedSchedule {
  std::string name, words;  // of an option, and of a table
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

// Throws std::invalid_argument for a name that there is not.
inline Schedule schedule_of(const std::string& name) {
  if (const NamedSchedule* it = find_named(named_schedules(), name))
    return it->schedule;
  fail(Refusal::argument, "schedule_of: expected one of " +
                              names_of(named_schedules()) + ", got '" +
                              name + "'");
}

}  // namespace cnn
