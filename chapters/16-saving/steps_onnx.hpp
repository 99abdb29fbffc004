// Step 6: the same network for programs that are not ours.
// Book: book/16-saving.md
#pragma once

#include <string>
#include <vector>

#include "16-saving/figures.hpp"
#include "16-saving/onnx.hpp"
#include "16-saving/onnx_fields.hpp"
#include "16-saving/steps_shared.hpp"

namespace cnn {

// ---- 6. ONNX -----------------------------------------------------------

inline void as_onnx(SavingTour& tour) {
  step("The same network as ONNX");
  Network<> network =
      build_network(tour.plan.architecture, tour.plan.image);
  load_parameters(tour.file, network, shipped_network);
  const std::string bytes = onnx_bytes(network, tour.plan);
  say("First, how Protocol Buffers write a number, as a varint: seven bits "
      "to a byte, the lowest first. If the highest bit of a byte is 1, "
      "another follows. All bytes are in hexadecimal:");
  print("\n");
  Rows numbers = {{"number", "as a varint"}};
  for (const int number : {8, 127, 128, 300, 29736})
    numbers.push_back(
        {std::to_string(number),
         hex_text(varint(static_cast<std::uint64_t>(number)))});
  print_table(numbers);
  print("\n");
  say("The file, from the front, and its last six bytes. Each field begins "
      "with its number and its kind:");
  print("\n");
  const std::size_t graph = 25, size = varint_size(bytes, graph + 1);
  const std::string tail = bytes.substr(bytes.size() - 6);
  print_table(
      {{"bytes", "field", "says"},
       {hex_text(bytes.substr(0, 2)), "1, a number", "IR version 8"},
       {hex_text(bytes.substr(2, 2)), "2, 21 bytes", "who wrote it:"},
       {hex_text(bytes.substr(4, 6)) + " ...", "", bytes.substr(4, 21)},
       {hex_text(bytes.substr(graph, 1 + size)),
        "7, " + std::to_string(bytes.size() - 6 - graph - 1 - size) +
            " bytes",
        "the graph: layers, numbers"},
       {hex_text(tail.substr(0, 2)), "8, 4 bytes", "which operators:"},
       {hex_text(tail.substr(2, 2)), "  1, 0 bytes", "the usual ones,"},
       {hex_text(tail.substr(4, 2)), "  2, a number", "in version 13"}});
  print("\n");
  const auto floats =
      4 * static_cast<std::size_t>(parameter_count(network));
  print_table({{"file", "bytes", "for numbers", "for the rest"},
               {"safetensors", grouped(tour.bytes.size()), grouped(floats),
                grouped(tour.bytes.size() - floats)},
               {"ONNX", grouped(bytes.size()), grouped(floats),
                grouped(bytes.size() - floats)}});
  print("\n");
  Network<> small =
      build_network(two_pixel_plan.architecture, two_pixel_plan.image);
  load_parameters(two_pixel_file(), small, "the network of step 1");
  const std::string small_bytes = onnx_bytes(small, two_pixel_plan);
  tour.program.figure("onnx.png",
                      hex_figure(small_bytes, onnx_fields(small_bytes)),
                      "the network of step 1, as ONNX: where are the bytes "
                      "of its three numbers?");
  tour.program.report("onnx_bytes", std::to_string(bytes.size()));
}

}  // namespace cnn
