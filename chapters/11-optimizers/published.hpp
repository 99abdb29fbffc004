// Optimizers without a memory: the bare sign of the gradient, and Adam as a
// published program has it, which forgets all at every step.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>

#include "11-optimizers/optimizer.hpp"

namespace cnn {

// Every number moves by the learning rate, whatever the size of its
// gradient.
//   w = w - eta sign(g)                                            (11.11)
class SignSgd : public MemoryOptimizer {
 public:
  SignSgd() : MemoryOptimizer("SignSgd", 0) {}

 private:
  void move(const Move& it) override {
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      const float g = it.gradient[i];
      const float sign = g > 0 ? 1.0f : g < 0 ? -1.0f : 0.0f;
      it.value[i] -= it.rate * sign;  // (11.11)
    }
  }
};

// Adam with both means set to zero in the function that makes the step, so
// at every step; no correction; and epsilon inside the root.
//   w = w - eta (1 - beta1) g / sqrt((1 - beta2) g^2 + eps)       (11.12)
class ResetAdam : public MemoryOptimizer {
 public:
  ResetAdam() : MemoryOptimizer("ResetAdam", 0) {}

 private:
  void move(const Move& it) override {
    const float beta1 = 0.95f, beta2 = 0.99f, epsilon = 1e-7f;
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      const float g = it.gradient[i];
      const float m = faded(0.0f, g, beta1);
      const float s = faded(0.0f, g * g, beta2);
      it.value[i] -= it.rate * m / std::sqrt(s + epsilon);  // (11.12)
    }
  }
};

// The same with the correction (11.8) and epsilon outside the root, where
// they belong. It still forgets: what remains is the sign.
class ResetCorrectedAdam : public MemoryOptimizer {
 public:
  ResetCorrectedAdam() : MemoryOptimizer("ResetCorrectedAdam", 0) {}

 private:
  void move(const Move& it) override {
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      const float g = it.gradient[i];
      it.value[i] -= it.rate * g / (std::sqrt(g * g) + 1e-8f);
    }
  }
};

}  // namespace cnn
