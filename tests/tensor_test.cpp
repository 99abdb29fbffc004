#include "common/tensor/tensor.hpp"

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include "common/tensor/named.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

// The numbers 0, 1, 2, ... in the given shape.
Tensor<> counting(const Shape& shape) {
  Tensor<> tensor(shape);
  std::iota(tensor.data().begin(), tensor.data().end(), 0.0f);
  return tensor;
}

}  // namespace

TEST_CASE("a tensor's strides are row-major") {
  CHECK(Tensor<>({2, 3, 4, 5}).strides() == std::vector<int>{60, 20, 5, 1});
  CHECK(Tensor<>({7}).strides() == std::vector<int>{1});
  CHECK(Tensor<>({2, 1, 3}).strides() == std::vector<int>{3, 3, 1});
}

TEST_CASE("an index is found at the sum of index times stride") {
  const Tensor<> tensor = counting({2, 3, 4, 5});
  std::size_t place = 0;
  for (int n = 0; n < 2; ++n)
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 5; ++x) {
          CHECK(tensor.offset(n, c, y, x) == place);
          CHECK(tensor(n, c, y, x) == static_cast<float>(place));
          ++place;
        }
}

TEST_CASE("a tensor knows its shape") {
  const Tensor<> tensor({2, 3, 4}, 1.5f);
  CHECK(tensor.shape() == Shape{2, 3, 4});
  CHECK(tensor.rank() == 3);
  CHECK(tensor.extent(0) == 2);
  CHECK(tensor.extent(2) == 4);
  CHECK(tensor.size() == 24);
  CHECK(tensor.data().size() == 24);
  CHECK(tensor(1, 2, 3) == 1.5f);
  CHECK(Tensor<>({2}) == Tensor<>({2}, 0.0f));
  CHECK(Tensor<>().size() == 0);
  CHECK(to_string(Shape{8, 3, 28}) == "(8, 3, 28)");
  CHECK(to_string(Shape{}) == "()");
}

TEST_CASE("a tensor is written through its index and its data") {
  Tensor<> tensor({2, 2});
  tensor(1, 0) = 5;
  tensor.data()[3] = 7;
  CHECK(tensor == Tensor<>({2, 2}, {0, 0, 5, 7}));
  const Tensor<> copy = tensor;
  tensor(0, 0) = 1;
  CHECK(copy(0, 0) == 0.0f);
}

TEST_CASE("equal means the same shape and the same numbers") {
  CHECK(counting({2, 3}) == counting({2, 3}));
  CHECK_FALSE(counting({2, 3}) == counting({3, 2}));
  CHECK_FALSE(counting({2, 3}) == Tensor<>({2, 3}));
}

TEST_CASE("the numbers must be as many as the shape holds") {
  CHECK(message_of([] {
          Tensor<>({2, 3}, std::vector<float>(5));
        }) == "tensor: shape (2, 3) expects 6 numbers, got 5");
  CHECK_THROWS_AS(Tensor<>({2}, std::vector<float>(3)),
                  std::invalid_argument);
}

TEST_CASE("negative and too many extents are refused") {
  CHECK(message_of([] {
          Tensor<>({2, -3});
        }) ==
        "tensor: expected extents of 0 or more, but the shape is (2, -3)");
  const int many = 100000;
  for (const Shape& shape :
       {Shape{many, many}, Shape{2, many, many}, Shape{0, many, many},
        Shape{many, many, 0}, Shape{many, many, many, many}}) {
    INFO(to_string(shape));
    CHECK_THAT(message_of([&] { Tensor<>{shape}; }),
               ContainsSubstring(" holds more numbers than an int counts"));
    CHECK_THROWS_AS(Tensor<>(shape, std::vector<float>{}),
                    std::invalid_argument);
    CHECK_THROWS_AS(row_major_strides(shape), std::invalid_argument);
  }
  CHECK(element_count({0, 5}) == 0);
  CHECK(element_count({46340, 46340}) == 46340 * 46340);
}

#ifndef NDEBUG
TEST_CASE("without NDEBUG a wrong index throws") {
  Tensor<> tensor({2, 3});
  const Tensor<>& constant = tensor;
  CHECK(message_of([&] { tensor(1, 3); }) ==
        "tensor: index (1, 3) is not inside shape (2, 3)");
  CHECK_THROWS_AS(tensor(2, 0), std::out_of_range);
  CHECK_THROWS_AS(tensor(-1, 0), std::out_of_range);
  CHECK_THROWS_AS(constant(0, -1), std::out_of_range);
  CHECK_THROWS_AS(tensor(1), std::out_of_range);
  CHECK_THROWS_AS(tensor(0, 0, 0), std::out_of_range);
  CHECK_THROWS_AS(tensor.offset(0, 3), std::out_of_range);
  CHECK_THROWS_AS(Tensor<>()(0), std::out_of_range);
  CHECK_NOTHROW(tensor(1, 2));
}
#endif

TEST_CASE("reshaped reads the same numbers in the same order") {
  const Tensor<> tensor = counting({2, 3, 4});
  const Tensor<> other = tensor.reshaped({4, 6});
  CHECK(other == counting({4, 6}));
  CHECK(other.strides() == std::vector<int>{6, 1});
  CHECK(tensor.shape() == Shape{2, 3, 4});
  CHECK(tensor.reshaped({24}).reshaped({2, 3, 4}) == tensor);
}

TEST_CASE("reshaped from a temporary moves no number") {
  Tensor<> tensor = counting({2, 3});
  const float* numbers = tensor.data().data();
  const Tensor<> moved = std::move(tensor).reshaped({3, 2});
  CHECK(moved.data().data() == numbers);
  CHECK(moved == counting({3, 2}));
}

TEST_CASE("an extent of -1 is whatever is left over") {
  const Tensor<> tensor = counting({2, 3, 4});
  CHECK(tensor.reshaped({-1}).shape() == Shape{24});
  CHECK(tensor.reshaped({2, -1}).shape() == Shape{2, 12});
  CHECK(tensor.reshaped({-1, 3, 2}).shape() == Shape{4, 3, 2});
  CHECK(Tensor<>({0, 3}).reshaped({-1}).shape() == Shape{0});
  CHECK(Tensor<>({0, 3}).reshaped({-1, 2}).shape() == Shape{0, 2});
  for (const Shape& any : {Shape{0, -1}, {-1, 2, 0}, {0, 0, -1}})
    CHECK(message_of([&] {
            Tensor<>({0, 3}).reshaped(any);
          }) == "reshaped: (0, 3) cannot be read as " + to_string(any) +
                    ": beside 0 numbers, any extent would do for -1");
}

TEST_CASE("reshaped refuses to gain or lose numbers") {
  const Tensor<> tensor({2, 3});
  CHECK(message_of([&] {
          (void)tensor.reshaped({2, 4});
        }) ==
        "reshaped: (2, 3) holds 6 numbers and cannot be read as (2, 4)");
  for (const Shape& any : {Shape{3, -1, -1}, {-1, -1}, {-1, 0, -1, -1}})
    CHECK(message_of([&] { (void)tensor.reshaped(any); }) ==
          "reshaped: only one extent may be -1, got " + to_string(any));
  for (const Shape& wrong :
       {Shape{5}, Shape{4, -1}, Shape{-1, -1}, Shape{-2, -3}, Shape{0, -1},
        Shape{}, Shape{7, -1}})
    CHECK_THROWS_AS(tensor.reshaped(wrong), std::invalid_argument);
  CHECK(tensor.shape() == Shape{2, 3});
}

TEST_CASE("convert changes the type of the numbers") {
  const Tensor<> tensor({2, 1}, {0.1f, -2.0f});
  const Tensor<double> wide = convert<double>(tensor);
  CHECK(wide.shape() == tensor.shape());
  CHECK(wide(0, 0) == static_cast<double>(0.1f));
  CHECK(convert<float>(wide) == tensor);
  CHECK(convert<int>(Tensor<double>({2}, {2.9, -2.9})) ==
        Tensor<int>({2}, {2, -2}));
}

TEST_CASE("item is one of a batch") {
  const Tensor<> batch = counting({3, 2, 2});
  CHECK(item(batch, 0) == Tensor<>({2, 2}, {0, 1, 2, 3}));
  CHECK(item(batch, 2) == Tensor<>({2, 2}, {8, 9, 10, 11}));
  CHECK(message_of([&] { item(batch, 3); }) ==
        "item: no item 3 in a batch of shape (3, 2, 2)");
  CHECK_THROWS_AS(item(batch, -1), std::out_of_range);
  CHECK_THROWS_AS(item(Tensor<>({4}), 0), std::out_of_range);
}

TEST_CASE("max_abs_difference finds the largest of either sign") {
  const Tensor<> a({3}, {1, 2, 3});
  CHECK(max_abs_difference(a, a) == 0.0f);
  CHECK(max_abs_difference(a, Tensor<>({3}, {1, 4.5f, 2})) == 2.5f);
  CHECK(max_abs_difference(a, Tensor<>({3}, {-1, 2, 3})) == 2.0f);
  CHECK(message_of([&] {
          max_abs_difference(a, Tensor<>({1, 3}));
        }) ==
        "max_abs_difference: the second tensor expects shape (3), got "
        "(1, 3)");
}

TEST_CASE("a NaN anywhere makes max_abs_difference a NaN") {
  const Tensor<> zeros({3});
  for (int place = 0; place < 3; ++place) {
    Tensor<> spoilt({3}, 1.0f);
    spoilt(place) = not_a_number;
    INFO("NaN at " << place);
    CHECK(std::isnan(max_abs_difference(spoilt, zeros)));
    CHECK(std::isnan(max_abs_difference(zeros, spoilt)));
  }
}

TEST_CASE("the shape checks begin as they are told") {
  CHECK_NOTHROW(require_rank({1, 2}, 2, "f", "input"));
  CHECK(message_of([] {
          require_rank({1, 2}, 3, "f", "input");
        }) == "f: input expects 3 axes, got shape (1, 2)");
  CHECK_NOTHROW(require_shape({1, 2}, {1, 2}, "f", "bias"));
  CHECK(message_of([] {
          require_shape({1, 2}, {2, 1}, "f", "bias");
        }) == "f: bias expects shape (2, 1), got (1, 2)");
}

TEST_CASE("what has a name is found by it, or all names are told") {
  struct Kind {
    std::string name;
    int number;
  };
  const std::vector<Kind> all = {{"one", 1}, {"two", 2}, {"two", 3}};
  CHECK(find_named(all, "one") == &all[0]);
  CHECK(find_named(all, "two") == &all[1]);  // the first of that name
  for (const char* name : {"three", "", "on", "one "}) {
    CHECK(find_named(all, name) == nullptr);
    CHECK(message_of([&] { named_in(all, name, "kind"); }) ==
          "kind: expected one of one, two, two, got '" + std::string(name) +
              "'");
    CHECK_THROWS_AS(named_in(all, name, "kind"), std::invalid_argument);
  }
  CHECK(&named_in(all, "two", "kind") == &all[1]);
  CHECK(names_of(all) == "one, two, two");
  CHECK(names_of(std::vector<Kind>{}).empty());
}
