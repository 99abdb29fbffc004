// Optimizers: rules that turn the gradients of all the steps so far into
// the next step. In their formulas g is one number's gradient, w is the
// number itself, and eta is the learning rate.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>

#include "10-initialization/same_everywhere.hpp"
#include "11-optimizers/memory.hpp"

namespace cnn {

// Nesterov's momentum (Nesterov 1983; in this form Sutskever et al. 2013):
// updates chapter 06's velocity v by (6.1), and then takes the step that
// the velocity would take if the same gradient came once more.
//   w = w - eta (g + mu v)                                          (11.4)
class Nesterov : public MemoryOptimizer {
 public:
  explicit Nesterov(double momentum = 0.9)
      : MemoryOptimizer("Nesterov", 1), mu_(share(momentum, "momentum")) {}

 private:
  void move(const Move& it) override {
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      const float g = it.gradient[i];
      float& v = it.first[i];
      v = mu_ * v + g;                         // (6.1)
      it.value[i] -= it.rate * (g + mu_ * v);  // (11.4)
    }
  }

  float mu_;
};

// Returns the new fading mean when `number` arrives. Older numbers count
// for less:
//   mean = beta mean + (1 - beta) number                            (11.5)
inline float faded(float mean, float number, float beta) {
  return beta * mean + (1.0f - beta) * number;
}

// RMSProp (Hinton's lecture of 2012): divides each number's gradient by
// its own usual size, the root of a fading mean of its squares.
//   s = beta s + (1 - beta) g^2    w = w - eta g / (sqrt(s) + eps)  (11.6)
class RmsProp : public MemoryOptimizer {
 public:
  explicit RmsProp(double beta = 0.99, double epsilon = 1e-8)
      : MemoryOptimizer("RmsProp", 1),
        beta_(share(beta, "beta")),
        epsilon_(positive(epsilon, "epsilon")) {}

 private:
  void move(const Move& it) override {
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      const float g = it.gradient[i];
      float& s = it.first[i];
      s = faded(s, g * g, beta_);                              // (11.5)
      it.value[i] -= it.rate * g / (std::sqrt(s) + epsilon_);  // (11.6)
    }
  }

  float beta_, epsilon_;
};

// How Adam draws a weight w towards 0: not at all (`none`); by shrinking w
// itself (`apart`: AdamW, Loshchilov and Hutter 2019); or by adding
// decay * w to the gradient, so that Adam divides it by the gradient's
// usual size (`in_gradient`: L2). Biases decay too, as in PyTorch.
enum class Decay { none, apart, in_gradient };

struct AdamSettings {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  Decay kind = Decay::none;
  double decay = 0.01;    // not used if `kind` is Decay::none
  bool corrected = true;  // false leaves (11.8) out
};

// Adam (Kingma and Ba 2015): divides the mean gradient by the root of the
// mean square. Both means begin at 0, so they are too small at first. After
// t equal gradients g, m = g (1 - beta1) (1 + beta1 + ... + beta1^(t-1)) =
// g (1 - beta1^t). So (11.8) divides m by 1 - beta1^t, and s likewise.
//   m = beta1 m + (1 - beta1) g      s = beta2 s + (1 - beta2) g^2  (11.7)
//   m' = m / (1 - beta1^t)           s' = s / (1 - beta2^t)         (11.8)
//   w = w - eta m' / (sqrt(s') + eps)                               (11.9)
// Before its step, AdamW shrinks the weight:
//   w = w - eta decay w                                            (11.10)
class Adam : public MemoryOptimizer {
 public:
  explicit Adam(const AdamSettings& settings = {})
      : MemoryOptimizer("Adam", 2),
        kind_(settings.kind),
        corrected_(settings.corrected),
        beta1_(share(settings.beta1, "beta1")),
        beta2_(share(settings.beta2, "beta2")),
        epsilon_(positive(settings.epsilon, "epsilon")),
        decay_(non_negative(settings.decay, "decay")) {}

 private:
  void move(const Move& it) override {
    const auto correction = [&](float beta) {  // beta: rounded to a float
      const double power =
          corrected_ ? whole_power(static_cast<double>(beta), it.step) : 0;
      return static_cast<float>(1.0 - power);
    };
    const float correction1 = correction(beta1_);
    const float correction2 = correction(beta2_);
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      float &w = it.value[i], &m = it.first[i], &s = it.second[i];
      float g = it.gradient[i];
      if (kind_ == Decay::in_gradient) g += decay_ * w;
      if (kind_ == Decay::apart) w -= it.rate * decay_ * w;
      m = faded(m, g, beta1_);                                    // (11.7)
      s = faded(s, g * g, beta2_);                                // (11.7)
      const float mean = m / correction1;                         // (11.8)
      const float mean_square = s / correction2;                  // (11.8)
      w -= it.rate * mean / (std::sqrt(mean_square) + epsilon_);  // (11.9)
    }
  }

  Decay kind_;
  bool corrected_;
  float beta1_, beta2_, epsilon_, decay_;
};

}  // namespace cnn
