// How the library reports what is wrong: every refusal goes through fail(),
// so that one place decides what happens then.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace cnn {

// What was wrong: an argument, an index that does not exist, or something
// outside the function (a file, a failed run, a system without threads).
enum class Refusal { argument, index, runtime };

#ifdef __cpp_exceptions

// Throws std::invalid_argument, std::out_of_range or std::runtime_error,
// one for each kind of refusal.
[[noreturn]] inline void fail(Refusal kind, const std::string& text) {
  switch (kind) {
    case Refusal::argument:
      throw std::invalid_argument(text);
    case Refusal::index:
      throw std::out_of_range(text);
    case Refusal::runtime:
      break;
  }
  throw std::runtime_error(text);
}

#else

// Without exceptions (in WebAssembly), the host is handed the same text,
// and the program ends.
#ifdef __wasm__
[[clang::import_module("env"), clang::import_name("cnn_refuse")]]
#endif
extern "C" [[noreturn]] void
cnn_refuse(const char* text, std::size_t size);
[[noreturn]] inline void fail(Refusal, const std::string& text) {
  cnn_refuse(text.data(), text.size());
}

#endif

}  // namespace cnn
