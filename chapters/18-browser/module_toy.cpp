// What the host calls to use the toy in two dimensions: one toy, and the
// points that it learns from.
// Book: book/18-browser.md
#include <memory>
#include <string>
#include <vector>

#include "18-browser/checksum.hpp"
#include "18-browser/module.hpp"
#include "18-browser/toy_sets.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

namespace {

std::vector<ToyPoint> placed;
std::unique_ptr<Toy> toy;

Toy& started_toy() {
  if (!toy) toy = std::make_unique<Toy>();
  return *toy;
}

}  // namespace

// Starts a network with new weights; the points stay. In the room: the
// width of each hidden layer, a float each.
CNN_EXPORT(toy_start) void toy_start(double learning_rate, int seed) {
  ToySettings settings;
  settings.hidden.clear();
  for (const float width : given_floats())
    settings.hidden.push_back(static_cast<int>(width));
  settings.learning_rate = learning_rate;
  settings.seed = static_cast<std::uint64_t>(seed);
  toy = std::make_unique<Toy>(settings);
}

// Places a point. Returns how many there are.
CNN_EXPORT(toy_point) int toy_point(float x, float y, int label) {
  if (label < 0 || label >= toy_classes)
    fail(Refusal::argument, "toy_point: expected a class from 0 to " +
                                std::to_string(toy_classes - 1) + ", got " +
                                std::to_string(label));
  placed.push_back({x, y, label});
  return static_cast<int>(placed.size());
}

// Removes the nearest point, if its distance is below `reach`. Returns how
// many are left.
CNN_EXPORT(toy_remove) int toy_remove(float x, float y, float reach) {
  const auto square = [&](const ToyPoint& at) {
    return (at.x - x) * (at.x - x) + (at.y - y) * (at.y - y);
  };
  std::size_t nearest = placed.size();
  for (std::size_t n = 0; n < placed.size(); ++n)
    if (square(placed[n]) < reach * reach &&
        (nearest == placed.size() ||
         square(placed[n]) < square(placed[nearest])))
      nearest = n;
  if (nearest < placed.size())
    placed.erase(placed.begin() + static_cast<std::ptrdiff_t>(nearest));
  return static_cast<int>(placed.size());
}

// Removes all points.
CNN_EXPORT(toy_clear) void toy_clear() {
  placed.clear();
}

// Replaces all points by a ready-made set. In the room: its name. Returns
// how many points it has.
CNN_EXPORT(toy_set) int toy_set_given(int seed) {
  Random random(static_cast<std::uint64_t>(seed));
  placed = toy_set(std::string(given_text()), random);
  return static_cast<int>(placed.size());
}

// Returns how many points there are. The result: x, y and class of each.
CNN_EXPORT(toy_points) int toy_points() {
  std::vector<float> numbers;
  for (const ToyPoint& point : placed)
    numbers.insert(numbers.end(),
                   {point.x, point.y, static_cast<float>(point.label)});
  give(numbers);
  return static_cast<int>(placed.size());
}

// Takes at most `count` steps. It stops once little is left to be gained,
// and then returns 1, otherwise 0. The result: the number of steps so far,
// and the loss and the accuracy before the last of them.
CNN_EXPORT(toy_steps) int toy_steps(int count) {
  if (placed.empty())
    fail(Refusal::argument, "toy_steps: expected points, got none");
  Toy& it = started_toy();
  const Dataset points = toy_dataset(placed);
  TrainingStep now;
  for (int n = 0; n < count; ++n) {
    now = it.step(points);
    if (it.settled()) break;
  }
  give(std::vector<float>{static_cast<float>(now.step),
                          static_cast<float>(now.loss),
                          static_cast<float>(now.accuracy)});
  return it.settled();
}

// The result: three probabilities for each cell of a grid over the square,
// with `side` cells a side.
CNN_EXPORT(toy_regions) void toy_regions(int side) {
  if (side < 1 || side > 400)
    fail(Refusal::argument,
         "toy_regions: expected 1 to 400 cells a side, got " +
             std::to_string(side));
  give(started_toy().regions(side).data());
}

// The result: the checksum of all weights as text.
CNN_EXPORT(toy_checksum) void toy_checksum() {
  give(checksum_of(started_toy().network()));
}

}  // namespace cnn
