// What is computed together: a list of layers becomes a list of stages.
#pragma once

#include <cstddef>
#include <memory>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/kernels.hpp"
#include "07-speed/slice_layer.hpp"

namespace cnn {

// What a stage does before its Finish.
struct Nothing {};
struct Products {  // with weight (C_out, C_in, K, K), bias (C_out)
  Window window;
  Parameter<>*weight = nullptr, *bias = nullptr;
  int weight_at = 0, bias_at = 0;  // where in a row of all parameters
};
struct Convolve : Products {};
struct Multiply : Products {};  // a dense layer: K and the maps are 1
struct Sliced {
  std::shared_ptr<SliceLayer> layer;
  int gradient_at = 0;
  int numbers = 0;  // of its parameters
};

// One or more layers that are computed together.
struct Stage {
  MapSize input;
  int border = 0;  // around its input
  float border_value = 0;
  std::variant<Nothing, Convolve, Multiply, Sliced> work;
  Finish finish;
  int add = -1;  // the stage whose input is added to the output, or -1
  Shape output;  // of one image, as the plain layer would have it
  std::size_t last_layer = 0;

  const Products* products() const;  // null if it has none
  int K() const { return products() ? products()->window.K : 1; }
  int stride() const { return products() ? products()->window.stride : 1; }
  // What comes out, before a Flatten: C_out, H_out, W_out.
  MapSize result() const {
    const int C = products() ? products()->window.C_out : input.C;
    return {C, finish.H_out, finish.W_out};
  }
};

using Stages = std::vector<Stage>;

// Builds the stages as the layers are named, first to last. An entry of a
// list of layers says with describe(entry, plan) what it asks for; a later
// chapter's entry does so in its own file.
class Plan {
 public:
  // fused: convolution, ReLU and pool in one stage where they fit.
  Plan(const Shape& image, bool fused);

  void convolve(int C_out, int K, int stride, int padding);
  void dense(int outputs);
  void relu();
  void max_pool(const Pooling& pooling);
  void average_pool(const Pooling& pooling);
  void flatten();
  void slice(std::shared_ptr<SliceLayer> layer);
  // A skip: mark() stands for the input of the next layer, add() adds it to
  // the output of the last, which must have the same shape.
  int mark();
  void add(int mark);
  // Of one image, (1, ...): what the next layer gets.
  const Shape& shape() const { return shape_; }
  // Ends one entry of the list.
  void next_layer();

  // The stages, with the network's parameters in their order.
  Stages stages(const std::vector<Parameter<>*>& parameters) &&;

 private:
  Stage& begin();
  void begin_pool(const Pooling& pooling);
  bool takes_finish() const;
  void end(const Shape& output);

  bool fused_, sealed_ = true;  // sealed: nothing may join the last stage
  Shape shape_;                 // (1, ...) of what comes next
  std::size_t layer_ = 0;
  Stages stages_;
};

inline void describe(const Convolution& layer, Plan& plan) {
  plan.convolve(layer.channels, layer.kernel, layer.stride, layer.padding);
}
inline void describe(const Dense& layer, Plan& plan) {
  plan.dense(layer.outputs);
}
inline void describe(const Relu&, Plan& plan) {
  plan.relu();
}
inline void describe(const MaxPool& layer, Plan& plan) {
  plan.max_pool(layer.pooling);
}
inline void describe(const AveragePool& layer, Plan& plan) {
  plan.average_pool(layer.pooling);
}
inline void describe(const Flatten&, Plan& plan) {
  plan.flatten();
}

}  // namespace cnn
