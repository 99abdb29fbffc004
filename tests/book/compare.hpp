// A program's fresh output and report held against the recorded ones.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/book/records.hpp"

namespace book {

// Where the same source gives the same bytes: x86-64 with fused
// multiply-add (as of 2013), Linux, glibc, g++ 12 or newer.
inline const bool reference_platform =
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && \
    defined(__GNUC__) && !defined(__clang__)
    __GNUC__ >= 12 && __builtin_cpu_supports("avx2") &&
    __builtin_cpu_supports("fma");
#else
    false;
#endif

// Elsewhere a value may differ by so much: as a share of the larger of the
// two, or in all. Accuracies are shares from 0 to 1, losses a few nats.
constexpr double relative_tolerance = 0.05;
constexpr double absolute_tolerance = 0.02;
// What is smaller is an error that should be 0, as of a checked gradient.
// It may be another one, but must stay as small.
constexpr double tiny = 1e-6;

// The first line that differs, as one line of text that names `name` and
// the line; empty if the two are equal.
std::string first_difference(const std::string& name,
                             const std::string& recorded,
                             const std::string& fresh);

// The values that differ by more than the tolerance, or are missing or
// new: a line for each.
std::vector<std::string> far_values(const std::string& name,
                                    const Report& recorded,
                                    const Report& fresh);

}  // namespace book
