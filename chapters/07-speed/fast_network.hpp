// Chapter 06's network, computed by this chapter's kernels: the same
// architecture, the same parameters, the same results up to rounding.
// Book: book/07-speed.md
#pragma once

#include <string>
#include <vector>

#include "06-training/network.hpp"
#include "06-training/training.hpp"
#include "07-speed/batch.hpp"
#include "07-speed/kernels.hpp"
#include "07-speed/workers.hpp"

namespace cnn {

struct FastOptions {
  int threads = 0;  // 0: one for each processor
  std::string isa = "auto";
  bool tiled = true;  // sums of many outputs at once, in registers
  bool fused = true;  // convolution, ReLU and pool in one go
  // 3 x 3 kernels between at least this many channels, with stride 1 and a
  // padding of at most 1, use Winograd's filter; only if `tiled`.
  int winograd_from = 16;
};

class FastNetwork : public Layer<> {
 public:
  // Builds the network for images (C, H, W), with its parameters' start
  // values. Throws what build_network(), kernels_for() and Workers throw.
  // (Arguments in braces are evaluated in order: build_network() is first.)
  template <class Entry = Architecture::value_type>
  FastNetwork(const std::vector<Entry>& entries, const Shape& image,
              const FastOptions& options = {})
      : FastNetwork{build_network(entries, image), image, options,
                    planned(entries, image, options, options.fused),
                    planned(entries, image, options, false)} {}

  // As chapter 06's layers: any number of images, a batch of (N, C, H, W).
  // backward() belongs to the last forward().
  Tensor<> forward(const Tensor<>& input, Mode mode) override;
  Tensor<> backward(const Tensor<>& grad_output,
                    bool want_grad_input = true) override;
  std::vector<Parameter<>*> parameters() override {
    return plain_.parameters();
  }

  // Forward, loss and backward for some images of a data set, without a
  // copy of them. Fills in the gradients of the parameters and the logits
  // (N, classes), returns the loss. Allocates nothing if N is as before.
  double gradients(const Batch& batch, Tensor<>& logits);

  // The output of every layer, first to last, like all_outputs() of chapter
  // 06. No layers are fused for it.
  std::vector<Tensor<>> outputs(const Tensor<>& input);
  // The gradient, with respect to the input, of any number whose gradient
  // with respect to the output of layer `layer` is grad_output. For a
  // logit, that is 1 for this logit and 0 elsewhere.
  Tensor<> input_gradient(const Tensor<>& input, std::size_t layer,
                          const Tensor<>& grad_output);

  // Chapter 06's network, which shares its parameters with this one.
  Network<>& plain() { return plain_; }
  const Stages& stages() const { return fused_.stages(); }
  const Kernels& kernels() const { return kernels_; }
  const Shape& image() const { return image_; }
  int threads() const { return workers_.count(); }

 private:
  template <class Entry>
  static Plan planned(const std::vector<Entry>& entries, const Shape& image,
                      const FastOptions& options, bool fused) {
    return plan_of(entries, image, fused,
                   options.tiled ? options.winograd_from : no_winograd);
  }
  FastNetwork(Network<> plain, const Shape& image,
              const FastOptions& options, const Plan& fused,
              const Plan& unfused);
  void check(const Batch& batch) const;
  void losses_of(const Batch& batch, const Turn& turn, Tensor<>& logits);

  Shape image_;
  const Kernels& kernels_;
  Network<> plain_;
  Workers workers_;
  BatchPass fused_, unfused_;
  bool forward_done_ = false;
  // Each layer's output: shape (1, ...), and the unfused stage it enters.
  std::vector<Shape> shapes_;
  std::vector<std::size_t> ends_;
  std::vector<float> losses_;
};

}  // namespace cnn
