// What programs write for people: numbered steps, small matrices in
// columns, a digit drawn in characters, a progress bar with the time left.
//
// Everything that a chapter prints goes to standard output and is the same
// on every run. Progress, rates and seconds go to standard error.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/tensor.hpp"

namespace cnn {

// printf into a string: format("%.3f", x).
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

// printf to standard output.
[[gnu::format(printf, 1, 2)]] void print(const char* pattern, ...);

// "3. Title" with a blank line before it, bold on a terminal; numbers run
// from 1.
void step(const std::string& title);

// A small matrix (H, W), or a row of numbers (W), in columns, indented.
void print_matrix(const Tensor<>& matrix, int decimals,
                  const std::string& indent = "    ");

// Rows of text in columns as wide as they need; the first row is the head,
// underlined. Columns of numbers are right-aligned.
void print_table(const std::vector<std::vector<std::string>>& rows,
                 const std::string& indent = "    ");

// A grey image (H, W) from 0 to 1: half-blocks in grey on a terminal that
// can, characters from light to dark elsewhere.
void print_digit(const Tensor<>& image, const std::string& indent = "    ");

// Progress on standard error: on a terminal a bar that is redrawn in place,
// with rate and time left; in a pipe a plain line now and then (at most one
// every ten seconds and one at the end). A bar for less than a second is
// never shown.
class Progress {
 public:
  Progress(std::string label, int total, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of total; `note` is a short live figure such as "loss 0.231".
  void update(int done, const std::string& note = "");
  // Takes the bar off the screen so that a line can be printed; the next
  // update draws it again.
  void clear();

 private:
  std::string line(int width) const;

  std::string label_, unit_, note_;
  int total_, done_ = 0;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_, last_;
};

// "4 s", "3 min 20 s", "1 h 5 min".
std::string duration_text(double seconds);

}  // namespace cnn
