// The optimizer for networks for colour: Muon for the filters, and
// Nesterov's steps at rates of their own for everything else.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "07-speed/kernels.hpp"
#include "07-speed/workers.hpp"
#include "11-optimizers/muon.hpp"
#include "11-optimizers/optimizer.hpp"
#include "15-colour/kernel_product.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Does the same as chapter 11's orthogonalized(), but faster.
// matrix (R, C) -> (R, C)
inline Tensor<> orthogonalized_fast(const Tensor<>& matrix,
                                    const Kernels& kernels,
                                    int rounds = 5) {
  require_rank(matrix.shape(), 2, "orthogonalized_fast", "matrix");
  if (matrix.extent(0) > matrix.extent(1))
    return transposed(
        orthogonalized_fast(transposed(matrix), kernels, rounds));
  float squares = 0;
  for (const float number : matrix.data()) squares += number * number;
  PaddedMatrix X(matrix);
  const float length = std::sqrt(squares) + 1e-7f;
  for (std::size_t i = 0; i < X.size(); ++i) X.row(0)[i] /= length;
  for (int round = 0; round < rounds; ++round) {
    PaddedMatrix turned = X.transposed();
    PaddedMatrix A = kernel_product(kernels, X, turned);
    PaddedMatrix B = kernel_product(kernels, A, A);
    for (std::size_t i = 0; i < B.size(); ++i)
      B.row(0)[i] = -4.7750f * A.row(0)[i] + 2.0315f * B.row(0)[i];
    const PaddedMatrix BX = kernel_product(kernels, B, X);
    for (std::size_t i = 0; i < X.size(); ++i)
      X.row(0)[i] = 3.4445f * X.row(0)[i] + BX.row(0)[i];  // (11.13)
  }
  return X.tensor();
}

// Scales all filters alike so that the mean of their squared lengths is 1.
// Where a convolution's sums are normalized, the lengths change no answer,
// but they do change how far a step turns the filters. weight (C_out, ...)
inline void give_unit_length(Tensor<>& weight) {
  double squares = 0;
  for (const float number : weight.data())
    squares += static_cast<double>(number) * static_cast<double>(number);
  if (!(squares > 0)) return;
  const auto factor =
      static_cast<float>(std::sqrt(weight.extent(0) / squares));  // (15.7)
  for (float& number : weight.data()) number *= factor;
}

struct ColourRates {
  double momentum = 0.6;         // for the filters
  double other_momentum = 0.85;  // for everything else
  // Rates of the biases and the last layer, as multiples of the filters'.
  double biases = 1, head = 1;
  double decay = 0;     // lambda of (12.5), for the last layer's weights
  bool by_muon = true;  // false: Nesterov's steps, with other_momentum
  int threads = 0;      // 0: one for each processor
  std::string isa = "auto";
};

// Filters (C_out, C_in, K, K) are scaled by give_unit_length() and then
// take a step of Muon. Biases and scales take Nesterov's steps, and so do
// the weights of dense layers, with decay (12.5).
class ColourOptimizer : public Optimizer {
 public:
  explicit ColourOptimizer(const ColourRates& it)
      : it_(it),
        kernels_(kernels_for(it.isa)),
        workers_(it.threads),
        biases_(it.other_momentum),
        head_(it.other_momentum) {
    if (!(it.momentum >= 0 && it.momentum < 1))
      fail(Refusal::argument,
           "ColourOptimizer: expected momentum from 0 to below 1, got " +
               std::to_string(it.momentum));
  }

  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) override {
    std::vector<Parameter<>*> filters, biases, head;
    for (Parameter<>* it : parameters) {
      require_shape(it->gradient.shape(), it->value.shape(),
                    "ColourOptimizer", it->name + ".gradient");
      (it->value.rank() == 4 ? filters
       : it->fan_in == 0     ? biases
                             : head)
          .push_back(it);
    }
    turn_filters(filters, static_cast<float>(learning_rate));
    for (Parameter<>* it : head)
      for (std::size_t i = 0; i < it->value.data().size(); ++i)
        it->gradient.data()[i] +=
            static_cast<float>(it_.decay) * it->value.data()[i];
    if (!biases.empty()) biases_.step(biases, learning_rate * it_.biases);
    if (!head.empty()) head_.step(head, learning_rate * it_.head);
  }

  // The velocities of the filters, then the state of Nesterov's optimizer
  // for the biases, then that of the one for the last layer.
  std::vector<Tensor<>> state() const override {
    std::vector<Tensor<>> all = velocities_;
    for (const Nesterov* optimizer : {&biases_, &head_})
      for (Tensor<>& one : optimizer->state())
        all.push_back(std::move(one));
    return all;
  }
  // Takes what state() returned, in which a number of steps, of shape {1},
  // ends the state of each Nesterov optimizer.
  void restore(const std::vector<Tensor<>>& state) override {
    velocities_.clear();
    std::vector<Tensor<>> parts[2];
    std::size_t part = 0;
    for (const Tensor<>& one : state) {
      if (one.rank() == 4) {
        velocities_.push_back(one);
        continue;
      }
      parts[std::min<std::size_t>(part, 1)].push_back(one);
      if (one.shape() == Shape{1}) ++part;  // the number of steps
    }
    biases_.restore(parts[0]);
    head_.restore(parts[1]);
  }

 private:
  void turn_filters(const std::vector<Parameter<>*>& filters, float rate) {
    if (velocities_.empty())
      for (const Parameter<>* it : filters)
        velocities_.emplace_back(it->value.shape());
    if (velocities_.size() != filters.size())
      fail(Refusal::argument, "ColourOptimizer: expected the " +
                                  std::to_string(velocities_.size()) +
                                  " convolutions of the first step, got " +
                                  std::to_string(filters.size()));
    for (std::size_t f = 0; f < filters.size(); ++f)
      require_shape(filters[f]->value.shape(), velocities_[f].shape(),
                    "ColourOptimizer", filters[f]->name);
    // The last filters are the largest, so they are done first.
    const int count = static_cast<int>(filters.size());
    workers_.run(count, [&](int item, int) {
      const auto f = static_cast<std::size_t>(count - 1 - item);
      turn(*filters[f], velocities_[f], rate);
    });
  }
  void turn(Parameter<>& filter, Tensor<>& velocity, float rate) const {
    const auto mu =
        static_cast<float>(it_.by_muon ? it_.momentum : it_.other_momentum);
    Tensor<> update(filter.value.shape());
    for (std::size_t i = 0; i < update.data().size(); ++i) {
      float& v = velocity.data()[i];
      v = mu * v + filter.gradient.data()[i];                 // (6.1)
      update.data()[i] = filter.gradient.data()[i] + mu * v;  // (11.4)
    }
    if (it_.by_muon)
      update = orthogonalized_fast(
          std::move(update).reshaped({filter.value.extent(0), -1}),
          kernels_);
    give_unit_length(filter.value);
    for (std::size_t i = 0; i < update.data().size(); ++i)
      filter.value.data()[i] -= rate * update.data()[i];
  }

  ColourRates it_;
  const Kernels& kernels_;
  Workers workers_;
  Nesterov biases_, head_;
  std::vector<Tensor<>> velocities_;
};

}  // namespace cnn
