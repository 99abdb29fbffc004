// Chapter 06's seams: networks built from lists, initialisation, the
// optimizer, schedules and the training loop; and chapters 05's and 07's
// loops where all three must do the same.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/linear_classifier.hpp"
#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "06-training/sgd.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

// Grey images of random numbers with random labels.
Dataset random_images(int count, int size, int classes,
                      std::uint64_t seed) {
  Random random(seed);
  Dataset data;
  data.images = Tensor<>({count, 1, size, size});
  for (float& cell : data.images.data()) cell = random.uniform();
  for (int n = 0; n < count; ++n)
    data.labels.push_back(random.below(classes));
  data.classes = classes;
  return data;
}

// Every layer kind, small. images (N, 1, 6, 6) -> logits (N, 3)
const Architecture small_architecture = {
    Convolution{.channels = 3, .kernel = 3, .padding = 1},
    Relu{},
    MaxPool{},
    AveragePool{{2, 1, 0}},
    Flatten{},
    Dense{.outputs = 3}};

Network<> small_network(std::uint64_t seed = 1) {
  Network<> network = build_network(small_architecture, {1, 6, 6});
  Random random(seed);
  initialize(network, he_initializer(), random);
  return network;
}

std::vector<Tensor<>> values_of(Layer<>& network) {
  std::vector<Tensor<>> values;
  for (const Parameter<>* it : network.parameters())
    values.push_back(it->value);
  return values;
}

bool all_finite(const std::vector<Tensor<>>& values) {
  for (const Tensor<>& value : values)
    if (!cnn::all_finite(value)) return false;
  return true;
}

// A layer that learns nothing and records what it is shown: image n holds
// the number n.
struct Recorder : Layer<> {
  std::vector<std::vector<int>> batches;
  std::vector<Mode> modes;

  Tensor<> forward(const Tensor<>& input, Mode mode) override {
    modes.push_back(mode);
    if (mode.learns) {
      batches.emplace_back();
      for (const float cell : input.data())
        batches.back().push_back(static_cast<int>(cell));
    }
    return Tensor<>({input.extent(0), 2});
  }
  Tensor<> backward(const Tensor<>&, bool) override { return {}; }
};

Dataset numbered_images(int count) {
  Dataset data;
  data.images = Tensor<>({count, 1, 1, 1});
  for (int n = 0; n < count; ++n) {
    data.images(n, 0, 0, 0) = static_cast<float>(n);
    data.labels.push_back(n % 2);
  }
  data.classes = 2;
  return data;
}

std::vector<std::vector<int>> batches_seen(
    int images, const TrainingSettings& settings) {
  Recorder recorder;
  Sgd optimizer;
  train(recorder, optimizer, numbered_images(images), settings);
  return recorder.batches;
}

}  // namespace

// ---- Networks from lists -----------------------------------------------

TEST_CASE("the digit network's parameters have names and sizes") {
  Network<> network = build_network(digit_network, {1, 28, 28});
  std::vector<std::string> names;
  std::vector<int> sizes, fans;
  for (const Parameter<>* it : network.parameters()) {
    names.push_back(it->name);
    sizes.push_back(it->value.size());
    fans.push_back(it->fan_in);
    CHECK(it->value.shape() == it->gradient.shape());
  }
  CHECK(names == std::vector<std::string>{"conv1.weight", "conv1.bias",
                                          "conv2.weight", "conv2.bias",
                                          "fc1.weight", "fc1.bias"});
  CHECK(sizes ==
        std::vector<int>{8 * 25, 8, 16 * 8 * 25, 16, 400 * 10, 10});
  CHECK(fans == std::vector<int>{25, 0, 8 * 25, 0, 400, 0});
  CHECK(parameter_count(network) == 7434);
}

TEST_CASE("the digit network's layers have names and output shapes") {
  Network<> network = build_network(digit_network, {1, 28, 28});
  const auto outputs = all_outputs(network, Tensor<>({2, 1, 28, 28}));
  std::vector<std::string> names;
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < network.size(); ++i) {
    names.push_back(network.name(i));
    shapes.push_back(outputs[i].shape());
  }
  CHECK(names == std::vector<std::string>{"conv1", "relu1", "maxpool1",
                                          "conv2", "relu2", "maxpool2",
                                          "flatten1", "fc1"});
  CHECK(shapes == std::vector<Shape>{{2, 8, 28, 28},
                                     {2, 8, 28, 28},
                                     {2, 8, 14, 14},
                                     {2, 16, 10, 10},
                                     {2, 16, 10, 10},
                                     {2, 16, 5, 5},
                                     {2, 400},
                                     {2, 10}});
}

TEST_CASE("all_outputs ends with what forward returns") {
  Network<> network = small_network();
  const Tensor<> images = random_images(4, 6, 3, 2).images;
  CHECK(all_outputs(network, images).back() ==
        network.forward(images, Mode::evaluation));
}

TEST_CASE("a network can be a part of a network") {
  auto inner = std::make_unique<Network<>>(build_network(
      Architecture{Flatten{}, Dense{.outputs = 2}}, {1, 2, 2}));
  Network<> outer;
  outer.add("block", std::move(inner));
  REQUIRE(outer.parameters().size() == 2);
  CHECK(outer.parameters()[0]->name == "block.fc1.weight");
}

TEST_CASE("layers that do not fit are refused when the network is built") {
  const auto error = [](const Architecture& architecture, const Shape& in) {
    return message_of([&] { build_network(architecture, in); });
  };
  CHECK(error({Dense{.outputs = 10}}, {1, 28, 28}) ==
        "Dense: input (put a Flatten before it) expects 2 axes, got shape "
        "(1, 1, 28, 28)");
  CHECK_THAT(error({Convolution{.channels = 1, .kernel = 5}}, {1, 4, 4}),
             ContainsSubstring("window of 5 does not fit into 4 cells"));
  CHECK_THAT(error({MaxPool{{.window = 3, .stride = 3}}}, {1, 2, 4}),
             ContainsSubstring("window of 3 does not fit into 2 cells"));
  CHECK_THAT(error({Flatten{}, Convolution{}}, {1, 4, 4}),
             ContainsSubstring("Convolution: input expects 4 axes"));
  CHECK_THAT(error(digit_network, {28, 28}),
             ContainsSubstring("build_network: image expects 3 axes"));
  CHECK_THROWS_AS(build_network(Architecture{Dense{}}, {1, 2, 2}),
                  std::invalid_argument);
}

// ---- Initialisation ----------------------------------------------------

TEST_CASE("He's initial weights have variance 2 / fan_in, biases are 0") {
  Random random(3);
  Parameter<> weight{"weight", Tensor<>({200, 500}), Tensor<>(), 50};
  Parameter<> bias{"bias", Tensor<>({1000}, 7.0f), Tensor<>()};
  for (const float scale : {1.0f, 3.0f}) {
    he_initializer(scale)(weight, random);
    he_initializer(scale)(bias, random);
    double sum = 0, squares = 0;
    for (const float number : weight.value.data()) {
      const auto x = static_cast<double>(number);
      sum += x;
      squares += x * x;
    }
    // From 100,000 numbers the variance is known to 0.45 % (one standard
    // deviation), the mean to deviation / 316.
    const double variance = static_cast<double>(scale * scale) * 2 / 50;
    CHECK_THAT(squares / 1e5, WithinRel(variance, 0.02));
    CHECK_THAT(sum / 1e5, WithinAbs(0.0, 4 * std::sqrt(variance) / 316));
    CHECK(bias.value == Tensor<>({1000}, 0.0f));
  }
}

TEST_CASE("initialize fills every weight, the same for the same seed") {
  CHECK(values_of(*std::make_unique<Network<>>(small_network(4))) ==
        values_of(*std::make_unique<Network<>>(small_network(4))));
  Network<> network = small_network(4), other = small_network(5);
  CHECK_FALSE(values_of(network) == values_of(other));
  for (const Parameter<>* it : network.parameters())
    for (const float number : it->value.data())
      CHECK((number == 0.0f) == (it->fan_in == 0));
}

// ---- Schedules and steps -----------------------------------------------

TEST_CASE("the cosine schedule warms up and falls to 0") {
  CHECK(cosine_schedule(0.0) == 0.0);
  CHECK_THAT(cosine_schedule(0.025), WithinAbs(0.5, 1e-12));
  CHECK_THAT(cosine_schedule(0.05), WithinAbs(1.0, 1e-12));
  CHECK_THAT(cosine_schedule(0.525), WithinAbs(0.5, 1e-6));
  CHECK_THAT(cosine_schedule(1.0), WithinAbs(0.0, 1e-6));
  for (int i = 5; i < 100; ++i)
    CHECK(cosine_schedule(i / 100.0) > cosine_schedule((i + 1) / 100.0));
  CHECK(constant_schedule(0.0) == 1.0);
  CHECK(constant_schedule(1.0) == 1.0);
}

TEST_CASE("three steps with momentum, by hand") {
  Parameter<> one{"one", Tensor<>({1}, 1.0f), Tensor<>({1})};
  Parameter<> two{"two", Tensor<>({2}, 8.0f), Tensor<>({2})};
  Sgd optimizer(0.5);
  const auto step = [&](float gradient_of_one, float gradient_of_two) {
    one.gradient(0) = gradient_of_one;
    two.gradient(1) = gradient_of_two;
    optimizer.step({&one, &two}, 0.25);
  };
  step(2, 4);  // velocities 2 and 4
  CHECK(one.value(0) == 0.5f);
  CHECK(two.value(1) == 7.0f);
  step(2, 0);  // velocities 0.5 x 2 + 2 = 3 and 2
  CHECK(one.value(0) == -0.25f);
  CHECK(two.value(1) == 6.5f);
  step(-1, 0);  // velocities 0.5 x 3 - 1 = 0.5 and 1
  CHECK(one.value(0) == -0.375f);
  CHECK(two.value(1) == 6.25f);
  CHECK(two.value(0) == 8.0f);
}

TEST_CASE("a step that is refused moves no parameter") {
  Parameter<> one{"one", Tensor<>({1}, 1.0f), Tensor<>({1}, 2.0f)};
  Parameter<> two{"two", Tensor<>({2}, 8.0f), Tensor<>({2}, 4.0f)};
  Sgd optimizer(0.5);
  optimizer.step({&one, &two}, 0.25);
  const Tensor<> before = one.value;
  const auto state = optimizer.state();
  two.gradient = Tensor<>({3}, 4.0f);
  CHECK_THROWS_AS(optimizer.step({&one, &two}, 0.25),
                  std::invalid_argument);
  CHECK(one.value == before);
  CHECK(optimizer.state() == state);
}

TEST_CASE("without momentum a step forgets the one before") {
  Parameter<> it{"it", Tensor<>({1}, 1.0f), Tensor<>({1}, 2.0f)};
  Sgd optimizer;
  optimizer.step({&it}, 0.25);
  optimizer.step({&it}, 0.25);
  CHECK(it.value(0) == 0.0f);
}

TEST_CASE("momentum from 0 to below 1") {
  CHECK_NOTHROW(Sgd(0.0));
  CHECK_NOTHROW(Sgd(0.999));
  for (const double wrong : {-0.1, 1.0, 2.0, double{not_a_number}})
    CHECK_THROWS_AS(Sgd(wrong), std::invalid_argument);
  CHECK(message_of([] { Sgd(1.5); }) ==
        "Sgd: expected momentum from 0 to below 1, got 1.500000");
}

// ---- The loop ----------------------------------------------------------

TEST_CASE("every image comes once an epoch, the last batch is smaller") {
  TrainingSettings settings;
  settings.epochs = 3;
  settings.batch = 4;
  CHECK(training_steps(10, settings) == 9);
  CHECK(training_steps(8, settings) == 6);
  const auto batches = batches_seen(10, settings);
  REQUIRE(batches.size() == 9);
  std::vector<std::vector<int>> orders;
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    std::vector<int> order;
    for (std::size_t b = 0; b < 3; ++b) {
      const std::vector<int>& batch = batches[3 * epoch + b];
      CHECK(batch.size() == (b < 2 ? 4u : 2u));
      order.insert(order.end(), batch.begin(), batch.end());
    }
    orders.push_back(order);
    std::sort(order.begin(), order.end());
    CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
  CHECK(orders[0] != orders[1]);
  CHECK(orders[1] != orders[2]);
}

TEST_CASE("the seed decides the order") {
  TrainingSettings one, two;
  two.seed = 2;
  CHECK(batches_seen(100, one) == batches_seen(100, one));
  CHECK(batches_seen(100, one) != batches_seen(100, two));
}

TEST_CASE("training trains in training mode, evaluation does not") {
  Recorder recorder;
  Sgd optimizer;
  TrainingSettings settings;
  settings.epochs = 1;
  train(recorder, optimizer, numbered_images(3), settings);
  // After the last step the network is asked whether it is still sound.
  CHECK(recorder.modes ==
        std::vector<Mode>{Mode{true, 1}, Mode::evaluation});
  recorder.modes.clear();
  evaluate(recorder, numbered_images(257));
  CHECK(recorder.modes ==
        std::vector<Mode>{Mode::evaluation, Mode::evaluation});
}

TEST_CASE("the same seed gives the same bits") {
  const Dataset data = random_images(23, 6, 3, 7);
  TrainingSettings settings;
  settings.epochs = 2;
  settings.batch = 5;
  const auto trained = [&](std::uint64_t seed) {
    settings.seed = seed;
    Network<> network = small_network();
    Sgd optimizer(0.9);
    train(network, optimizer, data, settings);
    return values_of(network);
  };
  CHECK(trained(1) == trained(1));
  CHECK_FALSE(trained(1) == trained(2));
}

TEST_CASE("the history tells of every step") {
  const Dataset data = random_images(10, 6, 3, 8);
  Network<> network = small_network();
  const double first_loss = static_cast<double>(cross_entropy(
      network.forward(data.images, Mode::evaluation), data.labels));
  Sgd optimizer(0.9);
  TrainingSettings settings;
  settings.epochs = 4;
  settings.batch = 10;
  settings.learning_rate = 0.5;
  std::vector<int> called;
  const auto history = train(network, optimizer, data, settings,
                             [&](const TrainingStep& now) {
                               called.push_back(now.step);
                               return true;
                             });
  REQUIRE(history.size() == 4);
  CHECK(called == std::vector<int>{1, 2, 3, 4});
  for (int i = 0; i < 4; ++i) {
    const TrainingStep& now = history[static_cast<std::size_t>(i)];
    CHECK(now.step == i + 1);
    CHECK(now.steps == 4);
    CHECK(now.epoch == i + 1);
    CHECK(now.learning_rate == 0.5 * cosine_schedule((i + 0.5) / 4));
  }
  // The first loss is that of the network before it learned anything.
  CHECK_THAT(history[0].loss, WithinAbs(first_loss, 1e-6));
}

TEST_CASE("the loss is the mean over the batch, whatever its size") {
  Dataset once = random_images(3, 6, 3, 9), twice = once;
  twice.images = Tensor<>({6, 1, 6, 6});
  for (std::size_t i = 0; i < twice.images.data().size(); ++i)
    twice.images.data()[i] =
        once.images.data()[i % once.images.data().size()];
  for (int n = 0; n < 3; ++n)
    twice.labels.push_back(once.labels[static_cast<std::size_t>(n)]);
  const auto after_one_step = [](const Dataset& data) {
    Network<> network = small_network();
    Sgd optimizer;
    double loss = 0;
    training_step(network, optimizer, data, 0.5, loss);
    return values_of(network);
  };
  const auto a = after_one_step(once), b = after_one_step(twice);
  for (std::size_t p = 0; p < a.size(); ++p)
    CHECK(max_abs_difference(a[p], b[p]) < 1e-6f);
}

TEST_CASE("after_step can end the training") {
  const Dataset data = random_images(20, 6, 3, 10);
  TrainingSettings settings;
  settings.epochs = 3;
  settings.batch = 4;
  Network<> network = small_network();
  Sgd optimizer;
  std::vector<Tensor<>> after_three;
  const auto history = train(network, optimizer, data, settings,
                             [&](const TrainingStep& now) {
                               after_three = values_of(network);
                               return now.step < 3;
                             });
  CHECK(history.size() == 3);
  CHECK(history.back().steps == 15);
  CHECK(values_of(network) == after_three);
}

TEST_CASE("a loss that is not a number stops and names step and epoch") {
  Dataset data = random_images(12, 6, 3, 11);
  TrainingSettings settings;
  settings.epochs = 3;
  settings.batch = 4;  // 3 steps an epoch
  Network<> network = small_network();
  Sgd optimizer(0.9);
  settings.schedule = constant_schedule;
  const std::string rate = "0.05";
  std::vector<Tensor<>> before;
  const auto spoil_after_step_4 = [&](const TrainingStep& now) {
    before = values_of(network);
    if (now.step == 4)
      for (float& cell : data.images.data()) cell = not_a_number;
    return true;
  };
  CHECK(message_of([&] {
          train(network, optimizer, data, settings, spoil_after_step_4);
        }) ==
        "train: the loss is not a finite number at step 5 (epoch 2, "
        "learning rate " +
            rate + "); a smaller learning rate may help");
  CHECK(values_of(network) == before);
  CHECK(all_finite(before));
}

TEST_CASE("a learning rate that is far too large stops the training") {
  const Dataset data = random_images(12, 6, 3, 12);
  TrainingSettings settings;
  settings.learning_rate = 1e25;
  settings.schedule = constant_schedule;
  Network<> network = small_network();
  Sgd optimizer(0.9);
  CHECK_THROWS_AS(train(network, optimizer, data, settings),
                  std::runtime_error);
  CHECK(all_finite(values_of(network)));
}

TEST_CASE("settings that make no sense are refused") {
  Network<> network = small_network();
  Sgd optimizer;
  const Dataset data = random_images(4, 6, 3, 13);
  TrainingSettings settings;
  settings.batch = 0;
  CHECK_THAT(message_of([&] { train(network, optimizer, data, settings); }),
             ContainsSubstring("got 4 images, batch 0, epochs 6"));
  settings = {};
  settings.epochs = -1;
  CHECK_THROWS_AS(train(network, optimizer, data, settings),
                  std::invalid_argument);
  settings.epochs = 0;
  CHECK(train(network, optimizer, data, settings).empty());
  Dataset empty;
  empty.images = Tensor<>({0, 1, 6, 6});
  CHECK_THROWS_AS(train(network, optimizer, empty, settings),
                  std::invalid_argument);
}

TEST_CASE("evaluate is forward in one go") {
  Network<> network = small_network();
  for (const int count : {1, 255, 256, 257, 513}) {
    const Dataset data = random_images(count, 6, 3, 14);
    CHECK(evaluate(network, data) ==
          network.forward(data.images, Mode::evaluation));
  }
  CHECK_THAT(message_of([] {
               ReluLayer<> images_out;
               evaluate(images_out, random_images(2, 6, 3, 15));
             }),
             ContainsSubstring("evaluate: the network's output"));
}

TEST_CASE("two images are soon known by heart") {
  Dataset two = random_images(2, 6, 3, 16);
  two.labels = {0, 2};
  Network<> network = small_network();
  Sgd optimizer(0.9);
  TrainingSettings settings;
  settings.epochs = 200;
  settings.batch = 2;
  settings.learning_rate = 0.1;
  const auto history = train(network, optimizer, two, settings);
  CHECK(history.front().loss > 0.5);
  CHECK(cross_entropy(evaluate(network, two), two.labels) < 0.01f);
  CHECK(accuracy(evaluate(network, two), two.labels) == 1.0);
}

// ---- A run that has broken ---------------------------------------------

namespace {

// Plain gradient descent that spoils one parameter after one step.
struct Spoiler : Sgd {
  int spoiled_step;
  std::size_t parameter;
  float with;
  int steps = 0;

  Spoiler(int step, std::size_t which, float number)
      : spoiled_step(step), parameter(which), with(number) {}
  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) override {
    Sgd::step(parameters, learning_rate);
    if (++steps == spoiled_step)
      parameters[parameter]->value.data().back() = with;
  }
};

// `run` trains the network. If it returns, the network must be sound; if it
// throws, the message must name the step, the rate and what to try.
template <class Run>
bool broke(Layer<>& network, const Dataset& data, const Run& run) {
  const std::string text = message_of(run);
  INFO(text);
  if (text == "nothing was thrown") {
    CHECK(all_finite(values_of(network)));
    CHECK(cnn::all_finite(evaluate(network, data)));
    return false;
  }
  CHECK_THAT(text, ContainsSubstring("finite") &&
                       ContainsSubstring(" at step ") &&
                       ContainsSubstring(", learning rate ") &&
                       ContainsSubstring("a smaller learning rate may"));
  return true;
}

// With the same weights as small_network().
struct FastSmallNetwork : FastNetwork {
  FastSmallNetwork()
      : FastNetwork(small_architecture, {1, 6, 6}, {.threads = 1}) {
    Network<> plain = small_network();
    copy_parameters(plain, *this);
  }
};

}  // namespace

// From rates that are fine to rates at which a single step is too much, for
// one step to four: even a run that breaks in its last step must say so.
TEST_CASE("whatever the rate, training ends sound or says that it broke") {
  const Dataset data = random_images(4, 6, 3, 17);
  int ended = 0, broken = 0, broken_in_one_step = 0;
  for (int exponent = -2; exponent <= 38; exponent += 2)
    for (int steps = 1; steps <= 4; ++steps)
      for (const bool stopped : {false, true}) {
        TrainingSettings settings;
        settings.learning_rate = std::pow(10.0, exponent);
        settings.schedule = constant_schedule;
        settings.batch = 4;
        settings.epochs = stopped ? 10 : steps;
        const AfterStep until = [&](const TrainingStep& now) {
          return now.step < steps;
        };
        INFO("rate 1e" << exponent << ", steps " << steps);
        Network<> network = small_network();
        FastSmallNetwork fast;
        Sgd optimizer(0.9), other(0.9);
        const bool plainly = broke(network, data, [&] {
          train(network, optimizer, data, settings, until);
        });
        const bool fastly = broke(fast, data, [&] {
          train_fast(fast, other, data, settings, until);
        });
        CHECK(plainly == fastly);
        ++(plainly ? broken : ended);
        broken_in_one_step += plainly && steps == 1;
      }
  CHECK(ended > 20);
  CHECK(broken > 20);
  CHECK(broken_in_one_step > 10);
}

// Also a bias of minus infinity, which ReLU hides from the loss.
TEST_CASE("a parameter that is not finite ends training at that step") {
  const Dataset data = random_images(8, 6, 3, 18);
  TrainingSettings settings;
  settings.batch = 4;
  settings.epochs = 2;  // 4 steps
  settings.schedule = constant_schedule;
  const std::vector<std::string> names = {"conv1.weight", "conv1.bias",
                                          "fc1.weight", "fc1.bias"};
  for (int step = 1; step <= 4; ++step)
    for (std::size_t p = 0; p < names.size(); ++p)
      for (const float number : {not_a_number, infinity, -infinity})
        for (const bool fast : {false, true}) {
          Network<> network = small_network();
          FastSmallNetwork quick;
          Spoiler spoiler(step, p, number);
          const std::string text = message_of([&] {
            if (fast)
              train_fast(quick, spoiler, data, settings);
            else
              train(network, spoiler, data, settings);
          });
          CHECK(text == "train: " + names[p] +
                            " is not finite any more at step " +
                            std::to_string(step) + " (epoch " +
                            std::to_string((step + 1) / 2) +
                            ", learning rate 0.05); a smaller learning "
                            "rate may help");
        }
}

TEST_CASE("images that are not finite end training, wherever they stand") {
  for (const float number : {infinity, not_a_number})
    for (int image = 0; image < 4; ++image) {
      Dataset data = random_images(4, 6, 3, 19);
      data.images(image, 0, 2, 3) = number;
      TrainingSettings settings;
      settings.batch = 2;
      settings.epochs = 1;
      Network<> network = small_network();
      FastSmallNetwork fast;
      Sgd optimizer, other;
      CHECK(broke(network, data,
                  [&] { train(network, optimizer, data, settings); }));
      CHECK(broke(fast, data,
                  [&] { train_fast(fast, other, data, settings); }));
      data.images = data.images.reshaped({4, 1, 36, 1});
      CHECK_THAT(message_of([&] { train_linear(data, {.epochs = 1}); }),
                 ContainsSubstring("train_linear: ") &&
                     ContainsSubstring("finite number at step 1 (epoch 1, "
                                       "learning rate 0.3); a smaller"));
    }
}
