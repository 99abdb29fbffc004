// Feeds the reader of pictures whatever bytes libFuzzer thinks of. It must
// give a picture whose numbers are from 0 to 1, the same one each time, or
// a refusal of one line, and must ask for no more memory than the size of
// the file and the size that it promises explain.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <variant>

#include "common/data/picture_header.hpp"
#include "common/data/pictures.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

bool same(const cnn::Tensor<>& a, const cnn::Tensor<>& b) {
  return a.shape() == b.shape() &&
         std::memcmp(a.data().data(), b.data().data(),
                     a.data().size_bytes()) == 0;
}

void require_line(const cnn::Broken& broken) {
  require(broken.rule.rfind("expected ", 0) == 0, "what was expected");
  for (const char c : broken.rule)
    require(c >= 32 && c < 127, "in one line of plain text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::span<const std::uint8_t> file(data, size);
  forget_memory();
  const auto header = cnn::parse_picture_header(file);
  require(most_asked_for <= 4 * size + (1u << 20),
          "a header asks for four times the file and 1 MB at most");
  // A few bytes may stand for many pixels, which take this program seconds.
  const auto* large = std::get_if<cnn::PictureHeader>(&header);
  if (large && std::uint64_t{large->width} * large->height > 1'000'000)
    return 0;
  const auto read = cnn::parse_picture(file);
  if (const auto* broken = std::get_if<cnn::Broken>(&read)) {
    require_line(*broken);
    require(most_asked_for < (std::size_t{70} << 20) + 8 * size ||
                std::holds_alternative<cnn::PictureHeader>(header),
            "a refusal asks for little");
    return 0;
  }
  const auto& image = std::get<cnn::Tensor<>>(read);
  const auto& promised = std::get<cnn::PictureHeader>(header);
  require(image.shape() == cnn::Shape{3, static_cast<int>(promised.height),
                                      static_cast<int>(promised.width)},
          "the size that the file promises");
  require(most_asked_for <=
              (std::size_t{65} << 20) + 8 * size +
                  std::size_t{44} * promised.height * promised.width,
          "44 bytes a pixel, eight times the file and 65 MB");
  for (const float level : image.data())
    require(level >= 0.0f && level <= 1.0f, "levels from 0 to 1");
  const auto again = cnn::parse_picture(file);
  require(std::holds_alternative<cnn::Tensor<>>(again) &&
              same(std::get<cnn::Tensor<>>(again), image),
          "the same picture each time");
  return 0;
}
