// How the program writes numbers, sums and windows.
// Book: book/02-convolution.md
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "02-convolution/windows.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// "1 x 5 + -2 x 1 + ...": each weight times the number under it.
inline std::string products_text(const Tensor<>& weights,
                                 const Tensor<>& window) {
  std::string text;
  for (std::size_t i = 0; i < weights.data().size(); ++i)
    text += format("%s%2.0f x %.0f", i == 0 ? "" : "  + ",
                   static_cast<double>(weights.data()[i]),
                   static_cast<double>(window.data()[i]));
  return text;
}

// Prints one line of a worked sum; returns its part of the sum.
inline double print_products(const std::string& name,
                             const Tensor<>& weights,
                             const Tensor<>& window) {
  const double sum = sum_of_products(weights, window);
  print("      %s%s  = %3.0f\n", name.c_str(),
        products_text(weights, window).c_str(), sum);
  return sum;
}

// Prints a line without the spaces at its end.
inline void print_trimmed(const std::string& line) {
  print("%s\n", line.substr(0, line.find_last_not_of(' ') + 1).c_str());
}

// Prints small matrices of whole numbers, all of the same height, side by
// side.
inline void print_side_by_side(
    const std::vector<std::pair<std::string, Tensor<>>>& matrices) {
  std::string titles;
  for (const auto& [title, matrix] : matrices)
    titles += format("      %-13s", title.c_str());
  print_trimmed(titles);
  for (int y = 0; y < matrices.front().second.extent(0); ++y) {
    std::string line;
    for (const auto& [title, matrix] : matrices) {
      std::string row;
      const Tensor<> numbers = item(matrix, y);
      for (const float number : numbers.data())
        row += format("%4.0f", static_cast<double>(number));
      line += format("    %-15s", row.c_str());
    }
    print_trimmed(line);
  }
}

// Prints the places of a window along an axis, one per line under the
// cells; 'o' is a cell of padding.
inline void print_places(int size, int K, int stride, int padding) {
  const int places = output_size(size, K, stride, padding);
  print("\n    stride %d, padding %d: %d places\n\n     ", stride, padding,
        places);
  for (int cell = -padding; cell < size + padding; ++cell)
    print(" %s",
          cell < 0 || cell >= size ? "o" : std::to_string(cell).c_str());
  print("\n");
  for (int place = 0; place < places; ++place) {
    print("     %*s", 2 * stride * place, "");
    for (int k = 0; k < K; ++k) print(" #");
    print("\n");
  }
}

}  // namespace cnn
