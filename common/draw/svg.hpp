// Drawings as SVG: sharp at any size, real text, readable on a light and on
// a dark page (the colours follow prefers-color-scheme).
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cnn {

// A drawing in SVG. Coordinates are in pixels from the top left. `style` is
// one of the classes that the stylesheet knows, or several with spaces
// between:
//   text: title (16 px), label (13 px), small (12 px, paler), on-light and
//     on-dark (always black or white, for text on a colour of its own);
//   shapes: axis, grid, dotted, paper (background), ink (filled like text);
//   series-0 ... series-7: the colour of lines, outlines and text; each
//     gives lines a dash pattern of its own;
//   leader, error: added to a line's style, they make it thin and undashed;
//   fill-0 ... fill-7: areas; hatch-1 ... hatch-7: a pattern on top of
//   them.
// The first line of the description becomes the title that a screen reader
// speaks, and the whole description its longer text. Text is escaped;
// anchor is "start", "middle" or "end".
// Throws std::invalid_argument for a size that is not positive, an empty
// description, a coordinate that is not finite, an unknown anchor, a colour
// that is not "#rrggbb", or marks of a series outside 0 ... 7.
class Drawing {
 public:
  Drawing(int width, int height, const std::string& description);

  void line(double x1, double y1, double x2, double y2,
            const std::string& style);
  void polyline(const std::vector<std::pair<double, double>>& points,
                const std::string& style);
  void rectangle(double x, double y, double width, double height,
                 const std::string& style);
  // A rectangle that is filled with a colour, "#rrggbb".
  void filled(double x, double y, double width, double height,
              const std::string& colour);
  void circle(double x, double y, double radius, const std::string& style);
  // One mark, about 7 pixels wide, on each point: a disc for series 0, a
  // square for 1, then triangle, diamond, cross, saltire, inverted triangle
  // and bar, in the colour of fill-0 ... fill-7.
  void marks(const std::vector<std::pair<double, double>>& points,
             int series);
  void text(double x, double y, const std::string& text,
            const std::string& style, const std::string& anchor = "start");
  // Text that reads upwards, for the vertical axis. x is its baseline, and
  // y its middle, start or end, as the anchor says.
  void vertical_text(double x, double y, const std::string& text,
                     const std::string& style,
                     const std::string& anchor = "middle");

  std::string svg() const;

 private:
  int width_, height_;
  std::string description_;
  std::string body_;
};

// The approximate width of a text in pixels. It errs on the large side,
// because nobody knows which font the reader's machine has.
double text_width(const std::string& text, double font_size);

}  // namespace cnn
