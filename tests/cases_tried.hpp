// How many cases a test tries in builds where all of them take minutes.
#pragma once

// Whether the build has no optimisation, or has sanitizers.
#ifdef CNN_SLOW_BUILD
inline constexpr bool slow_build = true;
#else
inline constexpr bool slow_build = false;
#endif

// How many of `count` cases are tried: in a slow build, the first quarter.
constexpr int cases_tried(int count) {
  return slow_build ? count / 4 : count;
}
