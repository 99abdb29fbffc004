// What a network was at chosen steps of its training: copies of its
// parameters, from which everything else can be computed afterwards.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "06-training/layer.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// `count` steps from 0 (before the first) to `last`: first every step, then
// ever more seldom, as a network learns most in its first steps. Fewer if
// there are not as many steps. Throws std::invalid_argument for last < 1 or
// count < 2.
inline std::vector<int> recorded_steps(int last, int count) {
  if (last < 1 || count < 2)
    fail(Refusal::argument,
         "recorded_steps: expected a last step of 1 or more and 2 or more "
         "records, got " +
             std::to_string(last) + " and " + std::to_string(count));
  std::vector<int> steps = {0, 1};
  while (steps.back() < last) {
    const int left = count - static_cast<int>(steps.size());
    // The ratio that would lead to `last` in the records that are left.
    const float ratio = std::pow(
        static_cast<float>(last) / static_cast<float>(steps.back()),
        1.0f / static_cast<float>(left));
    const long next = std::lround(static_cast<float>(steps.back()) * ratio);
    steps.push_back(left <= 1 ? last
                              : std::clamp(static_cast<int>(next),
                                           steps.back() + 1, last));
  }
  return steps;
}

// The parameters after some step.
struct Snapshot {
  int step = 0;
  std::vector<Tensor<>> values;
};

// Takes snapshots of a network while it is trained, and changes nothing.
class Recorder {
 public:
  // The network must outlive the recorder. Step 0 is taken at once.
  Recorder(Layer<>& network, std::vector<int> steps)
      : parameters_(network.parameters()), steps_(std::move(steps)) {
    after(0);
  }

  // Call it after each step. Whether a snapshot was taken.
  bool after(int step) {
    if (std::find(steps_.begin(), steps_.end(), step) == steps_.end())
      return false;
    Snapshot now{step, {}};
    for (const Parameter<>* it : parameters_)
      now.values.push_back(it->value);
    snapshots_.push_back(std::move(now));
    return true;
  }

  const std::vector<Snapshot>& snapshots() const { return snapshots_; }

 private:
  std::vector<Parameter<>*> parameters_;
  std::vector<int> steps_;
  std::vector<Snapshot> snapshots_;
};

// Gives a network the parameters of a snapshot. Throws
// std::invalid_argument if they are another network's.
inline void restore(Layer<>& network, const Snapshot& snapshot) {
  const std::vector<Parameter<>*> parameters = network.parameters();
  if (parameters.size() != snapshot.values.size())
    fail(Refusal::argument,
         "restore: expected " + std::to_string(parameters.size()) +
             " parameters, got " + std::to_string(snapshot.values.size()));
  for (std::size_t i = 0; i < parameters.size(); ++i)
    require_shape(snapshot.values[i].shape(), parameters[i]->value.shape(),
                  "restore", parameters[i]->name.c_str());
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i]->value = snapshot.values[i];
}

// How alike two tensors are, whatever their size: 1 for the same direction,
// 0 for nothing in common, -1 for the opposite (the cosine of the angle
// between them).
//   similarity = sum a b / sqrt(sum a^2 sum b^2)                     (8.1)
inline double similarity(std::span<const float> a,
                         std::span<const float> b) {
  if (a.size() != b.size())
    fail(Refusal::argument,
         "similarity: expected " + std::to_string(a.size()) +
             " numbers, got " + std::to_string(b.size()));
  float ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  const float size = std::sqrt(aa * bb);
  return size > 0 ? static_cast<double>(ab / size) : 0;
}

}  // namespace cnn
