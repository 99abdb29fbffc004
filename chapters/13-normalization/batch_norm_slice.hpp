// The same batch normalization for chapter 07's engine: each block of
// images adds its share to the sums of every channel, then all are known.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "07-speed/slice_layer.hpp"

namespace cnn {

class BatchNormSlice : public SliceLayer {
 public:
  // C channels of `area` places.
  BatchNormSlice(int C, int area, double momentum, double epsilon)
      : C_(static_cast<std::size_t>(C)),
        area_(area),
        momentum_(momentum),
        epsilon_(epsilon),
        mean_(C_),
        scale_(C_),
        lean_(C_),
        grad_mean_(C_),
        totals_(2 * C_) {}

  std::size_t attach(Parameter<>* const* first) override {
    weight_ = first[0], bias_ = first[1];
    running_mean_ = first[2], running_variance_ = first[3];
    return 4;
  }

  // ---- Sums of x and of x^2 --------------------------------------------

  int sums(const Mode& mode) const override { return both(mode); }

  // Of each image first, in float, of the distance to its first number of
  // the channel: then the sums lose nothing to a large mean.
  void look(const Slice& input, double* sums) const override {
    const auto [C, H, W] = input.size;
    for (int c = 0; c < C; ++c)
      for (int group = 0; group * input.lanes < input.images; ++group) {
        const int here =
            std::min(input.lanes, input.images - group * input.lanes);
        const float* start = input.cells(group, c, 0, 0);
        float sum[block_images] = {}, squares[block_images] = {};
        for (int y = 0; y < H; ++y) {
          const float* x = input.cells(group, c, y, 0);
          for (int k = 0; k < W; ++k, x += input.lanes)
            for (int i = 0; i < here; ++i) {
              const float d = x[i] - start[i];
              sum[i] += d;
              squares[i] += d * d;
            }
        }
        const double m = H * W;
        for (int i = 0; i < here; ++i) {
          const auto from = static_cast<double>(start[i]),
                     d = static_cast<double>(sum[i]),
                     dd = static_cast<double>(squares[i]);
          sums[c] += m * from + d;
          sums[C + c] += from * (m * from + 2 * d) + dd;
        }
      }
  }

  // (13.1), (13.2), (13.8)
  void looked(const double* sums, int images, const Mode&) override {
    const double m = static_cast<double>(images) * area_;
    const auto share = static_cast<float>(momentum_);
    for (std::size_t c = 0; c < C_; ++c) {
      const double mean = sums[c] / m;
      const double variance = std::max(0.0, sums[C_ + c] / m - mean * mean);
      mean_[c] = static_cast<float>(mean);
      scale_[c] = static_cast<float>(1 / std::sqrt(variance + epsilon_));
      float& kept_mean = running_mean_->value.data()[c];
      float& kept = running_variance_->value.data()[c];
      kept_mean += share * (mean_[c] - kept_mean);
      if (m > 1)
        kept += share * (static_cast<float>(variance * m / (m - 1)) - kept);
    }
  }

  // (13.3), (13.4)
  void forward(const Slice& input, const Slice& output,
               const Mode& mode) const override {
    for_rows(input, [&](int group, int c, int y, int numbers) {
      const Channel it = channel(c, mode);
      const float* x = input.cells(group, c, y, 0);
      float* to = output.cells(group, c, y, 0);
      const float factor = it.weight * it.scale, shift = bias_at(c);
      for (int i = 0; i < numbers; ++i)
        to[i] = (x[i] - it.mean) * factor + shift;
    });
  }

  // ---- Sums of g and of g x_hat ----------------------------------------

  int sums_back(const Mode& mode) const override { return both(mode); }

  void look_back(const Slice& input, const Slice& grad_output,
                 double* sums) const override {
    add_sums(input, grad_output, Mode::training, sums);
  }
  void looked_back(const double* sums, int images) override {
    const double m = static_cast<double>(images) * area_;
    totals_.assign(sums, sums + 2 * C_);
    for (std::size_t c = 0; c < C_; ++c) {
      grad_mean_[c] = static_cast<float>(sums[c] / m);
      lean_[c] = static_cast<float>(sums[C_ + c] / m);
    }
  }

  // (13.5), (13.6), (13.7)
  void backward(const Slice& input, const Slice& grad_output,
                const Slice& grad_input, const Mode& mode,
                float* gradient) const override {
    std::vector<double> own(2 * C_);
    if (!mode.learns) add_sums(input, grad_output, mode, own.data());
    // The whole batch's, once.
    if (mode.learns && input.first == 0) own = totals_;
    for (std::size_t c = 0; c < C_; ++c) {
      gradient[c] += static_cast<float>(own[C_ + c]);
      gradient[C_ + c] += static_cast<float>(own[c]);
    }
    for_rows(input, [&](int group, int c, int y, int numbers) {
      const Channel it = channel(c, mode);
      const auto at = static_cast<std::size_t>(c);
      const float* x = input.cells(group, c, y, 0);
      const float* g = grad_output.cells(group, c, y, 0);
      float* to = grad_input.cells(group, c, y, 0);
      const float factor = it.weight * it.scale;
      const float mean = mode.learns ? grad_mean_[at] : 0.0f;
      const float lean = mode.learns ? lean_[at] * it.scale : 0.0f;
      for (int i = 0; i < numbers; ++i)
        to[i] = (g[i] - mean - (x[i] - it.mean) * lean) * factor;
    });
  }

  // w (x - mean) / sigma + b = (w / sigma) x + (b - w mean / sigma).(13.9)
  bool folds(std::vector<float>& scale,
             std::vector<float>& shift) const override {
    for (std::size_t c = 0; c < C_; ++c) {
      const Channel it = channel(static_cast<int>(c), Mode::evaluation);
      scale[c] = it.weight * it.scale;
      shift[c] = bias_at(static_cast<int>(c)) - it.mean * scale[c];
    }
    return true;
  }

 private:
  struct Channel {
    float weight, mean, scale;  // 1 / sigma
  };
  Channel channel(int c, const Mode& mode) const {
    const auto at = static_cast<std::size_t>(c);
    const float weight = weight_->value.data()[at];
    if (mode.learns) return {weight, mean_[at], scale_[at]};
    const double variance =
        static_cast<double>(running_variance_->value.data()[at]);
    return {weight, running_mean_->value.data()[at],
            static_cast<float>(1 / std::sqrt(variance + epsilon_))};
  }
  float bias_at(int c) const {
    return bias_->value.data()[static_cast<std::size_t>(c)];
  }
  int both(const Mode& mode) const {
    return mode.learns ? 2 * static_cast<int>(C_) : 0;
  }
  // Calls visit(group, c, y, numbers) for all rows, of all groups that hold
  // an image.
  template <class Visit>
  static void for_rows(const Slice& slice, const Visit& visit) {
    const auto [C, H, W] = slice.size;
    for (int c = 0; c < C; ++c)
      for (int group = 0; group * slice.lanes < slice.images; ++group)
        for (int y = 0; y < H; ++y) visit(group, c, y, W * slice.lanes);
  }
  // A block's share of the sums of g and g x_hat.
  void add_sums(const Slice& input, const Slice& grad, const Mode& mode,
                double* sums) const {
    for_rows(input, [&](int group, int c, int y, int numbers) {
      const Channel it = channel(c, mode);
      const float* x = input.cells(group, c, y, 0);
      const float* g = grad.cells(group, c, y, 0);
      float sum[block_images] = {}, lean[block_images] = {};
      for (int i = 0; i < numbers; i += input.lanes)
        for (int k = 0; k < input.lanes; ++k) {
          sum[k] += g[i + k];
          lean[k] += g[i + k] * (x[i + k] - it.mean);
        }
      const auto at = static_cast<std::size_t>(c);
      for (int k = 0; k < input.lanes; ++k) {
        sums[at] += static_cast<double>(sum[k]);
        sums[C_ + at] += static_cast<double>(lean[k] * it.scale);
      }
    });
  }

  std::size_t C_;
  int area_;
  double momentum_, epsilon_;
  Parameter<>*weight_ = nullptr, *bias_ = nullptr;
  Parameter<>*running_mean_ = nullptr, *running_variance_ = nullptr;
  std::vector<float> mean_, scale_, lean_, grad_mean_;
  std::vector<double> totals_;
};

}  // namespace cnn
