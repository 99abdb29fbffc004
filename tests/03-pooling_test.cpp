// Chapter 03 by hand. Random geometries are tried in geometry_test.cpp,
// PyTorch's values in reference_test.cpp.
#include <cmath>
#include <limits>

#include "03-pooling/pooling.hpp"
#include "03-pooling/shift.hpp"
#include "tests/catch.hpp"

using namespace cnn;

namespace {

Tensor<> sixteen() {
  return Tensor<>({1, 1, 4, 4}, {1, 3, 0, 0,  //
                                 2, 9, 0, 4,  //
                                 5, 5, 7, 1,  //
                                 5, 1, 2, 6});
}

}  // namespace

TEST_CASE("max-pooling keeps the largest of each window") {
  CHECK(max_pool(sixteen()) == Tensor<>({1, 1, 2, 2}, {9, 4, 5, 7}));
}

TEST_CASE("average pooling keeps the mean of each window") {
  CHECK(average_pool(sixteen()) ==
        Tensor<>({1, 1, 2, 2}, {3.75f, 1, 4, 4}));
}

TEST_CASE("windows overlap when the stride is smaller") {
  CHECK(max_pool(sixteen(), {.window = 3, .stride = 1}) ==
        Tensor<>({1, 1, 2, 2}, {9, 9, 9, 9}));
  CHECK(max_pool(sixteen(), {.window = 2, .stride = 1}) ==
        Tensor<>({1, 1, 3, 3}, {9, 9, 4, 9, 9, 7, 5, 7, 7}));
}

TEST_CASE("cells that no window reaches are left out") {
  CHECK(max_pool(sixteen(), {.window = 3, .stride = 3}) ==
        Tensor<>({1, 1, 1, 1}, 9.0f));
}

TEST_CASE("the border never wins a maximum, but counts in a mean") {
  const Tensor<> map({1, 1, 2, 2}, {-4, -3, -2, -1});
  const Pooling pooling{.window = 2, .stride = 2, .padding = 1};
  CHECK(max_pool(map, pooling) == map);
  CHECK(average_pool(map, pooling) ==
        Tensor<>({1, 1, 2, 2}, {-1, -0.75f, -0.5f, -0.25f}));
}

TEST_CASE("channels and images are pooled for themselves") {
  const Tensor<> batch({2, 2, 1, 2}, {1, 2, 4, 3, 6, 5, 7, 8});
  const Pooling row{.window = 1, .stride = 2};
  CHECK(max_pool(batch, row) == Tensor<>({2, 2, 1, 1}, {1, 4, 6, 7}));
}

TEST_CASE("a NaN shows in the maximum, wherever it stands") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t place = 0; place < 4; ++place) {
    Tensor<> map({1, 1, 2, 2}, {1, 2, 3, 4});
    map.data()[place] = nan;
    CHECK(std::isnan(max_pool(map)(0, 0, 0, 0)));
  }
}

TEST_CASE("a window that does not fit is an error") {
  CHECK(message_of([] { max_pool(sixteen(), {.window = 5}); }) ==
        "output_size: a window of 5 does not fit into 4 cells with padding "
        "0");
  CHECK_THAT(message_of([] { average_pool(sixteen(), {.stride = 0}); }),
             ContainsSubstring("stride 0"));
}

TEST_CASE("a window must not lie in the border alone") {
  CHECK(message_of([] {
          max_pool(sixteen(), {2, 2, 2});
        }) ==
        "max_pool: expected padding of at most half the window, got window "
        "2 and padding 2");
  CHECK_THAT(message_of([] {
               average_pool(sixteen(), {2, 2, 2});
             }),
             ContainsSubstring("average_pool: expected padding"));
}

TEST_CASE("pooling wants a batch of pictures") {
  CHECK(message_of([] {
          max_pool(Tensor<>({4, 4}));
        }) == "max_pool: input expects 4 axes, got shape (4, 4)");
}

TEST_CASE("shifted_right moves each row by one and brings in a zero") {
  CHECK(shifted_right(Tensor<>({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6})) ==
        Tensor<>({1, 1, 2, 3}, {0, 1, 2, 0, 4, 5}));
}

TEST_CASE("compare counts inked cells and those that changed") {
  const Tensor<> before({1, 1, 1, 4}, {0, 0.05f, 0.5f, 1});
  const Tensor<> after({1, 1, 1, 4}, {0, 0.12f, 0.5f, 0});
  const Change change = compare(before, after);
  CHECK(change.cells == 4);
  CHECK(change.inked == 3);    // 0.12, 0.5 and the 1 that went
  CHECK(change.changed == 1);  // 0.05 to 0.12 is too little
  CHECK(change.share_of_inked() == 1.0 / 3);
  CHECK(change.share_of_all() == 0.25);
  CHECK(change.share_inked() == 0.75);
  const double squares = 0.07 * 0.07 + 1;
  CHECK_THAT(change.relative_l2,
             WithinRel(std::sqrt(squares / (0.05 * 0.05 + 1.25)), 1e-6));
}

TEST_CASE("blank pictures compare without a division by zero") {
  const Change change = compare(Tensor<>({2, 2}), Tensor<>({2, 2}));
  CHECK(change.share_of_inked() == 0.0);
  CHECK(change.relative_l2 == 0.0);
  CHECK(message_of([] {
          compare(Tensor<>({2, 2}), Tensor<>({4}));
        }) == "compare: after expects shape (2, 2), got (4)");
}
