// Chapter 09: gradients down to the pixels against central differences,
// climbs that never fall, regularisers by hand, the smallest step that
// fools.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "06-training/batches.hpp"
#include "08-seeing/receptive_field.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/dreamer.hpp"
#include "09-dreaming/fooling.hpp"
#include "09-dreaming/morphing.hpp"
#include "09-dreaming/regularisers.hpp"
#include "09-dreaming/saliency.hpp"
#include "09-dreaming/world.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"

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

}  // namespace

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
      Tensor<double> nudged = image;
      nudged(0, 0, y, x) += 1e-5;
      const double above = cell(nudged);
      nudged(0, 0, y, x) -= 2e-5;
      const double measured = (above - cell(nudged)) / 2e-5;
      CHECK_THAT(static_cast<double>(heights.gradient(0, 0, y, x)),
                 WithinAbs(measured, 1e-4));
      const auto sees = [&](int at) {
        return at >= field.begin(5) && at < field.begin(5) + field.size;
      };
      if (!sees(y) || !sees(x)) CHECK(measured == 0.0);
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

// ---- Regularisers ------------------------------------------------------

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

TEST_CASE("each regulariser does its part of a dream's step") {
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
  // Said to be 1 while 3 x_1 - 2 x_2 > 0.4; each step of e takes 5 e away:
  // from 1.5 - 0.6 = 0.9 it takes e = 0.1.
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

TEST_CASE("the same for a trained network, to the width of the search") {
  const Split digits = embedded_digits();
  Experiment experiment;
  experiment.settings.epochs = 2;
  const auto network =
      trained_network(first(digits.train, 500), experiment);
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

TEST_CASE("what no step changes has no smallest one") {
  Network<double> network = two_pixels(1, 1, -5);
  const Tensor<double> image({1, 1, 1, 2}, {0.5, 0.3});
  CHECK(smallest_changes(network, image,
                         Tensor<double>(image.shape(), -1.0))[0] ==
        std::numeric_limits<double>::infinity());
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
  const double never = std::numeric_limits<double>::infinity();
  const Tensor<double> images({1, 1, 1, 3}, {0.1, 0.5, 0.9});
  const Tensor<double> direction({1, 1, 1, 3}, {1, 0, -1});
  CHECK(fooled(images, direction, std::vector<double>{never}) ==
        Tensor<double>({1, 1, 1, 3}, {1, 0.5, 0}));
  CHECK(fooled(images, direction, std::vector<double>{never}) ==
        fooled(images, direction, std::vector<double>{1}));
}

TEST_CASE("figures draw steps and answers that there are not") {
  const float never = std::numeric_limits<float>::infinity();
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
  CHECK(size_text(std::numeric_limits<double>::infinity()) == "never");
  // Two in a row, and no row holds right answers and wrong ones.
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
  World world;
  world.digits.held_out = first(embedded_digits().held_out, 40);
  world.said = world.digits.held_out.labels;
  REQUIRE(world.first_right(3));
  CHECK(world.truth(*world.first_right(3)) == 3);
  for (int& said : world.said)
    if (said == 3) said = 4;
  CHECK_FALSE(world.first_right(3));
  CHECK(world.first_right(4));
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
  // Where nothing went, nothing goes; elsewhere nothing else has changed.
  pattern(3, 4) = pattern(9, 9) = 0;
  direction(3, 4) = direction(9, 9) = 0;
  CHECK(direction == random_direction(pattern, 1));
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
        std::numeric_limits<double>::infinity());
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
