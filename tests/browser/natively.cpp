// What the modules are compared with. In module.mjs:
//   browser-native answers FILE COUNT
//     Asks the network of a .safetensors file about COUNT held-out digits.
//     Prints 20 floats for each, as bytes: the probabilities from chapter
//     07's engine, and the logits from chapter 06's plain layers.
//   browser-native balls RATE MOMENTUM STEPS SHOWN
//     The four balls of the live figure of chapter 11, as floats.
//   browser-native sizes GAIN COUNT
//     The sizes in the live figure of chapter 10 for the first COUNT
//     held-out digits, as doubles.
//   browser-native functions FIRST STRIDE COUNT PIECES
//     Checksums of exp and log, a line for each piece of COUNT floats.
// In functions.mjs:
//   browser-native results WHICH FIRST LAST
//     What exp, log or cos (WHICH is 0, 1 or 2) gives for the floats with
//     these bits, as bytes. They come in whole blocks of 16,384, so some
//     are beyond LAST.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "10-initialization/size_runs.hpp"
#include "16-saving/loaded_network.hpp"
#include "16-saving/steps_files.hpp"
#include "18-browser/gain_sizes.hpp"
#include "18-browser/valley_balls.hpp"
#include "common/data/files.hpp"

extern "C" double checksum_of_function(int which, std::uint32_t first,
                                       std::uint32_t stride,
                                       std::uint32_t count);
extern "C" const std::uint32_t* results_of_function(int which,
                                                    std::uint32_t first);

using namespace cnn;

namespace {

void answers(const std::string& name, int count) {
  const LoadedNetwork loaded = load_network(name, "");
  const auto network =
      network_of(loaded, name, {.threads = 1, .isa = "portable"});
  const Dataset digits = first(embedded_digits().held_out, count);
  const Tensor<> fast = softmax(logits_of(*network, digits.images));
  const Tensor<> plain = logits_of(network->plain(), digits.images);
  for (int n = 0; n < digits.size(); ++n)
    for (const Tensor<>* from : {&fast, &plain})
      std::fwrite(row_of(*from, n).data(), sizeof(float), 10, stdout);
}

void balls(double rate, double momentum, int steps, int shown) {
  const std::vector<float> numbers =
      ball_numbers(rate, momentum, steps, shown);
  std::fwrite(numbers.data(), sizeof(float), numbers.size(), stdout);
}

void sizes(double gain, int count) {
  const std::vector<double> numbers = gain_sizes(
      gain, flat_doubles(first(embedded_digits().held_out, count).images),
      1);
  std::fwrite(numbers.data(), sizeof(double), numbers.size(), stdout);
}

void functions(std::uint32_t first, std::uint32_t stride,
               std::uint32_t count, std::uint32_t pieces) {
  for (std::uint32_t piece = 0; piece < pieces; ++piece)
    for (int which = 0; which < 2; ++which)
      std::printf(
          "%d %u %.0f\n", which, piece,
          checksum_of_function(which, first + piece * stride * count,
                               stride, count));
}

void results(int which, std::uint32_t first, std::uint32_t last) {
  for (std::uint64_t at = first; at <= last; at += 16384)
    std::fwrite(results_of_function(which, static_cast<std::uint32_t>(at)),
                sizeof(std::uint32_t), 16384, stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const auto number = [&](int n) {
    return static_cast<std::uint32_t>(std::strtoul(argv[n], nullptr, 10));
  };
  if (what == "answers" && argc == 4)
    answers(argv[2], std::atoi(argv[3]));
  else if (what == "balls" && argc == 6)
    balls(std::atof(argv[2]), std::atof(argv[3]), std::atoi(argv[4]),
          std::atoi(argv[5]));
  else if (what == "sizes" && argc == 4)
    sizes(std::atof(argv[2]), std::atoi(argv[3]));
  else if (what == "functions" && argc == 6)
    functions(number(2), number(3), number(4), number(5));
  else if (what == "results" && argc == 5)
    results(std::atoi(argv[2]), number(3), number(4));
  else
    return 2;
  return 0;
}
