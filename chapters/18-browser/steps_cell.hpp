// The verb inside: the arithmetic of one number of a trained network, as
// the page shows it, in the terminal.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "16-saving/steps_files.hpp"
#include "16-saving/steps_shared.hpp"
#include "17-handwriting/teaching.hpp"
#include "18-browser/cell.hpp"
#include "18-browser/rounding.hpp"
#include "common/data/files.hpp"
#include "common/data/story.hpp"
#include "common/shell/option.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- A network with a digit in it --------------------------------------

struct DigitInside {
  std::string file;
  NetworkPlan plan;
  std::unique_ptr<FastNetwork> network;
  int digit = 0, label = 0;
  Tensor<> picture;               // (1, 1, 28, 28)
  std::vector<Tensor<>> outputs;  // of the plain layers

  Network<>& plain() const { return network->plain(); }
  // The name of a layer's input.
  std::string before(std::size_t layer) const {
    return layer == 0 ? "picture" : plain().name(layer - 1);
  }
  Strings layers() const {
    Strings names;
    for (std::size_t i = 0; i < outputs.size(); ++i)
      names.push_back(plain().name(i));
    return names;
  }
};

// Sends a digit through a network. Throws a std::runtime_error whose text
// begins with `name`, that of the file, unless the network is for MNIST's
// pictures.
inline DigitInside digit_inside(const LoadedNetwork& loaded,
                                const std::string& name,
                                const Dataset& digits, int digit) {
  answers_for_digits(loaded.plan, name);
  DigitInside it;
  it.file = name;
  it.plan = loaded.plan;
  it.network = network_of(loaded, name, {.threads = 1, .isa = "portable"});
  it.digit = digit;
  it.label = digits.labels[static_cast<std::size_t>(digit)];
  it.picture = as_batch(picture_of(digits.images, digit));
  it.outputs = all_outputs(it.plain(), it.picture);
  return it;
}

// ---- Which cell --------------------------------------------------------

// The layer of this name. Throws a UsageError that lists the layers if
// there is none.
inline std::size_t layer_named(const DigitInside& it,
                               const std::string& name) {
  const Strings layers = it.layers();
  const auto found = std::find(layers.begin(), layers.end(), name);
  if (found == layers.end()) {
    std::string known;
    for (const std::string& layer : layers)
      known += (known.empty() ? "" : ", ") + layer;
    throw UsageError("--layer expects one of " + known + "; got '" + name +
                     "'");
  }
  return static_cast<std::size_t>(found - layers.begin());
}

// Whether a layer's numbers are a row, and not maps.
inline bool is_row(const Tensor<>& numbers) {
  return numbers.rank() == 2;
}

// "8 maps of 24 x 24", "a row of 10".
inline std::string size_text(const Tensor<>& numbers) {
  const auto [C, H, W] = maps_of(numbers);
  if (is_row(numbers)) return format("a row of %d", C);
  return format("%s of %d x %d", counted_text(C, "map").c_str(), H, W);
}

// (2, 4, 5) of a map, (7) of a row, (4, 5) of the picture.
inline std::string place_text(const Tensor<>& numbers,
                              const CellPlace& at) {
  if (is_row(numbers)) return format("(%d)", at.c);
  return numbers.extent(1) == 1 ? format("(%d, %d)", at.y, at.x)
                                : format("(%d, %d, %d)", at.c, at.y, at.x);
}

// Reads "2,4,5" or "7": whole numbers between commas, with or without
// blanks around them. Returns nothing for any other text.
inline std::optional<std::vector<int>> numbers_between_commas(
    const std::string& text) {
  std::vector<int> numbers;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::size_t first = begin, last = end;
    while (first < last && text[first] == ' ') ++first;
    while (last > first && text[last - 1] == ' ') --last;
    const auto number = whole_int(text.substr(first, last - first));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    begin = end + 1;
  }
  return numbers;
}

// Reads a cell from the command line: C,Y,X for maps, Y,X where there is
// only one map, C for a row. Throws a UsageError that says which there are.
inline CellPlace cell_named(const std::string& layer,
                            const Tensor<>& numbers,
                            const std::string& text) {
  const auto [C, H, W] = maps_of(numbers);
  const std::size_t wanted = is_row(numbers) ? 1 : 3;
  auto given = numbers_between_commas(text);
  if (given && given->size() == 2 && C == 1)
    given->insert(given->begin(), 0);
  if (given && given->size() == wanted) {
    given->resize(3);
    const CellPlace at = {(*given)[0], (*given)[1], (*given)[2]};
    if (has_cell(numbers, at)) return at;
  }
  throw UsageError(
      "--cell expects a cell of " + layer + ", " + size_text(numbers) +
      ": " +
      (wanted == 1 ? format("0 to %d", C - 1)
                   : format("0,0,0 to %d,%d,%d", C - 1, H - 1, W - 1)) +
      "; got '" + text + "'");
}

// The cell with the largest number, or on a tie the first of them.
inline CellPlace largest_cell(const Tensor<>& numbers) {
  const auto data = numbers.data();
  return nth_cell(
      numbers, static_cast<int>(std::max_element(data.begin(), data.end()) -
                                data.begin()));
}

// ---- Its table ---------------------------------------------------------

// A cell with more than most_terms terms shows the terms_shown largest.
constexpr std::size_t most_terms = 25, terms_shown = 20;

// The indices of the terms to show: all in their order, or only those with
// the largest products, the largest first.
inline std::vector<std::size_t> shown_terms(const CellArithmetic& cell) {
  std::vector<std::size_t> order(cell.terms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() <= most_terms) return order;
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
    return std::abs(cell.terms[a].product) >
           std::abs(cell.terms[b].product);
  });
  order.resize(terms_shown);
  return order;
}

// A number with six decimals, but never "-0.000000".
inline std::string number_of_cell(double number) {
  const std::string text = format("%.6f", number);
  return text == "-0.000000" ? "0.000000" : text;
}

// A line below the terms: a name and a number.
using CellEnding = std::pair<std::string, double>;

inline std::vector<CellEnding> cell_endings(const std::string& kind,
                                            const CellArithmetic& it) {
  const auto number = [](float x) { return static_cast<double>(x); };
  if (kind == "conv" || kind == "fc")
    return {{"bias", number(it.bias)}, {"the sum", number(it.sum)}};
  if (kind == "residual")
    return {{"what its layers add", number(it.bias)},
            {"the sum", number(it.sum)}};
  if (kind == "relu") return {{"the larger of it and 0", number(it.value)}};
  if (kind == "maxpool") return {{"the largest", number(it.value)}};
  if (kind == "avgpool")
    return {
        {"the sum", number(it.sum)},
        {"the sum / " + std::to_string(it.terms.size()), number(it.value)}};
  if (kind == "bn" || kind == "gn" || kind == "ln")
    return {{"mean", number(it.mean)},
            {"deviation", number(it.deviation)},
            {"(number - mean) / deviation", number(it.sum)},
            {"weight", number(it.weight)},
            {"bias", number(it.bias)},
            {"weight x that + bias", number(it.value)}};
  return {{"the same number", number(it.value)}};  // flatten, dropout
}

// The sum of the terms that are not shown. It is rounded differently, so it
// is only roughly what the layer itself has added.
inline double sum_of_others(const CellArithmetic& cell,
                            const std::vector<std::size_t>& shown) {
  double sum = 0;
  for (const CellTerm& term : cell.terms)
    sum += static_cast<double>(term.product);
  for (const std::size_t i : shown)
    sum -= static_cast<double>(cell.terms[i].product);
  return sum;
}

// The rows of the table. from: the name of the input, whose numbers are
// `input`.
inline Rows cell_rows(const std::string& kind, const CellArithmetic& cell,
                      const std::string& from, const Tensor<>& input) {
  const bool products =
      kind == "conv" || kind == "fc" || kind == "residual";
  const std::vector<std::size_t> shown = shown_terms(cell);
  Rows rows = {products ? Strings{"#", from, "number", "weight", "product"}
                        : Strings{"#", from, "number"}};
  const auto ending = [&](const std::string& name, double number) {
    rows.push_back({"", name});
    rows.back().resize(rows[0].size());
    rows.back().back() = number_of_cell(number);
  };
  for (const std::size_t i : shown) {
    const CellTerm& term = cell.terms[i];
    rows.push_back({std::to_string(i + 1),
                    (term.inside ? place_text(input, term.from)
                                 : std::string("padding")) +
                        (static_cast<int>(i) == cell.winner ? " *" : ""),
                    number_of_cell(static_cast<double>(term.input))});
    if (!products) continue;
    rows.back().push_back(number_of_cell(static_cast<double>(term.weight)));
    rows.back().push_back(
        number_of_cell(static_cast<double>(term.product)));
  }
  if (shown.size() < cell.terms.size())
    ending(
        std::to_string(cell.terms.size() - shown.size()) + " others, about",
        sum_of_others(cell, shown));
  for (const auto& [name, number] : cell_endings(kind, cell))
    ending(name, number);
  return rows;
}

// ---- What it says ------------------------------------------------------

inline std::string cell_heading(const DigitInside& it, std::size_t layer,
                                const CellPlace& at, bool largest) {
  const std::string name = it.plain().name(layer);
  const auto text = [](const auto& entry) { return to_text(entry); };
  return name + " of " + it.file + " is '" +
         std::visit(text, it.plan.architecture[layer]) + "' and makes " +
         size_text(it.outputs[layer]) + " of held-out digit " +
         std::to_string(it.digit) + ", a " + std::to_string(it.label) +
         ". " + (largest ? "Its largest number is " : "This is ") + name +
         place_text(it.outputs[layer], at) +
         (is_row(it.outputs[layer])
              ? ", where digits and cells are counted from 0"
              : ", where digits, maps, rows and columns are counted from "
                "0") +
         ":";
}

// Says whether the arithmetic gave the same bits as the layer itself.
inline std::string cell_verdict(const std::string& layer, float arithmetic,
                                float own) {
  if (bits_text(arithmetic) == bits_text(own))
    return "The layer " + layer + " itself has the same 32 bits there, " +
           bits_text(own) + ".";
  return "The layer " + layer + " itself has " +
         format("%.9g", static_cast<double>(own)) + " there, the bits " +
         bits_text(own) + ", and this arithmetic " + bits_text(arithmetic) +
         ".";
}

// Prints the arithmetic of a cell, and returns the number that the layer
// itself has there.
inline float show_cell(const DigitInside& it, std::size_t layer,
                       const CellPlace& at, bool largest) {
  const CellArithmetic cell = cell_arithmetic(
      it.plan.architecture, it.plain(), it.picture, it.outputs, layer, at);
  const auto its_kind = [](const auto& entry) { return kind(entry); };
  say(cell_heading(it, layer, at, largest), "");
  print("\n");
  print_table(cell_rows(std::visit(its_kind, it.plan.architecture[layer]),
                        cell, it.before(layer),
                        layer == 0 ? it.picture : it.outputs[layer - 1]));
  print("\n");
  const std::string ordered =
      cell.terms.size() > most_terms
          ? "# counts the products as the layer adds them, after the bias. "
          : "";
  const float own = number_at(it.outputs[layer], at);
  say((cell.winner < 0 ? ""
                       : "* won, as the largest or the first of equals. ") +
          ordered + cell_verdict(it.plain().name(layer), cell.value, own),
      "");
  return own;
}

// ---- The verb ----------------------------------------------------------

inline void look_inside(Program& program) {
  const bool own = !program.arguments().empty();
  const std::string name =
      own ? program.arguments()[0] : std::string(shipped_network);
  const LoadedNetwork loaded = load_network(
      own ? std::filesystem::path(name) : Program::source_folder() / name);
  const DigitInside it = digit_inside(
      loaded, name, embedded_digits().held_out, program.integer("digit"));
  const std::string& wanted = program.text("layer");
  const std::size_t layer = wanted.empty() ? 0 : layer_named(it, wanted);
  const Tensor<>& numbers = it.outputs[layer];
  const std::string& cell = program.text("cell");
  const CellPlace at =
      cell.empty() ? largest_cell(numbers)
                   : cell_named(it.plain().name(layer), numbers, cell);
  const float value = show_cell(it, layer, at, cell.empty());
  program.report("value", format("%.9g", static_cast<double>(value)));
}

inline int inside_program(int argc, char** argv) {
  Program program(
      "tutorial inside",
      "How one number inside a trained network comes about: what goes into "
      "it, what each number is multiplied by, and what the layer makes of "
      "them.",
      Program::Kind::tool);
  program.arguments("FILE", 0, 1,
                    "a network in a .safetensors file (default: the one "
                    "that chapter 16 comes with)");
  program.integer("digit", story_digit, 0, 1999,
                  "which held-out digit it looks at, counted from 0");
  program.text("layer", "", "NAME",
               "such as conv2 or fc1; another name gets the list of those "
               "there are (default: the first)");
  program.text("cell", "", "C,Y,X",
               "map, row and column, or C alone in a row, counted from 0 "
               "(default: the layer's largest number)");
  return program.run(argc, argv, look_inside);
}

}  // namespace cnn
