// Reads what a safetensors header says, without asking whether it is true.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "16-saving/json.hpp"
#include "common/tensor/broken.hpp"

namespace cnn {

// What the header says about one tensor. offsets: its first byte and the
// one after its last, counted from the end of the header.
struct TensorEntry {
  std::string name, dtype;
  std::vector<std::uint64_t> shape, offsets;
};

constexpr std::size_t most_tensors = 4096, most_metadata = 1024,
                      most_axes = 8, longest_header = 100'000'000;

// Reads the value of one name in the header: {"dtype":"F32","shape":[8],
// "data_offsets":[0,32]}, each of the three keys once, in any order.
inline bool read_entry(JsonReader& json, TensorEntry& entry) {
  std::set<std::string> seen;
  const auto numbers = [&](std::vector<std::uint64_t>& list,
                           std::size_t most) {
    return json.each('[', ']', [&] {
      list.push_back(0);
      return (list.size() <= most || json.wrong("too many numbers")) &&
             json.number(list.back());
    });
  };
  return json.each('{', '}', [&] {
    std::string key;
    if (!json.string(key) || !json.expect(':')) return false;
    if (!seen.insert(key).second) return json.wrong("'" + key + "' twice");
    if (key == "dtype") return json.string(entry.dtype);
    if (key == "shape") return numbers(entry.shape, most_axes);
    if (key == "data_offsets") return numbers(entry.offsets, 2);
    return json.wrong("expected dtype, shape or data_offsets");
  }) && (seen.size() == 3 || json.wrong("a tensor with a key missing"));
}

// Reads {"network":"conv 8 5, ...", ...}: text values, each key once.
inline bool read_metadata(JsonReader& json,
                          std::map<std::string, std::string>& metadata) {
  return json.each('{', '}', [&] {
    std::string key, value;
    return (metadata.size() < most_metadata ||
            json.wrong("more than 1,024 keys of __metadata__")) &&
           json.string(key) && json.expect(':') && json.string(value) &&
           (metadata.emplace(key, value).second ||
            json.wrong("a key of __metadata__ twice"));
  });
}

// A name that is safe to print and to look up.
inline bool is_tensor_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

// The header's entries in their order, or how the header breaks rule 4.
// `metadata` receives what stands under __metadata__.
inline OrBroken<std::vector<TensorEntry>> read_header(
    std::string_view text, std::map<std::string, std::string>& metadata) {
  JsonReader json(text);
  std::vector<TensorEntry> entries;
  std::set<std::string> names;
  json.each('{', '}',
            [&] {
              TensorEntry entry;
              if (!json.string(entry.name) || !json.expect(':'))
                return false;
              if (!names.insert(entry.name).second)
                return json.wrong("a name twice");
              if (entry.name == "__metadata__")
                return read_metadata(json, metadata);
              if (!is_tensor_name(entry.name))
                return json.wrong(
                    "expected a name of up to 200 letters, digits, dots, "
                    "dashes and underscores");
              if (entries.size() == most_tensors)
                return json.wrong("more than 4,096 tensors");
              entries.push_back(std::move(entry));
              return read_entry(json, entries.back());
            }) &&
      json.expect_end();
  if (!json.ok())
    return Broken{
        "rule 4: the header is JSON as the format describes it; " +
        json.what_is_wrong() + " of the header"};
  return entries;
}

}  // namespace cnn
