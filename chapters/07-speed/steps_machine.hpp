// Steps 1 to 3: the work, the machine that does it, and its lanes.
// Book: book/07-speed.md
#pragma once

#include <string>

#include "07-speed/figures.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/sobel_in_lanes.hpp"
#include "07-speed/steps_measured.hpp"
#include "07-speed/steps_options.hpp"
#include "07-speed/work.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- 1. The work -------------------------------------------------------

inline void what_there_is_to_compute() {
  step("What there is to compute");
  say("At every place of its output, a convolution multiplies each weight "
      "by one number and adds the product to a sum. Each time that is one "
      "multiply-add, or two operations (FLOP). Here is their number for "
      "one digit on its way forward through chapter 06's network (A) and "
      "through a larger one (B):");
  for (const bool larger : {false, true}) {
    const Work work =
        count_work(larger ? larger_network : digit_network, {1, 28, 28});
    Rows rows = {{larger ? "network B" : "network A", "multiply-adds"}};
    for (std::size_t i = 0; i < work.names.size(); ++i)
      rows.push_back({work.names[i], grouped(work.forward[i])});
    rows.push_back({"forward in all", grouped(work.all_forward())});
    rows.push_back({"forward and backward", grouped(work.training)});
    print("\n");
    print_table(rows);
  }
  print("\n");
  say("Backward costs twice what forward costs, once for the weights and "
      "once for the input, except in the first layer, where nobody asks "
      "for the gradient of a digit.");
}

// ---- 2. The machine ----------------------------------------------------

inline Machine what_this_machine_could_do(const Program& program,
                                          Measured& measured) {
  step("What this machine could do");
  say("We measure the machine's clock with a chain of operations that wait "
      "for each other, its peak with multiply-adds that do not, and its "
      "memory by copying one half of a block into the other. A block of 16 "
      "kB fits into the first cache (L1), one of 256 kB into the second "
      "(L2), and one of 128 MB only into memory. One GFLOP/s is a billion "
      "operations a second, and one GB/s is a billion bytes read or "
      "written a second. (What is measured differs from run to run, so it "
      "goes to standard error.)");
  const Machine machine = look_at_machine(
      kernels_for(program.choice("isa")), patience(program));
  Rows rows = {
      {"machine", machine.name},
      {"instruction set", machine.isa},
      {"lanes: numbers per instruction", std::to_string(machine.lanes)},
      {"clock", format("%.2f GHz", machine.clock / 1e9)},
      {"multiply-add instructions per cycle",
       format("%.2f", machine.instructions_per_cycle())},
      {"peak of one core", format("%.0f GFLOP/s", machine.peak / 1e9)}};
  for (const Copying& it : machine.copying) {
    const std::string rate = format("%.1f", it.bandwidth / 1e9);
    rows.push_back({"one core copying in " + it.where, rate + " GB/s"});
    measured.value("copying in " + it.where + ", GB/s", rate);
  }
  rows.push_back({"measured on", machine.date});
  measured.table(rows);
  return machine;
}

// ---- 3. One image per lane ---------------------------------------------

inline void one_image_per_lane(Program& program, const Dataset& digits) {
  step("One image per lane");
  say("A vector instruction computes 4, 8 or 16 numbers at once, its "
      "lanes. Take 16, and let each lane be an image: a cell holds the "
      "same pixel of 16 digits. The loops stay as they are. What was one "
      "number is now 16, and a weight is multiplied by all of them.");
  const int y = 9, x = 14;
  program.figure("lanes.png", lanes_figure(digits, y, x),
                 "one marked pixel in each of 16 digits, and the cell that "
                 "they form together");
  const SobelTwice sobel = compute_sobel(digits, program.choice("isa"));
  const auto text = [&](const Tensor<>& output, int n) {
    return format("%.4f", static_cast<double>(output(n, 0, y, x)));
  };
  Rows rows = {{"digit", "one by one", "all at once"}};
  for (int n = 0; n < 4; ++n)
    rows.push_back({std::to_string(n), text(sobel.one_by_one, n),
                    text(sobel.all_at_once, n)});
  print("\n");
  say(
      format("Chapter 02's Sobel kernel on digits 0 to 3 of these 16, with "
             "its window at row %d, column %d (all are counted from 0):",
             y, x));
  print("\n");
  print_table(rows);
  print("\n");
  const int channels = 4, columns = 7;
  say(
      format("A core is fast only if it has many sums to add to at once. "
             "Here are %d of them at one place of the kernel, the tile of "
             "%d channels by %d columns of the output for vectors of 16:",
             channels * columns, channels, columns));
  program.figure("tile.svg", tile_figure(channels, columns),
                 "every number that is read serves several sums");
}

}  // namespace cnn
