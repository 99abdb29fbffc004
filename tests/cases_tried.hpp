// How much of a test is tried where all of it would take minutes.
#pragma once

// No optimisation, or sanitizers.
#ifdef CNN_SLOW_BUILD
inline constexpr bool slow_build = true;
#else
inline constexpr bool slow_build = false;
#endif

// Of so many cases, those that are tried: the first quarter in a slow
// build.
constexpr int cases_tried(int count) {
  return slow_build ? count / 4 : count;
}
