#include <cmath>
#include <memory>
#include <vector>

#include "06-training/network.hpp"
#include "08-seeing/strangers.hpp"
#include "09-dreaming/networks.hpp"
#include "12-generalization/warping.hpp"
#include "17-handwriting/changes.hpp"
#include "17-handwriting/ink.hpp"
#include "17-handwriting/moves.hpp"
#include "17-handwriting/paper.hpp"
#include "17-handwriting/parts.hpp"
#include "17-handwriting/placing.hpp"
#include "17-handwriting/placing_rule.hpp"
#include "17-handwriting/refusals.hpp"
#include "17-handwriting/shift_training.hpp"
#include "17-handwriting/threshold_by_hand.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::WithinAbs;

const Split& digits() {
  static const Split all = embedded_digits();
  return all;
}

Tensor<> digit(int n) {
  return picture_of(digits().held_out.images, n);
}

Tensor<> random_picture(int H, int W, Random& random) {
  Tensor<> picture({H, W});
  for (float& pixel : picture.data()) pixel = random.uniform();
  return picture;
}

double ink_in(const Tensor<>& picture) {
  double sum = 0;
  for (const float pixel : picture.data())
    sum += static_cast<double>(pixel);
  return sum;
}

// One dense layer whose class k counts the ink of row 2 k + 4.
std::unique_ptr<FastNetwork> row_reader() {
  auto network =
      std::make_unique<FastNetwork>(linear_network, Shape{1, 28, 28});
  Parameter<>& weight = *network->parameters()[0];
  for (float& number : weight.value.data()) number = 0;
  for (int k = 0; k < 10; ++k)
    for (int x = 0; x < 28; ++x) weight.value(k, (2 * k + 4) * 28 + x) = 1;
  return network;
}

// One picture of each class k, with a dot in row 2 k + 4.
Dataset dots() {
  Dataset data{Tensor<>({10, 1, 28, 28}), {}, 10};
  for (int k = 0; k < 10; ++k) {
    data.images(k, 0, 2 * k + 4, 14) = 1;
    data.labels.push_back(k);
  }
  return data;
}

}  // namespace

// ---- Placing -----------------------------------------------------------

TEST_CASE("the centre of mass of an L is what a hand gets") {
  const Point centre =
      centre_of_mass(Tensor<>({3, 3}, {1, 0, 0, 1, 0, 0, 1, 1, 0})).value();
  CHECK(centre.y == 1.75);
  CHECK(centre.x == 0.75);
  CHECK_FALSE(centre_of_mass(Tensor<>({3, 3})));
}

TEST_CASE("the ink's box is the smallest one, and a crop may reach out") {
  Tensor<> picture({5, 6});
  picture(1, 2) = picture(3, 4) = 0.5f;
  CHECK(ink_box(picture) == Box{1, 2, 4, 5});
  CHECK_FALSE(ink_box(picture, 0.5f));
  const Tensor<> part = cropped(picture, {-1, 1, 3, 4});
  CHECK(part.shape() == Shape{4, 3});
  CHECK(part(2, 1) == 0.5f);
  CHECK(ink_in(part) == 0.5);
  CHECK(moved(picture, 1, -1)(2, 1) == 0.5f);
  CHECK(ink_in(moved(picture, 2, 0)) == 0.5);  // one is lost
}

TEST_CASE("every embedded digit stands where MNIST's rule puts it") {
  const Split all = {first(digits().train, 1000),
                     first(digits().held_out, 0), ""};
  const PlacingRule rule = compute_placing_rule(all, 1);
  CHECK(rule.digits == 1000);
  CHECK(rule.stay == 1000);
  CHECK(rule.least.y > 14);
  CHECK(rule.least.x > 14);
  CHECK(rule.most.y < 15);
  CHECK(rule.most.x < 15);
  CHECK(rule.longest.at(20) >= 999);
  CHECK(rule.moves == 9000);
  CHECK(rule.lose_ink + rule.come_back == rule.moves);
  CHECK(rule.lose_ink < 100);
}

TEST_CASE("recentring brings back what lost no ink, and leaves the rest") {
  for (int n = 0; n < 200; ++n) {
    const Box box = ink_box(digit(n)).value();
    for (const int down : {-4, -1, 0, 3})
      for (const int right : {-3, 0, 2, 4})
        if (stays_inside(box, down, right))
          REQUIRE(recentred(moved(digit(n), down, right)) == digit(n));
    REQUIRE(recentred(recentred(moved(digit(n), 9, -9))) ==
            recentred(moved(digit(n), 9, -9)));
  }
  CHECK(recentred(Tensor<>({28, 28})) == Tensor<>({28, 28}));
  // At the ends of the interval: 15 stays, and 14 becomes 15.
  Tensor<> dot({28, 28});
  dot(14, 13) = dot(15, 14) = 1;  // at (15, 14)
  CHECK(recentred(dot) == moved(dot, 0, 1));
  CHECK_THROWS_AS(recentred(Tensor<>({27, 28})), std::invalid_argument);
}

TEST_CASE("an area average keeps the mean, whatever the sizes") {
  Random random(5);
  for (const auto& [H, W, h, w] : {std::array{7, 9, 3, 4},
                                   {4, 4, 2, 2},
                                   {3, 5, 8, 11},
                                   {6, 1, 1, 6}}) {
    const Tensor<> picture = random_picture(H, W, random);
    const Tensor<> small = area_average(picture, h, w);
    CHECK(small.shape() == Shape{h, w});
    CHECK_THAT(ink_in(small) / small.size(),
               WithinAbs(ink_in(picture) / picture.size(), 1e-6));
  }
  CHECK(area_average(Tensor<>({2, 2}, {1, 2, 3, 4}), 1, 1)(0, 0) == 2.5f);
  // One and a half pixels a cell.
  const Tensor<> third = area_average(Tensor<>({1, 3}, {3, 6, 9}), 1, 2);
  CHECK_THAT(third(0, 0), WithinAbs(4, 1e-6));
  CHECK_THAT(third(0, 1), WithinAbs(8, 1e-6));
  CHECK_THROWS_AS(area_average(Tensor<>({2, 2}), 0, 1),
                  std::invalid_argument);
}

TEST_CASE("a digit of any size and place is placed as MNIST does") {
  for (int n = 0; n < 100; ++n) {
    // A digit that MNIST has placed stays, but its greys are scaled.
    const Tensor<> again = placed_as_mnist(digit(n));
    const auto box = ink_box(digit(n)).value();
    if (std::max(box.height(), box.width()) == 20) {
      Tensor<> expected = digit(n);
      const auto greys = expected.data();
      const float darkest = *std::max_element(greys.begin(), greys.end());
      for (float& pixel : greys) pixel /= darkest;
      REQUIRE(max_abs_difference(again, expected) < 1e-6f);
    }
    // If it is three times as large and far away, the result is the same.
    Tensor<> large({150, 200});
    for (int y = 0; y < 84; ++y)
      for (int x = 0; x < 84; ++x)
        large(y + 50, x + 100) = 0.3f * digit(n)(y / 3, x / 3);
    REQUIRE(max_abs_difference(placed_as_mnist(large), again) < 1e-5f);
  }
  CHECK(placed_as_mnist(Tensor<>({40, 30})) == Tensor<>({28, 28}));
  Tensor<> line({100, 3}, 0.4f);  // nothing but ink
  CHECK(ink_box(placed_as_mnist(line)).value().height() == 20);
  CHECK(ink_box(placed_as_mnist(line)).value().width() == 1);
  Tensor<> speck({9, 9});
  speck(0, 8) = 0.1f;
  CHECK_THAT(ink_in(placed_as_mnist(speck)), WithinAbs(400, 1e-3));
}

TEST_CASE("a fitted digit has one side of the wanted length") {
  CHECK(fitted(digit(0), 28).value().shape()[0] <= 28);
  const Tensor<> wide = fitted(Tensor<>({2, 8}, 0.5f), 20).value();
  CHECK(wide.shape() == Shape{5, 20});
  CHECK(wide == Tensor<>({5, 20}, 1.0f));
  CHECK_FALSE(fitted(Tensor<>({2, 8}), 20));
  const Tensor<> frame = in_the_middle(wide);
  CHECK(ink_box(frame) == Box{11, 4, 16, 24});
}

// ---- Ink ---------------------------------------------------------------

TEST_CASE("grey weighs the colours as an eye does") {
  Tensor<> image({3, 1, 2});
  image(0, 0, 0) = image(1, 0, 0) = image(2, 0, 0) = 1;
  image(1, 0, 1) = 1;
  CHECK_THAT(grey_of(image)(0, 0), WithinAbs(1, 1e-6));
  CHECK_THAT(grey_of(image)(0, 1), WithinAbs(0.587, 1e-6));
}

TEST_CASE("of even paper, and of a slope of light, the paper is itself") {
  const Tensor<> even({60, 90}, 0.7f);
  CHECK(max_abs_difference(paper_of(paper_blocks(even), 60, 90), even) <
        1e-6f);
  Tensor<> slope({96, 96});
  for (int y = 0; y < 96; ++y)
    for (int x = 0; x < 96; ++x)
      slope(y, x) = 0.5f + 0.004f * static_cast<float>(x);
  const Tensor<> paper = paper_of(paper_blocks(slope), 96, 96);
  for (int x = 16; x < 80; ++x)  // the bright end of blocks of 8 pixels
    REQUIRE_THAT(paper(48, x), WithinAbs(slope(48, x) + 0.01f, 0.005));
  Tensor<> written = even;  // a pen's line changes nothing
  for (int x = 10; x < 80; ++x) written(30, x) = 0.1f;
  CHECK(max_abs_difference(paper_of(paper_blocks(written), 60, 90), even) <
        1e-6f);
}

TEST_CASE("ink is what the paper does not give back") {
  const Tensor<> ink = ink_of(Tensor<>({1, 4}, {0.8f, 0.4f, 0.2f, 0.9f}),
                              Tensor<>({1, 4}, {0.8f, 0.8f, 0.4f, 0.8f}));
  CHECK(ink(0, 0) == 0);
  CHECK_THAT(ink(0, 1), WithinAbs(0.5, 1e-6));
  CHECK_THAT(ink(0, 2), WithinAbs(0.5, 1e-6));  // in a shadow
  CHECK(ink(0, 3) == 0);
}

TEST_CASE("Otsu's threshold is the best of all, tried one by one") {
  Random random(8);
  for (int trial = 0; trial < 50; ++trial) {
    Tensor<> image({9, 7});
    const float split = random.uniform(), low = random.uniform(0, 0.4f);
    for (float& pixel : image.data())
      pixel = random.uniform() < split ? random.uniform(low, low + 0.3f)
                                       : random.uniform(0.5f, 1);
    double best = -1;
    int at = 0;
    for (int level = 0; level < 255; ++level) {
      double count[2] = {}, sum[2] = {};
      for (const float pixel : image.data()) {
        const double rounded =
            std::floor(255.0f * pixel + 0.5f);  // 0 to 255
        const int side = rounded > level;
        count[side] += 1;
        sum[side] += rounded;
      }
      if (count[0] == 0 || count[1] == 0) continue;
      const double apart = sum[1] / count[1] - sum[0] / count[0];
      const double between = count[0] / 63 * count[1] / 63 * apart * apart;
      if (between > best * (1 + 1e-12)) {
        best = between;
        at = level;
      }
    }
    CHECK_THAT(otsu(image).value, WithinAbs((at + 0.5) / 255, 1e-6));
  }
}

TEST_CASE("Otsu's threshold of eight pixels, by hand") {
  Tensor<> eight({1, 8}, {10, 12, 11, 13, 200, 210, 205, 190});
  for (float& pixel : eight.data()) pixel /= 255;
  const Threshold threshold = otsu(eight);
  CHECK(threshold.value * 255 > 13);
  CHECK(threshold.value * 255 < 190);
  CHECK_THAT(threshold.contrast * 255, WithinAbs(201.25 - 11.5, 1e-3));
}

TEST_CASE("nothing to split has no contrast") {
  CHECK(otsu(Tensor<>({4, 4}, 0.3f)).contrast == 0);
  CHECK(otsu(Tensor<>({4, 4})).contrast == 0);
}

TEST_CASE("a picture is made smaller, never larger") {
  CHECK(shrunk_to(Tensor<>({30, 90}), 45).shape() == Shape{15, 45});
  CHECK(shrunk_to(Tensor<>({30, 40}), 45).shape() == Shape{30, 40});
  CHECK(shrunk_to(Tensor<>({1, 1000}), 10).shape() == Shape{1, 10});
}

// ---- Parts -------------------------------------------------------------

TEST_CASE("parts hang together at corners, and a threshold is not ink") {
  const Tensor<> ink({4, 5}, {1,    0, 0, 0, 1,  //
                              0,    1, 0, 0, 1,  //
                              0,    0, 0, 0, 1,  //
                              0.5f, 0, 1, 0, 0});
  const std::vector<Part> parts = parts_of(ink, 0.5f);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].box == Box{0, 0, 2, 2});
  CHECK(parts[0].area() == 2);
  CHECK(parts[1].box == Box{0, 4, 3, 5});
  CHECK(parts[2].box == Box{3, 2, 4, 3});
  CHECK(parts_of(Tensor<>({2, 2}, {0, 1, 1, 0}), 0.5f).size() == 1);
  const Tensor<> alone = ink_of_part(ink, joined(parts[0], parts[2]));
  CHECK(alone.shape() == Shape{4, 3});
  CHECK(ink_in(alone) == 3);
}

// ---- Warping -----------------------------------------------------------

TEST_CASE("a warp of nothing changes nothing, whole steps only move") {
  Random random(3);
  const Tensor<> picture = random_picture(6, 6, random);
  Tensor<> result({6, 6});
  warp(picture.data(), result.data(), 6, 6, {});
  CHECK(result == picture);
  warp(picture.data(), result.data(), 6, 6, warp_of(0, 1, 0, 2, -1));
  CHECK(max_abs_difference(result, moved(picture, 2, -1)) < 1e-6f);
}

TEST_CASE("turning goes clockwise, and twice as large is so") {
  Random random(4);
  const Tensor<> picture = random_picture(7, 7, random);
  Tensor<> result({7, 7});
  warp(picture.data(), result.data(), 7, 7, warp_of(90, 1, 0));
  CHECK(max_abs_difference(turned(result), picture) < 1e-5f);
  warp(picture.data(), result.data(), 7, 7, warp_of(0, 2, 0));
  CHECK(result(3, 3) == picture(3, 3));
  CHECK(result(5, 1) == picture(4, 2));
  // Slanted to the right: the rows above the middle move right.
  warp(picture.data(), result.data(), 7, 7, warp_of(0, 1, 1));
  CHECK_THAT(result(2, 3), WithinAbs(picture(2, 2), 1e-6));
  CHECK_THAT(result(4, 3), WithinAbs(picture(4, 4), 1e-6));
}

// ---- Moves -------------------------------------------------------------

TEST_CASE("moved digits are read where they stand, and put back") {
  const auto network = row_reader();
  const Dataset data = dots();
  CHECK(compute_moved(*network, data, 0, 5).moved == 1);
  // Two rows down, a dot is in the next class's row, the last dot in none.
  CHECK(compute_moved(*network, data, 2, 0).moved == 0);
  // Put back, every dot is in row 14: the dot of class 5 alone is right.
  const MovedDigits back = compute_moved(*network, data, 2, 0);
  CHECK_THAT(back.put_back, WithinAbs(0.1, 1e-9));
}

namespace {

// Answers 0, 1 and 0, with 0.9, 0.8 and 0.6.
Tensor<> three_answers() {
  const auto row = [](double p) { return std::log(p); };
  return convert<float>(Tensor<double>(
      {3, 2},
      {row(0.9), row(0.1), row(0.2), row(0.8), row(0.6), row(0.4)}));
}

}  // namespace

TEST_CASE("how sure a network is of its wrong answers") {
  // Right with 0.9; wrong with 0.8 and with 0.6.
  const Tensor<> logits = three_answers();
  CHECK_THAT(probability_when_wrong(logits, {0, 0, 1}),
             WithinAbs(0.7, 1e-6));
  CHECK(probability_when_wrong(logits, {0, 1, 0}) == 0);
}

TEST_CASE("how sure a network is of its right answers") {
  const Tensor<> logits = three_answers();
  CHECK_THAT(probability_when_right(logits, {0, 1, 1}),
             WithinAbs(0.85, 1e-6));
  CHECK(probability_when_right(logits, {1, 0, 1}) == 0);
}

// ---- Learning from shifts ----------------------------------------------

TEST_CASE("a picture is shifted by whole pixels") {
  const std::vector<float> from = {1, 2, 3, 4, 5, 6};  // 2 x 3
  std::vector<float> to(6, 9);
  shift_into(from, to, {1, 2, 3}, 1, -1);
  CHECK(to == std::vector<float>{0, 0, 0, 2, 3, 0});
  shift_into(from, to, {1, 2, 3}, 0, 0);
  CHECK(to == from);
  shift_into(from, to, {1, 2, 3}, 5, 0);
  CHECK(to == std::vector<float>(6, 0));
}

TEST_CASE("shifts reach as far as they may, each anew") {
  Dataset dot = {Tensor<>({2, 1, 9, 9}), {0, 1}, 10};
  dot.images(0, 0, 4, 4) = dot.images(1, 0, 4, 4) = 1;
  const HandOut shifts = whole_shifts(2, 7);
  std::vector<float> room(81), again(81);
  std::vector<int> seen(81, 0);
  for (int step = 0; step < 400; ++step) {
    const auto picture = shifts(dot, 0, step, room);
    for (std::size_t i = 0; i < 81; ++i) seen[i] += picture[i] == 1;
  }
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 9; ++x) {
      const bool near = std::abs(y - 4) <= 2 && std::abs(x - 4) <= 2;
      CHECK((seen[static_cast<std::size_t>(9 * y + x)] > 0) == near);
    }
  // Only the step and the picture matter, not the order of the calls.
  shifts(dot, 1, 3, room);
  shifts(dot, 0, 9, again);
  shifts(dot, 1, 3, again);
  CHECK(room == again);
}

TEST_CASE("learning from shifts helps where digits have moved") {
  Split digits = load_digits({});
  digits.train = first(digits.train, 600);
  digits.held_out = first(digits.held_out, 200);
  Experiment experiment;
  experiment.settings.epochs = 8;
  const ShiftTraining study =
      compute_shift_training(digits, experiment, 4, 1);
  REQUIRE(study.unmoved.size() == 1);
  REQUIRE(study.shifted.size() == 1);
  CHECK(study.shifted[0].moved > study.unmoved[0].moved);
  CHECK(study.unmoved[0].right > 0.7);
  // Without shifts it is the network that chapter 09 trains.
  const auto network = trained_network(digits.train, experiment);
  CHECK(study.unmoved[0].right == accuracy(*network, digits.held_out));
  CHECK(numbers_in(study.shifted, &ShiftScore::right)[0] ==
        study.shifted[0].right);
}

TEST_CASE("a map of moves has its rows down and its columns right") {
  const auto network = row_reader();
  int rows = 0;
  const MoveMaps maps =
      compute_move_maps(*network, dots(), 2, [&](int row) { rows = row; });
  CHECK(rows == 5);
  for (int x = 0; x < 5; ++x) {
    CHECK(maps.moved(2, x) == 1);
    CHECK(maps.moved(0, x) < 0.2f);
    CHECK(maps.moved(4, x) < 0.2f);
  }
}

TEST_CASE("a walk goes along the diagonal, and recentring holds it") {
  const auto network = row_reader();
  const std::vector<WalkStep> walk = compute_walk(*network, digit(3), 2);
  REQUIRE(walk.size() == 5);
  CHECK(walk[0].pixels == -2);
  CHECK(walk[4].moved == moved(digit(3), 2, 2));
  CHECK(walk[2].moved == digit(3));
  for (const WalkStep& now : walk) {
    CHECK(now.put_back == digit(3));
    CHECK(now.p_put_back == walk[2].p_moved);
  }
  CHECK_FALSE(walk[4].p_moved == walk[2].p_moved);
}

// ---- Changes -----------------------------------------------------------

TEST_CASE("strokes grow and shrink by a pixel on each side") {
  Tensor<> bar({28, 28});
  for (int y = 8; y < 20; ++y)
    for (int x = 12; x < 15; ++x) bar(y, x) = 1;
  CHECK(ink_box(thicker(bar)) == Box{7, 11, 21, 16});
  CHECK(ink_box(thinner(bar)) == Box{9, 13, 19, 14});
  CHECK(thinner(thicker(bar)) == bar);
}

TEST_CASE("grey levels stay between black and white") {
  for (const NamedChange& it : grey_changes(1)) {
    INFO(it.name);
    const Tensor<> changed = it.change(digit(1));
    CHECK_FALSE(changed == digit(1));
    for (const float pixel : changed.data())
      if (!(pixel >= 0 && pixel <= 1)) FAIL(pixel);
  }
  const PictureChange one = noisy(0.3f, 7), other = noisy(0.3f, 7);
  const Tensor<> first_noise = one(digit(1));
  CHECK(first_noise == other(digit(1)));
  CHECK_FALSE(first_noise == one(digit(1)));  // other numbers each time
}

TEST_CASE("every change of shape gives a picture of the network's size") {
  for (const auto& group : {stroke_changes(), shape_changes(), placings()})
    for (const NamedChange& it : group) {
      INFO(it.name);
      CHECK(it.change(digit(2)).shape() == Shape{28, 28});
      CHECK(it.change(Tensor<>({28, 28})).shape() == Shape{28, 28});
    }
  CHECK(placings().front().change(digit(2)) == placed_as_mnist(digit(2)));
  // Stretched, a 1 fills the frame.
  const Tensor<> one = stretched(first_of_class(digits().held_out, 1), 28);
  CHECK(ink_box(one) == Box{0, 0, 28, 28});
}

TEST_CASE("a change costs what it costs each network") {
  const auto network = row_reader();
  const std::vector<Layer<>*> two = {network.get(), network.get()};
  const ChangeCost none = compute_change_cost(
      two, dots(), {"none", [](const Tensor<>& it) { return it; }});
  CHECK(none.right == std::vector<double>{1, 1});
  const ChangeCost half = compute_change_cost(
      two, dots(),
      {"the lower half goes up", [](const Tensor<>& it) {
         return ink_box(it).value().top >= 14 ? moved(it, -2, 0) : it;
       }});
  CHECK_THAT(half.mean(), WithinAbs(0.5, 1e-9));
  // Of 10 digits, 5 read right.
  CHECK_THAT(half.interval(10).low, WithinAbs(0.2366, 1e-4));
  CHECK_THAT(half.interval(10).high, WithinAbs(0.7634, 1e-4));
}

TEST_CASE("networks agree on what costs clearly more") {
  const std::vector<ChangeCost> costs = {{"little", {0.9, 0.9}},
                                         {"much", {0.5, 0.6}},
                                         {"more", {0.2, 0.6}},
                                         {"as much", {0.52, 0.6}}};
  // Of five pairs that lie apart, "more" against the two in the middle
  // ends in a draw for the second network.
  const Agreement all = compute_agreement(costs, 1000);
  CHECK(all.pairs == 5);
  CHECK(all.agreed == 3);
}

// ---- A threshold by hand -----------------------------------------------

TEST_CASE("every split of eight pixels, and Otsu's is the best") {
  const std::vector<TriedSplit> splits =
      compute_splits({10, 12, 11, 13, 200, 210, 205, 190});
  REQUIRE(splits.size() == 7);
  CHECK(splits[3].last == 13);
  CHECK(splits[3].mean_below == 11.5);
  CHECK(splits[3].mean_above == 201.25);
  CHECK_THAT(splits[3].between, WithinAbs(0.25 * 189.75 * 189.75, 1e-9));
  for (const TriedSplit& it : splits)
    CHECK(it.between <= splits[3].between);
  CHECK(compute_splits({3, 3, 5}).size() == 1);
  CHECK(compute_splits({3, 3, 5})[0].share_below == 2.0 / 3);
  CHECK_THROWS_AS(compute_splits({4, 4}), std::invalid_argument);
  CHECK_THROWS_AS(compute_splits({}), std::invalid_argument);
}

// ---- Refusing ----------------------------------------------------------

TEST_CASE("a scrambled digit keeps its squares and loses their order") {
  Random random(2);
  const Tensor<> mixed = scrambled(digit(0), random);
  CHECK_FALSE(mixed == digit(0));
  CHECK(recentred(mixed) == mixed);
  CHECK(scrambled(Tensor<>({28, 28}), random) == Tensor<>({28, 28}));
}

TEST_CASE("refusals count pictures of which the reader is not sure") {
  // It is sure of pictures whose middle is white, and unsure of all others.
  const Reader reader = [](const Tensor<>& crops) {
    Tensor<> p({crops.extent(0), 10}, 0.1f);
    for (int n = 0; n < crops.extent(0); ++n)
      if (crops(n, 0, 14, 14) > 0.5f)
        for (int k = 0; k < 10; ++k) p(n, k) = k == 3 ? 1.0f : 0.0f;
    return p;
  };
  Tensor<> pictures({4, 1, 28, 28});
  pictures(1, 0, 14, 14) = 0.52f;  // fainter once it is turned
  for (int y = 10; y < 19; ++y)
    for (int x = 10; x < 19; ++x) pictures(2, 0, y, x) = 1;
  const Refusals all = compute_refusals("some", pictures, reader);
  CHECK(all.pictures == 4);
  CHECK(all.once == 2);
  CHECK(all.refused == 3);
  CHECK(all.sureness < 0.7);
}
