// What a picture file says of itself, checked before it is decoded: a file
// from a stranger can promise more pixels than it has bytes for, or end in
// the middle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/tensor/broken.hpp"

namespace cnn {

using Bytes = std::span<const std::uint8_t>;

enum class PictureKind { jpeg, png, gif, bmp };

struct PictureHeader {
  PictureKind kind = PictureKind::jpeg;
  std::uint32_t width = 0, height = 0;
  int bits = 8;  // of each colour
};

// The kind by the first bytes; for anything else what was expected and what
// came, by name where it has one: "expected ..., found HEIC, ...".
OrBroken<PictureKind> picture_kind(Bytes file);

// What the file promises. Its parts are followed to their end, so that a
// file that was cut short is refused, and so is one that has too few bytes
// for its pixels. Nothing is allocated by what it says.
OrBroken<PictureHeader> parse_picture_header(Bytes file);

// One format each, for a file that begins as it should. They look at the
// size as soon as they have read it.
OrBroken<PictureHeader> parse_jpeg_header(Bytes file);
OrBroken<PictureHeader> parse_png_header(Bytes file);
OrBroken<PictureHeader> parse_gif_header(Bytes file);
OrBroken<PictureHeader> parse_bmp_header(Bytes file);

// What is wrong with a picture's size; nothing if it is allowed.
std::optional<Broken> wrong_size(const PictureHeader& header);

// "expected a whole JPEG file, found its end in ...".
Broken cut_short(const std::string& format, const std::string& where);

// "expected at least ... bytes for a JPEG of ... x ... pixels, found ...".
Broken too_few_bytes(const std::string& format, const PictureHeader& header,
                     std::uint64_t least, std::uint64_t found);

// Numbers of several bytes, which must lie inside the file.
inline std::uint32_t big_endian(Bytes file, std::size_t at, int bytes) {
  std::uint32_t number = 0;
  for (const std::uint8_t byte :
       file.subspan(at, static_cast<std::size_t>(bytes)))
    number = (number << 8) | byte;
  return number;
}
inline std::uint32_t little_endian(Bytes file, std::size_t at, int bytes) {
  std::uint32_t number = 0;
  for (int i = bytes; i-- > 0;)
    number = (number << 8) | file[at + static_cast<std::size_t>(i)];
  return number;
}

}  // namespace cnn
