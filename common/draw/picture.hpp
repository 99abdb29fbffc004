// A picture made of pixels, on which one can draw rectangles, other
// pictures and letters.
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
  // Throws std::invalid_argument for a size below 1 or more than 2^28
  // pixels.
  Picture(int width, int height, Colour fill = colours::paper);

  int width() const { return width_; }
  int height() const { return height_; }
  // Throws std::out_of_range for a pixel outside the picture.
  Colour& at(int x, int y);
  const Colour& at(int x, int y) const;

  // All drawing functions ignore pixels outside the picture.
  void fill_rectangle(int x, int y, int width, int height, Colour colour);
  void outline_rectangle(int x, int y, int width, int height, Colour colour,
                         int thickness = 1);
  void paste(const Picture& picture, int x, int y);
  // Writes UTF-8 text in the font of font.hpp; (x, y) is its top left
  // corner, and '\n' begins a new line. Figures for pages use page_scale.
  void text(int x, int y, const std::string& text, Colour colour,
            int scale = 1);
  // The same with every line centred at x.
  void centred_text(int x, int y, const std::string& text, Colour colour,
                    int scale = 1);

  // The cell of a letter at scale 1; its last column is the gap to the
  // next.
  static constexpr int letter_width = 6, letter_height = 9;
  // From one line of text to the next at scale 1.
  static constexpr int line_pitch = 11;
  // Letters 10 pixels wide and 14 high, which remain legible when a page
  // shows a figure of 900 pixels at 700. Letters at scale 1 do not.
  static constexpr int page_scale = 2;
  // The width and height, in pixels, of the area that a text can ink, for
  // centring it or making room for it.
  static int text_width(const std::string& text, int scale = 1);
  static int text_height(const std::string& text, int scale = 1);

 private:
  int width_, height_;
  std::vector<Colour> pixels_;
};

// colours::paper or colours::ink, whichever stands out from the background.
// Its brightness is computed as the eye sees it (luma, ITU-R BT.601).
Colour text_colour_on(Colour background);

// The bytes of a PNG. Throws std::bad_alloc if memory runs out.
std::string png_bytes(const Picture& picture);

}  // namespace cnn
