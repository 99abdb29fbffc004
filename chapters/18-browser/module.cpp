// Book: book/18-browser.md
#include "18-browser/module.hpp"

#include <cstddef>
#include <cstring>
#include <vector>

#include "07-speed/kernels.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

namespace {

std::vector<std::uint8_t> in_the_room, the_result;

void give_bytes(const void* from, std::size_t size) {
  the_result.resize(size);
  if (size > 0) std::memcpy(the_result.data(), from, size);
}

}  // namespace

std::span<const std::uint8_t> given() {
  return in_the_room;
}

std::string_view given_text() {
  return {reinterpret_cast<const char*>(in_the_room.data()),
          in_the_room.size()};
}

std::span<const float> given_floats() {
  if (in_the_room.size() % sizeof(float) != 0)
    fail(Refusal::argument, "given_floats: expected whole floats, got " +
                                counted_text(in_the_room.size(), "byte"));
  return {reinterpret_cast<const float*>(in_the_room.data()),
          in_the_room.size() / sizeof(float)};
}

void give(std::span<const float> numbers) {
  give_bytes(numbers.data(), numbers.size_bytes());
}

void give(std::string_view bytes) {
  give_bytes(bytes.data(), bytes.size());
}

// ---- What the host calls -----------------------------------------------

// Chapter 07's version number of the engine. The same settings give the
// same checksum only with the same version.
CNN_EXPORT(engine_version) int version_of_engine() {
  return engine_version;
}

// Makes a room of `bytes` bytes, and returns where the host may put them.
CNN_EXPORT(room) std::uint8_t* room(std::size_t bytes) {
  in_the_room = std::vector<std::uint8_t>(bytes);
  return in_the_room.data();
}

// Where the result of the last call lies, and how many bytes it has.
CNN_EXPORT(result) const std::uint8_t* result() {
  return the_result.data();
}
CNN_EXPORT(result_bytes) std::size_t result_bytes() {
  return the_result.size();
}

}  // namespace cnn
