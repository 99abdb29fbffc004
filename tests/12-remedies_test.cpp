// Chapter 12's remedies, and its statistics.
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "12-generalization/best.hpp"
#include "12-generalization/choosing.hpp"
#include "12-generalization/ensembles.hpp"
#include "12-generalization/figures_remedies.hpp"
#include "12-generalization/more_data.hpp"
#include "12-generalization/remedies.hpp"
#include "12-generalization/soft_targets.hpp"
#include "12-generalization/statistics.hpp"
#include "12-generalization/steps_best.hpp"
#include "12-generalization/weight_decay.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"
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
  CHECK_THROWS_AS(make(infinity), std::invalid_argument);
}

// ---- Label smoothing ---------------------------------------------------

namespace {

Tensor<double> random_scores(int N, int K, double scale, Random& random) {
  Tensor<double> z({N, K});
  for (double& number : z.data())
    number = scale * static_cast<double>(random.normal());
  return z;
}

// Returns the loss summed over the rows of z, and its gradient in `grad`.
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
  // The loss is smallest where p equals the smoothed targets, and there the
  // gradient is 0. A surer answer costs more, and the loss of a hopeless
  // one is still finite.
  const float s = 0.1f, right = std::log(0.91f), wrong = std::log(0.01f);
  std::vector<float> z(10, wrong), grad(10);
  z[3] = right;
  const float least = smoothed_cross_entropy<float>(z, 3, s, grad);
  for (const float number : grad) CHECK(std::abs(number) < 1e-6f);
  z[3] += 10;
  CHECK(smoothed_cross_entropy<float>(z, 3, s, grad) > least + 0.5f);
  CHECK(grad[3] > 0.05f);  // a step would bring the logit down again
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

// Calls visit(row) for each row of a table that SciPy computed.
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
  // Three coins all fall the same way one time in four.
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
  CHECK_THROWS_AS(student_share(INFINITY, 3), std::invalid_argument);
  CHECK_THROWS_AS(student_t(1, 3), std::invalid_argument);
  CHECK_THROWS_AS(half_width({1.0}), std::invalid_argument);
  CHECK_THROWS_AS(half_width({}), std::invalid_argument);
  CHECK_THROWS_AS(disagreement({true}, {}), std::invalid_argument);
  CHECK_THROWS_AS(mcnemar({-1, 3}), std::invalid_argument);
  CHECK_THROWS_AS(mcnemar({0, 1000001}), std::invalid_argument);
  CHECK_THROWS_AS(luck_of_best(0), std::invalid_argument);
  CHECK_THROWS_AS(luck_of_best(2000000), std::invalid_argument);
}

// ---- Remedies ----------------------------------------------------------

namespace {

Split few_digits(int training, int held_out) {
  Split digits = embedded_digits();
  digits.train = first(digits.train, training);
  digits.held_out = first(digits.held_out, held_out);
  return digits;
}

Experiment short_experiment(int epochs) {
  Experiment experiment;
  experiment.settings.epochs = epochs;
  return experiment;
}

}  // namespace

TEST_CASE("generalization: three sets share no digit", "[12]") {
  const Split digits = few_digits(100, 40);
  const ThreeSets sets = three_sets(digits, 30);
  CHECK(sets.training.size() == 30);
  CHECK(sets.validation.size() == 30);
  CHECK(sets.test.images == digits.held_out.images);
  for (int n = 0; n < 30; ++n) {
    CHECK(item(sets.training.images, n) == item(digits.train.images, n));
    CHECK(item(sets.validation.images, n) ==
          item(digits.train.images, 30 + n));
  }
  CHECK(three_sets(digits, 1000).validation.size() == 50);
  const ThreeSets best = best_sets(digits);
  CHECK(best.training.size() == 88);
  CHECK(best.validation.size() == 12);
  CHECK(item(best.validation.images, 0) == item(digits.train.images, 88));
  CHECK(kept_back(60000) == 5000);
}

TEST_CASE("generalization: a mirror twice is no mirror", "[12]") {
  const Dataset digits = few_digits(20, 20).train;
  const Dataset turned = mirrored(digits);
  CHECK(turned.images(3, 0, 9, 5) == digits.images(3, 0, 9, 22));
  CHECK(turned.labels == digits.labels);
  CHECK(!(turned.images == digits.images));
  CHECK(mirrored(turned).images == digits.images);
  // It is mirrored in about half of the steps, and always in the same ones.
  const HandOut hand_out = half_mirrored(7);
  std::vector<float> room(784), again(784);
  int turned_round = 0;
  for (int step = 0; step < 200; ++step) {
    const auto got = hand_out(digits, 4, step, room);
    const auto other = hand_out(digits, 4, step, again);
    CHECK(std::equal(got.begin(), got.end(), other.begin()));
    const auto as_it_is = row_of(digits.images, 4),
               as_in_mirror = row_of(turned.images, 4);
    const bool round =
        std::equal(got.begin(), got.end(), as_in_mirror.begin());
    CHECK((round || std::equal(got.begin(), got.end(), as_it_is.begin())));
    turned_round += round;
  }
  CHECK(turned_round > 70);
  CHECK(turned_round < 130);
}

TEST_CASE("generalization: every remedy reaches the training", "[12]") {
  const ThreeSets sets = three_sets(few_digits(128, 40), 64);
  const Experiment experiment = short_experiment(1);
  const RemedyResult nothing = compute_remedy({}, experiment, sets);
  CHECK(nothing.logits.shape() == Shape{40, 10});
  CHECK(nothing.accuracy == accuracy(nothing.logits, sets.test.labels));
  CHECK(nothing.epoch == 1);
  // A second run gives the same, and so does a plain training.
  CHECK(compute_remedy({}, experiment, sets).logits == nothing.logits);
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, experiment);
  Sgd sgd(0.9);
  train_fast(network, sgd, sets.training, experiment.settings);
  CHECK(evaluate(network, sets.test) == nothing.logits);
  for (const Remedy& remedy :
       {Remedy{.name = "decay", .decay = 0.02},
        Remedy{.name = "smoothing", .smoothing = 0.1},
        Remedy{.name = "dropout", .dropout = 0.5},
        Remedy{.name = "shift", .change = shifted_only},
        Remedy{.name = "mirror", .half_mirrored = true}}) {
    INFO(remedy.name);
    CHECK(!(compute_remedy(remedy, experiment, sets).logits ==
            nothing.logits));
  }
  CHECK(table_remedies(true).size() == 8);
  CHECK(table_remedies(false).back().change == turned_and_bent);
}

TEST_CASE("generalization: early stopping keeps the best epoch's weights",
          "[12]") {
  const ThreeSets sets = three_sets(few_digits(128, 40), 64);
  const Experiment experiment = short_experiment(3);
  const StoppedRuns runs = compute_stopped(experiment, sets);
  CHECK(runs.end.logits == compute_remedy({}, experiment, sets).logits);
  // We find the best epochs by ending a run after each of them.
  int least_loss = 0, most_right = 0;
  double loss = 1e9, right = -1;
  std::vector<Tensor<>> logits;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    const auto network = network_for({}, experiment);
    train_with(*network, {}, sets.training, experiment,
               [&](const TrainingStep& now) {
                 return now.step < epoch * now.steps / 3;
               });
    const Tensor<> answers = evaluate(*network, sets.validation);
    logits.push_back(evaluate(*network, sets.test));
    const double its_loss =
        static_cast<double>(cross_entropy(answers, sets.validation.labels));
    const double its_right = accuracy(answers, sets.validation.labels);
    if (its_loss < loss) loss = its_loss, least_loss = epoch;
    if (its_right > right) right = its_right, most_right = epoch;
  }
  CHECK(runs.by_loss.epoch == least_loss);
  CHECK(runs.by_accuracy.epoch == most_right);
  CHECK(runs.by_loss.logits ==
        logits[static_cast<std::size_t>(least_loss - 1)]);
}

TEST_CASE("generalization: of equal epochs the first is kept", "[12]") {
  Network<> network = build_network(linear_network, {1, 28, 28});
  float& number = network.parameters()[0]->value.data()[0];
  BestWeights best;
  best.offer(std::nan(""), 1, network);
  CHECK(best.restore(network) == 0);
  number = 1;
  best.offer(-0.5, 1, network);
  number = 2;
  best.offer(-0.25, 2, network);
  number = 3;
  best.offer(-0.25, 3, network);
  number = 4;
  best.offer(std::nan(""), 4, network);
  CHECK(best.restore(network) == 2);
  CHECK(number == 2);
}

TEST_CASE("generalization: mirrored digits are read as they are learned",
          "[12]") {
  const ThreeSets sets = three_sets(few_digits(128, 40), 64);
  const Experiment experiment = short_experiment(1);
  const MirrorResult end = compute_mirrored(false, experiment, sets);
  CHECK(end.as_they_are == compute_remedy({}, experiment, sets).accuracy);
  ThreeSets behind = sets;
  behind.test = mirrored(sets.test);
  CHECK(end.mirrored == compute_remedy({}, experiment, behind).accuracy);
}

// ---- More digits -------------------------------------------------------

TEST_CASE("generalization: a power law is found again", "[12]") {
  std::vector<double> digits, shares;
  for (double n = 100; n < 10000; n *= 2) {
    digits.push_back(n);
    shares.push_back(3 * std::pow(n, -0.6));
  }
  const PowerLaw law = nearest_power_law(digits, shares);
  CHECK_THAT(law.exponent, WithinAbs(-0.6, 1e-5));
  CHECK_THAT(law.factor, WithinRel(3, 1e-4));
  CHECK_THAT(law.at(400), WithinRel(shares[2], 1e-4));
  // Between two points, at a point, and beyond the curve.
  CHECK_THAT(digits_for(3 * std::pow(300.0, -0.6), digits, shares),
             WithinRel(300, 1e-3));
  CHECK_THAT(digits_for(shares[1], digits, shares), WithinRel(200, 1e-3));
  CHECK(digits_for(1, digits, shares) == 0);
  CHECK(digits_for(1e-4, digits, shares) == 0);
  CHECK_THROWS_AS(nearest_power_law({1}, {1}), std::invalid_argument);
  CHECK_THROWS_AS(nearest_power_law({1, 2}, {1}), std::invalid_argument);
  CHECK_THROWS_AS(nearest_power_law({1, 2}, {1, 0}), std::invalid_argument);
  CHECK_THROWS_AS(nearest_power_law({2, 2}, {1, 3}), std::invalid_argument);
}

TEST_CASE("generalization: all runs look at as many pictures", "[12]") {
  CHECK(epochs_for(48000, 125) * 125 == 48000);
  CHECK(epochs_for(48000, 8000) * 8000 == 48000);
  CHECK(epochs_for(10, 60) == 1);
  const Split digits = few_digits(64, 40);
  const double once = misread_after({}, short_experiment(9), digits.train,
                                    digits.held_out, 64, {});
  CHECK(once == 1 - compute_remedy({}, short_experiment(1),
                                   {digits.train, {}, digits.held_out})
                        .accuracy);
}

// ---- The luck of choosing ----------------------------------------------

TEST_CASE("generalization: luck grows with the settings tried", "[12]") {
  const SeedMean one = compute_luck(1, 0.9, 500, 200, 1),
                 ten = compute_luck(10, 0.9, 500, 200, 1),
                 hundred = compute_luck(100, 0.9, 500, 200, 1);
  const double sigma = share_error(0.9, 500);
  CHECK(std::abs(one.mean) < 4 * one.error);
  CHECK_THAT(ten.mean / sigma, WithinAbs(luck_of_best(10), 0.25));
  CHECK_THAT(hundred.mean / sigma, WithinAbs(luck_of_best(100), 0.25));
  CHECK_THROWS_AS(compute_luck(0, 0.9, 500, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(compute_luck(1, 0.9, 0, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(compute_luck(1, 0.9, 10, 0, 1), std::invalid_argument);
}

TEST_CASE("generalization: what chance promised is not kept", "[12]") {
  // Networks that toss coins: the best one is better only on the half that
  // it was chosen by.
  Random random(3);
  std::vector<std::vector<bool>> right(20);
  for (auto& one : right)
    for (int n = 0; n < 400; ++n) one.push_back(random.below(2) == 0);
  const Chosen coins = compute_chosen(right, 100, 1);
  CHECK(coins.promised > 0.04);
  CHECK(coins.kept < coins.promised / 2);
  // A network that is always right keeps what it promises.
  for (std::size_t n = 0; n < 400; ++n) right[5][n] = true;
  const Chosen sure = compute_chosen(right, 100, 1);
  CHECK_THAT(sure.kept, WithinAbs(sure.promised, 0.02));
  CHECK_THAT(sure.kept, WithinAbs(0.475, 0.02));
  CHECK_THROWS_AS(compute_chosen({}, 1, 1), std::invalid_argument);
  CHECK_THROWS_AS(compute_chosen({{true}}, 1, 1), std::invalid_argument);
  CHECK_THROWS_AS(compute_chosen({{true, true}, {true}}, 1, 1),
                  std::invalid_argument);
}

// ---- Ensembles ---------------------------------------------------------

TEST_CASE("generalization: networks asked together, by hand", "[12]") {
  const auto logits = [](float p) {
    return Tensor<>({1, 2}, {std::log(p), std::log(1 - p)});
  };
  // The mean of 0.9 and 0.4 is 0.65.
  const Tensor<> two = ensemble_logits({logits(0.9f), logits(0.4f)});
  CHECK_THAT(std::exp(two(0, 0)), WithinAbs(0.65, 1e-6));
  CHECK_THAT(std::exp(two(0, 1)), WithinAbs(0.35, 1e-6));
  const auto scores =
      compute_ensembles({logits(0.9f), logits(0.4f), logits(0.3f)}, {0});
  REQUIRE(scores.size() == 3);
  CHECK_THAT(scores[0].accuracy, WithinAbs(1 / 3.0, 1e-12));
  CHECK_THAT(scores[1].accuracy, WithinAbs(2 / 3.0, 1e-12));  // .65 .6 .35
  CHECK(scores[2].accuracy == 1);
  CHECK_THAT(scores[2].loss, WithinAbs(-std::log(1.6 / 3), 1e-6));
  CHECK_THAT(scores[0].loss,
             WithinAbs(-std::log(0.9 * 0.4 * 0.3) / 3, 1e-6));
  CHECK_THROWS_AS(ensemble_logits({}), std::invalid_argument);
  CHECK_THROWS_AS(ensemble_logits({logits(0.5f), Tensor<>({1, 3})}),
                  std::invalid_argument);
  CHECK_THROWS_AS(compute_ensembles({}, {0}), std::invalid_argument);
}

// ---- Figures and the best ----------------------------------------------

TEST_CASE("generalization: each run has its dot", "[12]") {
  const std::string svg = dot_figure(
      "Dots", {{"right (%)", {{"one", {1, 2, 3}}, {"other", {2, 4, 5}}}},
               {"loss", {{"one", {0.1, 0.2}}, {"other", {0.2, 0.3}}}}});
  std::size_t circles = 0;
  for (std::size_t at = svg.find("<circle"); at != std::string::npos;
       at = svg.find("<circle", at + 1))
    ++circles;
  CHECK(circles == 10);
  CHECK(svg.find(">other<") != std::string::npos);
  CHECK_THROWS_AS(dot_figure("none", {}), std::invalid_argument);
  CHECK_THROWS_AS(dot_figure("other rows", {{"a", {{"one", {1}}}},
                                            {"b", {{"two", {1}}}}}),
                  std::invalid_argument);
}

TEST_CASE("generalization: the best recipe learns, for any threads",
          "[12][slow]") {
  const ThreeSets sets = best_sets(few_digits(320, 40));
  BestRecipe recipe;
  recipe.epochs = 1;
  std::vector<Tensor<>> logits;
  for (const int threads : {1, 2}) {
    const auto network = best_network(recipe, threads);
    train_best(*network, sets.training, recipe);
    logits.push_back(evaluate(*network, sets.validation));
  }
  CHECK(logits[0] == logits[1]);
}

TEST_CASE("generalization: one remedy is left out at a time", "[12]") {
  const Remedy all = BestRecipe{}.remedy;
  const std::vector<Remedy> rest = one_left_out(all);
  REQUIRE(rest.size() == 5);
  const auto without = [](const Remedy& it) {
    return (it.decay > 0 ? "" : "d") +
           std::string(it.smoothing > 0 ? "" : "s") +
           (it.dropout > 0 ? "" : "o") +
           (it.change == Augmentation{} ? "c" : "");
  };
  CHECK(without(all).empty());
  std::vector<std::string> left_out;
  for (const Remedy& it : rest) left_out.push_back(without(it));
  CHECK(left_out == std::vector<std::string>{"d", "s", "o", "c", "dsoc"});
}

#ifndef _WIN32
TEST_CASE("generalization: the best says what it cannot do", "[12]") {
  const auto said = [](const std::vector<std::string>& words) {
    const Said all = said_by(best_program, words);
    return std::to_string(all.status) + " " + all.err;
  };
  CHECK(said({"--data", "/no/such/folder"})
            .find("/no/such/folder: expected a folder with MNIST's four "
                  "files") != std::string::npos);
  CHECK(said({"--record"}).find("--record expects --seeds 2 or more") !=
        std::string::npos);
  CHECK(said({"--seeds", "0"}).rfind("2 ", 0) == 0);
}
#endif
