// Exercise 5.
#include "smooth_saliency.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(smooth_saliency) {
  using namespace cnn;
  using Saliency = std::function<Tensor<>(const Tensor<>&)>;
  const Saliency same = [](const Tensor<>& image) { return image; };
  const Saliency square = [](const Tensor<>& image) {
    Tensor<> map = image;
    for (float& number : map.data()) number *= number;
    return map;
  };
  // The mean over the copies, whose noise is n_1, n_2, ... for a picture of
  // one pixel.
  const auto one_pixel = [&](const std::string& name,
                             const Saliency& saliency, float pixel,
                             int copies, float size) {
    Random random(5), again(5);
    float sum = 0;
    for (int i = 0; i < copies; ++i)
      sum += saliency(Tensor<>({1}, pixel + size * again.normal()))(0);
    check.equal("saliency(x) = " + name + ", image " +
                    text_of(Tensor<>({1}, pixel)) + ", copies " +
                    text_of(copies) + ", size " +
                    text_of(static_cast<double>(size)) + ", seed 5",
                Tensor<>({1}, sum / static_cast<float>(copies)), [&] {
                  return smooth_saliency(saliency, Tensor<>({1}, pixel),
                                         copies, size, random);
                });
  };
  one_pixel("x", same, 0.5f, 1, 0.0f);
  one_pixel("x", same, 0.5f, 1, 0.25f);
  one_pixel("x", same, 0.5f, 4, 0.25f);
  one_pixel("x^2", square, 0.5f, 10, 0.1f);
  Random random(6), again(6);
  const Tensor<> image({1, 2, 2}, {0, 1, 0.5f, 0.25f});
  Tensor<> expected(image.shape());
  for (int i = 0; i < 3; ++i)
    for (std::size_t p = 0; p < 4; ++p) {
      const float noisy = image.data()[p] + 0.2f * again.normal();
      expected.data()[p] += noisy * noisy / 3;
    }
  check.equal("saliency(x) = x^2, image " + text_of(image) +
                  ", copies 3, size 0.2, seed 6",
              expected, [&] {
                return smooth_saliency(square, image, 3, 0.2f, random);
              });
}
