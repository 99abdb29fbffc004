// Weight decay: each step also takes away a share of every weight, so that
// only the weights that the images keep asking for stay large.
// Book: book/12-generalization.md
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "06-training/sgd.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Adds decay to the steps of any optimizer (Krogh and Hertz 1992). Biases
// do not decay.
//   gradient = gradient + decay weight                              (12.5)
// Chapter 11's AdamW decays in a way of its own, which does not go through
// the gradient.
class Decaying : public Optimizer {
 public:
  // Throws std::invalid_argument unless decay is 0 or more and finite.
  Decaying(std::unique_ptr<Optimizer> optimizer, double decay)
      : optimizer_(std::move(optimizer)),
        decay_(static_cast<float>(decay)) {
    if (!(decay >= 0 && decay <= 1e38))
      fail(Refusal::argument,
           "Decaying: expected a decay of 0 or more and finite, got " +
               std::to_string(decay));
  }

  // Also changes the weights' gradients, by (12.5).
  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) override {
    for (const Parameter<>* parameter : parameters)
      require_shape(parameter->gradient.shape(), parameter->value.shape(),
                    "Decaying", parameter->name + ".gradient");
    for (Parameter<>* parameter : parameters) {
      if (parameter->fan_in == 0) continue;  // a bias
      const auto gradient = parameter->gradient.data();
      const auto weight = parameter->value.data();
      for (std::size_t i = 0; i < weight.size(); ++i)
        gradient[i] += decay_ * weight[i];  // (12.5)
    }
    optimizer_->step(parameters, learning_rate);
  }
  std::vector<Tensor<>> state() const override {
    return optimizer_->state();
  }
  void restore(const std::vector<Tensor<>>& state) override {
    optimizer_->restore(state);
  }

 private:
  std::unique_ptr<Optimizer> optimizer_;
  float decay_;
};

}  // namespace cnn
