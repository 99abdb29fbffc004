// A network fooled with many digits: how large the smallest steps are, and
// whether the same pictures fool other networks.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "01-tensor/layout.hpp"
#include "02-convolution/pictures.hpp"
#include "09-dreaming/fooling.hpp"

namespace cnn {

// ---- The smallest steps of many digits ---------------------------------

// Statistics of the smallest steps that change the answers.
struct StepSizes {
  double median = 0;       // infinite if half of the sizes or more are
  double below_tenth = 0;  // the share of sizes smaller than 0.1
  int never = 0;           // infinite sizes: no step changes the answer
};

// sizes: one or more
inline StepSizes step_sizes(std::vector<float> sizes) {
  StepSizes all;
  std::sort(sizes.begin(), sizes.end());
  all.median = static_cast<double>(sizes[sizes.size() / 2]);
  all.below_tenth = static_cast<double>(std::count_if(
                        sizes.begin(), sizes.end(),
                        [](float size) { return size < 0.1f; })) /
                    static_cast<double>(sizes.size());
  all.never = static_cast<int>(
      std::count_if(sizes.begin(), sizes.end(),
                    [](float size) { return !std::isfinite(size); }));
  return all;
}

inline std::vector<float> twice(std::vector<float> sizes) {
  for (float& size : sizes) size *= 2;
  return sizes;
}

// ---- What others say about them ----------------------------------------

// The share of wrong answers among the pictures with a finite size, of
// which there must be at least one.
inline double share_misread(const std::vector<int>& says,
                            const std::vector<int>& labels,
                            const std::vector<float>& sizes) {
  int changed = 0, wrong = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    if (!std::isfinite(sizes[n])) continue;
    ++changed;
    wrong += says[n] != labels[n];
  }
  return static_cast<double>(wrong) / changed;
}

// The shares that one network misreads: of the digits as they were, after
// the smallest step, after twice that step, and after random signs of that
// doubled size.
struct MisreadShares {
  double before = 0, after = 0, farther = 0, shaken = 0;
};

// A digit as it was, after the smallest step that changes the answer, and
// after twice that step: the picture, the answer and its probability.
struct Fooled {
  Tensor<> before, after, after_twice;  // (28, 28)
  float size = 0;  // of the step; infinite if none changes the answer
  int said = 0, says = 0, says_twice = 0;
  float sure = 0, sure_after = 0, sure_twice = 0;
};

// The directions of steps: the signs of the gradient, and random signs.
// (N, C, H, W) each
struct Directions {
  Tensor<> gradient, chance;
};

inline Directions directions_for(FastNetwork& asked, const Dataset& digits,
                                 std::uint64_t seed) {
  const Tensor<> gradient =
      fooling_direction(asked, digits.images, digits.labels);
  return {gradient, random_direction(gradient, seed)};
}

struct FooledDigits {
  StepSizes by_gradient, at_random;
  // Of the first `few` digits: in one step, and in ten small ones.
  StepSizes few_in_one, few_in_ten;
  int few = 0;
  bool any = false;  // is any digit fooled? If not, the rest is empty.
  MisreadShares witness, dense;
  std::vector<Fooled> cases;
};

// The digits as they were, after the smallest step, after twice that step,
// and after random signs of that doubled size. (N, 1, 28, 28) each
struct FooledImages {
  Tensor<> before, after, farther, shaken;
};

inline MisreadShares misread_by(FastNetwork& reader,
                                const FooledImages& images,
                                const std::vector<int>& labels,
                                const std::vector<float>& sizes) {
  const auto share = [&](const Tensor<>& of) {
    return share_misread(predictions(logits_of(reader, of)), labels, sizes);
  };
  return {share(images.before), share(images.after), share(images.farther),
          share(images.shaken)};
}

// The first digit of each of six classes, if there is one.
// labels: also the network's answers before the step
inline std::vector<Fooled> fooled_cases(FastNetwork& network,
                                        const FooledImages& images,
                                        const std::vector<int>& labels,
                                        const std::vector<float>& sizes) {
  const auto asked = [&](const Tensor<>& about) {
    return softmax(logits_of(network, about));
  };
  const Tensor<> before = asked(images.before);
  const Tensor<> after = asked(images.after);
  const Tensor<> farther = asked(images.farther);
  std::vector<Fooled> cases;
  for (const int label : {3, 7, 4, 1, 0, 5}) {
    const auto first = first_index_of(labels, label);
    if (!first) continue;
    const int n = *first;
    const int says = answer(after, n), says_twice = answer(farther, n);
    cases.push_back(
        {picture_of(images.before, n), picture_of(images.after, n),
         picture_of(images.farther, n), sizes[static_cast<std::size_t>(n)],
         label, says, says_twice, before(n, label), after(n, says),
         farther(n, says_twice)});
  }
  return cases;
}

// At most this many digits are also fooled in ten steps, which takes long.
inline constexpr int most_in_ten = 500;

// Fools `asked` with digits that it reads right, one or more, and shows the
// resulting pictures to the other two networks.
inline FooledDigits compute_fooled_digits(FastNetwork& asked,
                                          FastNetwork& witness,
                                          FastNetwork& dense,
                                          const Dataset& digits,
                                          std::uint64_t seed) {
  const auto [direction, chance] = directions_for(asked, digits, seed);
  const std::vector<float> sizes =
      smallest_changes(asked, digits.images, direction);
  FooledDigits all;
  all.by_gradient = step_sizes(sizes);
  all.at_random =
      step_sizes(smallest_changes(asked, digits.images, chance));
  const Dataset some = first(digits, most_in_ten);
  const std::vector<float> one_step(sizes.begin(),
                                    sizes.begin() + some.size());
  all.few = some.size();
  all.few_in_one = step_sizes(one_step);
  all.few_in_ten = step_sizes(smallest_changes_in_steps(
      asked, some.images, some.labels, one_step, 10));
  all.any = all.by_gradient.never < digits.size();
  if (!all.any) return all;
  const FooledImages images = {
      digits.images, fooled(digits.images, direction, sizes),
      fooled(digits.images, direction, twice(sizes)),
      fooled(digits.images, chance, twice(sizes))};
  all.witness = misread_by(witness, images, digits.labels, sizes);
  all.dense = misread_by(dense, images, digits.labels, sizes);
  all.cases = fooled_cases(asked, images, digits.labels, sizes);
  return all;
}

// ---- One step for all --------------------------------------------------

// The shares of digits that are read right after steps of several sizes.
struct StepCurves {
  std::vector<double> sizes;
  std::vector<double> gradient, random;  // read by the fooled network
  std::vector<double> witness;  // read by the witness, same gradient steps
};

// Steps of 0, 0.02, ... 0.3. digits: one or more
inline StepCurves compute_step_curves(FastNetwork& asked,
                                      FastNetwork& witness,
                                      const Dataset& digits,
                                      std::uint64_t seed) {
  const auto [direction, chance] = directions_for(asked, digits, seed);
  StepCurves all;
  for (int i = 0; i <= 15; ++i) {
    const float size = 0.02f * static_cast<float>(i);
    all.sizes.push_back(static_cast<double>(size));
    all.gradient.push_back(
        share_right_after(asked, digits, direction, size));
    all.random.push_back(share_right_after(asked, digits, chance, size));
    all.witness.push_back(
        share_right_after(witness, digits, direction, size));
  }
  return all;
}

}  // namespace cnn
