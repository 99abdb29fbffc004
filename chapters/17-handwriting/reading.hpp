// From a photograph to an answer, station by station.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/desk.hpp"
#include "17-handwriting/grouping.hpp"
#include "17-handwriting/ink.hpp"
#include "17-handwriting/page.hpp"
#include "17-handwriting/parts.hpp"
#include "17-handwriting/placing.hpp"
#include "17-handwriting/refusing.hpp"
#include "17-handwriting/ruled_lines.hpp"
#include "17-handwriting/splitting.hpp"
#include "17-handwriting/views.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// What becomes of a picture on its way: all (H', W').
struct Stations {
  Tensor<> grey;        // 0 to 1, and 1 is the paper even of a blackboard
  Tensor<> paper;       // how bright the paper is at each place
  Tensor<> ink;         // 0 for paper, towards 1 for black
  Tensor<> strokes;     // the ink without printed lines
  Threshold threshold;  // above it is ink
};

struct DigitSeen {
  Box box;        // in the picture's pixels
  int line = 0;   // of the answer, from 0
  Tensor<> crop;  // (28, 28), as the network was shown it
  int answer = 0;
  double probability = 0;  // of the answer, the mean of five views
};

struct Reading {
  std::string refused;  // the reason; empty if there is an answer
  std::vector<std::string> lines;  // the answer; none if it was refused
  std::vector<DigitSeen> digits;   // all that was asked about
  Stations stations;
};

// In a size in which strokes have a middle and 12 megapixels take no time:
// the longer side from 400 to 1,000 pixels. grey (H, W) -> (H', W')
inline Tensor<> sized_for_reading(const Tensor<>& grey) {
  const int longest = std::max(grey.extent(0), grey.extent(1));
  if (longest >= 400 || longest == 0) return shrunk_to(grey, 1000);
  const int times = (399 + longest) / longest;
  return enlarged(grey, times * grey.extent(0), times * grey.extent(1));
}

// grey (H', W'), as photographed
inline Stations stations_of(Tensor<> grey) {
  Stations at;
  const std::optional<Tensor<>> page = page_on_desk(grey);
  if (!page && is_light_on_dark(grey))
    for (float& level : grey.data()) level = 1 - level;
  const Tensor<> blocks =
      paper_blocks(page ? page_continued(grey, *page) : grey);
  at.paper = paper_of(blocks, grey.extent(0), grey.extent(1));
  at.ink = ink_of(grey, at.paper);
  if (page)
    for (std::size_t i = 0; i < at.ink.data().size(); ++i)
      at.ink.data()[i] *= page->data()[i];
  else
    ink_all(at.ink, desk_in(blocks));
  at.grey = std::move(grey);
  at.threshold = otsu(at.ink);
  at.strokes = without_ruled_lines(at.ink, at.threshold.value);
  return at;
}

// The candidates that have the shape of digits, touching ones split;
// `least` is the height of least_rows in the stations' pixels.
inline std::vector<Part> digits_of(const std::vector<Part>& candidates,
                                   const Tensor<>& strokes, double least,
                                   const Reader& reader) {
  std::vector<Part> digits;
  for (const Part& part : candidates)
    for (Part& digit : split_touching(strokes, part, reader))
      if (may_hold_digit(digit.box, least))
        digits.push_back(std::move(digit));
  return digits;
}

// Asks the network about each part of a line. `scale`: how many pixels of
// the picture are one of the stations'.
inline std::vector<DigitSeen> answers_for(const Tensor<>& strokes,
                                          const TextLine& parts, int line,
                                          double scale,
                                          const Reader& reader) {
  const Tensor<> crops = crops_of(strokes, parts);
  const Tensor<> probabilities = steady_answers(crops, reader);
  const auto first = [&](int at) { return static_cast<int>(at * scale); };
  const auto last = [&](int at) {
    return static_cast<int>(std::ceil(at * scale - 1e-6));
  };
  std::vector<DigitSeen> digits;
  for (int n = 0; n < crops.extent(0); ++n) {
    const Box& box = parts[static_cast<std::size_t>(n)].box;
    digits.push_back({{first(box.top), first(box.left), last(box.bottom),
                       last(box.right)},
                      line,
                      item(crops, n).reshaped({28, 28}),
                      answer(probabilities, n),
                      static_cast<double>(certainty(probabilities, n))});
  }
  return digits;
}

// Fills in the answer, or why there is none.
inline void read_lines(Reading& reading, std::vector<Part> parts,
                       double scale, const Reader& reader,
                       const ClassNames& names) {
  std::vector<double> probabilities;
  for (const TextLine& line : lines_of(std::move(parts))) {
    std::string text;
    for (DigitSeen& digit : answers_for(
             reading.stations.strokes, line,
             static_cast<int>(reading.lines.size()), scale, reader)) {
      text += name_of_class(names, digit.answer);
      probabilities.push_back(digit.probability);
      reading.digits.push_back(std::move(digit));
    }
    reading.lines.push_back(text);
  }
  reading.refused = not_digits(probabilities);
  if (!reading.refused.empty()) reading.lines.clear();
}

// The whole way. image (3, H, W), 0 to 1, upright; `names` of what the
// reader knows, if that is not the ten digits
inline Reading read_picture(const Tensor<>& image, const Reader& reader,
                            const ClassNames& names = {}) {
  Reading reading;
  Tensor<> grey = sized_for_reading(grey_of(image));
  reading.refused = too_dark(grey);
  reading.stations = stations_of(std::move(grey));
  if (!reading.refused.empty()) return reading;
  const Stations& at = reading.stations;
  const double scale =
      static_cast<double>(image.extent(1)) / at.grey.extent(0);
  if (at.threshold.contrast < least_contrast) {
    reading.refused = no_ink;
    return reading;
  }
  const std::vector<Part> candidates =
      candidates_of(parts_of(at.strokes, at.threshold.value),
                    at.grey.extent(0), at.grey.extent(1));
  reading.refused = too_many(candidates.size());
  if (!reading.refused.empty()) return reading;
  std::vector<Part> digits =
      digits_of(candidates, at.strokes, least_rows / scale, reader);
  if (digits.empty())
    reading.refused = no_shape;
  else
    read_lines(reading, std::move(digits), scale, reader, names);
  // The stations' sides were rounded, so a box may end after the picture.
  for (DigitSeen& digit : reading.digits) {
    digit.box.bottom = std::min(digit.box.bottom, image.extent(1));
    digit.box.right = std::min(digit.box.right, image.extent(2));
  }
  return reading;
}

}  // namespace cnn
