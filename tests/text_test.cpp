// Lines and numbers as pictures, plots and terminals write them.
#include "common/draw/text.hpp"

#include "common/draw/image.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using cnn::broken_into_lines;
using cnn::fixed_text;
using cnn::short_text;
using cnn::Strings;

namespace {

double letters(const std::string& line) {
  return cnn::text_width(line);
}

}  // namespace

TEST_CASE("A line is broken at spaces, and no word is") {
  CHECK(broken_into_lines("one two three", 7, letters) ==
        Strings{"one two", "three"});
  CHECK(broken_into_lines("one two three", 6, letters) ==
        Strings{"one", "two", "three"});
  CHECK(broken_into_lines("indivisible a", 3, letters) ==
        Strings{"indivisible", "a"});
  CHECK(broken_into_lines("×× ××", 5, letters) == Strings{"×× ××"});
  CHECK(broken_into_lines("", 5, letters).empty());
  CHECK(broken_into_lines("it is 12 %, or 3 %", 8, letters) ==
        Strings{"it is", "12 %, or", "3 %"});
  CHECK(broken_into_lines("12 %", 2, letters) == Strings{"12 %"});
  CHECK(broken_into_lines("or (77 %)", 6, letters) ==
        Strings{"or", "(77 %)"});
}

// Captions of a film's frames are padded, so that all frames are as wide.
TEST_CASE("Spaces side by side stay, also at a line's ends") {
  CHECK(broken_into_lines("step   5  ", 20, letters) ==
        Strings{"step   5  "});
  CHECK(broken_into_lines(" 5", 20, letters) == Strings{" 5"});
  const cnn::Picture tile(200, 10);
  CHECK(cnn::Sheet().add(tile, "step   5 of 9").picture().width() ==
        cnn::Sheet().add(tile, "step 100 of 9").picture().width());
  const cnn::Picture narrow(100, 10);
  CHECK(cnn::Sheet().add(narrow, "step   5").picture().width() ==
        cnn::Sheet().add(narrow, "step 100").picture().width());
}

TEST_CASE("split_lines keeps empty lines") {
  CHECK(cnn::split_lines("a\n\nb") == Strings{"a", "", "b"});
  CHECK(cnn::split_lines("") == Strings{""});
  CHECK(cnn::split_lines("a\n") == Strings{"a", ""});
}

TEST_CASE("Numbers lose a sign that means nothing") {
  CHECK(fixed_text(-0.5, 2) == "-0.50");
  CHECK(fixed_text(-0.004, 2) == "0.00");
  CHECK(fixed_text(-0.0, 0) == "0");
  CHECK(fixed_text(-not_a_number, 1) == "nan");
  CHECK(fixed_text(-infinity, 1) == "-inf");
  CHECK(fixed_text(1e308, 15).size() == 309 + 16);
  CHECK(short_text(0.1 + 0.2, 6) == "0.3");
  CHECK(short_text(-1e-6, 6) == "-1e-06");
  CHECK(short_text(-0.0, 6) == "0");
  CHECK(short_text(-not_a_number, 6) == "nan");
}
