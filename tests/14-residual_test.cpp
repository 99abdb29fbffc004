// Chapter 14: residual blocks.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "06-training/initializer.hpp"
#include "13-normalization/folding.hpp"
#include "14-residual/block_networks.hpp"
#include "14-residual/depth_runs.hpp"
#include "14-residual/measured_blocks.hpp"
#include "14-residual/paths.hpp"
#include "14-residual/residual.hpp"
#include "14-residual/small_block.hpp"
#include "14-residual/stream.hpp"
#include "14-residual/surface.hpp"
#include "common/data/files.hpp"
#include "tests/both_engines.hpp"
#include "tests/cases_tried.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/reference.hpp"

namespace {

using namespace cnn;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Entry = ResidualArchitecture::value_type;

// A random layer that keeps the shape of maps (1, C, H, W).
Entry same_size(int C, Random& random) {
  switch (random.below(6)) {
    case 0:
      return Convolution{C, 3, 1, 1};
    case 1:
      return BatchNorm{.momentum = 0.3};
    case 2:
      return Dropout{.p = 0.3,
                     .seed = static_cast<std::uint64_t>(random.below(99))};
    case 3:
      return Convolution{C, 1, 1, 0};
    case 4:
      return MaxPool{{3, 1, 1}};
    default:
      return Relu{};
  }
}

bool is_norm(const Entry& entry) {
  return std::holds_alternative<BatchNorm>(entry);
}

// A random block. Its skip is the input, or has layers of its own because
// the branch changes the shape. One block in three holds another.
Residual random_block(int C, int depth, Random& random) {
  Residual block;
  block.zero_initialized = random.below(2) > 0;
  int channels = C;
  if (random.below(2) > 0) {
    const int stride = from_to(1, 2, random);
    channels = from_to(1, 9, random);
    block.branch.push_back(Convolution{channels, 3, stride, 1});
    block.skip.push_back(Convolution{channels, 1, stride, 0});
    if (random.below(2) > 0) block.skip.push_back(BatchNorm{});
  } else if (random.below(4) == 0) {
    block.branch.push_back(AveragePool{{2, 2, 0}});
    block.skip.push_back(MaxPool{{2, 2, 0}});
  } else if (random.below(4) == 0) {
    // The skip reads what no window of the branch covers.
    block.branch.push_back(MaxPool{{1, 2, 0}});
    block.skip.push_back(Convolution{C, 3, 2, 1});
  }
  const int more = from_to(1, 3, random);
  for (int i = 0; i < more; ++i) {
    Entry next = same_size(channels, random);
    if (is_norm(next) && !block.branch.empty() &&
        is_norm(block.branch.back()))
      next = Relu{};
    block.branch.push_back(next);
  }
  if (depth > 0 && random.below(3) == 0)
    block.branch.push_back(random_block(channels, depth - 1, random));
  if (depth > 0 && random.below(6) == 0)
    block.skip.push_back(random_block(channels, 0, random));
  return block;
}

ResidualArchitecture random_blocks(const Shape& image, int most, int depth,
                                   Random& random) {
  return list_that_fits(
      image, from_to(1, most, random), [&](const Shape& shape) -> Entry {
        if (shape.size() == 4 && random.below(2) > 0)
          return random_block(shape[1], depth, random);
        if (shape.size() == 4 && random.below(4) == 0) return BatchNorm{};
        return std::visit([](const auto& it) { return Entry(it); },
                          random_layer(shape, random));
      });
}

}  // namespace

TEST_CASE("residual: plain and fast agree on any list of blocks", "[14]") {
  const int batches[] = {2, 5, 16, 37, 17};
  Random random(13);
  for (int i = 0; i < cases_tried(100); ++i) {
    const Shape image{from_to(1, 5, random), from_to(4, 9, random),
                      from_to(4, 9, random)};
    const ResidualArchitecture entries = random_blocks(image, 6, 2, random);
    const int N = batches[i % 5];
    INFO("list " << i);
    check_engines_agree(
        entries, image,
        normal_numbers({N, image[0], image[1], image[2]}, random),
        {i % 3 != 0, i});
  }
}

TEST_CASE("residual: the gradients are the differences", "[14]") {
  Random random(14);
  for (const int N : {1, 2, 9})
    for (int i = 0; i < cases_tried(20); ++i) {
      const Shape image{from_to(1, 3, random), from_to(2, 4, random),
                        from_to(2, 4, random)};
      INFO("list " << i);
      check_differences(random_blocks(image, 2, 1, random), image, N,
                        {i % 4 != 0, i}, random);
    }
}

// ---- Compared with PyTorch ---------------------------------------------

namespace {

// The same numbers as in make_residual_reference.py.
Tensor<double> reference_numbers(const Shape& shape, int k, double scale) {
  Tensor<double> numbers(shape);
  int i = 0;
  for (double& number : numbers.data())
    number = ((i++ * 37 + k * 11) % 101 - 50) / 50.0 * scale;
  return numbers;
}

Residual reference_block(bool same) {
  const int C = same ? 2 : 3, stride = same ? 1 : 2;
  Residual block{{Convolution{C, 3, stride, 1}, BatchNorm{}, Relu{},
                  Convolution{C, 3, 1, 1}, BatchNorm{}}};
  if (!same) block.skip = {Convolution{C, 1, stride, 0}, BatchNorm{}};
  return block;
}

void check_near(const Tensor<double>& ours, const Tensor<double>& theirs) {
  REQUIRE(ours.shape() == theirs.shape());
  CHECK(max_abs_difference(ours, theirs) < 1e-9);
}

}  // namespace

TEST_CASE("residual: a block is PyTorch's, and so are ten steps", "[14]") {
  const Reference file("residual.txt");
  for (const bool same : {true, false}) {
    const std::string name = same ? "same" : "other";
    INFO(name);
    Network<double> network = build_network<double>(
        ResidualArchitecture{reference_block(same)}, {2, 5, 4});
    const auto trained = trained_parameters<double>(network);
    std::vector<Tensor<double>> velocity;
    int k = 0;
    for (Parameter<double>* it : trained) {
      it->value = reference_numbers(it->value.shape(), ++k, 0.5);
      velocity.emplace_back(it->value.shape());
    }
    const Tensor<double> x = reference_numbers({3, 2, 5, 4}, 0, 1);
    for (int step = 0; step < 10; ++step) {
      const Tensor<double> output = network.forward(x, Mode::training);
      const Tensor<double> grad_input =
          network.backward(reference_numbers(output.shape(), 20 + step, 1));
      if (step == 0) {
        check_near(output, file[name + ".output"]);
        check_near(grad_input, file[name + ".grad_input"]);
      }
      for (std::size_t p = 0; p < trained.size(); ++p) {
        if (step == 0)
          check_near(trained[p]->gradient,
                     file[name + ".grad" + std::to_string(p)]);
        for (std::size_t i = 0; i < velocity[p].data().size(); ++i) {
          double& v = velocity[p].data()[i];
          v = 0.9 * v + trained[p]->gradient.data()[i];
          trained[p]->value.data()[i] -= 0.05 * v;
        }
      }
    }
    k = 0;
    for (const Parameter<double>* it : network.parameters())
      check_near(it->value, file[name + ".after" + std::to_string(k++)]);
  }
}

TEST_CASE("residual: parameters have the names that PyTorch's would",
          "[14]") {
  Network<> network = build_network(
      ResidualArchitecture{
          reference_block(false), Relu{},
          Residual{{Residual{{Convolution{3, 1, 1, 0}}}, BatchNorm{}}}},
      {2, 5, 4});
  std::vector<std::string> names;
  for (const Parameter<>* it : network.parameters())
    names.push_back(it->name);
  CHECK(names.size() == 18 + 6);
  CHECK(names[0] == "residual1.conv1.weight");
  CHECK(names[8] == "residual1.bn2.weight");
  CHECK(names[12] == "residual1.skip.conv1.weight");
  CHECK(names[17] == "residual1.skip.bn1.running_var");
  CHECK(names[18] == "residual2.residual1.conv1.weight");
  CHECK(names[20] == "residual2.bn1.weight");
}

TEST_CASE("residual: what cannot be a block is refused in one line",
          "[14]") {
  const auto refusal = [](const Residual& block, const Shape& image) {
    return message_of(
        [&] { build_network(ResidualArchitecture{block}, image); });
  };
  CHECK(refusal({{}}, {2, 4, 4}) ==
        "Residual: expected layers in the branch, got none");
  CHECK(
      refusal({{Convolution{3, 3, 1, 1}}}, {2, 4, 4}) ==
      "skip_sum: what comes over the skip expects shape (1, 3, 4, 4), got "
      "(1, 2, 4, 4)");
  CHECK(refusal({{Flatten{}}}, {2, 1, 1}).rfind("skip_sum: ", 0) == 0);
  CHECK(message_of([] {
          build_network(ResidualArchitecture{Flatten{}, Residual{{Relu{}}}},
                        {2, 4, 4});
        }).rfind("Residual: input", 0) == 0);
}

// ---- Starting as nothing -----------------------------------------------

TEST_CASE("residual: a block that starts as nothing passes all on",
          "[14]") {
  for (const bool nothing : {true, false}) {
    Residual block = reference_block(true);
    block.zero_initialized = nothing;
    FastNetwork network(ResidualArchitecture{block}, {2, 5, 4});
    Random random(1);
    initialize(network, he_initializer(), random);
    const Tensor<> x = normal_numbers({16, 2, 5, 4}, random);
    const Tensor<> grad = normal_numbers({16, 2, 5, 4}, random);
    for (Layer<>* it : {static_cast<Layer<>*>(&network),
                        static_cast<Layer<>*>(&network.plain())}) {
      CHECK((it->forward(x, Mode::training) == x) == nothing);
      CHECK((it->backward(grad) == grad) == nothing);
      // It learns all the same, beginning with the scale.
      float largest = 0;
      for (const Parameter<>* one : it->parameters())
        if (one->name == "residual1.bn2.weight")
          for (const float number : one->gradient.data())
            largest = std::max(largest, std::abs(number));
      CHECK(largest > 0);
    }
  }
}

TEST_CASE("residual: only a norm at the branch's end starts at 0", "[14]") {
  const auto scales = [](const ResidualArchitecture& branch) {
    Network<> network =
        build_network(ResidualArchitecture{Residual{branch}}, {2, 4, 4});
    std::vector<float> starts;
    for (const Parameter<>* it : network.parameters())
      if (it->name.ends_with("weight") && it->fan_in == 0)
        starts.push_back(static_cast<float>(it->start));
    return starts;
  };
  const Convolution same{2, 3, 1, 1};
  CHECK(scales({BatchNorm{}, same, BatchNorm{}}) ==
        std::vector<float>{1, 0});
  CHECK(scales({same, GroupNorm{2}}) == std::vector<float>{0});
  CHECK(scales({same, LayerNorm{}}) == std::vector<float>{0});
  CHECK(scales({BatchNorm{}, same}) == std::vector<float>{1});
  CHECK(scales({same, BatchNorm{}, Relu{}}) == std::vector<float>{1});
  // A block at the end of a branch sets its own scale.
  CHECK(scales({same, Residual{{same, BatchNorm{}, Relu{}, same}}}) ==
        std::vector<float>{1});
  CHECK(scales({Residual{{same, BatchNorm{}}, {}, false}}) ==
        std::vector<float>{1});
}

TEST_CASE("residual: branch and skip may both end in a row", "[14]") {
  const ResidualArchitecture rows = {
      Residual{{Convolution{2, 3, 1, 1}, Flatten{}},
               {Convolution{2, 1, 1, 0}, Flatten{}}},
      Dense{10}};
  Random random(5);
  check_engines_agree(rows, {1, 6, 5},
                      normal_numbers({17, 1, 6, 5}, random), {true, 1});
}

TEST_CASE("residual: each dropout in a block draws its own lots", "[14]") {
  const ResidualArchitecture list = with_own_masks(
      {Dropout{}, Residual{{Dropout{}, Residual{{Dropout{}}}}, {Dropout{}}},
       Dropout{}},
      7);
  const auto& block = std::get<Residual>(list[1]);
  CHECK(std::get<Dropout>(list[0]).seed == 7);
  CHECK(std::get<Dropout>(block.branch[0]).seed == 8);
  CHECK(std::get<Dropout>(std::get<Residual>(block.branch[1]).branch[0])
            .seed == 9);
  CHECK(std::get<Dropout>(block.skip[0]).seed == 10);
  CHECK(std::get<Dropout>(list[2]).seed == 11);
}

TEST_CASE("residual: the work of a block is that of its layers", "[14]") {
  const Work work = count_work(
      ResidualArchitecture{
          Residual{{Convolution{3, 3, 1, 1}}, {Convolution{3, 1, 1, 0}}},
          Flatten{}, Dense{10}},
      {2, 5, 4});
  CHECK(work.forward ==
        std::vector<double>{3 * 2 * 9 * 20 + 3 * 2 * 20, 3 * 20 * 10});
  CHECK(work.names[0] == "residual1");
}

TEST_CASE("residual: of a leading block, branch and skip save a gradient",
          "[14]") {
  const Convolution three{3, 3, 1, 1}, one{3, 1, 1, 0};
  const auto training = [](const ResidualArchitecture& list) {
    return count_work(list, {2, 5, 4}).training;
  };
  // Multiply-adds of convolutions of 2 or 3 channels at 20 places.
  const double first = 3 * 2 * 9 * 20, second = 3 * 3 * 9 * 20,
               across = 3 * 2 * 20, scale = 3 * 20;
  const Residual block{{three, BatchNorm{}, three}, {one}};
  CHECK(training({block}) ==
        2 * first + 3 * scale + 3 * second + 2 * across);
  // A block in a block, whose skip is the input as it is.
  CHECK(training({Residual{{Residual{{three, three}, {one}}}, {one}}}) ==
        2 * first + 3 * second + 2 * across + 2 * across);
  CHECK(training({Residual{{Convolution{2, 3, 1, 1}, three}, {one}}}) ==
        2. * 2 * 2 * 9 * 20 + 3 * first + 2 * across);
  // After another layer the block saves nothing, whatever that layer is.
  const Convolution before{2, 1, 1, 0};
  CHECK(training({before, block}) ==
        2. * 2 * 2 * 20 + 3 * (first + scale + second + across));
  CHECK(training({Relu{}, block}) == 3 * (first + scale + second + across));
}

TEST_CASE(
    "residual: nobody asks for the images' gradient, and all else "
    "stays",
    "[14]") {
  Random random(21);
  for (int i = 0; i < 40; ++i) {
    const Shape image{from_to(1, 4, random), from_to(4, 8, random),
                      from_to(4, 8, random)};
    ResidualArchitecture list = random_blocks(image, 2, 2, random);
    // Blocks in the skip of a block, whose first layers see the images.
    if (i % 2 == 0) {
      const Convolution one{image[0], 1, 1, 0};
      list.insert(
          list.begin(),
          Residual{{Convolution{image[0], 3, 1, 1}, Relu{}},
                   {Residual{{one, BatchNorm{}}, {one}}, Relu{}, one}});
    }
    INFO("list " << i << ": " << kinds_of(list));
    FastNetwork fast(list, image, {.threads = 1});
    fill_parameters(fast, random);
    const Tensor<> input =
        normal_numbers({17, image[0], image[1], image[2]}, random);
    for (Layer<>* it : {static_cast<Layer<>*>(&fast),
                        static_cast<Layer<>*>(&fast.plain())}) {
      const Mode mode{true, i};
      const Tensor<> grad =
          normal_numbers(it->forward(input, mode).shape(), random);
      it->backward(grad, true);
      std::vector<Tensor<>> all;
      for (const Parameter<>* one : it->parameters())
        all.push_back(one->gradient);
      it->forward(input, mode);
      it->backward(grad, false);
      std::size_t p = 0;
      for (const Parameter<>* one : it->parameters()) {
        INFO(one->name);
        CHECK(one->gradient == all[p++]);
      }
    }
  }
}

// ---- Folding (chapter 13) ----------------------------------------------

TEST_CASE("residual: norms in blocks fold into what stands before them",
          "[14]") {
  const Convolution same{3, 3, 1, 1};
  const std::vector<ResidualArchitecture> lists = {
      block_network({BlockKind::nothing, 2, 4}),
      {Convolution{3, 3, 1, 1}, BatchNorm{}, Relu{},
       Residual{{same, BatchNorm{}, Relu{}, same,
                 BatchNorm{.epsilon = 1e-3}, BatchNorm{}}},
       Residual{{Convolution{6, 3, 2, 1}, BatchNorm{},
                 Residual{{Convolution{6, 1, 1, 0}, BatchNorm{}}}},
                {Convolution{6, 1, 2, 0}, BatchNorm{}}},
       Flatten{}, Dense{10}, BatchNorm{}}};
  const Shape image{1, 28, 28};
  Random random(41);
  for (const ResidualArchitecture& list : lists) {
    INFO(kinds_of(list));
    Network<> network = build_network(list, image);
    train_briefly(network, image, random);
    auto [kept, less] = folded(list, image, network);
    for (const Parameter<>* it : less.parameters()) {
      INFO(it->name);
      CHECK(it->name.find("bn") == std::string::npos);
    }
    const Tensor<> input = normal_numbers({17, 1, 28, 28}, random);
    const Tensor<> logits = network.forward(input, Mode::evaluation);
    float largest = 1;
    for (const float number : logits.data())
      largest = std::max(largest, std::abs(number));
    CHECK(max_abs_difference(less.forward(input, Mode::evaluation),
                             logits) < 1e-5f * largest);
    FastNetwork fast(kept, image, {.threads = 1});
    copy_parameters(less, fast);
    CHECK(max_abs_difference(fast.forward(input, Mode::evaluation),
                             logits) < 1e-5f * largest);
  }
}

TEST_CASE("residual: what cannot be folded in a block is named", "[14]") {
  const auto refusal = [](const Residual& block) {
    const ResidualArchitecture list = {block};
    Network<> network = build_network(list, {2, 4, 4});
    return message_of([&] { folded(list, {2, 4, 4}, network); });
  };
  const Convolution same{2, 3, 1, 1};
  const std::string end =
      ", but only a convolution or a dense layer can take it in";
  CHECK(refusal({{BatchNorm{}, Relu{}, same}}) ==
        "folded: residual1.bn1 follows nothing" + end);
  CHECK(refusal({{same}, {Relu{}, BatchNorm{}}}) ==
        "folded: residual1.skip.bn1 follows residual1.skip.relu1" + end);
}

TEST_CASE("residual: a measured start measures what is in a block",
          "[14]") {
  const Convolution same{3, 3, 1, 1};
  const ResidualArchitecture list = {
      same, Residual{{same, Relu{}, same, BatchNorm{}}},
      Residual{{Residual{{same}}, same}, {Convolution{3, 1, 1, 0}}}};
  Network<> network = build_network(list, {2, 6, 5});
  Random random(4);
  initialize(network, gain_start(1), random);
  const Tensor<> images = normal_numbers({9, 2, 6, 5}, random);
  measured_blocks(list, network, images);
  const auto measured = [](Network<>& inside, std::size_t i,
                           const Tensor<>& signal) {
    const Tensor<> sums = inside.layer(i).forward(signal, Mode::evaluation);
    CHECK_THAT(mean_square(sums), WithinAbs(1, 1e-4));
    return sums;
  };
  Tensor<> signal = measured(network, 0, images);
  auto& first_block = static_cast<ResidualLayer<>&>(network.layer(1));
  const Tensor<> inner = measured(first_block.branch(), 0, signal);
  measured(first_block.branch(), 2, relu(inner));
  signal = first_block.forward(signal, Mode::evaluation);
  auto& last = static_cast<ResidualLayer<>&>(network.layer(2));
  measured(last.skip(), 0, signal);
  auto& deep = static_cast<ResidualLayer<>&>(last.branch().layer(0));
  measured(deep.branch(), 0, signal);
  measured(last.branch(), 1, deep.forward(signal, Mode::evaluation));
}

// ---- By hand -----------------------------------------------------------

TEST_CASE("a block of single numbers has the gradients of its layers") {
  Random random(14);
  for (int n = 0; n < 100; ++n) {
    const double x = random.uniform(-3, 3), slope = random.uniform(-2, 2),
                 grad = random.uniform(-1, 1), h = 1e-6;
    const auto layer_output = [&](double at) {
      const double sum = slope * at + at;
      return std::max(sum, 0.0);
    };
    const SmallBlock it = compute_small_block(x, slope, grad);
    INFO(n << ": x " << x << ", slope " << slope);
    CHECK(it.output == layer_output(x));
    if (std::abs(it.sum) < 1e-5) continue;  // too near the kink
    const double slope_of_x =
        (layer_output(x + h) - layer_output(x - h)) / (2 * h);
    CHECK_THAT(it.grad_x, WithinAbs(grad * slope_of_x, 1e-8));
    CHECK(it.grad_x == it.grad_branch + it.grad_sum);
    CHECK(it.grad_branch == slope * it.grad_sum);
  }
}

TEST_CASE("residual: paths are counted, and what they bring adds up",
          "[14]") {
  CHECK(paths_by_length(4) == std::vector<double>{1, 4, 6, 4, 1});
  for (const int n : {1, 8, 20, 60}) {
    const std::vector<double> counts = paths_by_length(n);
    double sum = 0;
    for (const double count : counts) sum += count;
    CHECK(sum == whole_power(2, n));
    CHECK_THAT(mean_length(counts), WithinAbs(n / 2.0, 1e-9));
    // The lengths have a binomial distribution with share s / (1 + s).
    for (const double slope : {0.5, 0.1})
      CHECK_THAT(mean_length(slope_by_length(slope, n)),
                 WithinAbs(n * slope / (1 + slope), 1e-9));
  }
  CHECK(slope_of_blocks(0.5, 10, false) == 1.0 / 1024);
  CHECK_THAT(slope_of_blocks(0.1, 10, true), WithinAbs(2.5937424601, 1e-9));
  CHECK(stream_variance(BranchStart::as_large, 0.5, 20) == 524288);
  CHECK(stream_variance(BranchStart::standardized, 0.5, 20) == 20.5);
  CHECK(stream_variance(BranchStart::nothing, 0.5, 20) == 0.5);
  CHECK(message_of([] { paths_by_length(61); }) ==
        "paths_by_length: expected 1 to 60 blocks, got 61");
  CHECK(message_of([] {
          mean_length({0, 0});
        }) == "mean_length: expected weights that sum to more than 0");
}

// ---- The networks that are compared ------------------------------------

TEST_CASE("residual: the three kinds get the same weights", "[14]") {
  std::vector<std::vector<Tensor<>>> all;
  for (const BlockKind kind :
       {BlockKind::plain, BlockKind::added, BlockKind::nothing}) {
    Network<> network =
        build_network(block_network({kind, 3, 4}), {1, 28, 28});
    start_blocks(network, 5);
    all.emplace_back();
    for (const Parameter<>* weight : weights_of(network))
      all.back().push_back(weight->value);
  }
  CHECK(all[0].size() == 8);
  CHECK(all[0] == all[1]);
  CHECK(all[1] == all[2]);
  CHECK(weighted_layers({.blocks = 20}) == 42);
}

TEST_CASE("residual: a block that is taken out is the one that is named",
          "[14]") {
  Random random(3);
  for (const BlockKind kind : {BlockKind::plain, BlockKind::added}) {
    const BlockNetwork three{kind, 3, 4}, two{kind, 2, 4};
    Network<> network = build_network(block_network(three), {1, 28, 28});
    fill_parameters(network, random);
    const Tensor<> images = normal_numbers({2, 1, 28, 28}, random);
    for (int k = 0; k < 3; ++k) {
      Network<> fewer = build_network(block_network(two), {1, 28, 28});
      copy_without_block(network, fewer, three, k);
      // The whole network, layer by layer, but without the block's layers.
      Tensor<> signal = images;
      const std::size_t begin = entry_of_block(three, k),
                        end = entry_of_block(three, k + 1);
      for (std::size_t i = 0; i < network.size(); ++i)
        if (i < begin || i >= end)
          signal = network.layer(i).forward(signal, Mode::evaluation);
      CHECK(fewer.forward(images, Mode::evaluation) == signal);
    }
    Network<> wrong = build_network(block_network(three), {1, 28, 28});
    CHECK(
        message_of([&] { copy_without_block(network, wrong, three, 0); }) ==
        "copy_without_block: expected a network of one block fewer");
    CHECK(message_of([&] {
            copy_without_block(network, wrong, three, 3);
          }) == "copy_without_block: expected a block from 0 to 2, got 3");
  }
}

TEST_CASE("residual: a network from nothing misses no block yet", "[14]") {
  const Dataset some = first(embedded_digits().held_out, 50);
  const BlockNetwork it{BlockKind::nothing, 3, 4};
  FastNetwork network(block_network(it), {1, 28, 28});
  start_blocks(network, 1);
  const double whole = accuracy(network, some);
  int asked = 0;
  CHECK(accuracies_without(network, it, some, [&] { ++asked; }) ==
        std::vector<double>(3, whole));
  CHECK(asked == 3);
}

TEST_CASE("residual: the stream grows by about one at each block", "[14]") {
  const Dataset some = first(embedded_digits().train, 16);
  const StreamSizes added =
      compute_stream_sizes({BlockKind::added, 6, 8}, some, 1);
  const StreamSizes nothing =
      compute_stream_sizes({BlockKind::nothing, 6, 8}, some, 1);
  REQUIRE(added.forward.size() == 7);
  for (std::size_t k = 1; k <= 6; ++k) {
    CHECK(nothing.forward[k] == nothing.forward[0]);
    const double grows = added.forward[k] - added.forward[k - 1];
    CHECK(grows > 0.3);
    CHECK(grows < 1.2);
    CHECK(added.backward[k] < added.backward[k - 1]);
  }
  // Only the last block's ReLU stops part of the gradient. Those before it
  // stop nothing more.
  for (std::size_t k = 1; k < 6; ++k)
    CHECK(nothing.backward[k] == nothing.backward[0]);
}

TEST_CASE("residual: places and corrections add up to the stream", "[14]") {
  const BlockNetwork it{BlockKind::added, 3, 4};
  FastNetwork network(block_network(it), {1, 28, 28});
  start_blocks(network, 2);
  const Dataset one = first(embedded_digits().held_out, 1);
  const Stream stream = stream_of(network.outputs(one.images), it);
  REQUIRE(stream.places.size() == 4);
  REQUIRE(stream.corrections.size() == 3);
  for (std::size_t k = 0; k < 3; ++k)
    CHECK(max_abs_difference(
              relu(skip_sum(stream.corrections[k], stream.places[k])),
              stream.places[k + 1]) < 1e-4f);
  for (const double share : correction_shares(stream)) CHECK(share > 0.1);
}

TEST_CASE(
    "residual: an answer along the way is that of a network which ends "
    "there",
    "[14]") {
  const Dataset one = first(embedded_digits().held_out, 1);
  for (const BlockKind kind : {BlockKind::plain, BlockKind::added}) {
    const BlockNetwork it{kind, 2, 4};
    Network<> network = build_network(block_network(it), {1, 28, 28});
    start_blocks(network, 3);
    const auto numbers = network.parameters();
    Parameter<>& weight = *numbers[numbers.size() - 2];
    Parameter<>& bias = *numbers.back();
    for (float& w : weight.value.data()) w *= 10;
    bias.value(3) = 0.5f;
    const std::vector<Tensor<>> answers = answers_along(
        all_outputs(network, one.images), it, weight.value, bias.value);
    REQUIRE(answers.size() == 3);
    // Without one block, and then without another.
    const BlockNetwork shorter{kind, 1, 4}, shortest{kind, 0, 4};
    Network<> one_block =
        build_network(block_network(shorter), {1, 28, 28});
    copy_without_block(network, one_block, it, 1);
    Network<> none = build_network(block_network(shortest), {1, 28, 28});
    copy_without_block(one_block, none, shorter, 0);
    std::size_t k = 0;
    for (Network<>* ends_there : {&none, &one_block, &network})
      CHECK(max_abs_difference(answers[k++],
                               softmax(ends_there->forward(
                                   one.images, Mode::evaluation))) < 1e-6f);
    CHECK(max_abs_difference(answers[0], answers[1]) > 0.01f);
    CHECK(max_abs_difference(answers[1], answers[2]) > 0.01f);
  }
}

// ---- The surface -------------------------------------------------------

TEST_CASE("residual: a direction is as long as each filter", "[14]") {
  Network<> network =
      build_network(block_network({BlockKind::added, 2, 4}), {1, 28, 28});
  start_blocks(network, 1);
  Random random(2);
  const WeightDirection u = filter_normalized(network, random);
  const auto parameters = network.parameters();
  REQUIRE(u.size() == parameters.size());
  for (std::size_t p = 0; p < u.size(); ++p) {
    const Tensor<>& value = parameters[p]->value;
    if (parameters[p]->fan_in == 0) {
      CHECK(u[p] == Tensor<>(value.shape()));
      continue;
    }
    for (int co = 0; co < value.extent(0); ++co)
      CHECK_THAT(length_of(row_of(u[p], co)),
                 WithinRel(length_of(row_of(value, co)), 1e-4f));
  }
}

TEST_CASE("residual: the plane's middle is the network's own loss",
          "[14]") {
  const Dataset some = first(embedded_digits().train, 20);
  FastNetwork network(block_network({BlockKind::nothing, 2, 4}),
                      {1, 28, 28});
  start_blocks(network, 1);
  Random random(2);
  const WeightDirection u = filter_normalized(network, random),
                        v = filter_normalized(network, random);
  std::vector<Tensor<>> before;
  for (const Parameter<>* it : network.parameters())
    before.push_back(it->value);
  const Tensor<> plane = loss_plane(network, u, v, some, 3, 1.0f);
  std::size_t p = 0;
  for (const Parameter<>* it : network.parameters())
    CHECK(it->value == before[p++]);
  CHECK(plane(1, 1) ==
        cross_entropy(network.forward(some.images, Mode::training),
                      some.labels));
  // Up is +v: row 0, column 1.
  p = 0;
  for (Parameter<>* it : network.parameters()) {
    it->value = before[p];
    for (std::size_t i = 0; i < it->value.data().size(); ++i)
      it->value.data()[i] += v[p].data()[i];
    ++p;
  }
  CHECK_THAT(
      plane(0, 1),
      WithinRel(cross_entropy(network.forward(some.images, Mode::training),
                              some.labels),
                1e-4f));
  CHECK(share_below(Tensor<>({2, 2}, {1, 2, 3, 4}), 3) == 0.5);
  CHECK(message_of([&] { loss_plane(network, u, v, some, 1, 1.0f); }) ==
        "loss_plane: expected 2 cells or more, got 1");
}

TEST_CASE("residual: a plane that is refused leaves the network as it was",
          "[14]") {
  Dataset some = first(embedded_digits().train, 20);
  FastNetwork network(block_network({BlockKind::nothing, 2, 4}),
                      {1, 28, 28});
  start_blocks(network, 1);
  Random random(2);
  const WeightDirection u = filter_normalized(network, random);
  const KeptValues before(network);
  WeightDirection shorter = u, other = u;
  shorter.pop_back();
  other[0] = Tensor<>({7});
  CHECK(message_of([&] {
          loss_plane(network, u, shorter, some, 3, 1.0f);
        }).rfind("loss_plane: expected directions of ", 0) == 0);
  CHECK(message_of([&] {
          loss_plane(network, other, u, some, 3, 1.0f);
        }).rfind("loss_plane: ", 0) == 0);
  some.labels[7] = 11;
  CHECK_THROWS_AS(loss_plane(network, u, u, some, 3, 1.0f),
                  std::invalid_argument);
  CHECK(before.values() == KeptValues(network).values());
}

// ---- Training ----------------------------------------------------------

TEST_CASE("residual: any number of threads trains to the same bits",
          "[14]") {
  const Dataset digits = first(embedded_digits().train, 90);
  ResidualArchitecture list = block_network({BlockKind::nothing, 2, 8});
  list.insert(list.begin() + 3,
              Residual{{Convolution{8, 3, 2, 1}, BatchNorm{}, Dropout{}},
                       {Convolution{8, 1, 2, 0}, BatchNorm{}}});
  std::vector<std::vector<Tensor<>>> ends;
  for (int threads = 1; threads <= 8; ++threads) {
    FastNetwork network(list, {1, 28, 28}, {.threads = threads});
    start_blocks(network, 1);
    Sgd sgd(0.9);
    TrainingSettings settings = block_settings(1, 0.05);
    settings.epochs = 1;
    settings.batch = 37;
    train_fast(network, sgd, digits, settings);
    ends.emplace_back();
    for (const Parameter<>* it : network.parameters())
      ends.back().push_back(it->value);
    CHECK(ends.back() == ends.front());
  }
}

TEST_CASE("residual: the best rate is where it reads its own best",
          "[14]") {
  Split digits = embedded_digits();
  digits.train = first(digits.train, 64);
  digits.held_out = first(digits.held_out, 40);
  int runs = 0;
  TrainingSettings settings = block_settings(1, 0);
  settings.epochs = 2;
  const DepthRuns it =
      compute_depth_runs({BlockKind::nothing, 1, 8}, digits, settings,
                         {1e-6, 0.05}, 2, {}, [&] { ++runs; });
  CHECK(runs == 4);
  CHECK(it.own.size() == 2);
  CHECK(it.best() == 1);
  CHECK(it.own[1].runs == 2);
  CHECK(it.own[1].of.mean > it.own[0].of.mean);
  // What a run keeps is the network as training left it.
  FastNetwork network(block_network(it.network), {1, 28, 28});
  for (const std::vector<TrainedRun>& at_one_rate : it.trained)
    for (const TrainedRun& one : at_one_rate) {
      one.copy_to(network);
      CHECK(accuracy(network, digits.train) == one.run.own);
      CHECK(accuracy(network, digits.held_out) == one.run.held_out);
    }
  CHECK(it.trained[1][1].seed == 2);
}
