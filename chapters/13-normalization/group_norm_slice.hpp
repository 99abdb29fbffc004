// Group and layer normalization for chapter 07's engine. No image depends
// on another, so no block has to wait for sums over the whole batch.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "07-speed/slice_layer.hpp"

namespace cnn {

class GroupNormSlice : public SliceLayer {
 public:
  // each_cell: weight and bias have a number for every cell of an image,
  // not for every channel.
  GroupNormSlice(int groups, bool each_cell, double epsilon)
      : groups_(groups), each_cell_(each_cell), epsilon_(epsilon) {}

  std::size_t attach(Parameter<>* const* first) override {
    weight_ = first[0], bias_ = first[1];
    return 2;
  }

  void forward(const Slice& input, const Slice& output,
               const Mode&) const override {
    const auto weight = weight_->value.data(), bias = bias_->value.data();
    for_sets(input, [&](const Set& set) {
      const Moments stats = moments(set, input);
      set.for_cells([&](std::size_t w, int c, int y, int x) {
        const float* from = input.cells(set.group, c, y, x);
        float* to = output.cells(set.group, c, y, x);
        for (int i = 0; i < set.lanes; ++i)
          to[i] = (from[i] - stats.mean[i]) * stats.scale[i] * weight[w] +
                  bias[w];
      });
    });
  }

  void backward(const Slice& input, const Slice& grad_output,
                const Slice& grad_input, const Mode&,
                float* gradient) const override {
    const auto weight = weight_->value.data();
    float *grad_weight = gradient, *grad_bias = gradient + weight.size();
    for_sets(input, [&](const Set& set) {
      const Moments stats = moments(set, input);
      double sum[block_images] = {}, leaning[block_images] = {};
      // Each image's share of the gradients of a weight and its bias. They
      // are added image by image, in the same order for any number of
      // lanes.
      float sum_g[block_images] = {}, sum_gx[block_images] = {};
      set.for_cells([&](std::size_t w, int c, int y, int x) {
        const float* from = input.cells(set.group, c, y, x);
        const float* g = grad_output.cells(set.group, c, y, x);
        for (int i = 0; i < set.lanes; ++i) {
          const float x_hat = (from[i] - stats.mean[i]) * stats.scale[i];
          sum_g[i] += g[i];
          sum_gx[i] += g[i] * x_hat;
          sum[i] += static_cast<double>(g[i] * weight[w]);
          leaning[i] += static_cast<double>(g[i] * weight[w] * x_hat);
        }
        if (!set.ends_weight(y, x)) return;
        for (int i = 0; i < set.lanes; ++i) {
          grad_weight[w] += sum_gx[i];  // (13.5)
          grad_bias[w] += sum_g[i];     // (13.6)
          sum_g[i] = sum_gx[i] = 0;
        }
      });
      const double m = set.cells();
      float mean[block_images] = {}, lean[block_images] = {};
      for (int i = 0; i < set.lanes; ++i) {
        mean[i] = static_cast<float>(sum[i] / m);
        lean[i] = static_cast<float>(leaning[i] / m);
      }
      set.for_cells([&](std::size_t w, int c, int y, int x) {
        const float* from = input.cells(set.group, c, y, x);
        const float* g = grad_output.cells(set.group, c, y, x);
        float* to = grad_input.cells(set.group, c, y, x);
        for (int i = 0; i < set.lanes; ++i) {  // (13.7)
          const float x_hat = (from[i] - stats.mean[i]) * stats.scale[i];
          to[i] = (g[i] * weight[w] - mean[i] - x_hat * lean[i]) *
                  stats.scale[i];
        }
      });
    });
  }

 private:
  // The channels from `first` to `end` - 1 of the images in one group of
  // lanes.
  struct Set {
    int group, lanes, first, end, H, W;
    bool each_cell;

    int cells() const { return (end - first) * H * W; }
    // Whether (y, x) is the last of the cells that share a weight.
    bool ends_weight(int y, int x) const {
      return each_cell || (y == H - 1 && x == W - 1);
    }
    // Calls visit(number of the weight, c, y, x) for each cell.
    template <class Visit>
    void for_cells(const Visit& visit) const {
      for (int c = first; c < end; ++c)
        for (int y = 0; y < H; ++y)
          for (int x = 0; x < W; ++x)
            visit(static_cast<std::size_t>(each_cell ? (c * H + y) * W + x
                                                     : c),
                  c, y, x);
    }
  };
  // Calls visit(set) for each group of channels in each group of lanes.
  template <class Visit>
  void for_sets(const Slice& slice, const Visit& visit) const {
    const auto [C, H, W] = slice.size;
    const int channels = C / groups_;
    for (int group = 0; group * slice.lanes < slice.images; ++group)
      for (int first = 0; first < C; first += channels)
        visit(Set{group, slice.lanes, first, first + channels, H, W,
                  each_cell_});
  }

  // The mean and 1 / sigma (`scale`) of each lane.
  struct Moments {
    float mean[block_images] = {}, scale[block_images] = {};
  };
  // (13.1) and (13.2) for each lane of a set.
  Moments moments(const Set& set, const Slice& input) const {
    Moments result;
    double sum[block_images] = {}, squares[block_images] = {};
    const double m = set.cells();
    set.for_cells([&](std::size_t, int c, int y, int x) {
      const float* from = input.cells(set.group, c, y, x);
      for (int i = 0; i < set.lanes; ++i)
        sum[i] += static_cast<double>(from[i]);
    });
    set.for_cells([&](std::size_t, int c, int y, int x) {
      const float* from = input.cells(set.group, c, y, x);
      for (int i = 0; i < set.lanes; ++i) {
        const double d = static_cast<double>(from[i]) - sum[i] / m;
        squares[i] += d * d;
      }
    });
    for (int i = 0; i < set.lanes; ++i) {
      result.mean[i] = static_cast<float>(sum[i] / m);
      result.scale[i] =
          static_cast<float>(1 / std::sqrt(squares[i] / m + epsilon_));
    }
    return result;
  }

  int groups_;
  bool each_cell_;
  double epsilon_;
  Parameter<>*weight_ = nullptr, *bias_ = nullptr;
};

}  // namespace cnn
