// Many digits fooled: how large the smallest step is, and whether the same
// pictures fool others.
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

struct StepSizes {
  double median = 0;       // infinite if half of them or more are
  double below_tenth = 0;  // the share that is smaller than 0.1
  int never = 0;           // how many are infinite: no step changes them
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

// ---- What others say to them -------------------------------------------

// The share of answers that is not as the labels say, of those pictures
// that have a finite size: one or more.
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

// What one reader misreads of the digits as they were, after the smallest
// step, after twice that, and after a random step of that size.
struct MisreadShares {
  double before = 0, after = 0, farther = 0, shaken = 0;
};

// A digit, what is added to it, and what it becomes after the smallest step
// that changes the answer and after twice that step.
struct Fooled {
  Tensor<> before, after, after_twice;  // (28, 28)
  float size = 0;  // infinite if no step changes the answer
  int said = 0, says = 0, says_twice = 0;
  float sure = 0, sure_after = 0, sure_twice = 0;
};

// Where steps go: as the gradient says, and by chance. (N, C, H, W) each
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
  StepSizes few_in_one,
      few_in_ten;  // the first few, in one step and in ten
  int few = 0;
  bool any = false;  // is one of them fooled at all? Else no more is here.
  MisreadShares witness, dense;
  std::vector<Fooled> cases;
};

// The digits as they were and as they have become. -> (N, 1, 28, 28)
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

// The first digit of some classes.
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

// So many of them are fooled in ten steps, too, which takes long.
inline constexpr int most_in_ten = 500;

// Fools `asked` with digits that it reads right, one or more, and shows
// them to the other two.
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

// The share of digits that is read right after steps of some sizes.
struct StepCurves {
  std::vector<double> sizes;
  std::vector<double> gradient, random;  // by the network itself
  std::vector<double> witness;           // after the gradient's steps
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
