// PNG (W3C, third edition): a signature of eight bytes, then chunks. Each
// is a length in four bytes, a type of four letters, that many bytes, and a
// checksum. IHDR comes first, IDAT holds the pixels, and IEND ends the
// file. An animation is in further chunks, which a reader may skip.
#include <algorithm>

#include "common/data/picture_header.hpp"

namespace cnn {
namespace {

// How many numbers a pixel has; 0 if PNG does not have this colour type
// with this many bits. The types are 0 grey, 2 colour, 3 palette, 4 grey
// with opacity and 6 colour with opacity.
std::uint32_t channels_of(int colour, int bits) {
  const bool few = bits == 1 || bits == 2 || bits == 4,
             many = bits == 8 || bits == 16;
  switch (colour) {
    case 0:
      return few || many ? 1 : 0;
    case 2:
      return many ? 3 : 0;
    case 3:
      return few || bits == 8 ? 1 : 0;
    case 4:
      return many ? 2 : 0;
    case 6:
      return many ? 4 : 0;
    default:
      return 0;
  }
}

// The bytes of all rows once they are inflated: in each row one for its
// filter, then the pixels.
std::uint64_t row_bytes(const PictureHeader& header,
                        std::uint32_t channels) {
  const std::uint64_t bits = std::uint64_t{header.width} * channels *
                             static_cast<std::uint64_t>(header.bits);
  return header.height * (1 + (bits + 7) / 8);
}

bool is_type(Bytes file, std::size_t at, const char* type) {
  return std::equal(type, type + 4,
                    file.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

OrBroken<PictureHeader> parse_png_header(Bytes file) {
  std::size_t at = 8;
  if (file.size() < at + 25) return cut_short("PNG", "its header");
  if (big_endian(file, at, 4) != 13 || !is_type(file, at + 4, "IHDR"))
    return Broken{
        "expected a PNG to begin with the chunk IHDR of 13 bytes"};
  const PictureHeader header = {
      PictureKind::png, big_endian(file, at + 8, 4),
      big_endian(file, at + 12, 4), file[at + 16]};
  if (auto broken = wrong_size(header)) return *broken;
  const std::uint32_t channels = channels_of(file[at + 17], header.bits);
  if (channels == 0)
    return Broken{"expected a kind of colour that PNG knows, found kind " +
                  std::to_string(file[at + 17]) + " with " +
                  std::to_string(header.bits) + " bits"};
  std::uint64_t pixels = 0;  // deflated bytes
  while (true) {
    if (file.size() - at < 12) return cut_short("PNG", "its chunks");
    const std::size_t length = big_endian(file, at, 4);
    if (file.size() - at - 12 < length) return cut_short("PNG", "a chunk");
    if (is_type(file, at + 4, "IDAT")) pixels += length;
    if (is_type(file, at + 4, "IEND")) break;
    at += 12 + length;
  }
  // A deflated byte stands for at most 1,032 inflated ones.
  const std::uint64_t least = row_bytes(header, channels) / 1032;
  if (pixels < least) return too_few_bytes("PNG", header, least, pixels);
  return header;
}

}  // namespace cnn
