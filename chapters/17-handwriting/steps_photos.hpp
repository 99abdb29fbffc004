// --photos DIR: how much of a folder of labelled photographs is read right.
// Book: book/17-handwriting.md
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "17-handwriting/labelled_photographs.hpp"
#include "17-handwriting/steps_read.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/utf8.hpp"

namespace cnn {

// The labels of a folder. Throws std::runtime_error that begins with the
// path of its labels.csv if that cannot be read.
inline std::vector<PhotographLabel> labels_in(
    const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "labels.csv";
  const auto bytes = read_bytes(path, 10'000'000);
  return value_or_fail(
      parse_labels(std::string(bytes.begin(), bytes.end())), path.string());
}

inline Strings photograph_row(const PhotographLabel& it,
                              const Reading& reading) {
  std::string read;
  for (const std::string& line : reading.lines) read += line;
  const bool right =
      it.label.empty() ? !reading.refused.empty() : read == it.label;
  return {it.file, it.label.empty() ? it.kind : shortened(it.label, 24),
          reading.refused.empty()
              ? shortened(read, 24)
              : reading.refused.substr(0, reading.refused.find(':')),
          right ? "" : "x"};
}

// Adds one headline number as a row, and reports it as `name`, if there are
// pictures of that kind.
inline void add_count(Rows& rows, Program& program, const std::string& name,
                      const std::string& what, const Count& count) {
  if (count.all == 0) return;
  rows.push_back(share_row(what, count.right, count.all));
  program.report(name, format("%.4f", static_cast<double>(count.right) /
                                          static_cast<double>(count.all)));
}

inline void read_folder(Program& program,
                        const std::filesystem::path& folder) {
  const std::vector<PhotographLabel> labels = labels_in(folder);
  const NamedReader it = reader_from(chosen_reader(program));
  PhotographScores scores;
  Rows rows = {{"picture", "written", "read", "wrong"}};
  Progress progress("reading", static_cast<int>(labels.size()), "pictures");
  for (const PhotographLabel& label : labels) {
    const Reading reading =
        read_picture(upright_picture(folder / label.file), it.reader);
    scores.add(label, reading);
    rows.push_back(photograph_row(label, reading));
    progress.update(static_cast<int>(rows.size()) - 1);
    if (program.interrupted()) return;
  }
  print_table(rows);
  print("\n");
  Rows counts = {{"", "count", "share", "95 % interval"}};
  add_count(counts, program, "single_right", "one digit, read right",
            scores.single);
  add_count(counts, program, "whole_right", "several, right as a whole",
            scores.whole);
  add_count(counts, program, "blank_refused", "blank or no digit, refused",
            scores.blank_refused);
  add_count(counts, program, "digits_refused",
            "digits, refused all the same", scores.digits_refused);
  add_count(counts, program, "digits_found",
            "digits found where no order is", scores.found);
  print_table(counts);
}

}  // namespace cnn
