// Chapter 08: seeing.
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "03-pooling/shift.hpp"
#include "06-training/experiments.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/activity.hpp"
#include "08-seeing/choosiness.hpp"
#include "08-seeing/covering.hpp"
#include "08-seeing/digit_maps.hpp"
#include "08-seeing/field_check.hpp"
#include "08-seeing/figures.hpp"
#include "08-seeing/freezing.hpp"
#include "08-seeing/hidden_space.hpp"
#include "08-seeing/learning.hpp"
#include "08-seeing/occlusion.hpp"
#include "08-seeing/patches.hpp"
#include "08-seeing/principal_components.hpp"
#include "08-seeing/receptive_field.hpp"
#include "08-seeing/recorder.hpp"
#include "08-seeing/strangers.hpp"
#include "08-seeing/strongest.hpp"
#include "08-seeing/sureness.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::WithinAbs;

template <class T = float>
Tensor<T> random_tensor(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  Tensor<T> tensor(shape);
  for (T& number : tensor.data()) number = static_cast<T>(random.normal());
  return tensor;
}

// A small data set of noise, labelled 0 to 9 in turn.
Dataset noise_set(int count) {
  Dataset data{random_tensor({count, 1, 28, 28}, 5), {}, 10};
  for (int n = 0; n < count; ++n) data.labels.push_back(n % 10);
  return data;
}

}  // namespace

TEST_CASE("seeing: recorded steps begin densely, grow and end at the last",
          "[08]") {
  for (const int last : {1, 2, 5, 100, 1500}) {
    const std::vector<int> steps = recorded_steps(last, 24);
    CHECK(steps.front() == 0);
    CHECK(steps.back() == last);
    CHECK(steps.size() <= 24);
    CHECK(std::adjacent_find(steps.begin(), steps.end(),
                             std::greater_equal<>()) == steps.end());
  }
  const std::vector<int> steps = recorded_steps(1500, 24);
  CHECK(steps.size() == 24);
  CHECK(std::vector(steps.begin(), steps.begin() + 5) ==
        std::vector{0, 1, 2, 3, 4});
  for (std::size_t i = 6; i < steps.size(); ++i)  // the gaps only grow
    CHECK(steps[i] - steps[i - 1] >= steps[i - 1] - steps[i - 2]);
  CHECK(recorded_steps(2, 24) == std::vector{0, 1, 2});
  CHECK(recorded_steps(9, 2) == std::vector{0, 1, 9});
  CHECK_THROWS_AS(recorded_steps(0, 24), std::invalid_argument);
  CHECK_THROWS_AS(recorded_steps(10, 1), std::invalid_argument);
}

TEST_CASE("seeing: the recorder does not change training", "[08]") {
  const Dataset data = noise_set(96);
  Experiment experiment;
  experiment.settings.epochs = 3;
  std::vector<std::vector<Tensor<>>> results;
  std::vector<Snapshot> snapshots;
  for (const bool recorded : {false, true}) {
    FastNetwork network(digit_network, {1, 28, 28}, {.threads = 2});
    start(network, experiment);
    Recorder recorder(network, recorded_steps(9, 6));
    Sgd sgd(experiment.momentum);
    train_fast(network, sgd, data, experiment.settings,
               [&](const TrainingStep& now) {
                 if (recorded) recorder.after(now.step);
                 return true;
               });
    results.emplace_back();
    for (const Parameter<>* it : network.parameters())
      results.back().push_back(it->value);
    if (recorded) snapshots = recorder.snapshots();
  }
  CHECK(results[0] == results[1]);  // bit for bit
  REQUIRE(snapshots.size() == 6);
  CHECK(snapshots.front().step == 0);
  CHECK(snapshots.back().step == 9);
  CHECK(snapshots.back().values == results[1]);
  CHECK(snapshots.front().values != results[1]);
}

TEST_CASE("seeing: a snapshot brings the network of its step back",
          "[08]") {
  const Dataset data = noise_set(64);
  Experiment experiment;
  experiment.settings.epochs = 2;
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, experiment);
  Recorder recorder(network, {0, 2, 4});
  Sgd sgd;
  std::vector<Tensor<>> logits = {evaluate(network, data)};
  train_fast(network, sgd, data, experiment.settings,
             [&](const TrainingStep& now) {
               if (recorder.after(now.step))
                 logits.push_back(evaluate(network, data));
               return true;
             });
  REQUIRE(recorder.snapshots().size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(evaluate(*network_at(recorder.snapshots()[i]), data) ==
          logits[i]);
  }
  CHECK(logits[0] != logits[2]);
  // The network that went on learning is not touched.
  CHECK(evaluate(network, data) == logits[2]);
  CHECK_THROWS_WITH(network_at(recorder.snapshots()[0], linear_network),
                    "network_at: expected 2 parameters, got 6");
}

TEST_CASE("seeing: similarity is the cosine of the angle", "[08]") {
  const std::vector<float> a = {1, 2, 3}, b = {2, 4, 6}, c = {-1, -2, -3},
                           d = {3, 0, -1}, zero = {0, 0, 0};
  CHECK_THAT(similarity(a, b), WithinAbs(1, 1e-6));
  CHECK_THAT(similarity(a, c), WithinAbs(-1, 1e-6));
  CHECK_THAT(similarity(a, d), WithinAbs(0, 1e-6));
  CHECK(similarity(a, zero) == 0);
  CHECK_THAT(similarity(std::vector<float>{1, 0}, std::vector<float>{1, 1}),
             WithinAbs(std::sqrt(0.5), 1e-6));
  CHECK_THROWS_AS(similarity(a, std::vector<float>{1}),
                  std::invalid_argument);
}

TEST_CASE("seeing: a cell's gradient fills its receptive field", "[08]") {
  const std::vector<Architecture> architectures = {
      digit_network,
      {Convolution{.channels = 3, .kernel = 3, .stride = 2, .padding = 1},
       Convolution{.channels = 2, .kernel = 4, .padding = 2},
       AveragePool{{.window = 3, .stride = 2, .padding = 1}},
       Convolution{.channels = 2, .kernel = 2, .stride = 3}}};
  for (const Architecture& architecture : architectures) {
    FastNetwork network(architecture, {1, 28, 28});
    Random random(3);
    initialize(network, he_initializer(), random);
    const auto fields = receptive_fields(architecture);
    const Tensor<> images = random_tensor({80, 1, 28, 28}, 4);
    const auto outputs = network.outputs(images);
    for (std::size_t layer = 0; layer < fields.size(); ++layer) {
      const int side = outputs[layer].extent(2);
      for (const int cell : {0, side / 2, side - 1}) {
        Tensor<> grad(outputs[layer].shape());
        for (int n = 0; n < grad.extent(0); ++n)
          for (int c = 0; c < grad.extent(1); ++c)
            grad(n, c, cell, cell) = 1;
        const Tensor<> pixels = network.input_gradient(images, layer, grad);
        for (int x = 0; x < 28; ++x) {
          bool reached = false;
          for (int n = 0; n < images.extent(0); ++n)
            for (int y = 0; y < 28; ++y)
              reached = reached || pixels(n, 0, y, x) != 0.0f;
          const int begin = fields[layer].begin(cell);
          CAPTURE(layer, cell, x);
          CHECK(reached == (x >= begin && x < begin + fields[layer].size));
        }
      }
    }
  }
  CHECK(receptive_fields(digit_network).size() == 6);  // up to Flatten
}

TEST_CASE("seeing: a patch is cut where the cell looks", "[08]") {
  Tensor<> image({4, 4});
  for (int i = 0; i < 16; ++i)
    image.data()[static_cast<std::size_t>(i)] = static_cast<float>(i + 1);
  const ReceptiveField field{-1, 3, 2};  // kernel 3, padding 1, stride 2
  CHECK(seen_patch(image, field, 0, 1) ==
        Tensor<>({3, 3}, {0, 0, 0, 2, 3, 4, 6, 7, 8}));
  CHECK(seen_patch(image, field, 1, 0) ==
        Tensor<>({3, 3}, {0, 5, 6, 0, 9, 10, 0, 13, 14}));
}

TEST_CASE("seeing: the strongest answers are those of a full search",
          "[08]") {
  const Dataset data = noise_set(300);  // more than one batch
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, {});
  const auto found = strongest_answers(network, data, 3, 4);
  const Tensor<> all = network.outputs(data.images)[3];
  REQUIRE(found.size() == 16);
  for (const int c : {0, 7, 15}) {
    std::vector<float> best;
    for (int n = 0; n < 300; ++n)
      best.push_back(strongest_cell(all, n, c).activation);
    std::sort(best.rbegin(), best.rend());
    const auto& list = found[static_cast<std::size_t>(c)];
    REQUIRE(list.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(list[i].activation == best[i]);
      CHECK(all(list[i].image, c, list[i].y, list[i].x) == best[i]);
    }
  }
  const Majority most =
      majority({{0, 0, 0, 1}, {10, 0, 0, 1}, {3, 0, 0, 1}}, data);
  CHECK(most.label == 0);
  CHECK(most.count == 2);
}

TEST_CASE("seeing: dead filters are counted", "[08]") {
  const Dataset data = noise_set(20);
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, {});
  CHECK(activity(network, data, 1).dead() == 0);
  Parameter<>& bias = *network.parameters()[1];
  bias.value(2) = bias.value(5) = -1000;  // below 0, whatever comes in
  bias.value(0) = 1000;
  const Activity after = activity(network, data, 1);
  CHECK(after.dead() == 2);
  CHECK(after.alive[0] == after.cells);
  CHECK(after.cells == 20 * 28 * 28);
}

TEST_CASE("seeing: cells on ink are those whose field has a pixel",
          "[08]") {
  const auto fields = receptive_fields(digit_network);
  Tensor<> images({2, 1, 28, 28});
  images(0, 0, 13, 20) = 0.25f;  // the other image stays black
  for (const auto& [layer, side] : {std::pair{0u, 28}, {3u, 10}}) {
    const Tensor<> ink = sees_ink(images, fields[layer], side);
    REQUIRE(ink.shape() == Shape{2, side, side});
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        Tensor<> picture({28, 28});
        picture(13, 20) = 0.25f;
        bool seen = false;
        const Tensor<> patch = seen_patch(picture, fields[layer], y, x);
        for (const float pixel : patch.data()) seen = seen || pixel != 0;
        CAPTURE(layer, y, x);
        CHECK(ink(0, y, x) == (seen ? 1.0f : 0.0f));
        CHECK(ink(1, y, x) == 0);
      }
  }
  const Tensor<> output({1, 2, 1, 3}, {1, -2, 3, -4, 5, 0});
  const auto cells = cells_on_ink(output, Tensor<>({1, 1, 3}, {1, 1, 0}));
  CHECK(cells == std::vector<float>{1, -2, -4, 5});
  CHECK(share_positive(cells) == 0.5);
  CHECK(share_positive(std::vector<float>{0, -1, 0, 2}) == 0.25);
}

TEST_CASE("seeing: shares in bins add up to 1, strays included", "[08]") {
  const std::vector<float> numbers = {-9,   -0.9f, -0.1f, 0,
                                      0.4f, 0.6f,  1,     7};
  const auto shares = share_in_bins(numbers, -1, 1, 4);
  CHECK(shares == std::vector<double>{0.25, 0.125, 0.25, 0.375});
  CHECK_THROWS_AS(share_in_bins(numbers, 1, 1, 4), std::invalid_argument);
  CHECK_THROWS_AS(share_in_bins(numbers, 0, 1, 0), std::invalid_argument);
}

TEST_CASE("seeing: occlusion finds the patch that an answer rests on",
          "[08]") {
  // The answer is the mean of the pixels of rows 5 and 6, columns 2 to 4.
  const auto mean_of_patch = [](const Tensor<>& images) {
    std::vector<float> all;
    for (int n = 0; n < images.extent(0); ++n) {
      float sum = 0;
      for (int y = 5; y < 7; ++y)
        for (int x = 2; x < 5; ++x) sum += images(n, 0, y, x);
      all.push_back(sum / 6);
    }
    return all;
  };
  Tensor<> image({1, 10, 9});
  for (float& pixel : image.data()) pixel = 1;
  const Tensor<> map = occlusion_map(image, 3, 0.0f, mean_of_patch);
  REQUIRE(map.shape() == Shape{8, 7});
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 7; ++x) {
      const int rows = std::max(0, std::min(y + 3, 7) - std::max(y, 5));
      const int columns = std::max(0, std::min(x + 3, 5) - std::max(x, 2));
      CAPTURE(y, x);
      CHECK_THAT(map(y, x), WithinAbs(1 - rows * columns / 6.0, 1e-6));
    }
  const Tensor<> mean = mean_of_squares(map, 3);
  REQUIRE(mean.shape() == Shape{10, 9});
  CHECK(mean(0, 8) == 1);
  CHECK(mean(5, 3) < 0.6f);
  CHECK_THAT(mean(0, 0), WithinAbs(map(0, 0), 1e-6));
  CHECK_THROWS_WITH(occlusion_map(image, 10, 0.0f, mean_of_patch),
                    "occlusion_map: expected a square of 1 to 9 pixels, "
                    "got 10");
}

namespace {

// All eigenvalues of a symmetric matrix by Jacobi's rotations, largest
// first, with their vectors in rows: the direct way, to compare with.
std::pair<std::vector<double>, Tensor<double>> jacobi(Tensor<double> a) {
  const int D = a.extent(0);
  Tensor<double> v({D, D});
  for (int i = 0; i < D; ++i) v(i, i) = 1;
  for (int sweep = 0; sweep < 100; ++sweep)
    for (int p = 0; p < D; ++p)
      for (int q = p + 1; q < D; ++q) {
        if (std::abs(a(p, q)) < 1e-15) continue;
        const double angle =
            0.5 * std::atan2(2 * a(p, q), a(q, q) - a(p, p));
        const double c = std::cos(angle), s = std::sin(angle);
        for (int k = 0; k < D; ++k) {
          const double kp = a(k, p), kq = a(k, q);
          a(k, p) = c * kp - s * kq, a(k, q) = s * kp + c * kq;
        }
        for (int k = 0; k < D; ++k) {
          const double pk = a(p, k), qk = a(q, k);
          a(p, k) = c * pk - s * qk, a(q, k) = s * pk + c * qk;
          const double vp = v(p, k), vq = v(q, k);
          v(p, k) = c * vp - s * vq, v(q, k) = s * vp + c * vq;
        }
      }
  std::vector<int> order;
  for (int i = 0; i < D; ++i) order.push_back(i);
  std::sort(order.begin(), order.end(),
            [&](int i, int j) { return a(i, i) > a(j, j); });
  std::vector<double> values;
  Tensor<double> vectors({D, D});
  for (int i = 0; i < D; ++i) {
    const int from = order[static_cast<std::size_t>(i)];
    values.push_back(a(from, from));
    for (int k = 0; k < D; ++k) vectors(i, k) = v(from, k);
  }
  return {values, vectors};
}

}  // namespace

TEST_CASE("seeing: power iteration against a direct decomposition",
          "[08]") {
  Tensor<double> points = random_tensor<double>({200, 6}, 8);
  for (int n = 0; n < 200; ++n)  // mixed, and spread unevenly
    for (int i = 0; i < 6; ++i)
      points(n, i) =
          (points(n, i) + 0.4 * points(n, (i + 1) % 6)) * (1.0 + 0.7 * i) +
          3.0 * i;
  const auto found = principal_components(points, 4);
  const auto [values, vectors] = jacobi(covariance(points, found.mean));
  double total = 0;
  for (const double value : values) total += value;
  CHECK_THAT(found.total_variance, WithinAbs(total, 1e-9));
  for (int k = 0; k < 4; ++k) {
    CAPTURE(k);
    CHECK_THAT(found.variances[static_cast<std::size_t>(k)],
               WithinAbs(values[static_cast<std::size_t>(k)], 1e-4));
    double alike = 0;
    for (int i = 0; i < 6; ++i)
      alike += found.directions(k, i) * vectors(k, i);
    CHECK_THAT(std::abs(alike), WithinAbs(1, 1e-6));
    double largest = 0;  // the sign: the largest entry is above 0
    for (int i = 0; i < 6; ++i)
      if (std::abs(found.directions(k, i)) > std::abs(largest))
        largest = found.directions(k, i);
    CHECK(largest > 0);
  }
  // The variance of the projections is what was promised.
  const Tensor<double> places = project(found, points);
  for (int k = 0; k < 4; ++k) {
    double sum = 0, squares = 0;
    for (int n = 0; n < 200; ++n) {
      sum += places(n, k) / 200;
      squares += places(n, k) * places(n, k) / 200;
    }
    CHECK_THAT(sum, WithinAbs(0, 1e-9));
    CHECK_THAT(
        squares,
        WithinAbs(found.variances[static_cast<std::size_t>(k)], 1e-4));
  }
  CHECK_THROWS_AS(principal_components(points, 7), std::invalid_argument);
  // Two points have one direction: nothing is left for a second one.
  const auto line =
      principal_components(Tensor<double>({2, 3}, {1, 0, 0, -1, 0, 0}), 2);
  CHECK(line.directions == Tensor<double>({2, 3}, {1, 0, 0, 0, 0, 0}));
  CHECK(line.variances == std::vector<double>{1, 0});
}

TEST_CASE("seeing: opinions are the largest probabilities", "[08]") {
  const Tensor<> logits({2, 3}, {0, std::log(2.0f), 0, 5, 5, 50});
  const std::vector<Opinion> all = opinions(logits);
  CHECK(all[0].said == 1);
  CHECK_THAT(all[0].probability, WithinAbs(0.5, 1e-6));
  CHECK(all[1].said == 2);
  CHECK_THAT(mean_sureness(all), WithinAbs(0.75, 1e-6));
  CHECK(share_above(all, 0.9f) == 0.5);
}

TEST_CASE("seeing: what probabilities promise, and what they keep",
          "[08]") {
  const std::vector<Opinion> said = {{1, 0.3f},  {2, 0.5f},  {3, 0.9f},
                                     {4, 0.75f}, {5, 0.99f}, {6, 1}};
  const std::vector<int> labels = {0, 2, 0, 4, 0, 6};
  const auto all = promises(said, labels, {0.5f, 0.9f, 0.99f});
  REQUIRE(all.size() == 4);  // a bound belongs to the interval above it
  const std::vector<int> counts = {1, 2, 1, 2}, wrong = {1, 0, 1, 1};
  const std::vector<double> promised = {0.7, 0.75, 0.1, 0.01};
  for (std::size_t k = 0; k < 4; ++k) {
    CAPTURE(k);
    CHECK(all[k].count == counts[k]);
    CHECK(all[k].wrong == wrong[k]);
    CHECK_THAT(all[k].promised_wrong, WithinAbs(promised[k], 1e-6));
  }
  CHECK_THAT(*mean_sureness_above(said, 0.9f),
             WithinAbs((0.9 + 0.99 + 1) / 3, 1e-6));
  CHECK_FALSE(mean_sureness_above(said, 1.5f).has_value());
  CHECK_THROWS_WITH(promises(said, {1}, {0.5f}),
                    "promises: expected 6 labels, got 1");
}

TEST_CASE("seeing: strangers are made as they are called", "[08]") {
  const Tensor<> image({2, 3}, {0, 0.5f, 1, 0.25f, 0, 0});
  CHECK(inverted(image) == Tensor<>({2, 3}, {1, 0.5f, 0, 0.75f, 1, 1}));
  CHECK(turned(image) == Tensor<>({3, 2}, {1, 0, 0.5f, 0, 0, 0.25f}));
  CHECK(shifted(image.reshaped({1, 1, 2, 3}), 0, 1) ==
        Tensor<>({1, 1, 2, 3}, {0, 0, 0.5f, 0, 0.25f, 0}));
  CHECK(shifted(image.reshaped({1, 1, 2, 3}), -1, 0) ==
        Tensor<>({1, 1, 2, 3}, {0.25f, 0, 0, 0, 0, 0}));
  CHECK(overlaid(image, inverted(image)) ==
        Tensor<>({2, 3}, {1, 0.5f, 1, 0.75f, 1, 1}));
  CHECK(to_the_right(image, 2) == Tensor<>({2, 3}, {0, 0, 0, 0, 0, 0.25f}));
}

TEST_CASE("seeing: a letter stands in the middle", "[08]") {
  const Tensor<> letter = letter_image("X");
  int ink = 0, top = 28, bottom = 0;
  for (int y = 0; y < 28; ++y)
    for (int x = 0; x < 28; ++x)
      if (letter(y, x) == 1) {
        ++ink;
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
  CHECK(ink > 50);
  CHECK(std::abs(top - (27 - bottom)) <= 1);  // in the middle
}

TEST_CASE("seeing: frozen parameters stay as they are", "[08]") {
  const Dataset data = noise_set(64);
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, {});
  std::vector<Tensor<>> before;
  for (const Parameter<>* it : network.parameters())
    before.push_back(it->value);
  Freezing optimizer(2, 0.9);
  train_fast(network, optimizer, data, {.epochs = 2});
  const auto parameters = network.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    CAPTURE(p);
    CHECK((parameters[p]->value == before[p]) == (p < 2));
  }
}

// ---- What the steps compute --------------------------------------------

namespace {

// Snapshots of a short training on noise.
const std::vector<Snapshot>& noise_run() {
  static const std::vector<Snapshot> run = [] {
    Experiment experiment;
    experiment.settings.epochs = 2;
    return compute_snapshots(
        noise_set(96), experiment, 4,
        [](const TrainingStep&, const Snapshot*) { return true; });
  }();
  return run;
}

}  // namespace

TEST_CASE("seeing: a watched training hands out its snapshots", "[08]") {
  Experiment experiment;
  experiment.settings.epochs = 2;
  std::vector<int> seen, taken;
  const auto watch = [&](const TrainingStep& now, const Snapshot* it) {
    seen.push_back(now.step);
    if (it) taken.push_back(it->step);
    return now.step < 5;
  };
  const auto run = compute_snapshots(noise_set(96), experiment, 5, watch);
  CHECK(seen == std::vector{1, 2, 3, 4, 5});  // of 6 steps
  CHECK(recorded_steps(6, 5) == std::vector{0, 1, 2, 3, 6});
  CHECK(taken == std::vector{1, 2, 3});
  REQUIRE(run.size() == 4);
  CHECK(run[0].step == 0);
  Network<> fresh = fresh_network(experiment);
  CHECK(run[0].values[0] == fresh.parameters()[0]->value);
  CHECK(run[3].values != run[2].values);
}

TEST_CASE("seeing: some moments include the first and the last", "[08]") {
  const std::vector<int> all = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(some_of(all, 3) == std::vector{0, 4, 8});
  CHECK(some_of(all, 20) == all);
  CHECK_THROWS_AS(some_of(all, 1), std::invalid_argument);
  std::vector<Snapshot> five(5);
  for (int i = 0; i < 5; ++i) five[static_cast<std::size_t>(i)].step = i;
  for (const int left : {5, 4}) {
    five.resize(static_cast<std::size_t>(left));
    const std::vector<Snapshot> half = every_other(five);
    CHECK(half.back().step == left - 1);
    CHECK(half[0].step == 1 - left % 2);
    CHECK(half[1].step == half[0].step + 2);
  }
}

TEST_CASE("seeing: what became of a network, moment by moment", "[08]") {
  const std::vector<Snapshot>& run = noise_run();
  const Dataset data = noise_set(50);
  const auto moments = compute_learning(run, data);
  REQUIRE(moments.size() == run.size());
  for (std::size_t i = 0; i < run.size(); ++i) {
    const LearningMoment& it = moments[i];
    FastNetwork network(digit_network, {1, 28, 28});
    for (std::size_t p = 0; p < 6; ++p)
      network.parameters()[p]->value = run[i].values[p];
    const std::vector<int> said = predictions(evaluate(network, data));
    int right = 0, most = 0;
    for (int k = 0; k < 10; ++k)
      most = std::max(
          most, static_cast<int>(std::count(said.begin(), said.end(), k)));
    for (std::size_t n = 0; n < 50; ++n) {
      right += said[n] == data.labels[n];
      CHECK(it.confusion(data.labels[n], said[n]) > 0);
    }
    CHECK(it.step == run[i].step);
    CHECK_THAT(it.accuracy, WithinAbs(right / 50.0, 1e-9));
    CHECK_THAT(it.commonest, WithinAbs(most / 50.0, 1e-9));
    REQUIRE(it.alike.size() == 3);  // weights, not biases
    for (std::size_t layer = 0; layer < 3; ++layer) {
      double squares = 0;
      const auto now = run[i].values[2 * layer].data();
      const auto start = run[0].values[2 * layer].data();
      for (std::size_t k = 0; k < now.size(); ++k)
        squares += std::pow(static_cast<double>(now[k] - start[k]), 2);
      CHECK_THAT(
          it.moved[layer],
          WithinAbs(std::sqrt(squares / static_cast<double>(now.size())),
                    1e-5));
    }
  }
  CHECK(moments[0].alike == std::vector<double>(3, moments[0].alike[0]));
  CHECK_THAT(moments[0].alike[0], WithinAbs(1, 1e-6));
  CHECK(moments.back().alike[2] < 0.999);
  CHECK(share_of_most_frequent({3, 1, 3, 4}) == 0.5);
  CHECK_THROWS_AS(share_of_most_frequent({}), std::invalid_argument);
}

TEST_CASE("seeing: strangers have nothing in common", "[08]") {
  Experiment experiment;
  const Snapshot start = noise_run().front();
  const Snapshot stranger = stranger_to(experiment);
  Snapshot end = start;  // filter 3 turned round, filter 5 doubled
  for (int ky = 0; ky < 5; ++ky)
    for (int kx = 0; kx < 5; ++kx) {
      end.values[0](3, 0, ky, kx) *= -1;
      end.values[0](5, 0, ky, kx) *= 2;
    }
  const auto likeness = compute_likeness(start, end, stranger);
  REQUIRE(likeness.filters.size() == 8);
  for (std::size_t co = 0; co < 8; ++co)
    CHECK_THAT(likeness.filters[co], WithinAbs(co == 3 ? -1 : 1, 1e-6));
  CHECK(std::abs(likeness.strangers) < 0.3);
  CHECK(compute_likeness(start, end, start).strangers > 0.999);
}

TEST_CASE("seeing: frozen runs differ in their seeds alone", "[08]") {
  Split digits{noise_set(64), noise_set(40), ""};
  Experiment experiment;
  experiment.settings.epochs = 1;
  int runs = 0, steps = 0;
  const auto after_step = [&](const TrainingStep&) { return ++steps > 0; };
  const auto all =
      compute_frozen(digits, experiment, 6, 2, after_step, [&] { ++runs; });
  CHECK(runs == 2);
  CHECK(steps == 4);
  REQUIRE(all.accuracies.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {  // all six frozen: the start
    experiment.settings.seed = 1 + i;
    Network<> fresh = fresh_network(experiment);
    FastNetwork network(digit_network, {1, 28, 28});
    copy_parameters(fresh, network);
    CHECK(all.accuracies[i] == accuracy(network, digits.held_out));
  }
}

TEST_CASE("seeing: a network with another's first layer", "[08]") {
  const std::vector<Snapshot>& run = noise_run();
  const Dataset data = noise_set(60);
  Snapshot mixed = run.back();
  mixed.values[0] = run.front().values[0];
  mixed.values[1] = run.front().values[1];
  CHECK(accuracy_with_first_layer(run.back(), run.front(), data) ==
        accuracy(*network_at(mixed), data));
  // Every image looks the same to it, by its weight or by its bias.
  Snapshot blind = run.front();
  blind.values[0] = Tensor<>(blind.values[0].shape());
  CHECK(accuracy_with_first_layer(run.back(), blind, data) == 0.1);
  blind = run.front();
  for (float& bias : blind.values[1].data()) bias = -1000;
  CHECK(accuracy_with_first_layer(run.back(), blind, data) == 0.1);
}

TEST_CASE("seeing: a digit is seen by the network of each moment", "[08]") {
  const std::vector<Snapshot>& run = noise_run();
  const Dataset data = noise_set(20);
  const Tensor<> digit = first_of(data, 3);
  CHECK(digit == picture_of(data.images, 3));
  CHECK_THROWS_WITH(first_of(noise_set(3), 3),
                    "expected a held-out 3, found none");
  const Seen seen = compute_seen(run, digit);
  REQUIRE(seen.size() == run.size());
  for (std::size_t i = 0; i < run.size(); ++i) {
    CHECK(seen[i].first == run[i].step);
    REQUIRE(seen[i].second.size() == digit_network.size());
    CHECK(seen[i].second[0].shape() == Shape{1, 8, 28, 28});
    CHECK(seen[i].second.back() ==
          network_at(run[i])->forward(digit.reshaped({1, 1, 28, 28}),
                                      Mode::evaluation));
  }
  CHECK(seen.front().second != seen.back().second);
}

TEST_CASE("seeing: a gradient outside of a field is counted", "[08]") {
  const auto network = network_at(noise_run().front());
  const Tensor<> images = random_tensor({60, 1, 28, 28}, 4);
  const auto fields = compute_fields(*network, images);
  REQUIRE(fields.size() == 6);
  for (const LayerField& it : fields) {
    CHECK(it.reached.inside == it.field.size * it.field.size);
    CHECK(it.reached.outside == 0);
  }
  CHECK(fields[3].side == 10);
  // A field that is a pixel too small on each side: the rim is outside.
  ReceptiveField small = fields[3].field;
  small.first += 1;
  small.size -= 2;
  const Reached rim =
      compute_reached(*network, images, 3, {60, 16, 10, 10}, small);
  CHECK(rim.inside == 144);
  CHECK(rim.outside == 52);
}

TEST_CASE("seeing: patches come with the digit most of them show", "[08]") {
  const Dataset data = noise_set(60);
  const Snapshot& end = noise_run().back();
  const Patches patches = compute_patches(end, data, 3);
  REQUIRE(patches.answers.size() == 16);
  REQUIRE(patches.majorities.size() == 16);
  double sum = 0;
  for (std::size_t c = 0; c < 16; ++c) {
    REQUIRE(patches.answers[c].size() == 9);
    int with_label = 0;
    for (const Answer& it : patches.answers[c])
      with_label += it.image % 10 == patches.majorities[c].label;
    CHECK(patches.majorities[c].count == with_label);
    sum += with_label;
  }
  CHECK(patches.mean_count() == sum / 16);
}

TEST_CASE("seeing: how many cells are at work, moment by moment", "[08]") {
  std::vector<Snapshot> run = {noise_run().front(), noise_run().front()};
  run[1].step = 7;
  for (const std::size_t p : {0u, 2u})
    run[1].values[p] = Tensor<>(run[1].values[p].shape());
  for (const std::size_t p : {1u, 3u})  // conv1's above 0, conv2's below
    for (float& bias : run[1].values[p].data()) bias = p == 1 ? 5.5f : -8;
  Tensor<> images({2, 1, 28, 28});
  images(0, 0, 14, 14) = 1;
  const auto moments = compute_activity(run, images);
  REQUIRE(moments.size() == 2);
  CHECK(moments[1].step == 7);
  CHECK(moments[1].everywhere == 1);
  CHECK(moments[1].on_ink[0] == 1);
  CHECK(moments[1].on_ink[1] == 0);
  CHECK_THAT(moments[1].bins[0].back(), WithinAbs(1, 1e-9));
  CHECK_THAT(moments[1].bins[1].front(), WithinAbs(1, 1e-9));
  // At the start all biases are 0, so no cell without ink is above 0.
  CHECK(moments[0].everywhere > 0);
  CHECK(moments[0].everywhere < 0.05);
  CHECK(moments[0].on_ink[0] > 0.2);
  const Tensor<> conv2 = network_at(run[0])->outputs(images)[3];
  const auto field = receptive_fields(digit_network)[3];
  const auto cells = cells_on_ink(conv2, sees_ink(images, field, 10));
  CHECK(moments[0].on_ink[1] == share_positive(cells));
  CHECK(moments[0].bins[1] == share_in_bins(cells, -6, 6, 12));
  CHECK(becomes_wide({0.1, 0.4, 0.4, 0.1}, {0.3, 0.35, 0.35, 0}));
  CHECK_FALSE(becomes_wide({0.1, 0.4, 0.4, 0.1}, {0, 0.4, 0.35, 0.25}));
}

TEST_CASE("seeing: dead filters are counted for each step size", "[08]") {
  const Dataset data = noise_set(20);
  Experiment experiment;
  experiment.settings.epochs = 9;
  std::vector<double> rates;
  const auto learn = [&](FastNetwork& network, const Experiment& it) {
    CHECK(it.settings.epochs == 2);
    rates.push_back(it.settings.learning_rate);
    const auto parameters = network.parameters();
    if (rates.size() == 2) parameters[1]->value(4) = -1000;
    if (rates.size() == 3)
      for (float& bias : parameters[3]->value.data()) bias = -1000;
    return rates.size() != 4;
  };
  const auto all = compute_dead(experiment, data, data, learn);
  REQUIRE(all.size() == 5);
  CHECK(std::adjacent_find(rates.begin(), rates.end(),
                           std::greater_equal<>()) == rates.end());
  for (std::size_t i = 0; i < 5; ++i) {
    CAPTURE(i);
    CHECK(all[i].learning_rate == rates[i]);
    CHECK(all[i].layer1 == (i == 1 ? 1 : 0));
    CHECK(all[i].layer2 == (i == 2 ? 16 : 0));
    CHECK(all[i].accuracy.has_value() == (i != 3));
  }
  CHECK(*all[2].accuracy == 0.1);  // one answer to all
  for (std::size_t i = 0; i < 5; ++i) CHECK(all[i].blind == (i == 2));
}

TEST_CASE("seeing: the dead of several seeds, from the least to the most",
          "[08]") {
  const auto all = over_seeds({{0.2, 7, 12, false, 0.9},
                               {0.2, 8, 16, true, 0.1},
                               {0.2, 6, 14, false, std::nullopt}});
  CHECK(all.learning_rate == 0.2);
  CHECK(all.layer1.least == 6);
  CHECK(all.layer1.most == 8);
  CHECK(all.layer2.least == 12);
  CHECK(all.layer2.most == 16);
  CHECK(all.blind == 1);
  CHECK(all.broken == 1);
  CHECK(all.accuracy->least == 0.1);
  CHECK(all.accuracy->most == 0.9);
  CHECK_FALSE(over_seeds({{0.8, 8, 16, true, {}}}).accuracy.has_value());
  CHECK_THROWS_AS(over_seeds({}), std::invalid_argument);
}

TEST_CASE("seeing: covering is counted, and the most affected shown",
          "[08]") {
  const Dataset data = noise_set(12);
  const auto network = network_at(noise_run().back());
  const CoveredDigits all = compute_covering(*network, data, 5, 0.5f);
  const std::vector<int> said = predictions(evaluate(*network, data));
  std::size_t right = 0, wrong = 0;
  for (std::size_t n = 0; n < 12; ++n) {
    wrong += said[n] != data.labels[n];
    right += n < 5 && said[n] == data.labels[n];
  }
  CHECK(all.right.size() == right);
  CHECK(all.wrong.size() == wrong);
  for (const Covered& it : all.wrong) {
    CHECK(it.said == said[static_cast<std::size_t>(it.image)]);
    CHECK_FALSE(it.lost);
    const auto cells = it.map.data();
    CHECK(it.least == *std::min_element(cells.begin(), cells.end()));
    CHECK(it.most == *std::max_element(cells.begin(), cells.end()));
  }
  CoveredDigits made;
  for (const float p : {0.5f, 0.2f, 0.9f}) {
    Covered it;
    it.least = it.most = p;
    it.lost = p < 0.4f;
    it.found = p > 0.4f;
    made.right.push_back(it);
    made.wrong.push_back(it);
  }
  CHECK(made.lost() == 1);
  CHECK(made.mended() == 2);
  const CoveredDigits two = most_affected(made, 2);
  REQUIRE(two.right.size() == 2);
  REQUIRE(two.wrong.size() == 2);
  CHECK(two.right[0].least == 0.2f);
  CHECK(two.right[1].least == 0.5f);
  CHECK(two.wrong[0].most == 0.9f);
  CHECK(two.wrong[1].most == 0.5f);
}

TEST_CASE("seeing: places in the hidden space, and the nearest mean",
          "[08]") {
  const Tensor<double> numbers({4, 3}, {0, 0, 9, 1, 0, 9,  //
                                        5, 5, 0, 5, 6, 0});
  const Dataset digits{Tensor<>({4, 1, 1, 3}), {0, 0, 1, 1}, 2};
  const Dataset known = as_data(numbers, digits);
  CHECK(known.images(1, 0, 0, 2) == 9);
  CHECK(on_a_page(numbers) ==
        Tensor<double>({4, 2}, {0, 0, 1, 0, 5, 5, 5, 6}));
  CHECK(share_near_own_mean(known, known) == 1);
  Dataset asked = known;
  asked.labels = {0, 1, 1, 1};
  CHECK(share_near_own_mean(known, asked) == 0.75);

  const Snapshot& end = noise_run().back();
  const Dataset some = noise_set(300), few = first(some, 40);
  const auto network = network_at(end);
  const Tensor<double> points = hidden(*network, some);
  const auto outputs = network->outputs(some.images);
  REQUIRE(points.shape() == Shape{300, 400});
  for (const int n : {0, 255, 256, 299})
    for (const int i : {0, 399})
      CHECK(static_cast<float>(points(n, i)) == outputs[6](n, i));
  const HiddenSpace space = compute_hidden_space(end, some, few, 3);
  const auto components = principal_components(points, 3);
  CHECK(space.step == end.step);
  CHECK(space.variance ==
        (components.variances[0] + components.variances[1]) /
            components.total_variance);
  CHECK(space.places ==
        on_a_page(project(components, hidden(*network, few))));
  CHECK(space.in_all ==
        share_near_own_mean(as_data(points, some),
                            as_data(hidden(*network, few), few)));
  // Two and three directions tell less than all 400 do of known digits.
  const HiddenSpace same = compute_hidden_space(end, some, some, 3);
  CHECK(same.in_two < same.in_all);
  CHECK(same.in_directions < same.in_all);
}

TEST_CASE("seeing: what the network says to strangers", "[08]") {
  const Dataset data = noise_set(20);
  const auto network = network_at(noise_run().back());
  const Tensor<> cross = random_tensor({28, 28}, 9);
  const auto all = compute_strangers(
      *network, strangers_among(data, {{"cross", cross}}, 3));
  REQUIRE(all.size() == 8);
  CHECK(all[0].image == Tensor<>({28, 28}));
  CHECK(all[3].name == "cross");
  CHECK(all[3].image == cross);
  CHECK(all[5].image == inverted(first_of(data, 4)));
  for (const Stranger& it : all) {
    CAPTURE(it.name);
    const Tensor<> logits = network->forward(
        it.image.reshaped({1, 1, 28, 28}), Mode::evaluation);
    const auto scores = logits.data();
    CHECK(it.opinion.said == predictions(logits)[0]);
    CHECK(it.logit == *std::max_element(scores.begin(), scores.end()));
    CHECK(it.opinion.probability == softmax(logits)(0, it.opinion.said));
  }
  CHECK_THROWS_WITH(strangers_among(noise_set(7), {}, 1),
                    "expected a held-out 7, found none");
}

TEST_CASE("seeing: how sure and how right, kind by kind", "[08]") {
  const Dataset data = noise_set(30);
  const auto network = network_at(noise_run().back());
  const auto kinds = compute_kinds(*network, data, 2);
  REQUIRE(kinds.size() == 5);
  const Tensor<> logits = evaluate(*network, data);
  CHECK(*kinds[0].right == accuracy(logits, data.labels));
  CHECK(kinds[0].mean_sureness == mean_sureness(opinions(logits)));
  CHECK(kinds[0].sure == share_above(opinions(logits), 0.99f));
  CHECK(kinds[0].promised == mean_sureness_above(opinions(logits), 0.99f));
  Dataset moved = data;
  moved.images = shifted(data.images, 0, 4);
  CHECK(*kinds[1].right ==
        accuracy(evaluate(*network, moved), data.labels));
  CHECK(kinds[1].mean_sureness != kinds[0].mean_sureness);
  CHECK_FALSE(kinds[3].right.has_value());
  CHECK_FALSE(kinds[4].right_of_sure.has_value());
  const std::vector<Opinion> said = {{1, 0.99f}, {2, 1}, {3, 0.5f}};
  CHECK(*share_right_above(said, {1, 0, 3}, 0.99f) == 0.5);
  CHECK(*share_right_above(said, {1, 0, 3}, 0.995f) == 0);
  CHECK_FALSE(share_right_above(said, {1, 0, 3}, 1.5f).has_value());
  CHECK_THROWS_AS(share_right_above(said, {1}, 0.9f),
                  std::invalid_argument);
}
