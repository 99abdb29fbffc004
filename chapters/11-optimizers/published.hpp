// Optimizers without a memory: one that uses only the gradient's sign, and
// Adam as a published program has it, which forgets everything at each
// step.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>

#include "11-optimizers/optimizer.hpp"

namespace cnn {

// Moves every number by the learning rate, however large its gradient is.
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

// Adam with both means set to zero in the function that makes the step, and
// so at every step, without the correction and with epsilon inside the
// root.
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

// The same with the correction (11.8) and with epsilon outside the root,
// where it belongs. It still forgets, so only the gradient's sign is left.
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
