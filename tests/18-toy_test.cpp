#include <cmath>
#include <string>
#include <vector>

#include "18-browser/checksum.hpp"
#include "18-browser/toy.hpp"
#include "18-browser/toy_sets.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

std::vector<ToyPoint> points_of(const std::string& set) {
  Random random(1);
  return toy_set(set, random);
}

// Trains until little is left to be gained, and returns the last step.
TrainingStep settle(Toy& toy, const Dataset& points) {
  TrainingStep now;
  do now = toy.step(points);
  while (!toy.settled() && now.step < 20000);
  return now;
}

TrainingStep settled_step(const std::string& set,
                          const std::vector<int>& hidden) {
  Toy toy({.hidden = hidden});
  return settle(toy, toy_dataset(points_of(set)));
}

std::string checksum_after(int steps, const std::string& set,
                           const ToySettings& settings) {
  Toy toy(settings);
  for (int n = 0; n < steps; ++n) toy.step(toy_dataset(points_of(set)));
  return checksum_of(toy.network());
}

int class_at(const Tensor<>& regions, int side, float x, float y) {
  const auto cell = [side](float v) {
    return static_cast<int>((v + 1) / 2 * static_cast<float>(side));
  };
  return answer(regions, cell(-y) * side + cell(x));
}

}  // namespace

TEST_CASE("a hidden layer goes around a ring, a straight line does not") {
  const TrainingStep bent = settled_step("rings", {8});
  CHECK(bent.accuracy == 1);
  CHECK(bent.loss < 0.01);
  const TrainingStep straight = settled_step("rings", {});
  CHECK(straight.accuracy < 0.7);
  CHECK(straight.loss > 0.6);
  CHECK(straight.step <= 2000);
}

TEST_CASE("the toy learns each ready-made set with two hidden layers") {
  for (const char* set : {"rings", "moons", "blobs", "xor"}) {
    INFO(set);
    CHECK(settled_step(set, {8, 8}).accuracy == 1);
  }
  CHECK(settled_step("blobs", {}).accuracy == 1);
  CHECK(settled_step("xor", {}).accuracy < 0.7);
}

TEST_CASE("the regions of the toy's square lie where its points do") {
  Toy toy;
  settle(toy, toy_dataset(points_of("blobs")));
  const int side = 10;
  const Tensor<> regions = toy.regions(side);
  REQUIRE(regions.shape() == Shape{side * side, toy_classes});
  for (int cell = 0; cell < side * side; ++cell)
    CHECK_THAT(static_cast<double>(regions(cell, 0) + regions(cell, 1) +
                                   regions(cell, 2)),
               WithinAbs(1, 1e-6));
  for (const ToyPoint& point : points_of("blobs"))
    CHECK(class_at(regions, side, point.x, point.y) == point.label);
}

TEST_CASE("ready-made points lie inside the square, all classes alike") {
  for (const char* set : {"rings", "moons", "blobs", "xor"}) {
    INFO(set);
    std::vector<int> count(toy_classes);
    for (const ToyPoint& point : points_of(set)) {
      CHECK(std::abs(point.x) < 1);
      CHECK(std::abs(point.y) < 1);
      ++count[static_cast<std::size_t>(point.label)];
    }
    CHECK(count[0] > 20);
    CHECK(count[1] == count[0]);
    CHECK((count[2] == 0 || count[2] == count[0]));
  }
  for (const ToyPoint& point : points_of("rings")) {
    const float radius = std::sqrt(point.x * point.x + point.y * point.y);
    CHECK((radius < 0.5f) == (point.label == 0));
  }
}

// tests/browser/toy_test.mjs reads these lines and asks the page for the
// same steps.
TEST_CASE("100 steps of the toy give these bits, as they do in the page") {
  const ToySettings slow = {.hidden = {8}, .learning_rate = 0.03};
  CHECK(checksum_after(100, "rings", slow) == "c88a501e81a6008a");
  CHECK(checksum_after(100, "moons", slow) == "ac3b2f094658a38e");
  CHECK(checksum_after(100, "blobs", slow) == "00de6f2eac8a20d3");
  CHECK(checksum_after(100, "xor", slow) == "e4ff8764270cb46a");
  ToySettings other = slow;
  other.seed = 2;
  CHECK(checksum_after(100, "xor", other) !=
        checksum_after(100, "xor", slow));
}

TEST_CASE("the toy refuses a network that it cannot show") {
  CHECK_THROWS_WITH(Toy({.hidden = {8, 65}}),
                    "toy: expected 1 to 64 outputs of a hidden layer, "
                    "got 65");
  CHECK_THROWS_WITH(Toy({.hidden = {2, 2, 2, 2, 2}}),
                    "toy: expected at most 4 hidden layers, got 5");
  CHECK_THROWS_WITH(points_of("spiral"), ContainsSubstring("got spiral"));
}
