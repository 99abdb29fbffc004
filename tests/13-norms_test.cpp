// The layers of chapters 12 and 13 in both engines.
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "07-speed/fast_network.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/single_image.hpp"
#include "12-generalization/dropout.hpp"
#include "13-normalization/batch_norm.hpp"
#include "13-normalization/folding.hpp"
#include "13-normalization/group_norm.hpp"
#include "13-normalization/layer_norm.hpp"
#include "13-normalization/norm_cost.hpp"
#include "13-normalization/normalized_list.hpp"
#include "13-normalization/steps_cost.hpp"
#include "common/data/files.hpp"
#include "tests/both_engines.hpp"
#include "tests/capture.hpp"
#include "tests/cases_tried.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/reference.hpp"
#include "tests/ten_steps.hpp"

using namespace cnn;

namespace {

using NormEntry = NormalizedArchitecture::value_type;

// A random divisor of C.
int some_groups(int C, Random& random) {
  int groups = from_to(1, C, random);
  while (C % groups != 0) --groups;
  return groups;
}

NormEntry norm_or_layer(const Shape& input, Random& random) {
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      return BatchNorm{.momentum = random.below(2) > 0 ? 0.1 : 0.3};
    case 3:
      return LayerNorm{};
    case 4:
      return GroupNorm{some_groups(input[1], random)};
    case 5:
      return Dropout{.p = 0.3,
                     .seed = static_cast<std::uint64_t>(random.below(99))};
    default:
      return std::visit([](const auto& it) { return NormEntry(it); },
                        random_layer(input, random));
  }
}

bool is_norm(const NormEntry& entry) {
  return entry.index() >=
         std::variant_size_v<DroppingArchitecture::value_type>;
}

// A random list in which no norm follows another directly: if the first
// makes all numbers of a channel nearly equal, the second multiplies the
// rounding errors of float by a thousand.
NormalizedArchitecture random_norms(const Shape& image, Random& random) {
  bool after_norm = false;
  return list_that_fits(
      image, from_to(2, 8, random), [&](const Shape& shape) {
        NormEntry entry = norm_or_layer(shape, random);
        while (after_norm && is_norm(entry))
          entry = norm_or_layer(shape, random);
        after_norm = is_norm(entry) ||
                     (after_norm && std::holds_alternative<Dropout>(entry));
        return entry;
      });
}

}  // namespace

TEST_CASE("norms: instruction sets with fused multiply-add agree") {
  const auto sets = runnable_sets();
  for (const char* name : {"avx2", "avx512"})
    if (std::find(sets.begin(), sets.end(), name) == sets.end()) {
      WARN("this CPU has not both AVX2 and AVX-512: nothing to compare");
      return;
    }
  // 16 channels of 28 x 28: AVX-512 takes a row of tiles in two parts.
  const NormalizedArchitecture layers = {Convolution{16, 3, 1, 1},
                                         BatchNorm{},
                                         Relu{},
                                         Convolution{18, 3, 1, 1},
                                         BatchNorm{},
                                         Relu{},
                                         MaxPool{},
                                         GroupNorm{3},
                                         Flatten{},
                                         LayerNorm{},
                                         Dense{10}};
  const Dataset digits = first(embedded_digits().train, 90);
  // The gradients of all parameters, and the running statistics.
  const auto numbers_with = [&](const char* isa) {
    FastNetwork network(layers, {1, 28, 28}, {.isa = isa});
    Random random(1);
    initialize(network, he_initializer(), random);
    Tensor<> logits;
    network.gradients({digits, count_up(90)}, logits);
    std::vector<float> numbers;
    for (const Parameter<>* it : network.parameters())
      for (const Tensor<>* tensor : {&it->gradient, &it->value})
        numbers.insert(numbers.end(), tensor->data().begin(),
                       tensor->data().end());
    return numbers;
  };
  const std::vector<float> avx2 = numbers_with("avx2");
  const std::vector<float> avx512 = numbers_with("avx512");
  REQUIRE(avx2.size() == avx512.size());
  int different = 0;
  for (std::size_t i = 0; i < avx2.size(); ++i)
    different += avx2[i] != avx512[i];
  CHECK(different == 0);
}

TEST_CASE("norms: plain and fast agree on any list of layers") {
  const int batches[] = {2, 5, 16, 37, 17};
  Random random(13);
  for (int i = 0; i < cases_tried(200); ++i) {
    const Shape image{from_to(1, 5, random), from_to(4, 9, random),
                      from_to(4, 9, random)};
    const NormalizedArchitecture entries = random_norms(image, random);
    const int N = batches[i % 5];
    INFO("list " << i);
    check_engines_agree(
        entries, image,
        normal_numbers({N, image[0], image[1], image[2]}, random),
        {i % 3 != 0, i});
  }
}

// What the random lists may have missed: layers that can be fused with a
// batch norm, and others that cannot.
TEST_CASE("norms: plain and fast agree where batch norm meets others") {
  const Convolution same{3, 3, 1, 1};
  const MaxPool two{{2, 2, 0}};
  const std::vector<NormalizedArchitecture> lists = {
      {same, BatchNorm{}, Relu{}, two, Convolution{2, 3, 1, 1}},
      {same, BatchNorm{}, two, Relu{}},
      {same, BatchNorm{}, Relu{}, same, BatchNorm{}, Relu{}, same},
      {same, BatchNorm{}, Relu{}, MaxPool{{3, 2, 1}}, Dropout{0.1}},
      {same, BatchNorm{}, AveragePool{{2, 2, 0}}, BatchNorm{}},
      {Convolution{4, 3, 2, 0}, BatchNorm{}, Relu{}, Relu{}, same},
      {same, Relu{}, BatchNorm{}, two, same},
      {same, Flatten{}, BatchNorm{}, Relu{}, Dense{4}, BatchNorm{}},
      {BatchNorm{}, Relu{}, two, Flatten{}, Dense{3}},
      {Convolution{18, 3, 1, 0}, BatchNorm{}, Relu{}, two,
       Convolution{17, 3, 1, 1}, BatchNorm{}, Relu{}, Flatten{}, Dense{5}}};
  // A slow build tries every fifth of the twelve ways, beginning with
  // another one for each list.
  const int every = slow_build ? 5 : 1;
  Random random(15);
  int way = 0;
  for (std::size_t i = 0; i < lists.size(); ++i)
    for (const Shape& image : {Shape{2, 6, 8}, Shape{1, 7, 9}})
      for (const int N : {5, 16, 37})
        for (const bool learns : {true, false})
          if (way++ % every == 0)
            check_engines_agree(
                lists[i], image,
                normal_numbers({N, image[0], image[1], image[2]}, random),
                {learns, static_cast<int>(i) + N});
}

TEST_CASE("norms: the plain layers' gradients are the differences") {
  Random random(14);
  for (const int N : {1, 2, 17})
    for (int i = 0; i < cases_tried(12); ++i) {
      const Shape image{from_to(1, 3, random), from_to(2, 4, random),
                        from_to(2, 4, random)};
      const NormalizedArchitecture entries = random_norms(image, random);
      INFO("list " << i);
      check_differences(entries, image, N, {i % 4 != 0, i}, random);
    }
}

// ---- PyTorch -----------------------------------------------------------

TEST_CASE("norms equal PyTorch's", "[reference]") {
  const Reference file("norms.txt");
  const std::map<std::string, NormEntry> entries = {
      {"bn_maps", BatchNorm{}},
      {"bn_flat", BatchNorm{}},
      {"bn_one_image", BatchNorm{}},
      {"bn_remembers", BatchNorm{.momentum = 0.25}},
      {"bn_answers", BatchNorm{}},
      {"gn_maps", GroupNorm{2}},
      {"gn_flat", GroupNorm{3}},
      {"gn_one_group", GroupNorm{1}},
      {"ln_maps", LayerNorm{}},
      {"ln_flat", LayerNorm{}}};
  for (const auto& [name, entry] : entries) {
    INFO(name);
    const auto theirs = [&, it = name](const std::string& what) {
      return file[it + "." + what];
    };
    const Tensor<double> input = theirs("input");
    const auto layer = std::visit(
        [&](const auto& it) {
          return make_layer<double>(it, input.shape());
        },
        entry);
    for (Parameter<double>* it : layer->parameters()) {
      REQUIRE(it->value.shape() == theirs(it->name).shape());
      it->value = theirs(it->name);
    }
    const Mode mode =
        name == "bn_answers" ? Mode::evaluation : Mode::training;
    const auto close = [](const Tensor<double>& a,
                          const Tensor<double>& b) {
      CHECK_THAT(max_abs_difference(a, b), WithinAbs(0, 1e-12));
    };
    close(layer->forward(input, mode), theirs("output"));
    close(layer->backward(theirs("grad_output")), theirs("grad_input"));
    for (const Parameter<double>* it : layer->parameters()) {
      INFO(it->name);
      if (it->trained)
        close(it->gradient, theirs("grad_" + it->name));
      else
        close(it->value, theirs(it->name + "_after"));
    }
  }
}

namespace {

// Chapter 06's network with a layer after each convolution.
NormalizedArchitecture digit_network_with(const NormEntry& first,
                                          const NormEntry& second) {
  auto list = widened<NormalizedArchitecture>(digit_network);
  list.insert(list.begin() + 4, second);
  list.insert(list.begin() + 1, first);
  return list;
}

void fill_as_pytorch(Layer<>& network) {
  for (Parameter<>* it : trained_parameters(network)) {
    fill_by_formula(*it, it->name.ends_with("weight") ? 200 : 1000);
    for (float& number : it->value.data()) number += it->start;
  }
}

void check_ten_steps_of(const NormalizedArchitecture& list,
                        const std::string& prefix) {
  const Reference file("norms.txt");
  const auto check = [&](Layer<>& network, const Gradients& gradients) {
    fill_as_pytorch(network);
    check_ten_steps(network, gradients, 0.005, file, prefix);
    const Tensor<> answers =
        network.forward(four_images().images, Mode::evaluation);
    CHECK(max_abs_difference(
              answers, convert<float>(file[prefix + "answers"])) < 2e-4f);
  };
  Network<> plain = build_network(list, {1, 28, 28});
  check(plain, gradients_of(plain));
  for (const std::string& isa : runnable_sets()) {
    INFO(isa);
    FastNetwork fast(list, {1, 28, 28}, {.threads = 2, .isa = isa});
    check(fast, gradients_of(fast));
  }
}

}  // namespace

TEST_CASE("ten training steps with norms equal PyTorch's", "[reference]") {
  check_ten_steps_of(digit_network_with(BatchNorm{}, BatchNorm{}),
                     "with_bn.");
  check_ten_steps_of(digit_network_with(GroupNorm{4}, LayerNorm{}),
                     "with_gn_ln.");
}

// ---- What batch normalization is ---------------------------------------

TEST_CASE("batch norm by hand: 1, 2, 3, 4, then two, then one") {
  BatchNormLayer<double> layer(1, {});
  const auto of = [&](std::vector<double> numbers) {
    const int N = static_cast<int>(numbers.size());
    return layer.forward(Tensor<double>({N, 1}, std::move(numbers)),
                         Mode::training);
  };
  const Tensor<double> four = of({1, 2, 3, 4});
  for (int i = 0; i < 4; ++i)
    CHECK_THAT(four(i, 0), WithinAbs((i - 1.5) / std::sqrt(1.25), 1e-5));
  const auto parameters = layer.parameters();
  CHECK_THAT(parameters[2]->value(0), WithinAbs(0.25, 1e-15));
  CHECK_THAT(parameters[3]->value(0),
             WithinAbs(0.9 + 0.1 * 5 / 3, 1e-15));  // unbiased: 1.667
  const Tensor<double> two = of({-7, 1000});
  CHECK_THAT(two(0, 0), WithinAbs(-1, 1e-9));
  CHECK_THAT(two(1, 0), WithinAbs(1, 1e-9));
  // A single number has no variance, so the layer returns its bias and
  // keeps the running variance that it had.
  parameters[1]->value(0) = 0.125;
  const double kept = parameters[3]->value(0);
  CHECK(of({1e30})(0, 0) == 0.125);
  CHECK(parameters[3]->value(0) == kept);
  CHECK(layer.backward(Tensor<double>({1, 1}, 3.0), true)(0, 0) == 0);
  // A batch without images changes nothing.
  const double mean = parameters[2]->value(0);
  CHECK(of({}).size() == 0);
  CHECK(parameters[2]->value(0) == mean);
}

TEST_CASE("a batch of one value for each channel, in the fast engine") {
  const NormalizedArchitecture list = {Flatten{}, Dense{3}, BatchNorm{}};
  FastNetwork fast(list, {1, 2, 2}, {.threads = 1});
  const auto parameters = fast.parameters();
  Random random(1);
  fill_parameters(fast, random);
  const Tensor<> output =
      fast.forward(Tensor<>({1, 1, 2, 2}, 5.0f), Mode::training);
  for (int c = 0; c < 3; ++c) {
    CHECK(output(0, c) == parameters[3]->value(c));
    CHECK(parameters[5]->value(c) == 1);  // running_var
  }
  CHECK(all_finite(fast.backward(Tensor<>({1, 3}, 1.0f))));
}

TEST_CASE("both sums of batch norm's gradient are zero") {
  Random random(21);
  for (const int N : {1, 2, 17}) {
    const auto input = normal_numbers<double>({N, 3, 4, 5}, random);
    const auto grad = normal_numbers<double>(input.shape(), random);
    const auto weight = normal_numbers<double>({3}, random);
    const SetStatistics<double> of = batch_statistics(input);
    const Tensor<double> grads =
        batch_norm_backward(grad, input, of, weight, 1e-30).input;
    const Tensor<double> x_hat = batch_norm(
        input, of, Tensor<double>({3}, 1.0), Tensor<double>({3}), 1e-30);
    for (int c = 0; c < 3; ++c) {
      double sum = 0, leaning = 0;
      for (int n = 0; n < N; ++n)
        for (int y = 0; y < 4; ++y)
          for (int x = 0; x < 5; ++x) {
            sum += grads(n, c, y, x);
            leaning += grads(n, c, y, x) * x_hat(n, c, y, x);
          }
      CHECK_THAT(sum, WithinAbs(0, 1e-12));
      CHECK_THAT(leaning, WithinAbs(0, 1e-12));
    }
  }
}

TEST_CASE("weights before batch norm have no size, and biases no use") {
  const NormalizedArchitecture list = {Convolution{4, 3, 1, 1},
                                       BatchNorm{.epsilon = 1e-12}, Relu{},
                                       Flatten{}, Dense{3}};
  Network<double> network = build_network<double>(list, {2, 5, 5});
  Random random(22);
  fill_parameters(network, random);
  const auto input = normal_numbers<double>({6, 2, 5, 5}, random);
  const auto output = network.forward(input, Mode::training);
  const auto grad = normal_numbers<double>(output.shape(), random);
  network.backward(grad);
  Parameter<double>& weight = *network.parameters()[0];
  const Parameter<double>& bias = *network.parameters()[1];
  const Tensor<double> gradient = weight.gradient;
  double along = 0;
  for (std::size_t i = 0; i < gradient.data().size(); ++i)
    along += gradient.data()[i] * weight.value.data()[i];
  CHECK_THAT(along, WithinAbs(0, 1e-9));
  CHECK(largest_of(bias.gradient) < 1e-12);
  for (double& number : weight.value.data()) number *= 100;
  CHECK(max_abs_difference(network.forward(input, Mode::training), output) <
        1e-9);
  network.backward(grad);
  for (std::size_t i = 0; i < gradient.data().size(); ++i)
    CHECK_THAT(100 * weight.gradient.data()[i],
               WithinAbs(gradient.data()[i], 1e-8));
}

TEST_CASE("a large mean costs batch norm no digits, in either engine") {
  const NormalizedArchitecture list = {BatchNorm{}};
  Random random(23);
  Tensor<> input({20, 2, 6, 7});
  for (float& number : input.data()) number = 30000 + random.normal();
  Network<double> exact = build_network<double>(list, {2, 6, 7});
  const Tensor<double> output =
      exact.forward(convert<double>(input), Mode::training);
  FastNetwork fast(list, {2, 6, 7}, {.threads = 2});
  Network<> plain = build_network(list, {2, 6, 7});
  for (Layer<>* layer :
       {static_cast<Layer<>*>(&fast), static_cast<Layer<>*>(&plain)})
    CHECK(max_abs_difference(
              convert<double>(layer->forward(input, Mode::training)),
              output) < 3e-3);  // a float's steps are 1/512 there
}

// ---- Learning in both engines ------------------------------------------

TEST_CASE("both engines train alike with every layer so far") {
  const NormalizedArchitecture list = with_own_masks(NormalizedArchitecture{
      Convolution{4, 3, 1, 1}, BatchNorm{}, Relu{}, MaxPool{}, Dropout{0.2},
      Convolution{6, 3, 2, 1}, GroupNorm{2}, Relu{},
      Convolution{16, 3, 1, 1}, BatchNorm{}, Relu{}, Flatten{}, Dense{12},
      BatchNorm{}, Relu{}, LayerNorm{}, Dropout{0.3}, Dense{10}});
  const Dataset digits = first(embedded_digits().train, 150);
  TrainingSettings settings;
  settings.epochs = 2;
  settings.batch = 37;  // the last one has 2
  Network<> plain = build_network(list, {1, 28, 28});
  const auto ends = check_training_agrees(list, plain, digits, settings);
  const auto parameters = plain.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    INFO(parameters[p]->name);
    CHECK(max_abs_difference(parameters[p]->value, ends[p]) < 5e-3f);
    if (!parameters[p]->trained)  // a running statistic, which has moved
      CHECK(parameters[p]->value !=
            Tensor<>(parameters[p]->value.shape(), parameters[p]->start));
  }
}

// A channel that is the same large number everywhere becomes beta. In the
// slots of the last block that hold no image, the fast engine normalizes 0,
// which is so far from the mean that the result is infinite. This must not
// reach the sums over all slots.
TEST_CASE("batchnorm leaves no trace in slots without an image") {
  const NormalizedArchitecture list = {BatchNorm{}, Convolution{2, 1},
                                       Flatten{}};
  Random random(9);
  for (const std::string& isa : runnable_sets()) {
    INFO(isa);
    FastNetwork fast(list, {1, 2, 2}, {.threads = 1, .isa = isa});
    fill_parameters(fast, random);
    fast.parameters()[0]->value(0) = 1;  // gamma
    fast.parameters()[1]->value(0) = 3;  // beta
    const Tensor<> grad = normal_numbers({17, 8}, random);
    fast.forward(Tensor<>({17, 1, 2, 2}, 0x1p121f), Mode::training);
    fast.backward(grad);
    for (int co = 0; co < 2; ++co) {
      float sum = 0;
      for (int n = 0; n < 17; ++n)
        for (int cell = 0; cell < 4; ++cell) sum += grad(n, 4 * co + cell);
      CHECK_THAT(fast.parameters()[4]->gradient(co, 0, 0, 0),
                 WithinAbs(3 * sum, 1e-3));
    }
  }
}

// ---- Folding -----------------------------------------------------------

TEST_CASE("a folded network answers alike, one layer less for each") {
  Random random(31);
  const std::vector<NormalizedArchitecture> lists = {
      digit_network_with(BatchNorm{}, BatchNorm{}),
      {Convolution{5, 3, 2, 1}, BatchNorm{}, Relu{}, Dropout{}, Flatten{},
       Dense{7}, BatchNorm{.epsilon = 1e-3}, BatchNorm{}, Relu{},
       LayerNorm{}, Dense{3}}};
  for (const NormalizedArchitecture& list : lists) {
    INFO(kinds_of(list));
    Network<> network = build_network(list, {1, 28, 28});
    train_briefly(network, {1, 28, 28}, random);
    auto [kept, less] = folded(list, {1, 28, 28}, network);
    CHECK(kept.size() == list.size() - (list.size() > 10 ? 3 : 2));
    const auto input = normal_numbers({6, 1, 28, 28}, random);
    const auto logits = network.forward(input, Mode::evaluation);
    CHECK(max_abs_difference(less.forward(input, Mode::evaluation),
                             logits) < 1e-5f);
    // The engine for a single image folds without being asked.
    FastNetwork fast(list, {1, 28, 28}, {.threads = 1});
    copy_parameters(network, fast);
    SingleImage single(fast);
    const auto alone = single.logits(row_of(input, 0));
    for (int k = 0; k < logits.extent(1); ++k)
      CHECK_THAT(static_cast<double>(alone[static_cast<std::size_t>(k)]),
                 WithinAbs(static_cast<double>(logits(0, k)), 1e-5));
  }
}

TEST_CASE("what cannot be folded is refused") {
  const auto message = [](const NormalizedArchitecture& list) {
    Network<> network = build_network(list, {2, 6, 6});
    return message_of([&] { folded(list, {2, 6, 6}, network); });
  };
  CHECK(
      message({Convolution{}, Relu{}, BatchNorm{}}) ==
      "folded: bn1 follows relu1, but only a convolution or a dense layer "
      "can take it in");
  CHECK(message({BatchNorm{}}) ==
        "folded: bn1 follows nothing, but only a convolution or a dense "
        "layer can take it in");
  CHECK(message({Convolution{}, BatchNorm{}, Flatten{}, BatchNorm{}}) ==
        "folded: bn2 follows flatten1, but only a convolution or a dense "
        "layer can take it in");
  Network<> other = build_network(digit_network, {1, 28, 28});
  CHECK(message_of([&] {
          folded(NormalizedArchitecture{Convolution{}}, {1, 28, 28}, other);
        }) == "folded: expected a network of 1 layer, got 8");
}

// ---- What is refused ---------------------------------------------------

TEST_CASE("norms refuse what they cannot do") {
  const auto message = [](const NormEntry& entry, const Shape& image) {
    return message_of(
        [&] { build_network(NormalizedArchitecture{entry}, image); });
  };
  const Shape image = {6, 4, 4};
  CHECK(message(BatchNorm{.momentum = 1.5}, image) ==
        "BatchNorm: expected a momentum from 0 to 1, got 1.5");
  CHECK(message(BatchNorm{.momentum = std::nan("")}, image) ==
        "BatchNorm: expected a momentum from 0 to 1, got nan");
  CHECK(message(BatchNorm{.epsilon = 0}, image) ==
        "BatchNorm: expected an epsilon above 0, got 0");
  CHECK(message(LayerNorm{.epsilon = -1}, image) ==
        "LayerNorm: expected an epsilon above 0, got -1");
  CHECK(message(GroupNorm{.groups = 3, .epsilon = 1.0 / 0.0}, image) ==
        "GroupNorm: expected an epsilon above 0, got inf");
  CHECK(message(GroupNorm{4}, image) ==
        "GroupNorm: 6 channels cannot be shared among 4 groups");
  for (const int groups : {0, -2, 7})
    CHECK(message(GroupNorm{groups}, image) ==
          "GroupNorm: 6 channels cannot be shared among " +
              std::to_string(groups) + " groups");
  CHECK_THAT(message_of([] {
               make_layer<float>(BatchNorm{}, Shape{1, 2, 3});
             }),
             ContainsSubstring("BatchNorm: input"));
  // A layer that was built for another number of channels.
  BatchNormLayer<> layer(3, {});
  CHECK_THAT(message_of([&] {
               layer.forward(Tensor<>({2, 4}), Mode::evaluation);
             }),
             ContainsSubstring("batch_norm: what each channel has"));
}

TEST_CASE("the cost of batch norm is measured on the same batch") {
  const NormCost cost = compute_norm_cost(digit_network, {1, 28, 28}, 4,
                                          {.threads = 1}, 1, 0.001);
  CHECK(cost.plain > 0);
  CHECK(cost.normalized > 0);
  CHECK_THAT((NormCost{2, 3}.share()), WithinAbs(0.5, 1e-15));
}

#ifndef _WIN32
TEST_CASE("13-normalization --cost says what it costs") {
  std::vector<std::string> words = {"--cost", "--threads", "1", "--batch",
                                    "4",      "--seconds", "0"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  const Capture out(stdout);
  CHECK(cost_program(static_cast<int>(argv.size()), argv.data()) == 0);
  CHECK_THAT(out.text(), ContainsSubstring("A, chapter 06's"));
  CHECK_THAT(out.text(), ContainsSubstring("B, chapter 07's"));
  CHECK_THAT(out.text(), ContainsSubstring(" %"));
}
#endif
