// Steps 4 and 5: a photograph on its way to an answer, and the photographs
// that come with the book.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "17-handwriting/figures.hpp"
#include "17-handwriting/reading.hpp"
#include "17-handwriting/steps_digits.hpp"
#include "17-handwriting/steps_photos.hpp"
#include "17-handwriting/steps_read.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "17-handwriting/threshold_by_hand.hpp"

namespace cnn {

inline std::filesystem::path shipped_photographs() {
  return Program::source_folder() / "chapters" / "17-handwriting" /
         "photographs";
}

// One of these photographs, upright. -> (3, H, W)
inline Tensor<> shipped_photograph(const std::string& file) {
  return upright_picture(shipped_photographs() / file);
}

// ---- 4. Ink ------------------------------------------------------------

inline void threshold_by_hand() {
  Rows rows = {{"up to", "share below", "mean below", "share above",
                "mean above", "between"}};
  for (const TriedSplit& it :
       compute_splits({10, 12, 11, 13, 200, 210, 205, 190}))
    rows.push_back({std::to_string(it.last), format("%.3f", it.share_below),
                    format("%.2f", it.mean_below),
                    format("%.3f", it.share_above),
                    format("%.2f", it.mean_above), grouped(it.between)});
  print_table(rows);
}

inline void stations(HandwritingTour& tour) {
  step("From a photograph to ink");
  say("Every split of eight pixels, 10, 12, 11, 13 and 200, 210, 205, 190. "
      "'Up to' is the brightest level on the dark side. Otsu's method "
      "takes the split with the largest variance between its two sides, "
      "the last column:");
  print("\n");
  threshold_by_hand();
  print("\n");
  const Reader reader = reader_from(reader_path()).reader;
  const Tensor<> shadow = shipped_photograph("madhav_03.jpg");
  tour.program.figure(
      "shadow.png",
      shadow_figure(shadow, read_picture(shadow, reader).stations),
      "which of the two splits finds the pen, and which the shadow?");
  for (const auto& [file, figure, look_for] :
       {std::array<const char*, 3>{
            "spar_04.jpg", "stations.png",
            "station by station, to the crops that are read"},
        {"bret_01.png", "stations-ruled.png",
         "at which station does the ruled line go?"}}) {
    const Tensor<> photograph = shipped_photograph(file);
    tour.program.figure(
        figure,
        stations_figure(file, photograph, read_picture(photograph, reader)),
        look_for);
  }
}

// ---- 5. The photographs ------------------------------------------------

inline void read_photographs(HandwritingTour& tour) {
  step("The photographs that come with the book");
  say("What is written in each, what the reader makes of it, and the "
      "probability of the digit that it is least sure of:");
  print("\n");
  const Reader reader = reader_from(reader_path()).reader;
  std::vector<ReadPhotograph> all;
  Rows rows = {{"file", "written", "read", "least sure"}};
  int right = 0;
  for (const PhotographLabel& label : labels_in(shipped_photographs())) {
    const Tensor<> photograph = shipped_photograph(label.file);
    all.push_back({label.file, label.label, photograph,
                   read_picture(photograph, reader)});
    const ReadPhotograph& it = all.back();
    double least = 1;
    for (const DigitSeen& digit : it.reading.digits)
      least = std::min(least, digit.probability);
    const bool refused = !it.reading.refused.empty();
    rows.push_back({it.file, it.label.empty() ? "no digit" : it.label,
                    it.text(), refused ? "" : percent(least, 1)});
    right += it.right();
  }
  print_table(rows);
  print("\n    %d of %d come out as they should.\n\n", right,
        static_cast<int>(all.size()));
  tour.program.report("photographs_right", std::to_string(right));
  tour.program.figure("photographs.png", photographs_figure(all),
                      "a box around each digit that was found");
}

}  // namespace cnn
