// Compares the fast network with the plain one: over random geometries, on
// every instruction set of this CPU, for any number of threads.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "01-tensor/layout.hpp"
#include "06-training/experiments.hpp"
#include "07-speed/bench.hpp"
#include "07-speed/differences.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/figures.hpp"
#include "07-speed/im2col.hpp"
#include "07-speed/ladder.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/one_convolution.hpp"
#include "07-speed/reordered.hpp"
#include "07-speed/rungs.hpp"
#include "07-speed/scaling.hpp"
#include "07-speed/single_image.hpp"
#include "07-speed/sobel_in_lanes.hpp"
#include "07-speed/story_lanes.hpp"
#include "07-speed/timed_training.hpp"
#include "07-speed/work.hpp"
#include "common/data/files.hpp"
#include "common/draw/image.hpp"
#include "tests/cases_tried.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

// Counts every allocation of this program, except under the sanitizers,
// which replace operator new themselves. (g++ names a sanitizer by a macro,
// clang by a feature.)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTED_BY_SANITIZERS
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTED_BY_SANITIZERS
#endif
#if !defined(COUNTED_BY_SANITIZERS) && !defined(_WIN32)
#define COUNTS_ALLOCATIONS
namespace {
std::atomic<long> allocations = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  const std::size_t whole = (size + alignment) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, whole);
  if (!memory) throw std::bad_alloc();
  return memory;
}
}  // namespace

void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
void* operator new[](std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t,
                       std::align_val_t) noexcept {
  std::free(memory);
}
#endif

namespace {

// Checks that no number is off by more than 1e-5 of the largest exact one.
void check_close(const Tensor<>& got, const Tensor<double>& exact) {
  REQUIRE(got.shape() == exact.shape());
  double largest = 0;
  for (const double number : exact.data())
    largest = std::max(largest, std::abs(number));
  CHECK(max_abs_difference(convert<double>(got), exact) <= 1e-5 * largest);
}

bool same_bits(const Tensor<>& a, const Tensor<>& b) {
  return a == b;  // as long as no number is a NaN
}

// The plain network in double with the parameters of a fast one.
Network<double> exact_twin(const Architecture& architecture,
                           const Shape& image, FastNetwork& network) {
  Network<double> exact = build_network<double>(architecture, image);
  const auto from = network.parameters();
  const auto to = exact.parameters();
  for (std::size_t p = 0; p < from.size(); ++p)
    to[p]->value = convert<double>(from[p]->value);
  return exact;
}

void fill_parameters(FastNetwork& network, Random& random) {
  for (Parameter<>* parameter : network.parameters())
    for (float& number : parameter->value.data())
      number = 0.5f * random.normal();
}

// Compares a fast network's forward and backward pass with the exact one.
void check_network(const Architecture& architecture, const Shape& image,
                   int N, const FastOptions& options, Random& random) {
  FastNetwork network(architecture, image, options);
  fill_parameters(network, random);
  Network<double> exact = exact_twin(architecture, image, network);
  const Tensor<> input =
      normal_numbers({N, image[0], image[1], image[2]}, random);
  const Tensor<double> exact_output =
      exact.forward(convert<double>(input), Mode::training);
  const Tensor<> output = network.forward(input, Mode::training);
  check_close(output, exact_output);
  const Tensor<> grad_output = normal_numbers(output.shape(), random);
  check_close(network.backward(grad_output),
              exact.backward(convert<double>(grad_output)));
  const auto got = network.parameters();
  const auto expected = exact.parameters();
  for (std::size_t p = 0; p < got.size(); ++p) {
    INFO(got[p]->name);
    check_close(got[p]->gradient, expected[p]->gradient);
  }
}

// Compares one image alone with the exact network, twice, because nothing
// of the first image may be left.
void check_single(const Architecture& architecture, const Shape& image,
                  const FastOptions& options, Random& random) {
  FastNetwork network(architecture, image, options);
  fill_parameters(network, random);
  Network<double> exact = exact_twin(architecture, image, network);
  SingleImage single(network);
  for (int again = 0; again < 2; ++again) {
    const Tensor<> input =
        normal_numbers({1, image[0], image[1], image[2]}, random);
    const auto logits = single.logits(input.data());
    const Tensor<double> expected =
        exact.forward(convert<double>(input), Mode::evaluation);
    check_close(Tensor<>({expected.size()},
                         std::vector<float>(logits.begin(), logits.end())),
                expected.reshaped({-1}));
  }
}

std::string text_of(const Architecture& architecture) {
  std::string text;
  for (const auto& entry : architecture)
    std::visit(
        [&](const auto& it) {
          text += kind(it);
          if constexpr (requires { it.kernel; })
            text += " " + to_string(Shape{it.channels, it.kernel, it.stride,
                                          it.padding});
          if constexpr (requires { it.outputs; })
            text += " " + std::to_string(it.outputs);
          if constexpr (requires { it.pooling; })
            text +=
                " " + to_string(Shape{it.pooling.window, it.pooling.stride,
                                      it.pooling.padding});
          text += ", ";
        },
        entry);
  return text;
}

std::vector<Tensor<>> gradients_of(FastNetwork& network,
                                   const Dataset& data,
                                   const std::vector<int>& images,
                                   Tensor<>& logits) {
  network.gradients({data, images}, logits);
  std::vector<Tensor<>> all;
  for (const Parameter<>* parameter : network.parameters())
    all.push_back(parameter->gradient);
  return all;
}

std::vector<int> first_images(int count) {
  std::vector<int> images(static_cast<std::size_t>(count));
  for (int n = 0; n < count; ++n) images[static_cast<std::size_t>(n)] = n;
  return images;
}

FastNetwork digit_reader(const FastOptions& options) {
  return FastNetwork(digit_network, {1, 28, 28}, options);
}

void start(FastNetwork& network) {
  Random random(1);
  initialize(network, he_initializer(), random);
}

}  // namespace

// ---- The rungs ---------------------------------------------------------

TEST_CASE("speed: reordered loops and im2col equal the plain convolution") {
  Random random(1);
  for (int fitting = 0; fitting < 60;) {
    const int C_in = from_to(1, 5, random), K = from_to(1, 5, random);
    const int stride = from_to(1, 2, random), padding = random.below(3);
    const Shape shape{from_to(1, 3, random), C_in, from_to(1, 9, random),
                      from_to(1, 9, random)};
    if (std::min(shape[2], shape[3]) + 2 * padding < K) continue;
    ++fitting;
    INFO("input " << to_string(shape) << ", K " << K << ", stride "
                  << stride << ", padding " << padding);
    const Tensor<> input = normal_numbers(shape, random);
    const Tensor<> weight =
        normal_numbers({from_to(1, 6, random), C_in, K, K}, random);
    const Tensor<> bias = normal_numbers({weight.extent(0)}, random);
    const auto exact =
        convolve(convert<double>(input), convert<double>(weight),
                 convert<double>(bias), stride, padding);
    check_close(convolve_reordered(input, weight, bias, stride, padding),
                exact);
    check_close(convolve_im2col(input, weight, bias, stride, padding),
                exact);
    const Tensor<> grad = normal_numbers(exact.shape(), random);
    const auto exact_input = convolve_backward_input(
        convert<double>(grad), convert<double>(weight), shape, stride,
        padding);
    check_close(convolve_reordered_backward_input(grad, weight, shape,
                                                  stride, padding),
                exact_input);
    check_close(convolve_im2col_backward_input(grad, weight, shape, stride,
                                               padding),
                exact_input);
    const auto exact_parameters = convolve_backward_parameters(
        convert<double>(grad), convert<double>(input), K, stride, padding);
    for (const auto& got : {convolve_reordered_backward_parameters(
                                grad, input, K, stride, padding),
                            convolve_im2col_backward_parameters(
                                grad, input, K, stride, padding)}) {
      check_close(got.weight, exact_parameters.weight);
      check_close(got.bias, exact_parameters.bias);
    }
  }
}

TEST_CASE("speed: small tiles take the sums one after the other at once") {
  Random random(1);
  for (const std::string& isa : runnable_sets()) {
    const Kernels& kernels = kernels_for(isa);
    const int L = kernels.lanes;
    for (int turn = 0; turn < 40; ++turn) {
      const int C_in = from_to(1, 5, random), C_out = from_to(1, 9, random);
      const int K = from_to(1, 5, random), stride = from_to(1, 2, random);
      const int H_out = from_to(1, 3, random);
      const int W_out = from_to(1, 16, random);
      const int H = (H_out - 1) * stride + K, W = (W_out - 1) * stride + K;
      INFO(isa << ", " << C_in << " to " << C_out << ", K " << K
               << ", stride " << stride << ", " << H_out << " x " << W_out);
      AlignedFloats input(static_cast<std::size_t>(C_in * H * W * L));
      for (std::size_t i = 0; i < input.size(); ++i)
        input.data()[i] = random.normal();
      const Tensor<> weight = normal_numbers({C_out, C_in, K, K}, random);
      const Tensor<> bias = normal_numbers({C_out}, random);
      const Window window{C_in, C_out, K, stride, H_out, W_out, 0, H};
      const Finish as_is{.H_out = H_out, .W_out = W_out};
      AlignedFloats rows(
          static_cast<std::size_t>(row_scratch(1, W_out) * L));
      const auto output = [&](auto kernel) {
        const int area = H_out * W_out;
        AlignedFloats cells(static_cast<std::size_t>(C_out * area * L));
        kernel(window, Map{input.data(), H * W, W, 1},
               {weight.data().data(), C_in * K * K, K * K, 1},
               bias.data().data(), as_is, Map{cells.data(), area, W_out, 1},
               Map{}, rows.data());
        return std::vector<float>(cells.data(),
                                  cells.data() + cells.size());
      };
      CHECK(output(kernels.convolve_in_small_tiles) ==
            output(kernels.convolve_untiled));
    }
  }
}

// ---- Fewer products ----------------------------------------------------

namespace {

// Random numbers (16, C, H, W) as maps of L images, one group after the
// other. From row `bottom` and column `right` on they are 0.
struct GroupsOfMaps {
  int C, H, W, L;
  AlignedFloats cells;

  GroupsOfMaps(int channels, int height, int width, int lanes, int bottom,
               int right, Random& random)
      : C(channels),
        H(height),
        W(width),
        L(lanes),
        cells(static_cast<std::size_t>(16 * C * H * W)) {
    for (int n = 0; n < 16; ++n)
      for (int c = 0; c < C; ++c)
        for (int y = 0; y < std::min(H, bottom); ++y)
          for (int x = 0; x < std::min(W, right); ++x)
            at(n, c, y, x) = random.normal();
  }
  float& at(int n, int c, int y, int x) {
    return cells.data()[(((n / L * C + c) * H + y) * W + x) * L + n % L];
  }
  Map group(int g) {
    return {cells.data() + g * C * H * W * L, H * W, W, 1};
  }
};

float sum_of_halves(std::array<float, 16> slots) {
  for (std::size_t half = 8; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) slots[i] += slots[i + half];
  return slots[0];
}

// Number (p, q) of B^T d B for the 4 x 4 cells from (y, x) on.
float input_number(GroupsOfMaps& d, int n, int c, int y, int x, int p,
                   int q) {
  const auto pick = [](int row, const auto& cell) {
    return row == 0   ? cell(0) - cell(2)
           : row == 1 ? cell(1) + cell(2)
           : row == 2 ? cell(2) - cell(1)
                      : cell(1) - cell(3);
  };
  return pick(q, [&](int i) {
    return pick(p, [&](int j) { return d.at(n, c, y + j, x + i); });
  });
}
// Number (p, q) of A g A^T for the 2 x 2 cells from (y, x) on.
float gradient_number(GroupsOfMaps& g, int n, int c, int y, int x, int p,
                      int q) {
  const auto pick = [](int row, float a, float b) {
    return row == 0 ? a : row == 1 ? a + b : row == 2 ? a - b : -b;
  };
  return pick(q, pick(p, g.at(n, c, y, x), g.at(n, c, y + 1, x)),
              pick(p, g.at(n, c, y, x + 1), g.at(n, c, y + 1, x + 1)));
}

// Adds what a block of 16 images contributes to one kernel, one number at a
// time.
void add_to_kernel(const Window& it, GroupsOfMaps& grad,
                   GroupsOfMaps& input, int co, int ci, bool fused,
                   float* to) {
  const float rows_of_G[4][3] = {
      {1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};
  for (int p = 0; p < 4; ++p) {
    float m[4];
    for (int q = 0; q < 4; ++q) {
      std::array<float, 16> slots{};
      for (int n = 0; n < 16; ++n)
        for (int y = 0; y < it.H_out; y += 2)
          for (int x = 0; x < it.W_out; x += 2) {
            float& sum = slots[static_cast<std::size_t>(n)];
            const float g = gradient_number(grad, n, co, y, x, p, q);
            const float v = input_number(input, n, ci, y, x, p, q);
            sum = fused ? std::fma(g, v, sum) : sum + g * v;
          }
      m[q] = sum_of_halves(slots);
    }
    const float half = (m[1] + m[2]) / 2;
    const float row[] = {m[0] + half, (m[1] - m[2]) / 2, half + m[3]};
    for (int k = 0; k < 9; ++k) to[k] += rows_of_G[p][k / 3] * row[k % 3];
  }
}

}  // namespace

TEST_CASE("speed: kernels that are summed side by side get the same bits") {
  Random random(3);
  for (const std::string& isa : runnable_sets()) {
    const Kernels& kernels = kernels_for(isa);
    const int L = kernels.lanes;
    for (int turn = 0; turn < 24; ++turn) {
      const int C_in = from_to(1, 19, random),
                C_out = from_to(1, 9, random);
      const int H = from_to(1, 6, random);
      const int W = from_to(1, turn % 4 == 0 ? 40 : 7, random);
      const bool add = turn % 2 == 1;
      INFO(isa << ", " << C_in << " to " << C_out << ", " << H << " x " << W
               << ", add " << add);
      const Window it{.C_in = C_in,
                      .C_out = C_out,
                      .K = 3,
                      .H_out = H,
                      .W_out = W,
                      .winograd = true};
      // Inputs on which no output depends must not matter.
      GroupsOfMaps input(C_in, H + 3, W + 3, L, H + 3, W + 3, random);
      GroupsOfMaps grad(C_out, H + 1, W + 1, L, H, W, random);
      const Tensor<> before = normal_numbers({C_out, C_in, 9}, random);
      Tensor<> expected = add ? before : Tensor<>(before.shape());
      for (int co = 0; co < C_out; ++co)
        for (int ci = 0; ci < C_in; ++ci)
          add_to_kernel(it, grad, input, co, ci, isa != "portable",
                        &expected(co, ci, 0));
      std::vector<Map> grads, inputs;
      for (int g = 0; g < 16 / L; ++g) {
        grads.push_back(grad.group(g));
        inputs.push_back(input.group(g));
      }
      AlignedFloats scratch(
          static_cast<std::size_t>(16 * winograd_scratch_back(it)));
      Tensor<> got = before;
      kernels.convolve_parameters(it, grads.data(), inputs.data(), true,
                                  add, scratch.data(), got.data().data());
      CHECK(same_bits(got, expected));
    }
  }
}

TEST_CASE("speed: products that would be in vain are left out") {
  Random random(4);
  for (const std::string& isa : runnable_sets()) {
    const Kernels& kernels = kernels_for(isa);
    const int L = kernels.lanes;
    for (int turn = 0; turn < 40; ++turn) {
      const int C_in = from_to(1, 5, random), C_out = from_to(1, 9, random);
      const int H = from_to(1, 9, random), W = from_to(1, 20, random);
      const int bottom = from_to(1, H + 2, random);
      const int right = from_to(1, W + 2, random);
      INFO(isa << ", " << C_in << " to " << C_out << ", " << H << " x " << W
               << ", inputs " << bottom << " x " << right);
      const int all_H = (H + 1) / 2 * 2, all_W = (W + 1) / 2 * 2;
      GroupsOfMaps input(C_in, all_H + 2, all_W + 2, L, bottom, right,
                         random);
      const Tensor<> weight = normal_numbers({C_out, C_in, 9}, random);
      const auto outputs = [&](int height, int width, int rows,
                               int columns) {
        const Window it{C_in,  C_out, 3,    1,    height,
                        width, 0,     rows, true, columns};
        AlignedFloats packed(static_cast<std::size_t>(packed_numbers(it)));
        Weights weights{weight.data().data(), C_in * 9, 9, 1};
        kernels.pack(it, weights, 1, C_out, packed.data());
        weights.packed = packed.data();
        AlignedFloats scratch(static_cast<std::size_t>(
            L * winograd_scratch(std::max(C_in, C_out))));
        // What is left out must not depend on what was there before.
        std::fill_n(scratch.data(), scratch.size(), infinity);
        GroupsOfMaps output(C_out, all_H, all_W, L, 0, 0, random);
        kernels.convolve(it, input.group(0), weights, nullptr,
                         Finish{.H_out = height, .W_out = width},
                         output.group(0), Map{}, scratch.data());
        Tensor<> kept({C_out, H, W, L});
        for (int c = 0; c < C_out; ++c)
          for (int y = 0; y < H; ++y)
            for (int x = 0; x < W; ++x)
              for (int n = 0; n < L; ++n)
                kept(c, y, x, n) = output.at(n, c, y, x);
        return kept;
      };
      CHECK(same_bits(outputs(H, W, bottom, right),
                      outputs(all_H, all_W, all_H + 2, all_W + 2)));
    }
  }
}

// ---- What the program computes -----------------------------------------

TEST_CASE("speed: the work is counted layer by layer, there and back") {
  const Work work = count_work(digit_network, {1, 28, 28});
  CHECK(work.names == std::vector<std::string>{"conv1", "conv2", "fc1"});
  CHECK(work.forward == std::vector<double>{8. * 28 * 28 * 25,
                                            16. * 10 * 10 * 8 * 25,
                                            10. * 400});
  CHECK(work.all_forward() == 480800);
  // The gradient of the first layer's input is not needed.
  CHECK(work.training == 3 * 480800 - 8. * 28 * 28 * 25);
}

TEST_CASE("speed: every rung is right, and a wrong one is found out") {
  const Dataset some = first(embedded_digits().train, 3);
  const Architecture small = {Convolution{16, 3, 1, 1},
                              Relu{},
                              Convolution{16, 3, 1, 1},
                              MaxPool{},
                              Flatten{},
                              Dense{10}};
  const Shape image = {1, 28, 28};
  for (const Ladder& ladder :
       {long_ladder("A", digit_network, image, "auto", 2),
        short_ladder("small", small, image, "auto", 2)}) {
    REQUIRE(ladder.rungs.size() == (ladder.network == "A" ? 7 : 3));
    const ExactStep exact(ladder.architecture, some);
    for (const Rung& rung : ladder.rungs) {
      INFO(rung.name);
      const Difference off = compute_difference(*rung.network, exact);
      CHECK(off.logits < 1e-5);
      CHECK(off.gradients < 1e-5);
    }
  }
  ConvolutionFunctions wrong = plain_functions;
  wrong.backward_parameters = [](const Tensor<>& grad_output,
                                 const Tensor<>& input, int K, int stride,
                                 int padding) {
    auto grads = convolve_backward_parameters(grad_output, input, K, stride,
                                              padding);
    grads.bias = Tensor<>(grads.bias.shape());  // all zeros
    return grads;
  };
  Network<> forgetful = network_with(wrong, digit_network, {1, 28, 28});
  const Difference off =
      compute_difference(forgetful, ExactStep(digit_network, some));
  CHECK(off.logits < 1e-5);
  CHECK_THAT(off.gradients, WithinAbs(1.0, 1e-6));
}

TEST_CASE("speed: sixteen digits at once, and the right one in each lane") {
  const Dataset digits = first(embedded_digits().train, 16);
  for (const Kernels* kernels : runnable_kernels()) {
    INFO(kernels->name);
    const SobelTwice sobel = compute_sobel(digits, kernels->name);
    REQUIRE(sobel.all_at_once.shape() == Shape{16, 1, 26, 26});
    CHECK(max_abs_difference(sobel.one_by_one, sobel.all_at_once) < 1e-5f);
    for (const int n : {0, 15}) {
      const Tensor<> edges =
          correlate2d(channel(item(digits.images, n), 0), sobel_x());
      const Tensor<> lane = channel(item(sobel.all_at_once, n), 0);
      CHECK(largest_magnitude(edges) > 1);
      CHECK(max_abs_difference(lane, edges) < 1e-5f);
    }
  }
}

TEST_CASE("speed: the median, of an odd and of an even number") {
  CHECK(median({5, 1, 3}) == 3);
  CHECK(median({4, 1, 3, 9}) == 3.5);
}

TEST_CASE("speed: things are timed in turns, after one call to warm up") {
  std::string calls;
  const auto times = medians_in_turns(
      {[&] { calls += 'A'; }, [&] { calls += 'B'; }}, 2, 0);
  CHECK(calls == "ABABAB");
  CHECK(times.size() == 2);
}

TEST_CASE("speed: a machine in numbers") {
  Machine machine{"Some CPU", "avx512", "2026-01-31"};
  machine.processors = 2;
  machine.lanes = 16;
  machine.clock = 2e9;
  machine.peak = 96e9;
  CHECK(machine.instructions_per_cycle() == 1.5);
  CHECK(machine.text() == "Some CPU, 2 processors, avx512, 2026-01-31");
  for (const Kernels* kernels : runnable_kernels()) {
    const Machine found = look_at_machine(*kernels, 0);
    CHECK(found.isa == kernels->name);
    CHECK(found.lanes == kernels->lanes);
    CHECK(found.peak > 0);
    CHECK(found.clock > 0);
    REQUIRE(found.copying.size() == 3);
    CHECK(found.copying.front().where == "L1");
    CHECK(found.copying.back().where == "memory");
    for (const Copying& it : found.copying) CHECK(it.bandwidth > 0);
  }
}

TEST_CASE("speed: a rung's rates follow from its seconds") {
  std::vector<Rung> rungs(2);
  rungs[0].name = "plain";
  rungs[0].isa = "portable";
  rungs[1].name = "threads";
  rungs[1].threads = 2;
  Machine machine;
  machine.peak = 1e11;
  const auto rates = ladder_rates(rungs, {2.0, 0.5}, 10, 4e9, machine);
  REQUIRE(rates.size() == 2);
  CHECK(rates[0].name == "plain");
  CHECK(rates[0].isa == "portable");
  CHECK_THAT(rates[0].images_per_second, WithinRel(5.0, 1e-12));
  CHECK_THAT(rates[0].gflops, WithinRel(20.0, 1e-12));
  CHECK_THAT(rates[0].share_of_peak, WithinRel(0.2, 1e-12));
  CHECK_THAT(rates[0].times_first, WithinRel(1.0, 1e-12));
  CHECK_THAT(rates[1].gflops, WithinRel(80.0, 1e-12));
  CHECK_THAT(rates[1].share_of_peak, WithinRel(0.4, 1e-12));  // two cores
  CHECK_THAT(rates[1].times_first, WithinRel(4.0, 1e-12));
}

TEST_CASE("speed: the ladder names the instruction set of each rung") {
  const Shape image = {1, 28, 28};
  const std::string widest = kernels_for("auto").name;
  const Ladder ladder = long_ladder("A", digit_network, image, "auto", 1);
  REQUIRE(ladder.rungs.size() == 6);  // no rung for more threads
  for (const Rung& rung : ladder.rungs)
    CHECK(rung.isa == (rung.fast ? widest : "portable"));
  const Ladder forced =
      long_ladder("A", digit_network, image, "portable", 1);
  CHECK(forced.rungs.back().isa == "portable");
}

TEST_CASE("speed: one rung has fewer products, and no other way") {
  const Ladder ladder =
      short_ladder("B", larger_network, {1, 28, 28}, "auto", 2);
  REQUIRE(ladder.rungs.size() == 3);
  const auto fewer = [](const Rung& rung) {
    int stages = 0;
    for (const Stage& stage : rung.fast->stages())
      stages += stage.products() && stage.products()->window.winograd;
    return stages;
  };
  CHECK(fewer(ladder.rungs[0]) == 0);
  CHECK(fewer(ladder.rungs[1]) == 3);  // not the one with a single channel
  CHECK(fewer(ladder.rungs[2]) == 3);
  CHECK(ladder.rungs[1].threads == 1);
  CHECK(ladder.rungs[2].threads == 2);
  CHECK(ladder.rungs[0].fast->stages().size() ==
        ladder.rungs[1].fast->stages().size());
}

TEST_CASE("speed: the ladder trains every rung on the batch") {
  const Dataset batch = first(embedded_digits().train, 2);
  Ladder ladder = long_ladder("A", digit_network, {1, 28, 28}, "auto", 2);
  const auto& rungs = ladder.rungs;
  Machine machine;
  machine.peak = 1e11;
  const auto rates = compute_ladder(ladder, batch, machine, 1, 0);
  REQUIRE(rates.size() == rungs.size());
  CHECK(rates[0].times_first == 1);
  // All have taken the same two steps from the same numbers.
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    INFO(rungs[i].name);
    CHECK(rates[i].name == rungs[i].name);
    CHECK(rates[i].gflops > 0);
    CHECK(max_abs_difference(rungs[i].network->parameters()[0]->value,
                             rungs[0].network->parameters()[0]->value) <
          1e-6f);
  }
  Rung fresh =
      std::move(long_ladder("A", digit_network, {1, 28, 28}, "auto", 1)
                    .rungs.front());
  Random random(1);
  initialize(*fresh.network, he_initializer(), random);
  CHECK_FALSE(fresh.network->parameters()[0]->value ==
              rungs[0].network->parameters()[0]->value);
}

TEST_CASE("speed: only what moves more bytes has fewer operations each") {
  OneConvolution one;
  one.H = 4;
  const auto points = one.measure(*all_kernels().front(), 0);
  REQUIRE(points.size() == 8);
  const double plain = points[0].intensity;
  CHECK(plain == 9 * 32 / 4.0);  // 2 x 9 x 32 FLOP, 8 bytes a number
  CHECK(points[2].name == "im2col");
  CHECK_THAT(points[2].intensity, WithinRel(plain / 10, 1e-12));
  CHECK(points[6].name == "fused");
  CHECK_THAT(points[6].intensity, WithinRel(plain / 0.75, 1e-12));
  CHECK(points[7].name == "fewer products");  // same count of operations
  CHECK(points[7].intensity == points[6].intensity);
  for (const RooflinePoint& point : points) CHECK(point.flops > 0);
}

TEST_CASE("speed: the ladder's figure names rungs and instructions") {
  Machine machine;
  machine.peak = 1e11;
  RungRate slow{"plain loops", "portable"}, fast{"lanes", "avx2"};
  slow.gflops = 1, fast.gflops = 50;
  const std::string svg = ladder_figure("A", {slow, fast}, machine);
  for (const char* text : {"network A", ">plain loops (portable)<",
                           ">lanes (avx2)<", ">peak of one core<"})
    CHECK_THAT(svg, ContainsSubstring(text));
}

TEST_CASE("speed: roofs that nearly coincide share a label") {
  Machine machine;
  machine.peak = 1e11;
  const std::vector<RooflinePoint> points = {{"tile", 72, 9e10},
                                             {"fewer products", 96, 2e11}};
  const auto svg = [&](double L1, double L2) {
    machine.copying[0].bandwidth = L1;
    machine.copying[1].bandwidth = L2;
    machine.copying[2].bandwidth = 1e10;
    return roofline_figure(points, machine);
  };
  for (const char* text :
       {">L1<", ">L2<", ">memory<", ">peak<", ">tile<", ">fewer products<"})
    CHECK_THAT(svg(4e11, 2e11), ContainsSubstring(text));
  const std::string near = svg(2.2e11, 2e11);
  CHECK_THAT(near, ContainsSubstring(">L1, L2<"));
  CHECK_THAT(near, ContainsSubstring(">memory<"));
  CHECK_THAT(near, !ContainsSubstring(">L2<"));
  // No roof has the colour of a rung.
  CHECK_THAT(near, ContainsSubstring("<polyline class=\"dotted\""));
  CHECK_THAT(near, !ContainsSubstring("<polyline class=\"series-"));
}

TEST_CASE("speed: a share of the peak counts busy processors only") {
  CHECK(share_of_peak(10, 2e9, 1e11, 1, 2) == 0.2);
  CHECK(share_of_peak(10, 2e9, 1e11, 2, 2) == 0.1);
  CHECK(share_of_peak(10, 2e9, 1e11, 3, 2) == 0.1);
}

TEST_CASE("speed: rates are of the sizes that were asked for", "[slow]") {
  const auto threads = compute_thread_rates(2, 1, "auto", 0);
  REQUIRE(threads.size() == 2);
  CHECK(threads[1].threads == 2);
  for (const ThreadRates& now : threads) {
    CHECK(now.A > 0);
    CHECK(now.B > 0);
    CHECK(now.share_of_peak_B > 0);
  }
  const auto batches = compute_batch_rates({3, 17}, "auto", 0);
  REQUIRE(batches.size() == 2);
  CHECK(batches[1].size == 17);
  CHECK(batches[1].images_per_second > 0);
  const auto sizes = compute_size_rates({6}, "auto", 0);
  REQUIRE(sizes.size() == 1);
  CHECK(sizes[0].size == 6);
  CHECK(sizes[0].images_per_second > 0);
}

TEST_CASE("speed: the accuracy is looked at more and more rarely") {
  AccuracyCurve curve;
  Stopwatch watch(curve);
  std::vector<int> looked;
  for (int step = 1; step <= 20; ++step) {
    if (watch.stop(step)) {
      looked.push_back(step);
      watch.look(0.01 * step);
    }
    watch.go();
  }
  CHECK(looked == std::vector<int>{1, 2, 3, 4, 6, 9, 13, 19});
  REQUIRE(curve.percent.size() == 8);
  CHECK(curve.percent[4] == 6);
  CHECK(std::is_sorted(curve.seconds.begin(), curve.seconds.end()));
}

TEST_CASE("speed: training against the clock is the training without it") {
  const Split digits = embedded_digits();
  const Dataset train_on = first(digits.train, 40);
  const Dataset test_on = first(digits.held_out, 20);
  Experiment experiment;
  experiment.settings.epochs = 2;
  experiment.settings.batch = 16;
  const auto run_for = [&](int most_steps, FastNetwork& network) {
    Network<> fresh = fresh_network(experiment);
    copy_parameters(fresh, network);
    return compute_timed_training(
        network, gradients_of(network), experiment, train_on, most_steps,
        [&] { return accuracy(network, test_on); });
  };
  FastNetwork timed = digit_reader({.threads = 1});
  const TimedTraining run = run_for(6, timed);
  FastNetwork plain = digit_reader({.threads = 1});
  Network<> fresh = fresh_network(experiment);
  copy_parameters(fresh, plain);
  Sgd sgd(experiment.momentum);
  const auto history =
      train_fast(plain, sgd, train_on, experiment.settings);
  CHECK(run.steps == 6);
  REQUIRE(run.epochs.size() == 2);
  CHECK(run.epochs[1].epoch == 2);
  CHECK(run.epochs[1].loss ==
        mean_of_epoch(history, 2, &TrainingStep::loss));
  CHECK(run.epochs[1].held_out_accuracy == accuracy(plain, test_on));
  CHECK(run.curve.percent.size() == 5);  // steps 1, 2, 3, 4 and the last
  for (std::size_t p = 0; p < plain.parameters().size(); ++p)
    CHECK(same_bits(timed.parameters()[p]->value,
                    plain.parameters()[p]->value));
  const TimedTraining cut = run_for(5, timed);
  CHECK(cut.steps == 5);
  CHECK(cut.epochs.size() == 1);
  CHECK(cut.curve.percent.size() == 5);
}

TEST_CASE("speed: the long warm-up ends after a fifth") {
  CHECK(long_warm_up(0) == 0);
  CHECK_THAT(long_warm_up(0.1), WithinAbs(0.5, 1e-12));
  CHECK_THAT(long_warm_up(0.2), WithinAbs(1.0, 1e-6));
  CHECK_THAT(long_warm_up(0.6), WithinAbs(0.5, 1e-6));
  CHECK_THAT(long_warm_up(1.0), WithinAbs(0.0, 1e-6));
  CHECK(mnist_settings(3).seed == 3);
  CHECK(mnist_settings(3).schedule(0.1) == long_warm_up(0.1));
}

TEST_CASE("speed: a seed gives one accuracy, whatever the threads") {
  Split digits = embedded_digits();
  digits.train = first(digits.train, 300);
  digits.held_out = first(digits.held_out, 100);
  TrainingSettings settings = mnist_settings(1);
  settings.batch = 16;
  const double share = compute_mnist(digits, settings, {.threads = 1});
  CHECK(share > 0.6);
  CHECK(compute_mnist(digits, settings, {.threads = 2}) == share);
  int steps = 0;
  compute_mnist(digits, settings, {.threads = 1},
                [&](const TrainingStep&) { return ++steps < 4; });
  CHECK(steps == 4);
}

TEST_CASE("speed: the benchmark says what it measured") {
  const auto measure = [](const std::string& mode) {
    return compute_benchmark(mode, digit_network, {.threads = 2}, 0.001);
  };
  for (const char* mode : {"train", "infer"}) {
    INFO(mode);
    const Benchmark it = measure(mode);
    CHECK(it.images_per_second > 0);
    CHECK(it.batch == 64);
    CHECK(it.threads == 2);
    CHECK(it.isa == kernels_for("auto").name);
  }
  const Benchmark alone = measure("latency");
  CHECK(alone.batch == 1);
  CHECK(alone.threads == 1);
}

// ---- The fast network --------------------------------------------------

// Random networks on all instruction sets, with 1 to 3 threads and batches
// that fill no block, a part of one, one, one and a bit, and two and a bit.
TEST_CASE("speed: the fast network equals the plain one for any list") {
  const int batches[] = {0, 1, 5, 16, 17, 37};
  Random random(2);
  for (int i = 0; i < cases_tried(400); ++i) {
    const Shape image{from_to(1, 5, random), from_to(3, 13, random),
                      from_to(3, 13, random)};
    const Architecture architecture = random_layers(image, random);
    const int N = batches[i % 6], threads = 1 + i / 6 % 3;
    for (const std::string& isa : runnable_sets())
      for (const FastOptions& options :
           {FastOptions{threads, isa, false, false},
            {threads, isa, true, false},
            {threads, isa, true, true},
            {threads, isa, true, false, 1},
            {threads, isa, true, true, 1}}) {
        INFO(isa << ", tiled " << options.tiled << ", fused "
                 << options.fused << ", Winograd from "
                 << options.winograd_from << ", network " << i << ": "
                 << text_of(architecture) << "image " << to_string(image)
                 << ", batch " << N);
        Random numbers(static_cast<std::uint64_t>(i));
        check_network(architecture, image, N, options, numbers);
        if (options.fused)
          check_single(architecture, image, options, numbers);
      }
  }
}

TEST_CASE(
    "speed: layers that cannot join the stage before keep their own") {
  Random random(7);
  const Architecture odd[] = {
      {Convolution{3, 3, 1, 1}, MaxPool{{1, 2, 0}}, MaxPool{{2, 2, 0}}},
      {Convolution{3, 3, 1, 1}, MaxPool{}, Relu{}, Relu{}, MaxPool{}},
      {Convolution{3, 3, 1, 1}, MaxPool{{2, 1, 0}}, Relu{}, AveragePool{}},
      {Relu{}, Convolution{2, 2, 2, 2}, Relu{}, MaxPool{{2, 3, 0}},
       Flatten{}, Dense{5}, Relu{}, Dense{3}},
      {Flatten{}, Relu{}, Dense{4}},
      {MaxPool{{3, 2, 1}}, Convolution{5, 1, 1, 0}, Flatten{}},
      // The backward pass may stay in place after a convolution, but not
      // before a pool with a border, because the border gets a share.
      {Convolution{3, 3, 1, 1}, Relu{}, Convolution{4, 3, 1, 1}, Relu{}},
      {Convolution{3, 3, 1, 1}, AveragePool{{3, 1, 1}}}};
  for (const Architecture& architecture : odd)
    for (const bool fused : {false, true}) {
      INFO("network " << &architecture - odd << ", fused " << fused);
      check_network(architecture, {2, 13, 11}, 18,
                    {.threads = 2, .fused = fused}, random);
      FastNetwork network(architecture, {2, 13, 11}, {.fused = fused});
      fill_parameters(network, random);
      const Tensor<> image = normal_numbers({1, 2, 13, 11}, random);
      const Tensor<> expected =
          network.plain().forward(image, Mode::evaluation);
      SingleImage single(network);
      const auto logits = single.logits(image.data());
      REQUIRE(logits.size() == expected.data().size());
      for (std::size_t k = 0; k < logits.size(); ++k)
        CHECK_THAT(logits[k], WithinAbs(expected.data()[k], 1e-4));
    }
}

// The transformed outputs need more room than the inputs, and in the
// backward pass it is the other way round.
TEST_CASE("speed: few channels become many, and many few") {
  Random random(12);
  const Architecture architecture = {Convolution{16, 3, 1, 1},
                                     Convolution{256, 3, 1, 1},
                                     Convolution{16, 3, 1, 1}};
  for (const std::string& isa : runnable_sets()) {
    INFO(isa);
    const FastOptions options{.threads = 1, .isa = isa};
    check_network(architecture, {1, 3, 24}, 2, options, random);
    check_single(architecture, {1, 3, 24}, options, random);
  }
}

// A NaN or an infinity left in a lane without an image or a channel would
// be seen, because 0 times it is not 0.
TEST_CASE("speed: lanes that hold nothing leave no trace") {
  for (const std::string& isa : runnable_sets())
    for (const Architecture& architecture :
         {Architecture{Convolution{3, 3, 1, 1}, Relu{}, MaxPool{},
                       Flatten{}, Dense{5}},
          Architecture{MaxPool{{3, 2, 1}}, Flatten{}, Relu{}, Dense{5},
                       Dense{3}},
          Architecture{AveragePool{}, Convolution{2, 2, 1, 0}}}) {
      INFO(isa << ": " << text_of(architecture));
      Random random(4);
      const FastOptions options{
          .threads = 1, .isa = isa, .winograd_from = 1};
      FastNetwork used(architecture, {2, 6, 6}, options);
      FastNetwork fresh(architecture, {2, 6, 6}, options);
      fill_parameters(used, random);
      copy_parameters(used, fresh);
      SingleImage single(used), first(fresh);
      const Tensor<> five = normal_numbers({5, 2, 6, 6}, random);
      const Tensor<> grad = normal_numbers(
          fresh.forward(five, Mode::training).shape(), random);
      const auto all_of = [&](FastNetwork& network) {
        std::vector<Tensor<>> all = {network.forward(five, Mode::training)};
        all.push_back(network.backward(grad));
        for (const Parameter<>* it : network.parameters())
          all.push_back(it->gradient);
        return all;
      };
      const auto expected = all_of(fresh);
      Shape many = grad.shape();
      many[0] = 16;
      for (const float trace : {std::nanf(""), INFINITY}) {
        used.forward(Tensor<>({16, 2, 6, 6}, trace), Mode::training);
        used.backward(Tensor<>(many, trace));
        CHECK(all_of(used) == expected);
        single.logits(Tensor<>({1, 2, 6, 6}, trace).data());
        const Tensor<> image = item(five, 3);
        const auto got = single.logits(image.data());
        const auto wanted = first.logits(image.data());
        CHECK(std::equal(got.begin(), got.end(), wanted.begin()));
      }
    }
}

// Here a lane without a channel does hold NaN, which is 0 times infinity.
TEST_CASE("speed: an infinite pixel says no more than it should") {
  FastNetwork network(
      {Convolution{1, 1, 1, 0}, Relu{}, Flatten{}, Dense{1}}, {1, 2, 2});
  for (Parameter<>* parameter : network.parameters())
    for (float& number : parameter->value.data()) number = 1;
  network.parameters()[0]->value.data()[0] = -1;
  const Tensor<> image({1, 1, 2, 2},
                       std::vector<float>{INFINITY, 3, -4, INFINITY});
  CHECK(network.plain().forward(image, Mode::evaluation).data()[0] == 6.0f);
  CHECK(network.forward(image, Mode::evaluation).data()[0] == 6.0f);
  CHECK(SingleImage(network).logits(image.data())[0] == 6.0f);
}

// A window may hold nothing but minus infinity and lie in part outside the
// map. Its gradient still goes to a cell of the map.
TEST_CASE("speed: no border wins a pool") {
  const float lowest = -infinity;
  for (const Pooling& pooling :
       {Pooling{2, 2, 1}, {3, 1, 1}, {4, 3, 2}, {2, 1, 0}}) {
    FastNetwork network({MaxPool{pooling}}, {1, 5, 4});
    const Tensor<> image({1, 1, 5, 4}, lowest);
    const Tensor<> output = network.forward(image, Mode::training);
    const Tensor<> grad = network.backward(Tensor<>(output.shape(), 1.0f));
    float sum = 0;
    for (const float one : grad.data()) sum += one;
    INFO(pooling.window << ", " << pooling.stride << ", "
                        << pooling.padding);
    CHECK(sum == static_cast<float>(output.size()));
  }
}

TEST_CASE("speed: a cell that is not a number is seen behind the pool") {
  FastNetwork network(
      {Convolution{4, 1, 1, 0}, Relu{}, MaxPool{}, Flatten{}, Dense{3}},
      {1, 6, 6}, {.threads = 1});
  start(network);
  Tensor<> input({1, 1, 6, 6}, 1.0f);
  input(0, 0, 2, 3) = std::nanf("");
  const Tensor<> output = network.forward(input, Mode::training);
  for (const float score : output.data()) CHECK(std::isnan(score));
}

// ---- The same bits -----------------------------------------------------

TEST_CASE("speed: any number of threads gives the same bits") {
  const Dataset digits = first(embedded_digits().train, 150);
  std::vector<Tensor<>> expected;
  for (int threads = 1; threads <= 8; ++threads) {
    FastNetwork network = digit_reader({.threads = threads});
    start(network);
    CHECK(network.threads() == threads);
    Tensor<> logits;
    std::vector<Tensor<>> got =
        gradients_of(network, digits, first_images(150), logits);
    got.push_back(logits);
    if (expected.empty()) expected = got;
    for (std::size_t i = 0; i < got.size(); ++i)
      CHECK(same_bits(got[i], expected[i]));
  }
}

TEST_CASE("speed: instruction sets with fused multiply-add agree") {
  const auto sets = runnable_sets();
  const auto has = [&](const char* name) {
    return std::find(sets.begin(), sets.end(), name) != sets.end();
  };
  if (!has("avx2") || !has("avx512")) {
    WARN("this CPU has not both AVX2 and AVX-512: nothing to compare");
    return;
  }
  const Dataset digits = first(embedded_digits().train, 90);
  const Architecture wide = {Convolution{7, 3, 1, 1},
                             Relu{},
                             Convolution{6, 3, 2, 0},
                             AveragePool{},
                             Flatten{},
                             Dense{33},
                             Relu{},
                             Dense{10}};
  const Architecture winograd = {Convolution{20, 3, 1, 1},
                                 Relu{},
                                 Convolution{17, 3, 1, 0},
                                 Relu{},
                                 MaxPool{},
                                 Convolution{18, 3, 1, 0},
                                 Flatten{},
                                 Dense{10}};
  for (const Architecture& architecture : {digit_network, wide, winograd}) {
    std::vector<std::vector<Tensor<>>> results;
    for (const char* isa : {"avx2", "avx512"}) {
      FastNetwork network(architecture, {1, 28, 28}, {.isa = isa});
      start(network);
      Tensor<> logits;
      results.push_back(
          gradients_of(network, digits, first_images(90), logits));
      results.back().push_back(logits);
      results.back().push_back(network.backward(
          (network.forward(digits.images, Mode::training), logits)));
    }
    for (std::size_t i = 0; i < results[0].size(); ++i)
      CHECK(same_bits(results[0][i], results[1][i]));
  }
}

TEST_CASE("speed: a product and a sum are rounded once where they can be") {
  for (const std::string& isa : runnable_sets()) {
    FastNetwork network({Convolution{1, 1, 1, 0}}, {1, 1, 1},
                        {.threads = 1, .isa = isa});
    // (1 + h)^2 - (1 + 2 h) = h^2, which is lost if the product is rounded.
    const float h = 0x1p-13f;
    network.parameters()[0]->value(0, 0, 0, 0) = 1 + h;
    network.parameters()[1]->value(0) = -(1 + 2 * h);
    const Tensor<> output =
        network.forward(Tensor<>({1, 1, 1, 1}, 1 + h), Mode::training);
    const bool fused = isa != "portable";
    INFO(isa);
    CHECK(output(0, 0, 0, 0) == (fused ? h * h : 0.0f));
  }
}

TEST_CASE("speed: gradients() is forward, loss and backward") {
  const Dataset digits = first(embedded_digits().train, 50);
  FastNetwork network = digit_reader({});
  start(network);
  Tensor<> logits;
  const auto got = gradients_of(network, digits, first_images(50), logits);
  const std::vector<int> fifty = first_images(50);
  const double loss = network.gradients({digits, fifty}, logits);
  const Tensor<> output = network.forward(digits.images, Mode::training);
  CHECK(same_bits(output, logits));
  CHECK(loss == static_cast<double>(cross_entropy(output, digits.labels)));
  network.backward(cross_entropy_backward(output, digits.labels), false);
  for (std::size_t p = 0; p < got.size(); ++p)
    CHECK(same_bits(network.parameters()[p]->gradient, got[p]));
}

// ---- Training ----------------------------------------------------------

TEST_CASE("speed: the fast loop takes the steps of the plain one",
          "[slow]") {
  const Dataset digits = first(embedded_digits().train, 200);
  TrainingSettings settings;
  settings.epochs = 2;
  Network<> plain = build_network(digit_network, {1, 28, 28});
  FastNetwork fast = digit_reader({});
  Random random(1);
  initialize(plain, he_initializer(), random);
  start(fast);
  for (std::size_t p = 0; p < plain.parameters().size(); ++p) {
    CHECK(plain.parameters()[p]->name == fast.parameters()[p]->name);
    CHECK(same_bits(plain.parameters()[p]->value,
                    fast.parameters()[p]->value));
  }
  Sgd one(0.9), other(0.9);
  const auto expected = train(plain, one, digits, settings);
  const auto got = train_fast(fast, other, digits, settings);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].step == expected[i].step);
    CHECK(got[i].learning_rate == expected[i].learning_rate);
    CHECK_THAT(got[i].loss, WithinAbs(expected[i].loss, 2e-3));
  }
  CHECK(got.back().loss < 0.5 * got.front().loss);
  // The plain network inside the fast one has the same parameters.
  CHECK(max_abs_difference(
            fast.plain().forward(digits.images, Mode::evaluation),
            fast.forward(digits.images, Mode::evaluation)) < 1e-3f);
}

#ifdef COUNTS_ALLOCATIONS
TEST_CASE("speed: a training step allocates nothing after the first") {
  const Dataset digits = first(embedded_digits().train, 64);
  const std::vector<int> images = first_images(64);
  FastNetwork network = digit_reader({.threads = 2});
  start(network);
  const auto parameters = network.parameters();
  Sgd sgd(0.9);
  Tensor<> logits;
  const auto step = [&] {
    network.gradients({digits, images}, logits);
    sgd.step(parameters, 0.01);
  };
  const long before_all = allocations;
  step();
  const long after_one = allocations;
  CHECK(after_one > before_all);  // the counter works
  for (int i = 0; i < 3; ++i) step();
  const long after_four = allocations;
  CHECK(after_four == after_one);
  SingleImage single(network);
  const Tensor<> image = item(digits.images, 0);
  const std::span<const float> pixels = image.data();
  const long before = allocations;
  single.logits(pixels);
  const long after = allocations;
  CHECK(after == before);
}
#endif

// ---- Looking inside ----------------------------------------------------

TEST_CASE("speed: every layer's map can be read") {
  const Dataset digits = first(embedded_digits().train, 20);
  FastNetwork network = digit_reader({});
  start(network);
  const auto got = network.outputs(digits.images);
  const auto expected = all_outputs(network.plain(), digits.images);
  REQUIRE(got.size() == expected.size());
  for (std::size_t layer = 0; layer < got.size(); ++layer) {
    INFO("layer " << layer);
    REQUIRE(got[layer].shape() == expected[layer].shape());
    CHECK(max_abs_difference(got[layer], expected[layer]) < 1e-5f);
  }
}

TEST_CASE("speed: the input's gradient from any layer") {
  Random random(5);
  const Tensor<> images = normal_numbers({18, 1, 28, 28}, random);
  FastNetwork network = digit_reader({});
  start(network);
  Network<double> exact = exact_twin(digit_network, {1, 28, 28}, network);
  const auto maps = all_outputs(exact, convert<double>(images));
  for (std::size_t layer = 0; layer < maps.size(); ++layer) {
    INFO("layer " << layer);
    const Tensor<> grad = normal_numbers(maps[layer].shape(), random);
    Tensor<double> expected = convert<double>(grad);
    for (std::size_t i = layer + 1; i-- > 0;)
      expected = exact.layer(i).backward(expected, true);
    check_close(network.input_gradient(images, layer, grad), expected);
  }
}

// A backward pass fills a whole map where it begins, including the cells
// that no window of the pool after that map covers.
TEST_CASE("speed: no backward pass leaves anything to the next") {
  Random random(6);
  for (int list = 0; list < cases_tried(60); ++list) {
    const Shape image = {from_to(1, 3, random), from_to(3, 11, random),
                         from_to(3, 11, random)};
    const Architecture architecture = random_layers(image, random);
    const Tensor<> images =
        normal_numbers({3, image[0], image[1], image[2]}, random);
    const FastOptions options{.threads = 1 + list % 2};
    FastNetwork used(architecture, image, options);
    fill_parameters(used, random);
    const auto maps = used.outputs(images);
    for (int call = 0; call < 4; ++call) {
      const auto layer = static_cast<std::size_t>(
          random.below(static_cast<int>(maps.size())));
      INFO("list " << list << ", call " << call << ", layer " << layer);
      const Tensor<> grad = normal_numbers(maps[layer].shape(), random);
      FastNetwork fresh(architecture, image, options);
      copy_parameters(used, fresh);
      CHECK(used.input_gradient(images, layer, grad) ==
            fresh.input_gradient(images, layer, grad));
    }
  }
}

TEST_CASE("speed: what is frozen later has no gradient any more") {
  const Dataset data = first(embedded_digits().train, 37);
  const std::vector<int> all = count_up(37), few = count_up(5);
  FastNetwork network = digit_reader({.threads = 2});
  start(network);
  Tensor<> logits;
  network.gradients({data, all}, logits);
  const auto parameters = network.parameters();
  const auto is_zero = [&](std::size_t p) {
    return parameters[p]->gradient ==
           Tensor<>(parameters[p]->value.shape());
  };
  CHECK_FALSE(is_zero(0));
  for (std::size_t p = 0; p < 2; ++p) parameters[p]->trained = false;
  network.gradients({data, few}, logits);
  for (std::size_t p = 0; p < 2; ++p) CHECK(is_zero(p));
  CHECK_FALSE(is_zero(2));
}

TEST_CASE("speed: what a task throws comes out, and work goes on") {
  for (const int threads : {1, 2, 3}) {
    INFO("threads " << threads);
    Workers workers(threads);
    for (int bad = 0; bad < 40; bad += 3) {
      CHECK(message_of([&] {
              workers.run(40, [&](int item, int) {
                if (item >= bad) throw std::invalid_argument("no");
              });
            }) == "no");
      std::atomic<int> sum = 0;
      workers.run(40, [&](int item, int) { sum += item; });
      CHECK(sum == 780);
    }
    // An image is refused in the middle of a batch.
    const Dataset data = first(embedded_digits().train, 37);
    const std::vector<int> all = count_up(37);
    FastNetwork network = digit_reader({.threads = threads}),
                same = digit_reader({.threads = threads});
    start(network);
    copy_parameters(network, same);
    const HandOut refusing = [](const Dataset& from, int n, int,
                                std::span<float>) {
      if (n == 20) throw std::invalid_argument("image 20");
      return row_of(from.images, n);
    };
    Tensor<> logits, expected;
    CHECK(message_of([&] {
            network.gradients({data, all, 0, &refusing}, logits);
          }) == "image 20");
    network.gradients({data, all}, logits);
    same.gradients({data, all}, expected);
    CHECK(logits == expected);
    for (std::size_t p = 0; p < same.parameters().size(); ++p)
      CHECK(network.parameters()[p]->gradient ==
            same.parameters()[p]->gradient);
  }
}

TEST_CASE("speed: only products take scratch memory") {
  const Architecture pools = {AveragePool{{2896, 2896, 0}}, Flatten{}};
  Plan plan = plan_of(pools, {1, 2896, 2896}, true, no_winograd);
  CHECK(scratch_cells(plan.stages({}), true) == 1);
}

// ---- Bad input ---------------------------------------------------------

TEST_CASE("speed: an image has three axes") {
  for (const Shape& image :
       {Shape{}, Shape{28}, Shape{28, 28}, Shape{1, 1, 28, 28}}) {
    const std::string expected =
        "build_network: image expects 3 axes, got shape " +
        to_string(image);
    CHECK(message_of([&] { FastNetwork(digit_network, image); }) ==
          expected);
    CHECK(message_of([&] { build_network(digit_network, image); }) ==
          expected);
  }
  const Architecture flat_first = {Flatten{}, Convolution{8, 3}};
  CHECK(message_of([&] {
          FastNetwork(flat_first, {1, 5, 5});
        }) == message_of([&] {
          build_network(flat_first, {1, 5, 5});
        }));
}

TEST_CASE("speed: bad input gets one clear line") {
  FastNetwork network = digit_reader({.threads = 1});
  CHECK_THAT(message_of([&] {
               network.forward(Tensor<>({2, 3, 28, 28}), Mode::training);
             }),
             ContainsSubstring(
                 "FastNetwork: input expects shape (2, 1, 28, 28), got "
                 "(2, 3, 28, 28)"));
  CHECK_THAT(
      message_of([&] {
        network.backward(Tensor<>({2, 10}));
      }),
      ContainsSubstring("FastNetwork: backward() without forward()"));
  CHECK_THAT(
      message_of([&] { digit_reader({.isa = "avx9000"}); }),
      ContainsSubstring("kernels_for: no instruction set 'avx9000' on this "
                        "CPU; it runs: auto, "));
  CHECK_THAT(
      message_of([&] { digit_reader({.threads = -1}); }),
      ContainsSubstring("Workers: expected 0 or more threads, got -1"));
  const Tensor<> images({1, 1, 28, 28});
  CHECK_THAT(message_of([&] { network.input_gradient(images, 8, images); }),
             ContainsSubstring(
                 "FastNetwork: expected a layer from 0 to 7, got 8"));
  Dataset wrong = first(embedded_digits().train, 3);
  Tensor<> logits;
  for (const int none : {-1, 3})
    CHECK_THAT(
        message_of([&] {
          network.gradients({wrong, std::vector<int>{0, none}}, logits);
        }),
        ContainsSubstring("FastNetwork: expected images from 0 to 2, "
                          "got " +
                          std::to_string(none)));
  wrong.labels[1] = 11;
  CHECK_THAT(message_of([&] {
               network.gradients({wrong, first_images(3)}, logits);
             }),
             ContainsSubstring(
                 "FastNetwork: expected labels from 0 to 9, got 11"));
  CHECK_THAT(
      message_of(
          [&] { SingleImage(network).logits(std::vector<float>(3)); }),
      ContainsSubstring("SingleImage: image expects shape (784), got (3)"));
}

TEST_CASE("speed: one digit in a vector with others, and alone") {
  const Dataset digits = embedded_digits().held_out;
  for (const std::string& isa : runnable_sets()) {
    INFO(isa);
    FastNetwork network(digit_network, {1, 28, 28},
                        {.threads = 1, .isa = isa});
    Random random(71);
    initialize(network, he_initializer(), random);
    for (Parameter<>* parameter : network.parameters())
      if (parameter->fan_in == 0)
        for (float& bias : parameter->value.data())
          bias = 0.1f * random.normal();
    const StoryLanes story = compute_story_lanes(network, digits, 21);
    CHECK(story.lane == 5);
    CHECK(item(story.images, 5) == item(digits.images, 21));
    CHECK(item(story.images, 0) == item(digits.images, 16));
    const Tensor<> batch = subset(digits, std::vector{21}).images;
    const auto exact = all_outputs(network.plain(), batch);
    CHECK(max_abs_difference(story.maps, item(exact[4], 0)) < 1e-4);
    REQUIRE(story.alone.size() == 10);
    REQUIRE(story.in_company.size() == 10);
    for (int k = 0; k < 10; ++k) {
      const auto at = static_cast<std::size_t>(k);
      const auto logit = static_cast<double>(exact.back()(0, k));
      CHECK_THAT(static_cast<double>(story.alone[at]),
                 WithinAbs(logit, 1e-4));
      CHECK_THAT(static_cast<double>(story.in_company[at]),
                 WithinAbs(logit, 1e-4));
    }
    CHECK(difference_of_ways(story) < 1e-5f);
    StoryLanes other = story;
    other.alone[3] = other.in_company[3] - 2;
    CHECK_THAT(static_cast<double>(difference_of_ways(other)),
               WithinAbs(2, 1e-5));
  }
}

TEST_CASE("speed: the drawing of a tile counts its sums and its reads") {
  const std::string large = tile_figure(4, 7), small = tile_figure(4, 3);
  CHECK_THAT(large, ContainsSubstring("Blue: 28 sums"));
  CHECK_THAT(large, ContainsSubstring("Orange: 11 reads, for 28 multiply-"
                                      "adds. One sum at a time needs 56"));
  CHECK_THAT(large, ContainsSubstring(">+ w3 x6<"));
  CHECK_THAT(small, ContainsSubstring("Orange: 7 reads, for 12 multiply-"
                                      "adds. One sum at a time needs 24"));
  CHECK_THAT(small, !ContainsSubstring("x3"));
}
