// Chapter 09: gradients down to the pixels against central differences,
// climbs that never fall, regularizers by hand, the smallest step that
// fools.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "06-training/batches.hpp"
#include "08-seeing/receptive_field.hpp"
#include "09-dreaming/answered_digits.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/climbed_digit.hpp"
#include "09-dreaming/dreams.hpp"
#include "09-dreaming/figures.hpp"
#include "09-dreaming/fooled_digits.hpp"
#include "09-dreaming/fooling.hpp"
#include "09-dreaming/hidden_filters.hpp"
#include "09-dreaming/morphing.hpp"
#include "09-dreaming/networks.hpp"
#include "09-dreaming/plain_climb.hpp"
#include "09-dreaming/readable_dreams.hpp"
#include "09-dreaming/regularizers.hpp"
#include "09-dreaming/saliency.hpp"
#include "09-dreaming/saliency_probes.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

// Grey noise: no two pixels are equal, so no maximum is a tie.
Tensor<double> grey_noise(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  Tensor<double> images(shape);
  for (double& x : images.data())
    x = static_cast<double>(random.uniform(0.1f, 0.9f));
  return images;
}

// Random weights, biases as well, in both networks.
template <class A, class B>
void fill_alike(A& one, B& other, std::uint64_t seed) {
  Random random(seed);
  const auto a = one.parameters();
  const auto b = other.parameters();
  for (std::size_t p = 0; p < a.size(); ++p)
    for (std::size_t i = 0; i < a[p]->value.data().size(); ++i) {
      const float number = 0.2f * random.normal();
      a[p]->value.data()[i] = number;
      b[p]->value.data()[i] = number;
    }
}

const Architecture small_architecture = {
    Convolution{.channels = 3, .kernel = 3, .padding = 1},
    Relu{},
    MaxPool{},
    Convolution{.channels = 4, .kernel = 2},
    Relu{},
    Flatten{},
    Dense{.outputs = 5}};

// A network that adds up weighted pixels of a 1 x 2 picture: logits
// {0, weight_1 x_1 + weight_2 x_2 - threshold}.
Network<double> two_pixels(double weight_1, double weight_2,
                           double threshold) {
  Network<double> network = build_network<double>(
      Architecture{Flatten{}, Dense{.outputs = 2}}, {1, 1, 2});
  network.parameters()[0]->value =
      Tensor<double>({2, 2}, {0, 0, weight_1, weight_2});
  network.parameters()[1]->value = Tensor<double>({2}, {0, -threshold});
  return network;
}

// A height that is a weighted sum of pixels, the same for every image.
Objective<double> slope(const std::vector<double>& weights) {
  return [weights](const Tensor<double>& images) {
    Heights<double> heights{{}, Tensor<double>(images.shape())};
    for (int n = 0; n < images.extent(0); ++n) {
      double sum = 0;
      for (std::size_t i = 0; i < weights.size(); ++i) {
        sum += weights[i] * row_of(images, n)[i];
        row_of(heights.gradient, n)[i] = weights[i];
      }
      heights.values.push_back(sum);
    }
    return heights;
  };
}

// Digits' classes as weighted sums of pixels. weight (10, H W)
std::unique_ptr<FastNetwork> linear(const Shape& picture,
                                    const Tensor<>& weight,
                                    const Tensor<>& bias = Tensor<>({10})) {
  auto network = std::make_unique<FastNetwork>(linear_network, picture);
  network->parameters()[0]->value = weight;
  network->parameters()[1]->value = bias;
  return network;
}

// The sum of the positive numbers in row k.
float positive_sum(const Tensor<>& weight, int k) {
  float sum = 0;
  for (const float w : row_of(weight, k)) sum += std::max(w, 0.0f);
  return sum;
}

// Weights of one size and random signs, so that all pixels climb alike.
Tensor<> random_weights(std::uint64_t seed) {
  Random random(seed);
  Tensor<> weight({10, 784});
  for (float& w : weight.data()) w = random.below(2) == 0 ? -0.1f : 0.1f;
  return weight;
}

// A witness with the weights of the asked network, and two networks with
// other weights.
Networks linear_networks() {
  Networks networks;
  networks.asked = linear({1, 28, 28}, random_weights(24));
  networks.witness = linear({1, 28, 28}, random_weights(24));
  networks.dense = linear({1, 28, 28}, random_weights(25));
  networks.untrained = linear({1, 28, 28}, random_weights(26));
  return networks;
}

// Class k's weight is 10 for pixel k + shift, 0 for all others.
Tensor<> one_pixel_each(int shift) {
  Tensor<> weight({10, 784});
  for (int k = 0; k < 10; ++k) weight(k, (k + shift) % 10) = 10;
  return weight;
}

// The slope of a number with respect to one pixel of an image, by central
// differences.
template <class Height>
double pixel_slope(const Height& height, Tensor<double> image, int y,
                   int x) {
  image(0, 0, y, x) += 1e-5;
  const double above = height(image);
  image(0, 0, y, x) -= 2e-5;
  return (above - height(image)) / 2e-5;
}

}  // namespace

// ---- The networks ------------------------------------------------------

TEST_CASE("the witness differs in its seed alone, the dense layer is 0") {
  const NetworkExperiments all = network_experiments(7, 3);
  CHECK(all.asked.settings.seed == 7);
  CHECK(all.witness.settings.seed == 8);
  CHECK(all.dense.settings.seed == 7);
  for (const Experiment* it : {&all.asked, &all.witness, &all.dense})
    CHECK(it->settings.epochs == 3);
  CHECK(all.witness.architecture.size() == digit_network.size());
  CHECK(all.dense.architecture.size() == linear_network.size());
  const auto dense = untrained_network(all.dense);
  CHECK(dense->parameters()[0]->value == Tensor<>({10, 784}));
  const auto asked = untrained_network(all.asked);
  Network<> fresh = fresh_network(all.asked);
  for (std::size_t p = 0; p < fresh.parameters().size(); ++p)
    CHECK(asked->parameters()[p]->value == fresh.parameters()[p]->value);
}

// ---- Saliency ----------------------------------------------------------

TEST_CASE("saliency is what central differences find, for every pixel") {
  Network<double> network =
      build_network<double>(small_architecture, {1, 8, 8});
  Network<double> unused =
      build_network<double>(small_architecture, {1, 8, 8});
  fill_alike(network, unused, 3);
  const Tensor<double> images = grey_noise({2, 1, 8, 8}, 4);
  const std::vector<int> chosen = {4, 1};
  const Loss both = [&](const Tensor<double>& at) {
    const Heights<double> heights = class_logits(network, at, chosen, 5);
    return heights.values[0] + heights.values[1];
  };
  const GradientCheck check = check_gradient(
      "pixels", class_logits(network, images, chosen, 5).gradient, images,
      both);
  CHECK(check.numbers == 128);
  CHECK(check.error < 1e-6);
}

TEST_CASE("saliency through the whole digit network, plain and fast") {
  FastNetwork fast(digit_network, {1, 28, 28});
  Network<double> exact = build_network<double>(digit_network, {1, 28, 28});
  fill_alike(fast, exact, 5);
  const Tensor<double> images = grey_noise({1, 1, 28, 28}, 6);
  const Heights<double> expected = class_logits(exact, images, {3});
  const double h = 1e-5;
  for (std::size_t i = 0; i < 784; i += 37) {
    Tensor<double> nudged = images;
    nudged.data()[i] += h;
    const double above = class_logits(exact, nudged, {3}).values[0];
    nudged.data()[i] -= 2 * h;
    const double below = class_logits(exact, nudged, {3}).values[0];
    CHECK_THAT(expected.gradient.data()[i],
               WithinAbs((above - below) / (2 * h), 1e-7));
  }
  const Heights<> got = class_logits(fast, convert<float>(images), {3});
  CHECK_THAT(static_cast<double>(got.values[0]),
             WithinRel(expected.values[0], 1e-4));
  CHECK(max_abs_difference(convert<double>(got.gradient),
                           expected.gradient) < 1e-5);
}

TEST_CASE("weighted logits are a sum, and so is their gradient") {
  Network<double> network = two_pixels(3, -2, 1);
  const Tensor<double> image({1, 1, 1, 2}, {0.5, 0.25});
  const Heights<double> heights =
      weighted_logits(network, image, Tensor<double>({1, 2}, {7, 2}));
  CHECK(heights.values == std::vector<double>{0.0});  // 2 (1.5 - 0.5 - 1)
  CHECK(heights.gradient == Tensor<double>({1, 1, 1, 2}, {6, -4}));
  CHECK_THAT(message_of([&] {
               weighted_logits(network, image, Tensor<double>({1, 3}));
             }),
             ContainsSubstring("weights expects shape (1, 2), got (1, 3)"));
  CHECK(message_of([&] { class_logits(network, image, {2}, 2); }) ==
        "one_of: expected classes from 0 to 1, got 2");
}

TEST_CASE("the gradient of a first hidden cell is its kernel") {
  FastNetwork fast(digit_network, {1, 28, 28});
  Network<double> exact = build_network<double>(digit_network, {1, 28, 28});
  fill_alike(fast, exact, 7);
  const Tensor<> images = convert<float>(grey_noise({2, 1, 28, 28}, 8));
  const Heights<> heights = hidden_cells(fast, images, 0, {5, 2});
  for (int n = 0; n < 2; ++n)
    for (int y = 0; y < 28; ++y)
      for (int x = 0; x < 28; ++x) {
        const int ky = y - 12, kx = x - 12;  // the middle cell is (14, 14)
        const bool seen = ky >= 0 && ky < 5 && kx >= 0 && kx < 5;
        const float expected =
            seen ? fast.parameters()[0]->value(n == 0 ? 5 : 2, 0, ky, kx)
                 : 0.0f;
        CHECK(heights.gradient(n, 0, y, x) == expected);
      }
}

TEST_CASE("the gradient of a second hidden cell, by central differences") {
  FastNetwork fast(digit_network, {1, 28, 28});
  Network<double> exact = build_network<double>(digit_network, {1, 28, 28});
  fill_alike(fast, exact, 9);
  const Tensor<double> image = grey_noise({1, 1, 28, 28}, 10);
  const Heights<> heights =
      hidden_cells(fast, convert<float>(image), 3, {11});
  const auto cell = [&](const Tensor<double>& at) {
    return all_outputs(exact, at)[3](0, 11, 5, 5);
  };
  CHECK_THAT(static_cast<double>(heights.values[0]),
             WithinAbs(cell(image), 1e-4));
  const ReceptiveField field = receptive_fields(digit_network)[3];
  for (int y = 0; y < 28; ++y)
    for (int x = y % 5; x < 28; x += 5) {
      const double measured = pixel_slope(cell, image, y, x);
      CHECK_THAT(static_cast<double>(heights.gradient(0, 0, y, x)),
                 WithinAbs(measured, 1e-4));
      const auto sees = [&](int at) {
        return at >= field.begin(5) && at < field.begin(5) + field.size;
      };
      if (!sees(y) || !sees(x)) CHECK(measured == 0.0);
    }
}

TEST_CASE("the mean of a hidden map, and its gradient by differences") {
  FastNetwork fast(digit_network, {1, 28, 28});
  Network<double> exact = build_network<double>(digit_network, {1, 28, 28});
  fill_alike(fast, exact, 12);
  const Tensor<double> image = grey_noise({1, 1, 28, 28}, 13);
  const Heights<> heights =
      hidden_means(fast, convert<float>(image), 3, {6});
  const auto mean = [&](const Tensor<double>& at) {
    const Tensor<double> maps = all_outputs(exact, at)[3];
    double sum = 0;
    for (int y = 0; y < 10; ++y)
      for (int x = 0; x < 10; ++x) sum += maps(0, 6, y, x);
    return sum / 100;
  };
  CHECK_THAT(static_cast<double>(heights.values[0]),
             WithinAbs(mean(image), 1e-4));
  CHECK_THAT(static_cast<double>(means_of_maps(
                 fast.outputs(convert<float>(image))[3])(0, 6)),
             WithinAbs(mean(image), 1e-4));
  for (int y = 0; y < 28; ++y)
    for (int x = y % 7; x < 28; x += 7)
      CHECK_THAT(static_cast<double>(heights.gradient(0, 0, y, x)),
                 WithinAbs(pixel_slope(mean, image, y, x), 1e-5));
  CHECK(message_of([&] {
          hidden_means(fast, convert<float>(image), 0, {8});
        }) == "hidden_means: expected channels from 0 to 7, got 8");
}

TEST_CASE("the dream of a channel, and the digit that excites it most") {
  FastNetwork network(digit_network, {1, 28, 28});
  FastNetwork unused(digit_network, {1, 28, 28});
  fill_alike(network, unused, 24);
  const Dataset digits = first(embedded_digits().held_out, 150);
  const ChannelDreams all =
      compute_channel_dreams(network, digits, 3, 4, {.steps = 20});
  REQUIRE(all.dreams.size() == 4);
  const Tensor<> maps = network.outputs(digits.images)[3];
  const Tensor<> means = means_of_maps(maps);
  const Tensor<> before =
      means_of_maps(network.outputs(noise(1, DreamSettings{}.seed))[3]);
  for (int c = 0; c < 4; ++c) {
    const auto at = static_cast<std::size_t>(c);
    CHECK(all.of_dreams[at] > before(0, c));
    int best = 0;
    for (int n = 0; n < 150; ++n)
      if (means(n, c) > means(best, c)) best = n;
    CHECK_THAT(static_cast<double>(all.of_digits[at]),
               WithinAbs(static_cast<double>(means(best, c)), 1e-6));
    CHECK(all.digits[at] == picture_of(digits.images, best));
  }
}

TEST_CASE("hidden cells want one channel for each image") {
  FastNetwork fast(digit_network, {1, 28, 28});
  const Tensor<> images({2, 1, 28, 28});
  CHECK(message_of([&] { hidden_cells(fast, images, 0, {1}); }) ==
        "hidden_cells: expected 2 channels, one for each image, got 1");
  CHECK(message_of([&] {
          hidden_cells(fast, images, 0, {1, 8});
        }) == "hidden_cells: expected channels from 0 to 7, got 8");
  CHECK_THAT(message_of([&] {
               hidden_cells(fast, images, 7, {1, 2});
             }),
             ContainsSubstring("the layer's output expects 4 axes"));
  CHECK_THAT(message_of([&] {
               hidden_cells(fast, images, 8, {1, 2});
             }),
             ContainsSubstring("hidden_cells: expected a layer from 0 "
                               "to 7, got 8"));
}

TEST_CASE("ink is taken away in the order of the rank") {
  const Tensor<> image({1, 2, 3}, {0.9f, 0.2f, 0.8f, 0.7f, 0.6f, 0});
  const Tensor<> rank({1, 2, 3}, {1, 9, 3, 2, 3, 8});
  CHECK(erased(image, rank, 2) ==
        Tensor<>({1, 2, 3}, {0.9f, 0.2f, 0, 0.7f, 0, 0}));
  CHECK(erased(image, rank, 9) ==
        Tensor<>({1, 2, 3}, {0, 0.2f, 0, 0, 0, 0}));
}

TEST_CASE("a nudge does what the gradient says, in a linear network") {
  Tensor<> weight({10, 784});
  weight(3, 100) = 5;
  weight(3, 200) = -4;
  weight(3, 10 * 28 + 10) = 2;
  Tensor<> bias({10});
  bias(3) = 1;
  const auto network = linear({1, 28, 28}, weight, bias);
  const Nudges all =
      compute_nudges(*network, Tensor<>({1, 1, 28, 28}, 0.5f), 3);
  CHECK(all.logit == 2.5);
  REQUIRE(all.pixels.size() == 5);
  CHECK(all.pixels[0].row == 3);  // 100 = 3 * 28 + 16
  CHECK(all.pixels[0].column == 16);
  CHECK(all.pixels[1].row == 7);  // 200 = 7 * 28 + 4
  CHECK(all.pixels[1].column == 4);
  const std::vector<double> slopes = {5, -4, 0, 2, 0};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(all.pixels[i].grey == 0.5);
    CHECK(all.pixels[i].gradient == slopes[i]);
    CHECK_THAT(all.pixels[i].predicted, WithinAbs(slopes[i] / 100, 1e-12));
    CHECK_THAT(all.pixels[i].measured, WithinAbs(slopes[i] / 100, 1e-6));
  }
}

TEST_CASE("ink that counts is found by the gradient, not by chance") {
  // Each picture is all ink, and read right while one of the first two
  // pixels is there: z_0 = x_1 + x_2, z_1 = 0.5.
  Tensor<> weight({10, 12}), bias({10});
  weight(0, 0) = weight(0, 1) = 1;
  bias(1) = 0.5f;
  const auto network = linear({1, 3, 4}, weight, bias);
  const Dataset digits{Tensor<>({2000, 1, 3, 4}, 1.0f),
                       std::vector<int>(2000, 0)};
  // Another network looks at the last five pixels instead, and a third one
  // only at the first. To the third, all others are alike, so they are
  // erased in their order.
  Tensor<> elsewhere({10, 12}), half({10, 12});
  for (int i = 7; i < 12; ++i) elsewhere(0, i) = 1;
  half(0, 0) = 1;
  const auto other = linear({1, 3, 4}, elsewhere, bias);
  const auto third = linear({1, 3, 4}, half, bias);
  const std::vector<InkTaken> all =
      compute_ink_taken(*network, *other, *third, digits, 1);
  REQUIRE(all.size() == 4);
  CHECK(all[0].pixels == 5);
  CHECK(all[0].by_gradient == 0);
  CHECK(all[0].by_witness == 1);
  CHECK(all[0].by_untrained == 0);
  // Five of twelve pixels include both with a chance of 5/12 4/11 = 15 %.
  CHECK_THAT(all[0].at_random, WithinAbs(1 - 20.0 / 132, 0.03));
  CHECK_THAT(all[1].at_random, WithinAbs(1 - 90.0 / 132, 0.03));
  CHECK(all[3].pixels == 40);
  CHECK(all[3].at_random == 0);  // no ink is left
}

TEST_CASE("saliency of what won, and of what came second or is true") {
  const Tensor<> weight = random_weights(21);
  Tensor<> bias({10});
  bias(4) = 1000;
  bias(9) = 500;
  const auto network = linear({1, 28, 28}, weight, bias);
  const AnsweredDigits all =
      answered(*network, first(embedded_digits().held_out, 40));
  int right = 0;
  for (int n = 0; n < 40; ++n) {
    const SaliencyCase it = compute_saliency(*network, all, n);
    CHECK(it.said == 4);
    CHECK(it.truth == all.truth(n));
    CHECK(it.other == (it.truth == 4 ? 9 : it.truth));
    CHECK(it.probability_said == 1);
    CHECK(it.said_gradient == item(weight, 4).reshaped({28, 28}));
    CHECK(it.other_gradient == item(weight, it.other).reshaped({28, 28}));
    right += it.truth == 4;
  }
  CHECK(right > 0);
  CHECK(right < 40);
}

// ---- The climb ---------------------------------------------------------

TEST_CASE("the plain climb never falls, rises far and stays grey") {
  Network<double> network =
      build_network<double>(small_architecture, {1, 8, 8});
  Network<double> unused =
      build_network<double>(small_architecture, {1, 8, 8});
  fill_alike(network, unused, 11);
  const Objective<double> objective = [&](const Tensor<double>& images) {
    return class_logits(network, images, {0, 1, 2, 3, 4}, 5);
  };
  for (const double size : {0.001, 0.05, 1.0, 50.0}) {
    std::vector<double> before, first_values;
    int steps = 0;
    const Tensor<double> top =
        climb<double>(grey_noise({5, 1, 8, 8}, 12), objective, 120, size,
                      [&](int step, const Tensor<double>& images,
                          const std::vector<double>& values) {
                        CHECK(step == steps++);
                        CHECK(values == objective(images).values);
                        for (std::size_t n = 0; n < before.size(); ++n)
                          CHECK(values[n] >= before[n]);
                        if (before.empty()) first_values = values;
                        before = values;
                        return true;
                      });
    CHECK(steps == 121);
    CHECK(before == objective(top).values);
    for (std::size_t n = 0; n < 5; ++n)
      CHECK(before[n] > first_values[n] + 0.3);
    CHECK(std::ranges::all_of(top.data(),
                              [](double x) { return x >= 0 && x <= 1; }));
  }
}

TEST_CASE("a climb on a slope ends in black and white, by its signs") {
  const Tensor<double> top =
      climb<double>(Tensor<double>({2, 1, 2, 2}, 0.5),
                    slope({1, -2, 0.5, -0.25}), 60, 0.01);
  CHECK(top == Tensor<double>({2, 1, 2, 2}, {1, 0, 1, 0, 1, 0, 1, 0}));
}

TEST_CASE("at a summit a climb stays where it is") {
  const Tensor<double> summit({1, 1, 1, 2}, {1, 0});
  CHECK(climb<double>(summit, slope({3, -3}), 20) == summit);
  CHECK(climb<double>(summit, slope({0, 0}), 20) == summit);
}

TEST_CASE("a climb ends when it is told to, and refuses bad settings") {
  int calls = 0;
  climb<double>(Tensor<double>({1, 1, 1, 2}), slope({1, 1}), 50, 0.1,
                [&](int, const Tensor<double>&,
                    const std::vector<double>&) { return ++calls < 3; });
  CHECK(calls == 3);
  CHECK(message_of([] {
          climb<double>(Tensor<double>({1, 1, 1, 2}), slope({1, 1}), -1);
        }) ==
        "climb: expected 0 or more steps of a size above 0, got -1 steps "
        "of size 0.050000");
  CHECK_THAT(message_of([] {
               dream<double>(Tensor<double>({1, 2}), slope({1, 1}), {});
             }),
             ContainsSubstring("dream: images expects 4 axes"));
}

TEST_CASE("noise is grey, faint, and the same for all") {
  const Tensor<> images = noise(3, 5);
  CHECK(item(images, 0) == item(images, 2));
  const auto [least, most] = std::ranges::minmax(images.data());
  CHECK(least >= 0.4f);
  CHECK(most <= 0.6f);
  CHECK(most - least > 0.15f);
  CHECK_FALSE(item(images, 0) == item(noise(1, 6), 0));
}

TEST_CASE("the plain climb of a linear network ends in its weights") {
  const Tensor<> weight = random_weights(22);
  const auto network = linear({1, 28, 28}, weight);
  const auto witness = linear({1, 28, 28}, one_pixel_each(0));
  Tensor<> logits({2, 10});
  logits(0, 4) = 7;
  logits(1, 4) = 5;
  logits(1, 6) = 3;
  const PlainClimb all =
      compute_plain_climb(*network, *witness, logits, 6, 60, 2);
  const Tensor<> start = network->forward(noise(10, 2), Mode::evaluation);
  const Tensor<> top =
      network->forward(all.dreams.images, Mode::evaluation);
  REQUIRE(all.classes.size() == 10);
  for (int k = 0; k < 10; ++k) {
    const ClimbedClass& it = all.classes[static_cast<std::size_t>(k)];
    CHECK_THAT(it.noise, WithinAbs(static_cast<double>(start(k, k)), 1e-4));
    CHECK_THAT(
        it.dream,
        WithinRel(static_cast<double>(positive_sum(weight, k)), 1e-4));
    CHECK(it.dream_ahead == static_cast<double>(ahead(top, k, k)));
    CHECK(it.sure > 0.999);
  }
  CHECK(all.classes[4].digit == 7);
  CHECK(all.classes[4].digit_ahead == 7);
  CHECK(all.classes[6].digit == 3);
  CHECK(all.classes[6].digit_ahead == -2);
  CHECK(all.classes[4].best_digit == 0);
  CHECK(all.classes[6].best_digit == 1);
  const Dataset two{noise(2, 3), {4, 6}, 10};
  const Dreams best = best_digits(all, two);
  REQUIRE(best.images.extent(0) == 10);
  CHECK(item(best.images, 6) == item(two.images, 1));
  CHECK_THAT(strangers_text(all, two.labels),
             ContainsSubstring("; the one for 0 belongs to class ") &&
                 ContainsSubstring(", the one for 9 to class ") &&
                 !ContainsSubstring("for 4") &&
                 !ContainsSubstring("for 6"));
  CHECK(all.strip.steps == strip_steps(60));
  CHECK(all.strip.pictures.back() ==
        item(all.dreams.images, 6).reshaped({28, 28}));
  int agreed = 0;
  for (int k = 0; k < 10; ++k)
    agreed += all.classes[static_cast<std::size_t>(k)].witness_says == k;
  CHECK(all.witness_agrees == agreed);
  CHECK(agreed == verdict(*witness, all.dreams.images).agreed);
  const PlainClimb none = compute_plain_climb(
      *network, *witness, logits, 6, 60, 2, [](int) { return false; });
  CHECK(none.dreams.images == noise(10, 2));
  CHECK(none.strip.steps == std::vector<int>{0});
}

TEST_CASE("a strip has each of its steps once, and is sure early or not") {
  CHECK(strip_steps(300) == std::vector<int>{0, 6, 15, 30, 60, 300});
  CHECK(strip_steps(10) == std::vector<int>{0, 1, 2, 10});
  Strip strip;
  CHECK_FALSE(is_sure_early(strip));
  strip.probabilities = {0.1f, 0.95f, 1};
  CHECK(is_sure_early(strip));
  strip.probabilities = {0.1f, 0.85f, 1};
  CHECK_FALSE(is_sure_early(strip));
}

TEST_CASE("a digit climbs to its class, and the start is the digit") {
  const Tensor<> weight = random_weights(27);
  const auto network = linear({1, 28, 28}, weight);
  const Tensor<> digit = noise(1, 4);
  const ClimbedDigit all = compute_climbed_digit(
      *network, digit, 7, {.steps = 60, .decay = 0.1});
  for (const Strip* strip : {&all.plain, &all.all_four}) {
    CHECK(strip->steps == strip_steps(60));
    CHECK(strip->pictures.front() == picture_of(digit, 0));
    CHECK(strip->logits.front() ==
          network->forward(digit, Mode::evaluation)(0, 7));
    CHECK(strip->logits.back() > strip->logits.front());
  }
  CHECK_THAT(static_cast<double>(all.plain.logits.back()),
             WithinRel(static_cast<double>(positive_sum(weight, 7)), 1e-4));
  CHECK(all.all_four.logits.back() < all.plain.logits.back());
  const ClimbedDigit none = compute_climbed_digit(
      *network, digit, 7, {.steps = 60}, [](int) { return false; });
  CHECK(none.plain.steps == std::vector<int>{0});
}

TEST_CASE("a layer without maps has no hidden filters") {
  FastNetwork network(digit_network, {1, 28, 28});
  const Dataset digits = first(embedded_digits().held_out, 2);
  for (const std::size_t layer : std::vector<std::size_t>{6, 7, 8, 100})
    CHECK(message_of([&] {
            compute_hidden_filters(network, digit_network, digits, layer,
                                   {});
          }).rfind("compute_hidden_filters: ", 0) == 0);
}

TEST_CASE("the middle cells of conv1 climb to the signs of their weights") {
  FastNetwork network(digit_network, {1, 28, 28});
  FastNetwork unused(digit_network, {1, 28, 28});
  fill_alike(network, unused, 23);
  for (float& w : network.parameters()[0]->value.data())
    w = w > 0 ? 0.25f : -0.125f;
  const Dataset digits = first(embedded_digits().held_out, 20);
  const HiddenFilters all = compute_hidden_filters(
      network, digit_network, digits, 0, {.steps = 60, .decay = 0.02});
  const Tensor<>& kernels = network.parameters()[0]->value;
  const Tensor<>& biases = network.parameters()[1]->value;
  std::vector<Tensor<>> weights;
  REQUIRE(all.plain.patches.size() == 8);
  const Tensor<> maps = network.outputs(digits.images)[0];
  for (int c = 0; c < 8; ++c) {
    const auto at = static_cast<std::size_t>(c);
    weights.push_back(item(kernels, c).reshaped({5, 5}));
    CHECK_THAT(
        static_cast<double>(all.plain.values[at]),
        WithinAbs(static_cast<double>(positive_sum(kernels, c) + biases(c)),
                  1e-4));
    float highest = maps(0, c, 0, 0);
    for (int n = 0; n < 20; ++n) {
      const Tensor<> map = channel(item(maps, n), c);
      highest = std::max(highest, std::ranges::max(map.data()));
    }
    CHECK(all.digits.values[at] == highest);
  }
  CHECK(same_signs(weights, all.plain.patches) == 200);
  CHECK(same_signs(weights, all.digits.patches) < 200);
  CHECK(all_larger(all.plain, all.all_four));  // it has decayed
  CHECK(all_larger(all.plain, all.digits));
  CHECK_FALSE(all_larger(all.digits, all.plain));
}

// ---- Regularizers ------------------------------------------------------

TEST_CASE("decay takes its share of every pixel") {
  CHECK(decayed(Tensor<double>({1, 1, 1, 2}, {0.5, 0.25}), 0.25) ==
        Tensor<double>({1, 1, 1, 2}, {0.375, 0.1875}));
  CHECK_THAT(message_of([] { decayed(Tensor<double>({1}), 1.5); }),
             ContainsSubstring("decayed: expected a share from 0 to 1"));
}

TEST_CASE("a blurred dot is the kernel, and at the rim ink is lost") {
  Tensor<double> dots({1, 2, 3, 3});
  dots(0, 0, 1, 1) = 16;
  dots(0, 1, 0, 0) = 16;
  CHECK(blurred(dots) == Tensor<double>({1, 2, 3, 3}, {1, 2, 1,  //
                                                       2, 4, 2,  //
                                                       1, 2, 1,  //
                                                       4, 2, 0,  //
                                                       2, 1, 0,  //
                                                       0, 0, 0}));
}

TEST_CASE("rolling moves down and right, around the rim, and back") {
  const Tensor<double> image({1, 1, 3, 3}, {1, 2, 3,  //
                                            4, 5, 6,  //
                                            7, 8, 9});
  CHECK(rolled(image, 1, 0) == Tensor<double>({1, 1, 3, 3}, {7, 8, 9,  //
                                                             1, 2, 3,  //
                                                             4, 5, 6}));
  CHECK(rolled(image, 0, 1) == Tensor<double>({1, 1, 3, 3}, {3, 1, 2,  //
                                                             6, 4, 5,  //
                                                             9, 7, 8}));
  CHECK(rolled(rolled(image, -5, 4), 5, -4) == image);
}

TEST_CASE("total variation of a step of grey") {
  // One edge, two rows: each crosses it once.
  const Tensor<double> edge({1, 1, 2, 3}, {0, 0, 1,  //
                                           0, 0, 1});
  CHECK_THAT(total_variation(edge).values[0],
             WithinAbs(2 * (std::sqrt(1 + 1e-4) - 0.01), 1e-12));
  const Heights<double> flat =
      total_variation(Tensor<double>({2, 1, 3, 3}, 0.7));
  CHECK(flat.values == std::vector<double>{0, 0});
  CHECK(flat.gradient == Tensor<double>({2, 1, 3, 3}));
}

TEST_CASE("total variation's gradient is what central differences find") {
  const Tensor<double> images = grey_noise({2, 2, 4, 5}, 13);
  const Loss sum = [](const Tensor<double>& at) {
    const Heights<double> heights = total_variation(at);
    return heights.values[0] + heights.values[1];
  };
  const GradientCheck check = check_gradient(
      "total variation", total_variation(images).gradient, images, sum);
  CHECK(check.numbers == 80);
  CHECK(check.error < 1e-6);
}

TEST_CASE("a dream with everything off takes steps of one size") {
  // The gradient (3, -4) has the root mean square sqrt(12.5).
  const double unit = std::sqrt(12.5);
  const Tensor<double> middle({1, 1, 1, 2}, 0.5);
  const Tensor<double> after =
      dream<double>(middle, slope({3, -4}), {.steps = 2, .size = 0.1});
  CHECK_THAT(after(0, 0, 0, 0), WithinAbs(0.5 + 0.2 * 3 / unit, 1e-12));
  CHECK_THAT(after(0, 0, 0, 1), WithinAbs(0.5 - 0.2 * 4 / unit, 1e-12));
}

TEST_CASE("each regularizer does its part of a dream's step") {
  const Tensor<double> start({1, 1, 1, 2}, {0.5, 0.75});
  const double unit = std::sqrt(12.5);
  const DreamSettings one{.steps = 1, .size = 0.1};
  const Tensor<double> plain = dream<double>(start, slope({3, -4}), one);
  DreamSettings with = one;
  with.decay = 0.2;
  CHECK(dream<double>(start, slope({3, -4}), with) == decayed(plain, 0.2));
  with = one;
  with.blur_every = 1;
  CHECK(dream<double>(start, slope({3, -4}), with) == blurred(plain));
  with.blur_every = 2;  // not yet
  CHECK(dream<double>(start, slope({3, -4}), with) == plain);
  with = one;
  with.variation = 0.5;
  const double pull = 0.25 / std::sqrt(0.0625 + 1e-4);
  const Tensor<double> smoother =
      dream<double>(start, slope({3, -4}), with);
  CHECK_THAT(smoother(0, 0, 0, 0),
             WithinAbs(0.5 + 0.1 * (3 / unit + 0.5 * pull), 1e-12));
  CHECK_THAT(smoother(0, 0, 0, 1),
             WithinAbs(0.75 + 0.1 * (-4 / unit - 0.5 * pull), 1e-12));
}

TEST_CASE("jitter shows shifted pictures and shifts the gradient back") {
  // The height is the number in the corner, so the gradient shows where
  // the corner of the shifted picture lay before.
  std::vector<double> corners;
  Tensor<double> image = grey_noise({1, 1, 5, 5}, 14);
  const Tensor<double> start = image;
  const Objective<double> corner = [&](const Tensor<double>& seen) {
    corners.push_back(seen(0, 0, 0, 0));
    Heights<double> heights{{corners.back()}, Tensor<double>(seen.shape())};
    heights.gradient(0, 0, 0, 0) = 1;
    return heights;
  };
  DreamSettings with{.steps = 1, .size = 0.001, .jitter = 2};
  std::vector<double> different;
  for (with.seed = 1; with.seed <= 20; ++with.seed) {
    corners.clear();
    const Tensor<double> after = dream<double>(image, corner, with);
    REQUIRE(corners.size() == 1);
    for (std::size_t i = 0; i < 25; ++i) {
      const bool was_in_the_corner = start.data()[i] == corners[0];
      CHECK((after.data()[i] > start.data()[i]) == was_in_the_corner);
    }
    if (std::ranges::find(different, corners[0]) == different.end())
      different.push_back(corners[0]);
    CHECK(dream<double>(image, corner, with) == after);  // the same seed
  }
  CHECK(different.size() > 5);
}

TEST_CASE("recipes: none, each alone, all but each, all four") {
  const std::vector<DreamRecipe> all = recipes({.steps = 9,
                                                .decay = 0.1,
                                                .blur_every = 2,
                                                .jitter = 3,
                                                .variation = 0.4,
                                                .seed = 5});
  REQUIRE(all.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CAPTURE(i, all[i].name);
    const DreamSettings& it = all[i].settings;
    // 1 to 4 are the four alone, 5 to 8 all but these, 9 has all.
    const auto has = [&](std::size_t which) {
      return i == which || (i >= 5 && i != which + 4);
    };
    CHECK(it.steps == 9);
    CHECK(it.seed == 5);
    CHECK(it.decay == (has(1) ? 0.1 : 0));
    CHECK(it.blur_every == (has(2) ? 2 : 0));
    CHECK(it.jitter == (has(3) ? 3 : 0));
    CHECK(it.variation == (has(4) ? 0.4 : 0));
  }
}

TEST_CASE("a dream's score: who reads it as what was wanted") {
  Networks networks;
  networks.asked = linear({1, 28, 28}, one_pixel_each(0));
  networks.witness = linear({1, 28, 28}, one_pixel_each(0));
  networks.dense = linear({1, 28, 28}, one_pixel_each(1));
  Dreams dreams{"pixels", "pixels", Tensor<>({10, 1, 28, 28})};
  Tensor<> means({10, 784});
  for (int k = 0; k < 10; ++k)
    dreams.images(k, 0, 0, k) = means(k, k == 7 ? 50 : k) = 1;
  const DreamScore it = score(dreams, 0.25, networks, means);
  CHECK(it.name == "pixels");
  CHECK(it.logit == 10);
  CHECK_THAT(it.sure, WithinAbs(1 / (1 + 9 * std::exp(-10.0)), 1e-6));
  // A dot on the rim differs from two neighbours and, but for the one in
  // the corner, from the pixel on its left.
  CHECK_THAT(it.variation, WithinAbs(2.3, 0.1));
  CHECK(it.fell == 0.25);
  CHECK(it.witness == 10);
  CHECK(it.dense == 0);
  CHECK(it.nearest == 9);
}

TEST_CASE("smoother is each that has less variation, all four the least") {
  const auto scores = [](const std::vector<double>& variations) {
    std::vector<DreamScore> all;
    for (const double variation : variations)
      all.push_back({.name = "", .variation = variation});
    return all;
  };
  // The four near the end are for all but one, and they do not count.
  CHECK(each_is_smoother(scores({9, 12, 8, 7, 6, 5, 1, 99, 1, 1, 4})));
  CHECK_FALSE(
      each_is_smoother(scores({9, 12, 8, 7, 9, 5, 1, 99, 1, 1, 4})));
  CHECK_FALSE(
      each_is_smoother(scores({9, 12, 8, 7, 6, 5, 6, 6, 6, 6, 5.5})));
}

TEST_CASE("strokes come first where they change before the ground") {
  // Pixel 0 ends white, pixel 1 black.
  const auto film = [](const std::vector<std::pair<float, float>>& greys) {
    std::vector<Frame> frames;
    for (const auto& [stroke, ground] : greys)
      frames.push_back({static_cast<int>(frames.size()),
                        Tensor<>({1, 1, 1, 2}, {stroke, ground}),
                        {}});
    return frames;
  };
  CHECK(strokes_come_first(
      film({{0.5f, 0.5f}, {0.8f, 0.4f}, {0.9f, 0.2f}, {0.9f, 0}})));
  CHECK_FALSE(strokes_come_first(
      film({{0.5f, 0.5f}, {0.6f, 0.1f}, {0.9f, 0.1f}, {0.9f, 0}})));
  CHECK_FALSE(strokes_come_first({}));
  CHECK(third_of_way(film({{0, 0}, {0.3f, 0}, {0.5f, 0}, {1, 0}}), 0.7f,
                     1) == 2);
}

TEST_CASE("dreams by all recipes, and of a network that learned nothing") {
  const Networks networks = linear_networks();
  const Dreams plain{"plain", "plain", noise(10, 1)};
  const DreamSettings together{.steps = 30,
                               .decay = 0.02,
                               .blur_every = 4,
                               .jitter = 2,
                               .variation = 0.2};
  const Tensor<> means({10, 784}, 0.5f);
  const ReadableDreams all =
      compute_readable_dreams(networks, plain, means, together, 3);
  std::vector<std::string> names, drawn;
  for (const DreamScore& it : all.scores) names.push_back(it.name);
  for (const Dreams& it : all.drawn) drawn.push_back(it.name);
  CHECK(names == std::vector<std::string>{
                     "plain", "none of them", "decay", "blur", "jitter",
                     "total variation", "all but decay", "all but blur",
                     "all but jitter", "all but TV", "all four",
                     "untrained"});
  CHECK(drawn == names);
  const auto chosen = dreams_named(all.drawn, {"blur", "plain", "none"});
  REQUIRE(chosen.size() == 2);
  CHECK(chosen[0].name == "blur");
  CHECK(chosen[1].images == plain.images);
  CHECK(all.plain().name == "plain");
  CHECK(all.all_four().name == "all four");
  // A linear height falls only where something other than the climb moves
  // the pixels.
  CHECK(all.scores[1].fell == 0);
  CHECK_THAT(all.scores[3].fell, WithinAbs(7.0 / 30, 1e-9));
  CHECK(all.all_four().fell > 0);
  CHECK(all.scores[1].witness == 10);
  CHECK(all.scores[11].witness < 10);
  CHECK(all.strip.steps == strip_steps(30));
  CHECK(all.strip.name == "all four");
  CHECK(all.film.back().step == 30);
  CHECK(all.film.back().images == all.drawn[10].images);
  CHECK(all.film.size() == 15);  // 0 to 8, then 12, 16, ... 28 and 30
  CHECK(all.smoother ==
        each_is_smoother({all.scores.begin(), all.scores.end() - 1}));
}

TEST_CASE("dreams end when they are told to") {
  const Networks networks = linear_networks();
  int steps = 0;
  const ReadableDreams all = compute_readable_dreams(
      networks, {"plain", "plain", noise(10, 1)}, Tensor<>({10, 784}),
      {.steps = 3}, 3, [&](const DreamRecipe& recipe, int) {
        ++steps;
        return recipe.name != "decay";
      });
  CHECK(steps == 5);
  CHECK(all.scores.size() == 3);
}

// ---- Fooling -----------------------------------------------------------

TEST_CASE("the fooling direction raises the loss") {
  Network<double> network = two_pixels(3, -2, 0.5);
  const Tensor<double> image({2, 1, 1, 2}, {0.5, 0.5, 0.5, 0.5});
  // For class 1 the loss grows as its logit falls, for class 0 as it rises.
  CHECK(fooling_direction(network, image, {1, 0}) ==
        Tensor<double>({2, 1, 1, 2}, {-1, 1, 1, -1}));
  CHECK(signs(Tensor<double>({3}, {-0.5, 0, 2})) ==
        Tensor<double>({3}, {-1, 0, 1}));
}

TEST_CASE("many images go through in parts, and come out in order") {
  Random random(15);
  Tensor<> images({600, 1, 1, 2});
  for (float& x : images.data()) x = random.uniform();
  std::vector<int> sizes;
  const Tensor<> doubled =
      in_batches(images, [&](int first, const Tensor<>& some) {
        CHECK(first == 256 * static_cast<int>(sizes.size()));
        sizes.push_back(some.extent(0));
        Tensor<> twice = some;
        for (float& x : twice.data()) x *= 2;
        return twice.reshaped({some.extent(0), 2});
      });
  CHECK(sizes == std::vector<int>{256, 256, 88});
  CHECK(doubled.shape() == Shape{600, 2});
  for (std::size_t i = 0; i < 1200; ++i)
    CHECK(doubled.data()[i] == 2 * images.data()[i]);
  FastNetwork network(Architecture{Flatten{}, Dense{.outputs = 2}},
                      {1, 1, 2});
  network.parameters()[0]->value = Tensor<>({2, 2}, {1, 2, -3, 4});
  CHECK(logits_of(network, images) ==
        network.forward(images, Mode::evaluation));
  std::vector<int> labels;
  for (int n = 0; n < 600; ++n) labels.push_back(n % 7 == 0);
  const Tensor<> logits = network.forward(images, Mode::evaluation);
  const Tensor<> whole =
      signs(network.backward(cross_entropy_backward(logits, labels)));
  CHECK(fooling_direction(network, images, labels) == whole);
}

TEST_CASE("a step keeps black and white, and has each image's size") {
  const Tensor<double> images({2, 1, 1, 2}, {0.1, 0.9, 0.1, 0.9});
  const Tensor<double> direction({2, 1, 1, 2}, {-1, 1, 1, -1});
  const Tensor<double> after =
      fooled(images, direction, std::vector<double>{0.25, 0.5});
  CHECK(after == Tensor<double>({2, 1, 1, 2}, {0, 1, 0.6, 0.4}));
  CHECK(message_of([&] {
          fooled(images, direction, std::vector<double>{0.25});
        }) == "fooled: expected 2 sizes, got 1");
}

TEST_CASE("the smallest step changes the answer, and just below does not") {
  // The answer is 1 while 3 x_1 - 2 x_2 > 0.4. A step of e takes 5 e away,
  // so from 1.5 - 0.6 = 0.9, e = 0.1 is enough.
  Network<double> network = two_pixels(3, -2, 0.4);
  const Tensor<double> image({1, 1, 1, 2}, {0.5, 0.3});
  const Tensor<double> direction = fooling_direction(network, image, {1});
  const double size =
      smallest_changes(network, image, direction, 64, 30)[0];
  CHECK_THAT(size, WithinAbs(0.1, 1e-9));
  const auto says = [&](double e) {
    return predictions(
        network.forward(fooled(image, direction, std::vector<double>{e}),
                        Mode::evaluation))[0];
  };
  CHECK(says(0) == 1);
  CHECK(says(size - 1e-9) == 1);
  CHECK(says(size) == 0);
}

// Two epochs of 500 digits.
std::unique_ptr<FastNetwork> briefly_trained(const Split& digits) {
  Experiment experiment;
  experiment.settings.epochs = 2;
  return trained_network(first(digits.train, 500), experiment);
}

TEST_CASE("the same for a trained network, to the width of the search") {
  const Split digits = embedded_digits();
  const auto network = briefly_trained(digits);
  const Dataset some = first(digits.held_out, 50);
  const Tensor<> direction =
      fooling_direction(*network, some.images, some.labels);
  const std::vector<float> sizes =
      smallest_changes(*network, some.images, direction, 32, 6);
  const std::vector<int> before =
      predictions(network->forward(some.images, Mode::evaluation));
  std::vector<float> at = sizes, below = sizes;
  const float width = 1.0f / 32 / 64;
  for (std::size_t n = 0; n < sizes.size(); ++n) {
    if (sizes[n] > 1) at[n] = below[n] = 0;
    if (sizes[n] <= 1) below[n] = sizes[n] - width;
  }
  const auto says = [&](const std::vector<float>& steps) {
    return predictions(network->forward(
        fooled(some.images, direction, steps), Mode::evaluation));
  };
  int changed = 0;
  for (std::size_t n = 0; n < sizes.size(); ++n)
    if (sizes[n] <= 1) {
      ++changed;
      CHECK(says(at)[n] != before[n]);
      CHECK(says(below)[n] == before[n]);
    }
  CHECK(changed > 25);
}

TEST_CASE("small steps on a slope end where one step does") {
  Network<double> network = two_pixels(3, -2, 0.4);
  const Tensor<double> images({2, 1, 1, 2}, {0.5, 0.3, 0.9, 0.05});
  const std::vector<int> labels = {1, 1};
  const std::vector<double> sizes = {0.125, 0.25};
  const Tensor<double> direction =
      fooling_direction(network, images, labels);
  CHECK(max_abs_difference(
            fooled_in_steps(network, images, labels, sizes, 10),
            fooled(images, direction, sizes)) < 1e-12);
  const auto once = smallest_changes(network, images, direction, 64, 20);
  const auto often =
      smallest_changes_in_steps(network, images, labels, once, 10, 20);
  for (const std::size_t n : {0u, 1u})
    CHECK_THAT(often[n], WithinAbs(once[n], 1e-4));
  CHECK_THAT(message_of([&] {
               fooled_in_steps(network, images, labels, sizes, 0);
             }),
             ContainsSubstring("expected 1 or more steps, got 0"));
}

TEST_CASE("small steps around a bend need less than one step") {
  const Split digits = embedded_digits();
  const auto network = briefly_trained(digits);
  const Dataset some = first(digits.held_out, 30);
  const std::vector<int> said =
      predictions(network->forward(some.images, Mode::evaluation));
  std::vector<float> once = smallest_changes(
      *network, some.images,
      fooling_direction(*network, some.images, some.labels), 32, 6);
  once[0] = infinity;  // as if no step changed the answer
  const std::vector<float> often = smallest_changes_in_steps(
      *network, some.images, some.labels, once, 10, 6);
  std::vector<float> at = often;
  for (float& size : at)
    if (size > 1) size = 0;
  const Tensor<> there =
      fooled_in_steps(*network, some.images, some.labels, at, 10);
  const std::vector<int> says =
      predictions(network->forward(there, Mode::evaluation));
  CHECK(std::isinf(often[0]));
  int less = 0;
  for (std::size_t n = 1; n < said.size(); ++n) {
    if (said[n] != some.labels[n]) continue;  // misread from the start
    CHECK(often[n] <= once[n]);
    if (often[n] < once[n]) CHECK(says[n] != said[n]);
    less += often[n] < 0.95f * once[n];
    for (std::size_t i = 0; i < 784; ++i)  // no pixel moves farther
      CHECK(std::abs(row_of(there, static_cast<int>(n))[i] -
                     row_of(some.images, static_cast<int>(n))[i]) <=
            at[n] + 1e-5f);
  }
  CHECK(less > 5);
}

TEST_CASE("what no step changes has no smallest one") {
  Network<double> network = two_pixels(1, 1, -5);
  const Tensor<double> image({1, 1, 1, 2}, {0.5, 0.3});
  CHECK(smallest_changes(network, image,
                         Tensor<double>(image.shape(), -1.0))[0] ==
        infinity);
  CHECK_THAT(
      message_of([&] { smallest_changes(network, image, image, 0); }),
      ContainsSubstring("expected a grid of 1 or more sizes"));
}

TEST_CASE("every digit's smallest step changes it, or is infinite") {
  int changed = 0, never = 0;
  for (const std::uint64_t seed :
       {1u, 2u, 4u, 5u, 15u, 21u, 38u, 48u, 57u, 60u}) {
    Random random(seed);
    Network<double> network =
        two_pixels(static_cast<double>(random.uniform(-3, 3)),
                   static_cast<double>(random.uniform(-3, 3)),
                   static_cast<double>(random.uniform(-1, 1)));
    const Tensor<double> images = grey_noise({20, 1, 1, 2}, seed);
    Tensor<double> direction(images.shape());  // 0 for some, at random
    for (double& number : direction.data()) number = random.below(3) - 1;
    const std::vector<double> sizes =
        smallest_changes(network, images, direction);
    const Tensor<double> after = fooled(images, direction, sizes);
    for (const double pixel : after.data()) REQUIRE(std::isfinite(pixel));
    const std::vector<int> before =
        predictions(network.forward(images, Mode::evaluation));
    const std::vector<int> now =
        predictions(network.forward(after, Mode::evaluation));
    for (std::size_t n = 0; n < sizes.size(); ++n) {
      CAPTURE(seed, n, sizes[n]);
      CHECK(sizes[n] > 0);
      CHECK((sizes[n] <= 1 || std::isinf(sizes[n])));
      CHECK((now[n] != before[n]) == std::isfinite(sizes[n]));
      ++(std::isfinite(sizes[n]) ? changed : never);
    }
  }
  CHECK(changed > 20);
  CHECK(never > 20);
}

TEST_CASE(
    "an infinite step is one of 1, and where nothing goes it goes "
    "nowhere") {
  const double never = infinity;
  const Tensor<double> images({1, 1, 1, 3}, {0.1, 0.5, 0.9});
  const Tensor<double> direction({1, 1, 1, 3}, {1, 0, -1});
  CHECK(fooled(images, direction, std::vector<double>{never}) ==
        Tensor<double>({1, 1, 1, 3}, {1, 0.5, 0}));
  CHECK(fooled(images, direction, std::vector<double>{never}) ==
        fooled(images, direction, std::vector<double>{1}));
}

TEST_CASE("figures draw steps and answers that there are not") {
  const float never = infinity;
  const Tensor<> digit({28, 28});
  for (const std::vector<float>& sizes :
       {std::vector<float>{0.25f, never}, {never, never}, {0.5f}, {}}) {
    std::vector<Fooled> cases;
    for (const float size : sizes) {
      cases.push_back({digit, digit, digit});
      cases.back().size = size;
    }
    CHECK(fooling_figure(cases).width() > 0);
  }
  CHECK(size_text(0.25) == "0.250");
  CHECK(size_text(infinity) == "never");
  // Two cases per row, and no row holds both right and wrong answers.
  std::vector<SaliencyCase> cases(4);
  for (SaliencyCase& it : cases)
    it.digit = it.said_gradient = it.other_gradient = digit;
  const int two_rows = saliency_figure(cases).height();
  cases[3].said = 1;
  CHECK(saliency_figure(cases).height() > two_rows);
  cases[2].said = 1;
  cases.pop_back();
  CHECK(saliency_figure(cases).height() == two_rows);
  cases[1].said = 1;
  CHECK(saliency_figure(cases).height() == two_rows);
}

TEST_CASE("a class of which no digit is read right has no first one") {
  AnsweredDigits all;
  all.digits = first(embedded_digits().held_out, 40);
  all.said = all.digits.labels;
  REQUIRE(all.first_right(3));
  CHECK(all.truth(*all.first_right(3)) == 3);
  CHECK(all.read_right().labels == all.digits.labels);
  std::vector<int> others;
  for (int& said : all.said) {
    if (said != 3) others.push_back(said);
    if (said == 3) said = 4;
  }
  CHECK_FALSE(all.first_right(3));
  CHECK(all.first_right(4));
  CHECK(all.read_right().labels == others);
}

TEST_CASE("a random direction is of both signs, and the seed's own") {
  Tensor<> pattern({10, 10});
  std::ranges::fill(pattern.data(), 1.0f);
  Tensor<> direction = random_direction(pattern, 1);
  CHECK(std::ranges::all_of(direction.data(),
                            [](float x) { return x == 1 || x == -1; }));
  const auto ups = std::ranges::count(direction.data(), 1.0f);
  CHECK(ups > 30);
  CHECK(ups < 70);
  CHECK(direction == random_direction(pattern, 1));
  CHECK_FALSE(direction == random_direction(pattern, 2));
  // Where the pattern is 0, so is the direction. Nothing else has changed.
  pattern(3, 4) = pattern(9, 9) = 0;
  direction(3, 4) = direction(9, 9) = 0;
  CHECK(direction == random_direction(pattern, 1));
}

TEST_CASE("many steps in three numbers") {
  const float never = infinity;
  const StepSizes some = step_sizes({0.3f, 0.05f, never, 0.2f, 0.09f});
  CHECK_THAT(some.median, WithinAbs(0.2, 1e-7));
  CHECK(some.below_tenth == 0.4);
  CHECK(some.never == 1);
  CHECK(step_sizes({never, 0.1f}).median == infinity);
  CHECK(step_sizes({0.1f}).below_tenth == 0);
}

TEST_CASE("misread: the share of those that have a finite size") {
  const float never = infinity;
  CHECK(share_misread({1, 2, 3, 4}, {1, 2, 4, 3}, {1, 1, 1, never}) ==
        1.0 / 3);
  CHECK(share_misread({1, 2}, {2, 2}, {never, 0.5f}) == 0);
}

TEST_CASE("two digits fooled, and shown to two others") {
  // Read as 3 or as 7 by the brighter of two pixels.
  Tensor<> weight({10, 2});
  weight(3, 0) = weight(7, 1) = 10;
  const auto asked = linear({1, 1, 2}, weight);
  const auto witness = linear({1, 1, 2}, weight);
  Tensor<> always_3({10});
  always_3(3) = 1;
  const auto dense = linear({1, 1, 2}, Tensor<>({10, 2}), always_3);
  const Dataset digits{
      Tensor<>({2, 1, 1, 2}, {0.625f, 0.375f, 0.25f, 0.75f}), {3, 7}};
  const FooledDigits all =
      compute_fooled_digits(*asked, *witness, *dense, digits, 1);
  CHECK(all.any);
  CHECK_THAT(all.by_gradient.median, WithinAbs(0.25, 1e-4));
  CHECK(all.by_gradient.never == 0);
  CHECK(all.by_gradient.below_tenth == 0);
  CHECK(all.few == 2);
  CHECK(all.few_in_one.median == all.by_gradient.median);
  CHECK_THAT(all.few_in_ten.median, WithinAbs(0.25, 1e-2));
  CHECK(all.witness.before == 0);
  CHECK(all.witness.after == 1);
  CHECK(all.witness.farther == 1);
  CHECK(all.dense.before == 0.5);
  CHECK(all.dense.after == 0.5);
  REQUIRE(all.cases.size() == 2);
  const Fooled& three = all.cases[0];
  CHECK(three.said == 3);
  CHECK(three.says == 7);
  CHECK(three.says_twice == 7);
  CHECK_THAT(static_cast<double>(three.size), WithinAbs(0.125, 1e-4));
  CHECK(three.before == Tensor<>({1, 2}, {0.625f, 0.375f}));
  CHECK_THAT(static_cast<double>(three.after(0, 0)), WithinAbs(0.5, 1e-4));
  CHECK(three.sure > three.sure_after);
  CHECK(three.sure_twice > three.sure_after);
  CHECK(all.cases[1].said == 7);
  CHECK(all.cases[1].says == 3);
  // A network that gives the same answer to everything is never fooled.
  const FooledDigits none =
      compute_fooled_digits(*dense, *witness, *asked, digits, 1);
  CHECK_FALSE(none.any);
  CHECK(none.by_gradient.never == 2);
  CHECK(none.cases.empty());
}

TEST_CASE("steps of one size for all: each digit turns at its own") {
  Tensor<> weight({10, 2});
  weight(3, 0) = weight(7, 1) = 10;
  const auto asked = linear({1, 1, 2}, weight);
  Tensor<> always_3({10});
  always_3(3) = 1;
  const auto witness = linear({1, 1, 2}, Tensor<>({10, 2}), always_3);
  const Dataset digits{
      Tensor<>({2, 1, 1, 2}, {0.625f, 0.375f, 0.25f, 0.75f}), {3, 7}};
  const StepCurves all = compute_step_curves(*asked, *witness, digits, 1);
  REQUIRE(all.sizes.size() == 16);
  for (std::size_t i = 0; i < 16; ++i) {
    CAPTURE(all.sizes[i]);
    CHECK_THAT(all.sizes[i],
               WithinAbs(0.02 * static_cast<double>(i), 1e-6));
    CHECK(all.gradient[i] == (all.sizes[i] < 0.125  ? 1.0
                              : all.sizes[i] < 0.25 ? 0.5
                                                    : 0.0));
    CHECK(all.random[i] >= all.gradient[i]);
    CHECK(all.witness[i] == 0.5);
  }
}

// ---- Ways --------------------------------------------------------------

TEST_CASE("a straight way goes from one picture to the other") {
  FastNetwork network(Architecture{Flatten{}, Dense{.outputs = 10}},
                      {1, 1, 2});
  network.parameters()[0]->value(7, 0) = 10;  // z_7 = 10 x_1 - 5
  network.parameters()[1]->value(7) = -5;
  const Tensor<> a({1, 1, 1, 2}, {0, 1}), b({1, 1, 1, 2}, {1, 0});
  const Way way = straight_way(network, a, b, 4, 7, 10);
  REQUIRE(way.pictures.size() == 11);
  CHECK(way.pictures.front() == a);
  CHECK(max_abs_difference(way.pictures.back(), b) == 0.0f);
  CHECK_THAT(way.distances[3], WithinAbs(0.3, 1e-6));
  CHECK(way.towards[0] < way.from[0]);
  CHECK_THAT(turning_distance(way), WithinAbs(0.6, 1e-6));
  CHECK(turning_distance(straight_way(network, a, a, 4, 7, 10)) ==
        infinity);
  CHECK_THAT(message_of([&] { straight_way(network, a, b, 4, 7, 0); }),
             ContainsSubstring("expected 1 or more steps, got 0"));
}

TEST_CASE("the gradient's way takes steps of one size until it turns") {
  FastNetwork network(Architecture{Flatten{}, Dense{.outputs = 10}},
                      {1, 1, 2});
  network.parameters()[0]->value(7, 0) = 10;
  network.parameters()[0]->value(4, 1) = 10;
  const Tensor<> a({1, 1, 1, 2}, {0.2f, 0.68f});
  const Way way = gradient_way(network, a, 4, 7, 8, 0.05);
  REQUIRE(way.pictures.size() == 9);
  // Both pixels change by 0.05 in each step, one up and one down.
  CHECK_THAT(way.distances[4], WithinAbs(0.2, 1e-6));
  CHECK_THAT(turning_distance(way), WithinAbs(0.25, 1e-5));
  for (std::size_t i = 1; i < 9; ++i)
    CHECK(way.towards[i] > way.towards[i - 1]);
}

TEST_CASE("both ways from one digit, and where each turns") {
  Tensor<> weight({10, 2});
  weight(3, 0) = weight(8, 1) = 10;
  const auto network = linear({1, 1, 2}, weight);
  const Tensor<> a({1, 1, 1, 2}, {0.6f, 0.4f}), b({1, 1, 1, 2}, {0, 1});
  const Morph all = compute_morph(*network, a, b, 3, 8, 20);
  CHECK(all.from == 3);
  CHECK(all.towards == 8);
  CHECK(all.straight.pictures.size() == 101);
  CHECK(all.gradient.pictures.size() == 21);
  CHECK(all.straight.pictures[0] == a);
  CHECK(all.straight_turn == turning_distance(all.straight));
  CHECK(all.gradient_turn == turning_distance(all.gradient));
  // Both change the two pixels alike, so they turn at the same distance.
  CHECK_THAT(all.straight_turn, WithinAbs(0.1, 0.011));
  CHECK_THAT(all.gradient_turn, WithinAbs(0.1, 0.011));
}

TEST_CASE("the same experiment trains the same network to ask") {
  const Dataset digits = first(embedded_digits().train, 200);
  Experiment experiment;
  experiment.settings.epochs = 1;
  const auto one = trained_network(digits, experiment);
  const auto same = trained_network(digits, experiment);
  experiment.settings.seed = 2;
  const auto other = trained_network(digits, experiment);
  CHECK(one->parameters()[0]->value == same->parameters()[0]->value);
  CHECK_FALSE(one->parameters()[0]->value == other->parameters()[0]->value);
}
