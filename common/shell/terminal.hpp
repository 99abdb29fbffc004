// What programs write for people: numbered steps, small matrices in
// columns, a digit drawn in characters, a progress bar with the time left.
//
// Everything that a chapter prints goes to standard output and, in a file
// or a pipe, is the same on every run. Progress, rates and seconds go to
// standard error.
//
// Colours and bold letters appear only on a terminal, and not if NO_COLOR
// is set or TERM is "dumb" or missing.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "common/draw/picture.hpp"
#include "common/draw/text.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The printf whose patterns compilers check ours against. MinGW also knows
// that of Windows, but does not print with it.
#ifdef __MINGW_PRINTF_FORMAT
#define CNN_PRINTF __MINGW_PRINTF_FORMAT
#else
#define CNN_PRINTF printf
#endif

// printf into a string: format("%.3f", x).
[[gnu::format(CNN_PRINTF, 1, 2)]] std::string format(const char* pattern,
                                                     ...);

// A share from 0 to 1 as text: "97.85 %".
std::string percent(double share, int decimals = 2);

// printf to standard output. Like all functions here that print, it first
// takes a progress bar off the screen, and flushes what it has printed.
[[gnu::format(CNN_PRINTF, 1, 2)]] void print(const char* pattern, ...);

// "3. Title" with a blank line before it, bold on a terminal; numbers run
// from 1.
void step(const std::string& title);

// A small matrix (H, W), or a row of numbers (W), in columns, indented.
// Throws std::invalid_argument for another rank or decimals below 0.
void print_matrix(const Tensor<>& matrix, int decimals,
                  const std::string& indent = "    ");

using Rows = std::vector<Strings>;

// Prints rows of text in columns as wide as they need to be, the first row
// underlined as the head. Columns of numbers are right-aligned: "-3.5e-07",
// "1,234", "97.5 %", "4.2x", "nan"; "-" and "" may stand among them.
void print_table(const Rows& rows, const std::string& indent = "    ");

// What print_table() prints.
std::string table_text(const Rows& rows,
                       const std::string& indent = "    ");

// Whether a stream, or standard output, is a terminal.
bool is_terminal(std::FILE* stream);
bool prints_to_terminal();

// Prints a grey image (H, W) from 0 to 1: as grey half-blocks on a terminal
// that can show them, else as characters from light to dark, '?' for a NaN.
// Throws std::invalid_argument for another rank.
void print_digit(const Tensor<>& image, const std::string& indent = "    ");

// Progress on standard error: on a terminal a bar that is redrawn in place,
// with rate and time left; in a pipe a plain line now and then (at most one
// every ten seconds and one at the end). In the first second it shows
// nothing.
class Progress {
 public:
  Progress(std::string label, int total, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of total; `note` is a short live figure such as "loss 0.231".
  void update(int done, const std::string& note = "");
  // Takes the bar off the screen so that a line can be printed; the next
  // update draws it again. All functions here that print call it.
  void clear();

 private:
  double seconds() const;
  std::string done_text() const;
  std::string rate() const;
  std::string time_left() const;
  std::string line(int width) const;
  void draw();

  std::string label_, unit_, note_;
  int total_, done_ = 0;
  bool in_place_;
  std::chrono::steady_clock::time_point start_, last_;
};

// Small pictures side by side on standard error, as large as the terminal
// has room for, with a line of text under them. Each show() draws over the
// last one, and the final one stays. Nothing appears unless standard error
// is a terminal in colour. What does not fit at the smallest size is cut.
class LivePicture {
 public:
  bool can_draw() const;
  void show(const std::vector<Picture>& pictures,
            const std::string& caption);

 private:
  int lines_ = 0;  // on the screen
};

// "4 s", "3 min 20 s", "1 h 5 min".
std::string duration_text(double seconds);

// Text broken between words into lines of at most `width` characters,
// `indent` included, each with a line end. '\n' begins a new line.
std::string wrapped(const std::string& text,
                    const std::string& indent = "    ", int width = 76);

// A paragraph to standard output, wrapped.
void say(const std::string& text, const std::string& indent = "    ");

}  // namespace cnn
