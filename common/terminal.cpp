#include "common/terminal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace cnn {
namespace {

Progress* active_progress = nullptr;  // the bar that is on the screen
int steps_printed = 0;

bool is_terminal(std::FILE* stream) {
#ifdef _WIN32
  return _isatty(_fileno(stream)) != 0;
#else
  return isatty(fileno(stream)) != 0;
#endif
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// A terminal on which escape sequences move the cursor.
bool is_smart(std::FILE* stream) {
  return is_terminal(stream) && environment("TERM") != "dumb";
}

// https://no-color.org: NO_COLOR, when set and not empty, means no colours.
bool is_coloured(std::FILE* stream) {
  return is_smart(stream) && environment("NO_COLOR").empty();
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = environment(name);
    if (!value.empty())
      return value.find("UTF-8") != std::string::npos ||
             value.find("utf8") != std::string::npos;
  }
  return false;
}

int terminal_width() {
  const int columns = std::atoi(environment("COLUMNS").c_str());
  if (columns > 0) return columns;
#ifndef _WIN32
  winsize size{};
  if (ioctl(fileno(stderr), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
#endif
  return 80;
}

std::string formatted(const char* pattern, std::va_list values) {
  std::va_list again;
  va_copy(again, values);
  const int length = std::vsnprintf(nullptr, 0, pattern, values);
  std::string text(static_cast<std::size_t>(std::max(length, 0)) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), pattern, again);
  va_end(again);
  text.pop_back();
  return text;
}

// All that is printed goes this way: a bar is taken off the screen first.
void write(const std::string& text) {
  if (active_progress != nullptr) active_progress->clear();
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// How many characters, not bytes, a UTF-8 text has.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
      }));
}

std::string spaces(std::size_t count) {
  return std::string(count, ' ');
}

// "0.0" rather than "-0.0" for what rounds to nothing.
std::string number_text(float number, int decimals) {
  const std::string text =
      format("%.*f", decimals, static_cast<double>(number));
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text[0] == '-' ? text.substr(1) : text;
}

bool looks_like_a_number(const std::string& text) {
  return !text.empty() &&
         text.find_first_of("0123456789") != std::string::npos &&
         text.find_first_not_of("0123456789.,+-e% ") == std::string::npos;
}

int grey_of_256(float level) {  // 24 greys of the 256-colour palette
  return 232 +
         static_cast<int>(std::clamp(level, 0.0f, 1.0f) * 23.0f + 0.5f);
}

// Two rows of pixels in one row of text: the upper half-block is the upper
// pixel, the background behind it the lower one.
void print_half_blocks(const Tensor<>& image, const std::string& indent) {
  std::string text;
  for (int y = 0; y < image.extent(0); y += 2) {
    text += indent;
    for (int x = 0; x < image.extent(1); ++x) {
      const float lower = y + 1 < image.extent(0) ? image(y + 1, x) : 0.0f;
      text += format("\x1b[38;5;%dm\x1b[48;5;%dm\u2580",
                     grey_of_256(image(y, x)), grey_of_256(lower));
    }
    text += "\x1b[0m\n";
  }
  write(text);
}

// Two characters a pixel, because a character is twice as high as wide.
void print_characters(const Tensor<>& image, const std::string& indent) {
  const std::string_view ramp = " .:-=+*#%@";  // from nothing to full ink
  std::string text;
  for (int y = 0; y < image.extent(0); ++y) {
    std::string row;
    for (int x = 0; x < image.extent(1); ++x) {
      const float level = std::clamp(image(y, x), 0.0f, 1.0f);
      const auto shade = static_cast<std::size_t>(level * 9.0f + 0.5f);
      row += std::string(2, ramp[shade]);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += (row.empty() ? "" : indent + row) + "\n";
  }
  write(text);
}

}  // namespace

std::string format(const char* pattern, ...) {
  std::va_list values;
  va_start(values, pattern);
  std::string text = formatted(pattern, values);
  va_end(values);
  return text;
}

void print(const char* pattern, ...) {
  std::va_list values;
  va_start(values, pattern);
  const std::string text = formatted(pattern, values);
  va_end(values);
  write(text);
}

void step(const std::string& title) {
  const bool bold = is_coloured(stdout);
  const std::string line = std::to_string(++steps_printed) + ". " + title;
  write("\n" + (bold ? "\x1b[1m" + line + "\x1b[0m" : line) + "\n\n");
}

void print_matrix(const Tensor<>& matrix, int decimals,
                  const std::string& indent) {
  if (matrix.rank() != 1 && matrix.rank() != 2)
    throw std::invalid_argument(
        "print_matrix: expected a matrix or a row of numbers, got shape " +
        to_string(matrix.shape()));
  std::vector<std::string> cells;
  std::size_t widest = 0;
  for (const float number : matrix.data()) {
    cells.push_back(number_text(number, decimals));
    widest = std::max(widest, cells.back().size());
  }
  const auto columns = static_cast<std::size_t>(matrix.shape().back());
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += i % columns == 0 ? indent : "  ";
    text += spaces(widest - cells[i].size()) + cells[i];
    if (i % columns == columns - 1) text += "\n";
  }
  write(text);
}

void print_table(const std::vector<std::vector<std::string>>& rows,
                 const std::string& indent) {
  std::vector<std::size_t> widths;
  std::vector<bool> numbers;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      if (c == widths.size()) {
        widths.push_back(0);
        numbers.push_back(true);
      }
      widths[c] = std::max(widths[c], width(rows[r][c]));
      if (r > 0 && !rows[r][c].empty() && !looks_like_a_number(rows[r][c]))
        numbers[c] = false;
    }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line, rule;
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const std::string gap = c == 0 ? "" : "  ";
      const std::string room = spaces(widths[c] - width(rows[r][c]));
      line += gap + (numbers[c] ? room + rows[r][c] : rows[r][c] + room);
      rule += gap + std::string(widths[c], '-');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += indent + line + "\n";
    if (r == 0) text += indent + rule + "\n";
  }
  write(text);
}

void print_digit(const Tensor<>& image, const std::string& indent) {
  require_rank(image.shape(), 2, "print_digit", "image");
  if (is_coloured(stdout) && locale_is_utf8()) {
    print_half_blocks(image, indent);
  } else {
    print_characters(image, indent);
  }
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(std::max(0.0, seconds) + 0.5);
  if (whole < 60) return format("%lld s", whole);
  if (whole < 3600)
    return format("%lld min %lld s", whole / 60, whole % 60);
  return format("%lld h %lld min", whole / 3600, whole / 60 % 60);
}

Progress::Progress(std::string label, int total, std::string unit)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(std::max(total, 1)),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {
  if (active_progress == nullptr) active_progress = this;
}

Progress::~Progress() {
  const std::chrono::duration<double> run =
      std::chrono::steady_clock::now() - start_;
  clear();
  if (!is_smart(stderr) && run.count() >= 1.0 && done_ > 0) {
    std::fprintf(stderr, "    %s: %d of %d %s in %s\n", label_.c_str(),
                 done_, total_, unit_.c_str(),
                 duration_text(run.count()).c_str());
  }
  if (active_progress == this) active_progress = nullptr;
}

std::string Progress::line(int room) const {
  const std::chrono::duration<double> run =
      std::chrono::steady_clock::now() - start_;
  const double share = static_cast<double>(done_) / total_;
  const double rate = done_ / std::max(run.count(), 1e-9);
  const std::string left =
      duration_text((total_ - done_) / std::max(rate, 1e-9));
  const std::string numbers =
      format(" %3.0f %%  %.0f %s/s  %s left  %s", 100 * share, rate,
             unit_.c_str(), left.c_str(), note_.c_str());
  const std::string head = "    " + label_ + " ";
  const int bar = std::clamp(
      room - static_cast<int>(width(head) + width(numbers)) - 3, 0, 30);
  std::string text = head;
  if (bar >= 5) {
    const int full = static_cast<int>(share * bar);
    text += "[" + std::string(static_cast<std::size_t>(full), '#') +
            std::string(static_cast<std::size_t>(bar - full), '.') + "]";
  }
  text += numbers;
  return text.substr(0, static_cast<std::size_t>(std::max(room - 1, 1)));
}

void Progress::update(int done, const std::string& note) {
  done_ = std::clamp(done, 0, total_);
  note_ = note;
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> run = now - start_;
  const std::chrono::duration<double> since = now - last_;
  if (is_smart(stderr)) {
    if (run.count() < 0.5 || since.count() < 0.07) return;
    std::fprintf(stderr, "\r\x1b[K%s", line(terminal_width()).c_str());
    std::fflush(stderr);
    drawn_ = true;
    last_ = now;
  } else if (since.count() >= 10.0) {
    std::fprintf(stderr, "%s\n", line(200).c_str());
    last_ = now;
  }
}

void Progress::clear() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
  }
}

}  // namespace cnn
