// Runs one block of 16 images through all stages, forward and backward.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "07-speed/block.hpp"
#include "07-speed/workers.hpp"

namespace cnn {

// A block, the images that it holds, and where their results go.
struct Turn {
  Block& block;
  int first = 0, images = 0;  // the image in slot 0, and how many
  Mode mode;
  float* gradient;   // all parameters' gradients in a row
  bool add;          // true: add to `gradient`; false: overwrite it
  float* scratch;    // scratch_cells(), of 16 floats each
  float* transient;  // Block::transient() floats, 0 if never written
};

class Pass {
 public:
  // convolve: one of the functions of `kernels`.
  Pass(Stages stages, const Kernels& kernels, Convolve* convolve)
      : stages_(std::move(stages)),
        kernels_(kernels),
        convolve_(convolve),
        L_(kernels.lanes),
        groups_(block_images / kernels.lanes),
        weights_(stages_.size()) {
    for (const Stage& stage : stages_) {
      const bool scaled = stage.scaled() != nullptr;
      const auto C = static_cast<std::size_t>(stage.input.C);
      factors_.emplace_back(scaled ? C : 0);
      if (scaled)
        factors_.back().gradient.resize(
            static_cast<std::size_t>(stage.numbers));
    }
  }

  const Stages& stages() const { return stages_; }
  // Only for a stage that scales channels.
  ChannelFactors& factors(std::size_t i) { return factors_[i]; }

  // Calls visit(slot, first, numbers, cell) for each row of the maps that
  // enter `stage` or leave the last one, or of their gradients. A row
  // begins with number `first` of its image, which lies at `cell`; the
  // others follow at distances of L floats.
  template <class Visit>
  void for_rows(Block& block, std::size_t stage, bool gradient,
                const Visit& visit) const {
    const bool end = stage == stages_.size();
    const auto [C, H, W] = end ? MapSize{stages_.back().result().numbers()}
                               : stages_[stage].input;
    const int border = end ? 0 : stages_[stage].border;
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H; ++y)
        for (int slot = 0; slot < block_images; ++slot) {
          const Map map = gradient ? block.gradient(stage, slot / L_)
                                   : block.value(stage, slot / L_);
          visit(slot, (c * H + y) * W, W,
                map.cell(c, y + border, border, L_) + slot % L_);
        }
  }

  // Packs the current weights in the order in which the kernels read them,
  // for the forward pass, the backward pass, or both.
  void pack(bool forward, bool backward, Workers& workers) {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      const Products* products = stages_[i].products();
      if (!products) continue;
      const Window& window = products->window;
      const int numbers = packed_numbers(window);
      const int parts = window.dense ? (window.C_out + 15) / 16 : 1;
      StageWeights& packed = weights_[i];
      if (packed.backward.empty())
        packed = {{},
                  std::vector<Weights>(static_cast<std::size_t>(parts)),
                  AlignedFloats(2 * static_cast<std::size_t>(numbers))};
    }
    workers.run(2 * static_cast<int>(stages_.size()), [&](int item, int) {
      const auto i = static_cast<std::size_t>(item / 2);
      const Products* products = stages_[i].products();
      if (!products) return;
      if (item % 2 == 0 && forward) pack_forward(i, *products);
      if (item % 2 == 1 && backward) pack_backward(i, *products);
    });
  }

  // ---- Forward ---------------------------------------------------------

  // Runs a block through stages `begin` to `end` - 1.
  void forward(const Turn& turn, std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin, next = 0; i < end; i = next) {
      next = i + 1;
      if (stages_[i].sliced()) {
        forward_slice(turn, i);
        continue;
      }
      while (next < end && !stages_[next].sliced()) ++next;
      // Group by group, so that one group at a time stays in the cache.
      for (int group = 0; group < groups_; ++group)
        for (std::size_t s = i; s < next; ++s) {
          if (stages_[s].scaled()) {
            forward_scaled(turn, s, group);
            continue;
          }
          const Products* products = stages_[s].products();
          forward_stage(
              turn.block, turn.scratch, s, group, weights_[s].forward,
              products ? products->bias->value.data().data() : nullptr,
              output_map(s, turn.block.value(s + 1, group)),
              turn.mode.learns && sums_ahead(s) ? turn.block.sums(group)
                                                : nullptr);
        }
    }
  }
  // Runs a group of L images through a stage that is not sliced or scaled.
  // sums: where the kernel puts the sums of sum_channels() for `output`, or
  // null.
  void forward_stage(Block& block, float* scratch, std::size_t i, int group,
                     const Weights& weights, const float* bias,
                     const Map& output, float* sums = nullptr) const {
    const Stage& stage = stages_[i];
    const Map input = block.value(i, group);
    const Map winners =
        stage.finish.window == 1 ? Map{} : block.winners(i, group);
    if (const Products* products = stage.products()) {
      Finish finish = stage.finish;
      finish.sums = sums;
      convolve_(products->window, input, weights, bias, finish, output,
                winners, scratch);
    } else if (const Rewind* rewind = stage.rewind()) {
      const auto from = static_cast<std::size_t>(rewind->mark);
      kernels_.finish(rewind->C, inside(from, block.value(from, group)),
                      stage.finish, output, winners);
    } else {
      kernels_.finish(stage.input.C, input, stage.finish, output, winners);
    }
    add_skip(block, i, group, output);
  }
  // Adds the input of a skip to the output of stage i, if one ends there.
  void add_skip(Block& block, std::size_t i, int group,
                const Map& output) const {
    if (stages_[i].add < 0) return;
    const auto from = static_cast<std::size_t>(stages_[i].add);
    add_map(stages_[i].result(), inside(from, block.value(from, group)),
            output);
  }
  // Where stage i puts its output: in `next`, the map that enters the next
  // stage, inside its border. (After a Flatten that stage reads a row.)
  Map output_map(std::size_t i, Map next) const {
    const bool last = i + 1 == stages_.size();
    const int border = last ? 0 : stages_[i + 1].border;
    const int around = last ? 0 : 2 * border + stages_[i + 1].beyond;
    next.row = stages_[i].finish.W_out + around;
    next.plane = next.row * (stages_[i].finish.H_out + around);
    return next.from(border, border, L_);
  }

  // ---- Backward --------------------------------------------------------

  // Runs a block backward through stages `end` - 1 to `begin`, but never
  // below `bottom`. The whole backward pass began with stage `last` - 1,
  // and computes the gradient of the input of `bottom` if want_grad_input.
  void backward(const Turn& turn, std::size_t end, std::size_t begin,
                std::size_t last, std::size_t bottom,
                bool want_grad_input) const {
    Block& block = turn.block;
    for (std::size_t i = end; i-- > std::max(begin, bottom);) {
      const Stage& stage = stages_[i];
      const bool want = want_grad_input || (i > bottom && !gets_images(i));
      if (stage.sliced())
        backward_slice(turn, i);
      else if (stage.scaled())
        backward_scaled(turn, i);
      else if (stage.rewind())
        clear_gradient(block, i);
      else {
        // A pool leaves the gradient as it is where no window lies. But a
        // skip adds to it, and an earlier backward pass may have set it.
        if (is_pool(stage)) clear_gradient(block, i);
        backward_products(turn, i, i + 1 < last && is_done(i), want);
      }
      if (!want) continue;
      // Adds the gradients of the skips and rewinds that read this input.
      for (std::size_t s = i; s < last; ++s) {
        if (!stages_[s].takes(static_cast<int>(i))) continue;
        for (int group = 0; group < groups_; ++group)
          add_map(stage.input, output_map(s, block.gradient(s + 1, group)),
                  inside(i, block.gradient(i, group)));
      }
    }
  }

  // ---- Sums over a batch -----------------------------------------------

  // Adds a block's share to the sums that stage i needs over the batch.
  void add_sums(const Turn& turn, std::size_t i, double* sums) const {
    if (const SliceLayer* layer = stages_[i].sliced()) {
      layer->add_sums(slices(turn, i).input, sums);
      return;
    }
    const MapSize& size = stages_[i].input;
    const int C = size.C, H = size.H, W = size.W;
    for_images(turn, [&](int group, int images) {
      const Map input = turn.block.value(i, group);
      float* partial = turn.block.sums(group);
      if (!sums_ahead(i - 1))
        kernels_.sum_channels(C, H, W, input, partial);
      const double m = H * W;
      for (int c = 0; c < C; ++c)
        for (int n = 0; n < images; ++n) {
          const auto first =
              static_cast<double>(input.cell(c, 0, 0, L_)[n]);
          const auto d = static_cast<double>(partial[c * L_ + n]);
          const auto dd = static_cast<double>(partial[(C + c) * L_ + n]);
          sums[c] += m * first + d;
          sums[C + c] += first * (m * first + 2 * d) + dd;
        }
    });
  }
  // The same for the backward pass.
  void add_backward_sums(const Turn& turn, std::size_t i,
                         double* sums) const {
    if (const SliceLayer* layer = stages_[i].sliced()) {
      const Slices maps = slices(turn, i);
      layer->add_backward_sums(maps.input, maps.grad_output, sums);
      return;
    }
    const MapSize& size = stages_[i].input;
    const int C = size.C, H = size.H, W = size.W;
    for_images(turn, [&](int group, int images) {
      float* partial = turn.block.sums(group);
      kernels_.sum_channels_backward(
          C, H, W, output_map(i, turn.block.gradient(i + 1, group)),
          stages_[i].finish, winners_or_output(turn, i, group),
          turn.block.value(i, group), pointers(i), partial);
      for (int c = 0; c < 2 * C; ++c)
        for (int n = 0; n < images; ++n)
          sums[c] += static_cast<double>(partial[c * L_ + n]);
    });
  }

 private:
  // Whether the images themselves are the input of stage i.
  bool gets_images(std::size_t i) const {
    const Rewind* rewind = i > 0 ? stages_[i - 1].rewind() : nullptr;
    return i == 0 ||
           (rewind && gets_images(static_cast<std::size_t>(rewind->mark)));
  }
  static bool is_pool(const Stage& stage) {
    return !stage.products() &&
           (stage.finish.window > 1 || stage.finish.stride > 1);
  }
  void clear_gradient(Block& block, std::size_t i) const {
    const auto [C, H, W] = stages_[i].input;
    for (int group = 0; group < groups_; ++group) {
      const Map map = inside(i, block.gradient(i, group));
      for (int c = 0; c < C; ++c)
        for (int y = 0; y < H; ++y)
          std::fill_n(map.cell(c, y, 0, L_), W * L_, 0.0f);
    }
  }
  Map inside(std::size_t i, const Map& map) const {
    return map.from(stages_[i].border, stages_[i].border, L_);
  }
  // to += from
  void add_map(const MapSize& size, const Map& from, const Map& to) const {
    const Finish add{.add = true, .H_out = size.H, .W_out = size.W};
    kernels_.finish(size.C, from, add, to, Map{});
  }
  // Clears the slots without an image, which must hold zeros.
  void clear_empty(const Turn& turn, int group, const MapSize& size,
                   const Map& map) const {
    const int images = std::clamp(turn.images - group * L_, 0, L_);
    const auto [C, H, W] = size;
    for (int c = 0; images < L_ && c < C; ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
          std::fill_n(map.cell(c, y, x, L_) + images, L_ - images, 0.0f);
  }
  // Calls visit(group, images) for each group that holds images.
  template <class Visit>
  void for_images(const Turn& turn, const Visit& visit) const {
    for (int group = 0; group * L_ < turn.images; ++group)
      visit(group, std::min(L_, turn.images - group * L_));
  }

  // ---- Channels that are scaled ----------------------------------------

  Factors pointers(std::size_t i) const {
    const ChannelFactors& it = factors_[i];
    return {it.centre.data(), it.scale.data(), it.shift.data(),
            it.mean.data(), it.lean.data()};
  }
  // Whether stage i + 1 scales just what the kernels of stage i put out, so
  // that sums of it, and of its gradient, can be taken as it is computed.
  bool sums_ahead(std::size_t i) const {
    const Stage& stage = stages_[i];
    return i + 1 < stages_.size() && stages_[i + 1].scaled() &&
           stages_[i + 1].input == stage.result() && stage.products() &&
           stage.add < 0 && !stage.finish.relu &&
           stage.finish.window == 1 && stage.finish.stride == 1;
  }
  // Whether stage i + 1 puts the gradient where stage i's products need it.
  bool is_done(std::size_t i) const {
    bool alone = sums_ahead(i);
    for (const Stage& stage : stages_)
      alone = alone && !stage.takes(static_cast<int>(i) + 1);
    return alone;
  }
  Map winners_or_output(const Turn& turn, std::size_t i, int group) const {
    return stages_[i].finish.window == 1
               ? output_map(i, turn.block.value(i + 1, group))
               : turn.block.winners(i, group);
  }
  void forward_scaled(const Turn& turn, std::size_t i, int group) const {
    const Stage& stage = stages_[i];
    const Map output = output_map(i, turn.block.value(i + 1, group));
    kernels_.finish_scaled(stage.input.C, turn.block.value(i, group),
                           pointers(i), stage.finish, output,
                           turn.block.winners(i, group));
    add_skip(turn.block, i, group, output);
    clear_empty(turn, group, stage.result(), output);
  }
  void backward_scaled(const Turn& turn, std::size_t i) const {
    const Stage& stage = stages_[i];
    const auto [C, H, W] = stage.input;
    float* gradient = turn.gradient + stage.gradient_at;
    if (turn.first == 0)  // once for the whole batch
      std::copy_n(factors_[i].gradient.data(), stage.numbers, gradient);
    else if (!turn.add)
      std::fill_n(gradient, stage.numbers, 0.0f);
    for (int group = 0; group < groups_; ++group) {
      float* sums = turn.block.sums(group);
      const Map grad_input = i > 0 && is_done(i - 1)
                                 ? finished_gradient(turn, i - 1, group)
                                 : turn.block.gradient(i, group);
      kernels_.finish_scaled_backward(
          C, H, W, output_map(i, turn.block.gradient(i + 1, group)),
          stage.finish, winners_or_output(turn, i, group),
          turn.block.value(i, group), pointers(i), grad_input, sums);
      clear_empty(turn, group, stage.input, grad_input);
      for (int c = 0; c < C; ++c)
        std::fill(
            sums + c * L_ + std::clamp(turn.images - group * L_, 0, L_),
            sums + (c + 1) * L_, 0.0f);
    }
  }
  // Where the backward pass of stage i's products reads the gradient of
  // their output: in cells `stride` apart, so its own stride is 1.
  Map finished_gradient(const Turn& turn, std::size_t i, int group) const {
    const Window& window = stages_[i].products()->window;
    Map map = turn.block.unfinished(i, group, turn.transient)
                  .from(window.K - 1, window.K - 1, L_);
    map.row *= window.stride;
    map.column = window.stride;
    return map;
  }

  // ---- Slices and products ---------------------------------------------

  // The maps of a block before and after stage i.
  struct Slices {
    Slice input, output, grad_input, grad_output;
  };
  Slices slices(const Turn& turn, std::size_t i) const {
    Block& block = turn.block;
    const Slice empty{stages_[i].input, L_, turn.images, turn.first};
    Slices all{empty, empty, empty, empty};
    for (int group = 0; group < groups_; ++group) {
      const auto g = static_cast<std::size_t>(group);
      all.input.groups[g] = block.value(i, group);
      all.grad_input.groups[g] = block.gradient(i, group);
      all.output.groups[g] = output_map(i, block.value(i + 1, group));
      all.grad_output.groups[g] =
          output_map(i, block.gradient(i + 1, group));
    }
    return all;
  }
  void forward_slice(const Turn& turn, std::size_t i) const {
    const Slices maps = slices(turn, i);
    stages_[i].sliced()->forward(maps.input, maps.output, turn.mode);
    for (int group = 0; group < groups_; ++group) {
      const Map output = output_map(i, turn.block.value(i + 1, group));
      add_skip(turn.block, i, group, output);
      clear_empty(turn, group, maps.output.size, output);
    }
  }
  void backward_slice(const Turn& turn, std::size_t i) const {
    float* gradient = turn.gradient + stages_[i].gradient_at;
    if (!turn.add) std::fill_n(gradient, stages_[i].numbers, 0.0f);
    const Slices maps = slices(turn, i);
    stages_[i].sliced()->backward(maps.input, maps.grad_output,
                                  maps.grad_input, turn.mode, gradient);
    for (int group = 0; group < groups_; ++group)
      clear_empty(turn, group, maps.input.size,
                  turn.block.gradient(i, group));
  }
  // The backward pass of a stage's Finish, unless that is `done`, and of
  // its products, if it has any.
  void backward_products(const Turn& turn, std::size_t i, bool done,
                         bool want_grad_input) const {
    Block& block = turn.block;
    const Stage& stage = stages_[i];
    const Products* products = stage.products();
    const int C = stage.result().C;
    Map grads[block_images], inputs[block_images];
    const float* sums[block_images];
    for (int group = 0; group < groups_; ++group) {
      inputs[group] = block.value(i, group);
      grads[group] = block.gradient(i, group);
      if (products) grads[group] = finished_gradient(turn, i, group);
      if (!done)
        kernels_.finish_backward(
            C, output_map(i, block.gradient(i + 1, group)), stage.finish,
            winners_or_output(turn, i, group), grads[group],
            block.sums(group));
      sums[group] = block.sums(group);
    }
    if (!products) return;
    float* grad_weight = turn.gradient + stage.gradient_at;
    kernels_.bias_gradient(C, sums, turn.add,
                           grad_weight + products->weight->value.size());
    kernels_.convolve_parameters(with_gradient(stage), grads, inputs,
                                 convolve_ == kernels_.convolve, turn.add,
                                 turn.scratch, grad_weight);
    if (want_grad_input) backward_input(turn, i, products->window.C_out);
  }
  // (4.7) as chapter 04 found it: a convolution with rotated kernels. A
  // dense layer's weights are read down their columns, 16 rows at a time.
  void backward_input(const Turn& turn, std::size_t i, int C_out) const {
    Block& block = turn.block;
    const MapSize& input = stages_[i].input;
    const int border = stages_[i].border;
    for (int first = 0, part = 0; first < C_out; ++part) {
      const Window rotated = backward_window(i, first);
      const Finish as_it_is{
          .add = first > 0, .H_out = input.H, .W_out = input.W};
      for (int group = 0; group < groups_; ++group) {
        const Map all = block.unfinished(i, group, turn.transient);
        convolve_(rotated, all.from(border, border + first * all.plane, L_),
                  weights_[i].backward[static_cast<std::size_t>(part)],
                  nullptr, as_it_is, inside(i, block.gradient(i, group)),
                  Map{}, turn.scratch);
      }
      first += rotated.C_in;
    }
  }
  // The stage's convolution without the outputs that no window of a pool
  // covers: they have no gradient.
  static Window with_gradient(const Stage& stage) {
    const Finish& last = stage.finish;
    Window window = stage.products()->window;
    window.H_out = (last.H_out - 1) * last.stride + last.window;
    window.W_out = (last.W_out - 1) * last.stride + last.window;
    return window;
  }
  // The convolution of (4.7) with output channels from `first` on.
  Window backward_window(std::size_t i, int first) const {
    const auto [C_in, H, W] = stages_[i].input;
    const Window window = with_gradient(stages_[i]);
    const int top = window.K - 1 - stages_[i].border;
    const int bottom = top + (window.H_out - 1) * window.stride + 1;
    const int some =
        window.dense ? std::min(16, window.C_out - first) : window.C_out;
    const int right = top + (window.W_out - 1) * window.stride + 1;
    return {.C_in = some,
            .C_out = C_in,
            .K = window.K,
            .H_out = H,
            .W_out = W,
            .top = top,
            .bottom = bottom,
            .winograd = window.winograd,
            .right = right};
  }
  void pack_forward(std::size_t i, const Products& products) {
    const Window& window = products.window;
    const int taps = window.K * window.K;
    const float* weight = products.weight->value.data().data();
    weights_[i].forward =
        packed(window, {weight, window.C_in * taps, taps, 1},
               weights_[i].room.data());
  }
  void pack_backward(std::size_t i, const Products& products) {
    const Window& window = products.window;
    const int taps = window.K * window.K;
    const float* weight = products.weight->value.data().data() + taps - 1;
    float* room = weights_[i].room.data() + packed_numbers(window);
    int first = 0;
    for (Weights& part : weights_[i].backward) {
      const Window rotated = backward_window(i, first);
      part = packed(rotated,
                    {weight + first * window.C_in * taps, taps,
                     window.C_in * taps, -1},
                    room);
      room += packed_numbers(rotated);
      first += rotated.C_in;
    }
  }
  Weights packed(const Window& window, Weights weights, float* room) const {
    weights.packed = room;
    if (convolve_ != kernels_.convolve_untiled)  // needs no packing
      kernels_.pack(window, weights, 1, window.C_out, room);
    return weights;
  }

  struct StageWeights {
    Weights forward;
    std::vector<Weights> backward;
    AlignedFloats room;
  };

  Stages stages_;
  const Kernels& kernels_;
  Convolve* convolve_;
  int L_, groups_;
  std::vector<StageWeights> weights_;
  std::vector<ChannelFactors> factors_;
};

}  // namespace cnn
