// Our side of the interoperability test; check.py is the others'.
//
//   interop write DIR   networks of random layers as DIR/N.safetensors and
//                       DIR/N.onnx, DIR/digits.safetensors, and what we
//                       say about these digits: DIR/N.logits.safetensors
//   interop read DIR    the same networks with other numbers, which others
//                       wrote: DIR/N.theirs.safetensors; our logits go to
//                       DIR/N.read.safetensors
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <variant>

#include "06-training/batches.hpp"
#include "06-training/initializer.hpp"
#include "07-speed/fast_network.hpp"
#include "16-saving/onnx.hpp"
#include "16-saving/steps_files.hpp"
#include "common/data/files.hpp"
#include "common/shell/file.hpp"
#include "common/tensor/random.hpp"

namespace {

using namespace cnn;
namespace fs = std::filesystem;

constexpr int networks = 40;
const Shape digit = {1, 28, 28};

int from_to(int low, int high, Random& random) {
  return low + random.below(high - low + 1);
}

// A layer that takes maps as well as rows.
SavedArchitecture::value_type later_entry(Random& random) {
  switch (random.below(4)) {
    case 0:
      return Dropout{0.5};
    case 1:
      return BatchNorm{.epsilon = random.below(2) == 0 ? 1e-5 : 0.01};
    case 2:
      return LayerNorm{};
    default:
      return GroupNorm{from_to(1, 4, random)};
  }
}

// A block with or without layers in its skip, or with another block inside.
Residual random_block(Random& random) {
  const int channels = from_to(1, 8, random);
  const int stride = from_to(1, 2, random);
  const Residual simple{
      {BatchNorm{}, Relu{}, Convolution{channels, 3, 1, 1}, GroupNorm{1}}};
  Residual block{{Convolution{channels, 3, stride, 1}, BatchNorm{}},
                 {Convolution{channels, 1, stride, 0}}};
  switch (random.below(4)) {
    case 0:
      block.branch.push_back(simple);
      return block;
    case 1:
      block.skip.push_back(simple);
      return block;
    case 2:
      return {{MaxPool{{3, 1, 1}}, Relu{}}};
    default:
      return block;
  }
}

SavedArchitecture::value_type random_entry(Random& random) {
  if (random.below(4) == 0) return random_block(random);
  const int size = from_to(1, 4, random);
  const Pooling pooling = {size, from_to(1, 3, random),
                           from_to(0, size / 2, random)};
  switch (random.below(6)) {
    case 0:
      return Convolution{.channels = from_to(1, 12, random),
                         .kernel = from_to(1, 5, random),
                         .stride = from_to(1, 2, random),
                         .padding = from_to(0, 3, random)};
    case 1:
      return Relu{};
    case 2:
      return MaxPool{pooling};
    case 3:
      return AveragePool{pooling};
    default:
      return later_entry(random);
  }
}

// Random layers that fit each other. Those that do not are drawn again.
NetworkPlan random_plan(Random& random) {
  for (;;) {
    SavedArchitecture layers;
    for (int i = from_to(0, 6, random); i > 0; --i)
      layers.push_back(random_entry(random));
    layers.push_back(Flatten{});
    if (random.below(2) == 0) {
      layers.push_back(Dense{from_to(1, 40, random)});
      layers.push_back(later_entry(random));
      layers.push_back(Relu{});
    }
    layers.push_back(Dense{10});
    if (random.below(4) == 0) layers.push_back(later_entry(random));
    try {
      build_network(layers, digit);
      return {layers, digit};
    } catch (const std::invalid_argument&) {
    }
  }
}

TensorFile one_tensor(const char* name, Tensor<> tensor) {
  TensorFile file;
  file.tensors[name] = std::move(tensor);
  return file;
}

Tensor<> hundred_digits() {
  return first(embedded_digits().held_out, 100).images;
}

void write_networks(const fs::path& folder) {
  const Tensor<> digits = hundred_digits();
  write_file(folder / "digits.safetensors",
             safetensors_bytes(one_tensor("digits", digits)));
  for (int n = 0; n < networks; ++n) {
    Random random(static_cast<std::uint64_t>(n + 1));
    const NetworkPlan plan = random_plan(random);
    FastNetwork network(plan.architecture, plan.image);
    initialize(network, he_initializer(), random);
    for (Parameter<>* parameter : network.parameters())
      if (parameter->fan_in == 0)
        for (float& number : parameter->value.data())
          number = parameter->start + random.uniform(-0.5f, 0.5f);
    const std::string name = std::to_string(n);
    write_file(
        folder / (name + ".safetensors"),
        safetensors_bytes(file_of(
            network, plan, {{"note", "\"quotes\", \\ and \u00e9"}})));
    write_file(folder / (name + ".onnx"),
               onnx_bytes(network.plain(), plan));
    write_file(folder / (name + ".logits.safetensors"),
               safetensors_bytes(
                   one_tensor("logits", logits_of(network, digits))));
  }
}

void read_networks(const fs::path& folder) {
  const Tensor<> digits = hundred_digits();
  for (int n = 0; n < networks; ++n) {
    const std::string name = (folder / std::to_string(n)).string();
    const NetworkPlan plan = load_network(name + ".safetensors").plan;
    // The others' file does not name the layers.
    const std::string path = name + ".theirs.safetensors";
    const LoadedNetwork theirs =
        load_network(path, to_text(plan.architecture));
    const auto network = network_of(theirs, path);
    write_file(name + ".read.safetensors",
               safetensors_bytes(
                   one_tensor("logits", logits_of(*network, digits))));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc == 3 ? argv[1] : "";
  try {
    if (verb == "write")
      write_networks(argv[2]);
    else if (verb == "read")
      read_networks(argv[2]);
    else
      return std::cerr << "interop: expected write DIR or read DIR\n", 2;
  } catch (const std::exception& error) {
    return std::cerr << "interop: " << error.what() << "\n", 1;
  }
}
