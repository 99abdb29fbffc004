// Chapter 15: networks for colour pictures.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "06-training/planes.hpp"
#include "08-seeing/principal_components.hpp"
#include "15-colour/colour_baselines.hpp"
#include "15-colour/colour_bench.hpp"
#include "15-colour/colour_recipe.hpp"
#include "15-colour/learned_colours.hpp"
#include "15-colour/minutes.hpp"
#include "15-colour/minutes_record.hpp"
#include "15-colour/painted.hpp"
#include "15-colour/transfer.hpp"
#include "16-saving/architecture_text.hpp"
#include "tests/both_engines.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/reference.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

Tensor<double> random_symmetric(int D, Random& random) {
  Tensor<double> matrix({D, D});
  for (int p = 0; p < D; ++p)
    for (int q = 0; q <= p; ++q)
      matrix(p, q) = matrix(q, p) = static_cast<double>(random.normal());
  return matrix;
}

// The largest number of matrix v - value v, for the k-th pair.
double off(const Tensor<double>& matrix, const Eigenpairs<double>& pairs,
           int k) {
  const int D = matrix.extent(0);
  double largest = 0;
  for (int i = 0; i < D; ++i) {
    double sum = 0;
    for (int j = 0; j < D; ++j) sum += matrix(i, j) * pairs.vectors(k, j);
    largest = std::max(
        largest, std::abs(sum - pairs.values[static_cast<std::size_t>(k)] *
                                    pairs.vectors(k, i)));
  }
  return largest;
}

double dot(const Tensor<double>& a, int i, const Tensor<double>& b, int j) {
  double sum = 0;
  for (int x = 0; x < a.extent(1); ++x) sum += a(i, x) * b(j, x);
  return sum;
}

// The same numbers as in make_colour_reference.py.
double reference_number(int i, int k) {
  return ((i * 37 + k * 11) % 101 - 50) / 50.0;
}
Tensor<> reference_images() {
  const auto level = [](long long i) {
    return static_cast<double>((i * (i + 7) * 31 + 17 * i) % 10007) / 10007;
  };
  Tensor<> images({5, 3, 32, 32});
  long long i = 0;
  for (int n = 0; n < 5; ++n)
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 32; ++x, ++i)
          images(n, c, y, x) = static_cast<float>(
              (level(i) + level(i - x + (32 - x) % 32)) / 2);
  return images;
}

// Pictures of noise in which neighbouring pixels and channels correlate.
Dataset noisy_pictures(int count, int size, int classes, Random& random) {
  Dataset data;
  data.classes = classes;
  data.images = Tensor<>({count, 3, size, size});
  for (int n = 0; n < count; ++n) {
    data.labels.push_back(n % classes);
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x) {
        const float grey = random.uniform(0.0f, 0.5f);
        for (int c = 0; c < 3; ++c)
          data.images(n, c, y, x) =
              (x > 0 ? 0.5f * data.images(n, c, y, x - 1) : 0.0f) + grey +
              random.uniform(0.0f, 0.1f);
      }
  }
  return data;
}

// 60 noisy pictures of three classes. In each class another channel is
// brighter in every other pixel.
Dataset pictures_by_colour() {
  Random random(14);
  Dataset data = noisy_pictures(60, 12, 3, random);
  for (int n = 0; n < 60; ++n)
    for (int y = 0; y < 12; ++y)
      for (int x = 0; x < 12; ++x)
        data.images(n, n % 3, y, x) += (x + y) % 2 ? 0.2f : 0.0f;
  return data;
}

// The recipe by which a small network learns them.
ColourRecipe recipe_by_colour() {
  ColourRecipe recipe;
  recipe.widths = {4, 6, 8};
  recipe.epochs = 20;
  recipe.batch = 20;
  return recipe;
}

}  // namespace

// ---- Eigenpairs --------------------------------------------------------

TEST_CASE("eigenpairs: by hand, of one number, of what is diagonal",
          "[15]") {
  const auto of_two = eigenpairs(Tensor<double>({2, 2}, {2, 1, 1, 2}));
  CHECK_THAT(of_two.values[0], WithinAbs(3, 1e-15));
  CHECK_THAT(of_two.values[1], WithinAbs(1, 1e-15));
  CHECK_THAT(of_two.vectors(0, 0), WithinAbs(std::sqrt(0.5), 1e-15));
  CHECK_THAT(of_two.vectors(0, 1), WithinAbs(std::sqrt(0.5), 1e-15));
  CHECK(eigenpairs(Tensor<double>({1, 1}, -4.0)).values[0] == -4);
  const auto diagonal =
      eigenpairs(Tensor<double>({3, 3}, {1, 0, 0, 0, 5, 0, 0, 0, 3}));
  CHECK(diagonal.values == std::vector<double>{5, 3, 1});
  CHECK(diagonal.vectors ==
        Tensor<double>({3, 3}, {0, 1, 0, 0, 0, 1, 1, 0, 0}));
  const auto zeros = eigenpairs(Tensor<double>({3, 3}));
  CHECK(zeros.values == std::vector<double>{0, 0, 0});
}

TEST_CASE("eigenpairs: of any symmetric matrix, at right angles", "[15]") {
  Random random(1);
  for (const int D : {2, 3, 5, 12, 27}) {
    const Tensor<double> matrix = random_symmetric(D, random);
    const Eigenpairs<double> pairs = eigenpairs(matrix);
    double trace = 0, sum = 0;
    for (int k = 0; k < D; ++k) {
      CHECK(off(matrix, pairs, k) < 1e-12);
      for (int j = 0; j <= k; ++j)
        CHECK_THAT(dot(pairs.vectors, k, pairs.vectors, j),
                   WithinAbs(j == k ? 1 : 0, 1e-13));
      trace += matrix(k, k);
      sum += pairs.values[static_cast<std::size_t>(k)];
    }
    CHECK_THAT(sum, WithinAbs(trace, 1e-11));
    CHECK(std::is_sorted(pairs.values.rbegin(), pairs.values.rend()));
  }
}

TEST_CASE("eigenpairs: PyTorch's, and chapter 08's directions", "[15]") {
  const Reference file("colour.txt");
  const Tensor<double> matrix = file["eigen.matrix"];
  const Eigenpairs<double> pairs = eigenpairs(matrix);
  for (int k = 0; k < 7; ++k) {
    CHECK_THAT(pairs.values[static_cast<std::size_t>(k)],
               WithinAbs(file["eigen.values"](k), 1e-12));
    CHECK_THAT(std::abs(dot(pairs.vectors, k, file["eigen.vectors"], k)),
               WithinAbs(1, 1e-12));
  }
  Random random(2);
  Tensor<double> points({300, 6});
  for (int n = 0; n < 300; ++n)
    for (int i = 0; i < 6; ++i)
      points(n, i) = static_cast<double>(random.normal()) * (i + 1) +
                     (i > 0 ? points(n, i - 1) : 0);
  const auto by_power = principal_components(points, 3);
  const auto by_turns = eigenpairs(covariance(points, by_power.mean));
  for (int k = 0; k < 3; ++k) {
    CHECK_THAT(
        by_turns.values[static_cast<std::size_t>(k)],
        WithinRel(by_power.variances[static_cast<std::size_t>(k)], 1e-5));
    CHECK_THAT(dot(by_turns.vectors, k, by_power.directions, k),
               WithinAbs(1, 1e-4));
  }
}

TEST_CASE("eigenpairs: what is not symmetric is refused", "[15]") {
  CHECK(message_of([] {
          eigenpairs(Tensor<double>({2, 2}, {1, 2, 3, 4}));
        }) == "eigenpairs: expected a symmetric matrix of finite numbers");
  CHECK(message_of([] {
          eigenpairs(Tensor<double>({1, 1}, std::nan("")));
        }) == "eigenpairs: expected a symmetric matrix of finite numbers");
  CHECK(message_of([] {
          eigenpairs(Tensor<double>({2, 3}));
        }).rfind("eigenpairs: matrix expects shape", 0) == 0);
}

// ---- Whitening ---------------------------------------------------------

TEST_CASE("whitening: patches come out with unit covariance", "[15]") {
  Random random(3);
  for (const int K : {1, 2, 3}) {
    const Dataset data = noisy_pictures(20, 12, 2, random);
    const Whitening it = whitening_of(data.images, K, 0);
    const int D = 3 * K * K;
    const Tensor<> white =
        convolve(data.images, it.filters, it.shifts, 1, 0);
    const PatchStatistics after = patch_statistics(white, 1);
    for (int i = 0; i < D; ++i) {
      CHECK_THAT(after.mean(i), WithinAbs(0, 2e-4));
      for (int j = 0; j < D; ++j)
        CHECK_THAT(after.covariance(i, j), WithinAbs(i == j ? 1 : 0, 2e-3));
    }
  }
}

TEST_CASE("whitening: a softness keeps weak directions weak", "[15]") {
  Random random(4);
  const Dataset data = noisy_pictures(20, 12, 2, random);
  const double softness = 0.1;
  const Whitening it = whitening_of(data.images, 2, softness);
  double mean = 0;
  for (const double value : it.variances) mean += value / 12;
  const PatchStatistics after = patch_statistics(
      convolve(data.images, it.filters, it.shifts, 1, 0), 1);
  for (int i = 0; i < 12; ++i) {
    const double value = it.variances[static_cast<std::size_t>(i)];
    CHECK_THAT(after.covariance(i, i),
               WithinAbs(value / (value + softness * mean), 2e-3));
  }
  CHECK(max_abs_difference(
            whitened_covariance(patch_statistics(data.images, 2).covariance,
                                it),
            after.covariance) < 2e-3);
}

TEST_CASE("whitening: PyTorch's filters, made the first layer", "[15]") {
  const Reference file("colour.txt");
  const Tensor<> images = reference_images();
  const Whitening it = whitening_of(images, 2);
  const Tensor<double> filters = file["white.filters"];
  for (int k = 0; k < 12; ++k)
    CHECK_THAT(it.variances[static_cast<std::size_t>(k)],
               WithinRel(file["white.variances"](k), 1e-9));
  CHECK(max_abs_difference(convert<double>(it.filters), filters) < 1e-5);
  CHECK(max_abs_difference(convert<double>(it.shifts),
                           file["white.shifts"]) < 1e-5);
  Network<> network = build_network(colour_network({2, 2, 2}), {3, 32, 32});
  set_whitening(network, it);
  const auto parameters = network.parameters();
  CHECK_FALSE(parameters[0]->trained);
  CHECK_FALSE(parameters[1]->trained);
  for (int k = 0; k < 12; ++k) {
    CHECK(parameters[0]->value(k, 2, 1, 0) == it.filters(k, 2, 1, 0));
    CHECK(parameters[0]->value(k + 12, 2, 1, 0) == -it.filters(k, 2, 1, 0));
    CHECK(parameters[1]->value(k + 12) == -it.shifts(k));
  }
  CHECK(message_of([] {
          whitening_of(Tensor<>({2, 3, 8, 8}), 2);
        }).rfind("whitening_of: expected patches that vary in every", 0) ==
        0);
  CHECK(message_of([] {
          whitening_of(Tensor<>({2, 3, 8, 8}), 9);
        }).rfind("patch_statistics: no patches of 9 x 9", 0) == 0);
  Network<> other =
      build_network(Architecture{Convolution{5, 2}}, {3, 8, 8});
  CHECK(
      message_of([&] { set_whitening(other, it); })
          .rfind("set_whitening: conv1.weight expects shape (24, 3, 2, 2)",
                 0) == 0);
}

// ---- The start ---------------------------------------------------------

TEST_CASE("identity start: filters give back what comes in", "[15]") {
  Random random(5);
  for (const auto& [C_in, C_out, K] :
       std::vector<std::array<int, 3>>{{3, 3, 3}, {3, 5, 5}, {4, 2, 1}}) {
    Network<> network = build_network(
        Architecture{Convolution{C_out, K, 1, K / 2}}, {C_in, 6, 7});
    initialize(network, identity_start(), random);
    const Tensor<> x = normal_numbers({2, C_in, 6, 7}, random);
    const Tensor<> y = network.forward(x, Mode::evaluation);
    for (int c = 0; c < std::min(C_in, C_out); ++c)
      for (int n = 0; n < 2; ++n)
        CHECK(channel(item(y, n), c) == channel(item(x, n), c));
    for (int c = C_in; c < C_out; ++c)
      CHECK(channel(item(y, 0), c) != channel(item(x, 0), 0));
  }
  // Kernels without a middle and dense layers start as `others` says.
  Network<> a = build_network(
      Architecture{Convolution{3, 2}, Flatten{}, Dense{4}}, {3, 4, 4});
  Network<> b = build_network(
      Architecture{Convolution{3, 2}, Flatten{}, Dense{4}}, {3, 4, 4});
  Random one(6), two(6);
  initialize(a, identity_start(), one);
  initialize(b, uniform_start(), two);
  for (std::size_t p = 0; p < a.parameters().size(); ++p)
    CHECK(a.parameters()[p]->value == b.parameters()[p]->value);
}

TEST_CASE("colour network: shapes, work and what learns", "[15]") {
  Network<> network =
      build_network(colour_network({32, 128, 128}), {3, 32, 32});
  const Tensor<> logits =
      network.forward(Tensor<>({2, 3, 32, 32}), Mode::evaluation);
  CHECK(logits.shape() == Shape{2, 10});
  const Work work = count_work(colour_network({32, 128, 128}), {3, 32, 32});
  double convolutions = 0;
  for (std::size_t i = 0; i < work.names.size(); ++i)
    if (work.names[i].rfind("conv", 0) == 0)
      convolutions += work.forward[i];
  CHECK(convolutions == 31 * 31 * (24 * 12 + 9 * 24 * 32) +
                            15 * 15 * 9 * (32 * 32 + 32 * 128) +
                            7 * 7 * 9 * 2 * 128 * 128 +
                            3 * 3 * 9 * 128 * 128);
  for (const int size : {9, 12, 31, 48, 64}) {
    Network<> other = build_network(colour_network({2, 3, 4}, 3, size, 7),
                                    {3, size, size});
    CHECK(other.forward(Tensor<>({1, 3, size, size}), Mode::evaluation)
              .shape() == Shape{1, 7});
  }
  CHECK(message_of([] {
          colour_network({16, 64, 64}, 3, 8);
        }).rfind("colour_network: expected widths of 2 or more", 0) == 0);
  CHECK(
      message_of([] {
        colour_network({1, 64, 64});
      }).ends_with("got W(1, 64, 64), 10 classes and pictures of 32 x 32"));

  Random random(7);
  const Dataset data = noisy_pictures(30, 12, 3, random);
  ColourRecipe recipe;
  recipe.widths = {4, 6, 8};
  const auto started = started_colours(recipe, data);
  std::vector<std::string> fixed;
  for (const Parameter<>* it : started->parameters())
    if (!it->trained && it->fan_in + static_cast<int>(it->start) > 0 &&
        it->name.find("running") == std::string::npos)
      fixed.push_back(it->name);
  CHECK_FALSE(started->parameters()[1]->trained);
  CHECK(started->parameters().back()->name == "fc1.bias");
  CHECK_FALSE(started->parameters().back()->trained);
  CHECK(fixed == std::vector<std::string>{"conv1.weight", "bn1.weight",
                                          "bn2.weight", "bn3.weight",
                                          "bn4.weight", "bn5.weight",
                                          "bn6.weight"});
  // The first scores are small.
  const Tensor<> scores = started->forward(data.images, Mode::training);
  CHECK(root_mean_square(scores) < 1.5);
}

TEST_CASE("colour network: a cell of conv3 sees 9 x 9 pixels", "[15]") {
  Random random(17);
  const Dataset data = noisy_pictures(16, 32, 3, random);
  ColourRecipe recipe;
  recipe.widths = {4, 4, 4};
  recipe.start.identity = false;
  const auto network = started_colours(recipe, data);
  const auto before = network->outputs(data.images);
  std::size_t relu3 = 0;
  while (network->plain().name(relu3) != "relu3") ++relu3;
  REQUIRE(before[relu3].shape() == Shape{16, 4, 15, 15});
  for (const int y : {2, 7, 12})
    for (const int off : {-4, -3, 5, 6}) {
      Dataset other = data;
      for (int n = 0; n < 16; ++n)
        for (int c = 0; c < 3; ++c)
          for (int x = 0; x < 32; ++x)
            other.images(n, c, 2 * y + off, x) = 1;
      const auto after = network->outputs(other.images);
      float change = 0;
      for (int n = 0; n < 16; ++n)
        for (int c = 0; c < 4; ++c)
          for (int x = 0; x < 15; ++x)
            change += std::abs(after[relu3](n, c, y, x) -
                               before[relu3](n, c, y, x));
      INFO(y << " " << off);
      CHECK((change > 0) == (off == -3 || off == 5));
    }
}

TEST_CASE("colour network: it can be written and read", "[15]") {
  const std::string text = to_text(colour_network({16, 64, 64}));
  CHECK(text.rfind("conv 24 2, relu, conv 16 3 pad 1, maxpool 2, batchnorm "
                   "momentum 0.4, relu, conv 16 3 pad 1, batchnorm",
                   0) == 0);
  const auto read = parse_architecture(text);
  REQUIRE(std::holds_alternative<SavedArchitecture>(read));
  CHECK(to_text(std::get<SavedArchitecture>(read)) == text);
}

TEST_CASE("colour network: what no step changes needs no backward pass",
          "[15]") {
  Random random(16);
  const Dataset data = noisy_pictures(37, 12, 3, random);
  ColourRecipe recipe;
  recipe.widths = {4, 17, 18};
  const std::vector<int> all = count_up(37);
  for (const int threads : {1, 3}) {
    recipe.threads = threads;
    const auto some = started_colours(recipe, data),
               whole = started_colours(recipe, data);
    for (Parameter<>* it : whole->parameters())
      if (it->name.rfind("conv1.", 0) == 0) it->trained = true;
    Tensor<> scores, others;
    CHECK(some->gradients({data, all}, scores) ==
          whole->gradients({data, all}, others));
    CHECK(scores == others);
    const auto mine = some->parameters(), theirs = whole->parameters();
    CHECK(root_mean_square(mine[0]->gradient) == 0);
    CHECK(root_mean_square(theirs[0]->gradient) > 0);
    for (std::size_t p = 2; p < mine.size(); ++p)
      CHECK(mine[p]->gradient == theirs[p]->gradient);
    // The gradient of the input can still be had.
    const Tensor<> grad = normal_numbers({37, 3}, random);
    some->forward(data.images, Mode::training);
    whole->forward(data.images, Mode::training);
    CHECK(some->backward(grad) == whole->backward(grad));
    // If no parameter learns, there is nothing to do.
    for (Parameter<>* it : mine) it->trained = false;
    some->gradients({data, all}, scores);
  }
}

// ---- Views -------------------------------------------------------------

TEST_CASE("views: what lies outside is reflected", "[15]") {
  const std::vector<int> seen = {2, 1, 0, 1, 2, 3, 2, 1, 0};
  for (int i = 0; i < 9; ++i)
    CHECK(reflected(i - 2, 4) == seen[static_cast<std::size_t>(i)]);
  CHECK(reflected(-7, 1) == 0);
  // PyTorch's F.pad(mode="reflect") of 1 2 3 by 2: 3 2 1 2 3 2 1.
  const std::vector<float> row = {1, 2, 3};
  std::vector<float> moved(3);
  change_view<float>(row, moved, 1, 1, 3, 0, 0, 2);
  CHECK(moved == std::vector<float>{3, 2, 1});
  change_view<float>(row, moved, 1, 1, 3, 0, 0, -1);
  CHECK(moved == std::vector<float>{2, 3, 2});
}

TEST_CASE("views: there are eight of a square, by hand", "[15]") {
  const std::vector<float> square = {1, 2, 3, 4};
  const std::vector<std::vector<float>> expected = {
      {1, 2, 3, 4}, {2, 1, 4, 3}, {3, 4, 1, 2}, {4, 3, 2, 1},
      {1, 3, 2, 4}, {3, 1, 4, 2}, {2, 4, 1, 3}, {4, 2, 3, 1}};
  std::set<std::vector<float>> all;
  for (int view = 0; view < 8; ++view) {
    std::vector<float> seen(4);
    change_view<float>(square, seen, 1, 2, 2, view, 0, 0);
    all.insert(seen);
    CHECK(seen == expected[static_cast<std::size_t>(view)]);
  }
  CHECK(all ==
        std::set<std::vector<float>>(expected.begin(), expected.end()));
  // Bytes give the same levels.
  const std::vector<std::uint8_t> bytes = {0, 51, 102, 255};
  const std::vector<float> levels = {0.0f, 0.2f, 0.4f, 1.0f};
  std::vector<float> a(4), b(4);
  change_view<std::uint8_t>(bytes, a, 1, 2, 2, 5, 1, 0);
  change_view<float>(levels, b, 1, 2, 2, 5, 1, 0);
  CHECK(a == b);
  std::vector<float> wide(6);
  CHECK(message_of([&] {
          change_view<float>(std::vector<float>(6), wide, 1, 2, 3, 4, 0, 0);
        }) == "change_view: expected a square, got (1, 2, 3)");
}

TEST_CASE("views: they take turns, whoever asks", "[15]") {
  int mirrored_first = 0;
  for (int image = 0; image < 400; ++image) {
    for (const int views : {2, 8}) {
      std::set<int> seen;
      for (int epoch = 0; epoch < views; ++epoch)
        seen.insert(view_of(image, epoch, views, 1));
      CHECK(static_cast<int>(seen.size()) == views);
      CHECK(view_of(image, views, views, 1) == view_of(image, 0, views, 1));
    }
    mirrored_first += view_of(image, 0, 2, 1);
  }
  CHECK(mirrored_first > 150);
  CHECK(mirrored_first < 250);

  Random random(8);
  const Dataset data = noisy_pictures(4, 9, 2, random);
  const HandOut hand_out = alternating({2, 2}, 10, 3);
  std::vector<float> room(3 * 81), other(3 * 81);
  const auto asked = [&](int image, int step, std::vector<float>& its) {
    const auto pixels = hand_out(data, image, step, its);
    return std::vector<float>(pixels.begin(), pixels.end());
  };
  int different = 0;
  for (int step = 1; step <= 20; ++step) {
    CHECK(asked(2, step, room) == asked(2, step, other));
    different += asked(2, step, room) != asked(2, 1, other);
  }
  CHECK(different > 10);
  // Without shifts, an epoch shows the mirror image of the last one's view.
  const HandOut still = alternating({2, 0}, 10, 3);
  const auto first_epoch = still(data, 1, 1, room);
  const auto second_epoch = still(data, 1, 11, other);
  for (int y = 0; y < 27; ++y)
    for (int x = 0; x < 9; ++x)
      CHECK(first_epoch[static_cast<std::size_t>(9 * y + x)] ==
            second_epoch[static_cast<std::size_t>(9 * y + 8 - x)]);
  CHECK(message_of([] {
          alternating({3, 0}, 1, 1);
        }) == "alternating: expected 1, 2 or 8 views, got 3");
  CHECK(message_of([] {
          alternating({2, -1}, 0, 1);
        }) ==
        "alternating: expected a shift of 0 or more and steps in an epoch, "
        "got -1 and 0");
}

TEST_CASE("views: their mean does not ask from which side", "[15]") {
  Random random(9);
  const Dataset data = noisy_pictures(30, 12, 3, random);
  ColourRecipe recipe;
  recipe.widths = {4, 6, 8};
  const auto network = started_colours(recipe, data);
  CHECK(mean_over_views(*network, data.images, 1) ==
        logits_of<float>(*network, data.images));
  for (const int views : {2, 8})
    for (int view = 0; view < views; ++view) {
      Tensor<> seen(data.images.shape());
      for (int n = 0; n < data.size(); ++n)
        change_view(row_of(data.images, n), row_of(seen, n), 3, 12, 12,
                    view, 0, 0);
      CHECK(max_abs_difference(
                mean_over_views(*network, data.images, views),
                mean_over_views(*network, seen, views)) < 1e-5f);
    }
}

// ---- The optimizer -----------------------------------------------------

TEST_CASE("kernel product: any two matrices, every instruction set",
          "[15]") {
  Random random(10);
  for (const std::string& isa : runnable_sets())
    for (int i = 0; i < 30; ++i) {
      const int M = from_to(1, 40, random), K = from_to(1, 50, random),
                N = from_to(1, 70, random);
      INFO(isa << " " << M << " " << K << " " << N);
      const Tensor<> left = normal_numbers({M, K}, random),
                     right = normal_numbers({K, N}, random);
      PaddedMatrix padded(right);
      const Tensor<> got =
          kernel_product(kernels_for(isa), PaddedMatrix(left), padded)
              .tensor();
      Tensor<double> exact({M, N});
      const Tensor<double> l = convert<double>(left),
                           r = convert<double>(right);
      add_product(l.data().data(), r.data().data(), exact.data().data(), M,
                  K, N);
      CHECK(max_abs_difference(convert<double>(got), exact) < 1e-4);
      CHECK(padded.transposed().tensor() == transposed(right));
    }
}

TEST_CASE("orthogonalized: fast and plain agree", "[15]") {
  Random random(11);
  for (const std::string& isa : runnable_sets())
    for (const auto& [R, C] : std::vector<std::array<int, 2>>{
             {1, 1}, {3, 7}, {7, 3}, {16, 216}, {33, 31}, {2, 300}}) {
      INFO(isa << " " << R << " " << C);
      const Tensor<> matrix = normal_numbers({R, C}, random);
      const Tensor<double> exact = orthogonalized(convert<double>(matrix));
      CHECK(max_abs_difference(convert<double>(orthogonalized_fast(
                                   matrix, kernels_for(isa))),
                               exact) < 2e-3);
    }
  CHECK(orthogonalized_fast(Tensor<>({3, 4}), kernels_for("auto")) ==
        Tensor<>({3, 4}));
}

TEST_CASE("colour optimizer: three steps are PyTorch's", "[15]") {
  const Reference file("colour.txt");
  const NormalizedArchitecture layers = colour_network({2, 3, 4});
  Network<double> exact = build_network<double>(layers, {3, 32, 32});
  FastNetwork fast(layers, {3, 32, 32});
  int k = 0;
  for (Parameter<double>* it : exact.parameters()) {
    if (it->name.find("running") != std::string::npos) continue;
    ++k;
    int i = 0;
    for (double& number : it->value.data())
      number = it->start == 1 ? 1 : reference_number(i++, k) / 2;
  }
  for (std::size_t p = 0; p < fast.parameters().size(); ++p)
    fast.parameters()[p]->value =
        convert<float>(exact.parameters()[p]->value);
  const Tensor<> images = reference_images();
  const std::vector<int> labels = {3, 0, 7, 7, 9};

  const Tensor<double> logits =
      exact.forward(convert<double>(images), Mode::training);
  CHECK(max_abs_difference(logits, file["net.logits"]) < 1e-9);
  Tensor<double> grad(logits.shape());
  for (int n = 0; n < 5; ++n)
    smoothed_cross_entropy<double>(row_of(logits, n),
                                   labels[static_cast<std::size_t>(n)], 0.2,
                                   row_of(grad, n));
  for (double& number : grad.data()) number /= 5;
  exact.backward(grad, false);
  k = 0;
  for (const Parameter<double>* it : exact.parameters())
    if (it->name.find("running") == std::string::npos) {
      INFO(it->name);
      CHECK(max_abs_difference(it->gradient,
                               file["net.grad" + std::to_string(k++)]) <
            1e-9);
    }

  ColourRates rates;
  rates.biases = 0.5;
  rates.head = 2;
  rates.decay = 0.01;
  ColourOptimizer optimizer(rates);
  for (Parameter<>* it : fast.parameters())
    if (it->start == 1 || it->name == "conv1.weight") it->trained = false;
  const Dataset data{images, labels, 10};
  const ImageLoss loss = smoothed_loss(0.2);
  const std::vector<int> all = count_up(5);
  for (int step = 1; step <= 3; ++step) {
    Tensor<> scores;
    fast.gradients({data, all, step, nullptr, &loss}, scores);
    optimizer.step(trained_parameters(fast), 0.1);
  }
  k = 0;
  for (const Parameter<>* it : fast.parameters()) {
    INFO(it->name);
    CHECK(max_abs_difference(convert<double>(it->value),
                             file["net.after" + std::to_string(k++)]) <
          2e-3);
  }
}

TEST_CASE("colour optimizer: filters stay at unit length, threads agree",
          "[15]") {
  Random random(12);
  const Dataset data = noisy_pictures(32, 12, 3, random);
  std::vector<std::vector<Tensor<>>> ends;
  for (const int threads : {1, 2, 3, 8}) {
    ColourRecipe recipe;
    recipe.widths = {4, 6, 8};
    recipe.epochs = 3;
    recipe.batch = 16;
    recipe.threads = threads;
    const auto network = started_colours(recipe, data);
    train_colours(*network, recipe, data);
    ends.emplace_back();
    for (const Parameter<>* it : network->parameters())
      ends.back().push_back(it->value);
    CHECK(ends.back() == ends.front());
  }
  Tensor<> weight = normal_numbers({5, 4, 3, 3}, random);
  give_unit_length(weight);
  CHECK_THAT(root_mean_square(weight), WithinRel(1 / 6.0, 1e-5));
  Tensor<> nothing({2, 2, 1, 1});
  give_unit_length(nothing);
  CHECK(nothing == Tensor<>({2, 2, 1, 1}));
}

TEST_CASE("colour optimizer: it goes on from what it remembers", "[15]") {
  Random random(13);
  const Dataset data = noisy_pictures(32, 12, 3, random);
  ColourRecipe recipe;
  recipe.widths = {4, 6, 8};
  const auto a = started_colours(recipe, data),
             b = started_colours(recipe, data);
  const ColourRates rates = colour_rates(recipe, 8);
  ColourOptimizer whole(rates), first_part(rates), second_part(rates);
  const std::vector<int> all = count_up(32);
  const auto step = [&](FastNetwork& network, Optimizer& optimizer) {
    Tensor<> scores;
    network.gradients({data, all}, scores);
    optimizer.step(trained_parameters(network), 0.05);
  };
  CHECK(whole.state().empty());
  for (int i = 0; i < 4; ++i) step(*a, whole);
  for (int i = 0; i < 2; ++i) step(*b, first_part);
  second_part.restore(first_part.state());
  for (int i = 0; i < 2; ++i) step(*b, second_part);
  for (std::size_t p = 0; p < a->parameters().size(); ++p)
    CHECK(a->parameters()[p]->value == b->parameters()[p]->value);
  CHECK(second_part.state().size() == whole.state().size());
  CHECK(message_of([] { ColourOptimizer({.momentum = 1}); }) ==
        "ColourOptimizer: expected momentum from 0 to below 1, got "
        "1.000000");
}

TEST_CASE("colour optimizer: a step's filters were 1 long before it",
          "[15]") {
  Random random(16);
  const Dataset data = noisy_pictures(16, 9, 2, random);
  ColourRecipe recipe;
  recipe.widths = {4, 6, 8};
  const auto network = started_colours(recipe, data);
  ColourOptimizer optimizer({.threads = 1});
  for (Parameter<>* it : network->parameters())
    it->gradient = normal_numbers(it->value.shape(), random);
  optimizer.step(network->parameters(), 1e-9);
  // Neither the start of the filters nor their length makes a difference.
  for (const Parameter<>* it : network->parameters())
    if (it->trained && it->value.rank() == 4) {
      const double filters = it->value.extent(0);
      const double size = root_mean_square(it->value);
      CHECK_THAT(size * size * it->value.size() / filters,
                 WithinRel(1.0, 1e-5));
    }
}

TEST_CASE("colour recipe: no small rest at the end of an epoch", "[15]") {
  for (int pictures = 1; pictures < 2000; ++pictures) {
    const int batch = even_batch(pictures, 125), rest = pictures % batch;
    CHECK(batch <= 125);
    CHECK((rest == 0 || rest >= batch / 2));
  }
  CHECK(even_batch(4000, 125) == 125);
  CHECK(even_batch(40000, 500) == 500);
  CHECK(even_batch(50000, 500) == 500);
  CHECK(even_batch(126, 125) == 84);
  CHECK(even_batch(7, 125) == 7);
  CHECK(message_of([] { even_batch(0, 5); }) ==
        "even_batch: expected pictures and room for them, got 0 and 5");
}

TEST_CASE("colour recipe: rates for the sum of a batch's losses", "[15]") {
  // In airbench94_muon.py all rates are for sums over 2,000 pictures. The
  // gradients of a mean are smaller by the size of the batch.
  ColourRecipe recipe;
  recipe.batch = 500;
  const int inputs = 64;
  const ColourRates rates = colour_rates(recipe, inputs);
  CHECK_THAT(filter_rate(recipe), WithinRel(0.12, 1e-12));
  CHECK_THAT(rates.biases * filter_rate(recipe),
             WithinRel(0.053 * 500, 1e-9));
  CHECK_THAT(rates.head * filter_rate(recipe),
             WithinRel(0.67 * 500 / 64 / 64, 1e-9));
  CHECK_THAT(rates.decay, WithinRel(2e-6 * 64 * 64 / 0.67, 1e-9));
  // A new epoch shows another view. With 37 pictures in batches of 10, it
  // has 4 steps.
  recipe.batch = 10;
  recipe.changes = {2, 0};
  Random random(5);
  const Dataset data = noisy_pictures(37, 9, 2, random);
  const HandOut hand_out = colour_settings(recipe, 37).hand_out;
  std::vector<float> a(243), b(243), c(243);
  const auto seen = [&](int step, std::vector<float>& room) {
    const auto it = hand_out(data, 3, step, room);
    return std::vector<float>(it.begin(), it.end());
  };
  CHECK(seen(1, a) == seen(4, b));
  CHECK(seen(4, a) != seen(5, c));
}

TEST_CASE("colour recipe: it learns what differs by its colours", "[15]") {
  const Dataset data = pictures_by_colour();
  const ColourRecipe recipe = recipe_by_colour();
  const auto network = started_colours(recipe, data);
  const auto history = train_colours(*network, recipe, data);
  CHECK(history.size() == 60);
  CHECK_THAT(history.front().loss, WithinAbs(std::log(3.0), 0.3));
  CHECK(accuracy_over_views(*network, data, 2) > 0.95);
}

// ---- Baselines, learned filters, minutes -------------------------------

TEST_CASE("baselines: mean colours, their neighbours, and grey", "[15]") {
  Tensor<> images({2, 2, 1, 2}, {0, 1, 0.5, 0.5, 0.25, 0.25, 1, 0});
  CHECK(mean_colours(images, false) ==
        Tensor<>({2, 2}, {0.5f, 0.5f, 0.25f, 0.5f}));
  CHECK(mean_colours(images, true) ==
        Tensor<>({2, 4}, {0.5f, 0.5f, 0.5f, 0, 0.25f, 0.5f, 0, 0.5f}));
  CHECK(grey_images(images) ==
        Tensor<>({2, 1, 1, 2}, {0.25f, 0.75f, 0.625f, 0.125f}));
  const Tensor<> known({5, 1}, {0, 1, 2, 10, 11});
  const std::vector<int> labels = {0, 1, 1, 2, 2};
  const auto said = [&](float x, int nearest) {
    const std::vector<float> point = {x};
    return class_of_neighbours(known, labels, point, nearest, 3);
  };
  CHECK(said(0.1f, 1) == 0);
  CHECK(said(0.1f, 3) == 1);
  CHECK(said(0.1f, 2) == 0);  // one vote each: the nearer wins
  CHECK(said(9, 100) == 2);   // two votes each
  CHECK(neighbours_accuracy(known, labels, known, labels, 1, 3) == 1);
}

TEST_CASE("learned colours: the linear part is half of the difference",
          "[15]") {
  Random random(15);
  const Dataset data = noisy_pictures(10, 9, 2, random);
  const Whitening it = whitening_of(data.images, 2);
  Network<> network = build_network(
      Architecture{Convolution{24, 2}, Relu{}, Convolution{3, 3}},
      {3, 9, 9});
  initialize(network, he_initializer(), random);
  set_whitening(network, it);
  const auto parameters = network.parameters();
  for (float& number : parameters[1]->value.data()) number = 0;
  // f(x) - f(-x) is twice the linear part.
  const Tensor<> patches =
      linear_part(parameters[0]->value, parameters[2]->value);
  REQUIRE(patches.shape() == Shape{3, 3, 4, 4});
  Tensor<> x = normal_numbers({2, 3, 9, 9}, random);
  Tensor<> twice = convolve(x, patches, Tensor<>({3}), 1, 0);
  const Tensor<> ahead = network.forward(x, Mode::evaluation);
  for (float& number : x.data()) number = -number;
  const Tensor<> behind = network.forward(x, Mode::evaluation);
  for (std::size_t i = 0; i < twice.data().size(); ++i)
    CHECK_THAT(2 * twice.data()[i],
               WithinAbs(ahead.data()[i] - behind.data()[i],
                         1e-3 * (1 + std::abs(ahead.data()[i]))));
  CHECK(filter_as_picture(Tensor<>({1, 1, 3}, {-2, 0, 1})) ==
        Tensor<>({1, 1, 3}, {0, 0.5f, 0.75f}));
  CHECK(filter_as_picture(Tensor<>({1, 1, 2})) ==
        Tensor<>({1, 1, 2}, 0.5f));
}

TEST_CASE("minutes: so much work, whatever the set", "[15]") {
  for (const MinutesPlan& plan : minutes_plans())
    for (const int pictures : {4000, 40000, 50000}) {
      const ColourRecipe recipe =
          recipe_for_minutes(plan.minutes, pictures, true, 5);
      CHECK(recipe.widths == plan.widths);
      CHECK(recipe.start.seed == 5);
      CHECK_THAT(1.0 * recipe.epochs * pictures,
                 WithinRel(1000.0 * plan.thousands, 0.13));
      if (pictures != 40000) continue;  // counting the work takes long
      // What two cores can do at 170 GFLOP/s, and not much less.
      const double minutes = work_of(recipe, pictures) / 1.7e11 / 60;
      CHECK(minutes < 1.02 * plan.minutes);
      CHECK(minutes > 0.6 * plan.minutes);
    }
  CHECK(recipe_for_minutes(2, 4000, false, 1).changes.views == 8);
  CHECK(message_of([] { recipe_for_minutes(3, 50000, true, 1); }) ==
        "recipe_for_minutes: expected pictures and minutes of 1, 2, 5, 10, "
        "20, got 50000 and 3");
}

TEST_CASE("minutes: work that nobody asks for is not counted", "[15]") {
  // The smallest pictures, 9 x 9, layer by layer. The first layer has 24
  // filters of 12 numbers at 8 x 8 places, forward only. Each of the others
  // counts forward and for its weights, and all but the first of them also
  // for their inputs. A norm has one product for each number.
  const Widths widths{2, 3, 4};
  const double first = 24.0 * 12 * 64, second = 2.0 * 24 * 9 * 64;
  const double norms = 2.0 * (2 * 16 + 3 * 4 + 4 * 1);
  const double others = 2.0 * 2 * 9 * 16 + 3.0 * 2 * 9 * 16 +
                        3.0 * 3 * 9 * 4 + 4.0 * 3 * 9 * 4 +
                        4.0 * 4 * 9 * 1 + 4.0 * 10;
  ColourRecipe recipe;
  recipe.widths = widths;
  recipe.epochs = 5;
  CHECK(work_of(recipe, 7, 9, 10) ==
        2.0 * 5 * 7 * (first + 2 * second + 3 * (norms + others)));
}

TEST_CASE("minutes: how fast the network learns, beside the peak", "[15]") {
  ColourRecipe recipe = recipe_for_minutes(1, 50000, true, 1);
  recipe.batch = 20;
  const ColourBenchmark it =
      compute_colour_benchmark(recipe, {.threads = 2}, 0.001);
  CHECK(it.learning.images_per_second > 0);
  CHECK(it.learning.batch == 20);
  CHECK(it.learning.threads == 2);
  CHECK(it.learning.isa == kernels_for("auto").name);
  CHECK_THAT(
      it.operations / it.learning.images_per_second,
      WithinRel(work_of(recipe, 50000) / recipe.epochs / 50000, 1e-9));
  CHECK(it.peak > 1e8);
}

TEST_CASE("minutes: a record is read as it was written", "[15]") {
  std::vector<MinutesRun> runs;
  for (const MinutesRun& it : {MinutesRun{10, 2, 0.92, 0.91, 1.2e14, 600},
                               MinutesRun{2, 1, 0.88, 0.87, 2.4e13, 118},
                               MinutesRun{10, 1, 0.925, 0.915, 1.2e14, 598},
                               MinutesRun{10, 2, 0.93, 0.92, 1.2e14, 601}})
    runs = with_run(runs, it);
  std::string text = "minutes  run\n------\n";
  for (const MinutesRun& it : runs) text += "    " + run_line(it);
  const std::vector<MinutesRun> read = runs_of(text);
  REQUIRE(read.size() == 3);
  CHECK(read[0].minutes == 2);
  CHECK(read[1].seed == 1);
  CHECK(read[2].accuracy == 0.93);
  CHECK(read[2].work == 1.2e14);
  CHECK(of_minutes(read, 10, &MinutesRun::seconds) ==
        std::vector<double>{598, 601});
  CHECK(runs_of("run out of time; run 3, seed: 4").empty());
}

// ---- Filters from other pictures ---------------------------------------

TEST_CASE("transfer: a few of each class, in batches of a quarter",
          "[15]") {
  Random random(21);
  Dataset data = noisy_pictures(9, 9, 3, random);
  data.labels = {2, 2, 0, 2, 0, 1, 0, 2, 0};
  std::set<std::vector<float>> seen;
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u}) {
    const Dataset few = few_of_each(data, 2, seed);
    std::vector<int> labels = few.labels;
    std::sort(labels.begin(), labels.end());
    CHECK(labels == std::vector<int>{0, 0, 1, 2, 2});
    CHECK(few.classes == 3);
    CHECK(few_of_each(data, 2, seed).images == few.images);
    for (int n = 0; n < few.size(); ++n) {
      const auto picture = row_of(few.images, n);
      seen.emplace(picture.begin(), picture.end());
    }
  }
  CHECK(seen.size() == 9);  // another seed draws other pictures
  for (const int pictures : {3, 50, 200, 800, 5000}) {
    const ColourRecipe recipe = recipe_for_few({}, pictures);
    CHECK(recipe.batch <= 125);
    CHECK(recipe.batch >= 1);
    CHECK_THAT(1.0 * recipe.epochs * pictures / recipe.batch,
               WithinAbs(150, 40));
  }
}

TEST_CASE("transfer: all comes along but the last layer", "[15]") {
  Random random(22);
  const Dataset data = noisy_pictures(40, 9, 2, random),
                other = noisy_pictures(12, 9, 5, random);
  ColourRecipe recipe;
  recipe.widths = {4, 5, 6};
  recipe.epochs = 2;
  recipe.batch = 10;
  const auto learned = started_colours(recipe, data);
  train_colours(*learned, recipe, data);
  recipe.start.seed = 3;
  const auto network = started_colours(recipe, other);
  const Tensor<> last = network->parameters().end()[-2]->value;
  take_filters(*network, *learned);
  const auto to = network->parameters(), from = learned->parameters();
  for (std::size_t i = 0; i + 2 < to.size(); ++i)
    CHECK(to[i]->value == from[i]->value);
  CHECK(to.end()[-2]->value == last);

  recipe.widths = {4, 5, 7};
  const auto wider = started_colours(recipe, data);
  CHECK(message_of([&] {
          take_filters(*wider, *learned);
        }).rfind("take_filters: conv6.weight", 0) == 0);
  CHECK(message_of([&] {
          Network<> short_one =
              build_network(Architecture{Flatten{}, Dense{2}}, {3, 9, 9});
          take_filters(short_one, *learned);
        }) == "take_filters: expected two networks of the same layers");
}

TEST_CASE("transfer: what a network has learned is not lost on the way",
          "[15]") {
  const Dataset data = pictures_by_colour();
  const ColourRecipe recipe = recipe_by_colour();
  const auto learned = started_colours(recipe, data);
  train_colours(*learned, recipe, data);
  // At a small share of the rate, little but the last layer learns.
  CHECK(accuracy_from(learned.get(), 0.01, recipe, few_of_each(data, 4, 1),
                      data) > 0.9);
  CHECK(accuracy_from(nullptr, 1, recipe, few_of_each(data, 20, 1), data) >
        0.9);
}

// ---- A digit in colour -------------------------------------------------

TEST_CASE("painted: pen, paper and what lies between", "[15]") {
  const Paint pen{1, 0.5f, 0}, paper{0, 0.25f, 0.5f};
  const Tensor<> it =
      painted(Tensor<>({1, 2}, {1.0f, 0.5f}), pen, paper, 4);
  REQUIRE(it.shape() == Shape{3, 4, 4});
  for (int c = 0; c < 3; ++c) {
    const auto at = static_cast<std::size_t>(c);
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 4; ++x) {
        const float share = y != 1 ? 0 : x == 1 ? 1 : x == 2 ? 0.5f : 0;
        CHECK(it(c, y, x) == share * pen[at] + (1 - share) * paper[at]);
      }
  }
  CHECK(message_of([&] {
          painted(Tensor<>({1, 5}), pen, paper, 4);
        }) == "painted: expected a square with sides of 5 or more, got 4");
}

TEST_CASE("rows_less_sure: what is below a limit, and not at it", "[15]") {
  const Tensor<> p({3, 2}, {0.5f, 0.5f, 0.25f, 0.75f, 1, 0});
  CHECK(rows_less_sure(p, 0.5f) == 0);
  CHECK(rows_less_sure(p, 0.75f) == 1);
  CHECK(rows_less_sure(p, 0.76f) == 2);
}

TEST_CASE("mean_colour_of: a class's own pictures and no others", "[15]") {
  Dataset data;
  data.images = Tensor<>({3, 3, 1, 1}, {0, 0.5f, 1, 9, 9, 9, 1, 0.5f, 0});
  data.labels = {1, 0, 1};
  data.classes = 2;
  CHECK(mean_colour_of(data, 1) == std::array<float, 3>{0.5f, 0.5f, 0.5f});
  CHECK(mean_colour_of(data, 0) == std::array<float, 3>{9, 9, 9});
}
