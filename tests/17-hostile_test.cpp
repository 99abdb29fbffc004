// Chapter 17: whatever file a stranger sends, reading it gives either
// digits or a refusal of one line, and nothing in between.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "15-colour/exif.hpp"
#include "17-handwriting/reading.hpp"
#include "common/data/pictures.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/picture_files.hpp"

using namespace cnn;

namespace {

// A reader with the same answer and the same probability for all pictures.
Reader guessing(Random& random) {
  const int guess = random.below(10);
  const float sure = random.below(2) == 0 ? 0.99f : random.uniform();
  return [guess, sure](const Tensor<>& crops) {
    Tensor<> probabilities(Shape{crops.extent(0), 10}, (1 - sure) / 9);
    for (int n = 0; n < crops.extent(0); ++n)
      probabilities(n, guess) = sure;
    return probabilities;
  };
}

// Whether a text is one line of printable ASCII.
bool is_line(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 32 && c < 127;
  });
}

void check_digit(const DigitSeen& digit, const Tensor<>& image) {
  CHECK(digit.box.top >= 0);
  CHECK(digit.box.left >= 0);
  CHECK(digit.box.height() > 0);
  CHECK(digit.box.width() > 0);
  CHECK(digit.box.bottom <= image.extent(1));
  CHECK(digit.box.right <= image.extent(2));
  CHECK((digit.answer >= 0 && digit.answer <= 9));
  CHECK((digit.probability >= 0 && digit.probability <= 1 + 1e-6));
  REQUIRE(digit.crop.shape() == Shape{28, 28});
  const auto levels = digit.crop.data();
  CHECK(std::all_of(levels.begin(), levels.end(), [](float level) {
    return level >= 0.0f && level <= 1.0f;
  }));
}

// Checks a reading of the picture; returns whether there was an answer.
bool check_reading(const Tensor<>& image, Random& random) {
  const Reading reading = read_picture(image, guessing(random));
  std::size_t answers = 0;
  for (const std::string& line : reading.lines) {
    CHECK(!line.empty());
    CHECK(line.find_first_not_of("0123456789") == std::string::npos);
    answers += line.size();
  }
  for (const DigitSeen& digit : reading.digits) check_digit(digit, image);
  if (reading.refused.empty()) {
    CHECK(answers > 0);
    CHECK(answers == reading.digits.size());
    return true;
  }
  CHECK(is_line(reading.refused));
  CHECK(answers == 0);
  return false;
}

// A random extent, such as a photograph has, or as no camera makes it.
int extent(Random& random) {
  switch (random.below(5)) {
    case 0:
      return from_to(1, 3, random);
    case 1:
      return from_to(1, 30, random);
    case 2:
      return from_to(900, 1600, random);
    default:
      return from_to(30, 300, random);
  }
}

// A random picture that is not a photograph. -> (3, H, W)
Tensor<> strange_picture(Random& random) {
  int H = extent(random), W = extent(random);
  if (H > 300) W = std::min(W, 200);
  Tensor<> image(Shape{3, H, W}, random.uniform());
  const int period = from_to(1, 12, random), kind = random.below(8);
  const float ink = random.uniform();
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x)
      for (int c = 0; c < 3; ++c) {
        float& level = image(c, y, x);
        if (kind == 1) level = random.uniform();
        if (kind == 2) level = (y / period + x / period) % 2 ? ink : 1.0f;
        if (kind == 3) level = y % (2 * period) < period ? ink : 1.0f;
        if (kind == 4)
          level = static_cast<float>(x) / static_cast<float>(W);
        if (kind == 5) level = y == x || y == H - 1 ? 0.0f : 1.0f;
        if (kind == 6) level = random.below(200) == 0 ? 0.0f : 1.0f;
        if (kind == 7) level = y == 0 || x == 0 ? 1.0f : 0.0f;
      }
  // Blots, one over another.
  for (int i = random.below(12); i > 0; --i) {
    const int y0 = random.below(H), x0 = random.below(W),
              h = 1 + random.below(H), w = 1 + random.below(W) / 4;
    for (int y = y0; y < std::min(H, y0 + h); ++y)
      for (int x = x0; x < std::min(W, x0 + w); ++x)
        for (int c = 0; c < 3; ++c) image(c, y, x) = ink;
  }
  return image;
}

}  // namespace

TEST_CASE("a picture of nothing that we know is read or refused") {
  Random random(171);
  int read = 0, refused = 0;
  for (int round = 0; round < 60; ++round) {
    const Tensor<> image = strange_picture(random);
    INFO("round " << round << ": " << to_string(image.shape()));
    (check_reading(image, random) ? read : refused)++;
  }
  CHECK(read > 2);
  CHECK(refused > 20);
}

TEST_CASE("a file that a stranger changed is read or refused") {
  Random random(172);
  int pictures = 0, broken = 0;
  for (int round = 0; round < 150; ++round) {
    std::string bytes = random_picture_file(from_to(1, 60, random),
                                            from_to(1, 60, random), random)
                            .bytes;
    for (int i = random.below(4); i > 0; --i)
      bytes[static_cast<std::size_t>(
          random.below(static_cast<int>(bytes.size())))] =
          static_cast<char>(random.below(256));
    const std::span<const std::uint8_t> file(
        reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    const auto parsed = parse_picture(file);
    if (const auto* why = std::get_if<Broken>(&parsed)) {
      CHECK(is_line(why->rule));
      ++broken;
      continue;
    }
    ++pictures;
    check_reading(
        upright(std::get<Tensor<>>(parsed), exif_orientation(file)),
        random);
  }
  CHECK(pictures > 40);
  CHECK(broken > 20);
}
