// Exercise 1.
#include "count_parameters.hpp"

#include "tests/exercises/check.hpp"

int main() {
  using namespace cnn;
  Check check;
  const auto count = [&](int C_in, int C_out, int K, int expected) {
    check.equal("C_in " + std::to_string(C_in) + ", C_out " +
                    std::to_string(C_out) + ", K " + std::to_string(K),
                expected, [&] { return count_parameters(C_in, C_out, K); });
  };
  count(1, 1, 3, 10);
  count(1, 8, 3, 80);
  count(3, 16, 5, 1216);
  count(8, 16, 5, 3216);
  count(64, 10, 1, 650);
  return check.report("count_parameters");
}
