// Chapter 18: sums in another order, twins that drift apart, and what a web
// page fetches.
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "16-saving/architecture_text.hpp"
#include "18-browser/curved.hpp"
#include "18-browser/figures.hpp"
#include "18-browser/lesson.hpp"
#include "18-browser/operations.hpp"
#include "18-browser/other_order.hpp"
#include "18-browser/page_data.hpp"
#include "18-browser/rounding.hpp"
#include "18-browser/steps_order_full.hpp"
#include "18-browser/twins.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

const float tiny = std::ldexp(1.0f, -24);

// Some digits, and a network that learns from them in no time.
Split few_digits(int train = 96) {
  Split digits = embedded_digits();
  digits.train = first(digits.train, train);
  digits.held_out = first(digits.held_out, 50);
  return digits;
}

Experiment small_experiment() {
  Experiment experiment;
  experiment.architecture = {
      Convolution{.channels = 4, .kernel = 5, .stride = 2}, Relu{},
      MaxPool{{2, 2}}, Flatten{}, Dense{.outputs = 10}};
  experiment.settings.epochs = 2;
  return experiment;
}

struct Started : FastNetwork {
  explicit Started(const Experiment& experiment)
      : FastNetwork(experiment.architecture, {1, 28, 28},
                    {.threads = 1, .isa = "portable"}) {
    start(*this, experiment);
  }
};

Dataset one_image(float level, int label) {
  return {Tensor<>({1, 1, 28, 28}, std::vector<float>(784, level)),
          {label},
          10};
}

}  // namespace

// ---- Sums and their order ----------------------------------------------

TEST_CASE("a sum of three numbers depends on where it begins") {
  const TwoOrders it = {1, tiny, tiny};
  CHECK(it.from_the_left() == 1.0f);
  CHECK(it.from_the_right() == 1.0f + 2 * tiny);
  CHECK_FALSE(it.agree());
  CHECK(bits_text(it.from_the_left()) == "3f800000");
  CHECK(bits_text(it.from_the_right()) == "3f800001");
  CHECK(bits_text(-2) == "c0000000");
  CHECK(TwoOrders{1, 2, 3}.agree());
}

TEST_CASE("a fused multiply-add rounds once") {
  const float a = 1 + std::ldexp(1.0f, -12);
  const TwoRoundings it = {a, a, -1 - std::ldexp(1.0f, -11)};
  CHECK(it.rounded_twice() == 0.0f);
  CHECK(it.rounded_once() == tiny);
}

TEST_CASE("each order adds up all products and the bias") {
  const std::vector<float> input = {1, 2, 3, 4, 5, 6, 7},
                           weight = {3, -1, 2, 5, 0, 1, -2};
  for (const OrderOfSum& order : orders_of_sum) {
    INFO(order.name);
    CHECK(order.score(input, weight, 10) == 29.0f);
    CHECK(order.score({}, {}, 10) == 10.0f);
  }
}

TEST_CASE("the orders of a sum are those that they are called") {
  const std::vector<float> ones(8, 1.0f);
  const float large = 16777216;  // 2^24: adding 1 is rounded away
  CHECK(score_forwards(ones, ones, large) == large);
  CHECK(score_in_four_sums(ones, ones, large) == large + 6);
  CHECK(score_in_halves(ones, ones, large) == large + 6);
  std::vector<float> first_large = ones;
  first_large[0] = large;
  CHECK(score_forwards(ones, first_large, 0) == large);
  CHECK(score_backwards(ones, first_large, 0) == large + 8);
  const std::vector<float> a = {1 + std::ldexp(1.0f, -12)};
  const float c = -1 - std::ldexp(1.0f, -11);
  CHECK(score_forwards(a, a, c) == 0.0f);
  CHECK(score_fused(a, a, c) == tiny);
}

TEST_CASE("changed scores are counted by their bits") {
  const Tensor<> before({2, 2}, {1, 2, 3, 1}),
      after({2, 2}, {1, 2.5f, 3, 4});
  const ChangedScores changed = changed_scores(before, after);
  CHECK(changed.scores == 2);
  CHECK(changed.by_up_to == 3.0);
  CHECK(changed.answers == 1);
  CHECK(
      changed_scores(Tensor<>({1, 2}, {0, 1}), Tensor<>({1, 2}, {-0.0f, 1}))
          .scores == 1);
  CHECK_THROWS_AS(changed_scores(before, Tensor<>({1, 4})),
                  std::invalid_argument);
}

TEST_CASE("scores of many images use their own rows") {
  const Tensor<> inputs({2, 2}, {1, 2, 3, 4}),
      weight({3, 2}, {1, 0, 0, 1, 2, -1}), bias({3}, {0, 10, 20});
  const Tensor<> scores =
      scores_in_order(inputs, weight, bias, score_forwards);
  CHECK(scores.shape() == Shape{2, 3});
  const std::vector<float> expected = {1, 12, 20, 3, 14, 22};
  CHECK(std::vector<float>(scores.data().begin(), scores.data().end()) ==
        expected);
}

TEST_CASE("the first three products that depend on the order are found") {
  const std::vector<float> input = {1, 1, 1, 1, 0.5f, tiny, 1},
                           weight = {1, 2, 3, 1, 2 * tiny, 1, 1};
  const TwoOrders found = first_that_differ(input, weight);
  CHECK(found.a == 1.0f);
  CHECK(found.b == tiny);
  CHECK(found.c == tiny);
  CHECK(first_that_differ({}, {}).a == 0.0f);
}

// ---- Operations --------------------------------------------------------

TEST_CASE("what IEEE 754 prescribes is the nearest float") {
  int prescribed = 0;
  for (const Operation& operation : operations) {
    INFO(operation.name);
    const Rounded all = round_many(operation, 20000, 3);
    prescribed += operation.prescribed;
    if (operation.prescribed)
      CHECK(all.missed == 0);
    else
      CHECK(all.missed < 1000);
    CHECK(all.checksum == round_many(operation, 20000, 3).checksum);
    CHECK(all.checksum != round_many(operation, 20000, 4).checksum);
  }
  CHECK(prescribed == 5);
}

TEST_CASE("an operation that is off by a bit is found") {
  Operation sloppy = operations[0];
  sloppy.in_float = [](float a, float b) {
    return std::nextafter(a + b, 2.0f);
  };
  CHECK(round_many(sloppy, 1000, 1).missed == 1000);
}

// ---- Choices -----------------------------------------------------------

TEST_CASE("a ReLU chooses cells, a max-pooling places") {
  std::vector<int> choices;
  append_choices(Relu{}, Tensor<>({1, 3}, {-1, 0, 2}), choices);
  CHECK(choices == std::vector<int>{0, 0, 1});
  choices.clear();
  const Tensor<> map({1, 1, 2, 4}, {1, 5, 0, 0, 7, 2, 0, 3});
  append_choices(MaxPool{{2, 2, 0}}, map, choices);
  CHECK(choices == std::vector<int>{4, 7});
  choices.clear();
  append_choices(MaxPool{{2, 2, 1}}, map, choices);  // a border around it
  CHECK(choices == std::vector<int>{7, 8, 10, 13, 14, 16});
  choices.clear();
  append_choices(Flatten{}, map, choices);
  CHECK(choices.empty());
}

TEST_CASE("the choices of a network are those of its layers") {
  const Experiment experiment = small_experiment();
  Started network(experiment);
  const Dataset digits = few_digits().held_out;
  const auto of = [&](const Dataset& data) {
    return choices_of(network, experiment.architecture, data.images);
  };
  // conv: 4 x 12 x 12 cells; pool: 4 x 6 x 6 windows
  CHECK(of(first(digits, 3)).size() == 3u * (4 * 144 + 4 * 36));
  CHECK(of(first(digits, 3)) == of(first(digits, 3)));
  const std::vector<int> other = {3, 4, 5};
  CHECK(of(first(digits, 3)) != of(subset(digits, other)));
}

TEST_CASE("what is left without choices is linear") {
  CHECK(to_text(without_choices(digit_network)) ==
        "conv 8 5 pad 2, avgpool 2, conv 16 5, avgpool 2, flatten, dense "
        "10");
  const Experiment experiment = {
      .architecture = without_choices(digit_network),
      .settings = {},
      .momentum = 0.9};
  Started network(experiment);
  CHECK(choices_of(network, experiment.architecture,
                   first(few_digits().held_out, 2).images)
            .empty());
}

// ---- Twins -------------------------------------------------------------

TEST_CASE("a batch from its end has the same gradient but for rounding") {
  const Experiment experiment = small_experiment();
  Started one(experiment), other(experiment);
  const Split digits = few_digits();
  const std::vector<int> images = count_up(40);
  const Batch batch = {digits.train, images};
  Tensor<> logits, other_logits;
  const double loss = gradients_of(one)(batch, logits);
  const double other_loss =
      gradients_from_the_end(other)(batch, other_logits);
  CHECK_THAT(other_loss, WithinAbs(loss, 1e-5));
  CHECK(changed_scores(logits, other_logits).scores == 0);
  int changed = 0;
  for (std::size_t p = 0; p < one.parameters().size(); ++p) {
    const auto a = one.parameters()[p]->gradient.data();
    const auto b = other.parameters()[p]->gradient.data();
    for (std::size_t i = 0; i < a.size(); ++i) {
      REQUIRE(std::abs(a[i] - b[i]) < 1e-6f);
      changed += a[i] != b[i];
    }
  }
  CHECK(changed > 0);
}

TEST_CASE("two that learn side by side learn as each alone") {
  const Experiment experiment = small_experiment();
  const Split digits = few_digits();
  Started one(experiment), other(experiment), alone(experiment);
  std::vector<int> seen;
  train_side_by_side(
      {one, gradients_of(one)}, {other, gradients_of(other)}, experiment,
      digits.train, [&](const Batch& batch) { seen.push_back(batch.step); },
      [](const TrainingStep& now) { return now.step < 4; });
  Sgd sgd(experiment.momentum);
  train_fast(alone, sgd, digits.train, experiment.settings,
             [](const TrainingStep& now) { return now.step < 4; });
  CHECK(seen == std::vector<int>{1, 2, 3, 4});
  CHECK(numbers_of(one) == numbers_of(alone));
  CHECK(numbers_of(other) == numbers_of(alone));
}

TEST_CASE("bits are shared from the sign on") {
  CHECK(bits_shared(1.0f, 1.0f) == 32);
  CHECK(bits_shared(1.0f, 1.0f + 2 * tiny) == 31);
  CHECK(bits_shared(1.0f, 1.5f) == 9);
  CHECK(bits_shared(1.0f, 2.0f) == 1);
  CHECK(bits_shared(1.0f, -1.0f) == 0);
}

TEST_CASE("how far apart two lists of numbers are") {
  const std::vector<float> one = {1, 2, 3}, other = {1, 2.5f, 2};
  const Apart now = apart(7, one, other);
  CHECK(now.step == 7);
  CHECK(now.numbers == 2);
  CHECK(now.largest == 1.0);
  CHECK_THROWS_WITH(apart(7, one, std::vector<float>(2)),
                    "apart: expected 3 numbers of both networks, got 2");
}

TEST_CASE("steps are shown the more rarely the later they come") {
  for (int step = 1; step <= 40; ++step) CHECK(is_shown(step, 1500));
  CHECK_FALSE(is_shown(41, 1500));
  CHECK(is_shown(42, 1500));
  CHECK(is_shown(1500, 1500));
  CHECK(is_shown(41, 41));
}

TEST_CASE(
    "twins differ from the first step on, and one of them is the "
    "lesson's network") {
  const Split digits = few_digits();
  TwinSettings settings = {small_experiment(), 0, {1, 6}};
  settings.experiment.settings.schedule = portable_cosine_schedule;
  int told = 0;
  const Twins twins =
      compute_twins(settings, digits, [&](const TrainingStep&) {
        ++told;
        return true;
      });
  REQUIRE(twins.kept.size() == 2);
  CHECK(twins.kept[1].step == 6);
  CHECK(twins.drift.size() == 6);
  CHECK(twins.first_beyond(0) == 1);
  CHECK(twins.first_beyond(1e9) == 0);
  CHECK(told == 5);  // go_on is not called after the last step
  Recipe recipe;
  recipe.epochs = 2;
  recipe.isa = "portable";
  Lesson lesson({settings.experiment.architecture, {1, 28, 28}}, recipe,
                digits.train);
  while (!lesson.done()) lesson.step();
  CHECK(twins.kept[1].one == numbers_of(lesson.network()));
  CHECK(twins.kept[1].one != twins.kept[1].other);
  CHECK(twins.accuracy[0] == accuracy(lesson.network(), digits.held_out));
}

TEST_CASE("twins that are stopped say how far they came") {
  const Twins twins =
      compute_twins({small_experiment(), 4}, few_digits(),
                    [](const TrainingStep& now) { return now.step < 2; });
  CHECK(twins.drift.back().step == 2);
}

TEST_CASE("twins drift apart once they choose differently") {
  const Split digits = few_digits(500);
  Experiment experiment = small_experiment();
  experiment.settings.epochs = 30;
  experiment.settings.learning_rate = 0.3;
  const AfterStep go_on = [](const TrainingStep&) { return true; };
  const Twins twins = compute_twins({experiment, 0}, digits, go_on);
  CHECK(twins.first_choice > 1);
  // That step is shown, and the one before it, each step once.
  const auto shown = [&](int step) {
    return std::count_if(
        twins.drift.begin(), twins.drift.end(),
        [&](const Apart& now) { return now.step == step; });
  };
  CHECK(shown(twins.first_choice) == 1);
  CHECK(shown(twins.first_choice - 1) == 1);
  CHECK(std::is_sorted(
      twins.drift.begin(), twins.drift.end(),
      [](const Apart& a, const Apart& b) { return a.step < b.step; }));
  CHECK(twins.first_beyond(0.001) >= twins.first_choice);
  CHECK(twins.drift.back().largest > 0.01);
  experiment.architecture = without_choices(experiment.architecture);
  experiment.settings.learning_rate = 0.05;  // 0.3 is too much for it
  const Twins linear = compute_twins({experiment, 0}, digits, go_on);
  CHECK(linear.first_choice == 0);
  CHECK(linear.drift.back().numbers > 0);
  CHECK(linear.drift.back().largest < 0.001);
}

// ---- What the page fetches ---------------------------------------------

TEST_CASE("a pixel is a byte, and comes back as it was") {
  Dataset image = one_image(0, 7);
  for (int level = 0; level < 256; ++level)
    image.images.data()[static_cast<std::size_t>(level)] =
        static_cast<float>(level) / 255.0f;
  const std::string bytes = page_bytes(image);
  REQUIRE(bytes.size() == 785);
  for (int level = 0; level < 256; ++level)
    CHECK(static_cast<unsigned char>(
              bytes[static_cast<std::size_t>(level)]) == level);
  CHECK(bytes[300] == 0);
  CHECK(bytes[784] == 7);
}

TEST_CASE("what no byte can hold is refused") {
  CHECK_THROWS_WITH(page_bytes(one_image(0.5f, 1)),
                    "page_bytes: expected grey levels of 0/255 to 255/255, "
                    "got 0.500000");
  CHECK_THROWS_AS(page_bytes(one_image(2.0f, 1)), std::invalid_argument);
  CHECK_THROWS_AS(page_bytes(one_image(not_a_number, 1)),
                  std::invalid_argument);
  CHECK_THROWS_AS(page_bytes({Tensor<>({1, 1, 28, 27}), {1}, 10}),
                  std::invalid_argument);
}

TEST_CASE("all digits of the book fit the page") {
  const Split digits = embedded_digits();
  CHECK(page_bytes(digits.held_out).size() == 2000 * 785);
  const std::string bytes = page_bytes(digits.train);
  CHECK(bytes.size() == 8000 * 785);
  CHECK(bytes.back() == digits.train.labels.back());
}

TEST_CASE("only whole steps count") {
  CHECK(steps_within(16, 10000, 32) == 5);
  CHECK(steps_within(16, 10000, 128) == 1);
  CHECK(steps_within(16, 10000, 256) == 0);
  CHECK(bytes_of_floats(200) == 800);
}

// ---- Figures -----------------------------------------------------------

TEST_CASE("binary digits have places") {
  CHECK(first_place(1) == 0);
  CHECK(last_place(1) == 0);
  CHECK(first_place(-6) == 2);
  CHECK(last_place(-6) == 1);
  CHECK(first_place(0.375) == -2);
  CHECK(last_place(0.375) == -3);
}

TEST_CASE("the figure of a sum shows what is rounded away") {
  const auto lines = lines_of({1, tiny, tiny});
  CHECK(lines[2].exact == 1 + std::ldexp(1.0, -24));
  CHECK(lines[3].exact == 1.0);
  CHECK(lines.back().exact == 1 + std::ldexp(1.0, -23));
}

TEST_CASE("the fewer bits agree, the darker the cell") {
  CHECK(bit_colour(32) == colours::paper);
  CHECK(bit_colour(31) == colours::sky_blue);
  CHECK(bit_colour(23) == colours::blue);
  CHECK(bit_colour(9) == colours::orange);
  CHECK(bit_colour(8) == colours::black);
  CHECK(bit_colour(0) == colours::black);
}

// ---- Smooth, and not linear --------------------------------------------

TEST_CASE("the curve has the slope that it says") {
  CHECK(curve(0.0) == 0);
  CHECK_THAT(curve(1.0), WithinAbs(std::sqrt(0.5), 1e-12));
  CHECK_THAT(curve(-3.0), WithinAbs(-3 / std::sqrt(10.0), 1e-12));
  for (const double x : {-2.0, -0.3, 0.0, 0.7, 5.0}) {
    const double h = 1e-5, slope = (curve(x + h) - curve(x - h)) / (2 * h);
    CHECK_THAT(curve_slope(curve(x)), WithinAbs(slope, 1e-8));
  }
  CurveLayer<double> layer;
  const Tensor<double> out =
      layer.forward(Tensor<double>({1, 2}, {1, -3}), Mode::training);
  CHECK(out(0, 1) == curve(-3.0));
  const Tensor<double> back =
      layer.backward(Tensor<double>({1, 2}, {2, 5}), true);
  CHECK_THAT(back(0, 0), WithinAbs(2 * curve_slope(curve(1.0)), 1e-12));
  CHECK_THAT(back(0, 1), WithinAbs(5 * curve_slope(curve(-3.0)), 1e-12));
}

TEST_CASE("a curved network is its layers one after another") {
  Experiment experiment = small_experiment();
  Network<> network = curved_network(experiment);
  const Dataset some = first(few_digits().held_out, 3);
  const auto parameters = network.parameters();
  REQUIRE(parameters.size() == 4);
  Tensor<> cells = convolve(some.images, parameters[0]->value,
                            parameters[1]->value, 2, 0);
  for (float& x : cells.data()) x = curve(x);
  const Tensor<> means = average_pool(cells, Pooling{2, 2, 0});
  const Tensor<> scores = dense(means.reshaped({3, means.size() / 3}),
                                parameters[2]->value, parameters[3]->value);
  const Tensor<> found = network.forward(some.images, Mode::evaluation);
  REQUIRE(found.shape() == scores.shape());
  for (std::size_t i = 0; i < scores.data().size(); ++i)
    CHECK_THAT(found.data()[i], WithinAbs(scores.data()[i], 1e-4));
  // It starts as the network without choices does.
  experiment.architecture = without_choices(experiment.architecture);
  Started linear(experiment);
  CHECK(numbers_of(network) == numbers_of(linear));
}

TEST_CASE("curved twins learn, differ, and do not jump") {
  const Split digits = few_digits(500);
  Experiment experiment = small_experiment();
  experiment.settings.epochs = 30;
  const Twins twins = compute_curved_twins(
      {experiment, 0}, digits, [](const TrainingStep&) { return true; });
  CHECK(twins.first_choice == 0);
  CHECK(twins.drift.back().numbers > 0);
  CHECK(twins.drift.back().largest < 0.001);
  CHECK(twins.accuracy[0] > 0.5);
}

TEST_CASE("gaps of pairs are means and maxima") {
  Twins a, b;
  a.accuracy = {0.9, 0.92};
  a.other_answers = 3;
  b.accuracy = {0.8, 0.74};
  b.other_answers = 8;
  const PairGaps gaps = gaps_of({a, b});
  CHECK_THAT(gaps.mean, WithinAbs(0.04, 1e-12));
  CHECK_THAT(gaps.most, WithinAbs(0.06, 1e-12));
  CHECK(gaps.mean_answers == 5.5);
  CHECK(gaps.most_answers == 8);
}
