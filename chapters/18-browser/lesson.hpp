// A training run that goes on one step at a time, so that a page can draw
// in between, and wait for as long as its reader likes.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "16-saving/resuming.hpp"
#include "18-browser/checksum.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The run of a recipe, from its initial weights to its last step. It has
// the same bits as that of train_from(), wherever one pauses. The pictures
// must outlive it.
class Lesson {
 public:
  // Throws what build_network() and train() throw.
  Lesson(NetworkPlan plan, Recipe recipe, const Dataset& pictures)
      : plan_(std::move(plan)),
        recipe_(std::move(recipe)),
        pictures_(pictures),
        settings_(settings_of(recipe_, 0)),
        network_(layers_of(plan_, recipe_.seed), plan_.image,
                 {.threads = 1, .isa = recipe_.isa}),
        optimizer_(optimizer_of(recipe_)),
        orders_(recipe_.seed) {
    require_dataset(pictures_, "Lesson");
    now_.steps = training_steps(pictures_.size(), settings_);
    load_parameters(first_checkpoint(plan_, recipe_).parameters, network_,
                    "Lesson");
  }

  bool done() const { return now_.step == now_.steps; }
  const TrainingStep& now() const { return now_; }
  int steps_per_epoch() const {
    return now_.steps / std::max(recipe_.epochs, 1);
  }
  std::string checksum() { return checksum_of(network_); }

  FastNetwork& network() { return network_; }
  const NetworkPlan& plan() const { return plan_; }
  const Recipe& recipe() const { return recipe_; }

  // Takes the next step, and returns what it saw. Throws what train()
  // throws, and std::invalid_argument if all steps are done.
  const TrainingStep& step() {
    if (done())
      fail(Refusal::argument,
           "Lesson: expected at most " + counted_text(now_.steps, "step"));
    const int of_epoch = now_.step % steps_per_epoch();
    if (of_epoch == 0) {
      order_ = orders_.permutation(pictures_.size());
      ++now_.epoch;
    }
    ++now_.step;
    const int begin = of_epoch * recipe_.batch;
    const int count = std::min(recipe_.batch, pictures_.size() - begin);
    const auto images = std::span(order_).subspan(
        static_cast<std::size_t>(begin), static_cast<std::size_t>(count));
    take_step(network_, gradients_of(network_), *optimizer_,
              {pictures_, images, now_.step, &settings_.hand_out,
               &settings_.loss},
              settings_, now_);
    return now_;
  }

 private:
  NetworkPlan plan_;
  Recipe recipe_;
  const Dataset& pictures_;
  TrainingSettings settings_;
  FastNetwork network_;
  std::unique_ptr<Optimizer> optimizer_;
  Random orders_;  // the order of the pictures, drawn for each epoch
  std::vector<int> order_;
  TrainingStep now_;
};

}  // namespace cnn
