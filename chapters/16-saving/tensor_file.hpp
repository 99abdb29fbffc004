// Writes tensors with names as a file in the format safetensors
// (github.com/huggingface/safetensors).
//
//   8 bytes  N, the length of the header, lowest byte first
//   N bytes  the header, JSON: for each name its type, shape and place
//   the rest the numbers, floats of 4 bytes, lowest byte first
// Book: book/16-saving.md
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "16-saving/json.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

struct TensorFile {
  std::map<std::string, std::string> metadata;  // "network", "image", ...
  std::map<std::string, Tensor<>> tensors;      // "conv1.weight", ...
};

// Appends the lowest `count` bytes of a number, the lowest first: 300 in
// two bytes is 2c 01.
inline void append_little_endian(std::string& bytes, std::uint64_t number,
                                 int count) {
  for (int i = 0; i < count; ++i)
    bytes += static_cast<char>(number >> (8 * i) & 0xffu);
}

// The header without its length. Spaces at its end make its length a
// multiple of 8, so that the numbers after it are aligned for direct use.
inline std::string safetensors_header(const TensorFile& file) {
  std::string header = "{";
  const auto comma = [&] { return header.size() > 1 ? "," : ""; };
  if (!file.metadata.empty()) {
    std::string pairs;
    for (const auto& [key, value] : file.metadata)
      pairs += (pairs.empty() ? "" : ",") + json_string(key) + ":" +
               json_string(value);
    header += "\"__metadata__\":{" + pairs + "}";
  }
  std::size_t begin = 0;
  for (const auto& [name, tensor] : file.tensors) {
    std::string shape;
    for (const int extent : tensor.shape())
      shape += (shape.empty() ? "" : ",") + std::to_string(extent);
    const std::size_t end = begin + 4 * tensor.data().size();
    header += comma() + json_string(name) + ":{\"dtype\":\"F32\"," +
              "\"shape\":[" + shape + "],\"data_offsets\":[" +
              std::to_string(begin) + "," + std::to_string(end) + "]}";
    begin = end;
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  return header;
}

// The whole file. The tensors follow each other in the order of their
// names, without a gap.
inline std::string safetensors_bytes(const TensorFile& file) {
  const std::string header = safetensors_header(file);
  std::string bytes;
  append_little_endian(bytes, header.size(), 8);
  bytes += header;
  for (const auto& [name, tensor] : file.tensors)
    for (const float number : tensor.data())
      append_little_endian(bytes, std::bit_cast<std::uint32_t>(number), 4);
  return bytes;
}

}  // namespace cnn
