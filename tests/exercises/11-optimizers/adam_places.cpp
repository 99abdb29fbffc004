// Exercise 5.
#include "adam_places.hpp"

#include "11-optimizers/by_hand.hpp"
#include "tests/exercises/check.hpp"

namespace {

cnn::Tensor<double> as_row(const std::vector<double>& numbers) {
  return cnn::Tensor<double>({static_cast<int>(numbers.size())}, numbers);
}

}  // namespace

EXERCISE(adam_places) {
  using namespace cnn;
  const auto ask = [&](const std::vector<double>& gradients, double rate,
                       const AdamSettings& settings) {
    std::vector<double> places;
    for (std::size_t n = 1; n <= gradients.size(); ++n) {
      Adam adam(settings);
      places.push_back(
          end_after(adam,
                    std::vector(gradients.begin(),
                                gradients.begin() + static_cast<int>(n)),
                    rate));
    }
    check.equal("gradients " + text_of(as_row(gradients)) + ", rate " +
                    text_of(rate) + ", betas " + text_of(settings.beta1) +
                    " and " + text_of(settings.beta2),
                as_row(places), [&] {
                  return as_row(adam_places(gradients, rate, settings));
                });
  };
  ask({1}, 0.1, {});
  ask({-3}, 0.1, {});
  ask({1, 1}, 0.1, {});
  ask({1, -1}, 0.1, {});
  ask({1, -1, 2, 0, 0.5, -4}, 0.25, {});
  AdamSettings published;
  published.beta1 = 0.95;
  published.beta2 = 0.99;
  ask({0.5, 0.5, -2, 0.125}, 0.01, published);
  AdamSettings wide;
  wide.epsilon = 0.5;
  ask({1, 0.25, -1}, 0.1, wide);
}
