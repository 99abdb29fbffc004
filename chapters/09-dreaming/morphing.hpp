// From one digit to another by two routes: straight through the space of
// pictures, and along the gradient until the network says that it has
// arrived.
// Book: book/09-dreaming.md
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "09-dreaming/climb.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The pictures along a way, and what the network thinks of each.
struct Way {
  std::vector<Tensor<>> pictures;     // (1, C, H, W)
  std::vector<double> distances;      // from the first, root mean square
  std::vector<double> from, towards;  // probabilities of the two classes
};

// Adds a picture (1, C, H, W) to a way.
// Throws std::invalid_argument unless it is one picture, both classes
// exist, and the network's probabilities are numbers.
inline void append(Way& way, Layer<>& network, const Tensor<>& picture,
                   int from, int towards) {
  const Tensor<> p = softmax(network.forward(picture, Mode::evaluation));
  require_rank(p.shape(), 2, "append", "the network's output");
  require_shape(p.shape(), {1, p.extent(1)}, "append",
                "the network's output");
  require_answers(p, "append");
  one_of({from, towards}, p.extent(1));  // throws if one is no class
  way.pictures.push_back(picture);
  way.distances.push_back(
      static_cast<double>(distance(picture, way.pictures.front())));
  way.from.push_back(static_cast<double>(p(0, from)));
  way.towards.push_back(static_cast<double>(p(0, towards)));
}

// From picture a to picture b in `steps` equal steps:
//   x = (1 - t) a + t b,  t = 0 ... 1                                (9.7)
// a, b (1, C, H, W) of the classes `from` and `towards`
inline Way straight_way(Layer<>& network, const Tensor<>& a,
                        const Tensor<>& b, int from, int towards,
                        int steps) {
  require_shape(b.shape(), a.shape(), "straight_way", "the second picture");
  if (steps < 1)
    fail(Refusal::argument, "straight_way: expected 1 or more steps, got " +
                                std::to_string(steps));
  Way way;
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    Tensor<> picture(a.shape());
    add(picture, a, 1 - t);
    add(picture, b, t);
    append(way, network, picture, from, towards);
  }
  return way;
}

// Steps of the same small size along the gradient of z_towards - z_from. No
// second picture is needed.
// a (1, C, H, W) of the class `from`
inline Way gradient_way(Layer<>& network, const Tensor<>& a, int from,
                        int towards, int steps, double size) {
  require_climb(a, steps, size, "gradient_way");
  Tensor<> picture = a;
  Way way;
  append(way, network, picture, from, towards);
  Tensor<> weights = one_of({towards}, 10);
  add(weights, one_of({from}, 10), -1);
  for (int i = 0; i < steps; ++i) {
    picture = stepped(
        picture,
        normalised(weighted_logits(network, picture, weights).gradient),
        {static_cast<float>(size)});
    append(way, network, picture, from, towards);
  }
  return way;
}

// The distance at which the second class becomes the likelier of the two
// and stays so to the end; infinity if it never does.
inline double turning_distance(const Way& way) {
  std::size_t first = way.pictures.size();
  while (first > 0 && way.towards[first - 1] > way.from[first - 1]) --first;
  return first < way.pictures.size()
             ? way.distances[first]
             : std::numeric_limits<double>::infinity();
}

// Both ways from one digit, and how far along each the answer turns.
struct Morph {
  int from = 0, towards = 0;
  Way straight, gradient;
  double straight_turn = 0, gradient_turn = 0;
};

// a, b (1, C, H, W) of the classes `from` and `towards`; `steps` along the
// gradient, each of size 0.01
inline Morph compute_morph(Layer<>& network, const Tensor<>& a,
                           const Tensor<>& b, int from, int towards,
                           int steps) {
  Morph all{from, towards, straight_way(network, a, b, from, towards, 100),
            gradient_way(network, a, from, towards, steps, 0.01)};
  all.straight_turn = turning_distance(all.straight);
  all.gradient_turn = turning_distance(all.gradient);
  return all;
}

}  // namespace cnn
