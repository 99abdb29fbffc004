// The reader of pictures: what it shows of all that it reads, and what it
// says about all that it does not.
#include "common/data/pictures.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "17-handwriting/steps_folder.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"
#include "tests/picture_files.hpp"

#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

using namespace cnn;
using namespace picture_files;
namespace fs = std::filesystem;

namespace {

OrBroken<Tensor<>> parse(const std::string& bytes) {
  return parse_picture(
      {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// What the reader says about a file; "read" if it can read it.
std::string said_of(const std::string& bytes) {
  const auto read = parse(bytes);
  const Broken* broken = std::get_if<Broken>(&read);
  if (!broken) return "read";
  CHECK(broken->rule.rfind("expected ", 0) == 0);
  CHECK(broken->rule.find('\n') == std::string::npos);
  CHECK(broken->rule.find('\0') == std::string::npos);
  CHECK(broken->rule.size() < 200);
  return broken->rule;
}

void append(void* text, void* bytes, int size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes),
                                          static_cast<std::size_t>(size));
}

int side(Random& random) {
  return 1 + random.below(20);
}

// The beginning of a file like HEIC: a box "ftyp" with these brands.
std::string boxes(const std::string& brands) {
  return big(static_cast<std::uint32_t>(brands.size()) + 8, 4) + "ftyp" +
         brands + std::string(40, '\1');
}

}  // namespace

TEST_CASE("each way to store a picture shows the same colours") {
  Random random(1);
  for (int round = 0; round < 1500; ++round) {
    const int height = side(random), width = side(random);
    const PictureFile file = random_picture_file(height, width, random);
    INFO("round " << round << ": " << file.kind << ", " << height << " x "
                  << width);
    const auto read = parse(file.bytes);
    if (const Broken* broken = std::get_if<Broken>(&read))
      FAIL(broken->rule);
    const Tensor<>& image = std::get<Tensor<>>(read);
    REQUIRE(image.shape() == file.shows.shape());
    CHECK(max_abs_difference(image, file.shows) <= file.tolerance);
  }
}

TEST_CASE("a GIF whose table of codes is full goes on") {
  Random random(2);
  for (int round = 0; round < 12; ++round) {
    const PictureFile file = gif(75, 100, random);
    const auto read = parse(file.bytes);
    REQUIRE(std::holds_alternative<Tensor<>>(read));
    CHECK(max_abs_difference(std::get<Tensor<>>(read), file.shows) <=
          file.tolerance);
  }
}

TEST_CASE("pictures that another program wrote are read") {
  Random random(3);
  for (int round = 0; round < 60; ++round) {
    const int height = side(random), width = side(random),
              channels = 1 + random.below(4);
    std::vector<unsigned char> pixels;
    Tensor<> shows(Shape{3, height, width});
    const int slope = random.below(8);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        std::array<int, 4> numbers = {20 + slope * y, 30 + slope * x,
                                      200 - slope * x,
                                      100 + random.below(100)};
        for (int c = 0; c < channels; ++c)
          pixels.push_back(static_cast<unsigned char>(
              numbers[static_cast<std::size_t>(c)]));
        if (channels <= 2)
          numbers = {numbers[0], numbers[0], numbers[0], numbers[1]};
        if (channels % 2 == 1) numbers[3] = 255;
        show(shows, y, x, numbers);
      }
    const auto check = [&](const std::string& bytes, float tolerance) {
      const auto read = parse(bytes);
      REQUIRE(std::holds_alternative<Tensor<>>(read));
      REQUIRE(std::get<Tensor<>>(read).shape() == shows.shape());
      CHECK(max_abs_difference(std::get<Tensor<>>(read), shows) <=
            tolerance);
    };
    std::string png, bmp, jpeg;
    REQUIRE(stbi_write_png_to_func(append, &png, width, height, channels,
                                   pixels.data(), channels * width));
    check(png, 1e-6f);
    if (channels >= 3) {
      REQUIRE(stbi_write_bmp_to_func(append, &bmp, width, height, channels,
                                     pixels.data()));
      check(bmp, 1e-6f);
    }
    if (channels % 2 == 1) {
      REQUIRE(stbi_write_jpg_to_func(append, &jpeg, width, height, channels,
                                     pixels.data(), 100));
      check(jpeg, 0.03f);
    }
  }
}

TEST_CASE("what is transparent is paper") {
  const auto read =
      parse(png_header(1, 3, 8, 6, false) +
            png_chunk("IDAT", stored(std::string("\0"
                                                 "\0\0\0\0"
                                                 "\xff\0\0\x80"
                                                 "\0\0\0\xff",
                                                 13))) +
            png_chunk("IEND", ""));
  const Tensor<>& image = std::get<Tensor<>>(read);
  for (int c = 0; c < 3; ++c) {
    CHECK(image(c, 0, 0) == 1.0f);
    CHECK_THAT(image(c, 0, 1), Catch::Matchers::WithinAbs(
                                   c == 0 ? 1.0 : 127.0 / 255, 1e-6));
    CHECK(image(c, 0, 2) == 0.0f);
  }
}

TEST_CASE("a format that is not read is called by its name") {
  const std::string rest(60, '\7');
  const std::pair<std::string, std::string> known[] = {
      {boxes("heic" + big(0, 4) + "mif1heic"), "HEIC: export it as JPEG"},
      {boxes("mif1" + big(0, 4) + "mif1heic"), "HEIC: export it as JPEG"},
      {boxes("heix" + big(0, 4)), "HEIC: export it as JPEG"},
      {boxes("avif" + big(0, 4) + "avifmif1"), "AVIF: export it as JPEG"},
      {boxes("mif1" + big(0, 4) + "mif1avif"), "AVIF: export it as JPEG"},
      {boxes("isom" + big(0, 4)), "a video or a raw photograph: export it"},
      {"RIFF" + little(99, 4) + "WEBPVP8 " + rest,
       "WebP: export it as JPEG"},
      {std::string("II*\0", 4) + rest, "TIFF: export it as JPEG"},
      {std::string("MM\0*", 4) + rest, "TIFF: export it as JPEG"},
      {"%PDF-1.7\n" + rest, "PDF: export it as JPEG"},
      {"<?xml version=\"1.0\"?>\n<!-- a picture -->\n<svg/>",
       "SVG: export it as JPEG"},
      {"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
       "SVG: export it as JPEG"},
      {"file,label\na.png,7\n", "found text"},
      {"BMW is a make of car\n", "found text"},
      {"", "found an empty file"},
      {std::string(1, '\0'), "begins with the bytes 00"},
      {"\x89PNG\n\x1a\n" + rest, "begins with the bytes 89 50 4e 47"},
      {std::string("\0\0\x08\x03", 4) + rest,
       "begins with the bytes 00 00 08 03"}};
  for (const auto& [bytes, words] : known) {
    INFO(words);
    const std::string said = said_of(bytes);
    INFO(said);
    CHECK(said.rfind("expected a JPEG, PNG, BMP or GIF picture, found",
                     0) == 0);
    CHECK(said.find(words) != std::string::npos);
  }
}

TEST_CASE("a picture that was cut short is refused, wherever that was") {
  Random random(4);
  for (int round = 0; round < 60; ++round) {
    const PictureFile file =
        random_picture_file(side(random), side(random), random);
    // Nobody misses the byte that ends a GIF, nor a second image.
    const std::size_t needed =
        file.bytes[0] == 'G' ? file.bytes.size() / 2 : file.bytes.size();
    for (std::size_t size = 0; size < needed; ++size) {
      INFO(file.kind << ", " << size << " of " << file.bytes.size());
      const std::string said = said_of(file.bytes.substr(0, size));
      if (said == "read") CHECK(said != "read");
      // With the first half there is no doubt what was meant.
      if (size > needed / 2 && said.find("cut short") == std::string::npos)
        CHECK(said.rfind("expected at least ", 0) == 0);
    }
  }
}

TEST_CASE("a picture that promises too much is refused") {
  const std::string png = png_header(60000, 60000, 8, 2, false),
                    jpeg = FlatJpeg{}.bytes(60000, 60000, {{1, 2, 3, 4}}),
                    gif = "GIF89a" + little(60000, 2) + little(60000, 2) +
                          std::string("\0\0\0", 3);
  std::string bmp = "BM" + little(99, 4) + little(0, 4) + little(54, 4) +
                    little(40, 4) + little(60000, 4) + little(60000, 4) +
                    little(1, 2) + little(24, 2) + std::string(24, '\0');
  const std::string most =
      "expected at most 65,535 pixels a side and 100,000,000 in all, found "
      "60,000 x 60,000";
  for (const std::string& bytes :
       {png + png_chunk("IEND", ""), jpeg, gif, bmp})
    CHECK(said_of(bytes) == most);
  CHECK(said_of(png_header(65536, 1, 8, 2, false) + png_chunk("IEND", ""))
            .rfind("expected at most", 0) == 0);
  CHECK(said_of(png_header(1, 65536, 8, 2, false) + png_chunk("IEND", ""))
            .rfind("expected at most", 0) == 0);
  CHECK(said_of(png_header(-1, 1, 8, 2, false)).find("4,294,967,295") !=
        std::string::npos);
  CHECK(said_of(png_header(0, 5, 8, 2, false)).find("1 x 1") !=
        std::string::npos);

  // A size that is allowed, of which the file does not hold a thousandth.
  const std::string few = "expected at least ";
  CHECK(said_of(png_header(10000, 10000, 8, 6, true) +
                png_chunk("IDAT", stored("")) + png_chunk("IEND", ""))
            .rfind(few + "387,606 bytes for a PNG of 10,000 x 10,000", 0) ==
        0);
  CHECK(said_of(FlatJpeg{}.bytes(10000, 10000, {{1, 2, 3, 4}}))
            .rfind(few + "195,312 bytes for a JPEG", 0) == 0);
  bmp.replace(18, 8, little(10000, 4) + little(10000, 4));
  CHECK(said_of(bmp).rfind(few + "300,000,054 bytes for a BMP", 0) == 0);
  CHECK(said_of("GIF89a" + little(10000, 2) + little(10000, 2) +
                std::string("\x80\0\0", 3) + std::string(6, '\0') +
                gif_image(10000, 10000, false, {0, 1, 0}, 1))
            .find("expected a GIF's image of 100000000 pixels, found codes "
                  "for 3") == 0);
}

TEST_CASE("a small picture that holds much more than it shows is refused") {
  // 1 x 1 pixel, and many zeros: 258 of them in each 13 bits.
  const auto png_with = [](int zeros) {
    Bits bits{true};
    bits.put(0x0178, 16);  // zlib's two bytes
    bits.put(3, 3);        // the last block, of the fixed codes
    bits.put(0x0c, 8);     // the literal 0: 00110000, its bits reversed
    for (int i = 0; i < zeros / 258; ++i) bits.put(0xa3, 13);
    bits.put(0, 7);                      // the end
    bits.bytes += std::string(4, '\0');  // a checksum, which stb skips
    return png_header(1, 1, 8, 0, false) + png_chunk("IDAT", bits.bytes) +
           png_chunk("IEND", "");
  };
  CHECK(said_of(png_with(5'000'000)) == "read");
  CHECK(png_with(100'000'000).size() < 700'000);
  CHECK(said_of(png_with(100'000'000)).find("the file is damaged") !=
        std::string::npos);

  FlatJpeg many;
  many.progressive = true;
  many.scans = 100;
  CHECK(said_of(many.bytes(8, 8, {{1, 2, 3, 4}})) == "read");
  many.scans = 101;
  CHECK(
      said_of(many.bytes(8, 8, {{1, 2, 3, 4}})).find("at most 100 scans") !=
      std::string::npos);

  std::vector<int> pixels(16, 1);
  const auto gif_of = [&pixels] {
    return "GIF89a" + little(4, 2) + little(4, 2) +
           std::string("\x80\0\0\0\0\0\xff\xff\xff", 9) +
           gif_image(4, 4, false, pixels, 1) + ";";
  };
  CHECK(said_of(gif_of()) == "read");
  pixels.push_back(1);
  CHECK(said_of(gif_of()).find("found codes for more") !=
        std::string::npos);
}

TEST_CASE("the parts of a picture that do not fit are told apart") {
  const auto jpeg = [](const FlatJpeg& writer) {
    return writer.bytes(8, 8, {{9, 9, 9, 9}});
  };
  const auto changed = [&](const FlatJpeg& writer, const std::string& from,
                           const std::string& to) {
    std::string bytes = jpeg(writer);
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  FlatJpeg plain;
  plain.transform = -1;
  FlatJpeg four = plain;
  four.colours = 4;
  CHECK(said_of(jpeg(plain)) == "read");
  CHECK(said_of(jpeg(four)).find("CMYK") != std::string::npos);
  four.transform = 1;
  CHECK(said_of(jpeg(four)).find("CMYK") != std::string::npos);
  const std::string whole = jpeg(plain),
                    frame = whole.substr(whole.find("\xff\xc0"), 19);
  CHECK(said_of("\xff\xd8" + frame + "\xff\xd9") ==
        "expected a frame and a scan in a JPEG, found none");
  CHECK(said_of("\xff\xd8" + frame + whole.substr(2)) ==
        "expected one whole frame in a JPEG");
  CHECK(said_of(changed(plain, "\xff\xc0", "\xff\xc9"))
            .find("found marker FF C9") != std::string::npos);
  CHECK(said_of(changed(plain, std::string("\x11\x08", 2),
                        std::string("\x11\x0c", 2)))
            .find("8 bits a colour, found 12") != std::string::npos);
  // A table of 255 codes of each length, as no JPEG can have.
  CHECK(said_of("\xff\xd8" +
                jpeg_segment(0xc4, byte(0x10) + std::string(16, '\xff') +
                                       std::string(4080, '\1')) +
                jpeg(plain).substr(2))
            .find("at most 256 codes") != std::string::npos);
  for (const char* corner : {"\1\0\0\0\4\0\4\0", "\0\0\1\0\4\0\3\0",
                             "\0\0\0\0\3\0\4\0", "\0\0\0\0\4\0\5\0"})
    CHECK(said_of("GIF89a" + little(4, 2) + little(4, 2) +
                  std::string("\x80\0\0\0\0\0\xff\xff\xff,", 10) +
                  std::string(corner, 8) + std::string("\0\2\1\4\0;", 6)) ==
          "expected a GIF whose first image fills its screen");
  CHECK(said_of(png_header(1, 1, 8, 5, false) +
                png_chunk("IEND", std::string(9, '\0')))
            .find("found kind 5 with 8 bits") != std::string::npos);
  CHECK(said_of(png_header(1, 1, 4, 2, false) +
                png_chunk("IEND", std::string(9, '\0')))
            .find("found kind 2 with 4 bits") != std::string::npos);
  std::string packed = "BM" + little(99, 4) + little(0, 4) + little(62, 4) +
                       little(40, 4) + little(1, 4) + little(1, 4) +
                       little(1, 2) + little(8, 2) + little(1, 4) +
                       std::string(60, '\0');
  CHECK(said_of(packed).find("not compressed, found coding 1") !=
        std::string::npos);
  packed.replace(30, 4, little(0, 4)).replace(10, 4, little(54, 4));
  CHECK(said_of(packed) ==
        "expected a BMP's pixels at byte 58 or later, found 54");
  CHECK(said_of("GIF89a" + little(1, 2) + little(1, 2) +
                std::string("\0\0\0!\xf9\3abc\0", 10)) ==
        "expected a GIF's control block of 4 bytes, found 3");
  // Its first code, of three bits, is 4: begin. Then 7, when 6 comes next.
  CHECK(said_of("GIF89a" + little(1, 2) + little(1, 2) +
                std::string("\0\0\0,\0\0\0\0\1\0\1\0\0\2\1\x3c\0;", 18)) ==
        "expected a GIF's code for pixels, found none");
}

TEST_CASE("whatever a stranger changes, it is a picture or one line") {
  Random random(5);
  int pictures = 0, refusals = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string bytes =
        random_picture_file(side(random), side(random), random).bytes;
    for (int i = 1 + random.below(4); i > 0; --i) {
      const auto at = static_cast<std::size_t>(
          random.below(static_cast<int>(bytes.size())));
      switch (random.below(4)) {
        case 0:
          bytes[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          bytes.erase(at, 1 + static_cast<std::size_t>(random.below(9)));
          break;
        case 2:
          bytes.insert(at, 1 + static_cast<std::size_t>(random.below(9)),
                       static_cast<char>(random.below(256)));
          break;
        default:
          bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.below(8));
      }
      if (bytes.empty()) bytes = "\xff";
    }
    const auto read = parse(bytes);
    if (const auto* image = std::get_if<Tensor<>>(&read)) {
      ++pictures;
      for (const float level : image->data())
        if (!(level >= 0.0f && level <= 1.0f)) FAIL("a level of " << level);
      // The same file, the same picture.
      CHECK(std::get<Tensor<>>(parse(bytes)) == *image);
    } else {
      ++refusals;
      said_of(bytes);
    }
  }
  CHECK(pictures > 400);
  CHECK(refusals > 400);
}

TEST_CASE("a picture on disk is what its bytes are, and named if refused") {
  const TemporaryFolder folder;
  const auto path_with = [&](const std::string& name,
                             const std::string& bytes) {
    const fs::path path = folder / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  };
  const auto said = [](const fs::path& path) -> std::string {
    try {
      upright_picture(path);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "read";
  };
  Random random(6);
  const PictureFile gif = picture_files::gif(5, 7, random);
  CHECK(max_abs_difference(upright_picture(path_with("a.jpg", gif.bytes)),
                           gif.shows) <= gif.tolerance);
  CHECK(said(path_with("\xc3\xa9t\xc3\xa9 1.png", gif.bytes)) == "read");
  CHECK(said(path_with("empty.png", "")) ==
        (folder / "empty.png").string() +
            ": expected a JPEG, PNG, BMP or GIF picture, found an empty "
            "file");
  CHECK(said(path_with("c.jpg", "words\n")).find("c.jpg: expected") !=
        std::string::npos);
  CHECK(said(folder.path()) ==
        folder.path().string() + ": expected a file, found a folder");
  CHECK(said(folder / "none.png").find("found none") != std::string::npos);
#ifndef _WIN32
  CHECK(said("/dev/null").find("found a device") != std::string::npos);
#endif
  const fs::path large = path_with("large.png", gif.bytes);
  fs::resize_file(large, most_picture_bytes + 1);
  CHECK(said(large) ==
        large.string() +
            ": expected at most 200000000 bytes, found 200000001 bytes");
}
