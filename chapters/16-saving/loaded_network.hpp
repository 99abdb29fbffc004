// Turns the tensors of a file into a network that answers. Nothing in the
// file is taken on trust, wherever it came from.
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

// The plan of a file's network, or why there is none: from the metadata or,
// if they name no layers, from `text`, the value of --network, for images
// of MNIST's shape. Where both name the layers, they must agree.
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

// The network that a file says it holds: see plan_of_file(). Throws
// std::runtime_error that begins with `name` if there is no plan, if the
// layers do not fit, or if they would have over a million more numbers than
// the file.
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

// Chapter 07's engine with the file's numbers. Throws std::runtime_error
// that begins with `name` if load_parameters() refuses the file.
inline std::unique_ptr<FastNetwork> network_of(
    const LoadedNetwork& loaded, const std::string& name,
    const FastOptions& options = {}) {
  auto network = std::make_unique<FastNetwork>(loaded.plan.architecture,
                                               loaded.plan.image, options);
  load_parameters(loaded.file, *network, name);
  return network;
}

}  // namespace cnn
