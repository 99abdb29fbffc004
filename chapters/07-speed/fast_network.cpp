// Book: book/07-speed.md
#include "07-speed/fast_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "common/tensor/fail.hpp"

namespace cnn {

namespace {

BatchPass batch_pass(const Plan& plan, Network<>& plain,
                     const Kernels& kernels, bool tiled, Workers& workers) {
  const auto parameters = plain.parameters();
  Stages stages = plan.stages(parameters);
  if (stages.empty())
    fail(Refusal::argument, "FastNetwork: expected layers, got none");
  return {Pass(std::move(stages), kernels,
               tiled ? kernels.convolve : kernels.convolve_untiled),
          parameters, kernels, workers};
}

// "FastNetwork: expected labels from 0 to 9, got 11"
void require_below(int number, int end, const std::string& what) {
  if (number < 0 || number >= end)
    fail(Refusal::argument, "FastNetwork: expected " + what +
                                " from 0 to " + std::to_string(end - 1) +
                                ", got " + std::to_string(number));
}

}  // namespace

FastNetwork::FastNetwork(Network<> plain, const Shape& image,
                         const FastOptions& options, const Plan& fused,
                         const Plan& unfused)
    : image_(image),
      kernels_(kernels_for(options.isa)),
      plain_(std::move(plain)),
      workers_(options.threads),
      fused_(batch_pass(fused, plain_, kernels_, options.tiled, workers_)),
      unfused_(
          batch_pass(unfused, plain_, kernels_, options.tiled, workers_)),
      ends_(unfused.ends()) {
  for (const Tensor<>& output :
       all_outputs(plain_, Tensor<>({1, image_[0], image_[1], image_[2]})))
    shapes_.push_back(output.shape());
}

// ---- As a layer --------------------------------------------------------

Tensor<> FastNetwork::forward(const Tensor<>& input, Mode mode) {
  forward_done_ = false;
  fused_.forward(input, mode);
  forward_done_ = true;
  return fused_.read(stages().size(), false, shapes_.back());
}

Tensor<> FastNetwork::backward(const Tensor<>& grad_output,
                               bool want_grad_input) {
  if (!forward_done_)
    fail(Refusal::argument, "FastNetwork: backward() without forward()");
  const Tensor<> grad_input = fused_.backward(
      stages().size(), grad_output, shapes_.back(), want_grad_input);
  fused_.add_up();
  return grad_input;
}

// ---- Training ----------------------------------------------------------

// Throws std::invalid_argument unless the network can learn from `batch`.
void FastNetwork::check(const Batch& batch) const {
  const Dataset& data = batch.data;
  if (batch.images.empty())
    fail(Refusal::argument, "FastNetwork: expected images, got none");
  const Shape& shape = data.shape();
  if (shape.size() != 4 || shape[0] != data.size() ||
      !std::equal(image_.begin(), image_.end(), shape.begin() + 1))
    require_shape(shape, {data.size(), image_[0], image_[1], image_[2]},
                  "FastNetwork", "the data set's images");
  const int classes = element_count(shapes_.back());
  for (const int n : batch.images) {
    require_below(n, data.size(), "images");
    require_below(data.labels[static_cast<std::size_t>(n)], classes,
                  "labels");
  }
}

// Chapter 05's loss (5.3), or the batch's own, and its gradient (5.4) for
// the images of a block. The gradient is put where backward() finds it.
void FastNetwork::losses_of(const Batch& batch, const Turn& turn,
                            Tensor<>& logits) {
  const int L = kernels_.lanes, classes = logits.extent(1);
  for (int slot = 0; slot < block_images; ++slot) {
    Block& block = turn.block;
    const std::size_t end = stages().size();
    const float* z = block.value(end, slot / L).cells + slot % L;
    float* grad = block.gradient(end, slot / L).cells + slot % L;
    if (slot >= turn.images) {  // no image
      for (int k = 0; k < classes; ++k) grad[k * L] = 0;
      continue;
    }
    const int n = turn.first + slot;
    const auto at = static_cast<std::size_t>(n);
    const int label =
        batch.data.labels[static_cast<std::size_t>(batch.images[at])];
    float largest = -std::numeric_limits<float>::infinity(), sum = 0;
    for (int k = 0; k < classes; ++k) {
      logits(n, k) = z[k * L];
      largest = std::max(largest, z[k * L]);
    }
    if (batch.has_own_loss()) {
      const auto own = block.room(slot, static_cast<std::size_t>(classes));
      losses_[at] =
          (*batch.loss)(row_of(std::as_const(logits), n), label, own);
      for (int k = 0; k < classes; ++k)
        grad[k * L] = own[static_cast<std::size_t>(k)] /
                      static_cast<float>(batch.images.size());
      continue;
    }
    for (int k = 0; k < classes; ++k) {
      grad[k * L] = std::exp(z[k * L] - largest);
      sum += grad[k * L];
    }
    for (int k = 0; k < classes; ++k)
      grad[k * L] = (grad[k * L] / sum - (k == label ? 1.0f : 0.0f)) /
                    static_cast<float>(batch.images.size());
    losses_[at] = std::log(sum) - (z[label * L] - largest);
  }
}

double FastNetwork::gradients(const Batch& batch, Tensor<>& logits) {
  check(batch);
  const int N = static_cast<int>(batch.images.size());
  const int classes = element_count(shapes_.back());
  if (logits.rank() != 2 || logits.extent(0) != N ||
      logits.extent(1) != classes)
    logits = Tensor<>({N, classes});
  losses_.resize(batch.images.size());
  forward_done_ = false;
  fused_.begin(N, {true, batch.step}, false);
  const auto numbers = static_cast<std::size_t>(element_count(image_));
  const std::size_t end = stages().size();
  fused_.forward(
      [&](const Turn& turn) {
        fused_.load(turn, 0, false, [&](int slot) {
          return batch.pixels(turn.first + slot, [&] {
            return turn.block.room(slot, numbers);
          });
        });
      },
      [&](const Turn& turn) {  // while the block is in the cache
        losses_of(batch, turn, logits);
        fused_.backward(turn, end, false);
      });
  fused_.backward_rest(end, false);
  fused_.add_up();
  float loss = 0;
  for (const float one : losses_) loss += one;
  return static_cast<double>(loss / static_cast<float>(N));
}

// ---- Looking inside ----------------------------------------------------

std::vector<Tensor<>> FastNetwork::outputs(const Tensor<>& input) {
  unfused_.forward(input, Mode::evaluation);
  std::vector<Tensor<>> all;
  for (std::size_t layer = 0; layer < ends_.size(); ++layer)
    all.push_back(unfused_.read(ends_[layer], false, shapes_[layer]));
  return all;
}

Tensor<> FastNetwork::input_gradient(const Tensor<>& input,
                                     std::size_t layer,
                                     const Tensor<>& grad_output) {
  require_below(static_cast<int>(layer), static_cast<int>(shapes_.size()),
                "a layer");
  unfused_.forward(input, Mode::evaluation);
  return unfused_.backward(ends_[layer], grad_output, shapes_[layer], true);
}

}  // namespace cnn
