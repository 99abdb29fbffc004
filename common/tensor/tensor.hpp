// A tensor: numbers in a row, a shape that says how to read them, and
// strides that say how far apart neighbours lie. Chapter 01 is its tour.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// The extent of every axis, outermost first: (N, C, H, W) for images.
using Shape = std::vector<int>;

// A shape as text: "(8, 3, 28, 28)".
inline std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
  }
  return text + ")";
}

// How many numbers a shape holds: the product of its extents.
// Throws std::invalid_argument if an extent is negative, or if the product
// of the extents other than 0 is too large for an int: strides are such
// products, even where there are no numbers.
inline int element_count(const Shape& shape) {
  long long count = 1;
  bool empty = false;
  for (const int extent : shape) {
    if (extent < 0) {
      fail(Refusal::argument,
           "tensor: expected extents of 0 or more, "
           "but the shape is " +
               to_string(shape));
    }
    count *= std::max(extent, 1);
    empty = empty || extent == 0;
    if (count > std::numeric_limits<int>::max()) {
      fail(Refusal::argument, "tensor: shape " + to_string(shape) +
                                  " holds more numbers than an int counts");
    }
  }
  return empty ? 0 : static_cast<int>(count);
}

// How many numbers to step over to reach the next index along each axis.
// Row-major: the last axis has stride 1, every other axis has the stride of
// the axis after it times that axis's extent. Throws like element_count().
inline std::vector<int> row_major_strides(const Shape& shape) {
  element_count(shape);  // so that no product below is too large
  std::vector<int> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];  // (1.1)
  }
  return strides;
}

template <class T = float>
class Tensor {
 public:
  using Number = T;

  Tensor() : Tensor(Shape{0}) {}

  // A tensor of the given shape, every number equal to `value`.
  explicit Tensor(Shape shape, T value = T{})
      : shape_(std::move(shape)),
        strides_(row_major_strides(shape_)),
        numbers_(static_cast<std::size_t>(element_count(shape_)), value) {}

  // A tensor that takes over `numbers`, in row-major order.
  // Throws std::invalid_argument unless there are as many as the shape
  // holds.
  Tensor(Shape shape, std::vector<T> numbers)
      : shape_(std::move(shape)),
        strides_(row_major_strides(shape_)),
        numbers_(std::move(numbers)) {
    if (element_count(shape_) != size()) {
      fail(Refusal::argument,
           "tensor: shape " + to_string(shape_) + " expects " +
               counted_text(element_count(shape_), "number") + ", got " +
               std::to_string(size()));
    }
  }

  const Shape& shape() const { return shape_; }
  const std::vector<int>& strides() const { return strides_; }
  int rank() const { return static_cast<int>(shape_.size()); }
  int extent(int axis) const {
    return shape_[static_cast<std::size_t>(axis)];
  }
  int size() const { return static_cast<int>(numbers_.size()); }

  // All the numbers in memory order.
  std::span<T> data() { return numbers_; }
  std::span<const T> data() const { return numbers_; }

  // The number at these indices, one for each axis: image(n, c, y, x).
  // Unless NDEBUG is defined, a wrong index throws std::out_of_range.
  template <class... Index>
  T& operator()(Index... index) {
    return numbers_[offset(index...)];
  }
  template <class... Index>
  const T& operator()(Index... index) const {
    return numbers_[offset(index...)];
  }

  // Where image(n, c, y, x) lies in data(): the sum of index times stride.
  template <class... Index>
  std::size_t offset(Index... index) const {
#ifndef NDEBUG
    const int indices[] = {static_cast<int>(index)...};
    check(indices);
#endif
    int place = 0;
    std::size_t axis = 0;
    ((place += static_cast<int>(index) * strides_[axis++]), ...);  // (1.2)
    return static_cast<std::size_t>(place);
  }

  // The same numbers in the same order, with another shape. One extent may
  // be -1, which stands for whatever the others leave. Called on a
  // temporary, it copies no numbers. Throws std::invalid_argument if the
  // number of numbers would change, or if -1 is used with an extent of 0.
  Tensor reshaped(Shape shape) const& {
    Tensor copy = *this;
    return std::move(copy).reshaped(std::move(shape));
  }
  Tensor reshaped(Shape shape) && {
    fill_in_the_missing_extent(shape);
    return Tensor(std::move(shape), std::move(numbers_));
  }

  friend bool operator==(const Tensor&, const Tensor&) = default;

 private:
  void check(std::span<const int> indices) const {
    bool inside = indices.size() == shape_.size();
    for (std::size_t axis = 0; inside && axis < indices.size(); ++axis) {
      inside = indices[axis] >= 0 && indices[axis] < shape_[axis];
    }
    if (!inside) {
      fail(Refusal::index,
           "tensor: index " +
               to_string(Shape(indices.begin(), indices.end())) +
               " is not inside shape " + to_string(shape_));
    }
  }

  void fill_in_the_missing_extent(Shape& shape) const {
    const auto missing = std::find(shape.begin(), shape.end(), -1);
    if (missing != shape.end()) {
      if (std::count(missing, shape.end(), -1) > 1)
        fail(
            Refusal::argument,
            "reshaped: only one extent may be -1, got " + to_string(shape));
      *missing = 1;
      const int others = element_count(shape);
      *missing = -1;
      if (others == 0)
        fail(Refusal::argument,
             "reshaped: " + to_string(shape_) + " cannot be read as " +
                 to_string(shape) +
                 ": beside 0 numbers, any extent would do "
                 "for -1");
      *missing = size() / others;
    }
    if (element_count(shape) != size()) {
      fail(Refusal::argument, "reshaped: " + to_string(shape_) + " holds " +
                                  counted_text(size(), "number") +
                                  " and cannot be read as " +
                                  to_string(shape));
    }
  }

  Shape shape_;
  std::vector<int> strides_;
  std::vector<T> numbers_;
};

// The same numbers in another type: convert<double>(image).
template <class To, class From>
Tensor<To> convert(const Tensor<From>& tensor) {
  Tensor<To> result(tensor.shape());
  std::transform(tensor.data().begin(), tensor.data().end(),
                 result.data().begin(),
                 [](From number) { return static_cast<To>(number); });
  return result;
}

// Throws std::invalid_argument unless a shape has the expected number of
// axes; `where` and `what` begin the message: "convolve: weight ...".
inline void require_rank(const Shape& shape, int rank,
                         const std::string& where,
                         const std::string& what) {
  if (static_cast<int>(shape.size()) != rank) {
    fail(Refusal::argument, where + ": " + what + " expects " +
                                counted_text(rank, "axis", "axes") +
                                ", got shape " + to_string(shape));
  }
}

// Throws std::invalid_argument unless a shape is the expected one.
inline void require_shape(const Shape& shape, const Shape& expected,
                          const std::string& where,
                          const std::string& what) {
  if (shape != expected) {
    fail(Refusal::argument, where + ": " + what + " expects shape " +
                                to_string(expected) + ", got " +
                                to_string(shape));
  }
}

// The largest |a - b| over all numbers; a NaN anywhere gives NaN.
// Throws std::invalid_argument if the shapes differ.
template <class T>
T max_abs_difference(const Tensor<T>& a, const Tensor<T>& b) {
  require_shape(b.shape(), a.shape(), "max_abs_difference",
                "the second tensor");
  T largest = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i) {
    const T difference = std::abs(a.data()[i] - b.data()[i]);
    if (difference > largest || std::isnan(difference))
      largest = difference;
  }
  return largest;
}

// Whether every number is finite: no NaN, no infinity. Counting all others,
// instead of stopping at the first, lets the compiler vectorize the loop.
template <class T>
bool all_finite(const Tensor<T>& tensor) {
  int broken = 0;
  for (const T number : tensor.data())
    broken += !(std::abs(number) <= std::numeric_limits<T>::max());
  return broken == 0;
}

// Throws std::out_of_range unless the batch has an item n.
template <class T>
void require_item(const Tensor<T>& batch, int n) {
  if (batch.rank() == 0 || n < 0 || n >= batch.extent(0)) {
    fail(Refusal::index, "row_of: no item " + std::to_string(n) +
                             " in a batch of shape " +
                             to_string(batch.shape()));
  }
}

// A view of the numbers of item n of a batch (N, ...).
// Throws std::out_of_range if there is no item n.
template <class T>
std::span<T> row_of(Tensor<T>& batch, int n) {
  require_item(batch, n);
  const auto size = static_cast<std::size_t>(batch.strides()[0]);
  return batch.data().subspan(static_cast<std::size_t>(n) * size, size);
}
template <class T>
std::span<const T> row_of(const Tensor<T>& batch, int n) {
  require_item(batch, n);
  const auto size = static_cast<std::size_t>(batch.strides()[0]);
  return batch.data().subspan(static_cast<std::size_t>(n) * size, size);
}

// Copies `numbers` into item n of a batch (N, ...).
// Throws std::out_of_range if there is no item n, std::invalid_argument for
// too few or too many numbers.
template <class T>
void set_row(Tensor<T>& batch, int n,
             std::type_identity_t<std::span<const T>> numbers) {
  const std::span<T> row = row_of(batch, n);
  if (numbers.size() != row.size())
    fail(Refusal::argument, "set_row: expected " +
                                counted_text(row.size(), "number") +
                                ", got " + std::to_string(numbers.size()));
  std::copy(numbers.begin(), numbers.end(), row.begin());
}

// A copy of item n of a batch of two axes or more: (N, ...) -> (...).
// Throws std::out_of_range if there is no such item.
template <class T>
Tensor<T> item(const Tensor<T>& batch, int n) {
  if (batch.rank() < 2 || n < 0 || n >= batch.extent(0)) {
    fail(Refusal::index, "item: no item " + std::to_string(n) +
                             " in a batch of shape " +
                             to_string(batch.shape()));
  }
  const Shape shape(batch.shape().begin() + 1, batch.shape().end());
  const std::span<const T> numbers = row_of(batch, n);
  return Tensor<T>(shape, std::vector<T>(numbers.begin(), numbers.end()));
}

}  // namespace cnn
