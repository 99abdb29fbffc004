// The type of a list that can hold every layer of the book so far.
// Book: book/13-normalization.md
#pragma once

#include "12-generalization/dropout.hpp"
#include "13-normalization/batch_norm.hpp"
#include "13-normalization/group_norm.hpp"
#include "13-normalization/layer_norm.hpp"

namespace cnn {

using NormalizedArchitecture =
    WiderList<DroppingArchitecture, BatchNorm, LayerNorm, GroupNorm>;

}  // namespace cnn
