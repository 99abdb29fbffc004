// GIF (CompuServe, 89a): the size of a screen, perhaps a palette, then
// blocks: images (2C), extensions (21), the end (3B). The contents of an
// image or an extension come in pieces of up to 255 bytes, each preceded by
// its length; a length of 0 ends them. All numbers are little-endian.
#include <array>
#include <vector>

#include "common/data/picture_header.hpp"

namespace cnn {
namespace {

// How many bytes of palette a byte of flags announces.
std::size_t palette_bytes(std::uint8_t flags) {
  return flags & 0x80 ? std::size_t{3} * (2u << (flags & 7)) : 0;
}

// Joins the pieces that begin at `at`, and moves `at` past them. Nothing if
// the file ends first.
std::optional<std::vector<std::uint8_t>> pieces(Bytes file,
                                                std::size_t& at) {
  std::vector<std::uint8_t> whole;
  while (at < file.size()) {
    const std::size_t length = file[at++];
    if (length == 0) return whole;
    if (file.size() - at < length) break;
    const Bytes piece = file.subspan(at, length);
    whole.insert(whole.end(), piece.begin(), piece.end());
    at += length;
  }
  return std::nullopt;
}

// How many pixels an image's codes stand for (LZW: a code is a colour, or
// an earlier code and one more colour), counted without drawing them; at
// most `most` + 4,096. Nothing if a code has no meaning.
std::optional<std::uint64_t> pixels_of(Bytes codes, int colour_bits,
                                       std::uint64_t most) {
  const std::uint32_t clear = 1u << colour_bits, end = clear + 1;
  std::array<std::uint32_t, 4096> pixels = {};
  for (std::uint32_t code = 0; code < clear; ++code) pixels[code] = 1;
  std::uint32_t next = end + 1, last = clear, buffer = 0;
  int bits = colour_bits + 1, in_buffer = 0;
  std::uint64_t count = 0;
  for (const std::uint8_t byte : codes) {
    buffer |= std::uint32_t{byte} << in_buffer;
    in_buffer += 8;
    while (in_buffer >= bits) {
      const std::uint32_t code = buffer & ((1u << bits) - 1);
      buffer >>= bits;
      in_buffer -= bits;
      if (code == end || count > most) return count;
      if (code == clear) {
        next = end + 1;
        bits = colour_bits + 1;
      } else {
        if (last != clear && next < pixels.size()) {
          pixels[next++] = pixels[last] + 1;
          if (next == 1u << bits && bits < 12) ++bits;
        }
        if (code >= next) return std::nullopt;
        count += pixels[code];
      }
      last = code;
    }
  }
  return count;
}

// Checks the first image, whose block begins at `at`.
OrBroken<PictureHeader> check_image(Bytes file, std::size_t at,
                                    const PictureHeader& header) {
  if (file.size() - at < 11) return cut_short("GIF", "an image");
  // Later images may cover a part of the screen. If the first one did, the
  // other pixels would have no colour.
  if (little_endian(file, at + 1, 4) != 0 ||
      little_endian(file, at + 5, 4) != little_endian(file, 6, 4))
    return Broken{"expected a GIF whose first image fills its screen"};
  at += 10 + palette_bytes(file[at + 9]);
  if (at >= file.size()) return cut_short("GIF", "a palette");
  const int colour_bits = file[at++];
  if (colour_bits < 1 || colour_bits > 8)
    return Broken{"expected a GIF's colours of 1 to 8 bits, found " +
                  std::to_string(colour_bits)};
  const auto codes = pieces(file, at);
  if (!codes) return cut_short("GIF", "its pixels");
  const std::uint64_t expected =
      std::uint64_t{header.width} * header.height;
  const auto found = pixels_of(*codes, colour_bits, expected);
  if (!found) return Broken{"expected a GIF's code for pixels, found none"};
  if (*found == expected) return header;
  return Broken{"expected a GIF's image of " + std::to_string(expected) +
                " pixels, found codes for " +
                (*found > expected ? "more" : std::to_string(*found))};
}

}  // namespace

OrBroken<PictureHeader> parse_gif_header(Bytes file) {
  if (file.size() < 13) return cut_short("GIF", "its header");
  const PictureHeader header = {PictureKind::gif, little_endian(file, 6, 2),
                                little_endian(file, 8, 2), 8};
  if (auto broken = wrong_size(header)) return *broken;
  std::size_t at = 13 + palette_bytes(file[10]);
  while (at < file.size()) {
    const int block = file[at];
    if (block == 0x2c) return check_image(file, at, header);
    if (block == 0x3b)
      return Broken{"expected an image in a GIF, found none"};
    if (block != 0x21)
      return Broken{"expected a GIF's block 21, 2C or 3B, found byte " +
                    std::to_string(block)};
    // The graphic control extension (F9) has four bytes.
    if (file.size() - at > 2 && file[at + 1] == 0xf9 && file[at + 2] != 4)
      return Broken{"expected a GIF's control block of 4 bytes, found " +
                    std::to_string(file[at + 2])};
    at += 2;
    if (!pieces(file, at)) break;
  }
  return cut_short("GIF", "its blocks");
}

}  // namespace cnn
