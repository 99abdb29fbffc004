// Turns a list of layers into a list of stages, each computed in one go.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/channel_layer.hpp"
#include "07-speed/kernels.hpp"
#include "07-speed/slice_layer.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// What a stage does before its Finish.
struct Nothing {};
struct Products {  // with weight (C_out, C_in, K, K), bias (C_out)
  Window window;
  Parameter<>*weight = nullptr, *bias = nullptr;
};
using Sliced = std::shared_ptr<SliceLayer>;
using Scaled = std::shared_ptr<ChannelLayer>;
struct Rewind {  // gives the input of stage `mark` once more
  int mark = 0;
  int C = 1;
};

// One or more layers that are computed together.
struct Stage {
  MapSize input;
  int border = 0;  // cells of padding around the input
  int beyond = 0;  // rows and columns of 0 after the padding
  float border_value = 0;
  std::variant<Nothing, Products, Sliced, Scaled, Rewind> work;
  Finish finish;
  int add = -1;  // the stage whose input is added to the output, or -1
  // Its parameters in a row of all: where they begin, and how many numbers.
  int gradient_at = 0, numbers = 0;

  // The work of the stage, or null if it is of another kind.
  const Products* products() const { return std::get_if<Products>(&work); }
  SliceLayer* sliced() const {
    const Sliced* layer = std::get_if<Sliced>(&work);
    return layer ? layer->get() : nullptr;
  }
  ChannelLayer* scaled() const {
    const Scaled* layer = std::get_if<Scaled>(&work);
    return layer ? layer->get() : nullptr;
  }
  const Rewind* rewind() const { return std::get_if<Rewind>(&work); }
  // Whether it also reads the input of stage `mark`, unchanged.
  bool takes(int mark) const {
    return add == mark || (rewind() && rewind()->mark == mark);
  }
  // The size of the output, before a Flatten: C_out, H_out, W_out.
  MapSize result() const {
    const int C = products() ? products()->window.C_out
                  : rewind() ? rewind()->C
                             : input.C;
    return {C, finish.H_out, finish.W_out};
  }
};

using Stages = std::vector<Stage>;

// A winograd_from (see FastOptions) that no number of channels reaches.
inline constexpr int no_winograd = std::numeric_limits<int>::max();

// Builds the stages while layers are added, first to last. An entry of a
// list adds what it needs in its own overload of describe(entry, plan).
class Plan {
 public:
  // fused: convolution, ReLU and pool in one stage where they fit.
  // winograd_from: see FastOptions.
  Plan(const Shape& image, bool fused, int winograd_from = no_winograd)
      : fused_(fused),
        winograd_from_(winograd_from),
        shape_{1, image[0], image[1], image[2]} {}

  void convolve(int C_out, int K, int stride, int padding) {
    Stage& stage = begin();
    const auto [C, H, W] = stage.input;
    Finish& out = stage.finish;
    out.H_out = output_size(H, K, stride, padding);
    out.W_out = output_size(W, K, stride, padding);
    stage.border = padding;
    const bool winograd = K == 3 && stride == 1 && padding <= 1 &&
                          std::min(C, C_out) >= winograd_from_;
    if (winograd) stage.beyond = out.H_out % 2 | out.W_out % 2;
    stage.work = Products{{C, C_out, K, stride, out.H_out, out.W_out,
                           padding, padding + H, winograd}};
    shape_ = {1, C_out, out.H_out, out.W_out};
  }
  void dense(int outputs) {
    Stage& stage = begin();
    stage.work =
        Products{{.C_in = stage.input.C, .C_out = outputs, .dense = true}};
    shape_ = {1, outputs};
  }
  void relu() {
    const bool joins = takes_finish() && !stages_.back().finish.relu;
    (joins ? stages_.back() : begin()).finish.relu = true;
  }
  void max_pool(const Pooling& pooling) {
    pool(pooling);
    if (pooling.padding > 0)
      stages_.back().border_value = -std::numeric_limits<float>::infinity();
  }
  void average_pool(const Pooling& pooling) {
    sealed_ = true;
    pool(pooling);
    stages_.back().finish.average = true;
  }
  // A Flatten changes how the map is read, not the map.
  void flatten() {
    if (stages_.empty() || sealed_) begin();
    shape_ = {1, element_count(shape_)};
  }
  // Never the first stage: all blocks are loaded before any sums are taken.
  void slice(Sliced layer) {
    if (stages_.empty()) begin();
    begin().work = std::move(layer);
  }
  void scale(Scaled layer) {
    if (stages_.empty()) begin();
    begin().work = std::move(layer);
  }
  // A skip: mark() returns a number for the input of the next layer, and
  // add() adds that input to the output of the last, of the same shape.
  int mark() {
    sealed_ = true;
    return static_cast<int>(stages_.size());
  }
  void add(int mark) {
    // ReLU's backward pass reads the output, so nothing may be added to it.
    // And after a Flatten the addition is to the row, not to the map.
    if (sealed_ || stages_.back().result() != size_of(shape_) ||
        (stages_.back().finish.relu && stages_.back().finish.window == 1))
      begin();
    require_mark(mark);
    const MapSize from = stages_[static_cast<std::size_t>(mark)].input;
    const MapSize to = stages_.back().result();
    if (from != to)
      fail(Refusal::argument,
           "Plan: a skip from " + to_string({from.C, from.H, from.W}) +
               " does not fit onto " + to_string({to.C, to.H, to.W}));
    stages_.back().add = mark;
    sealed_ = true;
  }
  // For a skip with layers of its own: gives the next layer the input that
  // `mark` stands for. Returns the mark of the output so far.
  int rewind(int mark) {
    const int here = static_cast<int>(stages_.size());
    begin();
    require_mark(mark);
    shape_ = shapes_[static_cast<std::size_t>(mark)];
    const MapSize from = stages_[static_cast<std::size_t>(mark)].input;
    Stage& stage = stages_.back();
    stage.work = Rewind{mark, from.C};
    stage.finish.H_out = from.H, stage.finish.W_out = from.W;
    sealed_ = true;
    return here;
  }

  // The shape that the next layer gets for one image, (1, ...).
  const Shape& shape() const { return shape_; }
  // Must be called at the end of each entry of the list.
  void next_layer() { ends_.push_back(stages_.size()); }
  // For every entry, how many stages there are up to its end.
  const std::vector<std::size_t>& ends() const { return ends_; }

  // The stages, with the network's parameters attached in their order.
  Stages stages(const std::vector<Parameter<>*>& parameters) const {
    Stages stages = stages_;
    Parameter<>* const* next = parameters.data();
    int at = 0;
    for (Stage& stage : stages) {
      std::size_t count = 0;
      if (auto* products = std::get_if<Products>(&stage.work)) {
        products->weight = next[0], products->bias = next[1];
        count = 2;
      } else if (stage.sliced()) {
        count = stage.sliced()->attach(next);
      } else if (stage.scaled()) {
        count = stage.scaled()->attach(next);
      }
      stage.gradient_at = at;
      for (; count > 0; --count) at += (*next++)->value.size();
      stage.numbers = at - stage.gradient_at;
    }
    return stages;
  }

 private:
  static MapSize size_of(Shape map) {
    map.resize(4, 1);
    return {map[1], map[2], map[3]};
  }
  Stage& begin() {
    Stage stage;
    stage.input = size_of(shape_);
    stage.finish.H_out = stage.input.H, stage.finish.W_out = stage.input.W;
    stages_.push_back(std::move(stage));
    shapes_.push_back(shape_);
    sealed_ = false;
    return stages_.back();
  }
  void require_mark(int mark) const {
    const int stages = static_cast<int>(stages_.size());
    if (mark < 0 || mark >= stages)
      fail(Refusal::argument, "Plan: expected a mark from 0 to " +
                                  std::to_string(stages - 1) + ", got " +
                                  std::to_string(mark));
  }
  // Whether a ReLU or a pool can join the last stage.
  bool takes_finish() const {
    return fused_ && !sealed_ &&
           (stages_.back().products() || stages_.back().scaled()) &&
           stages_.back().finish.window == 1;
  }
  void pool(const Pooling& pooling) {
    const auto [window, stride, padding] = pooling;
    // Windows that neither overlap nor leave the map can join. After
    // Winograd's tiles or scaled channels, only those of 2 x 2 that lie
    // side by side.
    bool joins =
        takes_finish() && window > 1 && padding == 0 && stride >= window;
    if (joins && (stages_.back().scaled() ||
                  stages_.back().products()->window.winograd))
      joins = window == 2 && stride == 2;
    Stage& stage = joins ? stages_.back() : begin();
    Finish& finish = stage.finish;
    finish.window = window, finish.stride = stride;
    finish.H_out = output_size(finish.H_out, window, stride, padding);
    finish.W_out = output_size(finish.W_out, window, stride, padding);
    finish.border = padding;
    if (!joins) stage.border = padding;
    shape_ = {1, stage.result().C, finish.H_out, finish.W_out};
  }

  bool fused_, sealed_ = true;  // sealed: nothing may join the last stage
  int winograd_from_;
  Shape shape_;  // (1, ...), of the next layer's input
  std::vector<std::size_t> ends_;
  Stages stages_;
  std::vector<Shape> shapes_;  // (1, ...), of each stage's input
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

// The plan of any list of layers whose entries have a describe().
template <class Entry>
Plan plan_of(const std::vector<Entry>& entries, const Shape& image,
             bool fused, int winograd_from) {
  Plan plan(image, fused, winograd_from);
  for (const Entry& entry : entries) {
    std::visit([&](const auto& layer) { describe(layer, plan); }, entry);
    plan.next_layer();
  }
  return plan;
}

}  // namespace cnn
