// Exercise 4.
#include "early_stopping.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(early_stopping) {
  using namespace cnn;
  const auto keep = [&](const std::vector<double>& losses, int patience,
                        int expected) {
    std::string input = "losses";
    for (const double loss : losses) input += " " + text_of(loss);
    check.equal(input + ", patience " + std::to_string(patience), expected,
                [&] { return epoch_to_keep(losses, patience); });
  };
  keep({0.9, 0.5, 0.4, 0.3}, 2, 3);
  keep({0.9, 0.5, 0.6, 0.7, 0.1}, 2, 1);
  keep({0.9, 0.5, 0.6, 0.4, 0.7}, 2, 3);
  keep({0.3, 0.9, 0.8, 0.7, 0.1}, 3, 0);
  keep({0.5, 0.5, 0.5, 0.2}, 2, 0);
  keep({0.7}, 1, 0);
  keep({0.7, 0.8}, 5, 0);
}
