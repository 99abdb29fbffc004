// Writes a network as ONNX, a format that runtimes of all kinds read. Such
// a file is one message of Protocol Buffers.
// Field numbers: onnx.proto3 of github.com/onnx/onnx; IR version 8 and
// opset 13, which everything has read since ONNX 1.10 (2021).
// Book: book/16-saving.md
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/protobuf.hpp"

namespace cnn {

// An attribute of a node: a number, or a list of whole numbers.
inline Message onnx_attribute(const std::string& name, int value) {
  return Message()
      .bytes(1, name)
      .number(3, static_cast<std::uint64_t>(value))
      .number(20, 2);  // type INT
}
inline Message onnx_attribute(const std::string& name, double value) {
  return Message()
      .bytes(1, name)
      .four_bytes(2,
                  std::bit_cast<std::uint32_t>(static_cast<float>(value)))
      .number(20, 1);  // type FLOAT
}
inline Message onnx_attribute(const std::string& name,
                              const std::vector<int>& values) {
  Message it;
  it.bytes(1, name);
  for (const int value : values)
    it.number(8, static_cast<std::uint64_t>(value));
  return it.number(20, 7);  // type INTS
}

inline Message onnx_tensor(const std::string& name,
                           const Tensor<>& tensor) {
  Message it;
  for (const int extent : tensor.shape())
    it.number(1, static_cast<std::uint64_t>(extent));
  std::string raw;
  for (const float number : tensor.data())
    append_little_endian(raw, std::bit_cast<std::uint32_t>(number), 4);
  return it.number(2, 1).bytes(8, name).bytes(9, raw);  // 1: float
}

// A shape as the operation Reshape takes it: a tensor of 64-bit integers.
inline Message onnx_shape(const std::string& name, const Shape& shape) {
  std::string raw;
  for (const int extent : shape)
    append_little_endian(raw, static_cast<std::uint64_t>(extent), 8);
  return Message()
      .number(1, shape.size())
      .number(2, 7)  // 7: int64
      .bytes(8, name)
      .bytes(9, raw);
}

// An input or an output of the graph. `shape` is that for one image; before
// it comes an axis for the batch, N, of any size.
inline Message onnx_value(const std::string& name, const Shape& shape) {
  Message axes;
  axes.message(1, Message().bytes(2, "N"));
  for (const int extent : shape)
    axes.message(1,
                 Message().number(1, static_cast<std::uint64_t>(extent)));
  const Message type = Message().message(
      1, Message().number(1, 1).message(2, axes));  // elements: float
  return Message().bytes(1, name).message(2, type);
}

// ---- What each layer becomes --------------------------------------------

// One operation. Its first input is the output of the one before it.
struct OnnxNode {
  std::string operation;
  std::vector<Message> attributes = {};
  std::vector<std::string> more = {};  // the names of its other inputs
};

// The operations of a layer in their order, and the tensors that they name.
struct OnnxLayer {
  std::vector<OnnxNode> nodes;
  std::vector<Message> tensors = {};
};

// A layer's name and parameters, and the shape (1, ...) of its input.
struct OnnxPlace {
  std::string name;
  Shape input;
  std::vector<Parameter<>*> parameters;
};

inline std::vector<Message> onnx_window(int kernel, int stride,
                                        int padding) {
  return {onnx_attribute("kernel_shape", std::vector<int>{kernel, kernel}),
          onnx_attribute("strides", std::vector<int>{stride, stride}),
          onnx_attribute("pads", std::vector<int>(4, padding))};
}

// A layer of one operation, which takes all its parameters in their order.
inline OnnxLayer onnx_operation(const std::string& operation,
                                const OnnxPlace& at,
                                std::vector<Message> attributes = {}) {
  OnnxLayer layer;
  layer.nodes = {{operation, std::move(attributes)}};
  for (const Parameter<>* parameter : at.parameters) {
    layer.nodes[0].more.push_back(parameter->name);
    layer.tensors.push_back(onnx_tensor(parameter->name, parameter->value));
  }
  return layer;
}

inline OnnxLayer onnx_layer(const Convolution& it, const OnnxPlace& at) {
  return onnx_operation("Conv", at,
                        onnx_window(it.kernel, it.stride, it.padding));
}
inline OnnxLayer onnx_layer(const Relu&, const OnnxPlace& at) {
  return onnx_operation("Relu", at);
}
inline OnnxLayer onnx_layer(const MaxPool& it, const OnnxPlace& at) {
  const auto [window, stride, padding] = it.pooling;
  return onnx_operation("MaxPool", at,
                        onnx_window(window, stride, padding));
}
// Our average counts the zeros of the border, which is not ONNX's default.
inline OnnxLayer onnx_layer(const AveragePool& it, const OnnxPlace& at) {
  const auto [window, stride, padding] = it.pooling;
  auto attributes = onnx_window(window, stride, padding);
  attributes.push_back(onnx_attribute("count_include_pad", 1));
  return onnx_operation("AveragePool", at, std::move(attributes));
}
inline OnnxLayer onnx_layer(const Flatten&, const OnnxPlace& at) {
  return onnx_operation("Flatten", at, {onnx_attribute("axis", 1)});
}
// Only for std::visit: onnx_list() gives a block to onnx_block() instead.
inline OnnxLayer onnx_layer(const Residual&, const OnnxPlace&) {
  return {};
}
// The weight is (F_out, F_in), so the product is with its transpose.
inline OnnxLayer onnx_layer(const Dense&, const OnnxPlace& at) {
  return onnx_operation("Gemm", at, {onnx_attribute("transB", 1)});
}
// A network that answers drops nothing.
inline OnnxLayer onnx_layer(const Dropout&, const OnnxPlace& at) {
  return onnx_operation("Identity", at);
}
inline OnnxLayer onnx_layer(const BatchNorm& it, const OnnxPlace& at) {
  return onnx_operation("BatchNormalization", at,
                        {onnx_attribute("epsilon", it.epsilon)});
}

// Opset 13 has no normalization of groups. But it has an operation that
// standardizes each channel of each image by itself, so each group becomes
// one long channel for a while. weights: the shape in which weight and bias
// are broadcast over an image.
inline OnnxLayer onnx_groups(const OnnxPlace& at, int groups,
                             double epsilon, const Shape& weights) {
  const auto named = [&](const char* what) { return at.name + "." + what; };
  Shape images = at.input;
  images[0] = -1;  // a batch of any size
  OnnxLayer layer;
  layer.nodes = {{"Reshape", {}, {named("groups")}},
                 {"InstanceNormalization",
                  {onnx_attribute("epsilon", epsilon)},
                  {named("ones"), named("zeros")}},
                 {"Reshape", {}, {named("images")}},
                 {"Mul", {}, {named("weight")}},
                 {"Add", {}, {named("bias")}}};
  layer.tensors = {onnx_shape(named("groups"), {0, groups, -1}),
                   onnx_tensor(named("ones"), Tensor<>({groups}, 1.0f)),
                   onnx_tensor(named("zeros"), Tensor<>({groups})),
                   onnx_shape(named("images"), images)};
  for (const Parameter<>* parameter : at.parameters)
    layer.tensors.push_back(
        onnx_tensor(parameter->name, parameter->value.reshaped(weights)));
  return layer;
}
inline OnnxLayer onnx_layer(const GroupNorm& it, const OnnxPlace& at) {
  Shape weights(at.input.size() - 1, 1);
  weights[0] = at.input[1];
  return onnx_groups(at, it.groups, it.epsilon, weights);
}
inline OnnxLayer onnx_layer(const LayerNorm& it, const OnnxPlace& at) {
  return onnx_groups(at, 1, it.epsilon,
                     Shape(at.input.begin() + 1, at.input.end()));
}

// ---- The file ----------------------------------------------------------

// The parts of an ONNX graph, as it grows.
struct OnnxGraph {
  Message nodes;
  std::vector<Message> tensors = {};

  void add(const std::string& name, const std::string& output,
           const std::string& operation,
           const std::vector<std::string>& inputs,
           const std::vector<Message>& attributes = {}) {
    Message node;
    for (const std::string& input : inputs) node.bytes(1, input);
    node.bytes(2, output).bytes(3, name).bytes(4, operation);
    for (const Message& attribute : attributes) node.message(5, attribute);
    nodes.message(1, node);
  }
};

// Adds the operations of a list, from which `network` was built. Returns
// their output's name: `last` or, if that is "", the last layer's name; for
// an empty list, `signal`, the input's name. prefix: what all names begin
// with. blank: an input (1, ...), which becomes the output.
inline std::string onnx_list(OnnxGraph& graph,
                             const SavedArchitecture& list,
                             Network<>& network, Tensor<>& blank,
                             const std::string& prefix, std::string signal,
                             const std::string& last = "");

inline std::string onnx_entry(OnnxGraph& graph, const OnnxLayer& layer,
                              const std::string& name, std::string signal,
                              const std::string& last) {
  for (std::size_t n = 0; n < layer.nodes.size(); ++n) {
    const OnnxNode& it = layer.nodes[n];
    const bool ends = n + 1 == layer.nodes.size();
    const std::string own =
        ends ? name : name + "." + std::to_string(n + 1);
    std::vector<std::string> inputs = {signal};
    inputs.insert(inputs.end(), it.more.begin(), it.more.end());
    signal = ends && !last.empty() ? last : own;
    graph.add(own, signal, it.operation, inputs, it.attributes);
  }
  graph.tensors.insert(graph.tensors.end(), layer.tensors.begin(),
                       layer.tensors.end());
  return signal;
}

// Adds a block: branch and skip, both from the same signal, and their sum.
inline std::string onnx_block(OnnxGraph& graph, const Residual& it,
                              ResidualLayer<>& layer, const Tensor<>& input,
                              const std::string& name,
                              const std::string& signal,
                              const std::string& last) {
  Tensor<> in_branch = input, in_skip = input;
  const std::string branch = onnx_list(graph, it.branch, layer.branch(),
                                       in_branch, name + ".", signal);
  const std::string skip = onnx_list(graph, it.skip, layer.skip(), in_skip,
                                     name + ".skip.", signal);
  const std::string output = last.empty() ? name : last;
  graph.add(name, output, "Add", {branch, skip});
  return output;
}

inline std::string onnx_list(OnnxGraph& graph,
                             const SavedArchitecture& list,
                             Network<>& network, Tensor<>& blank,
                             const std::string& prefix, std::string signal,
                             const std::string& last) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string name = prefix + network.name(i);
    const std::string output = i + 1 == list.size() ? last : "";
    if (const auto* block = std::get_if<Residual>(&list[i])) {
      signal = onnx_block(graph, *block,
                          static_cast<ResidualLayer<>&>(network.layer(i)),
                          blank, name, signal, output);
    } else {
      const OnnxPlace at = {name, blank.shape(),
                            network.layer(i).parameters()};
      signal = onnx_entry(
          graph,
          std::visit([&](const auto& it) { return onnx_layer(it, at); },
                     list[i]),
          name, signal, output);
    }
    blank = network.layer(i).forward(blank, Mode::evaluation);
  }
  return signal;
}

// The bytes of an ONNX file. The network must be built from the plan, and
// its layers must have the names that build_network() gives them.
// input "image" (N, C, H, W) -> output "logits" (N, ...)
inline std::string onnx_bytes(Network<>& network, const NetworkPlan& plan) {
  OnnxGraph parts;
  Tensor<> blank({1, plan.image[0], plan.image[1], plan.image[2]});
  onnx_list(parts, plan.architecture, network, blank, "", "image",
            "logits");
  Message graph = std::move(parts.nodes);
  graph.bytes(2, "network");
  for (const Message& tensor : parts.tensors) graph.message(5, tensor);
  const Shape& out = blank.shape();
  graph.message(11, onnx_value("image", plan.image))
      .message(12, onnx_value("logits", Shape(out.begin() + 1, out.end())));
  return Message()
      .number(1, 8)  // IR version
      .bytes(2, "pixels-to-predictions")
      .message(7, graph)
      .message(8, Message().bytes(1, "").number(2, 13))  // opset
      .bytes();
}

}  // namespace cnn
