// Which instruction sets there are, and which one this CPU gets.
// Book: book/07-speed.md

#include "07-speed/kernels.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

namespace portable {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
namespace avx512 {
extern const Kernels kernels;
}
namespace neon {
extern const Kernels kernels;
}

const std::vector<const Kernels*>& all_kernels() {
  static const std::vector<const Kernels*> all = {
    &portable::kernels,
#if defined(CNN_PORTABLE_ONLY)
#elif defined(__x86_64__) || defined(_M_X64)
    &avx2::kernels,
    &avx512::kernels,
#elif defined(__aarch64__)
    &neon::kernels,
#endif
  };
  return all;
}

const Kernels& kernels_for(const std::string& isa) {
  const Kernels* chosen = nullptr;
  std::string names = "auto";
  for (const Kernels* kernels : all_kernels()) {
    if (kernels->runs()) names += std::string(", ") + kernels->name;
    if ((isa == "auto" || isa == kernels->name) && kernels->runs())
      chosen = kernels;
  }
  if (!chosen)
    fail(Refusal::argument, "kernels_for: no instruction set '" + isa +
                                "' on this CPU; it runs: " + names);
  return *chosen;
}

}  // namespace cnn
