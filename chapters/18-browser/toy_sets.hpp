// Ready-made sets of points for the toy. They need no sine or cosine, whose
// last bits differ between libraries.
// Book: book/18-browser.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "04-backprop/quadrants.hpp"
#include "18-browser/toy.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// A random point between two circles about (x, y), whose radii are `inner`
// and `outer`.
inline ToyPoint point_in_ring(float x, float y, float inner, float outer,
                              int label, Random& random) {
  float right = 0, up = 0, squared = 0;
  do {
    right = random.uniform(-outer, outer);
    up = random.uniform(-outer, outer);
    squared = right * right + up * up;
  } while (squared < inner * inner || squared > outer * outer);
  return {x + right, y + up, label};
}

// A disc and a ring about it.
inline std::vector<ToyPoint> two_rings(Random& random) {
  std::vector<ToyPoint> points;
  for (int n = 0; n < 40; ++n) {
    points.push_back(point_in_ring(0, 0, 0, 0.4f, 0, random));
    points.push_back(point_in_ring(0, 0, 0.65f, 0.9f, 1, random));
  }
  return points;
}

// Two half rings, each with one end inside the other.
inline std::vector<ToyPoint> two_moons(Random& random) {
  std::vector<ToyPoint> points;
  for (int n = 0; n < 80; ++n) {
    ToyPoint point = point_in_ring(0, 0, 0.45f, 0.6f, n % 2, random);
    const float side = n % 2 == 0 ? 1.0f : -1.0f;
    point.x -= 0.28f * side;
    point.y = side * (std::abs(point.y) - 0.15f);
    points.push_back(point);
  }
  return points;
}

// Three separate discs.
inline std::vector<ToyPoint> three_blobs(Random& random) {
  const float centre[3][2] = {{-0.5f, 0.4f}, {0.5f, 0.4f}, {0.0f, -0.5f}};
  std::vector<ToyPoint> points;
  for (int n = 0; n < 90; ++n)
    points.push_back(point_in_ring(centre[n % 3][0], centre[n % 3][1], 0,
                                   0.38f, n % 3, random));
  return points;
}

// Chapter 04's task: the class says whether the signs of x and y agree,
// which is exclusive or (XOR).
inline std::vector<ToyPoint> four_quadrants(Random& random) {
  const QuadrantPoints quadrants = quadrant_points(20, random);
  std::vector<ToyPoint> points;
  for (int n = 0; n < quadrants.size(); ++n)
    points.push_back({quadrants.at(n, 0), quadrants.at(n, 1),
                      quadrants.is_a[static_cast<std::size_t>(n)] ? 0 : 1});
  return points;
}

// Throws std::invalid_argument for a name that stands for no set.
inline std::vector<ToyPoint> toy_set(const std::string& name,
                                     Random& random) {
  if (name == "rings") return two_rings(random);
  if (name == "moons") return two_moons(random);
  if (name == "blobs") return three_blobs(random);
  if (name == "xor") return four_quadrants(random);
  fail(Refusal::argument,
       "toy_set: expected rings, moons, blobs or xor, got " + name);
}

}  // namespace cnn
