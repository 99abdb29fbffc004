#include "common/shell/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <sstream>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
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

bool is_terminal(std::FILE* stream) {
#ifdef _WIN32
  return _isatty(_fileno(stream)) != 0;
#else
  return isatty(fileno(stream)) != 0;
#endif
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

enum class Greys { none, of_24, of_256 };

// How finely a stream's terminal can show grey. A terminal of 256 colours
// has 24 steps of grey, one of 24-bit colour has 256.
Greys greys_of(std::FILE* stream) {
  if (!understands_escapes(stream) || !speaks_utf8()) return Greys::none;
  const std::string colours = environment("COLORTERM");
  if (colours == "truecolor" || colours == "24bit") return Greys::of_256;
  return contains(environment("TERM"), "256color") ? Greys::of_24
                                                   : Greys::none;
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

int columns_of_errors() {
  return size_of_errors().columns;
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

// What rounds to zero loses its sign, and so does a NaN: neither means
// anything to a reader.
std::string fixed_text(float number, int decimals) {
  std::string text = format("%.*f", decimals, static_cast<double>(number));
  const bool means_something =
      text.find_first_of("123456789i") != std::string::npos;
  if (text[0] == '-' && !means_something) text.erase(0, 1);
  return text;
}

bool is_number(const std::string& cell) {
  if (cell == "nan" || cell == "inf" || cell == "-inf") return true;
  const std::size_t sign = cell.find_first_not_of("+-");
  if (sign == std::string::npos || sign > 1) return false;
  if (std::isdigit(static_cast<unsigned char>(cell[sign])) == 0 &&
      cell[sign] != '.') {
    return false;
  }
  const std::size_t end = cell.find_first_not_of("0123456789.,eE+-");
  if (end == std::string::npos) return true;
  const std::string unit = cell.substr(end);
  return unit == "%" || unit == " %" || unit == "x" || unit == " x";
}

// ---- Progress ----------------------------------------------------------

// All the parts that are not empty.
std::string joined(const std::vector<std::string>& parts,
                   const std::string& between = "  ") {
  std::string text;
  for (const std::string& part : parts) {
    if (!part.empty()) text += (text.empty() ? "" : between) + part;
  }
  return text;
}

// The first characters of a UTF-8 text.
std::string cut(const std::string& text, int width) {
  std::string result;
  for (const char byte : text) {
    result += byte;
    if (text_width(result) > width) return result.erase(result.size() - 1);
  }
  return result;
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
};

const std::string& cell_of(const Rows& rows, std::size_t y, std::size_t x) {
  static const std::string nothing;
  return x < rows[y].size() ? rows[y][x] : nothing;
}

Column measure(const Rows& rows, std::size_t x) {
  Column column;
  bool any_number = false, any_text = false;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    const std::string& cell = cell_of(rows, y, x);
    column.width = std::max(column.width, text_width(cell));
    if (y == 0 || cell.empty() || cell == "-") continue;
    (is_number(cell) ? any_number : any_text) = true;
  }
  column.right_aligned = any_number && !any_text;
  return column;
}

std::string table_line(const Rows& rows, std::size_t y,
                       const std::vector<Column>& columns) {
  std::string line;
  for (std::size_t x = 0; x < columns.size(); ++x) {
    const std::string& cell = cell_of(rows, y, x);
    const std::string fill = spaces(columns[x].width - text_width(cell));
    if (x > 0) line += "  ";
    line += columns[x].right_aligned ? fill + cell : cell + fill;
  }
  return line;
}

std::string underline(const std::vector<Column>& columns) {
  std::string line;
  for (std::size_t x = 0; x < columns.size(); ++x) {
    if (x > 0) line += "  ";
    line += std::string(static_cast<std::size_t>(columns[x].width), '-');
  }
  return line;
}

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

// The escape code that makes the letter (38) or what is behind it (48)
// grey. A NaN is purple.
std::string grey_code(int where, float grey, Greys greys) {
  if (std::isnan(grey)) return format("\x1b[%d;5;128m", where);
  const float level = std::clamp(grey, 0.0f, 1.0f);
  if (greys == Greys::of_256) {
    const long byte = std::lround(level * 255.0f);
    return format("\x1b[%d;2;%ld;%ld;%ldm", where, byte, byte, byte);
  }
  // Of the 256 colours, 232 is nearly black and 255 nearly white.
  return format("\x1b[%d;5;%ldm", where, 232 + std::lround(level * 23.0f));
}

// The escape code for a colour. 256 colours have a cube of 6 x 6 x 6.
std::string colour_code(int where, const Colour& colour, Greys colours) {
  if (colours == Greys::of_256)
    return format("\x1b[%d;2;%d;%d;%dm", where, colour.red, colour.green,
                  colour.blue);
  const auto sixth = [](int byte) { return (byte * 5 + 127) / 255; };
  return format("\x1b[%d;5;%dm", where,
                16 + 36 * sixth(colour.red) + 6 * sixth(colour.green) +
                    sixth(colour.blue));
}

// An upper half-block shows two pixels: its own colour is the upper one,
// the colour behind it is the lower one. code(where, y, x): the escape code
// for a pixel's colour; `end`: what ends a line.
template <class Code>
std::string half_blocks(int width, int height, const std::string& indent,
                        const std::string& end, const Code& code) {
  std::string text;
  for (int y = 0; y < height; y += 2) {
    text += indent;
    for (int x = 0; x < width; ++x) {
      text += code(38, y, x);
      if (y + 1 < height) text += code(48, y + 1, x);
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

int text_width(const std::string& text) {
  // In UTF-8 all bytes of a character but its first begin with bits 10.
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
      }));
}

std::string wrapped(const std::string& text, const std::string& indent,
                    int width) {
  std::istringstream paragraphs(text);
  std::string result;
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    std::istringstream words(paragraph);
    std::string line;
    for (std::string word; words >> word;) {
      const int length = text_width(indent + line + " " + word);
      if (!line.empty() && length > width) {
        result += indent + line + "\n";
        line.clear();
      }
      line += (line.empty() ? "" : " ") + word;
    }
    result += line.empty() ? "\n" : indent + line + "\n";
  }
  return result;
}

void say(const std::string& text, const std::string& indent) {
  print("%s", wrapped(text, indent).c_str());
}

bool LivePicture::can_draw() const {
  return greys_of(stderr) != Greys::none;
}

void LivePicture::show(const Picture& picture, const std::string& caption) {
  if (!can_draw()) return;
  // A line that the terminal breaks in two, or one that has left its top,
  // cannot be drawn over: what has no room is cut off.
  const std::string indent = "    ";
  const TerminalSize room = size_of_errors();
  const int columns = room.columns - text_width(indent) - 1;
  const int width = std::min(picture.width(), columns);
  const int height = std::min(picture.height(), 2 * (room.rows - 2));
  if (width < 1 || height < 1) return;
  if (on_screen != nullptr) on_screen->clear();
  const Greys colours = greys_of(stderr);
  const std::string up = lines_ > 0 ? format("\x1b[%dA", lines_) : "";
  const std::string rest_of_line = "\x1b[K\n";
  write_error(up +
              half_blocks(width, height, indent, rest_of_line,
                          [&](int where, int y, int x) {
                            return colour_code(where, picture.at(x, y),
                                               colours);
                          }) +
              indent + cut(caption, columns) + rest_of_line);
  lines_ = (height + 1) / 2 + 1;
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

std::string table_text(const Rows& rows, const std::string& indent) {
  std::size_t count = 0;
  for (const auto& row : rows) count = std::max(count, row.size());
  std::vector<Column> columns;
  for (std::size_t x = 0; x < count; ++x) {
    columns.push_back(measure(rows, x));
  }
  std::string text;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    const std::string line = indent + table_line(rows, y, columns);
    text += without_trailing_spaces(line) + "\n";
    if (y == 0) text += indent + underline(columns) + "\n";
  }
  return text;
}

void print_table(const Rows& rows, const std::string& indent) {
  write_out(table_text(rows, indent));
}

void print_digit(const Tensor<>& image, const std::string& indent) {
  require_rank(image.shape(), 2, "print_digit", "image");
  const Greys greys = greys_of(stdout);
  write_out(greys == Greys::none
                ? in_characters(image, indent)
                : half_blocks(image.extent(1), image.extent(0), indent,
                              "\n", [&](int where, int y, int x) {
                                return grey_code(where, image(y, x), greys);
                              }));
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
      // (What ends in an error ends in one line: that of the error.)
      write_error(
          label_ + ": " +
          joined({done_text() + " after " + duration_text(seconds()),
                  rate(), note_},
                 ", ") +
          "\n");
    }
  } catch (const std::bad_alloc&) {
    // A last line is not worth an end by std::terminate.
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
  const int width = columns_of_errors() - 1;
  const std::string text = line(width);
  // The cursor waits at the start, where the ^C of an interrupt does no
  // harm.
  write_error("\r" + text + spaces(width - text_width(text)) + "\r");
}

void Progress::clear() {
  if (on_screen != this) return;
  on_screen = nullptr;
  write_error("\r" + spaces(columns_of_errors() - 1) + "\r");
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
