#include "common/tensor.hpp"

#include "tests/catch.hpp"

using namespace cnn;

TEST_CASE("a tensor's strides are row-major") {
  CHECK(Tensor<>({2, 3, 4, 5}).strides() == std::vector<int>{60, 20, 5, 1});
  CHECK(Tensor<>({7}).strides() == std::vector<int>{1});
}
