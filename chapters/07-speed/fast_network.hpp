// Chapter 06's network, computed by this chapter's kernels: the same
// architecture, the same parameters, the same results but for rounding.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "06-training/training.hpp"
#include "07-speed/kernels.hpp"
#include "07-speed/pass.hpp"
#include "07-speed/workers.hpp"

namespace cnn {

struct FastOptions {
  int threads = 0;  // 0: one for each processor
  std::string isa = "auto";
  bool tiled = true;  // sums of many outputs at once, in registers
  bool fused = true;  // convolution, ReLU and pool in one go
};

// The stages of any list of layers whose entries have a describe().
template <class Entry>
Plan plan_of(const std::vector<Entry>& entries, const Shape& image,
             bool fused) {
  Plan plan(image, fused);
  for (const Entry& entry : entries) {
    std::visit([&](const auto& it) { describe(it, plan); }, entry);
    plan.next_layer();
  }
  return plan;
}

class FastNetwork : public Layer<> {
 public:
  // Builds the network for images (C, H, W), parameters at their start.
  // Throws what build_network() and kernels_for() throw.
  template <class Entry = Architecture::value_type>
  FastNetwork(const std::vector<Entry>& entries, const Shape& image,
              const FastOptions& options = {})
      : FastNetwork(build_network(entries, image), image, options,
                    plan_of(entries, image, options.fused),
                    plan_of(entries, image, false)) {}

  // As chapter 06's layers: any number of images, the batch in NCHW.
  // backward() belongs to the last forward().
  Tensor<> forward(const Tensor<>& input, Mode mode) override;
  Tensor<> backward(const Tensor<>& grad_output,
                    bool want_grad_input = true) override;
  std::vector<Parameter<>*> parameters() override {
    return plain_.parameters();
  }

  // Forward, loss and backward for some images of a data set, without a
  // copy of them: fills in the gradients of the parameters and the logits
  // (N, classes), returns the loss. Allocates nothing if N is what it was.
  double gradients(const Batch& batch, Tensor<>& logits);

  // The output of every layer, first to last, as all_outputs() of chapter
  // 06. Nothing is fused for it.
  std::vector<Tensor<>> outputs(const Tensor<>& input);
  // How a number changes with the input if it changes with the output of
  // layer `layer` as grad_output says: of a logit, if grad_output is 1 for
  // that logit and 0 elsewhere, or of any hidden map.
  Tensor<> input_gradient(const Tensor<>& input, std::size_t layer,
                          const Tensor<>& grad_output);

  // Chapter 06's network with the very same parameters.
  Network<>& plain() { return plain_; }
  const Stages& stages() const { return fused_; }
  const Kernels& kernels() const { return kernels_; }
  const Shape& image() const { return image_; }
  int threads() const { return workers_.count(); }

 private:
  FastNetwork(Network<> plain, const Shape& image,
              const FastOptions& options, Plan fused, Plan unfused);

  void check(const Batch& batch) const;
  int shards(int images) const;
  void reserve(const Stages& stages, int blocks, int shards);
  Share share(int block) const;
  Block& block(int b) { return blocks_[static_cast<std::size_t>(b)]; }
  void forward_batch(const Pass& pass, const Batch& batch);
  void forward_all(const Pass& pass, const Stages& stages,
                   const Tensor<>& input, const Mode& mode);
  template <class Load>
  void forward_in_turn(const Pass& pass, const Stages& stages,
                       const Load& load);
  void backward_in_turn(const Pass& pass, const Stages& stages,
                        std::size_t from, bool want_grad_input);
  template <class Look>
  std::vector<double> sums_over_blocks(int sums, const Look& look);
  void backward_all(const Pass& pass, const Stages& stages,
                    std::size_t from, const Tensor<>& grad_output,
                    bool want_grad_input);
  void load_batch(const Batch& batch, int b, Block& block) const;
  void losses_of(const Batch& batch, int b, Block& block, Tensor<>& logits);
  float loss_of(Block& block, int slot, int label,
                std::span<float> logits) const;
  template <class Visit>
  void for_each(const Stages& stages, std::size_t stage, bool gradient,
                const Visit& visit);
  Shape shape_before(const Stages& stages, std::size_t stage) const;
  Tensor<> read(const Stages& stages, std::size_t stage, bool gradient);
  void add_up(int shards);

  Shape image_;
  const Kernels& kernels_;
  Network<> plain_;
  std::vector<Parameter<>*> parameters_;
  std::vector<Shape> shapes_;  // of every layer's output for one image
  Stages fused_, unfused_;
  Pass fused_pass_, unfused_pass_;
  bool whole_batch_ = false;  // whether a layer looks at all of it
  const Stages* reserved_ = nullptr;
  int images_ = -1;  // of the last forward(): none
  Mode mode_;        // of it
  std::vector<Block> blocks_;
  std::vector<std::vector<float>> shard_gradients_;
  std::vector<float> losses_;
  Workers workers_;
};

}  // namespace cnn
