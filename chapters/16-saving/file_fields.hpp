// A safetensors file taken apart for reading by eye: which bytes say what.
// Book: book/16-saving.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "06-training/network.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/safetensors.hpp"

namespace cnn {

// Bytes begin, begin + 1, ... end - 1 of a file, and what they say.
struct FileField {
  std::size_t begin = 0, end = 0;
  std::string meaning;
};

// A view of a text's bytes, in the form that parse_safetensors() takes.
inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A byte as two hexadecimal digits: "3f".
inline std::string hex_of(char byte) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return {digits[value / 16], digits[value % 16]};
}

// A network of three numbers that says whether the first of two pixels is
// the brighter one: its file is short enough to be read to the last byte.
inline const NetworkPlan two_pixel_plan = {{Flatten{}, Dense{.outputs = 1}},
                                           {1, 1, 2}};
inline TensorFile two_pixel_file() {
  Network<> network =
      build_network(two_pixel_plan.architecture, two_pixel_plan.image);
  network.parameters()[0]->value = Tensor<>(Shape{1, 2}, {1.0f, -1.0f});
  network.parameters()[1]->value = Tensor<>(Shape{1}, 0.5f);
  return file_of(network, two_pixel_plan);
}

// A tensor's numbers, "1, -1", or only how many if there are more than 4.
inline std::string few_numbers(const Tensor<>& tensor) {
  if (tensor.data().size() > 4)
    return std::to_string(tensor.data().size()) + " numbers";
  std::string text;
  for (const float number : tensor.data()) {
    char one[32];
    std::snprintf(one, sizeof one, "%g", static_cast<double>(number));
    text += (text.empty() ? "" : ", ") + std::string(one);
  }
  return text;
}

// The fields of the bytes that safetensors_bytes() makes of a file, in
// order and without gaps: the length, the parts of the header, and the
// numbers of each tensor.
inline std::vector<FileField> file_fields(const TensorFile& file) {
  const std::string header = safetensors_header(file);
  std::vector<FileField> fields = {
      {0, 8, "length of the header: " + std::to_string(header.size())}};
  const auto field = [&](std::size_t end, const std::string& meaning) {
    const std::size_t begin = fields.back().end;
    if (end > begin) fields.push_back({begin, end, meaning});
  };
  // Each part of the header ends where the next one begins.
  std::string part =
      file.metadata.empty() ? "" : "the network: image and layers";
  for (const auto& [name, tensor] : file.tensors) {
    field(8 + header.find(json_string(name) + ":{"), part);
    part = name + ": type, shape, place";
  }
  const std::size_t end = 8 + header.find_last_of('}') + 1;
  field(end, part.empty() ? "nothing" : part);
  field(8 + header.size(), "spaces: numbers begin at a multiple of 8");
  for (const auto& [name, tensor] : file.tensors)
    field(fields.back().end + 4 * tensor.data().size(),
          name + ": " + few_numbers(tensor));
  return fields;
}

}  // namespace cnn
