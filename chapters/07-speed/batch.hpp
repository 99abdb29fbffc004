// Runs a batch through the stages, forward and backward, cut into blocks of
// 16 images and shards of blocks, which the workers share.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "07-speed/pass.hpp"
#include "07-speed/workers.hpp"

namespace cnn {

// How a batch is cut depends on the batch alone, and sums are added in the
// order of blocks and shards. Any number of threads gives the same bits.
class BatchPass {
 public:
  BatchPass(Pass pass, std::vector<Parameter<>*> parameters,
            const Kernels& kernels, Workers& workers)
      : pass_(std::move(pass)),
        parameters_(std::move(parameters)),
        lanes_(kernels.lanes),
        workers_(workers) {}

  const Stages& stages() const { return pass_.stages(); }

  // Must be called before each batch. kept: whether its blocks are kept for
  // a later backward(). If not, each worker has a single block, unless the
  // blocks have to wait for each other.
  void begin(int images, const Mode& mode, bool kept) {
    images_ = images, mode_ = mode, kept_ = kept, up_ = true;
    pass_.pack(true, !kept, workers_);
    std::size_t most = 0;
    for (std::size_t i = 0; i < stages().size(); ++i) {
      most = std::max({most, static_cast<std::size_t>(sums(i, false)),
                       static_cast<std::size_t>(sums(i, true))});
      if (const ChannelLayer* layer = stages()[i].scaled())
        if (!mode.learns) layer->inference_factors(pass_.factors(i));
    }
    kept_ = kept_ || most > 0;
    shares_.resize(most * static_cast<std::size_t>(blocks()));
    while (static_cast<int>(blocks_.size()) <
           (kept_ ? blocks() : workers_.count()))
      blocks_.emplace_back(stages(), lanes_);
    while (static_cast<int>(scratch_.size()) < workers_.count())
      scratch_.emplace_back(block_images * scratch_cells(stages(), true));
    while (images > 0 &&
           static_cast<int>(transient_.size()) < workers_.count())
      transient_.emplace_back(blocks_[0].transient());
    std::size_t numbers = 0;
    first_learned_ = stages().size();
    for (const Parameter<>* parameter : parameters_) {
      if (parameter->trained)
        first_learned_ = std::min(first_learned_, stage_of(numbers));
      numbers += parameter->value.data().size();
    }
    bottom_ = first_learned_;
    while (static_cast<int>(gradients_.size()) < shards())
      gradients_.emplace_back(numbers);
  }

  // Runs all blocks through all stages: load(turn) first, then(turn) last.
  // They wait for each other before a stage that needs sums over all.
  template <class Load, class Then>
  void forward(const Load& load, const Then& then) {
    for (std::size_t begin = 0, end = 0; begin < stages().size();
         begin = end) {
      if (begin > 0) set_sums(begin, false);
      end = begin + 1;
      while (end < stages().size() && sums(end, false) == 0) ++end;
      for_blocks([&](const Turn& turn) {
        if (begin == 0) load(turn);
        pass_.forward(turn, begin, end);
        if (end == stages().size())
          then(turn);
        else
          add_sums(turn, end, false);
      });
    }
  }
  // Runs a block backward from stage `from` - 1 until it has to wait.
  void backward(const Turn& turn, std::size_t from, bool want_grad_input) {
    go_back(turn, from, reach(from), from, want_grad_input);
  }
  // After that, runs all blocks the rest of the way.
  void backward_rest(std::size_t from, bool want_grad_input) {
    for (std::size_t end = reach(from), begin = 0; end > bottom_;
         end = begin) {
      set_sums(end - 1, true);
      begin = reach(end - 1);
      for_blocks([&](const Turn& turn) {
        go_back(turn, end, begin, from, want_grad_input);
      });
    }
  }
  // Sets the parameters' gradients to the sums over the shards, or to 0
  // where the backward pass did not reach. Each worker takes its share of
  // the numbers of every parameter.
  void add_up() {
    const auto parts = static_cast<std::size_t>(workers_.count());
    workers_.run(workers_.count(), [&](int item, int) {
      const auto part = static_cast<std::size_t>(item);
      std::size_t at = 0;
      for (Parameter<>* parameter : parameters_) {
        const auto numbers = parameter->gradient.data();
        const std::size_t end = numbers.size() * (part + 1) / parts;
        const int reached = stage_of(at) < bottom_ ? 0 : shards();
        std::size_t i = numbers.size() * part / parts;
        for (std::size_t next = 0; i < end; i = next) {
          next = std::min(i + 1024, end);  // as many as the cache holds
          std::fill(&numbers[i], &numbers[0] + next, 0.0f);
          for (int s = 0; s < reached; ++s) {
            const float* from =
                &gradients_[static_cast<std::size_t>(s)][at];
            for (std::size_t k = i; k < next; ++k) numbers[k] += from[k];
          }
        }
        at += numbers.size();
      }
    });
  }

  // ---- The same for tensors --------------------------------------------

  // input (N, C, H, W). Its blocks are kept.
  void forward(const Tensor<>& input, const Mode& mode) {
    const auto [C, H, W] = stages()[0].input;
    require_rank(input.shape(), 4, "FastNetwork", "input");
    require_shape(input.shape(), {input.extent(0), C, H, W}, "FastNetwork",
                  "input");
    begin(input.extent(0), mode, true);
    forward([&](const Turn& turn) { load(turn, 0, false, input); },
            [](const Turn&) {});
  }
  // grad_output: for the output of stage `from` - 1 in the last forward().
  // shape: that output's for one image, (1, ...)
  // -> grad_input (N, C, H, W), or an empty tensor if it is not wanted
  Tensor<> backward(std::size_t from, const Tensor<>& grad_output,
                    Shape shape, bool want_grad_input) {
    shape[0] = images_;
    require_shape(grad_output.shape(), shape, "FastNetwork", "grad_output");
    pass_.pack(false, true, workers_);
    bottom_ = want_grad_input ? 0 : first_learned_;
    for_blocks([&](const Turn& turn) {
      load(turn, from, true, grad_output);
      backward(turn, from, want_grad_input);
    });
    backward_rest(from, want_grad_input);
    const auto [C, H, W] = stages()[0].input;
    return want_grad_input ? read(0, true, {1, C, H, W}) : Tensor<>();
  }
  // Reads what enters a stage or, for stages().size(), leaves the last one;
  // or its gradient. shape: for one image, (1, ...) -> (N, ...)
  Tensor<> read(std::size_t stage, bool gradient, Shape shape) {
    shape[0] = images_;
    Tensor<> all(shape);
    for_blocks([&](const Turn& turn) {
      pass_.for_rows(turn.block, stage, gradient,
                     [&](int slot, int first, int numbers, float* cell) {
                       if (slot >= turn.images) return;
                       float* to =
                           &row_of(all, turn.first + slot)[0] + first;
                       for (int x = 0; x < numbers; ++x)
                         to[x] = cell[x * lanes_];
                     });
    });
    return all;
  }
  // Loads image(slot) for each slot into what enters a stage, or into its
  // gradient. Slots without an image get zeros.
  template <class Image>
  void load(const Turn& turn, std::size_t stage, bool gradient,
            const Image& image) const {
    const float* images[block_images] = {};
    for (int slot = 0; slot < turn.images; ++slot)
      images[slot] = image(slot).data();
    pass_.for_rows(turn.block, stage, gradient,
                   [&](int slot, int first, int numbers, float* cell) {
                     const float* from = images[slot];
                     for (int x = 0; x < numbers; ++x)
                       cell[x * lanes_] = from ? from[first + x] : 0.0f;
                   });
  }

 private:
  int blocks() const { return (images_ + block_images - 1) / block_images; }
  int shards() const { return std::min(blocks(), 16); }

  // Calls task(turn) for all blocks, every other time with the last shard
  // first, because what was used last is still in the cache.
  template <class Task>
  void for_blocks(const Task& task) {
    const bool up = std::exchange(up_, !up_);
    workers_.run(shards(), [&](int item, int worker) {
      const int shard = up ? item : shards() - 1 - item;
      const int begin = shard * blocks() / shards();
      const int end = (shard + 1) * blocks() / shards();
      for (int b = begin; b < end; ++b) {
        const int first = b * block_images;
        task({blocks_[static_cast<std::size_t>(kept_ ? b : worker)], first,
              std::min(block_images, images_ - first), mode_,
              gradients_[static_cast<std::size_t>(shard)].data(), b > begin,
              scratch_[static_cast<std::size_t>(worker)].data(),
              transient_[static_cast<std::size_t>(worker)].data()});
      }
    });
  }
  void load(const Turn& turn, std::size_t stage, bool gradient,
            const Tensor<>& all) const {
    load(turn, stage, gradient,
         [&](int slot) { return row_of(all, turn.first + slot); });
  }
  // The stage that owns this number, counted through all parameters.
  std::size_t stage_of(std::size_t number) const {
    const int at = static_cast<int>(number);
    std::size_t i = 0;
    while (i + 1 < stages().size() && stages()[i + 1].gradient_at <= at)
      ++i;
    return i;
  }
  // How many sums over the whole batch stage i needs, forward or backward.
  int sums(std::size_t i, bool backward) const {
    const Stage& stage = stages()[i];
    if (const SliceLayer* layer = stage.sliced())
      return backward ? layer->sums_back(mode_) : layer->sums(mode_);
    return stage.scaled() && (backward || mode_.learns) ? 2 * stage.input.C
                                                        : 0;
  }
  // The stage down to which a block can go back from stage end - 1.
  std::size_t reach(std::size_t end) const {
    while (end > 0 && sums(end - 1, true) == 0) --end;
    return end;
  }
  void go_back(const Turn& turn, std::size_t end, std::size_t begin,
               std::size_t from, bool want_grad_input) {
    pass_.backward(turn, end, begin, from, bottom_, want_grad_input);
    if (begin > bottom_) add_sums(turn, begin - 1, true);
  }
  // Computes a block's share of the sums that stage i needs, at once, while
  // the block is in the cache.
  void add_sums(const Turn& turn, std::size_t i, bool backward) {
    const auto count = static_cast<std::size_t>(sums(i, backward));
    if (count == 0) return;
    double* share = &shares_[static_cast<std::size_t>(turn.first) /
                             block_images * count];
    std::fill_n(share, count, 0.0);
    if (backward)
      pass_.add_backward_sums(turn, i, share);
    else
      pass_.add_sums(turn, i, share);
  }
  // Adds up the shares of all blocks in order, and gives them to stage i.
  void set_sums(std::size_t i, bool backward) {
    const auto count = static_cast<std::size_t>(sums(i, backward));
    if (count == 0 || images_ == 0) return;
    for (std::size_t b = 1; b < static_cast<std::size_t>(blocks()); ++b)
      for (std::size_t k = 0; k < count; ++k)
        shares_[k] += shares_[b * count + k];
    if (SliceLayer* layer = stages()[i].sliced()) {
      if (backward)
        layer->set_backward_sums(shares_.data(), images_);
      else
        layer->set_sums(shares_.data(), images_, mode_);
      return;
    }
    const auto [C, H, W] = stages()[i].input;
    const ChannelSums all{shares_.data(), shares_.data() + C,
                          static_cast<double>(images_) * H * W};
    ChannelLayer& layer = *stages()[i].scaled();
    if (backward)
      layer.backward_factors(all, mode_.learns, pass_.factors(i));
    else
      layer.batch_factors(all, pass_.factors(i));
  }

  Pass pass_;
  std::vector<Parameter<>*> parameters_;
  int lanes_;
  Workers& workers_;
  int images_ = 0;
  std::size_t first_learned_ = 0;  // no stage before it learns
  std::size_t bottom_ = 0;         // where the backward pass ends
  Mode mode_;
  bool kept_ = false, up_ = true;
  std::vector<double> shares_;  // the sums of each block, for one stage
  std::vector<Block> blocks_;
  std::vector<AlignedFloats> scratch_, transient_;  // for each worker
  std::vector<std::vector<float>> gradients_;       // for each shard
};

}  // namespace cnn
