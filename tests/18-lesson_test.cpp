// Chapter 18: a lesson's steps are those of the verb train, and the bits
// that it ends in.
#include <string>
#include <vector>

#include "16-saving/fitting.hpp"
#include "16-saving/resuming.hpp"
#include "18-browser/checksum.hpp"
#include "18-browser/lesson.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"

using namespace cnn;

namespace {

NetworkPlan plan_of(const std::string& text, int classes) {
  return value_or_fail(
      classifier_plan(value_or_fail(parse_architecture(text), "test"),
                      {1, 8, 8}, classes),
      "test");
}

Dataset noise(int count, Random& random) {
  Dataset some;
  some.images = normal_numbers({count, 1, 8, 8}, random);
  some.classes = 3;
  for (int n = 0; n < count; ++n) some.labels.push_back(random.below(3));
  return some;
}

}  // namespace

TEST_CASE("a lesson ends in the bits of train, whatever the settings") {
  Random random(18);
  const std::vector<std::string> lists = {
      "flatten, dense 3",
      "conv 4 3 pad 1, relu, maxpool 2, flatten, dense 3",
      "conv 3 2 stride 2, avgpool 2, relu, flatten, dense 5, relu, dense "
      "4"};
  for (int round = 0; round < 12; ++round) {
    const Dataset data = noise(from_to(1, 40, random), random);
    const NetworkPlan plan =
        plan_of(lists[static_cast<std::size_t>(random.below(3))], 3);
    Recipe recipe;
    recipe.isa = random.below(2) == 0 ? "portable" : "auto";
    recipe.epochs = from_to(1, 4, random);
    recipe.batch = from_to(1, 17, random);
    recipe.momentum = random.below(2) == 0 ? 0.0 : 0.9;
    recipe.learning_rate = 0.01 * from_to(1, 5, random);
    recipe.schedule = random.below(2) == 0 ? "constant" : "cosine";
    recipe.seed = random.bits();
    if (round % 2 == 1) {
      recipe.augment = random.below(2) == 0 ? "shift" : "all";
      recipe.decay = 0.01 * random.below(3);
      recipe.smoothing = 0.1 * random.below(3);
    }
    Checkpoint at = first_checkpoint(plan, recipe);
    FastNetwork network(plan.architecture, plan.image,
                        {.threads = 2, .isa = recipe.isa});
    std::vector<std::string> sums;
    const auto expected = train_from(
        at, network, data, "test",
        [&](const TrainingStep&) {
          sums.push_back(checksum_of(network));
          return true;
        },
        [](const auto&) {});
    INFO("round " << round << ", " << data.size() << " images, batch "
                  << recipe.batch << ", epochs " << recipe.epochs);
    Lesson lesson(plan, recipe, data);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      REQUIRE_FALSE(lesson.done());
      const TrainingStep& now = lesson.step();
      CHECK(now.step == expected[i].step);
      CHECK(now.steps == expected[i].steps);
      CHECK(now.epoch == expected[i].epoch);
      CHECK(now.loss == expected[i].loss);
      CHECK(now.accuracy == expected[i].accuracy);
      CHECK(now.learning_rate == expected[i].learning_rate);
      REQUIRE(lesson.checksum() == sums[i]);
    }
    CHECK(lesson.done());
    CHECK(file_of(lesson.network(), plan).tensors ==
          file_of(network, plan).tensors);
  }
}

TEST_CASE("a lesson that is over, or cannot be, says so") {
  Random random(1);
  const Dataset data = noise(5, random);
  const NetworkPlan plan = plan_of("flatten, dense 3", 3);
  Recipe recipe;
  recipe.epochs = 1;
  recipe.batch = 5;
  Lesson lesson(plan, recipe, data);
  lesson.step();
  CHECK(lesson.done());
  CHECK(message_of([&] { lesson.step(); }) ==
        "Lesson: expected at most 1 step");
  recipe.batch = 0;
  CHECK(message_of([&] { Lesson(plan, recipe, data); }).find("batch 0") !=
        std::string::npos);
  recipe.batch = 5;
  recipe.learning_rate = 1e38;
  recipe.epochs = 50;
  Lesson broken(plan, recipe, data);
  CHECK(message_of([&] {
          while (true) broken.step();
        }).find("finite") != std::string::npos);
}

TEST_CASE("one bit of one number changes the checksum") {
  FastNetwork network({Flatten{}, Dense{2}}, {1, 2, 2});
  const std::string sum = checksum_of(network);
  float& number = network.parameters()[1]->value(1);
  CHECK(number == 0.0f);
  number = -0.0f;
  CHECK(checksum_of(network) != sum);
  number = 0.0f;
  CHECK(checksum_of(network) == sum);
}

TEST_CASE("the first steps of chapter 06's run, on every platform") {
  const Dataset digits = embedded_digits().train;
  Recipe recipe;
  recipe.isa = "portable";
  Lesson lesson({digit_network, {1, 28, 28}}, recipe, digits);
  std::vector<std::string> sums;
  while (lesson.now().step < 40) {
    const int step = lesson.step().step;
    if (step == 1 || step == 10 || step == 40)
      sums.push_back(lesson.checksum());
  }
  CHECK(sums == std::vector<std::string>{"8acb1f7f187ba5fd",
                                         "5b8f4175e4739a8a",
                                         "0d4b52c634b22f37"});
}
