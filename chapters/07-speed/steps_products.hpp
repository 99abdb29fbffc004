// Step 4: fewer products, what they cost, and how exact they are.
// Book: book/07-speed.md
#pragma once

#include <array>
#include <string>
#include <vector>

#include "07-speed/figures.hpp"
#include "07-speed/products_and_errors.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 4. Fewer products -------------------------------------------------

// "3 x 2 + 1 x 1 + 4 x 3 = 19": one output the direct way.
inline std::string direct_output(const std::array<double, 4>& d,
                                 const std::array<double, 3>& g,
                                 std::size_t first) {
  std::string text;
  double sum = 0;
  for (std::size_t k = 0; k < g.size(); ++k) {
    text += format("%s%g x %g", k == 0 ? "" : " + ", d[first + k], g[k]);
    sum += d[first + k] * g[k];
  }
  return text + format(" = %g", sum);
}

inline void print_four_products() {
  const std::array<double, 4> d = {3, 1, 4, 2};
  const std::array<double, 3> g = {2, 1, 3};
  const auto m = four_products(d, g);
  const auto y = two_outputs(m);
  say("Two neighbouring outputs of a filter with three taps take six "
      "products. The inputs d0 to d3 are 3, 1, 4, 2, the weights g0 to g2 "
      "are 2, 1, 3:");
  print("\n    y0 = %s\n    y1 = %s\n\n", direct_output(d, g, 0).c_str(),
        direct_output(d, g, 1).c_str());
  say("The same two outputs from four products:");
  print("\n");
  const auto row = [&](const char* name, std::size_t i,
                       const std::string& inputs, double input,
                       const std::string& weights, double weight) {
    return Strings{name, inputs + format(" = %g", input),
                   weights + format(" = %g", weight), format("%g", m[i])};
  };
  print_table({{"", "of inputs", "of weights", "product"},
               row("m1", 0, "d0 - d2", d[0] - d[2], "g0", g[0]),
               row("m2", 1, "d1 + d2", d[1] + d[2], "(g0 + g1 + g2) / 2",
                   (g[0] + g[1] + g[2]) / 2),
               row("m3", 2, "d2 - d1", d[2] - d[1], "(g0 - g1 + g2) / 2",
                   (g[0] - g[1] + g[2]) / 2),
               row("m4", 3, "d1 - d3", d[1] - d[3], "g2", g[2])});
  print("\n    y0 = m1 + m2 + m3 = %g\n    y1 = m2 - m3 - m4 = %g\n\n",
        y[0], y[1]);
}

inline void print_operations(const std::vector<WayToConvolve>& ways,
                             int channels) {
  say(format(
      "Done by columns and then by rows, such tricks give squares of 2 x "
      "2, 4 x 4 or 6 x 6 outputs; F(2 x 2, 3 x 3) is for squares of 2 x 2 "
      "and a kernel of 3 x 3. Here is what each output costs in a layer "
      "with %d channels in and out, first in the two direct ways: one sum "
      "over everything, or a short sum for each of the kernel's nine "
      "places. We compute it with numbers that count what is done with "
      "them. Products with fixed numbers such as 4 or 5 have a column of "
      "their own, and what is done with the weights alone is left out:",
      channels));
  Rows rows = {{"", "products", "additions", "times constants"}};
  const double outputs = channels * compared_size * compared_size;
  for (const WayToConvolve& way : ways) {
    const Operations count = compute_operations(way, channels);
    const auto each = [&](long long all) {
      return format("%.1f", static_cast<double>(all) / outputs);
    };
    rows.push_back({way.name, each(count.products), each(count.additions),
                    each(count.constants)});
  }
  print("\n");
  print_table(rows);
  print("\n");
}

inline void print_errors(Program& program,
                         const std::vector<WayToConvolve>& ways,
                         const std::vector<int>& channels, int seeds) {
  say(
      format("How exact is that? We compare each way in float with double "
             "precision. Here is the largest error as a share of the "
             "largest output, over layers with normally distributed inputs "
             "and weights by He's rule, from seeds 1 to %d:",
             seeds));
  Rows rows = {{""}};
  for (const WayToConvolve& way : ways) rows.push_back({way.name});
  std::vector<double> errors;
  for (const int C : channels) {
    errors = compute_errors(ways, C, seeds);
    rows[0].push_back(format("%d channels", C));
    for (std::size_t way = 0; way < ways.size(); ++way)
      rows[way + 1].push_back(format("%.1e", errors[way]));
  }
  print("\n");
  print_table(rows);
  program.figure("products-and-errors.svg",
                 errors_figure(ways, errors, channels.back()),
                 "further left: fewer products; further up: larger errors");
}

inline void fewer_products(Program& program) {
  step("Fewer products");
  const std::vector<WayToConvolve> ways = ways_to_convolve();
  const bool quick = program.quick();
  print_four_products();
  print_operations(ways, quick ? 1 : 32);
  print_errors(program, ways,
               quick ? std::vector{1} : std::vector{32, 64, 128},
               quick ? 1 : 10);
}

}  // namespace cnn
