// From the tensors of a file to a network that answers, wherever the bytes
// came from: nothing in them is taken on trust.
// Book: book/16-saving.md
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "07-speed/fast_network.hpp"
#include "16-saving/architecture_text.hpp"
#include "16-saving/fitting.hpp"
#include "16-saving/network_file.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

struct LoadedNetwork {
  NetworkPlan plan;
  TensorFile file;
};

// What a text of --network and the metadata of a file say of its network.
// A file that says nothing needs the text, and is of MNIST's pictures.
inline OrBroken<NetworkPlan> plan_of_file(const TensorFile& file,
                                          const std::string& text) {
  if (text.empty() && file.metadata.count("network") == 0)
    return Broken{
        "the metadata do not say which network it is: --network LAYERS "
        "says it"};
  if (text.empty()) return plan_in(file);
  auto layers = parse_architecture(text);
  if (Broken* broken = std::get_if<Broken>(&layers))
    return Broken{"--network: " + broken->rule};
  NetworkPlan plan = {std::get<SavedArchitecture>(std::move(layers)),
                      {1, 28, 28}};
  if (file.metadata.count("network") == 0) return plan;
  auto own = plan_in(file);
  if (Broken* broken = std::get_if<Broken>(&own)) return *broken;
  const std::string name = to_text(std::get<NetworkPlan>(own).architecture);
  if (name != to_text(plan.architecture))
    return Broken{"--network says otherwise than the metadata, '" + name +
                  "'"};
  return own;
}

// The network that a file says it holds. Its layers fit, and it has memory
// for no more numbers than the file holds (and a million). Throws
// std::runtime_error that begins with `name` if it cannot be that one.
inline LoadedNetwork loaded_network(TensorFile file,
                                    const std::string& name,
                                    const std::string& network_text = "") {
  NetworkPlan plan = value_or_fail(plan_of_file(file, network_text), name);
  const Fitting fitting =
      value_or_fail(fitting_of(plan.architecture, plan.image), name);
  double numbers = 1e6;
  for (const auto& [key, tensor] : file.tensors) numbers += tensor.size();
  if (fitting.parameters + fitting.kept > numbers)
    fail(Refusal::runtime,
         name + ": the network has more parameters than the file numbers");
  return {std::move(plan), std::move(file)};
}

// The engine with the file's numbers; `name` begins what is said of a file
// that does not hold exactly those of its network.
inline std::unique_ptr<FastNetwork> network_of(
    const LoadedNetwork& loaded, const std::string& name,
    const FastOptions& options = {}) {
  auto network = std::make_unique<FastNetwork>(loaded.plan.architecture,
                                               loaded.plan.image, options);
  load_parameters(loaded.file, *network, name);
  return network;
}

}  // namespace cnn
