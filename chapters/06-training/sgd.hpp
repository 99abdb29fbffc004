// What changes the parameters: how far each step goes, and the step itself.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "06-training/layer.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- How far each step goes --------------------------------------------

// The share of the full learning rate at a point of the training run;
// progress runs from 0 (before the first step) to 1 (after the last).
using Schedule = std::function<double(double progress)>;

inline double constant_schedule(double) {
  return 1.0;
}

// The share of a run during which the learning rate rises, in a schedule
// that begins with a rise.
inline constexpr double warm_up_share = 0.05;

// Rises in a straight line for the first twentieth of the run, then falls
// along half a wave of the cosine, to 0 at the end. The angle is a float,
// since libraries agree on the cosine of a float more often than on that of
// a double.
inline double cosine_schedule(double progress) {
  if (progress < warm_up_share) return progress / warm_up_share;
  const double left = (1.0 - progress) / (1.0 - warm_up_share);  // 1 ... 0
  const auto angle = static_cast<float>(3.14159265358979 * (1.0 - left));
  return 0.5 * (1.0 + static_cast<double>(std::cos(angle)));
}

// ---- The step ----------------------------------------------------------

// Changes parameters in place, given their gradients. It may remember
// numbers about each from step to step, so every step must be given the
// same parameters in the same order.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  virtual void step(const std::vector<Parameter<>*>& parameters,
                    double learning_rate) = 0;
  // What it remembers, for saving with the parameters; restore() puts it
  // back before a run goes on. Empty before the first step.
  virtual std::vector<Tensor<>> state() const { return {}; }
  virtual void restore(const std::vector<Tensor<>>& /*state*/) {}
};

// Stochastic gradient descent with momentum (Polyak 1964): a step also
// follows the earlier gradients, the older the less.
//   velocity = momentum velocity + gradient                          (6.1)
//   value    = value - learning_rate velocity                        (6.2)
// momentum 0 is plain gradient descent.
class Sgd : public Optimizer {
 public:
  // Throws std::invalid_argument unless 0 <= momentum < 1.
  explicit Sgd(double momentum = 0.0)
      : momentum_(static_cast<float>(momentum)) {
    if (!(momentum >= 0.0 && momentum < 1.0)) {
      fail(Refusal::argument,
           "Sgd: expected momentum from 0 to below 1, got " +
               std::to_string(momentum));
    }
  }

  // Throws std::invalid_argument for parameters other than those of the
  // first step, or for a gradient of another shape.
  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) override {
    if (velocities_.empty())
      for (const Parameter<>* parameter : parameters)
        velocities_.emplace_back(parameter->value.shape());
    if (velocities_.size() != parameters.size())
      fail(Refusal::argument,
           "Sgd: expected the " +
               counted_text(velocities_.size(), "parameter") +
               " of the first step, got " +
               std::to_string(parameters.size()));
    for (std::size_t p = 0; p < parameters.size(); ++p)
      for (const Tensor<>* it :
           {&parameters[p]->value, &parameters[p]->gradient})
        require_shape(it->shape(), velocities_[p].shape(), "Sgd",
                      parameters[p]->name);
    const auto rate = static_cast<float>(learning_rate);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      const auto gradient = parameters[p]->gradient.data();
      const auto value = parameters[p]->value.data();
      const auto velocity = velocities_[p].data();
      for (std::size_t i = 0; i < value.size(); ++i) {
        velocity[i] = momentum_ * velocity[i] + gradient[i];  // (6.1)
        value[i] -= rate * velocity[i];                       // (6.2)
      }
    }
  }

  // A velocity for each parameter.
  std::vector<Tensor<>> state() const override { return velocities_; }
  void restore(const std::vector<Tensor<>>& state) override {
    velocities_ = state;
  }

 private:
  float momentum_;
  std::vector<Tensor<>> velocities_;
};

}  // namespace cnn
