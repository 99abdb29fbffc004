// A start that is exactly linear: every sum has a twin of the opposite
// sign, so that what ReLU takes from the one, it leaves to the other.
// Book: book/10-initialization.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// (size, size), 1 on the diagonal and 0 elsewhere.
inline Tensor<> identity_matrix(int size) {
  Tensor<> matrix({size, size});
  for (int i = 0; i < size; ++i) matrix(i, i) = 1;
  return matrix;
}

// A random orthogonal matrix (size, size): rows of length 1 at right angles
// to each other, so that lengths and angles survive. By Gram-Schmidt, in
// double: the part along the earlier rows is subtracted from each row of
// random numbers.
inline Tensor<> random_orthogonal(int size, Random& random) {
  Tensor<double> rows({size, size});
  for (int i = 0; i < size; ++i) {
    for (int k = 0; k < size; ++k)
      rows(i, k) = static_cast<double>(random.normal());
    for (int j = 0; j <= i; ++j) {
      double along = 0;
      for (int k = 0; k < size; ++k) along += rows(i, k) * rows(j, k);
      for (int k = 0; k < size; ++k)
        rows(i, k) = j < i ? rows(i, k) - along * rows(j, k)
                           : rows(i, k) / std::sqrt(along);
    }
  }
  return convert<float>(rows);
}

// Balduzzi and others 2017 ("The Shattered Gradients Problem", "looks
// linear"). A matrix M (F_out, F_in) becomes a layer of twice the width:
//   (  M  -M )      on (relu(z), relu(-z))  gives (  M z )
//   ( -M   M )                                    ( -M z ),         (10.4)
// because relu(z) - relu(-z) = z. Fills in `weight`. Only the inputs of the
// first layer and the outputs of the last have no twins, as
// `inputs_mirrored` and `outputs_mirrored` say.
inline void mirror(const Tensor<>& M, bool inputs_mirrored,
                   bool outputs_mirrored, Tensor<>& weight) {
  require_rank(M.shape(), 2, "mirror", "matrix (F_out, F_in)");
  const int F_out = M.extent(0), F_in = M.extent(1);
  const int rows = outputs_mirrored ? 2 : 1, cols = inputs_mirrored ? 2 : 1;
  require_shape(weight.shape(), {rows * F_out, cols * F_in}, "mirror",
                "weight");
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < cols; ++c)
      for (int o = 0; o < F_out; ++o)
        for (int i = 0; i < F_in; ++i)
          weight(r * F_out + o, c * F_in + i) =
              (r + c) % 2 == 0 ? M(o, i) : -M(o, i);
}

// Starts a deep network whose layers have twice as many cells as there are
// inputs. Each layer passes on as many numbers as there are inputs,
// multiplied by the square matrix that a call of matrix() returns. The
// weights of the scores are random, at a tenth of He's size.
// Throws std::invalid_argument if there are no weights, or if the number of
// cells before the scores is odd, so that not all can have a twin.
template <class Matrix>
void mirrored_start(Network<>& network, const Matrix& matrix,
                    Random& random) {
  Parameter<>& last = last_weight_of(network, "mirrored_start");
  if (last.fan_in % 2 != 0)
    fail(Refusal::argument,
         "mirrored_start: expected an even number of cells before the "
         "scores, got " +
             std::to_string(last.fan_in));
  const std::vector<Parameter<>*> weights = weights_of(network);
  for (std::size_t l = 0; l + 1 < weights.size(); ++l)
    mirror(matrix(), l > 0, true, weights[l]->value);
  Tensor<> scores({last.value.extent(0), last.fan_in / 2});
  for (float& number : scores.data())
    number = 0.1f * random.normal() /
             std::sqrt(static_cast<float>(last.fan_in / 2));
  mirror(scores, true, false, last.value);
}

}  // namespace cnn
