// Layers that the book's first chapters do not have, in both engines: one
// that needs the whole batch, one with random masks, and skips. What a
// later chapter adds must not need more than this file does. (Of the layers
// that scale channels, only chapter 13's is tested.)
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/fast_training.hpp"
#include "13-normalization/batch_norm.hpp"
#include "common/data/files.hpp"
#include "tests/both_engines.hpp"
#include "tests/cases_tried.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"

using namespace cnn;

namespace {

// ---- The mean over the whole batch, subtracted -------------------------

struct Centre {};

template <class T>
Tensor<T> as_maps(const Tensor<T>& any) {
  return any.rank() == 4
             ? any
             : any.reshaped({any.extent(0), any.extent(1), 1, 1});
}

// The mean of each channel over images and places. (N, C, ...) -> C
template <class T>
std::vector<T> channel_means(const Tensor<T>& any) {
  const Tensor<T> maps = as_maps(any);
  const int N = maps.extent(0), C = maps.extent(1);
  const int H = maps.extent(2), W = maps.extent(3);
  std::vector<T> means;
  for (int c = 0; c < C; ++c) {
    T sum = 0;
    for (int n = 0; n < N; ++n)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) sum += maps(n, c, y, x);
    means.push_back(N == 0 ? 0 : sum / static_cast<T>(N * H * W));
  }
  return means;
}

template <class T>
class CentreLayer : public Layer<T> {
 public:
  explicit CentreLayer(int C)
      : mean_{"running_mean", Tensor<T>({C}), Tensor<T>({C})} {
    mean_.trained = false;
  }
  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    learns_ = mode.learns;
    const auto kept = mean_.value.data();
    std::vector<T> means(kept.begin(), kept.end());
    if (learns_ && input.extent(0) > 0) {
      means = channel_means(input);
      for (std::size_t c = 0; c < means.size(); ++c)
        kept[c] = (kept[c] + means[c]) / 2;
    }
    return without(input, means);
  }
  Tensor<T> backward(const Tensor<T>& grad, bool) override {
    return learns_ ? without(grad, channel_means(grad)) : grad;
  }
  std::vector<Parameter<T>*> parameters() override { return {&mean_}; }

 private:
  static Tensor<T> without(const Tensor<T>& all,
                           const std::vector<T>& means) {
    Tensor<T> maps = as_maps(all);
    for (int n = 0; n < maps.extent(0); ++n)
      for (int c = 0; c < maps.extent(1); ++c)
        for (int y = 0; y < maps.extent(2); ++y)
          for (int x = 0; x < maps.extent(3); ++x)
            maps(n, c, y, x) -= means[static_cast<std::size_t>(c)];
    return maps.reshaped(all.shape());
  }
  Parameter<T> mean_;
  bool learns_ = false;
};

// Calls visit(slot, c, y, x) for the cells of the first `slots` slots.
template <class Visit>
void for_slots(const Slice& slice, int slots, const Visit& visit) {
  const auto [C, H, W] = slice.size;
  for (int slot = 0; slot < slots; ++slot)
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) visit(slot, c, y, x);
}

class FastCentre : public SliceLayer {
 public:
  FastCentre(int C, int area) : C_(C), area_(area) {}
  std::size_t attach(Parameter<>* const* first) override {
    running_ = *first;
    return 1;
  }
  int sums(const Mode& mode) const override { return mode.learns ? C_ : 0; }
  int sums_back(const Mode& mode) const override { return sums(mode); }
  void add_sums(const Slice& input, double* sums) const override {
    for_slots(input, input.images, [&](int slot, int c, int y, int x) {
      sums[c] += static_cast<double>(input.at(slot, c, y, x));
    });
  }
  void set_sums(const double* sums, int images, const Mode&) override {
    means_ = divided(sums, images);
    for (int c = 0; c < C_; ++c)
      running_->value(c) = (running_->value(c) + means_[at(c)]) / 2;
  }
  void forward(const Slice& input, const Slice& output,
               const Mode& mode) const override {
    const auto kept = running_->value.data();
    subtract(input, mode.learns ? std::span<const float>(means_) : kept,
             output);
  }
  void add_backward_sums(const Slice&, const Slice& grad,
                         double* sums) const override {
    add_sums(grad, sums);
  }
  void set_backward_sums(const double* sums, int images) override {
    grad_means_ = divided(sums, images);
  }
  void backward(const Slice&, const Slice& grad, const Slice& grad_input,
                const Mode& mode, float*) const override {
    const std::vector<float> none(at(C_));
    subtract(grad, mode.learns ? grad_means_ : none, grad_input);
  }
  bool folds(std::vector<float>&,
             std::vector<float>& shift) const override {
    for (int c = 0; c < C_; ++c) shift[at(c)] = -running_->value(c);
    return true;
  }

 private:
  static std::size_t at(int c) { return static_cast<std::size_t>(c); }
  std::vector<float> divided(const double* sums, int images) const {
    std::vector<float> means;
    for (int c = 0; c < C_; ++c)
      means.push_back(static_cast<float>(sums[c] / (images * area_)));
    return means;
  }
  // Writes into slots without an image, too. Clearing those is not the task
  // of a layer.
  static void subtract(const Slice& from, std::span<const float> means,
                       const Slice& to) {
    for_slots(from, block_images, [&](int slot, int c, int y, int x) {
      to.at(slot, c, y, x) = from.at(slot, c, y, x) - means[at(c)];
    });
  }

  int C_, area_;
  Parameter<>* running_ = nullptr;
  std::vector<float> means_, grad_means_;
};

std::string kind(const Centre&) {
  return "centre";
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const Centre&, const Shape& input) {
  return std::make_unique<CentreLayer<T>>(input[1]);
}
void describe(const Centre&, Plan& plan) {
  const Shape& shape = plan.shape();
  plan.slice(std::make_shared<FastCentre>(shape[1],
                                          element_count(shape) / shape[1]));
}

// ---- Random masks ------------------------------------------------------

// Doubles half of all cells and makes the others 0, chosen by a hash of the
// step, the image and the cell.
struct Mask {};

float mask(int step, int image, int cell) {
  std::uint64_t hash = static_cast<std::uint64_t>(step) * 1000003u +
                       static_cast<std::uint64_t>(image);
  hash = (hash * 1000003u + static_cast<std::uint64_t>(cell) + 1) *
         0x9e3779b97f4a7c15u;
  hash = (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9u;
  return hash >> 63 ? 2.0f : 0.0f;
}

template <class T>
class MaskLayer : public Layer<T> {
 public:
  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    mode_ = mode;
    return masked(input);
  }
  Tensor<T> backward(const Tensor<T>& grad, bool) override {
    return masked(grad);
  }

 private:
  Tensor<T> masked(Tensor<T> all) const {
    for (int n = 0; mode_.learns && n < all.extent(0); ++n) {
      int cell = 0;
      for (T& number : row_of(all, n))
        number *= static_cast<T>(mask(mode_.step, n, cell++));
    }
    return all;
  }
  Mode mode_;
};

class FastMask : public SliceLayer {
 public:
  void forward(const Slice& input, const Slice& output,
               const Mode& mode) const override {
    const MapSize& size = input.size;
    for_slots(input, block_images, [&](int slot, int c, int y, int x) {
      const int cell = (c * size.H + y) * size.W + x;
      const float factor =
          mode.learns ? mask(mode.step, input.first + slot, cell) : 1.0f;
      output.at(slot, c, y, x) = input.at(slot, c, y, x) * factor;
    });
  }
  void backward(const Slice&, const Slice& grad, const Slice& grad_input,
                const Mode& mode, float*) const override {
    forward(grad, grad_input, mode);
  }
};

std::string kind(const Mask&) {
  return "mask";
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const Mask&, const Shape&) {
  return std::make_unique<MaskLayer<T>>();
}
void describe(const Mask&, Plan& plan) {
  plan.slice(std::make_shared<FastMask>());
}

// ---- Skips -------------------------------------------------------------

// Adds its input to the output of `entries`. If there are entries in
// `beside`, these get the input, too, and their output is added instead.
struct Skip {
  std::vector<std::variant<Convolution, Relu, Centre, Mask, BatchNorm>>
      entries, beside = {};
};

template <class T>
class SkipLayer : public Layer<T> {
 public:
  SkipLayer(Network<T> inside, Network<T> beside)
      : inside_(std::move(inside)), beside_(std::move(beside)) {}
  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    return sum(inside_.forward(input, mode), beside_.forward(input, mode));
  }
  Tensor<T> backward(const Tensor<T>& grad, bool) override {
    return sum(inside_.backward(grad, true), beside_.backward(grad, true));
  }
  std::vector<Parameter<T>*> parameters() override {
    std::vector<Parameter<T>*> all = inside_.parameters();
    for (Parameter<T>* it : beside_.parameters()) all.push_back(it);
    return all;
  }

 private:
  static Tensor<T> sum(Tensor<T> a, const Tensor<T>& b) {
    require_shape(b.shape(), a.shape(), "Skip", "the input");
    for (std::size_t i = 0; i < a.data().size(); ++i)
      a.data()[i] += b.data()[i];
    return a;
  }
  Network<T> inside_, beside_;
};

std::string kind(const Skip&) {
  return "skip";
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const Skip& skip, const Shape& input) {
  const Shape image(input.begin() + 1, input.end());
  return std::make_unique<SkipLayer<T>>(
      build_network<T>(skip.entries, image),
      build_network<T>(skip.beside, image));
}
void describe(const Skip& skip, Plan& plan) {
  int mark = plan.mark();
  for (const auto& entry : skip.entries)
    std::visit([&](const auto& it) { describe(it, plan); }, entry);
  if (!skip.beside.empty()) mark = plan.rewind(mark);
  for (const auto& entry : skip.beside)
    std::visit([&](const auto& it) { describe(it, plan); }, entry);
  plan.add(mark);
}

// ---- Random lists of all of them ---------------------------------------

using Entry = std::variant<Convolution, Relu, MaxPool, AveragePool, Flatten,
                           Dense, Centre, Mask, BatchNorm, Skip>;

// A skip over one to five entries, for an input of C channels. Both of its
// sides have outputs of the same shape.
Skip random_skip(int C, Random& random) {
  const Convolution same{C, 3, 1, 1};
  switch (random.below(12)) {
    case 0:
      return {{same}};
    case 6:
      return {{same, BatchNorm{}, Relu{}, same, BatchNorm{}}};
    case 7:
      return {{BatchNorm{}, Relu{}, same}};
    case 8:
      return {{Convolution{5, 1, 1, 0}, BatchNorm{}, Mask{}, same}};
    case 9:
      return {{Convolution{7, 3, 2, 1}}, {Convolution{7, 1, 2, 0}}};
    case 10:
      return {{same, Relu{}}, {Mask{}, same}};
    case 11:
      return {{Convolution{3, 2, 1, 0}, Centre{}, Relu{}},
              {Convolution{3, 2, 1, 0}, Centre{}, Relu{}}};
    case 1:
      return {{Relu{}}};
    case 2:
      return {{same, Relu{}, Convolution{C, 1, 1, 0}}};
    case 3:
      return {{same, Centre{}, Relu{}}};
    case 4:
      return {{Convolution{5, 1, 1, 0}, Mask{}, same}};
    default:
      return {{Mask{}, Relu{}, Centre{}}};
  }
}

Entry random_entry(const Shape& input, Random& random) {
  const bool flat = input.size() == 2;
  switch (random.below(flat ? 6 : 12)) {
    case 0:
      return Relu{};
    case 1:
      return Centre{};
    case 2:
      return Mask{};
    case 3:
      return Flatten{};
    case 4:
      if (flat) return Dense{from_to(1, 21, random)};
      return Convolution{from_to(1, 9, random), from_to(1, 4, random),
                         from_to(1, 2, random), from_to(0, 2, random)};
    case 5:
      return BatchNorm{};
    case 6:
      return MaxPool{{2, 2, 0}};
    case 7:
      return AveragePool{{3, 2, 1}};
    case 8:
      return Convolution{from_to(1, 20, random), 3, 1, 1};
    case 9:
      return Relu{};
    default:
      return random_skip(input[1], random);
  }
}

std::vector<Entry> random_list(const Shape& image, Random& random) {
  return list_that_fits(
      image, from_to(2, 8, random),
      [&](const Shape& shape) { return random_entry(shape, random); });
}

}  // namespace

TEST_CASE("seams: plain and fast agree on any list of layers") {
  const int batches[] = {1, 5, 16, 37};
  Random random(11);
  for (int i = 0; i < cases_tried(160); ++i) {
    const Shape image{from_to(1, 5, random), from_to(4, 9, random),
                      from_to(4, 9, random)};
    const std::vector<Entry> entries = random_list(image, random);
    const int N = batches[i % 4];
    INFO("list " << i);
    check_engines_agree(
        entries, image,
        normal_numbers({N, image[0], image[1], image[2]}, random),
        {i % 3 != 0, i});
  }
}

// Combinations that the random lists may have left out.
TEST_CASE("seams: plain and fast agree where skips meet scaled channels") {
  const Convolution same{4, 3, 1, 1};
  const std::vector<std::vector<Entry>> lists = {
      {same, Skip{{BatchNorm{}, Relu{}, same}}, Flatten{}, Dense{3}},
      {same, Skip{{same, BatchNorm{}}}, same, Relu{}},
      {same, Skip{{same, BatchNorm{}, Relu{}}}, BatchNorm{}, same},
      {same, Skip{{same}}, BatchNorm{}, Relu{}, MaxPool{}, same}};
  Random random(16);
  for (std::size_t i = 0; i < lists.size(); ++i)
    for (const int N : {5, 16, 37})
      check_engines_agree(lists[i], {2, 6, 7},
                          normal_numbers({N, 2, 6, 7}, random),
                          {true, static_cast<int>(i) + N});
}

TEST_CASE("seams: the plain layers' gradients are the differences") {
  Random random(12);
  for (int i = 0; i < (slow_build ? 3 : 40); ++i) {
    const Shape image{from_to(1, 3, random), from_to(4, 6, random),
                      from_to(4, 6, random)};
    const std::vector<Entry> entries = random_list(image, random);
    INFO("list " << i);
    check_differences(entries, image, 3, {true, i}, random);
  }
}

namespace {

// An image, made a little brighter by an amount that depends on the step
// and on the image.
std::span<const float> brighter(const Dataset& data, int image, int step,
                                std::span<float> room) {
  const auto pixels = row_of(data.images, image);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    room[i] = pixels[i] + 0.01f * static_cast<float>((step + image) % 7);
  return room;
}

const std::vector<Entry> learner = {Convolution{4, 3, 1, 1},
                                    Centre{},
                                    Relu{},
                                    Skip{{Convolution{4, 3, 1, 1}}},
                                    Mask{},
                                    MaxPool{},
                                    Flatten{},
                                    Dense{10}};

}  // namespace

TEST_CASE("seams: both engines train alike on what is handed out") {
  const Dataset digits = first(embedded_digits().train, 150);
  TrainingSettings settings;
  settings.epochs = 2;
  settings.batch = 37;
  settings.hand_out = brighter;
  Network<> plain = build_network(learner, {1, 28, 28});
  check_training_agrees(learner, plain, digits, settings);
  CHECK(plain.parameters()[2]->name == "centre1.running_mean");
  CHECK(plain.parameters()[2]->value != Tensor<>({4}));
}

TEST_CASE("seams: an optimizer's state goes on where it was saved") {
  const Dataset digits = first(embedded_digits().train, 60);
  const auto run = [&](bool saved) {
    Network<> network = build_network(learner, {1, 28, 28});
    Random random(1);
    initialize(network, he_initializer(), random);
    auto sgd = std::make_unique<Sgd>(0.9);
    for (int step = 1; step <= 4; ++step) {
      double loss = 0;
      training_step(network, *sgd, digits, 0.05, loss);
      if (!saved || step != 2) continue;
      const std::vector<Tensor<>> state = sgd->state();
      CHECK(state.size() == trained_parameters(network).size());
      sgd = std::make_unique<Sgd>(0.9);
      CHECK(sgd->state().empty());
      sgd->restore(state);
    }
    std::vector<Tensor<>> values;
    for (const Parameter<>* it : network.parameters())
      values.push_back(it->value);
    return values;
  };
  CHECK(run(true) == run(false));
}

TEST_CASE("seams: larger pictures with many channels", "[slow]") {
  const std::vector<Entry> wide = {
      Convolution{128, 3, 1, 1},
      Relu{},
      MaxPool{},
      Centre{},
      Skip{{Convolution{128, 3, 1, 1}, Relu{}}},
      MaxPool{},
      Flatten{},
      Dense{10}};
  Random random(3);
  FastNetwork fast(wide, {3, 32, 32}, {.threads = 2});
  initialize(fast, he_initializer(), random);
  Network<> plain = build_network(wide, {3, 32, 32});
  copy_parameters(fast, plain);
  const Tensor<> input = normal_numbers({2, 3, 32, 32}, random);
  const Tensor<> output = plain.forward(input, Mode::training);
  const Tensor<> grad = normal_numbers(output.shape(), random);
  const Tensor<> grad_input = plain.backward(grad);
  CHECK(max_abs_difference(fast.forward(input, Mode::training), output) <
        1e-4f);
  CHECK(max_abs_difference(fast.backward(grad), grad_input) < 1e-4f);
}

TEST_CASE("seams: a skip that does not fit is refused") {
  const std::vector<Entry> wrong = {Convolution{3, 3, 1, 1},
                                    Skip{{Convolution{4, 3, 1, 1}}}};
  CHECK_THAT(
      message_of([&] {
        build_network(wrong, {1, 6, 6});
      }),
      ContainsSubstring("Skip: the input expects shape (1, 4, 6, 6), "
                        "got (1, 3, 6, 6)"));
  Plan plan({1, 6, 6}, true);
  CHECK_THAT(message_of([&] { plan.add(1); }),
             ContainsSubstring("Plan: expected a mark from 0 to 0, got 1"));
  plan.convolve(4, 3, 1, 1);
  CHECK_THAT(message_of([&] { plan.add(0); }),
             ContainsSubstring("Plan: a skip from (1, 6, 6) does not fit "
                               "onto (4, 6, 6)"));
  CHECK_THAT(message_of([&] { plan.rewind(3); }),
             ContainsSubstring("Plan: expected a mark from 0 to 2, got 3"));
}

TEST_CASE("seams: a rewound plan goes on from the mark's shape") {
  Plan plan({2, 6, 6}, true);
  plan.convolve(4, 3, 2, 1);
  const int mark = plan.mark();
  plan.convolve(8, 3, 1, 1);
  const int after = plan.rewind(mark);
  CHECK(after == 2);
  CHECK(plan.shape() == Shape{1, 4, 3, 3});
  CHECK_THAT(message_of([&] { plan.add(after); }),
             ContainsSubstring("Plan: a skip from (8, 3, 3) does not fit "
                               "onto (4, 3, 3)"));
}
