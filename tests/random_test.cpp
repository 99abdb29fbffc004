// The generator's first numbers are pinned to those of a second
// implementation, written from the papers' definitions in another language.
// What the distributions promise is tested with fixed seeds; a correct
// generator keeps the bounds in at least 999 of 1000 runs.
#include "common/tensor/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using namespace cnn;

namespace {

// How far counts are from all being equal; with k counts the mean is k - 1.
double chi_square(const std::vector<int>& counts) {
  double total = 0, sum = 0;
  for (const int count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  for (const int count : counts)
    sum += (count - expected) * (count - expected) / expected;
  return sum;
}

std::vector<std::uint64_t> first_bits(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint64_t> bits;
  for (int i = 0; i < 5; ++i) bits.push_back(random.bits());
  return bits;
}

}  // namespace

// ---- Pinned ------------------------------------------------------------

TEST_CASE("the generator's first bits") {
  using Bits = std::vector<std::uint64_t>;
  CHECK(first_bits(0) == Bits{0x99ec5f36cb75f2b4, 0xbf6e1f784956452a,
                              0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c,
                              0xbba5ad4a1f842e59});
  CHECK(first_bits(1) == Bits{0xb3f2af6d0fc710c5, 0x853b559647364cea,
                              0x92f89756082a4514, 0x642e1c7bc266a3a7,
                              0xb27a48e29a233673});
  CHECK(first_bits(~std::uint64_t{0}) ==
        Bits{0x8f5520d52a7ead08, 0xc476a018caa1802d, 0x81de31c0d260469e,
             0xbf658d7e065f3c2f, 0x913593fda1bca32a});
}

TEST_CASE("the generator's first numbers of every kind") {
  Random uniform(1), between(7), normal(1), below(1), order(1);
  for (const int units : {11793071, 8731477, 9631895, 6565404, 11696712})
    CHECK(uniform.uniform() == static_cast<float>(units) * 0x1.0p-24f);
  for (const float x : {1.502882f, -0.606244087f, 2.19813728f})
    CHECK(between.uniform(-2.0f, 3.0f) == x);
  for (const float x : {1.88439631f, 0.189780608f, 1.30208969f,
                        -1.90943456f, 0.438320875f, -0.792327404f})
    CHECK(normal.normal() == x);
  for (const int x : {7, 2, 0, 3, 1, 2, 6, 9, 1, 8})
    CHECK(below.below(10) == x);
  CHECK(order.permutation(10) ==
        std::vector<int>{3, 8, 0, 9, 2, 5, 6, 4, 1, 7});
}

// ---- Uniform -----------------------------------------------------------

TEST_CASE("uniform fills 0 to 1 evenly, 1 excluded") {
  Random random(2);
  const int n = 200000;
  std::vector<int> counts(100);
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const float x = random.uniform();
    REQUIRE(x >= 0.0f);
    REQUIRE(x < 1.0f);
    REQUIRE(x * 0x1.0p24f == std::floor(x * 0x1.0p24f));
    ++counts[static_cast<std::size_t>(100 * x)];
    sum += static_cast<double>(x);
    squares += static_cast<double>(x) * static_cast<double>(x);
  }
  const double mean = sum / n;
  CHECK_THAT(mean, WithinAbs(0.5, 3.3 * 0.2887 / std::sqrt(n)));
  CHECK_THAT(squares / n - mean * mean, WithinRel(1.0 / 12, 0.01));
  CHECK(chi_square(counts) < 148.2);  // 99 degrees of freedom, 0.999
}

TEST_CASE("uniform(low, high) stays from low to below high") {
  Random random(3);
  const float next = std::nextafter(1.0f, 2.0f);
  for (int i = 0; i < 100000; ++i) {
    const float x = random.uniform(-3.0f, 5.0f);
    REQUIRE(x >= -3.0f);
    REQUIRE(x < 5.0f);
    // No float lies between the two: rounding up would give `high`.
    REQUIRE(random.uniform(1.0f, next) == 1.0f);
  }
}

// ---- Whole numbers -----------------------------------------------------

TEST_CASE("below favours no number") {
  Random random(4);
  // chi-square's 0.999 point for 1, 2, 6, and 9 degrees of freedom
  const std::map<int, double> bounds = {
      {2, 10.83}, {3, 13.82}, {7, 22.46}, {10, 27.88}};
  for (const auto& [count, bound] : bounds) {
    std::vector<int> counts(static_cast<std::size_t>(count));
    for (int i = 0; i < 30000; ++i)
      ++counts.at(static_cast<std::size_t>(random.below(count)));
    INFO("below " << count);
    CHECK(chi_square(counts) < bound);
  }
}

TEST_CASE("below keeps its promise at both ends") {
  Random random(5);
  const int most = std::numeric_limits<int>::max();
  int upper_half = 0;
  for (int i = 0; i < 10000; ++i) {
    CHECK(random.below(1) == 0);
    const int x = random.below(most);
    REQUIRE(x >= 0);
    REQUIRE(x < most);
    upper_half += x > most / 2;
  }
  CHECK(std::abs(upper_half - 5000) < 3.3 * 50);
  CHECK(message_of([&] { random.below(0); }) ==
        "below: expected a positive count, got 0");
  CHECK_THROWS_AS(random.below(-1), std::invalid_argument);
}

// ---- Normal ------------------------------------------------------------

TEST_CASE("normal has the bell's moments and tails") {
  Random random(6);
  const int n = 400000;
  double sum = 0, squares = 0, fourth = 0, neighbours = 0, before = 0;
  int beyond_two = 0, beyond_three = 0, beyond_four = 0;
  for (int i = 0; i < n; ++i) {
    const auto x = static_cast<double>(random.normal());
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
    neighbours += x * before;
    before = x;
    beyond_two += std::abs(x) > 2;
    beyond_three += std::abs(x) > 3;
    beyond_four += std::abs(x) > 4;
  }
  CHECK_THAT(sum / n, WithinAbs(0.0, 3.3 / std::sqrt(n)));
  CHECK_THAT(squares / n, WithinAbs(1.0, 3.3 * std::sqrt(2.0 / n)));
  CHECK_THAT(fourth / n, WithinAbs(3.0, 3.3 * std::sqrt(96.0 / n)));
  // The two numbers that come from one point are not correlated.
  CHECK_THAT(neighbours / n, WithinAbs(0.0, 3.3 / std::sqrt(n)));
  CHECK_THAT(1.0 * beyond_two / n, WithinAbs(0.0455, 0.0011));
  CHECK_THAT(1.0 * beyond_three / n, WithinAbs(0.0027, 0.0003));
  CHECK(beyond_four > 8);  // 25 expected
  CHECK(beyond_four < 45);
}

// The Kolmogorov-Smirnov test: the largest distance between the share of
// numbers below x and the share of the normal distribution below x.
TEST_CASE("normal has the bell's shape") {
  Random random(7);
  const int n = 50000;
  std::vector<double> numbers;
  for (int i = 0; i < n; ++i)
    numbers.push_back(static_cast<double>(random.normal()));
  std::sort(numbers.begin(), numbers.end());
  double largest = 0;
  for (int i = 0; i < n; ++i) {
    const double x = numbers[static_cast<std::size_t>(i)];
    const double bell = 0.5 * std::erfc(-x / std::sqrt(2.0));
    largest = std::max({largest, std::abs(bell - 1.0 * i / n),
                        std::abs(bell - (i + 1.0) / n)});
  }
  CHECK(largest < 1.95 / std::sqrt(n));  // exceeded in 1 of 1000 runs
}

// ---- Orders ------------------------------------------------------------

TEST_CASE("all six orders of three are equally likely") {
  Random random(8);
  std::map<std::vector<int>, int> seen;
  for (int i = 0; i < 60000; ++i) ++seen[random.permutation(3)];
  REQUIRE(seen.size() == 6);
  std::vector<int> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  CHECK(chi_square(counts) < 20.52);  // 5 degrees of freedom, 0.999
}

TEST_CASE("every item can come to every place") {
  Random random(9);
  std::array<std::vector<int>, 5> item_at;
  item_at.fill(std::vector<int>(5));
  for (int i = 0; i < 20000; ++i) {
    const std::vector<int> order = random.permutation(5);
    for (std::size_t place = 0; place < 5; ++place)
      ++item_at[place][static_cast<std::size_t>(order[place])];
  }
  for (const std::vector<int>& counts : item_at)
    CHECK(chi_square(counts) < 18.47);  // 4 degrees of freedom, 0.999
}

TEST_CASE("shuffle keeps every item") {
  Random random(10);
  std::vector<char> letters = {'a', 'b', 'b', 'c'}, none, one = {'x'};
  random.shuffle(letters);
  std::sort(letters.begin(), letters.end());
  CHECK(letters == std::vector<char>{'a', 'b', 'b', 'c'});
  random.shuffle(none);
  CHECK(none.empty());
  random.shuffle(one);
  CHECK(one == std::vector<char>{'x'});
  CHECK(random.permutation(0).empty());
}

TEST_CASE("the seed is the whole state") {
  Random a(11), b(11), c(12);
  a.normal();
  b.normal();
  Random copy = a;
  const float spare = a.normal();
  CHECK(b.normal() == spare);
  CHECK(copy.normal() == spare);
  CHECK(a.bits() == b.bits());
  CHECK(a.bits() != c.bits());
}
