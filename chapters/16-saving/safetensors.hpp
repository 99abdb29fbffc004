// Reads a safetensors file, which a stranger may have sent: ten rules have
// to hold before anything in it is believed.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "16-saving/safetensors_header.hpp"
#include "16-saving/tensor_file.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The number that at most 8 bytes stand for, the lowest byte first.
inline std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    number = number << 8 | bytes[i];
  return number;
}

// How many numbers a shape has, or nothing if that is more than a tensor
// can hold. Each product is checked before it is made: it could overflow.
inline std::optional<std::uint64_t> numbers_in(
    const std::vector<std::uint64_t>& shape) {
  constexpr std::uint64_t most = std::numeric_limits<int>::max();
  std::uint64_t count = 1;
  bool empty = false;
  for (const std::uint64_t extent : shape) {
    empty = empty || extent == 0;
    const std::uint64_t factor = std::max<std::uint64_t>(extent, 1);
    if (factor > most / count) return {};
    count *= factor;
  }
  return empty ? 0 : count;
}

// PyTorch's batch normalization also counts its batches, in an I64 that no
// answer depends on. A file may hold it, but it is not kept.
inline bool is_batch_count(const TensorEntry& entry) {
  return entry.dtype == "I64" &&
         entry.name.ends_with(".num_batches_tracked");
}

// The rule that an entry breaks, or "". The tensor before it ended at byte
// `begin`, and the file has `size` bytes after its header.
inline std::string broken_rule(const TensorEntry& entry,
                               std::uint64_t begin, std::uint64_t size) {
  const std::string name = "'" + entry.name + "' ";
  const bool counts = is_batch_count(entry);
  if (entry.dtype != "F32" && !counts)
    return "rule 5: numbers are of type F32; " + name + "has another type";
  const auto count = numbers_in(entry.shape);
  if (!count)
    return "rule 6: a shape holds at most 2,147,483,647 numbers; " + name +
           "holds more";
  if (entry.offsets.size() != 2 || entry.offsets[0] != begin)
    return "rule 7: each tensor begins where the last one ends; " + name +
           "should begin at byte " + grouped(begin);
  const std::uint64_t length = (counts ? 8 : 4) * *count;
  if (entry.offsets[1] < begin || entry.offsets[1] - begin != length)
    return "rule 8: a tensor is as long as its shape says; " + name +
           "should have " + grouped(length) + " bytes";
  if (entry.offsets[1] > size)
    return "rule 9: all numbers are in the file; " + name +
           "ends at byte " + grouped(entry.offsets[1]) + " of " +
           grouped(size);
  return "";
}

inline Tensor<> tensor_of(const TensorEntry& entry,
                          std::span<const std::uint8_t> data) {
  Shape shape;
  for (const std::uint64_t extent : entry.shape)
    shape.push_back(static_cast<int>(extent));
  Tensor<> tensor(shape);
  auto at = static_cast<std::size_t>(entry.offsets[0]);
  for (float& number : tensor.data()) {
    number = std::bit_cast<float>(
        static_cast<std::uint32_t>(little_endian(data.subspan(at, 4))));
    at += 4;
  }
  return tensor;
}

// The bytes of the header, or which of the rules about its length is
// broken.
inline OrBroken<std::string_view> header_in(
    std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 8)
    return Broken{
        "rule 1: a file begins with 8 bytes of length; this has " +
        std::to_string(bytes.size())};
  const std::uint64_t length = little_endian(bytes.first(8));
  if (length > longest_header)
    return Broken{
        "rule 2: a header has at most 100,000,000 bytes; this one claims " +
        grouped(length)};
  if (length > bytes.size() - 8)
    return Broken{"rule 3: the header ends inside the file; it claims " +
                  grouped(length) + " bytes, " + grouped(bytes.size() - 8) +
                  " are there"};
  return std::string_view(reinterpret_cast<const char*>(bytes.data()) + 8,
                          static_cast<std::size_t>(length));
}

// What a file holds, or which rule it breaks. Takes nothing on trust: no
// byte is read, or given memory, until the rules have shown it is there.
inline OrBroken<TensorFile> parse_safetensors(
    std::span<const std::uint8_t> bytes) {
  const auto header = header_in(bytes);
  if (const Broken* broken = std::get_if<Broken>(&header)) return *broken;
  const auto text = std::get<std::string_view>(header);
  TensorFile file;
  auto read = read_header(text, file.metadata);
  if (Broken* broken = std::get_if<Broken>(&read)) return *broken;
  auto entries = std::get<std::vector<TensorEntry>>(std::move(read));
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TensorEntry& a, const TensorEntry& b) {
                     return a.offsets < b.offsets;
                   });
  const auto data = bytes.subspan(8 + text.size());
  std::uint64_t end = 0;
  for (const TensorEntry& entry : entries) {
    const std::string rule = broken_rule(entry, end, data.size());
    if (!rule.empty()) return Broken{rule};
    end = entry.offsets[1];
  }
  if (end != data.size()) {
    const std::uint64_t left = data.size() - end;
    return Broken{"rule 10: the last tensor ends where the file ends; " +
                  grouped(left) +
                  (left == 1 ? " byte is left" : " bytes are left")};
  }
  for (const TensorEntry& entry : entries)
    if (!is_batch_count(entry))
      file.tensors[entry.name] = tensor_of(entry, data);
  return file;
}

}  // namespace cnn
