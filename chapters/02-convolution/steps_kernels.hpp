// Steps 4, 5 and 7: kernels made by hand, a picture that moves, a kernel
// that is rotated.
// Book: book/02-convolution.md
#pragma once

#include <string>
#include <vector>

#include "01-tensor/scene.hpp"
#include "02-convolution/figures.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/kernel_effects.hpp"
#include "02-convolution/pictures.hpp"
#include "02-convolution/steps_letters.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 4. Kernels made by hand -------------------------------------------

inline void show(const KernelEffects& effects) {
  Rows rows = {{"kernel", "sum of weights", "sum x mean", "mean of result",
                "smallest", "largest"}};
  for (const KernelEffect& it : effects.of_each)
    rows.push_back({it.name, format("%.2f", it.sum),
                    format("%.4f", it.sum * effects.picture_mean),
                    format("%.4f", it.mean),
                    format("%.2f", static_cast<double>(it.least)),
                    format("%.2f", static_cast<double>(it.most))});
  print("\n");
  say(
      format("The digit's mean is %.4f, and 'sum x mean' is the sum of the "
             "weights times this mean. The last two columns are the "
             "smallest and the largest cell of the result.\n\n",
             effects.picture_mean));
  print_table(rows);
  print("\n");
  say(std::string(
          effects.means_follow_sums()
              ? "Weights that sum to 1 keep the mean brightness, as long "
                "as no ink touches the border. "
              : "Weights that sum to 1 would keep the mean brightness, but "
                "this digit's ink touches the border. ") +
      "Weights that sum to 0 give 0 where the picture is flat: they see "
      "only changes.");
}

inline void kernels_on_digit(Program& program, const Tensor<>& digit) {
  const std::vector<NamedKernel> kernels = handmade_kernels();
  const KernelEffects effects = compute_effects(digit, kernels);
  show(effects);
  program.figure("kernels-digit.png",
                 kernels_digit_figure(kernels, effects.results),
                 "the two Sobels see the same strokes from different "
                 "sides; sharpen and emboss are in grey, with 0 half way");
}

inline void kernels_on_scene(Program& program) {
  const Tensor<> scene = little_scene();
  const SceneEffects it = compute_scene_effects(scene, handmade_kernels());
  print("\n");
  say(format(
      "On a picture in colour %s each colour is convolved on its own. To "
      "find most of its edges, the mean grey will do: the answers x and y "
      "of the two Sobels give one edge strength, sqrt(x^2 + y^2). An "
      "upright or a level edge from black to white would have strength 4; "
      "here the strength is under 0.2 in %d of %d cells. An edge that only "
      "colour shows is lost: the sun's grey is %.2f, the sky's beside it "
      "%.2f.",
      to_string(scene.shape()).c_str(), it.flat, it.strength.size(),
      static_cast<double>(it.grey(9, 54)),
      static_cast<double>(it.grey(9, 45))));
  program.figure("kernels-scene.png",
                 kernels_scene_figure(scene, it, 200 / scene.extent(2)),
                 "blur softens the edges, sharpen lifts them, Sobel leaves "
                 "only the edges");
}

// story (H, W): the digit that the book follows
inline void edges_of_the_story(Program& program, const Tensor<>& story) {
  const Tensor<> edges = edges_of(story);
  const Peak peak = peak_of(edges);
  print("\n");
  say(
      format("The digit that the book follows has its own map of edges. "
             "The largest answer of Sobel x is at row %d, column %d: %.2f.",
             peak.y, peak.x, static_cast<double>(peak.value)));
  program.figure("story.png", story_edges_figure(story, edges),
                 "orange where ink begins, from left to right, and blue "
                 "where it ends");
}

// story (H, W): the digit that the book follows
inline void kernels_by_hand(Program& program, const Tensor<>& digit,
                            const Tensor<>& story) {
  step("Kernels made by hand");
  say("Here are six kernels that people made long before a computer "
      "learned one. All six are the weights of one convolution (6, 1, 3, "
      "3), so one digit becomes six pictures. Padding 1 keeps the size.");
  kernels_on_digit(program, digit);
  kernels_on_scene(program);
  edges_of_the_story(program, story);
}

// ---- 5. Shift ----------------------------------------------------------

inline std::vector<std::string> shift_row(const Shift& it) {
  return {it.name, format("%g", static_cast<double>(it.everywhere())),
          format("%g", static_cast<double>(it.inside()))};
}

// What the numbers say about a digit and a scene.
inline std::string shift_verdict(const Shift& digit, const Shift& scene) {
  const bool equal = digit.inside() == 0 && scene.inside() == 0;
  return std::string(
             equal ? "Away from the border the two agree to the last bit. "
                   : "The two differ even away from the border. ") +
         "At the top and at the left zeros come in where there was no "
         "picture. If we move first, Sobel sees an edge between the zeros "
         "and the scene. If we move last, it never meets them." +
         (digit.everywhere() == 0 ? " A digit's border is black anyway."
                                  : "");
}

inline void shift_and_convolve(Program& program, const Tensor<>& digit) {
  step("Shift the input, and the output shifts");
  say("Move a digit 1 down and 2 to the right, then apply Sobel x; or "
      "apply Sobel x first, then move. The same weights look at every "
      "place, so the order should not matter. The largest difference "
      "between the two:");
  const std::vector<Shift> shifts = {
      shift_both_ways("the digit", digit, 1, 2),
      shift_both_ways("the scene in grey", grey(little_scene()), 1, 2)};
  print("\n");
  print_table({{"picture", "everywhere", "without row 0, columns 0 and 1"},
               shift_row(shifts[0]),
               shift_row(shifts[1])});
  print("\n");
  say(shift_verdict(shifts[0], shifts[1]));
  program.figure("shift.png", shift_figure(shifts),
                 "the difference is white, that is 0, except at the left "
                 "rim of the scene, where zeros came in");
}

// ---- 7. Convolution or cross-correlation -------------------------------

inline void show_single_cell() {
  Tensor<> dot({5, 5});
  dot(2, 2) = 1;
  const Tensor<> kernel({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  print("\n    One cell of 1 in a picture (5, 5) of zeros:\n\n");
  print_side_by_side({{"kernel", kernel},
                      {"correlated", correlate2d(dot, kernel)},
                      {"convolved", correlate2d(dot, rotate180(kernel))}});
  print("\n");
}

// What the numbers say about the six kernels; empty if they are not as
// expected.
inline std::string flip_verdict(const std::vector<Flip>& flips) {
  const bool as_expected = flips[0].same() && flips[1].same() &&
                           flips[2].same() && flips[3].opposite() &&
                           flips[4].opposite() && !flips[5].same() &&
                           !flips[5].opposite();
  return as_expected ? "Identity, blur and sharpen look the same rotated: "
                       "no difference. A rotated Sobel is the same with "
                       "the other sign: the sum is 0. Emboss is neither: "
                       "the light comes from the other side. "
                     : "";
}

inline void convolution_or_correlation(Program& program,
                                       const Tensor<>& digit) {
  step("Convolution or cross-correlation?");
  say("What networks call convolution is what mathematics calls "
      "cross-correlation. Mathematics rotates the kernel by 180 degrees "
      "before it lays it down, and calls that convolution.");
  show_single_cell();
  say("Let a be what a kernel makes of the digit, and b what the rotated "
      "kernel makes of it. Here is the largest cell of their difference "
      "and of their sum, without its sign:");
  const Tensor<> padded = plane(pad(as_batch(digit), 1));
  const std::vector<NamedKernel> kernels = handmade_kernels();
  std::vector<Flip> flips;
  Rows rows = {{"kernel", "|a - b|", "|a + b|"}};
  for (const NamedKernel& kernel : kernels) {
    const Flip it = compute_flip(padded, kernel);
    flips.push_back(it);
    rows.push_back({it.name,
                    format("%.2f", static_cast<double>(it.difference)),
                    format("%.2f", static_cast<double>(it.sum))});
  }
  print("\n");
  print_table(rows);
  print("\n");
  say(flip_verdict(flips) +
      "A network finds its weights itself and would find them rotated, so "
      "it does not matter which of the two it uses; only two programs that "
      "exchange weights must agree.");
  program.figure("flip.png",
                 flip_figure(padded, {kernels[1], kernels[3], kernels[5]}),
                 "blur stays, Sobel x changes its sign, the light on the "
                 "embossed digit comes from the bottom right");
}

}  // namespace cnn
