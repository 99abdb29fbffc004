// Chapter 03 by hand. Random geometries are tried in geometry_test.cpp,
// PyTorch's values in reference_test.cpp.
#include <cmath>

#include "03-pooling/look_alikes.hpp"
#include "03-pooling/pooled_windows.hpp"
#include "03-pooling/pooling.hpp"
#include "03-pooling/reading.hpp"
#include "03-pooling/rotated_windows.hpp"
#include "03-pooling/shift.hpp"
#include "03-pooling/shift_changes.hpp"
#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

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
  const float lowest = -infinity;
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
  const float nan = not_a_number;
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

TEST_CASE("padding of more than half the window is refused") {
  CHECK_THAT(message_of([] {
               max_pool(sixteen(), {3, 1, 2});
             }),
             ContainsSubstring("got window 3 and padding 2"));
  // Padding 1 of a window of 3 is not, nor is 1 of 2.
  CHECK(max_pool(sixteen(), {3, 1, 1}).shape() == Shape{1, 1, 4, 4});
  CHECK(max_pool(sixteen(), {2, 2, 1}).shape() == Shape{1, 1, 3, 3});
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
  CHECK(change.inked == 3);    // 0.12, 0.5 and the 1 that is gone
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
  const float nan = not_a_number;
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

// ---- The program's experiments -----------------------------------------

TEST_CASE("windows_of: every window, its numbers, maximum and mean") {
  const Tensor<> map({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const auto windows = windows_of(map, {.window = 2, .stride = 1});
  REQUIRE(windows.size() == 4);
  CHECK(windows[1].y == 0);
  CHECK(windows[1].x == 1);
  CHECK(windows[1].numbers == Tensor<>({2, 2}, {2, 3, 5, 6}));
  CHECK(windows[2].largest == 8);
  CHECK(windows[3].mean == 7);
  CHECK(windows_won(map, {.window = 2, .stride = 1}, 9) == 1);
  CHECK(windows_won(Tensor<>({1, 1, 3, 3}, {0, 0, 0, 0, 5, 0, 0, 0, 0}),
                    {.window = 2, .stride = 1}, 5) == 4);
}

TEST_CASE("left edges, and what pooling keeps of them") {
  Tensor<> bar({1, 1, 8, 8});
  for (int y = 0; y < 8; ++y)
    for (int x = 3; x < 5; ++x) bar(0, 0, y, x) = 1;
  const Tensor<> edges = left_edges(bar);
  CHECK(edges.shape() == bar.shape());
  CHECK(edges(0, 0, 4, 2) == 4);  // left of the bar
  CHECK(edges(0, 0, 4, 5) == 0);  // right of it: was -4
  std::vector<MapSummary> maps = summarise_pooled(edges);
  REQUIRE(maps.size() == 5);
  CHECK(maps[3].name == "max 4");
  CHECK(maps[3].cells == 4);
  CHECK(each_keeps_its_own(maps));
  maps[4].mean += 0.01;
  CHECK_FALSE(each_keeps_its_own(maps));
}

TEST_CASE("of one row all cells change, but only the maximum that leaves") {
  const RowStudy study = study_row();
  CHECK(study.pooled == Tensor<>({1, 1, 1, 3}, {9, 7, 8}));
  CHECK(study.moved_pooled == Tensor<>({1, 1, 1, 3}, {9, 7, 6}));
  CHECK(plane(study.moved)(0, 0) == 0);
  CHECK(study.cells_changed() == 12);
  CHECK(study.maxima_changed() == 1);
}

TEST_CASE("a shift study has what compare says, way by way") {
  Tensor<> digits({2, 1, 8, 8});
  for (int i = 2; i < 6; ++i) digits(0, 0, i, 3) = 1;
  for (int i = 2; i < 5; ++i) digits(1, 0, 2, i) = 1;
  const ShiftStudy study = study_shift(digits, 0, 1);
  REQUIRE(study.changes.size() == 4);
  const Tensor<> moved = shifted(digits, 0, 1);
  CHECK(study.changes[0].changed == compare(digits, moved).changed);
  // The stroke down moves out of its column, the stroke across by its ends.
  CHECK(study.changes[0].changed == 8 + 2);
  CHECK(study.changes[0].inked == 8 + 4);
  CHECK_THAT(study.digit_by_digit[0], WithinAbs((1 + 0.5) / 2, 1e-12));
}

TEST_CASE("a share of changes, of what it is without pooling") {
  ShiftStudy study;
  study.ways = {pooling_ways()[0], pooling_ways()[3]};
  study.changes = {{100, 20, 10, 0.5}, {50, 16, 2, 0.4}};
  CHECK(study.of_unpooled(1) == (2.0 / 16) / (10.0 / 20));
  CHECK(study.of_unpooled_by_chance(1) == 2.0 / 5);
}

// Bars two pixels wide and high, at columns 3, 7 and so on.
Dataset bars(int columns) {
  Dataset data;
  data.images = Tensor<>({columns, 1, 8, 12});
  data.classes = columns;
  for (int n = 0; n < columns; ++n) {
    for (int y = 3; y < 5; ++y)
      for (int x = 0; x < 2; ++x) data.images(n, 0, y, 3 + 4 * n + x) = 1;
    data.labels.push_back(n);
  }
  return data;
}

TEST_CASE("a reading study moves what is asked, then pools both alike") {
  const Dataset two = bars(2);
  std::vector<int> done;
  const ReadingStudy study = study_reading(
      two, two, {0, 4}, [&](int count) { done.push_back(count); });
  CHECK(done == std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8});
  REQUIRE(study.of_each.size() == 8);
  CHECK(study.asked == 2);
  // The first has become the second, the last has nearly left.
  CHECK(study.at("none") == std::vector<double>{1, 0});
  // What is left of it lies in a window that it was in before.
  CHECK(study.at("max 4") == std::vector<double>{1, 0.5});
  for (const ReadingOf& it : study.of_each) CHECK(it.right.front() == 1);
  CHECK_THROWS_AS(study.at("max 3"), std::invalid_argument);
}

TEST_CASE("each preparation pools as its name says") {
  const std::vector<Preparation> all = preparations();
  const auto of = [&](std::size_t which) {
    return all[which].of(sixteen());
  };
  CHECK(of(0) == sixteen());
  CHECK(of(1) == max_pool(sixteen()));
  CHECK(of(2) == max_pool(sixteen(), {.window = 2, .stride = 1}));
  CHECK(of(3) == Tensor<>({1, 1, 1, 1}, 9.0f));
  CHECK(of(4) == average_pool(sixteen()));
  CHECK(of(5) == Tensor<>({1, 1, 1, 1}, 51.0f / 16));
  CHECK(of(6) == Tensor<>({1, 1, 2, 2}, {1, 0, 5, 7}));
  CHECK(of(7) == Tensor<>({1, 1, 1, 1}, 1.0f));
}

TEST_CASE("what a reading study says follows from its numbers") {
  ReadingStudy study;
  study.of_each = {{"none", {0.9, 0.6}},   {"max 2", {0.9, 0.7}},
                   {"max 4", {0.8, 0.7}},  {"mean 2", {0.9, 0.7}},
                   {"mean 4", {0.8, 0.7}}, {"every 4th cell", {0.5, 0.3}}};
  CHECK(study.windows_of_2_help());
  CHECK(study.detail_is_lost());
  study.of_each[3].right[1] = 0.6;
  CHECK_FALSE(study.windows_of_2_help());
  study.of_each[2].right[0] = 0.9;
  CHECK_FALSE(study.detail_is_lost());
}

TEST_CASE("what a study says follows from its numbers") {
  ShiftStudy study;
  study.ways = {pooling_ways()[0], pooling_ways()[1]};
  study.changes = {{100, 20, 10, 0.5}, {50, 15, 5, 0.4}};
  study.digit_by_digit = {0.5, 0.3};
  CHECK(study.all_fall());
  CHECK(study.inked_share_rises());
  study.changes[1].relative_l2 = 0.6;
  CHECK_FALSE(study.all_fall());
  study.changes[1].inked = 9;
  CHECK_FALSE(study.inked_share_rises());
}

TEST_CASE("the cause is the window, unless the stride does as much") {
  CauseStudy study;
  const auto with = [](int max_changed, int mean_changed, double l2_max,
                       double l2_mean, const std::string& name) {
    return MaxAndMean{name,
                      {100, 100, max_changed, l2_max},
                      {100, 100, mean_changed, l2_mean}};
  };
  study.cases = {with(70, 70, 0.5, 0.5, "none"),
                 with(68, 68, 0.5, 0.5, "every 2nd cell"),
                 with(71, 71, 0.5, 0.5, "every 4th cell"),
                 with(50, 76, 0.4, 0.4, "2 x 2"),
                 with(34, 58, 0.3, 0.3, "4 x 4"),
                 with(33, 58, 0.3, 0.3, "4 x 4, stride 1")};
  CHECK(study.window_is_the_cause());
  CHECK(study.mean_spreads_the_change());
  study.cases[3].of_mean.changed = 69;
  CHECK_FALSE(study.mean_spreads_the_change());
  study.cases[1].of_max.changed = 40;
  CHECK_FALSE(study.window_is_the_cause());
  CHECK_THROWS_AS(study.at("5 x 5"), std::invalid_argument);
}

TEST_CASE("study_cause compares maximum and mean of every case") {
  Tensor<> digits({1, 1, 8, 8});
  for (int y = 0; y < 8; ++y) digits(0, 0, y, 2) = 1;
  const CauseStudy study = study_cause(digits);
  REQUIRE(study.cases.size() == 6);
  CHECK(study.at("none").of_max.changed == 16);
  // The stroke stays in its windows: 2 and 3 are one window of two.
  CHECK(study.at("2 x 2").of_max.changed == 0);
  // Every 2nd cell loses it: column 2 is looked at, column 3 is not.
  CHECK(study.at("every 2nd cell").of_max.changed == 4);
}

TEST_CASE("stroke and dots are one to max-pooling and two to the mean") {
  const StrokeAndDots it;
  CHECK(mean_of(it.stroke) == 8.0 / 64);
  CHECK(mean_of(it.dots) == 4.0 / 64);
  CHECK(max_pool(it.stroke) == max_pool(it.dots));
  CHECK(max_abs_difference(average_pool(it.stroke),
                           average_pool(it.dots)) == 0.25f);
}

TEST_CASE("a digit with rotated windows differs until it is pooled") {
  Tensor<> digit({1, 1, 8, 8});
  digit(0, 0, 0, 1) = 1;
  digit(0, 0, 5, 6) = 0.5f;
  const RotatedDigit it = rotate_digit(digit);
  CHECK(it.rotated(0, 0, 3, 2) == 1);
  CHECK(it.inked_that_differ == 1);
  CHECK(it.after_max == 0);
  CHECK(it.after_mean == 0);
}
