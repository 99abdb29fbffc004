// Step 5: what the page fetches and what it has time for; and --page, which
// writes its digits.
// Book: book/18-browser.md
#pragma once

#include <filesystem>
#include <string>

#include "16-saving/steps_shared.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "18-browser/page_data.hpp"
#include "18-browser/steps_lesson.hpp"
#include "common/shell/file.hpp"
#include "common/shell/places.hpp"

namespace cnn {

// ---- 5. What the page fetches ------------------------------------------

inline std::string file_size_text(const std::filesystem::path& path) {
  return grouped(std::filesystem::file_size(path));
}

inline void what_the_page_fetches(BrowserTour&) {
  step("What the page fetches, and what it has time for");
  const auto bytes_text = [](const Dataset& data) {
    return grouped(page_bytes(data).size());
  };
  say("A pixel of a digit, a whole number from 0 to 255, takes one byte, "
      "and so does the label. Bytes, before the server packs them:");
  print("\n");
  const Split digits = embedded_digits();  // even if this run has others
  print_table({{"what", "digits", "bytes"},
               {"held-out digits", grouped(digits.held_out.size()),
                bytes_text(digits.held_out)},
               {"digits to learn from", grouped(digits.train.size()),
                bytes_text(digits.train)},
               {"chapter 16's network", "",
                file_size_text(Program::source_folder() / shipped_network)},
               {"chapter 17's reader", "", file_size_text(reader_path())}});
  print("\n");
  say("A screen is redrawn 60 times a second, which leaves 16 milliseconds "
      "between two pictures. At 10,000 images a second, this is how many "
      "steps of the training fit in:");
  print("\n");
  Rows rows = {{"batch", "ms a step", "steps in 16 ms"}};
  for (const int batch : {8, 16, 32, 64, 128})
    rows.push_back({std::to_string(batch), format("%.1f", batch / 10.0),
                    std::to_string(steps_within(16, 10000, batch))});
  print_table(rows);
  print("\n");
  say("The page trains in a thread of its own, the worker, which tells it "
      "20 times a second what is new: the 200 numbers of the first "
      "filters, " +
      grouped(20 * bytes_of_floats(200)) +
      " bytes a second; and loss, accuracy and rate of each step, with "
      "batches of 32 another " +
      grouped(10000.0 / 32 * bytes_of_floats(3)) + ".");
}

// ---- --page ------------------------------------------------------------

inline void write_page_digits(Program& program) {
  const std::filesystem::path folder = program.arguments()[0];
  require_writable(folder, "--page ");
  program.require_own({folder / "held-out.bin", folder / "train.bin"},
                      "--page");
  const Split digits = embedded_digits();
  for (const auto& [name, data] : {std::pair<const char*, const Dataset&>{
                                       "held-out.bin", digits.held_out},
                                   std::pair<const char*, const Dataset&>{
                                       "train.bin", digits.train}}) {
    const std::string bytes = page_bytes(data);
    write_file(folder / name, bytes);
    print("Written: %s, %s digits, %s bytes\n",
          shown(folder / name).c_str(), grouped(data.size()).c_str(),
          grouped(bytes.size()).c_str());
  }
}

inline int page_program(int argc, char** argv) {
  Program program("18-browser --page",
                  "Writes the digits as the web page fetches them: "
                  "held-out.bin and train.bin.",
                  Program::Kind::tool);
  program.arguments("FOLDER", 1, 1, "where they go");
  return program.run(argc, argv, write_page_digits);
}

}  // namespace cnn
