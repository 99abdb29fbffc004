// Chapter 10: initialization.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "10-initialization/deep_network.hpp"
#include "10-initialization/equal_cells.hpp"
#include "10-initialization/figures.hpp"
#include "10-initialization/meaning.hpp"
#include "10-initialization/mirrored.hpp"
#include "10-initialization/mirrored_runs.hpp"
#include "10-initialization/one_layer.hpp"
#include "10-initialization/signal.hpp"
#include "10-initialization/size_runs.hpp"
#include "10-initialization/starts.hpp"
#include "10-initialization/steps_full.hpp"
#include "10-initialization/wedge.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/reference.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

// A network with a convolution and a dense layer, started.
Network<> small_mixed(const Initializer& start, std::uint64_t seed) {
  Network<> network =
      build_network(Architecture{Convolution{.channels = 6, .kernel = 3},
                                 Relu{}, Flatten{}, Dense{.outputs = 7},
                                 Relu{}, Dense{.outputs = 10}},
                    {2, 8, 8});
  Random random(seed);
  initialize(network, start, random);
  return network;
}

bool same_numbers(Network<>& a, Network<>& b) {
  const auto left = a.parameters(), right = b.parameters();
  if (left.size() != right.size()) return false;
  for (std::size_t p = 0; p < left.size(); ++p)
    if (!std::ranges::equal(left[p]->value.data(), right[p]->value.data()))
      return false;
  return true;
}

double variance_of(const Tensor<>& weight) {
  double sum = 0;
  for (const float number : weight.data())
    sum += static_cast<double>(number) * static_cast<double>(number);
  return sum / weight.size();
}

// A set of grey noise, labelled 0 to 9 in turn.
Dataset grey_noise(int count) {
  Random random(5);
  Dataset data{Tensor<>({count, 1, 28, 28}), {}, 10};
  for (float& number : data.images.data()) number = random.uniform();
  for (int n = 0; n < count; ++n) data.labels.push_back(n % 10);
  return data;
}

// The same, darker, with two bright rows that tell the label.
Dataset bright_rows(int count) {
  Dataset data = grey_noise(count);
  for (int n = 0; n < count; ++n) {
    const int top = 2 * data.labels[static_cast<std::size_t>(n)] + 4;
    for (int y = 0; y < 28; ++y)
      for (int x = 0; x < 28; ++x) {
        float& pixel = data.images(n, 0, y, x);
        pixel = y == top || y == top + 1 ? 1 : 0.2f * pixel;
      }
  }
  return data;
}

std::vector<Tensor<double>> weights_in(const Reference& file,
                                       const std::string& name) {
  std::vector<Tensor<double>> weights;
  for (int l = 0; l < 3; ++l)
    weights.push_back(file[name + ".weight" + std::to_string(l)]);
  return weights;
}

}  // namespace

// ---- Starts ------------------------------------------------------------

TEST_CASE("initialization: gain 2 is chapter 06's rule, to the bit",
          "[10]") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    Network<> ours = small_mixed(gain_start(2), seed);
    Network<> first = small_mixed(he_initializer(), seed);
    CHECK(same_numbers(ours, first));
    Network<> other = small_mixed(gain_start(2.1), seed);
    CHECK_FALSE(same_numbers(other, first));
  }
}

TEST_CASE("initialization: the last layer at a tenth is chapter 06's start",
          "[10]") {
  Experiment experiment;
  experiment.architecture = deep_network(3, 20);
  Network<> theirs = fresh_network(experiment);
  Network<> ours = build_network(experiment.architecture, {1, 28, 28});
  Random random(experiment.settings.seed);
  begin_with({"He", gain_start(2)}, ours, {}, random);
  CHECK(same_numbers(ours, theirs));
}

TEST_CASE("initialization: each rule has its variance, fan by fan",
          "[10]") {
  // fan_in 3 x 5 x 5 = 75 and fan_out 40 x 25 = 1,000; then 640 and 300.
  const auto variances = [](const Initializer& start) {
    Network<> network =
        build_network(Architecture{Convolution{.channels = 40, .kernel = 5},
                                   Flatten{}, Dense{.outputs = 300}},
                      {3, 8, 8});
    Random random(4);
    initialize(network, start, random);
    return std::pair{variance_of(network.parameters()[0]->value),
                     variance_of(network.parameters()[2]->value)};
  };
  const auto check = [&](const Initializer& start, double first,
                         double second) {
    const auto [a, b] = variances(start);
    CHECK_THAT(a, WithinRel(first, 0.1));
    CHECK_THAT(b, WithinRel(second, 0.02));
  };
  check(gain_start(0.7), 0.7 / 75, 0.7 / 640);
  check(fixed_start(0.03), 0.0009, 0.0009);
  check(glorot_start(), 2.0 / 1075, 2.0 / 940);
  check(uniform_start(), 1.0 / (3 * 75), 1.0 / (3 * 640));
}

TEST_CASE("initialization: a uniform start stays within 1 / sqrt(fan_in)",
          "[10]") {
  Network<> network = small_mixed(uniform_start(), 3);
  for (const Parameter<>* it : network.parameters()) {
    const float reach =
        it->fan_in > 0 ? 1 / std::sqrt(static_cast<float>(it->fan_in)) : 0;
    float most = 0;
    for (const float number : it->value.data())
      most = std::max(most, std::abs(number));
    CHECK(most <= reach);
    CHECK(most >= 0.9f * reach);
  }
}

TEST_CASE("initialization: biases keep their start", "[10]") {
  for (const Initializer& start :
       {gain_start(2), fixed_start(1), glorot_start(), uniform_start()}) {
    Parameter<> bias{"bias", Tensor<>({3}), Tensor<>({3}), 0, 0.25f};
    Random random(1);
    start(bias, random);
    for (const float number : bias.value.data()) CHECK(number == 0.25f);
  }
}

TEST_CASE("initialization: a size that is none is refused", "[10]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {-1.0, nan}) {
    CHECK_THROWS_AS(small_mixed(gain_start(bad), 1), std::invalid_argument);
    CHECK_THROWS_AS(small_mixed(fixed_start(bad), 1),
                    std::invalid_argument);
  }
  CHECK_THROWS_AS(deep_network(0, 5), std::invalid_argument);
  CHECK_THROWS_AS(deep_network(5, 0), std::invalid_argument);
  CHECK(deep_network(3, 5).size() == 8);
}

TEST_CASE(
    "initialization: a measured start has sums of size 1 and only "
    "scales",
    "[10]") {
  Random random(6);
  const Tensor<> images = normal_numbers({40, 2, 8, 8}, random);
  for (const Initializer& start : {gain_start(50), fixed_start(0.001)}) {
    Network<> before = small_mixed(start, 2), after = small_mixed(start, 2);
    measured_start(after, images);
    const std::vector<Tensor<>> outputs = all_outputs(after, images);
    for (const std::size_t layer : {0u, 3u, 5u})
      CHECK_THAT(root_mean_square(outputs[layer]), WithinAbs(1, 1e-4));
    for (const std::size_t p : {0u, 2u, 4u}) {
      const auto old = before.parameters()[p]->value.data(),
                 now = after.parameters()[p]->value.data();
      const float factor = now[0] / old[0];
      CHECK(factor > 0);
      float furthest = 0;
      for (std::size_t i = 0; i < old.size(); ++i)
        furthest = std::max(furthest, std::abs(now[i] - factor * old[i]));
      CHECK(furthest <= 1e-4f * factor * 1.0f);
    }
  }
  Network<> silent = small_mixed(fixed_start(0), 2);
  CHECK_THROWS_AS(measured_start(silent, images), std::invalid_argument);
}

// ---- Sizes -------------------------------------------------------------

TEST_CASE(
    "initialization: sizes forwards and backwards are those of loops "
    "and differences",
    "[10]") {
  const Reference file("signal.txt");
  for (const std::string name : {"relu", "tanh"}) {
    const LayerSizes sizes =
        measure_sizes(weights_in(file, name),
                      name == "relu" ? Activation::relu : Activation::tanh,
                      file[name + ".input"], file[name + ".gradient"]);
    for (int l = 0; l < 4; ++l) {
      INFO(name << " " << l);
      const auto at = static_cast<std::size_t>(l);
      CHECK_THAT(sizes.forward[at],
                 WithinRel(file[name + ".forward"](l), 1e-12));
      CHECK_THAT(sizes.backward[at],
                 WithinAbs(file[name + ".backward"](l), 1e-8));
    }
  }
  CHECK_THROWS_AS(
      measure_sizes({}, Activation::relu, Tensor<double>({1, 2}),
                    Tensor<double>({1, 2})),
      std::invalid_argument);
}

TEST_CASE("initialization: the factors of the page, by hand", "[10]") {
  CHECK_THAT(size_factor(0.0001, 100), WithinAbs(0.0707107, 1e-7));
  CHECK_THAT(size_factor(2.0 / 50, 50), WithinAbs(1, 1e-12));
  CHECK_THAT(std::pow(size_factor(1.0 / 7, 7), 10),
             WithinAbs(1.0 / 32, 1e-12));
  const ReluMoments it = compute_relu_moments(200000, 3);
  CHECK_THAT(it.before.variance(), WithinAbs(1, 0.02));
  CHECK_THAT(it.after.mean_square, WithinAbs(0.5, 0.01));
  CHECK_THAT(it.after.variance(),
             WithinAbs(0.5 - 0.5 / std::numbers::pi, 0.01));
  CHECK_THROWS_AS(compute_relu_moments(0, 1), std::invalid_argument);
}

TEST_CASE("initialization: wide layers lie on the formula's line", "[10]") {
  for (const SizeRun& run :
       compute_sizes(grey_noise(20).images, 8, 400, 2)) {
    if (run.activation != Activation::relu) continue;
    for (std::size_t l = 1; l <= 8; ++l) {
      INFO(run.start.name << ", layer " << l);
      CHECK_THAT(run.measured.forward[l],
                 WithinRel(run.formula.forward[l], 0.25));
      CHECK_THAT(run.measured.backward[l],
                 WithinRel(run.formula.backward[l], 0.25));
    }
  }
}

TEST_CASE("initialization: squares of small numbers vanish in float only",
          "[10]") {
  CHECK(size_in_float(1e-30) == 0.0f);
  CHECK(size_in_float(1e-10) > 0.0f);
  const auto weights = deep_weights(20, 50, fixed_start(0.01), 1);
  REQUIRE(weights.size() == 20);
  const LayerSizes sizes = measure_sizes(weights, Activation::relu,
                                         flat_doubles(grey_noise(5).images),
                                         random_gradient(5, 50, 1));
  CHECK(sizes.forward.back() > 0);
  CHECK(sizes.forward.back() < 1e-22);
}

// ---- Meaning -----------------------------------------------------------

TEST_CASE("initialization: cosines after ReLU are those of an integral",
          "[10]") {
  const Reference file("signal.txt");
  const Tensor<double> before = file["cosine.before"],
                       after = file["cosine.after"];
  for (int i = 0; i < before.size(); ++i)
    CHECK_THAT(cosine_after_relu(before(i)), WithinAbs(after(i), 1e-9));
  CHECK_THROWS_AS(cosine_after_relu(1.001), std::invalid_argument);
  CHECK_THROWS_AS(
      cosine_after_relu(std::numeric_limits<double>::quiet_NaN()),
      std::invalid_argument);
  // Orthogonal pictures: 1 / pi, .494, .605.
  const std::vector<double> cosines = cosines_by_formula(0, 3);
  REQUIRE(cosines.size() == 4);
  CHECK_THAT(cosines[1], WithinAbs(1 / std::numbers::pi, 1e-12));
  CHECK_THAT(cosines[2], WithinAbs(0.494, 5e-4));
  CHECK_THAT(cosines[3], WithinAbs(0.605, 5e-4));
}

TEST_CASE("initialization: pairs are counted by their labels", "[10]") {
  Dataset three{Tensor<>({3, 1, 1, 2}, {1, 0, 1, 1, 0, 2}), {4, 4, 7}, 10};
  const std::vector<DigitPair> pairs = digit_pairs(three);
  REQUIRE(pairs.size() == 3);
  const LayerCosines it = mean_cosines(pairs, three.images);
  CHECK_THAT(it.same.measured, WithinAbs(std::sqrt(0.5), 1e-6));
  CHECK_THAT(it.different.measured, WithinAbs(std::sqrt(0.5) / 2, 1e-6));
  CHECK_THAT(it.different.formula, WithinAbs(std::sqrt(0.5) / 2, 1e-6));
  CHECK_THAT(it.size, WithinAbs(std::sqrt(7.0 / 6), 1e-6));
  CHECK(it.same.pairs == 1);
  CHECK(it.different.pairs == 2);
  three.labels = {1, 2, 3};
  const LayerCosines none = mean_cosines(digit_pairs(three), three.images);
  CHECK(none.same.pairs == 0);
  CHECK(none.same.measured == 0);
}

TEST_CASE("initialization: digits become alike as the formula says",
          "[10]") {
  const Dataset digits = grey_noise(20);
  const std::vector<LayerCosines> all = compute_meaning(digits, 6, 400, 3);
  REQUIRE(all.size() == 7);
  CHECK_THAT(all[0].different.measured,
             WithinAbs(all[0].different.formula, 1e-12));
  for (std::size_t l = 1; l < all.size(); ++l) {
    CHECK(all[l].different.formula > all[l - 1].different.formula);
    CHECK_THAT(all[l].different.measured,
               WithinAbs(all[l].different.formula, 0.04));
  }
}

// ---- The wedge ---------------------------------------------------------

TEST_CASE(
    "initialization: a cell of the wedge learns, again the same, or "
    "breaks",
    "[10]") {
  const Split digits{bright_rows(64), bright_rows(64), ""};
  TrainingSettings settings = wedge_settings(1);
  settings.epochs = 30;
  settings.batch = 16;
  const auto run = [&](double gain) {
    return compute_start({"", gain_start(gain)}, 3, 30, digits, settings);
  };
  const StartRun good = run(2), again = run(2);
  REQUIRE(good.accuracy.has_value());
  CHECK(*good.accuracy > 0.9);
  CHECK(good.accuracy == again.accuracy);
  CHECK(good.first_loss == again.first_loss);
  CHECK_THAT(*good.first_loss, WithinAbs(std::log(10.0), 0.05));
  CHECK_FALSE(run(1e6).accuracy.has_value());
}

TEST_CASE("initialization: at a tenth the first loss is near ln 10",
          "[10]") {
  const Dataset data = grey_noise(50);
  const NamedStart start{"", gain_start(8)};
  const double whole = loss_at_start(start, 3, 50, data, 1, 1);
  const double tenth = loss_at_start(start, 3, 50, data, 0.1f, 1);
  CHECK(whole > std::log(10.0) + 1);
  CHECK(tenth - std::log(10.0) < 0.2 * (whole - std::log(10.0)));
}

TEST_CASE("initialization: several seeds as a mean and its error", "[10]") {
  CHECK(seeds_text({0.90, 0.92, 0.94}) == "92.0 +- 1.2");
  CHECK(seeds_text({0.5}) == "50.0 +- 0.0");
  CHECK(seeds_text({0.9, std::nullopt, 0.8}) == "1 of 3 broke");
}

// ---- Equal cells -------------------------------------------------------

TEST_CASE("initialization: distinct cells are counted", "[10]") {
  Tensor<> weight({4, 2}, {1, 2, 1, 2.05f, 3, 4, 1, 2});
  CHECK(distinct_cells(weight, 0) == 3);
  CHECK(distinct_cells(weight, 0.04f) == 3);
  CHECK(distinct_cells(weight, 0.1f) == 2);
  make_cells_equal(weight);
  CHECK(distinct_cells(weight, 0) == 1);
  CHECK(weight(3, 1) == 2);
}

TEST_CASE("initialization: equal cells part only if their scores differ",
          "[10]") {
  const Split digits{grey_noise(64), grey_noise(64), ""};
  TrainingSettings settings = wedge_settings(1);
  settings.learning_rate = 0.1;
  settings.epochs = 5;
  const std::vector<EqualCells> all =
      compute_equal_cells(12, digits, settings);
  REQUIRE(all.size() == 4);
  CHECK(all[0].after == 1);
  CHECK(all[1].after == 1);
  CHECK(all[2].before == 1);
  CHECK(all[2].after == 12);
  CHECK(all[3].before == 12);
}

// ---- The mirrored start ------------------------------------------------

TEST_CASE("initialization: a rotation keeps lengths and angles", "[10]") {
  Random random(8);
  const Tensor<> Q = random_rotation(30, random);
  for (int i = 0; i < 30; ++i)
    for (int j = 0; j <= i; ++j) {
      double dot = 0;
      for (int k = 0; k < 30; ++k)
        dot += static_cast<double>(Q(i, k)) * static_cast<double>(Q(j, k));
      CHECK_THAT(dot, WithinAbs(i == j ? 1 : 0, 1e-6));
    }
}

TEST_CASE("initialization: mirrored blocks, by hand", "[10]") {
  const Tensor<> M({1, 2}, {3, -5});
  Tensor<> both({2, 4});
  mirror(M, true, true, both);
  CHECK(std::ranges::equal(both.data(),
                           std::vector<float>{3, -5, -3, 5, -3, 5, 3, -5}));
  Tensor<> first({2, 2});
  mirror(M, false, true, first);
  CHECK(std::ranges::equal(first.data(), std::vector<float>{3, -5, -3, 5}));
  CHECK_THROWS_AS(mirror(M, true, false, first), std::invalid_argument);
}

TEST_CASE("initialization: fifty mirrored layers pass on the same bits",
          "[10]") {
  const Dataset small = small_digits(grey_noise(20));
  REQUIRE(small.images.shape() == Shape{20, 1, 10, 10});
  const PassedOn same =
      compute_passed_on(small, 50, DeepStart::identity, 1);
  CHECK(same.numbers == 2000);
  CHECK(same.changed == 0);
  const PassedOn turned =
      compute_passed_on(small, 50, DeepStart::rotations, 1);
  CHECK(turned.changed > 1900);
  CHECK_THAT(turned.cosine_after, WithinAbs(turned.cosine_before, 1e-4));
  const PassedOn he = compute_passed_on(small, 50, DeepStart::he, 1);
  CHECK(he.cosine_after > he.cosine_before + 0.05);
}

TEST_CASE("initialization: a mirrored start is linear, He's is not",
          "[10]") {
  const Dataset small = small_digits(grey_noise(3));
  Tensor<> sum({1, 1, 10, 10}), a = sum, b = sum;
  for (int i = 0; i < 100; ++i) {
    a.data()[static_cast<std::size_t>(i)] =
        row_of(small.images, 0)[static_cast<std::size_t>(i)];
    b.data()[static_cast<std::size_t>(i)] =
        -row_of(small.images, 1)[static_cast<std::size_t>(i)];
  }
  for (std::size_t i = 0; i < 100; ++i)
    sum.data()[i] = a.data()[i] + b.data()[i];
  for (const DeepStart start :
       {DeepStart::identity, DeepStart::rotations, DeepStart::he}) {
    Network<> network = small_network(start, 10, 3);
    const auto scores = [&](const Tensor<>& image) {
      return network.forward(image, Mode::evaluation);
    };
    const Tensor<> of_a = scores(a), of_b = scores(b), whole = scores(sum);
    double furthest = 0;
    for (int k = 0; k < 10; ++k)
      furthest = std::max(
          furthest, static_cast<double>(
                        std::abs(whole(0, k) - of_a(0, k) - of_b(0, k))));
    if (start == DeepStart::he)
      CHECK(furthest > 1e-2);
    else
      CHECK(furthest < 1e-4);
  }
}

TEST_CASE("initialization: what is drawn of a passing digit is the digit",
          "[10]") {
  const Dataset small = small_digits(grey_noise(2));
  Tensor<> one = first(small, 1).images;
  for (std::size_t i = 0; i < one.data().size(); i += 2)
    one.data()[i] *= -1;  // so that twins have work, too
  const std::vector<Tensor<>> tiles =
      compute_passing(one, {0, 1, 7}, DeepStart::identity, 1);
  REQUIRE(tiles.size() == 3);
  for (const Tensor<>& tile : tiles)
    CHECK(std::ranges::equal(tile.data(), one.data()));
}

// ---- Figures -----------------------------------------------------------

TEST_CASE("initialization: a factor on all weights leaves the pattern",
          "[10]") {
  const Tensor<> images = grey_noise(2).images;
  const auto he = compute_patterns(images, gain_start(2), 5, 1),
             large = compute_patterns(images, gain_start(8), 5, 1);
  REQUIRE(he.size() == 5);
  for (std::size_t i = 0; i < he[4].data().size(); ++i)
    CHECK_THAT(static_cast<double>(large[4].data()[i]),
               WithinRel(32 * static_cast<double>(he[4].data()[i]), 1e-4));
}
