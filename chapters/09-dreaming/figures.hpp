// Draws chapter 09's figures.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "06-training/figures.hpp"
#include "09-dreaming/dreams.hpp"
#include "09-dreaming/fooled_digits.hpp"
#include "09-dreaming/morphing.hpp"
#include "09-dreaming/saliency_probes.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline std::vector<double> in_percent(std::vector<double> shares) {
  for (double& share : shares) share *= 100;
  return shares;
}

// ---- Saliency ----------------------------------------------------------

inline Picture saliency_figure(const std::vector<SaliencyCase>& cases) {
  float range = 0;
  for (const SaliencyCase& it : cases)
    for (const Tensor<>* map : {&it.said_gradient, &it.other_gradient})
      range = std::max(range, largest_magnitude(*map));
  range /= 2;  // larger magnitudes are drawn in the last colour
  Sheet sheet("How two logits change with each pixel of a digit");
  int shown = 0;  // in this row
  bool was_right = true;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const SaliencyCase& it = cases[i];
    const bool right = it.said == it.truth;
    if (i == 0 || shown == 2 || right != was_right) {
      sheet.row(right ? "right" : "wrong");
      shown = 0;
    }
    ++shown;
    was_right = right;
    sheet.add(grey_tile(it.digit, 3),
              format("is %d\nsaid %d\n%.1f %%", it.truth, it.said,
                     100 * static_cast<double>(it.probability_said)));
    sheet.add(diverging_tile(it.said_gradient, 3, range),
              format("for %d\nsaid", it.said));
    sheet.add(diverging_tile(it.other_gradient, 3, range),
              format("for %d\n%s", it.other, right ? "second" : "truth"));
  }
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// ---- Dreams ------------------------------------------------------------

// In sixteen shades of grey, which are enough for the eye and keep pictures
// of noise small as files.
inline Tensor<> in_shades(Tensor<> picture) {
  for (float& pixel : picture.data()) pixel = std::round(15 * pixel) / 15;
  return picture;
}

// Pictures side by side, close together. images (N, 1, H, W)
inline Picture strip_of(const Tensor<>& images, int scale) {
  const int gap = 2, pitch = scale * images.extent(3) + gap;
  Picture strip(images.extent(0) * pitch - gap, scale * images.extent(2));
  for (int n = 0; n < images.extent(0); ++n)
    strip.paste(grey_tile(in_shades(picture_of(images, n)), scale),
                n * pitch, 0);
  return strip;
}

// The numbers of the ten classes, for below a strip of that width.
inline Picture class_numbers(int width) {
  const int classes = 10;
  Picture numbers(width, Picture::page_scale * Picture::letter_height);
  for (int k = 0; k < classes; ++k)
    numbers.centred_text((2 * k + 1) * width / (2 * classes), 0,
                         std::to_string(k), colours::ink,
                         Picture::page_scale);
  return numbers;
}

inline Picture dreams_figure(const std::vector<Dreams>& all) {
  Sheet sheet("What the network would call a 0, a 1, a 2, ... a 9");
  int width = 0;
  for (const Dreams& dreams : all) {
    const Picture strip = strip_of(dreams.images, 3);
    width = strip.width();
    sheet.row(dreams.short_name).add(strip);
  }
  if (width > 0) sheet.row("class").add(class_numbers(width));
  return sheet.picture();
}

// The dreams of the recipes with these names, in the order of `names`.
inline std::vector<Dreams> dreams_named(
    const std::vector<Dreams>& all, const std::vector<std::string>& names) {
  std::vector<Dreams> chosen;
  for (const std::string& name : names)
    for (const Dreams& it : all)
      if (it.name == name) chosen.push_back(it);
  return chosen;
}

// Climbs that began at one digit, as pictures of a few of their steps.
inline Picture climbed_digit_figure(const std::vector<Strip>& strips,
                                    int label) {
  Sheet sheet(
      format("A %d climbs: steps, and the logit of %d", label, label));
  for (const Strip& strip : strips) {
    sheet.row(strip.name);
    for (std::size_t i = 0; i < strip.pictures.size(); ++i)
      sheet.add(grey_tile(in_shades(strip.pictures[i]), 4),
                format("%d\n%.1f", strip.steps[i],
                       static_cast<double>(strip.logits[i])));
  }
  return sheet.picture();
}

// The ten pictures after a step: one frame of the film.
// images (10, 1, 28, 28), probabilities (10, 10)
inline Picture dream_frame(int step, const Tensor<>& images,
                           const Tensor<>& probabilities) {
  Sheet sheet(format("Ten pictures climb: step %3d", step));
  for (int k = 0; k < images.extent(0); ++k) {
    if (k == 5) sheet.row();
    sheet.add(grey_tile(in_shades(picture_of(images, k)), 3),
              format("%d\n%.1f %%", k,
                     100 * static_cast<double>(probabilities(k, k))));
  }
  return sheet.picture();
}

// The climb for one class with several settings.
inline Picture filmstrip_figure(const std::vector<Strip>& strips,
                                int wanted) {
  Sheet sheet(format(
      "From noise to a %d: steps, and how sure the network is", wanted));
  for (const Strip& strip : strips) {
    sheet.row(strip.name);
    for (std::size_t i = 0; i < strip.pictures.size(); ++i)
      sheet.add(grey_tile(in_shades(strip.pictures[i]), 2),
                format("%d\n%.1f %%", strip.steps[i],
                       100 * static_cast<double>(strip.probabilities[i])));
  }
  return sheet.picture();
}

// ---- Hidden filters ----------------------------------------------------

// A row of small pictures (H, W) with their captions, or with none.
struct PictureRow {
  std::string title;
  std::vector<Tensor<>> pictures;
  std::vector<std::string> captions;
  bool diverging = false;  // true: blue below 0, vermilion above; else grey
};

inline Picture rows_figure(const std::string& title,
                           const std::vector<PictureRow>& rows, int scale,
                           std::size_t across) {
  Sheet sheet(title);
  float range = 0;
  for (const PictureRow& row : rows)
    for (const Tensor<>& picture : row.pictures)
      if (row.diverging)
        range = std::max(range, largest_magnitude(picture));
  // Rows longer than `across` continue below, all of them together.
  for (std::size_t begin = 0; begin < rows[0].pictures.size();
       begin += across)
    for (const PictureRow& row : rows) {
      sheet.row(row.title);
      for (std::size_t i = begin;
           i < std::min(begin + across, row.pictures.size()); ++i) {
        const bool first = &row == &rows[0];  // the one with column numbers
        std::string caption = first ? std::to_string(i + 1) : "";
        if (!row.captions.empty())
          caption += (first ? "\n" : "") + row.captions[i];
        sheet.add(row.diverging
                      ? diverging_tile(row.pictures[i], scale, range)
                      : grey_tile(row.pictures[i], scale),
                  caption);
      }
    }
  if (range > 0) sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// ---- Fooling -----------------------------------------------------------

// The size of a step as text: "never" if it is infinite, because no step
// changes the answer.
inline std::string size_text(double size) {
  return std::isfinite(size) ? format("%.3f", size) : "never";
}

inline Picture fooling_figure(const std::vector<Fooled>& cases) {
  Sheet sheet("The smallest step that changes the answer, and twice that");
  const auto text = [](int digit, float sure) {
    return format("%d\n%.1f %%", digit, 100 * static_cast<double>(sure));
  };
  float range = 0;  // a step that never changes the answer is off the scale
  for (const Fooled& it : cases)
    if (std::isfinite(it.size)) range = std::max(range, it.size);
  if (range == 0) range = 1;
  sheet.row("digit");
  for (const Fooled& it : cases)
    sheet.add(grey_tile(it.before, 3), text(it.said, it.sure));
  sheet.row("step");
  for (const Fooled& it : cases) {
    Tensor<> change = it.after;
    add(change, it.before, -1);
    sheet.add(diverging_tile(change, 3, range),
              size_text(static_cast<double>(it.size)));
  }
  sheet.row("after");
  for (const Fooled& it : cases)
    sheet.add(grey_tile(it.after, 3), text(it.says, it.sure_after));
  sheet.row("twice");
  for (const Fooled& it : cases)
    sheet.add(grey_tile(it.after_twice, 3),
              text(it.says_twice, it.sure_twice));
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// The shares of digits that are still read right after steps of several
// sizes.
inline std::string fooling_curves(const StepCurves& all) {
  LinePlot plot;
  plot.title = "Held-out digits after a step of one size for every pixel";
  plot.x_label = "size of the step (black is 0, white is 1)";
  plot.y_label = "digits read right (%)";
  plot.series = {{"random signs", all.sizes, in_percent(all.random), false},
                 {"witness", all.sizes, in_percent(all.witness), false},
                 {"gradient", all.sizes, in_percent(all.gradient), false}};
  plot.y_min = 0;
  plot.y_max = 100;
  plot.reference = std::pair{10.0, std::string("chance")};
  return plot.svg();
}

// ---- Morphing ----------------------------------------------------------

// The places of `wanted` pictures, 2 or more, among `count`: evenly spread
// from the first to the last.
inline std::vector<std::size_t> places_on(std::size_t count,
                                          std::size_t wanted) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < wanted; ++i)
    chosen.push_back(i * (count - 1) / (wanted - 1));
  return chosen;
}

inline Picture morphing_figure(const Morph& it) {
  Sheet sheet(format("From %d to %d: how far, percent %d / percent %d",
                     it.from, it.towards, it.from, it.towards));
  for (const Way* way : {&it.straight, &it.gradient}) {
    sheet.row(way == &it.straight ? "straight" : "gradient");
    for (const std::size_t i : places_on(way->pictures.size(), 7))
      sheet.add(grey_tile(picture_of(way->pictures[i], 0), 2),
                format("%.2f\n%.0f/%.0f", way->distances[i],
                       100 * way->from[i], 100 * way->towards[i]));
  }
  return sheet.picture();
}

// The probability of the second class along both ways.
inline std::string morphing_curves(const Morph& it) {
  LinePlot plot;
  plot.title = format("From %d to %d: when does the answer turn?", it.from,
                      it.towards);
  plot.x_label = "root mean square change of the pixels";
  plot.y_label = format("probability of the %d (%%)", it.towards);
  plot.series = {{"gradient", it.gradient.distances,
                  in_percent(it.gradient.towards), false},
                 {"straight", it.straight.distances,
                  in_percent(it.straight.towards), false}};
  plot.x_min = 0;
  plot.y_min = 0;
  plot.y_max = 100;
  plot.height = 320;
  return plot.svg();
}

}  // namespace cnn
