// Exercise 5.
#include "folded_filter.hpp"

#include "13-normalization/folding.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(folded_filter) {
  using namespace cnn;
  const auto as_row = [](const OneFilter& it) {
    std::vector<double> numbers = it.weight;
    numbers.push_back(it.bias);
    return Tensor<double>({static_cast<int>(numbers.size())}, numbers);
  };
  const auto one = [](double number) {
    return Tensor<double>({1}, number);
  };
  const auto ask = [&](const OneFilter& filter, const LearnedNorm& norm) {
    Tensor<double> weight({1, static_cast<int>(filter.weight.size())},
                          filter.weight),
        bias = one(filter.bias);
    fold_into<double>({one(norm.running_mean), one(norm.running_var)},
                      one(norm.gamma), one(norm.beta), norm.epsilon, weight,
                      bias);
    OneFilter expected{filter.weight, bias(0)};
    for (std::size_t i = 0; i < filter.weight.size(); ++i)
      expected.weight[i] = weight.data()[i];
    check.equal("weights and bias " + text_of(as_row(filter)) +
                    ", running_mean " + text_of(norm.running_mean) +
                    ", running_var " + text_of(norm.running_var) +
                    ", gamma " + text_of(norm.gamma) + ", beta " +
                    text_of(norm.beta),
                as_row(expected),
                [&] { return as_row(folded_filter(filter, norm)); });
  };
  ask({{2}, 0}, {1, 4, 1, 0});
  ask({{1, -1, 0.5}, 0}, {-2, 0.25, 3, 0.5});
  ask({{2}, 1}, {5, 4, 3, 0.5});
  ask({{1, 2, 3}, -4}, {0.1, 9, -1, 2});
  ask({{1}, 1}, {0, 0, 1, 0, 0.25});
}
