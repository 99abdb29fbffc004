// The runs behind the table of minutes, kept in a file, one on each line.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace cnn {

struct MinutesRun {
  int minutes = 0;
  std::uint64_t seed = 1;
  double accuracy = 0;     // held out, by the mean over all views
  double of_one_view = 0;  // the same, by each picture as it is
  double work = 0;         // floating-point operations
  double seconds = 0;
};

// "run 10, seed 1: 0.9250 0.9201 1.1900e+14 598.2\n", with the fields in
// the order of MinutesRun.
inline std::string run_line(const MinutesRun& it) {
  char line[160] = "";
  std::snprintf(line, sizeof line, "run %d, seed %s: %.4f %.4f %.4e %.1f\n",
                it.minutes, std::to_string(it.seed).c_str(), it.accuracy,
                it.of_one_view, it.work, it.seconds);
  return line;
}

// All runs that a text holds in this form, wherever in its lines they are.
inline std::vector<MinutesRun> runs_of(const std::string& text) {
  std::vector<MinutesRun> runs;
  for (std::size_t at = text.find("run "); at != std::string::npos;
       at = text.find("run ", at + 1)) {
    MinutesRun it;
    unsigned long long seed = 0;
    if (std::sscanf(text.c_str() + at, "run %d, seed %llu: %lf %lf %lf %lf",
                    &it.minutes, &seed, &it.accuracy, &it.of_one_view,
                    &it.work, &it.seconds) != 6)
      continue;
    it.seed = seed;
    runs.push_back(it);
  }
  return runs;
}

// The runs with one more, which replaces one of the same minutes and seed,
// sorted by minutes and then by seed.
inline std::vector<MinutesRun> with_run(std::vector<MinutesRun> runs,
                                        const MinutesRun& run) {
  std::erase_if(runs, [&](const MinutesRun& it) {
    return it.minutes == run.minutes && it.seed == run.seed;
  });
  runs.push_back(run);
  std::stable_sort(runs.begin(), runs.end(),
                   [](const MinutesRun& a, const MinutesRun& b) {
                     return a.minutes != b.minutes ? a.minutes < b.minutes
                                                   : a.seed < b.seed;
                   });
  return runs;
}

// One field of every run of `minutes` minutes.
inline std::vector<double> of_minutes(const std::vector<MinutesRun>& runs,
                                      int minutes,
                                      double MinutesRun::*number) {
  std::vector<double> all;
  for (const MinutesRun& it : runs)
    if (it.minutes == minutes) all.push_back(it.*number);
  return all;
}

// A result that others have published on CIFAR-10: the floating-point
// operations of one training, and the accuracy as a share.
struct PublishedRun {
  std::string name;
  double work, accuracy;
};
inline const std::vector<PublishedRun>& published_runs() {
  static const std::vector<PublishedRun> runs = {
      {"airbench94 (2024)", 3.6e14, 0.9401},
      {"airbench95 (2024)", 1.4e15, 0.9501},
      {"airbench96 (2024)", 7.2e15, 0.9605},
      {"ResNet-20 (2015)", 2.0e15, 0.9125}};
  return runs;
}

}  // namespace cnn
