// Chapter 14: residual blocks.
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "06-training/initializer.hpp"
#include "14-residual/residual.hpp"
#include "tests/both_engines.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"

namespace {

using namespace cnn;
using Entry = ResidualArchitecture::value_type;

// What leaves a map (1, C, H, W) as large as it is.
Entry same_size(int C, Random& random) {
  switch (random.below(6)) {
    case 0:
      return Convolution{C, 3, 1, 1};
    case 1:
      return BatchNorm{.momentum = 0.3};
    case 2:
      return Dropout{.p = 0.3,
                     .seed = static_cast<std::uint64_t>(random.below(99))};
    case 3:
      return Convolution{C, 1, 1, 0};
    case 4:
      return MaxPool{{3, 1, 1}};
    default:
      return Relu{};
  }
}

bool is_norm(const Entry& entry) {
  return std::holds_alternative<BatchNorm>(entry);
}

// A block whose skip is the input, or has layers of its own because the
// branch changes the shape; one in three holds another.
Residual random_block(int C, int depth, Random& random) {
  Residual block;
  block.starts_as_nothing = random.below(2) > 0;
  int channels = C;
  if (random.below(2) > 0) {
    const int stride = from_to(1, 2, random);
    channels = from_to(1, 9, random);
    block.branch.push_back(Convolution{channels, 3, stride, 1});
    block.skip.push_back(Convolution{channels, 1, stride, 0});
    if (random.below(2) > 0) block.skip.push_back(BatchNorm{});
  } else if (random.below(4) == 0) {
    block.branch.push_back(AveragePool{{2, 2, 0}});
    block.skip.push_back(MaxPool{{2, 2, 0}});
  }
  const int more = from_to(1, 3, random);
  for (int i = 0; i < more; ++i) {
    Entry next = same_size(channels, random);
    if (is_norm(next) && !block.branch.empty() &&
        is_norm(block.branch.back()))
      next = Relu{};
    block.branch.push_back(next);
  }
  if (depth > 0 && random.below(3) == 0)
    block.branch.push_back(random_block(channels, depth - 1, random));
  if (depth > 0 && random.below(6) == 0)
    block.skip.push_back(random_block(channels, 0, random));
  return block;
}

ResidualArchitecture random_blocks(const Shape& image, int most, int depth,
                                   Random& random) {
  return list_that_fits(
      image, from_to(1, most, random), [&](const Shape& shape) -> Entry {
        if (shape.size() == 4 && random.below(2) > 0)
          return random_block(shape[1], depth, random);
        if (shape.size() == 4 && random.below(4) == 0) return BatchNorm{};
        return std::visit([](const auto& it) { return Entry(it); },
                          random_layer(shape, random));
      });
}

}  // namespace

TEST_CASE("residual: plain and fast agree on any list of blocks", "[14]") {
  const int batches[] = {2, 5, 16, 37, 17};
  Random random(13);
  for (int i = 0; i < 100; ++i) {
    const Shape image{from_to(1, 5, random), from_to(4, 9, random),
                      from_to(4, 9, random)};
    const ResidualArchitecture entries = random_blocks(image, 6, 2, random);
    const int N = batches[i % 5];
    INFO("list " << i);
    check_engines_agree(
        entries, image,
        normal_numbers({N, image[0], image[1], image[2]}, random),
        {i % 3 != 0, i});
  }
}

TEST_CASE("residual: the gradients are the differences", "[14]") {
  Random random(14);
  for (const int N : {1, 2, 9})
    for (int i = 0; i < 20; ++i) {
      const Shape image{from_to(1, 3, random), from_to(2, 4, random),
                        from_to(2, 4, random)};
      INFO("list " << i);
      check_differences(random_blocks(image, 2, 1, random), image, N,
                        {i % 4 != 0, i}, random);
    }
}
