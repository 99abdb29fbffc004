#include "common/shell/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <sstream>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include "common/draw/image.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/utf8.hpp"

namespace cnn {

bool is_terminal(std::FILE* stream) {
#ifdef _WIN32
  return _isatty(_fileno(stream)) != 0;
#else
  return isatty(fileno(stream)) != 0;
#endif
}

namespace {

using std::chrono::steady_clock;

// ---- What this terminal can do -----------------------------------------

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool understands_escapes(std::FILE* stream) {
  const std::string kind = environment("TERM");
  return is_terminal(stream) && !kind.empty() && kind != "dumb" &&
         environment("NO_COLOR").empty();
}

// The locale's encoding, from the variables in the order in which POSIX
// reads them: the first that is not empty counts.
bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = environment(name);
    if (value.empty()) continue;
    for (char& letter : value) {
      letter = static_cast<char>(
          std::tolower(static_cast<unsigned char>(letter)));
    }
    return contains(value, "utf-8") || contains(value, "utf8");
  }
  return false;
}

enum class Colours { none, of_8_bits, of_24_bits };

Colours colours_of(std::FILE* stream) {
  if (!understands_escapes(stream) || !speaks_utf8()) return Colours::none;
  const std::string kind = environment("COLORTERM");
  if (kind == "truecolor" || kind == "24bit") return Colours::of_24_bits;
  return contains(environment("TERM"), "256color") ? Colours::of_8_bits
                                                   : Colours::none;
}

struct TerminalSize {
  int columns = 0, rows = 0;
};

// The size of the terminal on standard error.
TerminalSize size_of_errors() {
  TerminalSize size;
#ifndef _WIN32
  winsize window{};
  if (ioctl(fileno(stderr), TIOCGWINSZ, &window) == 0) {
    size = {window.ws_col, window.ws_row};
  }
#endif
  const int columns = std::atoi(environment("COLUMNS").c_str());
  if (columns > 0) size.columns = columns;
  return {size.columns > 0 ? std::min(size.columns, 1000) : 80,
          size.rows > 0 ? size.rows : 24};
}

// ---- Writing -----------------------------------------------------------

// The Progress whose bar stands on the terminal now.
Progress* on_screen = nullptr;

// Text that is printed must not stick to a bar on the same terminal.
void write_out(const std::string& text) {
  if (on_screen != nullptr && is_terminal(stdout)) on_screen->clear();
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void write_error(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

[[gnu::format(CNN_PRINTF, 1, 0)]] std::string format_list(
    const char* pattern, std::va_list list) {
  std::va_list again;
  va_copy(again, list);
  const int length = std::vsnprintf(nullptr, 0, pattern, again);
  va_end(again);
  if (length < 0) fail(Refusal::argument, "format: a bad pattern");
  std::string text(static_cast<std::size_t>(length), '\0');
  // The closing zero goes where the string keeps its own.
  std::vsnprintf(text.data(), text.size() + 1, pattern, list);
  return text;
}

std::string spaces(int count) {
  return std::string(static_cast<std::size_t>(std::max(count, 0)), ' ');
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// ---- Numbers as text ---------------------------------------------------

// A number, also one with commas or a unit: "1,234", "97.5 %", "4.2x".
bool is_number(std::string cell) {
  std::erase(cell, ',');
  char* end = nullptr;
  std::strtod(cell.c_str(), &end);
  const std::string unit = end;
  return end != cell.c_str() &&
         (unit.empty() || unit == "%" || unit == " %" || unit == "x" ||
          unit == " x");
}

// ---- Progress ----------------------------------------------------------

// The parts that are not empty, in one text.
std::string joined(const std::vector<std::string>& parts,
                   const std::string& between = "  ") {
  std::string text;
  for (const std::string& part : parts) {
    if (!part.empty()) text += (text.empty() ? "" : between) + part;
  }
  return text;
}

// The first `width` characters of a UTF-8 text.
std::string cut(const std::string& text, int width) {
  return std::string(
      first_characters(text, static_cast<std::size_t>(std::max(0, width))));
}

std::string bar(int width, int done, int total) {
  const bool blocks = speaks_utf8();
  const int full =
      total > 0 ? static_cast<int>(1LL * width * done / total) : width;
  std::string text;
  for (int x = 0; x < width; ++x) {
    text += x < full ? (blocks ? "█" : "#") : (blocks ? "░" : ".");
  }
  return text;
}

// ---- Tables ------------------------------------------------------------

struct Column {
  int width = 0;
  bool right_aligned = false;

  // Column x of rows that all have the same length.
  Column(const Rows& rows, std::size_t x) {
    bool any_number = false, any_text = false;
    for (std::size_t y = 0; y < rows.size(); ++y) {
      const std::string& cell = rows[y][x];
      width = std::max(width, text_width(cell));
      if (y == 0 || cell.empty() || cell == "-") continue;
      (is_number(cell) ? any_number : any_text) = true;
    }
    right_aligned = any_number && !any_text;
  }
};

// ---- A digit -----------------------------------------------------------

// Two characters side by side are about as wide as a line is high.
std::string in_characters(const Tensor<>& image,
                          const std::string& indent) {
  const std::string light_to_dark = " .:-=+*#%@";
  std::string text;
  for (int y = 0; y < image.extent(0); ++y) {
    std::string line = indent;
    for (int x = 0; x < image.extent(1); ++x) {
      const float grey = std::clamp(image(y, x), 0.0f, 1.0f);
      line.append(2, std::isnan(grey)
                         ? '?'
                         : light_to_dark[static_cast<std::size_t>(
                               std::lround(grey * 9.0f))]);
    }
    text += without_trailing_spaces(line) + "\n";
  }
  return text;
}

// The escape code that colours a letter (`where` is 38) or its background
// (48). With 8 bits, 16 to 231 are a cube of 6 x 6 x 6 colours, and 232 to
// 255 are greys from nearly black to nearly white.
std::string colour_code(int where, Colour colour, Colours colours) {
  const auto [red, green, blue] = colour;
  if (colours == Colours::of_24_bits) {
    return format("\x1b[%d;2;%d;%d;%dm", where, red, green, blue);
  }
  const auto step = [](int byte, int most) {
    return (byte * most + 127) / 255;
  };
  const int code =
      red == green && green == blue
          ? 232 + step(red, 23)
          : 16 + 36 * step(red, 5) + 6 * step(green, 5) + step(blue, 5);
  return format("\x1b[%d;5;%dm", where, code);
}

// Pictures side by side, with an unpainted gap of a pixel between them.
// Each pixel is enlarged to a square as large as there is room for. What
// does not fit even without enlargement is cut off.
class Strip {
 public:
  Strip(const std::vector<Picture>& pictures, int most_wide, int most_high)
      : pictures_(pictures) {
    int wide = -1, high = 1;
    for (const Picture& picture : pictures) {
      wide += picture.width() + 1;
      high = std::max(high, picture.height());
    }
    wide = std::max(wide, 1);
    scale_ = std::max(1, std::min(most_wide / wide, most_high / high));
    width_ = std::min(scale_ * wide, most_wide);
    height_ = std::min(scale_ * high, most_high);
  }

  int width() const { return width_; }
  int height() const { return height_; }

  // The colour at a place; none in a gap or below the end of a picture.
  std::optional<Colour> at(int x, int y) const {
    x /= scale_, y /= scale_;
    for (const Picture& picture : pictures_) {
      if (x < picture.width()) {
        if (y >= picture.height()) return std::nullopt;
        return picture.at(x, y);
      }
      x -= picture.width();
      if (x-- == 0) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  const std::vector<Picture>& pictures_;
  int scale_, width_, height_;
};

// An upper half-block shows two pixels: its own colour is the upper one,
// and its background is the lower one. `end` ends each line.
std::string half_blocks(const Strip& strip, const std::string& indent,
                        const std::string& end, Colours colours) {
  std::string text;
  for (int y = 0; y < strip.height(); y += 2) {
    text += indent;
    for (int x = 0; x < strip.width(); ++x) {
      const auto upper = strip.at(x, y);
      if (!upper) {
        text += "\x1b[0m ";
        continue;
      }
      text += colour_code(38, *upper, colours);
      const auto lower =
          y + 1 < strip.height() ? strip.at(x, y + 1) : std::nullopt;
      text += lower ? colour_code(48, *lower, colours) : "";
      text += "▀";
    }
    text += "\x1b[0m" + end;
  }
  return text;
}

}  // namespace

// ---- Text --------------------------------------------------------------

std::string format(const char* pattern, ...) {
  std::va_list list;
  va_start(list, pattern);
  const std::string text = format_list(pattern, list);
  va_end(list);
  return text;
}

std::string percent(double share, int decimals) {
  return format("%.*f %%", decimals, 100 * share);
}

void print(const char* pattern, ...) {
  std::va_list list;
  va_start(list, pattern);
  const std::string text = format_list(pattern, list);
  va_end(list);
  write_out(text);
}

void step(const std::string& title) {
  static int number = 0;
  ++number;
  const std::string line = std::to_string(number) + ". " + title;
  const bool bold = understands_escapes(stdout);
  write_out(bold ? "\n\x1b[1m" + line + "\x1b[0m\n" : "\n" + line + "\n");
}

std::string wrapped(const std::string& text, const std::string& indent,
                    int width) {
  std::istringstream paragraphs(text);
  std::string result;
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    const Strings lines = broken_into_lines(
        paragraph, width - text_width(indent), [](const std::string& line) {
          return static_cast<double>(text_width(line));
        });
    if (lines.empty()) result += "\n";
    for (const std::string& line : lines) result += indent + line + "\n";
  }
  return result;
}

void say(const std::string& text, const std::string& indent) {
  print("%s", wrapped(text, indent).c_str());
}

bool LivePicture::can_draw() const {
  return colours_of(stderr) != Colours::none;
}

void LivePicture::show(const std::vector<Picture>& pictures,
                       const std::string& caption) {
  if (!can_draw()) return;
  // A line that the terminal has wrapped, or scrolled off its top, cannot
  // be drawn over, so what has no room is cut off.
  const std::string indent = "    ";
  const TerminalSize room = size_of_errors();
  const int columns = room.columns - text_width(indent) - 1;
  if (columns < 1 || room.rows < 3) return;
  const Strip strip(pictures, columns, 2 * (room.rows - 2));
  if (on_screen != nullptr) on_screen->clear();
  const std::string up = lines_ > 0 ? format("\x1b[%dA", lines_) : "";
  const std::string rest_of_line = "\x1b[K\n";
  write_error(up +
              half_blocks(strip, indent, rest_of_line, colours_of(stderr)) +
              indent + cut(caption, columns) + rest_of_line);
  lines_ = (strip.height() + 1) / 2 + 1;
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0 && seconds < 1e9)) return "?";
  const long long whole = std::llround(seconds);
  if (whole < 60) return format("%lld s", whole);
  if (whole < 3600) {
    const long long rest = whole % 60;
    return format("%lld min", whole / 60) +
           (rest == 0 ? "" : format(" %lld s", rest));
  }
  const long long minutes = std::llround(seconds / 60);
  const long long rest = minutes % 60;
  return format("%lld h", minutes / 60) +
         (rest == 0 ? "" : format(" %lld min", rest));
}

// ---- Numbers, tables, digits -------------------------------------------

void print_matrix(const Tensor<>& matrix, int decimals,
                  const std::string& indent) {
  if (matrix.rank() != 1 && matrix.rank() != 2) {
    fail(Refusal::argument,
         "print_matrix: expected shape (W) or (H, W), got " +
             to_string(matrix.shape()));
  }
  if (decimals < 0) {
    fail(Refusal::argument,
         "print_matrix: expected 0 decimals or more, got " +
             std::to_string(decimals));
  }
  std::vector<std::string> cells;
  int width = 0;
  for (const float number : matrix.data()) {
    cells.push_back(fixed_text(number, decimals));
    width = std::max(width, text_width(cells.back()));
  }
  const int W = matrix.extent(matrix.rank() - 1);
  std::string text;
  for (int i = 0; i < matrix.size(); ++i) {
    const std::string& cell = cells[static_cast<std::size_t>(i)];
    text += i % W == 0 ? indent : "  ";
    text += spaces(width - text_width(cell)) + cell;
    if (i % W == W - 1) text += "\n";
  }
  write_out(text);
}

std::string table_text(const Rows& given, const std::string& indent) {
  if (given.empty()) return "";
  Rows rows = given;
  std::size_t count = 0;
  for (const Strings& row : rows) count = std::max(count, row.size());
  for (Strings& row : rows) row.resize(count);
  std::vector<Column> columns;
  Strings underline;
  for (std::size_t x = 0; x < count; ++x) {
    columns.emplace_back(rows, x);
    underline.emplace_back(static_cast<std::size_t>(columns[x].width), '-');
  }
  rows.insert(rows.begin() + 1, underline);
  std::string text;
  for (const Strings& row : rows) {
    std::string line = indent;
    for (std::size_t x = 0; x < count; ++x) {
      const std::string fill =
          spaces(columns[x].width - text_width(row[x]));
      if (x > 0) line += "  ";
      line += columns[x].right_aligned ? fill + row[x] : row[x] + fill;
    }
    text += without_trailing_spaces(line) + "\n";
  }
  return text;
}

void print_table(const Rows& rows, const std::string& indent) {
  write_out(table_text(rows, indent));
}

bool prints_to_terminal() {
  return is_terminal(stdout);
}

void print_digit(const Tensor<>& image, const std::string& indent) {
  require_rank(image.shape(), 2, "print_digit", "image");
  const Colours colours = colours_of(stdout);
  if (colours == Colours::none) {
    write_out(in_characters(image, indent));
    return;
  }
  const std::vector<Picture> digit = {grey_tile(image, 1)};
  write_out(half_blocks(Strip(digit, image.extent(1), image.extent(0)),
                        indent, "\n", colours));
}

// ---- Progress ----------------------------------------------------------

Progress::Progress(std::string label, int total, std::string unit)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      in_place_(is_terminal(stderr) && environment("TERM") != "dumb"),
      start_(steady_clock::now()),
      last_(start_) {}

Progress::~Progress() {
  try {
    if (in_place_) {
      clear();
    } else if (seconds() >= 1 && std::uncaught_exceptions() == 0) {
      // (After an error, the error's own line is the only one.)
      write_error(
          label_ + ": " +
          joined({done_text() + " after " + duration_text(seconds()),
                  rate(), note_},
                 ", ") +
          "\n");
    }
  } catch (const std::bad_alloc&) {
    // A last line is not worth a call of std::terminate.
  }
}

void Progress::update(int done, const std::string& note) {
  done_ = std::clamp(done, 0, std::max(total_, 0));
  note_ = note;
  const auto now = steady_clock::now();
  const double pause = std::chrono::duration<double>(now - last_).count();
  if (in_place_) {
    if (seconds() >= 1 && pause >= 1.0 / 15) draw();
  } else if (pause >= 10) {
    draw();
  }
}

void Progress::draw() {
  last_ = steady_clock::now();
  if (!in_place_) {
    write_error(label_ + ": " +
                joined({done_text(), rate(), time_left(), note_}, ", ") +
                "\n");
    return;
  }
  if (on_screen != nullptr && on_screen != this) on_screen->clear();
  on_screen = this;
  // The last column stays free: some terminals would begin a new line.
  const int width = size_of_errors().columns - 1;
  const std::string text = line(width);
  // The cursor waits at the start, where the ^C of an interrupt does no
  // harm.
  write_error("\r" + text + spaces(width - text_width(text)) + "\r");
}

void Progress::clear() {
  if (on_screen != this) return;
  on_screen = nullptr;
  write_error("\r" + spaces(size_of_errors().columns - 1) + "\r");
}

double Progress::seconds() const {
  return std::chrono::duration<double>(steady_clock::now() - start_)
      .count();
}

std::string Progress::done_text() const {
  const int share =
      total_ <= 0 ? 100 : static_cast<int>(100LL * done_ / total_);
  return format("%d %%", share);
}

std::string Progress::rate() const {
  if (done_ == 0) return "";
  const double rate = done_ / std::max(seconds(), 1e-9);
  const std::string number =
      rate >= 10 ? grouped(rate) : format("%.2g", rate);
  return number + " " + unit_ + "/s";
}

std::string Progress::time_left() const {
  if (done_ == 0) return "";
  return duration_text(seconds() / done_ * (total_ - done_)) + " left";
}

// label  #####.....  43 %  1,234 images/s  12 s left  loss 0.231
// What does not fit is left out: first the rate, then the bar, and in the
// end the line is cut.
std::string Progress::line(int width) const {
  const int least_bar = 10, most_bar = 30;
  const std::string label = label_ + "  ";
  std::string rest =
      "  " + joined({done_text(), rate(), time_left(), note_});
  if (text_width(label + rest) + least_bar > width) {
    rest = "  " + joined({done_text(), time_left(), note_});
  }
  const int room = width - text_width(label + rest);
  if (room < least_bar) return cut(label + rest.substr(2), width);
  return label + bar(std::min(room, most_bar), done_, total_) + rest;
}

}  // namespace cnn
