// What the verb measure says: to people, to programs, in figures.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "06-training/figures.hpp"
#include "15-colour/steps_folder.hpp"
#include "16-saving/json.hpp"
#include "16-saving/measuring.hpp"
#include "common/shell/file.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Seconds for one image, when it comes among many and when it comes alone.
struct AnswerTimes {
  double together = 0, alone = 0;
};

struct MeasuredFile {
  std::string file, data, layers;
  double bytes = 0;
  std::string note;                       // see seen_before()
  std::vector<std::string> skipped = {};  // files that cannot be read
  ClassNames names = {};                  // empty: the digits
  Dataset pictures;
  Measurement result;
  AnswerTimes seconds;
};

// ---- For people --------------------------------------------------------

// A row for each class: how often its pictures were taken for each class.
inline Rows confusion_rows(const Scores& scores,
                           const ClassNames& names = {}) {
  Rows rows = {{"is \\ said"}};
  const int classes = scores.confusion.extent(0);
  for (int k = 0; k < classes; ++k) rows[0].push_back(std::to_string(k));
  rows[0].push_back("right (%)");
  for (int r = 0; r < classes; ++r) {
    rows.push_back({std::to_string(r)});
    if (!names.empty()) rows.back()[0] += " " + name_of_class(names, r);
    for (int c = 0; c < classes; ++c) {
      const auto count = static_cast<double>(scores.confusion(r, c));
      rows.back().push_back(count == 0 ? "" : format("%.0f", count));
    }
    const double share = scores.recall[static_cast<std::size_t>(r)];
    rows.back().push_back(images_of(scores.confusion, r) == 0
                              ? "-"
                              : format("%.1f", 100 * share));
  }
  return rows;
}

inline Rows mistake_rows(const std::vector<Mistake>& all, std::size_t most,
                         const ClassNames& names = {}) {
  Rows rows = {{"picture", "said", "(%)", "is", "(%)"}};
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i)
    rows.push_back(
        {std::to_string(all[i].image), name_of_class(names, all[i].said),
         format("%.1f", 100 * static_cast<double>(all[i].probability_said)),
         name_of_class(names, all[i].truth),
         format("%.1f",
                100 * static_cast<double>(all[i].probability_truth))});
  return rows;
}

inline void print_mistakes(const MeasuredFile& it) {
  const std::vector<Mistake>& all = it.result.scores.mistakes;
  if (all.empty()) return;
  print("\n");
  say("The worst mistakes, surest first, with the probability of what was "
      "said and of what is right. Pictures are counted from 0:");
  print("\n");
  print_table(mistake_rows(all, 10, it.names));
  if (it.pictures.images.extent(1) != 1) return;  // print_digit: grey only
  for (std::size_t i = 0; i < std::min<std::size_t>(3, all.size()); ++i) {
    print("\n    Picture %d, taken for %s, is %s:\n\n", all[i].image,
          name_of_class(it.names, all[i].said).c_str(),
          name_of_class(it.names, all[i].truth).c_str());
    print_digit(picture_of(it.pictures.images, all[i].image));
  }
}

inline void print_measured(const MeasuredFile& it) {
  const Measurement& result = it.result;
  print_skipped(it.skipped);
  say(format(
      "Right: %d of %d pictures, %s; 95 %% interval (Wilson) %.2f to %s.",
      result.scores.right, result.scores.images,
      percent(result.scores.accuracy).c_str(), 100 * result.interval.low,
      percent(result.interval.high).c_str()));
  if (!it.note.empty()) say(it.note);
  say(it.layers + ": " + grouped(result.parameters) + " parameters, " +
      grouped(it.bytes) + " bytes, " + grouped(result.multiply_adds) +
      " multiply-adds an image.");
  print("\n    What was taken for what:\n\n");
  print_table(confusion_rows(result.scores, it.names));
  print_mistakes(it);
}

// Goes to standard error, because seconds differ from run to run.
inline void tell_times(const AnswerTimes& seconds) {
  std::fflush(stdout);
  std::fprintf(stderr,
               "\n    Time an image: %.1f us among many, %.1f us by "
               "itself.\n",
               1e6 * seconds.together, 1e6 * seconds.alone);
}

inline void draw_measured(const MeasuredFile& it,
                          const std::filesystem::path& folder) {
  const Scores& scores = it.result.scores;
  write_file(folder / "confusion.svg",
             confusion_figure(scores.confusion, it.names));
  write_file(folder / "mistakes.png",
             png_bytes(mistakes_figure(it.pictures, scores.mistakes, 25,
                                       it.names)));
}

// ---- For programs ------------------------------------------------------

inline std::string mistakes_json(const std::vector<Mistake>& mistakes) {
  std::string list;
  for (const Mistake& it : mistakes)
    list += (list.empty() ? "" : ",") +
            format(
                "{\"picture\":%d,\"said\":%d,\"is\":%d,"
                "\"probability\":%.6g}",
                it.image, it.said, it.truth,
                static_cast<double>(it.probability_said));
  return "[" + list + "]";
}

inline std::string confusion_json(const Tensor<>& confusion) {
  std::string rows;
  for (int r = 0; r < confusion.extent(0); ++r) {
    rows += r == 0 ? "[" : ",[";
    for (int c = 0; c < confusion.extent(1); ++c)
      rows += format("%s%.0f", c == 0 ? "" : ",",
                     static_cast<double>(confusion(r, c)));
    rows += "]";
  }
  return "[" + rows + "]";
}

inline std::string names_json(const ClassNames& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "" : ",") + json_string(name);
  return "[" + list + "]";
}

inline std::string measured_json(const MeasuredFile& it) {
  const Measurement& result = it.result;
  return "{\"file\":" + json_string(it.file) +
         ",\"data\":" + json_string(it.data) +
         ",\"note\":" + json_string(it.note) +
         (it.names.empty() ? "" : ",\"classes\":" + names_json(it.names)) +
         ",\"network\":" + json_string(it.layers) +
         format(
             ",\"right\":%d,\"images\":%d,\"accuracy\":%.6g,"
             "\"interval\":[%.6g,%.6g],\"parameters\":%d,"
             "\"multiply_adds\":%.0f,\"bytes\":%.0f,"
             "\"seconds_an_image\":{\"together\":%.3g,\"alone\":%.3g}",
             result.scores.right, result.scores.images,
             result.scores.accuracy, result.interval.low,
             result.interval.high, result.parameters, result.multiply_adds,
             it.bytes, it.seconds.together, it.seconds.alone) +
         ",\"confusion\":" + confusion_json(result.scores.confusion) +
         ",\"mistakes\":" + mistakes_json(result.scores.mistakes) + "}";
}

}  // namespace cnn
