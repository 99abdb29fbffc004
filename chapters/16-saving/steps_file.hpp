// Steps 1 and 2: a file read by eye, and the file of a real network.
// Book: book/16-saving.md
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "06-training/training.hpp"
#include "07-speed/fast_network.hpp"
#include "16-saving/figures.hpp"
#include "16-saving/steps_shared.hpp"

namespace cnn {

// Prints the first `count` bytes, a multiple of 16, in rows with letters.
inline void print_hex(const std::string& bytes, std::size_t count) {
  for (std::size_t at = 0; at < count; at += 16) {
    std::string letters;
    for (const char byte : bytes.substr(at, 16))
      letters += byte >= ' ' && byte <= '~' ? byte : '.';
    print("    %3d  %s  %s\n", static_cast<int>(at),
          hex_text(bytes.substr(at, 16)).c_str(), letters.c_str());
  }
}

inline std::string float_text(std::uint32_t bits) {
  return format("%.6g", static_cast<double>(std::bit_cast<float>(bits)));
}

// A number, its bits, its bytes in the file, and the number that those are
// to a reader who takes them in the other order.
inline Strings byte_order_row(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  std::string bytes;
  append_little_endian(bytes, bits, 4);
  std::uint32_t other_way = 0;
  for (const char byte : bytes)
    other_way = other_way << 8 | static_cast<unsigned char>(byte);
  return {format("%g", static_cast<double>(number)), format("%08x", bits),
          hex_text(bytes), float_text(other_way)};
}

// ---- 1. A file that can be read by eye ---------------------------------

inline void read_by_eye(SavingTour& tour) {
  step("A file that can be read by eye");
  const TensorFile file = two_pixel_file();
  const std::string bytes = safetensors_bytes(file);
  say("A network of three numbers looks at two pixels. Its score is the "
      "first minus the second, plus one half. Saved, it has " +
      std::to_string(bytes.size()) +
      " bytes. Here are the first 64. Each row begins with the place of "
      "its first byte, followed by 16 bytes in hexadecimal and as text:");
  print("\n");
  print_hex(bytes, 64);
  print("\n");
  say("The first eight bytes say how long the header is, the lowest one "
      "first: c0, or " +
      std::to_string(safetensors_header(file).size()) +
      ". Then comes { (7b), and text that can be read. The three numbers "
      "are the last 12 bytes:");
  print("\n");
  print_table({{"number", "its bits", "in the file", "read highest first"},
               byte_order_row(0.5f),
               byte_order_row(1.0f),
               byte_order_row(-1.0f)});
  print("\n");
  tour.program.figure("safetensors.png",
                      hex_figure(bytes, file_fields(file)),
                      "which bytes are the three numbers, and what are all "
                      "the others for?");
}

// ---- 2. The file of a network that reads digits ------------------------

inline void a_real_file(SavingTour& tour) {
  step("The file of a network that reads digits");
  say("Chapter 06's network, trained on the 8,000 digits and shipped with "
      "this book as " +
      std::string(shipped_network) +
      ". Its names and shapes are those of PyTorch. Bytes are counted from "
      "0 at the end of the header, and the last column is the first byte "
      "after a tensor:");
  print("\n");
  const std::string header = safetensors_header(tour.file);
  std::map<std::string, std::string> metadata;
  const auto entries =
      value_or_fail(read_header(header, metadata), "header");
  Rows rows = {{"name", "shape", "numbers", "from byte", "to byte"}};
  std::size_t numbers = 0;
  for (const TensorEntry& entry : entries) {
    const Tensor<>& tensor = tour.file.tensors.at(entry.name);
    numbers += tensor.data().size();
    rows.push_back({entry.name, to_string(tensor.shape()),
                    grouped(tensor.data().size()),
                    grouped(entry.offsets[0]), grouped(entry.offsets[1])});
  }
  print_table(rows);
  print(
      "\n    And in the metadata, besides the recipe of the training:\n\n");
  for (const char* key : {"network", "image"})
    say(std::string(key) + ": " + tour.file.metadata.at(key), "      ");
  FastNetwork network(tour.plan.architecture, tour.plan.image);
  load_parameters(tour.file, network, shipped_network);
  const double share = accuracy(network, tour.digits.held_out);
  print("\n");
  say("Built from that line and filled with these numbers, it reads " +
      percent(share) + " of the " + grouped(tour.digits.held_out.size()) +
      " held-out digits. " + grouped(numbers) + " numbers of 4 bytes are " +
      grouped(4 * numbers) + " bytes, and the file has " +
      grouped(tour.bytes.size()) + ": names, shapes and recipe take " +
      grouped(tour.bytes.size() - 4 * numbers) + ".");
  tour.program.report("accuracy_from_file", format("%.4f", share));
  tour.program.report("file_bytes", std::to_string(tour.bytes.size()));
}

}  // namespace cnn
