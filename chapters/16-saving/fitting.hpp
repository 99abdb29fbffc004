// Checks whether the layers of a list fit a picture and each other, and
// counts the numbers that they hold. All this happens before any memory is
// allocated, because the list may be a stranger's.
// Book: book/16-saving.md
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "16-saving/architecture_text.hpp"
#include "16-saving/network_file.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/utf8.hpp"

namespace cnn {

struct Fitting {
  Shape output;           // for one image: (C, H, W) or (F)
  double parameters = 0;  // how many numbers training can change
  double kept = 0;        // how many are only kept, such as running means
  bool weights = false;   // whether there is a convolution or a dense layer
};

// The most numbers in a map, and the most parameters of a network: 400 MB.
// This book's networks come nowhere near.
constexpr double most_numbers = 100e6;

// The most characters of a layer's text in an error: a block's may be long.
constexpr std::size_t most_characters = 80;

// Follows the shapes through a list: fit() takes one layer after another,
// and rule() is the first rule that one of them breaks, or "".
class Fitter {
 public:
  explicit Fitter(const Shape& image) : it_{image, 0} { count(image); }

  void fit(const Convolution& layer) {
    const double C = it_.output.front(), K = layer.kernel;
    slide(layer.kernel, layer.stride, layer.padding, layer.channels);
    learn((C * K * K + 1) * layer.channels);
    it_.weights = true;
  }
  void fit(const Relu&) {}
  void fit(const MaxPool& layer) { pool(layer.pooling); }
  void fit(const AveragePool& layer) { pool(layer.pooling); }
  void fit(const Flatten&) {
    int numbers = 1;
    for (const int extent : it_.output) numbers *= extent;
    it_.output = {numbers};
  }
  void fit(const Dense& layer) {
    if (it_.output.size() != 1)
      wrong("expected flatten before the first dense");
    learn((it_.output.front() + 1.0) * layer.outputs);
    it_.weights = true;
    it_.output = {layer.outputs};
  }
  void fit(const Dropout&) {}
  // Each channel has a weight, a bias, and a running mean and variance.
  void fit(const BatchNorm&) {
    learn(2.0 * it_.output.front());
    it_.kept += 2.0 * it_.output.front();
  }
  void fit(const LayerNorm&) {
    double cells = 1;
    for (const int extent : it_.output) cells *= extent;
    learn(2 * cells);
  }
  void fit(const GroupNorm& layer) {
    const int C = it_.output.front();
    if (layer.groups < 1 || C % layer.groups != 0)
      wrong(counted_text(C, "channel") + " cannot be shared among " +
            counted_text(layer.groups, "group"));
    learn(2.0 * C);
  }
  // The outputs of branch and skip must have the same shape.
  void fit(const Residual& block) {
    if (it_.output.size() != 3) return wrong("expected a map, got a row");
    if (block.branch.empty()) wrong("expected layers in the branch");
    const Shape input = it_.output;
    fit_all(block.branch, "branch");
    const Shape branch = it_.output;
    it_.output = input;
    fit_all(block.skip, "skip");
    if (it_.output != branch)
      wrong("the branch gives " + to_string(branch) + ", the skip " +
            to_string(it_.output));
  }

  const Fitting& fitting() const { return it_; }
  const std::string& rule() const { return rule_; }

 private:
  void wrong(const std::string& rule) {
    if (rule_.empty()) rule_ = rule;
  }
  void fit_all(const SavedArchitecture& list, const std::string& name) {
    for (const auto& entry : list) {
      if (!rule_.empty()) return;
      std::visit([&](const auto& layer) { fit(layer); }, entry);
      if (!rule_.empty())
        rule_ =
            "in its " + name + ", '" +
            shortened(std::visit([](const auto& it) { return to_text(it); },
                                 entry),
                      most_characters) +
            "': " + rule_;
    }
  }
  void pool(const Pooling& it) {
    if (it.padding > it.window / 2)
      wrong("expected padding of at most half the window");
    slide(it.window, it.stride, it.padding, it_.output.front());
  }
  // Slides a window of size x size cells over a map. C: output channels.
  void slide(int size, int stride, int padding, int C) {
    if (it_.output.size() != 3) return wrong("expected a map, got a row");
    count({it_.output[0], it_.output[1] + 2 * padding,
           it_.output[2] + 2 * padding});
    for (const std::size_t axis : {1u, 2u}) {
      const int room = it_.output[axis] + 2 * padding - size;
      if (room < 0)
        return wrong("a window of " + std::to_string(size) +
                     " does not fit into " +
                     std::to_string(it_.output[axis]) +
                     " cells with padding " + std::to_string(padding));
      it_.output[axis] = room / stride + 1;
    }
    it_.output[0] = C;
    count(it_.output);
  }
  void count(const Shape& map) {
    double numbers = 1;
    for (const int extent : map) numbers *= extent;
    if (numbers > most_numbers)
      wrong("maps of more than 100,000,000 numbers");
  }
  // A double, because a product of extents may overflow any integer type.
  void learn(double numbers) {
    if (it_.parameters + numbers > most_numbers)
      return wrong("more than 100,000,000 parameters");
    it_.parameters += numbers;
  }

  Fitting it_;
  std::string rule_;
};

// What a list of layers makes of an image (C, H, W), or which layer is the
// first that does not fit, and why.
template <class Entry>
OrBroken<Fitting> fitting_of(const std::vector<Entry>& architecture,
                             const Shape& image) {
  if (image.size() != 3)
    return Broken{"expected an image (C, H, W), got " + to_string(image)};
  Fitter fitter(image);
  if (!fitter.rule().empty()) return Broken{"image: " + fitter.rule()};
  int number = 0;
  for (const auto& entry : architecture) {
    ++number;
    const std::string text = std::visit(
        [&](const auto& layer) {
          fitter.fit(layer);
          return to_text(layer);
        },
        entry);
    if (!fitter.rule().empty())
      return Broken{"layer " + std::to_string(number) + ", '" +
                    shortened(text, most_characters) +
                    "': " + fitter.rule()};
  }
  return fitter.fitting();
}

// The plan of a network that can learn to tell classes apart, or why it
// cannot: its layers must fit, one must be a convolution or a dense layer,
// and there must be a score for each class.
inline OrBroken<NetworkPlan> classifier_plan(SavedArchitecture architecture,
                                             const Shape& image,
                                             int classes) {
  auto fits = fitting_of(architecture, image);
  if (Broken* broken = std::get_if<Broken>(&fits)) return *broken;
  const Fitting& fitting = std::get<Fitting>(fits);
  if (!fitting.weights)
    return Broken{"expected a layer that learns: conv or dense"};
  if (fitting.output.size() != 1 || fitting.output[0] < classes)
    return Broken{"expected " + std::to_string(classes) +
                  " outputs or more, one for each class, got " +
                  to_string(fitting.output)};
  return NetworkPlan{std::move(architecture), image};
}

}  // namespace cnn
