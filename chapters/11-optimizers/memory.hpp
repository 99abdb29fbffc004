// Keeps what an optimizer remembers from step to step, and saves and
// restores it, so that each optimizer has to say only how it moves one
// parameter.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "06-training/sgd.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// One parameter at one step, with the memory that belongs to it. `first`
// and `second` are as long as `value`, or empty where an optimizer has no
// use for them.
struct Move {
  std::span<float> value;
  std::span<const float> gradient;
  std::span<float> first, second;  // what is remembered
  float rate = 0;                  // learning rate
  int step = 0;                    // from 1
  const Shape& shape;              // of the parameter
};

// Whether `steps` can be a saved number of steps, which is kept in a float:
// a whole number from 1 to 2^24.
inline bool is_step_count(float steps) {
  return steps >= 1 && steps <= 16777216.0f && steps == std::floor(steps);
}

// The base class of this chapter's optimizers. It keeps up to two numbers
// for each number of each parameter, all 0 before the first step, and
// counts the steps. A derived class says in move() how the numbers change.
class MemoryOptimizer : public Optimizer {
 public:
  // Throws std::invalid_argument for parameters other than those of the
  // first step, for a gradient of another shape, or for a learning rate
  // below 0 or not finite.
  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) final {
    const float rate = non_negative(learning_rate, "a learning rate");
    if (steps_ == 0) clear_memory(parameters);
    check(parameters);
    ++steps_;
    const std::size_t P = parameters.size();
    for (std::size_t p = 0; p < P; ++p) {
      const auto part = [&](std::size_t k) {
        return k < parts_ ? memory_[k * P + p].data() : std::span<float>{};
      };
      move({parameters[p]->value.data(), parameters[p]->gradient.data(),
            part(0), part(1), rate, steps_, parameters[p]->value.shape()});
    }
  }

  // The first part of the memory for every parameter, then the second, if
  // any, and last the number of steps, in a tensor of shape {1}. Empty
  // before the first step.
  std::vector<Tensor<>> state() const override {
    if (steps_ == 0) return {};
    std::vector<Tensor<>> state = memory_;
    state.push_back(Tensor<>({1}, static_cast<float>(steps_)));
    return state;
  }

  // Takes what state() returned. Throws std::invalid_argument if this
  // optimizer cannot have saved that many tensors or that number of steps.
  // Whether the tensors fit the parameters is checked at the next step.
  void restore(const std::vector<Tensor<>>& state) override {
    if (state.empty()) {
      memory_.clear();
      steps_ = 0;
      return;
    }
    const float steps =
        state.back().shape() == Shape{1} ? state.back()(0) : 0.0f;
    if (!is_step_count(steps) ||
        (parts_ == 0 ? state.size() != 1
                     : (state.size() - 1) % parts_ != 0))
      fail(
          Refusal::argument,
          name_ + ": expected " + counted_text(parts_, "tensor") +
              " for each parameter and one with the number of steps, got " +
              counted_text(state.size(), "tensor"));
    memory_.assign(state.begin(), state.end() - 1);
    steps_ = static_cast<int>(steps);
  }

 protected:
  // name: for the errors. parts: how many numbers are remembered for each
  // number of a parameter, 0 to 2.
  MemoryOptimizer(std::string name, std::size_t parts)
      : name_(std::move(name)), parts_(parts) {}

  // Moves one parameter by one step.
  virtual void move(const Move& it) = 0;

  // Each of these returns a setting as a float, or throws
  // std::invalid_argument if it is out of range. share() is for the share
  // of the memory that is kept; its limit is what a float can tell from 1.
  float share(double number, const char* what) const {
    return setting(number >= 0 && number <= 0.99999995, number, what,
                   "from 0 to below 1");
  }
  float positive(double number, const char* what) const {
    return setting(number >= 1e-37 && number <= 1e38, number, what,
                   "above 0 and finite");
  }
  float non_negative(double number, const char* what) const {
    return setting(number >= 0 && number <= 1e38, number, what,
                   "of 0 or more and finite");
  }

 private:
  float setting(bool fits, double number, const char* what,
                const char* range) const {
    if (!fits)
      fail(Refusal::argument, name_ + ": expected " + what + " " + range +
                                  ", got " + std::to_string(number));
    return static_cast<float>(number);
  }

  void clear_memory(const std::vector<Parameter<>*>& parameters) {
    memory_.clear();
    for (std::size_t k = 0; k < parts_; ++k)
      for (const Parameter<>* it : parameters)
        memory_.emplace_back(it->value.shape());
  }

  void check(const std::vector<Parameter<>*>& parameters) const {
    if (memory_.size() != parts_ * parameters.size())
      fail(Refusal::argument,
           name_ + ": expected the " +
               counted_text(memory_.size() / parts_, "parameter") +
               " of the first step, got " +
               std::to_string(parameters.size()));
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      const Parameter<>& it = *parameters[p];
      require_shape(it.gradient.shape(), it.value.shape(), name_,
                    it.name + ".gradient");
      for (std::size_t k = 0; k < parts_; ++k)
        require_shape(it.value.shape(),
                      memory_[k * parameters.size() + p].shape(), name_,
                      it.name);
    }
  }

  std::string name_;
  std::size_t parts_;
  std::vector<Tensor<>> memory_;  // part k of parameter p of P: k * P + p
  int steps_ = 0;
};

}  // namespace cnn
