// Chapter 06's network, computed by this chapter's kernels: the same
// architecture, the same parameters, the same results but for rounding.
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
  // Kernels of 3 x 3 between at least so many channels take Winograd's way
  // if they move by 1 and pad by at most 1; of tiled networks only.
  int winograd_from = 16;
};

class FastNetwork : public Layer<> {
 public:
  // Builds the network for images (C, H, W), parameters at their start.
  // Throws what build_network() and kernels_for() throw. (In braces the
  // arguments are computed in their order, so it is asked first.)
  template <class Entry = Architecture::value_type>
  FastNetwork(const std::vector<Entry>& entries, const Shape& image,
              const FastOptions& options = {})
      : FastNetwork{build_network(entries, image), image, options,
                    planned(entries, image, options, options.fused),
                    planned(entries, image, options, false)} {}

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
  // Of every layer's output: (1, ...), and before which unfused stage.
  std::vector<Shape> shapes_;
  std::vector<std::size_t> ends_;
  std::vector<float> losses_;
};

}  // namespace cnn
