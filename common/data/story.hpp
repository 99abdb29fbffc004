// One digit's story.
#pragma once

namespace cnn {

// The held-out digit that the book follows from chapter to chapter: number
// 2, counted from 0 in the order of split_digits(). It is the first 3, and
// no program ever learns from it.
inline constexpr int story_digit = 2;

}  // namespace cnn
