// Draws chapter 18's figures.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "01-tensor/figures.hpp"
#include "02-convolution/pictures.hpp"
#include "18-browser/rounding.hpp"
#include "18-browser/story_cell.hpp"
#include "18-browser/twins.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- Digits that are lost ----------------------------------------------

// The place of a number's first binary digit, which is 0 from 1 to below 2,
// and the place of its last digit that is not 0.
inline int first_place(double number) {
  int exponent = 0;
  std::frexp(number, &exponent);
  return exponent - 1;
}
inline int last_place(double number) {
  int place = first_place(number);
  while (std::fmod(std::ldexp(number, -place), 1.0) != 0) --place;
  return place;
}

// One line of a sum. An exact number may have more than the 24 binary
// digits that a float keeps.
struct SumLine {
  std::string label;
  double exact = 0;
};

// (a + b) + c and a + (b + c), with each sum as it is and as a float keeps
// it.
inline std::vector<SumLine> lines_of(const TwoOrders& it) {
  const double a = it.a, b = it.b, c = it.c;
  const auto left = static_cast<float>(a + b);
  const auto right = static_cast<float>(b + c);
  return {{"a", a},
          {"b", b},
          {"a + b", a + b},
          {"rounded", left},
          {"c", c},
          {"... + c", left + c},
          {"rounded", it.from_the_left()},
          {"", 0},
          {"b", b},
          {"c", c},
          {"b + c", b + c},
          {"rounded", right},
          {"a", a},
          {"a + ...", a + right},
          {"rounded", it.from_the_right()}};
}

// Binary digits in columns of one place each, from the largest place of all
// lines to the smallest. What a float has no room for is on vermilion.
class RoundingPicture {
 public:
  explicit RoundingPicture(std::vector<SumLine> lines)
      : lines_(std::move(lines)), top_(-2000), bottom_(2000) {
    for (const SumLine& line : lines_) {
      if (line.exact == 0) continue;
      top_ = std::max(top_, first_place(line.exact));
      bottom_ = std::min(bottom_, last_place(line.exact));
    }
  }

  Picture drawn() const {
    const int columns = top_ - bottom_ + 1;
    Picture picture(left + columns * cell + 12,
                    12 + static_cast<int>(lines_.size()) * pitch);
    int y = 8;
    for (const SumLine& line : lines_) {
      if (line.exact != 0) draw(picture, line, y);
      y += line.exact != 0 ? pitch : pitch / 2;
    }
    return picture;
  }

 private:
  static constexpr int left = 140, cell = 16, pitch = 26;

  void draw(Picture& picture, const SumLine& line, int y) const {
    picture.text(8, y + 3, line.label, colours::ink, Picture::page_scale);
    picture.text(left - 16, y + 3, line.exact < 0 ? "-" : "", colours::ink,
                 Picture::page_scale);
    const int first = first_place(line.exact);
    const int last = std::min(first - 23, last_place(line.exact));
    const double size = std::abs(line.exact);
    for (int place = first; place >= last; --place) {
      const bool one =
          std::fmod(std::floor(std::ldexp(size, -place)), 2.0) != 0;
      const bool lost = place < first - 23;
      const Colour colour = lost  ? colours::vermilion
                            : one ? colours::sky_blue
                                  : colours::faint;
      const int x = left + (top_ - place) * cell;
      if (place < bottom_) continue;
      picture.fill_rectangle(x, y, cell - 1, pitch - 4, colour);
      picture.text(x + 3, y + 4, one ? "1" : "0", text_colour_on(colour),
                   Picture::page_scale);
    }
  }

  std::vector<SumLine> lines_;
  int top_, bottom_;
};

inline Picture rounding_figure(const TwoOrders& three) {
  return RoundingPicture(lines_of(three)).drawn();
}

// ---- How far apart -----------------------------------------------------

inline Series drift_series(const std::string& label,
                           const std::vector<Apart>& drift) {
  Series series{label, {}, {}, false};
  for (const Apart& now : drift) {
    series.x.push_back(now.step);
    series.y.push_back(now.largest);
  }
  return series;
}

// For each pair the point where its two networks first chose differently.
inline Series choice_series(const std::vector<Twins>& all) {
  Series series{"first different choice", {}, {}, true};
  for (const Twins& twins : all)
    for (const Apart& now : twins.drift)
      if (twins.first_choice > 0 && now.step >= twins.first_choice) {
        series.x.push_back(now.step);
        series.y.push_back(now.largest);
        break;
      }
  return series;
}

// all: pairs of `first_seed` and the seeds after it.
inline std::string drift_figure(const std::vector<Twins>& all,
                                const Twins& linear,
                                std::uint64_t first_seed) {
  LinePlot plot;
  plot.title = "Two networks that add up in opposite orders";
  plot.x_label = "steps";
  plot.y_label = "largest difference of a weight";
  plot.log_x = plot.log_y = true;
  for (std::size_t i = 0; i < all.size(); ++i)
    plot.series.push_back(drift_series(
        "seed " + std::to_string(first_seed + i), all[i].drift));
  plot.series.push_back(
      drift_series("no ReLU or max-pooling", linear.drift));
  plot.series.push_back(choice_series(all));
  return plot.svg();
}

// ---- Which bits agree --------------------------------------------------

struct BitBand {
  int least;  // the fewest shared bits in this band
  Colour colour;
  const char* text;
};
inline constexpr std::array<BitBand, 5> bit_bands = {
    {{32, colours::paper, "all 32 bits agree"},
     {24, colours::sky_blue, "the first 24 to 31"},
     {16, colours::blue, "the first 16 to 23"},
     {9, colours::orange, "the first 9 to 15"},
     {0, colours::black, "8 or fewer"}}};

inline Colour bit_colour(int shared) {
  for (const BitBand& band : bit_bands)
    if (shared >= band.least) return band.colour;
  return colours::black;
}

// Every number of the network as a cell, in rows from the first layer to
// the last; at most the first 20,000 numbers.
inline Picture bits_tile(const Pair& pair) {
  constexpr int columns = 118, scale = 2;
  const int count = std::min(static_cast<int>(pair.one.size()), 20000);
  Picture tile(columns * scale + 2,
               (count + columns - 1) / columns * scale + 2);
  tile.outline_rectangle(0, 0, tile.width(), tile.height(), colours::faint);
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    tile.fill_rectangle(
        1 + i % columns * scale, 1 + i / columns * scale, scale, scale,
        bit_colour(bits_shared(pair.one[at], pair.other[at])));
  }
  return tile;
}

inline Picture bits_legend() {
  const int scale = Picture::page_scale;
  Picture legend(480, static_cast<int>(bit_bands.size()) * 26);
  int y = 0;
  for (const BitBand& band : bit_bands) {
    legend.fill_rectangle(0, y, 40, 20, band.colour);
    legend.outline_rectangle(0, y, 40, 20, colours::faint);
    legend.text(52, y + 3, band.text, colours::ink, scale);
    y += 26;
  }
  return legend;
}

inline Picture bits_figure(const Twins& twins) {
  Sheet sheet;
  for (std::size_t i = 0; i < twins.kept.size(); ++i) {
    if (i % 3 == 0) sheet.row();
    sheet.add(bits_tile(twins.kept[i]),
              "step " + grouped(twins.kept[i].step));
  }
  sheet.footer(bits_legend());
  return sheet.picture();
}

// ---- story.png ---------------------------------------------------------

// The digit with the window of one cell of its first maps, and what the
// layer makes of that window. picture (1, 1, H, W)
inline Picture story_cell_figure(const Tensor<>& picture,
                                 const CellArithmetic& cell) {
  const int K = static_cast<int>(std::lround(std::sqrt(cell.terms.size())));
  const WindowMaps maps = window_maps(cell, K);
  constexpr int scale = 6, large = 33;
  Picture digit = grey_tile(plane(picture), scale);
  const CellPlace corner = cell.terms.front().from;
  frame(digit, corner.y, corner.x, K, scale);
  return Sheet("One number of our digit, bit for bit")
      .add(digit, "the window")
      .add(grey_tile(maps.numbers, large), format("%d pixels", K * K))
      .add(diverging_tile(maps.weights, large,
                          largest_magnitude(maps.weights)),
           "times weights")
      .add(diverging_tile(maps.products, large,
                          largest_magnitude(maps.products)),
           format("%d products\nand bias give\n%.6f\nbits %s", K * K,
                  static_cast<double>(cell.value),
                  bits_text(cell.value).c_str()))
      .picture();
}

}  // namespace cnn
