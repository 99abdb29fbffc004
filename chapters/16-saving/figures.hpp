// Draws chapter 16's figures.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "06-training/figures.hpp"
#include "16-saving/bit_flips.hpp"
#include "16-saving/file_fields.hpp"
#include "16-saving/killed_run.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- A file as coloured hexadecimal ------------------------------------

// Where byte number `at` is drawn, in pixels; y is 0 in the first row.
struct HexGrid {
  static constexpr int per_row = 16, pitch = 32, row = 26, left = 80,
                       text_left = left + per_row * pitch + 14;
  static constexpr int letter = Picture::letter_width * Picture::page_scale;

  static int x(std::size_t at) {
    return left + static_cast<int>(at % per_row) * pitch;
  }
  static int y(std::size_t at) {
    return static_cast<int>(at / per_row) * row;
  }
};

// Eight colours, and then the same again, paler.
inline Colour field_colour(std::size_t field) {
  static constexpr std::array all = {colours::vermilion, colours::sky_blue,
                                     colours::yellow,    colours::orange,
                                     colours::faint,     colours::green,
                                     colours::purple,    colours::blue};
  const Colour colour = all[field % all.size()];
  return field < all.size() ? colour : tint(colour, 0.4f);
}

// Draws byte number `at`: its two hexadecimal digits and, on the right, its
// letter. `begins`: a field begins here. `top`: the y of the first row.
inline void draw_byte(Picture& picture, char byte, std::size_t at,
                      Colour colour, bool begins, int top) {
  const int scale = Picture::page_scale;
  const int x = HexGrid::x(at), y = top + HexGrid::y(at);
  picture.fill_rectangle(x, y, HexGrid::pitch, HexGrid::row - 2, colour);
  if (begins)
    picture.fill_rectangle(x, y, 3, HexGrid::row - 2, colours::ink);
  const Colour ink = text_colour_on(colour);
  picture.text(x + 6, y + 5, hex_of(byte), ink, scale);
  const int letter =
      HexGrid::text_left +
      static_cast<int>(at % HexGrid::per_row) * HexGrid::letter;
  picture.fill_rectangle(letter, y, HexGrid::letter, HexGrid::row - 2,
                         colour);
  const bool printable = byte >= ' ' && byte <= '~';
  picture.text(letter + 1, y + 5, std::string(1, printable ? byte : '.'),
               ink, scale);
}

// A whole file, 16 bytes to a row. Each field has a colour and a line in
// the legend, and a bar marks where it begins.
inline Picture hex_figure(const std::string& bytes,
                          const std::vector<FileField>& fields) {
  const int scale = Picture::page_scale, top = 30;
  const int rows = static_cast<int>((bytes.size() + 15) / 16);
  const int legend = top + rows * HexGrid::row + 16;
  Picture picture(
      HexGrid::text_left + HexGrid::per_row * HexGrid::letter + 8,
      legend + static_cast<int>(fields.size()) * 26 + 4);
  picture.text(10, 5, "byte", colours::ink, scale);
  picture.text(HexGrid::left, 5, "in hexadecimal", colours::ink, scale);
  picture.text(HexGrid::text_left, 5, "as text", colours::ink, scale);
  for (std::size_t at = 0; at < bytes.size(); at += HexGrid::per_row)
    picture.text(10, top + HexGrid::y(at) + 5,
                 format("%4d", static_cast<int>(at)), colours::ink, scale);
  int y = legend;
  for (std::size_t f = 0; f < fields.size(); ++f, y += 26) {
    const FileField& field = fields[f];
    for (std::size_t at = field.begin; at < field.end; ++at)
      draw_byte(picture, bytes[at], at, field_colour(f), at == field.begin,
                top);
    picture.fill_rectangle(10, y, 54, 20, field_colour(f));
    picture.fill_rectangle(10, y, 3, 20, colours::ink);
    picture.text(HexGrid::left, y + 3,
                 format("%3d to %3d  ", static_cast<int>(field.begin),
                        static_cast<int>(field.end) - 1) +
                     field.meaning,
                 colours::ink, scale);
  }
  return picture;
}

// ---- A killed run ------------------------------------------------------

// One value of the steps, as running means over `window` steps.
inline Series step_series(const std::string& label,
                          const std::vector<TrainingStep>& steps,
                          double TrainingStep::*value, std::size_t window) {
  Series series{label, {}, {}, false};
  for (const TrainingStep& step : steps) {
    series.x.push_back(step.step);
    series.y.push_back(step.*value);
  }
  series.y = running_mean(series.y, window);
  return series;
}

// Three runs: one that was not killed, and two that went on with the
// weights alone, killed once and killed after every epoch.
inline LinePlot killed_plot(const KilledRun& run,
                            double TrainingStep::*value,
                            std::size_t window) {
  LinePlot plot;
  plot.x_label = "steps";
  plot.series = {step_series("not killed", run.whole, value, window)};
  for (const Ending& ending : run.endings) {
    if (ending.kept == "the weights alone")
      plot.series.push_back(
          step_series("killed once", ending.steps, value, window));
    if (ending.kept == "each epoch: the weights alone")
      plot.series.push_back(
          step_series("killed each epoch", ending.steps, value, window));
  }
  return plot;
}

inline std::string rates_figure(const KilledRun& run) {
  LinePlot plot = killed_plot(run, &TrainingStep::learning_rate, 1);
  plot.title = "Learning rates: a killed run keeps only its weights";
  plot.y_label = "learning rate";
  plot.y_min = 0;
  return plot.svg();
}

inline std::string killed_losses_figure(const KilledRun& run) {
  LinePlot plot = killed_plot(run, &TrainingStep::loss, 25);
  plot.title = "Losses: a killed run keeps only its weights";
  plot.y_label = "training loss, mean of 25 steps (nats)";
  plot.log_y = true;
  return plot.svg();
}

// ---- A flipped bit -----------------------------------------------------

// A tile for each bit, in a row for each byte: the least lead that the
// answer keeps when this bit is flipped, or "lost" if a flip changed the
// answer. image (H, W)
inline Picture bits_figure(const Tensor<>& image,
                           const std::vector<BitFlips>& flips) {
  constexpr int cell = 56;
  float range = 1;
  for (const BitFlips& it : flips)
    if (it.other == 0) range = std::max(range, it.least_lead);
  Sheet sheet("One bit flipped: the least lead that the answer keeps");
  sheet.row("the digit").add(grey_tile(image, 2));
  for (int bit = static_cast<int>(flips.size()) - 1; bit >= 0; --bit) {
    const BitFlips& it = flips[static_cast<std::size_t>(bit)];
    if (bit % 8 == 7) sheet.row(format("bits %d to %d", bit, bit - 7));
    const bool lost = it.other > 0;
    sheet.add(
        lost ? Picture(cell, cell, colours::purple)
             : number_tile(Tensor<>({1, 1}, it.least_lead), cell, range, 1),
        lost        ? "lost"
        : bit == 31 ? "sign"
                    : "");
  }
  return sheet.picture();
}

}  // namespace cnn
