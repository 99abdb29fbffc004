// What a single run of the linear classifier cannot tell: how its learning
// rate was chosen, what more epochs bring, what a moved digit costs, and
// how sure the answers are, each from several seeds.
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

// The settings of run i, counted from 0: the same, but with a seed that is
// higher by i.
inline LinearSettings settings_of_run(LinearSettings settings, int i) {
  settings.seed += static_cast<std::uint64_t>(i);
  return settings;
}

// Trains one classifier for each run.
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

// Splits the training digits once more, to choose settings: the last eighth
// of them is held out, and the rest is for training.
inline Split split_to_choose(const Dataset& train) {
  const int held_out = train.size() / 8;
  return {first(train, train.size() - held_out), last(train, held_out), ""};
}

// The accuracies of some runs with one learning rate, on the held-out
// digits.
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

// The means over some runs of what was measured at the end of an epoch.
struct EpochMeans {
  int epoch = 0;
  SeedMean training_loss, held_out_loss, held_out_accuracy;
};

// Trains `runs` times, and returns the means for the epochs in `wanted`,
// which are from 1 to settings.epochs.
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

// The accuracy on pictures that are moved `right` pixels to the right.
inline double accuracy_when_moved(const LinearClassifier& classifier,
                                  const Dataset& data, int right) {
  return accuracy(scores(classifier, shifted(data.images, 0, right)),
                  data.labels);
}

// ---- How sure ----------------------------------------------------------

// A group of compute_calibration(): its means over some classifiers.
struct ConfidenceMeans {
  std::string said;
  SeedMean digits, mean_said, share_right;
};

// Leaves out every group in which any of the classifiers has no answer.
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
