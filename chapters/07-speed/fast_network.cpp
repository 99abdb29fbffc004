#include "07-speed/fast_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "common/tensor/fail.hpp"

namespace cnn {

FastNetwork::FastNetwork(Network<> plain, const Shape& image,
                         const FastOptions& options, Plan fused,
                         Plan unfused)
    : image_(image),
      kernels_(kernels_for(options.isa)),
      plain_(std::move(plain)),
      parameters_(plain_.parameters()),
      fused_(std::move(fused).stages(parameters_)),
      unfused_(std::move(unfused).stages(parameters_)),
      fused_pass_(fused_, kernels_, options.tiled),
      unfused_pass_(unfused_, kernels_, options.tiled),
      workers_(options.threads) {
  if (fused_.empty())
    fail(Refusal::argument, "FastNetwork: expected layers, got none");
  for (const Tensor<>& output :
       all_outputs(plain_, Tensor<>({1, image_[0], image_[1], image_[2]})))
    shapes_.push_back(output.shape());
  for (const Stage& stage : fused_)
    if (const auto* sliced = std::get_if<Sliced>(&stage.work))
      whole_batch_ = whole_batch_ ||
                     sliced->layer->sums(Mode::training) > 0 ||
                     sliced->layer->sums_back(Mode::training) > 0;
}

// ---- A batch, cut into blocks and shards -------------------------------

namespace {

int blocks_for(int images) {
  return (images + block_images - 1) / block_images;
}

// Where a stage needs sums over the whole batch, it cannot begin before
// all blocks have come so far.
int sums_needed(const Stage& stage, const Mode& mode, bool back) {
  const auto* sliced = std::get_if<Sliced>(&stage.work);
  if (!sliced) return 0;
  return back ? sliced->layer->sums_back(mode) : sliced->layer->sums(mode);
}

}  // namespace

// How a batch is cut depends on the batch alone, and the shards' gradients
// are added up in their order: any number of threads gives the same bits.
int FastNetwork::shards(int images) const {
  return std::min(blocks_for(images), 16);
}

Share FastNetwork::share(int block) const {
  const int first = block * block_images;
  return {first, std::min(block_images, images_ - first), mode_};
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

// Each block's sums, added in the order of the blocks.
template <class Look>
std::vector<double> FastNetwork::sums_over_blocks(int sums,
                                                  const Look& look) {
  const auto count = static_cast<std::size_t>(sums);
  const int blocks = blocks_for(images_);
  std::vector<double> each(count * static_cast<std::size_t>(blocks));
  workers_.run(blocks, [&](int b, int) {
    look(b, &each[static_cast<std::size_t>(b) * count]);
  });
  std::vector<double> all(count);
  for (std::size_t i = 0; i < each.size(); ++i) all[i % count] += each[i];
  return all;
}

// All blocks forward: from a stage that needs sums to the next.
template <class Load>
void FastNetwork::forward_in_turn(const Pass& pass, const Stages& stages,
                                  const Load& load) {
  const int blocks = blocks_for(images_);
  for (std::size_t begin = 0, end = 0; begin < stages.size(); begin = end) {
    const int sums = sums_needed(stages[begin], mode_, false);
    if (begin == 0 && sums > 0)
      workers_.run(blocks, [&](int b, int) { load(b, block(b)); });
    if (sums > 0) {
      SliceLayer& layer = *std::get<Sliced>(stages[begin].work).layer;
      const auto all = sums_over_blocks(sums, [&](int b, double* to) {
        const Pass::Slices maps = pass.slices(block(b), begin);
        layer.look(pass.slice(maps.input, stages[begin].input, share(b)),
                   to);
      });
      if (images_ > 0) layer.looked(all.data(), images_, mode_);
    }
    end = begin + 1;
    while (end < stages.size() &&
           sums_needed(stages[end], mode_, false) == 0)
      ++end;
    workers_.run(blocks, [&](int b, int) {
      if (begin == 0 && sums == 0) load(b, block(b));
      pass.forward(block(b), begin, end, share(b));
    });
  }
}

// The same from behind stage `from` - 1 to the first; fills in the
// gradients of all parameters.
void FastNetwork::backward_in_turn(const Pass& pass, const Stages& stages,
                                   std::size_t from, bool want_grad_input) {
  const int count = shards(images_), blocks = blocks_for(images_);
  for (std::size_t end = from, begin = 0; end > 0; end = begin) {
    const int sums = sums_needed(stages[end - 1], mode_, true);
    if (sums > 0) {
      SliceLayer& layer = *std::get<Sliced>(stages[end - 1].work).layer;
      const MapSize& size = stages[end - 1].input;
      const auto all = sums_over_blocks(sums, [&](int b, double* to) {
        const Pass::Slices maps = pass.slices(block(b), end - 1);
        layer.look_back(pass.slice(maps.input, size, share(b)),
                        pass.slice(maps.grad_output, size, share(b)), to);
      });
      if (images_ > 0) layer.looked_back(all.data(), images_);
    }
    begin = end - 1;
    while (begin > 0 && sums_needed(stages[begin - 1], mode_, true) == 0)
      --begin;
    workers_.run(count, [&](int shard, int) {
      auto& gradients = shard_gradients_[static_cast<std::size_t>(shard)];
      if (end == from) std::fill(gradients.begin(), gradients.end(), 0.0f);
      for (int b = shard * blocks / count; b < (shard + 1) * blocks / count;
           ++b)
        pass.backward(block(b), end, begin, from, share(b), true,
                      gradients.data(), want_grad_input);
    });
  }
  add_up(count);
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

// ---- As a layer --------------------------------------------------------

void FastNetwork::forward_all(const Pass& pass, const Stages& stages,
                              const Tensor<>& input, const Mode& mode) {
  require_rank(input.shape(), 4, "FastNetwork", "input");
  images_ = input.extent(0);
  mode_ = mode;
  require_shape(input.shape(), {images_, image_[0], image_[1], image_[2]},
                "FastNetwork", "input");
  reserve(stages, blocks_for(images_), shards(images_));
  const auto size = static_cast<std::size_t>(element_count(image_));
  forward_in_turn(pass, stages, [&](int b, Block& block) {
    const float* images[block_images] = {};
    const auto [first, count, _] = share(b);
    for (int slot = 0; slot < count; ++slot)
      images[slot] =
          &input.data()[static_cast<std::size_t>(first + slot) * size];
    pass.load(block, images);
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
    const int slot = n % block_images;
    Block& block = this->block(n / block_images);
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

Tensor<> FastNetwork::forward(const Tensor<>& input, Mode mode) {
  forward_all(fused_pass_, fused_, input, mode);
  return read(fused_, fused_.size(), false);
}

void FastNetwork::backward_all(const Pass& pass, const Stages& stages,
                               std::size_t from,
                               const Tensor<>& grad_output,
                               bool want_grad_input) {
  Shape shape = stages[from - 1].output;
  shape[0] = images_;
  require_shape(grad_output.shape(), shape, "FastNetwork", "grad_output");
  const int blocks = blocks_for(images_);
  if (blocks > 0) block(blocks - 1).clear_gradient(from);
  for_each(stages, from, true, [&](std::size_t at, float& number) {
    number = grad_output.data()[at];
  });
  backward_in_turn(pass, stages, from, want_grad_input);
}

Tensor<> FastNetwork::backward(const Tensor<>& grad_output,
                               bool want_grad_input) {
  if (reserved_ != &fused_ || images_ < 0)
    fail(Refusal::argument, "FastNetwork: backward() without forward()");
  backward_all(fused_pass_, fused_, fused_.size(), grad_output,
               want_grad_input);
  return want_grad_input ? read(fused_, 0, true) : Tensor<>();
}

// ---- Training ----------------------------------------------------------

// Throws std::invalid_argument unless the network can learn from them.
void FastNetwork::check(const Batch& batch) const {
  const Dataset& data = batch.data;
  if (batch.images.empty())
    fail(Refusal::argument, "FastNetwork: expected images, got none");
  const Shape& shape = data.images.shape();
  if (shape.size() != 4 || shape[0] != data.size() ||
      !std::equal(image_.begin(), image_.end(), shape.begin() + 1))
    require_shape(shape, {data.size(), image_[0], image_[1], image_[2]},
                  "FastNetwork", "the data set's images");
  const int classes = element_count(fused_.back().output);
  for (const int n : batch.images) {
    if (n < 0 || n >= data.size())
      fail(Refusal::argument, "FastNetwork: expected images from 0 to " +
                                  std::to_string(data.size() - 1) +
                                  ", got " + std::to_string(n));
    const int label = data.labels[static_cast<std::size_t>(n)];
    if (label < 0 || label >= classes)
      fail(Refusal::argument, "FastNetwork: expected labels from 0 to " +
                                  std::to_string(classes - 1) + ", got " +
                                  std::to_string(label));
  }
}

void FastNetwork::load_batch(const Batch& batch, int b,
                             Block& block) const {
  const auto size = static_cast<std::size_t>(element_count(image_));
  const auto [first, count, _] = share(b);
  const float* images[block_images] = {};
  for (int slot = 0; slot < count; ++slot)
    images[slot] =
        batch.pixels(first + slot, [&] { return block.room(slot, size); })
            .data();
  fused_pass_.load(block, images);
}

// Chapter 05's loss (5.3) and its gradient (5.4) for the image in a slot;
// its gradient is put where backward() finds it.
float FastNetwork::loss_of(Block& block, int slot, int label,
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
                  static_cast<float>(images_);
  return std::log(sum) - (z[label * L] - largest);
}

// The same for all images of a block.
void FastNetwork::losses_of(const Batch& batch, int b, Block& block,
                            Tensor<>& logits) {
  const auto [first, count, _] = share(b);
  const auto classes = static_cast<std::size_t>(logits.extent(1));
  block.clear_gradient(fused_.size());  // where there is no image
  for (int slot = 0; slot < count; ++slot) {
    const auto n = static_cast<std::size_t>(first + slot);
    const auto image = static_cast<std::size_t>(batch.images[n]);
    losses_[n] = loss_of(block, slot, batch.data.labels[image],
                         logits.data().subspan(n * classes, classes));
  }
}

double FastNetwork::gradients(const Batch& batch, Tensor<>& logits) {
  check(batch);
  const int N = static_cast<int>(batch.images.size()), count = shards(N);
  const int classes = element_count(fused_.back().output);
  if (logits.rank() != 2 || logits.extent(0) != N ||
      logits.extent(1) != classes)
    logits = Tensor<>({N, classes});
  losses_.resize(batch.images.size());
  images_ = N;
  mode_ = {true, batch.step};
  const int blocks = blocks_for(N);
  reserve(fused_, whole_batch_ ? blocks : workers_.count(), count);
  if (whole_batch_) {
    forward_in_turn(fused_pass_, fused_, [&](int b, Block& block) {
      load_batch(batch, b, block);
    });
    workers_.run(
        blocks, [&](int b, int) { losses_of(batch, b, block(b), logits); });
    backward_in_turn(fused_pass_, fused_, fused_.size(), false);
  } else {  // one block there and back while it is in the cache
    workers_.run(count, [&](int shard, int worker) {
      auto& sums = shard_gradients_[static_cast<std::size_t>(shard)];
      const int begin = shard * blocks / count;
      for (int b = begin; b < (shard + 1) * blocks / count; ++b) {
        Block& one = block(worker);
        load_batch(batch, b, one);
        fused_pass_.forward(one, 0, fused_.size(), share(b));
        losses_of(batch, b, one, logits);
        fused_pass_.backward(one, fused_.size(), 0, fused_.size(), share(b),
                             b > begin, sums.data(), false);
      }
    });
    add_up(count);
  }
  images_ = -1;  // what forward() left is overwritten
  float loss = 0;
  for (const float one : losses_) loss += one;
  return static_cast<double>(loss / static_cast<float>(N));
}

// ---- Looking inside ----------------------------------------------------

std::vector<Tensor<>> FastNetwork::outputs(const Tensor<>& input) {
  forward_all(unfused_pass_, unfused_, input, Mode::evaluation);
  std::vector<Tensor<>> all;
  for (std::size_t i = 0; i < unfused_.size(); ++i) {
    if (i + 1 < unfused_.size() &&
        unfused_[i].last_layer == unfused_[i + 1].last_layer)
      continue;  // inside a layer
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
  if (layer >= shapes_.size())
    fail(Refusal::argument, "FastNetwork: expected a layer from 0 to " +
                                std::to_string(shapes_.size() - 1) +
                                ", got " + std::to_string(layer));
  forward_all(unfused_pass_, unfused_, input, Mode::evaluation);
  std::size_t stage = unfused_.size() - 1;
  while (stage > 0 && unfused_[stage - 1].last_layer >= layer) --stage;
  while (stage + 1 < unfused_.size() &&
         unfused_[stage + 1].last_layer == unfused_[stage].last_layer)
    ++stage;
  Shape shape = shapes_[layer], flat = unfused_[stage].output;
  shape[0] = flat[0] = images_;
  require_shape(grad_output.shape(), shape, "FastNetwork", "grad_output");
  backward_all(unfused_pass_, unfused_, stage + 1,
               grad_output.reshaped(flat), true);
  return read(unfused_, 0, true);
}

}  // namespace cnn
