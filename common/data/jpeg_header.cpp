// JPEG (ITU-T T.81): the marker FF D8, then segments. Each is a marker (FF
// and a byte), a length in two bytes that includes these two, and its
// contents. A scan's segment (FF DA) is followed by the picture's numbers,
// in which a byte FF is always followed by 00 or by a restart marker (FF D0
// to FF D7). FF D9 ends the file.
#include <algorithm>

#include "common/data/picture_header.hpp"

namespace cnn {
namespace {

// A file of many empty scans would keep a decoder busy for hours; cameras
// and programs write about ten.
constexpr int most_scans = 100;

std::string name_of_marker(int marker) {
  constexpr const char* digits = "0123456789ABCDEF";
  return std::string("FF ") + digits[marker / 16] + digits[marker % 16];
}

// The ways of coding a frame that are read: baseline (C0), the usual one,
// extended (C1), and progressive (C2), which shows a coarse picture first.
bool is_read(int marker) {
  return marker >= 0xc0 && marker <= 0xc2;
}
bool is_frame(int marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
         marker != 0xc8 && marker != 0xcc;
}

// Where a scan's numbers end: at the next marker other than a restart
// marker, or with the file.
std::size_t end_of_scan(Bytes file, std::size_t at) {
  for (; at + 1 < file.size(); ++at)
    if (file[at] == 0xff && file[at + 1] != 0 &&
        !(file[at + 1] >= 0xd0 && file[at + 1] <= 0xd7))
      return at;
  return file.size();
}

// Checks a segment of Huffman tables. Each is a byte of class and number,
// 16 counts of the codes of 1 to 16 bits, and a byte for each code.
// Decoders have room for 256.
std::optional<Broken> check_tables(Bytes segment) {
  while (!segment.empty()) {
    std::size_t codes = 0;
    if (segment.size() >= 17)
      for (const int count : segment.subspan(1, 16))
        codes += static_cast<std::size_t>(count);
    if (codes > 256 || segment.size() < 17 + codes)
      return Broken{
          "expected a JPEG's Huffman table of at most 256 codes inside its "
          "segment, found one of " +
          std::to_string(codes)};
    segment = segment.subspan(17 + codes);
  }
  return std::nullopt;
}

struct Jpeg {
  PictureHeader header;
  int colours = 0;     // 0: no frame yet
  int transform = -1;  // Adobe's code for the colours; -1: not stated
  int scans = 0;
};

std::optional<Broken> read_frame(Jpeg& jpeg, int marker, Bytes segment) {
  if (!is_read(marker))
    return Broken{
        "expected a JPEG that is coded as baseline or progressive, found "
        "marker " +
        name_of_marker(marker) + ": export it as an ordinary JPEG"};
  if (jpeg.colours > 0 || segment.size() < 6)
    return Broken{"expected one whole frame in a JPEG"};
  if (segment[0] != 8)
    return Broken{"expected a JPEG of 8 bits a colour, found " +
                  std::to_string(segment[0])};
  jpeg.header.height = big_endian(segment, 1, 2);
  jpeg.header.width = big_endian(segment, 3, 2);
  jpeg.colours = segment[5];
  if (jpeg.colours != 1 && jpeg.colours != 3 && jpeg.colours != 4)
    return Broken{"expected a JPEG of 1, 3 or 4 colours, found " +
                  std::to_string(jpeg.colours)};
  return wrong_size(jpeg.header);
}

std::optional<Broken> read_segment(Jpeg& jpeg, int marker, Bytes segment) {
  if (is_frame(marker)) return read_frame(jpeg, marker, segment);
  if (marker == 0xc4) return check_tables(segment);
  constexpr std::uint8_t adobe[] = {'A', 'd', 'o', 'b', 'e', 0};
  if (marker == 0xee && segment.size() >= 12 &&
      std::equal(std::begin(adobe), std::end(adobe), segment.begin()))
    jpeg.transform = segment[11];
  if (marker == 0xda && ++jpeg.scans > most_scans)
    return Broken{"expected a JPEG of at most " +
                  std::to_string(most_scans) + " scans, found more"};
  return std::nullopt;
}

// Checks what must hold once the file has been followed to its end.
OrBroken<PictureHeader> complete(const Jpeg& jpeg, Bytes file) {
  if (jpeg.colours == 0 || jpeg.scans == 0)
    return Broken{"expected a frame and a scan in a JPEG, found none"};
  if (jpeg.colours == 4 && jpeg.transform != 0 && jpeg.transform != 2)
    return Broken{
        "expected a JPEG of red, green and blue, found four colours and no "
        "word on which (CMYK, for printing?): export it as RGB"};
  // A block of 8 x 8 pixels takes at least one bit.
  const std::uint64_t blocks = std::uint64_t{(jpeg.header.width + 7) / 8} *
                               ((jpeg.header.height + 7) / 8);
  if (blocks > 8 * file.size())
    return too_few_bytes("JPEG", jpeg.header, blocks / 8, file.size());
  return jpeg.header;
}

}  // namespace

OrBroken<PictureHeader> parse_jpeg_header(Bytes file) {
  Jpeg jpeg;
  std::size_t at = 2;
  for (;;) {
    // Some files have padding between the segments before the frame.
    while (jpeg.colours == 0 && at < file.size() && file[at] != 0xff) ++at;
    if (at < file.size() && file[at] != 0xff)
      return Broken{"expected a JPEG's segment to end with a marker"};
    while (at < file.size() && file[at] == 0xff) ++at;
    if (at >= file.size()) return cut_short("JPEG", "its segments");
    const int marker = file[at++];
    if (marker == 0xd9) return complete(jpeg, file);
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8))
      return Broken{"expected a JPEG's segment, found marker " +
                    name_of_marker(marker)};
    if (file.size() - at < 2) return cut_short("JPEG", "its segments");
    const std::size_t length = big_endian(file, at, 2);
    if (length < 2)
      return Broken{"expected a JPEG's segment of 2 bytes or more"};
    if (file.size() - at < length) return cut_short("JPEG", "a segment");
    const Bytes segment = file.subspan(at + 2, length - 2);
    if (auto broken = read_segment(jpeg, marker, segment)) return *broken;
    at += length;
    if (marker == 0xda) {
      at = end_of_scan(file, at);
      if (at >= file.size()) return cut_short("JPEG", "its pixels");
    }
  }
}

}  // namespace cnn
