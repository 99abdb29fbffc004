// What all fuzz targets that count memory share. Include it once per
// program: it defines the hooks that the sanitizers' runtime calls.
#pragma once

#include <sanitizer/allocator_interface.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

// The bytes in use, and the most at any time since forget_memory().
inline std::size_t asked_for = 0, most_asked_for = 0;

inline void forget_memory() {
  most_asked_for = asked_for = 0;
}

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

extern "C" void __sanitizer_malloc_hook(const volatile void*,
                                        std::size_t size) {
  asked_for += size;
  if (asked_for > most_asked_for) most_asked_for = asked_for;
}
extern "C" void __sanitizer_free_hook(const volatile void* block) {
  const std::size_t size = __sanitizer_get_allocated_size(block);
  asked_for -= size < asked_for ? size : asked_for;
}
