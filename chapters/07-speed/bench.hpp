// How fast a network learns, one convolution by itself, and the benchmark
// of --bench.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "06-training/initializer.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/rungs.hpp"
#include "07-speed/single_image.hpp"

namespace cnn {

// Images of any size with labels, for timing only.
inline Dataset random_images(int N, const Shape& image) {
  Random random(1);
  Dataset data;
  data.images = Tensor<>({N, image[0], image[1], image[2]});
  for (float& number : data.images.data()) number = random.uniform();
  for (int n = 0; n < N; ++n) data.labels.push_back(n % 10);
  return data;
}

// A network on one batch, again and again, as a function to be timed.
class TrainingLoop {
 public:
  TrainingLoop(Rung& rung, const Dataset& batch)
      : rung_(rung), batch_(batch), images_(count_up(batch.size())) {
    Random random(1);
    initialize(*rung.network, he_initializer(), random);
    parameters_ = rung.network->parameters();
  }
  void operator()() {
    if (rung_.fast) {
      rung_.fast->gradients({batch_, images_}, logits_);
      sgd_.step(parameters_, 1e-4);
    } else {
      double loss = 0;
      training_step(*rung_.network, sgd_, batch_, 1e-4, loss);
    }
  }

 private:
  Rung& rung_;
  const Dataset& batch_;
  std::vector<int> images_;
  std::vector<Parameter<>*> parameters_;
  Sgd sgd_{0.9};
  Tensor<> logits_;
};

// Images per second of training with a fast network, the median of three
// rounds; `before_each` is for what is to be measured in turns with them.
inline double training_rate(
    const Architecture& architecture, const Shape& image, int batch,
    int threads, const std::string& isa, double seconds,
    const std::function<void()>& before_each = [] {}) {
  Rung rung;
  auto network = std::make_unique<FastNetwork>(
      architecture, image, FastOptions{.threads = threads, .isa = isa});
  rung.fast = network.get();
  rung.network = std::move(network);
  const Dataset data = random_images(batch, image);
  TrainingLoop loop(rung, data);
  loop();
  std::vector<double> times;
  for (int round = 0; round < 3; ++round) {
    before_each();
    times.push_back(seconds_per_call([&] { loop(); }, seconds / 3));
  }
  return batch / median(times);
}

// ---- One convolution by itself -----------------------------------------

// One rung in the roofline plot: operations per byte, and per second.
struct RooflinePoint {
  std::string name;
  double intensity = 0, flops = 0;
};

// The second convolution of network B with its ReLU and pool, forward, on
// 16 images: FLOPs as if each product of (2.3) were computed, and bytes
// that must come from memory or go there.
struct OneConvolution {
  static constexpr int N = 16, C = 32, K = 3;
  int H = 28;
  double flops() const { return 2.0 * N * C * C * K * K * H * H; }
  double map_bytes() const { return 4.0 * N * C * H * H; }

  std::vector<RooflinePoint> measure(const Kernels& kernels,
                                     double seconds) {
    Random random(1);
    const auto numbers = [&](const Shape& shape) {
      Tensor<> tensor(shape);
      for (float& number : tensor.data()) number = random.normal();
      return tensor;
    };
    const Tensor<> input = numbers({N, C, H, H});
    const Tensor<> weight = numbers({C, C, K, K}), bias = numbers({C});
    const int L = kernels.lanes, W = H + 2;
    const auto cells = [&](int area) {
      return AlignedFloats(static_cast<std::size_t>(C * area * L), 0.5f);
    };
    AlignedFloats lanes = cells(W * W), whole = cells(H * H);
    AlignedFloats winners = cells(H * H / 4), pooled = cells(H * H / 4);
    const Map in{lanes.data(), W * W, W, 1}, out{whole.data(), H * H, H, 1};
    const Map won{winners.data(), H * H / 4, H / 2, 1};
    const Map small{pooled.data(), H * H / 4, H / 2, 1};
    const Window window{C, C, K, 1, H, H, 1, 1 + H};
    Window fewer = window;
    fewer.winograd = true;
    AlignedFloats rows(static_cast<std::size_t>(
        std::max(row_scratch(2, H), winograd_scratch(C)) * L));
    const auto pack = [&](const Window& it, AlignedFloats& packed) {
      packed = AlignedFloats(static_cast<std::size_t>(packed_numbers(it)));
      const Weights weights{weight.data().data(), C * K * K, K * K, 1,
                            packed.data()};
      kernels.pack(it, weights, 1, C, packed.data());
      return weights;
    };
    AlignedFloats direct_numbers, fewer_numbers;
    const Weights direct = pack(window, direct_numbers);
    const Weights transformed = pack(fewer, fewer_numbers);
    const Finish as_is{.H_out = H, .W_out = H};
    const Finish pool{.relu = true,
                      .window = 2,
                      .stride = 2,
                      .H_out = H / 2,
                      .W_out = H / 2};
    const auto run = [&](auto kernel, const Window& it,
                         const Weights& weights, const Finish& finish,
                         Map to) {
      return [=, &bias, &rows]() mutable {
        for (int group = 0; group < N / L; ++group)
          kernel(it, in, weights, bias.data().data(), finish, to,
                 finish.window > 1 ? won : Map{}, rows.data());
      };
    };
    struct Way {
      const char* name;
      double bytes;
      std::function<void()> call;
    };
    // In and out once; columns are written and read again; what is fused
    // writes a quarter, and who won.
    const double once = 2 * map_bytes(), less = 1.5 * map_bytes();
    const std::vector<Way> ways = {
        {"plain", once, [&] { convolve(input, weight, bias, 1, 1); }},
        {"x innermost", once,
         [&] { convolve_reordered(input, weight, bias, 1, 1); }},
        {"im2col", once + K * K * once,
         [&] { convolve_im2col(input, weight, bias, 1, 1); }},
        {"lanes", once,
         run(kernels.convolve_untiled, window, direct, as_is, out)},
        {"small tile", once,
         run(kernels.convolve_in_small_tiles, window, direct, as_is, out)},
        {"tile", once, run(kernels.convolve, window, direct, as_is, out)},
        {"fused", less, run(kernels.convolve, window, direct, pool, small)},
        {"fewer products", less,
         run(kernels.convolve, fewer, transformed, pool, small)}};
    std::vector<std::function<void()>> calls;
    for (const Way& way : ways) calls.push_back(way.call);
    const auto times = medians_in_turns(calls, 3, seconds);
    std::vector<RooflinePoint> points;
    for (std::size_t i = 0; i < ways.size(); ++i)
      points.push_back(
          {ways[i].name, flops() / ways[i].bytes, flops() / times[i]});
    return points;
  }
};

// ---- --bench -----------------------------------------------------------

// A rate to be compared with that of other programs.
struct Benchmark {
  double images_per_second = 0;
  int threads = 1, batch = 64;
  std::string isa;
  double seconds = 0;  // that it was measured for
};

// mode: "train" and "infer" work on a batch, "latency" on one image with
// one thread.
inline Benchmark compute_benchmark(const std::string& mode,
                                   const Architecture& architecture,
                                   const FastOptions& options,
                                   double seconds) {
  const bool alone = mode == "latency";
  Benchmark result;
  if (alone) result.batch = 1;
  const Shape image = {1, 28, 28};
  FastNetwork network(architecture, image, options);
  Random random(1);
  initialize(network, he_initializer(), random);
  const Dataset data = random_images(result.batch, image);
  const std::vector<int> images = count_up(result.batch);
  const auto parameters = network.parameters();
  Sgd sgd(0.9);
  Tensor<> logits;
  SingleImage single(network);
  const auto call = [&] {
    if (alone) {
      single.logits(data.images.data());
    } else if (mode == "infer") {
      logits = network.forward(data.images, Mode::evaluation);
    } else {
      network.gradients({data, images}, logits);
      sgd.step(parameters, 0.01);
    }
  };
  seconds_per_call(call, std::min(0.3, seconds));
  const double begin = seconds_now();
  const double each = seconds_per_call(call, seconds);
  result.images_per_second = result.batch / each;
  result.threads = alone ? 1 : network.threads();
  result.isa = network.kernels().name;
  result.seconds = seconds_now() - begin;
  return result;
}

}  // namespace cnn
