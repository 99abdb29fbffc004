// Pixels, and what draws on them: rectangles, other pictures, letters.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cnn {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};

// Colours that people with any colour vision tell apart (Okabe and Ito).
namespace colours {
inline constexpr Colour black{0, 0, 0}, orange{230, 159, 0},
    sky_blue{86, 180, 233}, green{0, 158, 115}, yellow{240, 228, 66},
    blue{0, 114, 178}, vermilion{213, 94, 0}, purple{204, 121, 167};
inline constexpr Colour paper{255, 255, 255}, ink{31, 35, 40},
    faint{208, 215, 222};
}  // namespace colours

// Width x height pixels, row by row from the top left.
class Picture {
 public:
  // Throws std::invalid_argument for a size below 1 or a giant one.
  Picture(int width, int height, Colour fill = colours::paper);

  int width() const { return width_; }
  int height() const { return height_; }
  // Throws std::out_of_range for a pixel outside the picture.
  Colour& at(int x, int y);
  const Colour& at(int x, int y) const;

  // Pixels outside the picture are ignored by all that draws.
  void fill_rectangle(int x, int y, int width, int height, Colour colour);
  void outline_rectangle(int x, int y, int width, int height, Colour colour,
                         int thickness = 1);
  void paste(const Picture& picture, int x, int y);
  // UTF-8 text in a small fixed-width letter; (x, y) is its top left
  // corner, '\n' begins a new line. Scale 2 is the size for a page.
  void text(int x, int y, const std::string& text, Colour colour,
            int scale = 1);
  // The same with every line's middle at x.
  void centred_text(int x, int y, const std::string& text, Colour colour,
                    int scale = 1);

  // One cell of the letters at scale 1, gap included.
  static constexpr int letter_width = 6, letter_height = 9;
  // From one line of text to the next at scale 1.
  static constexpr int line_pitch = 11;
  // Letters 10 pixels wide and 14 high: still read when a page shows a
  // figure of 900 pixels at 700. Letters of scale 1 are not.
  static constexpr int page_scale = 2;
  // The pixels from the first column to the last, and from the first row
  // to the last, that this text can ink: to centre it, to make room for it.
  static int text_width(const std::string& text, int scale = 1);
  static int text_height(const std::string& text, int scale = 1);

 private:
  int width_, height_;
  std::vector<Colour> pixels_;
};

// White or ink, whichever stands out. (The weights are how bright an eye
// finds the three primaries, ITU-R BT.601.)
Colour text_colour_on(Colour background);

// The bytes of a PNG. Throws std::bad_alloc if memory runs out.
std::string png_bytes(const Picture& picture);

}  // namespace cnn
