// --measure-teaching: what teaching is worth, measured with letters that
// the program draws and with photographs of digits.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "16-saving/steps_files.hpp"
#include "17-handwriting/labelled_photographs.hpp"
#include "17-handwriting/letters_taught.hpp"
#include "17-handwriting/reading.hpp"
#include "17-handwriting/steps_folder.hpp"
#include "17-handwriting/steps_read.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "17-handwriting/writers_left_out.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- Letters -----------------------------------------------------------

// Mean and standard deviation: "98.7 % +- 0.4", or "98.7 %" of one share.
inline std::string mean_text(const std::vector<double>& shares) {
  double sum = 0, squares = 0;
  for (const double share : shares) sum += share;
  const auto count = static_cast<double>(shares.size());
  for (const double share : shares)
    squares += (share - sum / count) * (share - sum / count);
  return format("%.1f %%", 100 * sum / count) +
         (shares.size() < 2
              ? ""
              : format(" +- %.1f", 100 * std::sqrt(squares / (count - 1))));
}

inline void letters_taught(Program& program) {
  const LoadedNetwork reader = load_network(reader_path());
  const Dataset to_read = drawn_letters(50, 1000);
  const int seeds = program.integer("seeds");
  print("Letters: %zu kinds (%s), %d to be read, seeds: %d.\n",
        letter_names.size(), letter_names.c_str(), to_read.size(), seeds);
  print("The share read right: mean and standard deviation.\n\n");
  Rows rows = {
      {"letters a kind", "epochs", "reader of digits", "from nothing"}};
  Progress progress("letters", 8, "lessons");
  for (const int epochs : {10, 40})
    for (const int per_class : {2, 5, 10, 20}) {
      const LettersTaught it = compute_letters_taught(
          reader.file, reader.plan, per_class, epochs, seeds, to_read);
      rows.push_back({std::to_string(it.per_class),
                      std::to_string(it.epochs), mean_text(it.from_digits),
                      mean_text(it.from_nothing)});
      progress.update(static_cast<int>(rows.size()) - 1);
    }
  print_table(rows);
}

// ---- Photographs -------------------------------------------------------

struct PhotographSource {
  std::string file, label, writer;
};

// Who wrote each photograph of a folder. We assume that all pictures of one
// page have the same writer, and so do all other pictures of one source,
// whose file names begin alike.
inline std::vector<PhotographSource> photograph_sources(
    const std::filesystem::path& folder) {
  std::ifstream csv(folder / "labels.csv");
  std::string line;
  std::getline(csv, line);
  const Strings names = csv_fields(line);
  const auto place = [&](const char* name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      fail(Refusal::runtime, (folder / "labels.csv").string() +
                                 ": expected a first line with the name '" +
                                 name + "'");
    return static_cast<std::size_t>(found - names.begin());
  };
  const std::size_t file = place("file"), label = place("label"),
                    repository = place("source_repo"),
                    page = place("source_file");
  std::map<std::string, int> on_page;
  std::vector<Strings> all;
  while (std::getline(csv, line)) {
    all.push_back(csv_fields(line));
    all.back().resize(names.size());
    ++on_page[all.back()[repository] + "/" + all.back()[page]];
  }
  std::vector<PhotographSource> sources;
  for (const Strings& it : all)
    sources.push_back(
        {it[file], it[label],
         it[file].substr(0, it[file].find('_')) +
             (on_page[it[repository] + "/" + it[page]] > 1 ? ", " + it[page]
                                                           : "")});
  return sources;
}

// The digits of all photographs in which the reader found as many as
// labels.csv names.
inline WrittenDigits photographed_digits(
    const std::filesystem::path& folder, const Reader& reader) {
  std::vector<Tensor<>> crops;
  WrittenDigits digits;
  for (const auto& [file, label, writer] : photograph_sources(folder)) {
    if (label.empty()) continue;
    const Reading seen =
        read_picture(upright_picture(folder / file), reader);
    if (seen.digits.size() != label.size()) continue;
    for (std::size_t i = 0; i < label.size(); ++i) {
      crops.push_back(seen.digits[i].crop);
      digits.data.labels.push_back(label[i] - '0');
      digits.writers.push_back(writer);
    }
  }
  digits.data.images =
      Tensor<>({static_cast<int>(crops.size()), 1, 28, 28});
  for (std::size_t n = 0; n < crops.size(); ++n)
    set_row(digits.data.images, static_cast<int>(n), crops[n].data());
  return digits;
}

inline void writers_left_out(Program& program,
                             const std::filesystem::path& folder) {
  const std::filesystem::path plain_path =
      Program::source_folder() /
      "chapters/16-saving/weights/digits.safetensors";
  const LoadedNetwork reader = load_network(reader_path()),
                      plain = load_network(plain_path);
  const WrittenDigits digits =
      photographed_digits(folder, reader_from(reader_path()).reader);
  const AugmentedTraining settings = teaching_settings();
  print(
      "\nPhotographs: %d digits. Two networks read each writer's digits "
      "before and\nafter they are taught everybody else's: the reader and "
      "chapter 16's network.\n\n",
      digits.data.size());
  const auto from_reader = compute_writers_left_out(
                 reader.file, reader.plan, digits, settings),
             from_plain = compute_writers_left_out(plain.file, plain.plan,
                                                   digits, settings);
  Rows rows = {
      {"writer", "digits", "reader", "taught", "chapter 16", "taught"}};
  std::vector<int> sum(4);
  for (std::size_t w = 0; w < from_reader.size(); ++w) {
    const std::vector<int> right = {
        from_reader[w].before, from_reader[w].after, from_plain[w].before,
        from_plain[w].after};
    rows.push_back(
        {from_reader[w].writer, std::to_string(from_reader[w].digits)});
    for (std::size_t i = 0; i < right.size(); ++i) {
      rows.back().push_back(std::to_string(right[i]));
      sum[i] += right[i];
    }
  }
  print_table(rows);
  const char* names[] = {"the reader", "the reader, taught",
                         "chapter 16's network",
                         "chapter 16's network, taught"};
  print("\n");
  rows = {{"all writers", "right", "share", "95 % interval"}};
  for (std::size_t i = 0; i < sum.size(); ++i)
    rows.push_back(share_row(names[i], sum[i], digits.data.size()));
  print_table(rows);
  program.report("left_out_before", std::to_string(sum[2]));
  program.report("left_out_after", std::to_string(sum[3]));
}

inline int measure_teaching_program(int argc, char** argv) {
  Program program("17-handwriting --measure-teaching",
                  "Measures what teaching a network is worth: letters, or "
                  "photographs of which each writer's are left out once.",
                  Program::Kind::tool);
  program.text(
      "photos", "", "DIR",
      "photographs of digits with their labels.csv, instead of letters");
  program.integer("seeds", 5, 1, 100, "runs for each number of letters");
  return program.run(argc, argv, [](Program& run) {
    if (run.given("photos"))
      writers_left_out(run, run.text("photos"));
    else
      letters_taught(run);
  });
}

}  // namespace cnn
