// Fewer products: the same convolution as that of the plain loops, counted.
#include "07-speed/minimal_filter.hpp"

#include <array>
#include <string>
#include <vector>

#include "07-speed/products_and_errors.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/reference.hpp"

using namespace cnn;

namespace {

std::vector<MinimalFilter> all_filters() {
  return {filter_1_3(), filter_2_3(), filter_4_3(), filter_6_3()};
}

// F(3, 2), which the chapter does not need: any m and r will do.
MinimalFilter filter_3_2() {
  return {3, 2,
          Tensor<double>({4, 4}, {1, 0, -1, 0, 0, 1, 1, 0,  //
                                  0, -1, 1, 0, 0, -1, 0, 1}),
          Tensor<double>({4, 2}, {1, 0, 0.5, 0.5, 0.5, -0.5, 0, 1}),
          Tensor<double>({3, 4}, {1, 1, 1, 0, 0, 1, -1, 0, 0, 1, 1, 1})};
}

void check_tile(const MinimalFilter& by, Random& random) {
  INFO("F(" << by.m << ", " << by.r << ")");
  const auto d = normal_numbers<double>({by.n(), by.n()}, random);
  const auto g = normal_numbers<double>({by.r, by.r}, random);
  const Tensor<double> tile = minimal_filter(by, d, g);
  CHECK(tile.shape() == Shape{by.m, by.m});
  CHECK_THAT(max_abs_difference(tile, correlate2d(d, g)),
             WithinAbs(0, 1e-12));
}

// What a tile of one channel costs, apart from transforming the weights.
Operations operations_of_tile(const MinimalFilter& by) {
  const auto weights = transformed_weights(by, variables({1, 1, 3, 3}));
  const auto input = variables({1, 1, by.n(), by.n()});
  return count_operations([&] {
    convolve_transformed(by, input, weights, Tensor<CountingNumber>({1}),
                         0);
  });
}

}  // namespace

TEST_CASE("fewer products: two outputs of three taps, by hand") {
  // 3 x 2 + 1 x 1 + 4 x 3 and 1 x 2 + 4 x 1 + 2 x 3
  const std::array<double, 4> m =
      four_products<double>({3, 1, 4, 2}, {2, 1, 3});
  CHECK(m == std::array<double, 4>{-2, 15, 6, -3});
  CHECK(two_outputs(m) == std::array<double, 2>{19, 12});
}

TEST_CASE("fewer products: two outputs take four products") {
  using C = CountingNumber;
  const C d = C::variable(2), g = C::variable(3);
  std::array<C, 2> y;
  const Operations done = count_operations([&] {
    y = two_outputs(four_products<C>({d, d, d, d}, {g, g, g}));
  });
  CHECK(done.products == 4);
  CHECK(done.constants == 2);          // two sums of weights are halved
  CHECK(done.additions == 4 + 4 + 4);  // inputs, weights, products
  CHECK(y[0].value == 18);
  CHECK(y[1].value == 18);
}

TEST_CASE("fewer products: the matrices say what the hand wrote") {
  Random random(1);
  const MinimalFilter by = filter_2_3();
  const auto d = normal_numbers<double>({4}, random);
  const auto g = normal_numbers<double>({3}, random);
  const auto m =
      four_products<double>({d(0), d(1), d(2), d(3)}, {g(0), g(1), g(2)});
  const auto y = two_outputs(m);
  std::array<double, 4> products = {};
  std::array<double, 2> outputs = {};
  for (int i = 0; i < 4; ++i) {
    double input = 0, weight = 0;
    for (int k = 0; k < 4; ++k) input += by.BT(i, k) * d(k);
    for (int k = 0; k < 3; ++k) weight += by.G(i, k) * g(k);
    products[static_cast<std::size_t>(i)] = input * weight;
  }
  for (int i = 0; i < 2; ++i)
    for (int k = 0; k < 4; ++k)
      outputs[static_cast<std::size_t>(i)] +=
          by.AT(i, k) * products[static_cast<std::size_t>(k)];
  for (std::size_t i = 0; i < 4; ++i)
    CHECK_THAT(products[i], WithinAbs(m[i], 1e-14));
  for (std::size_t i = 0; i < 2; ++i)
    CHECK_THAT(outputs[i], WithinAbs(y[i], 1e-14));
}

TEST_CASE("fewer products: a tile of any size equals the plain loops") {
  Random random(2);
  for (int again = 0; again < 20; ++again) {
    for (const MinimalFilter& by : all_filters()) check_tile(by, random);
    check_tile(filter_3_2(), random);
  }
  const Tensor<double> small({3, 3}), large({4, 4});
  CHECK_THROWS_WITH(minimal_filter(filter_2_3(), small, small),
                    "minimal_filter: input expects shape (4, 4), got "
                    "(3, 3)");
  CHECK_THROWS_WITH(minimal_filter(filter_2_3(), large, large),
                    "minimal_filter: weight expects shape (3, 3), got "
                    "(4, 4)");
}

TEST_CASE("fewer products: convolutions of all sizes equal the plain one") {
  Random random(3);
  for (int fitting = 0; fitting < 120;) {
    const Shape shape{from_to(1, 3, random), from_to(1, 4, random),
                      from_to(1, 15, random), from_to(1, 15, random)};
    const int C_out = from_to(1, 4, random), padding = random.below(3);
    if (std::min(shape[2], shape[3]) + 2 * padding < 3) continue;
    ++fitting;
    const auto input = normal_numbers<double>(shape, random);
    const auto weight =
        normal_numbers<double>({C_out, shape[1], 3, 3}, random);
    const auto bias = normal_numbers<double>({C_out}, random);
    const Tensor<double> exact = convolve(input, weight, bias, 1, padding);
    for (const MinimalFilter& by : all_filters()) {
      INFO("input " << to_string(shape) << ", padding " << padding
                    << ", tiles of " << by.m);
      const Tensor<double> output =
          convolve_with_fewer_products(input, weight, bias, padding, by);
      REQUIRE(output.shape() == exact.shape());
      CHECK_THAT(max_abs_difference(output, exact), WithinAbs(0, 1e-12));
    }
    CHECK(relative_error(convolve_with_fewer_products(
                             convert<float>(input), convert<float>(weight),
                             convert<float>(bias), padding),
                         exact) < 2e-6);
  }
}

TEST_CASE("fewer products: kernels of another size are refused") {
  const Tensor<> input({1, 2, 8, 8}), bias({3});
  CHECK_THROWS_WITH(
      convolve_with_fewer_products(input, Tensor<>({3, 2, 5, 5}), bias),
      "convolve_with_fewer_products: weight expects shape (3, 2, 3, 3), "
      "got "
      "(3, 2, 5, 5)");
  CHECK_THROWS_WITH(
      convolve_with_fewer_products(input, Tensor<>({3, 1, 3, 3}), bias),
      "convolve_with_fewer_products: weight (3, 1, 3, 3) expects 1 input "
      "channel, but input (1, 2, 8, 8) has 2");
  CHECK_THROWS_WITH(
      convolve_with_fewer_products(input, Tensor<>({2, 2, 3, 3}), bias),
      "convolve_with_fewer_products: bias expects shape (2), got (3)");
}

// The inputs are multiples of 1/16. F(2, 3) only halves, so its sums are
// exact in a float, too, while thirds are never exact.
TEST_CASE("fewer products: PyTorch's values") {
  const Reference file("convolution.txt");
  int found = 0;
  for (const std::string& name : file.cases()) {
    const auto tensor = [&](const char* which) {
      return file[name + "." + which];
    };
    const Tensor<double> weight = tensor("weight");
    if (weight.extent(2) != 3 || tensor("geometry")(0) != 1) continue;
    INFO(name);
    ++found;
    const int padding = static_cast<int>(tensor("geometry")(1));
    const Tensor<double> output = tensor("output");
    CHECK(convolve_with_fewer_products(convert<float>(tensor("input")),
                                       convert<float>(weight),
                                       convert<float>(tensor("bias")),
                                       padding) == convert<float>(output));
    for (const MinimalFilter& by : all_filters())
      CHECK_THAT(max_abs_difference(convolve_with_fewer_products(
                                        tensor("input"), weight,
                                        tensor("bias"), padding, by),
                                    output),
                 WithinAbs(0, 1e-12));
  }
  CHECK(found == 4);
}

TEST_CASE("fewer products: counted") {
  CHECK(operations_of_tile(filter_1_3()).products == 9);
  CHECK(operations_of_tile(filter_2_3()).products == 16);
  CHECK(operations_of_tile(filter_4_3()).products == 36);
  CHECK(operations_of_tile(filter_6_3()).products == 64);
  // Lavin and Gray's counts for F(2 x 2, 3 x 3): 32 additions to transform
  // an input, 24 to transform the products back, and no products.
  CHECK(operations_of_tile(filter_2_3()).additions == 32 + 24);
  CHECK(operations_of_tile(filter_2_3()).constants == 0);
  CHECK(operations_of_tile(filter_4_3()).constants > 0);
  // In a layer the transforms are shared by all channels.
  const long long C = 5, outputs = compared_size * compared_size;
  for (const WayToConvolve& way : ways_to_convolve()) {
    INFO(way.name);
    const Operations count = compute_operations(way, C);
    CHECK(static_cast<double>(count.products) / (C * C * outputs) ==
          products_per_output(way));
  }
  const Operations two = compute_operations(ways_to_convolve()[2], C);
  CHECK(two.additions ==
        outputs / 4 * (32 * C + 16 * C * (C - 1) + 24 * C + 4 * C));
}

TEST_CASE("fewer products: constants of 0, 1 and -1 cost nothing") {
  const CountingNumber x = CountingNumber::variable(3);
  CountingNumber y;
  const Operations free = count_operations(
      [&] { y = 0.0 * x + 1.0 * x + 0.0 - (-1.0 * x + x * 0.0); });
  CHECK(y.value == 6);
  CHECK(free.products + free.constants == 0);
  CHECK(free.additions == 1);
  const Operations paid = count_operations([&] { y = 2.0 * x + x * x; });
  CHECK(y.value == 15);
  CHECK(paid.constants == 1);
  CHECK(paid.products == 1);
  CHECK(paid.additions == 1);
}

// What the page says about the errors.
TEST_CASE("fewer products: larger tiles lose digits") {
  for (const int channels : {8, 32}) {
    const std::vector<double> errors =
        compute_errors(ways_to_convolve(), channels, 3);
    REQUIRE(errors.size() == 5);
    const double one_sum = errors[0], nine_sums = errors[1];
    CHECK(nine_sums < one_sum);
    CHECK(errors[2] < one_sum);  // F(2 x 2, 3 x 3)
    CHECK(errors[2] < 3 * nine_sums);
    CHECK(errors[3] > 5 * errors[2]);  // F(4 x 4, 3 x 3)
    CHECK(errors[4] > errors[3]);      // F(6 x 6, 3 x 3)
    CHECK(errors[4] < 1e-4);
  }
}
