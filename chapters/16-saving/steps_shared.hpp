// What the steps of chapter 16's tour share: the digits, and the network
// that comes with the book.
// Book: book/16-saving.md
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "16-saving/file_fields.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/safetensors.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

struct SavingTour {
  Program& program;
  Split digits;
  std::string bytes;  // of the shipped file
  TensorFile file;
  NetworkPlan plan;
};

inline const char* const shipped_network =
    "chapters/16-saving/weights/digits.safetensors";

inline SavingTour make_saving_tour(Program& program) {
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 200);
    digits.held_out = first(digits.held_out, 100);
  }
  std::ifstream stream(Program::source_folder() / shipped_network,
                       std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  TensorFile file =
      value_or_fail(parse_safetensors(bytes_of(bytes)), shipped_network);
  NetworkPlan plan = value_or_fail(plan_in(file), shipped_network);
  print("Data: %s.\n", digits.source.c_str());
  return {program, std::move(digits), std::move(bytes), std::move(file),
          std::move(plan)};
}

// "7b 22 5f", a blank between bytes.
inline std::string hex_text(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes)
    text += (text.empty() ? "" : " ") + hex_of(byte);
  return text;
}

}  // namespace cnn
