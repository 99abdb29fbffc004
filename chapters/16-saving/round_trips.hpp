// What becomes of a network whose numbers are written and read again: as
// they are, as text with few digits, or with half of each number's bytes.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/batches.hpp"
#include "07-speed/fast_network.hpp"
#include "16-saving/file_fields.hpp"
#include "16-saving/network_file.hpp"

namespace cnn {

struct RoundTrip {
  std::string format_name;
  std::size_t bytes = 0;  // of the numbers
  int numbers_changed = 0, logits_changed = 0, answers_changed = 0;
  double largest_change = 0;  // of a logit
};

// How many numbers of two tensors of the same shape differ in any bit.
inline int count_changed(const Tensor<>& before, const Tensor<>& after) {
  int changed = 0;
  for (std::size_t i = 0; i < before.data().size(); ++i)
    changed += std::bit_cast<std::uint32_t>(before.data()[i]) !=
               std::bit_cast<std::uint32_t>(after.data()[i]);
  return changed;
}

// A number as text with `digits` significant digits at most.
inline std::string digits_text(float number, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits,
                static_cast<double>(number));
  return text;
}

// A number reduced to the upper two of its four bytes: its sign, its
// exponent and 7 of the 23 bits of its fraction.
inline float upper_half(float number) {
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(number) &
                              0xffff0000u);
}

// A way to keep numbers: what is read back for one, and its size in bytes.
struct StorageFormat {
  std::string format_name;
  std::function<float(float)> read_back;
  std::function<std::size_t(float)> bytes;
};

inline StorageFormat as_digits(int digits) {
  return {"text, " + std::to_string(digits) + " digits",
          [=](float number) {
            return std::strtof(digits_text(number, digits).c_str(),
                               nullptr);
          },
          [=](float number) {
            return digits_text(number, digits).size() + 1;  // and a space
          }};
}

inline std::vector<StorageFormat> storage_formats() {
  return {as_digits(3),
          as_digits(6),
          as_digits(8),
          as_digits(9),
          {"upper half of the bytes", upper_half,
           [](float) { return std::size_t{2}; }}};
}

// Compares the network whose numbers were read back with the network that
// was saved. images (N, C, H, W)
inline RoundTrip compare_networks(const TensorFile& saved,
                                  const TensorFile& back,
                                  const NetworkPlan& plan,
                                  const Tensor<>& images) {
  const auto answers = [&](const TensorFile& file) {
    FastNetwork network(plan.architecture, plan.image);
    load_parameters(file, network, "compare_networks");
    return logits_of(network, images);
  };
  const Tensor<> before = answers(saved), after = answers(back);
  RoundTrip trip;
  trip.logits_changed = count_changed(before, after);
  for (const auto& [name, tensor] : saved.tensors)
    trip.numbers_changed += count_changed(tensor, back.tensors.at(name));
  for (std::size_t i = 0; i < before.data().size(); ++i)
    trip.largest_change = std::max(
        trip.largest_change,
        static_cast<double>(std::abs(before.data()[i] - after.data()[i])));
  for (int n = 0; n < before.extent(0); ++n)
    trip.answers_changed += answer(before, n) != answer(after, n);
  return trip;
}

// A round trip for every way to keep a file's numbers, safetensors first.
// Throws std::runtime_error if our own file cannot be read.
inline std::vector<RoundTrip> compute_round_trips(const TensorFile& saved,
                                                  const NetworkPlan& plan,
                                                  const Tensor<>& images) {
  const std::string bytes = safetensors_bytes(saved);
  const TensorFile read =
      value_or_fail(parse_safetensors(bytes_of(bytes)), "round trip");
  std::vector<RoundTrip> trips = {
      compare_networks(saved, read, plan, images)};
  trips[0].format_name = "safetensors";
  for (const auto& [name, tensor] : saved.tensors)
    trips[0].bytes += 4 * tensor.data().size();
  for (const StorageFormat& format : storage_formats()) {
    TensorFile back = saved;
    std::size_t size = 0;
    for (auto& [name, tensor] : back.tensors)
      for (float& number : tensor.data()) {
        size += format.bytes(number);
        number = format.read_back(number);
      }
    trips.push_back(compare_networks(saved, back, plan, images));
    trips.back().format_name = format.format_name;
    trips.back().bytes = size;
  }
  return trips;
}

}  // namespace cnn
