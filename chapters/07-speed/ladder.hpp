// How fast each rung of the ladder is.
// Book: book/07-speed.md
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "07-speed/bench.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/rungs.hpp"
#include "07-speed/work.hpp"

namespace cnn {

struct RungRate {
  std::string name;
  double images_per_second = 0, gflops = 0;
  double share_of_peak = 0;  // of as many cores as it has threads
  double times_plain = 0;    // as fast as the first rung
};

// From the seconds that a training step on so many images takes on each
// rung; flops: of one image.
inline std::vector<RungRate> ladder_rates(const std::vector<Rung>& rungs,
                                          const std::vector<double>& times,
                                          int images, double flops,
                                          const Machine& machine) {
  std::vector<RungRate> rates;
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    const double rate = images / times[i];
    rates.push_back({rungs[i].name, rate, flops * rate / 1e9,
                     flops * rate / (machine.peak * rungs[i].threads),
                     times[0] / times[i]});
  }
  return rates;
}

// Training steps of chapter 06's network on one batch, rung by rung, in
// turns.
inline std::vector<RungRate> compute_ladder(std::vector<Rung>& rungs,
                                            const Dataset& batch,
                                            const Machine& machine,
                                            int rounds, double seconds) {
  std::vector<std::unique_ptr<TrainingLoop>> loops;
  std::vector<std::function<void()>> calls;
  for (Rung& rung : rungs) {
    loops.push_back(std::make_unique<TrainingLoop>(rung, batch));
    calls.push_back([loop = loops.back().get()] { (*loop)(); });
  }
  return ladder_rates(
      rungs, medians_in_turns(calls, rounds, seconds), batch.size(),
      2 * count_work(digit_network, {1, 28, 28}).training, machine);
}

}  // namespace cnn
