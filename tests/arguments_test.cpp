// What the public functions of the chapters do when they are given labels,
// indices, classes or shapes that cannot be: each refuses in one line that
// begins with its name, even in a Release build.
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "01-tensor/layout.hpp"
#include "01-tensor/neighbours.hpp"
#include "02-convolution/kernel_search.hpp"
#include "03-pooling/shift.hpp"
#include "04-backprop/backprop.hpp"
#include "04-backprop/kernel_descent.hpp"
#include "04-backprop/quadrants.hpp"
#include "04-backprop/rotate.hpp"
#include "04-backprop/two_layers.hpp"
#include "05-softmax/decisions.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/softmax.hpp"
#include "06-training/experiments.hpp"
#include "06-training/figures.hpp"
#include "06-training/scoring.hpp"
#include "06-training/training.hpp"
#include "06-training/whole_network_check.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/activity.hpp"
#include "08-seeing/covering.hpp"
#include "08-seeing/freezing.hpp"
#include "08-seeing/live_filters.hpp"
#include "08-seeing/principal_components.hpp"
#include "08-seeing/receptive_field.hpp"
#include "08-seeing/recorder.hpp"
#include "08-seeing/strangers.hpp"
#include "08-seeing/strongest.hpp"
#include "08-seeing/sureness.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/dreams.hpp"
#include "09-dreaming/fooling.hpp"
#include "09-dreaming/morphing.hpp"
#include "common/data/dataset.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

constexpr int most = std::numeric_limits<int>::max();
constexpr int least = std::numeric_limits<int>::min();

// Numbers that are no index of `count` things, some close and some far off.
std::vector<int> outside(int count) {
  return {-1, count, least, most, -count, count + 15, -2 * count};
}

// Checks that the action throws std::invalid_argument (or, for an index of
// a container, std::out_of_range) with one line that begins with the name.
template <class Action>
void refused(const std::string& name, const Action& action) {
  CHECK_THROWS_AS(action(), std::logic_error);
  const std::string text = message_of(action);
  INFO(name << " said: " << text);
  CHECK(text.rfind(name + ": ", 0) == 0);
  CHECK(text.find('\n') == std::string::npos);
}

// Two images of 1 x 6 x 6, of the classes 0 and 2 of three.
Dataset small_set() {
  Dataset data;
  data.images = Tensor<>({2, 1, 6, 6}, 0.5f);
  data.labels = {0, 2};
  data.classes = 3;
  return data;
}

using OfDataset = std::function<void(const Dataset&)>;
struct Named {
  std::string name;
  OfDataset call;
};

FastNetwork& small_fast() {
  static FastNetwork network(
      Architecture{Convolution{.channels = 2, .kernel = 3}, Relu{},
                   Flatten{}, Dense{.outputs = 3}},
      {1, 6, 6}, {.threads = 1});
  return network;
}
Network<>& small_plain() {
  return small_fast().plain();
}

// All functions that take a data set and read its labels.
std::vector<Named> takers_of_data() {
  static Sgd sgd;
  const TrainingSettings settings{1, 2, 0.1, constant_schedule, 1};
  return {
      {"require_dataset",
       [](const Dataset& it) { require_dataset(it, "require_dataset"); }},
      {"train_linear",
       [](const Dataset& it) { train_linear(it, {.epochs = 1}); }},
      {"train",
       [=](const Dataset& it) { train(small_plain(), sgd, it, settings); }},
      {"train",
       [=](const Dataset& it) {
         train_fast(small_fast(), sgd, it, settings);
       }},
      {"commonest_class_accuracy",
       [](const Dataset& it) {
         commonest_class_accuracy(it, small_set());
       }},
      {"commonest_class_accuracy",
       [](const Dataset& it) {
         commonest_class_accuracy(small_set(), it);
       }},
      {"mean_images", [](const Dataset& it) { mean_images(it); }},
      {"majority",
       [](const Dataset& it) {
         majority({{0, 0, 0, 1}}, it);
       }},
      {"costliest",
       [](const Dataset& it) {
         costliest(it, Tensor<>({2, 3}), 1);
       }},
  };
}

}  // namespace

TEST_CASE("labels beyond the classes are refused by all that read them") {
  for (const Named& taker : takers_of_data()) {
    INFO(taker.name);
    CHECK_NOTHROW(taker.call(small_set()));
    for (const int label : outside(3))
      for (const std::size_t n : {0u, 1u}) {
        Dataset data = small_set();
        data.labels[n] = label;
        INFO("label " << label);
        refused(taker.name, [&] { taker.call(data); });
      }
    for (const int count : {2, 1, 0, -1, least}) {
      Dataset data = small_set();
      data.classes = count;
      INFO("classes " << count);
      refused(taker.name, [&] { taker.call(data); });
    }
  }
}

TEST_CASE("a label for each image, no more and no fewer") {
  std::vector<Named> takers = takers_of_data();
  takers.push_back({"subset", [](const Dataset& it) {
                      subset(it, std::vector<int>{0});
                    }});
  for (const Named& taker : takers)
    for (const int labels : {1, 3, 100}) {
      INFO(taker.name << ", " << labels << " labels");
      Dataset data = small_set();
      data.labels.resize(static_cast<std::size_t>(labels), 0);
      refused(taker.name, [&] { taker.call(data); });
      data.images = Tensor<>(Shape{}, 0.5f);
      refused(taker.name, [&] { taker.call(data); });
    }
}

TEST_CASE("labels and predictions are classes, in Release as well") {
  const Tensor<> z({2, 3}, {1, 0, 0, 0, 0, 1});
  for (const int label : outside(3))
    for (const bool first_one : {false, true}) {
      std::vector<int> labels = {0, 0};
      labels[first_one ? 0 : 1] = label;
      const std::vector<int> fine = {0, 2};
      INFO("label " << label);
      refused("cross_entropy", [&] { cross_entropy(z, labels); });
      refused("cross_entropy_backward",
              [&] { cross_entropy_backward(z, labels); });
      refused("accuracy", [&] { accuracy(z, labels); });
      refused("mistakes", [&] { mistakes(z, labels); });
      refused("confusion_matrix",
              [&] { confusion_matrix(labels, fine, 3); });
      refused("confusion_matrix",
              [&] { confusion_matrix(fine, labels, 3); });
      refused("one_of", [&] { one_of(labels, 3); });
      refused("runner_up", [&] { runner_up(z, 0, label); });
    }
  for (const int count : {2, 1, 0, -1})
    refused("confusion_matrix", [&] {
      confusion_matrix({0, 2}, {0, 2}, count);
    });
  for (const std::vector<int>& labels :
       {std::vector<int>{}, {0}, {0, 1, 2}}) {
    refused("accuracy", [&] { accuracy(z, labels); });
    refused("confusion_matrix", [&] {
      confusion_matrix({0, 2}, labels, 3);
    });
    refused("fooling_direction", [&] {
      fooling_direction(small_plain(), Tensor<>({2, 1, 6, 6}), labels);
    });
  }
}

TEST_CASE("indices of what there is not") {
  const Dataset data = small_set();
  const Tensor<> z({2, 3}), images({2, 1, 6, 6}), maps({2, 3, 4, 4});
  for (const int n : outside(2)) {
    INFO("index " << n);
    const std::vector<int> one = {n};
    refused("subset", [&] { subset(data, one); });
    refused("item", [&] { item(images, n); });
    refused("channel", [&] { channel(Tensor<>({2, 3, 3}), n); });
    refused("index_of", [&] { index_of(n < 0 ? n : most, {2, 3}); });
    refused("squared_distance",
            [&] { squared_distance(images, n, images, 0); });
    refused("squared_distance",
            [&] { squared_distance(images, 0, images, n); });
    refused("largest_logit", [&] { largest_logit(z, n); });
    refused("answer", [&] { answer(z, n); });
    refused("runner_up", [&] { runner_up(z, n, 0); });
    refused("labels_of", [&] { labels_of(data, one); });
    refused("labels_of", [&] { cover(small_fast(), data, n, 0); });
    refused("strongest_cell", [&] { strongest_cell(maps, n, 0); });
    refused("row_of", [&] { row_of(images, n); });
    refused("part_of", [&] { part_of(images, n, 1); });
    refused("filter", [&] { filter(Tensor<>({2, 2, 3, 3}), n, 0); });
    refused("filter", [&] { filter(Tensor<>({2, 2, 3, 3}), 0, n); });
  }
  for (const int c : outside(3))
    refused("strongest_cell", [&] { strongest_cell(maps, 0, c); });
  for (const std::size_t layer : {std::size_t{4}, std::size_t{400}}) {
    refused("Network", [&] { small_plain().layer(layer); });
    refused("Network", [&] { small_plain().name(layer); });
    refused("activity", [&] { activity(small_fast(), data, layer); });
    refused("strongest_answers",
            [&] { strongest_answers(small_fast(), data, layer, 1); });
    refused("hidden_cells", [&] {
      hidden_cells(small_fast(), images, layer, {0, 0});
    });
  }
  for (const auto& [first_one, count] :
       std::vector<std::pair<int, int>>{{0, 3},
                                        {1, 2},
                                        {2, 1},
                                        {-1, 1},
                                        {0, -1},
                                        {1, most},
                                        {most, 1}}) {
    const int from = first_one, many = count;
    refused("part_of", [&] { part_of(images, from, many); });
    refused("part_of", [&] {
      part_of(std::vector<int>{1, 2}, from, many);
    });
  }
}

TEST_CASE("shapes that do not fit, one axis at a time") {
  // Every shape that differs from (2, 3) in an extent or in the rank.
  const std::vector<Shape> wrong = {{},     {6},    {3, 2},   {2, 4},
                                    {1, 3}, {0, 3}, {2, 3, 1}};
  const Tensor<> right({2, 3});
  for (const Shape& shape : wrong) {
    const Tensor<> other(shape);
    INFO("shape " << to_string(shape));
    refused("gradient_step", [&] {
      Tensor<> parameter = right;
      gradient_step(parameter, other, 1);
    });
    refused("distance", [&] { distance(right, other); });
    refused("mean_squared_error",
            [&] { mean_squared_error(right, other); });
    refused("compare", [&] { compare(right, other); });
    refused("relu_backward", [&] { relu_backward(other, right); });
    refused("contributions", [&] { contributions(right, other); });
    refused("overlaid", [&] { overlaid(right, other); });
    refused("stepped", [&] { stepped(right, other, {1.0f, 1.0f}); });
    refused("fooled", [&] { fooled(right, other, {1.0f, 1.0f}); });
    refused("erased", [&] { erased(right, other, 1); });
    refused("costliest", [&] { costliest(small_set(), other, 1); });
    refused("power_iteration", [&] {
      std::vector<float> direction;
      power_iteration(other, direction);
    });
    refused("recall", [&] { recall(other); });
    refused("Verdict", [&] { Verdict(Tensor<>({3, 3}), other); });
    refused("points_right", [&] {
      points_right({Tensor<>({4, 2}), {true, false, true, false}},
                   [&](const Tensor<>&) { return other; });
    });
    if (shape.size() != 2) {
      refused("as_batch", [&] { as_batch(other); });
      refused("turned", [&] { turned(other); });
      refused("covariance", [&] { covariance(other, Tensor<>({3})); });
      refused("nearest_mean_scores", [&] {
        nearest_mean_scores(Tensor<>({1, 3}), other);
      });
      for (const auto& [name, call] :
           std::vector<std::pair<std::string, std::function<void()>>>{
               {"predictions", [&] { predictions(other); }},
               {"largest_logit", [&] { largest_logit(other, 0); }},
               {"answer", [&] { answer(other, 0); }},
               {"mean_of_squares", [&] { mean_of_squares(other, 1); }}})
        refused(name, call);
    } else {
      refused("covariance",
              [&] { covariance(other, Tensor<>({other.extent(1) + 1})); });
    }
    refused("flattened", [&] { flattened(other); });
    refused("nearest_neighbours",
            [&] { nearest_neighbours(other, other); });
    refused("filters_in_a_row", [&] { filters_in_a_row(other); });
    refused("strongest_cell", [&] { strongest_cell(other, 0, 0); });
    refused("unpad", [&] { unpad(other, 0); });
    refused("winner", [&] { winner(other, 0, 0, 0, 0, 1); });
    if (shape.empty()) {
      refused("normalised", [&] { normalised(other); });
      refused("row_of", [&] { row_of(other, 0); });
      refused("for_batches",
              [&] { in_batches(other, [](int, auto it) { return it; }); });
    }
  }
}

TEST_CASE("parts that do not belong together") {
  const Dataset data = small_set();
  const Tensor<> images({2, 1, 6, 6});
  refused("merged", [] {
    merged<float>({Tensor<>({4, 2}), Tensor<>({3})},
                  {Tensor<>({1, 4}), Tensor<>({1})});
  });
  refused("merged", [] {
    merged<float>({Tensor<>({4, 2}), Tensor<>({4})},
                  {Tensor<>({1, 4}), Tensor<>({2})});
  });
  const Examples none,
      one_less{{Tensor<>({4, 4}), Tensor<>({4, 4})}, {Tensor<>({2, 2})}};
  for (const Examples& it : {none, one_less}) {
    const std::vector<Tensor<>> outputs(1, Tensor<>({2, 2}));
    refused("kernel_error", [&] { kernel_error(it, Tensor<>({3, 3})); });
    refused("recover_kernel", [&] { recover_kernel(it, 0, 10); });
    refused("descend_to_kernel",
            [&] { descend_to_kernel(it, 0.1f, 0, 10); });
    refused("error_of", [&] { error_of(outputs, it); });
    refused("kernel_gradient", [&] { kernel_gradient(outputs, it, 3); });
  }
  const Examples one{{Tensor<>({4, 4})}, {Tensor<>({2, 2})}};
  for (const std::vector<Tensor<>>& outputs :
       {std::vector<Tensor<>>{}, {Tensor<>({2, 3})}, {Tensor<>({4, 4})}}) {
    refused("error_of", [&] { error_of(outputs, one); });
    refused("kernel_gradient", [&] { kernel_gradient(outputs, one, 3); });
  }
  Network<> other = build_network(
      Architecture{Flatten{}, Dense{.outputs = 3}}, {1, 6, 6});
  Network<> wider =
      build_network(Architecture{Convolution{.channels = 3, .kernel = 3},
                                 Relu{}, Flatten{}, Dense{.outputs = 3}},
                    {1, 6, 6});
  for (Layer<>* from :
       {static_cast<Layer<>*>(&other), static_cast<Layer<>*>(&wider)}) {
    refused("copy_parameters",
            [&] { copy_parameters(*from, small_fast()); });
    Sgd sgd(0.9);
    sgd.step(from->parameters(), 0);
    refused("Sgd", [&] { sgd.step(small_plain().parameters(), 0.1); });
  }
  for (const std::ptrdiff_t frozen : {-1, 5, 1000})
    refused("Freezing", [&] {
      Freezing(frozen, 0.9).step(small_plain().parameters(), 0.1);
    });
  for (const std::size_t sizes : {0u, 1u, 3u})
    refused("stepped", [&] {
      stepped(images, images, std::vector<float>(sizes, 0.1f));
    });
  for (const auto& [from, towards] :
       {std::pair{-1, 0}, {0, 3}, {3, 0}, {most, 1}}) {
    Way way;
    const int a = from, b = towards;
    refused("one_of", [&] {
      append(way, small_plain(), Tensor<>({1, 1, 6, 6}), a, b);
    });
  }
  Way way;
  refused("append", [&] { append(way, small_plain(), images, 0, 1); });
  refused("in_batches", [&] {
    in_batches(images, [](int, const Tensor<>&) {
      return Tensor<>({3, 1});
    });
  });
  PrincipalComponents<double> components{
      Tensor<double>({4}), Tensor<double>({2, 5}), {}, 0};
  refused("project", [&] { project(components, Tensor<double>({3, 5})); });
  refused("project", [&] { project(components, Tensor<double>({4})); });
}

TEST_CASE("windows and borders that there are not") {
  const Tensor<> image({1, 1, 4, 4});
  for (const int padding : {-1, least, most, most / 2, 1073741823}) {
    INFO("padding " << padding);
    refused("output_size", [&] { output_size(4, 3, 1, padding); });
    refused("pad", [&] { pad(image, padding); });
    refused("unpad", [&] { unpad(image, padding); });
    refused("winner", [&] { winner(image, 0, 0, 0, 0, 2, padding); });
    for (const int window : {1, 2, 3})
      CHECK_THROWS_AS(max_pool(image, {window, 1, padding}),
                      std::invalid_argument);
  }
  refused("unpad", [&] { unpad(image, 3); });
  for (const int window : {0, -1, 5, most, least}) {
    INFO("window " << window);
    refused("winner", [&] { winner(image, 0, 0, 0, 0, window); });
    CHECK_THROWS_AS(max_pool(image, {window, 1, 0}), std::invalid_argument);
    CHECK_THROWS_AS(average_pool(image, {window, 1, 0}),
                    std::invalid_argument);
    CHECK_THROWS_AS(
        average_pool_backward(image, image.shape(), {window, 1, 0}),
        std::invalid_argument);
  }
  for (const auto& [window, stride, padding] : std::vector<Pooling>{
           {0, 1, 0}, {1, 0, 0}, {1, 1, -1}, {least, 1, 0}})
    refused("through_window", [&, w = window, s = stride, p = padding] {
      through_window({}, w, s, p);
    });
  for (const int side : {0, -1, least})
    refused("mean_of_squares", [&] {
      mean_of_squares(Tensor<>({2, 2}), side);
    });
  refused("sees_ink", [] { sees_ink(Tensor<>({1, 3, 4, 4}), {}, 4); });
  refused("sees_ink", [] { sees_ink(Tensor<>({1, 0, 4, 4}), {}, 4); });
}

TEST_CASE("settings of a training or a climb that cannot be") {
  TrainingSettings settings;
  for (const auto& [images, batch, epochs] :
       std::vector<std::array<int, 3>>{{0, 1, 1},
                                       {-1, 1, 1},
                                       {1, 0, 1},
                                       {1, -1, 1},
                                       {1, 1, -1},
                                       {1, least, 1},
                                       {most, 1, 2},
                                       {2, 1, most}}) {
    settings.batch = batch;
    settings.epochs = epochs;
    const int count = images;
    INFO(images << " images, batch " << batch << ", epochs " << epochs);
    refused("training_steps", [&] { training_steps(count, settings); });
  }
  settings = {1, most, 0.1, constant_schedule, 1};
  CHECK(training_steps(most, settings) == 1);
  CHECK(training_steps(1, settings) == 1);
  settings.schedule = nullptr;
  refused("training_steps", [&] { training_steps(1, settings); });
  refused("permutation", [] { Random(1).permutation(-1); });
  refused("permutation", [] { pixel_permutation(least, 1); });
  refused("count_up", [] { count_up(-1); });
  refused("fresh_network", [] {
    Experiment experiment;
    experiment.architecture = {Relu{}};
    fresh_network(experiment);
  });
  refused("loss_after", [] { loss_after({}, small_set(), 0); });
  refused("check_whole_network",
          [] { check_whole_network(small_set(), 1, 0); });
  const Objective<> height = [](const Tensor<>& it) {
    return Heights<>{{0, 0}, it};
  };
  const Tensor<> images({2, 1, 6, 6}, 0.5f);
  for (const DreamSettings& its :
       std::vector<DreamSettings>{{.steps = -1},
                                  {.size = 0},
                                  {.decay = -0.1},
                                  {.decay = 1.1},
                                  {.blur_every = -1},
                                  {.jitter = -1},
                                  {.jitter = most},
                                  {.variation = -1},
                                  {.variation = std::nan("")}})
    refused("dream", [&] { dream(images, height, its); });
  for (const std::size_t values : {0u, 1u, 3u}) {
    const Objective<> wrong = [&](const Tensor<>& it) {
      return Heights<>{std::vector<float>(values), it};
    };
    refused("climb", [&] { climb(images, wrong, 1); });
    refused("dream", [&] { dream(images, wrong, {.steps = 1}); });
  }
  const Objective<> flat = [](const Tensor<>&) {
    return Heights<>{{0, 0}, Tensor<>({2, 1, 6, 5})};
  };
  refused("climb", [&] { climb(images, flat, 1); });
  refused("dream", [&] { dream(images, flat, {.steps = 1}); });
}

// Each function that reads scores or numbers as an answer refuses a NaN, in
// each row and in each place of it.
TEST_CASE("a NaN is not read as an answer") {
  for (int n = 0; n < 3; ++n)
    for (int k = 0; k < 3; ++k) {
      Tensor<> z({3, 3}, {3, 1, 2, 1, 3, 2, 1, 2, 3});
      z(n, k) = not_a_number;
      INFO("row " << n << ", column " << k);
      refused("predictions", [&] { predictions(z); });
      refused("mistakes", [&] { mistakes(z, {0, 1, 2}); });
      refused("opinions", [&] { opinions(z); });
      refused("predictions", [&] { Verdict(z, z); });
      refused("share_in_bins", [&] { share_in_bins(z.data(), 0, 4, 4); });
      refused("principal_components", [&] { principal_components(z, 1); });
      CHECK(accuracy(z, {0, 1, 2}) == 2.0 / 3);
      // An infinite score makes a NaN of the probabilities.
      z(n, k) = infinity;
      refused("mistakes", [&] { mistakes(z, {0, 1, 2}); });
      refused("opinions", [&] { opinions(z); });
      Examples examples{{z}, {Tensor<>({1, 1})}};
      refused("recover_kernel", [&] { recover_kernel(examples, 0, 99); });
    }
  const Tensor<> images({2, 1, 6, 6}, 0.5f);
  for (const std::size_t n : {0u, 1u}) {
    const Objective<> broken = [&](const Tensor<>& it) {
      Heights<> heights{{0, 0}, it};
      heights.values[n] = not_a_number;
      return heights;
    };
    for (const auto& text :
         {message_of([&] { climb(images, broken, 5); }),
          message_of([&] { dream(images, broken, {.steps = 5}); })})
      CHECK_THAT(text, ContainsSubstring("the value of image " +
                                         std::to_string(n) +
                                         " is not a number at step 0"));
  }
}

TEST_CASE("nothing to take a mean of") {
  const Dataset none{Tensor<>({0, 1, 6, 6}), {}, 3};
  refused("commonest_class_accuracy",
          [&] { commonest_class_accuracy(none, small_set()); });
  refused("commonest_class_accuracy",
          [&] { commonest_class_accuracy(small_set(), none); });
  refused("mean_images", [&] { mean_images(none); });
  refused("accuracy", [] { accuracy(Tensor<>({0, 3}), {}); });
  refused("nearest_neighbours",
          [&] { nearest_neighbours(small_set().images, none.images); });
  refused("mean_squared_error",
          [] { mean_squared_error(Tensor<>(), Tensor<>()); });
  refused("root_mean_square", [] { root_mean_square(Tensor<>()); });
  refused("mean_sureness", [] { mean_sureness({}); });
  refused("share_above", [] { share_above({}, 0.5f); });
  CHECK(activity(small_fast(), none, 0).share() == 0);
}
