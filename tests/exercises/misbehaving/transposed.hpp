// A stub with every fault that a reader can make: CNN_MISBEHAVE says which.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline int deeper(volatile int* above) {
  volatile int here[1000];
  here[0] = *above + 1;
  if (here[0] < 0) return 0;
  return deeper(here) + here[0];
}

inline void throw_where_nobody_may() noexcept {
  std::vector<int>().at(0) = 1;
}

inline Tensor<> transposed(const Tensor<>& image) {
  const char* given = std::getenv("CNN_MISBEHAVE");
  const std::string way = given != nullptr ? given : "";
  volatile int zero = 0;
  if (way == "loop")
    while (zero == 0) {
    }
  if (way == "loop-that-prints")
    while (zero == 0) std::puts("round and round");
  if (way == "loop-that-fills-memory")
    for (std::vector<std::vector<int>> all;;) all.emplace_back(1000000, 1);
  if (way == "exit") std::exit(0);
  if (way == "exit-as-if-wrong") std::exit(1);
  if (way == "exit-at-once") std::_Exit(0);
  if (way == "exit-at-once-as-if-wrong") std::_Exit(1);
  if (way == "crash") *reinterpret_cast<volatile int*>(zero + 8) = 1;
  if (way == "divide") std::raise(SIGFPE);  // ARM gives 0 for 1 / 0
  if (way == "recursion") return Tensor<>({deeper(&zero), 1});
  if (way == "abort") std::abort();
  if (way == "throw") throw 1;
  if (way == "throw-where-nobody-may") throw_where_nobody_may();
  if (way == "print-100-MB")
    for (int i = 0; i < 100000; ++i)
      std::puts(std::string(1000, 'x').c_str());
  if (way == "print-and-solve") std::printf("a reader's own words");
  if (way == "crash-after-the-verdict") std::atexit([] { std::_Exit(11); });
  if (way == "print-and-solve" || way == "crash-after-the-verdict") {
    Tensor<> result({image.extent(1), image.extent(0)});
    for (int y = 0; y < image.extent(0); ++y)
      for (int x = 0; x < image.extent(1); ++x) result(x, y) = image(y, x);
    return result;
  }
  return image;
}

}  // namespace cnn
