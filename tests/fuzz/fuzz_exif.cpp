// Feeds the reader of a camera's note whatever bytes libFuzzer thinks of:
// it gives one of eight answers, and 1 for all that begins as no JPEG does.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "15-colour/exif.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const int orientation = cnn::exif_orientation({data, size});
  const bool jpeg = size >= 2 && data[0] == 0xff && data[1] == 0xd8;
  if (orientation < 1 || orientation > 8 || (!jpeg && orientation != 1)) {
    std::fprintf(stderr, "fuzz-exif: an orientation of %d\n", orientation);
    std::abort();
  }
  return 0;
}
