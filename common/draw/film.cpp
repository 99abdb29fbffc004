// Films: animated PNG, made of the PNGs that stb writes. Each frame but the
// first holds only the rectangle in which it differs from the one before.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "common/draw/image.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

namespace {

// The checksum at the end of a chunk (PNG specification, annex D).
std::uint32_t checksum(const std::string& bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320u : 0u);
  }
  return ~crc;
}

// A number as `bytes` bytes, the most significant first.
std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i)
    text += static_cast<char>((value >> (8 * i)) & 0xff);
  return text;
}

std::string chunk(const std::string& type, const std::string& data) {
  return number(static_cast<std::uint32_t>(data.size()), 4) + type + data +
         number(checksum(type + data), 4);
}

// The data of all chunks of a type in a PNG, one after the other.
std::string data_of(const std::string& png, const std::string& type) {
  std::string data;
  for (std::size_t at = 8; at + 12 <= png.size();) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
      length = length * 256 + static_cast<std::uint8_t>(png[at + i]);
    if (png.compare(at + 4, 4, type) == 0)
      data += png.substr(at + 8, length);
    at += 12 + length;
  }
  return data;
}

struct Rectangle {
  int left = 0, top = 0, right = 1, bottom = 1;  // at least one pixel
};

// The rectangle in which two pictures of one size differ.
Rectangle difference(const Picture& a, const Picture& b) {
  Rectangle it{a.width(), a.height(), 0, 0};
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x)
      if (a.at(x, y) != b.at(x, y)) {
        it.left = std::min(it.left, x),
        it.right = std::max(it.right, x + 1);
        it.top = std::min(it.top, y), it.bottom = y + 1;
      }
  return it.right == 0 ? Rectangle() : it;
}

Picture cut(const Picture& whole, const Rectangle& it) {
  Picture part(it.right - it.left, it.bottom - it.top);
  part.paste(whole, -it.left, -it.top);
  return part;
}

void require_frames(const std::vector<Picture>& frames, int milliseconds) {
  if (frames.empty())
    fail(Refusal::argument, "film_bytes: expected frames, got none");
  if (milliseconds < 1 || milliseconds > 60000)
    fail(Refusal::argument,
         "film_bytes: expected 1 to 60000 milliseconds, got " +
             std::to_string(milliseconds));
  for (const Picture& frame : frames)
    if (frame.width() != frames[0].width() ||
        frame.height() != frames[0].height())
      fail(Refusal::argument,
           "film_bytes: expected frames of one size, got " +
               std::to_string(frames[0].width()) + " x " +
               std::to_string(frames[0].height()) + " and " +
               std::to_string(frame.width()) + " x " +
               std::to_string(frame.height()));
}

}  // namespace

std::string film_bytes(const std::vector<Picture>& frames,
                       int milliseconds) {
  require_frames(frames, milliseconds);
  const std::string last = png_bytes(frames.back());
  const auto count = static_cast<std::uint32_t>(frames.size());
  std::string film = last.substr(0, 8) +
                     chunk("IHDR", data_of(last, "IHDR")) +
                     chunk("acTL", number(count, 4) + number(0, 4)) +
                     chunk("IDAT", data_of(last, "IDAT"));
  std::uint32_t sequence = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Picture& frame = frames[i];
    const Rectangle part =
        i == 0 ? Rectangle{0, 0, frame.width(), frame.height()}
               : difference(frames[i - 1], frame);
    const int delay = milliseconds + (i + 1 == frames.size() ? 2000 : 0);
    std::string control = number(sequence++, 4);
    for (const int size : {part.right - part.left, part.bottom - part.top,
                           part.left, part.top})
      control += number(static_cast<std::uint32_t>(size), 4);
    control += number(static_cast<std::uint32_t>(delay), 2) +
               number(1000, 2) + number(0, 2);  // keep, and overwrite
    film += chunk("fcTL", control);
    film += chunk("fdAT", number(sequence++, 4) +
                              data_of(png_bytes(cut(frame, part)), "IDAT"));
  }
  return film + chunk("IEND", "");
}

}  // namespace cnn
