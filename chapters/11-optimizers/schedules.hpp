// How the learning rate changes during a run, as shares of its full size.
// Book: book/11-optimizers.md
#pragma once

#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "common/tensor/fail.hpp"

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

inline std::vector<NamedSchedule> named_schedules() {
  return {{"constant", "constant", constant_schedule},
          {"warm-up", "warm-up only", warm_up_schedule},
          {"stairs", "stairs", stairs_schedule},
          {"falling", "cosine", falling_schedule},
          {"cosine", "warm-up, cosine", cosine_schedule}};
}

// "constant, warm-up, ..."
inline std::string schedule_names() {
  std::string names;
  for (const NamedSchedule& it : named_schedules())
    names += (names.empty() ? "" : ", ") + it.name;
  return names;
}

inline bool has_schedule(const std::string& name) {
  for (const NamedSchedule& it : named_schedules())
    if (it.name == name) return true;
  return false;
}

// Throws std::invalid_argument for a name that there is not.
inline Schedule schedule_of(const std::string& name) {
  for (const NamedSchedule& it : named_schedules())
    if (it.name == name) return it.schedule;
  fail(Refusal::argument, "schedule_of: expected one of " +
                              schedule_names() + ", got '" + name + "'");
}

}  // namespace cnn
