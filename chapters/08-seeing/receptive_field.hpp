// Which pixels a cell of a feature map can see.
// Book: book/08-seeing.md
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// A receptive field along one axis: cell i of a map sees `size` pixels,
// which begin at first + i jump. Those before pixel 0 or beyond the end of
// the picture lie in the padding.
struct ReceptiveField {
  int first = 0, size = 1, jump = 1;

  int begin(int cell) const { return first + cell * jump; }
};

// Throws std::invalid_argument unless window and stride are 1 or more and
// padding is 0 or more.
inline void require_window(int window, int stride, int padding,
                           const std::string& where) {
  if (window < 1 || stride < 1 || padding < 0)
    fail(Refusal::argument,
         where +
             ": expected window and stride of 1 or more and padding of "
             "0 or more, got window " +
             std::to_string(window) + ", stride " + std::to_string(stride) +
             ", padding " + std::to_string(padding));
}

// The field of a layer's output cells, given the field of its input cells.
// Throws what require_window() throws.
inline ReceptiveField through_window(const ReceptiveField& input,
                                     int window, int stride, int padding) {
  require_window(window, stride, padding, "through_window");
  return {input.first - padding * input.jump,
          input.size + (window - 1) * input.jump,  // (8.2)
          input.jump * stride};                    // (8.3)
}

// The same for layers with a window, and for ReLU, which changes nothing.
inline ReceptiveField through(const Convolution& it,
                              const ReceptiveField& input) {
  return through_window(input, it.kernel, it.stride, it.padding);
}
inline ReceptiveField through(const MaxPool& it,
                              const ReceptiveField& input) {
  return through_window(input, it.pooling.window, it.pooling.stride,
                        it.pooling.padding);
}
inline ReceptiveField through(const AveragePool& it,
                              const ReceptiveField& input) {
  return through_window(input, it.pooling.window, it.pooling.stride,
                        it.pooling.padding);
}
inline ReceptiveField through(const Relu&, const ReceptiveField& input) {
  return input;
}

// The field of each layer's cells, up to the first Flatten or Dense layer,
// whose outputs see the whole picture. A layer without an overload of
// through() changes nothing.
inline std::vector<ReceptiveField> receptive_fields(
    const Architecture& architecture) {
  std::vector<ReceptiveField> fields;
  ReceptiveField now;
  for (const auto& entry : architecture) {
    if (std::holds_alternative<Flatten>(entry) ||
        std::holds_alternative<Dense>(entry))
      break;
    std::visit(
        [&](const auto& it) {
          if constexpr (requires { through(it, now); })
            now = through(it, now);
        },
        entry);
    fields.push_back(now);
  }
  return fields;
}

// The part of an image that cell (y, x) sees; 0 in the padding.
// image (H, W) -> (size, size)
inline Tensor<> seen_patch(const Tensor<>& image,
                           const ReceptiveField& field, int y, int x) {
  require_rank(image.shape(), 2, "seen_patch", "image");
  Tensor<> patch({field.size, field.size});
  for (int i = 0; i < field.size; ++i)
    for (int j = 0; j < field.size; ++j) {
      const int row = field.begin(y) + i, column = field.begin(x) + j;
      if (row >= 0 && row < image.extent(0) && column >= 0 &&
          column < image.extent(1))
        patch(i, j) = image(row, column);
    }
  return patch;
}

}  // namespace cnn
