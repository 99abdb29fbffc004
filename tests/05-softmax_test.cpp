// Softmax, cross-entropy, their gradient, and the linear classifier.
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "05-softmax/decisions.hpp"
#include "05-softmax/examples.hpp"
#include "05-softmax/gradient_examples.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/linear_study.hpp"
#include "05-softmax/softmax.hpp"
#include "05-softmax/story_loss.hpp"
#include "05-softmax/templates.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

Tensor<double> random_logits(int N, int classes, double scale,
                             Random& random) {
  Tensor<double> logits({N, classes});
  for (double& z : logits.data())
    z = scale * static_cast<double>(random.normal());
  return logits;
}

std::vector<int> random_labels(int N, int classes, Random& random) {
  std::vector<int> labels;
  for (int n = 0; n < N; ++n) labels.push_back(random.below(classes));
  return labels;
}

// As many images as pixels, where image i has ink in pixel i alone. (N, 1,
// 1, N)
Dataset one_pixel_each(int N, int classes) {
  Dataset data;
  data.images = Tensor<>({N, 1, 1, N});
  for (int n = 0; n < N; ++n) {
    data.images(n, 0, 0, n) = 1;
    data.labels.push_back(n % classes);
  }
  data.classes = classes;
  return data;
}

}  // namespace

// ---- Softmax -----------------------------------------------------------

TEST_CASE("softmax: three scores worked by hand") {
  const Tensor<double> logits({2, 3}, {2, 1, -1, 0, 0, 0});
  for (const Tensor<double>& p : {softmax(logits), softmax_naive(logits)}) {
    REQUIRE(p.shape() == Shape{2, 3});
    // 7.389056 + 2.718282 + 0.367879 = 10.475217
    CHECK_THAT(p(0, 0), WithinAbs(7.389056 / 10.475217, 1e-6));
    CHECK_THAT(p(0, 1), WithinAbs(2.718282 / 10.475217, 1e-6));
    CHECK_THAT(p(0, 2), WithinAbs(0.367879 / 10.475217, 1e-6));
    for (int k = 0; k < 3; ++k)
      CHECK_THAT(p(1, k), WithinAbs(1.0 / 3, 1e-15));
  }
}

TEST_CASE("softmax: rows sum to 1, keep their order, agree with naive") {
  Random random(1);
  for (int trial = 0; trial < 50; ++trial) {
    const int N = 1 + random.below(6), classes = 1 + random.below(12);
    const Tensor<double> z = random_logits(N, classes, 4.0, random);
    const Tensor<double> p = softmax(z);
    CHECK(max_abs_difference(p, softmax_naive(z)) < 1e-14);
    for (int n = 0; n < N; ++n) {
      double sum = 0;
      for (int k = 0; k < classes; ++k) {
        sum += p(n, k);
        CHECK(p(n, k) > 0);
        for (int j = 0; j < classes; ++j)
          CHECK((z(n, j) < z(n, k)) == (p(n, j) < p(n, k)));
      }
      CHECK_THAT(sum, WithinAbs(1.0, 1e-14));
    }
  }
}

TEST_CASE("softmax: a difference of scores is a ratio of probabilities") {
  const Tensor<double> p = softmax(Tensor<double>({1, 2}, {5, 3.5}));
  CHECK_THAT(p(0, 0) / p(0, 1), WithinRel(std::exp(1.5), 1e-12));
}

TEST_CASE("softmax: adding one number to a row changes nothing") {
  Random random(2);
  const Tensor<double> z = random_logits(4, 7, 3.0, random);
  for (const double c : {-500.0, -3.0, 0.5, 500.0}) {
    Tensor<double> moved = z;
    for (int k = 0; k < 7; ++k) moved(2, k) += c;
    CHECK(max_abs_difference(softmax(z), softmax(moved)) < 1e-12);
  }
}

TEST_CASE("softmax: a thousand is too much for naive and not for stable") {
  const Tensor<> z({2, 3}, {1000, 999, 998, -1000, -1001, -1002});
  CHECK_FALSE(all_finite(softmax_naive(z)));
  const Tensor<> p = softmax(z);
  const Tensor<> expected = softmax_naive(Tensor<>({1, 3}, {2, 1, 0}));
  for (int n = 0; n < 2; ++n)
    for (int k = 0; k < 3; ++k)
      CHECK_THAT(p(n, k), WithinAbs(expected(0, k), 1e-6));
  const Tensor<> apart = softmax(Tensor<>({1, 2}, {1000, -1000}));
  CHECK(apart == Tensor<>({1, 2}, {1, 0}));
}

TEST_CASE("softmax: minus infinity is never chosen, a NaN is not hidden") {
  const Tensor<> p = softmax(Tensor<>({1, 3}, {0, -infinity, 0}));
  CHECK(p == Tensor<>({1, 3}, {0.5f, 0, 0.5f}));
  for (int where = 0; where < 3; ++where) {
    Tensor<> z({2, 3}, {1, 2, 3, 1, 2, 3});
    z(0, where) = not_a_number;
    const Tensor<> q = softmax(z);
    for (int k = 0; k < 3; ++k) {
      CHECK(std::isnan(q(0, k)));
      CHECK(std::isfinite(q(1, k)));
    }
  }
}

TEST_CASE("softmax: logits of another rank are refused") {
  const Tensor<> row({3});
  CHECK_THAT(message_of([&] { softmax(row); }),
             ContainsSubstring("softmax: logits expects 2 axes") &&
                 ContainsSubstring("(3)"));
  CHECK_THAT(message_of([&] { softmax_naive(row); }),
             ContainsSubstring("softmax_naive: logits expects 2 axes"));
  CHECK_THAT(message_of([&] { predictions(row); }),
             ContainsSubstring("predictions: logits expects 2 axes"));
}

// ---- Cross-entropy -----------------------------------------------------

TEST_CASE("cross_entropy: values worked by hand") {
  const Tensor<double> z({1, 3}, {2, 1, -1});
  const double at_a = std::log(10.475217) - 2;  // 0.349
  CHECK_THAT(cross_entropy(z, {0}), WithinAbs(at_a, 1e-6));
  CHECK_THAT(cross_entropy(z, {1}), WithinAbs(at_a + 1, 1e-6));
  CHECK_THAT(cross_entropy(z, {2}), WithinAbs(at_a + 3, 1e-6));
}

TEST_CASE("cross_entropy: equal scores cost ln of the number of classes") {
  for (int classes = 1; classes <= 20; ++classes)
    for (const double z : {0.0, 3.0, -1000.0})
      CHECK_THAT(cross_entropy(Tensor<double>({1, classes}, z), {0}),
                 WithinAbs(std::log(classes), 1e-12));
}

TEST_CASE("cross_entropy: -ln of softmax, and the mean over the batch") {
  Random random(3);
  for (int trial = 0; trial < 30; ++trial) {
    const int N = 1 + random.below(6), classes = 2 + random.below(9);
    const Tensor<double> z = random_logits(N, classes, 3.0, random);
    const std::vector<int> labels = random_labels(N, classes, random);
    const Tensor<double> p = softmax(z);
    double sum = 0;
    for (int n = 0; n < N; ++n)
      sum -= std::log(p(n, labels[static_cast<std::size_t>(n)]));
    CHECK_THAT(cross_entropy(z, labels), WithinAbs(sum / N, 1e-12));
  }
}

TEST_CASE("cross_entropy: finite for hopeless scores, 0 for sure ones") {
  const Tensor<> z({1, 2}, {1000, -1000});
  CHECK(cross_entropy(z, {0}) == 0.0f);
  CHECK(cross_entropy(z, {1}) == 2000.0f);
  CHECK(std::isinf(-std::log(softmax(z)(0, 1))));
}

TEST_CASE("cross_entropy: a NaN among the scores is not hidden") {
  for (int where = 0; where < 3; ++where) {
    Tensor<> z({2, 3});
    z(1, where) = not_a_number;
    CHECK(std::isnan(cross_entropy(z, {0, 0})));
  }
}

TEST_CASE("labels that do not fit are refused, by name") {
  const Tensor<> z({2, 3});
  const auto loss = [&](const Tensor<>& logits, std::vector<int> labels) {
    return message_of([&] { cross_entropy(logits, labels); });
  };
  CHECK_THAT(loss(z, {0}),
             ContainsSubstring("cross_entropy: logits (2, 3) expect 2 "
                               "labels and at least one, got 1"));
  CHECK_THAT(loss(z, {0, 1, 2}), ContainsSubstring("got 3"));
  CHECK_THAT(loss(Tensor<>({0, 3}), {}), ContainsSubstring("at least one"));
  CHECK_THAT(loss(z, {0, 3}),
             ContainsSubstring("expected labels from 0 to 2, got 3"));
  CHECK_THAT(loss(z, {-1, 0}), ContainsSubstring("got -1"));
  CHECK_THAT(loss(Tensor<>({6}), {0}), ContainsSubstring("2 axes"));
  CHECK_THAT(message_of([&] { cross_entropy_backward(z, {0}); }),
             ContainsSubstring("cross_entropy_backward: logits (2, 3)"));
  CHECK_THAT(message_of([&] {
               accuracy(z, {0, 7});
             }),
             ContainsSubstring("accuracy: expected labels from 0 to 2"));
  CHECK(loss(z, {0, 2}) == "nothing was thrown");
}

// ---- The gradient ------------------------------------------------------

TEST_CASE("cross_entropy_backward: p - y over N, by hand") {
  const Tensor<double> z({2, 2}, {0, 0, 0, 0});
  CHECK(cross_entropy_backward(z, {0, 1}) ==
        Tensor<double>({2, 2}, {-0.25, 0.25, 0.25, -0.25}));
}

TEST_CASE("cross_entropy_backward: central differences agree") {
  Random random(4);
  for (int trial = 0; trial < 60; ++trial) {
    const int N = 1 + random.below(6), classes = 1 + random.below(12);
    const double scale = 0.1 + 4 * static_cast<double>(random.uniform());
    const Tensor<double> z = random_logits(N, classes, scale, random);
    const std::vector<int> labels = random_labels(N, classes, random);
    const GradientCheck check =
        check_gradient("grad_logits", cross_entropy_backward(z, labels), z,
                       [&](const Tensor<double>& at) {
                         return cross_entropy(at, labels);
                       });
    INFO("N " << N << ", classes " << classes << ", scale " << scale);
    CHECK(check.error < 1e-6);
  }
}

TEST_CASE("cross_entropy_backward: every row sums to 0") {
  Random random(5);
  for (int trial = 0; trial < 30; ++trial) {
    const int N = 1 + random.below(6), classes = 1 + random.below(12);
    const Tensor<double> z = random_logits(N, classes, 5.0, random);
    const Tensor<double> grad =
        cross_entropy_backward(z, random_labels(N, classes, random));
    for (int n = 0; n < N; ++n) {
      double sum = 0;
      for (int k = 0; k < classes; ++k) sum += grad(n, k);
      CHECK_THAT(sum, WithinAbs(0.0, 1e-15));
    }
  }
}

TEST_CASE("cross_entropy_backward: scores of a thousand") {
  const Tensor<> z({2, 2}, {1000, -1000, 1000, -1000});
  CHECK(cross_entropy_backward(z, {0, 1}) ==
        Tensor<>({2, 2}, {0, 0, 0.5f, -0.5f}));
}

// ---- Predictions and accuracy ------------------------------------------

TEST_CASE("predictions: the largest score, of equals the first") {
  const Tensor<> z({4, 3}, {1, 5, 2,     //
                            3, 3, 1,     //
                            -2, -9, -2,  //
                            0, 1, 1});
  CHECK(predictions(z) == std::vector<int>{1, 0, 0, 1});
}

// It is found wherever it stands in a row, and whatever stands beside it.
TEST_CASE("runner_up: the largest score but for one, of equals the first") {
  const Tensor<double> logits({2, 4}, {3, 5, 4, 4, 2, -1, -3, -2});
  CHECK(runner_up(logits, 0, 1) == 2);
  CHECK(runner_up(logits, 0, 2) == 1);
  CHECK(runner_up(logits, 1, 0) == 1);
  CHECK_THAT(message_of([] {
               runner_up(Tensor<double>({1, 1}), 0, 0);
             }),
             ContainsSubstring("runner_up: no class but 0 in (1, 1)"));
}

TEST_CASE("a row that holds a NaN is no answer, and never right") {
  const std::vector<std::vector<float>> rows = {
      {0, 0, 0}, {1, 2, 3}, {-infinity, infinity, 0}};
  for (const std::vector<float>& row : rows)
    for (unsigned places = 1; places < 8; ++places) {
      Tensor<> z({2, 3}, {9, 1, 1, row[0], row[1], row[2]});
      for (int k = 0; k < 3; ++k)
        if ((places >> k & 1u) != 0) z(1, k) = not_a_number;
      CHECK(answer(z, 0) == 0);
      CHECK(answer(z, 1) == no_answer);
      CHECK(message_of([&] { predictions(z); }) ==
            "predictions: expected numbers, but row 1 of (2, 3) holds a "
            "NaN");
      for (int label = 0; label < 3; ++label)
        CHECK(accuracy(z, {0, label}) == 0.5);
    }
  CHECK_THROWS_AS(predictions(Tensor<>({2, 0})), std::invalid_argument);
}

TEST_CASE("accuracy: the share of rows that are right") {
  const Tensor<> z({4, 2}, {1, 0, 1, 0, 0, 1, 0, 1});
  CHECK(accuracy(z, {0, 0, 1, 1}) == 1.0);
  CHECK(accuracy(z, {0, 1, 1, 1}) == 0.75);
  CHECK(accuracy(z, {1, 1, 0, 0}) == 0.0);
}

// ---- The linear classifier ---------------------------------------------

TEST_CASE("flattened: one row per image, and only for batches of images") {
  Tensor<> images({2, 3, 2, 2});
  std::iota(images.data().begin(), images.data().end(), 0.0f);
  const Tensor<> rows = flattened(images);
  CHECK(rows.shape() == Shape{2, 12});
  CHECK(rows(1, 0) == images(1, 0, 0, 0));
  CHECK(rows(1, 11) == images(1, 2, 1, 1));
  CHECK_THAT(message_of([] {
               flattened(Tensor<>({28, 28}));
             }),
             ContainsSubstring("flattened: images expects 4 axes"));
}

TEST_CASE("scores: weight times pixel plus bias") {
  const LinearClassifier classifier{Tensor<>({2, 2}, {1, 2, -1, 3}),
                                    Tensor<>({2}, {10, 20})};
  const Tensor<> images({2, 1, 1, 2}, {1, 0, 2, 4});
  CHECK(scores(classifier, images) == Tensor<>({2, 2}, {11, 19, 20, 30}));
}

TEST_CASE("gradient_step: against the gradient") {
  Tensor<> parameter({3}, {1, 2, 3});
  gradient_step(parameter, Tensor<>({3}, {2, -4, 0}), 0.5f);
  CHECK(parameter == Tensor<>({3}, {0, 4, 3}));
}

TEST_CASE("train_linear: one step from zeros, by hand") {
  Dataset data;  // one image, two pixels, of class 1
  data.images = Tensor<>({1, 1, 1, 2}, {1, 0.5f});
  data.labels = {1};
  data.classes = 2;
  double first_loss = 0;
  const LinearClassifier learned =
      train_linear(data, {.epochs = 1, .batch = 1, .learning_rate = 2.0},
                   [&](const LinearStep& now) { first_loss = now.loss; });
  // p = (0.5, 0.5), p - y = (0.5, -0.5), times 2 and the ink
  CHECK(learned.weight == Tensor<>({2, 2}, {-1, -0.5f, 1, 0.5f}));
  CHECK(learned.bias == Tensor<>({2}, {-1, 1}));
  CHECK_THAT(first_loss, WithinAbs(std::log(2.0), 1e-6));
}

TEST_CASE("train_linear: the seed sets a new order for every epoch") {
  const Dataset data = one_pixel_each(8, 2);
  Random random(7);
  std::vector<int> expected = random.permutation(8);
  for (const int n : random.permutation(8)) expected.push_back(n);

  std::vector<int> seen;  // image n alone moves the weights of pixel n
  Tensor<> before({2, 8});
  train_linear(data, {.epochs = 2, .batch = 1, .seed = 7},
               [&](const LinearStep& now) {
                 for (int n = 0; n < 8; ++n)
                   if (now.classifier.weight(0, n) != before(0, n))
                     seen.push_back(n);
                 before = now.classifier.weight;
               });
  CHECK(seen == expected);
}

TEST_CASE("train_linear: an epoch is every image once, the rest as well") {
  const Dataset data = one_pixel_each(7, 3);
  std::vector<int> epochs, last_steps;
  int steps = 0;
  const LinearClassifier learned = train_linear(
      data, {.epochs = 2, .batch = 3}, [&](const LinearStep& now) {
        CHECK(now.step == ++steps);
        epochs.push_back(now.epoch);
        if (now.epoch_ends) last_steps.push_back(now.step);
      });
  CHECK(epochs == std::vector<int>{1, 1, 1, 2, 2, 2});
  CHECK(last_steps == std::vector<int>{3, 6});
  for (int n = 0; n < 7; ++n)
    for (int k = 0; k < 3; ++k)
      CHECK((learned.weight(k, n) > 0) == (n % 3 == k));
}

TEST_CASE("train_linear: what it is handed must make sense") {
  const Dataset data = one_pixel_each(4, 2);
  const auto error = [](const Dataset& train, LinearSettings settings) {
    return message_of([&] { train_linear(train, settings); });
  };
  CHECK_THAT(error({}, {}),
             ContainsSubstring("train_linear: expected images") &&
                 ContainsSubstring("got 0 images"));
  CHECK_THAT(error(data, {.epochs = -1}), ContainsSubstring("epochs -1"));
  CHECK_THAT(error(data, {.batch = 0}), ContainsSubstring("batch 0"));
  CHECK_THAT(error(data, {.learning_rate = 0}),
             ContainsSubstring("learning rate 0.0"));
  CHECK_THAT(error(data, {.learning_rate = std::nan("")}),
             ContainsSubstring("learning rate nan"));
  CHECK_THAT(error(data, {.learning_rate = HUGE_VAL}),
             ContainsSubstring("learning rate inf"));
  CHECK(error(data, {.epochs = 0}) == "nothing was thrown");
}

TEST_CASE("train_linear: begins at ln 10 and learns ten digits by heart") {
  const Dataset ten = first(embedded_digits().train, 10);
  std::vector<double> losses;
  const LinearClassifier learned = train_linear(
      ten, {.epochs = 60, .batch = 10},
      [&](const LinearStep& now) { losses.push_back(now.loss); });
  CHECK_THAT(losses.front(), WithinAbs(std::log(10.0), 1e-6));
  CHECK(losses.back() < 0.1);
  CHECK(accuracy(scores(learned, ten.images), ten.labels) == 1.0);
}

TEST_CASE("train_linear: the same seed gives the same bits") {
  const Dataset some = first(embedded_digits().train, 150);
  const LinearClassifier a = train_linear(some, {.epochs = 2});
  const LinearClassifier b = train_linear(some, {.epochs = 2});
  const LinearClassifier c = train_linear(some, {.epochs = 2, .seed = 2});
  CHECK(a.weight == b.weight);
  CHECK(a.bias == b.bias);
  CHECK_FALSE(a.weight == c.weight);
}

TEST_CASE("train_linear: reads 88 % of the held-out digits", "[slow]") {
  const Split digits = embedded_digits();
  const LinearClassifier learned =
      train_linear(digits.train, {.epochs = 2});
  const Tensor<> logits = scores(learned, digits.held_out.images);
  CHECK(accuracy(logits, digits.held_out.labels) >= 0.88);
  CHECK(cross_entropy(logits, digits.held_out.labels) < 0.5f);
}

// ---- The program's experiments -----------------------------------------

TEST_CASE("the score table: shares, powers of e, probabilities, sums") {
  const ScoreTable table = compute_score_table(Tensor<>({1, 2}, {3, 1}));
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].share == 0.75f);
  CHECK_THAT(table.rows[1].exponential, WithinAbs(2.7182817f, 1e-6f));
  CHECK_THAT(table.rows[0].p, WithinAbs(0.8807971f, 1e-6f));
  CHECK(table.sum.z == 4);
  CHECK(table.sum.share == 1);
  CHECK_THAT(table.sum.p, WithinAbs(1.0f, 1e-6f));
}

TEST_CASE("a pair's ratio is e to the difference of the scores") {
  const PairRatio pair = compute_ratio(example_logits(), 0, 2);
  CHECK(pair.difference == 3);
  CHECK_THAT(pair.ratio, WithinRel(pair.exponential, 1e-5f));
  CHECK_THAT(pair.exponential, WithinAbs(20.085537f, 1e-4f));
}

TEST_CASE("temperatures level the probabilities out, in their order") {
  const auto rows = at_temperatures(example_logits(), {0.5f, 1, 10});
  CHECK(max_abs_difference(rows[1], softmax(example_logits())) == 0);
  CHECK(levels_out(rows));
  CHECK_FALSE(levels_out({rows[2], rows[1]}));
  CHECK_FALSE(levels_out(
      {Tensor<>({1, 2}, {0.9f, 0.1f}), Tensor<>({1, 2}, {0.4f, 0.6f})}));
}

TEST_CASE("shifts change no probability") {
  const auto shifts = compute_shifts(example_logits(), {0, 100});
  REQUIRE(shifts.size() == 2);
  CHECK(shifts[1].added == 100);
  CHECK(shifts[1].change == 0);
  // Near a million, neighbouring floats are a sixteenth apart.
  CHECK(compute_shifts(Tensor<>({1, 2}, {0.01f, 0}), {1e6f})[0].change > 0);
}

TEST_CASE("what a truth costs, in three ways") {
  const Cost cost = cost_of(Tensor<>({1, 10}), 3);
  CHECK_THAT(cost.p, WithinAbs(0.1f, 1e-7f));
  CHECK_THAT(cost.minus_ln, WithinAbs(2.3025851f, 1e-6f));
  CHECK_THAT(cost.cross_entropy, WithinAbs(2.3025851f, 1e-6f));
  const ThreeLosses losses =
      compute_three_losses(Tensor<>({1, 2}, {0, -200}), 1);
  CHECK(losses.naive == infinity);
  CHECK(losses.stable == infinity);
  CHECK(losses.together == 200);
}

TEST_CASE("the example's gradient is p - y and agrees with its measure") {
  const MeasuredGradient gradient = measure_gradient(example_logits(), 1);
  CHECK_THAT(gradient.computed(0, 1), WithinAbs(-0.740504, 1e-6));
  CHECK(max_abs_difference(gradient.computed, gradient.measured) < 1e-8);
  CHECK_THAT(gradient.sum, WithinAbs(0, 1e-12));
  const Tensor<> after = after_one_step(example_logits(), 1);
  CHECK_THAT(after(0, 1), WithinAbs(1.740504f, 1e-5f));
  CHECK_THAT(after(0, 0), WithinAbs(1.294615f, 1e-5f));
}

TEST_CASE(
    "the square pulls with -2 (1 - p)^2 p, cross-entropy with p - 1") {
  std::vector<Pull> pulls;
  for (int truth = 0; truth < 3; ++truth) {
    const Pull pull = compute_pull(example_logits(), truth);
    CHECK_THAT(pull.cross_entropy, WithinAbs(pull.p - 1, 1e-12));
    CHECK_THAT(pull.squared,
               WithinAbs(-2 * (1 - pull.p) * (1 - pull.p) * pull.p, 1e-8));
    pulls.push_back(pull);
  }
  CHECK(square_forsakes_the_least(pulls));
  CHECK_FALSE(square_forsakes_the_least({{0.1, -0.9, -0.5}, {0.9, 0, 0}}));
}

TEST_CASE("an image repeated: its row shrinks, the sum does not") {
  const RepeatedImage one = repeat_image(example_logits(), 1, 1);
  const RepeatedImage four = repeat_image(example_logits(), 1, 4);
  CHECK_THAT(four.row(0, 0), WithinRel(one.row(0, 0) / 4, 1e-6f));
  CHECK_THAT(four.sum_for_truth, WithinRel(one.sum_for_truth, 1e-6f));
  CHECK(one.row.shape() == Shape{1, 3});
}

TEST_CASE("a batch of random scores passes the gradient check") {
  const BatchCheck check = check_batch(1);
  CHECK(check.error < 1e-6);
  CHECK(check.error > 0);  // central differences are never exact
  CHECK(check.largest_sum < 1e-12);
}

TEST_CASE("learn_and_record: a batch of none is refused") {
  const Dataset train = one_pixel_each(12, 3);
  CHECK(message_of([&] {
          learn_and_record({train, train, ""}, {4, 0, 0.3, 1});
        }).rfind("train_linear: expected images, ", 0) == 0);
}

TEST_CASE("learn_and_record: steps, epochs and the weights it keeps") {
  const Dataset train = one_pixel_each(12, 3);
  const Split same{train, first(train, 6), ""};
  const LinearSettings settings{4, 5, 0.3, 1};
  CHECK(steps_of(same.train, settings) == 12);
  int steps = 0;
  std::vector<EpochEnd> ends;
  const Learned learned = learn_and_record(
      same, settings, [&](const LinearStep&) { ++steps; },
      [&](const EpochEnd& now) { ends.push_back(now); });
  CHECK(steps == 12);
  const LearningRecord& record = learned.record;
  REQUIRE(record.loss.size() == 12);
  REQUIRE(record.weights.size() == 3);  // steps 1, 10 and the last
  CHECK(record.weights[1].first == 10);
  CHECK(record.weights[2].second == learned.classifier.weight);
  CHECK(record.epoch_step == std::vector<double>{3, 6, 9, 12});
  REQUIRE(ends.size() == 4);
  CHECK(ends[3].epoch == 4);
  CHECK_THAT(
      ends[1].training_loss,
      WithinAbs((record.loss[3] + record.loss[4] + record.loss[5]) / 3,
                1e-12));
  CHECK(ends[3].held_out_loss == record.held_out_loss[3]);
  CHECK(ends[3].held_out_loss ==
        static_cast<double>(
            cross_entropy(scores(learned.classifier, same.held_out.images),
                          same.held_out.labels)));
}

TEST_CASE("falls_at_first: half of the fall by step 100") {
  std::vector<double> loss(200, 1.0);
  loss.front() = 2;
  CHECK(falls_at_first(loss));
  for (std::size_t i = 0; i < 150; ++i) loss[i] = 2;
  CHECK_FALSE(falls_at_first(loss));
  CHECK(falls_at_first({2, 1}));
  loss.assign(200, 0.5);  // lower at step 100, and yet no fall as a whole
  loss.front() = 1;
  loss.back() = 2;
  CHECK_FALSE(falls_at_first(loss));
}

TEST_CASE("first_templates are what one step from zeros gives") {
  Random random(4);
  Dataset train;
  train.images = Tensor<>({30, 1, 2, 3});
  for (float& ink : train.images.data()) ink = random.uniform();
  for (int n = 0; n < 30; ++n) train.labels.push_back(random.below(10));
  train.classes = 10;
  const LinearSettings settings{1, 20, 0.5, 9};
  Tensor<> first_step;
  train_linear(train, settings, [&](const LinearStep& now) {
    if (now.step == 1) first_step = now.classifier.weight;
  });
  CHECK(max_abs_difference(first_step, first_templates(train, settings)) <
        1e-7f);
  CHECK(max_abs_difference(first_step, Tensor<>({10, 6})) > 0.01f);
}

TEST_CASE("block_means and the hole in the middle") {
  const Tensor<> map({2, 4}, {1, 3, 0, 4, 5, 7, 2, 2});
  CHECK(block_means(map, 2) == Tensor<>({1, 2}, {4, 2}));
  CHECK(block_means(Tensor<>({3, 3}, 1.0f), 2) == Tensor<>({1, 1}, 1.0f));
  Tensor<> ring({3, 3}, 1.0f);
  CHECK_FALSE(has_hole(ring));
  ring(1, 1) = -1;
  CHECK(has_hole(ring));
  CHECK(template_of(Tensor<>({2, 4}, {0, 0, 0, 0, 1, 2, 3, 4}), 1, 2, 2) ==
        Tensor<>({2, 2}, {1, 2, 3, 4}));
}

TEST_CASE("runner_up: the largest but for one class, of equals the first") {
  const Tensor<> z({2, 4}, {3, 1, 2, 2, 0, 5, 0, 0});
  CHECK(runner_up(z, 0, 0) == 2);
  CHECK(runner_up(z, 0, 2) == 0);
  CHECK(runner_up(z, 1, 1) == 0);
}

TEST_CASE("first_hesitation: right, but with less than 90 %") {
  const Tensor<> p({4, 2}, {0.95f, 0.05f, 0.6f, 0.4f,  //
                            0.2f, 0.8f, 0.3f, 0.7f});
  CHECK(first_hesitation(p, {0, 1, 1, 1}) == 2);
  CHECK(first_hesitation(p, {0, 0, 1, 1}) == 1);
  CHECK(first_hesitation(p, {0, 1, 0, 0}) == std::nullopt);
}

TEST_CASE("score_sums: what speaks for a class and what against it") {
  const LinearClassifier classifier{
      Tensor<>({2, 4}, {9, 9, 9, 9, 1, -2, 3, -4}), Tensor<>({2})};
  const Tensor<> digit({2, 2}, {1, 0.5f, 2, 1});
  const ScoreSums sums = score_sums(classifier, digit, 1);
  CHECK(sums.positive == 7);
  CHECK(sums.negative == -5);
}

TEST_CASE("compute_calibration: answers sorted by their probability") {
  // p = 1 / (1 + e^-z): 0.5, 0.731, 0.953, 0.99995
  const Tensor<> z({4, 2}, {0, 0, 1, 0, 0, 3, 10, 0});
  const auto groups = compute_calibration(z, {0, 1, 1, 0});
  REQUIRE(groups.size() == 6);
  CHECK(groups[0].digits == 0);
  for (std::size_t i = 1; i < 5; ++i) CHECK(groups[i].digits == 1);
  CHECK(groups[2].right == 0);
  CHECK(groups[3].right == 1);
  CHECK(groups[5].digits == 4);
  CHECK(groups[5].share_right() == 0.75);
  CHECK_THAT(groups[2].mean_said(), WithinAbs(0.7310586, 1e-6));
}

TEST_CASE("costliest: the misread, the worst first") {
  const Dataset data = one_pixel_each(4, 2);  // labels 0, 1, 0, 1
  const Tensor<> z({4, 2}, {0, 1, 0, 9, 0, 5, 2, 0});
  const auto misread = costliest(data, z, 2);
  REQUIRE(misread.size() == 2);
  CHECK(misread[0].image == 2);
  CHECK(misread[1].image == 3);
  CHECK(misread[0].said == 1);
  CHECK(misread[0].truth == 0);
  CHECK_THAT(misread[1].loss, WithinAbs(2.126928f, 1e-5f));
}

TEST_CASE("score_lead: squares and biases add up to the scores' lead") {
  const Split digits = embedded_digits();
  const LinearClassifier classifier =
      train_linear(first(digits.train, 300), {.epochs = 2});
  const Tensor<> image = item(digits.held_out.images, 5);
  const Tensor<> digit = image.reshaped({28, 28});
  const Tensor<> z = scores(classifier, image.reshaped({1, 1, 28, 28}));
  const Tensor<> lead = score_lead(classifier, digit, 6, 2, 7);
  REQUIRE(lead.shape() == Shape{4, 4});
  float sum = classifier.bias(6) - classifier.bias(2);
  for (const float number : lead.data()) sum += number;
  CHECK_THAT(sum, WithinAbs(z(0, 6) - z(0, 2), 1e-4));
  float score = classifier.bias(6);
  const Tensor<> squares = score_squares(classifier, digit, 6, 7);
  for (const float number : squares.data()) score += number;
  CHECK_THAT(score, WithinAbs(z(0, 6), 1e-4));
  // One square by hand, row 1, column 2.
  float square = 0;
  for (int y = 7; y < 14; ++y)
    for (int x = 14; x < 21; ++x)
      square += digit(y, x) * (classifier.weight(6, 28 * y + x) -
                               classifier.weight(2, 28 * y + x));
  CHECK_THAT(lead(1, 2), WithinAbs(square, 1e-4));
}

TEST_CASE("split_to_choose: seven eighths to learn from, the rest apart") {
  const Dataset train = first(embedded_digits().train, 80);
  const Split parts = split_to_choose(train);
  REQUIRE(parts.train.size() == 70);
  REQUIRE(parts.held_out.size() == 10);
  CHECK(parts.train.labels.front() == train.labels.front());
  CHECK(parts.held_out.labels.back() == train.labels.back());
  CHECK(item(parts.held_out.images, 0) == item(train.images, 70));
}

TEST_CASE("a study's runs begin with their own seeds and rates") {
  const Split all = embedded_digits();
  const Split digits = {first(all.train, 200), first(all.held_out, 100),
                        ""};
  const LinearSettings settings{.epochs = 2, .seed = 7};
  int runs = 0;
  const std::vector<double> shares =
      accuracies_at(digits, settings, 0.1, 2, [&] { ++runs; });
  REQUIRE(shares.size() == 2);
  CHECK(runs == 2);
  const LinearClassifier second = train_linear(
      digits.train, {.epochs = 2, .learning_rate = 0.1, .seed = 8});
  CHECK(shares[1] == accuracy(scores(second, digits.held_out.images),
                              digits.held_out.labels));
  const auto some = train_some(digits.train, settings, 2);
  CHECK(some[0].weight == train_linear(digits.train, settings).weight);
  CHECK_FALSE(some[0].weight == some[1].weight);
}

TEST_CASE("compute_epoch_means: the mean of what the runs recorded") {
  const Split all = embedded_digits();
  const Split digits = {first(all.train, 150), first(all.held_out, 80), ""};
  const LinearSettings settings{.epochs = 3};
  const auto means = compute_epoch_means(digits, settings, {1, 3}, 2);
  REQUIRE(means.size() == 2);
  CHECK(means[1].epoch == 3);
  std::vector<double> losses;
  for (int i = 0; i < 2; ++i)
    losses.push_back(learn_and_record(digits, settings_of_run(settings, i))
                         .record.held_out_loss.back());
  CHECK(losses[0] != losses[1]);
  CHECK_THAT(means[1].held_out_loss.mean,
             WithinAbs((losses[0] + losses[1]) / 2, 1e-12));
  CHECK(means[1].training_loss.mean < means[0].training_loss.mean);
}

TEST_CASE("accuracy_when_moved: a digit that is gone is not read") {
  LinearClassifier classifier{Tensor<>({2, 4}, {0, 0, 0, 0, 2, 0, 2, 0}),
                              Tensor<>({2}, {1, 0})};
  Dataset data;  // ink at the left is class 1, and nothing class 0
  data.images = Tensor<>({2, 1, 2, 2}, {1, 0, 1, 0, 0, 0, 0, 0});
  data.labels = {1, 0};
  data.classes = 2;
  CHECK(accuracy_when_moved(classifier, data, 0) == 1.0);
  CHECK(accuracy_when_moved(classifier, data, 1) == 0.5);
}

TEST_CASE("compute_confidence_means: each group's mean over classifiers") {
  const Split all = embedded_digits();
  const Dataset train = first(all.train, 300);
  const Dataset data = first(all.held_out, 200);
  const auto some = train_some(train, {.epochs = 2}, 2);
  const auto means = compute_confidence_means(some, data);
  REQUIRE(means.back().said == "all");
  CHECK(means.back().digits.mean == 200);
  double right = 0;
  for (const LinearClassifier& it : some)
    right += accuracy(scores(it, data.images), data.labels) / 2;
  CHECK_THAT(means.back().share_right.mean, WithinAbs(right, 1e-12));
}

TEST_CASE("compute_story_moments: from ln 10 on, and never learned from") {
  const Split all = embedded_digits();
  const Dataset train = first(all.train, 200);
  const LinearSettings settings{.epochs = 2};
  const Tensor<> image = item(all.held_out.images, 2);
  const auto moments =
      compute_story_moments(train, settings, image, 3, {1});
  REQUIRE(moments.size() == 3);
  CHECK(moments[0].step == 0);
  CHECK_THAT(moments[0].loss, WithinAbs(std::log(10.0f), 1e-5));
  CHECK(moments[1].step == 1);
  CHECK(moments[2].step == 4);  // two epochs of two batches
  const LinearClassifier last = train_linear(train, settings);
  const Tensor<> z = scores(last, image.reshaped({1, 1, 28, 28}));
  CHECK(moments[2].loss == cross_entropy(z, {3}));
  CHECK(moments[2].p_truth == softmax(z)(0, 3));
  float score = last.bias(3);
  for (const float product : moments[2].products.data()) score += product;
  CHECK_THAT(score, WithinAbs(z(0, 3), 1e-4));
}
