// The arithmetic of a cell against the layers themselves, over random lists
// of layers of every kind.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/initializer.hpp"
#include "07-speed/fast_network.hpp"
#include "08-seeing/covering.hpp"
#include "09-dreaming/saliency.hpp"
#include "16-saving/resuming.hpp"
#include "16-saving/steps_files.hpp"
#include "18-browser/cell.hpp"
#include "18-browser/steps_cell.hpp"
#include "18-browser/story_cell.hpp"
#include "common/data/files.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/folder.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

// A network with a picture in it.
struct Looked {
  SavedArchitecture architecture;
  FastNetwork fast;
  Tensor<> picture;
  std::vector<Tensor<>> outputs;

  Looked(const SavedArchitecture& list, const Shape& image, Random& random)
      : architecture(list),
        fast(list, image, {.threads = 1}),
        picture(normal_numbers({1, image[0], image[1], image[2]}, random)) {
    initialize(fast, he_initializer(), random);
    for (Parameter<>* parameter : fast.parameters())
      if (parameter->fan_in == 0)
        for (float& bias : parameter->value.data())
          bias = is_variance(*parameter) ? 0.1f + random.uniform()
                                         : random.normal();
    outputs = all_outputs(fast.plain(), picture);
  }

  CellArithmetic cell(std::size_t layer, const CellPlace& at) {
    return cell_arithmetic(architecture, fast.plain(), picture, outputs,
                           layer, at);
  }
  const Tensor<>& before(std::size_t layer) const {
    return layer == 0 ? picture : outputs[layer - 1];
  }
};

template <class Visit>
void for_cells(const Tensor<>& numbers, const Visit& visit) {
  const auto [C, H, W] = maps_of(numbers);
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x) visit(CellPlace{c, y, x});
}

// An entry of any kind, including those of chapters 12 and 13.
SavedArchitecture::value_type any_layer(const Shape& shape,
                                        Random& random) {
  const int groups = shape[1] % 2 == 0 ? 2 : 1;
  switch (random.below(9)) {
    case 8:
      if (shape.size() != 4) return Relu{};
      return Residual{{Convolution{shape[1], 3, 1, 1}, BatchNorm{}}};
    case 0:
      return Dropout{0.5};
    case 1:
      return BatchNorm{};
    case 2:
      return GroupNorm{groups};
    case 3:
      return LayerNorm{};
    default:
      return std::visit(
          [](const auto& it) -> SavedArchitecture::value_type {
            return it;
          },
          random_layer(shape, random));
  }
}
SavedArchitecture any_layers(const Shape& image, Random& random) {
  return list_that_fits(
      image, from_to(1, 7, random),
      [&](const Shape& shape) { return any_layer(shape, random); });
}

// What you would get if you added up the table by hand.
float added_up(const CellArithmetic& cell) {
  float sum = cell.bias;
  for (const CellTerm& term : cell.terms) sum += term.weight * term.input;
  return sum;
}

// Checks all that is said of one cell against the layer's own numbers.
bool is_true(const CellArithmetic& cell, const Tensor<>& input,
             const std::string& kind, float own) {
  bool well = cell.value == own && !cell.terms.empty();
  for (const CellTerm& term : cell.terms) {
    well &= term.inside == has_cell(input, term.from);
    well &= term.product == term.weight * term.input;
    const float padding = kind == "maxpool" ? -infinity : 0;
    well &=
        term.input == (term.inside ? number_at(input, term.from) : padding);
  }
  if (kind == "conv" || kind == "fc")
    well &= added_up(cell) == own && cell.sum == own;
  if (kind == "avgpool")
    well &= added_up(cell) / static_cast<float>(cell.terms.size()) == own;
  if (kind == "maxpool")
    well &=
        cell.terms.at(static_cast<std::size_t>(cell.winner)).input == own &&
        cell.terms.at(static_cast<std::size_t>(cell.winner)).inside;
  else
    well &= cell.winner == -1;
  if (kind == "residual") well &= added_up(cell) == own && cell.sum == own;
  if (kind == "bn" || kind == "gn" || kind == "ln") {
    const float input_minus = cell.terms.at(0).input - cell.mean;
    well &= cell.sum == input_minus / cell.deviation &&
            cell.weight * cell.sum + cell.bias == own;
  }
  if (kind != "conv" && kind != "fc" && kind != "maxpool" &&
      kind != "avgpool")
    well &= cell.terms.size() == 1;
  return well;
}

// Calls visit() for every layer of some random networks, with its kind. ->
// the kinds that came up
template <class Visit>
std::set<std::string> for_layers(std::uint64_t seed, int networks,
                                 const Visit& visit) {
  Random random(seed);
  std::set<std::string> kinds;
  for (int i = 0; i < networks; ++i) {
    const Shape image = {from_to(1, 3, random), from_to(5, 12, random),
                         from_to(5, 12, random)};
    const SavedArchitecture list = any_layers(image, random);
    Looked it(list, image, random);
    for (std::size_t layer = 0; layer < list.size(); ++layer) {
      const std::string name = std::visit(
          [](const auto& one) { return kind(one); }, list[layer]);
      INFO("network " << i << ", layer " << layer << ", " << name);
      kinds.insert(name);
      visit(it, layer, name);
    }
  }
  return kinds;
}

}  // namespace

TEST_CASE("the arithmetic of every cell gives the plain layer's bits") {
  const std::set<std::string> kinds = for_layers(
      18, 60, [](Looked& it, std::size_t layer, const std::string& name) {
        int wrong = 0;
        for_cells(it.outputs[layer], [&](const CellPlace& at) {
          wrong += !is_true(it.cell(layer, at), it.before(layer), name,
                            number_at(it.outputs[layer], at));
        });
        CHECK(wrong == 0);
      });
  CHECK(kinds == std::set<std::string>{"avgpool", "bn", "conv", "dropout",
                                       "fc", "flatten", "gn", "ln",
                                       "maxpool", "relu", "residual"});
}

TEST_CASE("the fast layers agree with the arithmetic to a millionth") {
  Random random(19);
  for (int i = 0; i < 60; ++i) {
    const Shape image = {from_to(1, 3, random), from_to(5, 12, random),
                         from_to(5, 12, random)};
    Looked it(any_layers(image, random), image, random);
    const std::vector<Tensor<>> fast = it.fast.outputs(it.picture);
    REQUIRE(fast.size() == it.outputs.size());
    for (std::size_t layer = 0; layer < fast.size(); ++layer) {
      INFO("network " << i << ", layer " << layer);
      float largest = 1, apart = 0;
      for_cells(fast[layer], [&](const CellPlace& at) {
        const float number = number_at(fast[layer], at);
        largest = std::max(largest, std::abs(number));
        apart =
            std::max(apart, std::abs(number - it.cell(layer, at).value));
      });
      CHECK(apart <= 1e-6f * largest);
    }
  }
}

TEST_CASE("a cell of a block with layers in its skip") {
  Random random(20);
  Looked it({Residual{{Convolution{4, 3, 2, 1}, Relu{}},
                      {Convolution{4, 1, 2, 0}, BatchNorm{}}}},
            {2, 5, 6}, random);
  for_cells(it.outputs[0], [&](const CellPlace& at) {
    const CellArithmetic cell = it.cell(0, at);
    REQUIRE(cell.terms.size() == 1);
    CHECK(cell.terms[0].weight == 0);
    CHECK(cell.sum == cell.value);
    CHECK(cell.value == number_at(it.outputs[0], at));
  });
}

TEST_CASE("a cell of a convolution by hand, with stride and padding") {
  Random random(1);
  Looked it(
      {Convolution{.channels = 2, .kernel = 2, .stride = 2, .padding = 1}},
      {1, 3, 3}, random);
  for (int n = 0; n < 9; ++n)
    it.picture.data()[static_cast<std::size_t>(n)] =
        static_cast<float>(n + 1);
  Parameter<>&weight = *it.fast.parameters()[0],
  &bias = *it.fast.parameters()[1];
  for (int n = 0; n < 8; ++n)
    weight.value.data()[static_cast<std::size_t>(n)] =
        static_cast<float>(n);
  bias.value(1) = 0.5f;
  it.outputs = all_outputs(it.fast.plain(), it.picture);
  // 1 2 3      Window (0, 1) of channel 1 begins at row -1, column 1: two
  // 4 5 6      cells of padding, then 2 and 3. Its weights: 4 5 / 6 7.
  // 7 8 9
  const CellArithmetic cell = it.cell(0, {1, 0, 1});
  REQUIRE(cell.terms.size() == 4);
  CHECK(cell.terms[0].from == CellPlace{0, -1, 1});
  CHECK_FALSE(cell.terms[1].inside);
  CHECK(cell.terms[2].from == CellPlace{0, 0, 1});
  CHECK(cell.terms[2].weight == 6);
  CHECK(cell.terms[3].product == 21);
  CHECK(cell.bias == 0.5f);
  CHECK(cell.value == 33.5f);
}

TEST_CASE("a window's numbers, weights and products as maps") {
  CellArithmetic cell;
  for (int i = 0; i < 4; ++i) {
    const auto number = static_cast<float>(i);
    cell.terms.push_back({{0, i / 2, i % 2},
                          true,
                          number,
                          number + 5,
                          number * (number + 5)});
  }
  const WindowMaps maps = window_maps(cell, 2);
  CHECK(maps.numbers == Tensor<>({2, 2}, {0, 1, 2, 3}));
  CHECK(maps.weights == Tensor<>({2, 2}, {5, 6, 7, 8}));
  CHECK(maps.products == Tensor<>({2, 2}, {0, 6, 14, 24}));
  CHECK_THROWS_WITH(window_maps(cell, 3),
                    "window_maps: expected 9 terms, got 4");
}

TEST_CASE("a place that a flattened cell came from") {
  Random random(1);
  Looked it({Flatten{}}, {3, 4, 5}, random);
  const CellArithmetic cell = it.cell(0, {2 * 20 + 3 * 5 + 4});
  CHECK(cell.terms.at(0).from == CellPlace{2, 3, 4});
}

TEST_CASE("of equals the first wins a window") {
  Random random(1);
  Looked it({MaxPool{}}, {1, 4, 4}, random);
  for (float& pixel : it.picture.data()) pixel = 7;
  it.outputs = all_outputs(it.fast.plain(), it.picture);
  CHECK(it.cell(0, {0, 1, 1}).winner == 0);
}

TEST_CASE("a cell that there is not is refused") {
  Random random(1);
  Looked it({Convolution{.channels = 2}, Flatten{}}, {1, 5, 5}, random);
  CHECK_THROWS_WITH(it.cell(0, {2, 0, 0}),
                    "cell_arithmetic: expected a cell inside (2, 3, 3), "
                    "got (2, 0, 0)");
  CHECK_THROWS_WITH(it.cell(1, {0, 1, 0}),
                    "cell_arithmetic: expected a cell inside (18, 1, 1), "
                    "got (0, 1, 0)");
  CHECK_THROWS_WITH(it.cell(2, {0, 0, 0}),
                    "cell_arithmetic: expected a layer from 0 to 1, got 2");
}

// ---- What the page's scripts say of the library ------------------------

namespace {

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream stream(std::string(CNN_SOURCE_FOLDER) + "/" + file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string page_text(const std::string& file) {
  std::string text;
  for (const std::string& line : lines_of(file)) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("the page links each equation to the function that computes it") {
  const std::string text =
      page_text("chapters/18-browser/page/listings.mjs");
  const std::regex listing(
      "(?:equation: '([0-9.]+)',\\s*)?file: '([^']+)',\\s*first: "
      "([0-9]+), last: ([0-9]+)");
  int found = 0;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), listing);
       it != std::sregex_iterator(); ++it) {
    const std::string number = (*it)[1].str();
    const std::string equation = "// (" + number + ")";
    const std::vector<std::string> lines = lines_of((*it)[2]);
    const auto first = static_cast<std::size_t>(std::stoi((*it)[3]));
    const auto last = static_cast<std::size_t>(std::stoi((*it)[4]));
    INFO((*it)[2].str() << ": " << equation << ", lines " << first << " to "
                        << last);
    ++found;
    REQUIRE(first < last);
    REQUIRE(last <= lines.size());
    const std::string margin(lines[first - 1].find_first_not_of(' '), ' ');
    CHECK(lines[first - 1].rfind(margin + "template <class", 0) == 0);
    int ends = 0, equations = 0;
    for (std::size_t line = first; line <= last; ++line) {
      ends += lines[line - 1] == margin + "}";
      equations += lines[line - 1].find(equation) != std::string::npos;
    }
    CHECK(lines[last - 1] == margin + "}");
    CHECK(ends == 1);  // one function
    CHECK(equations == (number.empty() ? 0 : 1));
  }
  CHECK(found == 9);
}

// Only where the C library gives the same floats to the last bit, because
// the checksums would differ otherwise.
#if defined(__x86_64__) && defined(__GLIBC__)
TEST_CASE("the page draws the saliency and occlusion of the library") {
  const std::string file = std::string(CNN_SOURCE_FOLDER) +
                           "/chapters/16-saving/weights/digits.safetensors";
  const auto loaded = network_of(load_network(file), file,
                                 {.threads = 1, .isa = "portable"});
  FastNetwork& network = *loaded;
  const Dataset held_out = embedded_digits().held_out;
  Dataset digit;
  digit.images = picture_of(held_out.images, 3).reshaped({1, 1, 28, 28});
  digit.labels =
      predictions(network.forward(digit.images, Mode::evaluation));
  Checksum saliency, occlusion;
  saliency.add(
      class_logits(network, digit.images, digit.labels).gradient.data());
  const Tensor<> taken = taken_away(cover(network, digit, 0, 0.5f));
  occlusion.add(taken.data());
  const std::string test = page_text("tests/browser/layers_test.mjs");
  INFO(saliency.text() << " " << occlusion.text());
  CHECK(test.find("saliency: '" + saliency.text() + "'") !=
        std::string::npos);
  CHECK(test.find("occlusion: '" + occlusion.text() + "'") !=
        std::string::npos);
}
#endif

// ---- The same in the terminal ------------------------------------------

TEST_CASE("the rows of a cell add up to the layer's number") {
  const std::set<std::string> kinds = for_layers(
      21, 40, [](Looked& it, std::size_t layer, const std::string& name) {
        const CellPlace at = largest_cell(it.outputs[layer]);
        const Rows rows =
            cell_rows(name, it.cell(layer, at), "before", it.before(layer));
        CHECK(rows.size() <= 1 + most_terms + 6);
        const float own = number_at(it.outputs[layer], at);
        CHECK(own == *std::max_element(it.outputs[layer].data().begin(),
                                       it.outputs[layer].data().end()));
        CHECK(rows.back().back() ==
              number_of_cell(static_cast<double>(own)));
        for (const Strings& row : rows) CHECK(row.size() == rows[0].size());
        if (name != "conv" && name != "fc") return;
        double sum = 0;
        for (std::size_t row = 1; row + 1 < rows.size(); ++row)
          sum += std::stod(rows[row].back());
        CHECK(std::abs(sum - std::stod(rows.back().back())) < 5e-5);
      });
  CHECK(kinds.size() == 11);
}

TEST_CASE("of many terms the largest products are shown") {
  CellArithmetic cell;
  for (int i = 0; i < 26; ++i)
    cell.terms.push_back(
        {{i},
         true,
         1,
         1,
         i % 2 == 0 ? -0.5f - static_cast<float>(i) : 0.5f});
  const std::vector<std::size_t> shown = shown_terms(cell);
  REQUIRE(shown.size() == terms_shown);
  CHECK(shown[0] == 24);
  CHECK(shown[12] == 0);  // on a tie the first
  CHECK(shown[13] == 1);
  CHECK(sum_of_others(cell, shown) == 3);
  const Rows rows = cell_rows("fc", cell, "flatten1", Tensor<>({1, 26}));
  CHECK(rows[1][1] == "(24)");
  CHECK(rows[21][1] == "6 others, about");
  CHECK(rows[21].back() == "3.000000");
  cell.terms.pop_back();
  CHECK(shown_terms(cell)[24] == 24);
}

TEST_CASE("a cell on the command line") {
  const Tensor<> maps({1, 2, 4, 5}), one({1, 1, 4, 5}), row({1, 7});
  const auto at = [&](const Tensor<>& numbers, const std::string& text) {
    return cell_named("conv1", numbers, text);
  };
  CHECK(at(maps, "1,2,3") == CellPlace{1, 2, 3});
  CHECK(at(maps, " 1, 2 ,3") == CellPlace{1, 2, 3});
  CHECK(at(one, "2,3") == CellPlace{0, 2, 3});
  CHECK(at(one, "0,2,3") == CellPlace{0, 2, 3});
  CHECK(at(row, "6") == CellPlace{6, 0, 0});
  for (const char* bad : {"", ",", "1,2", "1,2,3,4", "1,2,5", "2,0,0", "-1",
                          "1,2,3,", "a,b,c", "1;2;3", "99999999999,0,0"})
    CHECK_THROWS_WITH(at(maps, bad),
                      "--cell expects a cell of conv1, 2 maps of 4 x 5: "
                      "0,0,0 to 1,3,4; got '" +
                          std::string(bad) + "'");
  CHECK_THROWS_WITH(at(row, "7"),
                    "--cell expects a cell of conv1, a row of 7: 0 to 6; "
                    "got '7'");
  CHECK_THROWS_WITH(at(row, "0,0,0"),
                    "--cell expects a cell of conv1, a row of 7: 0 to 6; "
                    "got '0,0,0'");
}

TEST_CASE("a verdict says whether the bits are the same") {
  CHECK(cell_verdict("fc1", 1, 1) ==
        "The layer fc1 itself has the same 32 bits there, 3f800000.");
  CHECK(cell_verdict("fc1", 1, 2) ==
        "The layer fc1 itself has 2 there, the bits 40000000, and this "
        "arithmetic 3f800000.");
}

#ifndef _WIN32
TEST_CASE("inside takes a number of each layer apart") {
  for (const char* layer : {"conv1", "relu1", "maxpool1", "conv2", "relu2",
                            "maxpool2", "flatten1", "fc1"}) {
    INFO(layer);
    const Said said =
        said_by(inside_program, {"--layer", layer, "--digit", "7"});
    CHECK(said.status == 0);
    CHECK(said.err.empty());
    std::string flat = said.out;
    std::replace(flat.begin(), flat.end(), '\n', ' ');
    CHECK(flat.find("itself has the same 32 bits there") !=
          std::string::npos);
    CHECK(flat.find("held-out digit 7, a ") != std::string::npos);
    std::istringstream lines(said.out);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count)
      CHECK(line.size() <= 76);
    CHECK(count <= 36);
  }
}

TEST_CASE("inside says what there is") {
  const auto complains = [](const std::vector<std::string>& words,
                            int status, const std::string& text) {
    const Said said = said_by(inside_program, words);
    INFO(said.err);
    CHECK(said.status == status);
    CHECK(said.out.empty());
    CHECK(said.err == "tutorial inside: " + text + "\n");
  };
  complains({"--layer", "conv3"}, 2,
            "--layer expects one of conv1, relu1, maxpool1, conv2, relu2, "
            "maxpool2, flatten1, fc1; got 'conv3'");
  complains({"--layer", "fc1", "--cell", "10"}, 2,
            "--cell expects a cell of fc1, a row of 10: 0 to 9; got '10'");
  const TemporaryFolder folder;
  const std::string file = (folder / "colour.safetensors").string();
  const NetworkPlan plan(SavedArchitecture{Flatten{}, Dense{10}},
                         {3, 32, 32});
  Network<> network = build_network(plan.architecture, plan.image);
  save_network(file, file_of(network, plan));
  complains({file}, 1,
            file + ": expected a network of pictures 1x28x28, got 3x32x32");
}
#endif
