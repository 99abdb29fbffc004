// Layers that choose nothing and yet are not linear: a smooth curve in
// place of ReLU, and the mean of each window.
// Book: book/18-browser.md
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "18-browser/other_order.hpp"
#include "18-browser/twins.hpp"

namespace cnn {

// x / root(1 + x^2), an S from -1 to 1 like tanh. It needs only operations
// that every machine rounds alike.
template <class T>
T curve(T x) {
  return x / std::sqrt(1 + x * x);
}

// Its slope, from its value y: the root of (1 - y^2), cubed.
template <class T>
T curve_slope(T y) {
  const T root = std::sqrt(1 - y * y);
  return root * root * root;
}

template <class T = float>
class CurveLayer : public Layer<T> {
 public:
  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    output_ = input;
    for (T& x : output_.data()) x = curve(x);
    return output_;
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    Tensor<T> gradient = grad_output;
    for (std::size_t i = 0; i < gradient.data().size(); ++i)
      gradient.data()[i] *= curve_slope(output_.data()[i]);
    return gradient;
  }

 private:
  Tensor<T> output_;
};

// The layers between two curves, on the portable kernels, which give the
// same bits everywhere. `image` is the shape (C, H, W) of their input, and
// becomes that of their output.
inline std::unique_ptr<FastNetwork> stretch_of(const Architecture& layers,
                                               Shape& image) {
  auto stretch = std::make_unique<FastNetwork>(
      layers, image, FastOptions{.isa = "portable"});
  Shape one = {1};
  one.insert(one.end(), image.begin(), image.end());
  const Shape out =
      stretch->forward(Tensor<>(one), Mode::evaluation).shape();
  image.assign(out.begin() + 1, out.end());
  return stretch;
}

// The layers of an experiment with the curve for each ReLU and the mean of
// each window, with the initial weights of the layers without choices.
inline Network<> curved_network(const Experiment& experiment) {
  Shape image = {1, 28, 28};
  Network<> network;
  Architecture stretch;
  const auto close = [&] {
    if (!stretch.empty())
      network.add("part" + std::to_string(network.size()),
                  stretch_of(without_choices(stretch), image));
    stretch.clear();
  };
  for (const auto& layer : experiment.architecture) {
    if (std::holds_alternative<Relu>(layer)) {
      close();
      network.add("curve" + std::to_string(network.size()),
                  std::make_unique<CurveLayer<>>());
    } else {
      stretch.push_back(layer);
    }
  }
  close();
  Experiment linear = experiment;
  linear.architecture = without_choices(experiment.architecture);
  Network<> fresh = fresh_network(linear);
  copy_parameters(fresh, network);
  return network;
}

// Trains twins of such a network, which makes no choices at all.
inline Twins compute_curved_twins(const TwinSettings& settings,
                                  const Split& digits,
                                  const AfterStep& go_on) {
  Network<> one = curved_network(settings.experiment),
            other = curved_network(settings.experiment);
  return train_twins(settings, digits, {one, gradients_of(one)},
                     {other, from_the_end(gradients_of(other))}, {}, go_on);
}

}  // namespace cnn
