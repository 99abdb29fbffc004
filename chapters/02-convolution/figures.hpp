// What draws chapter 02's figures.
// Book: book/02-convolution.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "01-tensor/layout.hpp"
#include "02-convolution/convolution.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/kernel_effects.hpp"
#include "02-convolution/kernel_search.hpp"
#include "02-convolution/windows.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 1. One window, one sum --------------------------------------------

// A picture of small whole numbers in grey, each number in its cell.
inline Picture grey_numbers(const Tensor<>& map, int cell, float white) {
  Picture tile = grey_tile(map, cell, 0.0f, white);
  const int width = cell * map.extent(1), height = cell * map.extent(0);
  for (int y = 0; y < map.extent(0); ++y)
    for (int x = 0; x < map.extent(1); ++x) {
      const std::string number =
          format("%.0f", static_cast<double>(map(y, x)));
      const bool light = map(y, x) > 0.5f * white;
      tile.text(x * cell + (cell - Picture::text_width(number, 2)) / 2,
                y * cell + (cell - Picture::text_height(number, 2)) / 2,
                number, light ? colours::black : colours::paper, 2);
    }
  tile.outline_rectangle(0, 0, width, height, colours::faint);
  return tile;
}

// A frame around some cells of a tile.
inline void frame(Picture& tile, int y, int x, int cells, int cell) {
  tile.outline_rectangle(x * cell, y * cell, cells * cell, cells * cell,
                         colours::black, 3);
  tile.outline_rectangle(x * cell + 3, y * cell + 3, cells * cell - 6,
                         cells * cell - 6, colours::orange, 2);
}

// Three places of a window: what it sees, the nine products, their sum.
inline Picture window_figure(const Tensor<>& picture,
                             const Tensor<>& kernel) {
  const int cell = 36, number_cell = 44, K = kernel.extent(0);
  const Tensor<> output = correlate2d(picture, kernel);
  const float range = largest_magnitude(output);
  Sheet sheet("One window, nine products, one sum");
  const int places[3][2] = {{1, 0}, {0, 2}, {0, 4}};
  for (const auto& [y, x] : places) {
    Tensor<> products = window_of(picture, y, x, K);
    for (std::size_t i = 0; i < products.data().size(); ++i)
      products.data()[i] *= kernel.data()[i];
    Picture seen = grey_numbers(picture, cell, largest_magnitude(picture));
    frame(seen, y, x, K, cell);
    Picture sums = number_tile(output, number_cell, range, 0);
    frame(sums, y, x, 1, number_cell);
    sheet.row()
        .add(seen, "the window")
        .add(number_tile(kernel, number_cell, range, 0), "its weights")
        .add(number_tile(products, number_cell, range, 0), "products")
        .add(sums,
             format("their sum: %.0f", static_cast<double>(output(y, x))));
  }
  return sheet.picture();
}

// ---- 4. Kernels made by hand -------------------------------------------

// A whole number that no magnitude is above: a range for a scale.
inline float whole_range(const Tensor<>& map) {
  return std::ceil(largest_magnitude(map));
}

// A kernel with its numbers, in the colours of its results.
inline Picture kernel_tile(const Tensor<>& kernel, float range) {
  const bool whole = std::all_of(
      kernel.data().begin(), kernel.data().end(),
      [](float number) { return number == std::round(number); });
  return number_tile(kernel, 60, range, whole ? 0 : 2);
}

// Each kernel beside what it makes of one digit. The first three make
// pictures, in grey; the others see changes, above and below 0.
// results (6, H, W)
inline Picture kernels_digit_figure(const std::vector<NamedKernel>& kernels,
                                    const Tensor<>& results) {
  const float range = whole_range(results);
  Sheet sheet("Six kernels and what each makes of one digit");
  const auto add = [&](int k) {
    const NamedKernel& kernel = kernels[static_cast<std::size_t>(k)];
    const Tensor<> result = channel(results, k);
    sheet.add(kernel_tile(kernel.weights, range), kernel.name)
        .add(
            k < 3 ? grey_tile(result, 6) : diverging_tile(result, 6, range),
            kernel.does);
  };
  for (int k = 0; k < 3; ++k) {
    sheet.row();
    add(k);
    add(k + 3);
  }
  sheet.footer(diverging_scale(range, 360));
  return sheet.picture();
}

// The picture that one kernel makes of the three colours.
// results (3, kernels, H, W) -> (3, H, W)
inline Tensor<> coloured(const Tensor<>& results, int kernel) {
  const int H = results.extent(2), W = results.extent(3);
  Tensor<> image({3, H, W});
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x) image(c, y, x) = results(c, kernel, y, x);
  return image;
}

// results (3, kernels, H, W) of each colour; grey, gx, gy, strength (H, W)
inline Picture kernels_scene_figure(const Tensor<>& scene,
                                    const Tensor<>& results,
                                    const Tensor<>& grey,
                                    const Tensor<>& gx, const Tensor<>& gy,
                                    const Tensor<>& strength) {
  const int scale = std::max(1, 200 / scene.extent(2));
  const float range = std::max(whole_range(gx), whole_range(gy));
  const auto made_by = [&](int kernel) {
    return rgb_tile(coloured(results, kernel), scale);
  };
  Sheet sheet("The kernels on a picture in colour, and on its grey");
  sheet.row()
      .add(rgb_tile(scene, scale), "the picture")
      .add(made_by(1), "blur")
      .add(made_by(2), "sharpen")
      .add(made_by(5), "emboss");
  sheet.row()
      .add(grey_tile(grey, scale), "its grey")
      .add(diverging_tile(gx, scale, range), "Sobel x")
      .add(diverging_tile(gy, scale, range), "Sobel y")
      .add(grey_tile(strength, scale, 0.0f, largest_magnitude(strength)),
           "edge strength");
  sheet.footer(diverging_scale(range, 360));
  return sheet.picture();
}

// ---- 5. Shift ----------------------------------------------------------

inline Picture shift_figure(const std::vector<Shift>& shifts) {
  Sheet sheet("Moved 1 down and 2 to the right, before or after Sobel x");
  float range = 0;
  for (const Shift& shift : shifts) {
    range = std::max(range, whole_range(shift.moved_first));
    range = std::max(range, whole_range(shift.moved_last));
  }
  for (const Shift& shift : shifts) {
    const int scale = std::max(1, 150 / shift.picture.extent(1));
    Tensor<> difference = shift.moved_first;
    for (std::size_t i = 0; i < difference.data().size(); ++i)
      difference.data()[i] -= shift.moved_last.data()[i];
    sheet.row()
        .add(grey_tile(shift.picture, scale), shift.name)
        .add(grey_tile(shift.moved, scale), "moved")
        .add(diverging_tile(shift.moved_first, scale, range),
             "moved, then\nSobel x")
        .add(diverging_tile(shift.moved_last, scale, range),
             "Sobel x, then\nmoved")
        .add(diverging_tile(difference, scale, range),
             "difference of\nthe two");
  }
  sheet.footer(diverging_scale(range, 360));
  return sheet.picture();
}

// ---- 7. Convolution or cross-correlation -------------------------------

// Kernels as they are and rotated, with what they make of a picture.
inline Picture flip_figure(const Tensor<>& picture,
                           const std::vector<NamedKernel>& kernels) {
  float range = 0;
  for (const NamedKernel& kernel : kernels)
    range =
        std::max(range, whole_range(correlate2d(picture, kernel.weights)));
  Sheet sheet("The kernel as it is, and rotated by 180 degrees");
  for (const NamedKernel& kernel : kernels) {
    const Tensor<> rotated = rotate180(kernel.weights);
    sheet.row()
        .add(kernel_tile(kernel.weights, range), kernel.name)
        .add(diverging_tile(correlate2d(picture, kernel.weights), 6, range),
             "cross-correlation")
        .add(kernel_tile(rotated, range), "rotated")
        .add(diverging_tile(correlate2d(picture, rotated), 6, range),
             "convolution");
  }
  sheet.footer(diverging_scale(range, 360));
  return sheet.picture();
}

// ---- 8. A kernel from examples -----------------------------------------

inline Picture recovered_figure(const std::vector<SearchStep>& path,
                                const std::vector<int>& passes) {
  Sheet sheet("A kernel found by trying, forward pass by forward pass");
  const auto tile = [](const Tensor<>& kernel) {
    return number_tile(kernel, 58, 3.0f, 1);
  };
  for (std::size_t i = 0; i < passes.size(); ++i) {
    if (i % 4 == 0) sheet.row();
    const SearchStep& now = state_after(path, passes[i]);
    sheet.add(tile(now.kernel),
              format("%d pass%s\nerror %.2g", passes[i],
                     passes[i] == 1 ? "" : "es", now.error));
  }
  sheet.add(tile(sobel_x()), "Sobel x,\nthe true one");
  return sheet.picture();
}

inline std::string error_figure(const std::vector<SearchStep>& path,
                                double good_enough) {
  Series error{"error", {}, {}, false};
  for (const SearchStep& state : path) {
    error.x.push_back(state.forward_passes);
    error.y.push_back(state.error);
  }
  LinePlot plot;
  plot.title = "The error while nine numbers are changed one by one";
  plot.x_label = "forward passes over ten digits";
  plot.y_label = "mean squared error";
  plot.series = {error};
  plot.log_y = true;
  plot.reference = std::pair{good_enough, std::string("good enough")};
  return plot.svg();
}

}  // namespace cnn
