#include "common/data/picture_header.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

constexpr std::uint32_t longest_side = 65'535;
constexpr std::uint64_t most_pixels = 100'000'000;

std::string_view text_of(Bytes file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

bool has(Bytes file, std::size_t at, std::string_view what) {
  return file.size() >= at + what.size() &&
         text_of(file).substr(at, what.size()) == what;
}

// HEIC, AVIF and many videos are made of boxes; the first box, "ftyp",
// lists the brands that it is compatible with, in four letters each.
std::string name_of_boxes(Bytes file) {
  const std::size_t end = std::min<std::size_t>(
      file.size(), std::min<std::uint32_t>(big_endian(file, 0, 4), 256));
  const auto lists = [&](std::initializer_list<const char*> brands) {
    for (std::size_t at = 8; at + 4 <= end; at += 4)
      for (const char* brand : brands)
        if (has(file, at, brand)) return true;
    return false;
  };
  if (lists({"avif", "avis"})) return "AVIF";
  if (lists({"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1"}))
    return "HEIC";
  return "a video or a raw photograph";
}

bool is_text(Bytes file) {
  return std::all_of(
      file.begin(),
      file.begin() + std::min<std::ptrdiff_t>(std::ssize(file), 1000),
      [](std::uint8_t c) {
        return c >= 32 || c == '\n' || c == '\r' || c == '\t';
      });
}

// The name of a format that is not read here, by its first bytes; empty if
// it is unknown.
std::string name_of(Bytes file) {
  using namespace std::string_view_literals;
  if (has(file, 4, "ftyp") && file.size() >= 12) return name_of_boxes(file);
  if (has(file, 0, "RIFF") && has(file, 8, "WEBP")) return "WebP";
  const struct {
    std::string_view begin;
    const char* name;
  } known[] = {{"II*\0"sv, "TIFF"},
               {"MM\0*"sv, "TIFF"},
               {"%PDF"sv, "PDF"},
               {"8BPS"sv, "Photoshop"},
               {"\xff\x0a"sv, "JPEG XL"},
               {"\0\0\0\x0cJXL "sv, "JPEG XL"},
               {"\0\0\0\x0cjP  "sv, "JPEG 2000"},
               {"\0\0\1\0"sv, "an icon (ICO)"},
               {"PK\3\4"sv, "a ZIP archive"},
               {"\x1f\x8b"sv, "gzip"}};
  for (const auto& format : known)
    if (has(file, 0, format.begin)) return format.name;
  if (!is_text(file)) return "";
  const std::string_view text = text_of(file).substr(0, 1000);
  return text.find("<svg") != text.npos ? "SVG" : "text";
}

std::string first_bytes(Bytes file) {
  std::string text;
  for (const std::uint8_t byte :
       file.first(std::min<std::size_t>(file.size(), 4))) {
    constexpr const char* digits = "0123456789abcdef";
    if (!text.empty()) text += ' ';
    text += digits[byte / 16];
    text += digits[byte % 16];
  }
  return text;
}

}  // namespace

OrBroken<PictureKind> picture_kind(Bytes file) {
  const std::string expected = "expected a JPEG, PNG, BMP or GIF picture, ";
  if (file.empty()) return Broken{expected + "found an empty file"};
  if (has(file, 0, "\xff\xd8\xff")) return PictureKind::jpeg;
  if (has(file, 0, "\x89PNG\r\n\x1a\n")) return PictureKind::png;
  if (has(file, 0, "GIF87a") || has(file, 0, "GIF89a"))
    return PictureKind::gif;
  const std::string name = name_of(file);
  if (has(file, 0, "BM") && name != "text") return PictureKind::bmp;
  if (name.empty())
    return Broken{expected + "found a file that begins with the bytes " +
                  first_bytes(file)};
  return Broken{expected + "found " + name +
                (name == "text" ? "" : ": export it as JPEG")};
}

Broken cut_short(const std::string& format, const std::string& where) {
  return {"expected a whole " + format + " file, found its end in " +
          where + ": it was cut short"};
}

std::optional<Broken> wrong_size(const PictureHeader& header) {
  const std::string found =
      ", found " + grouped(header.width) + " x " + grouped(header.height);
  if (header.width == 0 || header.height == 0)
    return Broken{"expected a picture of 1 x 1 pixel or more" + found};
  if (header.width > longest_side || header.height > longest_side ||
      std::uint64_t{header.width} * header.height > most_pixels)
    return Broken{"expected at most " + grouped(longest_side) +
                  " pixels a side and " + grouped(most_pixels) + " in all" +
                  found};
  return std::nullopt;
}

Broken too_few_bytes(const std::string& format, const PictureHeader& header,
                     std::uint64_t least, std::uint64_t found) {
  return {"expected at least " + grouped(least) + " bytes for a " + format +
          " of " + grouped(header.width) + " x " + grouped(header.height) +
          " pixels, found " + grouped(found)};
}

OrBroken<PictureHeader> parse_picture_header(Bytes file) {
  const auto kind = picture_kind(file);
  if (const Broken* broken = std::get_if<Broken>(&kind)) return *broken;
  switch (std::get<PictureKind>(kind)) {
    case PictureKind::jpeg:
      return parse_jpeg_header(file);
    case PictureKind::png:
      return parse_png_header(file);
    case PictureKind::gif:
      return parse_gif_header(file);
    case PictureKind::bmp:
      break;
  }
  return parse_bmp_header(file);
}

}  // namespace cnn
