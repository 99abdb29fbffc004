// Decodes pictures of the formats that cameras, scanners and drawing
// programs write.
#pragma once

#include <cstdint>
#include <span>

#include "common/tensor/broken.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The largest file that is read. A photograph of 12 megapixels takes
// about 4 MB.
constexpr std::uintmax_t most_picture_bytes = 200'000'000;

// Decodes a JPEG, PNG, BMP or GIF file, of an animation its first frame ->
// (3, H, W): red, green and blue, 0 to 1. Transparent parts show white
// paper. The picture is returned as it is stored, even if the camera noted
// that it has to be turned.
//
// The first bytes decide what a file is, whatever its name. A side has at
// most 65,535 pixels and a picture 100,000,000, which is checked before any
// memory is allocated. A file that makes the decoder ask for much more
// memory than its size explains is refused. A Broken rule is one line.
OrBroken<Tensor<>> parse_picture(std::span<const std::uint8_t> file);

}  // namespace cnn
