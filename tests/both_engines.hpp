// Checks that any list of layers computes the same numbers in chapter 06's
// loops and in chapter 07's engine, and that its gradients agree with
// differences of the loss.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "06-training/sgd.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/single_image.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"

template <class Entry>
std::string kinds_of(const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& entry : entries)
    std::visit([&](const auto& it) { text += kind(it) + " "; }, entry);
  return text;
}

// Fills the trained parameters with random numbers. Running statistics keep
// their start, because a variance must not be negative.
template <class T>
void fill_parameters(cnn::Layer<T>& network, cnn::Random& random) {
  for (cnn::Parameter<T>* parameter : network.parameters())
    for (T& number : parameter->value.data())
      number = parameter->trained ? static_cast<T>(0.5f * random.normal())
                                  : parameter->start;
}

inline double largest_of(const cnn::Tensor<double>& exact) {
  double largest = 0;
  for (const double number : exact.data())
    largest = std::max(largest, std::abs(number));
  return largest;
}

// Checks that `got` is off by at most 1e-4 of the largest magnitude, or 8
// times as much as the plain loops in float. That magnitude is the one in
// `exact`, or `largest` if `exact` may hold differences of larger numbers.
inline void check_close(const cnn::Tensor<>& got,
                        const cnn::Tensor<>& plain,
                        const cnn::Tensor<double>& exact,
                        double largest = 1) {
  REQUIRE(got.shape() == exact.shape());
  const auto off = [&](const cnn::Tensor<>& it) {
    return max_abs_difference(cnn::convert<double>(it), exact);
  };
  largest = std::max(largest, largest_of(exact));
  CHECK(off(got) <= std::max(1e-4 * largest, 8 * off(plain)));
}

// What one forward and backward pass over a batch computes: the output, the
// input's gradient, and each parameter's gradient and value.
inline std::vector<cnn::Tensor<>> all_of(cnn::FastNetwork& network,
                                         const cnn::Tensor<>& input,
                                         const cnn::Tensor<>& grad,
                                         const cnn::Mode& mode) {
  std::vector<cnn::Tensor<>> all = {network.forward(input, mode)};
  all.push_back(network.backward(grad));
  for (const cnn::Parameter<>* it : network.parameters()) {
    all.push_back(it->gradient);
    all.push_back(it->value);  // running statistics change
  }
  return all;
}

// Checks the output, the gradients and the running statistics of the fast
// network, with 1, 2 and 3 threads and each instruction set, against the
// loops in double; then the scores that SingleImage gives one image.
template <class Entry>
void check_engines_agree(const std::vector<Entry>& entries,
                         const cnn::Shape& image,
                         const cnn::Tensor<>& input,
                         const cnn::Mode& mode) {
  using namespace cnn;
  const auto seed = static_cast<std::uint64_t>(mode.step);
  for (const std::string& isa : runnable_sets()) {
    INFO(isa << ": " << kinds_of(entries) << "on " << to_string(image)
             << ", batch " << input.extent(0)
             << (mode.learns ? ", learns" : ", answers"));
    std::vector<std::vector<Tensor<>>> results;
    for (const int threads : {1, 2, 3}) {
      FastNetwork fast(entries, image,
                       {.threads = threads,
                        .isa = isa,
                        .winograd_from = mode.step % 2 ? 1 : 16});
      Network<double> exact = build_network<double>(entries, image);
      Network<> plain = build_network(entries, image);
      Random numbers(seed);
      fill_parameters(fast, numbers);
      const auto of_fast = fast.parameters(), of_plain = plain.parameters();
      const auto of_exact = exact.parameters();
      for (std::size_t p = 0; p < of_fast.size(); ++p) {
        of_exact[p]->value = convert<double>(of_fast[p]->value);
        of_plain[p]->value = of_fast[p]->value;
      }
      const Tensor<double> output =
          exact.forward(convert<double>(input), mode);
      const Tensor<> grad = normal_numbers(output.shape(), numbers);
      results.push_back(all_of(fast, input, grad, mode));
      CHECK(results.back() == results.front());
      // A second pass over the same batch computes the same.
      if (!mode.learns)
        CHECK(all_of(fast, input, grad, mode) == results.front());
      if (threads > 1) continue;
      check_close(results[0][0], plain.forward(input, mode), output);
      check_close(results[0][1], plain.backward(grad),
                  exact.backward(convert<double>(grad)));
      double largest = 1;
      for (const Parameter<double>* it : of_exact)
        largest = std::max(largest, largest_of(it->gradient));
      for (std::size_t p = 0; p < of_fast.size(); ++p) {
        INFO(of_fast[p]->name);
        CHECK(of_fast[p]->name == of_exact[p]->name);
        check_close(of_fast[p]->value, of_plain[p]->value,
                    of_exact[p]->value);
        if (of_fast[p]->trained)
          check_close(of_fast[p]->gradient, of_plain[p]->gradient,
                      of_exact[p]->gradient, largest);
      }
      SingleImage single(fast);
      const Tensor<> one =
          normal_numbers({1, image[0], image[1], image[2]}, numbers);
      const auto scores = single.logits(one.data());
      const Tensor<double> expected =
          exact.forward(convert<double>(one), Mode::evaluation);
      check_close(
          Tensor<>({expected.size()},
                   std::vector<float>(scores.begin(), scores.end())),
          plain.forward(one, Mode::evaluation).reshaped({-1}),
          expected.reshaped({-1}));
    }
  }
}

// Gives a network running statistics and scales as if it had been trained
// a little. image: the shape (C, H, W)
inline void train_briefly(cnn::Network<>& network, const cnn::Shape& image,
                          cnn::Random& random) {
  using namespace cnn;
  initialize(network, he_initializer(), random);
  for (int i = 0; i < 3; ++i)
    network.forward(
        normal_numbers({9, image[0], image[1], image[2]}, random),
        Mode::training);
  for (Parameter<>* it : network.parameters())
    if (it->fan_in == 0 && it->trained)
      for (float& number : it->value.data())
        number += 0.3f * random.normal();
}

// Trains both engines on digits from the same initial parameters, the fast
// one with 1, 2 and 3 threads. Checks that any number of threads gives the
// same bits, and losses close to those of the plain loops, which train
// `plain`. Returns the fast network's parameters.
template <class Entry>
std::vector<cnn::Tensor<>> check_training_agrees(
    const std::vector<Entry>& entries, cnn::Network<>& plain,
    const cnn::Dataset& digits, const cnn::TrainingSettings& settings) {
  using namespace cnn;
  Random random(1);
  initialize(plain, he_initializer(), random);
  std::vector<std::vector<Tensor<>>> ends;
  std::vector<std::vector<TrainingStep>> histories;
  for (const int threads : {1, 2, 3}) {
    FastNetwork fast(entries, {1, 28, 28}, {.threads = threads});
    copy_parameters(plain, fast);
    Sgd sgd(0.9);
    histories.push_back(train_fast(fast, sgd, digits, settings));
    ends.emplace_back();
    for (const Parameter<>* it : fast.parameters())
      ends.back().push_back(it->value);
    CHECK(ends.back() == ends.front());
  }
  Sgd sgd(0.9);
  const auto history = train(plain, sgd, digits, settings);
  REQUIRE(history.size() == histories[0].size());
  for (std::size_t i = 0; i < history.size(); ++i)
    CHECK_THAT(histories[0][i].loss,
               Catch::Matchers::WithinAbs(history[i].loss, 2e-3));
  return ends[0];
}

// Checks the gradients of every input and every trained parameter against
// differences of a loss. N: the size of the batch. image: shape (C, H, W)
template <class Entry>
void check_differences(const std::vector<Entry>& entries,
                       const cnn::Shape& image, int N,
                       const cnn::Mode& mode, cnn::Random& random) {
  using namespace cnn;
  INFO(kinds_of(entries) << "on " << to_string(image) << ", batch " << N);
  Network<double> network = build_network<double>(entries, image);
  fill_parameters<double>(network, random);
  Tensor<double> input =
      normal_numbers<double>({N, image[0], image[1], image[2]}, random);
  // After each forward pass, running statistics are set back.
  std::vector<Tensor<double>> before;
  for (const Parameter<double>* it : network.parameters())
    before.push_back(it->value);
  const auto forward = [&] {
    const Tensor<double> output = network.forward(input, mode);
    std::size_t p = 0;
    for (Parameter<double>* it : network.parameters()) {
      if (!it->trained) it->value = before[p];
      ++p;
    }
    return output;
  };
  const Tensor<double> weights =
      normal_numbers<double>(forward().shape(), random);
  const auto loss = [&] {
    const Tensor<double> output = forward();
    double sum = 0;
    for (std::size_t k = 0; k < output.data().size(); ++k)
      sum += weights.data()[k] * output.data()[k];
    return sum;
  };
  forward();
  const Tensor<double> grad_input = network.backward(weights);
  // Combines the slopes over h and 2 h such that their errors, which grow
  // with the square of the step, cancel (Richardson extrapolation).
  const auto check = [&](double& number, double gradient) {
    const double here = number, h = 1e-5;
    const auto slope = [&](double step) {
      number = here + step;
      const double above = loss();
      number = here - step;
      const double below = loss();
      number = here;
      return (above - below) / (2 * step);
    };
    CHECK_THAT(gradient,
               Catch::Matchers::WithinAbs((4 * slope(h) - slope(2 * h)) / 3,
                                          1e-6 * (1 + std::abs(gradient))));
  };
  for (std::size_t k = 0; k < input.data().size(); ++k)
    check(input.data()[k], grad_input.data()[k]);
  std::vector<Tensor<double>> gradients;
  for (const Parameter<double>* it : network.parameters())
    gradients.push_back(it->gradient);
  std::size_t p = 0;
  for (Parameter<double>* it : network.parameters()) {
    INFO(it->name);
    for (std::size_t k = 0; it->trained && k < it->value.data().size(); ++k)
      check(it->value.data()[k], gradients[p].data()[k]);
    ++p;
  }
}
