// Exercise 6.
#include "inverted_dropout.hpp"

#include "common/tensor/random.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(inverted_dropout) {
  using namespace cnn;
  const Tensor<double> input({5}, {1, -2, 3, 4, 0.5}),
      mask({5}, {1, 0, 1, 1, 0}), grad({5}, {10, 20, -30, 40, 50});
  const auto as_written = [&](double p, double factor) {
    const auto kept = [&](const Tensor<double>& numbers) {
      Tensor<double> expected(numbers.shape());
      for (std::size_t i = 0; i < 5; ++i)
        if (mask.data()[i] > 0)
          expected.data()[i] = factor * numbers.data()[i];
      return expected;
    };
    const std::string words = ", mask " + text_of(mask) + ", p " +
                              text_of(p) + ", learning";
    check.equal("input " + text_of(input) + words, kept(input),
                [&] { return dropped_out(input, mask, p, true); });
    check.equal("gradient " + text_of(grad) + words, kept(grad), [&] {
      return dropped_out_backward(grad, mask, p, true);
    });
  };
  as_written(0.5, 2);
  as_written(0.2, 1.25);
  as_written(0.75, 4);
  for (const double p : {0.5, 0.2}) {
    check.equal(
        "input " + text_of(input) + ", p " + text_of(p) + ", answering",
        input, [&] { return dropped_out(input, mask, p, false); });
    check.equal(
        "gradient " + text_of(grad) + ", p " + text_of(p) + ", answering",
        grad, [&] { return dropped_out_backward(grad, mask, p, false); });
  }
  // The mean over many masks, rounded to one decimal.
  const int draws = 10000;
  Random random(1);
  Tensor<double> ones({draws}), masks({draws});
  for (double& one : ones.data()) one = 1;
  for (double& it : masks.data()) it = random.uniform() < 0.2f ? 0 : 1;
  check.equal("the mean of 10000 ones, p 0.2, learning, to a tenth", 1.0,
              [&] {
                double sum = 0;
                const Tensor<double> output =
                    dropped_out(ones, masks, 0.2, true);
                for (const double it : output.data()) sum += it;
                return std::round(10 * sum / draws) / 10;
              });
}
