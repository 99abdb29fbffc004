// The 400 numbers that the last layer reads, as points in a space:
// projected onto its main directions, and classified by the nearest mean.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <vector>

#include "06-training/scoring.hpp"
#include "08-seeing/principal_components.hpp"
#include "08-seeing/recorder.hpp"
#include "08-seeing/strongest.hpp"

namespace cnn {

// The F numbers that the last layer reads, for each image. -> (N, F)
inline Tensor<double> hidden(FastNetwork& network, const Dataset& data) {
  Tensor<double> points;
  for_outputs(network, data, [&](int first, const auto& outputs) {
    const Tensor<>& last = outputs[outputs.size() - 2];
    if (first == 0) points = Tensor<double>({data.size(), last.extent(1)});
    for (int n = 0; n < last.extent(0); ++n)
      for (int i = 0; i < last.extent(1); ++i)
        points(first + n, i) = static_cast<double>(last(n, i));
  });
  return points;
}

// A data set whose images (N, 1, 1, F) are the rows of numbers, with the
// labels of the digits. numbers (N, F)
inline Dataset as_data(const Tensor<double>& numbers,
                       const Dataset& digits) {
  Dataset set{Tensor<>({digits.size(), 1, 1, numbers.extent(1)}),
              digits.labels, digits.classes};
  std::transform(numbers.data().begin(), numbers.data().end(),
                 set.images.data().begin(),
                 [](double it) { return static_cast<float>(it); });
  return set;
}

// numbers (N, F) -> the first two columns (N, 2)
inline Tensor<double> on_a_page(const Tensor<double>& numbers) {
  Tensor<double> places({numbers.extent(0), 2});
  for (int n = 0; n < numbers.extent(0); ++n)
    for (int k = 0; k < 2; ++k) places(n, k) = numbers(n, k);
  return places;
}

// The share of the `asked` images whose nearest class mean is that of their
// own class. The means are those of the `known` images.
inline double share_near_own_mean(const Dataset& known,
                                  const Dataset& asked) {
  return accuracy(nearest_mean_scores(asked.images, mean_images(known)),
                  asked.labels);
}

// The hidden space of one snapshot.
struct HiddenSpace {
  int step = 0;
  double variance = 0;  // the share that the first two directions hold
  // share_near_own_mean() in two directions, in `directions`, and in all.
  double in_two = 0, in_directions = 0, in_all = 0;
  Tensor<double> places;  // (N, 2): the asked digits in two directions
};

// The directions, 2 or more, and the means come from the known digits.
inline HiddenSpace compute_hidden_space(const Snapshot& snapshot,
                                        const Dataset& known,
                                        const Dataset& asked,
                                        int directions) {
  const auto network = network_at(snapshot);
  const Tensor<double> of_known = hidden(*network, known);
  const Tensor<double> of_asked = hidden(*network, asked);
  const auto components = principal_components(of_known, directions);
  const Tensor<double> known_projected = project(components, of_known);
  const Tensor<double> asked_projected = project(components, of_asked);
  const auto share = [&](const Tensor<double>& k, const Tensor<double>& a) {
    return share_near_own_mean(as_data(k, known), as_data(a, asked));
  };
  const Tensor<double> places = on_a_page(asked_projected);
  return {snapshot.step,
          (components.variances[0] + components.variances[1]) /
              components.total_variance,
          share(on_a_page(known_projected), places),
          share(known_projected, asked_projected),
          share(of_known, of_asked),
          places};
}

}  // namespace cnn
