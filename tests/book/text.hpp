// Small things done to text, for the tool that keeps the book true.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace book {

using Lines = std::vector<std::string>;

// Lines begin to end - 1, counted from 0.
struct Range {
  std::size_t begin = 0, end = 0;
};

// Throws std::runtime_error if the file cannot be read.
std::string read_text(const std::filesystem::path& path);

// Without the line ends, be they of Linux or of Windows.
Lines split_lines(const std::string& text);
std::string joined(const Lines& lines);  // a line end behind each

bool starts_with(std::string_view text, std::string_view beginning);
bool is_digit(char c);
bool is_letter(char c);
bool is_word(char c);  // a letter, a digit or _

std::string trimmed(std::string_view text);

// Every run of white space, line ends included, as one blank.
std::string collapsed(std::string_view text);

// Without the blanks that all lines begin with, and without blank lines at
// both ends.
Lines dedented(Lines lines);

// Where two lines differ, with the words around it: what the first has and
// what the second has, each in quotes and cut short.
std::pair<std::string, std::string> difference(std::string_view a,
                                               std::string_view b);

// How many characters a line of UTF-8 shows.
int columns(std::string_view line);

// "two blanks" and "a \" sign" as they stand between quotes; `at` is on the
// opening quote and is left behind the closing one. Throws
// std::runtime_error if there is none.
std::string quoted(std::string_view text, std::size_t& at);

}  // namespace book
