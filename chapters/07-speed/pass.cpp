#include "07-speed/pass.hpp"

#include <algorithm>

namespace cnn {

Pass::Pass(const Stages& stages, const Kernels& kernels, bool tiled)
    : stages_(stages),
      kernels_(kernels),
      convolve_(tiled ? kernels.convolve : kernels.convolve_untiled),
      tiled_(tiled),
      L_(kernels.lanes),
      groups_(block_images / kernels.lanes) {}

// Where stage i puts its output: inside the border that the next one wants.
// (After a Flatten the next one takes it for a row of cells.)
Map Pass::output_map(std::size_t i, Map next) const {
  const int border = i + 1 < stages_.size() ? stages_[i + 1].border : 0;
  next.row = stages_[i].finish.W_out + 2 * border;
  next.plane = next.row * (stages_[i].finish.H_out + 2 * border);
  return next.from(border, border, L_);
}

void Pass::load(Block& block, const float* const* images) const {
  const auto [C, H, W] = stages_[0].input;
  const int border = stages_[0].border;
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < H; ++y)
      for (int slot = 0; slot < block_images; ++slot) {
        const Map map = block.value(0, slot / L_);
        const int first = c * map.plane + (y + border) * map.row + border;
        float* cell = map.from(0, first, L_).cells + slot % L_;
        const float* image = images[slot];
        if (image) image += (c * H + y) * W;
        for (int x = 0; x < W; ++x, cell += L_)
          *cell = image ? image[x] : 0.0f;
      }
}

// ---- Forward -----------------------------------------------------------

void Pass::forward(Block& block, std::size_t begin, std::size_t end,
                   const Share& share) const {
  bool sliced = false;
  for (std::size_t i = begin; i < end; ++i)
    sliced = sliced || std::holds_alternative<Sliced>(stages_[i].work);
  if (!sliced) {  // one group at a time stays in the cache
    for (int group = 0; group < groups_; ++group)
      for (std::size_t i = begin; i < end; ++i)
        forward_stage(block, i, group);
    return;
  }
  for (std::size_t i = begin; i < end; ++i)
    if (std::holds_alternative<Sliced>(stages_[i].work))
      forward_slice(block, i, share);
    else
      for (int group = 0; group < groups_; ++group)
        forward_stage(block, i, group);
}

void Pass::forward_stage(Block& block, std::size_t i, int group) const {
  const Stage& stage = stages_[i];
  const Map input = block.value(i, group);
  const Map output = output_map(i, block.value(i + 1, group));
  const Map winners =
      stage.finish.window == 1 ? Map{} : block.winners(i, group);
  if (const Products* products = stage.products()) {
    const Window& window = products->window;
    const int taps = window.K * window.K;
    const Weights weights{products->weight->value.data().data(),
                          window.C_in * taps, taps, 1};
    convolve_(window, input, weights, products->bias->value.data().data(),
              stage.finish, output, winners, block.scratch());
  } else {
    kernels_.finish(stage.input.C, input, stage.finish, output, winners);
  }
  add_skip(block, i, group, output);
}

// Adds to the output of stage i what its skip brings, if it has one.
void Pass::add_skip(Block& block, std::size_t i, int group,
                    const Map& output) const {
  const Stage& stage = stages_[i];
  if (stage.add < 0) return;
  const auto from = static_cast<std::size_t>(stage.add);
  const int border = stages_[from].border;
  add_map(stage.result(), block.value(from, group).from(border, border, L_),
          output);
}

// to += from
void Pass::add_map(const MapSize& size, Map from, Map to) const {
  const Finish add{.add = true, .H_out = size.H, .W_out = size.W};
  kernels_.finish(size.C, from, add, to, Map{});
}

Pass::Slices Pass::slices(Block& block, std::size_t i) const {
  Slices maps;
  for (int group = 0; group < groups_; ++group) {
    maps.input[group] = block.value(i, group);
    maps.grad_input[group] = block.gradient(i, group);
    maps.output[group] = output_map(i, block.value(i + 1, group));
    maps.grad_output[group] = output_map(i, block.gradient(i + 1, group));
  }
  return maps;
}

Slice Pass::slice(const Map* groups, const MapSize& size,
                  const Share& share) const {
  return {groups, size, L_, share.images, share.first};
}

void Pass::forward_slice(Block& block, std::size_t i,
                         const Share& share) const {
  const Stage& stage = stages_[i];
  const Slices maps = slices(block, i);
  std::get<Sliced>(stage.work)
      .layer->forward(slice(maps.input, stage.input, share),
                      slice(maps.output, stage.input, share), share.mode);
  for (int group = 0; group < groups_; ++group)
    add_skip(block, i, group, maps.output[group]);
  clear_empty(maps.output, stage.input, share);
}

// Slots without an image hold zeros, whatever a layer made of them.
void Pass::clear_empty(const Map* groups, const MapSize& size,
                       const Share& share) const {
  const Slice all = slice(groups, size, share);
  for (int slot = share.images; slot < block_images; ++slot)
    for (int c = 0; c < size.C; ++c)
      for (int y = 0; y < size.H; ++y)
        for (int x = 0; x < size.W; ++x) all.at(slot, c, y, x) = 0;
}

// ---- Backward ----------------------------------------------------------

void Pass::backward(Block& block, std::size_t end, std::size_t begin,
                    std::size_t last, const Share& share, bool add,
                    float* gradient, bool want_grad_input) const {
  for (std::size_t i = end; i-- > begin;) {
    const Stage& stage = stages_[i];
    const bool want = i > 0 || want_grad_input;
    if (std::holds_alternative<Sliced>(stage.work))
      backward_slice(block, i, share, add, gradient);
    else
      backward_products(block, i, add, gradient, want);
    if (!want) continue;
    // What was added to a later output on a skip comes back here.
    for (std::size_t s = i; s < last; ++s)
      for (int group = 0;
           group < groups_ && stages_[s].add == static_cast<int>(i);
           ++group)
        add_map(
            stage.input, output_map(s, block.gradient(s + 1, group)),
            block.gradient(i, group).from(stage.border, stage.border, L_));
  }
}

void Pass::backward_slice(Block& block, std::size_t i, const Share& share,
                          bool add, float* gradient) const {
  const Stage& stage = stages_[i];
  const auto& sliced = std::get<Sliced>(stage.work);
  const Slices maps = slices(block, i);
  float* own = gradient + sliced.gradient_at;
  if (!add) std::fill_n(own, sliced.numbers, 0.0f);
  sliced.layer->backward(slice(maps.input, stage.input, share),
                         slice(maps.grad_output, stage.input, share),
                         slice(maps.grad_input, stage.input, share),
                         share.mode, own);
  clear_empty(maps.grad_input, stage.input, share);
}

// The way back of a stage's Finish and, if it has any, of its products.
void Pass::backward_products(Block& block, std::size_t i, bool add,
                             float* gradient, bool want_grad_input) const {
  const Stage& stage = stages_[i];
  const Products* products = stage.products();
  const int C = stage.result().C, K = stage.K();
  Map grads[block_images], inputs[block_images];
  const float* sums[block_images];
  for (int group = 0; group < groups_; ++group) {
    inputs[group] = block.value(i, group);
    grads[group] = block.gradient(i, group);
    if (products) {  // stride cells apart, so that its way back has 1
      grads[group] = block.unfinished(i, group).from(K - 1, K - 1, L_);
      grads[group].row *= stage.stride();
      grads[group].column = stage.stride();
    }
    kernels_.finish_backward(
        C, output_map(i, block.gradient(i + 1, group)), stage.finish,
        stage.finish.window == 1 ? output_map(i, block.value(i + 1, group))
                                 : block.winners(i, group),
        grads[group], block.channel_sums(group));
    sums[group] = block.channel_sums(group);
  }
  if (!products) return;
  const Window& window = products->window;
  float* grad_weight = gradient + products->weight_at;
  kernels_.bias_gradient(C, sums, add, gradient + products->bias_at);
  if (std::holds_alternative<Multiply>(stage.work))
    kernels_.dense_parameters(window, grads, inputs, add,
                              block.scratch().rows, grad_weight);
  else
    kernels_.convolve_parameters(window, grads, inputs, tiled_, add,
                                 block.scratch().rows, grad_weight);
  if (want_grad_input) backward_input(block, i);
}

// (4.7) as chapter 04 found it: a convolution with rotated kernels. A dense
// layer's weights are read across, so 16 rows at a time.
void Pass::backward_input(Block& block, std::size_t i) const {
  const Stage& stage = stages_[i];
  const Products& products = *stage.products();
  const auto [C_in, H, W] = stage.input;
  const int C = stage.result().C, K = stage.K();
  const int top = K - 1 - stage.border;
  const int bottom = top + (products.window.H_out - 1) * stage.stride() + 1;
  const int some = std::holds_alternative<Multiply>(stage.work) ? 16 : C;
  for (int first = 0; first < C; first += some) {
    const Window back{
        std::min(some, C - first), C_in, K, 1, H, W, top, bottom};
    const float* weight =
        products.weight->value.data().data() + first * C_in * K * K;
    const Weights rotated{weight + K * K - 1, K * K, C_in * K * K, -1};
    const Finish as_it_is{.add = first > 0, .H_out = H, .W_out = W};
    for (int group = 0; group < groups_; ++group) {
      const Map all = block.unfinished(i, group);
      const Map grad =
          all.from(stage.border, stage.border + first * all.plane, L_);
      convolve_(
          back, grad, rotated, nullptr, as_it_is,
          block.gradient(i, group).from(stage.border, stage.border, L_),
          Map{}, block.scratch());
    }
  }
}

}  // namespace cnn
