// Steps 4 and 5: what strangers send, files and lines of text.
// Book: book/16-saving.md
#pragma once

#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "16-saving/architecture_text.hpp"
#include "16-saving/hostile_files.hpp"
#include "16-saving/steps_shared.hpp"

namespace cnn {

// Bytes in the unit that suits them: "17.2 GB".
inline std::string memory_text(double bytes) {
  const char* const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < std::size(units)) {
    bytes /= 1000;
    ++unit;
  }
  return format("%.3g ", bytes) + units[unit];
}

// ---- 4. Ten files from strangers ---------------------------------------

inline void ten_hostile_files(SavingTour& tour) {
  step("Ten files from strangers");
  say("The shipped file with one change or another, and what our reader "
      "says about each. If believing a file would take more than ten times "
      "its size in memory, the brackets say so.");
  print("\n");
  int refused = 0;
  std::set<std::string> rules;  // "rule 7" and so on
  const std::vector<HostileFile> files = hostile_files(tour.file);
  for (const HostileFile& file : files) {
    const std::string rule = rule_broken_by(file.bytes);
    if (rule != "none") {
      ++refused;
      rules.insert(rule.substr(0, rule.find(':')));
    }
    const double memory = naive_memory(file.bytes);
    print("    %s\n", file.done.c_str());
    say(rule, "      ");
    if (memory > 10 * static_cast<double>(file.bytes.size()))
      say("(Trusted, it would take " + memory_text(memory) +
              "; the file has " + grouped(file.bytes.size()) + " bytes.)",
          "      ");
    print("\n");
  }
  say(std::to_string(refused) + " of " + std::to_string(files.size()) +
      " are refused, by " + counted_text(rules.size(), "different rule") +
      ".");
  tour.program.report("hostile_files_refused", std::to_string(refused));
}

// ---- 5. An architecture as a line of text ------------------------------

inline void architectures_as_text(SavingTour&) {
  step("An architecture as a line of text");
  say("The line in the metadata becomes chapter 06's list of layers, and "
      "the list becomes a line. Which of these are architectures?");
  print("\n");
  for (const char* text :
       {"conv 8 5 pad 2, relu", "conv 8 5 padding 2", "conv 8, relu",
        "conv 8 5 stride 0", "relu, rely"}) {
    const auto read = parse_architecture(text);
    const Broken* broken = std::get_if<Broken>(&read);
    print("    %s\n", text);
    say(broken ? broken->rule
               : "read, and written again as: " +
                     to_text(std::get<SavedArchitecture>(read)),
        "      ");
  }
}

}  // namespace cnn
