// Feeds the readers of network files whatever bytes libFuzzer thinks of:
// chapter 16's readers of safetensors, of the checkpoint in it, and of an
// architecture's text, and the check whether its layers fit. None may throw
// or ask for more memory than twice the file and 1 MB, and what is read
// must be written back the same.
//
// The first byte of an input selects the reader: even for files, odd for
// texts.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "16-saving/architecture_text.hpp"
#include "16-saving/checkpoint.hpp"
#include "16-saving/fitting.hpp"
#include "16-saving/safetensors.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

// No list of layers may make a size overflow, or hold too many numbers.
void try_layers(const cnn::SavedArchitecture& list,
                const cnn::Shape& image) {
  const auto fits = cnn::fitting_of(list, image);
  const auto* fitting = std::get_if<cnn::Fitting>(&fits);
  if (!fitting) return;
  for (const int extent : fitting->output)
    require(extent > 0, "something comes out");
  require(fitting->parameters <= cnn::most_numbers, "not too many numbers");
}

void try_file(std::span<const std::uint8_t> bytes) {
  forget_memory();
  auto read = cnn::parse_safetensors(bytes);
  require(most_asked_for <= 2 * bytes.size() + (1u << 20),
          "at most twice the file and 1 MB of memory");
  const auto* file = std::get_if<cnn::TensorFile>(&read);
  if (!file) {
    const std::string& rule = std::get<cnn::Broken>(read).rule;
    require(rule.rfind("rule ", 0) == 0, "a rule is named");
    require(rule.find('\n') == std::string::npos, "in one line");
    return;
  }
  const std::string again = cnn::safetensors_bytes(*file);
  auto second = cnn::parse_safetensors(
      {reinterpret_cast<const std::uint8_t*>(again.data()), again.size()});
  require(std::holds_alternative<cnn::TensorFile>(second),
          "what is written is read");
  require(
      cnn::safetensors_bytes(std::get<cnn::TensorFile>(second)) == again,
      "and written the same again");
  auto checkpoint =
      cnn::checkpoint_in(std::get<cnn::TensorFile>(std::move(read)));
  if (const auto* it = std::get_if<cnn::Checkpoint>(&checkpoint)) {
    const cnn::Recipe& recipe = it->recipe;
    require(it->epochs_done >= 0 && it->epochs_done < recipe.epochs,
            "an epoch is left");
    require(recipe.batch >= 1 && recipe.learning_rate > 0 &&
                recipe.momentum >= 0 && recipe.momentum < 1,
            "numbers that a run can have");
    try_layers(it->plan.architecture, it->plan.image);
  }
}

void try_text(const std::string& text) {
  const auto read = cnn::parse_architecture(text);
  const auto* list = std::get_if<cnn::SavedArchitecture>(&read);
  if (!list) return;
  const std::string again = cnn::to_text(*list);
  const auto second = cnn::parse_architecture(again);
  require(
      std::holds_alternative<cnn::SavedArchitecture>(second) &&
          cnn::to_text(std::get<cnn::SavedArchitecture>(second)) == again,
      "an architecture's text gives the architecture");
  for (const int size : {1, 28, 65536}) try_layers(*list, {1, size, size});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const auto rest = std::span(data, size).subspan(1);
  if (data[0] % 2 == 0)
    try_file(rest);
  else
    try_text({reinterpret_cast<const char*>(rest.data()), rest.size()});
  return 0;
}
