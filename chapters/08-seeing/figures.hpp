// Draws chapter 08's figures.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "06-training/figures.hpp"
#include "08-seeing/covering.hpp"
#include "08-seeing/digit_maps.hpp"
#include "08-seeing/field_check.hpp"
#include "08-seeing/hidden_space.hpp"
#include "08-seeing/recorder.hpp"
#include "08-seeing/strangers.hpp"
#include "08-seeing/strongest.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Equally wide for all steps up to 9999, so that the pictures of a film do
// not jump.
inline std::string step_text(int step) {
  return format("after step %4d", step);
}

// The largest magnitude of one parameter's weights in any snapshot.
inline float largest_of_all(const std::vector<Snapshot>& snapshots,
                            std::size_t parameter) {
  float largest = 0;
  for (const Snapshot& it : snapshots)
    largest = std::max(largest, largest_magnitude(it.values[parameter]));
  return largest;
}

// ---- Filters -----------------------------------------------------------

// All kernels of the first layer in one row.
inline Picture first_filters_frame(const Snapshot& snapshot, float range) {
  Sheet sheet("First layer, " + step_text(snapshot.step));
  const Tensor<>& weight = snapshot.values[0];
  for (int co = 0; co < weight.extent(0); ++co)
    sheet.add(diverging_tile(filter(weight, co, 0), 14, range),
              std::to_string(co + 1));
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// A map in 6 shades on each side of 0, so that the file of a film of many
// maps stays small.
inline Picture map_tile(const Tensor<>& map, int scale, float range) {
  Tensor<> shades = map;
  for (float& number : shades.data())
    number = std::round(6 * number / range) / 6;
  return diverging_tile(shades, scale, 1);
}

// The kernels of one filter of a layer with several input channels.
inline Picture kernel_block(const Tensor<>& weight, int co, int scale,
                            float range) {
  const int C = weight.extent(1), K = weight.extent(2);
  const int side = K * scale + 2, columns = (C + 1) / 2;
  Picture block(columns * side - 2, 2 * side - 2, colours::faint);
  for (int ci = 0; ci < C; ++ci)
    block.paste(map_tile(filter(weight, co, ci), scale, range),
                ci % columns * side, ci / columns * side);
  return block;
}

inline Picture second_filters_frame(const Snapshot& snapshot, float range) {
  Sheet sheet("Second layer, " + step_text(snapshot.step));
  const Tensor<>& weight = snapshot.values[2];
  for (int co = 0; co < weight.extent(0); ++co) {
    if (co > 0 && co % 4 == 0) sheet.row();
    sheet.add(kernel_block(weight, co, 6, range), std::to_string(co + 1));
  }
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

inline Picture first_filters_strip(const std::vector<Snapshot>& snapshots,
                                   float range) {
  Sheet sheet("The eight filters of the first layer at seven moments");
  for (const Snapshot& it : snapshots) {
    sheet.row(step_text(it.step));
    for (int co = 0; co < it.values[0].extent(0); ++co)
      sheet.add(
          diverging_tile(filter(it.values[0], co, 0), 10, range),
          it.step == snapshots.back().step ? std::to_string(co + 1) : "");
  }
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// Four filters of the second layer.
inline Picture second_filters_strip(const std::vector<Snapshot>& snapshots,
                                    float range) {
  Sheet sheet("Filters 1 to 4 of the second layer, 8 squares each");
  for (const Snapshot& it : snapshots) {
    sheet.row(step_text(it.step));
    for (int co = 0; co < 4; ++co)
      sheet.add(kernel_block(it.values[2], co, 7, range));
  }
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// ---- Feature maps ------------------------------------------------------

inline const std::array<const char*, 6> map_layers = {
    "conv1", "relu1", "maxpool1", "conv2", "relu2", "maxpool2"};

// One digit on its way through the network: the first 8 maps of each layer.
// outputs: (1, C, H, W) of each layer
inline Picture maps_frame(const std::vector<Tensor<>>& outputs, int step) {
  Sheet sheet("One digit on its way, " + step_text(step));
  for (std::size_t i = 0; i < map_layers.size(); ++i) {
    const Tensor<>& output = outputs.at(i);
    const float range = largest_magnitude(output);
    const int side = output.extent(2);
    sheet.row(format("%s\n%d x %d\n\u00b1%4.1f", map_layers[i], side, side,
                     static_cast<double>(range)));
    for (int c = 0; c < 8; ++c)
      sheet.add(map_tile(feature_map(output, c), 56 / side, range));
  }
  return sheet.picture();
}

// All maps (1, C, H, W) of one layer in a row of `width` pixels.
inline Picture maps_row(const Tensor<>& output, int width) {
  const float range = largest_magnitude(output);
  const int C = output.extent(1), side = output.extent(2);
  const int gap = 4, scale = ((width + gap) / C - gap) / side;
  const int pitch = (width + gap) / C;
  Picture row(width, side * scale, colours::faint);
  for (int c = 0; c < C; ++c)
    row.paste(map_tile(feature_map(output, c), scale, range), c * pitch, 0);
  return row;
}

// The outputs of both pooling layers for some digits (H, W), each at some
// moments.
inline Picture maps_figure(
    const std::vector<std::pair<Tensor<>, Seen>>& digits) {
  Sheet sheet(
      "What the two pools let through: 8 maps, and under them 16;\n"
      "beside each row the largest number in it");
  for (const auto& [digit, seen] : digits) {
    sheet.row("the digit").add(grey_tile(digit, 3));
    for (const auto& [step, outputs] : seen)
      for (const std::size_t layer : {2u, 5u}) {
        const Tensor<>& output = outputs.at(layer);
        sheet
            .row((layer == 2 ? step_text(step) + "\n" : std::string()) +
                 format("%.1f",
                        static_cast<double>(largest_magnitude(output))))
            .add(maps_row(output, 636));
      }
  }
  return sheet.picture();
}

// ---- The confusion matrix ----------------------------------------------

// Right answers are blue and wrong ones vermilion, darker for a larger
// share of their row. counts (classes, classes)
inline Picture confusion_map(const Tensor<>& counts) {
  const int classes = counts.extent(0), cell = 42, margin = 24;
  Picture map(margin + classes * cell, margin + classes * cell + 4);
  for (int r = 0; r < classes; ++r) {
    float all = 0;
    for (int k = 0; k < classes; ++k) all += counts(r, k);
    const std::string name = std::to_string(r);
    const int at = r * cell + (cell - 14) / 2;
    map.text(6, at, name, colours::ink, 2);
    map.text(margin + at, classes * cell + 4, name, colours::ink, 2);
    for (int c = 0; c < classes; ++c) {
      const float share = std::sqrt(counts(r, c) / std::max(all, 1.0f));
      const int x = margin + c * cell, y = r * cell;
      const Colour colour = diverging_colour(r == c ? -share : share, 1.0f);
      map.fill_rectangle(x, y, cell - 1, cell - 1, colour);
      if (counts(r, c) == 0) continue;
      const std::string text =
          format("%.0f", static_cast<double>(counts(r, c)));
      map.text(x + (cell - Picture::text_width(text, 2)) / 2,
               y + (cell - 14) / 2, text, text_colour_on(colour), 2);
    }
  }
  return map;
}

inline std::string confusion_caption(int step, double accuracy) {
  return step_text(step) + format(": %5.1f %% right", 100 * accuracy);
}

// ---- What a filter looks for -------------------------------------------

inline Tensor<> image_of(const Dataset& data, const Answer& answer) {
  return picture_of(data.images, answer.image);
}

// A row for each filter: its kernel, if it has only one, and the patches
// that excite it most. weight (C_out, C_in, K, K)
inline Picture patches_figure(
    const Tensor<>& weight, const Dataset& data,
    const std::vector<std::vector<Answer>>& answers,
    const ReceptiveField& field, int scale, const std::string& layer) {
  const bool one_kernel = weight.extent(1) == 1;
  const float range = largest_magnitude(weight);
  Sheet sheet(layer + ": the nine patches that excite each filter most");
  for (std::size_t c = 0; c < answers.size(); ++c) {
    sheet.row(std::to_string(c + 1));
    if (one_kernel)
      sheet.add(diverging_tile(filter(weight, static_cast<int>(c), 0),
                               scale, range));
    for (const Answer& it : answers[c])
      sheet.add(grey_tile(seen_patch(image_of(data, it), field, it.y, it.x),
                          scale));
  }
  return sheet.picture();
}

// The digit (H, W) once for each of four layers, with a frame around what
// the centre cell of the layer's maps sees.
inline Picture fields_figure(const Tensor<>& digit,
                             const std::vector<LayerField>& fields) {
  const int scale = 6;
  Sheet sheet("What one cell in the middle of each map sees of the digit");
  for (const std::size_t layer : {0u, 2u, 3u, 5u}) {
    Picture tile = grey_tile(digit, scale);
    const ReceptiveField& field = fields.at(layer).field;
    const int at = field.begin(fields.at(layer).side / 2) * scale;
    for (int i = 0; i < 2; ++i)
      tile.outline_rectangle(at - i, at - i, field.size * scale + 2 * i,
                             field.size * scale + 2 * i, colours::orange,
                             2);
    sheet.add(tile, format("%s:\n%d x %d pixels", map_layers[layer],
                           field.size, field.size));
  }
  return sheet.picture();
}

// ---- Occlusion ---------------------------------------------------------

// Colours each pixel by its probability, vermilion at 0, white at 0.5 and
// blue at 1, and darkens it where the digit has ink.
// digit, probability (H, W)
inline Picture heat_tile(const Tensor<>& digit, const Tensor<>& probability,
                         int scale) {
  const int H = digit.extent(0), W = digit.extent(1);
  Tensor<> picture({3, H, W});
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      const Colour heat = diverging_colour(0.5f - probability(y, x), 0.5f);
      const float light = (1 - 0.65f * digit(y, x)) / 255;
      picture(0, y, x) = light * static_cast<float>(heat.red);
      picture(1, y, x) = light * static_cast<float>(heat.green);
      picture(2, y, x) = light * static_cast<float>(heat.blue);
    }
  return rgb_tile(picture, scale);
}

// The colour bar that explains heat_tile().
inline Picture heat_scale(int width) {
  return colour_scale("0", "0.5", "1", width, [](float value) {
    return diverging_colour(-value, 1.0f);
  });
}

// Right answers above, wrong ones below. images (N, 1, H, W)
inline Picture occlusion_figure(const Tensor<>& images,
                                const CoveredDigits& all,
                                const std::string& name) {
  Sheet sheet("The probability of the right answer when a " + name +
              " square covers this place");
  for (const auto* kind : {&all.right, &all.wrong}) {
    if (kind == &all.wrong) sheet.row();
    for (const Covered& it : *kind)
      sheet.add(heat_tile(picture_of(images, it.image),
                          mean_of_squares(it.map, square), 5),
                format("is %d, said %d\np of %d: %.2f", it.truth, it.said,
                       it.truth, static_cast<double>(it.whole)));
  }
  sheet.footer(heat_scale(320));
  return sheet.picture();
}

// One digit (H, W), and what squares of several greys do to its answer.
inline Picture covered_digit_figure(
    const Tensor<>& digit,
    const std::vector<std::pair<std::string, Covered>>& squares) {
  Sheet sheet("Where a square takes the right answer away");
  sheet.add(grey_tile(digit, 6), "the digit");
  for (const auto& [name, it] : squares)
    sheet.add(heat_tile(digit, mean_of_squares(it.map, square), 6),
              name + format(" square,\np of %d", it.truth));
  sheet.footer(heat_scale(320));
  return sheet.picture();
}

// ---- The hidden space --------------------------------------------------

// Each image as the numeral of its class, coloured by class, at its place.
// places (N, 2)
inline Picture scatter(const Tensor<>& places,
                       const std::vector<int>& labels, int side) {
  // Thin numerals on white: the pale colours of the palette are darker
  // here.
  const std::array<Colour, 10> palette = {
      colours::black,     Colour{143, 98, 0},   Colour{28, 118, 171},
      colours::green,     Colour{84, 60, 170},  colours::blue,
      colours::vermilion, Colour{163, 69, 123}, Colour{120, 120, 120},
      Colour{120, 60, 20}};
  Picture picture(side, side);
  picture.outline_rectangle(0, 0, side, side, colours::faint);
  std::array<float, 2> low{}, high{};
  for (int n = 0; n < places.extent(0); ++n)
    for (int k = 0; k < 2; ++k) {
      float& least = low[static_cast<std::size_t>(k)];
      float& most = high[static_cast<std::size_t>(k)];
      least = n == 0 ? places(n, k) : std::min(least, places(n, k));
      most = n == 0 ? places(n, k) : std::max(most, places(n, k));
    }
  const float reach = std::max(high[0] - low[0], high[1] - low[1]);
  for (int n = 0; n < places.extent(0); ++n) {
    const auto place = [&](int k) {
      const auto at = static_cast<std::size_t>(k);
      const float middle = (low[at] + high[at]) / 2;
      return static_cast<int>(std::lround(
          (places(n, k) - middle) / reach * static_cast<float>(side - 24) +
          static_cast<float>(side) / 2));
    };
    const int label = labels[static_cast<std::size_t>(n)];
    picture.text(place(0) - 5, side - place(1) - 7, std::to_string(label),
                 palette[static_cast<std::size_t>(label)], 2);
  }
  return picture;
}

// The first 200 digits at each moment, with two moments side by side.
inline Picture hidden_space_figure(const std::vector<HiddenSpace>& all,
                                   const std::vector<int>& labels) {
  Sheet sheet(
      "The numbers before the last layer, in their two main "
      "directions");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Tensor<double>& places = all[i].places;
    Tensor<> some({std::min(200, places.extent(0)), 2});
    for (int n = 0; n < some.extent(0); ++n)
      for (int k = 0; k < 2; ++k)
        some(n, k) = static_cast<float>(places(n, k));
    if (i > 0 && i % 2 == 0) sheet.row();
    sheet.add(scatter(some, labels, 480), step_text(all[i].step));
  }
  return sheet.picture();
}

// ---- Strangers ------------------------------------------------------

// A letter of 5 x 7 points, magnified by 3, white on black and centred.
// -> (28, 28)
inline Tensor<> letter_image(const std::string& letter) {
  Picture picture(28, 28);
  picture.text(6, 0, letter, colours::black, 3);
  int top = 28, bottom = 0;
  for (int y = 0; y < 28; ++y)
    for (int x = 0; x < 28; ++x)
      if (picture.at(x, y) == colours::black)
        top = std::min(top, y), bottom = y + 1;
  const int down = (28 - (bottom - top)) / 2 - top;
  Tensor<> image({28, 28});
  for (int y = std::max(0, -down); y < bottom; ++y)
    for (int x = 0; x < 28; ++x)
      image(y + down, x) = picture.at(x, y) == colours::black ? 1.0f : 0.0f;
  return image;
}

inline Picture strangers_figure(const std::vector<Stranger>& all) {
  Sheet sheet("Not quite digits, and what the network says");
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == 5) sheet.row();
    const double share = static_cast<double>(all[i].opinion.probability);
    sheet.add(grey_tile(all[i].image, 4),
              all[i].name + format("\nsays %d\n", all[i].opinion.said) +
                  percent(share));
  }
  return sheet.picture();
}

// ---- Curves ------------------------------------------------------------

inline std::string over_steps(const std::string& title,
                              const std::string& y_label,
                              const std::vector<Series>& series) {
  LinePlot plot;
  plot.title = title;
  plot.x_label = "steps (the start is drawn at 0.5)";
  plot.y_label = y_label;
  plot.log_x = true;
  plot.series = series;
  return plot.svg();
}

// How shares[moment][bin] change: a column for each moment. The bins begin
// at `low` and are `width` wide; the first and the last hold all beyond.
inline std::string histogram_figure(
    const std::string& title, const std::vector<int>& steps,
    const std::vector<std::vector<double>>& shares, float low,
    float width) {
  HeatMap map;
  map.title = title;
  map.x_label = "step";
  map.y_label = "activation: middle of the interval";
  const auto bins = static_cast<int>(shares[0].size());
  map.values = Tensor<>({bins, static_cast<int>(steps.size())});
  for (int b = bins - 1; b >= 0; --b) {
    const double begin = low + width * static_cast<float>(b),
                 end = begin + width;
    map.row_names.push_back(b == bins - 1 ? format("%g and up", begin)
                            : b == 0      ? format("%g and down", end)
                                     : format("%.1f", (begin + end) / 2));
  }
  for (std::size_t s = 0; s < steps.size(); ++s) {
    map.column_names.push_back(std::to_string(steps[s]));
    for (int b = 0; b < bins; ++b)
      map.values(bins - 1 - b, static_cast<int>(s)) =
          static_cast<float>(100 * shares[s][static_cast<std::size_t>(b)]);
  }
  map.width = 640;
  return map.svg();
}

}  // namespace cnn
