// From strokes to pixels, and the records that the tests in tests/browser
// compare the page's numbers with.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "16-saving/resuming.hpp"
#include "17-handwriting/steps_read.hpp"
#include "18-browser/pen.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

const std::filesystem::path source = CNN_SOURCE_FOLDER;

std::string record(const std::string& name) {
  std::ifstream file(source / "tests" / "browser" / name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// One digit of strokes.json, which holds one on each line.
struct Recorded {
  int digit = -1;
  std::string placed, lying;  // checksums of the pictures
  std::vector<PenStroke> strokes;
};

std::string field(const std::string& line, const std::string& name) {
  const std::size_t at = line.find("\"" + name + "\": ");
  if (at == line.npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return line.substr(begin, line.find_first_of(",}\n", begin) - begin);
}

// "[[[x,y],[x,y]],[[x,y]]]": a stroke ends where two brackets close.
std::vector<PenStroke> parse_strokes(const std::string& text) {
  std::vector<float> numbers;
  bool begins = true;
  for (const char* at = text.c_str(); *at != '\0';) {
    if (*at == ']' && at[1] == ']') begins = true;
    if ((*at < '0' || *at > '9') && *at != '-') {
      ++at;
      continue;
    }
    char* end = nullptr;
    numbers.push_back(std::strtof(at, &end));
    numbers.push_back(std::strtof(end + 1, &end));
    numbers.push_back(begins ? 1.0f : 0.0f);
    begins = false;
    at = end;
  }
  return strokes_from(numbers);
}

std::vector<Recorded> recorded_digits() {
  std::istringstream lines(record("strokes.json"));
  std::vector<Recorded> digits;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find("\"strokes\": ");
    if (at == line.npos) continue;
    digits.push_back({std::stoi(field(line, "digit")),
                      field(line, "placed"), field(line, "lying"),
                      parse_strokes(line.substr(at))});
  }
  return digits;
}

std::string sum_of(const Tensor<>& picture) {
  Checksum sum;
  sum.add(picture.data());
  return "\"" + sum.text() + "\"";
}

PenStroke random_stroke(int points, double size, Random& random) {
  PenStroke stroke;
  for (int i = 0; i < points; ++i)
    stroke.push_back(
        {size * (1.4 * static_cast<double>(random.uniform()) - 0.2),
         size * (1.4 * static_cast<double>(random.uniform()) - 0.2)});
  return stroke;
}

}  // namespace

TEST_CASE("a pen leaves what chapter 17's strokes leave") {
  Random random(181);
  for (int round = 0; round < 30; ++round) {
    const int size = 8 + random.below(60);
    const double width = 0.3 + 12 * static_cast<double>(random.uniform());
    std::vector<PenStroke> strokes;
    for (int i = 1 + random.below(3); i > 0; --i)
      strokes.push_back(random_stroke(2 + random.below(4), size, random));
    const Tensor<> expected = drawn_strokes(strokes, width, size),
                   ink = pen_ink(strokes, width, size);
    INFO("round " << round);
    REQUIRE(ink.shape() == expected.shape());
    for (std::size_t i = 0; i < ink.data().size(); ++i)
      if (std::abs(ink.data()[i] - expected.data()[i]) > 1e-6f)
        CHECK(ink.data()[i] == expected.data()[i]);
  }
}

TEST_CASE("a touch leaves a round dot") {
  const Tensor<> ink = pen_ink({{{10, 12}}}, 8, 24);
  CHECK(ink(9, 11) == 1.0f);
  CHECK(ink(10, 15) == ink(10, 8));
  CHECK(ink_box(ink) == Box{6, 8, 14, 16});
  const double area = 3.14159 * 4 * 4;
  double sum = 0;
  for (const float number : ink.data()) sum += static_cast<double>(number);
  CHECK(std::abs(sum - area) < 0.03 * area);
}

TEST_CASE("strokes are 2.6 pixels wide once the digit is 20 high") {
  for (const double size : {0.3, 0.5, 0.9}) {
    const double top = (1 - size) / 2;
    const std::vector<PenStroke> bar = {{{top, 0.5}, {top + size, 0.5}}};
    const double width = pen_width(bar);
    INFO("size " << size);
    CHECK(std::abs(width / (size + width) - 2.6 / 20) < 1e-9);
    // The bar's rows, once it is placed, each hold 2.6 of ink.
    const Tensor<> picture = picture_of_pad(bar, true);
    double row = 0;
    for (int x = 0; x < 28; ++x) row += static_cast<double>(picture(14, x));
    CHECK(std::abs(row - 2.6) < 0.25);
  }
}

TEST_CASE("a drawing is placed as MNIST's, or lies as it was drawn") {
  // A hook in the upper left, 8 of 28 pixels high.
  std::vector<PenStroke> hook = {{{0.1, 0.1}, {0.35, 0.1}, {0.35, 0.25}}};
  const Tensor<> lying = picture_of_pad(hook, false);
  const Box box = ink_box(lying, 0.05f).value();
  CHECK(box.top <= 2);
  CHECK(box.bottom <= 12);
  const Tensor<> placed = picture_of_pad(hook, true);
  CHECK(placed == recentred(placed));
  CHECK(ink_box(placed).value().height() == 20);
  // Moved by 3 and 6 of 28 pixels, which are 24 and 48 cells: the same ink.
  for (Point& at : hook[0]) at = {at.y + 3.0 / 28, at.x + 6.0 / 28};
  const Tensor<> drawn = picture_of_pad(hook, false);
  const Tensor<> expected = moved(lying, 3, 6);
  for (std::size_t i = 0; i < drawn.data().size(); ++i)
    if (std::abs(drawn.data()[i] - expected.data()[i]) > 1e-4f)
      CHECK(drawn.data()[i] == expected.data()[i]);
  CHECK(picture_of_pad({}, true) == Tensor<>({28, 28}));
  CHECK(picture_of_pad({}, false) == Tensor<>({28, 28}));
}

TEST_CASE("strokes from a host are numbers in threes, all finite") {
  const auto strokes = strokes_from(
      std::vector<float>{0.5f, 0.25f, 1, 0.75f, 0.5f, 0, 1e30f, -7, 1});
  REQUIRE(strokes.size() == 2);
  CHECK(strokes[0].size() == 2);
  CHECK(strokes[0][0].x == 0.5);
  CHECK(strokes[0][0].y == 0.25);
  CHECK(strokes[1][0].x == 2);
  CHECK(strokes[1][0].y == -1);
  CHECK_THROWS_WITH(
      strokes_from(std::vector<float>{1, 2, 3, 4}),
      "strokes_from: expected 3 numbers a point, got 4 numbers");
  CHECK_THROWS_WITH(
      strokes_from(std::vector<float>{0, 0, 1, std::nanf(""), 0, 0}),
      "strokes_from: expected finite numbers, point 1 has another");
}

TEST_CASE(
    "ten digits drawn by hand are read right and recorded to the bit") {
  const NamedReader reader = reader_from(reader_path()),
                    digits = reader_from(source / "chapters" / "16-saving" /
                                         "weights" / "digits.safetensors");
  const std::vector<Recorded> all = recorded_digits();
  REQUIRE(all.size() == 10);
  for (const Recorded& it : all) {
    INFO("digit " << it.digit);
    const Tensor<> placed = picture_of_pad(it.strokes, true);
    CHECK(sum_of(placed) == it.placed);
    CHECK(sum_of(picture_of_pad(it.strokes, false)) == it.lying);
    const Tensor<> batch = placed.reshaped({1, 1, 28, 28});
    const Tensor<> steady = steady_answers(batch, reader.reader);
    CHECK(answer(steady, 0) == it.digit);
    CHECK(not_digits({static_cast<double>(certainty(steady, 0))}).empty());
    CHECK(answer(digits.reader(batch), 0) == it.digit);
  }
}

TEST_CASE("the crops of the book's photographs are recorded to the bit",
          "[slow]") {
  const NamedReader reader = reader_from(reader_path());
  const std::string records = record("crops.json");
  int photographs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           source / "chapters" / "17-handwriting" / "photographs")) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".png" && extension != ".jpg") continue;
    ++photographs;
    const Reading reading =
        read_picture(upright_picture(entry.path()), reader.reader);
    Checksum sum;
    for (const DigitSeen& digit : reading.digits)
      sum.add(digit.crop.data());
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK(field(records, name) == "\"" + sum.text() + "\"");
  }
  CHECK(photographs == 8);
}
