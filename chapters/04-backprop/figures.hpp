// Draws chapter 04's figures.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/pictures.hpp"
#include "04-backprop/backprop.hpp"
#include "04-backprop/branching.hpp"
#include "04-backprop/descent.hpp"
#include "04-backprop/expression.hpp"
#include "04-backprop/figures_wires.hpp"
#include "04-backprop/kernel_descent.hpp"
#include "04-backprop/nudges.hpp"
#include "04-backprop/quadrants.hpp"
#include "04-backprop/story_gradient.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- Cells with numbers ------------------------------------------------

inline constexpr int text_scale = 2;  // letters that can be read on a page

// Numbers on white, for maps whose sign and size are not the point.
inline Picture plain_tile(const Tensor<>& map, int cell, int decimals = 0) {
  constexpr float nothing_is_large = 1e9f;
  return number_tile(map, cell, nothing_is_large, decimals);
}

inline void outline_cells(Picture& tile, int cell, int y, int x, int size,
                          Colour colour) {
  tile.outline_rectangle(x * cell, y * cell, size * cell, size * cell,
                         colour, 4);
}

// Repaints one cell, with a text in its middle.
inline void write_cell(Picture& tile, int cell, int y, int x,
                       const std::string& text, Colour fill, Colour ink) {
  tile.fill_rectangle(x * cell + 1, y * cell + 1, cell - 1, cell - 1, fill);
  tile.text(x * cell + (cell - Picture::text_width(text, text_scale)) / 2,
            y * cell + (cell - 7 * text_scale) / 2, text, ink, text_scale);
}

// ---- boundary.png ------------------------------------------------------

namespace boundary {

inline constexpr int side = 360;      // of the plane, in pixels
inline constexpr float reach = 1.2f;  // the plane is -reach ... +reach
inline constexpr Colour pale_a{190, 219, 240}, pale_b{250, 224, 196};

inline float coordinate(int pixel) {
  return (static_cast<float>(pixel) + 0.5f) / static_cast<float>(side) *
             (2 * reach) -
         reach;
}

inline int pixel(float coordinate) {
  return static_cast<int>((coordinate + reach) / (2 * reach) *
                          static_cast<float>(side));
}

// Class A is a disc, class B a square.
inline void draw_point(Picture& picture, int x, int y, bool is_a) {
  constexpr int radius = 6;
  for (int dy = -radius; dy <= radius; ++dy)
    for (int dx = -radius; dx <= radius; ++dx) {
      const int distance =
          is_a ? dx * dx + dy * dy : std::max(dx * dx, dy * dy) * 3 / 2;
      if (distance > radius * radius) continue;
      const bool edge = distance > (radius - 2) * (radius - 2);
      picture.fill_rectangle(x + dx, y + dy, 1, 1,
                             edge   ? colours::ink
                             : is_a ? colours::blue
                                    : colours::vermilion);
    }
}

// Where the classifier says A (pale blue) and where B (pale orange); points
// on the wrong side have a black frame.
inline Picture plane(const QuadrantPoints& points,
                     const Classifier& classifier) {
  Tensor<> at({side * side, 2});
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      at(y * side + x, 0) = coordinate(x);
      at(y * side + x, 1) = -coordinate(y);
    }
  const Tensor<> score = classifier(at);
  Picture picture(side, side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      picture.at(x, y) = score(y * side + x, 0) > 0 ? pale_a : pale_b;
  const Tensor<> point_score = classifier(points.at);
  for (int n = 0; n < points.size(); ++n) {
    const bool is_a = points.is_a[static_cast<std::size_t>(n)];
    const int x = pixel(points.at(n, 0)), y = pixel(-points.at(n, 1));
    if ((point_score(n, 0) > 0) != is_a)
      picture.outline_rectangle(x - 11, y - 11, 23, 23, colours::ink, 2);
    draw_point(picture, x, y, is_a);
  }
  return picture;
}

// The plane with its axes on the left and below.
inline Picture with_axes(const Picture& plane) {
  constexpr int left = 44, below = 30;
  Picture picture(side + left, side + below);
  picture.paste(plane, left, 0);
  for (const int tick : {-1, 0, 1}) {
    const int at = pixel(static_cast<float>(tick));
    const std::string text = minus_text(static_cast<float>(tick));
    const int width = Picture::text_width(text, text_scale);
    picture.fill_rectangle(left + at, side, 2, 6, colours::ink);
    picture.text(left + at - width / 2, side + 10, text, colours::ink,
                 text_scale);
    const int up = pixel(-static_cast<float>(tick));
    picture.fill_rectangle(left - 6, up, 6, 2, colours::ink);
    picture.text(left - 10 - width, up - 6, text, colours::ink, text_scale);
  }
  picture.text(left + pixel(0.5f) - 10, side + 10, "x1", colours::ink,
               text_scale);
  picture.text(8, pixel(-0.5f) - 6, "x2", colours::ink, text_scale);
  return picture;
}

inline Picture legend() {
  constexpr int line = 26;
  Picture picture(620, 3 * line);
  draw_point(picture, 12, 10, true);
  picture.text(34, 3, "class A: x1 and x2 have the same sign", colours::ink,
               text_scale);
  draw_point(picture, 12, 10 + line, false);
  picture.text(34, 3 + line, "class B: they have different signs",
               colours::ink, text_scale);
  picture.outline_rectangle(1, 2 * line - 1, 23, 23, colours::ink, 2);
  picture.text(34, 3 + 2 * line, "on the wrong side (pale blue says A)",
               colours::ink, text_scale);
  return picture;
}

}  // namespace boundary

inline Picture boundary_figure(const QuadrantPoints& points,
                               const LinearSearch& line,
                               const Classifier& bent) {
  const auto caption = [&](const std::string& name, int right) {
    return name + "\n" + format("%d of %d right", right, points.size());
  };
  return Sheet("What a straight line cannot separate")
      .add(boundary::with_axes(boundary::plane(points, line)),
           caption(format("the best of %d lines", line.tried), line.right))
      .add(boundary::with_axes(boundary::plane(points, bent)),
           caption("two layers with ReLU", points_right(points, bent)))
      .footer(boundary::legend())
      .picture();
}

// ---- learning-rate.svg, valley.svg -------------------------------------

struct Descent {
  std::string name;
  double learning_rate;
  std::vector<double> weights;  // at the start and after every step

  std::string label() const {
    return format("%g, %s", learning_rate, name.c_str());
  }
};

inline std::string learning_rate_figure(
    const OneWeight& network, const std::vector<Descent>& descents) {
  LinePlot plot;
  plot.title = "Twenty steps with three learning rates";
  plot.x_label = "steps";
  plot.y_label = "loss (logarithmic)";
  plot.log_y = true;
  for (const Descent& descent : descents) {
    // A loss of 0 has no logarithm. That series stays empty, so that the
    // others have the same colours as in valley.svg.
    const bool drawn = network.loss(descent.weights[1]) > 0;
    Series series{drawn ? descent.label() : "", {}, {}, false};
    for (std::size_t i = 0; drawn && i < descent.weights.size(); ++i) {
      series.x.push_back(static_cast<double>(i));
      series.y.push_back(network.loss(descent.weights[i]));
    }
    plot.series.push_back(series);
  }
  return plot.svg();
}

// The first five steps of each descent on the curve of the loss; "at once"
// shows a single step, and "too small" is left out.
inline std::string valley_figure(const OneWeight& network,
                                 const std::vector<Descent>& descents) {
  LinePlot plot;
  plot.x_min = -1;
  plot.x_max = 7;
  plot.title = "The first five steps, in the valley of the loss";
  plot.x_label = "weight w";
  plot.y_label = "loss";
  Series valley{"the loss", {}, {}, false};
  for (int i = -2; i <= 62; ++i) {
    valley.x.push_back(i * 0.1);
    valley.y.push_back(network.loss(i * 0.1));
  }
  plot.series.push_back(valley);
  for (const Descent& descent : descents) {
    Series series{descent.label(), {}, {}, descent.name == "good"};
    const std::size_t steps = descent.name == "at once" ? 1 : 5;
    for (std::size_t i = 0; i <= steps; ++i) {
      series.x.push_back(descent.weights[i]);
      series.y.push_back(network.loss(descent.weights[i]));
    }
    if (descent.name == "at once") {  // its name stands at the start
      std::reverse(series.x.begin(), series.x.end());
      std::reverse(series.y.begin(), series.y.end());
    }
    if (descent.name != "too small") plot.series.push_back(series);
  }
  return plot.svg();
}

// ---- chain.svg ---------------------------------------------------------

inline std::string chain_figure(const ExpressionInputs& in,
                                const ExpressionValues& v,
                                const ExpressionGradients& g) {
  Drawing drawing(760, 290,
                  "The chain rule: loss = (relu(w x + b) - t)^2\n"
                  "Five operations from left to right. Above each wire its "
                  "value, below it the gradient of the loss.");
  drawing.text(380, 24, "loss = (relu(w x + b) − t)²", "title", "middle");
  constexpr double top = 62, main = 100, second = 188, tall = 150;
  const auto wire = [&](int column, double y, const std::string& name,
                        double value, double gradient) {
    const double left = 14 + 130 * column;
    chain::wire(drawing, left, left + 84, y, name, value, gradient);
  };
  const auto box = [&](int column, double height, const std::string& name,
                       const std::string& slope) {
    chain::operation(drawing, 98 + 130 * column, top, height, name, slope);
  };
  wire(0, main, "w", in.w, g.w);
  wire(0, second, "x", in.x, g.x);
  box(0, tall, "×", "slopes x, w");
  wire(1, main, "a", v.a, g.a);
  chain::wire(drawing, 172, 228, second, "b", in.b, g.b);  // a free end
  box(1, tall, "+", "slopes 1, 1");
  wire(2, main, "z", v.z, g.z);
  box(2, 76, "relu", "slope 1 or 0");
  wire(3, main, "r", v.r, g.r);
  wire(3, second, "t", in.t, g.t);
  box(3, tall, "−", "slopes 1, −1");
  wire(4, main, "d", v.d, g.d);
  box(4, 76, "d²", "slope 2 d");
  wire(5, main, "loss", v.loss, g.loss);
  drawing.text(380, 258,
               "→ above the wire: the value, computed from left to right",
               "label series-0", "middle");
  drawing.text(380, 278,
               "← below it: the gradient = the one that arrives from the "
               "right × the slope of the box",
               "label series-1", "middle");
  return drawing.svg();
}

// ---- branching.svg -----------------------------------------------------

inline std::string branching_figure(const BranchingInputs& in,
                                    const BranchingValues& v,
                                    const BranchingGradients& g) {
  Drawing drawing(640, 330,
                  "A number that is used twice: loss = (x + y) max(x, z)\n"
                  "The wire of x forks: one branch goes to the sum, the "
                  "other to the maximum. What comes back along the two "
                  "adds up.");
  drawing.text(320, 24, "loss = (x + y) · max(x, z)", "title", "middle");
  constexpr double sum = 50, maximum = 178, boxes = 232, product = 420;
  constexpr double first = 76, upper = 126, trunk = 165, lower = 204,
                   last = 254;
  constexpr double fork = 112;
  const double to_max = g.x - g.s;
  chain::wire(drawing, 14, boxes, first, "y", in.y, g.y);
  chain::wire(drawing, 14, fork - 6, trunk, "x", in.x, g.x);
  drawing.line(fork, upper, fork, lower, "axis");
  chain::wire(drawing, fork, boxes, upper, "x", in.x, g.s);
  chain::wire(drawing, fork, boxes, lower, "x", in.x, to_max);
  chain::wire(drawing, 14, boxes, last, "z", in.z, g.z);
  chain::operation(drawing, boxes, sum, 102, "+", "");
  chain::operation(drawing, boxes, maximum, 102, "max", "");
  chain::wire(drawing, boxes + 46, product, 101, "s", v.s, g.s);
  chain::wire(drawing, boxes + 46, product, 229, "m", v.m, g.m);
  chain::operation(drawing, product, sum, 230, "×", "");
  chain::wire(drawing, product + 46, 600, trunk, "loss", v.loss, g.loss);
  drawing.text(320, 310,
               format("← at the fork the gradients add up: %g + %g = %g",
                      g.s, to_max, g.x),
               "label series-1", "middle");
  return drawing.svg();
}

// ---- nudge.svg ---------------------------------------------------------

inline std::string nudge_figure(const std::vector<NudgeErrors>& errors) {
  LinePlot plot;
  plot.title = "The measured slope of w³ at 1: how far off?";
  plot.x_label = "nudge h";
  plot.y_label = "error of the slope";
  plot.log_x = plot.log_y = true;
  Series one{"one way", {}, {}, false}, both{"both ways", {}, {}, false};
  // From small to large, so that the labels stand where the lines part.
  for (std::size_t i = errors.size(); i-- > 0;) {
    const NudgeErrors& it = errors[i];
    one.x.push_back(it.h), one.y.push_back(it.one_way);
    both.x.push_back(it.h), both.y.push_back(it.both_ways);
  }
  plot.series = {one, both};
  return plot.svg();
}

// ---- scatter.png -------------------------------------------------------

inline constexpr int scatter_cell = 46;

// grad_output (H_out, W_out) with all cells but (lit_y, lit_x) greyed out.
inline Picture one_cell_lit(const Tensor<>& grad_output, float range,
                            int lit_y, int lit_x) {
  constexpr Colour pale{238, 240, 242}, grey{165, 170, 176};
  Picture tile = number_tile(grad_output, scatter_cell, range, 0);
  for (int y = 0; y < grad_output.extent(0); ++y)
    for (int x = 0; x < grad_output.extent(1); ++x)
      if (y != lit_y || x != lit_x)
        write_cell(tile, scatter_cell, y, x, minus_text(grad_output(y, x)),
                   pale, grey);
  outline_cells(tile, scatter_cell, lit_y, lit_x, 1, colours::ink);
  return tile;
}

// contributions: one (H, W) for each cell of grad_output, in reading order
inline Picture scatter_figure(const Tensor<>& kernel,
                              const Tensor<>& grad_output,
                              const std::vector<Tensor<>>& contributions,
                              const Tensor<>& grad_input) {
  const float range = largest_magnitude(grad_input);
  const int K = kernel.extent(0), W_out = grad_output.extent(1);
  Sheet sheet(
      "Back through a convolution: each output cell returns its "
      "gradient, times the kernel, to its window");
  for (int i = 0; i < grad_output.size(); ++i)
    sheet.add(one_cell_lit(grad_output, range, i / W_out, i % W_out),
              format("grad_output\n(%d, %d)", i / W_out, i % W_out));
  sheet.add(plain_tile(kernel, scatter_cell), "the kernel");
  sheet.row();
  for (int i = 0; i < grad_output.size(); ++i) {
    Picture tile = number_tile(contributions[static_cast<std::size_t>(i)],
                               scatter_cell, range, 0);
    outline_cells(tile, scatter_cell, i / W_out, i % W_out, K,
                  colours::ink);
    sheet.add(tile,
              minus_text(grad_output(i / W_out, i % W_out)) + " × kernel");
  }
  sheet.add(number_tile(grad_input, scatter_cell, range, 0),
            "the sum:\ngrad_input");
  return sheet.footer(diverging_scale(range, 300)).picture();
}

// ---- rotate.png --------------------------------------------------------

inline constexpr int rotate_cell = 54;
inline constexpr Colour rotate_pale{214, 232, 245};

// The 3x3 input with one window and the kernel written into it; the cell in
// the middle is yellow.
inline Picture window_on_input(const Tensor<>& kernel, int top, int left) {
  const Tensor<> empty({3, 3});
  Picture tile = plain_tile(empty, rotate_cell);
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 3; ++x) {
      const int ky = y - top, kx = x - left;
      const bool inside = ky >= 0 && ky < 2 && kx >= 0 && kx < 2;
      const bool marked = y == 1 && x == 1;
      write_cell(tile, rotate_cell, y, x,
                 inside ? minus_text(kernel(ky, kx)) : "",
                 marked   ? colours::yellow
                 : inside ? rotate_pale
                          : colours::paper,
                 colours::ink);
    }
  outline_cells(tile, rotate_cell, top, left, 2, colours::ink);
  return tile;
}

// The padded grad_output (4, 4) with the rotated kernel over one window:
// in each of its cells the gradient, and below it "×weight".
inline Picture rotated_over(const Tensor<>& padded, const Tensor<>& rotated,
                            int top, int left) {
  constexpr Colour border{238, 240, 242};
  Picture tile = plain_tile(padded, rotate_cell);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x) {
      const int ky = y - top, kx = x - left;
      const bool inside = ky >= 0 && ky < 2 && kx >= 0 && kx < 2;
      const bool in_border = y == 0 || y == 3 || x == 0 || x == 3;
      const std::string number = minus_text(padded(y, x));
      const Colour fill = inside      ? rotate_pale
                          : in_border ? border
                                      : colours::paper;
      if (!inside) {
        write_cell(tile, rotate_cell, y, x, number, fill, colours::ink);
        continue;
      }
      write_cell(tile, rotate_cell, y, x, "", fill, colours::ink);
      tile.text(x * rotate_cell + 8, y * rotate_cell + 8, number,
                colours::ink, text_scale);
      tile.text(x * rotate_cell + 22, y * rotate_cell + 31,
                "×" + minus_text(rotated(ky, kx)), colours::blue,
                text_scale);
    }
  outline_cells(tile, rotate_cell, top, left, 2, colours::ink);
  return tile;
}

inline std::string sum_caption(const Tensor<>& padded,
                               const Tensor<>& rotated, int top, int left) {
  std::string text;
  float sum = 0;
  for (int i = 0; i < 4; ++i) {
    const float grad = padded(top + i / 2, left + i % 2);
    const float weight = rotated(i / 2, i % 2);
    sum += grad * weight;
    text += (i == 0   ? ""
             : i == 2 ? "\n+ "
                      : " + ") +
            minus_text(grad) + "×" + minus_text(weight);
  }
  return text + "\n= " + minus_text(sum);
}

// kernel (2, 2)  grad_output (2, 2)  grad_input (3, 3)
inline Picture rotate_figure(const Tensor<>& kernel,
                             const Tensor<>& grad_output,
                             const Tensor<>& grad_input) {
  Sheet sheet("Why the kernel is rotated");
  sheet.row().add(plain_tile(kernel, rotate_cell),
                  "kernel at its four windows");
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x)
      sheet.add(window_on_input(kernel, y, x),
                format("output (%d, %d)\nsees yellow\nthrough ", y, x) +
                    minus_text(kernel(1 - y, 1 - x)));
  const Tensor<> rotated = rotate180(kernel);
  const Tensor<> padded = pad(as_batch(grad_output), 1).reshaped({4, 4});
  sheet.row().add(plain_tile(rotated, rotate_cell),
                  "rotated by 180°, over padded grad_output");
  for (int at = 0; at < 3; ++at)
    sheet.add(rotated_over(padded, rotated, at, at),
              sum_caption(padded, rotated, at, at));
  Picture result = plain_tile(grad_input, rotate_cell);
  write_cell(result, rotate_cell, 1, 1, minus_text(grad_input(1, 1)),
             colours::yellow, colours::ink);
  for (int at = 0; at < 3; ++at)
    outline_cells(result, rotate_cell, at, at, 1, colours::ink);
  sheet.add(result, "grad_input");
  return sheet.picture();
}

// ---- maxpool-gradient.png ----------------------------------------------

// input (4, 4)  grad_output (2, 2)  by_max, by_mean (4, 4)
inline Picture max_pool_figure(const Tensor<>& input,
                               const Tensor<>& grad_output,
                               const Tensor<>& by_max,
                               const Tensor<>& by_mean) {
  constexpr int cell = 46;
  const float range = largest_magnitude(grad_output);
  Picture numbers = plain_tile(input, cell);
  Picture winners = number_tile(by_max, cell, range, 0);
  Picture means = number_tile(by_mean, cell, range, 0);
  for (int y = 0; y < 4; y += 2)
    for (int x = 0; x < 4; x += 2) {
      const Cell won = winner(as_batch(input), 0, 0, y, x, 2);
      outline_cells(numbers, cell, won.y, won.x, 1, colours::ink);
      outline_cells(winners, cell, won.y, won.x, 1, colours::ink);
    }
  for (Picture* tile : {&numbers, &winners, &means}) {
    tile->fill_rectangle(tile->width() / 2 - 1, 0, 3, tile->height(),
                         colours::ink);
    tile->fill_rectangle(0, tile->height() / 2 - 1, tile->width(), 3,
                         colours::ink);
  }
  return Sheet("Backward through pooling, windows of 2x2")
      .add(numbers, "input, its\nwinners outlined")
      .add(number_tile(grad_output, cell, range, 0), "grad_output")
      .add(winners, "max-pool: all\nto the winner")
      .add(means, "average pool:\na quarter each")
      .footer(diverging_scale(range, 300))
      .picture();
}

// ---- sobel-error.svg, sobel-kernels.png --------------------------------

inline std::string error_figure(const std::vector<SearchStep>& search,
                                const std::vector<SearchStep>& descent) {
  Series tried{"trying", {}, {}, false};
  for (const SearchStep& now : search) {
    tried.x.push_back(now.forward_passes);
    tried.y.push_back(now.error);
  }
  Series went{"gradient", {}, {}, false};
  for (const SearchStep& now : descent) {
    went.x.push_back(2 * now.forward_passes - 1);
    went.y.push_back(now.error);
  }
  LinePlot plot;
  plot.title = "Finding Sobel's kernel: by trying, and with the gradient";
  plot.x_label = "passes over the digits, forward and backward";
  plot.y_label = "mean squared error";
  plot.log_x = plot.log_y = true;
  plot.series = {tried, went};
  return plot.svg();
}

inline Picture kernels_figure(const std::vector<SearchStep>& descent) {
  constexpr int cell = 72;
  constexpr float range = 2;
  Sheet sheet("A kernel found by gradient descent");
  int shown = 0;
  const std::size_t last = descent.size() - 1;
  for (const std::size_t at : {std::size_t{0}, std::size_t{1},
                               std::size_t{10}, std::size_t{100}, last}) {
    if (at > last) continue;
    sheet.add(
        number_tile(descent[at].kernel, cell, range, 2),
        at == 0 ? "start"
                : format("step %zu", at) + (at == last ? ", the end" : ""));
    if (++shown == 3) sheet.row();
  }
  return sheet.add(number_tile(sobel_x(), cell, range, 2), "Sobel's own")
      .footer(diverging_scale(range, 300))
      .picture();
}

// ---- story.png ---------------------------------------------------------

// picture (H, W)
inline Picture story_figure(const Tensor<>& picture,
                            const StoryGradient& it) {
  const auto tile = [&](const Tensor<>& batch, int scale) {
    return diverging_tile(plane(batch), scale, largest_magnitude(batch));
  };
  return Sheet("Our digit, forward and back")
      .add(grey_tile(picture, 6), "the digit")
      .add(tile(it.pooled, 12), "Sobel x, ReLU,\npooled 2 x 2")
      .row()
      .add(tile(it.grad_pixels, 6), "gradient at\nthe pixels")
      .add(tile(it.grad_map, 6), "back through\npooling, ReLU")
      .picture();
}

}  // namespace cnn
