// Chapter 12's remedies, and how sure we may be of them.
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "12-generalization/soft_targets.hpp"
#include "12-generalization/statistics.hpp"
#include "12-generalization/weight_decay.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/reference.hpp"

using namespace cnn;

// ---- Weight decay ------------------------------------------------------

TEST_CASE("generalization: weight decay spares biases", "[12]") {
  Parameter<> weight{"weight", Tensor<>({2}, 4.0f), Tensor<>({2}), 3};
  Parameter<> bias{"bias", Tensor<>({1}, 4.0f), Tensor<>({1})};
  Decaying sgd(std::make_unique<Sgd>(), 0.5);
  sgd.step({&weight, &bias}, 0.25);
  CHECK(weight.value(0) == 4.0f - 0.25f * 0.5f * 4.0f);
  CHECK(bias.value(0) == 4.0f);
  Decaying plain(std::make_unique<Sgd>(), 0);
  weight.gradient(1) = 2;
  plain.step({&weight}, 0.25);
  CHECK(weight.value(1) == 3.0f);  // 3.5 - 0.25 * 2
}

TEST_CASE("generalization: decay goes through the velocity", "[12]") {
  Parameter<> w{"w", Tensor<>({1}, 8.0f), Tensor<>({1}), 1};
  Decaying sgd(std::make_unique<Sgd>(0.5), 0.25);
  sgd.step({&w}, 0.5);
  CHECK(w.value(0) == 7.0f);  // v = 2
  w.gradient(0) = 0;
  sgd.step({&w}, 0.5);
  CHECK(w.value(0) == 5.625f);  // v = 1 + 1.75
  CHECK(sgd.state().at(0)(0) == 2.75f);
  Decaying other(std::make_unique<Sgd>(0.5), 0.25);
  other.restore(sgd.state());
  w.gradient(0) = 0;
  other.step({&w}, 0.5);
  CHECK(w.value(0) == 5.625f - 0.5f * (1.375f + 0.25f * 5.625f));
}

TEST_CASE("generalization: a decay that is none is refused", "[12]") {
  const auto make = [](double decay) {
    return Decaying(std::make_unique<Sgd>(), decay);
  };
  CHECK_NOTHROW(make(0));
  CHECK_THROWS_AS(make(-1), std::invalid_argument);
  CHECK_THROWS_AS(make(std::nan("")), std::invalid_argument);
  CHECK_THROWS_AS(make(std::numeric_limits<double>::infinity()),
                  std::invalid_argument);
}

// ---- Label smoothing ---------------------------------------------------

namespace {

Tensor<double> random_scores(int N, int K, double scale, Random& random) {
  Tensor<double> z({N, K});
  for (double& number : z.data())
    number = scale * static_cast<double>(random.normal());
  return z;
}

// The summed loss of some rows, and its gradient.
double smoothed_sum(const Tensor<double>& z, const std::vector<int>& labels,
                    double smoothing, Tensor<double>& grad) {
  grad = Tensor<double>(z.shape());
  double sum = 0;
  for (int n = 0; n < z.extent(0); ++n)
    sum += smoothed_cross_entropy(row_of(z, n),
                                  labels[static_cast<std::size_t>(n)],
                                  smoothing, row_of(grad, n));
  return sum;
}

}  // namespace

TEST_CASE("generalization: without smoothing it is chapter 05's loss",
          "[12]") {
  Random random(1);
  for (int trial = 0; trial < 30; ++trial) {
    const int N = 1 + random.below(5), K = 1 + random.below(12);
    const Tensor<double> z = random_scores(N, K, 3, random);
    std::vector<int> labels;
    for (int n = 0; n < N; ++n) labels.push_back(random.below(K));
    Tensor<double> grad;
    const double loss = smoothed_sum(z, labels, 0.0, grad) / N;
    CHECK_THAT(loss, WithinAbs(cross_entropy(z, labels), 1e-12));
    for (double& number : grad.data()) number /= N;
    CHECK(max_abs_difference(grad, cross_entropy_backward(z, labels)) <
          1e-12);
  }
}

TEST_CASE("generalization: smoothed cross-entropy by hand", "[12]") {
  // p = (1/2, 1/4, 1/4), smoothing .3: y = (.8, .1, .1)
  const double z[] = {std::log(2.0), 0.0, 0.0};
  double grad[3] = {};
  const double loss = smoothed_cross_entropy<double>(z, 0, 0.3, grad);
  CHECK_THAT(loss,
             WithinAbs(0.8 * std::log(2.0) + 0.2 * std::log(4.0), 1e-12));
  CHECK_THAT(grad[0], WithinAbs(0.5 - 0.8, 1e-12));
  CHECK_THAT(grad[1], WithinAbs(0.25 - 0.1, 1e-12));
  CHECK_THAT(grad[2], WithinAbs(0.25 - 0.1, 1e-12));
}

TEST_CASE("generalization: smoothed cross-entropy against differences",
          "[12]") {
  Random random(2);
  for (int trial = 0; trial < 60; ++trial) {
    const int N = 1 + random.below(5), K = 1 + random.below(12);
    const double smoothing = 0.9 * static_cast<double>(random.uniform());
    const Tensor<double> z = random_scores(N, K, 2, random);
    std::vector<int> labels;
    for (int n = 0; n < N; ++n) labels.push_back(random.below(K));
    Tensor<double> grad, ignored;
    smoothed_sum(z, labels, smoothing, grad);
    const GradientCheck check =
        check_gradient("logits", grad, z, [&](const Tensor<double>& at) {
          return smoothed_sum(at, labels, smoothing, ignored);
        });
    INFO("N " << N << ", K " << K << ", smoothing " << smoothing);
    CHECK(check.error < 1e-6);
  }
}

TEST_CASE("generalization: smoothing wants no certainty", "[12]") {
  // The loss is least where p is the smoothed truth, and there the gradient
  // is 0; a sure answer costs more, and a hopeless one is still finite.
  const float s = 0.1f, right = std::log(0.91f), wrong = std::log(0.01f);
  std::vector<float> z(10, wrong), grad(10);
  z[3] = right;
  const float least = smoothed_cross_entropy<float>(z, 3, s, grad);
  for (const float number : grad) CHECK(std::abs(number) < 1e-6f);
  z[3] += 10;
  CHECK(smoothed_cross_entropy<float>(z, 3, s, grad) > least + 0.5f);
  CHECK(grad[3] > 0.05f);  // down again
  z[3] = -1000;
  CHECK(std::isfinite(smoothed_cross_entropy<float>(z, 3, s, grad)));
}

TEST_CASE("generalization: smoothing that is none is refused", "[12]") {
  CHECK_NOTHROW(smoothed_loss(0));
  CHECK_THROWS_AS(smoothed_loss(1), std::invalid_argument);
  CHECK_THROWS_AS(smoothed_loss(-0.1), std::invalid_argument);
  CHECK_THROWS_AS(smoothed_loss(std::nan("")), std::invalid_argument);
  std::vector<float> z(3), grad(3), few(2);
  const ImageLoss loss = smoothed_loss(0.1);
  CHECK_THROWS_AS(loss(z, 3, grad), std::invalid_argument);
  CHECK_THROWS_AS(loss(z, -1, grad), std::invalid_argument);
  CHECK_THROWS_AS(loss(z, 0, few), std::invalid_argument);
}

// ---- A loss of one's own, in both engines ------------------------------

TEST_CASE("generalization: both engines learn with the loss they are given",
          "[12]") {
  const Dataset digits = first(embedded_digits().train, 50);
  const std::vector<int> fifty = count_up(50);
  FastNetwork fast(digit_network, {1, 28, 28});
  start(fast, {});
  Network<>& plain = fast.plain();
  for (const double smoothing : {0.0, 0.2}) {
    const ImageLoss own = smoothed_loss(smoothing);
    const Batch batch{digits, fifty, 1, nullptr, &own};
    Tensor<> logits, other;
    const double expected = gradients_of(plain)(batch, logits);
    std::vector<Tensor<>> gradients;
    for (const Parameter<>* it : plain.parameters())
      gradients.push_back(it->gradient);
    CHECK_THAT(gradients_of(fast)(batch, other), WithinAbs(expected, 1e-5));
    CHECK(max_abs_difference(logits, other) < 1e-4f);
    for (std::size_t p = 0; p < gradients.size(); ++p)
      CHECK(max_abs_difference(gradients[p],
                               fast.parameters()[p]->gradient) < 1e-4f);
    const Batch usual{digits, fifty};
    Tensor<> again;
    const double plainly = gradients_of(fast)(usual, again);
    CHECK((std::abs(plainly - expected) < 1e-5) == (smoothing == 0));
  }
}

TEST_CASE("generalization: training hands its loss on, for any threads",
          "[12]") {
  const Dataset digits = first(embedded_digits().train, 64);
  TrainingSettings settings;
  settings.epochs = 1;
  const auto trained = [&](int threads) {
    FastNetwork network(digit_network, {1, 28, 28}, {.threads = threads});
    start(network, {});
    Sgd sgd(0.9);
    train_fast(network, sgd, digits, settings);
    return Tensor<>(network.parameters().front()->value);
  };
  const Tensor<> usual = trained(1);
  settings.loss = smoothed_loss(0.1);
  const Tensor<> one = trained(1);
  CHECK(!(one == usual));
  CHECK(one == trained(3));
}

// ---- How sure are we ---------------------------------------------------

namespace {

// Calls visit(row) for the rows of a table of SciPy's.
template <class Visit>
void for_rows_of(const Tensor<double>& table, const Visit& visit) {
  for (int i = 0; i < table.extent(0); ++i) visit(row_of(table, i));
}

}  // namespace

TEST_CASE("generalization: the statistics are SciPy's", "[12]") {
  const Reference reference("statistics.txt");
  for_rows_of(reference["student.share"], [](const auto& row) {
    INFO("t " << row[0] << ", freedom " << row[1]);
    CHECK_THAT(student_share(row[0], static_cast<int>(row[1])),
               WithinAbs(row[2], 1e-7));
  });
  for_rows_of(reference["student.t"], [](const auto& row) {
    INFO("share " << row[0] << ", freedom " << row[1]);
    CHECK_THAT(student_t(row[0], static_cast<int>(row[1])),
               WithinRel(row[2], 2e-5));
  });
  for_rows_of(reference["mcnemar.p"], [](const auto& row) {
    INFO(row[0] << " against " << row[1]);
    CHECK_THAT(
        mcnemar({static_cast<int>(row[0]), static_cast<int>(row[1])}),
        WithinRel(row[2], 1e-10));
  });
  for_rows_of(reference["best.luck"], [](const auto& row) {
    INFO(row[0] << " settings");
    CHECK_THAT(luck_of_best(static_cast<int>(row[0])),
               WithinAbs(row[1], 2e-5));
  });
  for_rows_of(reference["mistakes.most"], [](const auto& row) {
    INFO(row[0] << " digits");
    CHECK_THAT(most_mistakes(static_cast<int>(row[0])),
               WithinAbs(row[1], 1e-12));
  });
  for_rows_of(reference["normal.below"], [](const auto& row) {
    CHECK_THAT(normal_below(row[0]), WithinAbs(row[1], 1e-7));
  });
  for (const std::string name : {"runs0", "runs1", "runs2"}) {
    const auto numbers = reference[name + ".runs"].data();
    INFO(name);
    CHECK_THAT(half_width({numbers.begin(), numbers.end()}),
               WithinRel(reference[name + ".half"](0, 0), 1e-6));
  }
}

TEST_CASE("generalization: statistics by hand", "[12]") {
  CHECK_THAT(share_error(0.98, 2000), WithinAbs(0.00313, 1e-5));
  CHECK(share_error(1, 7) == 0);
  CHECK_THAT(most_mistakes(1), WithinAbs(0.95, 1e-12));
  CHECK_THAT(most_mistakes(1000), WithinAbs(0.003, 1e-5));
  CHECK_THAT(student_t(0.95, 4), WithinAbs(2.776, 5e-4));
  // Three coins: all of them fall alike one time in four.
  CHECK(mcnemar({3, 0}) == 0.25);
  CHECK(mcnemar({0, 3}) == 0.25);
  CHECK(mcnemar({0, 0}) == 1);
  CHECK(mcnemar({4, 4}) == 1);
  const Disagreement found = disagreement(
      {true, true, false, false, true}, {true, false, true, false, false});
  CHECK(found.only_first == 2);
  CHECK(found.only_second == 1);
}

TEST_CASE("generalization: statistics of nothing are refused", "[12]") {
  CHECK_THROWS_AS(share_error(1.5, 10), std::invalid_argument);
  CHECK_THROWS_AS(share_error(std::nan(""), 10), std::invalid_argument);
  CHECK_THROWS_AS(share_error(0.5, 0), std::invalid_argument);
  CHECK_THROWS_AS(most_mistakes(0), std::invalid_argument);
  CHECK_THROWS_AS(student_share(-1, 3), std::invalid_argument);
  CHECK_THROWS_AS(student_share(1, 0), std::invalid_argument);
  CHECK_THROWS_AS(student_t(1, 3), std::invalid_argument);
  CHECK_THROWS_AS(half_width({1.0}), std::invalid_argument);
  CHECK_THROWS_AS(half_width({}), std::invalid_argument);
  CHECK_THROWS_AS(disagreement({true}, {}), std::invalid_argument);
  CHECK_THROWS_AS(mcnemar({-1, 3}), std::invalid_argument);
  CHECK_THROWS_AS(mcnemar({600, 600}), std::invalid_argument);
  CHECK_THROWS_AS(luck_of_best(0), std::invalid_argument);
  CHECK_THROWS_AS(luck_of_best(2000000), std::invalid_argument);
}
