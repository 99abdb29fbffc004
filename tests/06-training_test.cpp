// Chapter 06's scores, baselines and experiments. The training loop itself
// is tested in training_test.cpp, its numbers in reference_test.cpp.
#include <cmath>

#include "06-training/experiments.hpp"
#include "06-training/figures.hpp"
#include "06-training/live.hpp"
#include "06-training/scoring.hpp"
#include "06-training/whole_network_check.hpp"
#include "common/data/files.hpp"
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

TEST_CASE("the first loss of a fresh network is near ln 10") {
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
