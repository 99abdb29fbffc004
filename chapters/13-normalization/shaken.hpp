// Noise after a normalization, as in an experiment of Santurkar, Tsipras,
// Ilyas and Madry (2018, "How does batch normalization help optimization?",
// section 2.1): it deliberately shifts the inputs of the next layer at
// every step.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "07-speed/plan.hpp"
#include "07-speed/slice_layer.hpp"
#include "13-normalization/asked_in_batches.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// While the network learns, each channel is multiplied by a number from 1
// to 1 + size, and one from -size to size is added. Both are drawn anew at
// each step and are the same for all images of a batch. (The paper draws a
// mean and a deviation in this way, and from them noise for each number.)
struct Shaken {
  double size = 1;
  std::uint64_t seed = 1;
};

using ShakenArchitecture = WiderList<NormalizedArchitecture, Shaken>;

inline std::string kind(const Shaken&) {
  return "shaken";
}

// The factor and the shift of each of C channels at one step. The same
// arguments give the same numbers, on any thread.
struct Shakes {
  std::vector<float> scale, shift;

  Shakes(const Shaken& it, int C, int step)
      : scale(static_cast<std::size_t>(C)),
        shift(static_cast<std::size_t>(C)) {
    Random random(it.seed * 1000003u + static_cast<std::uint64_t>(step));
    const auto size = static_cast<float>(it.size);
    for (std::size_t c = 0; c < scale.size(); ++c) {
      scale[c] = 1.0f + random.uniform(0.0f, size);
      shift[c] = random.uniform(-size, size);
    }
  }
};

template <class T = float>
class ShakenLayer : public Layer<T> {
 public:
  ShakenLayer(const Shaken& it, int C) : it_(it), C_(C) {}

  // input (N, C, ...) -> the same shape
  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    mode_ = mode;
    return mode.learns ? changed(input, true) : input;
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    return mode_.learns ? changed(grad_output, false) : grad_output;
  }

 private:
  // The tensor times the factors, plus the shifts if `shifted`.
  Tensor<T> changed(Tensor<T> tensor, bool shifted) const {
    const Shakes shakes(it_, C_, mode_.step);
    const int area = tensor.size() / std::max(1, tensor.extent(0) * C_);
    std::size_t i = 0;
    for (int n = 0; n < tensor.extent(0); ++n)
      for (std::size_t c = 0; c < shakes.scale.size(); ++c)
        for (int k = 0; k < area; ++k, ++i) {
          T& number = tensor.data()[i];
          number *= static_cast<T>(shakes.scale[c]);
          if (shifted) number += static_cast<T>(shakes.shift[c]);
        }
    return tensor;
  }

  Shaken it_;
  int C_;
  Mode mode_;
};

template <class T>
std::unique_ptr<Layer<T>> make_layer(const Shaken& it, const Shape& input) {
  return std::make_unique<ShakenLayer<T>>(it, input.at(1));
}

// The same layer for chapter 07's engine.
class FastShaken : public SliceLayer {
 public:
  explicit FastShaken(const Shaken& it) : it_(it) {}

  void forward(const Slice& input, const Slice& output,
               const Mode& mode) const override {
    change(input, output, mode, true);
  }
  void backward(const Slice&, const Slice& grad_output,
                const Slice& grad_input, const Mode& mode,
                float*) const override {
    change(grad_output, grad_input, mode, false);
  }

 private:
  void change(const Slice& from, const Slice& to, const Mode& mode,
              bool shifted) const {
    const auto [C, H, W] = from.size;
    const Shakes shakes(it_, C, mode.step);
    for (int slot = 0; slot < from.images; ++slot)
      for (int c = 0; c < C; ++c) {
        const auto at = static_cast<std::size_t>(c);
        for (int y = 0; y < H; ++y)
          for (int x = 0; x < W; ++x) {
            float number = from.at(slot, c, y, x);
            if (mode.learns) number *= shakes.scale[at];
            if (mode.learns && shifted) number += shakes.shift[at];
            to.at(slot, c, y, x) = number;
          }
      }
  }

  Shaken it_;
};

inline void describe(const Shaken& it, Plan& plan) {
  plan.slice(std::make_shared<FastShaken>(it));
}

// `layers` with batch normalization before each ReLU and noise of the given
// size after each normalization. Each noise layer has its own seed.
inline ShakenArchitecture shaken_network(const Architecture& layers,
                                         double size, std::uint64_t seed) {
  ShakenArchitecture list = before_each_relu<ShakenArchitecture>(
      layers, BatchNorm{}, Shaken{size, 0});
  for (auto& entry : list)
    if (Shaken* it = std::get_if<Shaken>(&entry)) it->seed = ++seed * 31;
  return list;
}

// The accuracy of such a network without its noise. Because its running
// statistics are those of inputs with noise, it answers in training mode,
// in batches of 500. `quiet` is the same list without the noise layers.
inline double accuracy_without_noise(FastNetwork& network,
                                     const NormalizedArchitecture& quiet,
                                     const Dataset& data) {
  FastNetwork copy(quiet, network.image());
  copy_parameters(network, copy);
  return share_right(
      answers_in_training(copy, data, count_up(data.size()), 500),
      data.labels);
}

}  // namespace cnn
