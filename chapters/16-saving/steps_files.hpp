// Files of networks on the disk: read with nothing taken on trust, written
// whole or not at all.
// Book: book/16-saving.md
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "16-saving/loaded_network.hpp"
#include "16-saving/safetensors.hpp"
#include "common/data/files.hpp"
#include "common/shell/file.hpp"

namespace cnn {

constexpr std::uintmax_t most_network_bytes = 2'000'000'000;

// Reads a safetensors file. Throws std::runtime_error in one line that
// begins with the path.
inline TensorFile read_tensors(const std::filesystem::path& path) {
  return value_or_fail(
      parse_safetensors(read_bytes(path, most_network_bytes)),
      path.string());
}

// The same for a network's file: see loaded_network().
inline LoadedNetwork load_network(const std::filesystem::path& path,
                                  const std::string& network_text = "") {
  return loaded_network(read_tensors(path), path.string(), network_text);
}

// Writes a file whole or not at all. It is on the disk when this returns.
inline void save_network(const std::filesystem::path& path,
                         const TensorFile& file) {
  write_file(path, safetensors_bytes(file), true);
}

}  // namespace cnn
