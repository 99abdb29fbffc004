// A network in the format that runtimes of all kinds read: ONNX, which is
// a message of Protocol Buffers.
// Field numbers: onnx.proto3 of github.com/onnx/onnx; IR version 8 and
// opset 13, which everything reads since ONNX 1.10 (2021).
// Book: book/16-saving.md
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/protobuf.hpp"

namespace cnn {

// An attribute of a node: one whole number, or a list of them.
inline Message onnx_attribute(const std::string& name, int value) {
  return Message()
      .bytes(1, name)
      .number(3, static_cast<std::uint64_t>(value))
      .number(20, 2);  // type INT
}
inline Message onnx_attribute(const std::string& name,
                              const std::vector<int>& values) {
  Message it;
  it.bytes(1, name);
  for (const int value : values)
    it.number(8, static_cast<std::uint64_t>(value));
  return it.number(20, 7);  // type INTS
}

struct OnnxNode {
  std::string operation;
  std::vector<Message> attributes = {};
};

inline std::vector<Message> onnx_window(int kernel, int stride,
                                        int padding) {
  return {onnx_attribute("kernel_shape", std::vector<int>{kernel, kernel}),
          onnx_attribute("strides", std::vector<int>{stride, stride}),
          onnx_attribute("pads", std::vector<int>(4, padding))};
}

inline OnnxNode onnx_node(const Convolution& it) {
  return {"Conv", onnx_window(it.kernel, it.stride, it.padding)};
}
inline OnnxNode onnx_node(const Relu&) {
  return {"Relu"};
}
inline OnnxNode onnx_node(const MaxPool& it) {
  return {"MaxPool", onnx_window(it.pooling.window, it.pooling.stride,
                                 it.pooling.padding)};
}
// Our average counts the border's zeros; ONNX asks to be told so.
inline OnnxNode onnx_node(const AveragePool& it) {
  OnnxNode node = {"AveragePool",
                   onnx_window(it.pooling.window, it.pooling.stride,
                               it.pooling.padding)};
  node.attributes.push_back(onnx_attribute("count_include_pad", 1));
  return node;
}
inline OnnxNode onnx_node(const Flatten&) {
  return {"Flatten", {onnx_attribute("axis", 1)}};
}
// weight (F_out, F_in): the product is with its transpose.
inline OnnxNode onnx_node(const Dense&) {
  return {"Gemm", {onnx_attribute("transB", 1)}};
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

// An input or an output: a name, and a shape whose first axis is the batch,
// N, of any size.
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

// The file. The network must be the one of the plan, its layers with the
// names that build_network() gives them.
// input "image" (N, C, H, W) -> output "logits" (N, ...)
inline std::string onnx_bytes(Network<>& network, const NetworkPlan& plan) {
  Message graph;
  Tensor<> blank({1, plan.image[0], plan.image[1], plan.image[2]});
  std::string signal = "image";
  for (std::size_t i = 0; i < plan.architecture.size(); ++i) {
    const OnnxNode kind = std::visit(
        [](const auto& it) { return onnx_node(it); }, plan.architecture[i]);
    const std::string name = network.name(i);
    Message node;
    node.bytes(1, signal);
    for (const Parameter<>* parameter : network.layer(i).parameters())
      node.bytes(1, parameter->name);
    signal = i + 1 == plan.architecture.size() ? "logits" : name;
    node.bytes(2, signal).bytes(3, name).bytes(4, kind.operation);
    for (const Message& attribute : kind.attributes)
      node.message(5, attribute);
    graph.message(1, node);
    blank = network.layer(i).forward(blank, Mode::evaluation);
  }
  graph.bytes(2, "network");
  for (const Parameter<>* parameter : network.parameters())
    graph.message(5, onnx_tensor(parameter->name, parameter->value));
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
