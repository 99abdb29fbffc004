// Our layers against PyTorch's. The files of tests/reference hold inputs
// and what PyTorch made of them.
#include "tests/reference.hpp"

#include <sstream>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/network.hpp"
#include "06-training/training.hpp"
#include "tests/catch.hpp"
#include "tests/ten_steps.hpp"

using namespace cnn;

namespace {

// One case of a file, its numbers as T.
template <class T>
struct Case {
  const Reference& file;
  std::string name;

  Tensor<T> operator[](const std::string& tensor) const {
    return convert<T>(file[name + "." + tensor]);
  }
  Pooling pooling() const {
    const auto& it = file[name + ".geometry"];
    return {static_cast<int>(it(0)), static_cast<int>(it(1)),
            static_cast<int>(it(2))};
  }
};

template <class T>
void check_close(const Tensor<T>& ours, const Tensor<T>& theirs,
                 double tolerance) {
  REQUIRE(ours.shape() == theirs.shape());
  CHECK_THAT(max_abs_difference(ours, theirs), WithinAbs(0.0, tolerance));
}

}  // namespace

// ---- Layers ------------------------------------------------------------
// The inputs are multiples of 1/16, so sums of products are exact in any
// order of summation, even in float, and results must be equal, not only
// close.

TEMPLATE_TEST_CASE("convolution equals PyTorch's", "[reference]", float,
                   double) {
  using T = TestType;
  const Reference file("convolution.txt");
  REQUIRE(file.cases().size() == 11);
  for (const std::string& name : file.cases()) {
    INFO(name);
    const Case<T> it{file, name};
    const int stride = static_cast<int>(it["geometry"](0));
    const int padding = static_cast<int>(it["geometry"](1));
    const Tensor<T> input = it["input"], weight = it["weight"];
    const Tensor<T> grad_output = it["grad_output"];
    CHECK(convolve(input, weight, it["bias"], stride, padding) ==
          it["output"]);
    CHECK(convolve_backward_input(grad_output, weight, input.shape(),
                                  stride, padding) == it["grad_input"]);
    const auto grads = convolve_backward_parameters(
        grad_output, input, weight.extent(2), stride, padding);
    CHECK(grads.weight == it["grad_weight"]);
    CHECK(grads.bias == it["grad_bias"]);
  }
}

TEMPLATE_TEST_CASE("max-pooling equals PyTorch's, ties included",
                   "[reference]", float, double) {
  using T = TestType;
  const Reference file("max_pool.txt");
  REQUIRE(file.cases().size() == 12);
  for (const std::string& name : file.cases()) {
    INFO(name);
    const Case<T> it{file, name};
    const Tensor<T> input = it["input"];
    CHECK(max_pool(input, it.pooling()) == it["output"]);
    CHECK(max_pool_backward(it["grad_output"], input, it.pooling()) ==
          it["grad_input"]);
  }
}

// Dividing by nine rounds.
TEMPLATE_TEST_CASE("average pooling equals PyTorch's", "[reference]", float,
                   double) {
  using T = TestType;
  const double tolerance = sizeof(T) == 4 ? 1e-6 : 1e-15;
  const Reference file("average_pool.txt");
  REQUIRE(file.cases().size() == 9);
  for (const std::string& name : file.cases()) {
    INFO(name);
    const Case<T> it{file, name};
    const Tensor<T> input = it["input"];
    check_close(average_pool(input, it.pooling()), it["output"], tolerance);
    check_close(average_pool_backward(it["grad_output"], input.shape(),
                                      it.pooling()),
                it["grad_input"], tolerance);
  }
}

TEMPLATE_TEST_CASE("a dense layer equals PyTorch's", "[reference]", float,
                   double) {
  using T = TestType;
  const Reference file("dense.txt");
  REQUIRE(file.cases().size() == 4);
  for (const std::string& name : file.cases()) {
    INFO(name);
    const Case<T> it{file, name};
    const Tensor<T> input = it["input"], weight = it["weight"];
    const Tensor<T> grad_output = it["grad_output"];
    CHECK(dense(input, weight, it["bias"]) == it["output"]);
    CHECK(dense_backward_input(grad_output, weight) == it["grad_input"]);
    const auto grads = dense_backward_parameters(grad_output, input);
    CHECK(grads.weight == it["grad_weight"]);
    CHECK(grads.bias == it["grad_bias"]);
  }
}

TEMPLATE_TEST_CASE("ReLU equals PyTorch's, at exactly 0 too", "[reference]",
                   float, double) {
  using T = TestType;
  const Reference file("relu.txt");
  REQUIRE(file.cases().size() == 2);
  for (const std::string& name : file.cases()) {
    INFO(name);
    // As a float the smallest double is 0.
    if (name == "zeros" && sizeof(T) == 4) continue;
    const Case<T> it{file, name};
    CHECK(relu(it["input"]) == it["output"]);
    CHECK(relu_backward(it["grad_output"], it["input"]) ==
          it["grad_input"]);
  }
}

TEST_CASE("softmax and cross-entropy equal PyTorch's", "[reference]") {
  const Reference file("softmax.txt");
  REQUIRE(file.cases().size() == 5);
  for (const std::string& name : file.cases()) {
    INFO(name);
    const Case<double> it{file, name};
    const Tensor<double> logits = it["logits"];
    std::vector<int> labels;
    for (const double label : file[name + ".labels"].data())
      labels.push_back(static_cast<int>(label));
    check_close(softmax(logits), it["probabilities"], 1e-15);
    CHECK_THAT(cross_entropy(logits, labels),
               WithinRel(it["loss"](0), 1e-14));
    check_close(cross_entropy_backward(logits, labels), it["grad_logits"],
                1e-15);
  }
}

// ---- Training ----------------------------------------------------------

TEST_CASE("ten training steps equal PyTorch's", "[reference]") {
  const Reference file("training.txt");
  Network<> network = build_network(digit_network, {1, 28, 28});
  const double divisors[] = {150, 1000, 400, 1000, 500, 1000};
  const auto parameters = network.parameters();
  REQUIRE(parameters.size() == 6);
  for (std::size_t p = 0; p < 6; ++p)
    fill_by_formula(*parameters[p], divisors[p]);
  check_ten_steps(network, gradients_of(network), 0.05, file, "");
}

// ---- The reader --------------------------------------------------------

namespace {

std::string error_in(const std::string& text) {
  return message_of([&] {
    std::istringstream stream(text);
    Reference("some.txt", stream);
  });
}

}  // namespace

TEST_CASE("the reader of reference files reads what is written") {
  std::istringstream text(
      "# comment\n\none.a 2 3\n1 2 3\n-0.5 5e-324 6\n\none.b 1\n7\n"
      "two.a 0\n");
  const Reference file("some.txt", text);
  CHECK(file["one.a"] ==
        Tensor<double>({2, 3}, {1, 2, 3, -0.5, 5e-324, 6}));
  CHECK(file["one.b"](0) == 7);
  CHECK(file["two.a"].size() == 0);
  CHECK(file.cases() == std::vector<std::string>{"one", "two"});
  CHECK(message_of([&] { file["one.c"]; }) == "some.txt: no tensor one.c");
}

TEST_CASE("the reader of reference files names file and line") {
  CHECK_THAT(error_in("a.x 3\n1 2\na.y 1\n1\n"),
             ContainsSubstring("some.txt:3: expected 3 numbers for a.x"));
  CHECK_THAT(error_in("a.x 1\n1 2\n"),
             ContainsSubstring("some.txt:2: expected 1 numbers for a.x"));
  CHECK(error_in("a.x 2\n1 2z\n") ==
        "some.txt:2: expected a number, found '2z'");
  CHECK_THAT(error_in("a.x two\n"),
             ContainsSubstring("some.txt:1: expected extents"));
  CHECK_THAT(error_in("# c\n1 2\n"),
             ContainsSubstring("some.txt:2: expected a tensor's name"));
  CHECK(error_in("a.x 1\n1\na.x 1\n2\n") ==
        "some.txt:3: a second tensor a.x");
  CHECK(message_of([] { Reference("none.txt"); }) ==
        "none.txt: the file cannot be read");
}
