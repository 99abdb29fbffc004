// Where MNIST's makers put a digit: its longer side fills 20 pixels of the
// 28, and its ink balances on the middle.
//
// Yadav and Bottou reconstructed the rule from the originals, to within a
// few grey levels ("Cold Case: the Lost MNIST Digits", 2019).
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "15-colour/framing.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The cells in rows top ... bottom - 1 and columns left ... right - 1.
struct Box {
  int top = 0, left = 0, bottom = 0, right = 0;

  int height() const { return bottom - top; }
  int width() const { return right - left; }
  friend bool operator==(const Box&, const Box&) = default;
};

// The smallest box around all cells above `threshold`; nothing if there is
// none. image (H, W)
inline std::optional<Box> ink_box(const Tensor<>& image,
                                  float threshold = 0.0f) {
  require_rank(image.shape(), 2, "ink_box", "image");
  Box box = {image.extent(0), image.extent(1), 0, 0};
  for (int y = 0; y < image.extent(0); ++y)
    for (int x = 0; x < image.extent(1); ++x)
      if (image(y, x) > threshold)
        box = {std::min(box.top, y), std::min(box.left, x),
               std::max(box.bottom, y + 1), std::max(box.right, x + 1)};
  if (box.bottom == 0) return std::nullopt;
  return box;
}

// The part of a picture inside a box. Cells of the box that lie outside the
// picture are 0. image (H, W) -> (box.height(), box.width())
inline Tensor<> cropped(const Tensor<>& image, const Box& box) {
  require_rank(image.shape(), 2, "cropped", "image");
  Tensor<> part({box.height(), box.width()});
  for (int y = 0; y < box.height(); ++y)
    for (int x = 0; x < box.width(); ++x) {
      const int from_y = box.top + y, from_x = box.left + x;
      if (from_y >= 0 && from_x >= 0 && from_y < image.extent(0) &&
          from_x < image.extent(1))
        part(y, x) = image(from_y, from_x);
    }
  return part;
}

// The picture moved down and to the right by whole pixels. What leaves the
// frame is lost, and the gap is 0. image (H, W) -> (H, W)
inline Tensor<> moved(const Tensor<>& image, int down, int right) {
  return cropped(image, {-down, -right, image.extent(0) - down,
                         image.extent(1) - right});
}

struct Point {
  double y = 0, x = 0;
};

// The mean place of the ink; nothing if there is no ink. The middle of
// pixel (0, 0) is at (0.5, 0.5). image (H, W), no number below 0
inline std::optional<Point> centre_of_mass(const Tensor<>& image) {
  require_rank(image.shape(), 2, "centre_of_mass", "image");
  double ink = 0, y_sum = 0, x_sum = 0;
  for (int y = 0; y < image.extent(0); ++y)
    for (int x = 0; x < image.extent(1); ++x) {
      const auto here = static_cast<double>(image(y, x));
      ink += here;
      y_sum += here * (y + 0.5);
      x_sum += here * (x + 0.5);
    }
  if (!(ink > 0)) return std::nullopt;
  return Point{y_sum / ink, x_sum / ink};  // (17.1)
}

// The image moved by whole pixels so that its centre of mass lies above 14
// and at most at 15 along both axes, as in every digit of MNIST. A blank
// image stays blank. image (28, 28) -> (28, 28)
inline Tensor<> recentred(const Tensor<>& image) {
  require_shape(image.shape(), {28, 28}, "recentred", "image");
  const std::optional<Point> centre = centre_of_mass(image);
  if (!centre) return image;
  const auto steps = [](double mass) {
    return static_cast<int>(std::floor(15.0 - mass));  // (17.2)
  };
  return moved(image, steps(centre->y), steps(centre->x));
}

// The ink cut out along its box and scaled so that its longer side has
// `longest` pixels and its darkest pixel is 1; nothing if there is no ink.
// ink (H, W), from 0 for paper to 1 -> (h, w)
inline std::optional<Tensor<>> fitted(const Tensor<>& ink, int longest) {
  const std::optional<Box> box = ink_box(ink);
  if (!box) return std::nullopt;
  const double scale =
      static_cast<double>(longest) / std::max(box->height(), box->width());
  const auto side = [&](int size) {
    return std::max(1, static_cast<int>(std::lround(size * scale)));
  };
  Tensor<> small = area_average(cropped(ink, *box), side(box->height()),
                                side(box->width()));
  const auto numbers = small.data();
  const float darkest = *std::max_element(numbers.begin(), numbers.end());
  for (float& number : numbers) number /= darkest;
  return small;
}

// The picture in the middle of a frame, wherever its ink is.
// image (H, W), neither above 28 -> (28, 28)
inline Tensor<> in_the_middle(const Tensor<>& image) {
  require_rank(image.shape(), 2, "in_the_middle", "image");
  const int top = (28 - image.extent(0)) / 2,
            left = (28 - image.extent(1)) / 2;
  return cropped(image, {-top, -left, 28 - top, 28 - left});
}

// A digit of any size as MNIST's makers would have placed it: cropped, its
// longer side 20 pixels, its darkest pixel 1, recentred. Blank ink gives a
// blank picture. ink (H, W), from 0 for paper to 1 -> (28, 28)
inline Tensor<> placed_as_mnist(const Tensor<>& ink) {
  const std::optional<Tensor<>> digit = fitted(ink, 20);
  return digit ? recentred(in_the_middle(*digit)) : Tensor<>({28, 28});
}

}  // namespace cnn
