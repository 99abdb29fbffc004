// Chapter 10: initialization.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
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
#include "10-initialization/untrained_answers.hpp"
#include "10-initialization/wedge.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/no_numbers.hpp"
#include "tests/reference.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

// An initialized network with a convolution and two dense layers.
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

// A data set of grey noise, labelled 0 to 9 in turn.
Dataset grey_noise(int count) {
  Random random(5);
  Dataset data{Tensor<>({count, 1, 28, 28}), {}, 10};
  for (float& number : data.images.data()) number = random.uniform();
  for (int n = 0; n < count; ++n) data.labels.push_back(n % 10);
  return data;
}

// The same, darker, with two bright rows whose place gives the label away.
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

TEST_CASE("initialization: a size that is none is refused at the door",
          "[10]") {
  for (const double bad : {-1.0, -1e-30, double{infinity},
                           -double{infinity}, double{not_a_number}}) {
    INFO(bad);
    CHECK_THROWS_WITH(
        gain_start(bad),
        StartsWith("gain_start: expected a gain of 0 or more, got "));
    CHECK_THROWS_WITH(
        fixed_start(bad),
        StartsWith("fixed_start: expected a deviation of 0 or more, got "));
  }
  CHECK_THROWS_WITH(gain_start(-1), EndsWith("got -1.000000"));
  // Finite in double, but not in float.
  CHECK_THROWS_WITH(small_mixed(fixed_start(1e300), 1),
                    StartsWith("normal_start: expected a deviation"));
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
}

TEST_CASE("initialization: measured at the size of He's sums", "[10]") {
  Random random(6);
  Tensor<> images = normal_numbers({40, 2, 8, 8}, random);
  for (float& number : images.data()) number *= 0.3f;
  Network<> network = small_mixed(gain_start(1), 2);
  measured_start_of_he_size(network, images);
  const double wanted = std::sqrt(2.0) * root_mean_square(images);
  const std::vector<Tensor<>> outputs = all_outputs(network, images);
  for (const std::size_t layer : {0u, 3u, 5u})
    CHECK_THAT(root_mean_square(outputs[layer]), WithinAbs(wanted, 1e-4));
}

TEST_CASE("initialization: a measured start refuses what it cannot scale",
          "[10]") {
  Random random(6);
  const Tensor<> images = normal_numbers({40, 2, 8, 8}, random);
  Network<> silent = small_mixed(fixed_start(0), 2);
  CHECK_THROWS_WITH(measured_start(silent, images),
                    ContainsSubstring("not all 0, got size 0"));
  for (const std::size_t p : {1u, 3u, 5u}) {
    Network<> biased = small_mixed(gain_start(2), 2);
    biased.parameters()[p]->value.data().back() = -0.5f;
    const std::string layer = biased.name(p == 1 ? 0 : p == 3 ? 3 : 5);
    CHECK_THROWS_WITH(
        measured_start(biased, images),
        ContainsSubstring("biases of " + layer + " that are 0, got -0.5"));
  }
  Tensor<> broken = images;
  broken.data()[7] = not_a_number;
  Network<> network = small_mixed(gain_start(2), 2);
  CHECK_THROWS_WITH(measured_start(network, broken),
                    ContainsSubstring("that are finite"));
}

TEST_CASE("initialization: a measured start squares in double", "[10]") {
  Random random(6);
  const Tensor<> images = normal_numbers({40, 2, 8, 8}, random);
  Network<> tiny = small_mixed(fixed_start(1e-26), 2);
  measured_start(tiny, images);
  CHECK_THAT(root_mean_square(all_outputs(tiny, images)[0]),
             WithinAbs(1, 1e-4));
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
                 WithinRel(file[name + ".forward"](l),
                           name == "relu" ? 1e-12 : 1e-6));
      CHECK_THAT(sizes.backward[at],
                 WithinAbs(file[name + ".backward"](l),
                           name == "relu" ? 1e-8 : 1e-6));
    }
  }
  CHECK_THROWS_AS(
      measure_sizes({}, Activation::relu, Tensor<double>({1, 2}),
                    Tensor<double>({1, 2})),
      std::invalid_argument);
}

TEST_CASE("initialization: tanh and acos are rounded to float", "[10]") {
  const auto is_float = [](double number) {
    return number == static_cast<double>(static_cast<float>(number));
  };
  const auto one = [](double number) {
    Tensor<double> tensor({1, 1});
    tensor(0, 0) = number;
    return tensor;
  };
  CHECK_FALSE(is_float(std::tanh(0.3)));
  CHECK(is_float(activated(one(0.3), Activation::tanh)(0, 0)));
  // 1 - y^2, given y as a float.
  const double y = static_cast<double>(static_cast<float>(std::tanh(0.3)));
  CHECK(activated_backward(one(1), activated(one(0.3), Activation::tanh),
                           Activation::tanh)(0, 0) == 1 - y * y);
  const double theta =
      static_cast<double>(static_cast<float>(std::acos(0.3)));
  CHECK(cosine_after_relu(0.3) ==
        (std::sqrt(1 - 0.3 * 0.3) + (std::numbers::pi - theta) * 0.3) /
            std::numbers::pi);
}

TEST_CASE("initialization: powers and roots from products", "[10]") {
  CHECK(whole_power(3, 0) == 1);
  CHECK(whole_power(-2, 5) == -32);
  CHECK(nth_root(0.34, 1) == 0.34);
  CHECK(nth_root(5, 1) == 5);
  CHECK(nth_root(0, 3) == 0);
  CHECK(std::isnan(nth_root(not_a_number, 2)));
  for (const double number : {1e-30, 0.02, 1.0, 7.0, 1e30})
    for (const int n : {2, 3, 20})
      CHECK_THAT(nth_root(number, n),
                 WithinRel(std::pow(number, 1.0 / n), 1e-12));
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

TEST_CASE("initialization: wide layers lie on the formula's line",
          "[10][slow]") {
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

TEST_CASE("initialization: the size wanders from seed to seed", "[10]") {
  const Tensor<> images = grey_noise(4).images;
  const auto factor = [&](std::uint64_t seed) {
    const LayerSizes sizes = measure_sizes(
        deep_weights(6, 20, gain_start(2), seed), Activation::relu,
        flat_doubles(images), random_gradient(4, 20, 1));
    return sizes.forward.back() / sizes.forward.front();
  };
  const SizeSpread one = compute_wandering(images, 6, 20, 1, 3);
  CHECK_THAT(one.typical, WithinRel(factor(3), 1e-12));
  CHECK(one.lowest == one.highest);
  CHECK_THAT(one.lowest, WithinRel(factor(3), 1e-12));
  const SizeSpread three = compute_wandering(images, 6, 20, 3, 3);
  const double a = factor(3), b = factor(4), c = factor(5);
  CHECK_THAT(three.typical, WithinRel(std::cbrt(a * b * c), 1e-9));
  CHECK_THAT(three.lowest, WithinRel(std::min({a, b, c}), 1e-12));
  CHECK_THAT(three.highest, WithinRel(std::max({a, b, c}), 1e-12));
  for (const int bad : {0, -1})
    CHECK_THROWS_AS(compute_wandering(images, 6, 20, bad, 3),
                    std::invalid_argument);
}

TEST_CASE("initialization: what layers with tanh leave, from seeds",
          "[10]") {
  const Tensor<> images = grey_noise(4).images;
  const auto sizes = [&](std::uint64_t seed) {
    return measure_sizes(deep_weights(6, 20, gain_start(2), seed),
                         Activation::tanh, flat_doubles(images),
                         random_gradient(4, 20, seed + 1000));
  };
  const LayerSizes a = sizes(3), b = sizes(4);
  const double kept_a = a.forward[6] / a.forward[1],
               kept_b = b.forward[6] / b.forward[1],
               back_a = a.backward[1] / a.backward[6],
               back_b = b.backward[1] / b.backward[6];
  const TanhWandering it = compute_tanh_wandering(images, 6, 20, 2, 2, 3);
  CHECK_THAT(it.signal.typical,
             WithinRel(std::sqrt(kept_a * kept_b), 1e-9));
  CHECK_THAT(it.gradient.typical,
             WithinRel(std::sqrt(back_a * back_b), 1e-9));
  CHECK_THAT(it.signal.lowest, WithinRel(std::min(kept_a, kept_b), 1e-12));
  CHECK_THAT(it.gradient.highest,
             WithinRel(std::max(back_a, back_b), 1e-12));
  CHECK_THROWS_WITH(wandering_of({}),
                    "wandering_of: expected one size or more, got none");
}

TEST_CASE("initialization: no images have no rows", "[10]") {
  CHECK_THROWS_WITH(flat_doubles(Tensor<>({0, 1, 28, 28})),
                    ContainsSubstring("one image or more"));
  CHECK_THROWS_AS(flat_doubles(Tensor<>({28, 28})), std::invalid_argument);
  CHECK(flat_doubles(Tensor<>({2, 3, 2, 1})).shape() == Shape{2, 6});
}

TEST_CASE("initialization: one of the starts of sizes is He's", "[10]") {
  int found = 0;
  for (const SizeRun& run : size_starts(100)) {
    if (!is_he(run)) continue;
    ++found;
    CHECK(run.start.name == "2/n (He)");
  }
  CHECK(found == 1);
}

// ---- Meaning -----------------------------------------------------------

TEST_CASE("initialization: cosines after ReLU are those of an integral",
          "[10]") {
  const Reference file("signal.txt");
  const Tensor<double> before = file["cosine.before"],
                       after = file["cosine.after"];
  for (int i = 0; i < before.size(); ++i)
    CHECK_THAT(cosine_after_relu(before(i)), WithinAbs(after(i), 1e-7));
  CHECK_THROWS_AS(cosine_after_relu(1.001), std::invalid_argument);
  CHECK_THROWS_AS(cosine_after_relu(not_a_number), std::invalid_argument);
  // Orthogonal pictures: 1 / pi, .494, .605.
  const std::vector<double> cosines = cosines_by_formula(0, 3);
  REQUIRE(cosines.size() == 4);
  CHECK_THAT(cosines[1], WithinAbs(1 / std::numbers::pi, 1e-7));
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
  CHECK(seeds_text({0.5}) == "50.00");
  CHECK_THROWS_AS(seeds_text({}), std::invalid_argument);
  CHECK(seeds_text({0.9, std::nullopt, 0.8}) == "1 of 3 broke");
}

TEST_CASE("initialization: runs are compared seed by seed", "[10]") {
  // The seeds differ a lot, the two experiments only a little.
  const PairedMean it = paired_mean({0.9, 0.5, 0.7}, {0.8, 0.52, 0.65});
  CHECK_THAT(it.of.mean, WithinAbs(0.13 / 3, 1e-12));
  CHECK_THAT(it.of.error, WithinAbs(0.034801, 1e-6));
  CHECK(it.behind == 2);
  CHECK_THROWS_WITH(
      paired_mean({0.9, 0.8}, {0.9}),
      "paired_mean: expected 2 runs of the same seeds, got 1");
  CHECK(paired_text({0.9, 0.5, 0.7}, {0.8, 0.52, 0.65}) == "+4.3 +- 3.5");
  CHECK(paired_text({0.8, 0.52, 0.65}, {0.9, 0.5, 0.7}) == "-4.3 +- 3.5");
  CHECK(paired_text({0.9}, {0.8}) == "+10.0");
  CHECK(paired_text({0.9, 0.5}, {0.8, std::nullopt}) == "-");
  CHECK(paired_text({0.9, std::nullopt}, {0.8, 0.7}) == "-");
}

TEST_CASE("initialization: gains that learn are read off a row", "[10]") {
  const auto row = [](const std::vector<double>& shares) {
    std::vector<RunsMean> means;
    for (const double share : shares)
      means.push_back({{share, 0}, 3, share < 0 ? 1 : 0});
    return means;
  };
  // 0.01, gains 0.5 1 1.5 2 2.5 3 4, measured. Below 0: a run broke.
  CHECK(learning_gains(row({.9, .1, .5, .6, .9, .9, -1, -1, .9})) ==
        "1.5 to 2.5");
  CHECK(learning_gains(row({.1, .1, .1, .1, .9, .1, .1, .1, .9})) == "2");
  CHECK(learning_gains(row({.1, .9, .9, .1, .9, .1, .9, .9, .1})) ==
        "0.5 to 1, 2, 3 to 4");
  CHECK(learning_gains(row({.9, .1, .1, .1, .1, .1, .1, .1, .9})) ==
        "none");
}

TEST_CASE("initialization: the means of a study are those of its cells",
          "[10]") {
  WedgeStudy study{0.02, {}, {}};
  study.runs = {{{0.9, 0.4}, {0.2, std::nullopt}},
                {{0.7, 0.4}, {0.4, 0.3}}};
  study.means = means_of(study);
  CHECK(study.cell(0, 0) == std::vector<std::optional<double>>{0.9, 0.7});
  CHECK_THAT(study.means[0][0].of.mean, WithinAbs(0.8, 1e-12));
  CHECK_THAT(study.means[1][0].of.mean, WithinAbs(0.3, 1e-12));
  CHECK(study.means[1][1].broken == 1);
}

TEST_CASE("initialization: a column of the wedge is found by its name",
          "[10]") {
  CHECK(wedge_column("0.01") == 0);
  CHECK(wedge_starts().at(wedge_column("gain 2")).name == "gain 2");
  CHECK_THROWS_WITH(wedge_column("gain 7"), EndsWith("got gain 7"));
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
  CHECK(all[0].start == EqualStart::zeros);
  CHECK(all[2].start == EqualStart::equal_cells);
  CHECK(equal_start_name(all[0].start) == "all 0");
  CHECK(equal_start_name(all[1].start) == "all 0.05");
  CHECK(equal_start_name(all[2].start) == "equal cells, random scores");
  CHECK(equal_start_name(all[3].start) == "random (He)");
  CHECK(all[0].after == 1);
  CHECK(all[1].after == 1);
  CHECK(all[2].before == 1);
  CHECK(all[2].after == 12);
  CHECK(all[3].before == 12);
}

// ---- The mirrored start ------------------------------------------------

TEST_CASE("initialization: an orthogonal matrix keeps lengths and angles",
          "[10]") {
  Random random(8);
  const Tensor<> Q = random_orthogonal(30, random);
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
  for (const Shape& bad : {Shape{2}, Shape{1, 2, 1}, Shape{}})
    CHECK_THROWS_WITH(mirror(Tensor<>(bad), true, true, both),
                      StartsWith("mirror: "));
}

TEST_CASE("initialization: a mirrored start needs weights and twins",
          "[10]") {
  Random random(1);
  const auto matrix = [] { return identity_matrix(3); };
  Network<> empty = build_network(Architecture{Flatten{}}, {1, 1, 3});
  CHECK_THROWS_WITH(mirrored_start(empty, matrix, random),
                    ContainsSubstring("a layer that learns"));
  for (const int width : {1, 5}) {
    Network<> odd = build_network(deep_network(1, width), {1, 1, 3});
    CHECK_THROWS_WITH(mirrored_start(odd, matrix, random),
                      EndsWith("got " + std::to_string(width)));
  }
  Network<> even = build_network(deep_network(2, 6), {1, 1, 3});
  mirrored_start(even, matrix, random);
  CHECK(twins_apart(even) == 0);
}

TEST_CASE("initialization: digits are cut and shrunk where it says",
          "[10]") {
  const auto small_of = [](int y, int x) {
    Dataset one{Tensor<>({1, 1, 28, 28}), {3}, 10};
    one.images(0, 0, y, x) = 1;
    return small_digits(one).images;
  };
  const auto sum = [](const Tensor<>& image) {
    float all = 0;
    for (const float number : image.data()) all += number;
    return all;
  };
  CHECK(small_of(4, 4)(0, 0, 0, 0) == 0.25f);
  CHECK(small_of(5, 5)(0, 0, 0, 0) == 0.25f);
  CHECK(small_of(23, 23)(0, 0, 9, 9) == 0.25f);
  CHECK(small_of(4, 23)(0, 0, 0, 9) == 0.25f);
  CHECK(sum(small_of(4, 4)) == 0.25f);
  for (const auto& [y, x] : {std::pair{3, 4}, std::pair{4, 3},
                             std::pair{24, 23}, std::pair{23, 24}})
    CHECK(sum(small_of(y, x)) == 0);
  CHECK_THROWS_WITH(
      small_digits(Dataset{Tensor<>({1, 1, 20, 20}), {3}, 10}),
      StartsWith("small_digits: "));
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
      compute_passed_on(small, 50, DeepStart::orthogonal, 1);
  REQUIRE(turned.changed);
  CHECK(*turned.changed > 1900);
  CHECK_THAT(turned.cosine_after, WithinAbs(turned.cosine_before, 1e-4));
  const PassedOn he = compute_passed_on(small, 50, DeepStart::he, 1);
  CHECK(he.cosine_after > he.cosine_before + 0.05);
  CHECK(he.numbers == 2000);
  CHECK_FALSE(he.changed);
}

TEST_CASE("initialization: twins drift apart as soon as they learn",
          "[10]") {
  Network<> by_hand = build_network(deep_network(1, 4), {1, 1, 2});
  Tensor<>& weight = by_hand.parameters()[0]->value;
  weight = Tensor<>({4, 2}, {1, 2, 3, 4, -1, -2, -3.5f, -4.25f});
  CHECK(twins_apart(by_hand) == 0.5);
  const Dataset noise_set = grey_noise(40);
  const Split small{small_digits(noise_set), small_digits(noise_set), ""};
  TrainingSettings settings = wedge_settings(1);
  settings.epochs = 1;
  settings.learning_rate = 0;
  for (const DeepStart start : {DeepStart::identity, DeepStart::orthogonal})
    CHECK(compute_small_run(start, 3, small, settings).apart == 0);
  settings.learning_rate = 0.01;
  const SmallRun run =
      compute_small_run(DeepStart::orthogonal, 3, small, settings);
  CHECK(run.apart > 0);
  CHECK(run.run.accuracy.has_value());
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
       {DeepStart::identity, DeepStart::orthogonal, DeepStart::he}) {
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
    one.data()[i] *= -1;  // so that the twins have work to do, too
  const std::vector<Tensor<>> tiles =
      compute_passing(one, {0, 1, 7}, DeepStart::identity, 1);
  REQUIRE(tiles.size() == 3);
  for (const Tensor<>& tile : tiles)
    CHECK(std::ranges::equal(tile.data(), one.data()));
  CHECK_THROWS_WITH(compute_passing(one, {}, DeepStart::identity, 1),
                    ContainsSubstring("one layer or more, got none"));
}

TEST_CASE("initialization: what a network says before its first step",
          "[10]") {
  const Dataset digits = first(load_digits({}).held_out, 30);
  const auto answer_of = [&](double gain, int image) {
    return compute_untrained_answer({"start", gain_start(gain)}, 6, 40,
                                    digits, image, {1, 6}, 3);
  };
  // Without biases a factor on the weights changes no answer. It only makes
  // the network surer, and it multiplies the signal once for each layer.
  const UntrainedAnswer he = answer_of(2, 2), large = answer_of(8, 2);
  CHECK(he.start == "start");
  CHECK(large.said == he.said);
  CHECK(large.said_of == he.said_of);
  CHECK(large.probabilities(0, he.said) > he.probabilities(0, he.said));
  REQUIRE(he.signals.size() == 2);
  CHECK(he.signals[0].shape() == Shape{1, 40});
  for (int i = 0; i < 40; ++i) {
    CHECK_THAT(large.signals[0](0, i),
               WithinRel(2 * he.signals[0](0, i), 1e-4f));
    CHECK_THAT(large.signals[1](0, i),
               WithinRel(64 * he.signals[1](0, i), 1e-4f));
  }
  std::vector<UntrainedAnswer> all;
  for (int n = 0; n < digits.size(); ++n) all.push_back(answer_of(2, n));
  for (const UntrainedAnswer& it : all)
    CHECK(it.said_of ==
          std::ranges::count(all, it.said, &UntrainedAnswer::said));
  CHECK(he.said_of < digits.size());  // else the count proves little
  CHECK_THROWS_WITH(answer_of(2, 30),
                    ContainsSubstring("an image from 0 to 29, got 30"));
  CHECK_THROWS_WITH(compute_untrained_answer({"start", gain_start(2)}, 6,
                                             40, digits, 2, {7}, 3),
                    ContainsSubstring("a layer from 1 to 6, got 7"));
}

// ---- Figures -----------------------------------------------------------

TEST_CASE("initialization: a bar is as high as its share", "[10]") {
  const Picture bars = share_bars({0.5f, 0.0f, 1.0f}, 2, 20, 62);
  CHECK(bars.width() == 60);
  const auto height_of = [&](int k) {
    int height = 0;
    for (int y = 0; y < 62; ++y)
      height += !(bars.at(k * 20 + 10, y) == colours::paper);
    return height;
  };
  CHECK(height_of(0) == 30);
  CHECK(height_of(1) == 0);
  CHECK(height_of(2) == 60);
  CHECK(bars.at(10, 50) == colours::orange);
  CHECK(bars.at(50, 50) == colours::blue);
}

TEST_CASE("initialization: a factor on all weights leaves the pattern",
          "[10]") {
  const Tensor<> images = grey_noise(2).images;
  const auto he = compute_patterns(images, gain_start(2), 5, 1),
             large = compute_patterns(images, gain_start(8), 5, 1);
  REQUIRE(he.size() == 5);
  for (std::size_t i = 0; i < he[4].data().size(); ++i)
    CHECK_THAT(large[4].data()[i], WithinRel(32 * he[4].data()[i], 1e-4));
}

TEST_CASE("initialization: patterns of any size are drawn alike", "[10]") {
  const Tensor<> images = grey_noise(3).images;
  const auto tiny = compute_patterns(images, fixed_start(0.01), 50, 1),
             he = compute_patterns(images, gain_start(2), 50, 1);
  for (int n = 0; n < 3; ++n) {
    REQUIRE(std::ranges::any_of(row_of(tiny[49], n),
                                [](double cell) { return cell > 0; }));
    const Tensor<> drawn =
                       square_of(tiny[49], n, largest_cell(tiny[49], n)),
                   his = square_of(he[49], n, largest_cell(he[49], n));
    CHECK(max_abs_difference(drawn, his) < 1e-4f);
    CHECK(*std::ranges::max_element(drawn.data()) == 1.0f);
  }
  const Tensor<double> dark({1, 100});
  CHECK(largest_cell(dark, 0) == 1);
  Tensor<double> lit = dark;
  lit(0, 12) = 0.5;
  CHECK(square_of(lit, 0, 1.0)(1, 2) == 0.5f);
  CHECK(square_of(lit, 0, 0.25)(1, 2) == 2.0f);
}

TEST_CASE("initialization: the film shows the pattern of a tiny signal",
          "[10]") {
  const Tensor<> images = grey_noise(1).images;
  const auto frame_of = [&](const Initializer& start) {
    return patterns_frame(
        images, {{"a", compute_patterns(images, start, 50, 1)}}, 49);
  };
  const Picture tiny = frame_of(fixed_start(0.01)),
                none = frame_of(fixed_start(0));
  // Pixels that are neither black nor white. Both frames have those of the
  // digit, and only a frame whose scaled tile is not dark has more.
  const auto greys = [](const Picture& picture) {
    int count = 0;
    for (int y = 0; y < picture.height(); ++y)
      for (int x = 0; x < picture.width(); ++x) {
        const Colour it = picture.at(x, y);
        if (it.red > 60 && it.red < 250 && it.red == it.blue) ++count;
      }
    return count;
  };
  CHECK(greys(tiny) > greys(none) + 300);
}

TEST_CASE("initialization: a broken run is written as a dash", "[10]") {
  const std::vector<NamedStart> starts = {{"one", gain_start(1)},
                                          {"two", gain_start(2)}};
  const std::string svg = wedge_figure(
      {5, 20}, starts, {{0.513, 0.624}, {0.735, std::nullopt}});
  for (const char* written : {">51.3<", ">62.4<", ">73.5<"})
    CHECK_THAT(svg, ContainsSubstring(written));
  CHECK_THAT(svg, ContainsSubstring("the loss became NaN"));
  std::size_t cells = 0;
  for (std::size_t at = svg.find("class=\"small on-");
       at != std::string::npos; at = svg.find("class=\"small on-", at + 1))
    ++cells;
  CHECK(cells == 4);
  CHECK_THAT(svg, ContainsSubstring(">-<"));
  CHECK_THAT(svg, !ContainsSubstring(">nan<"));
  CHECK_THAT(svg, !ContainsSubstring("grey cell"));
  CHECK_THAT(wedge_figure({5}, starts, {{0.5, 0.6}}, 7),
             ContainsSubstring("means of 7 seeds"));
  // If one of the runs broke, there is no mean of all.
  CHECK(unbroken({{{{0.9, 0.1}, 5, 0}, {{0.8, 0.1}, 5, 1}}}) ==
        WedgeShares{{0.9, std::nullopt}});
}

TEST_CASE("initialization: the figures of sizes name what they draw",
          "[10]") {
  const std::vector<SizeRun> runs =
      compute_sizes(grey_noise(3).images, 4, 20, 1);
  for (const bool forward : {true, false}) {
    const std::string svg = sizes_figure(runs, forward);
    CHECK_THAT(svg, ContainsSubstring(">2/n (He)<"));
    CHECK_THAT(svg, !ContainsSubstring("tanh"));
    CHECK_THAT(svg, ContainsSubstring(forward ? "size of the signal"
                                              : "size of the gradient"));
  }
  const std::string bent = tanh_figure(runs);
  for (const char* name : {">signal: tanh, 1/n<", ">signal: tanh, 16/n<",
                           ">gradient: tanh, 2/n<"})
    CHECK_THAT(bent, ContainsSubstring(name));
  CHECK_THAT(bent, !ContainsSubstring("(He)"));
}

TEST_CASE("initialization: cosines are drawn for the pairs there are",
          "[10]") {
  LayerCosines it;
  it.different = {0.5, 0.6, 3};
  it.same = {0.7, 0.8, 2};
  const std::string both = cosines_figure({it, it});
  CHECK_THAT(both, ContainsSubstring(">different digits<"));
  CHECK_THAT(both, ContainsSubstring(">same digit<"));
  it.same = {};
  CHECK_THAT(cosines_figure({it, it}), !ContainsSubstring("same digit"));
}
