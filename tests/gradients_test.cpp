// Compares every gradient with central differences in double, to 1e-6, over
// a grid of geometries, and then through whole networks.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "04-backprop/layer_checks.hpp"
#include "04-backprop/planted_bugs.hpp"
#include "04-backprop/rotate.hpp"
#include "05-softmax/softmax.hpp"
#include "06-training/network.hpp"
#include "06-training/whole_network_check.hpp"
#include "tests/catch.hpp"
#include "tests/from_to.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

void require_all_pass(const std::vector<GradientCheck>& checks,
                      std::size_t expected) {
  REQUIRE(checks.size() == expected);
  for (const GradientCheck& check : checks) {
    INFO(check.name << ", " << check.numbers << " numbers");
    CHECK(check.numbers > 0);
    CHECK(check.error < 1e-6);
    CHECK(check.passed());
  }
}

// The names of the gradients that failed.
std::vector<std::string> failed(const std::vector<GradientCheck>& checks) {
  std::vector<std::string> names;
  for (const GradientCheck& check : checks)
    if (!check.passed()) names.push_back(check.name);
  return names;
}

// Extents of images for a window, from the smallest into which it fits: one
// place, places that leave cells over, several places.
std::vector<std::pair<int, int>> extents_for(int window, int stride,
                                             int padding) {
  const int least = std::max(1, window - 2 * padding);
  return {{least, least + stride}, {least + stride + 1, least}};
}

}  // namespace

// ---- Layers alone ------------------------------------------------------

TEST_CASE("convolution's gradients over the whole grid") {
  Random random(1);
  int tried = 0;
  for (int K = 1; K <= 5; ++K)
    for (int stride = 1; stride <= 3; ++stride)
      for (int padding = 0; padding < K; ++padding)
        for (const auto& [H, W] : extents_for(K, stride, padding)) {
          const ConvolutionCase it{2, 2, H, W, 2, K, stride, padding};
          INFO("K " << K << " stride " << stride << " padding " << padding
                    << " H " << H << " W " << W);
          require_all_pass(check_convolution(it, random), 3);
          ++tried;
        }
  CHECK(tried == 2 * 3 * (1 + 2 + 3 + 4 + 5));
}

TEST_CASE("the rotated gradient is the scattered one over the whole grid") {
  Random random(11);
  for (int K = 1; K <= 5; ++K)
    for (int padding = 0; padding < K; ++padding)
      for (const auto& [H, W] : extents_for(K, 1, padding)) {
        INFO("K " << K << " padding " << padding << " H " << H << " W "
                  << W);
        const Doubles weight = random_doubles({2, 3, K, K}, random);
        const Shape shape{2, 3, H, W};
        const Doubles grad = random_doubles(
            convolve(Doubles(shape), weight, Doubles({2}), 1, padding)
                .shape(),
            random);
        CHECK(max_abs_difference(
                  convolve_backward_input(grad, weight, shape, 1, padding),
                  convolve_backward_input_rotated(grad, weight, shape, 1,
                                                  padding)) < 1e-12);
      }
}

TEST_CASE("convolution's gradients at the edges of what is possible") {
  Random random(2);
  // N, C_in, H, W, C_out, K, stride, padding
  const std::vector<ConvolutionCase> cases = {
      {1, 1, 1, 1, 1, 1, 1, 0},  // one pixel
      {2, 3, 5, 7, 2, 1, 1, 0},  // a 1 x 1 kernel
      {1, 2, 3, 3, 2, 3, 1, 0},  // one place
      {1, 2, 6, 7, 2, 3, 2, 0},  // cells that no window sees
      {1, 1, 7, 5, 2, 2, 3, 0},  // cells between the windows
      {1, 1, 2, 1, 2, 3, 1, 2},  // more border than image
      {3, 1, 4, 5, 1, 5, 2, 2},
  };
  for (const ConvolutionCase& it : cases) {
    INFO("K " << it.K << " stride " << it.stride << " padding "
              << it.padding << " H " << it.H << " W " << it.W);
    require_all_pass(check_convolution(it, random), 3);
  }
}

TEST_CASE("pooling's gradients over the whole grid") {
  Random random(3);
  int tried = 0;
  for (int window = 1; window <= 4; ++window)
    for (int stride = 1; stride <= 4; ++stride)
      for (int padding = 0; padding <= window / 2; ++padding)
        for (const auto& [H, W] : extents_for(window, stride, padding)) {
          const Shape shape{2, 2, H, W};
          const Pooling it{window, stride, padding};
          INFO(to_string(shape) << " window " << window << " stride "
                                << stride << " padding " << padding);
          require_all_pass(check_max_pool(shape, it, random), 1);
          require_all_pass(check_average_pool(shape, it, random), 1);
          ++tried;
        }
  CHECK(tried == 2 * 4 * (1 + 2 + 2 + 3));
}

TEST_CASE("dense and ReLU gradients over random sizes") {
  Random random(4);
  for (int i = 0; i < 40; ++i) {
    const int N = from_to(1, 4, random);
    const int F_in = from_to(1, 8, random), F_out = from_to(1, 6, random);
    INFO("N " << N << " F_in " << F_in << " F_out " << F_out);
    require_all_pass(check_dense(N, F_in, F_out, random), 3);
    require_all_pass(check_relu({N, F_in}, random), 1);
    require_all_pass(check_relu({N, 2, F_in, F_out}, random), 1);
  }
}

TEST_CASE("cross-entropy's gradient over random sizes") {
  Random random(5);
  for (int i = 0; i < 40; ++i) {
    const int N = from_to(1, 5, random), classes = from_to(1, 10, random);
    const Doubles logits = random_doubles({N, classes}, random);
    std::vector<int> labels;
    for (int n = 0; n < N; ++n) labels.push_back(random.below(classes));
    require_all_pass(
        {check_gradient(
            "grad_logits", cross_entropy_backward(logits, labels), logits,
            [&](const Doubles& z) { return cross_entropy(z, labels); })},
        1);
  }
}

// ---- The check itself --------------------------------------------------

TEST_CASE("planted bugs are rejected and named") {
  Random random(6);
  const auto dense_bug = check_dense(
      3, 4, 5, random, dense_backward_with_bias_as_gradient<double>);
  CHECK(failed(dense_bug) == std::vector<std::string>{"grad_bias"});
  const auto assigned =
      check_max_pool({2, 2, 7, 7}, {3, 2, 0}, random,
                     max_pool_backward_that_assigns<double>);
  CHECK(failed(assigned) == std::vector<std::string>{"grad_input"});
  // Where no windows overlap, assigning is as good as adding.
  CHECK(failed(check_max_pool({2, 2, 6, 6}, {2, 2, 0}, random,
                              max_pool_backward_that_assigns<double>))
            .empty());
}

TEST_CASE("wrong convolution gradients are rejected and named") {
  Random random(7);
  ConvolutionCase it;
  it.padding = 1;
  const auto rotated = [](const Doubles& grad, const Doubles& weight,
                          const Shape& shape, int stride, int padding) {
    const int K = weight.extent(2);
    Doubles turned(weight.shape());
    for (int co = 0; co < weight.extent(0); ++co)
      for (int ci = 0; ci < weight.extent(1); ++ci)
        for (int y = 0; y < K; ++y)
          for (int x = 0; x < K; ++x)
            turned(co, ci, y, x) = weight(co, ci, K - 1 - y, K - 1 - x);
    return convolve_backward_input(grad, turned, shape, stride, padding);
  };
  CHECK(failed(check_convolution(it, random, rotated)) ==
        std::vector<std::string>{"grad_input"});
  const auto halved = [](const Doubles& grad, const Doubles& input, int K,
                         int stride, int padding) {
    auto grads =
        convolve_backward_parameters(grad, input, K, stride, padding);
    for (double& number : grads.weight.data()) number *= 0.99999;
    return grads;
  };
  CHECK(failed(check_convolution(
            it, random, convolve_backward_input<double>, halved)) ==
        std::vector<std::string>{"grad_weight"});
}

TEST_CASE("central differences know the slope of a cube") {
  const Doubles at({3}, {-1.0, 0.0, 2.0});
  const Doubles slope = numerical_gradient(
      [](const Doubles& x) {
        double sum = 0;
        for (const double number : x.data())
          sum += number * number * number;
        return sum;
      },
      at);
  CHECK_THAT(slope(0), WithinAbs(3.0, 1e-8));
  CHECK_THAT(slope(1), WithinAbs(0.0, 1e-8));
  CHECK_THAT(slope(2), WithinAbs(12.0, 1e-8));
}

TEST_CASE("the relative error is of the larger, never of nearly nothing") {
  const auto error = [](double a, double b) {
    return max_relative_error(Doubles({1}, a), Doubles({1}, b));
  };
  CHECK(error(2.0, 1.0) == 0.5);
  CHECK(error(1.0, 2.0) == 0.5);
  CHECK(error(-1.0, 1.0) == 2.0);
  CHECK_THAT(error(0.0, 1e-9), WithinAbs(1e-6, 1e-18));
}

TEST_CASE("a gradient that is not a number fails, wherever it stands") {
  for (int place = 0; place < 3; ++place) {
    Doubles gradient({3}, 1.0);
    gradient(place) = not_a_number;
    const Doubles ones({3}, 1.0);
    INFO("place " << place);
    CHECK(std::isnan(max_relative_error(gradient, ones)));
    CHECK(std::isnan(max_relative_error(ones, gradient)));
    const auto sum = [](const Doubles& x) { return x(0) + x(1) + x(2); };
    CHECK_FALSE(check_gradient("x", gradient, ones, sum).passed());
  }
}

TEST_CASE("a gradient of the wrong shape fails") {
  const auto sum = [](const Doubles& x) { return x(0) + x(1); };
  CHECK_FALSE(
      check_gradient("x", Doubles({1}, 1.0), Doubles({2}), sum).passed());
  CHECK(check_gradient("x", Doubles({2}, 1.0), Doubles({2}), sum).passed());
}

// ---- Whole networks ----------------------------------------------------

namespace {

void fill(Network<double>& network, Random& random) {
  for (Parameter<double>* it : network.parameters())
    for (double& number : it->value.data())
      number = 0.5 * static_cast<double>(random.normal());
}

// Every parameter and the input of a network that ends in cross-entropy.
void check_network(const Architecture& architecture, const Shape& image,
                   std::uint64_t seed) {
  Random random(seed);
  auto network = build_network<double>(architecture, image);
  fill(network, random);
  const Doubles input =
      random_doubles({3, image[0], image[1], image[2]}, random);
  const std::vector<int> labels = {2, 0, 1};
  const auto loss = [&](const Doubles& x) {
    return cross_entropy(network.forward(x, Mode::training), labels);
  };
  const Doubles logits = network.forward(input, Mode::training);
  const Doubles grad_input =
      network.backward(cross_entropy_backward(logits, labels));
  require_all_pass({check_gradient("input", grad_input, input, loss)}, 1);
  for (Parameter<double>* it : network.parameters()) {
    const Doubles value = it->value, computed = it->gradient;
    const auto loss_of = [&](const Doubles& other) {
      it->value = other;
      return loss(input);
    };
    require_all_pass({check_gradient(it->name, computed, value, loss_of)},
                     1);
    it->value = value;
  }
}

}  // namespace

TEST_CASE("gradients through whole networks") {
  const Convolution padded{.channels = 3, .kernel = 3, .padding = 1};
  const Convolution strided{.channels = 2, .kernel = 2, .stride = 2};
  SECTION("the chapter's order of layers, small") {
    check_network({padded, Relu{}, MaxPool{}, strided, Relu{}, Flatten{},
                   Dense{.outputs = 3}},
                  {1, 8, 8}, 1);
  }
  SECTION("every kind of layer, colour, odd sizes, overlapping windows") {
    check_network({padded, Relu{}, MaxPool{{3, 2, 1}}, strided,
                   AveragePool{{2, 1, 1}}, Flatten{}, Dense{.outputs = 5},
                   Relu{}, Dense{.outputs = 4}},
                  {3, 7, 9}, 2);
  }
  SECTION("a 1 x 1 convolution after average pooling") {
    check_network({AveragePool{{2, 2, 0}}, Convolution{2, 1, 1, 0}, Relu{},
                   Flatten{}, Dense{.outputs = 3}},
                  {2, 5, 4}, 3);
  }
  SECTION("one dense layer") {
    check_network({Flatten{}, Dense{.outputs = 3}}, {1, 3, 2}, 4);
  }
}

TEST_CASE("a network that computes NaN does not pass the whole check") {
  Dataset two;
  two.images = Tensor<>({2, 1, 28, 28}, not_a_number);
  two.labels = {3, 7};
  CHECK_FALSE(check_whole_network(two, 1) < 1e-6);
}

// ---- Layer classes -----------------------------------------------------

namespace {

// Calls backward() twice on the same layer: the gradients must not add up,
// and must not depend on whether the caller wants grad_input.
void check_layer(Layer<double>& layer, const Shape& shape, bool spares_it) {
  Random random(8);
  for (Parameter<double>* it : layer.parameters())
    it->value = random_doubles(it->value.shape(), random);
  const Doubles input = distinct_doubles(shape, random);
  const Doubles output = layer.forward(input, Mode::training);
  const Doubles probe = random_doubles(output.shape(), random);
  const Doubles grad_input = layer.backward(probe, true);
  require_all_pass({check_gradient("grad_input", grad_input, input,
                                   [&](const Doubles& x) {
                                     return probed(
                                         layer.forward(x, Mode::training),
                                         probe);
                                   })},
                   1);
  std::vector<Doubles> gradients;
  for (const Parameter<double>* it : layer.parameters())
    gradients.push_back(it->gradient);
  layer.forward(input, Mode::training);
  const Doubles unwanted = layer.backward(probe, false);
  if (spares_it) CHECK(unwanted.size() == 0);
  for (std::size_t p = 0; p < gradients.size(); ++p) {
    CHECK(gradients[p] == layer.parameters()[p]->gradient);
    CHECK(gradients[p].shape() == layer.parameters()[p]->value.shape());
  }
}

}  // namespace

TEST_CASE("the layers' backward() over their caches") {
  ConvolutionLayer<double> convolution(2, 3, 3, 2, 1);
  check_layer(convolution, {2, 2, 7, 6}, true);
  DenseLayer<double> dense_layer(6, 4);
  check_layer(dense_layer, {3, 6}, true);
  ReluLayer<double> bend;
  check_layer(bend, {2, 3, 4, 5}, false);
  MaxPoolLayer<double> max_pooling({3, 2, 1});
  check_layer(max_pooling, {2, 2, 7, 6}, false);
  AveragePoolLayer<double> mean({2, 2, 1});
  check_layer(mean, {2, 2, 7, 6}, false);
  FlattenLayer<double> flatten;
  check_layer(flatten, {2, 3, 4, 5}, false);
}

TEST_CASE("layers are their free functions") {
  Random random(9);
  const Doubles input = random_doubles({2, 2, 6, 6}, random);
  ConvolutionLayer<double> layer(2, 3, 3, 2, 1);
  const auto parameters = layer.parameters();
  for (Parameter<double>* it : parameters)
    it->value = random_doubles(it->value.shape(), random);
  CHECK(layer.forward(input, Mode::evaluation) ==
        convolve(input, parameters[0]->value, parameters[1]->value, 2, 1));
  MaxPoolLayer<double> pool({3, 2, 1});
  CHECK(pool.forward(input, Mode::training) ==
        max_pool(input, Pooling{3, 2, 1}));
  FlattenLayer<double> flatten;
  CHECK(flatten.forward(input, Mode::training) == input.reshaped({2, 72}));
  CHECK(flatten.backward(input.reshaped({2, 72}), true) == input);
}

TEST_CASE("a network passes want_grad_input on to its first layer only") {
  Random random(10);
  auto network = build_network<double>(
      Architecture{Convolution{.channels = 2, .kernel = 3}, Relu{},
                   Flatten{}, Dense{.outputs = 3}},
      {1, 5, 5});
  fill(network, random);
  const Doubles input = random_doubles({2, 1, 5, 5}, random);
  const Doubles grad = random_doubles({2, 3}, random);
  network.forward(input, Mode::training);
  CHECK(network.backward(grad).shape() == input.shape());
  std::vector<Doubles> gradients;
  for (const Parameter<double>* it : network.parameters())
    gradients.push_back(it->gradient);
  CHECK(network.backward(grad, false).size() == 0);
  for (std::size_t p = 0; p < gradients.size(); ++p)
    CHECK(gradients[p] == network.parameters()[p]->gradient);
}
