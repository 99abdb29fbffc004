// The verb export: a network in a format that other runtimes read.
// Book: book/16-saving.md
#pragma once

#include <string>
#include <utility>

#include "06-training/network.hpp"
#include "13-normalization/folding.hpp"
#include "16-saving/onnx.hpp"
#include "16-saving/steps_files.hpp"
#include "common/shell/file.hpp"
#include "common/shell/option.hpp"
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline void export_onnx(const Program& program) {
  const std::string file = program.arguments().front();
  const std::string target = program.text("onnx");
  if (target.empty()) throw UsageError("expected --onnx OUT (try --help)");
  require_file(target, "--onnx ");
  program.require_new(target);
  const LoadedNetwork loaded = load_network(file, program.text("network"));
  NetworkPlan plan = loaded.plan;
  Network<> network = build_network(plan.architecture, plan.image);
  load_parameters(loaded.file, network, file);
  if (program.flag("fold")) {
    auto it = folded(plan.architecture, plan.image, network);
    plan.architecture = std::move(it.entries);
    network = std::move(it.network);
  }
  const std::string bytes = onnx_bytes(network, plan);
  write_file(target, bytes);
  const Shape out =
      network
          .forward(
              Tensor<>({1, plan.image[0], plan.image[1], plan.image[2]}),
              Mode::evaluation)
          .shape();
  const auto batch = [](const Shape& shape) {
    std::string text = "(N";
    for (const int extent : shape) text += ", " + std::to_string(extent);
    return text + ")";
  };
  print(
      "%s: %s bytes; ONNX, IR version 8, opset 13; input \"image\" %s, "
      "output \"logits\" %s\n",
      target.c_str(), grouped(bytes.size()).c_str(),
      batch(plan.image).c_str(),
      batch(Shape(out.begin() + 1, out.end())).c_str());
}

inline int export_program(int argc, char** argv) {
  Program program("tutorial export",
                  "Writes a network in a format that other programs read.",
                  Program::Kind::tool);
  program.arguments("FILE", 1, 1, "a network in a .safetensors file");
  program.needs("--onnx OUT");
  program.writes("onnx", "OUT", "the ONNX file to write");
  program.flag("overwrite", "replaces OUT if it is there already");
  program.text("network", "", "LAYERS",
               "the layers, where the file does not say them");
  program.flag(
      "fold",
      "lets each batch normalization be done by the layer before it "
      "(chapter 13)");
  return program.run(argc, argv, export_onnx);
}

}  // namespace cnn
