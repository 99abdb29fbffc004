// Step 7: the reader of digits is taught letters.
// Book: book/17-handwriting.md
#pragma once

#include <string>
#include <vector>

#include "16-saving/steps_files.hpp"
#include "17-handwriting/figures.hpp"
#include "17-handwriting/letters_taught.hpp"
#include "17-handwriting/steps_digits.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline void show_lessons(const std::vector<LettersTaught>& all) {
  Rows rows = {{"of each letter", "reader, seed 1", "reader, seed 2",
                "new, seed 1", "new, seed 2"}};
  for (const LettersTaught& it : all) {
    rows.push_back({std::to_string(it.per_class)});
    for (const auto* shares : {&it.from_digits, &it.from_nothing})
      for (const double share : *shares)
        rows.back().push_back(percent(share, 1));
  }
  print_table(rows);
}

inline void teach_letters(HandwritingTour& tour) {
  step("Teach the reader letters");
  const bool quick = tour.program.quick();
  const Dataset to_read = drawn_letters(quick ? 4 : 50, 1000);
  const int epochs = quick ? 1 : 10;
  say("The program draws letters of " + std::to_string(to_read.classes) +
      " kinds with strokes, since nobody wrote any for us. The reader gets "
      "a new last layer, and all of it trains for " +
      counted_text(epochs, "epoch") +
      " on a few letters of each kind (first column), from two seeds. "
      "A new network of the same layers, which starts from random numbers, "
      "trains beside it. How many of " +
      std::to_string(to_read.size()) +
      " other letters does each then read correctly?");
  print("\n");
  const std::filesystem::path path = reader_path();
  const LoadedNetwork reader = load_network(path);
  std::vector<LettersTaught> all;
  const std::vector<int> counts =
      quick ? std::vector<int>{2} : std::vector<int>{5, 10, 20};
  Progress progress("letters", static_cast<int>(counts.size()), "lessons");
  for (const int of_each : counts) {
    all.push_back(compute_letters_taught(reader.file, reader.plan, of_each,
                                         epochs, 2, to_read));
    progress.update(static_cast<int>(all.size()));
  }
  progress.clear();
  show_lessons(all);
  print("\n");
  tour.program.figure("letters.png", letters_figure(to_read, 9),
                      "drawn by the program: can you read them all?");
}

}  // namespace cnn
