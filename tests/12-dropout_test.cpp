// Chapter 12's dropout and its lists. (13-norms_test.cpp tests dropout in
// random lists of layers, in both engines.)
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "06-training/training.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/single_image.hpp"
#include "12-generalization/dropout.hpp"
#include "12-generalization/dropped_cells.hpp"
#include "common/data/files.hpp"
#include "tests/both_engines.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

// Which cells of an image are kept (1) in a step, as text: "0110...".
std::string cells_of(double p, std::uint64_t seed, int step, int image,
                     int cells) {
  const DropoutMask mask(p, seed, step);
  std::string text;
  for (int cell = 0; cell < cells; ++cell)
    text += mask.factor<float>(mask.of_image(image), cell) > 0 ? '1' : '0';
  return text;
}

double kept_share(const std::string& cells) {
  double kept = 0;
  for (const char cell : cells) kept += cell == '1';
  return kept / static_cast<double>(cells.size());
}

// The share of cells that are the same in two masks.
double alike_share(const std::string& a, const std::string& b) {
  double alike = 0;
  for (std::size_t i = 0; i < a.size(); ++i) alike += a[i] == b[i];
  return alike / static_cast<double>(a.size());
}

}  // namespace

TEST_CASE("dropout drops p of the cells and keeps the mean") {
  // ConvNetJS multiplied by p where it meant 1 - p. p = 0.5 hides that.
  for (const double p : {0.0, 0.1, 0.2, 0.5, 0.9}) {
    INFO("p " << p);
    const DropoutMask mask(p, 1, 1);
    const Tensor<double> output =
        dropout(Tensor<double>({10, 100, 10, 1}, 1.0), mask);
    double sum = 0, dropped = 0;
    for (const double number : output.data()) {
      CHECK((number == 0 || number == 1 / (1 - p)));
      dropped += number == 0;
      sum += number;
    }
    const double error = 4 * std::sqrt(p * (1 - p) / 1e4);  // 4 sigma
    CHECK_THAT(dropped / 1e4, WithinAbs(p, error + 1e-12));
    CHECK_THAT(sum / 1e4, WithinAbs(1, error / (1 - p) + 1e-12));
  }
}

TEST_CASE("four cells lose two in each step, and none for an answer") {
  const DroppedCells it = drop_four_cells();
  CHECK(it.first_step == Tensor<>({1, 4}, {4, 0, 12, 0}));
  CHECK(it.second_step == Tensor<>({1, 4}, {0, 8, 12, 0}));
  CHECK(it.answering == it.cells);
}

TEST_CASE("dropout does nothing where a network answers") {
  DropoutLayer<double> layer(0.9, 1);
  Random random(1);
  const auto input = normal_numbers<double>({3, 2, 4, 4}, random);
  CHECK(layer.forward(input, Mode::evaluation) == input);
  CHECK(layer.backward(input, true) == input);
  CHECK(layer.forward(input, Mode::training) != input);
  CHECK(layer.backward(input, true) != input);
  CHECK(layer.parameters().empty());
}

TEST_CASE("dropout's masks hang on seed, step, image and cell") {
  const int cells = 4000;
  const std::string mask = cells_of(0.5, 1, 1, 0, cells);
  CHECK(cells_of(0.5, 1, 1, 0, cells) == mask);
  const std::string others[] = {
      cells_of(0.5, 2, 1, 0, cells), cells_of(0.5, 1, 2, 0, cells),
      cells_of(0.5, 1, 1, 1, cells), cells_of(0.5, 2, 0, 0, cells),
      cells_of(0.5, 0, 2, 0, cells), mask.substr(1) + mask[0]};
  for (const std::string& other : others) {
    CHECK_THAT(kept_share(other), WithinAbs(0.5, 0.035));
    CHECK_THAT(alike_share(mask, other), WithinAbs(0.5, 0.035));
  }
  // No two of many masks are the same.
  std::set<std::string> all;
  for (int seed = 0; seed < 10; ++seed)
    for (int step = 0; step < 10; ++step)
      for (int image = 0; image < 10; ++image)
        all.insert(cells_of(0.5, static_cast<std::uint64_t>(seed), step,
                            image, 64));
  CHECK(all.size() == 1000);
  // A cell that is kept with a large p is also kept with a smaller one.
  const std::string fewer = cells_of(0.8, 1, 1, 0, cells);
  for (std::size_t i = 0; i < fewer.size(); ++i)
    CHECK((fewer[i] == '0' || mask[i] == '1'));
}

TEST_CASE("the entries of a list get masks of their own") {
  const DroppingArchitecture list = with_own_masks(
      DroppingArchitecture{Dropout{0.5}, Relu{}, Dropout{0.5}}, 7);
  CHECK(std::get<Dropout>(list[0]).seed == 7);
  CHECK(std::get<Dropout>(list[2]).seed == 8);
  // If two layers share one mask, the second drops nothing new.
  Network<> own = build_network(list, {1, 20, 20});
  Network<> shared = build_network(
      DroppingArchitecture{Dropout{0.5}, Dropout{0.5}}, {1, 20, 20});
  const auto kept = [](Network<>& network) {
    const Tensor<> output =
        network.forward(Tensor<>({9, 1, 20, 20}, 1.0f), Mode::training);
    double count = 0;
    for (const float number : output.data()) count += number != 0.0f;
    return count / output.size();
  };
  CHECK_THAT(kept(own), WithinAbs(0.25, 0.03));
  CHECK_THAT(kept(shared), WithinAbs(0.5, 0.03));
}

TEST_CASE("a list may be widened, and keeps what it held") {
  const auto wider = widened<DroppingArchitecture>(digit_network);
  CHECK(kinds_of(wider) == kinds_of(digit_network));
  CHECK(std::get<Convolution>(wider[0]).padding == 2);
  Network<> network = build_network(wider, {1, 28, 28});
  CHECK(parameter_count(network) == 7434);
}

TEST_CASE("dropout refuses what is no probability") {
  for (const double p : {-0.1, 1.0, 1.5, std::nan(""), 1.0 / 0.0}) {
    INFO("p " << p);
    const DroppingArchitecture list = {Dropout{p}};
    CHECK_THAT(message_of([&] {
                 build_network(list, {1, 4, 4});
               }),
               ContainsSubstring("Dropout: expected p from 0 to below 1, "
                                 "got "));
    CHECK_THAT(message_of([&] { DropoutMask(p, 1, 1); }),
               ContainsSubstring("Dropout: expected p from 0"));
  }
  const DroppingArchitecture none = {Dropout{0}};
  Network<> network = build_network(none, {1, 4, 4});
  const Tensor<> ones({2, 1, 4, 4}, 1.0f);
  CHECK(network.forward(ones, Mode::training) == ones);
}

TEST_CASE("dropout draws new masks at each step, in both engines") {
  const DroppingArchitecture list = {
      Convolution{4, 3, 1, 1}, Dropout{0.5, 3}, Relu{}, Flatten{},
      Dropout{0.2, 4},         Dense{10}};
  Network<> plain = build_network(list, {1, 6, 6});
  Random random(1);
  initialize(plain, he_initializer(), random);
  const auto input = normal_numbers({20, 1, 6, 6}, random);
  std::set<std::vector<float>> outputs;
  for (int step = 1; step <= 5; ++step) {
    const Tensor<> expected = plain.forward(input, {true, step});
    for (const int threads : {1, 2, 3}) {
      FastNetwork fast(list, {1, 6, 6}, {.threads = threads});
      copy_parameters(plain, fast);
      CHECK(max_abs_difference(fast.forward(input, {true, step}),
                               expected) < 1e-5f);
    }
    outputs.insert({expected.data().begin(), expected.data().end()});
  }
  CHECK(outputs.size() == 5);
  // A network for a single image only answers, and so drops nothing.
  FastNetwork fast(list, {1, 6, 6}, {.threads = 1});
  copy_parameters(plain, fast);
  SingleImage single(fast);
  const auto answer = single.logits(row_of(input, 0));
  const auto expected = plain.forward(input, Mode::evaluation);
  for (int k = 0; k < 10; ++k)
    CHECK_THAT(static_cast<double>(answer[static_cast<std::size_t>(k)]),
               WithinAbs(static_cast<double>(expected(0, k)), 1e-5));
}

// A block has 16 slots, and the last block of a batch may hold fewer
// images. What an earlier batch left in the empty slots must not reach the
// sums over slots, because a gradient of 0 times infinity is NaN.
TEST_CASE("dropout leaves nothing of an earlier batch in empty slots") {
  const DroppingArchitecture list = {Dropout{0.5, 3}, Convolution{2, 3},
                                     Flatten{}};
  Random random(8);
  for (const std::string& isa : runnable_sets()) {
    INFO(isa);
    FastNetwork fast(list, {1, 4, 4}, {.threads = 1, .isa = isa});
    fill_parameters(fast, random);
    Tensor<> full = normal_numbers({32, 1, 4, 4}, random);
    for (int n = 17; n < 32; ++n)
      for (float& number : row_of(full, n)) number = infinity;
    fast.forward(full, {true, 1});
    const Tensor<> input = normal_numbers({17, 1, 4, 4}, random);
    const Tensor<> grad = normal_numbers({17, 8}, random);
    fast.forward(input, {true, 2});
    fast.backward(grad);
    std::vector<Tensor<>> got;
    for (const Parameter<>* it : fast.parameters())
      got.push_back(it->gradient);
    fast.plain().forward(input, {true, 2});
    fast.plain().backward(grad);
    std::size_t p = 0;
    for (const Parameter<>* it : fast.parameters())
      CHECK(max_abs_difference(got[p++], it->gradient) < 1e-4f);
  }
}
