// The starts by the names that options and files give them.
// Book: book/10-initialization.md
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "10-initialization/starts.hpp"
#include "common/tensor/named.hpp"

namespace cnn {

// A start and its name in tables. measured: after the initializer, each
// layer is measured and scaled, by measured_start() or another Measure
struct NamedStart {
  std::string name;
  Initializer initializer;
  bool measured = false;
};

inline const std::vector<NamedStart>& named_starts() {
  static const std::vector<NamedStart> starts = {
      {"he", he_initializer()},
      {"glorot", glorot_start()},
      {"uniform", uniform_start()},
      {"small", fixed_start(0.01)},
      {"measured", gain_start(1), true}};
  return starts;
}

// Measures a network's layers with images (N, C, H, W), and scales them.
using Measure = std::function<void(Network<>&, const Tensor<>&)>;

// Fills in a network's starting numbers. The weights of the last layer are
// then multiplied by `last_scale`, by default a tenth as in chapter 06.
// images (N, C, H, W): used only by a measured start
inline void begin_with(const NamedStart& start, Network<>& network,
                       const Tensor<>& images, Random& random,
                       float last_scale = 0.1f,
                       const Measure& measure = measured_start) {
  initialize(network, start.initializer, random);
  if (start.measured) measure(network, images);
  Parameter<>& last = last_weight_of(network, "begin_with");
  for (float& number : last.value.data()) number *= last_scale;
}

}  // namespace cnn
