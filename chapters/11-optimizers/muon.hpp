// Muon (Keller Jordan 2024): momentum for filters, with a step that is as
// long in every direction of the filters' matrix.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>

#include "07-speed/im2col.hpp"
#include "11-optimizers/memory.hpp"

namespace cnn {

// a (R, C) times b (C, S) -> (R, S). The innermost loop runs along rows, so
// that the compiler can take several numbers at once.
template <class T>
Tensor<T> matrix_product(const Tensor<T>& a, const Tensor<T>& b) {
  require_rank(a.shape(), 2, "matrix_product", "a");
  require_rank(b.shape(), 2, "matrix_product", "b");
  require_shape(b.shape(), {a.extent(1), b.extent(1)}, "matrix_product",
                "b");
  Tensor<T> product({a.extent(0), b.extent(1)});
  const auto C = static_cast<std::size_t>(b.extent(0));
  const auto S = static_cast<std::size_t>(b.extent(1));
  for (int r = 0; r < a.extent(0); ++r) {
    const auto factors = row_of(a, r);
    const auto sums = row_of(product, r);
    for (std::size_t c = 0; c < C; ++c)
      for (std::size_t s = 0; s < S; ++s)
        sums[s] += factors[c] * b.data()[c * S + s];
  }
  return product;
}

// Brings all singular values of a matrix near 1 and leaves its directions
// alone. With X scaled so that none is above 1, five times
//   X <- 3.4445 X - 4.7750 (X X^T) X + 2.0315 (X X^T)^2 X           (11.11)
// which does the same odd polynomial to each of them. The small ones grow
// about 3.4445 times a round; whatever began above 0.01 ends between 0.68
// and 1.14. matrix (R, C) -> (R, C)
template <class T>
Tensor<T> orthogonalized(const Tensor<T>& matrix, int rounds = 5) {
  require_rank(matrix.shape(), 2, "orthogonalized", "matrix");
  if (matrix.extent(0) > matrix.extent(1))
    return transposed(orthogonalized(transposed(matrix), rounds));
  T squares = 0;
  for (const T number : matrix.data()) squares += number * number;
  Tensor<T> X = matrix;
  for (T& x : X.data()) x /= std::sqrt(squares) + static_cast<T>(1e-7);
  const T a = static_cast<T>(3.4445), b = static_cast<T>(-4.7750),
          c = static_cast<T>(2.0315);
  for (int round = 0; round < rounds; ++round) {
    const Tensor<T> A = matrix_product(X, transposed(X));  // X X^T
    Tensor<T> B = matrix_product(A, A);
    for (std::size_t i = 0; i < B.data().size(); ++i)
      B.data()[i] = b * A.data()[i] + c * B.data()[i];
    const Tensor<T> BX = matrix_product(B, X);
    for (std::size_t i = 0; i < X.data().size(); ++i)
      X.data()[i] = a * X.data()[i] + BX.data()[i];  // (11.11)
  }
  return X;
}

struct MuonSettings {
  double momentum = 0.9;
  int rounds = 5;
};

// Nesterov's step (11.1) with all singular values near 1 for the filters of
// a convolution (C_out, C_in, K, K), seen as a matrix (C_out, C_in K K);
// Nesterov's step itself for everything else. The factor sqrt(C_out / C_in
// K K), where that is above 1, makes up for tall matrices.
class Muon : public MemoryOptimizer {
 public:
  explicit Muon(const MuonSettings& settings = {})
      : MemoryOptimizer("Muon", 1),
        mu_(share(settings.momentum, "momentum")),
        rounds_(settings.rounds) {}

 private:
  void move(const Move& it) override {
    Tensor<> update(it.shape);
    for (std::size_t i = 0; i < it.value.size(); ++i) {
      float& v = it.first[i];
      v = mu_ * v + it.gradient[i];                 // (6.1)
      update.data()[i] = it.gradient[i] + mu_ * v;  // (11.1)
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
