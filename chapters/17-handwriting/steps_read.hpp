// The verb read: reads digits in pictures, or tells what pictures show.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "16-saving/steps_files.hpp"
#include "17-handwriting/figures.hpp"
#include "17-handwriting/named_reader.hpp"
#include "17-handwriting/reading.hpp"
#include "17-handwriting/reading_json.hpp"
#include "17-handwriting/steps_colour.hpp"
#include "17-handwriting/steps_folder.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "common/shell/file.hpp"
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Makes a reader throw std::invalid_argument that begins with `name` if its
// answer holds a NaN: even finite weights can be so large that their sums
// are not finite.
inline NamedReader sure_to_answer(NamedReader it, const std::string& name) {
  it.reader = [reader = std::move(it.reader), name](const Tensor<>& crops) {
    Tensor<> probabilities = reader(crops);
    require_answers(probabilities, name);
    return probabilities;
  };
  return it;
}

// Throws std::runtime_error that begins with the path unless the file holds
// a network for pictures of MNIST's size with names for its answers.
inline NamedReader reader_of(const LoadedNetwork& loaded,
                             const std::string& path) {
  return sure_to_answer(
      named_reader(loaded, network_of(loaded, path), path), path);
}
inline NamedReader reader_from(const std::filesystem::path& path) {
  return reader_of(load_network(path), path.string());
}

// The file that --weights names, or the book's reader.
inline std::filesystem::path chosen_reader(const Program& program) {
  const std::string& weights = program.text("weights");
  return weights.empty() ? reader_path() : std::filesystem::path(weights);
}

// ---- For people --------------------------------------------------------

// Crops side by side, half as large, so that five fit on a terminal's line.
inline Tensor<> crops_in_a_row(const std::vector<DigitSeen>& digits,
                               std::size_t first, std::size_t count) {
  const int side = 14;
  Tensor<> row({side, static_cast<int>(count) * side});
  for (std::size_t n = 0; n < count; ++n) {
    const Tensor<> small = area_average(digits[first + n].crop, side, side);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        row(y, static_cast<int>(n) * side + x) = small(y, x);
  }
  return row;
}

// Prints what the network said, five digits a row. If the output is a
// terminal, draws what the network was shown above each row.
inline void print_digits(const std::vector<DigitSeen>& digits,
                         const ClassNames& names) {
  for (std::size_t first = 0; first < digits.size(); first += 5) {
    const std::size_t count =
        std::min<std::size_t>(5, digits.size() - first);
    if (prints_to_terminal())
      print_digit(crops_in_a_row(digits, first, count));
    std::string text;
    for (std::size_t n = first; n < first + count; ++n)
      text += format("%-14s", (name_of_class(names, digits[n].answer) +
                               "  " + percent(digits[n].probability, 1))
                                  .c_str());
    print("    %s\n",
          text.substr(0, text.find_last_not_of(' ') + 1).c_str());
  }
}

inline void print_reading(const std::string& file, const Reading& it,
                          const ClassNames& names) {
  if (!it.refused.empty()) {
    print("%s: no answer (%s)\n", file.c_str(), it.refused.c_str());
    return;
  }
  print("%s:\n", file.c_str());
  for (std::size_t line = 0; line < it.lines.size(); ++line) {
    print("  %s\n", it.lines[line].c_str());
    std::vector<DigitSeen> digits;
    for (const DigitSeen& digit : it.digits)
      if (digit.line == static_cast<int>(line)) digits.push_back(digit);
    print_digits(digits, names);
  }
}

// ---- The verb ----------------------------------------------------------

// For each picture file, the path of the figure that shows what the network
// sees in it. Pictures of one name from two folders get numbers, so that no
// figure replaces another.
using ReadingFigures = std::map<std::string, std::filesystem::path>;
inline ReadingFigures figures_of_readings(
    const Strings& files, const std::filesystem::path& folder) {
  ReadingFigures figures;
  std::set<std::string> taken;
  for (const std::string& file : files) {
    if (figures.count(file) > 0) continue;
    const std::string name =
        "read-" + std::filesystem::path(file).stem().string();
    std::string figure = name;
    for (int number = 2; !taken.insert(figure).second; ++number)
      figure = name + "-" + std::to_string(number);
    figures[file] = folder / (figure + ".png");
  }
  return figures;
}

// Throws UsageError if a figure cannot be drawn where the user wants it, or
// would replace a file that the command line names for something else, such
// as a picture that is still to be read.
inline void require_own_figures(const Program& program,
                                const ReadingFigures& figures) {
  const bool asked = program.given("figures");
  std::vector<std::filesystem::path> all;
  for (const auto& [file, figure] : figures) {
    if (asked) require_file(figure, "--figures ");
    all.push_back(figure);
  }
  program.require_own(all, "--figures");
}

// Draws what the network sees in a picture `file` into the file `figure`,
// whose path it writes to standard error.
inline void draw_reading(const std::filesystem::path& file,
                         const Tensor<>& photograph, const Reading& it,
                         const ClassNames& names,
                         const std::filesystem::path& figure) {
  write_file(figure, png_bytes(stations_figure(file.filename().string(),
                                               photograph, it, names)));
  std::fprintf(stderr, "what the network sees: %s\n",
               shown(figure).c_str());
}

// Says on standard error why a picture was not read or drawn. `why` may
// begin with the file's name, as the errors of reading a file do.
inline void print_failure(std::string_view file, std::string_view why) {
  std::fflush(stdout);
  std::fprintf(stderr, "tutorial read: ");
  if (!why.starts_with(file))
    std::fprintf(stderr, "%.*s: ", static_cast<int>(file.size()),
                 file.data());
  std::fprintf(stderr, "%.*s\n", static_cast<int>(why.size()), why.data());
}

// Calls read(file, picture) for each file of the command line. A file that
// cannot be read gets a line on standard error. Returns how many failed.
template <class Read>
int read_each(const Program& program, const Read& read) {
  int failed = 0;
  for (const std::string& file : program.arguments()) {
    try {
      read(file, upright_picture(file));
    } catch (const std::bad_alloc&) {
      print_failure(file, "ran out of memory");
      ++failed;
    } catch (const std::exception& error) {
      print_failure(file, error.what());
      ++failed;
    }
  }
  return failed;
}

// Reads whole pictures with a network that sees colour. Returns how many
// could not be read.
inline int read_colour(const Program& program, const LoadedNetwork& loaded,
                       const std::string& name) {
  if (!program.text("figures").empty())
    throw UsageError("--figures: a network of whole pictures draws none");
  const ClassNames names = value_or_fail(
      class_names_in(loaded.file,
                     value_or_fail(answers_of(loaded.plan), name)),
      name);
  const auto network = network_of(loaded, name);
  return read_each(program, [&](const auto& file, const auto& picture) {
    const auto all = likely_classes(*network, picture, names);
    print("%s\n", (program.flag("json") ? likely_json(file, all)
                                        : likely_text(file, all))
                      .c_str());
  });
}

// Where `read` draws without --figures.
inline std::filesystem::path figures_of_reading() {
  return Program::built_folder() / "figures/17-handwriting";
}

inline int read_pictures(const Program& program) {
  const bool json = program.flag("json");
  const std::string name = chosen_reader(program).string();
  const LoadedNetwork loaded = load_network(name);
  if (reads_colour(loaded.plan)) return read_colour(program, loaded, name);
  const NamedReader it = reader_of(loaded, name);
  std::filesystem::path folder = program.text("figures");
  if (folder.empty() && !json) folder = figures_of_reading();
  ReadingFigures figures;
  if (!folder.empty()) {
    figures = figures_of_readings(program.arguments(), folder);
    require_own_figures(program, figures);
  }
  return read_each(program, [&](const auto& file, const auto& picture) {
    const Reading reading = read_picture(picture, it.reader, it.names);
    if (json)
      print("%s\n", reading_json(file, reading, it.names).c_str());
    else
      print_reading(file, reading, it.names);
    if (!folder.empty())
      draw_reading(file, picture, reading, it.names, figures.at(file));
  });
}

inline int read_program(int argc, char** argv) {
  Program program(
      "tutorial read",
      "Reads the digits in photographs, line by line, and says "
      "how sure it is of each; or says what a photograph shows, "
      "if the network was taught that.",
      Program::Kind::tool);
  program.arguments("PICTURE", 1, 100000, "a JPEG, PNG, BMP or GIF file");
  program.reads("weights", "FILE",
                "another network than the book's reader");
  program.writes("figures", "DIR",
                 "where what the network sees is drawn (default " +
                     shown(figures_of_reading()) +
                     "; with --json nothing is)");
  program.flag("json", "one JSON object a picture instead of text");
  int failed = 0;
  const int status = program.run(
      argc, argv, [&](Program& it) { failed = read_pictures(it); });
  return status == 0 && failed > 0 ? 1 : status;
}

}  // namespace cnn
