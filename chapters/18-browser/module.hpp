// The seam between the library and its host, a web page or node: what the
// host hands over lies in one room of bytes, what it gets back lies in one
// result, and the functions that they share take and return only numbers.
// Book: book/18-browser.md
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// Stands before the definition of a function that the host may call by
// name.
#ifdef __wasm__
#define CNN_EXPORT(name) extern "C" [[clang::export_name(#name)]]
#else
#define CNN_EXPORT(name) extern "C"
#endif

namespace cnn {

// What the host has put into the room, as bytes, as text or as floats. It
// stays there until the host asks for another room.
std::span<const std::uint8_t> given();
std::string_view given_text();
// Throws std::invalid_argument unless the bytes are whole floats.
std::span<const float> given_floats();

// Sets the result of a call, for the host to fetch: a copy, which stays
// until the next result.
void give(std::span<const float> numbers);
void give(std::string_view bytes);

}  // namespace cnn
