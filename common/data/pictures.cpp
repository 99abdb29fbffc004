#include "common/data/pictures.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/data/picture_header.hpp"

// How many bytes stb may still allocate. A file can claim a small picture
// and still make stb ask for gigabytes, so the sum is limited, too.
static thread_local std::size_t stb_allowance = 0;
// Whether the system had no memory for a request that was allowed.
static thread_local bool stb_ran_out = false;

// Zeroed memory: with a damaged file stb reads bytes that it never wrote.
static void* stb_take(std::size_t size) {
  if (size > stb_allowance) return nullptr;
  stb_allowance -= size;
  void* const memory = std::calloc(1, size);
  if (memory == nullptr) stb_ran_out = true;
  return memory;
}

static void* stb_grow(void* old, std::size_t size, std::size_t wanted) {
  void* const memory = stb_take(wanted);
  if (memory != nullptr && old != nullptr) {
    std::memcpy(memory, old, size < wanted ? size : wanted);
    std::free(old);
  }
  return memory;
}

#define STBI_MALLOC(size) stb_take(size)
#define STBI_REALLOC_SIZED(old, size, wanted) stb_grow(old, size, wanted)
#define STBI_FREE(memory) std::free(memory)
#define STBI_ASSERT(truth) static_cast<void>(0)
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_FAILURE_STRINGS
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

namespace cnn {
namespace {

struct Release {
  void operator()(void* memory) const { stbi_image_free(memory); }
};
template <class Number>
using Pixels = std::unique_ptr<Number, Release>;

// H x W pixels of `channels` numbers (3, or 4 with the opacity), each from
// 0 to the largest of its type -> (3, H, W), on white paper.
template <class Number>
Tensor<> on_paper(const Number* pixels, const PictureHeader& header,
                  int channels) {
  Tensor<> image(
      {3, static_cast<int>(header.height), static_cast<int>(header.width)});
  constexpr std::size_t levels = std::size_t{1} << (8 * sizeof(Number));
  std::vector<float> level(levels);
  for (std::size_t i = 0; i < levels; ++i)
    level[i] = static_cast<float>(i) / static_cast<float>(levels - 1);
  const std::size_t count = image.data().size() / 3;
  float* const red = image.data().data();
  float *const green = red + count, *const blue = green + count;
  for (std::size_t i = 0; i < count; ++i) {
    const Number* const pixel =
        pixels + static_cast<std::size_t>(channels) * i;
    red[i] = level[pixel[0]];
    green[i] = level[pixel[1]];
    blue[i] = level[pixel[2]];
  }
  if (channels == 3) return image;
  for (std::size_t i = 0; i < count; ++i) {
    const float opacity = level[pixels[4 * i + 3]];
    if (opacity == 1.0f) continue;
    for (float* const colour : {red + i, green + i, blue + i})
      *colour = opacity * *colour + (1.0f - opacity);
  }
  return image;
}

template <class Number>
OrBroken<Tensor<>> decoded(Bytes file, const PictureHeader& header) {
  const int channels = header.kind == PictureKind::jpeg ? 3 : 4;
  const int size = static_cast<int>(file.size());
  int width = 0, height = 0, ignored = 0;
  Pixels<Number> pixels;
  if constexpr (sizeof(Number) == 2)
    pixels.reset(stbi_load_16_from_memory(file.data(), size, &width,
                                          &height, &ignored, channels));
  else
    pixels.reset(stbi_load_from_memory(file.data(), size, &width, &height,
                                       &ignored, channels));
  if (!pixels || width != static_cast<int>(header.width) ||
      height != static_cast<int>(header.height)) {
    if (stb_ran_out)
      return Broken{"expected memory for a picture of " +
                    std::to_string(header.width) + " x " +
                    std::to_string(header.height) +
                    " pixels, found too little"};
    return Broken{
        "expected a picture that can be decoded, found pixels that cannot: "
        "the file is damaged"};
  }
  return on_paper(pixels.get(), header, channels);
}

}  // namespace

OrBroken<Tensor<>> parse_picture(Bytes file) {
  if (file.size() > most_picture_bytes)
    return Broken{"expected at most " + std::to_string(most_picture_bytes) +
                  " bytes, found " + std::to_string(file.size())};
  const auto read = parse_picture_header(file);
  const PictureHeader* header = std::get_if<PictureHeader>(&read);
  if (!header) return std::get<Broken>(read);
  // Room for a copy of the file, for its rows, and for two copies of the
  // pixels with four channels of 16 bits.
  stb_allowance = (std::size_t{64} << 20) + 4 * file.size() +
                  std::size_t{32} * header->width * header->height;
  stb_ran_out = false;
  return header->bits == 16 ? decoded<stbi_us>(file, *header)
                            : decoded<stbi_uc>(file, *header);
}

}  // namespace cnn
