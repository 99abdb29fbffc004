// Draws chapter 02's figures.
// Book: book/02-convolution.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "01-tensor/figures.hpp"
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

// A map (H, W) with its numbers up to (y, x), row by row, framed there. The
// cells after it are left grey.
inline Picture map_so_far(const Tensor<>& map, int y, int x, int cell) {
  Picture tile = number_tile(map, cell, largest_magnitude(map), 0);
  const int W = map.extent(1);
  for (int i = y * W + x + 1; i < map.extent(0) * W; ++i) {
    const int left = i % W * cell, top = i / W * cell;
    tile.fill_rectangle(left, top, cell, cell, colours::faint);
    tile.outline_rectangle(left, top, cell, cell, colours::paper);
  }
  frame(tile, y, x, 1, cell);
  return tile;
}

// Four places of a window on its way along the rows: what it sees, the nine
// products, their sum, and the map as far as it is known there.
inline Picture window_figure(const Tensor<>& picture,
                             const Tensor<>& kernel) {
  const int cell = 36, number_cell = 44, K = kernel.extent(0);
  const Tensor<> output = correlate2d(picture, kernel);
  const float range = largest_magnitude(output);
  Sheet sheet("One window, nine products, one sum");
  const int places[4][2] = {{0, 0}, {0, 2}, {0, 4}, {1, 0}};
  for (const auto& [y, x] : places) {
    Tensor<> products = window_of(picture, y, x, K);
    for (std::size_t i = 0; i < products.data().size(); ++i)
      products.data()[i] *= kernel.data()[i];
    Picture seen = grey_numbers(picture, cell, largest_magnitude(picture));
    frame(seen, y, x, K, cell);
    sheet.row()
        .add(seen, "the window")
        .add(number_tile(kernel, number_cell, range, 0), "its weights")
        .add(number_tile(products, number_cell, range, 0), "products")
        .add(map_so_far(output, y, x, number_cell),
             format("their sum: %.0f", static_cast<double>(output(y, x))));
  }
  return sheet.picture();
}

// ---- 3. Several channels, several kernels ------------------------------

// A window on three channels at once, and the cell that it makes.
class ThroughChannels {
 public:
  std::string svg() {
    draw_.text(16, 26, "A kernel looks at all the channels at once",
               "title");
    for (int c = 0; c < 3; ++c) draw_channel(c);
    draw_.circle(sum_x, middle, 15, "axis");
    draw_.text(sum_x, middle + 5, "sum", "small", "middle");
    draw_output(output_y, 1);
    draw_output(output_y + 96, 0);
    draw_.line(sum_x + 15, middle, output_x + 2 * cell,
               output_y + 1.5 * cell, "axis");
    draw_labels();
    return draw_.svg();
  }

 private:
  static constexpr double cell = 15, top = 48, pitch = 108;
  static constexpr double input_x = 24, kernel_x = 205, sum_x = 365;
  static constexpr double output_x = 478, output_y = 155;
  static constexpr double middle = top + pitch + 2.5 * cell;

  // n x n cells; the `marked` x `marked` cells from row 1, column 2 on are
  // orange.
  void grid(double x, double y, int n, int marked,
            const std::string& colour) {
    for (int row = 0; row < n; ++row)
      for (int column = 0; column < n; ++column) {
        const bool inside = row >= 1 && row < 1 + marked && column >= 2 &&
                            column < 2 + marked;
        draw_.filled(x + column * cell, y + row * cell, cell - 1, cell - 1,
                     inside ? "#e69f00" : colour);
      }
  }

  // A channel, the window on it, its weights and the line to the sum.
  void draw_channel(int c) {
    const double y = top + c * pitch, centre = y + 2.5 * cell;
    grid(input_x, y, 6, 3, "#cfe6f5");
    grid(kernel_x, y + cell, 3, 0, "#a8dccb");
    draw_.line(input_x + 5 * cell, centre, kernel_x - 4, centre, "axis");
    draw_.line(kernel_x + 3 * cell + 3, centre, sum_x - 15, middle, "axis");
  }

  void draw_output(double y, int marked) {
    grid(output_x, y, 4, marked, "#cfe6f5");
  }

  void draw_labels() {
    const double y = top + 3 * pitch + 12;
    const auto label = [&](double x, const std::string& first,
                           const std::string& second) {
      draw_.text(x, y, first, "label");
      draw_.text(x, y + 18, second, "label");
    };
    label(input_x, "a window of 3 x 3", "on 3 channels");
    label(kernel_x - 15, "one kernel: 9 weights", "for each channel");
    label(sum_x - 15, "27 products", "and a bias");
    label(output_x, "one cell of its channel;",
          "other kernels make others");
  }

  Drawing draw_{
      680, 420,
      "A kernel on all channels\nThree channels of 6 x 6 cells "
      "below one another, 3 x 3 cells of each in orange; from each "
      "a line leads to the 3 x 3 weights for this channel, from "
      "these to one sum, and from there to one orange cell of the "
      "first of two channels of 4 x 4 cells"};
};

// ---- 4. Kernels made by hand -------------------------------------------

// The largest magnitude, rounded up to a whole number: a range for a scale.
inline float whole_range(const Tensor<>& map) {
  return std::ceil(largest_magnitude(map));
}

// How results are drawn. Weights that sum to 1 keep the brightness, so
// their result is drawn as a grey picture; if it has numbers below 0, then
// 0 is the middle grey. Weights that sum to 0 see only changes: numbers
// below 0 are blue, those above 0 orange.
struct ResultStyle {
  bool grey = false;
  float low = 0, high = 1;

  Picture tile(const Tensor<>& result) const {
    return grey ? grey_tile(result, 6, low, high)
                : diverging_tile(result, 6, high);
  }
  std::string legend() const {
    return format(
        grey ? "black %.0f, white %.0f" : "blue %.0f, orange %.0f",
        static_cast<double>(low), static_cast<double>(high));
  }
};

inline ResultStyle style_of(const Tensor<>& kernel,
                            const Tensor<>& result) {
  const bool grey = 9 * mean_of(kernel) > 0.5;
  const auto numbers = result.data();
  const bool below = std::any_of(numbers.begin(), numbers.end(),
                                 [](float it) { return it < 0; });
  const float range = whole_range(result);
  return {grey, grey && !below ? 0.0f : -range, range};
}

// The largest magnitude of the weights of some kernels: a range for their
// colours.
inline float weight_range(const std::vector<NamedKernel>& kernels) {
  float range = 0;
  for (const NamedKernel& kernel : kernels)
    range = std::max(range, largest_magnitude(kernel.weights));
  return range;
}

// A kernel with its numbers.
inline Picture kernel_tile(const Tensor<>& kernel, float range) {
  const bool whole = std::all_of(
      kernel.data().begin(), kernel.data().end(),
      [](float number) { return number == std::round(number); });
  return number_tile(kernel, 60, range, whole ? 0 : 2);
}

// Each kernel next to what it makes of one digit. results (6, H, W)
inline Picture kernels_digit_figure(const std::vector<NamedKernel>& kernels,
                                    const Tensor<>& results) {
  const float range = weight_range(kernels);
  Sheet sheet("Six kernels and what each makes of one digit");
  const auto add = [&](int k) {
    const NamedKernel& kernel = kernels[static_cast<std::size_t>(k)];
    const Tensor<> result = channel(results, k);
    const ResultStyle style = style_of(kernel.weights, result);
    sheet.add(kernel_tile(kernel.weights, range), kernel.name)
        .add(style.tile(result), kernel.does + "\n" + style.legend());
  };
  for (int k = 0; k < 3; ++k) {
    sheet.row();
    add(k);
    add(k + 3);
  }
  return sheet.picture();
}

// The digit of the book's story and what Sobel x makes of it.
// digit, edges (H, W)
inline Picture story_edges_figure(const Tensor<>& digit,
                                  const Tensor<>& edges) {
  const ResultStyle style = style_of(sobel_x(), edges);
  Sheet sheet("One digit's story: its edges");
  sheet.add(grey_tile(digit, 6), "chapter 01's digit")
      .add(kernel_tile(sobel_x(), largest_magnitude(sobel_x())), "Sobel x")
      .add(style.tile(edges), "its answers\n" + style.legend());
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

// scene (3, H, W), drawn with `scale` pixels per cell
inline Picture kernels_scene_figure(const Tensor<>& scene,
                                    const SceneEffects& it, int scale) {
  const float range = std::max(whole_range(it.gx), whole_range(it.gy));
  const auto made_by = [&](int kernel) {
    return rgb_tile(coloured(it.results, kernel), scale);
  };
  Sheet sheet("The kernels on a picture in colour, and on its grey");
  sheet.row()
      .add(rgb_tile(scene, scale), "the picture")
      .add(made_by(1), "blur")
      .add(made_by(2), "sharpen")
      .add(made_by(5), "emboss");
  sheet.row()
      .add(grey_tile(it.grey, scale), "its grey")
      .add(diverging_tile(it.gx, scale, range), "Sobel x")
      .add(diverging_tile(it.gy, scale, range), "Sobel y")
      .add(grey_tile(it.strength, scale, 0.0f,
                     largest_magnitude(it.strength)),
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
  const float range = weight_range(kernels);
  Sheet sheet("The kernel as it is, and rotated by 180 degrees");
  for (const NamedKernel& kernel : kernels) {
    const Tensor<> rotated = rotate180(kernel.weights);
    const Tensor<> result = correlate2d(picture, kernel.weights);
    const ResultStyle style = style_of(kernel.weights, result);
    sheet.row()
        .add(kernel_tile(kernel.weights, range), kernel.name)
        .add(style.tile(result), "cross-correlation\n" + style.legend())
        .add(kernel_tile(rotated, range), "rotated")
        .add(style.tile(correlate2d(picture, rotated)),
             "convolution\n" + style.legend());
  }
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
