// Muon (Keller Jordan 2024, https://kellerjordan.github.io/posts/muon):
// momentum for filters, with a step that is equally long in all directions
// of the filters' matrix.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>
#include <string>

#include "07-speed/im2col.hpp"
#include "11-optimizers/memory.hpp"

namespace cnn {

// Brings all singular values of a matrix near 1 and keeps its singular
// vectors. Scales X so that no singular value is above 1, and then repeats
//   X <- 3.4445 X - 4.7750 (X X^T) X + 2.0315 (X X^T)^2 X           (11.13)
// which applies the same odd polynomial to each singular value. Small ones
// grow about 3.4445 times in each round. After five rounds, all that began
// above 0.01 lie between 0.68 and 1.14. matrix (R, C) -> (R, C)
// Throws std::invalid_argument for rounds below 0.
template <class T>
Tensor<T> orthogonalized(const Tensor<T>& matrix, int rounds = 5) {
  require_rank(matrix.shape(), 2, "orthogonalized", "matrix");
  if (rounds < 0)
    fail(Refusal::argument,
         "orthogonalized: expected rounds of 0 or more, got " +
             std::to_string(rounds));
  if (matrix.extent(0) > matrix.extent(1))
    return transposed(orthogonalized(transposed(matrix), rounds));
  T squares = 0;
  for (const T number : matrix.data()) squares += number * number;
  Tensor<T> X = matrix;
  for (T& x : X.data()) x /= std::sqrt(squares) + static_cast<T>(1e-7);
  const T a = static_cast<T>(3.4445), b = static_cast<T>(-4.7750),
          c = static_cast<T>(2.0315);
  const auto times = [](const Tensor<T>& left, const Tensor<T>& right) {
    Tensor<T> product({left.extent(0), right.extent(1)});
    add_product(left.data().data(), right.data().data(),
                product.data().data(), left.extent(0), left.extent(1),
                right.extent(1));
    return product;
  };
  for (int round = 0; round < rounds; ++round) {
    const Tensor<T> A = times(X, transposed(X));  // X X^T
    Tensor<T> B = times(A, A);
    for (std::size_t i = 0; i < B.data().size(); ++i)
      B.data()[i] = b * A.data()[i] + c * B.data()[i];
    const Tensor<T> BX = times(B, X);
    for (std::size_t i = 0; i < X.data().size(); ++i)
      X.data()[i] = a * X.data()[i] + BX.data()[i];  // (11.13)
  }
  return X;
}

struct MuonSettings {
  double momentum = 0.9;
  int rounds = 5;  // of (11.13)
};

// Takes Nesterov's step (11.4), but for the filters of a convolution,
// (C_out, C_in, K, K) read as a matrix (C_out, C_in K K), it first brings
// all of the step's singular values near 1. Jordan trains all other
// parameters with AdamW; we use Nesterov's step. The step of a matrix with
// more rows than columns is multiplied by sqrt(C_out / (C_in K K)), which
// makes up for its smaller numbers.
class Muon : public MemoryOptimizer {
 public:
  explicit Muon(const MuonSettings& settings = {})
      : MemoryOptimizer("Muon", 1),
        mu_(share(settings.momentum, "momentum")),
        rounds_(settings.rounds) {
    if (rounds_ < 0)
      fail(Refusal::argument, "Muon: expected rounds of 0 or more, got " +
                                  std::to_string(rounds_));
  }

 private:
  void move(const Move& it) override {
    Tensor<> update(it.shape);
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      float& v = it.first[i];
      v = mu_ * v + it.gradient[i];                 // (6.1)
      update.data()[i] = it.gradient[i] + mu_ * v;  // (11.4)
    }
    float factor = 1;
    if (it.shape.size() == 4) {
      const int R = it.shape[0],
                C = it.shape[1] * it.shape[2] * it.shape[3];
      update = orthogonalized(update.reshaped({R, C}), rounds_);
      if (R > C)
        factor = std::sqrt(static_cast<float>(R) / static_cast<float>(C));
    }
    for (std::size_t i = 0; i < it.value.size(); ++i)
      it.value[i] -= it.rate * factor * update.data()[i];
  }

  float mu_;
  int rounds_;
};

}  // namespace cnn
