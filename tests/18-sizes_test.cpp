#include <cmath>
#include <stdexcept>
#include <vector>

#include "10-initialization/size_runs.hpp"
#include "18-browser/gain_sizes.hpp"
#include "common/data/files.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

Tensor<> some_digits(int count) {
  return first(embedded_digits().held_out, count).images;
}

}  // namespace

TEST_CASE("the page's sizes are those of chapter 10", "[18]") {
  const Tensor<> images = some_digits(5);
  const Tensor<double> input = flat_doubles(images);
  int compared = 0;
  for (const SizeRun& run :
       compute_sizes(images, gain_layers, gain_width, 1)) {
    if (run.activation != Activation::relu ||
        (run.gain != 1 && run.gain != 2 && run.gain != 16))
      continue;
    INFO(run.gain);
    ++compared;
    const std::vector<double> numbers = gain_sizes(run.gain, input, 1);
    REQUIRE(numbers.size() == 4 * gain_layers);
    for (std::size_t l = 1; l <= gain_layers; ++l) {
      INFO(l);
      const double* of_layer = &numbers[4 * (l - 1)];
      CHECK(of_layer[0] == run.measured.forward[l]);
      CHECK_THAT(of_layer[1], WithinRel(run.formula.forward[l], 1e-9));
      CHECK(of_layer[2] == run.measured.backward[l]);
      CHECK_THAT(of_layer[3], WithinRel(run.formula.backward[l], 1e-9));
    }
  }
  CHECK(compared == 3);
}

TEST_CASE("four times the gain is twice the size, layer by layer", "[18]") {
  const Tensor<double> input = flat_doubles(some_digits(2));
  const auto one = gain_sizes(2, input, 3), four = gain_sizes(8, input, 3);
  for (int l = 1; l <= gain_layers; ++l) {
    const auto n = static_cast<std::size_t>(4 * (l - 1));
    CHECK(four[n] == std::ldexp(one[n], l));
    CHECK(four[n + 2] == std::ldexp(one[n + 2], gain_layers - l));
  }
  // Even far from 2 nothing vanishes and nothing overflows.
  for (const double gain : {0.01, 100.0})
    for (const double size : gain_sizes(gain, input, 3))
      CHECK((size > 0 && std::isfinite(size)));
  for (const double gain : {0.0, -1.0, 1e5, std::nan("")})
    CHECK_THROWS_AS(gain_sizes(gain, input, 3), std::invalid_argument);
}
