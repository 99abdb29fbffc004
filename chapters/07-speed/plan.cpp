#include "07-speed/plan.hpp"

#include <limits>
#include <string>
#include <utility>

#include "common/tensor/fail.hpp"

namespace cnn {

const Products* Stage::products() const {
  if (const auto* convolve = std::get_if<Convolve>(&work)) return convolve;
  return std::get_if<Multiply>(&work);
}

Plan::Plan(const Shape& image, bool fused)
    : fused_(fused), shape_{1, image[0], image[1], image[2]} {}

Stage& Plan::begin() {
  Stage stage;
  Shape map = shape_;
  map.resize(4, 1);
  stage.input = {map[1], map[2], map[3]};
  stage.finish.H_out = map[2], stage.finish.W_out = map[3];
  stages_.push_back(std::move(stage));
  sealed_ = false;
  return stages_.back();
}

void Plan::end(const Shape& output) {
  shape_ = stages_.back().output = output;
  stages_.back().last_layer = layer_;
}

void Plan::next_layer() {
  if (!stages_.empty()) stages_.back().last_layer = layer_;
  ++layer_;
}

// Whether a ReLU or a pool can join the last stage.
bool Plan::takes_finish() const {
  return fused_ && !sealed_ && stages_.back().products() &&
         stages_.back().finish.window == 1;
}

void Plan::convolve(int C_out, int K, int stride, int padding) {
  Stage& stage = begin();
  const auto [C, H, W] = stage.input;
  const int H_out = output_size(H, K, stride, padding);
  const int W_out = output_size(W, K, stride, padding);
  stage.border = padding;
  stage.finish.H_out = H_out, stage.finish.W_out = W_out;
  stage.work =
      Convolve{{{C, C_out, K, stride, H_out, W_out, padding, padding + H}}};
  end({1, C_out, H_out, W_out});
}

void Plan::dense(int outputs) {
  Stage& stage = begin();
  stage.work = Multiply{{{stage.input.C, outputs, 1, 1, 1, 1}}};
  end({1, outputs});
}

void Plan::relu() {
  Stage& stage = takes_finish() && !stages_.back().finish.relu
                     ? stages_.back()
                     : begin();
  stage.finish.relu = true;
  end(shape_);
}

void Plan::begin_pool(const Pooling& pooling) {
  const auto [window, stride, padding] = pooling;
  // Windows that neither overlap nor leave the map can join.
  const bool joins =
      takes_finish() && window > 1 && padding == 0 && stride >= window;
  Finish& finish = (joins ? stages_.back() : begin()).finish;
  finish.window = window, finish.stride = stride;
  finish.H_out = output_size(finish.H_out, window, stride, padding);
  finish.W_out = output_size(finish.W_out, window, stride, padding);
  stages_.back().border += joins ? 0 : padding;
  finish.border = padding;
  end({1, stages_.back().result().C, finish.H_out, finish.W_out});
}

void Plan::max_pool(const Pooling& pooling) {
  begin_pool(pooling);
  if (pooling.padding > 0)
    stages_.back().border_value = -std::numeric_limits<float>::infinity();
}

void Plan::average_pool(const Pooling& pooling) {
  sealed_ = true;
  begin_pool(pooling);
  stages_.back().finish.average = true;
}

// A Flatten changes how the map is read, not the map.
void Plan::flatten() {
  if (stages_.empty() || sealed_) begin();
  end({1, element_count(shape_)});
}

void Plan::slice(std::shared_ptr<SliceLayer> layer) {
  begin().work = Sliced{std::move(layer)};
  end(shape_);
}

int Plan::mark() {
  sealed_ = true;
  return static_cast<int>(stages_.size());
}

void Plan::add(int mark) {
  // ReLU's way back looks at the output: nothing may be added to that.
  const bool relu = !sealed_ && stages_.back().finish.relu &&
                    stages_.back().finish.window == 1;
  if (sealed_ || relu) begin();
  const int stages = static_cast<int>(stages_.size());
  if (mark < 0 || mark >= stages)
    fail(Refusal::argument, "Plan: expected a mark from 0 to " +
                                std::to_string(stages - 1) + ", got " +
                                std::to_string(mark));
  const MapSize from = stages_[static_cast<std::size_t>(mark)].input;
  const MapSize to = stages_.back().result();
  if (from != to)
    fail(Refusal::argument,
         "Plan: a skip from " + to_string({from.C, from.H, from.W}) +
             " does not fit onto " + to_string({to.C, to.H, to.W}));
  stages_.back().add = mark;
  end(shape_);
  sealed_ = true;
}

Stages Plan::stages(const std::vector<Parameter<>*>& parameters) && {
  std::size_t next = 0;
  int at = 0;
  const auto take = [&](Parameter<>*& parameter, int& place) {
    parameter = parameters[next++];
    place = at;
    at += parameter->value.size();
  };
  const auto attach = [&](Products& products) {
    take(products.weight, products.weight_at);
    take(products.bias, products.bias_at);
  };
  for (Stage& stage : stages_) {
    if (auto* convolve = std::get_if<Convolve>(&stage.work))
      attach(*convolve);
    if (auto* multiply = std::get_if<Multiply>(&stage.work))
      attach(*multiply);
    if (auto* sliced = std::get_if<Sliced>(&stage.work)) {
      sliced->gradient_at = at;
      const std::size_t end =
          next + sliced->layer->attach(parameters.data() + next);
      for (; next < end; ++next) at += parameters[next]->value.size();
      sliced->numbers = at - sliced->gradient_at;
    }
  }
  return std::move(stages_);
}

}  // namespace cnn
