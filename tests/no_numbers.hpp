// Infinity and NaN as floats, which convert to doubles.
#pragma once

#include <limits>

inline constexpr float infinity = std::numeric_limits<float>::infinity();
inline constexpr float not_a_number =
    std::numeric_limits<float>::quiet_NaN();
