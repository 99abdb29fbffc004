// Dropout (Srivastava and others, "Dropout: A Simple Way to Prevent Neural
// Networks from Overfitting", 2014): while a network learns, random cells
// of a layer are set to 0, different ones for each image and step.
// Book: book/12-generalization.md
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/plan.hpp"
#include "12-generalization/dropout_mask.hpp"
#include "12-generalization/dropout_slice.hpp"
#include "12-generalization/wider_list.hpp"

namespace cnn {

// Inverted dropout: cells that are kept grow by 1 / (1 - p), so that a
// network that answers needs neither dropout nor a correction for it.
// input (N, ...) -> output (N, ...)
template <class T>
Tensor<T> dropout(const Tensor<T>& input, const DropoutMask& mask) {
  Tensor<T> output = input;
  for (int n = 0; n < input.extent(0); ++n) {
    const std::uint64_t image = mask.of_image(n);
    int cell = 0;
    for (T& number : row_of(output, n))
      number *= mask.factor<T>(image, cell++);
  }
  return output;
}

// Each output is its input times a factor, so each input's gradient is its
// output's gradient times the same factor.
// grad_output (N, ...) -> grad_input (N, ...)
template <class T>
Tensor<T> dropout_backward(const Tensor<T>& grad_output,
                           const DropoutMask& mask) {
  return dropout(grad_output, mask);
}

template <class T = float>
class DropoutLayer : public Layer<T> {
 public:
  // Throws std::invalid_argument unless 0 <= p < 1.
  DropoutLayer(double p, std::uint64_t seed) : p_(p), seed_(seed) {
    require_dropout(p);
  }

  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    mask_.reset();
    if (!mode.learns) return input;
    mask_.emplace(p_, seed_, mode.step);
    return dropout(input, *mask_);
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    return mask_ ? dropout_backward(grad_output, *mask_) : grad_output;
  }

 private:
  double p_;
  std::uint64_t seed_;
  std::optional<DropoutMask> mask_;  // of the last forward(), if training
};

struct Dropout {
  double p = 0.5;
  std::uint64_t seed = 1;  // layers of one network need different ones
};

inline std::string kind(const Dropout&) {
  return "dropout";
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const Dropout& it, const Shape&) {
  return std::make_unique<DropoutLayer<T>>(it.p, it.seed);
}
inline void describe(const Dropout& it, Plan& plan) {
  plan.slice(std::make_shared<DropoutSlice>(it.p, it.seed));
}

using DroppingArchitecture = WiderList<Architecture, Dropout>;

// The same list with a seed of its own for each Dropout: seed, seed + 1 ...
template <class Entry>
std::vector<Entry> with_own_masks(std::vector<Entry> entries,
                                  std::uint64_t seed = 1) {
  for (Entry& entry : entries)
    if (auto* it = std::get_if<Dropout>(&entry)) it->seed = seed++;
  return entries;
}

}  // namespace cnn
