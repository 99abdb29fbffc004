// Reads our digits with our trained network, in another project's program.
#include <cstdio>
#include <exception>

#include "05-softmax/softmax.hpp"
#include "16-saving/loaded_network.hpp"
#include "16-saving/safetensors.hpp"
#include "common/data/files.hpp"

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  const cnn::LoadedNetwork loaded = cnn::loaded_network(
      cnn::value_or_fail(
          cnn::parse_safetensors(cnn::read_bytes(argv[1], 1'000'000)),
          argv[1]),
      argv[1]);
  cnn::Network<> network =
      cnn::build_network(loaded.plan.architecture, loaded.plan.image);
  cnn::load_parameters(loaded.file, network, argv[1]);
  const cnn::Dataset digits =
      cnn::first(cnn::embedded_digits().held_out, 100);
  const auto logits = network.forward(digits.images, cnn::Mode::evaluation);
  std::printf("%.0f of 100\n", 100 * cnn::accuracy(logits, digits.labels));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
