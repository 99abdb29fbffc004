// Chapter 13: what its program computes. (The layers are in
// 13-norms_test.cpp.)
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "13-normalization/asked_in_batches.hpp"
#include "13-normalization/figures.hpp"
#include "13-normalization/four_numbers.hpp"
#include "13-normalization/moving_inputs.hpp"
#include "13-normalization/other_axes.hpp"
#include "13-normalization/probe_norm.hpp"
#include "13-normalization/recipe.hpp"
#include "13-normalization/shaken.hpp"
#include "13-normalization/steps_recipe.hpp"
#include "13-normalization/weight_scale.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"

using namespace cnn;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// Small enough for a test: one convolution, ten scores.
const Architecture small_network = {
    Convolution{.channels = 4, .kernel = 5, .stride = 3}, Relu{}, Flatten{},
    Dense{.outputs = 10}};

NormRun<> small_run() {
  NormRun<> run;
  run.layers = before_each_relu(small_network, BatchNorm{});
  run.settings.epochs = 1;
  run.settings.batch = 20;
  return run;
}

Split few_digits_of(int train, int held_out) {
  Split digits = embedded_digits();
  digits.train = first(digits.train, train);
  digits.held_out = first(digits.held_out, held_out);
  return digits;
}

bool same_values(Layer<>& a, const std::vector<Tensor<>>& b) {
  const std::vector<Parameter<>*> now = a.parameters();
  bool same = now.size() == b.size();
  for (std::size_t p = 0; same && p < b.size(); ++p)
    same = now[p]->value == b[p];
  return same;
}

}  // namespace

TEST_CASE("normalization: the graph's gradient is that of the one line") {
  const std::vector<double> x = {1, 2, 3, 4, -7.5},
                            dy = {1, 0, -0.5, 2, 0.25};
  const NormGraph it = compute_norm_graph(x, dy);
  const std::vector<double> one_line = grad_x_in_one_line(it);
  double sum = 0, lean = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK_THAT(it.grad_x[i], WithinAbs(one_line[i], 1e-5));
    // It is also the gradient by finite differences.
    const auto loss = [&](double step) {
      std::vector<double> moved = x;
      moved[i] += step;
      const NormGraph other = compute_norm_graph(moved, dy);
      double total = 0;
      for (std::size_t k = 0; k < x.size(); ++k)
        total += dy[k] * other.x_hat[k];
      return total;
    };
    CHECK_THAT(it.grad_x[i],
               WithinAbs((loss(1e-5) - loss(-1e-5)) / 2e-5, 1e-8));
    sum += it.grad_x[i];
    lean += it.grad_x[i] * it.x_hat[i];
  }
  CHECK_THAT(sum, WithinAbs(0, 1e-12));
  CHECK_THAT(lean, WithinAbs(0, 1e-5));  // not 0, because of epsilon
  CHECK_THROWS_AS(compute_norm_graph({}, {}), std::invalid_argument);
  CHECK_THROWS_AS(compute_norm_graph({1, 2}, {1}), std::invalid_argument);
}

TEST_CASE("normalization: four numbers, two and one by hand") {
  const NormGraph four = compute_norm_graph({1, 2, 3, 4}, {1, 0, 0, 0});
  CHECK(four.mean == 2.5);
  CHECK(four.variance == 1.25);
  CHECK_THAT(four.x_hat[0], WithinAbs(-1.3416, 1e-4));
  CHECK_THAT(four.x_hat[1], WithinAbs(-0.4472, 1e-4));
  // 0.3, -0.4, -0.1 and 0.2, divided by the standard deviation.
  for (const auto& [i, number] :
       std::vector<std::pair<std::size_t, double>>{
           {0, 0.3}, {1, -0.4}, {2, -0.1}, {3, 0.2}})
    CHECK_THAT(four.grad_x[i], WithinAbs(number / std::sqrt(1.25), 1e-4));
  const NormGraph two = compute_norm_graph({-70, 0.5}, {1, 2});
  CHECK_THAT(two.x_hat[0], WithinAbs(-1, 1e-6));
  CHECK_THAT(two.grad_x[0], WithinAbs(0, 1e-6));
  CHECK(compute_norm_graph({3}, {1}).x_hat[0] == 0);
  CHECK(compute_norm_graph({3}, {1}).grad_x[0] == 0);
  CHECK_THAT(share_of_start(0.1, 10), WithinAbs(0.348678, 1e-6));
  CHECK_THAT(share_of_start(0.1, 44), WithinAbs(0.0097, 1e-4));
}

TEST_CASE("normalization: biases before it are dead, weights are not") {
  const Dataset batch = first(embedded_digits().train, 16);
  const FirstGradients normed = compute_first_gradients(small_run(), batch);
  NormRun<> plain = small_run();
  plain.layers = before_each_relu(small_network);
  const FirstGradients without = compute_first_gradients(plain, batch);
  CHECK(normed.bias < 1e-15);
  CHECK(normed.weight > 1e-4);
  CHECK(without.bias > 1e-4);
}

TEST_CASE("normalization: a norm comes before each ReLU and nowhere else") {
  const NormalizedArchitecture list =
      before_each_relu(digit_network, BatchNorm{}, LayerNorm{});
  REQUIRE(list.size() == digit_network.size() + 4);
  CHECK(std::holds_alternative<Convolution>(list[0]));
  CHECK(std::holds_alternative<BatchNorm>(list[1]));
  CHECK(std::holds_alternative<LayerNorm>(list[2]));
  CHECK(std::holds_alternative<Relu>(list[3]));
  CHECK(std::holds_alternative<Dense>(list.back()));
  CHECK(before_each_relu(digit_network).size() == digit_network.size());
}

TEST_CASE("normalization: to ask in training mode leaves no trace") {
  const Split digits = few_digits_of(60, 40);
  StartedNetwork network(small_run());
  const KeptValues kept(network);
  const Tensor<> logits =
      logits_in_training(network, digits.held_out.images);
  answers_in_training(network, digits.held_out, count_up(40), 7);
  CHECK(same_values(network, kept.values()));
  // But it was in training mode: the answers differ from evaluation mode's.
  CHECK(max_abs_difference(logits, evaluate(network, digits.held_out)) >
        1e-3f);
  network.forward(digits.held_out.images, Mode::training);
  CHECK_FALSE(same_values(network, kept.values()));
  kept.put_back();
  CHECK(same_values(network, kept.values()));
}

TEST_CASE("normalization: one digit's answer hangs on its neighbours") {
  const Split digits = few_digits_of(60, 40);
  StartedNetwork network(small_run());
  const OneDigit it =
      compute_one_digit(network, digits.held_out, 5, 3, 7, 1);
  CHECK(it.image == 5);
  REQUIRE(it.batches.size() == 3);
  for (const BatchCompany& batch : it.batches) {
    CHECK(batch.others.size() == 7);
    CHECK(std::count(batch.others.begin(), batch.others.end(), 5) == 0);
    double sum = 0;
    for (const float share : batch.probabilities)
      sum += static_cast<double>(share);
    CHECK_THAT(sum, WithinAbs(1, 1e-5));
  }
  CHECK(it.batches[0].probabilities != it.batches[1].probabilities);
  CHECK(it.batches[0].others != it.batches[1].others);
  CHECK_THROWS_AS(compute_one_digit(network, digits.held_out, 5, 3, 40, 1),
                  std::invalid_argument);
  // Without normalization the neighbours do not matter.
  NormRun<> run = small_run();
  run.layers = before_each_relu(small_network);
  StartedNetwork plain(run);
  const OneDigit alone =
      compute_one_digit(plain, digits.held_out, 5, 2, 7, 1);
  CHECK(alone.batches[0].probabilities == alone.alone);
  CHECK(share_that_changes(plain, digits.held_out, 3, 8, 1) == 0);
  CHECK(share_that_changes(network, digits.held_out, 8, 2, 1) > 0);
}

TEST_CASE("normalization: one digit among others of its own class") {
  const Dataset data = few_digits_of(60, 40).held_out;
  StartedNetwork network(small_run());
  const int label = data.labels[5];
  const std::vector<int> own = indices_of(data.labels, label);
  REQUIRE(own.size() > 2);
  for (const int n : own)
    CHECK(data.labels[static_cast<std::size_t>(n)] == label);
  CHECK(static_cast<int>(own.size()) ==
        std::count(data.labels.begin(), data.labels.end(), label));
  const OneDigit it =
      compute_one_digit_among_its_own(network, data, 5, 4, 2, 1);
  CHECK(it.image == 5);
  CHECK(it.alone == compute_one_digit(network, data, 5, 1, 2, 1).alone);
  REQUIRE(it.batches.size() == 4);
  const auto at = static_cast<std::size_t>(label);
  float lowest = 1, highest = 0;
  for (const BatchCompany& batch : it.batches) {
    REQUIRE(batch.others.size() == 2);
    std::vector<int> images = {5};
    for (const int n : batch.others) {
      CHECK(n != 5);
      CHECK(data.labels[static_cast<std::size_t>(n)] == label);
      images.push_back(n);
    }
    CHECK(batch.probabilities ==
          probabilities_of(
              logits_in_training(network, subset(data, images).images), 0));
    lowest = std::min(lowest, batch.probabilities[at]);
    highest = std::max(highest, batch.probabilities[at]);
  }
  CHECK(lowest < highest);
  CHECK(worst_company(it, label).probabilities[at] == lowest);
  CHECK(best_company(it, label).probabilities[at] == highest);
  CHECK_THROWS_AS(
      compute_one_digit_among_its_own(network, data, 40, 4, 2, 1),
      std::invalid_argument);
  CHECK_THROWS_AS(compute_one_digit_among_its_own(
                      network, data, 5, 4, static_cast<int>(own.size()), 1),
                  std::invalid_argument);
  CHECK_THROWS_AS(worst_company({}, 0), std::invalid_argument);
}

TEST_CASE("normalization: the digit that a network is least sure of") {
  const Split digits = few_digits_of(400, 100);
  NormRun<> run = small_run();
  run.settings.epochs = 3;
  StartedNetwork network(run);
  Sgd sgd(0.9);
  train_fast(network, sgd, digits.train, run.settings);
  const std::optional<int> n = least_sure(network, digits.held_out, 3);
  REQUIRE(n);
  const Tensor<> shares = softmax(evaluate(network, digits.held_out));
  CHECK(digits.held_out.labels[static_cast<std::size_t>(*n)] == 3);
  CHECK(answer(shares, *n) == 3);
  for (int i = 0; i < 100; ++i)
    if (digits.held_out.labels[static_cast<std::size_t>(i)] == 3 &&
        answer(shares, i) == 3)
      CHECK(shares(i, 3) >= shares(*n, 3));
  CHECK_FALSE(least_sure(network, first(digits.held_out, 0), 3));
}

TEST_CASE("normalization: batches of all images and sorted ones") {
  const Dataset data = few_digits_of(60, 40).held_out;
  const std::vector<int> order = sorted_by_class(data);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const int a = data.labels[static_cast<std::size_t>(order[i - 1])],
              b = data.labels[static_cast<std::size_t>(order[i])];
    CHECK((a < b || (a == b && order[i - 1] < order[i])));
  }
  CHECK(share_right({1, 2, 3, 4}, {1, 0, 3, 0}) == 0.5);
  StartedNetwork network(small_run());
  // If one batch holds all images, their order does not matter.
  const std::vector<MixedAndSorted> all =
      compute_mixed_and_sorted(network, data, {40}, 1);
  CHECK(all[0].mixed == all[0].sorted);
  CHECK_THROWS_AS(answers_in_training(network, data, order, 0),
                  std::invalid_argument);
}

TEST_CASE("normalization: asked early, and the training goes on as ever") {
  const Split digits = few_digits_of(100, 40);
  NormRun<> run = small_run();
  StartedNetwork asked(run), other(run);
  Sgd one(0.9), two(0.9);
  const std::vector<EarlyAccuracy> all =
      compute_early_asked(asked, one, digits, run.settings, {1, 3, 5});
  REQUIRE(all.size() == 3);
  CHECK(all[0].step == 1);
  CHECK(all[2].step == 5);
  train_fast(other, two, digits.train, run.settings);
  CHECK(same_values(asked, KeptValues(other).values()));
}

TEST_CASE("normalization: a filter's length changes nothing but its pace") {
  const Dataset batch = first(embedded_digits().train, 32);
  const std::vector<ScaledWeights> all =
      compute_scaled_weights(small_run(), batch, {1, 10, 100});
  for (const ScaledWeights& it : all) {
    CHECK_THAT(it.loss, WithinAbs(all[1].loss, 1e-4));
    CHECK_THAT(it.gradient_size * it.factor,
               WithinRel(all[1].gradient_size * 10, 1e-2));
  }
  CHECK_THAT(all[2].loss, WithinAbs(all[1].loss, 1e-6));
  CHECK(std::abs(all[2].cosine) < 1e-7);
  NormRun<> plain = small_run();
  plain.layers = before_each_relu(small_network);
  CHECK(std::abs(compute_scaled_weights(plain, batch, {1})[0].cosine) >
        1e-3);
}

TEST_CASE("normalization: weights grow as Pythagoras says") {
  const Dataset data = first(embedded_digits().train, 200);
  NormRun<> run = small_run();
  run.momentum = 0;
  run.settings.learning_rate = 0.3;
  run.settings.schedule = constant_schedule;
  const WeightGrowth it = compute_weight_growth(run, data, 0);
  REQUIRE(it.squares.size() == 11);
  CHECK(it.name == "conv1.weight");
  for (std::size_t k = 1; k < it.squares.size(); ++k) {
    CHECK(it.squares[k] > it.squares[k - 1]);
    CHECK_THAT(it.squares[k], WithinRel(it.pythagoras[k], 1e-3));
    CHECK_THAT(it.rates[k - 1], WithinRel(0.3 / it.squares[k - 1], 1e-9));
  }
  CHECK(it.largest_cosine < 1e-3);
  run.layers = before_each_relu(small_network);
  const WeightGrowth plain = compute_weight_growth(run, data, 0);
  CHECK(std::abs(plain.squares.back() - plain.pythagoras.back()) >
        1e-3 * plain.squares.back());
  run.momentum = 0.9;
  CHECK_THROWS_AS(compute_weight_growth(run, data, 0),
                  std::invalid_argument);
}

TEST_CASE("normalization: noise is the same in both engines") {
  const ShakenArchitecture layers = shaken_network(small_network, 0.5, 3);
  const Split digits = few_digits_of(50, 40);
  FastNetwork fast(layers, {1, 28, 28}, {.threads = 2});
  Network<> plain = build_network(layers, {1, 28, 28});
  Random random(1);
  initialize(plain, he_initializer(), random);
  copy_parameters(plain, fast);
  Sgd one(0.9), two(0.9);
  TrainingSettings settings;
  settings.epochs = 2;
  settings.batch = 20;
  train_fast(fast, one, digits.train, settings);
  train(plain, two, digits.train, settings);
  const auto a = fast.parameters(), b = plain.parameters();
  for (std::size_t p = 0; p < a.size(); ++p)
    CHECK(max_abs_difference(a[p]->value, b[p]->value) < 1e-4f);
  // Another step brings other noise, and evaluation mode brings none.
  ShakenLayer<> layer({1, 5}, 2);
  const Tensor<> ones({3, 2, 2, 2}, 1.0f);
  const Tensor<> first_step = layer.forward(ones, Mode{true, 1});
  CHECK(first_step != layer.forward(ones, Mode{true, 2}));
  CHECK(first_step == layer.forward(ones, Mode{true, 1}));
  CHECK(ones == layer.forward(ones, Mode::evaluation));
  CHECK(first_step(0, 0, 0, 0) == first_step(2, 0, 1, 1));
  CHECK(first_step(0, 0, 0, 0) != first_step(0, 1, 0, 0));
}

TEST_CASE("normalization: the gradient through noise is its difference") {
  ShakenLayer<double> layer({1, 5}, 2);
  Tensor<double> x({2, 2, 1, 2}, {1, -2, 3, 0.5, -1, 2, 4, -3});
  const Tensor<double> grad({2, 2, 1, 2}, {1, 2, -1, 0, 3, 1, 1, -2});
  layer.forward(x, Mode{true, 4});
  const Tensor<double> found = layer.backward(grad, true);
  for (std::size_t i = 0; i < 8; ++i) {
    const auto loss = [&](double step) {
      Tensor<double> moved = x;
      moved.data()[i] += step;
      return inner_product(layer.forward(moved, Mode{true, 4}), grad);
    };
    CHECK_THAT(found.data()[i],
               WithinAbs((loss(0.1) - loss(-0.1)) / 0.2, 1e-9));
  }
}

TEST_CASE("normalization: inputs that move, in standard deviations") {
  const Tensor<> z({2, 2, 1, 2}, {1, 2, 10, 10, 3, 4, 10, 10});
  const std::vector<Spread> spreads = channel_spreads(z);
  CHECK(spreads[0].mean == 2.5f);
  CHECK_THAT(static_cast<double>(spreads[0].deviation),
             WithinAbs(std::sqrt(1.25), 1e-6));
  CHECK(spreads[1].deviation == 0);
  CHECK_THAT(
      typical_move({{{0, 2}, {1, 1}, {0, 1}}}, {{{1, 5}, {1, 1}, {3, 1}}}),
      WithinAbs(0.5, 1e-6));
  const Split digits = few_digits_of(200, 40);
  const auto asked = [&](FastNetwork& network) {
    return accuracy(network, digits.held_out);
  };
  NormRun<> run = small_run(), plain = run;
  plain.layers = before_each_relu(small_network);
  const MovedRun normed = compute_moved_run(run, digits, 2, asked),
                 moved = compute_moved_run(plain, digits, 2, asked);
  REQUIRE(normed.move);
  REQUIRE(moved.move);
  CHECK(*normed.move < *moved.move);
  // Measuring the moves does not change the training.
  CHECK(*normed.accuracy == accuracy_of(run, digits).value());
}

TEST_CASE("normalization: to look every 0 steps is refused") {
  const Split digits = few_digits_of(40, 10);
  const NormRun<> run = small_run();
  const auto asked = [](FastNetwork&) { return 0.0; };
  for (const int every : {-1, 0, 1})
    CHECK(
        message_of([&] { compute_moved_run(run, digits, every, asked); }) ==
        "compute_moved_run: expected a look every 2 steps or more, got " +
            std::to_string(every));
  CHECK(message_of(
            [&] { compute_out_of_date(run, digits.train, {0.1}, 0); }) ==
        "compute_out_of_date: expected a look every step or more, got 0");
}

TEST_CASE("normalization: a tiny step along a gradient leaves it true") {
  const Dataset data = first(embedded_digits().train, 100);
  NormRun<> run = small_run();
  const std::vector<TrialStep> all =
      compute_out_of_date(run, data, {1e-5, 0.3}, 2);
  CHECK(all[0].cosine > 0.99);
  CHECK_THAT(all[0].loss_left, WithinAbs(1, 1e-3));
  CHECK(all[0].loss_left < 1);
  CHECK(all[1].cosine < all[0].cosine);
  CHECK_THAT(cosine_of({1, 0}, {1, 1}), WithinAbs(std::sqrt(0.5), 1e-12));
  CHECK(cosine_of({0, 0}, {1, 1}) == 0);
}

TEST_CASE("normalization: cells that share a mean have mean 0") {
  Random random(1);
  Tensor<> maps({3, 4, 2, 2});
  for (float& number : maps.data()) number = 3 + 2 * random.normal();
  const std::vector<NormalizedMaps> all = compute_other_axes(maps, 2);
  REQUIRE(all.size() == 4);
  for (const NormalizedMaps& it : all) {
    if (it.name == "before") continue;
    INFO(it.name);
    for (int n = 0; n < 3; n += it.images)
      for (int c = 0; c < 4; c += it.channels) {
        double sum = 0, squares = 0;
        for (int i = n; i < n + it.images; ++i)
          for (int k = c; k < c + it.channels; ++k)
            for (int cell = 0; cell < 4; ++cell) {
              const auto number =
                  static_cast<double>(it.maps(i, k, cell / 2, cell % 2));
              sum += number;
              squares += number * number;
            }
        const int cells = it.images * it.channels * 4;
        CHECK_THAT(sum / cells, WithinAbs(0, 1e-5));
        CHECK_THAT(squares / cells, WithinAbs(1, 1e-4));
      }
  }
}

TEST_CASE("normalization: a probe gives every filter the same spread") {
  const bool centred = GENERATE(false, true);
  const Split digits = few_digits_of(100, 40);
  NormRun<Architecture> run{digit_network, {}};
  run.settings.epochs = 1;
  StartedNetwork network(run);
  const Tensor<> probe = first(digits.train, 20).images;
  Sgd sgd(0.9);
  ProbeNorm normed(network.plain(), probe, centred, sgd);
  const auto check = [&] {
    const auto outputs = all_outputs(network.plain(), probe);
    double furthest = 0;
    for (const std::size_t layer : {0u, 3u})
      for (const Spread& it : channel_spreads(outputs[layer])) {
        CHECK_THAT(static_cast<double>(it.deviation), WithinAbs(1, 1e-4));
        furthest =
            std::max(furthest, std::abs(static_cast<double>(it.mean)));
      }
    CHECK((furthest < 1e-4) == centred);
  };
  check();
  train_fast(network, normed, digits.train, run.settings);
  check();
  // A filter whose sums are all the same stays as it is.
  Parameter<> weight{"w", Tensor<>({1, 1}, 3.0f), Tensor<>({1, 1})},
      bias{"b", Tensor<>({1}, 2.0f), Tensor<>({1})};
  Tensor<> z({2, 1}, 5.0f);
  rescale(weight, bias, z, centred);
  CHECK(weight.value(0, 0) == 3);
  CHECK(bias.value(0) == 2);
  CHECK(z(1, 0) == 5);
}

TEST_CASE("normalization: one cycle rises for a fifth and ends at 0") {
  CHECK(one_cycle(0) == 0);
  CHECK_THAT(one_cycle(0.1), WithinAbs(0.5, 1e-6));
  CHECK_THAT(one_cycle(rising_share), WithinAbs(1, 1e-12));
  CHECK_THAT(one_cycle(0.6), WithinAbs(0.5, 1e-6));
  CHECK_THAT(one_cycle(1), WithinAbs(0, 1e-12));
}

TEST_CASE("normalization: the recipe learns, and keeps digits back") {
  const Split digits = few_digits_of(260, 40);
  const KeptBack parts = keep_back(digits, 60);
  CHECK(parts.train.size() == 200);
  CHECK(parts.kept.size() == 60);
  CHECK(parts.test.labels == digits.held_out.labels);
  CHECK(parts.kept.labels[0] == digits.train.labels[200]);
  CHECK_THROWS_AS(keep_back(digits, 260), std::invalid_argument);
  CHECK_THROWS_AS(keep_back(digits, 0), std::invalid_argument);

  MnistRecipe recipe;
  recipe.width = 2;
  recipe.epochs = 2;
  recipe.batch = 20;
  FastNetwork one(recipe_network(recipe), {1, 28, 28}, {.threads = 1}),
      two(recipe_network(recipe), {1, 28, 28}, {.threads = 3});
  const auto history = follow_recipe(one, recipe, parts.train);
  follow_recipe(two, recipe, parts.train);
  CHECK(same_values(one, KeptValues(two).values()));
  CHECK(history.size() == 20);
  CHECK(history.back().loss < history.front().loss);
  // 59,710 numbers that matter, and 160 biases that the means cancel.
  FastNetwork whole(recipe_network({}), {1, 28, 28});
  int trained = 0;
  for (const Parameter<>* it : trained_parameters(whole))
    trained += it->value.size();
  CHECK(trained == 59870);
}

TEST_CASE("normalization: the record of the recipe") {
  const std::string text =
      recipe_record({{0.996, 0.9958, 130.2}, {0.9964, 0.9962, 131}});
  CHECK(text.find("99.58 %") != std::string::npos);
  CHECK(text.find("99.62 +- 0.02") != std::string::npos);
  CHECK(text.find("99.60 +- 0.02") != std::string::npos);
  CHECK(text.find("130") != std::string::npos);
}
