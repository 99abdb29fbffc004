// Chapter 11: optimizers.
#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "11-optimizers/by_hand.hpp"
#include "11-optimizers/figures.hpp"
#include "11-optimizers/followed_digit.hpp"
#include "11-optimizers/muon.hpp"
#include "11-optimizers/named_optimizers.hpp"
#include "11-optimizers/optimizer.hpp"
#include "11-optimizers/predictor.hpp"
#include "11-optimizers/published.hpp"
#include "11-optimizers/rate_curves.hpp"
#include "11-optimizers/schedules.hpp"
#include "11-optimizers/valley.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/reference.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

// The same numbers as in make_optimizer_reference.py.
float reference_start(int i) {
  return static_cast<float>(((i * 37 + 11) % 101 - 50) / 50.0);
}
float reference_gradient(int i, int step) {
  const double scales[] = {1, 1e-2, 1e-3, 1e-5};
  const double number = ((i * 53 + step * 29 + 7) % 97 - 48) / 48.0;
  return static_cast<float>(number * scales[i % 4]);
}

// A convolution's filters and its biases.
struct TwoParameters {
  Parameter<> weight{"weight", Tensor<>({3, 2, 2, 2}),
                     Tensor<>({3, 2, 2, 2})};
  Parameter<> bias{"bias", Tensor<>({3}), Tensor<>({3})};

  TwoParameters() {
    for (Parameter<>* it : {&weight, &bias})
      for (int i = 0; i < it->value.size(); ++i)
        it->value.data()[static_cast<std::size_t>(i)] = reference_start(i);
  }
  void take_steps(Optimizer& optimizer, double rate, int from, int to) {
    for (int step = from; step < to; ++step) {
      for (int i = 0; i < 24; ++i)
        weight.gradient.data()[static_cast<std::size_t>(i)] =
            reference_gradient(i, step);
      for (int i = 0; i < 3; ++i)
        bias.gradient(i) = reference_gradient(i, step + 1);
      optimizer.step({&weight, &bias}, rate);
    }
  }
};

AdamSettings with_decay(Decay kind) {
  AdamSettings settings;
  settings.kind = kind;
  settings.decay = 0.1;
  return settings;
}

// Every optimizer of the chapter.
std::vector<NamedOptimizer> all_optimizers() {
  return {named<Sgd>("sgd", 0.9),
          named<Nesterov>("nesterov"),
          named<RmsProp>("rmsprop"),
          named<Adam>("adam"),
          named<Adam>("adam_l2", with_decay(Decay::in_gradient)),
          named<Adam>("adamw", with_decay(Decay::apart)),
          named<Muon>("muon"),
          named<SignSgd>("sign"),
          named<ResetAdam>("reset"),
          named<ResetCorrectedAdam>("reset, corrected")};
}

void check_close(const Tensor<>& ours, const Tensor<double>& theirs,
                 double tolerance) {
  REQUIRE(ours.shape() == theirs.shape());
  for (std::size_t i = 0; i < ours.data().size(); ++i)
    CHECK_THAT(static_cast<double>(ours.data()[i]),
               WithinAbs(theirs.data()[i], tolerance));
}

Split first_digits(int train, int held_out) {
  Split digits = load_digits({});
  digits.train = first(digits.train, train);
  digits.held_out = first(digits.held_out, held_out);
  return digits;
}

}  // namespace

TEST_CASE("optimizers: ten steps equal PyTorch's", "[11]") {
  const Reference file("optimizers.txt");
  for (const NamedOptimizer& it : all_optimizers()) {
    if (it.name != "nesterov" && it.name != "rmsprop" &&
        it.name.rfind("adam", 0) != 0)
      continue;
    INFO(it.name);
    TwoParameters two;
    const auto optimizer = it.make();
    two.take_steps(*optimizer, it.name == "nesterov" ? 0.1 : 0.01, 0, 10);
    check_close(two.weight.value, file[it.name + ".weight"], 1e-6);
    check_close(two.bias.value, file[it.name + ".bias"], 1e-6);
  }
}

TEST_CASE("optimizers: saved in the middle, they go on with the same bits",
          "[11]") {
  for (const NamedOptimizer& it : all_optimizers()) {
    INFO(it.name);
    TwoParameters whole, parts;
    const auto one = it.make(), before = it.make(), after = it.make();
    CHECK(one->state().empty());
    whole.take_steps(*one, 0.01, 0, 10);
    parts.take_steps(*before, 0.01, 0, 4);
    after->restore(before->state());
    parts.take_steps(*after, 0.01, 4, 10);
    CHECK(whole.weight.value == parts.weight.value);
    CHECK(whole.bias.value == parts.bias.value);
    CHECK(one->state() == after->state());
    // An empty state is the state of a fresh optimizer.
    TwoParameters fresh, again;
    const auto other = it.make();
    after->restore({});
    fresh.take_steps(*other, 0.01, 0, 3);
    again.take_steps(*after, 0.01, 0, 3);
    CHECK(fresh.weight.value == again.weight.value);
  }
}

TEST_CASE("optimizers: each refuses other parameters and a foreign state",
          "[11]") {
  Nesterov nesterov;
  TwoParameters two;
  two.take_steps(nesterov, 0.1, 0, 1);
  CHECK(message_of([&] { nesterov.step({&two.weight}, 0.1); }) ==
        "Nesterov: expected the 2 parameters of the first step, got 1");
  CHECK(message_of([&] {
          nesterov.step({&two.bias, &two.weight}, 0.1);
        }).rfind("Nesterov: ", 0) == 0);
  TwoParameters odd;
  odd.bias.gradient = Tensor<>({4});
  Adam adam;
  CHECK(message_of([&] {
          adam.step({&odd.weight, &odd.bias}, 0.1);
        }).find("bias.gradient") != std::string::npos);
  // Nesterov's three tensors could be Adam's for one parameter, so the
  // error shows only at the next step.
  adam.restore(nesterov.state());
  CHECK(message_of([&] { two.take_steps(adam, 0.1, 0, 1); }) ==
        "Adam: expected the 1 parameter of the first step, got 2");
  CHECK(message_of([&] {
          adam.restore({Tensor<>({2}), Tensor<>({2})});
        }) ==
        "Adam: expected 2 tensors for each parameter and one with the "
        "number of steps, got 2 tensors");
  // The state of an optimizer without a memory is a number of steps alone.
  SignSgd sign;
  CHECK(message_of([&] {
          sign.restore({Tensor<>({3}), Tensor<>({1}, 1.0f)});
        }) ==
        "SignSgd: expected 0 tensors for each parameter and one with the "
        "number of steps, got 2 tensors");
  sign.restore({Tensor<>({1}, 7.0f)});
  for (const float steps : {0.0f, -1.0f, 1.5f, 3e7f, NAN, INFINITY})
    CHECK_THROWS_AS(sign.restore({Tensor<>({1}, steps)}),
                    std::invalid_argument);
}

TEST_CASE("optimizers: each refuses settings that cannot be", "[11]") {
  const auto refuses = [](const std::vector<double>& bad,
                          const std::function<void(double)>& use,
                          const std::string& text) {
    for (const double number : bad) {
      INFO(text << number);
      CHECK(message_of([&] { use(number); }) ==
            text + ", got " + std::to_string(number));
    }
  };
  using Change = double AdamSettings::*;
  const auto adam = [](Change which) {
    return [which](double number) {
      AdamSettings settings;
      settings.*which = number;
      Adam{settings};
    };
  };
  const std::vector<double> no_share = {-0.1, 1.0,      0.99999999,
                                        2,    INFINITY, NAN},
                            no_ruler = {0,     -1e-8,  INFINITY,
                                        1e300, 1e-300, NAN},
                            below_zero = {-0.1, -INFINITY, INFINITY, 1e300,
                                          NAN};
  refuses(
      no_share, [](double bad) { Nesterov{bad}; },
      "Nesterov: expected momentum from 0 to below 1");
  refuses(
      no_share, [](double bad) { RmsProp{bad}; },
      "RmsProp: expected beta from 0 to below 1");
  refuses(
      no_share, [](double bad) { Muon{{.momentum = bad}}; },
      "Muon: expected momentum from 0 to below 1");
  refuses(no_share, adam(&AdamSettings::beta1),
          "Adam: expected beta1 from 0 to below 1");
  refuses(no_share, adam(&AdamSettings::beta2),
          "Adam: expected beta2 from 0 to below 1");
  refuses(no_ruler, adam(&AdamSettings::epsilon),
          "Adam: expected epsilon above 0 and finite");
  refuses(
      no_ruler, [](double bad) { RmsProp(0.9, bad); },
      "RmsProp: expected epsilon above 0 and finite");
  refuses(below_zero, adam(&AdamSettings::decay),
          "Adam: expected decay of 0 or more and finite");
  for (const NamedOptimizer& it : all_optimizers()) {
    if (it.name == "sgd") continue;  // chapter 06's tests cover it
    INFO(it.name);
    for (const double rate : below_zero) {
      TwoParameters two;
      CHECK_THAT(
          message_of([&] { two.take_steps(*it.make(), rate, 0, 1); }),
          ContainsSubstring(": expected a learning rate of 0 or more and "
                            "finite, got " +
                            std::to_string(rate)));
      CHECK(two.weight.value == TwoParameters().weight.value);
    }
  }
  CHECK(message_of([] { Muon{{.rounds = -1}}; }) ==
        "Muon: expected rounds of 0 or more, got -1");
  CHECK(message_of([] {
          orthogonalized(Tensor<>({2, 2}), -3);
        }) == "orthogonalized: expected rounds of 0 or more, got -3");
}

TEST_CASE("optimizers: the correction makes the mean of equal gradients",
          "[11]") {
  for (const double gradient : {3.0, -0.02, 1e-5}) {
    Adam adam;
    const double rate = 0.125, sign = gradient > 0 ? 1 : -1;
    for (int steps = 1; steps <= 3; ++steps) {
      Adam fresh;
      CHECK_THAT(end_after(fresh,
                           std::vector<double>(
                               static_cast<std::size_t>(steps), gradient),
                           rate),
                 WithinAbs(-sign * rate * steps, 5e-4));
    }
  }
  // Without the correction, a step is 3.16 times too long at first, and 6.5
  // times at step 10.
  AdamSettings settings;
  settings.corrected = false;
  const auto too_long = [&](int steps) {
    Adam adam(settings);
    return update_after(adam, 1.0, 1.0, steps);
  };
  CHECK_THAT(too_long(1), WithinAbs(0.1 / std::sqrt(0.001), 1e-4));
  CHECK_THAT(too_long(10), WithinAbs(6.53, 0.01));
  CHECK_THAT(too_long(1000), WithinAbs(1.26, 0.01));
}

TEST_CASE("optimizers: two opposite gradients find what has no memory",
          "[11]") {
  const double rate = 0.1;
  const auto tests = compute_memory_tests(all_optimizers(), rate);
  const auto of = [&](const std::string& name) {
    for (const MemoryTest& it : tests)
      if (it.name == name) return it;
    return MemoryTest{};
  };
  CHECK_THAT(of("sgd").equal, WithinAbs(-0.29, 1e-6));
  CHECK_THAT(of("sgd").opposite, WithinAbs(-0.09, 1e-6));
  CHECK_THAT(of("nesterov").equal, WithinAbs(-0.19 - 0.271, 1e-6));
  CHECK_THAT(of("adam").equal, WithinAbs(-0.2, 1e-6));
  CHECK_THAT(of("adam").opposite,
             WithinAbs(-0.1 + 0.1 * 0.01 / 0.19, 1e-6));
  CHECK_THAT(of("reset, corrected").equal, WithinAbs(-0.2, 1e-6));
  CHECK(of("reset, corrected").opposite == 0);
  CHECK(of("reset").opposite == 0);
  CHECK(of("sign").opposite == 0);
}

TEST_CASE("optimizers: the published step bends where its formula says",
          "[11]") {
  ResetAdam reset;
  for (const double g : {1e-6, 1e-5, 1e-3, 0.0032, 0.1, 1.0})
    CHECK_THAT(
        update_after(reset, g, 0.01, 1),
        WithinRel(0.01 * 0.05 * g / std::sqrt(0.01 * g * g + 1e-7), 1e-5));
  const TransferCurve curve =
      compute_transfer(named<ResetAdam>("reset"), 0.01, 1);
  REQUIRE(curve.gradients.size() == 25);
  CHECK_THAT(curve.gradients.front(), WithinRel(1e-6, 1e-5));
  CHECK_THAT(curve.gradients.back(), WithinRel(1.0, 1e-6));
  CHECK_THAT(curve.updates.back(), WithinRel(0.005, 1e-4));
  CHECK_THAT(curve.updates.front(), WithinRel(1.58114e-6, 1e-4));
  // At the bend both terms under the root are equal. Far below it ten times
  // the gradient makes ten times the step, far above it the same step.
  const auto after = [&](double g) {
    return update_after(reset, g, 0.01, 1);
  };
  CHECK_THAT(after(std::sqrt(1e-7 / 0.01)),
             WithinRel(0.005 / std::sqrt(2.0), 1e-5));
  CHECK_THAT(after(1e-4) / after(1e-5), WithinRel(10.0, 0.01));
  CHECK_THAT(after(1.0) / after(0.1), WithinRel(1.0, 0.01));
}

TEST_CASE("optimizers: decay apart from the gradient and inside it",
          "[11]") {
  CHECK_THAT(decayed(Decay::apart, 1000, 1e-3, 0.01),
             WithinAbs(0.990050, 2e-5));
  CHECK_THAT(decayed(Decay::in_gradient, 1000, 1e-3, 0.01),
             WithinAbs(0.2577, 1e-3));
  CHECK(decayed(Decay::none, 1000, 1e-3, 0.01) == 1);
}

TEST_CASE("optimizers: Muon levels the singular values", "[11]") {
  const Reference file("optimizers.txt");
  for (const char* name : {"wide", "tall"}) {
    INFO(name);
    const Tensor<double>& theirs =
        file[std::string(name) + ".orthogonalized"];
    Tensor<double> matrix(theirs.shape());
    for (int i = 0; i < 24; ++i)
      matrix.data()[static_cast<std::size_t>(i)] =
          static_cast<double>(reference_start(i));
    const Tensor<double> ours = orthogonalized(matrix, 5);
    for (std::size_t i = 0; i < 24; ++i)
      CHECK_THAT(ours.data()[i], WithinAbs(theirs.data()[i], 1e-6));
  }
  // A bias gets Nesterov's step. Filters get a step whose singular values
  // are near 1, however small the gradient is.
  TwoParameters two, nesterovs;
  Muon muon;
  Nesterov nesterov;
  two.take_steps(muon, 0.1, 0, 3);
  nesterovs.take_steps(nesterov, 0.1, 0, 3);
  CHECK(two.bias.value == nesterovs.bias.value);
  CHECK(two.weight.value != nesterovs.weight.value);
  Parameter<> filter{"w", Tensor<>({2, 1, 1, 2}),
                     Tensor<>({2, 1, 1, 2}, {1e-4f, 0, 0, 1e-4f})};
  Muon fresh;
  fresh.step({&filter}, 1.0);
  CHECK_THAT(static_cast<double>(filter.value(0, 0, 0, 0)),
             WithinAbs(-0.9, 0.25));
  CHECK_THAT(static_cast<double>(filter.value(1, 0, 0, 1)),
             WithinAbs(-0.9, 0.25));
  CHECK(filter.value(0, 0, 0, 1) == 0);
}

TEST_CASE("optimizers: the valley is as long as its formula says", "[11]") {
  for (const double kappa : {4.0, 25.0, 100.0}) {
    INFO(kappa);
    const BestSettings plain = best_plain(kappa),
                       best = best_momentum(kappa);
    Sgd sgd, momentum(best.momentum);
    const auto slow = compute_path(sgd, plain.rate, kappa, 2000);
    const auto fast = compute_path(momentum, best.rate, kappa, 2000);
    CHECK(slow.size() == 2001);
    CHECK(steps_to(slow, 1e-3) ==
          static_cast<int>(std::ceil(plain.steps_for(1e-3))));
    // Each plain step shrinks both directions by the same factor.
    CHECK_THAT(slow[20].distance() / slow[19].distance(),
               WithinRel(plain.factor, 1e-4));
    // Momentum keeps its factor only in the long run. It is slower at
    // first, because with two equal roots the distance shrinks like
    // t factor^t.
    CHECK(steps_to(fast, 1e-3) > best.steps_for(1e-3));
    CHECK(steps_to(fast, 1e-3) < 2 * best.steps_for(1e-3));
    CHECK(steps_to(fast, 1e-3) < steps_to(slow, 1e-3));
  }
  CHECK_THAT(best_plain(100).factor, WithinRel(99.0 / 101, 1e-12));
  CHECK_THAT(best_momentum(100).factor, WithinRel(9.0 / 11, 1e-12));
  CHECK_THAT(best_momentum(100).momentum, WithinRel(81.0 / 121, 1e-12));
  CHECK_THAT(valley_loss({2, 3}, 100), WithinRel(452.0, 1e-12));
  CHECK(steps_to({{3, 4}, {0, 0}, {3, 4}, {0, 1}}, 0.5) == 3);
  CHECK(steps_to({{3, 4}, {3, 4}}, 0.5) == 2);  // it never gets there
}

TEST_CASE("optimizers: a valley that is none is refused", "[11]") {
  Sgd sgd;
  for (const double kappa :
       {0.5, 0.0, -3.0, 1e31, double{INFINITY}, double{NAN}}) {
    const std::string text =
        ": expected kappa from 1 to 1e30, got " + std::to_string(kappa);
    CHECK(message_of([&] { best_plain(kappa); }) == "best_plain" + text);
    CHECK(message_of([&] { best_momentum(kappa); }) ==
          "best_momentum" + text);
    CHECK(message_of([&] { best_nesterov(kappa); }) ==
          "best_nesterov" + text);
    CHECK(message_of([&] { compute_path(sgd, 0.1, kappa, 1); }) ==
          "compute_path" + text);
  }
  CHECK(best_plain(1).factor == 0);  // a round bowl takes one step
  CHECK(best_nesterov(1).momentum == 0);
  CHECK(message_of([&] { compute_path(sgd, 0.1, 4, -1); }) ==
        "compute_path: expected steps of 0 or more, got -1");
  CHECK(compute_path(sgd, 0.1, 4, 0).size() == 1);
  CHECK(message_of([] { steps_to({}, 0.5); }) ==
        "steps_to: expected one place or more, got 0");
}

TEST_CASE("optimizers: rates and means over seeds", "[11]") {
  const std::vector<double> rates = rates_of_decades(-2, 0);
  REQUIRE(rates.size() == 5);
  CHECK_THAT(rates[1], WithinRel(0.03, 1e-12));
  CHECK_THAT(rates[4], WithinRel(1.0, 1e-12));
  const SeedMean mean = seed_mean({1, 2, 3, 6});
  CHECK_THAT(mean.mean, WithinRel(3.0, 1e-12));
  CHECK_THAT(mean.error, WithinRel(std::sqrt(14.0 / 3 / 4), 1e-12));
  CHECK(seed_mean({0.5}).error == 0);
  CHECK_THROWS_AS(seed_mean({}), std::invalid_argument);
  // A run that broke is counted, but left out of the mean.
  const RunsMean some = mean_of_runs({0.5, std::nullopt, 0.7});
  CHECK_THAT(some.of.mean, WithinRel(0.6, 1e-12));
  CHECK(some.runs == 3);
  CHECK(some.broken == 1);
  const RunsMean none = mean_of_runs({std::nullopt});
  CHECK(none.of.mean == 0);
  CHECK(none.broken == 1);
}

TEST_CASE("optimizers: a rate at which a run broke is not the best",
          "[11]") {
  const auto curve = [](std::vector<RunsMean> accuracies) {
    return RateCurve{"it", {1, 2, 3, 4, 5}, std::move(accuracies)};
  };
  const RateCurve hill = curve({{{0.6, 0}, 2, 0},
                                {{0.8, 0}, 2, 0},
                                {{0.9, 0}, 2, 1},
                                {{0.4, 0}, 2, 0},
                                {{0, 0}, 2, 2}});
  CHECK(hill.best() == 1);
  CHECK(rates_to_fall(hill) == 4);  // up to the first below a half
  CHECK(rates_to_fall(curve({{{0.9, 0}, 1, 0},
                             {{0.8, 0}, 1, 0},
                             {{0, 0}, 1, 1},
                             {{0, 0}, 1, 1},
                             {{0, 0}, 1, 1}})) == 3);
  CHECK(rates_to_fall(curve({{{0.6, 0}, 1, 0},
                             {{0.7, 0}, 1, 0},
                             {{0.7, 0}, 1, 0},
                             {{0.8, 0}, 1, 0},
                             {{0.9, 0}, 1, 0}})) == 5);  // never falls
}

TEST_CASE("optimizers: a curve moved by its factor lies on the other",
          "[11]") {
  const std::vector<RunsMean> hill = {
      {{0.5, 0.1}, 3, 0}, {{0.9, 0.2}, 3, 0}, {{0.2, 0}, 3, 3}};
  const RateCurve plain{"plain", {0.01, 0.1, 1}, hill},
      fast{"fast", {0.001, 0.01, 0.1}, hill};
  const auto drawn = [](const std::vector<RateCurve>& curves,
                        const std::vector<double>& factors) {
    std::string svg = rate_figure_of("t", "x", curves, factors);
    for (const std::string name : {"plain", "fast"})
      for (std::size_t at; (at = svg.find(name)) != std::string::npos;)
        svg.replace(at, name.size(), "it");
    return svg;
  };
  const std::string moved = drawn({plain, fast}, {1, 10});
  CHECK(moved == drawn({plain, plain}, {1, 1}));
  CHECK(moved != drawn({plain, fast}, {1, 1}));
  CHECK(moved != drawn({plain, fast}, {10, 1}));
  // There are error bars, and no point where all runs broke.
  std::vector<RunsMean> sure = hill;
  for (RunsMean& it : sure) it.of.error = 0;
  CHECK(drawn({{"plain", {0.01, 0.1, 1}, sure}}, {1}) !=
        drawn({plain}, {1}));
  std::vector<RunsMean> low = hill;
  low[2] = {{0.2, 0}, 3, 0};
  CHECK(drawn({{"plain", {0.01, 0.1, 1}, low}}, {1}) !=
        drawn({plain}, {1}));
  CHECK(message_of([&] {
          rate_figure_of("t", "x", {plain}, {1, 2});
        }) ==
        "rate_plot_of: expected a factor for each of 1 curves, got 2");
}

TEST_CASE("optimizers: schedules rise, stay, fall and step down", "[11]") {
  CHECK_THAT(warm_up_schedule(0.025), WithinAbs(0.5, 1e-12));
  CHECK(warm_up_schedule(0.05) == 1);
  CHECK(warm_up_schedule(0.9) == 1);
  CHECK_THAT(falling_schedule(0), WithinAbs(1, 1e-6));
  CHECK_THAT(falling_schedule(0.5), WithinAbs(0.5, 1e-6));
  CHECK_THAT(falling_schedule(1), WithinAbs(0, 1e-6));
  CHECK(stairs_schedule(0.49) == 1);
  CHECK(stairs_schedule(0.5) == 0.1);
  CHECK(stairs_schedule(0.75) == 0.01);
  CHECK(named_schedules().size() == 5);
  // Stretched over the run, the rest of a schedule begins at the end of the
  // warm-up.
  CHECK(after_warm_up(0) == warm_up_share);
  CHECK_THAT(after_warm_up(1), WithinAbs(1, 1e-12));
  CHECK_THAT(after_warm_up(0.5), WithinAbs(0.525, 1e-12));
}

TEST_CASE("optimizers: of equal mixes least squares takes the smallest",
          "[11]") {
  LeastSquares twins(3), nothing(2);
  Random random(4);
  for (int sample = 0; sample < 5; ++sample) {
    std::deque<std::vector<float>> rows(3, std::vector<float>(30));
    std::vector<float> target(30);
    for (std::size_t i = 0; i < 30; ++i) {
      rows[0][i] = rows[1][i] = random.normal();  // rows[2] stays 0
      target[i] = 3 * rows[0][i];
    }
    twins.add(rows, target);
    nothing.add({target, target}, std::vector<float>(30));
  }
  const std::vector<double> best = twins.best();
  CHECK_THAT(best[0], WithinAbs(1.5, 1e-3));
  CHECK_THAT(best[1], WithinAbs(1.5, 1e-3));
  CHECK_THAT(best[2], WithinAbs(0, 1e-3));
  CHECK_THAT(twins.explained(best), WithinAbs(1, 1e-9));
  CHECK(nothing.explained({0, 0}) == 0);
  // Without a single sample all results are 0.
  const LeastSquares empty(2);
  CHECK(empty.best() == std::vector<double>{0, 0});
  CHECK(empty.scaled({1, 1}) == std::vector<double>{0, 0});
  CHECK(empty.explained({1, 1}) == 0);
}

TEST_CASE("optimizers: least squares refuses what does not fit", "[11]") {
  LeastSquares two(2);
  CHECK(message_of([&] {
          two.add({{1, 2}}, {1, 2});
        }) == "LeastSquares: expected 2 rows, got 1");
  CHECK(message_of([&] {
          two.add({{1, 2}, {1, 2}, {1, 2}}, {1, 2});
        }) == "LeastSquares: expected 2 rows, got 3");
  CHECK(message_of([&] {
          two.add({{1, 2}, {1}}, {1, 2});
        }) == "LeastSquares: expected 2 numbers in a row, got 1");
  CHECK(message_of([&] {
          two.add({{1, 2, 3}, {1, 2, 3}}, {1, 2});
        }) == "LeastSquares: expected 2 numbers in a row, got 3");
  CHECK(two.best() == std::vector<double>{0, 0});  // nothing was added
  for (const std::vector<double>& bad :
       {std::vector<double>{}, {1}, {1, 2, 3}}) {
    const std::string text = "LeastSquares: expected 2 coefficients, got " +
                             std::to_string(bad.size());
    CHECK(message_of([&] { two.explained(bad); }) == text);
    CHECK(message_of([&] { two.scaled(bad); }) == text);
  }
  for (const double bad : {double{NAN}, double{INFINITY}})
    for (int place = 0; place < 4; ++place) {
      Tensor<double> matrix({2, 2}, {2, 1, 1, 3});
      matrix.data()[static_cast<std::size_t>(place)] = bad;
      CHECK(message_of([&] {
              solved(matrix, {1, 1});
            }) ==
            "solved: expected finite numbers, got " + std::to_string(bad));
      CHECK_THROWS_AS(
          solved(Tensor<double>({1, 1}, 1.0), std::vector(1, bad)),
          std::invalid_argument);
    }
  // During elimination, a pivot becomes infinity minus infinity.
  CHECK_THROWS_AS(
      solved(Tensor<double>({2, 2}, {1e-10, 1e300, 1e-10, 1e300}), {1, 1}),
      std::runtime_error);
}

TEST_CASE("optimizers: least squares finds the mix that was put in",
          "[11]") {
  CHECK_THAT(solved(Tensor<double>({2, 2}, {0, 2, 3, 1}), {4, 5})[0],
             WithinAbs(1, 1e-12));
  CHECK_THROWS_AS(solved(Tensor<double>({2, 2}, {1, 2, 2, 4}), {1, 1}),
                  std::runtime_error);
  Random random(3);
  LeastSquares exact(3), noisy(3);
  const std::vector<double> mix = {0.5, -2, 0.25};
  for (int sample = 0; sample < 20; ++sample) {
    std::deque<std::vector<float>> rows(3, std::vector<float>(40));
    std::vector<float> target(40), far(40);
    for (std::size_t i = 0; i < 40; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        rows[k][i] = random.normal();
        sum += mix[k] * static_cast<double>(rows[k][i]);
      }
      target[i] = static_cast<float>(sum);
      far[i] = target[i] + 2 * random.normal();
    }
    exact.add(rows, target);
    noisy.add(rows, far);
  }
  const std::vector<double> found = exact.best(), near = noisy.best();
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK_THAT(found[k], WithinAbs(mix[k], 1e-5));
    CHECK_THAT(near[k], WithinAbs(mix[k], 0.3));
    // No other mix explains more.
    for (const double change : {-0.05, 0.05}) {
      std::vector<double> other = near;
      other[k] += change;
      CHECK(noisy.explained(other) < noisy.explained(near));
    }
  }
  CHECK_THAT(exact.explained(found), WithinAbs(1, 1e-9));
  CHECK_THAT(exact.explained({0, 0, 0}), WithinAbs(0, 1e-12));
  // scaled() finds the factor that a shape lacks.
  const std::vector<double> scaled = exact.scaled({1, -4, 0.5});
  for (std::size_t k = 0; k < 3; ++k)
    CHECK_THAT(scaled[k], WithinAbs(mix[k], 1e-5));
}

TEST_CASE("optimizers: runs, curves and predictions of a small network",
          "[11]") {
  const Split digits = first_digits(320, 100);
  Experiment experiment;
  experiment.settings.epochs = 1;
  experiment.settings.batch = 16;
  int rates_done = 0;
  const RateCurve curve =
      compute_rate_curve(digits, experiment, named<Adam>("Adam"),
                         {1e-7, 0.01, 1e30}, 2, {}, [&] { ++rates_done; });
  CHECK(rates_done == 3);
  CHECK(curve.name == "Adam");
  CHECK(curve.best() == 1);
  CHECK(curve.accuracies[1].of.mean > 0.5);
  CHECK(curve.accuracies[1].broken == 0);
  CHECK(curve.accuracies[0].of.mean < 0.3);
  CHECK(curve.accuracies[2].runs == 2);
  CHECK(curve.accuracies[2].broken == 2);
  // Several seeds in a row give what each gives alone.
  experiment.settings.learning_rate = 0.01;
  const RunResults ends =
      compute_runs(digits, experiment, named<Adam>("Adam"), 2);
  ++experiment.settings.seed;
  Adam adam;
  const RunResult second = compute_run(digits, experiment, adam);
  CHECK(ends.accuracies[1] == second.accuracy);
  // The curve keeps each seed's run, so that curves can be paired.
  REQUIRE(curve.runs.size() == 3);
  CHECK(curve.runs[1] == ends.accuracies);
  CHECK_FALSE(curve.runs[2][1].has_value());
  CHECK(ends.last_losses[1] == second.last_loss);
  CHECK(ends.last_losses[0] != ends.last_losses[1]);

  // The gradient over all digits does not depend on how many are computed
  // at once.
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, experiment);
  const auto whole = full_gradient(network, digits.train, 320),
             parts = full_gradient(network, digits.train, 90);
  REQUIRE(whole.size() == 7434);
  double largest = 0;
  for (std::size_t i = 0; i < whole.size(); ++i)
    largest = std::max(largest,
                       static_cast<double>(std::abs(whole[i] - parts[i])));
  CHECK(largest < 1e-6);

  // If no weight moves and each batch holds all digits, the newest gradient
  // is also the next one.
  experiment.settings.batch = 320;
  experiment.settings.epochs = 4;
  experiment.settings.learning_rate = 0.0;
  const Prediction same = compute_prediction(
      digits.train, digits.train, experiment,
      {.past = 1, .first_step = 1, .every = 1, .momentum = 0.9});
  REQUIRE(same.best.size() == 1);
  CHECK_THAT(same.best[0], WithinAbs(1, 1e-4));
  CHECK_THAT(same.best_explains, WithinAbs(1, 1e-6));
  CHECK_THAT(same.newest_explains, WithinAbs(1, 1e-6));
  // After a step that is far too long, less of it should be repeated.
  experiment.settings.learning_rate = 0.5;
  const Prediction far = compute_prediction(
      digits.train, digits.train, experiment,
      {.past = 1, .first_step = 1, .every = 1, .momentum = 0.9});
  CHECK(far.best[0] < 0.9);
  CHECK_THAT(far.newest_times, WithinAbs(far.best[0], 1e-6));
}

TEST_CASE("optimizers: a digit is followed from before the first step",
          "[11]") {
  const Split digits = first_digits(40, 5);
  Experiment experiment;
  experiment.settings.batch = 16;  // three steps an epoch
  const FollowedDigit it = compute_followed_digit(
      digits, experiment, named<Adam>("Adam"), 0.01, 2, 7);
  CHECK(it.name == "Adam");
  CHECK(it.rate == 0.01);
  REQUIRE(it.probabilities.size() == 8);
  // An ordinary run with the same settings gives the same probabilities at
  // the start and at the end.
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  const auto asked = [&] {
    return static_cast<double>(
        softmax(evaluate(network, digits.held_out))(2, 3));
  };
  REQUIRE(digits.held_out.labels[2] == 3);
  CHECK_THAT(it.probabilities[0], WithinAbs(asked(), 1e-5));
  Adam adam;
  experiment.settings.epochs = 3;
  experiment.settings.learning_rate = 0.01;
  experiment.settings.schedule = constant_schedule;
  train_fast(network, adam, digits.train, experiment.settings,
             [](const TrainingStep& now) { return now.step < 7; });
  CHECK_THAT(it.probabilities[7], WithinAbs(asked(), 1e-5));
  CHECK(std::abs(it.probabilities[7] - it.probabilities[0]) > 0.01);
  CHECK_THROWS_AS(compute_followed_digit(digits, experiment,
                                         named<Adam>("Adam"), 0.01, 5, 7),
                  std::invalid_argument);
  CHECK_THROWS_AS(compute_followed_digit(digits, experiment,
                                         named<Adam>("Adam"), 0.01, 2, 0),
                  std::invalid_argument);
}

TEST_CASE("optimizers: what is asked for a prediction", "[11]") {
  Split digits = load_digits({});
  digits.train = first(digits.train, 60);
  Experiment experiment;
  experiment.settings.epochs = 1;
  experiment.settings.batch = 60;
  experiment.settings.learning_rate = 0.25;
  const PredictorSettings one = {
      .past = 1, .first_step = 1, .every = 1, .momentum = 0.9};
  const Prediction found =
      compute_prediction(digits.train, digits.train, experiment, one);
  // By hand: the row is the gradient before the one step, and the target is
  // the gradient after it.
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, experiment);
  const std::vector<float> row = full_gradient(network, digits.train, 60);
  Sgd sgd(0.0);
  sgd.step(network.parameters(), 0.25);
  const std::vector<float> target =
      full_gradient(network, digits.train, 60);
  double product = 0, own = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    product += static_cast<double>(row[i]) * static_cast<double>(target[i]);
    own += static_cast<double>(row[i]) * static_cast<double>(row[i]);
  }
  CHECK_THAT(found.newest_times, WithinAbs(product / own, 1e-4));
  CHECK_THAT(found.momentum_times, WithinAbs(product / own, 1e-4));
  CHECK(std::abs(product / own - 1) > 0.01);  // the step changed it

  // A run that was interrupted predicts nothing.
  const Prediction ended =
      compute_prediction(digits.train, digits.train, experiment, one,
                         [](const TrainingStep&) { return false; });
  CHECK(ended.best.empty());
  CHECK(ended.best_explains == 0);

  for (const auto& it : {std::pair{0, 1}, {1, 0}, {-2, 3}})
    CHECK(message_of([&] {
            compute_prediction(digits.train, digits.train, experiment,
                               {.past = it.first, .every = it.second});
          }) ==
          "PredictorSettings: expected past and every of 1 or more, got " +
              std::to_string(it.first) + " and " +
              std::to_string(it.second));
  for (const double momentum : {-0.1, 1.0, double{NAN}})
    CHECK(message_of([&] {
            compute_prediction(digits.train, digits.train, experiment,
                               {.past = 1, .momentum = momentum});
          }) ==
          "PredictorSettings: expected momentum from 0 to below 1, got " +
              std::to_string(momentum));
  CHECK(message_of([&] { full_gradient(network, digits.train, 0); }) ==
        "full_gradient: expected one digit or more, got 60, 0 at a time");
  CHECK(message_of([&] { full_gradient(network, Dataset{}); }) ==
        "full_gradient: expected one digit or more, got 0, 250 at a time");
}

TEST_CASE("optimizers: the valley's picture shows each ball where it is",
          "[11]") {
  const Picture floor = valley_floor(100);
  // Darker up the wall than along the floor.
  CHECK(floor.at(200, 10).red < floor.at(200, 100).red);
  CHECK(floor.at(400, 100).red < floor.at(60, 100).red);
  const Ball ball{"ball", colours::blue, {{0.9, 0.5}, {0.5, -0.5}}};
  const Picture start = valley_tile(floor, ball, 0, 6);
  CHECK(start.at(valley_x({0.9, 0}), valley_y({0, 0.5})) == colours::blue);
  CHECK_FALSE(start.at(valley_x({0.5, 0}), valley_y({0, -0.5})) ==
              colours::blue);
  const Picture end = valley_tile(floor, ball, 9, 6);  // beyond its path
  CHECK(end.at(valley_x({0.5, 0}), valley_y({0, -0.5})) == colours::blue);
}

TEST_CASE("optimizers: each has a name, and a state of the size it says",
          "[11]") {
  for (const OptimizerKind& kind : optimizer_kinds()) {
    INFO(kind.name);
    CHECK(find_named(optimizer_kinds(), kind.name) == &kind);
    const auto optimizer = optimizer_of(kind.name, 0.5);
    TwoParameters two;
    const std::vector<Parameter<>*> both = {&two.weight, &two.bias};
    CHECK(fits_optimizer(kind, optimizer->state(), both));
    two.take_steps(*optimizer, 0.01, 0, 2);
    const auto state = optimizer->state();
    CHECK(fits_optimizer(kind, state, both));
    CHECK_FALSE(fits_optimizer(kind, state, {&two.weight}));
    CHECK_FALSE(fits_optimizer(kind, state, {&two.bias, &two.weight}));
    // Another momentum makes another step only where there is one.
    TwoParameters other;
    const auto changed = optimizer_of(kind.name, 0.75);
    other.take_steps(*changed, 0.01, 0, 2);
    CHECK((other.weight.value != two.weight.value) == kind.has_momentum);
  }
  CHECK(find_named(optimizer_kinds(), "adagrad") == nullptr);
  CHECK(message_of([] { optimizer_of("adagrad", 0.9); }) ==
        "optimizer_of: expected one of sgd, nesterov, rmsprop, adam, "
        "adamw, muon, got 'adagrad'");
  for (const NamedSchedule& it : named_schedules()) {
    CHECK(find_named(named_schedules(), it.name) == &it);
    CHECK(schedule_of(it.name)(0.3) == it.schedule(0.3));
  }
  CHECK(find_named(named_schedules(), "linear") == nullptr);
  CHECK(message_of([] { schedule_of("linear"); }) ==
        "schedule_of: expected one of constant, warm-up, stairs, falling, "
        "cosine, got 'linear'");
}
