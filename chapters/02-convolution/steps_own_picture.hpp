// --picture: the handmade kernels on the reader's own picture.
// Book: book/02-convolution.md
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "02-convolution/figures.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/kernel_effects.hpp"
#include "02-convolution/own_picture.hpp"
#include "common/data/files.hpp"
#include "common/data/pictures.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/broken.hpp"

namespace cnn {

// The most cells along the longer side: few enough that one can see the
// nine cells of a window.
constexpr int own_picture_cells = 160;
// The pixels along that side of a tile on the sheet, at most.
constexpr int own_picture_side = 320;

inline void set_up_own_picture(Program& program) {
  program.reads("picture", "FILE",
                "lays the kernels on your own picture, a JPEG, PNG, BMP or "
                "GIF file, and nothing else");
}

inline bool asks_for_own_picture(const Program& program) {
  const bool asks = program.given("picture");
  if (asks)
    program.require_without("picture", {"row", "column", "data", "seed"},
                            ": it looks at that one picture only");
  return asks;
}

// How a picture of H x W was made to fit.
inline std::string fitted_text(const std::string& name, int H, int W,
                               const Tensor<>& picture) {
  const int K = window_to_fit(H, W, own_picture_cells);
  const std::string has =
      format("%s is %d pixels wide and %d high", name.c_str(), W, H);
  if (K == 1) return has + ", few enough to keep them all. ";
  return has + format(
                   ". A blur of %d x %d with stride %d makes %d x %d cells "
                   "of them, each the mean of its window. ",
                   K, K, K, picture.extent(2), picture.extent(1));
}

// Which way the edges run, judged by the two Sobels of the grey, rounded as
// they are printed.
inline std::string edges_text(const SceneEffects& it) {
  const double x = mean_magnitude(it.gx), y = mean_magnitude(it.gy);
  const std::string x_text = format("%.3f", x), y_text = format("%.3f", y);
  const std::string flat =
      format("The edge strength is under 0.2 in %d of %d cells. ", it.flat,
             it.strength.size());
  if (x == 0 && y == 0)
    return flat + "Both Sobels answer 0 everywhere: there is no edge.";
  return flat + "Signs left out, Sobel x answers " + x_text +
         " on average and Sobel y " + y_text + ", so the grey changes " +
         (x_text == y_text ? "as much from left to right as from top to "
                             "bottom."
          : x > y ? "more from left to right than from top to bottom."
                  : "more from top to bottom than from left to right.");
}

inline void kernels_on_own_picture(Program& program) {
  const std::filesystem::path path = program.text("picture");
  const Tensor<> whole = value_or_fail(
      parse_picture(read_bytes(path, most_picture_bytes)), path.string());
  const Tensor<> picture =
      value_or_fail(made_to_fit(whole, own_picture_cells), path.string());
  const int H = picture.extent(1), W = picture.extent(2);
  const SceneEffects it =
      compute_scene_effects(picture, handmade_kernels());
  step("The kernels on your own picture");
  say(fitted_text(path.filename().string(), whole.extent(1),
                  whole.extent(2), picture) +
      edges_text(it));
  program.figure(
      "own-" + path.stem().string() + ".png",
      kernels_scene_figure(picture, it,
                           std::max(1, own_picture_side / std::max(H, W))),
      "above, each colour convolved on its own; below, the edges of the "
      "grey, orange where it gets brighter to the right or downwards");
  program.report("own_flat_cells", std::to_string(it.flat));
}

}  // namespace cnn
