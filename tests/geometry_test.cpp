// Convolution and pooling over random geometries, against a computation
// that shares nothing with them: it asks for every cell whether it lies
// inside the image, whereas they loop over a padded copy.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "03-pooling/pooling.hpp"
#include "04-backprop/backprop.hpp"
#include "common/tensor/random.hpp"
#include "tests/catch.hpp"
#include "tests/from_to.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

// Whole numbers from -4 to 4: sums of their products are exact in a float,
// in any order, so results must be equal, not only close.
Tensor<> whole_numbers(const Shape& shape, Random& random) {
  Tensor<> numbers(shape);
  for (float& number : numbers.data())
    number = static_cast<float>(random.below(9) - 4);
  return numbers;
}

bool inside(const Tensor<>& image, int y, int x) {
  return y >= 0 && y < image.extent(2) && x >= 0 && x < image.extent(3);
}

// How many places there are: counted, not computed.
int places(int size, int window, int stride, int padding) {
  int count = 0;
  for (int first = -padding; first + window <= size + padding;
       first += stride)
    ++count;
  return count;
}

// A convolution whose loops run over the cells of input and output; the
// index in the kernel follows from both.
Tensor<> naive_convolve(const Tensor<>& input, const Tensor<>& weight,
                        const Tensor<>& bias, int stride, int padding) {
  const int K = weight.extent(2), C_out = weight.extent(0);
  Tensor<> output({input.extent(0), C_out,
                   places(input.extent(2), K, stride, padding),
                   places(input.extent(3), K, stride, padding)});
  const auto touch = [&](int n, int ci, int y_in, int x_in, int co) {
    for (int y = 0; y < output.extent(2); ++y)
      for (int x = 0; x < output.extent(3); ++x) {
        const int ky = y_in + padding - y * stride;
        const int kx = x_in + padding - x * stride;
        if (ky < 0 || ky >= K || kx < 0 || kx >= K) continue;
        output(n, co, y, x) +=
            weight(co, ci, ky, kx) * input(n, ci, y_in, x_in);
      }
  };
  for (int n = 0; n < input.extent(0); ++n)
    for (int co = 0; co < C_out; ++co) {
      for (int ci = 0; ci < input.extent(1); ++ci)
        for (int y = 0; y < input.extent(2); ++y)
          for (int x = 0; x < input.extent(3); ++x) touch(n, ci, y, x, co);
      for (int y = 0; y < output.extent(2); ++y)
        for (int x = 0; x < output.extent(3); ++x)
          output(n, co, y, x) += bias(co);
    }
  return output;
}

// The cells of a window that lie in the image.
std::vector<float> cells_of(const Tensor<>& input, int n, int c, int top,
                            int left, int window) {
  std::vector<float> cells;
  for (int y = top; y < top + window; ++y)
    for (int x = left; x < left + window; ++x)
      if (inside(input, y, x)) cells.push_back(input(n, c, y, x));
  return cells;
}

// `summary` turns a window's cells into one number.
template <class Summary>
Tensor<> naive_pool(const Tensor<>& input, const Pooling& it,
                    const Summary& summary) {
  Tensor<> output(
      {input.extent(0), input.extent(1),
       places(input.extent(2), it.window, it.stride, it.padding),
       places(input.extent(3), it.window, it.stride, it.padding)});
  for (int n = 0; n < output.extent(0); ++n)
    for (int c = 0; c < output.extent(1); ++c)
      for (int y = 0; y < output.extent(2); ++y)
        for (int x = 0; x < output.extent(3); ++x)
          output(n, c, y, x) =
              summary(cells_of(input, n, c, y * it.stride - it.padding,
                               x * it.stride - it.padding, it.window));
  return output;
}

std::string described(const Shape& input, int window, int stride,
                      int padding) {
  return "input " + to_string(input) + ", window " +
         std::to_string(window) + ", stride " + std::to_string(stride) +
         ", padding " + std::to_string(padding);
}

// Calls `check` for 300 random poolings that fit their images.
template <class Check>
void for_random_poolings(const Check& check) {
  Random random(2);
  for (int fitting = 0; fitting < 300;) {
    Pooling it{from_to(1, 5, random), from_to(1, 4, random), 0};
    it.padding = random.below(it.window / 2 + 1);
    const Shape shape{from_to(1, 3, random), from_to(1, 3, random),
                      from_to(1, 9, random), from_to(1, 9, random)};
    if (std::min(shape[2], shape[3]) + 2 * it.padding < it.window) continue;
    INFO(described(shape, it.window, it.stride, it.padding));
    check(whole_numbers(shape, random), it);
    ++fitting;
  }
}

// Every output pays 1 to the first cell of its window, in reading order,
// that equals it: a cell of the image, never one of the border.
Tensor<> pay_the_first(const Tensor<>& input, const Pooling& it) {
  const Tensor<> output = max_pool(input, it);
  Tensor<> paid(input.shape());
  for (int n = 0; n < output.extent(0); ++n)
    for (int c = 0; c < output.extent(1); ++c)
      for (int y = 0; y < output.extent(2); ++y)
        for (int x = 0; x < output.extent(3); ++x) {
          bool found = false;
          for (int i = 0; i < it.window * it.window && !found; ++i) {
            const int yy = y * it.stride - it.padding + i / it.window;
            const int xx = x * it.stride - it.padding + i % it.window;
            found = inside(input, yy, xx) &&
                    input(n, c, yy, xx) == output(n, c, y, x);
            if (found) paid(n, c, yy, xx) += 1;
          }
          REQUIRE(found);
        }
  return paid;
}

}  // namespace

// ---- Convolution -------------------------------------------------------

TEST_CASE("convolve over random geometries") {
  Random random(1);
  int fitting = 0, refused = 0;
  while (fitting < 300) {
    const int C_in = from_to(1, 4, random), C_out = from_to(1, 4, random);
    const int K = from_to(1, 5, random), stride = from_to(1, 4, random);
    const int padding = from_to(0, 3, random);
    const Shape shape{from_to(1, 3, random), C_in, from_to(1, 9, random),
                      from_to(1, 9, random)};
    INFO(described(shape, K, stride, padding));
    const Tensor<> input = whole_numbers(shape, random);
    const Tensor<> weight = whole_numbers({C_out, C_in, K, K}, random);
    const Tensor<> bias = whole_numbers({C_out}, random);
    if (std::min(shape[2], shape[3]) + 2 * padding < K) {
      CHECK_THAT(message_of([&] {
                   convolve(input, weight, bias, stride, padding);
                 }),
                 ContainsSubstring("does not fit into"));
      ++refused;
    } else {
      CHECK(convolve(input, weight, bias, stride, padding) ==
            naive_convolve(input, weight, bias, stride, padding));
      ++fitting;
    }
  }
  CHECK(refused > 10);
}

TEST_CASE("correlate2d is convolve on one channel") {
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const int K = from_to(1, 5, random);
    const int H = from_to(K, 9, random), W = from_to(K, 9, random);
    const Tensor<> image = whole_numbers({H, W}, random);
    const Tensor<> kernel = whole_numbers({K, K}, random);
    const Tensor<> output =
        convolve(image.reshaped({1, 1, H, W}),
                 kernel.reshaped({1, 1, K, K}), Tensor<>({1}));
    CHECK(correlate2d(image, kernel).reshaped(output.shape()) == output);
  }
}

TEST_CASE("output_size counts the places") {
  for (int size = 1; size < 12; ++size)
    for (int K = 1; K < 7; ++K)
      for (int stride = 1; stride < 5; ++stride)
        for (int padding = 0; padding < 4; ++padding)
          if (K <= size + 2 * padding)
            CHECK(output_size(size, K, stride, padding) ==
                  places(size, K, stride, padding));
}

TEST_CASE("a window that is larger than the image is refused") {
  const std::string text =
      "output_size: a window of 5 does not fit into 4 cells with padding 0";
  CHECK(message_of([] {
          convolve(Tensor<>({1, 1, 6, 4}), Tensor<>({1, 1, 5, 5}),
                   Tensor<>({1}));
        }) == text);
  CHECK(message_of([] {
          max_pool(Tensor<>({1, 1, 4, 6}), {5, 1, 0});
        }) == text);
  CHECK(message_of([] {
          average_pool(Tensor<>({1, 1, 4, 6}), {5, 1, 0});
        }) == text);
  CHECK(message_of([] {
          correlate2d(Tensor<>({4, 4}), Tensor<>({5, 5}));
        }) == text);
  CHECK_THROWS_AS(output_size(4, 5, 1, 0), std::invalid_argument);
}

TEST_CASE("impossible strides and paddings are refused") {
  CHECK_THAT(message_of([] { output_size(4, 2, 0, 0); }),
             ContainsSubstring("got size 4, window 2, stride 0"));
  CHECK_THROWS_AS(output_size(4, 2, -1, 0), std::invalid_argument);
  CHECK_THROWS_AS(output_size(4, 2, 1, -1), std::invalid_argument);
  CHECK_THROWS_AS(output_size(4, 0, 1, 0), std::invalid_argument);
  CHECK_THROWS_AS(output_size(0, 1, 1, 1), std::invalid_argument);
  const Tensor<> image({1, 1, 4, 4});
  CHECK(message_of([&] {
          max_pool(image, {3, 1, 2});
        }) ==
        "max_pool: expected padding of at most half the window, got "
        "window 3 and padding 2");
  CHECK_THAT(message_of([&] {
               average_pool(image, {2, 1, 2});
             }),
             ContainsSubstring("average_pool: expected padding"));
}

TEST_CASE("channels and shapes that do not match are refused") {
  const Tensor<> images({8, 3, 28, 28}), bias({16});
  CHECK(message_of([&] {
          convolve(images, Tensor<>({16, 1, 3, 3}), bias);
        }) ==
        "convolve: weight (16, 1, 3, 3) expects 1 input channel, but "
        "input (8, 3, 28, 28) has 3");
  CHECK_THAT(message_of([&] {
               convolve(images, Tensor<>({16, 4, 3, 3}), bias);
             }),
             ContainsSubstring("expects 4 input channels, but"));
  CHECK(message_of([&] {
          convolve(images, Tensor<>({4, 3, 3, 3}), bias);
        }) == "convolve: bias expects shape (4), got (16)");
  CHECK(message_of([&] {
          convolve(images, Tensor<>({16, 3, 3, 5}), bias);
        }) ==
        "convolve: weight expects shape (16, 3, 3, 3), got "
        "(16, 3, 3, 5)");
  CHECK(message_of([&] {
          convolve(Tensor<>({28, 28}), Tensor<>({16, 1, 3, 3}), bias);
        }) == "convolve: input expects 4 axes, got shape (28, 28)");
  CHECK_THROWS_AS(convolve(images, Tensor<>({16, 1, 3, 3}), bias),
                  std::invalid_argument);
  CHECK_THROWS_AS(max_pool(Tensor<>({4, 4})), std::invalid_argument);
  CHECK_THROWS_AS(average_pool(Tensor<>({4, 4})), std::invalid_argument);
  CHECK_THAT(message_of([] {
               dense(Tensor<>({2, 3}), Tensor<>({5, 4}), Tensor<>({5}));
             }),
             ContainsSubstring("expects shape (2, 4), got (2, 3)"));
}

TEST_CASE("a batch of no images gives no images") {
  const Tensor<> none({0, 2, 5, 5});
  CHECK(convolve(none, Tensor<>({3, 2, 3, 3}), Tensor<>({3})).shape() ==
        Shape{0, 3, 3, 3});
  CHECK(max_pool(none).shape() == Shape{0, 2, 2, 2});
  CHECK(average_pool(none).shape() == Shape{0, 2, 2, 2});
}

// ---- Pooling -----------------------------------------------------------

TEST_CASE("max_pool over random geometries") {
  for_random_poolings([](const Tensor<>& input, const Pooling& it) {
    CHECK(max_pool(input, it) ==
          naive_pool(input, it, [](const std::vector<float>& cells) {
            REQUIRE_FALSE(cells.empty());
            return *std::max_element(cells.begin(), cells.end());
          }));
  });
}

TEST_CASE("average_pool over random geometries") {
  for_random_poolings([](const Tensor<>& input, const Pooling& it) {
    const int all = it.window * it.window;
    CHECK(average_pool(input, it) ==
          naive_pool(input, it, [&](const std::vector<float>& cells) {
            float sum = 0;
            for (const float cell : cells) sum += cell;
            return sum / static_cast<float>(all);
          }));
  });
}

TEST_CASE("max_pool_backward pays the first of equals") {
  for_random_poolings([](const Tensor<>& input, const Pooling& it) {
    const Tensor<> ones(max_pool(input, it).shape(), 1.0f);
    CHECK(max_pool_backward(ones, input, it) == pay_the_first(input, it));
  });
}

// The border holds minus infinity, and must not win even against cells of
// the image that do, too.
TEST_CASE("max_pool_backward pays the image, however little it holds") {
  for (const int of_ten : {3, 7, 10})
    for_random_poolings([&](Tensor<> input, const Pooling& it) {
      Random random(4);
      for (float& cell : input.data())
        if (random.below(10) < of_ten) cell = -infinity;
      const Tensor<> ones(max_pool(input, it).shape(), 1.0f);
      CHECK(max_pool_backward(ones, input, it) == pay_the_first(input, it));
    });
}

// Each cell of a window gets its share, even those of the border, whose
// shares are lost, just as they added only 0 to the mean.
TEST_CASE("average_pool_backward shares among all cells of a window") {
  for_random_poolings([](const Tensor<>& input, const Pooling& it) {
    const auto cells = static_cast<float>(it.window * it.window);
    const Tensor<> output = average_pool(input, it);
    Tensor<> windows(input.shape());  // how many hold each cell
    for (int n = 0; n < output.extent(0); ++n)
      for (int c = 0; c < output.extent(1); ++c)
        for (int y = 0; y < output.extent(2); ++y)
          for (int x = 0; x < output.extent(3); ++x)
            for (int i = 0; i < it.window * it.window; ++i) {
              const int yy = y * it.stride - it.padding + i / it.window;
              const int xx = x * it.stride - it.padding + i % it.window;
              if (inside(input, yy, xx)) windows(n, c, yy, xx) += 1;
            }
    CHECK(average_pool_backward(Tensor<>(output.shape(), cells),
                                input.shape(), it) == windows);
  });
}

TEST_CASE("a NaN passes through ReLU and pooling") {
  const Tensor<> bent = relu(Tensor<>({3}, {-1.0f, not_a_number, 2.0f}));
  CHECK(bent(0) == 0.0f);
  CHECK(std::isnan(bent(1)));
  CHECK(bent(2) == 2.0f);
  for (int place = 0; place < 4; ++place) {
    Tensor<> image({1, 1, 2, 4}, 1.0f);
    image(0, 0, place / 2, place % 2) = not_a_number;
    INFO("NaN at place " << place);
    const Tensor<> largest = max_pool(image), mean = average_pool(image);
    CHECK(std::isnan(largest(0, 0, 0, 0)));
    CHECK(largest(0, 0, 0, 1) == 1.0f);
    CHECK(std::isnan(mean(0, 0, 0, 0)));
    CHECK(mean(0, 0, 0, 1) == 1.0f);
  }
}
