// How this chapter measures times, and what the machine could do.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "07-speed/kernels.hpp"
#include "07-speed/workers.hpp"

namespace cnn {

inline double seconds_now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle]
                                : (values[middle - 1] + values[middle]) / 2;
}

// Seconds for one call, from as many calls as fill about `seconds`.
inline double seconds_per_call(const std::function<void()>& call,
                               double seconds) {
  const double begin = seconds_now();
  int calls = 0;
  double passed = 0;
  do {
    call();
    ++calls;
    passed = seconds_now() - begin;
  } while (passed < seconds);
  return passed / calls;
}

// The median seconds of each of several things, measured in turns (A B A B
// ...): what disturbs the machine then disturbs all of them.
inline std::vector<double> medians_in_turns(
    const std::vector<std::function<void()>>& calls, int rounds,
    double seconds) {
  std::vector<std::vector<double>> times(calls.size());
  for (const auto& call : calls) call();  // to warm memory and caches
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < calls.size(); ++i)
      times[i].push_back(seconds_per_call(calls[i], seconds));
  std::vector<double> medians;
  for (const auto& of_one : times) medians.push_back(median(of_one));
  return medians;
}

// ---- The machine -------------------------------------------------------

// How many bytes per second one core reads and writes while it copies one
// half of a block into the other.
struct Copying {
  std::string where;  // where the block lies: "L1"
  std::size_t bytes = 0;
  double bandwidth = 0;
};

struct Machine {
  std::string name, isa, date;
  int processors = 1, lanes = 1;
  double clock = 0;  // of one core, cycles per second
  double peak = 0;   // of one core, FLOP per second
  std::vector<Copying> copying = {
      {"L1", 16 << 10}, {"L2", 256 << 10}, {"memory", 128 << 20}};

  // Multiply-adds are two operations each, and there is one in each lane.
  double instructions_per_cycle() const { return peak / clock / 2 / lanes; }
  // For a figure: "Some CPU, 2 processors, avx512, 2026-01-31".
  std::string text() const {
    return name + ", " + std::to_string(processors) + " processors, " +
           isa + ", " + date;
  }
};

inline std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0)
      return line.substr(line.find(':') + 2);
  return "a CPU that does not say its name";
}

inline std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[11] = "";
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

// Runs a chain in which every operation waits for the one before: an
// exclusive or and an addition, one cycle each on every CPU of today.
// Returns its cycles.
inline std::uint64_t cycles(std::uint64_t links) {
  volatile std::uint64_t begin = 1, step = 0x9e3779b97f4a7c15u;
  std::uint64_t x = begin;
  const std::uint64_t mask = step;
  for (std::uint64_t i = 0; i < links; ++i) x = (x ^ mask) + i;
  begin = x;
  return 2 * links;
}

// FLOP per second of multiply-adds that do not wait for each other.
inline double peak_of_core(const Kernels& kernels, double seconds) {
  return 100 * kernels.peak(1) /
         seconds_per_call([&] { kernels.peak(100); }, seconds);
}

inline Machine look_at_machine(const Kernels& kernels, double seconds) {
  Machine machine{cpu_name(), kernels.name, today()};
  machine.processors = Workers(0).count();
  machine.lanes = kernels.lanes;
  const std::uint64_t links = 1000000;
  std::vector<std::function<void()>> calls = {[&] { kernels.peak(1000); },
                                              [&] { cycles(links); }};
  const std::size_t most = machine.copying.back().bytes;
  AlignedFloats memory(most / sizeof(float), 1.0f);
  const auto copies = [](std::size_t bytes) {  // in one call: 4 MB or more
    return std::max<std::size_t>((4 << 20) / bytes, 1);
  };
  for (const Copying& it : machine.copying)
    calls.push_back([&, half = it.bytes / 2] {
      float* to = memory.data() + half / sizeof(float);
      for (std::size_t i = 0; i < copies(2 * half); ++i)
        std::memcpy(to, memory.data(), half);
    });
  const auto times = medians_in_turns(calls, 5, seconds);
  machine.peak = kernels.peak(1) * 1000 / times[0];
  machine.clock = static_cast<double>(2 * links) / times[1];
  for (std::size_t i = 0; i < machine.copying.size(); ++i) {
    Copying& it = machine.copying[i];
    it.bandwidth =
        static_cast<double>(it.bytes * copies(it.bytes)) / times[i + 2];
  }
  return machine;
}

}  // namespace cnn
