// Chapter 06's network, computed by this chapter's kernels: the same
// architecture, the same parameters, the same results but for rounding.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/kernels.hpp"
#include "07-speed/workers.hpp"
#include "common/dataset.hpp"

namespace cnn {

struct FastOptions {
  int threads = 0;  // 0: one for each processor
  std::string isa = "auto";
  bool tiled = true;  // sums of many outputs at once, in registers
  bool fused = true;  // convolution, ReLU and pool in one go
};

// One or more layers that are computed together: weights (or none), then
// a Finish. Sizes are those of its input, without the border.
struct Stage {
  int C = 1, H = 1, W = 1, border = 0;
  float border_value = 0;
  bool weighted = false, dense = false;
  Window window;
  Finish finish;
  Shape output;  // of one image, as the plain layer would have it
  std::size_t last_layer = 0;
  Parameter<>*weight = nullptr, *bias = nullptr;
  int weight_at = 0, bias_at = 0;  // where in a row of all parameters

  int C_out() const { return weighted ? window.C_out : C; }
};

// The memory for one block of 16 images on its way through the stages:
// floats that begin at a multiple of 64 bytes, 0 where nothing was written.
class Block {
 public:
  Block(const std::vector<Stage>& stages, int lanes);
  // Each for one of the 16 / L groups of images. `stages.size()` stands
  // for the last output. With the border, its origin in the corner.
  Map value(std::size_t stage, int group);
  Map gradient(std::size_t stage, int group);
  Map winners(std::size_t stage, int group);
  // A border of K - 1; may lie in the gradient of the next stage.
  Map spread(std::size_t stage, int group);
  void clear(std::size_t stage);   // its gradient
  float* channel_sums(int group);  // of spread(), for one stage at a time
  float* scratch() { return floats(scratch_); }
  Tap* taps() { return taps_.data(); }

 private:
  struct Place {
    std::size_t first = 0, cells = 0;
    int plane = 0, row = 0;
  };
  float* floats(std::size_t at) { return numbers_.data() + at; }
  Place place(int C, int H, int W);
  Place place_spread(const std::vector<Stage>& stages, std::size_t i);
  Map map(const Place& place, int group);

  int lanes_;
  std::size_t size_ = 0, scratch_ = 0;
  Place sums_;
  std::vector<Place> values_, gradients_, winners_, spreads_;
  AlignedFloats numbers_;
  std::vector<Tap> taps_;
};

class FastNetwork : public Layer<> {
 public:
  // Builds the network for images (C, H, W), parameters 0. Throws what
  // build_network() and kernels_for() throw.
  FastNetwork(const Architecture& architecture, const Shape& image,
              const FastOptions& options = {});

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
  double gradients(const Dataset& data, std::span<const int> images,
                   Tensor<>& logits);

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
  const std::vector<Stage>& stages() const { return fused_; }
  const Kernels& kernels() const { return kernels_; }
  const Shape& image() const { return image_; }
  int threads() const { return workers_.count(); }

 private:
  using Stages = std::vector<Stage>;
  Stages make_stages(const Architecture& architecture, bool fused);
  int shards(int images) const;
  void reserve(const Stages& stages, int blocks, int shards);
  void load(Block& block, const Stages& stages,
            const float* const* images) const;
  void forward(const Stages& stages, Block& block) const;
  void backward(const Stages& stages, Block& block, std::size_t from,
                bool add, float* gradient, bool want_grad_input) const;
  void forward_all(const Stages& stages, const Tensor<>& input);
  void backward_all(const Stages& stages, std::size_t from,
                    const Tensor<>& grad_output, bool want_grad_input);
  template <class Visit>
  void for_each(const Stages& stages, std::size_t stage, bool gradient,
                const Visit& visit);
  Shape shape_before(const Stages& stages, std::size_t stage) const;
  Tensor<> read(const Stages& stages, std::size_t stage, bool gradient);
  void add_up(int shards);
  float loss_of(Block& block, int slot, int label, int N,
                std::span<float> logits) const;

  Shape image_;
  FastOptions options_;
  const Kernels& kernels_;
  Network<> plain_;
  std::vector<Parameter<>*> parameters_;
  std::vector<Shape> shapes_;  // of every layer's output for one image
  Stages fused_, unfused_;
  const Stages* reserved_ = nullptr;
  int images_ = -1;  // of the last forward(): none
  std::vector<Block> blocks_;
  std::vector<std::vector<float>> shard_gradients_;
  std::vector<float> losses_;
  Workers workers_;
};

}  // namespace cnn
