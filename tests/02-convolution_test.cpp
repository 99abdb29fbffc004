#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "01-tensor/scene.hpp"
#include "02-convolution/convolution.hpp"
#include "02-convolution/figures.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/kernel_effects.hpp"
#include "02-convolution/kernel_search.hpp"
#include "02-convolution/own_picture.hpp"
#include "02-convolution/pictures.hpp"
#include "02-convolution/recovery.hpp"
#include "02-convolution/steps_own_picture.hpp"
#include "02-convolution/windows.hpp"
#include "common/data/files.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

Tensor<double> random_tensor(const Shape& shape, Random& random) {
  Tensor<double> tensor(shape);
  for (double& number : tensor.data())
    number = static_cast<double>(random.uniform(-1.0f, 1.0f));
  return tensor;
}

Tensor<> random_picture(int H, int W, Random& random) {
  return convert<float>(random_tensor({H, W}, random));
}

// The places of a window, counted one by one.
int counted_places(int size, int K, int stride, int padding) {
  int places = 0;
  for (int start = -padding; start + K <= size + padding; start += stride)
    ++places;
  return places;
}

// A convolution the other way round, without a padded copy: every input
// cell gives its product to each output whose window sees it.
Tensor<double> scattered(const Tensor<double>& input,
                         const Tensor<double>& weight,
                         const Tensor<double>& bias, int stride,
                         int padding) {
  const int N = input.extent(0), H = input.extent(2), W = input.extent(3);
  const int C_out = weight.extent(0), K = weight.extent(2);
  const int H_out = counted_places(H, K, stride, padding);
  const int W_out = counted_places(W, K, stride, padding);
  Tensor<double> output({N, C_out, H_out, W_out});
  for (int co = 0; co < C_out; ++co)
    for (int n = 0; n < N; ++n)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x) output(n, co, y, x) = bias(co);
  for (int ci = 0; ci < input.extent(1); ++ci)
    for (int row = 0; row < H; ++row)
      for (int column = 0; column < W; ++column)
        for (int y = 0; y < H_out; ++y)
          for (int x = 0; x < W_out; ++x) {
            const int ky = row + padding - y * stride;
            const int kx = column + padding - x * stride;
            if (ky < 0 || ky >= K || kx < 0 || kx >= K) continue;
            for (int n = 0; n < N; ++n)
              for (int co = 0; co < C_out; ++co)
                output(n, co, y, x) +=
                    weight(co, ci, ky, kx) * input(n, ci, row, column);
          }
  return output;
}

double sum_of(const Tensor<>& tensor) {
  double sum = 0;
  for (const float number : tensor.data())
    sum += static_cast<double>(number);
  return sum;
}

Examples random_examples(const Tensor<>& kernel, int count,
                         Random& random) {
  std::vector<Tensor<>> pictures;
  for (int i = 0; i < count; ++i)
    pictures.push_back(random_picture(8, 9, random));
  return examples_of(pictures, kernel);
}

}  // namespace

// ---- output_size -------------------------------------------------------

TEST_CASE("output_size gives the sizes that people know by heart") {
  CHECK(output_size(28, 3, 1, 0) == 26);
  CHECK(output_size(28, 3, 1, 1) == 28);
  CHECK(output_size(28, 5, 1, 2) == 28);
  CHECK(output_size(28, 2, 2, 0) == 14);
  CHECK(output_size(7, 3, 2, 1) == 4);
  CHECK(output_size(8, 3, 2, 0) == 3);  // the last cell is never seen
  CHECK(output_size(1, 1, 1, 0) == 1);
  CHECK(output_size(2, 4, 1, 1) == 1);  // fits only with its padding
}

TEST_CASE("output_size counts the places of a window") {
  for (int size = 1; size <= 9; ++size)
    for (int K = 1; K <= 5; ++K)
      for (int stride = 1; stride <= 4; ++stride)
        for (int padding = 0; padding <= 2; ++padding) {
          if (K > size + 2 * padding) continue;
          INFO(size << " " << K << " " << stride << " " << padding);
          CHECK(output_size(size, K, stride, padding) ==
                counted_places(size, K, stride, padding));
        }
}

TEST_CASE("output_size says what does not fit") {
  CHECK(message_of([] { output_size(2, 5, 1, 1); }) ==
        "output_size: a window of 5 does not fit into 2 cells with padding "
        "1");
  CHECK(message_of([] { output_size(28, 3, 0, 1); }) ==
        "output_size: expected size, window and stride of 1 or more and "
        "padding of 0 or more, got size 28, window 3, stride 0, padding 1");
  CHECK_THROWS_AS(output_size(0, 1, 1, 1), std::invalid_argument);
  CHECK_THROWS_AS(output_size(3, 0, 1, 0), std::invalid_argument);
  CHECK_THROWS_AS(output_size(3, 3, 1, -1), std::invalid_argument);
}

// ---- pad ---------------------------------------------------------------

TEST_CASE("pad puts a border around every channel") {
  const Tensor<> input({1, 2, 1, 2}, {1, 2, 3, 4});
  CHECK(pad(input, 1) == Tensor<>({1, 2, 3, 4}, {0, 0, 0, 0,  //
                                                 0, 1, 2, 0,  //
                                                 0, 0, 0, 0,  //
                                                 0, 0, 0, 0,  //
                                                 0, 3, 4, 0,  //
                                                 0, 0, 0, 0}));
  CHECK(pad(input, 0) == input);
  const Tensor<> framed = pad(input, 2, -7.0f);
  CHECK(framed.shape() == Shape{1, 2, 5, 6});
  CHECK(framed(0, 1, 2, 3) == 4.0f);
  CHECK(sum_of(framed) == 10.0 - 7.0 * (2 * 5 * 6 - 4));
}

TEST_CASE("pad expects a batch") {
  CHECK(message_of([] {
          pad(Tensor<>({3, 3}), 1);
        }) == "pad: input expects 4 axes, got shape (3, 3)");
}

// ---- correlate2d -------------------------------------------------------

TEST_CASE("correlate2d multiplies and adds") {
  const Tensor<> image({3, 4}, {1, 2, 3, 4,  //
                                5, 6, 7, 8,  //
                                9, 0, 1, 2});
  const Tensor<> kernel({2, 2}, {1, 10,  //
                                 100, 1000});
  // The kernel writes the four numbers of a window as one number.
  CHECK(correlate2d(image, kernel) ==
        Tensor<>({2, 3}, {6521, 7632, 8743,  //
                          965, 1076, 2187}));
}

TEST_CASE("correlate2d does not turn the kernel") {
  Tensor<> dot({5, 5});
  dot(2, 2) = 1;
  const Tensor<> kernel({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(correlate2d(dot, kernel) ==
        Tensor<>({3, 3}, {9, 8, 7, 6, 5, 4, 3, 2, 1}));
  CHECK(correlate2d(dot, rotate180(kernel)) == kernel);
}

TEST_CASE("correlate2d with a window of one cell, and of all of them") {
  const Tensor<> image({2, 2}, {1, 2, 3, 4});
  CHECK(correlate2d(image, Tensor<>({1, 1}, 3.0f)) ==
        Tensor<>({2, 2}, {3, 6, 9, 12}));
  CHECK(correlate2d(image, Tensor<>({2, 2}, {1, 0, 0, -1})) ==
        Tensor<>({1, 1}, -3.0f));
}

TEST_CASE("correlate2d says what it cannot do") {
  const Tensor<> image({4, 4});
  CHECK(message_of([&] {
          correlate2d(Tensor<>({1, 4, 4}), image);
        }) == "correlate2d: image expects 2 axes, got shape (1, 4, 4)");
  CHECK(message_of([&] { correlate2d(image, Tensor<>({9})); }) ==
        "correlate2d: kernel expects 2 axes, got shape (9)");
  CHECK(message_of([&] {
          correlate2d(image, Tensor<>({3, 2}));
        }) == "correlate2d: kernel expects shape (3, 3), got (3, 2)");
  CHECK_THAT(message_of([&] {
               correlate2d(image, Tensor<>({5, 5}));
             }),
             ContainsSubstring("a window of 5 does not fit into 4 cells"));
}

// ---- convolve ----------------------------------------------------------

TEST_CASE("convolve adds up all channels and the bias") {
  const Tensor<> input({1, 2, 2, 3}, {1, 2, 3,     //
                                      4, 5, 6,     //
                                      10, 20, 30,  //
                                      40, 50, 60});
  const Tensor<> weight({2, 2, 2, 2}, {1, 0, 0, 1,   // kernel 0
                                       0, 1, -1, 0,  //
                                       0, 0, 0, 0,   // kernel 1
                                       1, 1, 1, 1});
  const Tensor<> output = convolve(input, weight, Tensor<>({2}, {100, -1}));
  // Kernel 0 at the left: 1 + 5, 20 - 40, and 100. Kernel 1: the sum of
  // four numbers of channel 1, less 1.
  CHECK(output == Tensor<>({1, 2, 1, 2}, {86, 88, 119, 159}));
}

TEST_CASE("convolve moves by its stride over a padded input") {
  const Tensor<> input({1, 1, 3, 3}, {1, 2, 3,  //
                                      4, 5, 6,  //
                                      7, 8, 9});
  const Tensor<> weight({1, 1, 3, 3}, std::vector<float>(9, 1.0f));
  // Windows around the four corners: four numbers and five zeros in each.
  CHECK(convolve(input, weight, Tensor<>({1}), 2, 1) ==
        Tensor<>({1, 1, 2, 2}, {1 + 2 + 4 + 5, 2 + 3 + 5 + 6, 4 + 5 + 7 + 8,
                                5 + 6 + 8 + 9}));
}

TEST_CASE("convolve agrees with a scattering loop on any geometry") {
  Random random(2);
  for (int trial = 0; trial < 200; ++trial) {
    const int N = 1 + random.below(3), C_in = 1 + random.below(3);
    const int C_out = 1 + random.below(4), K = 1 + random.below(5);
    const int stride = 1 + random.below(3), padding = random.below(3);
    const int least = std::max(1, K - 2 * padding);
    const int H = least + random.below(8), W = least + random.below(8);
    const auto input = random_tensor({N, C_in, H, W}, random);
    const auto weight = random_tensor({C_out, C_in, K, K}, random);
    const auto bias = random_tensor({C_out}, random);
    const auto expected = scattered(input, weight, bias, stride, padding);
    const auto output = convolve(input, weight, bias, stride, padding);
    INFO("input " << to_string(input.shape()) << " weight "
                  << to_string(weight.shape()) << " stride " << stride
                  << " padding " << padding);
    REQUIRE(output.shape() == expected.shape());
    CHECK(max_abs_difference(output, expected) < 1e-12);
  }
}

TEST_CASE("convolve with one channel and one kernel is correlate2d") {
  Random random(3);
  const Tensor<> picture = random_picture(6, 7, random);
  const Tensor<> kernel = random_picture(3, 3, random);
  const Tensor<> output =
      convolve(picture.reshaped({1, 1, 6, 7}),
               kernel.reshaped({1, 1, 3, 3}), Tensor<>({1}));
  CHECK(output.reshaped({4, 5}) == correlate2d(picture, kernel));
}

TEST_CASE("convolve says what does not fit together") {
  const Tensor<> weight({16, 1, 3, 3}), bias({16});
  const Tensor<> colour({8, 3, 28, 28}), grey({8, 1, 28, 28});
  CHECK(message_of([&] { convolve(colour, weight, bias); }) ==
        "convolve: weight (16, 1, 3, 3) expects 1 input channel, but input "
        "(8, 3, 28, 28) has 3");
  CHECK_THAT(message_of([&] {
               convolve(grey, Tensor<>({2, 3, 3, 3}), bias);
             }),
             ContainsSubstring("expects 3 input channels, but input "
                               "(8, 1, 28, 28) has 1"));
  CHECK(message_of([&] { convolve(grey, weight, Tensor<>({4})); }) ==
        "convolve: bias expects shape (16), got (4)");
  CHECK(message_of([&] {
          convolve(Tensor<>({28, 28}), weight, bias);
        }) == "convolve: input expects 4 axes, got shape (28, 28)");
  CHECK_THAT(
      message_of([&] {
        convolve(grey, Tensor<>({16, 1, 3, 5}), bias);
      }),
      ContainsSubstring("convolve: weight expects shape (16, 1, 3, 3)"));
  CHECK_THAT(message_of([&] { convolve(grey, weight, bias, 0); }),
             ContainsSubstring("stride 0"));
  CHECK_THAT(message_of([&] {
               convolve(Tensor<>({1, 1, 2, 9}), weight, bias);
             }),
             ContainsSubstring("a window of 3 does not fit into 2 cells"));
}

TEST_CASE("shifting the input shifts the output") {
  Random random(4);
  for (int trial = 0; trial < 20; ++trial) {
    const int down = random.below(3), right = random.below(3);
    const Tensor<> world = random_picture(14, 15, random);
    const Tensor<> kernel = random_picture(3, 3, random);
    // Two views of one larger picture, `down` and `right` apart.
    Tensor<> here({10, 11}), there({10, 11});
    for (int y = 0; y < 10; ++y)
      for (int x = 0; x < 11; ++x) {
        here(y, x) = world(y, x);
        there(y, x) = world(y + down, x + right);
      }
    const Tensor<> a = correlate2d(here, kernel);
    const Tensor<> b = correlate2d(there, kernel);
    for (int y = down; y < a.extent(0); ++y)
      for (int x = right; x < a.extent(1); ++x)
        CHECK(a(y, x) == b(y - down, x - right));
  }
}

// ---- The kernels -------------------------------------------------------

TEST_CASE(
    "the handmade kernels have the sums that make them what they are") {
  std::set<std::string> names;
  for (const NamedKernel& kernel : handmade_kernels()) {
    INFO(kernel.name);
    CHECK(kernel.weights.shape() == Shape{3, 3});
    CHECK_FALSE(kernel.does.empty());
    const bool sobel = kernel.name == "Sobel x" || kernel.name == "Sobel y";
    CHECK_THAT(sum_of(kernel.weights), WithinAbs(sobel ? 0 : 1, 1e-6));
    names.insert(kernel.name);
  }
  CHECK(names == std::set<std::string>{"identity", "blur", "sharpen",
                                       "Sobel x", "Sobel y", "emboss"});
}

TEST_CASE("the handmade kernels do what they say") {
  const std::vector<NamedKernel> kernels = handmade_kernels();
  const Tensor<> picture({3, 3}, {0, 0, 9, 0, 0, 9, 0, 0, 9});
  const auto answer = [&](std::size_t k) {
    return static_cast<double>(
        correlate2d(picture, kernels[k].weights)(0, 0));
  };
  CHECK(answer(0) == 0);                      // the middle cell
  CHECK_THAT(answer(1), WithinAbs(3, 1e-5));  // the mean
  CHECK(answer(2) == -9);                     // darker than its right
  CHECK(answer(3) == 36);                     // brighter to the right
  CHECK(answer(4) == 0);                      // the same further down
  CHECK(answer(5) == 27);                     // lit from the left
}

TEST_CASE("Sobel y is Sobel x with rows and columns exchanged") {
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 3; ++x) CHECK(sobel_y()(y, x) == sobel_x()(x, y));
  CHECK(sobel_x()(1, 0) == -2);
}

TEST_CASE("rotate180 turns a kernel upside down and left to right") {
  CHECK(rotate180(Tensor<>({2, 2}, {1, 2, 3, 4})) ==
        Tensor<>({2, 2}, {4, 3, 2, 1}));
  const Tensor<int> kernel({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(rotate180(kernel) ==
        Tensor<int>({3, 3}, {9, 8, 7, 6, 5, 4, 3, 2, 1}));
  CHECK(rotate180(rotate180(kernel)) == kernel);
}

TEST_CASE("rotate180 expects a square") {
  CHECK(message_of([] {
          rotate180(Tensor<>({2, 3}));
        }) == "rotate180: kernel expects shape (2, 2), got (2, 3)");
  CHECK(message_of([] { rotate180(Tensor<>({9})); }) ==
        "rotate180: kernel expects 2 axes, got shape (9)");
}

// ---- The search --------------------------------------------------------

TEST_CASE("mean_squared_error is the mean of the squares") {
  const Tensor<> a({2, 2}, {1, 2, 3, 4}), b({2, 2}, {1, 0, 3, 7});
  CHECK(mean_squared_error(a, b) == (4.0 + 9.0) / 4);
  CHECK(mean_squared_error(a, a) == 0);
  CHECK(message_of([&] { mean_squared_error(a, Tensor<>({4})); }) ==
        "mean_squared_error: the second tensor expects shape (2, 2), got "
        "(4)");
}

TEST_CASE("kernel_error is the mean over the examples") {
  const Tensor<> one({1, 1}, 1.0f);
  const Examples examples =
      examples_of({Tensor<>({1, 2}, {1, 3}), Tensor<>({1, 1}, 2.0f)}, one);
  REQUIRE(examples.targets.size() == 2);
  CHECK(examples.targets[0] == examples.images[0]);
  CHECK(kernel_error(examples, one) == 0);
  // The kernel 0 is wrong by 1 and 3, and by 2.
  CHECK(kernel_error(examples, Tensor<>({1, 1})) == (5.0 + 4.0) / 2);
}

TEST_CASE("the search finds any kernel that it has examples of") {
  Random random(5);
  for (int trial = 0; trial < 5; ++trial) {
    const Tensor<> kernel = random_picture(3, 3, random);
    const auto path =
        recover_kernel(random_examples(kernel, 3, random), 1e-8, 20000);
    CHECK(path.back().error <= 1e-8);
    CHECK(max_abs_difference(path.back().kernel, kernel) < 1e-3f);
  }
}

TEST_CASE("the search starts from zeros and keeps only what helps") {
  Random random(6);
  const Examples examples = random_examples(sobel_x(), 2, random);
  const auto path = recover_kernel(examples, 1e-6, 20000);
  CHECK(path.front().forward_passes == 1);
  CHECK(path.front().kernel == Tensor<>({3, 3}));
  for (std::size_t i = 0; i < path.size(); ++i)
    CHECK(path[i].error == kernel_error(examples, path[i].kernel));
  for (std::size_t i = 1; i < path.size(); ++i) {
    CHECK(path[i].error < path[i - 1].error);
    CHECK(path[i].forward_passes > path[i - 1].forward_passes);
  }
}

TEST_CASE("the search ends with the round that uses its passes up") {
  Random random(7);
  const auto path =
      recover_kernel(random_examples(sobel_x(), 1, random), 0, 100);
  CHECK(path.back().forward_passes > 60);
  CHECK(path.back().forward_passes < 100 + 2 * 9);
}

TEST_CASE("the search says what it needs") {
  CHECK(message_of([] { recover_kernel({}, 1e-6, 10); }) ==
        "recover_kernel: expected as many targets as images and at least "
        "one, got 0 images and 0 targets");
  CHECK_THAT(message_of([] {
               recover_kernel({{Tensor<>({5, 5})}, {}}, 1e-6, 10);
             }),
             ContainsSubstring("got 1 image and 0 targets"));
}

TEST_CASE("state_after finds how far the search was") {
  const std::vector<SearchStep> path = {
      {1, 4.0, {}}, {3, 2.0, {}}, {8, 1.0, {}}};
  CHECK(state_after(path, 1).error == 4.0);
  CHECK(state_after(path, 2).error == 4.0);
  CHECK(state_after(path, 3).error == 2.0);
  CHECK(state_after(path, 100).error == 1.0);
  CHECK(message_of([&] { state_after(path, 0); }) ==
        "state_after: no state after 0 forward passes");
}

// ---- The program's experiments -----------------------------------------

TEST_CASE("as_batch and plane undo each other, and want their ranks") {
  const Tensor<double> picture({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(as_batch(picture).shape() == Shape{1, 1, 2, 3});
  CHECK(plane(as_batch(picture)) == picture);
  CHECK_THROWS_AS(as_batch(as_batch(picture)), std::invalid_argument);
  CHECK_THROWS_AS(plane(picture), std::invalid_argument);
}

TEST_CASE("grey is the mean of three colours, mean_of that of all") {
  const Tensor<> image({3, 1, 2}, {0, 3, 3, 3, 6, 9});
  CHECK(grey(image) == Tensor<>({1, 2}, {3, 5}));
  CHECK(mean_of(image) == 4);
}

TEST_CASE("first_of_class finds the first, or takes the first of all") {
  Dataset data;
  data.images = Tensor<>({3, 1, 1, 1}, {0.25f, 0.5f, 0.75f});
  data.labels = {1, 0, 0};
  data.classes = 10;
  CHECK(first_of_class(data, 0)(0, 0) == 0.5f);
  CHECK(first_of_class(data, 1)(0, 0) == 0.25f);
  CHECK(first_of_class(data, 7)(0, 0) == 0.25f);
}

TEST_CASE("some_digits are different ones, the same for the same seed") {
  Dataset data;
  data.images = Tensor<>({5, 1, 1, 1}, {1, 2, 3, 4, 5});
  data.labels = {0, 0, 0, 0, 0};
  data.classes = 1;
  std::set<float> seen;
  for (const Tensor<>& digit : some_digits(data, 9, 3))
    seen.insert(digit(0, 0));
  CHECK(seen == std::set<float>{1, 2, 3, 4, 5});
  CHECK(some_digits(data, 2, 3).size() == 2);
  CHECK(some_digits(data, 2, 3) == some_digits(data, 2, 3));
}

TEST_CASE("a window and its sum of products") {
  const Tensor<> picture({2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor<> window = window_of(picture, 0, 1, 2);
  CHECK(window == Tensor<>({2, 2}, {2, 3, 5, 6}));
  CHECK(sum_of_products(Tensor<>({2, 2}, {1, -1, 0, 2}), window) == 11);
  CHECK_THROWS_AS(sum_of_products(Tensor<>({4}), window),
                  std::invalid_argument);
}

TEST_CASE("a map so far is grey after the framed cell, and only there") {
  const Tensor<> map({2, 3}, {1, 2, 3, 4, 5, 6});
  const Picture whole = number_tile(map, 44, 6, 0);
  const Picture tile = map_so_far(map, 0, 1, 44);
  REQUIRE(tile.width() == whole.width());
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 3; ++x) {
      const bool after = 3 * y + x > 1;
      int different = 0;  // inside the cell, and inside a frame
      for (int i = 6; i < 38; ++i)
        for (int j = 6; j < 38; ++j) {
          const Colour& it = tile.at(44 * x + j, 44 * y + i);
          if (it !=
              (after ? colours::faint : whole.at(44 * x + j, 44 * y + i)))
            ++different;
        }
      CHECK(different == 0);
    }
}

TEST_CASE("what sharing saves: weights, biases, multiply-adds") {
  const SharingPrices it = compute_prices(8, 28, 28, 3);
  CHECK(it.outputs() == 6272);
  CHECK(it.shared.learned() == 80);
  CHECK(it.unshared.learned() == 62720);
  CHECK(it.dense.learned() == 4923520);
  CHECK(it.shared.multiply_adds == 56448);
  CHECK(it.unshared.multiply_adds == 56448);
  CHECK(it.dense.multiply_adds == 4917248);
  CHECK(it.saved_by_sharing() == 784);
  CHECK(it.saved_in_all() == 61544);
  CHECK_THAT(it.saved_by_window(), WithinAbs(87.111, 1e-3));
}

TEST_CASE("kernels stacked are one convolution, and its means are told") {
  const std::vector<NamedKernel> kernels = handmade_kernels();
  Tensor<> dot({7, 7});  // away from the border
  dot(3, 3) = 1;
  const KernelEffects effects = compute_effects(dot, kernels);
  REQUIRE(effects.of_each.size() == 6);
  CHECK(channel(effects.results, 0) == dot);
  CHECK_THAT(effects.of_each[5].sum, WithinAbs(1, 1e-6));
  CHECK(effects.of_each[3].mean == 0);
  CHECK(effects.of_each[3].least == -2);
  CHECK(effects.of_each[3].most == 2);
  CHECK(effects.means_follow_sums());
  CHECK_FALSE(
      compute_effects(Tensor<>({7, 7}, 1.0f), kernels).means_follow_sums());
}

TEST_CASE("the edges of a picture, and where they are strongest") {
  Tensor<> bar({5, 6});
  for (int y = 0; y < 5; ++y) bar(y, 3) = 1;
  bar(2, 3) = 1.5f;
  const Tensor<> edges = edges_of(bar);
  CHECK(edges.shape() == bar.shape());
  const Peak peak = peak_of(edges);
  CHECK(peak.y == 2);
  CHECK(peak.x == 2);  // left of the bar, where ink begins
  CHECK(peak.value == 1 + 2 * 1.5f + 1);
  CHECK(edges(2, 4) == -peak.value);
  CHECK_THROWS_AS(peak_of(as_batch(edges)), std::invalid_argument);
}

TEST_CASE("results are drawn so that they can be seen") {
  const Tensor<> faint({1, 2}, {0.0f, 0.4f}), both({1, 2}, {-1.5f, 2.9f});
  const std::vector<NamedKernel> kernels = handmade_kernels();
  const auto legend = [&](std::size_t kernel, const Tensor<>& result) {
    return style_of(kernels[kernel].weights, result).legend();
  };
  CHECK(legend(1, faint) == "black 0, white 1");  // blur
  CHECK(legend(2, both) == "black -3, white 3");  // sharpen
  CHECK(legend(5, both) == "black -3, white 3");  // emboss
  CHECK(legend(3, both) == "blue -3, orange 3");  // Sobel x
  CHECK(legend(3, faint) == "blue -1, orange 1");
  CHECK(weight_range(kernels) == 5);
}

TEST_CASE("the scene's edges: flat where its grey is flat") {
  Tensor<> scene({3, 5, 6});
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 5; ++y)
      for (int x = 3; x < 6; ++x) scene(c, y, x) = 1;
  const SceneEffects it = compute_scene_effects(scene, handmade_kernels());
  CHECK(it.results.shape() == Shape{3, 6, 3, 4});
  CHECK(it.strength.shape() == Shape{3, 4});
  CHECK(it.strength(1, 1) == 4);  // black to white, straight
  CHECK(it.strength(1, 0) == 0);
  CHECK(it.flat == 6);
}

TEST_CASE("a picture is made to fit by a blur that strides") {
  CHECK(window_to_fit(100, 160, 160) == 1);
  CHECK(window_to_fit(161, 3, 160) == 2);
  CHECK(window_to_fit(3, 481, 160) == 4);
  Random random(7);
  const Tensor<> image = convert<float>(random_tensor({3, 7, 10}, random));
  CHECK(std::get<Tensor<>>(made_to_fit(image, 10)) == image);
  const Tensor<> small = std::get<Tensor<>>(made_to_fit(image, 5));
  REQUIRE(small.shape() == Shape{3, 3, 5});  // row 6 is half a window
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 5; ++x) {
        float sum = 0;
        for (int ky = 0; ky < 2; ++ky)
          for (int kx = 0; kx < 2; ++kx)
            sum += image(c, 2 * y + ky, 2 * x + kx);
        CHECK(std::abs(small(c, y, x) - sum / 4) < 1e-6f);
      }
}

TEST_CASE("a picture too narrow for the kernels is refused") {
  const auto rule = [](int H, int W) {
    return std::get<Broken>(made_to_fit(Tensor<>({3, H, W}), 160)).rule;
  };
  CHECK(rule(40, 2) == "expected at least 3 x 3 pixels, found 2 x 40");
  CHECK(rule(5, 400) ==
        "expected at least 3 x 3 cells once the longer side is made to fit "
        "160, found 133 x 1");
  CHECK(std::holds_alternative<Tensor<>>(
      made_to_fit(Tensor<>({3, 9, 400}), 160)));
}

TEST_CASE("the edges of one's own picture are told by their direction") {
  const auto told = [](const Tensor<>& image) {
    return edges_text(compute_scene_effects(image, handmade_kernels()));
  };
  Tensor<> upright({3, 6, 6}), level({3, 6, 6}), both({3, 6, 6});
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 6; ++y)
      for (int x = 0; x < 6; ++x) {
        upright(c, y, x) = x < 3 ? 0.0f : 1.0f;
        level(c, y, x) = y < 3 ? 0.0f : 1.0f;
        both(c, y, x) = x == y ? 1.0f : 0.0f;
      }
  const auto says = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(says(told(upright), "under 0.2 in 8 of 16 cells."));
  CHECK(says(told(upright), "x answers 2.000 on average and Sobel y 0.0"));
  CHECK(says(told(upright), "more from left to right than from top"));
  CHECK(says(told(level), "more from top to bottom than from left"));
  CHECK(says(told(both), "as much from left to right as from top"));
  CHECK(says(told(Tensor<>({3, 6, 6})), "there is no edge."));
}

TEST_CASE("a move and Sobel x: the order matters at the border alone") {
  Random random(8);
  const Shift noise =
      shift_both_ways("noise", random_picture(9, 8, random), 1, 2);
  CHECK(noise.inside() == 0);
  CHECK(noise.everywhere() > 0);
  CHECK(noise.difference(1, 1) > 0);
  Tensor<> dot({9, 9});
  dot(4, 4) = 1;
  CHECK(shift_both_ways("dot", dot, 1, 2).everywhere() == 0);
}

TEST_CASE("a kernel rotated: the same, the opposite, or neither") {
  Random random(9);
  const Tensor<> picture = random_picture(8, 8, random);
  const std::vector<NamedKernel> kernels = handmade_kernels();
  CHECK(compute_flip(picture, kernels[2]).same());
  CHECK_FALSE(compute_flip(picture, kernels[2]).opposite());
  CHECK(compute_flip(picture, kernels[3]).opposite());
  CHECK_FALSE(compute_flip(picture, kernels[3]).same());
  CHECK_FALSE(compute_flip(picture, kernels[5]).same());
  CHECK_FALSE(compute_flip(picture, kernels[5]).opposite());
}

TEST_CASE("a recovery counts its tries and looks at unseen digits") {
  const Recovery recovery = recover_sobel(embedded_digits(), 1, 100);
  CHECK(recovery.path.front().forward_passes == 1);
  CHECK(recovery.tries() >= 80);
  CHECK(recovery.kept() < recovery.tries());
  CHECK(recovery.difference() > 1);  // a hundred passes are too few
  CHECK_FALSE(recovery.has_learned_the_kernel());
  CHECK(recovery.unseen_error > 0.01);
}

TEST_CASE("the moments of a search, its end the last") {
  const std::vector<SearchStep> path = {{1, 1.0, Tensor<>({3, 3})},
                                        {30, 0.5, Tensor<>({3, 3})}};
  CHECK(moments(path) == std::vector<int>{1, 10, 30});
  CHECK(pass_price(10, 28, 28, 3) == 60840);
}
