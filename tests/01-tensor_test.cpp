// Chapter 01's own headers; the tensor itself is tested in tensor_test.cpp.
#include <algorithm>

#include "01-tensor/layout.hpp"
#include "01-tensor/neighbours.hpp"
#include "01-tensor/permuted_digits.hpp"
#include "01-tensor/scene.hpp"
#include "01-tensor/steps_refusal.hpp"
#include "01-tensor/stride_sums.hpp"
#include "common/data/files.hpp"
#include "common/data/story.hpp"
#include "tests/catch.hpp"

using namespace cnn;

TEST_CASE("index_of is offset the other way round") {
  const Tensor<> batch({2, 3, 4, 5});
  int place = 0;
  for (int n = 0; n < 2; ++n)
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 5; ++x, ++place) {
          REQUIRE(static_cast<int>(batch.offset(n, c, y, x)) == place);
          REQUIRE(index_of(place, batch.shape()) ==
                  std::vector<int>{n, c, y, x});
        }
}

TEST_CASE("index_of refuses places outside") {
  CHECK(message_of([] {
          index_of(6, {2, 3});
        }) == "index_of: no place 6 in shape (2, 3)");
  CHECK(message_of([] {
          index_of(-1, {2, 3});
        }) == "index_of: no place -1 in shape (2, 3)");
}

TEST_CASE("a channel is one plane of a picture") {
  const Tensor<> image({2, 2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(channel(image, 0) == Tensor<>({2, 3}, {0, 1, 2, 3, 4, 5}));
  CHECK(channel(image, 1) == Tensor<>({2, 3}, {6, 7, 8, 9, 10, 11}));
  CHECK(message_of([&] { channel(image, 2); }) ==
        "channel: image (2, 2, 3) has no channel 2");
  CHECK(message_of([] {
          channel(Tensor<>({2, 3}), 0);
        }) == "channel: image expects 3 axes, got shape (2, 3)");
}

TEST_CASE(
    "permute_pixels puts what the order names first first, in every "
    "plane") {
  const Tensor<> images({2, 2, 1, 3},
                        {0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32});
  CHECK(permute_pixels(images, {2, 0, 1}) ==
        Tensor<>({2, 2, 1, 3},
                 {2, 0, 1, 12, 10, 11, 22, 20, 21, 32, 30, 31}));
}

TEST_CASE("permute_pixels refuses what is no order") {
  const Tensor<> images({1, 1, 1, 3});
  CHECK_THAT(message_of([&] {
               permute_pixels(images, {0, 1});
             }),
             ContainsSubstring("each of 3 places once, got 2 places"));
  CHECK_THAT(message_of([&] {
               permute_pixels(images, {0, 1, 1});
             }),
             ContainsSubstring("got 3 places with a repetition"));
  CHECK_THAT(message_of([&] {
               permute_pixels(images, {0, 1, 3});
             }),
             ContainsSubstring("names each of 3 places once"));
}

TEST_CASE("a pixel permutation is one order, the same for the same seed") {
  std::vector<int> order = pixel_permutation(784, 1);
  CHECK(order == pixel_permutation(784, 1));
  CHECK(order != pixel_permutation(784, 2));
  std::sort(order.begin(), order.end());
  for (int i = 0; i < 784; ++i)
    REQUIRE(order[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("the nearest neighbour has the least squared distance") {
  const Tensor<> known({3, 1, 1, 2}, {0, 0, 3, 4, 1, 1});
  const Tensor<> asked({2, 1, 1, 2}, {0.4f, 0.4f, 3, 3});
  CHECK(squared_distance(known, 0, known, 1) == 25.0f);
  CHECK(nearest_neighbours(asked, known) == std::vector<int>{0, 1});
  CHECK_THAT(
      message_of([&] {
        nearest_neighbours(asked, Tensor<>({3, 1, 2, 2}));
      }),
      ContainsSubstring("expects shape (3, 1, 1, 2), got (3, 1, 2, 2)"));
}

TEST_CASE("a permutation keeps nearest neighbours and breaks adjacency") {
  const Split digits = embedded_digits();
  const Dataset known = first(digits.train, 100);
  const Dataset asked = first(digits.held_out, 20);
  const std::vector<int> order = pixel_permutation(784, 5);
  const Tensor<> known_after = permute_pixels(known.images, order);
  const Tensor<> asked_after = permute_pixels(asked.images, order);
  CHECK(nearest_neighbours(asked.images, known.images) ==
        nearest_neighbours(asked_after, known_after));
  CHECK(neighbour_difference(asked_after) >
        2 * neighbour_difference(asked.images));
}

TEST_CASE("the digit that the book follows is read by its neighbour") {
  const Split digits = embedded_digits();
  const Dataset known = first(digits.train, 2000);
  const std::vector<int> nearest = nearest_neighbours(
      subset(digits.held_out, std::vector{story_digit}).images,
      known.images);
  CHECK(known.labels[static_cast<std::size_t>(nearest[0])] == 3);
}

TEST_CASE("the difference of neighbours is a mean over pairs in a row") {
  CHECK(neighbour_difference(Tensor<>({1, 1, 2, 3}, {0, 1, 3, 5, 5, 1})) ==
        (1 + 2 + 0 + 4) / 4.0);
  CHECK(neighbour_difference(Tensor<>({1, 1, 2, 1})) == 0.0);
}

TEST_CASE("the scene is a colour picture with values from 0 to 1") {
  const Tensor<> scene = little_scene();
  REQUIRE(scene.shape() == Shape{3, 48, 64});
  for (const float level : scene.data()) {
    REQUIRE(level >= 0.0f);
    REQUIRE(level <= 1.0f);
  }
  CHECK(scene(0, 20, 36) > 2 * scene(1, 20, 36));  // the roof is red
  CHECK(scene(1, 45, 5) > scene(0, 45, 5));        // the meadow is green
}

// ---- The program's experiments -----------------------------------------

TEST_CASE("an index times the strides, and each stride, written out") {
  CHECK(as_sum({1, 0, 2}, {12, 4, 1}) == "1 x 12 + 0 x 4 + 2 x 1");
  CHECK(as_products("cyx", {2, 3, 4}) ==
        "x: 1    y: 1 x 4 = 4    c: 4 x 3 = 12");
  CHECK(as_products("x", {5}) == "x: 1");
}

TEST_CASE("a refusal is what an action says when it fails") {
  CHECK(refusal_of([] { throw std::invalid_argument("no"); }) == "no");
  CHECK(refusal_of([] {}) == "(no error)");
  CHECK_THROWS_AS(refusal_of([] { throw std::runtime_error("other"); }),
                  std::runtime_error);
}

TEST_CASE("nearest_accuracy counts equal labels") {
  Dataset asked, known;
  asked.images = Tensor<>({2, 1, 1, 1});
  asked.labels = {3, 4};
  known.labels = {4, 3};
  asked.classes = known.classes = 10;
  CHECK(nearest_accuracy(asked, known, {1, 1}) == 0.5);
  CHECK(nearest_accuracy(asked, known, {1, 0}) == 1);
  CHECK_THROWS_AS(nearest_accuracy(asked, known, {1}),
                  std::invalid_argument);
}

TEST_CASE("a permutation study: the same neighbours, other adjacency") {
  Random random(12);
  const auto blobs = [&](int N) {  // smooth: a slope of random steepness
    Dataset data;
    data.images = Tensor<>({N, 1, 4, 4});
    for (int n = 0; n < N; ++n) {
      const float steep = random.uniform();
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x)
          data.images(n, 0, y, x) = steep * static_cast<float>(x + y) / 6;
      data.labels.push_back(steep > 0.5f);
    }
    data.classes = 2;
    return data;
  };
  const Dataset known = blobs(20), asked = blobs(10);
  const PermutationStudy study = study_permutation(asked, known, 1);
  CHECK(study.asked == 10);
  CHECK(study.known == 20);
  CHECK(study.before.nearest ==
        nearest_neighbours(asked.images, known.images));
  CHECK(study.same_neighbour == 10);
  CHECK(study.flat_vector_sees_no_difference());
  CHECK(study.before.accuracy == study.after.accuracy);
  CHECK(study.after.neighbour_difference >
        1.2 * study.before.neighbour_difference);
  CHECK(study.known_after.shape() == known.images.shape());
  CHECK_FALSE(study.known_after == known.images);
}
