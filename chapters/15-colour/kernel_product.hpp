// Matrix products by chapter 07's kernels. A matrix is read as a picture
// with one row of pixels and a channel for each row of the matrix, so that
// multiplying it from the left by another one is a convolution of 1 x 1.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>

#include "07-speed/kernels.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A matrix whose rows begin at multiples of 16 numbers, as the kernels want
// them. Zeros fill the gaps.
class PaddedMatrix {
 public:
  PaddedMatrix(int rows, int columns)
      : rows_(rows),
        columns_(columns),
        step_((columns + 15) / 16 * 16),
        numbers_(static_cast<std::size_t>(rows) *
                 static_cast<std::size_t>(step_)) {}
  explicit PaddedMatrix(const Tensor<>& matrix)
      : PaddedMatrix(matrix.extent(0), matrix.extent(1)) {
    for (int r = 0; r < rows_; ++r)
      std::copy_n(row_of(matrix, r).data(), columns_, row(r));
  }

  int rows() const { return rows_; }
  int columns() const { return columns_; }
  int step() const { return step_; }  // numbers from row to row
  float* row(int r) { return numbers_.data() + at(r); }
  const float* row(int r) const { return numbers_.data() + at(r); }
  // All numbers, gaps included.
  std::size_t size() const {
    return static_cast<std::size_t>(rows_) *
           static_cast<std::size_t>(step_);
  }

  // A copy without the gaps. -> (rows, columns)
  Tensor<> tensor() const {
    Tensor<> matrix({rows_, columns_});
    for (int r = 0; r < rows_; ++r)
      std::copy_n(row(r), columns_, row_of(matrix, r).data());
    return matrix;
  }
  // Copies squares of 16 x 16, so that each cache line is read only once.
  PaddedMatrix transposed() const {
    PaddedMatrix result(columns_, rows_);
    for (int r = 0; r < rows_; r += 16)
      for (int c = 0; c < columns_; c += 16)
        for (int y = r; y < std::min(r + 16, rows_); ++y)
          for (int x = c; x < std::min(c + 16, columns_); ++x)
            result.row(x)[y] = row(y)[x];
    return result;
  }

 private:
  std::size_t at(int r) const {
    return static_cast<std::size_t>(r) * static_cast<std::size_t>(step_);
  }

  int rows_, columns_, step_;
  AlignedFloats numbers_;
};

// The product of two matrices. left (M, K)  right (K, N) -> (M, N)
inline PaddedMatrix kernel_product(const Kernels& kernels,
                                   const PaddedMatrix& left,
                                   PaddedMatrix& right) {
  const int cells = right.step() / kernels.lanes;
  const Window window{
      .C_in = left.columns(), .C_out = left.rows(), .W_out = cells};
  AlignedFloats packed(static_cast<std::size_t>(packed_numbers(window)));
  AlignedFloats rows(
      static_cast<std::size_t>(row_scratch(1, cells) * kernels.lanes));
  Weights weights{left.row(0), left.step(), 1, 1};
  kernels.pack(window, weights, 1, window.C_out, packed.data());
  weights.packed = packed.data();
  PaddedMatrix result(left.rows(), right.columns());
  const Finish as_it_is{.W_out = cells};
  kernels.convolve(window, Map{right.row(0), cells, cells}, weights,
                   nullptr, as_it_is, Map{result.row(0), cells, cells},
                   Map{}, rows.data());
  return result;
}

}  // namespace cnn
