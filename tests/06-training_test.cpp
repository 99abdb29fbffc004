// Chapter 06's scores, baselines and experiments. The training loop itself
// is tested in training_test.cpp, its numbers in reference_test.cpp.
#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "06-training/baselines.hpp"
#include "06-training/choices.hpp"
#include "06-training/figures.hpp"
#include "06-training/inside.hpp"
#include "06-training/layer_table.hpp"
#include "06-training/live.hpp"
#include "06-training/planes.hpp"
#include "06-training/scoring.hpp"
#include "06-training/training_record.hpp"
#include "06-training/whole_network_check.hpp"
#include "common/data/files.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

// Four grey images of 2 x 2: two bright on the left, two on the right.
Dataset left_and_right() {
  Dataset data;
  data.images = Tensor<>({4, 1, 2, 2}, {1, 0, 1, 0,  //
                                        0, 1, 0, 1,  //
                                        1, 0, 0, 0,  //
                                        0, 0, 0, 1});
  data.labels = {0, 1, 0, 1};
  data.classes = 2;
  return data;
}

}  // namespace

TEST_CASE("a confusion matrix has the truth in rows") {
  const Tensor<> counts = confusion_matrix({0, 0, 1, 2}, {0, 1, 1, 1}, 3);
  CHECK(counts == Tensor<>({3, 3}, {1, 1, 0,  //
                                    0, 1, 0,  //
                                    0, 1, 0}));
  CHECK(recall(counts) == std::vector<double>{0.5, 1.0, 0.0});
}

TEST_CASE("a class without images has no bar") {
  const auto bars = [](const Tensor<>& confusion) {
    const std::string svg = recall_figure(confusion);
    int count = 0;
    for (std::size_t at = svg.find("fill-0\""); at != std::string::npos;
         at = svg.find("fill-0\"", at + 1))
      ++count;
    return count;
  };
  CHECK(bars(Tensor<>({3, 3}, {1, 1, 0, 0, 0, 0, 1, 0, 1})) + 1 ==
        bars(Tensor<>({3, 3}, {1, 1, 0, 0, 1, 1, 1, 0, 1})));
}

TEST_CASE("recall of a class without images is 0, not NaN") {
  CHECK(recall(Tensor<>({2, 2})) == std::vector<double>{0.0, 0.0});
}

TEST_CASE("a confusion matrix wants a prediction for each label") {
  CHECK(message_of([] {
          confusion_matrix({0, 1}, {0});
        }) == "confusion_matrix: expected 2 predictions, got 1");
}

TEST_CASE("mistakes come surest first and know both probabilities") {
  const float ln9 = std::log(9.0f);
  const Tensor<> logits({3, 2}, {0, 1,    // says 1, is 0: a bit sure
                                 ln9, 0,  // says 0, is 1: 90 % sure
                                 5, 0});  // says 0, is 0: right
  const std::vector<Mistake> wrong = mistakes(logits, {0, 1, 0});
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].image == 1);
  CHECK(wrong[0].said == 0);
  CHECK(wrong[0].truth == 1);
  CHECK_THAT(wrong[0].probability_said, WithinAbs(0.9, 1e-6));
  CHECK_THAT(wrong[0].probability_truth, WithinAbs(0.1, 1e-6));
  CHECK(wrong[1].image == 0);
}

TEST_CASE(
    "the commonest class is the training set's, scored on the other") {
  Dataset train = left_and_right(), test = left_and_right();
  train.labels = {1, 1, 1, 0};
  test.labels = {1, 0, 0, 0};
  CHECK(commonest_class_accuracy(train, test) == 0.25);
}

TEST_CASE("the nearest mean image wins") {
  const Dataset data = left_and_right();
  const Tensor<> means = mean_images(data);
  CHECK(means == Tensor<>({2, 4}, {1.0f, 0, 0.5f, 0,  //
                                   0, 0.5f, 0, 1.0f}));
  const Tensor<> scores = nearest_mean_scores(data.images, means);
  CHECK(accuracy(scores, data.labels) == 1.0);
  // The first image against the first mean: only one pixel differs, by 1/2.
  CHECK_THAT(scores(0, 0), WithinAbs(-0.25, 1e-7));
  CHECK_THAT(message_of([&] {
               nearest_mean_scores(data.images, Tensor<>({2, 5}));
             }),
             ContainsSubstring("expects shape (2, 4), got (2, 5)"));
}

TEST_CASE("a fresh network depends on the seed alone") {
  Experiment one, same, other;
  other.settings.seed = 2;
  Network<> a = fresh_network(one), b = fresh_network(same),
            c = fresh_network(other);
  CHECK(a.parameters()[0]->value == b.parameters()[0]->value);
  CHECK_FALSE(a.parameters()[0]->value == c.parameters()[0]->value);
}

TEST_CASE("the first loss of a fresh network is near ln 10", "[slow]") {
  const Dataset digits = first(embedded_digits().train, 100);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    Experiment experiment;
    experiment.settings.seed = seed;
    Network<> network = fresh_network(experiment);
    CHECK_THAT(cross_entropy(evaluate(network, digits), digits.labels),
               WithinAbs(std::log(10.0), 0.1));
  }
}

TEST_CASE("initial_scale multiplies the first weights") {
  Experiment one, large;
  large.initial_scale = 4.0f;
  Network<> a = fresh_network(one), b = fresh_network(large);
  CHECK_THAT(b.parameters()[0]->value(0, 0, 0, 0),
             WithinRel(4 * a.parameters()[0]->value(0, 0, 0, 0), 1e-6f));
}

TEST_CASE("a few hundred digits are enough to beat chance by far",
          "[slow]") {
  const Split digits = embedded_digits();
  Experiment experiment;
  experiment.settings.epochs = 3;
  experiment.settings.batch = 8;
  CHECK(accuracy_after(experiment, first(digits.train, 200),
                       first(digits.held_out, 100)) > 0.5);
}

TEST_CASE("the whole digit network passes the gradient check") {
  CHECK(check_whole_network(first(embedded_digits().train, 1), 1, 10) <
        1e-6);
}

TEST_CASE("the mean over an epoch leaves the other epochs out") {
  std::vector<TrainingStep> history(3);
  history[0] = {1, 3, 1, 4.0, 0.0, 0.1};
  history[1] = {2, 3, 1, 2.0, 0.0, 0.1};
  history[2] = {3, 3, 2, 9.0, 0.0, 0.1};
  CHECK(mean_of_epoch(history, 1, &TrainingStep::loss) == 3.0);
  CHECK(mean_of_epoch(history, 2, &TrainingStep::loss) == 9.0);
}

// ---- The experiments of the program ------------------------------------

namespace {

// The first `train` digits to learn from, and the first `held_out` others.
Split few_digits(int train, int held_out) {
  const Split all = embedded_digits();
  Split few = all;
  few.train = first(all.train, train);
  few.held_out = first(all.held_out, held_out);
  return few;
}

// Small, because what these tests check does not depend on the size, and
// the plain loops are slow under sanitizers.
const Architecture small_network = {MaxPool{{4, 4, 0}}, Convolution{4, 3},
                                    Relu{}, Flatten{}, Dense{10}};

Experiment short_run(int epochs, int batch) {
  Experiment experiment;
  experiment.architecture = small_network;
  experiment.settings.epochs = epochs;
  experiment.settings.batch = batch;
  return experiment;
}

}  // namespace

TEST_CASE("picture, filter and map are planes of a larger tensor") {
  Tensor<> many({2, 3, 2, 2});
  for (int i = 0; i < many.size(); ++i)
    many.data()[static_cast<std::size_t>(i)] = static_cast<float>(i);
  CHECK(filter(many, 1, 2) == Tensor<>({2, 2}, {20, 21, 22, 23}));
  CHECK(feature_map(many, 2) == Tensor<>({2, 2}, {8, 9, 10, 11}));
  CHECK(picture_of(left_and_right().images, 1) ==
        Tensor<>({2, 2}, {0, 1, 0, 1}));
}

TEST_CASE("the table of layers names shapes and counts parameters") {
  const auto layers =
      compute_layers({Convolution{.channels = 2, .kernel = 3}, Relu{},
                      Flatten{}, Dense{.outputs = 4}},
                     {1, 5, 4});
  REQUIRE(layers.size() == 4);
  CHECK(layers[0].name == "conv1");
  CHECK(layers[0].output == Shape{2, 3, 2});
  CHECK(layers[0].weight == Shape{2, 1, 3, 3});
  CHECK(layers[0].parameters == 2 * 9 + 2);
  CHECK(layers[1].weight.empty());
  CHECK(layers[1].parameters == 0);
  CHECK(layers[3].output == Shape{4});
  CHECK(layers[3].parameters == 4 * 12 + 4);
}

TEST_CASE("the scores of a set of answers agree with one another") {
  const Dataset data = left_and_right();
  const Tensor<> logits({4, 2}, {1, 0, 0, 1, 0, 2, 0, 1});
  const Scores scores = compute_scores(logits, data);
  CHECK(scores.images == 4);
  CHECK(scores.right == 3);
  CHECK(scores.accuracy == 0.75);
  CHECK(scores.confusion == Tensor<>({2, 2}, {1, 1, 0, 2}));
  CHECK(scores.recall == std::vector<double>{0.5, 1.0});
  REQUIRE(scores.mistakes.size() == 1);
  CHECK(scores.mistakes.front().image == 2);
  CHECK(images_of(scores.confusion, 1) == 2);
}

TEST_CASE("each baseline knows more of a digit than the one before",
          "[slow]") {
  const Split digits = few_digits(300, 200);
  const Baselines found = compute_baselines(digits, short_run(4, 16));
  CHECK(found.commonest ==
        commonest_class_accuracy(digits.train, digits.held_out));
  CHECK(found.commonest < 0.2);
  CHECK(found.mean_image > 0.6);
  CHECK(found.linear > 0.6);
  CHECK(found.linear_in_loop > 0.6);
  Experiment two_layers = short_run(4, 16);
  two_layers.architecture = hidden_network;
  CHECK(found.hidden ==
        accuracy_after(two_layers, digits.train, digits.held_out));
  CHECK(found.hidden > 0.6);
  Network<> network = fresh_network(two_layers);
  CHECK(parameter_count(network) == 784 * 32 + 32 + 32 * 10 + 10);
}

TEST_CASE("a recorded run is the run that is not recorded") {
  const Split digits = few_digits(40, 30);
  const Experiment experiment = short_run(2, 16);
  Trained run = compute_training(experiment, digits);
  REQUIRE(run.history.size() == 6);  // 16, 16 and 8 images, twice
  REQUIRE(run.epochs.size() == 2);
  CHECK(run.epochs[0].step == 3);
  CHECK(run.epochs[1].epoch == 2);
  CHECK(run.epochs[1].learning_rate == run.history[5].learning_rate);
  CHECK(run.epochs[1].loss ==
        mean_of_epoch(run.history, 2, &TrainingStep::loss));
  CHECK(run.epochs[1].held_out_accuracy ==
        accuracy_after(experiment, digits.train, digits.held_out));
  CHECK(run.epochs[1].held_out_accuracy ==
        accuracy(run.network, digits.held_out));
  CHECK(run.first_filters ==
        fresh_network(experiment).parameters()[0]->value);
  CHECK_FALSE(run.first_filters == run.network.parameters()[0]->value);
}

TEST_CASE("a run that is ended early is measured where it ended") {
  const Split digits = few_digits(40, 10);
  int measured = 0;
  const Trained run = compute_training(
      short_run(2, 16), digits,
      {[](const TrainingStep& now) { return now.step < 4; },
       [&](const EpochRecord&) { ++measured; }});
  REQUIRE(run.epochs.size() == 2);
  CHECK(measured == 2);
  CHECK(run.epochs[1].step == 4);
  CHECK(run.epochs[1].loss == run.history[3].loss);
}

TEST_CASE("half at once means half of what was gained over guessing") {
  std::vector<EpochRecord> epochs(2);
  epochs[1].held_out_accuracy = 0.9;  // 0.8 over guessing
  epochs[0].held_out_accuracy = 0.49;
  CHECK_FALSE(half_at_once(epochs));
  epochs[0].held_out_accuracy = 0.51;
  CHECK(half_at_once(epochs));
  epochs.pop_back();
  CHECK_FALSE(half_at_once(epochs));
}

TEST_CASE("how far weights moved is the largest difference") {
  const Tensor<> before({3}, {1, -4, 2});
  const WeightChange change =
      compute_change(before, Tensor<>({3}, {1, -3, 5}));
  CHECK(change.moved == 3);
  CHECK(change.before == 4);
  CHECK(change.after == 5);
  CHECK(change.is_visible());
  CHECK_FALSE(
      compute_change(before, Tensor<>({3}, {1, -4, 2.9f})).is_visible());
}

TEST_CASE("the answer to a digit is about the first image of its class") {
  const Split digits = few_digits(10, 60);
  Network<> network = fresh_network(short_run(1, 16));
  const std::vector<int>& labels = digits.held_out.labels;
  const auto n = static_cast<int>(
      std::find(labels.begin(), labels.end(), 3) - labels.begin());
  const DigitAnswer answer = compute_answer(network, digits.held_out, 3);
  CHECK(answer.image == picture_of(digits.held_out.images, n));
  const Tensor<> all = softmax(evaluate(network, digits.held_out));
  for (int k = 0; k < 10; ++k)
    CHECK_THAT(answer.probabilities(0, k), WithinAbs(all(n, k), 1e-6));
}

TEST_CASE("each choice changes what its name says and nothing else") {
  Experiment base;
  base.settings.learning_rate = 0.03;
  base.settings.seed = 7;
  const Choices it(base);
  CHECK(it.base.momentum == 0.9);
  CHECK(it.base.settings.schedule(1.0) < 0.01);
  CHECK(it.no_momentum.momentum == 0.0);
  CHECK(it.no_momentum.settings.learning_rate == 0.03);
  CHECK(it.long_steps.momentum == 0.0);
  CHECK(it.long_steps.settings.learning_rate == 0.03 * 6);
  CHECK(it.long_steps.settings.schedule(1.0) < 0.01);
  CHECK(it.longest_steps.momentum == 0.0);
  CHECK(it.longest_steps.settings.learning_rate == 0.03 * 10);
  CHECK(it.plain_and_steady.momentum == 0.0);
  CHECK(it.plain_and_steady.settings.schedule(1.0) == 1.0);
  CHECK(it.plain_and_steady.settings.learning_rate == 0.03);
  CHECK(it.small_start.initial_scale == 0.01f);
  CHECK(it.large_start.initial_scale == 8.0f);
  CHECK(it.steady.settings.schedule(1.0) == 1.0);
  CHECK(it.steady.settings.learning_rate == 0.03);
  CHECK(it.twice_falling.settings.learning_rate == 0.06);
  CHECK(it.twice_falling.settings.schedule(1.0) < 0.01);
  CHECK(it.twice_steady.settings.learning_rate == 0.06);
  CHECK(it.twice_steady.settings.schedule(1.0) == 1.0);
  CHECK(it.twice_steady.settings.seed == 7);
}

TEST_CASE("the first scores grow with the starting weights") {
  const Dataset digits = few_digits(20, 1).train;
  const Choices it((Experiment()));
  const double size = first_score_size(it.base, digits);
  CHECK(first_score_size(it.small_start, digits) < 1e-5 * size);
  CHECK(first_score_size(it.large_start, digits) > 100 * size);
}

TEST_CASE("a run that breaks has no accuracy, a bad request still throws") {
  const Dataset digits = few_digits(32, 1).train;
  Experiment experiment = short_run(1, 16);
  CHECK(try_out(experiment, digits, digits) ==
        accuracy_after(experiment, digits, digits));
  experiment.settings.learning_rate = 1e30;
  CHECK(try_out(experiment, digits, digits) == std::nullopt);
  experiment.settings.batch = 0;
  CHECK_THROWS_AS(try_out(experiment, digits, digits),
                  std::invalid_argument);
}

TEST_CASE("the permuted run gets the same digits with all pixels moved") {
  const Split digits = few_digits(6, 4);
  const std::vector<int> order = pixel_permutation(28 * 28, 1);
  std::vector<Dataset> seen;
  const TryOut run = [&](const Experiment&, const Dataset& train_on,
                         const Dataset& test_on) -> std::optional<double> {
    seen.push_back(train_on);
    seen.push_back(test_on);
    return static_cast<double>(seen.size());
  };
  const Neighbours found = compute_neighbours(
      with_one_dense_layer({}), digits.train, digits.held_out, order, run);
  CHECK(found.parameters == 784 * 10 + 10);
  CHECK(found.plain == 2.0);
  CHECK(found.permuted == 4.0);
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].images == digits.train.images);
  CHECK(seen[1].images == digits.held_out.images);
  CHECK(seen[2].images == permute_pixels(digits.train.images, order));
  CHECK(seen[3].images == permute_pixels(digits.held_out.images, order));
  CHECK(seen[2].labels == digits.train.labels);
}

TEST_CASE("the first batch is what goes into the network") {
  const Dataset digits = few_digits(20, 1).train;
  Experiment experiment;
  experiment.settings.batch = 8;
  experiment.settings.epochs = 1;
  const std::vector<int> order =
      Random(experiment.settings.seed).permutation(20);
  const Dataset expected = subset(digits, std::span(order).first(8));
  const Dataset seen = first_batch(experiment, digits);
  CHECK(seen.labels == expected.labels);
  CHECK(seen.images == expected.images);
  std::vector<float> dark(28 * 28, 0.25f);
  experiment.settings.hand_out = [&](const Dataset&, int, int,
                                     std::span<float>) {
    return std::span<const float>(dark);
  };
  const Dataset changed = first_batch(experiment, digits);
  CHECK(changed.labels == expected.labels);
  for (const float pixel : changed.images.data()) CHECK(pixel == 0.25f);
}

TEST_CASE("a sweep survives the rate that breaks the run") {
  const Dataset digits = few_digits(64, 1).train;
  const Experiment experiment = short_run(2, 16);
  const auto found =
      compute_rate_losses(experiment, {0.0, 0.1, 1e30}, digits, 8);
  REQUIRE(found.size() == 3);
  CHECK(found[1].rate == 0.1);
  REQUIRE(found[0].loss.has_value());
  REQUIRE(found[1].loss.has_value());
  CHECK_THAT(*found[0].loss, WithinAbs(std::log(10.0), 0.1));
  CHECK(*found[1].loss < *found[0].loss - 0.05);
  CHECK_FALSE(found[2].loss.has_value());
  REQUIRE(found[1].losses.size() == 8);  // two epochs of 4 steps
  double mean = 0;
  for (std::size_t i = 3; i < 8; ++i) mean += found[1].losses[i] / 5;
  CHECK_THAT(mean, WithinAbs(*found[1].loss, 1e-12));
  CHECK(found[2].losses.size() < 8);
}

TEST_CASE("several seeds begin with the run's own") {
  const Split digits = few_digits(60, 100);
  Experiment experiment;
  experiment.architecture = linear_network;
  experiment.settings.epochs = 2;
  experiment.settings.seed = 3;
  const auto found =
      try_seeds(experiment, digits.train, digits.held_out, 2);
  REQUIRE(found.size() == 2);
  CHECK(found[0] ==
        accuracy_after(experiment, digits.train, digits.held_out));
  experiment.settings.seed = 4;
  CHECK(found[1] ==
        accuracy_after(experiment, digits.train, digits.held_out));
  CHECK(found[0] != found[1]);
  Experiment broken = short_run(1, 16);
  broken.settings.learning_rate = 1e30;
  const auto none = try_seeds(broken, first(digits.train, 32),
                              first(digits.held_out, 5), 1);
  REQUIRE(none.size() == 1);
  CHECK_FALSE(none[0].has_value());
}

TEST_CASE("the axis of the accuracy begins at 80 for a good network only") {
  std::vector<TrainingStep> history;
  for (int step = 1; step <= 4; ++step)
    history.push_back({step, 4, 1, 0.3, 0.9, 0.1});
  std::vector<EpochRecord> epochs(1);
  epochs[0].step = 4;
  const auto curves = [&](double accuracy) {
    epochs[0].held_out_accuracy = accuracy;
    return training_curves(history, epochs, false, Axis::steps);
  };
  CHECK_THAT(curves(0.5), ContainsSubstring("chance"));
  CHECK(curves(0.95).find("chance") == std::string::npos);
}

TEST_CASE("one digit is asked before, now and then, and at the end") {
  const Split digits = few_digits(40, 10);
  const Tensor<> image = picture_of(digits.held_out.images, 2);
  StoryTeller story(image, {2});
  const Experiment experiment = short_run(2, 16);  // 6 steps
  TrainingWatch watch;
  watch.look_inside = [&](const TrainingStep& now, Layer<>& network) {
    story.look(now, network);
  };
  Trained run = compute_training(experiment, digits, watch);
  REQUIRE(story.answers().size() == 3);
  CHECK(story.answers()[0].step == 0);
  CHECK(story.answers()[1].step == 2);
  CHECK(story.answers()[2].step == 6);
  Network<> before = fresh_network(experiment);
  const auto answer = [&](Layer<>& network) {
    return softmax(network.forward(as_batch(image), Mode::evaluation));
  };
  CHECK(story.answers()[0].probabilities == answer(before));
  CHECK(story.answers()[2].probabilities == answer(run.network));
  CHECK_FALSE(story.answers()[1].probabilities == answer(before));
}

#ifndef _WIN32
TEST_CASE("the row of an epoch that was stopped says so") {
  const Program program("06-training", "a run that is watched");
  Experiment experiment;
  experiment.settings.batch = 32;
  Watcher watcher(program, experiment, 300);  // 10 steps an epoch
  const auto row_at = [&](int step) {
    EpochRecord now;
    now.epoch = 2;
    now.step = step;
    const Capture out(stdout);
    watcher.watch().after_epoch(now);
    return out.text();
  };
  CHECK(row_at(20).find("stopped") == std::string::npos);
  CHECK(
      row_at(13).find("(Epoch 2 was stopped after 3 of its 10 steps.)\n") !=
      std::string::npos);
}
#endif
