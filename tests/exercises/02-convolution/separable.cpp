// Exercise 5.
#include "separable.hpp"

#include "tests/exercises/check.hpp"

namespace {

// A number that counts multiplications.
struct Counted {
  Counted(float number = 0) : value(number) {}

  friend Counted operator*(const Counted& a, const Counted& b) {
    ++products;
    return a.value * b.value;
  }
  // Not every solution adds in this way.
  [[maybe_unused]] friend Counted operator+(const Counted& a,
                                            const Counted& b) {
    return a.value + b.value;
  }
  friend Counted& operator+=(Counted& a, const Counted& b) {
    a.value += b.value;
    return a;
  }

  float value;
  static inline int products = 0;
};

}  // namespace

EXERCISE(separable) {
  using namespace cnn;
  Tensor<> image({6, 8});
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 8; ++x)
      image(y, x) = static_cast<float>(x * x - 3 * y + x * y);
  const auto separate = [&](const Tensor<>& column, const Tensor<>& row) {
    const int K = row.extent(0);
    Tensor<> kernel({K, K});
    for (int ky = 0; ky < K; ++ky)
      for (int kx = 0; kx < K; ++kx) kernel(ky, kx) = column(ky) * row(kx);
    check.equal("image (y, x) = x^2 - 3 y + x y of shape " +
                    to_string(image.shape()) + ", column " +
                    text_of(column) + ", row " + text_of(row),
                correlate2d(image, kernel),
                [&] { return correlate_separable(image, column, row); });
  };
  separate(Tensor<>({3}, {1, 2, 1}), Tensor<>({3}, {-1, 0, 1}));
  separate(Tensor<>({2}, {5, -1}), Tensor<>({2}, {2, 7}));
  separate(Tensor<>({1}, 3), Tensor<>({1}, -2));
  // 2 K products for each of 26 x 30 places are enough.
  const int enough = 2 * 5 * 26 * 30;
  const std::string few = std::to_string(enough) + " products or fewer";
  check.equal("image (30, 30), K 5", few, [&] {
    Counted::products = 0;
    correlate_separable(Tensor<Counted>({30, 30}), Tensor<Counted>({5}),
                        Tensor<Counted>({5}));
    return Counted::products <= enough
               ? few
               : std::to_string(Counted::products) + " products";
  });
}
