// Ten training steps on one batch, as PyTorch took them: the files of
// tests/reference hold the losses and the parameters after the last step.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "06-training/training.hpp"
#include "common/data/dataset.hpp"
#include "tests/catch.hpp"
#include "tests/reference.hpp"

// The same formula as in make_reference.py: one division in double, rounded
// to float once.
inline void fill_by_formula(cnn::Parameter<>& parameter, double divisor) {
  for (std::size_t i = 0; i < parameter.value.data().size(); ++i) {
    const int number = static_cast<int>((i * 37 + 11) % 101) - 50;
    parameter.value.data()[i] = static_cast<float>(number / divisor);
  }
}

inline cnn::Dataset four_images() {
  cnn::Dataset data;
  data.images = cnn::Tensor<>({4, 1, 28, 28});
  for (std::uint64_t i = 0; i < 4 * 28 * 28; ++i)
    data.images.data()[i] =
        static_cast<float>((i * i * i * 7 + i * i * 31 + i * 17 + 5) %
                           257) /
        256.0f;
  data.labels = {3, 1, 4, 1};
  return data;
}

inline double sum_of(const cnn::Tensor<>& tensor) {
  double sum = 0;
  for (const float number : tensor.data())
    sum += static_cast<double>(number);
  return sum;
}

inline double norm_of(const cnn::Tensor<>& tensor) {
  double squares = 0;
  for (const float number : tensor.data())
    squares += static_cast<double>(number) * static_cast<double>(number);
  return std::sqrt(squares);
}

// Takes ten steps with a momentum of 0.9 and a constant rate, and compares
// them with those in the file, where the names begin with `prefix`.
inline void check_ten_steps(cnn::Layer<>& network,
                            const cnn::Gradients& gradients, double rate,
                            const Reference& file,
                            const std::string& prefix) {
  using namespace cnn;
  const Dataset batch = four_images();
  const std::vector<int> images = {0, 1, 2, 3};
  Sgd optimizer(0.9);
  Tensor<> logits;
  for (int step = 0; step < 10; ++step) {
    const double loss = gradients({batch, images}, logits);
    INFO("step " << step + 1);
    CHECK_THAT(loss, WithinAbs(file[prefix + "losses"](step), 2e-5));
    if (step == 0) {
      const auto theirs = convert<float>(file[prefix + "first_logits"]);
      CHECK_THAT(max_abs_difference(logits, theirs), WithinAbs(0.0, 1e-5));
      for (const Parameter<>* it : trained_parameters(network)) {
        INFO(it->name);
        const double theirs_norm =
            file[prefix + it->name + ".first_gradient_norm"](0);
        CHECK_THAT(norm_of(it->gradient),
                   WithinAbs(theirs_norm, 1e-5 * theirs_norm + 5e-6));
      }
    }
    optimizer.step(trained_parameters(network), rate);
  }
  for (const Parameter<>* it : network.parameters()) {
    INFO(it->name);
    const Tensor<double>& theirs = file[prefix + it->name + ".first_20"];
    for (int i = 0; i < theirs.size(); ++i)
      CHECK_THAT(static_cast<double>(
                     it->value.data()[static_cast<std::size_t>(i)]),
                 WithinAbs(theirs(i), 1e-5));
    CHECK_THAT(sum_of(it->value),
               WithinAbs(file[prefix + it->name + ".sum"](0), 1e-3));
    CHECK_THAT(norm_of(it->value),
               WithinRel(file[prefix + it->name + ".norm"](0), 1e-5));
  }
}
