// Training in which some of the parameters keep their values.
// Book: book/08-seeing.md
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// SGD for all parameters except the first `frozen`, which keep their
// values. step() throws std::invalid_argument unless `frozen` is from 0 to
// the number of parameters.
class Freezing : public Optimizer {
 public:
  Freezing(std::ptrdiff_t frozen, double momentum)
      : frozen_(frozen), sgd_(momentum) {}
  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) override {
    if (frozen_ < 0 || frozen_ > std::ssize(parameters))
      fail(Refusal::argument,
           "Freezing: expected 0 to " + std::to_string(parameters.size()) +
               " parameters that stay, got " + std::to_string(frozen_));
    sgd_.step({parameters.begin() + frozen_, parameters.end()},
              learning_rate);
  }

 private:
  std::ptrdiff_t frozen_;
  Sgd sgd_;
};

}  // namespace cnn
