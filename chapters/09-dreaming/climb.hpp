// Gradient ascent on a picture: the pixels change, and the network stays as
// it is.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "09-dreaming/regularizers.hpp"
#include "09-dreaming/saliency.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The function to maximize: images (N, C, H, W) -> one number per image,
// and its gradient.
template <class T = float>
using Objective = std::function<Heights<T>(const Tensor<T>&)>;

// Called at the start (step 0) and after each step with the images and
// their values; false ends the climb.
template <class T = float>
using AfterClimbStep = std::function<bool(int step, const Tensor<T>& images,
                                          const std::vector<T>& values)>;

// The gradient with each image's part divided by its root mean square, so
// that the length of a step does not depend on how steep the slope is. A
// gradient of 0 stays 0. gradient (N, ...) -> the same shape
template <class T>
Tensor<T> normalised(Tensor<T> gradient) {
  if (gradient.rank() == 0)
    fail(Refusal::argument, "normalised: expected a batch, got shape ()");
  for (int n = 0; n < gradient.extent(0); ++n) {
    const auto row = row_of(gradient, n);
    const T size = root_mean_square<T>(row);
    if (size > 0)
      for (T& number : row) number /= size;
  }
  return gradient;
}

// ---- The plain climb ---------------------------------------------------

// One step along `direction`, with a size s for each image, clipped to the
// range of grey levels:  x <- clip(x + s g)                          (9.2)
// images, direction (N, ...), N sizes -> the same shape
template <class T>
Tensor<T> stepped(Tensor<T> images, const Tensor<T>& direction,
                  const std::vector<T>& sizes) {
  require_shape(direction.shape(), images.shape(), "stepped", "direction");
  if (images.rank() == 0 ||
      static_cast<int>(sizes.size()) != images.extent(0))
    fail(Refusal::argument, "stepped: images " + to_string(images.shape()) +
                                " expect a size each, got " +
                                std::to_string(sizes.size()));
  for (int n = 0; n < images.extent(0); ++n) {
    const auto x = row_of(images, n);
    const auto g = row_of(direction, n);
    const T s = sizes[static_cast<std::size_t>(n)];
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = std::clamp(x[i] + s * g[i], T{0}, T{1});  // (9.2)
  }
  return images;
}

// Throws std::invalid_argument unless there are images (N, C, H, W), 0 or
// more steps, and a size above 0.
template <class T>
void require_climb(const Tensor<T>& images, int steps, double size,
                   const std::string& where) {
  require_rank(images.shape(), 4, where, "images");
  if (steps < 0 || !(size > 0))
    fail(Refusal::argument,
         where + ": expected 0 or more steps of a size above 0, got " +
             counted_text(steps, "step") + " of size " +
             std::to_string(size));
}

// Throws std::invalid_argument unless an objective gave each image a value
// and a gradient, and std::runtime_error if one of the values is a NaN.
template <class T>
void require_heights(const Heights<T>& heights, const Tensor<T>& images,
                     int step, const std::string& where) {
  require_shape(heights.gradient.shape(), images.shape(), where,
                "the objective's gradient");
  require_shape({static_cast<int>(heights.values.size())},
                {images.extent(0)}, where, "the objective's values");
  for (std::size_t n = 0; n < heights.values.size(); ++n)
    if (std::isnan(heights.values[n]))
      fail(Refusal::runtime,
           where + ": the value of image " + std::to_string(n) +
               " is not a number at step " + std::to_string(step) +
               "; does the network that is asked give numbers?");
}

// Tries `steps` steps uphill. A step that leads higher is taken, and the
// next one is 1.5 times as long. A step that does not is rejected, and the
// next one is half as long, so no value ever falls. Each image has its own
// step size, which starts at `size`, in grey levels from 0 to 1. (Erhan,
// Bengio, Courville and Vincent 2009.)
// images (N, C, H, W) -> the same shape
// Throws what require_climb() and require_heights() throw.
template <class T>
Tensor<T> climb(Tensor<T> images, const Objective<T>& objective, int steps,
                double size = 0.05,
                const AfterClimbStep<T>& after_step = {}) {
  require_climb(images, steps, size, "climb");
  Heights<T> here = objective(images);
  require_heights(here, images, 0, "climb");
  std::vector<T> sizes(here.values.size(), static_cast<T>(size));
  for (int step = 0;; ++step) {
    if (after_step && !after_step(step, images, here.values)) break;
    if (step == steps) break;
    const Tensor<T> tried =
        stepped(images, normalised(here.gradient), sizes);
    const Heights<T> there = objective(tried);
    require_heights(there, images, step + 1, "climb");
    for (int n = 0; n < images.extent(0); ++n) {
      const auto at = static_cast<std::size_t>(n);
      const bool higher = there.values[at] > here.values[at];
      sizes[at] *= static_cast<T>(higher ? 1.5 : 0.5);
      if (!higher) continue;
      here.values[at] = there.values[at];
      set_row(images, n, row_of(tried, n));
      set_row(here.gradient, n, row_of(there.gradient, n));
    }
  }
  return images;
}

// ---- The regularized climb ---------------------------------------------

// The settings of dream(). A regularizer that is set to 0 is off.
struct DreamSettings {
  int steps = 300;
  double size = 0.05;      // of a step, in grey levels
  double decay = 0.0;      // share of every pixel that each step takes away
  int blur_every = 0;      // steps from one blur to the next
  int jitter = 0;          // largest random shift, in rows and columns
  double variation = 0.0;  // weight of the total variation
  std::uint64_t seed = 1;  // of the shifts
};

// Steps of a fixed size, taken whether or not they lead higher:
//   x <- (1 - d) clip(x + s (g - lambda dV/dx))                      (9.5)
// with g the normalised gradient of a randomly shifted picture, shifted
// back, d the decay, V the total variation and lambda its weight. After
// every blur_every steps the picture is blurred. The values may fall.
// images (N, C, H, W) -> the same shape
// Throws what climb() throws, and std::invalid_argument if the setting of a
// regularizer is out of range.
template <class T>
Tensor<T> dream(Tensor<T> images, const Objective<T>& objective,
                const DreamSettings& settings,
                const AfterClimbStep<T>& after_step = {}) {
  require_climb(images, settings.steps, settings.size, "dream");
  if (settings.jitter < 0 || settings.jitter > 1000000 ||
      settings.blur_every < 0 ||
      !(settings.decay >= 0 && settings.decay <= 1) ||
      !(settings.variation >= 0))
    fail(Refusal::argument,
         "dream: expected jitter from 0 to 1000000, blur_every and "
         "variation of 0 or more and decay from 0 to 1, got " +
             std::to_string(settings.jitter) + ", " +
             std::to_string(settings.blur_every) + ", " +
             std::to_string(settings.variation) + " and " +
             std::to_string(settings.decay));
  Random random(settings.seed);
  const auto shift = [&] {
    return settings.jitter == 0
               ? 0
               : random.below(2 * settings.jitter + 1) - settings.jitter;
  };
  const std::vector<T> sizes(static_cast<std::size_t>(images.extent(0)),
                             static_cast<T>(settings.size));
  for (int step = 0;; ++step) {
    if (after_step && !after_step(step, images, objective(images).values))
      break;
    if (step == settings.steps) break;
    const int dy = shift(), dx = shift();
    const Heights<T> seen = objective(rolled(images, dy, dx));
    require_heights(seen, images, step, "dream");
    Tensor<T> direction = normalised(rolled(seen.gradient, -dy, -dx));
    if (settings.variation > 0)
      add(direction, total_variation(images).gradient, -settings.variation);
    images = stepped(images, direction, sizes);
    if (settings.decay > 0) images = decayed(images, settings.decay);
    if (settings.blur_every > 0 && (step + 1) % settings.blur_every == 0)
      images = blurred(images);
  }
  return images;
}

}  // namespace cnn
