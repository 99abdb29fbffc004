// Pictures of the formats that cameras, scanners and drawing programs
// write, as numbers.
#pragma once

#include <cstdint>
#include <span>

#include "common/tensor/broken.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// No larger file is read. A photograph of 12 megapixels has about 4 MB.
constexpr std::uintmax_t most_picture_bytes = 200'000'000;

// The bytes of a JPEG, PNG, BMP or GIF file, of an animation the first
// frame -> (3, H, W): red, green and blue, 0 to 1. What is transparent
// shows white paper. The picture lies as it is stored: a camera's note that
// it has to be turned is not heeded.
//
// The first bytes say what a file is, whatever its name. Sides have at most
// 65,535 pixels, a picture at most 100,000,000; that is known before memory
// is asked for, and a file that makes the decoder ask for much more than
// its size explains is refused. Broken: one line.
OrBroken<Tensor<>> parse_picture(std::span<const std::uint8_t> file);

}  // namespace cnn
