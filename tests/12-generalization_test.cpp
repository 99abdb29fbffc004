// Chapter 12: generalization. (Its remedies have a file of their own.)
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "12-generalization/believed_labels.hpp"
#include "12-generalization/cholesky.hpp"
#include "12-generalization/double_descent.hpp"
#include "12-generalization/figures.hpp"
#include "12-generalization/label_memory.hpp"
#include "12-generalization/noisy_curve.hpp"
#include "12-generalization/random_features.hpp"
#include "12-generalization/random_labels.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

Dataset some_digits(int count) {
  return first(load_digits({}).train, count);
}

Tensor<double> random_matrix(int rows, int columns, std::uint64_t seed) {
  Random random(seed);
  Tensor<double> matrix({rows, columns});
  for (double& number : matrix.data())
    number = static_cast<double>(random.normal());
  return matrix;
}

double largest_difference(const Tensor<double>& a,
                          const Tensor<double>& b) {
  REQUIRE(a.shape() == b.shape());
  double largest = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i)
    largest = std::max(largest, std::abs(a.data()[i] - b.data()[i]));
  return largest;
}

int same_labels(const Dataset& a, const Dataset& b) {
  int same = 0;
  for (std::size_t n = 0; n < a.labels.size(); ++n)
    same += a.labels[n] == b.labels[n];
  return same;
}

// A network with two small convolutions that trains in a moment.
Experiment small_experiment(int epochs) {
  Experiment experiment;
  experiment.architecture = narrow_network(1);
  experiment.settings.epochs = epochs;
  experiment.settings.batch = 8;
  experiment.settings.schedule = constant_schedule;
  return experiment;
}

}  // namespace

// ---- Labels ------------------------------------------------------------

TEST_CASE("generalization: random labels are one in ten right", "[12]") {
  const Dataset truth = some_digits(8000);
  const Dataset random = with_random_labels(truth, 1);
  CHECK(random.images.data()[300] == truth.images.data()[300]);
  // 800 are expected; five standard deviations are 134.
  CHECK(std::abs(same_labels(truth, random) - 800) < 134);
  std::vector<int> counts(10);
  for (const int label : random.labels)
    ++counts.at(static_cast<std::size_t>(label));
  for (const int count : counts) CHECK(std::abs(count - 800) < 134);
  CHECK(with_random_labels(truth, 1).labels == random.labels);
  CHECK(with_random_labels(truth, 2).labels != random.labels);
}

TEST_CASE("generalization: exactly the share of labels is wrong", "[12]") {
  const Dataset truth = some_digits(500);
  for (const double share : {0.0, 0.2, 0.5, 1.0}) {
    const Dataset noisy = with_wrong_labels(truth, share, 3);
    CHECK(same_labels(truth, noisy) == std::lround(500 * (1 - share)));
    for (const int label : noisy.labels) CHECK((label >= 0 && label < 10));
  }
  CHECK_THROWS_AS(with_wrong_labels(truth, -0.1, 1), std::invalid_argument);
  CHECK_THROWS_AS(with_wrong_labels(truth, 1.1, 1), std::invalid_argument);
  CHECK_THROWS_AS(with_wrong_labels(truth, std::nan(""), 1),
                  std::invalid_argument);
  Dataset one_class = truth;
  one_class.classes = 1;
  CHECK_THROWS_AS(with_wrong_labels(one_class, 0.2, 1),
                  std::invalid_argument);
}

TEST_CASE("generalization: no epoch, nothing learned by heart", "[12]") {
  const Dataset truth = some_digits(20);
  CHECK(compute_learning_by_heart(truth, truth, small_experiment(0), 0)
            .size() == 1);
}

TEST_CASE("generalization: learning by heart ends when all is known",
          "[12]") {
  const Dataset truth = some_digits(40);
  const Dataset random = with_random_labels(truth, 1);
  const Dataset held_out = first(load_digits({}).held_out, 50);
  std::vector<int> seen;
  const std::vector<EpochScore> epochs = compute_learning_by_heart(
      random, held_out, small_experiment(400), 0, {},
      [&](int epoch, FastNetwork&, const Tensor<>& logits) {
        seen.push_back(epoch);
        CHECK(logits.extent(0) == 50);
      });
  REQUIRE(epochs.size() > 2);
  CHECK(epochs.size() < 400);
  CHECK(epochs.back().learned.right == 1);
  CHECK(by_heart_after(epochs) == epochs.back().epoch);
  CHECK(epochs[epochs.size() - 2].learned.right < 1);
  CHECK(epochs.front().epoch == 0);
  CHECK_THAT(epochs.front().learned.loss, WithinAbs(std::log(10.0), 0.2));
  CHECK(seen.size() == epochs.size());
  // That does not help with digits that the network has not seen.
  CHECK(epochs.back().held_out.loss > std::log(10.0));

  // It goes on for as many epochs as are wanted, but not beyond the last.
  const int longer = epochs.back().epoch + 3;
  CHECK(compute_learning_by_heart(random, held_out, small_experiment(400),
                                  longer)
            .back()
            .epoch == longer);
  const std::vector<EpochScore> few =
      compute_learning_by_heart(random, held_out, small_experiment(2), 0);
  CHECK(few.back().epoch == 2);
  CHECK_FALSE(by_heart_after(few));
}

TEST_CASE("generalization: the film shows what was taught wrongly",
          "[12]") {
  const Dataset truth = some_digits(60);
  const Dataset random = with_random_labels(truth, 1);
  BelievedLabels believed = mislabelled_digits(truth, random, 100);
  CHECK(believed.taught.size() ==
        static_cast<std::size_t>(60 - same_labels(truth, random)));
  for (std::size_t n = 0; n < believed.taught.size(); ++n)
    CHECK(believed.taught[n] != believed.truth[n]);
  CHECK(mislabelled_digits(truth, random, 7).taught.size() == 7);
  CHECK_THROWS_AS(mislabelled_digits(truth, some_digits(59), 7),
                  std::invalid_argument);
  Network<> network = fresh_network(small_experiment(1));
  ask(believed, 4, network);
  CHECK(believed.epochs == std::vector{4});
  for (const float it : believed.probability.at(0))
    CHECK_THAT(it, WithinAbs(0.1, 0.05));  // it knows nothing yet
  CHECK(believed.least(0) < 0.1f);
  // A square is as full as its label is believed.
  const Picture half = belief_square(3, 0.5f);
  CHECK(half.at(0, 13) == colours::faint);
  CHECK(half.at(0, 14) == colours::orange);
  CHECK(belief_square(3, 1).at(0, 0) == colours::orange);
  CHECK(belief_square(3, 0).at(0, 27) == colours::faint);
}

// ---- Memory ------------------------------------------------------------

TEST_CASE("generalization: bits by formula (12.1)", "[12]") {
  // All known: every label is worth log2(10). Nothing known: none.
  LabelMemory memory{1000, 10, 500, {1, 0}};
  CHECK_THAT(memory.bits(), WithinRel(3321.928, 1e-6));
  CHECK_THAT(memory.bits_per_weight(), WithinRel(6.643856, 1e-6));
  memory.learned.loss = std::log(10.0);
  CHECK_THAT(memory.bits(), WithinAbs(0, 1e-3));
  // If the network hesitates between two classes of ten, one bit is
  // missing.
  memory.learned.loss = std::log(2.0);
  CHECK_THAT(memory.bits(), WithinRel(2321.928, 1e-6));
  memory.classes = 2;
  CHECK_THAT(memory.bits(), WithinAbs(0, 1e-3));
}

TEST_CASE("generalization: a network cannot know more than it was taught",
          "[12]") {
  const Dataset images = some_digits(60);
  Experiment experiment = small_experiment(1);
  const LabelMemory little = compute_label_memory(images, experiment);
  experiment.settings.epochs = 60;
  const LabelMemory much = compute_label_memory(images, experiment);
  CHECK(little.labels == 60);
  CHECK(little.bits() < much.bits());
  CHECK(much.bits() < 60 * 3.3219281);
  CHECK(much.learned.right > little.learned.right);
}

TEST_CASE("generalization: the networks that the ruler measures", "[12]") {
  const auto weights = [](const Architecture& layers) {
    Network<> network = build_network(layers, {1, 28, 28});
    return parameter_count(network);
  };
  CHECK(weights(narrow_network(4)) == weights(digit_network));
  CHECK(weights(narrow_network(2)) == 2922);
  CHECK(weights(narrow_network(1)) == 1266);
  CHECK(weights(nine_cells) == 7165);
}

// ---- Least squares -----------------------------------------------------

TEST_CASE("generalization: Cholesky's triangle by hand", "[12]") {
  const Tensor<double> L =
      cholesky(Tensor<double>({3, 3}, {4, 2, -2, 2, 5, 3, -2, 3, 14}));
  CHECK(largest_difference(L, Tensor<double>({3, 3}, {2, 0, 0, 1, 2, 0, -1,
                                                      2, 3})) == 0.0);
}

TEST_CASE("generalization: the triangle times itself is the matrix",
          "[12]") {
  for (const int n : {1, 2, 7, 40}) {
    const Tensor<double> half = random_matrix(n, n + 3, 5);
    const Tensor<double> squares = product(half, transposed(half));
    const Tensor<double> L = cholesky(squares);
    CHECK(largest_difference(product(L, transposed(L)), squares) < 1e-12);
    const Tensor<double> x = random_matrix(n, 2, 6);
    CHECK(largest_difference(solved_by(L, product(squares, x)), x) < 1e-9);
  }
}

TEST_CASE("generalization: Cholesky refuses what has no root", "[12]") {
  using Matrix = Tensor<double>;
  CHECK_THROWS_AS(cholesky(Matrix({2, 2}, {1, 1, 1, 1})),
                  std::runtime_error);
  CHECK_THROWS_AS(cholesky(Matrix({1, 1}, std::vector{-1.0})),
                  std::runtime_error);
  CHECK_THROWS_AS(cholesky(Matrix({1, 1}, std::vector{std::nan("")})),
                  std::runtime_error);
  CHECK_THROWS_AS(cholesky(Matrix({2, 3})), std::invalid_argument);
  CHECK_THROWS_AS(solved_by(Matrix({2, 2}, {1, 0, 0, 1}), Matrix({3, 1})),
                  std::invalid_argument);
  CHECK_THROWS_AS(product(Matrix({2, 3}), Matrix({2, 3})),
                  std::invalid_argument);
}

TEST_CASE("generalization: fewer features than examples come nearest",
          "[12]") {
  const Tensor<double> F = random_matrix(5, 12, 1),
                       Y = random_matrix(12, 3, 2);
  const Tensor<double> w = least_norm_weights(F, Y);
  REQUIRE(w.shape() == Shape{5, 3});
  // What the fit leaves over is orthogonal to every feature.
  Tensor<double> left = product(transposed(F), w);
  for (std::size_t i = 0; i < left.data().size(); ++i)
    left.data()[i] -= Y.data()[i];
  CHECK(norm_of(left) > 1);
  CHECK(norm_of(product(F, left)) < 1e-10);
}

TEST_CASE("generalization: of many weights that fit, the shortest",
          "[12]") {
  const Tensor<double> F = random_matrix(12, 5, 1),
                       Y = random_matrix(5, 3, 2);
  const Tensor<double> w = least_norm_weights(F, Y);
  REQUIRE(w.shape() == Shape{12, 3});
  CHECK(largest_difference(product(transposed(F), w), Y) < 1e-10);
  // Adding anything that changes no example's fit makes the weights longer.
  const Tensor<double> any = random_matrix(12, 3, 4);
  Tensor<double> other = any;
  const Tensor<double> seen =
      least_norm_weights(F, product(transposed(F), any));
  for (std::size_t i = 0; i < other.data().size(); ++i)
    other.data()[i] += w.data()[i] - seen.data()[i];
  CHECK(largest_difference(product(transposed(F), other), Y) < 1e-10);
  CHECK(norm_of(other) > norm_of(w) + 0.1);
}

TEST_CASE("generalization: as many features as examples, both ways agree",
          "[12]") {
  const Tensor<double> F = random_matrix(6, 6, 3),
                       Y = random_matrix(6, 2, 4);
  const Tensor<double> w = least_norm_weights(F, Y);
  CHECK(largest_difference(product(transposed(F), w), Y) < 1e-9);
}

// ---- Random features and double descent --------------------------------

TEST_CASE("generalization: random features are what (12.2) says", "[12]") {
  const Dataset digits = some_digits(30);
  const RandomCells cells = random_cells(digits.images, 50, 1);
  const Tensor<double> features = random_features(cells, digits.images);
  REQUIRE(features.shape() == Shape{50, 30});
  int silent = 0;
  for (int j = 0; j < 50; ++j) {
    double all = 0;
    for (int n = 0; n < 30; ++n) {
      double sum = 0;
      for (int i = 0; i < 784; ++i)
        sum += static_cast<double>(cells.weight(i, j)) *
               static_cast<double>(
                   row_of(digits.images, n)[static_cast<std::size_t>(i)]);
      CHECK_THAT(features(j, n), WithinAbs(std::max(sum, 0.0), 1e-5));
      all += features(j, n);
      silent += features(j, n) == 0;
    }
    CHECK(all > 0);  // no cell is silent for all digits
  }
  CHECK(silent > 100);  // but many are silent for some
  double squares = 0;
  for (const float w : cells.weight.data())
    squares += static_cast<double>(w * w);
  CHECK_THAT(squares / 50, WithinAbs(1, 0.05));
  // The same seed gives the same cells, and another seed gives others.
  CHECK(random_cells(digits.images, 50, 1).weight.data()[7] ==
        cells.weight.data()[7]);
  CHECK(random_cells(digits.images, 50, 2).weight.data()[7] !=
        cells.weight.data()[7]);
  CHECK_THROWS_AS(random_features(cells, Tensor<>({3, 1, 5, 5})),
                  std::invalid_argument);
}

TEST_CASE(
    "generalization: the error has its peak at as many features as "
    "digits",
    "[12]") {
  const Split all = load_digits({});
  const Dataset learn = first(all.train, 60),
                held_out = first(all.held_out, 300);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const RandomCells cells = random_cells(learn.images, 600, seed);
    const std::vector<FeatureFit> fits = compute_double_descent(
        random_features(cells, learn.images), learn,
        random_features(cells, held_out.images), held_out, {20, 60, 600});
    REQUIRE(fits.size() == 3);
    CHECK(*fits[1].error > *fits[0].error + 0.1);
    CHECK(*fits[1].error > *fits[2].error + 0.1);
    CHECK(*fits[2].error < *fits[0].error);
    CHECK(*fits[1].norm > 5 * *fits[0].norm);
    CHECK(*fits[1].norm > 5 * *fits[2].norm);
    CHECK(*fits[0].learned_error > 0);
    CHECK(*fits[1].learned_error == 0.0);
    CHECK(*fits[2].learned_error == 0.0);
  }
}

TEST_CASE("generalization: two images that are the same have no fit",
          "[12]") {
  const Dataset twice = subset(some_digits(10), std::vector{0, 1, 2, 3, 3});
  const RandomCells cells = random_cells(twice.images, 20, 1);
  const Tensor<double> features = random_features(cells, twice.images);
  const std::vector<FeatureFit> fits =
      compute_double_descent(features, twice, features, twice, {2, 20});
  CHECK(fits[0].error);
  CHECK_FALSE(fits[1].error);
  CHECK_FALSE(fits[1].norm);
}

TEST_CASE("generalization: Chebyshev's polynomials", "[12]") {
  const Tensor<double> f = polynomial_features({0.5, -1}, 4);
  // 1, x, 2 x^2 - 1, 4 x^3 - 3 x, divided by 1, 2, 3, 4
  CHECK(largest_difference(
            f, Tensor<double>({4, 2}, {1, 1, 0.25, -0.5, -0.5 / 3, 1.0 / 3,
                                       -0.25, -0.25})) < 1e-15);
}

TEST_CASE("generalization: smooth, wild, smooth", "[12]") {
  const NoisyPoints points = noisy_points(11, 0.2, 1);
  CHECK(points.x.front() == -1);
  CHECK(points.x.back() == 1);
  const FittedCurve wild = compute_curve(points, 11, points.x);
  for (std::size_t i = 0; i < points.x.size(); ++i)
    CHECK_THAT(wild.y[i], WithinAbs(points.y[i], 1e-6));
  const FittedCurve smooth = compute_curve(points, 200, points.x);
  for (std::size_t i = 0; i < points.x.size(); ++i)
    CHECK_THAT(smooth.y[i], WithinAbs(points.y[i], 1e-6));
  CHECK(smooth.norm < wild.norm);
  const auto median_error = [](int p) {
    return compute_curve_medians(11, 0.2, p, 21, 1).error;
  };
  CHECK(median_error(11) > 1.5 * median_error(3));
  CHECK(median_error(11) > 2 * median_error(200));
  CHECK_THROWS_AS(noisy_points(1, 0.2, 1), std::invalid_argument);
}

// ---- Figures -----------------------------------------------------------

TEST_CASE("generalization: a draw without a fit leaves a gap", "[12]") {
  RunsMean good{{0.25, 0.01}, 3, 0}, broken{{}, 3, 1};
  const std::string svg =
      descent_figure({{"line", {10, 20, 40}, {good, broken, good}}}, false);
  CHECK(svg.find("line") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
}
