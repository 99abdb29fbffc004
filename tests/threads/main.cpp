// Runs chapter 07's threads under ThreadSanitizer, which ends a program
// with an error when two threads touch one number in no fixed order.
#include <cstdio>
#include <vector>

#include "06-training/experiments.hpp"
#include "07-speed/fast_training.hpp"
#include "common/data/files.hpp"

int main() {
  using namespace cnn;
  const Dataset digits = first(embedded_digits().train, 300);
  double expected = 0;
  for (const int threads : {1, 2, 3, 8}) {
    FastNetwork network(digit_network, {1, 28, 28}, {.threads = threads});
    Random random(1);
    initialize(network, he_initializer(), random);
    Sgd sgd(0.9);
    TrainingSettings settings;
    settings.epochs = 1;
    const auto history = train_fast(network, sgd, digits, settings);
    const Tensor<> images = first(digits, 40).images;
    const Tensor<> logits = network.forward(images, Mode::training);
    network.backward(logits);
    network.outputs(images);
    if (threads == 1) expected = history.back().loss;
    if (history.back().loss != expected) {
      std::fprintf(stderr, "%d threads: loss %.9g, expected %.9g\n",
                   threads, history.back().loss, expected);
      return 1;
    }
  }
  // Any of the threads may have to stop, several of them at the same time.
  Workers workers(8);
  for (int bad = 0; bad < 100; ++bad) {
    bool heard = false;
    try {
      workers.run(100, [&](int item, int) {
        if (item >= bad) throw bad;
      });
    } catch (const int it) {
      heard = it == bad;
    }
    if (!heard) {
      std::fprintf(stderr, "no word of what item %d threw\n", bad);
      return 1;
    }
  }
  return 0;
}
