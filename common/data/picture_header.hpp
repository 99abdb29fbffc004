// What a picture file says about itself, checked before it is decoded: an
// untrusted file can promise more pixels than it has bytes for, or end in
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
  int bits = 8;  // of each channel
};

// What kind of picture the file is, by its first bytes. For any other file,
// says what was expected and what was found, by name if known: "expected
// ..., found HEIC: export it as JPEG".
OrBroken<PictureKind> picture_kind(Bytes file);

// The kind, size and bits that the file promises. The file is followed to
// the end of its picture, so one that was cut short is refused, and so is
// one that has too few bytes for its pixels. No memory is allocated for
// what it only promises.
OrBroken<PictureHeader> parse_picture_header(Bytes file);

// The same for one format each. The file must begin with the first bytes of
// that format. The size is checked as soon as it is known.
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

// A number of at most four bytes, which must lie in the file from `at` on.
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
