#include "common/draw/image.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory_resource>
#include <utility>

#include "common/draw/font.hpp"
#include "common/tensor/fail.hpp"

// stb's memory while it makes a PNG: all of it goes when the PNG is made.
// Where malloc and realloc give nothing, stb writes on through a pointer
// that it does not have. This memory throws std::bad_alloc instead.
static thread_local std::pmr::memory_resource* stb_memory = nullptr;

static void* larger(const void* old, std::size_t size, std::size_t wanted) {
  void* const memory = stb_memory->allocate(wanted);
  if (old != nullptr) std::memcpy(memory, old, size);
  return memory;
}

#define STBIW_MALLOC(size) stb_memory->allocate(size)
#define STBIW_REALLOC_SIZED(old, size, wanted) larger(old, size, wanted)
#define STBIW_FREE(memory) static_cast<void>(memory)
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

namespace cnn {
namespace {

// Keeps 3 x width x height, which stb counts with an int, in range.
constexpr long long most_pixels = 1LL << 28;

std::string size_text(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char letter : text) {
    if (letter == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += letter;
    }
  }
  return lines;
}

int letter_count(const std::string& line) {
  return static_cast<int>(font::decode_utf8(line).size());
}

void draw_letter(Picture& picture, int x, int y, char32_t letter,
                 Colour colour, int scale) {
  const font::Glyph rows = font::glyph(letter);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      if (rows[row][column] != '#') continue;
      picture.fill_rectangle(x + static_cast<int>(column) * scale,
                             y + static_cast<int>(row) * scale, scale,
                             scale, colour);
    }
  }
}

}  // namespace

Picture::Picture(int width, int height, Colour fill)
    : width_(width), height_(height) {
  if (width < 1 || height < 1 ||
      static_cast<long long>(width) * height > most_pixels) {
    fail(Refusal::argument,
         "Picture: expected a width and a height of 1 or more and at most "
         "2^28 pixels, got " +
             size_text(width, height));
  }
  pixels_.assign(
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
      fill);
}

const Colour& Picture::at(int x, int y) const {
  if (x < 0 || x >= width_ || y < 0 || y >= height_) {
    fail(Refusal::index, "Picture: no pixel (" + std::to_string(x) + ", " +
                             std::to_string(y) + ") in a picture of " +
                             size_text(width_, height_));
  }
  return pixels_[static_cast<std::size_t>(y) *
                     static_cast<std::size_t>(width_) +
                 static_cast<std::size_t>(x)];
}

Colour& Picture::at(int x, int y) {
  return const_cast<Colour&>(std::as_const(*this).at(x, y));
}

void Picture::fill_rectangle(int x, int y, int width, int height,
                             Colour colour) {
  const int right = std::min(x + width, width_);
  const int bottom = std::min(y + height, height_);
  for (int row = std::max(y, 0); row < bottom; ++row) {
    for (int column = std::max(x, 0); column < right; ++column) {
      at(column, row) = colour;
    }
  }
}

void Picture::outline_rectangle(int x, int y, int width, int height,
                                Colour colour, int thickness) {
  const int right = x + width - thickness;
  const int bottom = y + height - thickness;
  fill_rectangle(x, y, width, thickness, colour);
  fill_rectangle(x, bottom, width, thickness, colour);
  fill_rectangle(x, y, thickness, height, colour);
  fill_rectangle(right, y, thickness, height, colour);
}

void Picture::paste(const Picture& picture, int x, int y) {
  for (int row = 0; row < picture.height(); ++row) {
    for (int column = 0; column < picture.width(); ++column) {
      fill_rectangle(x + column, y + row, 1, 1, picture.at(column, row));
    }
  }
}

void Picture::text(int x, int y, const std::string& text, Colour colour,
                   int scale) {
  for (const std::string& line : split_lines(text)) {
    int left = x;
    for (const char32_t letter : font::decode_utf8(line)) {
      draw_letter(*this, left, y, letter, colour, scale);
      left += letter_width * scale;
    }
    y += line_pitch * scale;
  }
}

int Picture::text_width(const std::string& text, int scale) {
  int letters = 0;
  for (const std::string& line : split_lines(text)) {
    letters = std::max(letters, letter_count(line));
  }
  return letters == 0 ? 0 : (letters * letter_width - 1) * scale;
}

int Picture::text_height(const std::string& text, int scale) {
  const int lines = static_cast<int>(split_lines(text).size());
  return text.empty() ? 0
                      : ((lines - 1) * line_pitch + letter_height) * scale;
}

namespace {

std::uint8_t level(float brightness) {
  return static_cast<std::uint8_t>(
      std::lround(255.0f * std::clamp(brightness, 0.0f, 1.0f)));
}

void require_scale(const std::string& where, int scale) {
  if (scale < 1) {
    fail(Refusal::argument,
         where + ": expected 1 or more pixels per cell, got " +
             std::to_string(scale));
  }
}

void require_range(const std::string& where, float range) {
  if (!std::isfinite(range) || range <= 0) {
    fail(Refusal::argument, where +
                                ": expected a finite range above 0, got " +
                                std::to_string(range));
  }
}

// A picture of width x height cells, colour_of(y, x) in each.
template <class ColourOf>
Picture enlarged(int width, int height, int scale, ColourOf colour_of) {
  if (width > most_pixels / scale || height > most_pixels / scale) {
    fail(Refusal::argument, "Picture: " + size_text(width, height) +
                                " cells, " + std::to_string(scale) +
                                " times enlarged, are too many pixels");
  }
  Picture picture(width * scale, height * scale);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.fill_rectangle(x * scale, y * scale, scale, scale,
                             colour_of(y, x));
    }
  }
  return picture;
}

// White at 0, `end` at 1.
Colour tint(Colour end, float amount) {
  const auto mix = [amount](std::uint8_t channel) {
    return level(1.0f -
                 amount * (1.0f - static_cast<float>(channel) / 255));
  };
  return {mix(end.red), mix(end.green), mix(end.blue)};
}

}  // namespace

Picture grey_tile(const Tensor<>& map, int scale, float low, float high) {
  require_rank(map.shape(), 2, "grey_tile", "map (H, W)");
  require_scale("grey_tile", scale);
  if (!std::isfinite(low) || !std::isfinite(high) || low >= high) {
    fail(Refusal::argument, "grey_tile: expected low < high, got " +
                                std::to_string(low) + " and " +
                                std::to_string(high));
  }
  const auto colour_of = [&](int y, int x) {
    const float value = map(y, x);
    if (!std::isfinite(value)) return colours::purple;
    const std::uint8_t grey = level((value - low) / (high - low));
    return Colour{grey, grey, grey};
  };
  return enlarged(map.extent(1), map.extent(0), scale, colour_of);
}

Colour diverging_colour(float value, float range) {
  require_range("diverging_colour", range);
  if (!std::isfinite(value)) return colours::purple;
  const float amount = std::min(std::abs(value) / range, 1.0f);
  return tint(value < 0 ? colours::blue : colours::vermilion, amount);
}

Picture diverging_tile(const Tensor<>& map, int scale, float range) {
  require_rank(map.shape(), 2, "diverging_tile", "map (H, W)");
  require_scale("diverging_tile", scale);
  require_range("diverging_tile", range);
  return enlarged(map.extent(1), map.extent(0), scale, [&](int y, int x) {
    return diverging_colour(map(y, x), range);
  });
}

Picture rgb_tile(const Tensor<>& image, int scale) {
  require_rank(image.shape(), 3, "rgb_tile", "image (3, H, W)");
  require_scale("rgb_tile", scale);
  if (image.extent(0) != 3) {
    fail(Refusal::argument,
         "rgb_tile: expected an image (3, H, W), got shape " +
             to_string(image.shape()));
  }
  const auto colour_of = [&](int y, int x) {
    const float red = image(0, y, x), green = image(1, y, x),
                blue = image(2, y, x);
    if (!std::isfinite(red) || !std::isfinite(green) ||
        !std::isfinite(blue)) {
      return colours::purple;
    }
    return Colour{level(red), level(green), level(blue)};
  };
  return enlarged(image.extent(2), image.extent(1), scale, colour_of);
}

float largest_magnitude(const Tensor<>& map) {
  float largest = 0;
  for (const float value : map.data()) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest == 0 ? 1 : largest;
}

Colour text_colour_on(Colour background) {
  const double brightness = 0.299 * background.red +
                            0.587 * background.green +
                            0.114 * background.blue;
  return brightness < 110 ? colours::paper : colours::ink;
}

namespace {

// With a real minus sign, and with none where only zeros are left of a
// number: -0.001 to two decimals is 0.00.
std::string number_text(float value, int decimals) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "−inf" : "inf";
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals,
                static_cast<double>(std::abs(value)));
  const std::string digits = buffer;
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  return (value < 0 && !zero ? "−" : "") + digits;
}

void draw_centred(Picture& picture, int centre_x, int y,
                  const std::string& text, Colour colour, int scale) {
  for (const std::string& line : split_lines(text)) {
    picture.text(centre_x - Picture::text_width(line, scale) / 2, y, line,
                 colour, scale);
    y += Picture::line_pitch * scale;
  }
}

// Digits are 7 rows high; the two rows below the base line stay empty.
constexpr int digit_height = 7;
// At this scale numbers in cells are as large as they need to be.
constexpr int largest_number_scale = 3;

// The largest scale at which a number of `letters` letters leaves room on
// all sides in a cell.
int number_scale(int letters, int cell) {
  int scale = largest_number_scale;
  const auto fits = [&] {
    return (letters * Picture::letter_width + 3) * scale <= cell &&
           (digit_height + 4) * scale <= cell;
  };
  while (scale > 1 && !fits()) --scale;
  return scale;
}

}  // namespace

Picture number_tile(const Tensor<>& map, int cell, float range,
                    int decimals) {
  require_rank(map.shape(), 2, "number_tile", "map (H, W)");
  require_scale("number_tile", cell);
  require_range("number_tile", range);
  if (decimals < 0 || decimals > 9) {
    fail(Refusal::argument, "number_tile: expected 0 to 9 decimals, got " +
                                std::to_string(decimals));
  }
  int letters = 1;
  for (const float value : map.data()) {
    letters = std::max(letters, letter_count(number_text(value, decimals)));
  }
  const int scale = number_scale(letters, cell);
  cell = std::max({cell, (letters * Picture::letter_width + 3) * scale,
                   (digit_height + 4) * scale});

  Picture picture = diverging_tile(map, cell, range);
  for (int y = 0; y < map.extent(0); ++y) {
    for (int x = 0; x < map.extent(1); ++x) {
      const Colour background = picture.at(x * cell, y * cell);
      if (x > 0)
        picture.fill_rectangle(x * cell, y * cell, 1, cell, colours::faint);
      if (y > 0)
        picture.fill_rectangle(x * cell, y * cell, cell, 1, colours::faint);
      draw_centred(picture, x * cell + cell / 2,
                   y * cell + (cell - digit_height * scale) / 2,
                   number_text(map(y, x), decimals),
                   text_colour_on(background), scale);
    }
  }
  return picture;
}

namespace {

// Letters 10 pixels wide and 14 high: still read when a page shows a
// figure of 900 pixels at 700. Letters of scale 1 are not.
constexpr int text_scale = 2;

}  // namespace

Picture colour_scale(const std::string& low, const std::string& middle,
                     const std::string& high, int width,
                     const std::function<Colour(float)>& colour_of) {
  constexpr int bar = 14, tick = 5;
  // Room for the three labels and a letter's width between them.
  const int label = std::max(Picture::text_width(low, text_scale),
                             Picture::text_width(high, text_scale));
  const int letter = Picture::letter_width * text_scale;
  width = std::max(width, 2 * label + 3 * letter);
  width |= 1;  // odd: one column is the middle

  const int text_y = bar + tick + 2;
  Picture picture(width, text_y + Picture::text_height(low, text_scale));
  const int half = width / 2;
  for (int x = 0; x < width; ++x) {
    const float value =
        static_cast<float>(x - half) / static_cast<float>(half);
    picture.fill_rectangle(x, 0, 1, bar, colour_of(value));
  }
  picture.outline_rectangle(0, 0, width, bar, colours::faint);
  for (const int x : {0, half, width - 1}) {
    picture.fill_rectangle(x, bar, 1, tick, colours::ink);
  }
  picture.text(0, text_y, low, colours::ink, text_scale);
  draw_centred(picture, half + 1, text_y, middle, colours::ink, text_scale);
  picture.text(width - Picture::text_width(high, text_scale), text_y, high,
               colours::ink, text_scale);
  return picture;
}

Picture diverging_scale(float range, int width) {
  require_range("diverging_scale", range);
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.3g", static_cast<double>(range));
  return colour_scale(
      std::string("−") + digits, "0", std::string("+") + digits, width,
      [](float value) { return diverging_colour(value, 1.0f); });
}

namespace {

constexpr int margin = 20;      // around the sheet
constexpr int column_gap = 16;  // between two tiles or captions
constexpr int row_gap = 18;     // between rows, and below the title
constexpr int caption_gap = 8;  // between a tile and its caption
// A title is broken at the width of the tiles, but not before this many
// letters; a caption at one and a half times its tile, but not before this.
constexpr int least_title_letters = 24, least_caption_letters = 7;

// The words of one line in lines of at most `letters` letters (a longer
// word has a line of its own).
std::vector<std::string> wrapped(const std::string& line, int letters) {
  std::vector<std::string> lines(1);
  std::size_t start = 0;
  while (start <= line.size()) {
    const std::size_t end = std::min(line.find(' ', start), line.size());
    const std::string word = line.substr(start, end - start);
    std::string& last = lines.back();
    if (start == 0) {
      last = word;
    } else if (letter_count(last) + 1 + letter_count(word) <= letters) {
      last += " " + word;
    } else {
      lines.push_back(word);
    }
    start = end + 1;
  }
  return lines;
}

// Text broken into as few lines of at most `letters` letters as it needs,
// and those as even in length as words allow.
std::string balanced(const std::string& text, int letters) {
  std::string result;
  for (const std::string& line : split_lines(text)) {
    const std::size_t count = wrapped(line, letters).size();
    int narrow = letters;
    while (narrow > 1 && wrapped(line, narrow - 1).size() == count) {
      --narrow;
    }
    for (const std::string& part : wrapped(line, narrow)) {
      result += part + "\n";
    }
  }
  result.pop_back();
  return result;
}

int letters_across(int pixels) {
  return pixels / (Picture::letter_width * text_scale);
}

int width_of(const std::string& text) {
  return Picture::text_width(text, text_scale);
}

int height_of(const std::string& text) {
  return Picture::text_height(text, text_scale);
}

}  // namespace

Sheet::Sheet(std::string title) : title_(std::move(title)) {}

Sheet& Sheet::add(const Picture& tile, const std::string& caption) {
  if (rows_.empty()) row();
  const int letters =
      std::max(letters_across(tile.width() * 3 / 2), least_caption_letters);
  rows_.back().cells.push_back({tile, balanced(caption, letters)});
  return *this;
}

Sheet& Sheet::row(const std::string& title) {
  rows_.push_back({title, {}});
  return *this;
}

Sheet& Sheet::footer(const Picture& picture) {
  footers_.push_back(picture);
  return *this;
}

// Row titles | columns of tiles, centred between the margins.
struct Sheet::Layout {
  std::string title;
  std::vector<int> column_widths;
  int row_titles_width = 0;  // with the gap behind them
  int tiles_width = 0;
  int width = 0, height = 0;  // between the margins

  explicit Layout(const Sheet& sheet);
  static int tiles_height(const Row& row);
  static int captions_height(const Row& row);
  static int row_height(const Row& row);
  void draw_row(Picture& picture, const Row& row, int y) const;
};

Sheet::Layout::Layout(const Sheet& sheet) {
  for (const Row& row : sheet.rows_) {
    if (!row.title.empty()) {
      row_titles_width =
          std::max(row_titles_width, width_of(row.title) + column_gap);
    }
    if (row.cells.size() > column_widths.size()) {
      column_widths.resize(row.cells.size());
    }
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
      const Cell& cell = row.cells[column];
      column_widths[column] =
          std::max({column_widths[column], cell.tile.width(),
                    width_of(cell.caption)});
    }
    height += row_height(row) + row_gap;
  }
  for (const int column : column_widths) tiles_width += column + column_gap;
  tiles_width = std::max(tiles_width - column_gap, 0);

  width = row_titles_width + tiles_width;
  for (const Picture& footer : sheet.footers_) {
    width = std::max(width, footer.width());
    height += footer.height() + row_gap;
  }
  title = balanced(sheet.title_,
                   std::max(letters_across(width), least_title_letters));
  width = std::max(width, width_of(title));
  if (!title.empty()) height += height_of(title) + row_gap;
  height = std::max(height - row_gap, 0);
}

int Sheet::Layout::tiles_height(const Row& row) {
  int height = height_of(row.title);
  for (const Cell& cell : row.cells) {
    height = std::max(height, cell.tile.height());
  }
  return height;
}

int Sheet::Layout::captions_height(const Row& row) {
  int height = 0;
  for (const Cell& cell : row.cells) {
    height = std::max(height, height_of(cell.caption));
  }
  return height;
}

int Sheet::Layout::row_height(const Row& row) {
  const int captions = captions_height(row);
  return tiles_height(row) + (captions > 0 ? caption_gap + captions : 0);
}

void Sheet::Layout::draw_row(Picture& picture, const Row& row,
                             int y) const {
  int x = margin + (width - row_titles_width - tiles_width) / 2;
  const int tiles = tiles_height(row);
  picture.text(x, y + (tiles - height_of(row.title)) / 2, row.title,
               colours::ink, text_scale);
  x += row_titles_width;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const auto& [tile, caption] = row.cells[column];
    const int centre = x + column_widths[column] / 2;
    const int left = centre - tile.width() / 2;
    const int top = y + tiles - tile.height();
    // Around the tile, not on it: a white tile has an edge, too.
    picture.outline_rectangle(left - 1, top - 1, tile.width() + 2,
                              tile.height() + 2, colours::faint);
    picture.paste(tile, left, top);
    draw_centred(picture, centre, y + tiles + caption_gap, caption,
                 colours::ink, text_scale);
    x += column_widths[column] + column_gap;
  }
}

Picture Sheet::picture() const {
  const Layout layout(*this);
  Picture picture(layout.width + 2 * margin, layout.height + 2 * margin);
  const int centre = picture.width() / 2;
  int y = margin;
  if (!layout.title.empty()) {
    draw_centred(picture, centre, y, layout.title, colours::ink,
                 text_scale);
    y += height_of(layout.title) + row_gap;
  }
  for (const Row& row : rows_) {
    layout.draw_row(picture, row, y);
    y += Layout::row_height(row) + row_gap;
  }
  for (const Picture& footer : footers_) {
    picture.paste(footer, centre - footer.width() / 2, y);
    y += footer.height() + row_gap;
  }
  return picture;
}

// stb's settings stay as they are: its highest effort makes our figures 1 %
// smaller and takes five times as long.
std::string png_bytes(const Picture& picture) {
  static_assert(sizeof(Colour) == 3, "stb reads three bytes per pixel");
  std::pmr::monotonic_buffer_resource memory;
  stb_memory = &memory;
  std::string bytes;
  const auto append = [](void* target, void* data, int size) {
    static_cast<std::string*>(target)->append(
        static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  stbi_write_png_to_func(append, &bytes, picture.width(), picture.height(),
                         3, &picture.at(0, 0), 3 * picture.width());
  return bytes;
}

}  // namespace cnn
