// Ten files that a stranger could send, nine of them made from a good one
// by one change and one with a header of its own, and what a reader that
// believed them would do.
// Book: book/16-saving.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "16-saving/file_fields.hpp"
#include "16-saving/safetensors.hpp"

namespace cnn {

struct HostileFile {
  std::string done;  // to a good file: "all but 7 bytes are cut off"
  std::string bytes;
};

// A file with this header and these numbers, neither of which is checked.
inline std::string assembled_file(const std::string& header,
                                  const std::string& numbers) {
  std::string bytes;
  append_little_endian(bytes, header.size(), 8);
  return bytes + header + numbers;
}

// A text in which the first `old`, if any, is replaced by `fresh`.
inline std::string with_replaced(std::string text, const std::string& old,
                                 const std::string& fresh) {
  const std::size_t at = text.find(old);
  return at == std::string::npos ? text
                                 : text.replace(at, old.size(), fresh);
}

// A header in which `tensors` tensors all lie on bytes 0 to `bytes` - 1.
inline std::string crowded_header(int tensors, std::size_t bytes) {
  std::string header = "{";
  for (int i = 0; i < tensors; ++i)
    header += std::string(i > 0 ? "," : "") + "\"t" + std::to_string(i) +
              "\":{\"dtype\":\"F32\",\"shape\":[" +
              std::to_string(bytes / 4) + "],\"data_offsets\":[0," +
              std::to_string(bytes) + "]}";
  return header + "}";
}

// One file for each rule, in the order of the rules. `file` must hold
// "fc1.weight" and "fc1.bias", and its first tensor must have shape (8).
inline std::vector<HostileFile> hostile_files(const TensorFile& file) {
  const std::string good = safetensors_bytes(file);
  const std::string header = safetensors_header(file);
  const std::string numbers = good.substr(8 + header.size());
  const auto claims = [&](std::uint64_t length) {
    std::string bytes;
    append_little_endian(bytes, length, 8);
    return bytes + good.substr(8);
  };
  const auto changed = [&](const char* old, const char* fresh) {
    return assembled_file(with_replaced(header, old, fresh), numbers);
  };
  return {
      {"all but 7 bytes are cut off", good.substr(0, 7)},
      {"its header claims 2^64 - 1 bytes", claims(UINT64_MAX)},
      {"its header claims 100,000,000 bytes", claims(100'000'000)},
      {"two tensors have the same name",
       changed("\"fc1.weight\"", "\"fc1.bias\"")},
      {"the first tensor's numbers are called I64", changed("F32", "I64")},
      {"8 numbers become 65,536 x 65,536",
       changed("\"shape\":[8]", "\"shape\":[65536,65536]")},
      {"4,000 tensors lie on the same bytes",
       assembled_file(crowded_header(4000, numbers.size()), numbers)},
      {"8 numbers become 9", changed("\"shape\":[8]", "\"shape\":[9]")},
      {"the last 1,000 bytes are cut off",
       good.substr(0, good.size() - 1000)},
      {"a script is hidden at the end",
       good + "\n#!/bin/sh\necho gotcha\n"}};
}

// The memory in bytes that a reader would ask for if it took a file at its
// word; 0 if it could not even tell.
inline double naive_memory(const std::string& file) {
  const auto bytes = bytes_of(file);
  if (bytes.size() < 8) return 0;
  const std::uint64_t length = little_endian(bytes.first(8));
  if (length > bytes.size() - 8) return static_cast<double>(length);
  std::map<std::string, std::string> metadata;
  const auto read = read_header(
      std::string_view(file).substr(8, static_cast<std::size_t>(length)),
      metadata);
  const auto* entries = std::get_if<std::vector<TensorEntry>>(&read);
  double sum = 0;
  if (entries)
    for (const TensorEntry& entry : *entries) {
      double product = entry.dtype == "I64" ? 8 : 4;
      for (const std::uint64_t extent : entry.shape)
        product *= static_cast<double>(extent);
      sum += product;
    }
  return sum;
}

// The rule that a file breaks; "none" if it breaks none.
inline std::string rule_broken_by(const std::string& file) {
  const auto read = parse_safetensors(bytes_of(file));
  const Broken* broken = std::get_if<Broken>(&read);
  return broken ? broken->rule : "none";
}

}  // namespace cnn
