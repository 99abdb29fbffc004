// What exp, log and cos of a float give in this platform's library, with
// all NaNs made alike: a checksum over many of the results, or some of them
// as they are. functions.wasm exports both functions, and natively.cpp
// prints both.
#include <bit>
#include <cmath>
#include <cstdint>

#ifdef __wasm__
#define EXPORTED(name) [[clang::export_name(#name)]]
#else
#define EXPORTED(name)
#endif

static std::uint32_t result(int which, std::uint32_t bits) {
  const float x = std::bit_cast<float>(bits);
  const float y = which == 0   ? std::exp(x)
                  : which == 1 ? std::log(x)
                               : std::cos(x);
  return std::isnan(y) ? 0x7fc00000u : std::bit_cast<std::uint32_t>(y);
}

// The results for the 16,384 floats whose bits are first, first + 1, ...
extern "C" EXPORTED(results_of_function) const
    std::uint32_t* results_of_function(int which, std::uint32_t first) {
  static std::uint32_t results[16384];
  for (std::uint32_t i = 0; i < 16384; ++i)
    results[i] = result(which, first + i);
  return results;
}

// The checksum of the results for `count` floats, whose bits are first,
// first + stride, ...
extern "C" EXPORTED(checksum_of_function) double checksum_of_function(
    int which, std::uint32_t first, std::uint32_t stride,
    std::uint32_t count) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  for (std::uint32_t i = 0; i < count; ++i, first += stride)
    sum = (sum ^ result(which, first)) * 0x100000001b3u;
  return static_cast<double>(sum >> 11);  // 53 bits, all that a double has
}
