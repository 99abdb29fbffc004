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
  std::string name, isa;
  double images_per_second = 0;
  double gflops = 0;  // as if each product of (2.3) had been computed
  double share_of_peak = 0;  // of the peak of as many cores as threads
  double times_first = 0;    // how many times the first rung's speed
};

// The rates of all rungs. times: the seconds that each rung takes for a
// training step on `images` images; flops: FLOP of a step for one image.
inline std::vector<RungRate> ladder_rates(const std::vector<Rung>& rungs,
                                          const std::vector<double>& times,
                                          int images, double flops,
                                          const Machine& machine) {
  std::vector<RungRate> rates;
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    const double rate = images / times[i];
    rates.push_back({rungs[i].name, rungs[i].isa, rate, flops * rate / 1e9,
                     flops * rate / (machine.peak * rungs[i].threads),
                     times[0] / times[i]});
  }
  return rates;
}

// Times training steps on one batch, with the rungs taking turns.
inline std::vector<RungRate> compute_ladder(Ladder& ladder,
                                            const Dataset& batch,
                                            const Machine& machine,
                                            int rounds, double seconds) {
  std::vector<std::unique_ptr<TrainingLoop>> loops;
  std::vector<std::function<void()>> calls;
  for (Rung& rung : ladder.rungs) {
    initialize_alike(*rung.network);
    loops.push_back(std::make_unique<TrainingLoop>(rung, batch));
    calls.push_back([loop = loops.back().get()] { (*loop)(); });
  }
  return ladder_rates(
      ladder.rungs, medians_in_turns(calls, rounds, seconds), batch.size(),
      2 * count_work(ladder.architecture, ladder.image).training, machine);
}

}  // namespace cnn
