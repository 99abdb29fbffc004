// BMP (Windows): 14 bytes about the file, which say where the pixels begin;
// a header that states its own length; perhaps a palette of four bytes per
// colour; rows of pixels, each padded to a multiple of four bytes. All
// numbers are little-endian.
#include <cstdlib>
#include <limits>

#include "common/data/picture_header.hpp"

namespace cnn {
namespace {

constexpr std::size_t file_header = 14;

std::optional<Broken> wrong_coding(std::uint32_t length, int bits,
                                   std::uint32_t coding) {
  if (length != 40 && length != 56 && length != 108 && length != 124)
    return Broken{
        "expected a BMP with a header of 40, 56, 108 or 124 bytes, found " +
        std::to_string(length)};
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 &&
      bits != 32)
    return Broken{
        "expected a BMP of 1, 4, 8, 16, 24 or 32 bits a pixel, found " +
        std::to_string(bits)};
  // Coding 3: three masks say which bits of a pixel are which colour.
  const bool masks =
      coding == 3 && bits >= 16 && bits != 24 && length != 56;
  if (coding != 0 && !masks)
    return Broken{"expected a BMP that is not compressed, found coding " +
                  std::to_string(coding) + ": export it as PNG"};
  return std::nullopt;
}

}  // namespace

OrBroken<PictureHeader> parse_bmp_header(Bytes file) {
  if (file.size() < file_header + 40) return cut_short("BMP", "its header");
  const std::uint32_t pixels = little_endian(file, 10, 4),
                      length = little_endian(file, 14, 4),
                      coding = little_endian(file, 30, 4);
  const int bits = static_cast<int>(little_endian(file, 28, 2));
  if (auto broken = wrong_coding(length, bits, coding)) return *broken;

  PictureHeader header = {PictureKind::bmp, little_endian(file, 18, 4),
                          little_endian(file, 22, 4), 8};
  // A negative height means that the top row comes first.
  if (header.height > std::numeric_limits<std::int32_t>::max())
    header.height = 0u - header.height;
  if (auto broken = wrong_size(header)) return *broken;

  const std::uint64_t row =
      (std::uint64_t{header.width} * static_cast<std::uint64_t>(bits) +
       31) /
      32 * 4;
  const std::uint64_t before =
      file_header + length + (coding == 3 && length == 40 ? 12 : 0) +
      (bits <= 8 ? 4 : 0);  // a palette has at least one colour
  if (pixels < before)
    return Broken{"expected a BMP's pixels at byte " +
                  std::to_string(before) + " or later, found " +
                  std::to_string(pixels)};
  const std::uint64_t least = pixels + row * header.height;
  if (file.size() < least)
    return too_few_bytes("BMP", header, least, file.size());
  return header;
}

}  // namespace cnn
