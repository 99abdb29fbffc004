// What the chapter programs printed when they were recorded, and the
// numbers in it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/book/defect.hpp"
#include "tests/book/text.hpp"

namespace book {

// Lines `name = value`, in their order.
using Report = std::vector<std::pair<std::string, std::string>>;

// Throws std::runtime_error that names the line if one is of another form.
Report parse_report(const std::string& text);

// The value of a name; nullptr if there is none.
const std::string* find_value(const Report& report,
                              const std::string& name);

// Beside a record: what was measured once, on the machine that it names,
// and is held against nothing; and what the long study of a chapter
// printed.
inline const std::vector<std::string> measured_endings = {
    ".measured", ".mnist", ".compared", ".transfer", ".full.txt"};

// book/output/NN-name.txt, .report and, where there is one, .timing.
struct Record {
  std::string chapter;  // "02-convolution"
  Lines output;
  std::string flat;  // the output, white space collapsed
  Report report, timing;
};

// The names of all chapters, in order: folders with a main.cpp.
std::vector<std::string> chapters(const std::filesystem::path& root);

// The records of all chapters that have any; one that cannot be read is a
// defect.
class Records {
 public:
  Records(const std::filesystem::path& root, Defects& defects);

  // number: "02". Throws std::runtime_error if there is no such record.
  const Record& of(const std::string& number) const;

 private:
  std::map<std::string, Record> by_number_;
};

// The lines of a numbered step, heading included.
// Throws std::runtime_error if the output has no such step.
Range step_of(const Record& record, int step);

// A number as it was printed, "-1,234.50", "1.4e-08" or "97.9" with its
// value.
struct Number {
  std::string text;
  double value = 0;

  int decimals() const;
  bool scientific() const;
};

// The number that begins at a place of a text, if there is one.
std::optional<Number> number_at(std::string_view text, std::size_t at);

// The number in the place of # where a pattern stands in a record's output.
// Throws std::runtime_error if the pattern stands there never, or several
// times and no occurrence is named.
Number number_in(const Record& record, const std::string& pattern,
                 int occurrence);

}  // namespace book
