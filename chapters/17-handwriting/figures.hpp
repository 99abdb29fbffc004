// Draws chapter 17's figures.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "17-handwriting/changes.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/letters.hpp"
#include "17-handwriting/moves.hpp"
#include "17-handwriting/placing.hpp"
#include "17-handwriting/reading.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/utf8.hpp"

namespace cnn {

// ---- Moves -------------------------------------------------------------

inline std::string island_figure(const MoveMaps& maps, bool put_back) {
  HeatMap map;
  map.title = put_back
                  ? "Digits read correctly, moved and then recentred (%)"
                  : "Digits read correctly after each move (%)";
  map.x_label = "pixels to the right";
  map.y_label = "pixels down";
  map.values = put_back ? maps.put_back : maps.moved;
  for (float& share : map.values.data()) share *= 100;
  for (int pixels = -maps.most; pixels <= maps.most; ++pixels) {
    map.column_names.push_back(std::to_string(pixels));
    map.row_names.push_back(std::to_string(pixels));
  }
  map.width = 640;
  map.height = 600;
  return map.svg();
}

// A picture (28, 28), and under it a bar from 0 to 1 for the probability of
// each class, with the true class in blue. p (1, classes). If the numbers
// under the bars would run together, every second one stands lower.
inline Picture with_bars(const Tensor<>& picture, const Tensor<>& p,
                         int truth, int scale) {
  const int side = 28 * scale, high = 16 * scale;
  const int letters = Picture::page_scale * Picture::letter_height;
  const int classes = p.extent(1), bottom = side + 8 + high;
  const bool crowded =
      side < 2 * classes * Picture::page_scale * Picture::letter_width;
  Picture panel(side, bottom + 6 + (crowded ? 2 * letters : letters));
  panel.paste(grey_tile(picture, scale), 0, 0);
  for (int k = 0; k < classes; ++k) {
    const int left = k * side / classes, right = (k + 1) * side / classes;
    const int bar =
        static_cast<int>(std::lround(static_cast<double>(p(0, k)) * high));
    panel.fill_rectangle(left + 1, bottom - bar, right - left - 2, bar,
                         k == truth ? colours::blue : colours::vermilion);
    const int lower = crowded && k % 2 == 1 ? letters : 0;
    panel.centred_text((left + right) / 2, bottom + 6 + lower,
                       std::to_string(k), colours::ink,
                       Picture::page_scale);
  }
  panel.fill_rectangle(0, bottom, side, 2, colours::ink);
  return panel;
}

inline std::string walk_text(int pixels) {
  if (pixels == 0) return "as it is";
  const int by = std::abs(pixels);
  return format(pixels > 0 ? "%d right, %d down" : "%d left, %d up", by,
                by);
}

// One frame of the film of a walk.
inline Picture walk_frame(const WalkStep& now, int truth) {
  Sheet sheet(format("A %d moves right and down: %s", truth,
                     walk_text(now.pixels).c_str()));
  sheet.add(with_bars(now.moved, now.p_moved, truth, 9), "as it stands");
  sheet.add(with_bars(now.put_back, now.p_put_back, truth, 9), "recentred");
  return sheet.picture();
}

inline Picture walk_strip(const std::vector<WalkStep>& walk, int truth) {
  Sheet sheet(format("A %d moves right and down", truth));
  for (const bool put_back : {false, true}) {
    sheet.row(put_back ? "recentred" : "as it stands");
    for (std::size_t i = 0; i < walk.size(); i += 2) {
      const Tensor<>& p = put_back ? walk[i].p_put_back : walk[i].p_moved;
      sheet.add(with_bars(put_back ? walk[i].put_back : walk[i].moved, p,
                          truth, 4),
                (put_back ? "" : walk_text(walk[i].pixels) + "\n") +
                    format("read as %d", predictions(p)[0]));
    }
  }
  return sheet.picture();
}

// The digit that the book follows: where it stands, moved, and put back.
inline Picture story_picture(const std::vector<WalkStep>& walk) {
  Sheet sheet("One digit: moved right and down, and at last put back");
  const auto add = [&](const Tensor<>& picture, const Tensor<>& p,
                       const std::string& place) {
    const int said = predictions(p)[0];
    sheet.add(grey_tile(picture, 4),
              place + "\n" +
                  format("%d, %.1f %%", said,
                         100 * static_cast<double>(p(0, said))));
  };
  for (const WalkStep& now : walk)
    if (now.pixels >= 0)
      add(now.moved, now.p_moved,
          now.pixels == 0 ? "as it stands"
                          : format("%d and %d", now.pixels, now.pixels));
  add(walk.back().put_back, walk.back().p_put_back, "put back");
  return sheet.picture();
}

// ---- MNIST's rule ------------------------------------------------------

// The ink's box with a square on its middle, and a cross at the centre of
// mass.
inline Picture rule_tile(const Tensor<>& digit, int scale) {
  Picture tile = grey_tile(digit, scale);
  const Box box = ink_box(digit).value();
  const Point centre = centre_of_mass(digit).value();
  tile.outline_rectangle(box.left * scale, box.top * scale,
                         box.width() * scale, box.height() * scale,
                         colours::orange, 2);
  const auto pixel = [&](double place) {
    return static_cast<int>(std::lround(place * scale));
  };
  tile.fill_rectangle(pixel(0.5 * (box.left + box.right)) - 4,
                      pixel(0.5 * (box.top + box.bottom)) - 4, 9, 9,
                      colours::orange);
  const int y = pixel(centre.y), x = pixel(centre.x);
  tile.fill_rectangle(x - 8, y - 1, 17, 3, colours::sky_blue);
  tile.fill_rectangle(x - 1, y - 8, 3, 17, colours::sky_blue);
  return tile;
}

inline Picture rule_figure(const Dataset& digits) {
  Sheet sheet("The ink's box and its centre of mass (row, column)");
  for (const int label : {2, 4, 6, 7}) {
    const Tensor<> digit = first_of_class(digits, label);
    if (!ink_box(digit)) continue;
    const Box box = ink_box(digit).value();
    const Point centre = centre_of_mass(digit).value();
    sheet.add(rule_tile(digit, 6),
              format("box %.2f, %.2f\nmass %.2f, %.2f",
                     0.5 * (box.top + box.bottom),
                     0.5 * (box.left + box.right), centre.y, centre.x));
  }
  return sheet.picture();
}

// ---- Changes -----------------------------------------------------------

// One digit after a change, with what the change costs all digits.
struct ShownChange {
  Tensor<> picture;
  ChangeCost cost;
};
struct ShownChanges {
  std::string title;
  std::vector<ShownChange> changes;
};

// Each kind of change in rows of its own, with at most `across` pictures in
// each row.
inline Picture changes_figure(const std::string& title,
                              const std::vector<ShownChanges>& kinds,
                              std::size_t across) {
  Sheet sheet(title);
  for (const ShownChanges& kind : kinds)
    for (std::size_t i = 0; i < kind.changes.size(); ++i) {
      if (i % across == 0) sheet.row(i == 0 ? kind.title : "");
      const ShownChange& it = kind.changes[i];
      sheet.add(grey_tile(it.picture, 3),
                it.cost.name + "\n" + percent(it.cost.mean(), 1));
    }
  return sheet.picture();
}

// ---- Photographs -------------------------------------------------------

// The size of a tile, in pixels.
struct TileSize {
  int width, height;
};
// How large a station is drawn. Only a picture more than four times as high
// as wide is narrower.
inline constexpr TileSize station_size = {250, 1000};

// How many of the tile's pixels make one of a picture's, whose shape is
// kept, if the tile is to be as large as `most` allows.
inline double tile_scale(int rows, int columns, TileSize most) {
  return std::min(static_cast<double>(most.width) / columns,
                  static_cast<double>(most.height) / rows);
}
inline int tile_pixels(int pixels, double scale) {
  return std::max(1, static_cast<int>(std::lround(pixels * scale)));
}

// A station's picture at its size in the figure. If it is of ink, it is
// drawn dark on white.
inline Picture station_tile(const Tensor<>& station, bool is_ink) {
  const int H = station.extent(0), W = station.extent(1);
  const double scale = tile_scale(H, W, station_size);
  Tensor<> tile =
      area_average(station, tile_pixels(H, scale), tile_pixels(W, scale));
  if (is_ink) tile = inverted(tile);
  return grey_tile(tile, 1);
}

// A photograph (3, H, W) of any size as a tile that is as large as `most`
// allows, with a box around each digit.
inline Picture photograph_tile(const Tensor<>& photograph, TileSize most,
                               const std::vector<DigitSeen>& digits) {
  const double scale =
      tile_scale(photograph.extent(1), photograph.extent(2), most);
  const int H = tile_pixels(photograph.extent(1), scale),
            W = tile_pixels(photograph.extent(2), scale);
  Tensor<> small({3, H, W});
  for (int c = 0; c < 3; ++c)
    set_row(small, c, area_average(item(photograph, c), H, W).data());
  Picture tile = rgb_tile(small, 1);
  const auto pixel = [&](int place) {
    return static_cast<int>(std::lround(place * scale));
  };
  for (const DigitSeen& it : digits)
    tile.outline_rectangle(pixel(it.box.left) - 2, pixel(it.box.top) - 2,
                           pixel(it.box.width()) + 4,
                           pixel(it.box.height()) + 4, colours::vermilion,
                           2);
  return tile;
}

inline Tensor<> above_threshold(Tensor<> ink, float threshold) {
  for (float& level : ink.data()) level = level > threshold ? 1.0f : 0.0f;
  return ink;
}

// The crops in rows of eight, with the answers under them. names: of the
// classes
inline Picture crops_picture(const std::vector<DigitSeen>& digits,
                             const ClassNames& names) {
  const int across = 8, side = 84, pitch = 98, high = side + 58;
  const std::size_t letters =
      pitch / (Picture::letter_width * Picture::page_scale);
  const int count = static_cast<int>(digits.size());
  const int columns = std::min(count, across),
            rows = (count + across - 1) / across;
  Picture all(columns * pitch, rows * high);
  for (int n = 0; n < count; ++n) {
    const DigitSeen& it = digits[static_cast<std::size_t>(n)];
    const int left = n % across * pitch, top = n / across * high;
    all.paste(grey_tile(it.crop, 3), left + (pitch - side) / 2, top);
    all.centred_text(left + pitch / 2, top + side + 8,
                     shortened(name_of_class(names, it.answer), letters) +
                         format("\n%.1f %%", 100 * it.probability),
                     colours::ink, Picture::page_scale);
  }
  return all;
}

// All stations of a reading, from the photograph to the answers. names: of
// the reader's classes; empty for the ten digits
inline Picture stations_figure(const std::string& title,
                               const Tensor<>& photograph,
                               const Reading& it,
                               const ClassNames& names = {}) {
  Sheet sheet(title);
  const Stations& at = it.stations;
  sheet.add(photograph_tile(photograph, station_size, {}), "photograph")
      .add(station_tile(at.grey, false), "grey")
      .add(station_tile(at.paper, false), "paper alone");
  sheet.row().add(station_tile(at.ink, true), "ink: 1 - grey / paper");
  if (at.strokes.size() > 0) {
    sheet
        .add(station_tile(above_threshold(at.strokes, at.threshold.value),
                          true),
             "above the threshold")
        .add(photograph_tile(photograph, station_size, it.digits),
             "digits");
  }
  if (!it.digits.empty()) sheet.footer(crops_picture(it.digits, names));
  return sheet.picture();
}

// One photograph, and what was read in it.
struct ReadPhotograph {
  std::string file, label;  // label: what is written there
  Tensor<> photograph;      // (3, H, W)
  Reading reading;

  // The answer, or in a few words why there is none.
  std::string text() const {
    std::string all = reading.refused.substr(0, reading.refused.find(':'));
    for (const std::string& line : reading.lines)
      all += (all.empty() ? "" : " / ") + line;
    return all;
  }
  bool right() const {
    return label.empty() ? !reading.refused.empty() : text() == label;
  }
};

inline Picture photographs_figure(const std::vector<ReadPhotograph>& all) {
  Sheet sheet("What is written, and what is read");
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i % 4 == 0) sheet.row();
    const ReadPhotograph& it = all[i];
    const int width =
        150 * it.photograph.extent(2) / it.photograph.extent(1);
    sheet.add(
        photograph_tile(it.photograph, {std::clamp(width, 1, 170), 150},
                        it.reading.digits),
        (it.label.empty() ? "no digit" : it.label) + "\n" + it.text());
  }
  return sheet.picture();
}

// ---- Letters -----------------------------------------------------------

// The first picture of each letter, in rows of `across`.
inline Picture letters_figure(const Dataset& letters, int across) {
  Sheet sheet("Letters that nobody wrote");
  for (int k = 0; k < letters.classes; ++k) {
    if (k > 0 && k % across == 0) sheet.row();
    sheet.add(grey_tile(first_of_class(letters, k), 2),
              std::string(1, letter_names[static_cast<std::size_t>(k)]));
  }
  return sheet.picture();
}

// ---- Shadows -----------------------------------------------------------

// Otsu's threshold on the grey as it is, and on what is left once the light
// is divided out.
inline Picture shadow_figure(const Tensor<>& photograph,
                             const Stations& at) {
  const auto split = [](const Tensor<>& dark) {
    return station_tile(above_threshold(dark, otsu(dark).value), true);
  };
  Sheet sheet("Otsu's threshold, without and with the paper's light");
  sheet.add(photograph_tile(photograph, station_size, {}), "photograph")
      .add(split(inverted(at.grey)), "split as it is")
      .add(split(at.ink), "divided by the paper, then split");
  return sheet.picture();
}

}  // namespace cnn
