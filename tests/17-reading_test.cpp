// From a photograph to an answer: each station by itself, the whole way on
// pictures drawn here, what is refused, and how readings are scored.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "17-handwriting/figures.hpp"
#include "17-handwriting/labelled_photographs.hpp"
#include "17-handwriting/letters.hpp"
#include "17-handwriting/page.hpp"
#include "17-handwriting/reading.hpp"
#include "17-handwriting/steps_read.hpp"
#include "common/data/files.hpp"
#include "tests/cases_tried.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

const Split& book_digits() {
  static const Split split = embedded_digits();
  return split;
}

// The `nth` held-out digit with a label, counted from 0. -> (28, 28)
Tensor<> digit_of(int label, int nth = 0) {
  const Dataset& all = book_digits().held_out;
  for (int n = 0; n < all.size(); ++n)
    if (all.labels[static_cast<std::size_t>(n)] == label && nth-- == 0)
      return item(all.images, n).reshaped({28, 28});
  return Tensor<>({28, 28});
}

// White paper, grey (H, W).
Tensor<> blank_paper(int H, int W, float level = 0.9f) {
  Tensor<> grey({H, W});
  for (float& pixel : grey.data()) pixel = level;
  return grey;
}

// A digit `times` as large, dark, with its top left corner at (top, left).
void write_digit(Tensor<>& paper, const Tensor<>& digit, int top, int left,
                 int times = 4) {
  const Tensor<> large = enlarged(digit, 28 * times, 28 * times);
  for (int y = 0; y < large.extent(0); ++y)
    for (int x = 0; x < large.extent(1); ++x)
      paper(top + y, left + x) *= 1 - 0.8f * large(y, x);
}

Tensor<> as_photograph(const Tensor<>& grey) {
  Tensor<> image({3, grey.extent(0), grey.extent(1)});
  for (int c = 0; c < 3; ++c) set_row(image, c, grey.data());
  return image;
}

const Reader& book_reader() {
  static const NamedReader it = reader_from(reader_path());
  return it.reader;
}

Reading read_grey(const Tensor<>& grey) {
  return read_picture(as_photograph(grey), book_reader());
}

std::string text_of(const Reading& reading) {
  std::string text;
  for (const std::string& line : reading.lines)
    text += (text.empty() ? "" : "/") + line;
  return text;
}

Part block_of(int top, int left, int bottom, int right) {
  Part part;
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) part.cells.emplace_back(y, x);
  part.box = box_of(part.cells);
  return part;
}

Reader always(float probability) {
  return [probability](const Tensor<>& crops) {
    Tensor<> answers({crops.extent(0), 10}, (1 - probability) / 9);
    for (int n = 0; n < crops.extent(0); ++n) answers(n, 3) = probability;
    return answers;
  };
}

}  // namespace

TEST_CASE("reading: weights too large to answer are refused by name") {
  const Tensor<> crops({2, 1, 28, 28});
  const auto reader_of = [](float probability) {
    return sure_to_answer(
        {[=](const Tensor<>& some) {
           return Tensor<>({some.extent(0), 10}, probability);
         },
         {}},
        "F.safetensors");
  };
  CHECK(reader_of(0.1f).reader(crops) == Tensor<>({2, 10}, 0.1f));
  CHECK(
      message_of([&] { reader_of(not_a_number).reader(crops); }) ==
      "F.safetensors: expected numbers, but row 0 of (2, 10) holds a NaN");
}

TEST_CASE("a stroke's width is twice its area by its perimeter") {
  Tensor<> bar({40, 400});
  for (int y = 10; y < 16; ++y)
    for (int x = 5; x < 395; ++x) bar(y, x) = 1;
  // The bar is level, so its sides are its perimeter and not 4 / pi as
  // long. Dividing by 4 / pi makes the width that much too large.
  CHECK(std::abs(stroke_width(bar) - 6 * 4 / 3.14159) < 0.2);
  CHECK(stroke_width(Tensor<>({5, 5})) == 0);
}

TEST_CASE("a figure stays small, however tall the picture is") {
  const auto size = [](const Picture& tile) {
    return std::pair(tile.width(), tile.height());
  };
  for (const auto& [H, W, width, height] :
       {std::array{40, 10, 250, 1000}, std::array{41, 10, 244, 1000},
        std::array{3, 500, 250, 2}, std::array{1, 65535, 250, 1},
        std::array{65535, 1, 1, 1000}}) {
    const Tensor<> grey = blank_paper(H, W);
    CHECK(size(station_tile(grey, true)) == std::pair(width, height));
    CHECK(size(photograph_tile(as_photograph(grey), station_size, {})) ==
          std::pair(width, height));
  }
  const Tensor<> tall = as_photograph(blank_paper(65535, 1));
  const Picture figure =
      stations_figure("tall", tall, read_grey(blank_paper(65535, 1)));
  CHECK(figure.height() < 2500);
  const Picture all = photographs_figure({{"tall.png", "", tall, {}}});
  CHECK(all.height() < 400);
}

TEST_CASE("closing fills dark spots and keeps slopes and the edge") {
  Tensor<> slope({12, 12});
  for (int y = 0; y < 12; ++y)
    for (int x = 0; x < 12; ++x)
      slope(y, x) = 0.3f + 0.05f * static_cast<float>(x);
  CHECK(closed(slope, 2) == slope);
  Tensor<> spotted = slope;
  for (int y = 4; y < 8; ++y)
    for (int x = 4; x < 8; ++x) spotted(y, x) = 0.1f;
  CHECK(closed(spotted, 2)(5, 5) >= 0.5f);
  Tensor<> shadow = slope;
  for (int y = 0; y < 12; ++y) shadow(y, 0) = shadow(y, 1) = 0.1f;
  CHECK(closed(shadow, 2)(6, 0) == 0.1f);
}

TEST_CASE("printed lines go, strokes that cross them stay") {
  Tensor<> ink({200, 300});
  for (int line : {40, 100, 160})
    for (int x = 0; x < 300; ++x)
      ink(line + x / 60, x) = ink(line + 1 + x / 60, x) = 0.5f;
  Tensor<> stroke = ink;
  for (int y = 20; y < 130; ++y)
    for (int x = 100; x < 108; ++x) stroke(y, x) = 0.8f;
  const Tensor<> without = without_ruled_lines(stroke, 0.2f);
  double left = 0;
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 300; ++x)
      left += (x < 95 || x > 113) && without(y, x) > 0;
  CHECK(left == 0);
  for (int y = 20; y < 130; ++y) CHECK(without(y, 104) == 0.8f);
}

TEST_CASE("a stroke that ends inside the picture is no printed line") {
  Tensor<> ink({100, 300});
  for (int x = 30; x < 270; ++x) ink(50, x) = ink(51, x) = 0.8f;
  CHECK(without_ruled_lines(ink, 0.2f) == ink);
}

TEST_CASE("chalk is told from a page on a dark desk") {
  Tensor<> page = blank_paper(200, 300);
  write_digit(page, digit_of(3), 40, 90);
  CHECK_FALSE(is_light_on_dark(page));
  Tensor<> board = page;
  for (float& level : board.data()) level = 1 - level;
  CHECK(is_light_on_dark(board));
  Tensor<> desk = page;
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 300; ++x)
      if (y < 20 || y >= 180 || x < 20 || x >= 280) desk(y, x) = 0.1f;
  CHECK_FALSE(is_light_on_dark(desk));
}

TEST_CASE("a piece of a digit is joined, its neighbour is not") {
  const Box five = {20, 0, 60, 30}, bar = {10, 8, 15, 40};
  CHECK(belong_together(five, bar, 50));
  CHECK_FALSE(belong_together(five, {20, 34, 60, 60}, 50));
  CHECK_FALSE(belong_together(five, {80, 0, 90, 30}, 50));
  CHECK_FALSE(belong_together(five, {10, 40, 15, 70}, 50));
  const auto joined_five =
      joined_parts({block_of(20, 0, 60, 30), block_of(10, 8, 15, 40)}, 50);
  REQUIRE(joined_five.size() == 1);
  CHECK(joined_five[0].box == Box{10, 0, 60, 40});
}

TEST_CASE("specks and what lies along the edge are no candidates") {
  const Part digit = block_of(20, 20, 60, 40),
             speck = block_of(70, 70, 72, 72),
             desk = block_of(95, 0, 100, 100);
  const auto kept = candidates_of({digit, speck, desk}, 100, 100);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].box == digit.box);
  // A stroke that leaves the picture touches its edge with its width.
  const Part body = block_of(20, 20, 90, 60),
             foot = block_of(90, 30, 100, 40);
  CHECK_FALSE(lies_along_edge(joined(body, foot), 100, 100));
  CHECK(lies_along_edge(body, 90, 100));
}

TEST_CASE("lines are read from the top, and may climb") {
  std::vector<Part> parts;
  for (int n = 4; n >= 0; --n) {
    parts.push_back(
        block_of(100 - 12 * n, 40 * n, 130 - 12 * n, 40 * n + 20));
    parts.push_back(
        block_of(160 - 12 * n, 40 * n + 5, 190 - 12 * n, 40 * n + 25));
  }
  const auto lines = lines_of(parts);
  REQUIRE(lines.size() == 2);
  for (const TextLine& line : lines) {
    REQUIRE(line.size() == 5);
    for (std::size_t n = 1; n < 5; ++n)
      CHECK(line[n - 1].box.left < line[n].box.left);
  }
  CHECK(lines[0][0].box.top == 100);
}

TEST_CASE("a cut shares out all cells, and none goes through much ink") {
  Part dumbbell =
      joined(joined(block_of(0, 0, 30, 20), block_of(14, 20, 16, 24)),
             block_of(0, 24, 30, 44));
  const auto cuts = thin_cuts(dumbbell, 3);
  REQUIRE_FALSE(cuts.empty());
  for (const Halves& halves : cuts) {
    CHECK(halves.left.area() + halves.right.area() == dumbbell.area());
    CHECK(halves.left.box.right <= 24);
    CHECK(halves.right.box.left >= 20);
  }
  CHECK(thin_cuts(block_of(0, 0, 30, 40), 3).empty());
}

TEST_CASE("digits that touch are read as two") {
  Tensor<> paper = blank_paper(160, 300);
  write_digit(paper, digit_of(3), 20, 40);
  write_digit(paper, digit_of(6), 20, 120);
  // A thin bridge between them.
  for (int x = 100; x < 160; ++x)
    for (int y = 76; y < 80; ++y) paper(y, x) = std::min(paper(y, x), 0.3f);
  CHECK(text_of(read_grey(paper)) == "36");
}

TEST_CASE("two lines of digits are read, and where each digit is") {
  Tensor<> paper = blank_paper(320, 500);
  for (int n = 0; n < 4; ++n) {
    write_digit(paper, digit_of(n), 20, 20 + 115 * n);
    write_digit(paper, digit_of(n + 4), 170, 20 + 115 * n);
  }
  const Reading reading = read_grey(paper);
  CHECK(text_of(reading) == "0123/4567");
  REQUIRE(reading.digits.size() == 8);
  CHECK(reading.refused.empty());
  for (int n = 0; n < 8; ++n) {
    const DigitSeen& it = reading.digits[static_cast<std::size_t>(n)];
    CHECK(it.line == n / 4);
    CHECK(it.box.left >= 20 + 115 * (n % 4));
    CHECK(it.box.right <= 20 + 115 * (n % 4) + 112);
    CHECK(it.box.top >= (n < 4 ? 20 : 170));
    CHECK(it.crop.shape() == Shape{28, 28});
    CHECK(it.probability > least_probability);
  }
}

TEST_CASE("light, polarity and size do not change what is read") {
  Tensor<> paper = blank_paper(160, 420);
  for (int n = 0; n < 3; ++n)
    write_digit(paper, digit_of(2 + 3 * n), 20, 20 + 130 * n);
  CHECK(text_of(read_grey(paper)) == "258");
  Tensor<> shaded = paper, board = paper;
  for (int y = 0; y < 160; ++y)
    for (int x = 0; x < 420; ++x)
      shaded(y, x) *= 0.5f + 0.001f * static_cast<float>(x);
  for (float& level : board.data()) level = 1 - level;
  CHECK(text_of(read_grey(shaded)) == "258");
  CHECK(text_of(read_grey(board)) == "258");
  CHECK(text_of(read_grey(area_average(paper, 40, 105))) == "258");
  const Reading large = read_grey(enlarged(paper, 960, 2520));
  CHECK(text_of(large) == "258");
  CHECK(large.digits.back().box.right > 6 * 300);
}

TEST_CASE("a desk takes up a quarter of the edge, a stroke does not") {
  Tensor<> blocks({6, 8}, 0.9f);
  blocks(0, 3) = blocks(1, 3) = blocks(3, 4) = 0.1f;
  CHECK(desk_in(blocks) == Tensor<>({6, 8}));
  for (int x = 0; x < 8; ++x) blocks(5, x) = 0.1f;
  const Tensor<> desk = desk_in(blocks);
  CHECK(desk(5, 6) == 1);
  CHECK(desk(3, 4) == 0);  // inside: ink
  Tensor<> ink({60, 80});
  ink_all(ink, desk);
  CHECK((ink(50, 0) == 1 && ink(49, 0) == 0));
}

TEST_CASE("a page is told from its desk, from chalk and from a shadow") {
  // A slanting page of 60 x 90, on a desk that is little more than half as
  // bright.
  Tensor<> grey = blank_paper(100, 130, 0.45f);
  for (int y = 20; y < 80; ++y)
    for (int x = 20 + y / 10; x < 110 + y / 10; ++x) grey(y, x) = 0.8f;
  for (int y = 30; y < 70; ++y)
    for (int x = 60; x < 66; ++x) grey(y, x) = 0.2f;
  const auto page = page_on_desk(grey);
  REQUIRE(page.has_value());
  CHECK((*page)(50, 63) == 1);  // what is written on it is page, too
  CHECK((*page)(50, 30) == 1);
  CHECK((*page)(21, 70) == 0);  // the edge is not
  CHECK((*page)(50, 10) == 0);
  const Tensor<> continued = page_continued(grey, *page);
  for (const auto& [y, x] :
       {std::pair(0, 0), {99, 129}, {50, 3}, {50, 128}, {3, 70}})
    CHECK(continued(y, x) == 0.8f);
  CHECK(continued(50, 63) == 0.2f);

  // A shadow around a light spot takes away less light than a desk; a desk
  // on three sides only is left to desk_in(); and what chalk surrounds is
  // dark.
  Tensor<> shadow = grey;
  for (float& level : shadow.data())
    if (level == 0.45f) level = 0.6f;
  CHECK_FALSE(page_on_desk(shadow).has_value());
  Tensor<> three = grey;
  for (int y = 20; y < 80; ++y)
    for (int x = 100; x < 130; ++x) three(y, x) = 0.8f;
  CHECK_FALSE(page_on_desk(three).has_value());
  for (int label = 0; label < 10; ++label)
    for (int nth = 0; nth < 20; ++nth)
      CHECK_FALSE(page_on_desk(digit_of(label, nth)).has_value());
  CHECK_FALSE(page_on_desk(blank_paper(50, 50)).has_value());
}

TEST_CASE("a digit on a page on a desk is read, however bright the desk") {
  for (const float level : {0.05f, 0.25f, 0.45f}) {
    CAPTURE(level);
    Tensor<> grey = blank_paper(240, 300, level);
    for (int y = 20; y < 220; ++y)
      for (int x = 30; x < 270; ++x)
        grey(y, x) = 0.9f - 0.0005f * static_cast<float>(x);
    write_digit(grey, digit_of(2), 60, 90);
    const Reading reading =
        read_picture(as_photograph(grey), book_reader());
    CHECK(reading.refused.empty());
    CHECK(reading.lines == std::vector<std::string>{"2"});
  }
}

TEST_CASE("boxes lie around the digits, however flat the picture is") {
  // Of 50 rows 17 are left, and of 25 rows 8, so a cell is not as high as
  // it is wide.
  for (const auto& [H, W] : {std::pair{50, 3000}, std::pair{25, 3000},
                             std::pair{50, 2900}, std::pair{60, 1100}}) {
    Tensor<> paper = blank_paper(H, W);
    const int top = (H - 20) / 2;
    std::vector<Box> drawn;
    for (const int left : {40, W / 2, W - 60}) {
      drawn.push_back({top, left, top + 20, left + 12});
      for (int y = top; y < top + 20; ++y)
        for (int x = left; x < left + 12; ++x) paper(y, x) = 0.1f;
    }
    const Reading reading =
        read_picture(as_photograph(paper), always(0.95f));
    CAPTURE(H, W, reading.refused);
    REQUIRE(reading.digits.size() == drawn.size());
    const int a_cell = W / 1000 + 1;
    for (std::size_t n = 0; n < drawn.size(); ++n) {
      const Box& box = reading.digits[n].box;
      CAPTURE(n, box.left, box.right, box.top, box.bottom);
      CHECK(std::abs(box.left - drawn[n].left) <= a_cell);
      CHECK(std::abs(box.right - drawn[n].right) <= a_cell);
      CHECK(std::abs(box.top - drawn[n].top) <= a_cell);
      CHECK(std::abs(box.bottom - drawn[n].bottom) <= a_cell);
    }
  }
}

TEST_CASE("a box of all stations is one of the whole picture") {
  for (const Shape& size :
       {Shape{3, 50, 3000}, Shape{3, 3000, 50}, Shape{3, 1, 5000},
        Shape{3, 2999, 2001}, Shape{3, 1001, 1000}, Shape{3, 28, 28},
        Shape{3, 53, 55}, Shape{3, 1, 1}}) {
    const Tensor<> image(size);
    Stations at;
    at.grey = sized_for_reading(grey_of(image));
    const Box all = {0, 0, at.grey.extent(0), at.grey.extent(1)};
    CAPTURE(to_string(size), to_string(at.grey.shape()));
    CHECK(scaled(all, scale_of(image, at)) == Box{0, 0, size[1], size[2]});
  }
}

TEST_CASE("a page on a dark desk is read without the desk") {
  Tensor<> paper = blank_paper(400, 500);
  write_digit(paper, digit_of(7), 140, 190);
  for (int y = 0; y < 400; ++y)
    for (int x = 0; x < 500; ++x)
      if (y < 50 + x / 40 || y >= 350 || x < 60 || x >= 440 + y / 40)
        paper(y, x) = 0.12f;
  CHECK(text_of(read_grey(paper)) == "7");
}

TEST_CASE("what is no digit is refused, with the reason") {
  const auto reason = [](const Tensor<>& grey) {
    const Reading reading = read_grey(grey);
    CHECK(reading.lines.empty());
    return reading.refused.substr(0, reading.refused.find(':'));
  };
  CHECK(reason(blank_paper(100, 200)) == "blank");
  CHECK(reason(blank_paper(1, 1)) == "blank");
  CHECK(reason(blank_paper(100, 200, 0.02f)) == "too dark");
  Tensor<> dash = blank_paper(200, 200);
  for (int x = 60; x < 140; ++x)
    for (int y = 98; y < 103; ++y) dash(y, x) = 0.1f;
  CHECK(reason(dash) == "not a digit");
  Tensor<> dots = blank_paper(600, 600);
  for (int y = 5; y < 590; y += 12)
    for (int x = 5; x < 590; x += 12)
      for (int i = 0; i < 36; ++i) dots(y + i / 6, x + i % 6) = 0.1f;
  CHECK(reason(dots) == "too many parts");
  // Pepper: more pieces than are ever joined.
  Tensor<> pepper = blank_paper(600, 600);
  Random random(3);
  for (float& level : pepper.data())
    if (random.below(25) == 0) level = 0.1f;
  const auto pieces = parts_of(ink_of(pepper, blank_paper(600, 600)), 0.5f);
  CHECK(pieces.size() > most_pieces);
  CHECK(candidates_of(pieces, 600, 600).size() > most_pieces);
  CHECK(reason(pepper) == "too many parts");
}

TEST_CASE("a digit is at most twice as wide as high") {
  CHECK(may_hold_digit({0, 0, 20, 40}, 8));
  CHECK_FALSE(may_hold_digit({0, 0, 20, 41}, 8));
  CHECK_FALSE(may_hold_digit({0, 0, 7, 5}, 8));
}

TEST_CASE("a network at a loss is no answer") {
  Tensor<> paper = blank_paper(160, 160);
  write_digit(paper, digit_of(3), 20, 20);
  const Tensor<> image = as_photograph(paper);
  CHECK(text_of(read_picture(image, always(0.95f))) == "3");
  CHECK(
      read_picture(image, always(0.5f)).refused.rfind("not a digit:", 0) ==
      0);
  CHECK(not_digits({0.5, 0.99, 0.99}).empty());
  CHECK_FALSE(not_digits({0.5, 0.5, 0.99}).empty());
}

TEST_CASE("a network of other signs answers by their names") {
  Tensor<> paper = blank_paper(160, 160);
  write_digit(paper, digit_of(3), 20, 20);
  const ClassNames names = {"a", "b", "c", "gamma"};
  const Reading reading = read_picture(
      as_photograph(paper),
      [](const Tensor<>& crops) {
        Tensor<> answers({crops.extent(0), 4});
        for (int n = 0; n < crops.extent(0); ++n) answers(n, 3) = 1;
        return answers;
      },
      names);
  CHECK(text_of(reading) == "gamma");
  CHECK(reading_json("x", reading, names).find("\"answer\":\"gamma\"") !=
        std::string::npos);
}

TEST_CASE("the figure of other signs says their names") {
  const std::vector<DigitSeen> seen = {{{}, 0, digit_of(3), 1, 0.995},
                                       {{}, 0, digit_of(4), 0, 0.8}};
  const auto bytes = [&](const ClassNames& names) {
    return png_bytes(crops_picture(seen, names));
  };
  CHECK(bytes({}) == bytes({"0", "1"}));
  CHECK(bytes({"0", "b"}) != bytes({"0", "1"}));
  CHECK(bytes({"0", "triangles"}) == bytes({"0", "triangular"}));
  Reading reading = read_grey(blank_paper(40, 60));
  reading.digits = seen;
  const Tensor<> photograph = as_photograph(blank_paper(40, 60));
  CHECK(png_bytes(stations_figure("", photograph, reading, {"a", "b"})) !=
        png_bytes(stations_figure("", photograph, reading)));
}

TEST_CASE("most held-out digits pass the gate as 28 x 28 pictures") {
  const int count = cases_tried(100);
  int right = 0;
  for (int n = 0; n < count; ++n) {
    const Tensor<> image =
        item(book_digits().held_out.images, n).reshaped({28, 28});
    right +=
        text_of(read_grey(image)) ==
        std::to_string(
            book_digits().held_out.labels[static_cast<std::size_t>(n)]);
  }
  CHECK(100 * right >= 93 * count);
}

TEST_CASE("letters are placed as MNIST places digits, and differ") {
  Random random(1);
  for (const char letter : letter_names) {
    const Tensor<> drawn = drawn_letter(letter, random);
    CHECK(recentred(drawn) == drawn);
    CHECK(max_abs_difference(drawn, drawn_letter(letter, random)) > 0.3f);
  }
  CHECK_THROWS_AS(strokes_of('O'), std::invalid_argument);
}

TEST_CASE("a reading is one JSON object") {
  Reading reading;
  reading.lines = {"47"};
  reading.digits.push_back({{1, 2, 30, 20}, 0, Tensor<>({28, 28}), 4, 0.5});
  CHECK(reading_json("a \"b\".png", reading, {}) ==
        "{\"file\":\"a \\\"b\\\".png\",\"lines\":[\"47\"],\"refused\":null,"
        "\"digits\":[{\"box\":[2,1,20,30],\"answer\":4,"
        "\"probability\":0.5000}]}");
  reading = {};
  reading.refused = "blank";
  CHECK(
      reading_json("x", reading, {}) ==
      "{\"file\":\"x\",\"lines\":[],\"refused\":\"blank\",\"digits\":[]}");
}

TEST_CASE("labels are read by the names of their fields") {
  const auto labels = value_or_fail(
      parse_labels("kind,file,note,label,order\r\n"
                   "several,a.png,\"pen, \"\"blue\"\"\",12,line\r\n"
                   "\nblank,b.png,,,line\n"),
      "labels");
  REQUIRE(labels.size() == 2);
  CHECK(labels[0].file == "a.png");
  CHECK(labels[0].label == "12");
  CHECK(labels[1].kind == "blank");
  const auto rule = [](const char* text) {
    return std::get<Broken>(parse_labels(text)).rule;
  };
  CHECK(rule("file,label,order\n") == "line 1 names no field 'kind'");
  CHECK(rule("file,label,order,kind\na,1\n") == "line 2 has only 2 fields");
  CHECK(rule("file,label,order,kind\n") ==
        "expected photographs, found none");
  CHECK(rule("") == "expected photographs, found none");
}

TEST_CASE("pictures are counted by what is written in them") {
  PhotographScores scores;
  const auto add = [&](const char* label, const char* order,
                       const char* kind, const char* read,
                       const char* refused = "") {
    Reading reading;
    if (*read != 0) reading.lines = {read};
    reading.refused = refused;
    scores.add({"f", label, order, kind}, reading);
  };
  add("1", "line", "single", "1");
  add("1", "line", "single", "", "blank");
  add("123", "line", "several", "123");
  add("123", "rows", "several", "124");
  add("123", "any", "several", "321");
  add("1123", "rows", "page", "114");
  add("", "line", "blank", "", "blank");
  add("", "line", "not-a-digit", "8");
  CHECK((scores.single.right == 1 && scores.single.all == 2));
  CHECK((scores.whole.right == 1 && scores.whole.all == 2));
  CHECK((scores.found.right == 5 && scores.found.all == 7));
  CHECK((scores.blank_refused.right == 1 && scores.blank_refused.all == 2));
  CHECK(
      (scores.digits_refused.right == 1 && scores.digits_refused.all == 5));
}
