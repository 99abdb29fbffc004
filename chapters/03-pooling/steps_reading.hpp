// Step 7: whether digits that have moved can still be read.
// Book: book/03-pooling.md
#pragma once

#include <string>
#include <vector>

#include "03-pooling/reading.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline std::string reading_verdict(const ReadingStudy& study) {
  std::string text;
  if (study.windows_of_2_help())
    text += format(
        "Once the digits have moved by %d, more of them are read with "
        "windows of 2 than without pooling, by maximum and mean alike. ",
        study.shifts.back());
  if (study.detail_is_lost())
    text +=
        "But pooling also takes away detail. Before anything has moved, "
        "fewer are read with the maximum of 4 x 4 cells than with that of "
        "2 x 2, and fewer still with every 4th cell.";
  return text;
}

inline void show(const ReadingStudy& study) {
  Rows rows = {{"pooling"}};
  for (const int right : study.shifts)
    rows[0].push_back(std::to_string(right) + " px");
  for (const ReadingOf& it : study.of_each) {
    rows.push_back({it.name});
    for (const double share : it.right)
      rows.back().push_back(percent(share, 1));
  }
  print_table(rows);
  const std::string verdict = reading_verdict(study);
  if (!verdict.empty()) say("\n" + verdict);
}

// Moves only the digits that are asked about, never those that are known.
inline void read_after_a_step(Program& program, const Dataset& known,
                              const Dataset& asked) {
  step("Can it still be read?");
  Progress progress("Reading", static_cast<int>(preparations().size()),
                    "ways of pooling");
  const ReadingStudy study = study_reading(
      asked, known, {0, 1, 2}, [&](int done) { progress.update(done); });
  say(format(
      "Chapter 01's nearest neighbour knows %d digits and is asked about "
      "%d others. The known ones stay where they are. The others are moved "
      "to the right by 0, 1 or 2 pixels, then all are pooled alike and "
      "compared. 'Max 2' takes the maximum of windows of 2 x 2 cells, and "
      "'every 2nd cell' keeps one cell of four, from every second row and "
      "column. Here is the share that is read correctly:\n\n",
      study.known, study.asked));
  show(study);
  const auto report = [&](const std::string& name, const std::string& key) {
    program.report(key, format("%.4f", study.at(name).back()));
  };
  report("none", "read_after_2_pixels_unpooled");
  report("max 2", "read_after_2_pixels_max_2");
  report("max 4", "read_after_2_pixels_max_4");
}

}  // namespace cnn
