// One number of a layer as three small maps: what came in under its window,
// the weights, and the products that are added up.
// Book: book/18-browser.md
#pragma once

#include <string>

#include "18-browser/cell.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

struct WindowMaps {
  Tensor<> numbers, weights, products;  // (K, K)
};

// The maps of a cell of a convolution with one input channel, whose terms
// are the K x K places of its window in reading order.
// Throws std::invalid_argument for a cell with more or fewer terms.
inline WindowMaps window_maps(const CellArithmetic& cell, int K) {
  if (static_cast<int>(cell.terms.size()) != K * K)
    fail(Refusal::argument, "window_maps: expected " +
                                std::to_string(K * K) + " terms, got " +
                                std::to_string(cell.terms.size()));
  WindowMaps maps{Tensor<>({K, K}), Tensor<>({K, K}), Tensor<>({K, K})};
  for (int i = 0; i < K * K; ++i) {
    const CellTerm& term = cell.terms[static_cast<std::size_t>(i)];
    maps.numbers(i / K, i % K) = term.input;
    maps.weights(i / K, i % K) = term.weight;
    maps.products(i / K, i % K) = term.product;
  }
  return maps;
}

}  // namespace cnn
