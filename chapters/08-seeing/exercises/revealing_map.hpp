// Exercise 4 of chapter 08, twenty minutes.
//
// occlusion_map() covers a square and shows the rest. Do the reverse: cover
// everything BUT the square. Cell (y, x) of the map is what `probability`
// returns for an image that is `grey` everywhere except in one square of
// `side` x `side` pixels, whose top left pixel is (y, x). In the square, it
// equals the given image, in all channels.
//
// Call `probability` once for each row of squares, as occlusion_map() does.
// The check looks at the batches that `probability` is given.
//
// image (C, H, W), probability: (N, C, H, W) -> N numbers
// -> (H - side + 1, W - side + 1)
// Throws std::invalid_argument if the square is smaller than a pixel or
// does not fit into the image.
#pragma once

#include "08-seeing/occlusion.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

template <class Probability>
Tensor<> revealing_map(const Tensor<>& image, int side, float grey,
                       const Probability& probability) {
  throw NotSolvedYet();
}

}  // namespace cnn
