// The changes of training pictures, under the names that options and files
// give them.
// Book: book/12-generalization.md
#pragma once

#include <string>
#include <vector>

#include "12-generalization/augmentation.hpp"
#include "common/tensor/named.hpp"

namespace cnn {

struct NamedAugmentation {
  std::string name;
  Augmentation changes;
};

// "all" is the changes after which a digit is still the same digit. There
// is no mirror, because it turns most digits into other signs.
inline const std::vector<NamedAugmentation>& named_augmentations() {
  static const std::vector<NamedAugmentation> all = {
      {"none", {}},
      {"shift", {.shift = 2}},
      {"all", {.shift = 2, .turn = 10, .scale = 0.1, .slant = 0.15}}};
  return all;
}

}  // namespace cnn
