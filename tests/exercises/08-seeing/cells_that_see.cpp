// Exercise 3.
#include "cells_that_see.hpp"

#include "tests/exercises/check.hpp"

namespace {

std::string words_of(const cnn::Cells& cells) {
  if (cells.first > cells.last) return "no cell";
  return "cells " + std::to_string(cells.first) + " to " +
         std::to_string(cells.last);
}

// Asks every cell.
cnn::Cells asked_one_by_one(const cnn::ReceptiveField& field, int cells,
                            int pixel) {
  cnn::Cells seeing{0, -1};
  for (int i = cells; i-- > 0;)
    if (field.begin(i) <= pixel && pixel < field.begin(i) + field.size) {
      if (seeing.last < 0) seeing.last = i;
      seeing.first = i;
    }
  return seeing;
}

}  // namespace

EXERCISE(cells_that_see) {
  using namespace cnn;
  const auto see = [&](const ReceptiveField& field, int cells, int pixel,
                       const Cells& expected) {
    check.equal(
        "first " + std::to_string(field.first) + ", size " +
            std::to_string(field.size) + ", jump " +
            std::to_string(field.jump) + "; " + std::to_string(cells) +
            " cells, pixel " + std::to_string(pixel),
        words_of(expected),
        [&] { return words_of(cells_that_see(field, cells, pixel)); });
  };
  see({0, 3, 1}, 5, 3, {1, 3});
  see({0, 3, 1}, 5, 0, {0, 0});
  see({0, 3, 1}, 5, 6, {4, 4});
  see({-1, 3, 2}, 4, 0, {0, 0});
  see({-1, 3, 2}, 4, 1, {0, 1});
  see({-1, 3, 2}, 4, 2, {1, 1});
  see({0, 2, 3}, 3, 2, {0, -1});
  // Every pixel and every layer of whole architectures.
  const auto see_all = [&](const Architecture& layers, int W) {
    Network<> network = build_network(layers, {1, W, W});
    const auto outputs = all_outputs(network, Tensor<>({1, 1, W, W}));
    const std::vector<ReceptiveField> fields = receptive_fields(layers);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const int cells = outputs[i].extent(3);
      for (int pixel = 0; pixel < W; ++pixel)
        see(fields[i], cells, pixel,
            asked_one_by_one(fields[i], cells, pixel));
    }
  };
  see_all(digit_network, 28);
  see_all({Convolution{.kernel = 3, .stride = 2, .padding = 1}, Relu{},
           MaxPool{{.window = 3, .stride = 2, .padding = 1}},
           Convolution{.kernel = 3, .stride = 2, .padding = 1}},
          21);
  see_all({Convolution{.kernel = 5, .stride = 3, .padding = 4}}, 14);
  see_all({AveragePool{{.window = 3, .stride = 2}}}, 10);
  see_all({Relu{}, MaxPool{{.window = 2, .stride = 3}}}, 9);
  see_all({Convolution{.kernel = 3},
           Convolution{.kernel = 2, .stride = 5, .padding = 1}},
          23);
}
