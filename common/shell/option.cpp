#include "common/shell/option.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

namespace cnn {
namespace {

template <class Integer>
std::optional<Integer> whole(const std::string& text) {
  Integer number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// "a", "a or b", "a, b or c".
std::string alternatives(const Strings& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 < choices.size() ? ", " : " or ";
    text += choices[i];
  }
  return text;
}

// How many letters differ between the beginning and the end that two words
// have in common: 1 for "epoch" and "epochs", 2 for "sede" and "seed".
std::size_t slip(std::string a, std::string b) {
  for (int end = 0; end < 2; ++end) {
    const auto differ =
        std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    a = {differ.first, a.end()};
    b = {differ.second, b.end()};
    std::reverse(a.begin(), a.end());
    std::reverse(b.begin(), b.end());
  }
  return std::max(a.size(), b.size());
}

}  // namespace

std::optional<std::uint64_t> whole_number(const std::string& text) {
  return whole<std::uint64_t>(text);
}

std::optional<int> whole_int(const std::string& text) {
  return whole<int>(text);
}

std::optional<double> decimal_number(const std::string& text) {
  const bool decimal =
      !text.empty() &&
      text.find_first_not_of("0123456789.+-eE") == std::string::npos;
  if (!decimal) return std::nullopt;
  char* stop = nullptr;
  const double number = std::strtod(text.c_str(), &stop);
  if (stop != text.c_str() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::string number_text(double number) {
  return short_text(number, 15);
}

bool Option::accepts(const std::string& text) const {
  if (kind == Kind::text) return !text.empty();
  if (kind == Kind::choice || kind == Kind::flag) {
    return std::count(choices.begin(), choices.end(), text) > 0;
  }
  if (kind == Kind::integer && !whole_int(text)) return false;
  const auto given = decimal_number(text);
  return given && *given >= least && *given <= most;
}

std::string Option::range() const {
  return kind == Kind::choice
             ? alternatives(choices)
             : number_text(least) + " to " + number_text(most);
}

std::string Option::expected() const {
  if (kind == Kind::choice) return range();
  if (kind == Kind::text) return meaning;
  const std::string number =
      kind == Kind::integer ? "a whole number" : "a number";
  return number + " from " + range();
}

// Numbers are compared as numbers: 5e-2 is no change from 0.05.
bool Option::changed() const {
  if (kind == Kind::flag) return false;
  return kind == Kind::choice || kind == Kind::text
             ? value != initial
             : decimal_number(value) != decimal_number(initial);
}

std::string Option::usage() const {
  switch (kind) {
    case Kind::flag:
      return "--" + name;
    case Kind::text:
      return "--" + name + " " + meaning;
    case Kind::choice:
      return "--" + name + " NAME";
    case Kind::integer:
      return "--" + name + " N";
    default:
      return "--" + name + " X";
  }
}

std::string Option::explained() const {
  if (kind == Kind::flag || (kind == Kind::text && initial.empty()))
    return help;
  const std::string values = kind == Kind::text ? "" : range() + "; ";
  return help + " (" + values + "default " + initial + ")";
}

std::string unknown_option(const std::string& given, const Strings& known) {
  std::string nearest;
  // Two wrong letters are a slip, and three are another word.
  std::size_t least = 3;
  for (const std::string& name : known) {
    const std::size_t wrong = slip(given, name);
    if (wrong < std::min(least, name.size())) {
      least = wrong;
      nearest = name;
    }
  }
  const std::string hint =
      nearest.empty() ? "try --help" : "did you mean --" + nearest + "?";
  return "unknown option '--" + given + "' (" + hint + ")";
}

void require(bool good, const std::string& option,
             const std::string& expected, const std::string& got) {
  if (!good) {
    throw UsageError("--" + option + " expects " + expected + ", got '" +
                     got + "'");
  }
}

NameAndValue split_option(const std::string& text) {
  if (text[1] != '-') {
    throw UsageError("unknown option '" + text + "' (try --help)");
  }
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {text.substr(2), std::nullopt};
  return {text.substr(2, equals - 2), text.substr(equals + 1)};
}

}  // namespace cnn
