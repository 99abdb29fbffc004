#include "07-speed/fast_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "05-softmax/softmax.hpp"

namespace cnn {

// ---- What is computed together -----------------------------------------

namespace {

// What one entry of the architecture asks of its stage.
void describe(const Convolution& it, Stage& stage) {
  stage.weighted = true;
  stage.border = it.padding;
  stage.window = {stage.C,
                  it.channels,
                  it.kernel,
                  it.stride,
                  output_size(stage.H, it.kernel, it.stride, it.padding),
                  output_size(stage.W, it.kernel, it.stride, it.padding),
                  it.padding,
                  it.padding + stage.H};
}
void describe(const Dense& it, Stage& stage) {
  stage.weighted = stage.dense = true;
  stage.window = {stage.C, it.outputs, 1, 1, 1, 1};
}
void describe(const Relu&, Stage& stage) {
  stage.finish.relu = true;
}
void describe(const Pooling& it, Stage& stage) {
  stage.finish.window = it.window;
  stage.finish.stride = it.stride;
  stage.border = stage.finish.border = it.padding;
}
void describe(const MaxPool& it, Stage& stage) {
  describe(it.pooling, stage);
  stage.border_value = -std::numeric_limits<float>::infinity();
}
void describe(const AveragePool& it, Stage& stage) {
  describe(it.pooling, stage);
  stage.finish.average = true;
}
void describe(const Flatten&, Stage&) {}

// Whether a pool can follow in the same stage: its windows neither overlap
// nor leave the map.
bool fits(const MaxPool& it, const Stage& stage) {
  return it.pooling.window > 1 && it.pooling.padding == 0 &&
         it.pooling.stride >= it.pooling.window && stage.finish.window == 1;
}

}  // namespace

FastNetwork::Stages FastNetwork::make_stages(
    const Architecture& architecture, bool fused) {
  Stages stages;
  std::size_t parameter = 0;
  int weights = 0;
  for (std::size_t i = 0; i < architecture.size(); ++i) {
    const bool after_pool =
        !stages.empty() && stages.back().finish.window > 1;
    const auto* pool = std::get_if<MaxPool>(&architecture[i]);
    const bool relu = std::holds_alternative<Relu>(architecture[i]);
    const bool flatten = std::holds_alternative<Flatten>(architecture[i]);
    const bool joins =
        !stages.empty() &&
        (flatten || (fused && stages.back().weighted && !after_pool &&
                     ((relu && !stages.back().finish.relu) ||
                      (pool && fits(*pool, stages.back())))));
    if (!joins) {
      Stage stage;
      Shape input = i == 0 ? Shape{1, image_[0], image_[1], image_[2]}
                           : shapes_[i - 1];
      input.resize(4, 1);
      stage.C = input[1], stage.H = input[2], stage.W = input[3];
      stages.push_back(stage);
    }
    Stage& stage = stages.back();
    if (joins && relu) stage.finish.relu = true;
    if (joins && pool) {
      stage.finish.window = pool->pooling.window;
      stage.finish.stride = pool->pooling.stride;
    }
    if (!joins)
      std::visit([&](const auto& it) { describe(it, stage); },
                 architecture[i]);
    if (!joins && stage.weighted) {
      stage.weight = parameters_[parameter++];
      stage.bias = parameters_[parameter++];
      stage.weight_at = weights;
      stage.bias_at = weights + stage.weight->value.size();
      weights = stage.bias_at + stage.bias->value.size();
    }
    stage.output = shapes_[i];
    stage.last_layer = i;
    // A Flatten changes how the map is read, not the map.
    Shape map = flatten ? Shape{1, stage.C, stage.H, stage.W} : shapes_[i];
    map.resize(4, 1);
    if (!joins || pool)
      stage.finish.H_out = map[2], stage.finish.W_out = map[3];
  }
  return stages;
}

// ---- Memory ------------------------------------------------------------

Block::Place Block::place(int C, int H, int W) {
  const auto cells = static_cast<std::size_t>(C) *
                     static_cast<std::size_t>(H) *
                     static_cast<std::size_t>(W);
  const Place it{size_, cells, H * W, W};
  size_ += cells * block_images;
  return it;
}

// Where the way back through a ReLU goes: if nothing moves and the border
// is the same, the gradient is changed where it is, which spares the
// memory. (The border of a pool's gradient is not always 0.)
Block::Place Block::place_spread(const std::vector<Stage>& stages,
                                 std::size_t i) {
  const Stage& it = stages[i];
  const int K = it.window.K, C = it.window.C_out;
  if (!it.weighted) return {};
  if (i + 1 < stages.size()) {
    const Stage& next = stages[i + 1];
    const int border = K - 1 - it.border;
    if (it.finish.window == 1 && it.window.stride == 1 && next.weighted &&
        next.border == border && next.C == C && next.W == it.window.W_out) {
      Place there = gradients_[i + 1];  // its origin is it.border farther
      there.first -=
          static_cast<std::size_t>(it.border * (there.row + 1) * lanes_);
      return there;
    }
  }
  const int wider = 2 * it.border + K - 1;
  return place(C, it.H + wider, it.W + wider);
}

Block::Block(const std::vector<Stage>& stages, int lanes) : lanes_(lanes) {
  int rows = 1, taps = 1;
  for (const Stage& it : stages) {
    const int H = it.H + 2 * it.border, W = it.W + 2 * it.border;
    values_.push_back(place(it.C, H, W));
    gradients_.push_back(place(it.C, H, W));
    const int C = it.weighted ? it.window.C_out : it.C;
    winners_.push_back(place(C, it.finish.H_out, it.finish.W_out));
    const int K = it.window.K;
    const int columns = std::max({it.window.W_out, it.W, it.H});
    rows = std::max({rows, row_scratch(it.finish.window, columns),
                     it.dense ? it.C + C + 32 : block_images * K * K});
    taps = std::max(taps, std::max(it.C, C) * K * K);
  }
  const Shape& output = stages.back().output;
  const int outputs = element_count(output) / output[0];
  for (auto* places : {&values_, &gradients_})
    places->push_back(place(outputs, 1, 1));
  for (std::size_t i = 0; i < stages.size(); ++i)
    spreads_.push_back(place_spread(stages, i));
  int channels = 1;
  for (const Stage& it : stages)
    channels = std::max({channels, it.C, it.window.C_out});
  sums_ = place(channels, 1, 1);
  scratch_ = place(rows, 1, 1).first;
  numbers_ = AlignedFloats(size_);
  taps_.resize(static_cast<std::size_t>(taps));
  for (std::size_t i = 0; i < stages.size(); ++i)
    if (stages[i].border_value != 0.0f)
      std::fill_n(floats(values_[i].first), values_[i].cells * block_images,
                  stages[i].border_value);
}

Map Block::map(const Place& it, int group) {
  const std::size_t skip =
      it.cells * static_cast<std::size_t>(group * lanes_);
  return {floats(it.first + skip), it.plane, it.row, 1};
}
Map Block::value(std::size_t stage, int group) {
  return map(values_[stage], group);
}
Map Block::gradient(std::size_t stage, int group) {
  return map(gradients_[stage], group);
}
Map Block::winners(std::size_t stage, int group) {
  return map(winners_[stage], group);
}
void Block::clear(std::size_t stage) {
  const Place& it = gradients_[stage];
  std::fill_n(floats(it.first), it.cells * block_images, 0.0f);
}
float* Block::channel_sums(int group) {
  return map(sums_, group).cells;
}
Map Block::spread(std::size_t stage, int group) {
  return map(spreads_[stage], group);
}

// ---- One block, there and back -----------------------------------------

namespace {

// Where stage i puts its output: inside the border that the next one
// wants. (After a Flatten the next one takes it for a row of cells.)
Map inner(const std::vector<Stage>& stages, std::size_t i, Map next,
          int L) {
  const int border = i + 1 < stages.size() ? stages[i + 1].border : 0;
  next.row = stages[i].finish.W_out + 2 * border;
  next.plane = next.row * (stages[i].finish.H_out + 2 * border);
  return next.from(border, border, L);
}

}  // namespace

// images: one for each slot, null for none (zeros).
void FastNetwork::load(Block& block, const Stages& stages,
                       const float* const* images) const {
  const Stage& it = stages[0];
  const int L = kernels_.lanes;
  for (int c = 0; c < it.C; ++c)
    for (int y = 0; y < it.H; ++y)
      for (int slot = 0; slot < block_images; ++slot) {
        const Map map = block.value(0, slot / L);
        const int first = c * map.plane + (y + it.border) * map.row;
        float* cell = map.from(0, it.border + first, L).cells + slot % L;
        const float* image = images[slot];
        if (image) image += (c * it.H + y) * it.W;
        for (int x = 0; x < it.W; ++x, cell += L)
          *cell = image ? image[x] : 0.0f;
      }
}

void FastNetwork::forward(const Stages& stages, Block& block) const {
  const int L = kernels_.lanes;
  const auto convolve =
      options_.tiled ? kernels_.convolve : kernels_.convolve_untiled;
  for (int group = 0; group < block_images / L; ++group)
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const Stage& it = stages[i];
      const Map input = block.value(i, group);
      const Map output = inner(stages, i, block.value(i + 1, group), L);
      const Map winners =
          it.finish.window == 1 ? Map{} : block.winners(i, group);
      if (!it.weighted) {
        kernels_.finish(it.C, input, it.finish, output, winners);
        continue;
      }
      const int taps = it.window.K * it.window.K;
      const Weights weights{it.weight->value.data().data(),
                            it.window.C_in * taps, taps, 1};
      convolve(it.window, input, weights, it.bias->value.data().data(),
               it.finish, output, winners, {block.scratch(), block.taps()});
    }
}

// From behind stage `from` - 1 to the first; fills in `gradient`, where all
// parameters' gradients lie in a row, or adds to it.
void FastNetwork::backward(const Stages& stages, Block& block,
                           std::size_t from, bool add, float* gradient,
                           bool want_grad_input) const {
  const int L = kernels_.lanes, groups = block_images / L;
  const auto convolve =
      options_.tiled ? kernels_.convolve : kernels_.convolve_untiled;
  for (std::size_t i = from; i-- > 0;) {
    const Stage& it = stages[i];
    const int C = it.weighted ? it.window.C_out : it.C, K = it.window.K;
    Map grads[block_images], inputs[block_images];
    const float* sums[block_images];
    for (int group = 0; group < groups; ++group) {
      inputs[group] = block.value(i, group);
      grads[group] = block.gradient(i, group);
      if (it.weighted) {  // stride cells apart, so that its way back has 1
        grads[group] = block.spread(i, group).from(K - 1, K - 1, L);
        grads[group].row *= it.window.stride;
        grads[group].column = it.window.stride;
      }
      const Map output = inner(stages, i, block.value(i + 1, group), L);
      kernels_.spread(
          C, inner(stages, i, block.gradient(i + 1, group), L), it.finish,
          it.finish.window == 1 ? output : block.winners(i, group),
          grads[group], block.channel_sums(group));
      sums[group] = block.channel_sums(group);
    }
    if (!it.weighted) continue;
    kernels_.bias_gradient(C, sums, add, gradient + it.bias_at);
    if (it.dense)
      kernels_.dense_parameters(it.window, grads, inputs, add,
                                block.scratch(), gradient + it.weight_at);
    else
      kernels_.convolve_parameters(it.window, grads, inputs, options_.tiled,
                                   add, block.scratch(),
                                   gradient + it.weight_at);
    if (i == 0 && !want_grad_input) continue;
    // (4.7) as chapter 04 found it: a convolution with rotated kernels. A
    // dense layer's weights are read across, so 16 rows at a time.
    const int top = K - 1 - it.border;
    const int bottom = top + (it.window.H_out - 1) * it.window.stride + 1;
    const int some = it.dense ? 16 : C;
    for (int first = 0; first < C; first += some) {
      const Window back{
          std::min(some, C - first), it.C, K, 1, it.H, it.W, top, bottom};
      const float* weight =
          it.weight->value.data().data() + first * it.C * K * K;
      const Weights rotated{weight + K * K - 1, K * K, it.C * K * K, -1};
      const Finish as_it_is{.add = first > 0, .H_out = it.H, .W_out = it.W};
      for (int group = 0; group < groups; ++group) {
        Map grad = block.spread(i, group).from(it.border, it.border, L);
        grad = grad.from(0, first * grad.plane, L);
        convolve(back, grad, rotated, nullptr, as_it_is,
                 block.gradient(i, group).from(it.border, it.border, L),
                 Map{}, {block.scratch(), block.taps()});
      }
    }
  }
}

// ---- A batch, cut into shards ------------------------------------------

FastNetwork::FastNetwork(const Architecture& architecture,
                         const Shape& image, const FastOptions& options)
    : image_(image),
      options_(options),
      kernels_(kernels_for(options.isa)),
      plain_(build_network(architecture, image)),
      parameters_(plain_.parameters()),
      workers_(options.threads) {
  if (architecture.empty())
    throw std::invalid_argument("FastNetwork: expected layers, got none");
  for (const Tensor<>& output :
       all_outputs(plain_, Tensor<>({1, image_[0], image_[1], image_[2]})))
    shapes_.push_back(output.shape());
  fused_ = make_stages(architecture, options.fused);
  unfused_ = make_stages(architecture, false);
}

namespace {

int blocks_for(int images) {
  return (images + block_images - 1) / block_images;
}

}  // namespace

// How a batch is cut depends on the batch alone, and the shards' gradients
// are added up in their order: any number of threads gives the same bits.
int FastNetwork::shards(int images) const {
  return std::min(blocks_for(images), 16);
}

void FastNetwork::reserve(const Stages& stages, int blocks, int shards) {
  if (reserved_ != &stages) blocks_.clear();
  reserved_ = &stages;
  while (static_cast<int>(blocks_.size()) < blocks)
    blocks_.emplace_back(stages, kernels_.lanes);
  std::size_t numbers = 0;
  for (const Parameter<>* it : parameters_)
    numbers += it->value.data().size();
  while (static_cast<int>(shard_gradients_.size()) < shards)
    shard_gradients_.emplace_back(numbers);
}

void FastNetwork::forward_all(const Stages& stages, const Tensor<>& input) {
  images_ = input.extent(0);
  require_shape(input.shape(), {images_, image_[0], image_[1], image_[2]},
                "FastNetwork", "input");
  const int blocks = blocks_for(images_);
  reserve(stages, blocks, shards(images_));
  const auto size = static_cast<std::size_t>(element_count(image_));
  workers_.run(blocks, [&](int b, int) {
    Block& block = blocks_[static_cast<std::size_t>(b)];
    const float* images[block_images] = {};
    for (int slot = 0, n = b * block_images; slot < block_images;
         ++slot, ++n)
      if (n < images_)
        images[slot] = &input.data()[static_cast<std::size_t>(n) * size];
    load(block, stages, images);
    forward(stages, block);
  });
}

// Goes over all numbers of all images of the last forward_all() that go
// into a stage (or come out of the one before it): visit(number's place
// among all of them, the number in its block).
template <class Visit>
void FastNetwork::for_each(const Stages& stages, std::size_t stage,
                           bool gradient, const Visit& visit) {
  const Shape shape = shape_before(stages, stage);
  const int border = stage < stages.size() ? stages[stage].border : 0;
  const int L = kernels_.lanes, W = shape[3] + 2 * border;
  const int plane = W * (shape[2] + 2 * border);
  std::size_t at = 0;
  for (int n = 0; n < images_; ++n) {
    Block& block = blocks_[static_cast<std::size_t>(n / block_images)];
    const int slot = n % block_images;
    const Map map = gradient ? block.gradient(stage, slot / L)
                             : block.value(stage, slot / L);
    for (int c = 0; c < shape[1]; ++c)
      for (int y = border; y < border + shape[2]; ++y)
        for (int x = border; x < border + shape[3]; ++x)
          visit(at++,
                map.from(0, c * plane + y * W + x, L).cells[slot % L]);
  }
}

// (N, C, H, W) with axes of 1 behind a flattened map.
Shape FastNetwork::shape_before(const Stages& stages,
                                std::size_t stage) const {
  Shape shape = stage == 0 ? Shape{1, image_[0], image_[1], image_[2]}
                           : stages[stage - 1].output;
  shape[0] = images_;
  shape.resize(4, 1);
  return shape;
}

Tensor<> FastNetwork::read(const Stages& stages, std::size_t stage,
                           bool gradient) {
  Tensor<> all(shape_before(stages, stage));
  for_each(stages, stage, gradient,
           [&](std::size_t at, float number) { all.data()[at] = number; });
  if (stage == 0) return all;
  Shape shape = stages[stage - 1].output;
  shape[0] = images_;
  return std::move(all).reshaped(shape);
}

Tensor<> FastNetwork::forward(const Tensor<>& input, Mode) {
  require_rank(input.shape(), 4, "FastNetwork", "input");
  forward_all(fused_, input);
  return read(fused_, fused_.size(), false);
}

void FastNetwork::backward_all(const Stages& stages, std::size_t from,
                               const Tensor<>& grad_output,
                               bool want_grad_input) {
  Shape shape = stages[from - 1].output;
  shape[0] = images_;
  require_shape(grad_output.shape(), shape, "FastNetwork", "grad_output");
  const int count = shards(images_);
  const int blocks = blocks_for(images_);
  if (blocks > 0) blocks_[static_cast<std::size_t>(blocks - 1)].clear(from);
  for_each(stages, from, true, [&](std::size_t at, float& number) {
    number = grad_output.data()[at];
  });
  workers_.run(count, [&](int shard, int) {
    auto& sums = shard_gradients_[static_cast<std::size_t>(shard)];
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (int b = shard * blocks / count; b < (shard + 1) * blocks / count;
         ++b)
      backward(stages, blocks_[static_cast<std::size_t>(b)], from, true,
               sums.data(), want_grad_input);
  });
  add_up(count);
}

Tensor<> FastNetwork::backward(const Tensor<>& grad_output,
                               bool want_grad_input) {
  if (reserved_ != &fused_ || images_ < 0)
    throw std::invalid_argument(
        "FastNetwork: backward() without forward()");
  backward_all(fused_, fused_.size(), grad_output, want_grad_input);
  return want_grad_input ? read(fused_, 0, true) : Tensor<>();
}

// The sum over the shards, in their order; each worker takes its share of
// the numbers of every parameter.
void FastNetwork::add_up(int shards) {
  const int parts = workers_.count();
  workers_.run(parts, [&](int part, int) {
    std::size_t at = 0;
    for (Parameter<>* parameter : parameters_) {
      const auto numbers = parameter->gradient.data();
      const auto size = numbers.size(), n = static_cast<std::size_t>(parts);
      const auto p = static_cast<std::size_t>(part);
      const std::size_t end = size * (p + 1) / n;
      for (std::size_t i = size * p / n, next = 0; i < end; i = next) {
        next = std::min(i + 1024, end);  // as many as the cache holds
        std::fill(&numbers[i], &numbers[0] + next, 0.0f);
        for (int s = 0; s < shards; ++s) {
          const float* from =
              &shard_gradients_[static_cast<std::size_t>(s)][at];
          for (std::size_t k = i; k < next; ++k) numbers[k] += from[k];
        }
      }
      at += size;
    }
  });
}

// ---- Training ----------------------------------------------------------

// Chapter 05's loss (5.3) and its gradient (5.4) for the image in a slot;
// its gradient is put where backward() finds it.
float FastNetwork::loss_of(Block& block, int slot, int label, int N,
                           std::span<float> logits) const {
  const int L = kernels_.lanes;
  const std::size_t end = fused_.size();
  const float* z = block.value(end, slot / L).cells + slot % L;
  float* grad = block.gradient(end, slot / L).cells + slot % L;
  const int classes = static_cast<int>(logits.size());
  float largest = -std::numeric_limits<float>::infinity(), sum = 0;
  for (int k = 0; k < classes; ++k) {
    logits[static_cast<std::size_t>(k)] = z[k * L];
    largest = std::max(largest, z[k * L]);
  }
  for (int k = 0; k < classes; ++k) {
    grad[k * L] = std::exp(z[k * L] - largest);
    sum += grad[k * L];
  }
  for (int k = 0; k < classes; ++k)
    grad[k * L] = (grad[k * L] / sum - (k == label ? 1.0f : 0.0f)) /
                  static_cast<float>(N);
  return std::log(sum) - (z[label * L] - largest);
}

double FastNetwork::gradients(const Dataset& data,
                              std::span<const int> images,
                              Tensor<>& logits) {
  const int N = static_cast<int>(images.size()), count = shards(N);
  const int classes = element_count(fused_.back().output);
  if (N == 0)
    throw std::invalid_argument("FastNetwork: expected images, got none");
  const Shape& shape = data.images.shape();
  if (shape.size() != 4 || shape[0] != data.size() ||
      !std::equal(image_.begin(), image_.end(), shape.begin() + 1))
    require_shape(shape, {data.size(), image_[0], image_[1], image_[2]},
                  "FastNetwork", "the data set's images");
  if (logits.rank() != 2 || logits.extent(0) != N ||
      logits.extent(1) != classes)
    logits = Tensor<>({N, classes});
  for (const int n : images) {
    if (n < 0 || n >= data.size())
      throw std::invalid_argument(
          "FastNetwork: expected images from 0 to " +
          std::to_string(data.size() - 1) + ", got " + std::to_string(n));
    const int label = data.labels[static_cast<std::size_t>(n)];
    if (label < 0 || label >= classes)
      throw std::invalid_argument(
          "FastNetwork: expected labels from 0 to " +
          std::to_string(classes - 1) + ", got " + std::to_string(label));
  }
  reserve(fused_, workers_.count(), count);
  images_ = -1;  // what forward() left is overwritten
  losses_.resize(images.size());
  const auto size = static_cast<std::size_t>(element_count(image_));
  const int blocks = blocks_for(N);
  workers_.run(count, [&](int shard, int worker) {
    Block& block = blocks_[static_cast<std::size_t>(worker)];
    auto& sums = shard_gradients_[static_cast<std::size_t>(shard)];
    const int begin = shard * blocks / count;
    for (int b = begin; b < (shard + 1) * blocks / count; ++b) {
      const int first = b * block_images;
      const int last = std::min(first + block_images, N);
      const float* sources[block_images] = {};
      for (int n = first; n < last; ++n)
        sources[n - first] =
            &data.images.data()[static_cast<std::size_t>(
                                    images[static_cast<std::size_t>(n)]) *
                                size];
      load(block, fused_, sources);
      forward(fused_, block);
      block.clear(fused_.size());  // where there is no image
      for (int n = first; n < last; ++n) {
        const auto at = static_cast<std::size_t>(n);
        losses_[at] = loss_of(
            block, n - first,
            data.labels[static_cast<std::size_t>(images[at])], N,
            logits.data().subspan(at * static_cast<std::size_t>(classes),
                                  static_cast<std::size_t>(classes)));
      }
      backward(fused_, block, fused_.size(), b > begin, sums.data(), false);
    }
  });
  add_up(count);
  float loss = 0;
  for (const float one : losses_) loss += one;
  return static_cast<double>(loss / static_cast<float>(N));
}

// ---- Looking inside ----------------------------------------------------

std::vector<Tensor<>> FastNetwork::outputs(const Tensor<>& input) {
  require_rank(input.shape(), 4, "FastNetwork", "input");
  forward_all(unfused_, input);
  std::vector<Tensor<>> all;
  for (std::size_t i = 0; i < unfused_.size(); ++i) {
    const Tensor<> output = read(unfused_, i + 1, false);
    while (all.size() <= unfused_[i].last_layer) {
      Shape shape = shapes_[all.size()];
      shape[0] = images_;
      all.push_back(output.reshaped(shape));
    }
  }
  return all;
}

Tensor<> FastNetwork::input_gradient(const Tensor<>& input,
                                     std::size_t layer,
                                     const Tensor<>& grad_output) {
  require_rank(input.shape(), 4, "FastNetwork", "input");
  if (layer >= shapes_.size())
    throw std::invalid_argument("FastNetwork: expected a layer from 0 to " +
                                std::to_string(shapes_.size() - 1) +
                                ", got " + std::to_string(layer));
  forward_all(unfused_, input);
  std::size_t stage = 0;
  while (unfused_[stage].last_layer < layer) ++stage;
  Shape shape = shapes_[layer], flat = unfused_[stage].output;
  shape[0] = flat[0] = images_;
  require_shape(grad_output.shape(), shape, "FastNetwork", "grad_output");
  backward_all(unfused_, stage + 1, grad_output.reshaped(flat), true);
  return read(unfused_, 0, true);
}

}  // namespace cnn
