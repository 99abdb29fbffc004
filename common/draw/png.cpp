#include <cstring>
#include <memory_resource>

#include "common/draw/picture.hpp"

// The memory that stb uses while it makes a PNG; all of it is released when
// the PNG is made. If malloc or realloc failed, stb would write through a
// null pointer, whereas this memory throws std::bad_alloc.
static thread_local std::pmr::memory_resource* stb_memory = nullptr;

static void* larger(const void* old, std::size_t size, std::size_t wanted) {
  void* const memory = stb_memory->allocate(wanted);
  if (old != nullptr) std::memcpy(memory, old, size);
  return memory;
}

#define STBIW_MALLOC(size) stb_memory->allocate(size)
#define STBIW_REALLOC_SIZED(old, size, wanted) larger(old, size, wanted)
#define STBIW_FREE(memory) static_cast<void>(memory)
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

namespace cnn {

// stb's settings stay as they are: its highest compression level makes our
// figures 1 % smaller and takes five times as long.
std::string png_bytes(const Picture& picture) {
  static_assert(sizeof(Colour) == 3, "stb reads three bytes per pixel");
  std::pmr::monotonic_buffer_resource memory;
  stb_memory = &memory;
  const struct Reset {
    ~Reset() { stb_memory = nullptr; }
  } reset;
  std::string bytes;
  const auto append = [](void* target, void* data, int size) {
    static_cast<std::string*>(target)->append(
        static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  stbi_write_png_to_func(append, &bytes, picture.width(), picture.height(),
                         3, &picture.at(0, 0), 3 * picture.width());
  return bytes;
}

}  // namespace cnn
