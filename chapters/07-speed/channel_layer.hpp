// The interface of a layer that moves and scales each channel. The kernels
// do that, with the ReLU and the pool after it, by factors for which the
// layer may have to see the whole batch.
// Book: book/07-speed.md
#pragma once

#include <cstddef>
#include <vector>

#include "06-training/layer.hpp"

namespace cnn {

// For each channel: output = (input - centre) scale + shift, and, where g
// is the gradient of the output, grad_input = (g - mean - (input - centre)
// lean) scale.
struct ChannelFactors {
  std::vector<float> centre, scale, shift, mean, lean;
  std::vector<float> gradient;  // of the layer's parameters, in a row

  explicit ChannelFactors(std::size_t C = 0)
      : centre(C), scale(C, 1.0f), shift(C), mean(C), lean(C) {}
};

// Sums over the `count` numbers of each channel. Forward, `first` holds
// those of the inputs and `second` those of their squares; backward,
// `first` holds those of g and `second` those of g (input - centre).
struct ChannelSums {
  const double *first, *second;
  double count;
};

class ChannelLayer {
 public:
  virtual ~ChannelLayer() = default;

  // Takes its parameters from the network's, beginning with `first`, and
  // returns how many it took.
  virtual std::size_t attach(Parameter<>* const* first) = 0;

  // Fills in centre, scale and shift: batch_factors() from the sums of a
  // batch, inference_factors() from what was learned.
  virtual void batch_factors(const ChannelSums& sums,
                             ChannelFactors& factors) = 0;
  virtual void inference_factors(ChannelFactors& factors) const = 0;
  // Fills in mean, lean and the gradient, for the factors of the last
  // batch_factors() or inference_factors().
  virtual void backward_factors(const ChannelSums& sums, bool learns,
                                ChannelFactors& factors) const = 0;
};

}  // namespace cnn
