// Exercise 3.
#include "white_on_black.hpp"

#include "02-convolution/pictures.hpp"
#include "common/data/files.hpp"
#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

Tensor<> with_levels(Tensor<> image, float paper, float ink) {
  for (float& pixel : image.data()) pixel = paper + (ink - paper) * pixel;
  return image;
}

}  // namespace

EXERCISE(white_on_black) {
  const auto turn = [&](const std::string& input, const Tensor<>& image,
                        const Tensor<>& expected) {
    check.equal(input, expected, [&] { return white_on_black(image); });
  };
  const auto exchanged = [](Tensor<> image) {
    return with_levels(std::move(image), 1, 0);
  };
  const Tensor<> stroke({4, 3}, {0, 0, 0,  //
                                 0, 1, 0,  //
                                 0, 1, 0,  //
                                 0, 0, 0});
  turn("image " + text_of(stroke), stroke, stroke);
  turn("image " + text_of(exchanged(stroke)), exchanged(stroke), stroke);
  // One stroke reaches the edge.
  const Tensor<> long_stroke({3, 4}, {0, 0, 1, 0,  //
                                      0, 1, 1, 0,  //
                                      0, 1, 1, 0});
  turn("image " + text_of(long_stroke), long_stroke, long_stroke);
  turn("image " + text_of(exchanged(long_stroke)), exchanged(long_stroke),
       long_stroke);
  // Dim, bright and of one grey.
  for (const auto& [paper, ink] :
       {std::pair{0.4f, 0.1f}, {0.1f, 0.3f}, {0.9f, 0.7f}, {0.6f, 0.9f}}) {
    const Tensor<> grey = with_levels(stroke, paper, ink);
    turn("image " + text_of(grey), grey,
         paper > ink ? exchanged(grey) : grey);
  }
  const Tensor<> even({3, 3}, 0.75f);
  turn("image " + text_of(even), even, even);
  const Dataset digits = first(embedded_digits().held_out, 300);
  for (int n = 0; n < digits.size(); ++n) {
    const Tensor<> digit = picture_of(digits.images, n);
    const std::string name = "held-out digit " + text_of(n);
    turn(name, digit, digit);
    turn(name + ", ink and paper exchanged", exchanged(digit), digit);
    const Tensor<> dim = with_levels(digit, 0.3f, 0.05f);
    turn(name + " of grey 0.05 on 0.3", dim, exchanged(dim));
  }
}
