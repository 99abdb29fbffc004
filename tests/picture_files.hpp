// Picture files of every kind that the book's programs read, made in memory
// from random pixels, and what they show.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

struct PictureFile {
  std::string kind;
  std::string bytes;
  cnn::Tensor<> shows;      // (3, H, W)
  float tolerance = 1e-6f;  // for each number in `shows`
};

namespace picture_files {

using cnn::Random;
using Colour = std::array<int, 4>;  // red, green, blue, opacity; 0 to 255

// The low `bytes` bytes of a value, big-endian: the highest comes first.
inline std::string big(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes; i-- > 0;)
    text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}
// The same bytes, little-endian: the lowest comes first.
inline std::string little(std::uint64_t value, int bytes) {
  const std::string text = big(value, bytes);
  return {text.rbegin(), text.rend()};
}
inline std::string byte(int value) {
  return {static_cast<char>(value)};
}
inline std::uint32_t u32(int value) {
  return static_cast<std::uint32_t>(value);
}

// Bits that are put into bytes, from the high end of each or from the low
// one.
struct Bits {
  bool low_first = false, stuffed = false;  // JPEG writes 00 after FF
  std::string bytes = "";
  int used = 8;  // bits of the last byte

  void put(int value, int count) {
    for (int i = 0; i < count; ++i) {
      if (used == 8) {
        if (stuffed && !bytes.empty() && bytes.back() == '\xff')
          bytes += '\0';
        bytes += '\0';
        used = 0;
      }
      const int bit = value >> (low_first ? i : count - 1 - i) & 1;
      bytes.back() = static_cast<char>(
          bytes.back() | bit << (low_first ? used : 7 - used));
      ++used;
    }
  }
  void fill(int bit) {
    while (used < 8) put(bit, 1);
  }
};

// Sets a pixel to what a colour shows on white paper. The colour's numbers,
// of which the last is the opacity, are from 0 to `most`.
inline void show(cnn::Tensor<>& picture, int y, int x,
                 const std::array<int, 4>& colour, int most = 255) {
  const auto part = [&](int i) {
    return static_cast<float>(colour[static_cast<std::size_t>(i)]) /
           static_cast<float>(most);
  };
  for (int c = 0; c < 3; ++c)
    picture(c, y, x) = part(c) * part(3) + (1.0f - part(3));
}

inline std::vector<Colour> random_palette(int size, bool transparent,
                                          Random& random) {
  std::vector<Colour> palette;
  for (int i = 0; i < size; ++i)
    palette.push_back({random.below(256), random.below(256),
                       random.below(256),
                       transparent ? random.below(256) : 255});
  return palette;
}

inline std::string png_chunk(const std::string& type,
                             const std::string& content) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : type + content) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int i = 0; i < 8; ++i)
      crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
  }
  return big(static_cast<std::uint32_t>(content.size()), 4) + type +
         content + big(~crc, 4);
}

// The bytes in zlib's format, without compression.
inline std::string stored(const std::string& bytes) {
  std::string text = "\x78\x01";
  std::uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<std::uint8_t>(c)) % 65521;
    b = (b + a) % 65521;
  }
  for (std::size_t at = 0; at == 0 || at < bytes.size(); at += 60000) {
    const std::string part = bytes.substr(at, 60000);
    const auto size = static_cast<std::uint32_t>(part.size());
    text += byte(at + 60000 >= bytes.size()) + little(size, 2) +
            little(~size & 0xffff, 2) + part;
  }
  return text + big(b << 16 | a, 4);
}

inline std::string png_header(int height, int width, int bits, int colour,
                              bool interlaced) {
  return "\x89PNG\r\n\x1a\n" +
         png_chunk("IHDR", big(u32(width), 4) + big(u32(height), 4) +
                               byte(bits) + byte(colour) + byte(0) +
                               byte(0) + byte(interlaced));
}

// A PNG of a random kind. It may have the chunks of an animation, too.
inline PictureFile png(int height, int width, Random& random) {
  const int kinds[][2] = {{0, 1}, {0, 2},  {0, 4},  {0, 8}, {0, 16},
                          {2, 8}, {2, 16}, {3, 1},  {3, 2}, {3, 4},
                          {3, 8}, {4, 8},  {4, 16}, {6, 8}, {6, 16}};
  const int* const kind = kinds[random.below(15)];
  const int colour = kind[0], bits = kind[1];
  const bool interlaced = random.below(2) == 1;
  const int most = (1 << bits) - 1, channels = colour == 2   ? 3
                                               : colour == 4 ? 2
                                               : colour == 6 ? 4
                                                             : 1;
  PictureFile file = {"PNG " + std::to_string(colour) + " of " +
                          std::to_string(bits) + " bits",
                      png_header(height, width, bits, colour, interlaced),
                      cnn::Tensor<>(cnn::Shape{3, height, width})};
  const bool transparent = random.below(2) == 1;
  const auto palette = random_palette(most % 256 + 1, transparent, random);
  std::vector<std::array<int, 4>> pixels;
  for (int i = 0; i < height * width; ++i) {
    std::array<int, 4> numbers = {};
    for (int& n : numbers) n = random.below(most + 1);
    pixels.push_back(numbers);
    const int y = i / width, x = i % width;
    if (colour == 3)
      show(file.shows, y, x, palette[static_cast<std::size_t>(numbers[0])]);
    else if (colour == 0 || colour == 4)
      show(file.shows, y, x,
           {numbers[0], numbers[0], numbers[0],
            colour == 4 ? numbers[1] : most},
           most);
    else
      show(file.shows, y, x,
           {numbers[0], numbers[1], numbers[2],
            colour == 6 ? numbers[3] : most},
           most);
  }
  std::string rows;
  const auto add_rows = [&](int y0, int dy, int x0, int dx) {
    for (int y = y0; y < height && x0 < width; y += dy) {
      Bits row;
      for (int x = x0; x < width; x += dx)
        for (int c = 0; c < channels; ++c)
          row.put(pixels[static_cast<std::size_t>(y * width + x)]
                        [static_cast<std::size_t>(c)],
                  bits);
      rows += byte(0) + row.bytes;
    }
  };
  if (!interlaced) {
    add_rows(0, 1, 0, 1);
  } else {
    const int passes[][4] = {{0, 8, 0, 8}, {0, 8, 4, 8}, {4, 8, 0, 4},
                             {0, 4, 2, 4}, {2, 4, 0, 2}, {0, 2, 1, 2},
                             {1, 2, 0, 1}};
    for (const auto& pass : passes)
      add_rows(pass[0], pass[1], pass[2], pass[3]);
  }
  if (colour == 3) {
    std::string colours, opacities;
    for (const Colour& entry : palette) {
      colours += byte(entry[0]) + byte(entry[1]) + byte(entry[2]);
      opacities += byte(entry[3]);
    }
    file.bytes += png_chunk("PLTE", colours);
    if (transparent) file.bytes += png_chunk("tRNS", opacities);
  }
  const std::string data = stored(rows);
  const std::size_t cut = data.size() / 2;
  if (random.below(2) == 1) {  // animated: another picture comes next
    file.bytes += png_chunk("acTL", big(2, 4) + big(0, 4)) +
                  png_chunk("fcTL", std::string(26, '\0'));
    file.bytes += png_chunk("IDAT", data) +
                  png_chunk("fdAT", big(1, 4) + data.substr(0, cut));
  } else {
    file.bytes += png_chunk("tEXt", "a note") +
                  png_chunk("IDAT", data.substr(0, cut)) +
                  png_chunk("IDAT", data.substr(cut));
  }
  file.bytes += png_chunk("IEND", "");
  return file;
}

// Compresses pixels as GIF does. With 4,096 codes the table is full: then a
// new one begins or, if `keep`, the old one is kept.
inline std::string lzw(const std::vector<int>& pixels, int colour_bits,
                       bool keep) {
  const int clear = 1 << colour_bits;
  Bits codes{true};
  std::map<std::pair<int, int>, int> longer;  // code and colour -> code
  int bits = colour_bits + 1, next = clear + 2, last = -1;
  codes.put(clear, bits);
  for (const int pixel : pixels) {
    const auto known = longer.find({last, pixel});
    if (last < 0) {
      last = pixel;
    } else if (known != longer.end()) {
      last = known->second;
    } else {
      codes.put(last, bits);
      if (next < 4096) longer[{last, pixel}] = next++;
      if (next > 1 << bits) ++bits;
      if (next == 4096 && !keep) {
        codes.put(clear, bits);
        longer.clear();
        bits = colour_bits + 1;
        next = clear + 2;
      }
      last = pixel;
    }
  }
  codes.put(last, bits);
  // After the last code the table grows once more.
  if (next + 1 > 1 << bits && bits < 12 && next < 4096) ++bits;
  codes.put(clear + 1, bits);
  return codes.bytes;
}

// The content in pieces of up to 255 bytes, each after its length.
inline std::string gif_pieces(const std::string& content) {
  std::string text;
  for (std::size_t at = 0; at < content.size(); at += 255) {
    const std::string part = content.substr(at, 255);
    text += byte(static_cast<int>(part.size())) + part;
  }
  return text + '\0';
}

inline std::string gif_image(int height, int width, bool interlaced,
                             const std::vector<int>& pixels,
                             int colour_bits, bool keep = false) {
  return byte(0x2c) + little(0, 4) + little(u32(width), 2) +
         little(u32(height), 2) + byte(interlaced ? 0x40 : 0) +
         byte(std::max(2, colour_bits)) +
         gif_pieces(lzw(pixels, std::max(2, colour_bits), keep));
}

inline PictureFile gif(int height, int width, Random& random) {
  const int colour_bits = 1 + random.below(8), colours = 1 << colour_bits;
  const int transparent = random.below(2) == 1 ? random.below(colours) : -1;
  const bool interlaced = random.below(2) == 1, keep = random.below(2) == 1;
  auto palette = random_palette(colours, false, random);
  PictureFile file = {"GIF of " + std::to_string(colours) + " colours",
                      "GIF89a" + little(u32(width), 2) +
                          little(u32(height), 2) +
                          byte(0x80 | (colour_bits - 1)) +
                          byte(random.below(colours)) + byte(0),
                      cnn::Tensor<>(cnn::Shape{3, height, width})};
  for (const Colour& entry : palette)
    file.bytes += byte(entry[0]) + byte(entry[1]) + byte(entry[2]);
  std::vector<int> rows;
  if (!interlaced) {
    for (int y = 0; y < height; ++y) rows.push_back(y);
  } else {
    const int passes[][2] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    for (const auto& pass : passes)
      for (int y = pass[0]; y < height; y += pass[1]) rows.push_back(y);
  }
  std::vector<int> pixels, others;
  for (const int y : rows)
    for (int x = 0; x < width; ++x) {
      const int pixel = random.below(colours);
      pixels.push_back(pixel);
      others.push_back(random.below(colours));
      Colour colour = palette[static_cast<std::size_t>(pixel)];
      if (pixel == transparent) colour[3] = 0;
      show(file.shows, y, x, colour);
    }
  file.bytes += "\x21\xfe" + gif_pieces("a note");
  if (transparent >= 0)
    file.bytes +=
        std::string("\x21\xf9\4\1\0\0", 6) + byte(transparent) + byte(0);
  file.bytes +=
      gif_image(height, width, interlaced, pixels, colour_bits, keep);
  if (random.below(2) == 1)  // animated
    file.bytes += gif_image(height, width, false, others, colour_bits);
  file.bytes += ';';
  return file;
}

inline PictureFile bmp(int height, int width, Random& random) {
  const int depths[] = {1, 4, 8, 16, 24, 32, 565};
  const int depth = depths[random.below(7)], bits = std::min(depth, 32);
  const int bits_a_pixel = depth == 565 ? 16 : bits;
  const bool top_first = random.below(2) == 1;
  const int colours = depth <= 8 ? 1 << depth : 0;
  const auto palette = random_palette(colours, false, random);
  std::string masks;
  if (depth == 565)
    masks = little(0xf800, 4) + little(0x07e0, 4) + little(0x001f, 4);
  PictureFile file = {"BMP of " + std::to_string(depth) + " bits", "",
                      cnn::Tensor<>(cnn::Shape{3, height, width})};
  std::string rows;
  for (int i = 0; i < height; ++i) {
    const int y = top_first ? i : height - 1 - i;
    Bits row;
    for (int x = 0; x < width; ++x) {
      Colour colour = {random.below(256), random.below(256),
                       random.below(256), 255};
      const int value = random.below(colours > 0 ? colours : 65536);
      const auto five = [&](int shift) {
        const int part = value >> shift & 31;
        return part << 3 | part >> 2;
      };
      if (depth <= 8) {
        colour = palette[static_cast<std::size_t>(value)];
        row.put(value, depth);
      } else if (bits_a_pixel == 16) {
        const int six = value >> 5 & 63;
        colour = depth == 16
                     ? Colour{five(10), five(5), five(0), 255}
                     : Colour{five(11), six << 2 | six >> 4, five(0), 255};
        row.bytes += little(u32(value), 2);
      } else {
        if (depth == 32) colour[3] = 1 + random.below(255);
        row.bytes += byte(colour[2]) + byte(colour[1]) + byte(colour[0]);
        if (depth == 32) row.bytes += byte(colour[3]);
      }
      show(file.shows, y, x, colour);
    }
    row.bytes.resize((row.bytes.size() + 3) / 4 * 4);
    rows += row.bytes;
  }
  const auto offset = static_cast<std::uint32_t>(
      54 + masks.size() + 4 * static_cast<std::size_t>(colours));
  file.bytes =
      "BM" + little(offset + u32(static_cast<int>(rows.size())), 4) +
      little(0, 4) + little(offset, 4) + little(40, 4) +
      little(u32(width), 4) + little(u32(top_first ? -height : height), 4) +
      little(1, 2) + little(u32(bits_a_pixel), 2) +
      little(depth == 565 ? 3 : 0, 4) + little(0, 4) + little(0, 8) +
      little(0, 8) + masks;
  for (const Colour& entry : palette)
    file.bytes +=
        byte(entry[2]) + byte(entry[1]) + byte(entry[0]) + byte(0);
  file.bytes += rows;
  return file;
}

inline std::string jpeg_segment(int marker, const std::string& content) {
  return "\xff" + byte(marker) +
         big(static_cast<std::uint32_t>(content.size()) + 2, 2) + content;
}

// A JPEG whose blocks of 8 x 8 pixels have one colour each, so that only a
// block's mean is coded. A pixel has `colours` numbers: 1, 3 or 4. In
// Adobe's segment, `transform` says what they mean; -1 leaves the segment
// out.
struct FlatJpeg {
  int colours = 3, transform = 0;
  bool progressive = false;
  int scans = 1;

  std::string bytes(int height, int width,
                    const std::vector<std::array<int, 4>>& blocks) const {
    // All numbers are divided by 8. Codes of 4 bits say that a difference
    // has 0 to 11 bits, and one code, of one bit, "no more in this block".
    std::string text = "\xff\xd8";
    if (transform >= 0)
      text += jpeg_segment(
          0xee, "Adobe" + std::string(6, '\0') + byte(transform));
    text += jpeg_segment(0xdb, byte(0) + std::string(64, '\x08'));
    std::string frame =
        byte(8) + big(u32(height), 2) + big(u32(width), 2) + byte(colours);
    std::string scan = byte(colours), one(16, '\0'), twelve(16, '\0');
    for (int c = 0; c < colours; ++c) {
      frame += byte(c + 1) + "\x11" + byte(0);
      scan += byte(c + 1) + byte(0);
    }
    text += jpeg_segment(progressive ? 0xc2 : 0xc0, frame);
    one[0] = 1;
    twelve[3] = 12;
    for (int i = 0; i < 12; ++i) twelve += byte(i);
    text +=
        jpeg_segment(0xc4, byte(0) + twelve + byte(0x10) + one + byte(0));
    Bits data{false, true};
    std::array<int, 4> last = {};
    for (const auto& block : blocks)
      for (int c = 0; c < colours; ++c) {
        const auto i = static_cast<std::size_t>(c);
        const int mean = block[i] - 128, difference = mean - last[i];
        last[i] = mean;
        int size = 0;
        while (std::abs(difference) >> size != 0) ++size;
        data.put(size, 4);
        data.put(difference < 0 ? difference - 1 : difference, size);
        if (!progressive) data.put(0, 1);
      }
    data.fill(1);
    if (data.bytes.back() == '\xff') data.bytes += '\0';
    scan += byte(0) + byte(progressive ? 0 : 63) + byte(0);
    for (int i = 0; i < scans; ++i)
      text += jpeg_segment(0xda, scan) + data.bytes;
    return text + "\xff\xd9";
  }
};

inline PictureFile jpeg(int height, int width, Random& random) {
  FlatJpeg writer;
  const int kind = random.below(4);  // grey, colour, CMYK, YCCK
  writer.colours = kind == 0 ? 1 : kind == 1 ? 3 : 4;
  writer.transform = kind == 3 ? 2 : kind == 2 ? 0 : -1;
  writer.progressive = random.below(2) == 1;
  PictureFile file = {
      "JPEG of " + std::to_string(writer.colours) + " colours", "",
      cnn::Tensor<>(cnn::Shape{3, height, width}), 1.6f / 255.0f};
  const int across = (width + 7) / 8, down = (height + 7) / 8;
  std::vector<std::array<int, 4>> blocks;
  for (int i = 0; i < across * down; ++i)
    blocks.push_back({random.below(256), 64 + random.below(128),
                      64 + random.below(128), random.below(256)});
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto& block =
          blocks[static_cast<std::size_t>(y / 8 * across + x / 8)];
      const auto [first, second, third, fourth] = block;
      // ITU-T T.871
      const std::array<double, 3> colour = {
          first + 1.402 * (third - 128),
          first - 0.344136 * (second - 128) - 0.714136 * (third - 128),
          first + 1.772 * (second - 128)};
      for (int c = 0; c < 3; ++c) {
        const auto i = static_cast<std::size_t>(c);
        double value = std::clamp(colour[i], 0.0, 255.0);
        if (kind == 0) value = first;
        // Adobe's programs store how little there is of each ink.
        if (kind == 2) value = block[i] * fourth / 255.0;
        if (kind == 3) value = (255.0 - value) * fourth / 255.0;
        file.shows(c, y, x) = static_cast<float>(value / 255.0);
      }
    }
  file.bytes = writer.bytes(height, width, blocks);
  return file;
}

}  // namespace picture_files

// A random file of one of the kinds that are read.
inline PictureFile random_picture_file(int height, int width,
                                       cnn::Random& random) {
  switch (random.below(4)) {
    case 0:
      return picture_files::jpeg(height, width, random);
    case 1:
      return picture_files::png(height, width, random);
    case 2:
      return picture_files::gif(height, width, random);
    default:
      return picture_files::bmp(height, width, random);
  }
}
