// How the library says no: every refusal comes through here, so that one
// place decides what becomes of it.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace cnn {

// What was wrong: what a function was handed, a place that is not there, or
// the world outside (a file, a run that broke, a system without threads).
enum class Refusal { argument, index, runtime };

#ifdef __cpp_exceptions

// Throws std::invalid_argument, std::out_of_range or std::runtime_error.
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

// Where nothing can be thrown (WebAssembly), the host is told the same
// words, and this program ends.
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
