// What a single run of the linear classifier cannot tell: how its learning
// rate was chosen, what more epochs bring, and what a moved digit costs,
// each from several seeds.
// Book: book/05-softmax.md
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "05-softmax/decisions.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/seeds.hpp"
#include "05-softmax/templates.hpp"

namespace cnn {

// Called after each run of a study.
using AfterRun = std::function<void()>;

// The settings of run number i.
inline LinearSettings settings_of_run(LinearSettings settings, int i) {
  settings.seed += static_cast<std::uint64_t>(i);
  return settings;
}

// One classifier for each run.
inline std::vector<LinearClassifier> train_some(
    const Dataset& train, const LinearSettings& settings, int runs,
    const AfterRun& after_run = {}) {
  std::vector<LinearClassifier> some;
  for (int i = 0; i < runs; ++i) {
    some.push_back(train_linear(train, settings_of_run(settings, i)));
    if (after_run) after_run();
  }
  return some;
}

// ---- The learning rate -------------------------------------------------

// The training digits once more in two parts: most of them to learn from,
// and an eighth of them, the last, to choose settings by.
inline Split split_to_choose(const Dataset& train) {
  const int apart = train.size() / 8;
  return {first(train, train.size() - apart), last(train, apart), ""};
}

// For one rate the accuracies on the digits to choose by, a run each.
inline std::vector<double> accuracies_at(const Split& digits,
                                         LinearSettings settings,
                                         double rate, int runs,
                                         const AfterRun& after_run = {}) {
  settings.learning_rate = rate;
  std::vector<double> shares;
  for (const LinearClassifier& it :
       train_some(digits.train, settings, runs, after_run))
    shares.push_back(accuracy(scores(it, digits.held_out.images),
                              digits.held_out.labels));
  return shares;
}

// ---- Many epochs -------------------------------------------------------

// Where some runs stood at the end of an epoch.
struct EpochMeans {
  int epoch = 0;
  SeedMean training_loss, held_out_loss, held_out_accuracy;
};

// Runs of some epochs; `wanted` says which of them are kept.
inline std::vector<EpochMeans> compute_epoch_means(
    const Split& digits, const LinearSettings& settings,
    const std::vector<int>& wanted, int runs,
    const AfterRun& after_run = {}) {
  std::vector<std::vector<EpochEnd>> of_runs;
  for (int i = 0; i < runs; ++i) {
    std::vector<EpochEnd> ends;
    learn_and_record(digits, settings_of_run(settings, i), {},
                     [&](const EpochEnd& now) { ends.push_back(now); });
    of_runs.push_back(ends);
    if (after_run) after_run();
  }
  std::vector<EpochMeans> means;
  for (const int epoch : wanted) {
    const auto mean_of = [&](double EpochEnd::*number) {
      std::vector<double> found;
      for (const std::vector<EpochEnd>& ends : of_runs)
        found.push_back(ends[static_cast<std::size_t>(epoch - 1)].*number);
      return seed_mean(found);
    };
    means.push_back({epoch, mean_of(&EpochEnd::training_loss),
                     mean_of(&EpochEnd::held_out_loss),
                     mean_of(&EpochEnd::held_out_accuracy)});
  }
  return means;
}

// ---- Moved digits ------------------------------------------------------

// The accuracy on pictures that are moved so many pixels to the right.
inline double accuracy_when_moved(const LinearClassifier& classifier,
                                  const Dataset& data, int right) {
  return accuracy(scores(classifier, shifted(data.images, 0, right)),
                  data.labels);
}

// ---- How sure ----------------------------------------------------------

// A group of answers, by how sure they were, over some classifiers.
struct ConfidenceMeans {
  std::string said;
  SeedMean digits, mean_said, share_right;
};

// Groups in which a classifier has no answer are left out.
inline std::vector<ConfidenceMeans> compute_confidence_means(
    const std::vector<LinearClassifier>& some, const Dataset& data) {
  std::vector<std::vector<Confidence>> all;
  for (const LinearClassifier& it : some)
    all.push_back(
        compute_calibration(scores(it, data.images), data.labels));
  std::vector<ConfidenceMeans> means;
  for (std::size_t group = 0; group < all.front().size(); ++group) {
    std::vector<double> digits, said, right;
    for (const std::vector<Confidence>& of_one : all) {
      const Confidence& it = of_one[group];
      if (it.digits == 0) continue;
      digits.push_back(it.digits);
      said.push_back(it.mean_said());
      right.push_back(it.share_right());
    }
    if (digits.size() == all.size())
      means.push_back({all.front()[group].said, seed_mean(digits),
                       seed_mean(said), seed_mean(right)});
  }
  return means;
}

}  // namespace cnn
