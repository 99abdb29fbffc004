// How fast a network learns, and the benchmark of --bench.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "07-speed/differences.hpp"
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

// A training step of a network, on the same batch each time, for timing.
class TrainingLoop {
 public:
  TrainingLoop(FastNetwork& network, const Dataset& batch)
      : TrainingLoop(network, &network, batch) {}
  TrainingLoop(Rung& rung, const Dataset& batch)
      : TrainingLoop(*rung.network, rung.fast, batch) {}
  void operator()() {
    if (fast_) {
      fast_->gradients({batch_, images_}, logits_);
      sgd_.step(parameters_, 1e-4);
    } else {
      double loss = 0;
      training_step(network_, sgd_, batch_, 1e-4, loss);
    }
  }

 private:
  TrainingLoop(Layer<>& network, FastNetwork* fast, const Dataset& batch)
      : network_(network),
        fast_(fast),
        batch_(batch),
        images_(count_up(batch.size())),
        parameters_(trained_parameters(network)) {}

  Layer<>& network_;
  FastNetwork* fast_;  // the same network if it is fast, or null
  const Dataset& batch_;
  std::vector<int> images_;
  std::vector<Parameter<>*> parameters_;
  Sgd sgd_{0.9};
  Tensor<> logits_;
};

// Images per second of training with a fast network, the median of three
// rounds. before_each() may measure something else in turns with them.
inline double training_rate(
    FastNetwork& network, const Dataset& batch, double seconds,
    const std::function<void()>& before_each = [] {}) {
  TrainingLoop loop(network, batch);
  loop();
  std::vector<double> times;
  for (int round = 0; round < 3; ++round) {
    before_each();
    times.push_back(seconds_per_call([&] { loop(); }, seconds / 3));
  }
  return batch.size() / median(times);
}

// The same for a list of layers.
inline double training_rate(
    const Architecture& architecture, const Shape& image, int batch,
    int threads, const std::string& isa, double seconds,
    const std::function<void()>& before_each = [] {}) {
  FastNetwork network(architecture, image,
                      FastOptions{.threads = threads, .isa = isa});
  initialize_alike(network);
  return training_rate(network, random_images(batch, image), seconds,
                       before_each);
}

// ---- --bench -----------------------------------------------------------

// A rate to be compared with that of other programs.
struct Benchmark {
  double images_per_second = 0;
  int threads = 1, batch = 64;
  std::string isa;
  double seconds = 0;  // that the measurement took
};

// mode: "train" and "infer" for a batch, "latency" for one image with one
// thread.
inline Benchmark compute_benchmark(const std::string& mode,
                                   const Architecture& architecture,
                                   const FastOptions& options,
                                   double seconds) {
  const bool alone = mode == "latency";
  Benchmark result;
  if (alone) result.batch = 1;
  const Shape image = {1, 28, 28};
  FastNetwork network(architecture, image, options);
  initialize_alike(network);
  const Dataset data = random_images(result.batch, image);
  TrainingLoop learn(network, data);
  Tensor<> logits;
  SingleImage single(network);
  const auto call = [&] {
    if (alone) {
      single.logits(data.images.data());
    } else if (mode == "infer") {
      logits = network.forward(data.images, Mode::evaluation);
    } else {
      learn();
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
