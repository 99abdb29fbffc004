// The loop: look at a batch, see how wrong the network is, find out which
// numbers are to blame, move every parameter a little, and begin again.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/batches.hpp"
#include "06-training/layer.hpp"
#include "06-training/sgd.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Returns the pixels (C, H, W) of one image of a data set for a step:
// either the data set's own, or a changed copy in `room`, which has space
// for them. The same image and step must always give the same pixels, and
// several threads may call at once.
using HandOut = std::function<std::span<const float>(
    const Dataset& data, int image, int step, std::span<float> room)>;

// The random numbers for a HandOut that changes images at random. They
// depend on nothing but the seed, the step and the image.
inline Random random_of_image(std::uint64_t seed, int step, int image) {
  return Random((seed * 1000003u + static_cast<std::uint64_t>(step)) *
                    1000003u +
                static_cast<std::uint64_t>(image));
}

// Returns the loss of one image, and fills in `grad` with how that loss
// changes with each of its logits. Several threads may call at once.
using ImageLoss = std::function<float(std::span<const float> logits,
                                      int label, std::span<float> grad)>;

// What a step learns from: some images of a data set, by number.
struct Batch {
  const Dataset& data;
  std::span<const int> images;
  int step = 1;                       // of the run, from 1
  const HandOut* hand_out = nullptr;  // null: images as they are
  const ImageLoss* loss = nullptr;    // null: cross-entropy

  bool has_own_loss() const { return loss && *loss; }

  // The pixels of the batch's n-th image. room() is called only if a copy
  // may be needed; it returns space for the pixels of one image.
  template <class Room>
  std::span<const float> pixels(int n, const Room& room) const {
    const int image = images[static_cast<std::size_t>(n)];
    if (hand_out && *hand_out)
      return (*hand_out)(data, image, step, room());
    return data.keeps_bytes() ? pixels_of(data, image, room())
                              : row_of(data.images, image);
  }
};

// Sends a batch forward and backward: fills in the gradients of the
// parameters and the batch's logits (N, classes), and returns the loss.
using Gradients = std::function<double(const Batch&, Tensor<>& logits)>;

struct TrainingSettings {
  int epochs = 6;               // times that every image is seen
  int batch = 32;               // images per step
  double learning_rate = 0.05;  // times the schedule
  Schedule schedule = cosine_schedule;
  std::uint64_t seed = 1;  // for the order of the images
  HandOut hand_out = {};   // empty: images as they are
  ImageLoss loss = {};     // empty: cross-entropy
  int epochs_done = 0;     // in an earlier part of the same run
};

// What one step saw, before it changed anything.
struct TrainingStep {
  int step = 0;   // from 1
  int steps = 0;  // in the whole run
  int epoch = 0;  // from 1
  double loss = 0.0;
  double accuracy = 0.0;  // of this batch
  double learning_rate = 0.0;
};

// Called after each step; false ends the training.
using AfterStep = std::function<bool(const TrainingStep&)>;

// Throws std::invalid_argument without images or for unusable settings.
inline void require_training(int images, const TrainingSettings& settings,
                             const std::string& where) {
  if (settings.epochs_done < 0 ||
      (settings.epochs >= 0 && settings.epochs_done > settings.epochs))
    fail(Refusal::argument, where + ": expected 0 to " +
                                counted_text(settings.epochs, "epoch") +
                                " done, got " +
                                std::to_string(settings.epochs_done));
  if (images < 1 || settings.batch < 1 || settings.epochs < 0 ||
      !settings.schedule)
    fail(Refusal::argument,
         where +
             ": expected images, a batch of 1 or more, 0 or more epochs "
             "and a schedule, got " +
             counted_text(images, "image") + ", batch " +
             std::to_string(settings.batch) + ", epochs " +
             std::to_string(settings.epochs) +
             (settings.schedule ? "" : ", no schedule"));
}

// Steps in a whole run; the last batch of an epoch may be smaller.
// Throws what require_training() throws, and std::invalid_argument for more
// steps than an int counts.
inline int training_steps(int images, const TrainingSettings& settings) {
  require_training(images, settings, "training_steps");
  const int per_epoch = (images - 1) / settings.batch + 1;
  if (settings.epochs > std::numeric_limits<int>::max() / per_epoch)
    fail(Refusal::argument,
         "training_steps: " + std::to_string(settings.epochs) +
             " epochs of " + std::to_string(per_epoch) +
             " steps are more than an int counts");
  return settings.epochs * per_epoch;
}

// Throws the std::runtime_error which says that training has broken.
[[noreturn]] inline void broken_training(const std::string& where,
                                         const std::string& what,
                                         const TrainingStep& now) {
  fail(Refusal::runtime,
       where + ": " + what + " at step " + std::to_string(now.step) +
           " (epoch " + std::to_string(now.epoch) + ", learning rate " +
           short_text(now.learning_rate) +
           "); a smaller learning rate may help");
}

// Throws that error unless a step's loss, and every parameter after the
// step, is finite.
inline void require_finite(const TrainingStep& now,
                           const std::vector<Parameter<>*>& parameters,
                           const std::string& where) {
  if (!std::isfinite(now.loss))
    broken_training(where, "the loss is not a finite number", now);
  for (const Parameter<>* parameter : parameters)
    if (!all_finite(parameter->value))
      broken_training(where, parameter->name + " is not finite any more",
                      now);
}

// Checks the network after the last step, when no further loss can show
// that training has broken: throws that error unless the loss is finite for
// the images that it has just learned from.
inline void require_finite_end(const TrainingStep& now, Layer<>& network,
                               const Dataset& batch,
                               const std::string& where) {
  const Tensor<> logits = network.forward(batch.images, Mode::evaluation);
  if (!std::isfinite(cross_entropy(logits, batch.labels)))
    broken_training(where, "the loss is not a finite number any more", now);
}

// The labels of some images of a data set, which are given by number.
// Throws std::invalid_argument for a number that no image has.
inline std::vector<int> labels_of(const Dataset& data,
                                  std::span<const int> images) {
  std::vector<int> labels;
  for (const int n : images) {
    if (n < 0 || n >= data.size())
      fail(Refusal::argument, "labels_of: no image " + std::to_string(n) +
                                  " among " + std::to_string(data.size()));
    labels.push_back(data.labels[static_cast<std::size_t>(n)]);
  }
  return labels;
}

// A batch as a data set of its own, with its images as they are handed out.
inline Dataset gathered(const Batch& batch) {
  Dataset some = subset(batch.data, batch.images);
  if (!batch.hand_out || !*batch.hand_out) return some;
  for (int n = 0; n < some.size(); ++n) {
    const std::span<float> room = row_of(some.images, n);
    const auto pixels = batch.pixels(n, [&] { return room; });
    if (pixels.data() != room.data())
      std::copy(pixels.begin(), pixels.end(), room.begin());
  }
  return some;
}

// Forward, loss, backward. Returns the loss, and fills in the parameters'
// gradients and the logits (N, classes). If the loss is not finite, there
// is no backward pass.
inline double loss_and_gradients(Layer<>& network, const Dataset& batch,
                                 const Mode& mode, Tensor<>& logits) {
  logits = network.forward(batch.images, mode);
  const auto loss =
      static_cast<double>(cross_entropy(logits, batch.labels));
  if (std::isfinite(loss))
    network.backward(cross_entropy_backward(logits, batch.labels), false);
  return loss;
}

// One step: loss_and_gradients(), then the update. Returns the logits from
// before the update, and fills in the loss; if that is not finite, there is
// no update.
inline Tensor<> training_step(Layer<>& network, Optimizer& optimizer,
                              const Dataset& batch, double learning_rate,
                              double& loss) {
  Tensor<> logits;
  loss = loss_and_gradients(network, batch, Mode::training, logits);
  if (std::isfinite(loss))
    optimizer.step(trained_parameters(network), learning_rate);
  return logits;
}

// loss_and_gradients() for any ImageLoss: its mean over the images.
inline double own_loss_and_gradients(Layer<>& network, const Dataset& batch,
                                     const Mode& mode, Tensor<>& logits,
                                     const ImageLoss& loss_of) {
  logits = network.forward(batch.images, mode);
  require_labels(logits, batch.labels, "own_loss_and_gradients");
  Tensor<> grad_logits(logits.shape());
  const auto N = static_cast<float>(batch.size());
  float sum = 0;
  for (int n = 0; n < batch.size(); ++n)
    sum += loss_of(row_of(std::as_const(logits), n),
                   batch.labels[static_cast<std::size_t>(n)],
                   row_of(grad_logits, n));
  for (float& grad : grad_logits.data()) grad /= N;
  const auto loss = static_cast<double>(sum / N);
  if (std::isfinite(loss)) network.backward(grad_logits, false);
  return loss;
}

// The Gradients of a network that is computed layer by layer. The network
// must outlive them.
inline Gradients gradients_of(Layer<>& network) {
  return [&network](const Batch& batch, Tensor<>& logits) {
    const Mode mode{true, batch.step};
    return batch.has_own_loss()
               ? own_loss_and_gradients(network, gathered(batch), mode,
                                        logits, *batch.loss)
               : loss_and_gradients(network, gathered(batch), mode, logits);
  };
}

// Takes one step of a run: `gradients` looks at the batch, then comes the
// update. now.step, now.steps and now.epoch say which step it is; the rest
// of `now` is filled in. Throws what train() throws.
inline void take_step(Layer<>& network, const Gradients& gradients,
                      Optimizer& optimizer, const Batch& batch,
                      const TrainingSettings& settings, TrainingStep& now) {
  const double middle_of_the_step = now.step - 0.5;
  now.learning_rate = settings.learning_rate *
                      settings.schedule(middle_of_the_step / now.steps);
  Tensor<> logits;
  now.loss = gradients(batch, logits);
  if (std::isfinite(now.loss))
    optimizer.step(trained_parameters(network), now.learning_rate);
  require_finite(now, network.parameters(), "train");
  now.accuracy = accuracy(logits, labels_of(batch.data, batch.images));
  if (now.step == now.steps)
    require_finite_end(now, network, subset(batch.data, batch.images),
                       "train");
}

// Trains any network with any optimizer; `gradients` looks at each batch.
// Returns every step's numbers. Throws std::runtime_error when a loss, or a
// parameter after a step, is not finite; if it is the loss, the step has
// changed nothing.
inline std::vector<TrainingStep> train(Layer<>& network,
                                       const Gradients& gradients,
                                       Optimizer& optimizer,
                                       const Dataset& data,
                                       const TrainingSettings& settings,
                                       const AfterStep& after_step = {}) {
  require_training(data.size(), settings, "train");
  require_dataset(data, "train");
  Random random(settings.seed);
  std::vector<TrainingStep> history;
  TrainingStep now;
  now.steps = training_steps(data.size(), settings);
  history.reserve(static_cast<std::size_t>(now.steps));
  for (int done = 0; done < settings.epochs_done; ++done)
    random.permutation(data.size());  // as the earlier part drew them
  now.step =
      now.steps / std::max(settings.epochs, 1) * settings.epochs_done;
  const int first = settings.epochs_done + 1;
  for (now.epoch = first; now.epoch <= settings.epochs; ++now.epoch) {
    const std::vector<int> order = random.permutation(data.size());
    for (int begin = 0; begin < data.size(); begin += settings.batch) {
      const int count = std::min(settings.batch, data.size() - begin);
      const auto images = std::span(order).subspan(
          static_cast<std::size_t>(begin), static_cast<std::size_t>(count));
      ++now.step;
      take_step(
          network, gradients, optimizer,
          {data, images, now.step, &settings.hand_out, &settings.loss},
          settings, now);
      history.push_back(now);
      if (after_step && !after_step(now)) {
        require_finite_end(now, network, subset(data, images), "train");
        return history;
      }
    }
  }
  return history;
}

inline std::vector<TrainingStep> train(Layer<>& network,
                                       Optimizer& optimizer,
                                       const Dataset& data,
                                       const TrainingSettings& settings,
                                       const AfterStep& after_step = {}) {
  return train(network, gradients_of(network), optimizer, data, settings,
               after_step);
}

// The network's scores for all images of a data set, some at a time.
// -> logits (N, classes)
inline Tensor<> evaluate(Layer<>& network, const Dataset& data) {
  require_dataset(data, "evaluate");
  Tensor<> logits = logits_of(network, data.images);
  require_rank(logits.shape(), 2, "evaluate", "the network's output");
  return logits;
}

// The share of a data set's images that the network reads correctly.
inline double accuracy(Layer<>& network, const Dataset& data) {
  return accuracy(evaluate(network, data), data.labels);
}

}  // namespace cnn
