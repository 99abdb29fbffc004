// Steps 5 to 8: the rungs, verified and timed, the roof above them, and how
// fast the last one is with more threads and other batches and sizes.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "07-speed/differences.hpp"
#include "07-speed/figures.hpp"
#include "07-speed/ladder.hpp"
#include "07-speed/one_convolution.hpp"
#include "07-speed/scaling.hpp"
#include "07-speed/steps_measured.hpp"
#include "07-speed/steps_options.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- 5. Verified -------------------------------------------------------

inline void first_right_then_fast(const Program& program,
                                  const std::vector<Ladder>& ladders,
                                  const Dataset& digits) {
  step("First right, then fast");
  // The twentieth digit has two cells in one window of network B's second
  // pool that differ by less than rounding does: chance would decide which
  // of them gets the gradient.
  const Dataset some = first(digits, program.quick() ? 3 : 10);
  say("There are several ways to the same numbers: for network A from the "
      "plain loops up, for network B by direct sums and by fewer products. "
      "Of A's ways, 'x innermost' changes the order of the loops, 'im2col' "
      "writes every window out as a column, and 'lanes' puts an image into "
      "each lane. A register tile keeps many sums in the core, fused "
      "layers compute convolution, ReLU and pool in one go, and threads "
      "share a batch. Each way computes the logits and all gradients for " +
      counted_text(some.size(), "digit") +
      " and is compared with the plain loops in double precision. Here is "
      "the largest difference, as a share of the largest number.");
  for (const Ladder& ladder : ladders) {
    Rows rows = {{"network " + ladder.network, "logits", "gradients"}};
    const ExactStep exact(ladder.architecture, some);
    for (const Rung& rung : ladder.rungs) {
      const Difference off = compute_difference(*rung.network, exact);
      // (The last rung's name has the number of threads in it.)
      rows.push_back({rung.threads > 1 ? "+ threads" : rung.name,
                      format("%.0e", off.logits),
                      format("%.0e", off.gradients)});
    }
    print("\n");
    print_table(rows);
  }
}

// ---- 6. The ladder -----------------------------------------------------

inline void print_ladder(Measured& measured, const Ladder& ladder,
                         const std::vector<RungRate>& rates,
                         const Machine& machine) {
  const std::string times = "times " + ladder.first;
  Rows rows = {{"network " + ladder.network, "instructions", "images/s",
                "GFLOP/s", "% of peak", times}};
  for (const RungRate& rate : rates) {
    rows.push_back({rate.name, rate.isa, grouped(rate.images_per_second),
                    format("%.1f", rate.gflops),
                    percent(rate.share_of_peak, 0),
                    format("%.1f", rate.times_first)});
    const std::string rung = "rung " + std::to_string(rows.size() - 1) +
                             " of " + ladder.network + ", ";
    measured.value(rung + "GFLOP/s", rows.back()[3]);
    measured.value(rung + "of peak", rows.back()[4]);
    measured.value(rung + times, rows.back()[5]);
  }
  measured.table(rows);
  measured.figure("ladder-" + ladder.network + "-measured.svg",
                  ladder_figure(ladder.network, rates, machine),
                  "what each rung adds to those below it");
}

inline void the_ladder(const Program& program, Measured& measured,
                       std::vector<Ladder>& ladders, const Dataset& digits,
                       const Machine& machine) {
  step("The ladder");
  const Dataset batch = first(digits, program.quick() ? 3 : 64);
  say("The rungs take turns at a training step (forward, loss, backward, "
      "update) on " +
      counted_text(batch.size(), "digit") +
      ". The last column says how many times as fast each is as the first. "
      "Fewer products are for kernels of 3 x 3, which only network B has. "
      "The operations of B are counted as if it had computed direct sums, "
      "so its GFLOP/s are effective ones and may exceed the peak.");
  for (Ladder& ladder : ladders)
    print_ladder(measured, ladder,
                 compute_ladder(ladder, batch, machine,
                                program.quick() ? 1 : 5, patience(program)),
                 machine);
}

// ---- 7. Why: one convolution -------------------------------------------

inline void where_the_limit_is(const Program& program, Measured& measured,
                               const Machine& machine) {
  step("Where the limit is");
  OneConvolution one;
  if (program.quick()) one.H = 4;
  const int C = OneConvolution::C, K = OneConvolution::K, H = one.H;
  say("The second convolution of network B by itself, forward. im2col "
      "writes every window out as a column before it multiplies:");
  print("\n    the input of one image   %10s bytes\n",
        grouped(4.0 * C * H * H).c_str());
  print("    its columns              %10s bytes, %d times as many\n",
        grouped(4.0 * C * K * K * H * H).c_str(), K * K);
  const std::vector<RooflinePoint> points =
      one.measure(kernels_for(program.choice("isa")), patience(program));
  Rows rows = {{"", "FLOP per byte", "GFLOP/s", "% of peak"}};
  for (const RooflinePoint& point : points)
    rows.push_back({point.name, format("%.0f", point.intensity),
                    format("%.1f", point.flops / 1e9),
                    percent(point.flops / machine.peak, 0)});
  measured.table(rows);
  for (std::size_t i = 1; i < rows.size(); ++i)
    measured.value("one layer, " + rows[i][0] + ", of peak", rows[i][3]);
  measured.figure("roofline-measured.svg", roofline_figure(points, machine),
                  "under a slope, memory or a cache is the limit; under "
                  "the flat part, the core is; fewer products may pass it");
}

// ---- 8. Threads, batches, sizes ----------------------------------------

inline void print_threads(Measured& measured,
                          const std::vector<ThreadRates>& rates,
                          const Machine& machine) {
  Series A{"network A", {}, {}}, B{"network B", {}, {}};
  Rows rows = {{"threads", "A: images/s", "B: images/s", "B: % of peak"}};
  for (const ThreadRates& now : rates) {
    rows.push_back({std::to_string(now.threads), grouped(now.A),
                    grouped(now.B), percent(now.share_of_peak_B, 0)});
    A.x.push_back(now.threads);
    A.y.push_back(now.A / rates.front().A);
    B.x.push_back(now.threads);
    B.y.push_back(now.B / rates.front().B);
  }
  measured.table(rows);
  measured.figure("threads-measured.svg", speedup_figure({A, B}, machine),
                  "are more threads than processors any faster?");
}

inline Series rate_series(const std::vector<RateAt>& rates) {
  Series series{"", {}, {}};
  for (const RateAt& it : rates) {
    series.x.push_back(it.size);
    series.y.push_back(it.images_per_second);
  }
  return series;
}

inline void print_batches(Measured& measured,
                          const std::vector<RateAt>& rates,
                          const Machine& machine) {
  Rows rows = {{"images per step", "images/s"}};
  for (const RateAt& it : rates)
    rows.push_back(
        {std::to_string(it.size), grouped(it.images_per_second)});
  measured.table(rows);
  measured.figure(
      "batches-measured.svg",
      rate_figure("Training network A in batches of some size",
                  "images per step", {rate_series(rates)}, machine),
      "a batch too small to fill the lanes or the threads wastes them");
}

inline void print_sizes(Measured& measured,
                        const std::vector<RateAt>& rates,
                        const Machine& machine) {
  Rows rows = {{"image", "images/s", "pixels/s"}};
  for (const RateAt& it : rates)
    rows.push_back({format("%d x %d", it.size, it.size),
                    grouped(it.images_per_second),
                    grouped(it.images_per_second * it.size * it.size)});
  measured.table(rows);
  measured.figure(
      "sizes-measured.svg",
      rate_figure("Training a small network on larger images",
                  "rows and columns of an image", {rate_series(rates)},
                  machine),
      "do images with four times the pixels take four times as long?");
}

inline void threads_batches_sizes(const Program& program,
                                  Measured& measured,
                                  const Machine& machine) {
  step("Threads, batches, sizes");
  say("A batch is cut into shards of 16 images, or of more if there would "
      "otherwise be over 16 shards; each shard has its own sums of "
      "gradients, and the sums are added in the order of the shards. So "
      "any number of threads gives the same bits. (The peak in the table "
      "of threads is that of all cores at work.)");
  const std::string isa = program.choice("isa");
  const double seconds = 3 * patience(program);
  const bool quick = program.quick();
  const int most = quick ? 1 : std::max(2 * machine.processors, 2);
  print_threads(
      measured,
      compute_thread_rates(most, machine.processors, isa, seconds),
      machine);
  const std::vector<int> batches = {1, 8, 16, 32, 64, 128, 256, 512};
  print_batches(
      measured,
      compute_batch_rates(quick ? std::vector{1} : batches, isa, seconds),
      machine);
  const std::vector<int> sizes = {14, 28, 56, 112, 224};
  print_sizes(
      measured,
      compute_size_rates(quick ? std::vector{14} : sizes, isa, seconds),
      machine);
}

}  // namespace cnn
