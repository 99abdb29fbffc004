// Chapter 15: which way up a photograph was taken.
#include <cstdint>
#include <string>
#include <vector>

#include "15-colour/exif.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"

using namespace cnn;

namespace {

using Letters = std::vector<std::string>;

// '#' is 1, in three channels that differ. -> (3, H, W)
Tensor<> picture_of(const Letters& rows) {
  const int H = static_cast<int>(rows.size()),
            W = static_cast<int>(rows[0].size());
  Tensor<> picture(Shape{3, H, W});
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x)
        picture(c, y, x) = rows[static_cast<std::size_t>(y)]
                               [static_cast<std::size_t>(x)] == '#'
                               ? 1.0f
                               : 0.1f * static_cast<float>(c);
  return picture;
}

// The parts of an Exif segment. A test changes one part at a time.
struct Note {
  bool low_first = true;
  std::uint32_t list = 8;  // where the list is
  std::uint32_t entries_before = 0, entries_claimed = 0;
  std::uint32_t tag = 0x0112, type = 3, count = 1, value = 6;
  std::string tiff = "";  // a whole TIFF header of its own
  std::string name = std::string("Exif\0\0", 6);
};

std::string number(std::uint32_t value, int bytes, bool low_first) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(
        value >> (8 * (low_first ? i : bytes - 1 - i)) & 0xff);
  return text;
}

std::string segment(int marker, const std::string& content) {
  return std::string("\xff") + static_cast<char>(marker) +
         number(static_cast<std::uint32_t>(content.size() + 2), 2, false) +
         content;
}

std::string exif(const Note& note) {
  const auto of = [&](std::uint32_t value, int bytes) {
    return number(value, bytes, note.low_first);
  };
  std::string tiff = note.tiff.empty()
                         ? (note.low_first ? "II" : "MM") + of(42, 2)
                         : note.tiff;
  tiff += of(note.list, 4);
  if (note.list > 8 && note.list < 1000) tiff.resize(note.list, '\x55');
  tiff += of(note.entries_before + 1 + note.entries_claimed, 2);
  for (std::uint32_t i = 0; i < note.entries_before; ++i)
    tiff += of(0x0100 + i, 2) + of(3, 2) + of(1, 4) + of(0x0112, 4);
  tiff += of(note.tag, 2) + of(note.type, 2) + of(note.count, 4) +
          of(note.value, note.type == 4 ? 4 : 2) +
          (note.type == 4 ? "" : std::string("\x99\x99"));
  return segment(0xe1, note.name + tiff);
}

std::string jpeg(const std::string& segments) {
  return "\xff\xd8" + segments + "\xff\xda";
}

std::size_t up_to(int count, Random& random) {
  return static_cast<std::size_t>(random.below(count));
}

int orientation_of(const std::string& bytes) {
  return exif_orientation(
      {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}
int orientation_of(const Note& note) {
  return orientation_of(jpeg(exif(note)));
}

Note with(void (*change)(Note&)) {
  Note note;
  change(note);
  return note;
}

}  // namespace

TEST_CASE("each orientation of an F is turned until it reads as one") {
  const Tensor<> seen = picture_of({"###", "#..", "##.", "#.."});
  const Letters stored[] = {
      {"###", "#..", "##.", "#.."}, {"###", "..#", ".##", "..#"},
      {"..#", ".##", "..#", "###"}, {"#..", "##.", "#..", "###"},
      {"####", "#.#.", "#..."},     {"#...", "#.#.", "####"},
      {"...#", ".#.#", "####"},     {"####", ".#.#", "...#"}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    INFO(orientation);
    CHECK(upright(picture_of(stored[orientation - 1]), orientation) ==
          seen);
  }
}

TEST_CASE("turning undoes turning, whatever the size") {
  Random random(17);
  for (int round = 0; round < 50; ++round) {
    const Tensor<> picture = normal_numbers(
        {3, from_to(1, 9, random), from_to(1, 9, random)}, random);
    for (const int same : {2, 3, 4, 5, 7})
      CHECK(upright(upright(picture, same), same) == picture);
    CHECK(upright(upright(picture, 6), 8) == picture);
    CHECK(upright(upright(picture, 6), 6) == upright(picture, 3));
    CHECK(upright(upright(picture, 5), 3) == upright(picture, 7));
  }
  CHECK_THROWS_WITH(upright(Tensor<>(Shape{3, 2, 2}), 9),
                    "upright: expected an orientation from 1 to 8, got 9");
  CHECK_THROWS_AS(upright(Tensor<>(Shape{3, 2, 2}), 0),
                  std::invalid_argument);
  CHECK_THROWS_AS(upright(Tensor<>(Shape{2, 2}), 1), std::invalid_argument);
}

TEST_CASE("a camera's note is found, in both orders of bytes") {
  Random random(18);
  for (int round = 0; round < 400; ++round) {
    Note note;
    note.low_first = random.below(2) == 0;
    note.list = static_cast<std::uint32_t>(from_to(8, 60, random));
    note.entries_before = static_cast<std::uint32_t>(random.below(9));
    note.entries_claimed = static_cast<std::uint32_t>(random.below(3));
    note.value = static_cast<std::uint32_t>(from_to(1, 8, random));
    // Other segments come first: a JFIF header, a comment, XMP, fill bytes.
    std::string before;
    for (int i = random.below(4); i > 0; --i) {
      const std::vector markers = {0xe0, 0xfe, 0xe1, 0xdb};
      before += segment(markers[up_to(4, random)],
                        std::string(up_to(300, random), '\x01'));
      before.append(up_to(3, random), '\xff');
    }
    CHECK(orientation_of(jpeg(before + exif(note))) ==
          static_cast<int>(note.value));
  }
}

TEST_CASE("a note that cannot be followed leaves a picture as it is") {
  CHECK(orientation_of(Note{}) == 6);  // before anything is changed
  const Note odd[] = {
      with([](Note& note) { note.value = 0; }),
      with([](Note& note) { note.value = 9; }),
      with([](Note& note) { note.value = 0x0600; }),
      with([](Note& note) { note.type = 4; }),
      with([](Note& note) { note.count = 2; }),
      with([](Note& note) { note.count = 0x80000001; }),
      with([](Note& note) { note.tag = 0x1201; }),
      with([](Note& note) { note.list = 4000; }),
      with([](Note& note) { note.list = 0xffffffff; }),
      with([](Note& note) { note.list = 0; }),
      with([](Note& note) { note.tiff = std::string("II\0\x2a", 4); }),
      with([](Note& note) { note.tiff = std::string("MM\x2a\0", 4); }),
      with([](Note& note) { note.tiff = "IM\x2a "; }),
      with([](Note& note) { note.name = "http:/"; })};
  for (const Note& note : odd) {
    INFO(static_cast<int>(&note - odd));
    CHECK(orientation_of(note) == 1);
  }
  const std::string good = exif(Note{});
  CHECK(orientation_of("") == 1);
  CHECK(orientation_of("\xff\xd8\xff") == 1);
  CHECK(orientation_of("\x89PNG\r\n\x1a\n" + good) == 1);
  CHECK(orientation_of(good) == 1);
  CHECK(orientation_of(jpeg(segment(0xda, "pixels") + good)) == 1);
  std::string too_short = good;
  too_short.replace(2, 2, std::string("\0\1", 2));
  CHECK(orientation_of(jpeg(too_short)) == 1);
  too_short.replace(2, 2, std::string("\0\x18", 2));  // up to its entry
  CHECK(orientation_of(jpeg(too_short)) == 1);
  CHECK(orientation_of(jpeg(std::string("\xff\xe0\0\0", 4) + good)) == 1);
  CHECK(orientation_of(jpeg(std::string("\xff\xe0\0\1", 4) + good)) == 1);
  CHECK(orientation_of(jpeg("x" + good)) == 1);
  CHECK(orientation_of(jpeg(segment(0xe1, ""))) == 1);
  CHECK(orientation_of(jpeg(segment(0xe1, Note{}.name))) == 1);
}

TEST_CASE("a note from a stranger gives one of eight answers") {
  for (const bool low_first : {false, true}) {
    Note note;
    note.low_first = low_first;
    note.entries_before = 3;
    const std::string whole = jpeg(exif(note));
    const std::size_t value = whole.size() - 6;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      // A separate copy, so that the sanitizers notice a read past its end.
      const std::string part(whole, 0, size);
      if (size <= value) CHECK(orientation_of(part) == 1);
      if (size >= value + 2) CHECK(orientation_of(part) == 6);
    }
    Random random(19);
    for (int round = 0; round < 20000; ++round) {
      std::string hostile = whole;
      for (int i = from_to(1, 4, random); i > 0; --i)
        hostile[up_to(static_cast<int>(whole.size()), random)] =
            static_cast<char>(random.below(256));
      const int found = orientation_of(hostile);
      if (found < 1 || found > 8) CHECK((found >= 1 && found <= 8));
    }
  }
}
