// Chapter 04's own examples and headers. The gradients of the layers over
// random geometries have a file of their own: gradients_test.cpp.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "01-tensor/layout.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/kernel_search.hpp"
#include "02-convolution/pictures.hpp"
#include "04-backprop/branching.hpp"
#include "04-backprop/descent.hpp"
#include "04-backprop/expression.hpp"
#include "04-backprop/kernel_descent.hpp"
#include "04-backprop/layer_checks.hpp"
#include "04-backprop/nudges.hpp"
#include "04-backprop/planted_bugs.hpp"
#include "04-backprop/quadrants.hpp"
#include "04-backprop/rotate.hpp"
#include "04-backprop/small_convolution.hpp"
#include "04-backprop/steps_kernel.hpp"
#include "04-backprop/story_gradient.hpp"
#include "04-backprop/two_layers.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

DenseParameters<double> random_layer(int F_in, int F_out, Random& random) {
  return {random_doubles({F_out, F_in}, random),
          random_doubles({F_out}, random)};
}

// The names of the gradients that failed, with a space after each.
std::string failed(const std::vector<GradientCheck>& checks) {
  std::string names;
  for (const GradientCheck& check : checks)
    if (!check.passed()) names += check.name + " ";
  return names;
}

Examples random_examples(int count, const Tensor<>& kernel,
                         Random& random) {
  std::vector<Tensor<>> images;
  for (int i = 0; i < count; ++i)
    images.push_back(convert<float>(random_doubles({7, 6}, random)));
  return examples_of(images, kernel);
}

}  // namespace

TEST_CASE("dense and ReLU give the values of the hand example", "[04]") {
  const Tensor<> input({1, 2}, {2, -1});
  const Tensor<> weight({2, 2}, {1, 3, -1, 0.5f});
  const Tensor<> bias({2}, {0.5f, 4});
  CHECK(dense(input, weight, bias) == Tensor<>({1, 2}, {-0.5f, 1.5f}));
  CHECK(relu(Tensor<>({4}, {-3, 0, 0.5f, 3})) ==
        Tensor<>({4}, {0, 0, 0.5f, 3}));
  CHECK(std::isnan(relu(Tensor<>({1}, std::nanf("")))(0)));
}

TEST_CASE("dense hands back what the hand example says", "[04]") {
  const Doubles input({1, 2}, {2, -1}), weight({2, 2}, {1, 3, -1, 0.5});
  const Doubles grad_output({1, 2}, {1, 2});
  CHECK(dense_backward_input(grad_output, weight) ==
        Doubles({1, 2}, {-1, 4}));
  const auto grads = dense_backward_parameters(grad_output, input);
  CHECK(grads.bias == Doubles({2}, {1, 2}));
  CHECK(grads.weight == Doubles({2, 2}, {2, -1, 4, -2}));
}

TEST_CASE("dense refuses what does not fit", "[04]") {
  const Tensor<> weight({2, 3}), bias({2});
  CHECK(message_of([&] {
          dense(Tensor<>({1, 4}), weight, bias);
        }) == "dense: input expects shape (1, 3), got (1, 4)");
  CHECK(message_of([&] {
          dense(Tensor<>({1, 3}), weight, Tensor<>({3}));
        }) == "dense: bias expects shape (2), got (3)");
  CHECK_THAT(
      message_of([&] { dense(Tensor<>({3}), weight, bias); }),
      ContainsSubstring("dense: input expects 2 axes, got shape (3)"));
}

TEST_CASE("two linear layers are the one that they merge into", "[04]") {
  Random random(1);
  for (int round = 0; round < 20; ++round) {
    const int N = 1 + random.below(5), F_in = 1 + random.below(6);
    const int F_hidden = 1 + random.below(6), F_out = 1 + random.below(6);
    const auto first = random_layer(F_in, F_hidden, random);
    const auto second = random_layer(F_hidden, F_out, random);
    const DenseParameters<double> one = merged(first, second);
    const Doubles input = random_doubles({N, F_in}, random);
    CHECK(max_abs_difference(dense(input, one.weight, one.bias),
                             two_linear_layers(input, first, second)) <
          1e-12);
  }
}

TEST_CASE("merged() gives the numbers of the hand example", "[04]") {
  const DenseParameters<double> first{Doubles({3, 2}, {1, 2, -1, 1, 0, -2}),
                                      Doubles({3}, {1, 0, -1})};
  const DenseParameters<double> second{Doubles({2, 3}, {1, -1, 2, 3, 0, 1}),
                                       Doubles({2}, {0, 5})};
  const DenseParameters<double> one = merged(first, second);
  CHECK(one.weight == Doubles({2, 2}, {2, -3, 3, 4}));
  CHECK(one.bias == Doubles({2}, {-1, 7}));
  CHECK_THAT(
      message_of([&] { merged(second, second); }),
      ContainsSubstring("merged: second weight expects shape (2, 2), "
                        "got (2, 3)"));
}

TEST_CASE("with ReLU between, the middle is not kept", "[04]") {
  const auto [first, second] = quadrant_network();
  const Tensor<> ends({2, 2}, {1, 1, -1, -1}), middle({1, 2}, {0, 0});
  const Tensor<> at_ends = two_layers_with_relu(ends, first, second);
  CHECK(at_ends == Tensor<>({2, 1}, {2, 2}));
  CHECK(two_layers_with_relu(middle, first, second)(0, 0) == 0);
  CHECK(two_linear_layers(ends, first, second) == Tensor<>({2, 1}, {0, 0}));
}

TEST_CASE("the network by hand parts what no line parts", "[04]") {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Random random(seed);
    const QuadrantPoints points = quadrant_points(10, random);
    REQUIRE(points.size() == 40);
    for (int n = 0; n < points.size(); ++n)
      CHECK((points.at(n, 0) * points.at(n, 1) > 0) ==
            points.is_a[static_cast<std::size_t>(n)]);
    CHECK(points_right(points, [](const Tensor<>& at) {
            const auto [first, second] = quadrant_network();
            return two_layers_with_relu(at, first, second);
          }) == 40);
    const LinearSearch best = best_line(points);
    CHECK(best.tried == 21 * 21 * 21);
    CHECK(best.right == points_right(points, best));
    CHECK(best.right >= 30);
    CHECK(best.right < 40);
  }
}

TEST_CASE("of four points, one per quadrant, a line gets three", "[04]") {
  const QuadrantPoints corners{
      Tensor<>({4, 2}, {1, 1, -1, 1, 1, -1, -1, -1}),
      {true, false, false, true}};
  CHECK(best_line(corners).right == 3);
}

TEST_CASE("one step of descent, by hand", "[04]") {
  const OneWeight network{2, 6};
  CHECK(network.output(1) == 2);
  CHECK(network.loss(1) == 16);
  CHECK(network.gradient(1) == -16);
  CHECK(network.gradient(3) == 0);
  const std::vector<double> visited = descend(network, 1, 0.05, 1);
  REQUIRE(visited.size() == 2);
  CHECK(visited[0] == 1);
  CHECK_THAT(visited[1], WithinAbs(1.8, 1e-15));
  CHECK_THAT(network.loss(visited[1]), WithinAbs(5.76, 1e-12));
}

TEST_CASE("the learning rate decides between down and up", "[04]") {
  const OneWeight network;
  const auto loss_after = [&](double learning_rate) {
    return network.loss(descend(network, 1, learning_rate, 20).back());
  };
  CHECK(loss_after(0.005) > 1);
  CHECK(loss_after(0.005) < 16);
  CHECK(loss_after(0.05) < 1e-6);
  CHECK(loss_after(0.26) > 16);
  CHECK(descend(network, 1, 0.05, 0) == std::vector<double>{1});
}

TEST_CASE("the expression's values and gradients, by hand", "[04]") {
  const ExpressionInputs in{2, 3, -1, 2};
  const ExpressionValues v = expression_forward(in);
  CHECK(v.a == 6);
  CHECK(v.z == 5);
  CHECK(v.r == 5);
  CHECK(v.d == 3);
  CHECK(v.loss == 9);
  const ExpressionGradients g = expression_backward(in, v);
  CHECK(g.loss == 1);
  CHECK(g.d == 6);
  CHECK(g.r == 6);
  CHECK(g.t == -6);
  CHECK(g.z == 6);
  CHECK(g.a == 6);
  CHECK(g.b == 6);
  CHECK(g.w == 18);
  CHECK(g.x == 12);
}

TEST_CASE("the expression's gradients are its slopes everywhere", "[04]") {
  Random random(4);
  for (int round = 0; round < 30; ++round) {
    const Doubles at = random_doubles({4}, random);
    const auto inputs = [](const Doubles& t) {
      return ExpressionInputs{t(0), t(1), t(2), t(3)};
    };
    const ExpressionValues v = expression_forward(inputs(at));
    if (std::abs(v.z) < 0.01) continue;  // too near the bend
    const ExpressionGradients g = expression_backward(inputs(at), v);
    const GradientCheck of_inputs =
        check_gradient("inputs", Doubles({4}, {g.w, g.x, g.b, g.t}), at,
                       [&](const Doubles& t) {
                         return expression_forward(inputs(t)).loss;
                       });
    CHECK(of_inputs.passed());
    const GradientCheck inside = check_gradient(
        "inside", Doubles({5}, {g.a, g.z, g.r, g.d, g.loss}), Doubles({5}),
        [&](const Doubles& t) {
          const ExpressionValues nudge{t(0), t(1), t(2), t(3), t(4)};
          return expression_forward(inputs(at), nudge).loss;
        });
    CHECK(inside.passed());
  }
}

TEST_CASE("a closed unit hands nothing back", "[04]") {
  const ExpressionInputs in{2, 3, -7, 2};
  const ExpressionValues v = expression_forward(in);
  CHECK(v.r == 0);
  CHECK(v.loss == 4);
  const ExpressionGradients g = expression_backward(in, v);
  CHECK(g.w == 0);
  CHECK(g.x == 0);
  CHECK(g.b == 0);
  CHECK(g.t == 4);
}

TEST_CASE("a number that is used twice gets the sum of both ways", "[04]") {
  const BranchingInputs in{3, 2, 1};
  const BranchingValues v = branching_forward(in);
  CHECK(v.s == 5);
  CHECK(v.m == 3);
  CHECK(v.loss == 15);
  const BranchingGradients g = branching_backward(in, v);
  CHECK(g.s == 3);
  CHECK(g.m == 5);
  CHECK(g.y == 3);
  CHECK(g.z == 0);
  CHECK(g.x == 3 + 5);
  Random random(8);
  for (int round = 0; round < 30; ++round) {
    const Doubles at = random_doubles({3}, random);
    if (std::abs(at(0) - at(2)) < 0.01) continue;  // nearly a tie
    const BranchingInputs inputs{at(0), at(1), at(2)};
    const BranchingGradients grad =
        branching_backward(inputs, branching_forward(inputs));
    CHECK(
        check_gradient("inputs", Doubles({3}, {grad.x, grad.y, grad.z}), at,
                       [](const Doubles& t) {
                         return branching_forward({t(0), t(1), t(2)}).loss;
                       })
            .passed());
  }
}

TEST_CASE("a smaller nudge helps until rounding takes over", "[04]") {
  const std::vector<NudgeErrors> errors = compute_nudge_errors(12);
  REQUIRE(errors.size() == 12);
  for (std::size_t i = 0; i < 4; ++i) {
    const double h = errors[i].h;
    CHECK_THAT(errors[i].one_way, WithinRel(3 * h + h * h, 1e-6));
    CHECK_THAT(errors[i].both_ways, WithinRel(h * h, 1e-3));
  }
  CHECK(errors[4].both_ways < 1e-9);
  CHECK(errors[11].both_ways > 1e-6);
  CHECK(errors[11].one_way > errors[7].one_way);
}

TEST_CASE("a gradient check counts, and fails on shape and NaN", "[04]") {
  const Doubles at({2, 3}, 1.0);
  const Loss loss = [](const Doubles& x) {
    double sum = 0;
    for (const double number : x.data()) sum += number * number;
    return sum;
  };
  const GradientCheck right =
      check_gradient("x", Doubles({2, 3}, 2.0), at, loss);
  CHECK(right.passed());
  CHECK(right.numbers == 6);
  const GradientCheck turned =
      check_gradient("x", Doubles({3, 2}, 2.0), at, loss);
  CHECK_FALSE(turned.passed());
  CHECK(turned.numbers == 6);
  Doubles one_wrong({2, 3}, 2.0);
  one_wrong(1, 2) = 2.001;
  CHECK_THAT(check_gradient("x", one_wrong, at, loss).error,
             WithinRel(0.001 / 2.001, 1e-3));
  one_wrong(1, 2) = std::nan("");
  CHECK_FALSE(check_gradient("x", one_wrong, at, loss).passed());
}

TEST_CASE("the check rejects the planted bugs and names them", "[04]") {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Random random(seed);
    CHECK(failed(check_dense(3, 5, 4, random)).empty());
    CHECK(
        failed(check_dense(3, 5, 4, random,
                           dense_backward_with_bias_as_gradient<double>)) ==
        "grad_bias ");
    CHECK(failed(check_max_pool({2, 3, 7, 6}, {3, 2, 1}, random)).empty());
    CHECK(failed(check_max_pool({2, 3, 7, 6}, {3, 2, 1}, random,
                                max_pool_backward_that_assigns<double>)) ==
          "grad_input ");
    // Windows that do not overlap cannot show the second one.
    CHECK(failed(check_max_pool({2, 3, 6, 6}, {2, 2, 0}, random,
                                max_pool_backward_that_assigns<double>))
              .empty());
  }
}

TEST_CASE("the small convolution's gradients, by hand", "[04]") {
  const Tensor<> input({1, 1, 3, 3}, {1, 0, 2, 0, 1, 1, 2, 1, 0});
  const Tensor<> weight({1, 1, 2, 2}, {1, 2, 3, 4});
  const Tensor<> grad_output({1, 1, 2, 2}, {1, 2, -1, 3});
  const Tensor<> grad_input({1, 1, 3, 3}, {1, 4, 4, 2, 11, 14, -3, 5, 12});
  CHECK(convolve_backward_input(grad_output, weight, input.shape()) ==
        grad_input);
  CHECK(convolve_backward_input_rotated(grad_output, weight,
                                        input.shape()) == grad_input);
  const auto grads = convolve_backward_parameters(grad_output, input, 2);
  CHECK(grads.weight == Tensor<>({1, 1, 2, 2}, {4, 6, 3, 2}));
  CHECK(grads.bias == Tensor<>({1}, 5.0f));
}

TEST_CASE("rotated_weight turns kernels and exchanges channels", "[04]") {
  const Tensor<> weight({1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Tensor<> rotated = rotated_weight(weight);
  CHECK(rotated == Tensor<>({2, 1, 2, 2}, {4, 3, 2, 1, 8, 7, 6, 5}));
  CHECK(rotated_weight(rotated) == weight);
  const Tensor<> emboss = handmade_kernels().back().weights;
  CHECK(rotated_weight(emboss.reshaped({1, 1, 3, 3})).reshaped({3, 3}) ==
        rotate180(emboss));
}

TEST_CASE("scattering and rotating give the same gradient", "[04]") {
  Random random(5);
  for (int round = 0; round < 40; ++round) {
    const int N = 1 + random.below(3), K = 1 + random.below(5);
    const int C_in = 1 + random.below(3), C_out = 1 + random.below(4);
    const int padding = random.below(K);
    const int H = K + random.below(6), W = K + random.below(6);
    const Shape input_shape = {N, C_in, H, W};
    const Doubles weight = random_doubles({C_out, C_in, K, K}, random);
    const Doubles grad_output =
        random_doubles({N, C_out, output_size(H, K, 1, padding),
                        output_size(W, K, 1, padding)},
                       random);
    CHECK(max_abs_difference(
              convolve_backward_input(grad_output, weight, input_shape, 1,
                                      padding),
              convolve_backward_input_rotated(
                  grad_output, weight, input_shape, 1, padding)) < 1e-12);
  }
  CHECK(failed(check_convolution({.padding = 2}, random,
                                 convolve_backward_input_rotated<double>))
            .empty());
}

TEST_CASE("the rotated form refuses what it cannot do", "[04]") {
  const Tensor<> weight({4, 2, 3, 3}), grad_output({1, 4, 5, 5});
  const std::string name = "convolve_backward_input_rotated: ";
  const auto message = [&](const Shape& input, int stride, int padding) {
    return message_of([&] {
      convolve_backward_input_rotated(grad_output, weight, input, stride,
                                      padding);
    });
  };
  CHECK(message({1, 2, 7, 7}, 1, 0) == "nothing was thrown");
  CHECK(message({1, 2, 7, 7}, 2, 0) ==
        name +
            "expected stride 1 and padding of at most 2, got stride 2 "
            "and padding 0");
  CHECK_THAT(message({1, 2, 7, 7}, 1, 3),
             ContainsSubstring("got stride 1 and padding 3"));
  CHECK(message({1, 2, 8, 7}, 1, 0) ==
        name + "grad_output expects shape (1, 4, 6, 5), got (1, 4, 5, 5)");
  CHECK_THAT(message({1, 3, 7, 7}, 1, 0),
             ContainsSubstring("expects 2 input channels"));
}

TEST_CASE("max-pooling hands all to the winner, of equals the first",
          "[04]") {
  const Tensor<> input({1, 1, 4, 4},
                       {1, 5, 2, 0, 3, 2, 7, 6, 4, 0, 1, 2, 8, 1, 3, 9});
  const Tensor<> grad_output({1, 1, 2, 2}, {8, -4, 4, 12});
  CHECK(max_pool_backward(grad_output, input) ==
        Tensor<>({1, 1, 4, 4},
                 {0, 8, 0, 0, 0, 0, -4, 0, 0, 0, 0, 0, 4, 0, 0, 12}));
  CHECK(average_pool_backward(grad_output, input.shape()) ==
        Tensor<>({1, 1, 4, 4},
                 {2, 2, -1, -1, 2, 2, -1, -1, 1, 1, 3, 3, 1, 1, 3, 3}));
  CHECK(max_pool_backward(Tensor<>({1, 1, 1, 1}, 1.0f),
                          Tensor<>({1, 1, 2, 2}, {3, 1, 0, 3})) ==
        Tensor<>({1, 1, 2, 2}, {1, 0, 0, 0}));
}

TEST_CASE("the kernel's gradient is the slope of its error", "[04]") {
  Random random(6);
  const Examples examples = random_examples(3, sobel_x(), random);
  const Tensor<> kernel = convert<float>(random_doubles({3, 3}, random));
  const auto outputs = kernel_outputs(examples, kernel);
  CHECK_THAT(error_of(outputs, examples),
             WithinRel(kernel_error(examples, kernel), 1e-12));
  const Tensor<> gradient = kernel_gradient(outputs, examples, 3);
  REQUIRE(gradient.shape() == Shape{3, 3});
  // In float, so the turn is large; the error is a parabola, so it may be.
  for (int i = 0; i < 9; ++i) {
    const auto at = static_cast<std::size_t>(i);
    Tensor<> above = kernel, below = kernel;
    above.data()[at] += 0.25f;
    below.data()[at] -= 0.25f;
    const double slope =
        (kernel_error(examples, above) - kernel_error(examples, below)) /
        0.5;
    CHECK_THAT(static_cast<double>(gradient.data()[at]),
               WithinAbs(slope, 1e-4));
  }
}

TEST_CASE("descent recovers a kernel and counts its passes", "[04]") {
  Random random(7);
  const Tensor<> kernel = convert<float>(random_doubles({3, 3}, random));
  const Examples examples = random_examples(4, kernel, random);
  const auto path = descend_to_kernel(examples, 0.3f, 1e-8, 1000);
  CHECK(path.front().forward_passes == 1);
  CHECK(path.front().kernel == Tensor<>({3, 3}));
  for (std::size_t i = 1; i < path.size(); ++i) {
    CHECK(path[i].forward_passes == static_cast<int>(i) + 1);
    CHECK(path[i].error < path[i - 1].error);
  }
  CHECK(path.back().error <= 1e-8);
  CHECK(max_abs_difference(path.back().kernel, kernel) < 1e-3f);
  CHECK_THAT(path.back().error,
             WithinRel(kernel_error(examples, path.back().kernel), 1e-9));
  CHECK(descend_to_kernel(examples, 0.3f, 0, 12).size() == 12);
  CHECK(
      message_of([] { descend_to_kernel({}, 0.3f, 0, 12); }) ==
      "descend_to_kernel: expected as many targets as images and at least "
      "one, got 0 images and 0 targets");
  CHECK(message_of([&] { descend_to_kernel(examples, 0.3f, 0, 0); }) ==
        "descend_to_kernel: expected 1 pass or more, got 0");
}

TEST_CASE("halving a rate ends, also where no rate would do", "[04]") {
  Examples examples = examples_of({Tensor<>({7, 6})}, sobel_x());
  const float unbounded = std::numeric_limits<float>::infinity();
  const std::string expected =
      "descend_at_halves: expected a finite learning rate and examples of "
      "finite numbers, got a rate of ";
  CHECK(message_of([&] { descend_at_halves(examples, unbounded, 0, 9); }) ==
        expected + "inf and an error of 0.000000");
  examples.targets[0](1, 1) = unbounded;
  CHECK(message_of([&] { descend_at_halves(examples, 0.5f, 0, 9); }) ==
        expected + "0.500000 and an error of inf");
}

TEST_CASE("a descent that explodes ends there, and a halved rate mends it",
          "[04]") {
  int exploded = 0;
  for (const std::uint64_t seed :
       {1u, 2u, 3u, 4u, 5u, 15u, 21u, 38u, 57u, 60u}) {
    Random random(seed);
    const Tensor<> kernel = convert<float>(random_doubles({3, 3}, random));
    const Examples examples = random_examples(2, kernel, random);
    for (const float rate : {0.05f, 0.2f, 0.35f, 0.4f, 0.45f, 0.5f, 8.0f}) {
      CAPTURE(seed, rate);
      const auto all = descend_at_halves(examples, rate, 1e-8, 3000);
      for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& path = all[i].path;
        CHECK(all[i].learning_rate ==
              rate / static_cast<float>(std::size_t{1} << i));
        for (std::size_t at = 0; at + 1 < path.size(); ++at)
          REQUIRE(std::isfinite(path[at].error));
        CHECK(explodes(path) == (i + 1 < all.size()));
        if (!explodes(path)) continue;
        ++exploded;
        CHECK(std::isfinite(best_of(path).error));
      }
      const SearchStep& end = all.back().path.back();
      CHECK(end.error <= 1e-8);
      CHECK(max_abs_difference(end.kernel, kernel) < 1e-2f);
    }
  }
  CHECK(exploded > 20);
}

TEST_CASE("the digits of a seed whose rate seems good for 100 passes",
          "[04]") {
  const Examples examples =
      examples_of(some_digits(embedded_digits().train, 10, 57), sobel_x());
  CHECK(descend_to_kernel(examples, 1.6f, 1e-8, 100).back().error < 1e-4);
  const auto all = descend_at_halves(examples, 1.6f, 1e-8, 20000);
  REQUIRE(all.size() == 2);
  CHECK(all[0].path.size() < 20000);
  CHECK_FALSE(std::isfinite(all[0].path.back().error));
  CHECK(all[1].path.back().error <= 1e-8);
}

TEST_CASE("blank pictures tell nothing of a kernel, and nothing explodes",
          "[04]") {
  const Examples blank = examples_of({Tensor<>({7, 6})}, sobel_x());
  const auto all = descend_at_halves(blank, 0.1f, 0, 100);
  REQUIRE(all.size() == 1);
  CHECK(all[0].path.size() == 1);
  CHECK(all[0].path.back().error == 0);
}

TEST_CASE("an error that was never reached counts for nothing", "[04]") {
  const Tensor<> kernel({3, 3});
  const std::vector<SearchStep> search = {{1, 1.0, kernel},
                                          {30, 0.1, kernel}};
  const std::vector<SearchStep> descent = {{1, 1.0, kernel},
                                           {2, 0.5, kernel}};
  CHECK(passes_until(search, 0.1) == 30);
  CHECK_FALSE(passes_until(descent, 0.1));
  CHECK(times_fewer(search, descent, 0.1) == 0);
  CHECK(times_fewer(search, descent, 0.5) == 10);
  CHECK(error_text(0.25) == "0.25");
  CHECK(error_text(std::nan("")) == error_text(INFINITY));
}

TEST_CASE("rates double until the error no longer falls", "[04]") {
  const Examples examples =
      examples_of(some_digits(embedded_digits().train, 2, 1), sobel_x());
  const std::vector<TriedRate> rates = try_rates(examples);
  REQUIRE(rates.size() > 2);
  CHECK(rates[0].learning_rate == 0.1f);
  CHECK(rates[1].learning_rate == 0.2f);
  for (std::size_t i = 0; i + 1 < rates.size(); ++i) CHECK(rates[i].good);
  CHECK_FALSE(rates.back().good);
  CHECK(last_good(rates) == rates[rates.size() - 2].learning_rate);
  CHECK(last_good({{0.1f, 1, false}}) == 0.1f);
}

TEST_CASE("one loop nest serves all three roles of a convolution", "[04]") {
  CHECK(roles_agree({}));
  const Doubles output({1, 2}, {2, -1}), weight({1, 1}, 3.0);
  const Doubles input({1, 2}, {5, 7});
  CHECK(exchange_roles(Place::output, output, weight, input) ==
        Doubles({1, 2}, {15, 21}));
  CHECK(exchange_roles(Place::input, output, weight, input) ==
        Doubles({1, 2}, {6, -3}));
  CHECK(exchange_roles(Place::weight, output, weight, input) ==
        Doubles({1, 1}, 3.0));
  CHECK(role_text(Place::weight) ==
        "grad_weight(ky, kx)        += grad_output(y, x) * "
        "input(y + ky, x + kx)");
}

TEST_CASE("what one output cell scatters, and the four together", "[04]") {
  const SmallConvolution it;
  Doubles sum(it.input.shape());
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x) {
      const Doubles one = scattered(it, y, x);
      for (std::size_t i = 0; i < sum.data().size(); ++i)
        sum.data()[i] += one.data()[i];
    }
  CHECK(sum == it.grad_input());
  CHECK(scattered(it, 1, 0)(0, 0, 1, 0) == -1);
  CHECK(scattered(it, 1, 0)(0, 0, 0, 0) == 0);
}

TEST_CASE("no change of the picture beats its gradient", "[04]") {
  // The pooled sum is a maximum of sums, so it lies above each of its
  // tangents: sum(x + d) >= sum(x) + gradient times d.
  Random random(9);
  const Tensor<> picture = convert<float>(random_doubles({8, 6}, random));
  const StoryGradient it = compute_story_gradient(picture);
  CHECK(it.pooled.shape() == Shape{1, 1, 4, 3});
  CHECK(count_nonzero(it.grad_map) <= 12);
  CHECK(count_nonzero(it.grad_pixels) > 0);
  for (int round = 0; round < 50; ++round) {
    const Tensor<> change = convert<float>(random_doubles({8, 6}, random));
    Tensor<> moved = picture;
    double promised = static_cast<double>(it.sum), small = promised;
    Tensor<> hair = picture;
    for (std::size_t i = 0; i < moved.data().size(); ++i) {
      moved.data()[i] += change.data()[i];
      hair.data()[i] += 1e-3f * change.data()[i];
      const auto slope = static_cast<double>(it.grad_pixels.data()[i]) *
                         static_cast<double>(change.data()[i]);
      promised += slope;
      small += 1e-3 * slope;
    }
    CHECK(static_cast<double>(compute_story_gradient(moved).sum) >=
          promised - 1e-4);
    CHECK_THAT(static_cast<double>(compute_story_gradient(hair).sum),
               WithinAbs(small, 0.02));
  }
}
