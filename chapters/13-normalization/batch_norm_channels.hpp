// Batch normalization for chapter 07's engine: computes the factors with
// which the kernels shift and scale each channel.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "07-speed/channel_layer.hpp"

namespace cnn {

class BatchNormChannels : public ChannelLayer {
 public:
  BatchNormChannels(double momentum, double epsilon)
      : momentum_(momentum), epsilon_(epsilon) {}

  std::size_t attach(Parameter<>* const* first) override {
    weight_ = first[0], bias_ = first[1];
    mean_ = first[2], variance_ = first[3];
    return 4;
  }

  // sums: of x and of x^2 in each channel. They are in double, so the
  // variance may be the mean of squares minus the square of the mean.
  void batch_factors(const ChannelSums& sums,
                     ChannelFactors& factors) override {
    const double m = sums.count;
    const auto share = static_cast<float>(momentum_);
    inverse_.resize(factors.scale.size());
    for (std::size_t c = 0; c < inverse_.size(); ++c) {
      const double mean = sums.first[c] / m;  // (13.1)
      const double variance =                 // (13.2)
          std::max(0.0, sums.second[c] / m - mean * mean);
      inverse_[c] = 1 / std::sqrt(variance + epsilon_);
      fill(c, static_cast<float>(mean), inverse_[c], factors);
      float& kept_mean = mean_->value.data()[c];  // (13.8)
      float& kept = variance_->value.data()[c];
      kept_mean += share * (factors.centre[c] - kept_mean);
      if (m > 1)
        kept += share * (static_cast<float>(variance * m / (m - 1)) - kept);
    }
  }
  void inference_factors(ChannelFactors& factors) const override {
    for (std::size_t c = 0; c < factors.scale.size(); ++c)
      fill(c, mean_->value.data()[c], running_inverse(c), factors);
  }

  // sums: of g and of g (x - mean) in each channel. The second one, divided
  // by sigma, is the sum of g x_hat.
  void backward_factors(const ChannelSums& sums, bool learns,
                        ChannelFactors& factors) const override {
    const std::size_t C = factors.scale.size();
    for (std::size_t c = 0; c < C; ++c) {
      const double inverse = learns ? inverse_[c] : running_inverse(c);
      const double grad_weight = sums.second[c] * inverse;
      const double m = sums.count;
      factors.gradient[c] = static_cast<float>(grad_weight);  // (13.5)
      factors.gradient[C + c] =
          static_cast<float>(sums.first[c]);  // (13.6)
      // (13.7), but the kernels multiply `lean` by x - mean, not by x_hat
      factors.mean[c] = learns ? static_cast<float>(sums.first[c] / m) : 0;
      factors.lean[c] =
          learns ? static_cast<float>(grad_weight / m * inverse) : 0;
    }
  }

 private:
  // 1 / sigma, from the running variance.
  double running_inverse(std::size_t c) const {
    const auto variance = static_cast<double>(variance_->value.data()[c]);
    return 1 / std::sqrt(variance + epsilon_);
  }
  void fill(std::size_t c, float mean, double inverse,
            ChannelFactors& factors) const {
    factors.centre[c] = mean;  // (13.3), (13.4)
    factors.scale[c] = static_cast<float>(
        static_cast<double>(weight_->value.data()[c]) * inverse);
    factors.shift[c] = bias_->value.data()[c];
  }

  double momentum_, epsilon_;
  Parameter<>*weight_ = nullptr, *bias_ = nullptr;
  Parameter<>*mean_ = nullptr, *variance_ = nullptr;
  std::vector<double> inverse_;  // 1 / sigma of the last batch
};

}  // namespace cnn
