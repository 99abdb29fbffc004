// One option of a program as its user writes it, and what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "common/draw/text.hpp"

namespace cnn {

// A user's mistake on the command line, which ends a program with status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// An option's name, its value and the values that it takes.
struct Option {
  std::string name, help, initial;
  enum class Kind { integer, number, choice, text, flag } kind;
  double least = 0, most = 0;
  Strings choices = {};
  std::string meaning = {};  // a text's, as --help shows it: "FILE"
  std::string value = {};
  // Whether a text names a file or folder, and what the program does to it.
  enum class File { none, read, written } file = File::none;

  bool accepts(const std::string& text) const;
  std::string range() const;     // "1 to 1000", "cosine or constant"
  std::string expected() const;  // "a whole number from 1 to 1000"
  bool changed() const;  // differs from its default; never for a flag
  // Its two columns in --help.
  std::string usage() const;  // "--epochs N"
  std::string explained() const;
};

// The whole number of which a text consists; nothing for any other text.
std::optional<std::uint64_t> whole_number(const std::string& text);
std::optional<int> whole_int(const std::string& text);

// A decimal number, such as 0.05 or 5e-2; no hexadecimal, "inf" or "nan".
std::optional<double> decimal_number(const std::string& text);

// A number with at most 15 digits, as many as a double is sure to keep.
std::string number_text(double number);

// "unknown option '--epoch' (did you mean --epochs?)"
std::string unknown_option(const std::string& given, const Strings& known);

// Throws UsageError unless `good`.
void require(bool good, const std::string& option,
             const std::string& expected, const std::string& got);

struct NameAndValue {
  std::string name;  // without the dashes
  std::optional<std::string> value;
};

// "--epochs=3" is a name and a value, "--epochs" a name alone. Throws
// UsageError if there is only one dash.
NameAndValue split_option(const std::string& text);

}  // namespace cnn
