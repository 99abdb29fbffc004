// Exercise 4.
#include "revealing_map.hpp"

#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

// A "network" whose answer is the sum over one patch of 3 x 3 pixels, in
// all channels. Remembers the shapes of the batches that it was given.
struct SumOfPatch {
  int top, left;
  std::vector<Shape>* batches = nullptr;

  std::vector<float> operator()(const Tensor<>& images) const {
    if (batches) batches->push_back(images.shape());
    std::vector<float> sums;
    for (int n = 0; n < images.extent(0); ++n) {
      float sum = 0;
      for (int c = 0; c < images.extent(1); ++c)
        for (int i = top; i < top + 3; ++i)
          for (int j = left; j < left + 3; ++j) sum += images(n, c, i, j);
      sums.push_back(sum);
    }
    return sums;
  }
};

// The map as it should be, from the pixels of the patch, seen or grey.
Tensor<> expected_map(const Tensor<>& image, int side, float grey,
                      const SumOfPatch& patch) {
  Tensor<> map({image.extent(1) - side + 1, image.extent(2) - side + 1});
  for (int y = 0; y < map.extent(0); ++y)
    for (int x = 0; x < map.extent(1); ++x)
      for (int c = 0; c < image.extent(0); ++c)
        for (int i = patch.top; i < patch.top + 3; ++i)
          for (int j = patch.left; j < patch.left + 3; ++j)
            map(y, x) += i >= y && i < y + side && j >= x && j < x + side
                             ? image(c, i, j)
                             : grey;
  return map;
}

// Whole numbers, none like its neighbours.
Tensor<> numbers(const Shape& shape) {
  Tensor<> result(shape);
  int i = 0;
  for (float& number : result.data())
    number = static_cast<float>((7 * i++) % 11 - 5);
  return result;
}

std::string words_of(const std::vector<Shape>& batches) {
  std::string words;
  for (const Shape& shape : batches)
    words += (words.empty() ? "" : " ") + to_string(shape);
  return words;
}

}  // namespace

EXERCISE(revealing_map) {
  const auto reveal = [&](const std::string& what, const Tensor<>& image,
                          int side, float grey, const SumOfPatch& patch,
                          const Tensor<>& expected) {
    check.equal(
        "image " + what + ", side " + text_of(side) + ", grey " +
            text_of(static_cast<double>(grey)) +
            ", probability: the sum over the 3 x 3 pixels from (" +
            text_of(patch.top) + ", " + text_of(patch.left) + ") on",
        expected, [&] { return revealing_map(image, side, grey, patch); });
  };
  // Only the squares that touch the patch raise the answer.
  const Tensor<> white({1, 4, 6}, 1);
  reveal("(1, 4, 6) of ones", white, 1, 0, {1, 2},
         Tensor<>({4, 6}, {0, 0, 0, 0, 0, 0,  //
                           0, 0, 1, 1, 1, 0,  //
                           0, 0, 1, 1, 1, 0,  //
                           0, 0, 1, 1, 1, 0}));
  reveal("(1, 4, 6) of ones", white, 2, 0, {1, 2},
         Tensor<>({3, 5}, {0, 1, 2, 2, 1,  //
                           0, 2, 4, 4, 2,  //
                           0, 2, 4, 4, 2}));
  reveal("(1, 4, 6) of ones", white, 3, 0.5f, {0, 0},
         expected_map(white, 3, 0.5f, {0, 0}));
  for (const Shape& shape : {Shape{1, 5, 7}, Shape{2, 7, 4}}) {
    const Tensor<> image = numbers(shape);
    for (int side = 1; side <= std::min(shape[1], shape[2]); ++side)
      for (const float grey : {0.0f, 0.25f})
        for (const SumOfPatch& patch : {SumOfPatch{0, 0}, SumOfPatch{2, 1}})
          reveal(text_of(image), image, side, grey, patch,
                 expected_map(image, side, grey, patch));
  }
  check.equal(
      "image (2, 5, 7), side 4; the shapes of the batches that "
      "probability is asked for",
      std::string("(4, 2, 5, 7) (4, 2, 5, 7)"), [&] {
        std::vector<Shape> batches;
        revealing_map(numbers({2, 5, 7}), 4, 0, SumOfPatch{0, 0, &batches});
        return words_of(batches);
      });
  const auto refuse = [&](const Shape& shape, int side) {
    check.refused(
        "image " + to_string(shape) + ", side " + text_of(side), [&] {
          return revealing_map(numbers(shape), side, 0, SumOfPatch{0, 0});
        });
  };
  refuse({1, 4, 6}, 0);
  refuse({1, 4, 6}, -1);
  refuse({1, 4, 6}, 5);
  refuse({1, 6, 4}, 5);
  refuse({1, 4, 6}, 7);
}
