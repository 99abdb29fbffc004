// Pictures made of pixels: digits, filters and feature maps as tiles, which
// are enlarged with hard edges and put side by side, with captions, on a
// sheet; and films of such pictures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/draw/picture.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Tiles show a map (H, W) with every cell drawn as scale x scale pixels.
// They throw std::invalid_argument for another rank, a scale below 1, an
// empty interval low ... high or a range that is not above 0.
// A number that is not finite is drawn purple, never left blank.

// Grey: `low` is black and `high` white; numbers outside are clipped.
Picture grey_tile(const Tensor<>& map, int scale, float low = 0.0f,
                  float high = 1.0f);

// Diverging: -range is blue, 0 white, +range vermilion; numbers beyond are
// clipped.
Picture diverging_tile(const Tensor<>& map, int scale, float range);
Colour diverging_colour(float value, float range);
// White at an amount of 0, `colour` itself at 1.
Colour tint(Colour colour, float amount);

// Colour: image (3, H, W), red, green and blue from 0 to 1.
Picture rgb_tile(const Tensor<>& image, int scale);

// The numbers of a small map (H, W), each written in its cell on the colour
// that diverging_tile gives it, with `decimals` digits after the point.
// Cells are `cell` pixels wide and high, or more if the numbers need it.
// Numbers of L letters are easily read in cells of 12 L + 6 pixels or more.
// Numbers are written as large as they fit. `letters` reserves room for
// numbers of that many letters, so that several tiles can have numbers of
// one size.
Picture number_tile(const Tensor<>& map, int cell, float range,
                    int decimals, int letters = 1);

// A bar of colours that explains a tile, from colour_of(-1) at its left end
// to colour_of(1) at its right, with the labels `low`, `middle` and `high`
// below it. It is `width` pixels wide, or more if the labels need it.
Picture colour_scale(const std::string& low, const std::string& middle,
                     const std::string& high, int width,
                     const std::function<Colour(float)>& colour_of);

// The bar that explains a diverging tile: -range, 0 and +range. It is
// `width` pixels wide, or more if the three numbers need it.
Picture diverging_scale(float range, int width);

// The largest magnitude in a tensor, for a diverging range; 1 if all are 0.
// Numbers that are not finite do not count: tiles show them in purple.
float largest_magnitude(const Tensor<>& map);

// Tiles in rows, with a caption under each, a title above them, and a title
// to the left of each row that has one. Tiles are never scaled or cut, and
// columns are aligned. Captions and the title are broken between words if
// they are too long; '\n' breaks a line, too.
class Sheet {
 public:
  explicit Sheet(std::string title = "");

  Sheet& add(const Picture& tile, const std::string& caption = "");
  // The next tile starts a new row.
  Sheet& row(const std::string& title = "");
  // A picture across the bottom: a scale, a legend.
  Sheet& footer(const Picture& picture);

  Picture picture() const;

 private:
  struct Cell {
    Picture tile;
    std::string caption;
  };
  struct Row {
    std::string title;
    std::vector<Cell> cells;
  };
  struct Layout;  // where everything goes
  std::string title_;
  std::vector<Row> rows_;
  std::vector<Picture> footers_;
};

// The bytes of a film that shows pictures of one size over and over, each
// for `milliseconds` and the last for two seconds more. It is an animated
// PNG (PNG specification, third edition, "APNG"). A viewer that cannot play
// it shows the last picture, which is its default image.
// Throws std::invalid_argument for no picture, for pictures of different
// sizes and for milliseconds outside 1 ... 60000.
std::string film_bytes(const std::vector<Picture>& frames,
                       int milliseconds);

}  // namespace cnn
