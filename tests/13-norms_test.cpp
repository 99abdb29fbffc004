// Chapters 12 and 13's layers, in both engines.
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "12-generalization/dropout.hpp"
#include "13-normalization/batch_norm.hpp"
#include "13-normalization/group_norm.hpp"
#include "13-normalization/layer_norm.hpp"
#include "13-normalization/normalized_list.hpp"
#include "tests/both_engines.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"

using namespace cnn;

namespace {

using NormEntry = NormalizedArchitecture::value_type;

// Some divisor of C.
int some_groups(int C, Random& random) {
  int groups = from_to(1, C, random);
  while (C % groups != 0) --groups;
  return groups;
}

NormEntry norm_or_layer(const Shape& input, Random& random) {
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      return BatchNorm{.momentum = random.below(2) > 0 ? 0.1 : 0.3};
    case 3:
      return LayerNorm{};
    case 4:
      return GroupNorm{some_groups(input[1], random)};
    case 5:
      return Dropout{.p = 0.3,
                     .seed = static_cast<std::uint64_t>(random.below(99))};
    default:
      return std::visit([](const auto& it) { return NormEntry(it); },
                        random_layer(input, random));
  }
}

bool is_norm(const NormEntry& entry) {
  return entry.index() >=
         std::variant_size_v<DroppingArchitecture::value_type>;
}

// Never a norm right after another: where the first made all numbers of a
// channel nearly equal, the second enlarges what float lost a thousandfold.
NormalizedArchitecture random_norms(const Shape& image, Random& random) {
  bool after_norm = false;
  return list_that_fits(
      image, from_to(2, 8, random), [&](const Shape& shape) {
        NormEntry entry = norm_or_layer(shape, random);
        while (after_norm && is_norm(entry))
          entry = norm_or_layer(shape, random);
        after_norm = is_norm(entry) ||
                     (after_norm && std::holds_alternative<Dropout>(entry));
        return entry;
      });
}

}  // namespace

TEST_CASE("norms: plain and fast agree on any list of layers") {
  const int batches[] = {2, 5, 16, 37, 17};
  Random random(13);
  for (int i = 0; i < 200; ++i) {
    const Shape image{from_to(1, 5, random), from_to(4, 9, random),
                      from_to(4, 9, random)};
    const NormalizedArchitecture entries = random_norms(image, random);
    const int N = batches[i % 5];
    INFO("list " << i);
    check_engines_agree(
        entries, image,
        normal_numbers({N, image[0], image[1], image[2]}, random),
        {i % 3 != 0, i});
  }
}

TEST_CASE("norms: the plain layers' gradients are the differences") {
  Random random(14);
  for (const int N : {1, 2, 17})
    for (int i = 0; i < 12; ++i) {
      const Shape image{from_to(1, 3, random), from_to(2, 4, random),
                        from_to(2, 4, random)};
      const NormalizedArchitecture entries = random_norms(image, random);
      INFO("list " << i);
      check_differences(entries, image, N, {i % 4 != 0, i}, random);
    }
}
