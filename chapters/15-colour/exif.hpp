// Which way up a photograph was taken.
//
// However a phone is held, it stores the rows of its sensor in the same
// order, and adds a note that says how to turn the picture. The note is one
// number, a few lists deep in the file:
//
//   FF D8                      a JPEG begins
//   FF E1  2 bytes of length   a segment: the marker FF E1, and its length,
//     "Exif" 0 0               which counts its own two bytes
//     "II" 42 0  or "MM" 0 42  a TIFF header: the order of bytes in all
//                              numbers from here on: I (Intel) means the
//                              low byte first, M (Motorola) the high one
//     4 bytes                  where the list is, counted from "II" or "MM"
//     2 bytes                  the list: how many entries it has
//     12 bytes each            an entry: 2 of tag, 2 of type, 4 of count,
//                              4 of value; orientation is tag 0x0112, type
//                              3 (two bytes), count 1
//   FF DA                      the pixels begin; no more notes follow
//
// (Exif 2.32, sections 4.5 and 4.6.) PNG has a chunk for the same note, but
// no phone that we know stores photographs as PNG, so we leave it out.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Reads numbers of one, two or four bytes in a part of a file. Bytes after
// its end read as 0, because a stranger's file may point anywhere.
struct ExifBytes {
  std::span<const std::uint8_t> bytes;
  bool low_first = false;

  std::size_t at(std::size_t place) const {
    return place < bytes.size() ? bytes[place] : 0;
  }
  std::size_t two(std::size_t place) const {
    return low_first ? at(place) | at(place + 1) << 8
                     : at(place) << 8 | at(place + 1);
  }
  std::size_t four(std::size_t place) const {
    return low_first ? two(place) | two(place + 2) << 16
                     : two(place) << 16 | two(place + 2);
  }
  bool begins(std::string_view text) const {
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(),
                      [](char c, std::uint8_t byte) {
                        return static_cast<std::uint8_t>(c) == byte;
                      });
  }
};

// The orientation in the list that a TIFF header points to, 1 to 8; 1 if
// there is none that we can read.
inline int orientation_in(std::span<const std::uint8_t> tiff) {
  using namespace std::string_view_literals;
  ExifBytes from{tiff};
  from.low_first = from.begins("II\x2a\0"sv);
  if (!from.low_first && !from.begins("MM\0\x2a"sv)) return 1;
  const std::size_t list = from.four(4);
  for (std::size_t i = 0; i < from.two(list); ++i) {
    const std::size_t entry = list + 2 + 12 * i;
    if (from.two(entry) != 0x0112) continue;
    const std::size_t value = from.two(entry + 8);
    const bool known = from.two(entry + 2) == 3 &&
                       from.four(entry + 4) == 1 && value >= 1 &&
                       value <= 8;
    return known ? static_cast<int>(value) : 1;
  }
  return 1;
}

// The orientation of a JPEG, 1 to 8, for upright(). It is 1, which changes
// nothing, if the file has none, is broken, or is not a JPEG.
inline int exif_orientation(std::span<const std::uint8_t> jpeg) {
  using namespace std::string_view_literals;
  const ExifBytes file{jpeg};
  if (!file.begins("\xff\xd8"sv)) return 1;
  for (std::size_t segment = 2; segment + 4 <= jpeg.size();) {
    const std::size_t marker = file.two(segment),
                      length = file.two(segment + 2);
    if (marker == 0xffff) {  // a fill byte
      ++segment;
      continue;
    }
    if (marker < 0xff00 || marker == 0xffda || length < 2) return 1;
    const auto rest = jpeg.subspan(segment + 4);
    const auto content = rest.first(std::min(rest.size(), length - 2));
    if (marker == 0xffe1 && ExifBytes{content}.begins("Exif\0\0"sv))
      return orientation_in(content.subspan(6));
    segment += 2 + length;
  }
  return 1;
}

// Turns a stored picture so that it is upright again. For each orientation,
// the table says where the first row and the first column of the stored
// picture belong in the upright one:
//
//   orientation    1     2      3      4      5      6      7      8
//   first row     top   top  bottom bottom  left  right   right   left
//   first column  left right  right   left   top    top  bottom bottom
//
// image (C, H, W) -> (C, H, W), or (C, W, H) for orientations 5 to 8
inline Tensor<> upright(const Tensor<>& image, int orientation) {
  require_rank(image.shape(), 3, "upright", "image");
  if (orientation < 1 || orientation > 8)
    fail(Refusal::argument,
         "upright: expected an orientation from 1 to 8, got " +
             std::to_string(orientation));
  const auto is_one_of = [orientation](std::string_view list) {
    return list.find(static_cast<char>('0' + orientation)) != list.npos;
  };
  const bool row_from_end = is_one_of("3467"),
             column_from_end = is_one_of("2378"), turned = orientation >= 5;
  const int C = image.extent(0), H = image.extent(1), W = image.extent(2);
  Tensor<> seen({C, turned ? W : H, turned ? H : W});
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x) {
        const int down = row_from_end ? H - 1 - y : y,
                  right = column_from_end ? W - 1 - x : x;
        (turned ? seen(c, right, down) : seen(c, down, right)) =
            image(c, y, x);
      }
  return seen;
}

}  // namespace cnn
