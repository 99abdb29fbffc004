// Chapter 03 by hand. Random geometries are tried in geometry_test.cpp,
// PyTorch's values in reference_test.cpp.
#include <cmath>
#include <limits>

#include "03-pooling/pooling.hpp"
#include "03-pooling/rotated_windows.hpp"
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

TEST_CASE("windows of 3 x 3 that move by 2 share a row or a column") {
  const Tensor<> map({1, 1, 5, 5}, {1, 0, 2, 0, 1,  //
                                    0, 3, 8, 1, 0,  //
                                    2, 1, 0, 5, 4,  //
                                    0, 6, 1, 0, 2,  //
                                    1, 0, 3, 2, 0});
  const Pooling pooling{.window = 3, .stride = 2};
  CHECK(max_pool(map, pooling) == Tensor<>({1, 1, 2, 2}, {8, 8, 6, 5}));
  CHECK(
      average_pool(map, pooling) ==
      Tensor<>({1, 1, 2, 2}, {17.0f / 9, 21.0f / 9, 14.0f / 9, 17.0f / 9}));
}

TEST_CASE("equal numbers have one maximum") {
  const Tensor<> map({1, 1, 2, 4}, {7, 7, -2, -2,  //
                                    7, 7, -2, -3});
  CHECK(max_pool(map) == Tensor<>({1, 1, 1, 2}, {7, -2}));
}

TEST_CASE("a window of minus infinities has that maximum") {
  const float lowest = -std::numeric_limits<float>::infinity();
  CHECK(max_pool(Tensor<>({1, 1, 2, 2}, lowest)) ==
        Tensor<>({1, 1, 1, 1}, lowest));
}

TEST_CASE("a window of one cell changes nothing, its stride leaves out") {
  const Pooling one{.window = 1, .stride = 1};
  CHECK(max_pool(sixteen(), one) == sixteen());
  CHECK(average_pool(sixteen(), one) == sixteen());
  const Pooling every_third{.window = 1, .stride = 3};
  const Tensor<> corners({1, 1, 2, 2}, {1, 0, 5, 6});
  CHECK(max_pool(sixteen(), every_third) == corners);
  CHECK(average_pool(sixteen(), every_third) == corners);
}

TEST_CASE("pictures need not be square") {
  const Tensor<> map({1, 1, 3, 5}, {1, 2, 3, 4, 5,   //
                                    6, 7, 8, 9, 10,  //
                                    11, 12, 13, 14, 15});
  CHECK(max_pool(map) == Tensor<>({1, 1, 1, 2}, {7, 9}));
  CHECK(average_pool(map) == Tensor<>({1, 1, 1, 2}, {4, 6}));
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

TEST_CASE("a NaN shows in maximum and mean, wherever it stands") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t place = 0; place < 4; ++place) {
    Tensor<> map({1, 1, 2, 2}, {1, 2, 3, 4});
    map.data()[place] = nan;
    CHECK(std::isnan(max_pool(map)(0, 0, 0, 0)));
    CHECK(std::isnan(average_pool(map)(0, 0, 0, 0)));
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
  CHECK(message_of([] { average_pool(Tensor<>({4})); }) ==
        "average_pool: input expects 4 axes, got shape (4)");
}

// ---- shift.hpp ---------------------------------------------------------

TEST_CASE("shifted moves every picture and brings in zeros") {
  const Tensor<> two({1, 2, 2, 3}, {1, 2, 3, 4, 5, 6,  //
                                    7, 8, 9, 10, 11, 12});
  CHECK(shifted(two, 0, 0) == two);
  CHECK(shifted(two, 0, 1) == Tensor<>({1, 2, 2, 3}, {0, 1, 2, 0, 4, 5,  //
                                                      0, 7, 8, 0, 10, 11}));
  CHECK(shifted(two, 0, -2) == Tensor<>({1, 2, 2, 3}, {3, 0, 0, 6, 0, 0,  //
                                                       9, 0, 0, 12, 0, 0}));
  CHECK(shifted(two, 1, 0) == Tensor<>({1, 2, 2, 3}, {0, 0, 0, 1, 2, 3,  //
                                                      0, 0, 0, 7, 8, 9}));
  CHECK(shifted(two, -1, 1) ==
        Tensor<>({1, 2, 2, 3}, {0, 4, 5, 0, 0, 0,  //
                                0, 10, 11, 0, 0, 0}));
}

TEST_CASE("shifted by more than the picture leaves nothing") {
  const Tensor<> picture({1, 1, 2, 3}, 5.0f);
  const Tensor<> blank({1, 1, 2, 3});
  CHECK(shifted(picture, 2, 0) == blank);
  CHECK(shifted(picture, 0, -7) == blank);
}

TEST_CASE("shifted wants a batch of pictures") {
  CHECK(message_of([] {
          shifted(Tensor<>({4, 4}), 0, 1);
        }) == "shifted: images expects 4 axes, got shape (4, 4)");
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

TEST_CASE("exactly 0.1 is neither ink nor a change") {
  const Change change =
      compare(Tensor<>({2}, {0.0f, 0.1f}), Tensor<>({2}, {0.1f, 0.0f}));
  CHECK(change.inked == 0);
  CHECK(change.changed == 0);
}

TEST_CASE("blank pictures compare without a division by zero") {
  const Change change = compare(Tensor<>({2, 2}), Tensor<>({2, 2}));
  CHECK(change.share_of_inked() == 0.0);
  CHECK(change.relative_l2 == 0.0);
  CHECK(Change{}.share_of_all() == 0.0);
}

TEST_CASE("compare hides neither a NaN nor ink out of nothing") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor<> blank({2}), ink({2}, {0, 1}), broken({2}, {0, nan});
  CHECK(std::isnan(compare(ink, broken).relative_l2));
  CHECK(std::isnan(compare(broken, ink).relative_l2));
  CHECK(std::isnan(compare(blank, broken).relative_l2));
  CHECK(std::isinf(compare(blank, ink).relative_l2));
}

TEST_CASE("compare expects equal shapes") {
  CHECK(message_of([] {
          compare(Tensor<>({2, 2}), Tensor<>({4}));
        }) == "compare: after expects shape (2, 2), got (4)");
}

TEST_CASE("mean_share_of_inked gives every picture the same weight") {
  // 1 of 1 inked cells changes, 1 of 4, and none of none.
  const Tensor<> before({3, 4}, {1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0});
  const Tensor<> after({3, 4}, {0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0});
  CHECK(mean_share_of_inked(before, after) == (1.0 + 0.25 + 0.0) / 3);
  CHECK(compare(before, after).share_of_inked() == 2.0 / 5);
}

TEST_CASE("mean_share_of_inked says what it needs") {
  CHECK(message_of([] {
          mean_share_of_inked(Tensor<>({2, 2}), Tensor<>({2, 3}));
        }) ==
        "mean_share_of_inked: after expects shape (2, 2), got (2, 3)");
  CHECK(message_of([] {
          mean_share_of_inked(Tensor<>({0, 4}), Tensor<>({0, 4}));
        }) ==
        "mean_share_of_inked: expected one picture or more, got shape "
        "(0, 4)");
}

// ---- rotated_windows.hpp ------------------------------------------------

TEST_CASE("rotated_windows rotates each window where it lies") {
  CHECK(rotated_windows(sixteen(), 2) ==
        Tensor<>({1, 1, 4, 4}, {9, 2, 4, 0,  //
                                3, 1, 0, 0,  //
                                1, 5, 6, 2,  //
                                5, 5, 1, 7}));
  CHECK(rotated_windows(sixteen(), 1) == sixteen());
  CHECK(rotated_windows(rotated_windows(sixteen(), 4), 4) == sixteen());
}

TEST_CASE("rotated windows pool to the same maps") {
  const Tensor<> rotated = rotated_windows(sixteen(), 2);
  CHECK_FALSE(rotated == sixteen());
  CHECK(max_pool(rotated) == max_pool(sixteen()));
  CHECK(average_pool(rotated) == average_pool(sixteen()));
}

TEST_CASE("rotated_windows expects windows that fill the picture") {
  CHECK(message_of([] { rotated_windows(sixteen(), 3); }) ==
        "rotated_windows: expected a window that divides height and width, "
        "got window 3 and images (1, 1, 4, 4)");
  CHECK_THAT(message_of([] { rotated_windows(sixteen(), 0); }),
             ContainsSubstring("got window 0"));
  CHECK_THAT(message_of([] {
               rotated_windows(Tensor<>({1, 1, 4, 6}), 4);
             }),
             ContainsSubstring("got window 4 and images (1, 1, 4, 6)"));
  CHECK(message_of([] {
          rotated_windows(Tensor<>({4, 4}), 2);
        }) == "rotated_windows: images expects 4 axes, got shape (4, 4)");
}
