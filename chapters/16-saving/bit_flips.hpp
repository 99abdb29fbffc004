// Flips one bit of one number, as a bad disk might, and looks at what the
// network then says about a picture.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "07-speed/fast_network.hpp"
#include "16-saving/network_file.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Bits 0 to 22 are the fraction in (16.1), bits 23 to 30 the exponent, and
// bit 31 is the sign.
inline float with_flipped_bit(float number, int bit) {
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(number) ^
                              std::uint32_t{1} << bit);
}

// What comes of flipping the same bit in each number of a tensor, one
// number at a time.
struct BitFlips {
  int bit = 0;
  int same = 0, other = 0;  // flips that kept, or changed, the answer
  // Flips to a number that is not finite, which load_parameters() refuses.
  int refused = 0;
  // The logit of the undamaged network's answer minus the largest other
  // logit, the least over the flips not refused; below 0 if another wins.
  float least_lead = std::numeric_limits<float>::infinity();
};

// The flips of each of the 32 bits, the lowest first. tensor: the name of
// the one whose numbers are damaged. image (1, C, H, W)
// Throws std::invalid_argument if the network has no such tensor.
inline std::vector<BitFlips> compute_bit_flips(
    const TensorFile& file, const NetworkPlan& plan,
    const std::string& tensor, const Tensor<>& image,
    const std::string& isa = "auto") {
  FastNetwork network(plan.architecture, plan.image,
                      {.threads = 1, .isa = isa});
  load_parameters(file, network, "compute_bit_flips");
  const auto all = network.parameters();
  const auto found =
      std::find_if(all.begin(), all.end(),
                   [&](const auto* it) { return it->name == tensor; });
  if (found == all.end())
    fail(Refusal::argument,
         "compute_bit_flips: expected a tensor of the network, got '" +
             tensor + "'");
  const int whole = answer(network.forward(image, Mode::evaluation), 0);
  std::vector<BitFlips> flips;
  for (int bit = 0; bit < 32; ++bit) {
    BitFlips& now = flips.emplace_back();
    now.bit = bit;
    for (float& number : (*found)->value.data()) {
      const float before = number;
      number = with_flipped_bit(before, bit);
      if (!std::isfinite(number)) {
        ++now.refused;
      } else {
        const Tensor<> logits = network.forward(image, Mode::evaluation);
        ++(answer(logits, 0) == whole ? now.same : now.other);
        now.least_lead = std::min(
            now.least_lead,
            logits(0, whole) - logits(0, runner_up(logits, 0, whole)));
      }
      number = before;
    }
  }
  return flips;
}

}  // namespace cnn
