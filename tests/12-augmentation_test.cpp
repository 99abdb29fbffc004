// Chapter 12's augmentation: how training pictures are changed at random.
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "12-generalization/changed_digit.hpp"
#include "12-generalization/named_augmentations.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

const Augmentation everything = {.shift = 1.5,
                                 .turn = 10,
                                 .scale = 0.12,
                                 .slant = 0.3,
                                 .squeeze = 0.6,
                                 .bend = 1,
                                 .thicker = 0.6,
                                 .thinner = 0.3};

std::vector<float> handed_out(const HandOut& hand_out, const Dataset& data,
                              int image, int step) {
  std::vector<float> room(784, -1.0f);
  const auto pixels = hand_out(data, image, step, room);
  return {pixels.begin(), pixels.end()};
}

std::vector<float> pixels_of(const Dataset& data, int image) {
  const auto pixels = row_of(data.images, image);
  return {pixels.begin(), pixels.end()};
}

double ink_in(std::span<const float> pixels) {
  double sum = 0;
  for (const float level : pixels) sum += static_cast<double>(level);
  return sum;
}

// The centre of mass of 28 x 28 pixels.
PixelPlace centre_of(const std::vector<float>& pixels) {
  PixelPlace sum;
  for (int i = 0; i < 784; ++i) {
    const float level = pixels[static_cast<std::size_t>(i)];
    sum.y += level * static_cast<float>(i / 28);
    sum.x += level * static_cast<float>(i % 28);
  }
  const auto ink = static_cast<float>(ink_in(pixels));
  return {sum.y / ink, sum.x / ink};
}

// The rows and columns between the outermost pixels above a level.
struct InkedPart {
  int height = 0, width = 0;
};
InkedPart inked_part_of(const std::vector<float>& pixels, float level) {
  int top = 28, bottom = -1, left = 28, right = -1;
  for (int i = 0; i < 784; ++i) {
    if (!(pixels[static_cast<std::size_t>(i)] > level)) continue;
    top = std::min(top, i / 28), bottom = std::max(bottom, i / 28);
    left = std::min(left, i % 28), right = std::max(right, i % 28);
  }
  return {bottom - top + 1, right - left + 1};
}

}  // namespace

TEST_CASE("no change leaves the very bits of a picture") {
  const Dataset digits = first(embedded_digits().train, 20);
  const HandOut hand_out = augmented({}, 1);
  for (int image = 0; image < digits.size(); ++image)
    CHECK(handed_out(hand_out, digits, image, 3) ==
          pixels_of(digits, image));
}

TEST_CASE("seed, step and picture decide how it is changed") {
  const Dataset digits = first(embedded_digits().train, 2);
  const HandOut one = augmented(everything, 1),
                other = augmented(everything, 2);
  const auto picture = handed_out(one, digits, 0, 5);
  CHECK(handed_out(one, digits, 0, 5) == picture);
  CHECK(handed_out(augmented(everything, 1), digits, 0, 5) == picture);
  CHECK(handed_out(one, digits, 0, 6) != picture);
  CHECK(handed_out(one, digits, 1, 5) != picture);
  CHECK(handed_out(other, digits, 0, 5) != picture);
}

TEST_CASE("a digit as it is, and as its first steps see it") {
  const Dataset digits = first(embedded_digits().train, 3);
  const Tensor<> all = compute_changed_digits(digits, 1, everything, 4, 6);
  REQUIRE(all.shape() == Shape{5, 1, 28, 28});
  const auto picture = [&](int n) {
    const auto pixels = row_of(all, n);
    return std::vector<float>(pixels.begin(), pixels.end());
  };
  CHECK(picture(0) == pixels_of(digits, 1));
  const HandOut hand_out = augmented(everything, 6);
  for (int step = 1; step <= 4; ++step)
    CHECK(picture(step) == handed_out(hand_out, digits, 1, step));
  CHECK(picture(1) != picture(2));
  const auto refused = [&](int image, int count) {
    CHECK_THROWS_AS(
        compute_changed_digits(digits, image, everything, count, 6),
        std::invalid_argument);
  };
  refused(3, 4);
  refused(-1, 4);
  refused(1, -1);
}

TEST_CASE("each change alone changes something, and stays in its bounds") {
  const Dataset digits = first(embedded_digits().train, 1);
  const auto before = pixels_of(digits, 0);
  for (double Augmentation::*change :
       {&Augmentation::shift, &Augmentation::turn, &Augmentation::scale,
        &Augmentation::slant, &Augmentation::squeeze, &Augmentation::bend,
        &Augmentation::thicker, &Augmentation::thinner}) {
    Augmentation alone = {};
    alone.*change = everything.*change;
    const HandOut hand_out = augmented(alone, 1);
    int changed = 0;
    for (int step = 1; step <= 20; ++step) {
      const auto after = handed_out(hand_out, digits, 0, step);
      changed += after != before;
      for (const float level : after) {
        CHECK(level >= 0.0f);
        CHECK(level <= 1.0f);
      }
    }
    CHECK(changed >= 19);
  }
}

TEST_CASE("a shift moves the centre of mass by at most so much") {
  const Dataset digits = first(embedded_digits().train, 1);
  Augmentation shift = {};
  shift.shift = 2;
  const HandOut hand_out = augmented(shift, 1);
  const PixelPlace middle = centre_of(pixels_of(digits, 0));
  double farthest = 0;
  for (int step = 1; step <= 200; ++step) {
    const PixelPlace now = centre_of(handed_out(hand_out, digits, 0, step));
    const auto away = static_cast<double>(
        std::max(std::abs(now.y - middle.y), std::abs(now.x - middle.x)));
    CHECK(away <= 2.001);
    farthest = std::max(farthest, away);
  }
  CHECK(farthest > 1.8);
}

TEST_CASE("bent paper moves lines of both directions") {
  Dataset lines;
  lines.images = Tensor<>({2, 1, 28, 28});
  lines.labels = {0, 1};
  for (int i = 4; i < 24; ++i)
    lines.images(0, 0, i, 13) = lines.images(1, 0, 13, i) = 1;
  Augmentation bend = {};
  bend.bend = 2;
  for (const int image : {0, 1}) {
    const Tensor<> bent({28, 28},
                        handed_out(augmented(bend, 1), lines, image, 1));
    // Somewhere the line has left its row or column.
    double beside = 0;
    for (int i = 4; i < 24; ++i)
      for (int k = 0; k < 28; ++k)
        if (k < 12 || k > 14)
          beside +=
              static_cast<double>(image == 0 ? bent(i, k) : bent(k, i));
    CHECK(beside > 0.2);
  }
}

TEST_CASE("thicker strokes have more ink, thinner ones less") {
  std::vector<float> bar(49, 0.0f);
  for (int y = 1; y < 6; ++y)
    for (int x = 2; x < 5; ++x)
      bar[static_cast<std::size_t>(7 * y + x)] = 1;
  auto thick = bar, thin = bar, half = bar, same = bar;
  thicken(thick, 7, 7, 1);
  thicken(thin, 7, 7, -1);
  thicken(half, 7, 7, 0.5f);
  thicken(same, 7, 7, 0);
  CHECK(ink_in(bar) == 15);
  CHECK(ink_in(thick) == 15 + 2 * 5 + 2 * 3);  // one cell along each side
  CHECK(ink_in(thin) == 3);
  CHECK(ink_in(half) == 15 + 0.5 * (2 * 5 + 2 * 3));
  CHECK(same == bar);
}

TEST_CASE("a digit squeezed is narrower and as high") {
  const Dataset digits = embedded_digits().train;
  const int zero = *first_index_of(digits.labels, 0);
  Augmentation squeeze = {};
  squeeze.squeeze = 1;
  const HandOut hand_out = augmented(squeeze, 1);
  const InkedPart before = inked_part_of(pixels_of(digits, zero), 0.5f);
  int narrower = 0;
  for (int step = 1; step <= 20; ++step) {
    const InkedPart now =
        inked_part_of(handed_out(hand_out, digits, zero, step), 0.3f);
    CHECK(now.width <= before.width + 2);
    CHECK(std::abs(now.height - before.height) <= 2);
    narrower += now.width < before.width - 2;
  }
  CHECK(narrower >= 5);
}

TEST_CASE("a picture of three channels changes alike in all of them") {
  const Dataset digits = first(embedded_digits().train, 1);
  const auto grey = pixels_of(digits, 0);
  Dataset colour = digits;
  colour.images = Tensor<>({1, 3, 28, 28});
  for (std::size_t i = 0; i < grey.size(); ++i)
    for (std::size_t c = 0; c < 3; ++c)
      colour.images.data()[784 * c + i] = grey[i];
  const HandOut hand_out = augmented(everything, 1);
  const auto changed = handed_out(hand_out, digits, 0, 1);
  std::vector<float> room(3 * 784, -1.0f);
  hand_out(colour, 0, 1, room);
  for (std::size_t i = 0; i < room.size(); ++i)
    REQUIRE(room[i] == changed[i % 784]);
}

TEST_CASE("an augmentation by name") {
  CHECK(names_of(named_augmentations()) == "none, shift, all");
  const auto changes = [](const char* name) {
    return named_in(named_augmentations(), name, "test").changes;
  };
  CHECK(changes("none") == Augmentation{});
  CHECK(changes("shift") == Augmentation{.shift = 2});
  CHECK(changes("all").turn > 0);
}

TEST_CASE("the whole number below a number is its floor") {
  for (float x = -3; x <= 3; x += 0.125f)
    CHECK(static_cast<float>(whole_below(x)) == std::floor(x));
}
