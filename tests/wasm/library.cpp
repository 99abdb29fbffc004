// The library as a browser gets it, without threads, exceptions and files.
// All concept headers are compiled, a network learns, and a refusal reaches
// the host in the library's own words. check.mjs calls the exports.
#include "every_header.hpp"

using namespace cnn;

// The loss of chapter 07's engine at the last of `steps` steps, all on the
// same 20 pictures of noise with labels from 0 to 9.
extern "C" [[clang::export_name("loss_after")]] double loss_after(
    int steps) {
  Random random(1);
  Dataset noise;
  noise.images = Tensor<>({20, 1, 12, 12});
  for (float& pixel : noise.images.data())
    pixel = static_cast<float>(random.uniform());
  for (int n = 0; n < 20; ++n) noise.labels.push_back(n % 10);
  FastNetwork network({Convolution{.channels = 4, .kernel = 3}, Relu{},
                       MaxPool{2}, Flatten{}, Dense{10}},
                      {1, 12, 12}, {.threads = 1});
  initialize(network, he_initializer(), random);
  Sgd sgd(0.9);
  TrainingSettings settings;
  settings.epochs = steps;
  settings.batch = 20;
  return train_fast(network, sgd, noise, settings).back().loss;
}

// A weight (2, 1, 3, 3) cannot meet an input of 3 channels.
extern "C" [[clang::export_name("refuse")]] void refuse() {
  convolve(Tensor<>({1, 3, 5, 5}), Tensor<>({2, 1, 3, 3}), Tensor<>({2}));
}
