// The verb measure: how good a network in a file is, on pictures that it
// never learned from.
// Book: book/16-saving.md
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include "07-speed/measure.hpp"
#include "07-speed/single_image.hpp"
#include "16-saving/measuring.hpp"
#include "16-saving/steps_data.hpp"
#include "16-saving/steps_files.hpp"
#include "16-saving/steps_measure_output.hpp"
#include "common/shell/file.hpp"
#include "common/shell/program.hpp"

namespace cnn {

inline AnswerTimes compute_times(FastNetwork& network,
                                 const Tensor<>& images) {
  AnswerTimes times;
  times.together =
      seconds_per_call([&] { logits_of<float>(network, images); }, 0.2) /
      images.extent(0);
  SingleImage single(network);
  const Tensor<> one = item(images, 0);
  times.alone = seconds_per_call([&] { single.logits(one.data()); }, 0.1);
  return times;
}

// Throws std::runtime_error if a file names other classes than the
// pictures.
inline void require_same_classes(const TensorFile& file,
                                 const std::string& name,
                                 const Split& pictures) {
  const auto found = file.metadata.find("classes");
  if (found == file.metadata.end()) return;
  ClassNames names;
  for (int k = 0; k < pictures.held_out.classes; ++k)
    names.push_back(name_of_class(pictures.names, k));
  if (found->second != class_names_text(names))
    fail(Refusal::runtime, name + ": expected pictures of the classes " +
                               found->second + ", found " +
                               class_names_text(names));
}

inline MeasuredFile compute_measured(const Program& program) {
  MeasuredFile it;
  it.file = program.arguments().front();
  it.data = program.text("data");
  const LoadedNetwork loaded =
      load_network(it.file, program.text("network"));
  const auto network = network_of(loaded, it.file);
  it.layers = to_text(loaded.plan.architecture);
  it.bytes = static_cast<double>(std::filesystem::file_size(it.file));
  PictureFolder data = named_data(it.data, loaded.plan.image[1]);
  Split& pictures = data.split;
  it.skipped = std::move(data.skipped);
  it.names = pictures.names;
  require_same_classes(loaded.file, it.file, pictures);
  it.note = seen_before(loaded.file, it.data, pictures);
  it.pictures = std::move(pictures.held_out);
  it.result = measure_network(*network, loaded.plan, it.pictures);
  it.seconds = compute_times(*network, it.pictures.images);
  return it;
}

inline void report_measured(Program& program, const MeasuredFile& it) {
  program.report("accuracy", format("%.4f", it.result.scores.accuracy));
  program.report("accuracy_low", format("%.4f", it.result.interval.low));
  program.report("accuracy_high", format("%.4f", it.result.interval.high));
  program.report("right", std::to_string(it.result.scores.right));
  program.report("images", std::to_string(it.result.scores.images));
  program.report("parameters", std::to_string(it.result.parameters));
  program.report("multiply_adds", format("%.0f", it.result.multiply_adds));
  program.report("bytes", format("%.0f", it.bytes));
}

// Throws UsageError if one of the figures asked for would replace a file
// that the command line names elsewhere.
inline void require_room_for_figures(const Program& program) {
  if (!program.given("figures")) return;
  const std::filesystem::path folder = program.text("figures");
  program.require_own({folder / "confusion.svg", folder / "mistakes.png"},
                      "--figures");
}

inline int measure_program(int argc, char** argv) {
  Program program("tutorial measure",
                  "How good a network is on the pictures that a set holds "
                  "out, with a warning if it may have learned from them.",
                  Program::Kind::tool);
  program.arguments("FILE", 1, 1, "a network in a .safetensors file");
  program.text(
      "data", "embedded", "SET",
      std::string(data_help) + "; only what it holds out is measured");
  program.text("network", "", "LAYERS",
               "the layers, where the file does not say them");
  program.writes("figures", "DIR",
                 "draw confusion.svg and mistakes.png there");
  program.flag("json", "one JSON object instead of text");
  return program.run(argc, argv, [](Program& it) {
    require_room_for_figures(it);
    const MeasuredFile measured = compute_measured(it);
    report_measured(it, measured);
    if (!it.text("figures").empty())
      draw_measured(measured, it.text("figures"));
    if (it.flag("json")) {
      print("%s\n", measured_json(measured).c_str());
    } else {
      print_measured(measured);
      tell_times(measured.seconds);
    }
  });
}

}  // namespace cnn
