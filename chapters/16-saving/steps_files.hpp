// Files of networks on the disk: read with nothing taken on trust, written
// whole or not at all.
// Book: book/16-saving.md
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "07-speed/fast_network.hpp"
#include "16-saving/fitting.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/safetensors.hpp"
#include "common/data/files.hpp"
#include "common/shell/file.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

constexpr std::uintmax_t most_network_bytes = 2'000'000'000;

// All three throw std::runtime_error in one line that begins with the path.
inline TensorFile read_tensors(const std::filesystem::path& path) {
  return value_or_fail(
      parse_safetensors(read_bytes(path, most_network_bytes)),
      path.string());
}

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
  NetworkPlan plan = {std::get<Architecture>(std::move(layers)),
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

// Reads a network's file. Its layers fit, and it has memory for no more
// numbers than the file holds (and a million).
inline LoadedNetwork load_network(const std::filesystem::path& path,
                                  const std::string& network_text = "") {
  const std::string name = path.string();
  TensorFile file = read_tensors(path);
  NetworkPlan plan = value_or_fail(plan_of_file(file, network_text), name);
  const Fitting fitting =
      value_or_fail(fitting_of(plan.architecture, plan.image), name);
  double numbers = 1e6;
  for (const auto& [key, tensor] : file.tensors) numbers += tensor.size();
  if (fitting.parameters > numbers)
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

// Whole or not at all, and on the disk when it returns.
inline void save_network(const std::filesystem::path& path,
                         const TensorFile& file) {
  write_file(path, safetensors_bytes(file), true);
}

}  // namespace cnn
