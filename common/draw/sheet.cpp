#include <algorithm>

#include "common/draw/image.hpp"
#include "common/draw/text.hpp"

namespace cnn {
namespace {

constexpr int text_scale = Picture::page_scale;
constexpr int margin = 20;      // around the sheet
constexpr int column_gap = 16;  // between two tiles or captions
constexpr int row_gap = 18;     // between rows, and below the title
constexpr int caption_gap = 8;  // between a tile and its caption
// A title may be as wide as all that is below it, and a caption one and a
// half times as wide as its tile; but a line may always have this many
// letters.
constexpr int least_title_letters = 24, least_caption_letters = 7;

// Text broken into as few lines of at most `letters` letters as possible,
// and these as even in length as the words allow.
std::string balanced(const std::string& text, int letters) {
  const auto width = [](const std::string& line) {
    return static_cast<double>(text_width(line));
  };
  std::string result;
  for (const std::string& line : split_lines(text)) {
    Strings even = broken_into_lines(line, letters, width);
    for (int narrow = letters - 1; narrow > 0; --narrow) {
      const Strings tried = broken_into_lines(line, narrow, width);
      if (tried.size() > even.size()) break;
      even = tried;
    }
    if (even.empty()) result += "\n";
    for (const std::string& part : even) result += part + "\n";
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
  int row_titles_width = 0;  // with the gap after them
  int tiles_width = 0;
  int width = 0, height = 0;  // between the margins

  explicit Layout(const Sheet& sheet);
  static int tiles_height(const Row& row);
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

int Sheet::Layout::row_height(const Row& row) {
  int captions = 0;
  for (const Cell& cell : row.cells) {
    captions = std::max(captions, height_of(cell.caption));
  }
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
    // Around the tile, not on it, so that a white tile has an edge, too.
    picture.outline_rectangle(left - 1, top - 1, tile.width() + 2,
                              tile.height() + 2, colours::faint);
    picture.paste(tile, left, top);
    picture.centred_text(centre, y + tiles + caption_gap, caption,
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
    picture.centred_text(centre, y, layout.title, colours::ink, text_scale);
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

}  // namespace cnn
