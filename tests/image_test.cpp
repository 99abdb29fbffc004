#include "common/draw/image.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory_resource>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "common/draw/font.hpp"
#include "common/shell/file.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"
#include "tests/no_numbers.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#include <stb_image.h>

namespace {

using namespace cnn;
namespace fs = std::filesystem;

// The picture in a PNG file, as a reader's browser decodes it.
Picture read_png(const fs::path& path) {
  const std::string bytes = bytes_of(path);
  int width = 0, height = 0, channels = 0;
  stbi_uc* pixels = stbi_load_from_memory(
      reinterpret_cast<const stbi_uc*>(bytes.data()),
      static_cast<int>(bytes.size()), &width, &height, &channels, 0);
  REQUIRE(pixels != nullptr);
  REQUIRE(channels == 3);
  Picture picture(width, height);
  const stbi_uc* next = pixels;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, next += 3) {
      picture.at(x, y) = {next[0], next[1], next[2]};
    }
  }
  stbi_image_free(pixels);
  return picture;
}

// Whether `part` is in `whole` with its top left corner at (left, top).
bool found_at(const Picture& whole, const Picture& part, int left,
              int top) {
  for (int y = 0; y < part.height(); ++y) {
    for (int x = 0; x < part.width(); ++x) {
      if (whole.at(left + x, top + y) != part.at(x, y)) return false;
    }
  }
  return true;
}

// Where `part` is in `whole`; {-1, -1} if it is nowhere in one piece.
std::pair<int, int> place_of(const Picture& part, const Picture& whole) {
  for (int y = 0; y + part.height() <= whole.height(); ++y) {
    for (int x = 0; x + part.width() <= whole.width(); ++x) {
      if (found_at(whole, part, x, y)) return {x, y};
    }
  }
  return {-1, -1};
}

bool same(const Picture& a, const Picture& b) {
  return a.width() == b.width() && a.height() == b.height() &&
         found_at(a, b, 0, 0);
}

int count_of(const Picture& picture, Colour colour) {
  int count = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      if (picture.at(x, y) == colour) ++count;
    }
  }
  return count;
}

// A picture of exactly a text's size that holds the text alone.
Picture written(const std::string& text, int scale,
                Colour colour = colours::ink,
                Colour background = colours::paper) {
  Picture picture(Picture::text_width(text, scale),
                  Picture::text_height(text, scale), background);
  picture.text(0, 0, text, colour, scale);
  return picture;
}

// A tile that is like no other: 6 x 4 cells that depend on `seed`.
Picture strange_tile(int seed) {
  Tensor<> map({4, 6});
  for (int i = 0; i < map.size(); ++i) {
    map.data()[static_cast<std::size_t>(i)] =
        static_cast<float>((i * i * 7 + seed * 31) % 97) / 97.0f;
  }
  return grey_tile(map, 5);
}

TEST_CASE("every printable letter has a drawing of its own", "[image]") {
  std::set<font::Glyph> drawings;
  std::u32string letters = U"×−±→°·≈≤≥\uFFFD";
  for (char32_t letter = U' '; letter <= U'~'; ++letter) letters += letter;
  for (const char32_t letter : letters) {
    const font::Glyph rows = font::glyph(letter);
    int ink = 0;
    for (const std::string_view row : rows) {
      CHECK(row.size() == 5);
      CHECK(row.find_first_not_of("#.") == std::string_view::npos);
      ink += static_cast<int>(std::count(row.begin(), row.end(), '#'));
    }
    INFO("letter " << static_cast<unsigned>(letter));
    CHECK((ink > 0) == (letter != U' '));
    CHECK(drawings.insert(rows).second);
  }
}

TEST_CASE("a letter that the font does not have is a box", "[image]") {
  const font::Glyph box = font::glyph(U'\uFFFD');
  CHECK(box[0] == "#####");
  CHECK(box[3] == "#...#");
  CHECK(font::glyph(U'é') == box);
  CHECK(font::glyph(U'\n') == box);
}

TEST_CASE("UTF-8 is decoded, and what is broken becomes a box", "[image]") {
  CHECK(font::decode_utf8("3×3 −1 → 2") == U"3×3 −1 → 2");
  CHECK(font::decode_utf8("\xF0\x9F\x99\x82!") == U"\U0001F642!");
  CHECK(font::decode_utf8("") == U"");
  CHECK(font::decode_utf8("a\xC3") == U"a\uFFFD");         // cut off
  CHECK(font::decode_utf8("\xE2\x86z") == U"\uFFFDz");     // cut off
  CHECK(font::decode_utf8("\x80z") == U"\uFFFDz");         // no beginning
  CHECK(font::decode_utf8("\xFF\xC3\x97") == U"\uFFFD×");  // no UTF-8
  CHECK(font::decode_utf8("\xF8\x88\x80\x80\x80z") == U"\uFFFDz");
}

TEST_CASE("text is drawn letter by letter, enlarged exactly", "[image]") {
  Picture once(40, 24), thrice(120, 72);
  once.text(2, 1, "Lg\n×", colours::blue);
  thrice.text(6, 3, "Lg\n×", colours::blue, 3);
  // L: its stem is the left column, 7 high; its foot is 5 wide.
  CHECK(once.at(2, 1) == colours::blue);
  CHECK(once.at(2, 7) == colours::blue);
  CHECK(once.at(6, 7) == colours::blue);
  CHECK(once.at(3, 6) == colours::paper);
  CHECK(once.at(2, 8) == colours::paper);
  // g hangs below the base line; the second line is clear of it.
  CHECK(once.at(2 + 6 + 2, 1 + 8) == colours::blue);
  CHECK(once.at(2, 1 + Picture::line_pitch + 1) == colours::blue);
  for (int y = 0; y < 72; ++y) {
    for (int x = 0; x < 120; ++x) {
      REQUIRE(thrice.at(x, y) == once.at(x / 3, y / 3));
    }
  }
}

TEST_CASE("text is as wide and as high as it says", "[image]") {
  CHECK(Picture::text_width("") == 0);
  CHECK(Picture::text_height("") == 0);
  CHECK(Picture::text_width("×H") == 11);  // letters, not bytes
  CHECK(Picture::text_width("H\nHHH\nH", 2) == 34);
  CHECK(Picture::text_height("g", 2) == 18);
  CHECK(Picture::text_height("g\ng", 2) == 40);
  // Drawn on paper of that size all the ink is there.
  const std::string text = "Hg\ngHH";
  Picture large(100, 100);
  large.text(20, 20, text, colours::ink, 2);
  const Picture exact = written(text, 2);
  CHECK(count_of(exact, colours::ink) == count_of(large, colours::ink));
}

TEST_CASE("what lies outside the picture is ignored", "[image]") {
  Picture picture(10, 8);
  picture.fill_rectangle(-5, -5, 3, 3, colours::blue);
  picture.fill_rectangle(10, 0, 4, 4, colours::blue);
  picture.fill_rectangle(0, 8, 4, 4, colours::blue);
  picture.fill_rectangle(3, 3, 0, 4, colours::blue);
  picture.fill_rectangle(3, 3, -2, 4, colours::blue);
  picture.text(-100, 0, "far", colours::blue);
  picture.text(0, 500, "away", colours::blue, 4);
  picture.paste(Picture(3, 3, colours::blue), -3, -3);
  picture.paste(Picture(3, 3, colours::blue), 10, 8);
  CHECK(same(picture, Picture(10, 8)));

  picture.fill_rectangle(-2, -2, 5, 4, colours::blue);  // 3 x 2 inside
  CHECK(count_of(picture, colours::blue) == 6);
  picture.paste(Picture(5, 5, colours::green), 8, 5);  // 2 x 3 inside
  CHECK(count_of(picture, colours::green) == 6);
  picture.outline_rectangle(4, 2, 4, 3, colours::black);
  CHECK(count_of(picture, colours::black) == 10);
  CHECK(picture.at(5, 3) == colours::paper);
}

TEST_CASE("a picture refuses pixels and sizes it cannot have", "[image]") {
  Picture picture(3, 2);
  CHECK_THROWS_AS(picture.at(3, 0), std::out_of_range);
  CHECK_THROWS_AS(picture.at(0, -1), std::out_of_range);
  CHECK(message_of([&] { picture.at(0, 2); }) ==
        "Picture: no pixel (0, 2) in a picture of 3 x 2");
  CHECK_THROWS_AS(Picture(0, 5), std::invalid_argument);
  CHECK_THROWS_AS(Picture(5, -1), std::invalid_argument);
  CHECK_THROWS_AS(Picture(1 << 20, 1 << 20), std::invalid_argument);
}

TEST_CASE("a grey tile enlarges by whole factors with hard edges",
          "[image]") {
  const Tensor<> map({2, 3}, {0.0f, 0.2f, 0.4f, 0.6f, 0.8f, 1.0f});
  const Picture tile = grey_tile(map, 4);
  REQUIRE(tile.width() == 12);
  REQUIRE(tile.height() == 8);
  const int levels[2][3] = {{0, 51, 102}, {153, 204, 255}};
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 12; ++x) {
      const auto grey = static_cast<std::uint8_t>(levels[y / 4][x / 4]);
      REQUIRE(tile.at(x, y) == Colour{grey, grey, grey});
    }
  }
}

TEST_CASE("a grey tile gives every stored grey level back", "[image]") {
  Tensor<> map({1, 256});
  for (int x = 0; x < 256; ++x) map(0, x) = static_cast<float>(x) / 255.0f;
  const Picture tile = grey_tile(map, 1);
  for (int x = 0; x < 256; ++x) REQUIRE(tile.at(x, 0).red == x);
}

TEST_CASE("tiles clip what is too dark or too bright", "[image]") {
  const Tensor<> map({1, 4}, {-9.0f, 2.0f, 3.0f, 1e38f});
  const Picture grey = grey_tile(map, 1, 2.0f, 4.0f);
  CHECK(grey.at(0, 0) == colours::black);
  CHECK(grey.at(1, 0) == colours::black);
  CHECK(grey.at(2, 0) == Colour{128, 128, 128});
  CHECK(grey.at(3, 0) == colours::paper);
  const Picture diverging = diverging_tile(map, 1, 3.0f);
  CHECK(diverging.at(0, 0) == colours::blue);
  CHECK(diverging.at(2, 0) == colours::vermilion);
  CHECK(diverging.at(3, 0) == colours::vermilion);
}

TEST_CASE("a number that is not finite is purple in every tile",
          "[image]") {
  const Tensor<> map({1, 4}, {not_a_number, infinity, -infinity, 0.5f});
  const Tensor<> image({3, 1, 2},
                       {0.5f, 0.5f, not_a_number, 0.5f, 0.5f, 0.5f});
  const Picture grey = grey_tile(map, 2),
                diverging = diverging_tile(map, 2, 1);
  CHECK(count_of(grey, colours::purple) == 12);
  CHECK(count_of(diverging, colours::purple) == 12);
  CHECK(grey.at(6, 0) == Colour{128, 128, 128});
  const Picture colour = rgb_tile(image, 1);
  CHECK(colour.at(0, 0) == colours::purple);
  CHECK(colour.at(1, 0) == Colour{128, 128, 128});
  // The number itself is written on it.
  const Picture numbers = number_tile(map, 40, 1.0f, 1);
  CHECK(numbers.at(5, 5) == colours::purple);
  for (const std::string text : {"NaN", "inf", "−inf"}) {
    const Picture expected =
        written(text, 1, colours::ink, colours::purple);
    CHECK(place_of(expected, numbers).first > 0);
  }
}

TEST_CASE("diverging colours: white at 0, symmetric around it", "[image]") {
  CHECK(diverging_colour(0.0f, 2.0f) == colours::paper);
  CHECK(diverging_colour(-0.0f, 2.0f) == colours::paper);
  CHECK(diverging_colour(-2.0f, 2.0f) == colours::blue);
  CHECK(diverging_colour(2.0f, 2.0f) == colours::vermilion);
  // How far from white, as a share of the way to the end of the scale.
  const auto share = [](Colour colour, Colour end) {
    return (255.0 - colour.red) / (255.0 - end.red);
  };
  for (const float value : {0.1f, 0.5f, 1.0f, 1.7f}) {
    const double minus =
        share(diverging_colour(-value, 2.0f), colours::blue);
    const double plus =
        share(diverging_colour(value, 2.0f), colours::vermilion);
    CHECK_THAT(minus, WithinAbs(value / 2.0, 0.003));
    CHECK_THAT(plus, WithinAbs(value / 2.0, 0.02));  // only 42 levels
  }
}

TEST_CASE("tiles refuse what they cannot draw, and say why", "[image]") {
  const Tensor<> map({2, 2}), batch({1, 1, 2, 2}), two({2, 2, 2});
  for (const float range : {0.0f, -1.0f, not_a_number, infinity}) {
    CHECK_THROWS_AS(diverging_tile(map, 1, range), std::invalid_argument);
    CHECK_THROWS_AS(number_tile(map, 9, range, 0), std::invalid_argument);
    CHECK_THROWS_AS(diverging_scale(range, 90), std::invalid_argument);
    CHECK_THROWS_AS(diverging_colour(1, range), std::invalid_argument);
  }
  CHECK_THROWS_AS(grey_tile(map, 0), std::invalid_argument);
  CHECK_THROWS_AS(grey_tile(map, 1 << 30), std::invalid_argument);
  // Three times this is 2^32 + 2.
  CHECK_THROWS_AS(grey_tile(Tensor<>({3, 3}), 1431655766),
                  std::invalid_argument);
  CHECK_THROWS_AS(grey_tile(map, 1, 1, 1), std::invalid_argument);
  CHECK_THROWS_AS(grey_tile(map, 1, 0, infinity), std::invalid_argument);
  CHECK_THROWS_AS(grey_tile(Tensor<>({0, 2}), 1), std::invalid_argument);
  CHECK_THROWS_AS(number_tile(map, 9, 1, -1), std::invalid_argument);
  CHECK_THAT(message_of([&] { grey_tile(batch, 1); }),
             ContainsSubstring("grey_tile: map (H, W)") &&
                 ContainsSubstring("(1, 1, 2, 2)"));
  CHECK_THAT(
      message_of([&] { rgb_tile(two, 1); }),
      ContainsSubstring("(3, H, W)") && ContainsSubstring("(2, 2, 2)"));
}

TEST_CASE("a colour tile puts the channels where they belong", "[image]") {
  const Tensor<> image({3, 1, 2}, {1.0f, 0.2f, 0.0f, 0.4f, -3.0f, 7.0f});
  const Picture tile = rgb_tile(image, 3);
  REQUIRE(tile.width() == 6);
  REQUIRE(tile.height() == 3);
  CHECK(count_of(tile, {255, 0, 0}) == 9);
  CHECK(count_of(tile, {51, 102, 255}) == 9);
  CHECK(tile.at(2, 2) == Colour{255, 0, 0});
  CHECK(tile.at(3, 0) == Colour{51, 102, 255});
}

TEST_CASE("the largest magnitude is never 0 and never infinite",
          "[image]") {
  CHECK(largest_magnitude(Tensor<>({3}, {1.0f, -4.0f, 2.0f})) == 4.0f);
  CHECK(largest_magnitude(Tensor<>({2, 2})) == 1.0f);
  CHECK(largest_magnitude(Tensor<>()) == 1.0f);
  CHECK(largest_magnitude(Tensor<>({3}, {not_a_number, -infinity, 0.5f})) ==
        0.5f);
}

TEST_CASE("a number tile writes every number readably", "[image]") {
  const Tensor<> map({1, 3}, {-2.0f, 0.0f, -0.0001f});
  const Picture tile = number_tile(map, 80, 2.0f, 2);
  REQUIRE(tile.width() == 240);
  REQUIRE(tile.height() == 80);
  CHECK(tile.at(40, 10) == colours::blue);
  CHECK(tile.at(120, 10) == colours::paper);
  // White on dark blue, dark on white, in the middle of the cell.
  const Picture low = written("−2.00", 2, colours::paper, colours::blue);
  CHECK(place_of(low, tile) == std::pair((80 - low.width()) / 2, 33));
  const Picture zero = written("0.00", 2);
  CHECK(place_of(zero, tile) ==
        std::pair(80 + (80 - zero.width()) / 2, 33));
  // No minus before zeros: the last cell looks like the one before it.
  Picture middle(79, 79), last(79, 79);
  middle.paste(tile, -81, -1);
  last.paste(tile, -161, -1);
  CHECK(same(middle, last));
}

TEST_CASE("numbers are enlarged with their cell, cells grow with numbers",
          "[image]") {
  const Tensor<> map({1, 1}, 1.0f);
  const auto ink = [&](int cell, int decimals) {
    return count_of(number_tile(map, cell, 100.0f, decimals), colours::ink);
  };
  CHECK(ink(30, 0) == 4 * ink(12, 0));
  CHECK(ink(60, 0) == 9 * ink(12, 0));
  CHECK(ink(12, 6) == ink(60, 6));  // all of it, in a cell that has grown
  CHECK(number_tile(map, 12, 100.0f, 6).width() > 8 * 6);
  // One letter with room for three is no larger than three letters.
  CHECK(count_of(number_tile(map, 42, 100.0f, 0, 3), colours::ink) ==
        4 * ink(12, 0));
}

TEST_CASE("a diverging scale shows its ends and its middle", "[image]") {
  const Picture scale = diverging_scale(0.25f, 301);
  REQUIRE(scale.width() == 301);
  CHECK(scale.at(1, 5) != colours::paper);
  CHECK(scale.at(150, 5) == colours::paper);
  for (const int x : {1, 40, 100, 149}) {
    CHECK(scale.at(x, 5) ==
          diverging_colour(static_cast<float>(x - 150) / 150, 1));
    CHECK(scale.at(300 - x, 5) ==
          diverging_colour(static_cast<float>(150 - x) / 150, 1));
  }
  const auto low = place_of(written("−0.25", 2), scale);
  const auto middle = place_of(written("0", 2), scale);
  const auto high = place_of(written("+0.25", 2), scale);
  CHECK(low.first == 0);
  CHECK(high.first == 301 - Picture::text_width("+0.25", 2));
  CHECK(middle.second == low.second);
  // An even width becomes odd, so that one column is the middle.
  CHECK(diverging_scale(1.0f, 300).width() == 301);
  // However narrow it is asked to be, the three numbers have room.
  CHECK(diverging_scale(0.333f, 1).width() >
        2 * Picture::text_width("−0.333", 2));
}

TEST_CASE("a sheet holds every tile, caption and title in one piece",
          "[image]") {
  Sheet sheet("Title");
  const Picture footer = diverging_scale(1.0f, 200);
  std::vector<Picture> tiles;
  for (int n = 0; n < 6; ++n) {
    if (n % 3 == 0) sheet.row(n == 0 ? "upper" : "low\ner");
    tiles.push_back(strange_tile(n));
    sheet.add(tiles.back(), "cap " + std::to_string(n) + "\ntwo");
  }
  sheet.footer(footer);
  const Picture picture = sheet.picture();
  std::vector<std::pair<int, int>> places;
  for (const Picture& tile : tiles) {
    places.push_back(place_of(tile, picture));
    REQUIRE(places.back().first >= 0);
    // A thin edge runs around it.
    const auto [x, y] = places.back();
    CHECK(picture.at(x - 1, y - 1) == colours::faint);
    CHECK(picture.at(x + tile.width(), y + 3) == colours::faint);
  }
  for (std::size_t n = 0; n < 3; ++n) {  // columns are aligned, and rows
    CHECK(places[n].first == places[n + 3].first);
    CHECK(places[n].second == places[0].second);
    CHECK(places[n + 3].second > places[n].second);
  }
  for (const std::string text :
       {"Title", "upper", "low\ner", "cap 0", "cap 5", "two"}) {
    INFO(text);
    CHECK(place_of(written(text, 2), picture).first >= 0);
  }
  CHECK(place_of(footer, picture).second > places[5].second);
}

TEST_CASE("a sheet has an even margin and breaks long text", "[image]") {
  const std::string title = "many words that go on and on and on and on";
  Sheet sheet(title);
  sheet.add(Picture(90, 30, colours::black), "as even as it can be");
  sheet.add(Picture(20, 60, colours::black), "indivisible-name");
  const Picture picture = sheet.picture();
  CHECK(picture.width() < Picture::text_width(title, 2));
  CHECK(place_of(written("as even", 2), picture).first >= 0);
  CHECK(place_of(written("can be", 2), picture).first >= 0);
  CHECK(place_of(written("indivisible-name", 2), picture).first >= 0);
  // Seven letters fit, but three and two are more even than four and one.
  const Picture even =
      Sheet().add(Picture(60, 30, colours::black), "a b c d e").picture();
  CHECK(place_of(written("a b c", 2), even).first >= 0);
  CHECK(place_of(written("d e", 2), even).first >= 0);
  // No ink within 18 pixels of the edge.
  Picture frame = picture;
  frame.fill_rectangle(18, 18, frame.width() - 36, frame.height() - 36,
                       colours::paper);
  CHECK(count_of(frame, colours::paper) == frame.width() * frame.height());
}

TEST_CASE("captions stand on one line, right below their tiles",
          "[image]") {
  const Picture high = strange_tile(1);
  Picture low(30, 11, colours::green);
  const Picture picture = Sheet().add(high, "a").add(low, "b").picture();
  const auto [x, y] = place_of(low, picture);
  CHECK(y + low.height() == place_of(high, picture).second + high.height());
  const auto caption = place_of(written("b", 2), picture);
  CHECK(caption.second == place_of(written("a", 2), picture).second);
  CHECK(caption.second > y + low.height());
  CHECK(caption.second < y + low.height() + 10);
  // Centred: the letter's middle is the tile's, to a pixel.
  CHECK_THAT(caption.first + 5.0, WithinAbs(x + 15.0, 1.0));
}

TEST_CASE("a sheet of nothing, and rows without tiles", "[image]") {
  CHECK(Sheet().picture().width() > 0);
  const Picture titled = Sheet("only a title").picture();
  CHECK(place_of(written("only a title", 2), titled).first > 0);
  Sheet sheet;
  sheet.row("no tile").row().add(strange_tile(1)).row("none");
  const Picture picture = sheet.picture();
  CHECK(place_of(written("no tile", 2), picture).first >= 0);
  CHECK(place_of(written("none", 2), picture).first >= 0);
  CHECK(place_of(strange_tile(1), picture).first >= 0);
}

TEST_CASE("a PNG holds the pixels that were drawn, twice the same bytes",
          "[image]") {
  const TemporaryFolder folder;
  Picture picture(37, 23);
  for (int y = 0; y < 23; ++y) {
    for (int x = 0; x < 37; ++x) {
      picture.at(x, y) = {static_cast<std::uint8_t>(x * 7),
                          static_cast<std::uint8_t>(y * 11),
                          static_cast<std::uint8_t>(x * y)};
    }
  }
  const fs::path path = folder / "new" / "folders" / "picture.png";
  write_file(path, png_bytes(picture));
  CHECK(same(read_png(path), picture));
  const std::string first = bytes_of(path);
  write_file(path, png_bytes(picture));  // over the old one
  CHECK(bytes_of(path) == first);
  CHECK(std::distance(fs::directory_iterator(path.parent_path()), {}) == 1);
}

// Memory for stb that is exhausted after so many allocations.
class Scarce : public std::pmr::memory_resource {
 public:
  explicit Scarce(int pieces)
      : left_(pieces), kept_(std::pmr::set_default_resource(this)) {}
  ~Scarce() override { std::pmr::set_default_resource(kept_); }
  Scarce(const Scarce&) = delete;
  Scarce& operator=(const Scarce&) = delete;

  int in_use = 0;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (left_-- <= 0) throw std::bad_alloc();
    ++in_use;
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* memory, std::size_t size,
                     std::size_t alignment) override {
    --in_use;
    std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  int left_;
  std::pmr::memory_resource* kept_;
};

TEST_CASE("a PNG for which memory gives out, at any place, is an error",
          "[image]") {
  Picture picture(90, 70);
  Random random(5);
  for (int y = 0; y < 70; ++y)
    for (int x = 0; x < 90; ++x)
      picture.at(x, y).red = static_cast<std::uint8_t>(random.below(256));
  const std::string whole = png_bytes(picture);
  const std::string film = film_bytes({picture, Picture(90, 70)}, 100);
  int failures = 0;
  for (bool done = false; !done; ++failures) {
    Scarce memory(failures);
    try {
      const bool same = png_bytes(picture) == whole &&
                        film_bytes({picture, Picture(90, 70)}, 100) == film;
      CHECK(same);
      done = true;
    } catch (const std::bad_alloc&) {
    }
    CHECK(memory.in_use == 0);
  }
  CHECK(failures > 10);
  CHECK(png_bytes(picture) == whole);
}

}  // namespace

namespace {

struct Chunk {
  std::string type, data;
};

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value * 256 + static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::string number_text(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>((value >> shift) & 0xff);
  return text;
}

std::vector<Chunk> chunks_of(const std::string& png) {
  std::vector<Chunk> all;
  for (std::size_t at = 8; at < png.size();) {
    const std::size_t length = number_at(png, at);
    all.push_back({png.substr(at + 4, 4), png.substr(at + 8, length)});
    at += 12 + length;
  }
  return all;
}

// zlib's checksum of a chunk, bit by bit from the polynomial.
std::uint32_t crc_of(const std::string& bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char byte : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      const std::uint32_t in =
          ((static_cast<unsigned char>(byte) >> bit) & 1u) ^ (crc & 1u);
      crc = (crc >> 1) ^ (in ? 0xedb88320u : 0u);
    }
  return ~crc;
}

// The frames of a film as a viewer that knows only PNG decodes them: each
// is made a file of its own and pasted where it belongs.
std::vector<Picture> frames_of(const std::string& film,
                               const fs::path& scratch) {
  std::vector<Picture> frames;
  std::string control;
  std::uint32_t sequence = 0;
  for (const Chunk& it : chunks_of(film)) {
    if (it.type != "fcTL" && it.type != "fdAT") continue;
    CHECK(number_at(it.data, 0) == sequence++);
    if (it.type == "fcTL") {
      control = it.data;
      continue;
    }
    const std::string head =
        control.substr(4, 8) + std::string("\x08\x02\x00\x00\x00", 5);
    const auto chunk = [](const std::string& type,
                          const std::string& data) {
      return number_text(static_cast<std::uint32_t>(data.size())) + type +
             data + number_text(crc_of(type + data));
    };
    write_file(scratch, film.substr(0, 8) + chunk("IHDR", head) +
                            chunk("IDAT", it.data.substr(4)) +
                            chunk("IEND", ""));
    const Picture part = read_png(scratch);
    Picture frame = frames.empty() ? part : frames.back();
    frame.paste(part, static_cast<int>(number_at(control, 12)),
                static_cast<int>(number_at(control, 16)));
    frames.push_back(frame);
  }
  return frames;
}

}  // namespace

TEST_CASE("a film holds every frame and shows the last by default",
          "[image]") {
  const TemporaryFolder folder;
  std::vector<Picture> pictures(4, Picture(23, 17));
  pictures[1].fill_rectangle(5, 4, 3, 9, colours::blue);
  pictures[2].fill_rectangle(22, 16, 1, 1, colours::orange);
  pictures[3] = pictures[2];  // nothing changes
  const fs::path path = folder / "film.png";
  write_file(path, film_bytes(pictures, 250));
  const std::string film = bytes_of(path);
  for (std::size_t at = 8; at < film.size();) {
    const std::size_t length = number_at(film, at);
    CHECK(number_at(film, at + 8 + length) ==
          crc_of(film.substr(at + 4, length + 4)));
    at += 12 + length;
  }
  const std::vector<Chunk> chunks = chunks_of(film);
  REQUIRE(chunks.size() == 4 + 2 * pictures.size());
  CHECK(chunks[0].type == "IHDR");
  CHECK(chunks[1].type == "acTL");
  CHECK(number_at(chunks[1].data, 0) == 4);  // frames
  CHECK(number_at(chunks[1].data, 4) == 0);  // for ever
  CHECK(chunks[2].type == "IDAT");  // before the first fcTL: no frame
  CHECK(chunks.back().type == "IEND");
  CHECK(same(read_png(path), pictures.back()));
  const std::vector<Picture> frames = frames_of(film, folder / "frame.png");
  REQUIRE(frames.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    CHECK(same(frames[i], pictures[i]));
  }
  // 250 ms, the last 2 s longer: two bytes each, in thousandths.
  CHECK(number_at(chunks[3].data, 20) == (250u << 16 | 1000u));
  CHECK(number_at(chunks[9].data, 20) == (2250u << 16 | 1000u));
}

TEST_CASE("a film of nothing, of several sizes, at no speed", "[image]") {
  const std::vector<Picture> none, one(1, Picture(2, 2)),
      two = {Picture(2, 2), Picture(2, 3)};
  CHECK_THROWS_WITH(film_bytes(none, 100),
                    "film_bytes: expected frames, got none");
  CHECK_THROWS_WITH(
      film_bytes(two, 100),
      "film_bytes: expected frames of one size, got 2 x 2 and "
      "2 x 3");
  CHECK_THROWS_WITH(film_bytes(one, 0),
                    "film_bytes: expected 1 to 60000 milliseconds, got 0");
  CHECK(chunks_of(film_bytes(one, 100)).size() == 6);
}
