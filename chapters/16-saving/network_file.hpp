// A trained network as a file: its numbers, under the names that PyTorch
// would give them, and in the metadata its layers and its image's shape.
// Book: book/16-saving.md
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "06-training/network.hpp"
#include "16-saving/architecture_text.hpp"
#include "16-saving/safetensors.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// All that is needed to build a network, before its numbers are loaded.
struct NetworkPlan {
  SavedArchitecture architecture;
  Shape image;  // (C, H, W)

  NetworkPlan() = default;
  NetworkPlan(SavedArchitecture layers, Shape size)
      : architecture(std::move(layers)), image(std::move(size)) {}
  // Takes an earlier chapter's list, which has fewer kinds of layers.
  template <class Entry>
  NetworkPlan(const std::vector<Entry>& layers, Shape size)
      : NetworkPlan(widened<SavedArchitecture>(layers), std::move(size)) {}
};

// {1, 28, 28} -> "1x28x28"
inline std::string image_text(const Shape& image) {
  std::string text;
  for (const int extent : image)
    text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

// "1x28x28" -> {1, 28, 28}
inline OrBroken<Shape> parse_image(std::string_view text) {
  Shape image = {0};
  bool well = true;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit)
      image.back() = 10 * image.back() + (c - '0');
    else
      image.push_back(0);
    well =
        (digit || c == 'x') && image.size() <= 3 && image.back() <= 65536;
    if (!well) break;
  }
  for (const int extent : image) well = well && extent > 0;
  if (!well || image.size() != 3)
    return Broken{"expected an image such as 1x28x28, got '" +
                  std::string(text.substr(0, 40)) + "'"};
  return image;
}

// The numbers of a network, with the recipe and the plan as metadata.
inline TensorFile file_of(Layer<>& network, const NetworkPlan& plan,
                          std::map<std::string, std::string> recipe = {}) {
  TensorFile file;
  file.metadata = std::move(recipe);
  file.metadata["network"] = to_text(plan.architecture);
  file.metadata["image"] = image_text(plan.image);
  for (const Parameter<>* parameter : network.parameters())
    file.tensors[parameter->name] = parameter->value;
  return file;
}

// The plan that a file's metadata hold, or why they hold none.
inline OrBroken<NetworkPlan> plan_in(const TensorFile& file) {
  for (const char* key : {"network", "image"})
    if (file.metadata.count(key) == 0)
      return Broken{std::string("the metadata do not say which ") + key +
                    " it is"};
  auto layers = parse_architecture(file.metadata.at("network"));
  if (Broken* broken = std::get_if<Broken>(&layers))
    return Broken{"metadata, network: " + broken->rule};
  auto image = parse_image(file.metadata.at("image"));
  if (Broken* broken = std::get_if<Broken>(&image))
    return Broken{"metadata, image: " + broken->rule};
  return NetworkPlan{std::get<SavedArchitecture>(std::move(layers)),
                     std::get<Shape>(std::move(image))};
}

inline bool is_variance(const Parameter<>& parameter) {
  return !parameter.trained && parameter.name.ends_with("running_var");
}
inline bool none_below_zero(const Tensor<>& tensor) {
  for (const float number : tensor.data())
    if (number < 0) return false;
  return true;
}

// Copies the numbers of a file into a network. Throws std::runtime_error
// that begins with `name`, and leaves the network as it was, unless the
// file has exactly the network's parameters in the same shapes, all of them
// finite and no variance below 0.
inline void load_parameters(const TensorFile& file, Layer<>& network,
                            const std::string& name) {
  const std::vector<Parameter<>*> parameters = network.parameters();
  std::map<std::string, Tensor<>> left = file.tensors;
  for (const Parameter<>* parameter : parameters) {
    const auto found = left.find(parameter->name);
    if (found == left.end())
      fail(Refusal::runtime, name + ": expected a tensor '" +
                                 parameter->name + "' of shape " +
                                 to_string(parameter->value.shape()) +
                                 ", found none");
    if (found->second.shape() != parameter->value.shape())
      fail(Refusal::runtime,
           name + ": '" + parameter->name + "' expects shape " +
               to_string(parameter->value.shape()) + ", found " +
               to_string(found->second.shape()));
    if (!all_finite(found->second))
      fail(Refusal::runtime, name + ": '" + parameter->name +
                                 "' holds a number that is not finite");
    if (is_variance(*parameter) && !none_below_zero(found->second))
      fail(Refusal::runtime,
           name + ": '" + parameter->name + "' holds a variance below 0");
    left.erase(found);
  }
  if (!left.empty())
    fail(Refusal::runtime, name + ": did not expect the tensor '" +
                               left.begin()->first + "' of shape " +
                               to_string(left.begin()->second.shape()));
  for (Parameter<>* parameter : parameters)
    parameter->value = file.tensors.at(parameter->name);
}

}  // namespace cnn
