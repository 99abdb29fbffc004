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

// What each station on the way makes of a picture: all (H', W').
struct Stations {
  Tensor<> grey;        // 0 to 1, inverted if it is light on dark
  Tensor<> paper;       // how bright the paper is at each place
  Tensor<> ink;         // 0 for paper, towards 1 for black
  Tensor<> strokes;     // the ink without printed lines
  Threshold threshold;  // cells of `strokes` above it are inked
};

struct DigitSeen {
  Box box;                 // in the picture's pixels
  int line = 0;            // its index in Reading::lines
  Tensor<> crop;           // (28, 28), as the network was shown it
  int answer = 0;          // the class
  double probability = 0;  // of the answer, the mean of five views
};

struct Reading {
  std::string refused;  // the reason; empty if there is an answer
  std::vector<std::string> lines;  // the answer; none if it was refused
  std::vector<DigitSeen> digits;   // all that the network was asked about
  Stations stations;
};

// The picture in a size in which strokes have a middle and even 12
// megapixels take no time: its longer side has 400 to 1,000 pixels.
// grey (H, W) -> (H', W')
inline Tensor<> sized_for_reading(const Tensor<>& grey) {
  const int longest = std::max(grey.extent(0), grey.extent(1));
  if (longest >= 400 || longest == 0) return shrunk_to(grey, 1000);
  const int times = (399 + longest) / longest;
  return enlarged(grey, times * grey.extent(0), times * grey.extent(1));
}

// grey (H', W'), as photographed: from sized_for_reading()
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

// The candidates that have the shape of digits, with touching digits split.
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

// How many pixels of the picture make one of the stations', down and
// across. Each side was rounded by itself, so the two numbers may differ
// slightly. image (3, H, W)
inline Point scale_of(const Tensor<>& image, const Stations& at) {
  return {static_cast<double>(image.extent(1)) / at.grey.extent(0),
          static_cast<double>(image.extent(2)) / at.grey.extent(1)};
}

// A box in the stations' pixels as one in the picture's, which holds every
// pixel that it touches. scale: from scale_of()
inline Box scaled(const Box& box, Point scale) {
  const auto first = [](int at, double by) {
    return static_cast<int>(at * by);
  };
  const auto last = [](int at, double by) {
    return static_cast<int>(std::ceil(at * by - 1e-6));
  };
  return {first(box.top, scale.y), first(box.left, scale.x),
          last(box.bottom, scale.y), last(box.right, scale.x)};
}

// Asks the network about each part of a line.
// line: the line's index. scale: from scale_of()
inline std::vector<DigitSeen> answers_for(const Tensor<>& strokes,
                                          const TextLine& parts, int line,
                                          Point scale,
                                          const Reader& reader) {
  const Tensor<> crops = crops_of(strokes, parts);
  const Tensor<> probabilities = steady_answers(crops, reader);
  std::vector<DigitSeen> digits;
  for (int n = 0; n < crops.extent(0); ++n) {
    digits.push_back({scaled(parts[static_cast<std::size_t>(n)].box, scale),
                      line, item(crops, n).reshaped({28, 28}),
                      answer(probabilities, n),
                      static_cast<double>(certainty(probabilities, n))});
  }
  return digits;
}

// Puts the parts into lines, asks the network, and fills in the reading's
// digits and its answer, or why there is none.
inline void read_lines(Reading& reading, std::vector<Part> parts,
                       Point scale, const Reader& reader,
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

// Takes a picture all the way to an answer.
// image (3, H, W), 0 to 1, upright. names: of the reader's classes; empty
// for the ten digits
inline Reading read_picture(const Tensor<>& image, const Reader& reader,
                            const ClassNames& names = {}) {
  Reading reading;
  Tensor<> grey = sized_for_reading(grey_of(image));
  reading.refused = too_dark(grey);
  reading.stations = stations_of(std::move(grey));
  if (!reading.refused.empty()) return reading;
  const Stations& at = reading.stations;
  const Point scale = scale_of(image, at);
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
      digits_of(candidates, at.strokes, least_rows / scale.y, reader);
  if (digits.empty())
    reading.refused = no_shape;
  else
    read_lines(reading, std::move(digits), scale, reader, names);
  return reading;
}

}  // namespace cnn
