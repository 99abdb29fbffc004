// Chapter 16: files of networks, written and read, and what strangers send.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "06-training/sgd.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "16-saving/bit_flips.hpp"
#include "16-saving/checkpoint.hpp"
#include "16-saving/file_fields.hpp"
#include "16-saving/hostile_files.hpp"
#include "16-saving/killed_run.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/onnx.hpp"
#include "16-saving/onnx_fields.hpp"
#include "16-saving/resuming.hpp"
#include "16-saving/round_trips.hpp"
#include "16-saving/safetensors.hpp"
#include "common/data/files.hpp"
#include "common/tensor/utf8.hpp"
#include "tests/book/compare.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

OrBroken<TensorFile> parse(const std::string& bytes) {
  return parse_safetensors(
      {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// The rule that a file breaks; "none" if it is read.
std::string rule_of(const std::string& bytes) {
  const auto read = parse(bytes);
  const Broken* broken = std::get_if<Broken>(&read);
  return broken ? broken->rule : "none";
}

// A file with this header, whose length is said to be `length`, and with
// `numbers` bytes after it.
std::string file_with(const std::string& header, std::size_t numbers,
                      std::uint64_t length) {
  std::string bytes;
  append_little_endian(bytes, length, 8);
  return bytes + header + std::string(numbers, '\1');
}
std::string file_with(const std::string& header, std::size_t numbers) {
  return file_with(header, numbers, header.size());
}
std::string entry(const std::string& name, const std::string& shape,
                  const std::string& offsets,
                  const std::string& type = "F32") {
  return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" +
         shape + "],\"data_offsets\":[" + offsets + "]}";
}

TensorFile random_file(Random& random) {
  TensorFile file;
  for (int i = from_to(0, 6, random); i > 0; --i) {
    Shape shape;
    for (int axis = from_to(0, 4, random); axis > 0; --axis)
      shape.push_back(from_to(0, 5, random));
    file.tensors["t" + std::to_string(random.below(50)) + ".weight"] =
        normal_numbers(shape, random);
  }
  for (int i = from_to(0, 3, random); i > 0; --i) {
    std::string value;
    for (int c = from_to(0, 20, random); c > 0; --c)
      value += static_cast<char>(random.below(127) + 1);
    file.metadata["k" + std::to_string(i)] = value + "é€😀";
  }
  return file;
}

// A layer of one of the kinds that chapters 12 and 13 added.
SavedArchitecture::value_type later_layer(Random& random) {
  switch (random.below(4)) {
    case 0:
      return Dropout{random.below(2) == 0 ? 0.5 : 0.1};
    case 1:
      if (random.below(2) == 0) return BatchNorm{};
      return BatchNorm{.momentum = 0.3, .epsilon = 0.001};
    case 2:
      return LayerNorm{};
    default:
      return GroupNorm{1};
  }
}

// A residual block for any map; a quarter of them hold another.
Residual random_block(int depth, Random& random) {
  Residual block;
  const int channels = from_to(1, 4, random);
  block.branch = {Convolution{channels, 3, 1, 1}, BatchNorm{}, Relu{}};
  block.skip = {Convolution{channels, 1, 1, 0}};
  if (random.below(2) == 0) block.skip.push_back(BatchNorm{});
  if (random.below(2) == 0)
    block.branch.push_back(
        Residual{{Convolution{channels, 3, 1, 1}, BatchNorm{}},
                 {},
                 random.below(2) == 0});
  if (depth > 0 && random.below(2) == 0)
    block = {{block, Relu{}}, {Convolution{channels, 1, 1, 0}}};
  return block;
}

// A list of any layers for pictures of 12 x 12 pixels, with any output.
SavedArchitecture random_architecture(Random& random) {
  SavedArchitecture list;
  if (random.below(2) == 0) list.push_back(random_block(2, random));
  for (int i = from_to(0, 3, random); i > 0; --i) {
    const int size = from_to(1, 3, random);
    const Pooling pooling = {size, from_to(1, 2, random), size / 2};
    switch (random.below(8)) {
      case 0:
        list.push_back(Convolution{.channels = from_to(1, 5, random),
                                   .kernel = size,
                                   .stride = from_to(1, 2, random),
                                   .padding = from_to(0, 2, random)});
        break;
      case 1:
        list.push_back(Relu{});
        break;
      case 2:
        list.push_back(MaxPool{pooling});
        break;
      case 3:
        list.push_back(AveragePool{pooling});
        break;
      default:
        list.push_back(later_layer(random));
        break;
    }
  }
  list.push_back(Flatten{});
  if (random.below(2) == 0) list.push_back(later_layer(random));
  list.push_back(Dense{from_to(1, 10, random)});
  return list;
}

void start_randomly(Layer<>& network, Random& random) {
  for (Parameter<>* parameter : network.parameters()) {
    parameter->value = normal_numbers(parameter->value.shape(), random);
    if (is_variance(*parameter))
      for (float& number : parameter->value.data())
        number = 0.1f + number * number;
  }
}

}  // namespace

TEST_CASE("json: a byte that is of no character is written as U+FFFD") {
  CHECK(json_string("caf\xc3\xa9 \"\x01\"") ==
        "\"caf\xc3\xa9 \\\"\\u0001\\\"\"");
  CHECK(json_string("caf\xe9/\xff") == "\"caf\xef\xbf\xbd/\xef\xbf\xbd\"");
  CHECK(is_utf8("caf\xc3\xa9"));
  CHECK(is_utf8(""));
  CHECK_FALSE(is_utf8("caf\xe9/pics"));
}

TEST_CASE("a text is shortened between two characters") {
  CHECK(shortened("triangle", 8) == "triangle");
  CHECK(shortened("triangles", 8) == "trian...");
  CHECK(shortened("größenmaß", 9) == "größenmaß");
  CHECK(shortened("größenmaß", 8) == "größe...");
  CHECK(shortened("abcd", 3) == "...");
  CHECK(shortened("\xff\xfe\xfd\xfc", 3) == "...");
  // Characters of one to four bytes, and a byte that belongs to none.
  const Strings letters = {"a", "\xc3\xa9", "\xe2\x86\x92",
                           "\xf0\x9f\x99\x82", "\xff"};
  Random random(16);
  for (int n = 0; n < 1000; ++n) {
    const int length = random.below(20), most = 3 + random.below(20);
    std::string text, expected;
    for (int i = 0; i < length; ++i) {
      const std::string& letter =
          letters[static_cast<std::size_t>(random.below(5))];
      text += letter;
      if (length <= most || i < most - 3) expected += letter;
    }
    if (length > most) expected += "...";
    INFO(n << ": " << text);
    CHECK(shortened(text, static_cast<std::size_t>(most)) == expected);
    CHECK(first_characters(text, static_cast<std::size_t>(length)) == text);
  }
}

TEST_CASE("safetensors: what is written is read back to the bit") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    TensorFile file = random_file(random);
    if (seed == 1)
      file.tensors["odd"] =
          Tensor<>({4}, {-0.0f, std::numeric_limits<float>::denorm_min(),
                         std::numeric_limits<float>::max(), 1e-30f});
    const std::string bytes = safetensors_bytes(file);
    INFO(seed << ": " << bytes.substr(8, 300));
    CHECK((static_cast<unsigned char>(bytes[0]) & 7u) == 0);
    auto read = parse(bytes);
    REQUIRE(std::holds_alternative<TensorFile>(read));
    const TensorFile& back = std::get<TensorFile>(read);
    CHECK(back.metadata == file.metadata);
    CHECK(back.tensors == file.tensors);
    CHECK(safetensors_bytes(back) == bytes);
  }
}

TEST_CASE("safetensors: the example of the format's own documentation") {
  const std::string header =
      "{\"test\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":"
      "[0,16]}}";
  CHECK(header.size() == 60);
  CHECK(rule_of(file_with(header, 16)) == "none");
  CHECK(file_with(header, 16)[0] == '<');
}

TEST_CASE("safetensors: each rule refuses the files that break it") {
  const auto one = [](const std::string& text) { return "{" + text + "}"; };
  const std::string a = entry("a", "2", "0,8"), b = entry("b", "1", "8,12");
  CHECK(rule_of(file_with(one(a + "," + b), 12)) == "none");
  CHECK(rule_of(file_with(one(b + "," + a), 12)) == "none");
  CHECK(rule_of(file_with(" \n" + one(a) + "  ", 8)) == "none");
  CHECK(rule_of(file_with("{}", 0)) == "none");
  const std::vector<std::pair<std::string, std::vector<std::string>>>
      hostile = {
          {"rule 1:", {"", "1234567"}},
          {"rule 2:",
           {file_with("{}", 0, 100'000'001),
            file_with("{}", 0, UINT64_MAX)}},
          {"rule 3:",
           {file_with("{}", 0, 3), file_with(one(a), 8, 100'000'000)}},
          {"rule 4:",
           {file_with("", 0),
            file_with("[]", 0),
            file_with("{", 0),
            file_with("{}x", 0),
            file_with("{\"a\":1}", 0),
            file_with(one(a + ","), 8),
            file_with(one(a + a), 8),
            file_with(one(a + "," + a), 8),
            file_with("{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}", 0),
            file_with(one(entry("../a", "2", "0,8")), 8),
            file_with(one(entry("", "2", "0,8")), 8),
            file_with(one(entry("a\\u0000", "2", "0,8")), 8),
            file_with(one(entry("\xff", "2", "0,8")), 8),
            file_with(one(entry("\xc0\xaf", "2", "0,8")), 8),
            file_with(one(entry("a", "2", "-0,8")), 8),
            file_with(one(entry("a", "2", "0,8e0")), 8),
            file_with(one(entry("a", "2", "0,8.0")), 8),
            file_with(one(entry("a", "2", "00,8")), 8),
            file_with(one(entry("a", "2", "0,8,8")), 8),
            file_with(one(entry("a", "-2", "0,8")), 8),
            file_with(one(entry("a", "1,1,1,1,1,1,1,1,2", "0,8")), 8),
            file_with(one(entry("a", "99999999999999999999", "0,8")), 8),
            file_with(one("\"a\":{\"dtype\":\"F32\",\"shape\":[2]}"), 8),
            file_with(one("\"a\":{\"dtype\":\"F32\",\"shape\":[2],"
                          "\"shape\":[2],\"data_offsets\":[0,8]}"),
                      8),
            file_with(one("\"a\":{\"dtype\":\"F32\",\"shape\":[2],"
                          "\"data_offsets\":[0,8],\"x\":1}"),
                      8),
            file_with(one("\"__metadata__\":{\"a\":1}," + a), 8),
            file_with(one("\"__metadata__\":[]," + a), 8),
            file_with(one("\"__metadata__\":{\"a\":\"\",\"a\":\"\"}," + a),
                      8)}},
          {"rule 5:",
           {file_with(one(entry("a", "2", "0,4", "F16")), 4),
            file_with(one(entry("a", "2", "0,8", "f32")), 8)}},
          {"rule 6:",
           {file_with(one(entry("a", "65536,65536", "0,8")), 8),
            file_with(one(entry("a", "0,4294967296", "0,0")), 0),
            file_with(one(entry("a", "18446744073709551615", "0,8")), 8)}},
          {"rule 7:",
           {file_with(one(entry("a", "2", "1,9")), 9),
            file_with(one(entry("a", "2", "0")), 8),
            file_with(one(a + "," + entry("b", "2", "0,8")), 8),
            file_with(one(a + "," + entry("b", "2", "12,20")), 20)}},
          {"rule 8:",
           {file_with(one(entry("a", "3", "0,8")), 8),
            file_with(one(entry("a", "", "0,8")), 8),
            file_with(one(entry("a", "0", "0,8")), 8)}},
          {"rule 9:", {file_with(one(a), 7), file_with(one(a), 0)}},
          {"rule 10:", {file_with(one(a), 9), file_with("{}", 1)}}};
  for (const auto& [rule, files] : hostile)
    for (const std::string& bytes : files) {
      INFO(rule << " " << bytes.substr(0, 200));
      CHECK(rule_of(bytes).rfind(rule, 0) == 0);
      CHECK(rule_of(bytes).find('\n') == std::string::npos);
    }
  CHECK(rule_of(file_with("{}", 1)).ends_with("; 1 byte is left"));
  CHECK(rule_of(file_with("{}", 2)).ends_with("; 2 bytes are left"));
}

TEST_CASE("safetensors: a cut file is refused, whichever byte is last") {
  Random random(3);
  TensorFile file = random_file(random);
  file.tensors["last"] = Tensor<>({3}, 1.0f);
  const std::string bytes = safetensors_bytes(file);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(rule_of(bytes.substr(0, size)) != "none");
}

TEST_CASE("safetensors: a changed byte is refused or gives other numbers") {
  Random random(4);
  const std::string bytes = safetensors_bytes(random_file(random));
  int refused = 0;
  for (int n = 0; n < 3000; ++n) {
    std::string changed = bytes;
    for (int i = from_to(1, 4, random); i > 0; --i)
      changed[static_cast<std::size_t>(
          random.below(static_cast<int>(bytes.size())))] =
          static_cast<char>(random.below(256));
    auto read = parse(changed);
    if (const TensorFile* file = std::get_if<TensorFile>(&read))
      CHECK(std::get<TensorFile>(parse(safetensors_bytes(*file)))
                .tensors.size() == file->tensors.size());
    else
      ++refused;
  }
  CHECK(refused > 500);
}

TEST_CASE("an architecture is the same after its text") {
  CHECK(to_text(digit_network) ==
        "conv 8 5 pad 2, relu, maxpool 2, conv 16 5, relu, maxpool 2, "
        "flatten, dense 10");
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    const std::string text = to_text(random_architecture(random));
    INFO(text);
    const auto read = parse_architecture(text);
    REQUIRE(std::holds_alternative<SavedArchitecture>(read));
    CHECK(to_text(std::get<SavedArchitecture>(read)) == text);
  }
  const auto spaced = parse_architecture(" conv  8 5\tpad 2 ,relu ");
  CHECK(to_text(std::get<SavedArchitecture>(spaced)) ==
        "conv 8 5 pad 2, relu");
  // What a text says is kept, to the last digit of a number.
  const std::string text =
      "batchnorm momentum 0.05 epsilon 0.001, dropout 0.123456789, "
      "layernorm epsilon 1e-12, groupnorm 100 epsilon 1e+20, "
      "conv 100 110 stride 1000 pad 200";
  const auto read = parse_architecture(text);
  const auto& list = std::get<SavedArchitecture>(read);
  CHECK(to_text(list) == text);
  CHECK(std::get<BatchNorm>(list[0]).momentum == 0.05);
  CHECK(std::get<BatchNorm>(list[0]).epsilon == 0.001);
  CHECK(std::get<Dropout>(list[1]).p == 0.123456789);
  CHECK(std::get<LayerNorm>(list[2]).epsilon == 1e-12);
  CHECK(std::get<GroupNorm>(list[3]).groups == 100);
  CHECK(
      to_text(SavedArchitecture{BatchNorm{}, LayerNorm{}, GroupNorm{4}}) ==
      "batchnorm, layernorm, groupnorm 4");
}

TEST_CASE("a text that names no architecture is told apart by its layer") {
  const auto rule = [](const std::string& text) {
    const auto read = parse_architecture(text);
    const Broken* broken = std::get_if<Broken>(&read);
    return broken ? broken->rule : "none";
  };
  CHECK(rule("relu, conv 8")
            .rfind("layer 2, 'conv 8': expected a kernel", 0) == 0);
  CHECK(rule("relu 3") == "layer 1, 'relu 3': did not expect '3'");
  CHECK(rule("dropout 1") ==
        "layer 1, 'dropout 1': expected a share from 0 to below 1, got "
        "'1'");
  CHECK(rule("dropout(0.5)") ==
        "layer 1, 'dropout(0.5)': expected conv, relu, maxpool, avgpool, "
        "flatten, dense, dropout, batchnorm, layernorm, groupnorm or "
        "residual first");
  CHECK(rule("relu, groupnorm 0") ==
        "layer 2, 'groupnorm 0': expected groups from 1 to 65536, got "
        "'0'");
  CHECK(rule("batchnorm epsilon 0") ==
        "layer 1, 'batchnorm epsilon 0': expected epsilon from 1e-30 to "
        "1e+30, got '0'");
  for (const char* text : {"",
                           ",",
                           "relu,",
                           "relu,,relu",
                           "conv",
                           "conv 0 5",
                           "conv 8 -5",
                           "conv 8 5.0",
                           "conv 8 5 stride",
                           "conv 8 5 stride 0",
                           "conv 8 5 pad 2 stride 1",
                           "conv 99999999999 5",
                           "maxpool",
                           "dense",
                           "dense 10 10",
                           "Dense 10",
                           "relu; relu",
                           "pool 2",
                           "dropout",
                           "dropout -0.1",
                           "dropout nan",
                           "dropout inf",
                           "dropout 0x0.8p0",
                           "dropout 0.5 0.5",
                           "dropout 0,5",
                           "dropout .",
                           "batchnorm 8",
                           "batchnorm momentum 2",
                           "batchnorm momentum",
                           "batchnorm epsilon 0.1 momentum 0.1",
                           "layernorm 4",
                           "layernorm momentum 0.1",
                           "groupnorm",
                           "groupnorm 4.0",
                           "groupnorm 4 epsilon -1",
                           "bn"}) {
    INFO(text);
    CHECK(rule(text).rfind("layer ", 0) == 0);
  }
}

TEST_CASE("a saved network gives the same answers, plain and fast") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    const NetworkPlan plan = {random_architecture(random), {2, 12, 12}};
    INFO(to_text(plan.architecture));
    Network<> network = build_network(plan.architecture, plan.image);
    start_randomly(network, random);
    const Tensor<> images = normal_numbers({3, 2, 12, 12}, random);
    auto read = parse(safetensors_bytes(file_of(network, plan)));
    const TensorFile file = std::get<TensorFile>(read);
    const auto again = std::get<NetworkPlan>(plan_in(file));
    Network<> loaded = build_network(again.architecture, again.image);
    load_parameters(file, loaded, "file");
    CHECK(loaded.forward(images, Mode::evaluation) ==
          network.forward(images, Mode::evaluation));
    FastNetwork fast(again.architecture, again.image);
    load_parameters(file, fast, "file");
    FastNetwork first(plan.architecture, plan.image);
    copy_parameters(network, first);
    CHECK(fast.forward(images, Mode::evaluation) ==
          first.forward(images, Mode::evaluation));
  }
}

TEST_CASE("numbers that are not a network's are refused, and none is put") {
  Network<> network = build_network(digit_network, {1, 28, 28});
  Random random(1);
  start_randomly(network, random);
  const NetworkPlan plan = {digit_network, {1, 28, 28}};
  const TensorFile whole = file_of(network, plan);
  Network<> other = build_network(digit_network, {1, 28, 28});
  const auto said = [&](const TensorFile& file) {
    const std::string text =
        message_of([&] { load_parameters(file, other, "F"); });
    for (const Parameter<>* parameter : other.parameters())
      CHECK(parameter->value == Tensor<>(parameter->value.shape()));
    return text;
  };
  TensorFile file = whole;
  file.tensors.erase("fc1.bias");
  CHECK(said(file) ==
        "F: expected a tensor 'fc1.bias' of shape (10), found none");
  file = whole;
  file.tensors["more"] = Tensor<>({1});
  CHECK(said(file) == "F: did not expect the tensor 'more' of shape (1)");
  file = whole;
  file.tensors["conv1.weight"] = Tensor<>({8, 1, 5, 4});
  CHECK(said(file) ==
        "F: 'conv1.weight' expects shape (8, 1, 5, 5), found (8, 1, 5, "
        "4)");
  file = whole;
  file.tensors["conv2.bias"].data()[3] = not_a_number;
  CHECK(said(file) == "F: 'conv2.bias' holds a number that is not finite");
}

TEST_CASE("metadata that name no network say which line it is") {
  const auto rule = [](const TensorFile& file) {
    const auto read = plan_in(file);
    const Broken* broken = std::get_if<Broken>(&read);
    return broken ? broken->rule : "none";
  };
  TensorFile file;
  CHECK(rule(file) == "the metadata do not say which network it is");
  file.metadata["network"] = "relu";
  CHECK(rule(file) == "the metadata do not say which image it is");
  for (const char* image :
       {"", "1x28", "1x28x28x1", "0x28x28", "ax1x1", "1x28x99999999999",
        "-1x28x28", "1x28x-1000000000000"}) {
    file.metadata["image"] = image;
    INFO(image);
    CHECK(rule(file).rfind("metadata, image: expected", 0) == 0);
  }
  file.metadata["image"] = "3x32x32";
  CHECK(rule(file) == "none");
  file.metadata["network"] = "rely";
  CHECK(rule(file).rfind("metadata, network: layer 1", 0) == 0);
}

TEST_CASE("onnx: varints and fields, byte by byte") {
  CHECK(varint(0) == std::string(1, '\0'));
  CHECK(varint(8) == "\x08");
  CHECK(varint(300) == "\xac\x02");
  CHECK(varint(std::uint64_t{1} << 63) ==
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
  CHECK(Message().number(1, 8).bytes() == "\x08\x08");
  CHECK(Message().bytes(2, "ab").bytes() ==
        "\x12\x02"
        "ab");
  CHECK(
      Message().message(8, Message().bytes(1, "").number(2, 13)).bytes() ==
      std::string("\x42\x04\x0a\x00\x10\x0d", 6));
}

TEST_CASE("blocks are read, and what is wrong in one is told in one line") {
  const auto rule = [](const std::string& text) {
    const auto read = parse_architecture(text);
    const Broken* broken = std::get_if<Broken>(&read);
    return broken ? broken->rule : "none";
  };
  const auto again = [](const std::string& text) {
    return to_text(std::get<SavedArchitecture>(parse_architecture(text)));
  };
  CHECK(again(" residual ( conv 4 3 pad 1 ,relu )skip( conv 4 1 ) start 1,"
              "relu") ==
        "residual(conv 4 3 pad 1, relu) skip(conv 4 1) start 1, relu");
  CHECK(again("residual(residual(relu), relu), dense 3") ==
        "residual(residual(relu), relu), dense 3");
  const auto list = std::get<SavedArchitecture>(
      parse_architecture("relu, residual(relu, conv 2 3) start 1"));
  const auto& block = std::get<Residual>(list.at(1));
  CHECK(block.branch.size() == 2);
  CHECK(block.skip.empty());
  CHECK(!block.zero_initialized);
  CHECK(rule("relu, residual(conv 8 3 pad 1, conv 8)") ==
        "layer 2, in its residual: layer 2, 'conv 8': expected a kernel "
        "size from 1 to 65536, got ''");
  CHECK(rule("residual(relu) skip(rely)")
            .rfind("layer 1, in its skip: layer 1, 'rely': expected", 0) ==
        0);
  CHECK(rule("residual") == "layer 1, 'residual': expected ( and layers");
  CHECK(rule("residual(relu, relu") ==
        "layer 1, 'residual(': expected a ) for each (");
  CHECK(rule("residual(relu) skip") ==
        "layer 1, 'skip': expected ( and layers");
  CHECK(rule("residual(relu) start 2") ==
        "layer 1, after residual(...), 'start 2': expected a start of 0 "
        "or 1");
  CHECK(rule("residual(relu)) , relu") ==
        "layer 1, after residual(...), ')': did not expect ')'");
  std::string bomb;
  for (int i = 0; i < 20000; ++i) bomb += "residual(";
  CHECK(rule(bomb) == "layer 1, 'residual(': expected a ) for each (");
  bomb += "relu" + std::string(20000, ')');
  CHECK(rule(bomb).find("at most 8 deep") != std::string::npos);
  std::string many = "residual(relu";
  for (int i = 0; i < 1000; ++i) many += ", relu";
  CHECK(rule(many + ")") ==
        "layer 1, in its residual: expected at most 1,000 layers");
  for (const char* text :
       {"residual()", "residual( )", "residual(,)", "residual(relu,)",
        "residual(relu) residual(relu)", "(relu)", ")", "(", "residual)(",
        "residual(relu)(relu)", "relu(", "residual relu",
        "residual(relu) skip()", "skip(relu)", "residual(relu) start",
        "residual(relu) start -1", "residual(relu) start 1 start 1"}) {
    INFO(text);
    CHECK(rule(text).rfind("layer 1, ", 0) == 0);
    CHECK(rule(text).find('\n') == std::string::npos);
  }
}

TEST_CASE("a run that goes on ends in the same bits, plain and fast") {
  Random random(1);
  Dataset data;
  data.images = normal_numbers({37, 1, 12, 12}, random);
  for (int n = 0; n < 37; ++n) data.labels.push_back(random.below(10));
  const NetworkPlan plan = {
      std::get<SavedArchitecture>(parse_architecture(
          "conv 3 3, relu, maxpool 2, flatten, dense 10")),
      {1, 12, 12}};
  TrainingSettings settings;
  settings.epochs = 5;
  settings.batch = 8;
  const auto started = [&](Layer<>& network) {
    Random from(2);
    initialize(network, he_initializer(), from);
  };
  FastNetwork whole(plan.architecture, plan.image);
  started(whole);
  Sgd sgd(0.9);
  const auto history = train_fast(whole, sgd, data, settings);
  for (int stop = 0; stop < 5; ++stop) {
    INFO("killed after epoch " << stop);
    FastNetwork first(plan.architecture, plan.image);
    started(first);
    Sgd before(0.9);
    TrainingSettings part = settings;
    if (stop > 0)
      train_fast(
          first, before, data, settings,
          [&](const TrainingStep& now) { return now.step < stop * 5; });
    Checkpoint checkpoint = {plan, {}, stop, {}, before.state()};
    checkpoint.parameters = file_of(first, plan);
    checkpoint.recipe.epochs = 5;
    auto read = parse(safetensors_bytes(file_of(checkpoint)));
    const auto back = std::get<Checkpoint>(
        checkpoint_in(std::get<TensorFile>(std::move(read))));
    CHECK(back.recipe == checkpoint.recipe);
    CHECK(back.engine == engine_version);
    FastNetwork second(back.plan.architecture, back.plan.image);
    load_parameters(back.parameters, second, "file");
    Sgd after(0.9);
    after.restore(back.state);
    part.epochs_done = back.epochs_done;
    const auto rest = train_fast(second, after, data, part);
    CHECK(rest.size() ==
          history.size() - static_cast<std::size_t>(5 * stop));
    for (std::size_t i = 0; i < rest.size(); ++i) {
      const TrainingStep& then = history[history.size() - rest.size() + i];
      CHECK(rest[i].step == then.step);
      CHECK(rest[i].epoch == then.epoch);
      CHECK(rest[i].loss == then.loss);
      CHECK(rest[i].learning_rate == then.learning_rate);
    }
    CHECK(file_of(second, plan).tensors == file_of(whole, plan).tensors);
  }
}

TEST_CASE("a recipe's number is the shortest text that gives it back") {
  CHECK(exact_text(0.05) == "0.05");
  CHECK(exact_text(0.9) == "0.9");
  CHECK(exact_text(0) == "0");
  CHECK(exact_text(0.1 + 0.2) == "0.30000000000000004");
  Random random(6);
  for (int n = 0; n < 200; ++n) {
    const double number = std::exp(static_cast<double>(random.normal()));
    CHECK(std::strtod(exact_text(number).c_str(), nullptr) == number);
  }
}

// ---- What the tour computes --------------------------------------------

TEST_CASE("the fields of a file cover it without a gap") {
  const TensorFile file = two_pixel_file();
  const std::string bytes = safetensors_bytes(file);
  const std::vector<FileField> fields = file_fields(file);
  REQUIRE(fields.size() == 7);
  CHECK(fields.front().begin == 0);
  CHECK(fields.front().meaning == "length of the header: 192");
  for (std::size_t i = 1; i < fields.size(); ++i)
    CHECK(fields[i].begin == fields[i - 1].end);
  CHECK(fields.back().end == bytes.size());
  CHECK(bytes.compare(fields[2].begin, 11, "\"fc1.bias\":") == 0);
  CHECK(bytes.substr(fields[4].begin, 5) == std::string("    \0", 5));
  CHECK(fields[5].meaning == "fc1.bias: 0.5");
  CHECK(fields[6].meaning == "fc1.weight: 1, -1");
  const auto read = parse(bytes);
  CHECK(std::get<TensorFile>(read).tensors == file.tensors);
}

TEST_CASE("the fields of an ONNX file cover it and name its parts") {
  Network<> network =
      build_network(two_pixel_plan.architecture, two_pixel_plan.image);
  load_parameters(two_pixel_file(), network, "file");
  const std::string bytes = onnx_bytes(network, two_pixel_plan);
  const std::vector<FileField> fields = onnx_fields(bytes);
  REQUIRE(fields.size() == 13);
  CHECK(fields.front().begin == 0);
  CHECK(fields.back().end == bytes.size());
  for (std::size_t i = 1; i < fields.size(); ++i) {
    INFO(fields[i].meaning);
    CHECK(fields[i].begin == fields[i - 1].end);
  }
  CHECK(fields[3].meaning == "1: a layer, Flatten");
  CHECK(fields[4].meaning == "1: a layer, Gemm");
  CHECK(fields[7].meaning == "   numbers of fc1.weight");
  CHECK(bytes.substr(fields[7].begin, 8) ==
        std::string("\0\0\x80\x3f\0\0\x80\xbf", 8));
  CHECK(fields[9].end - fields[9].begin == 4);
}

TEST_CASE("each of ten hostile files breaks a rule of its own") {
  Network<> network = build_network(digit_network, {1, 28, 28});
  const TensorFile file = file_of(network, {digit_network, {1, 28, 28}});
  const std::vector<HostileFile> files = hostile_files(file);
  REQUIRE(files.size() == 10);
  for (std::size_t i = 0; i < files.size(); ++i) {
    INFO(files[i].done);
    CHECK(rule_broken_by(files[i].bytes)
              .rfind("rule " + std::to_string(i + 1) + ":", 0) == 0);
  }
  CHECK(naive_memory(files[0].bytes) == 0);
  CHECK(naive_memory(files[2].bytes) == 1e8);
  CHECK(naive_memory(files[5].bytes) ==
        4.0 * (7434 - 8) + 4.0 * 65536.0 * 65536.0);
  CHECK(naive_memory(files[6].bytes) == 4000.0 * 4 * 7434);
  CHECK(rule_broken_by(safetensors_bytes(file)) == "none");
}

TEST_CASE("nine digits or all four bytes keep a network, fewer do not") {
  Random random(5);
  const NetworkPlan plan = {
      std::get<SavedArchitecture>(parse_architecture(
          "conv 3 3, relu, maxpool 2, flatten, dense 10")),
      {1, 12, 12}};
  Network<> network = build_network(plan.architecture, plan.image);
  start_randomly(network, random);
  const TensorFile file = file_of(network, plan);
  const auto trips = compute_round_trips(
      file, plan, normal_numbers({20, 1, 12, 12}, random));
  REQUIRE(trips.size() == 6);
  const int numbers = parameter_count(network);
  CHECK(trips[0].bytes == 4 * static_cast<std::size_t>(numbers));
  for (const std::size_t kept : {0u, 4u}) {
    CHECK(trips[kept].numbers_changed == 0);
    CHECK(trips[kept].logits_changed == 0);
    CHECK(trips[kept].largest_change == 0);
  }
  CHECK(trips[4].format_name == "text, 9 digits");
  CHECK(trips[1].numbers_changed == numbers);
  CHECK(trips[1].logits_changed > trips[3].logits_changed);
  CHECK(trips[1].largest_change > 100 * trips[2].largest_change);
  CHECK(trips[5].bytes == 2 * static_cast<std::size_t>(numbers));
  CHECK(trips[5].numbers_changed == numbers);
  CHECK(upper_half(1.0f) == 1.0f);
  CHECK(upper_half(1.00390625f) == 1.0f);  // 1 + 2^-8
  CHECK(upper_half(1.0078125f) == 1.0078125f);
}

TEST_CASE("only a run that kept everything ends as if it had never died") {
  KilledRunSettings settings;
  settings.experiment.architecture = {
      Convolution{.channels = 2, .kernel = 5}, Relu{}, MaxPool{{4, 4}},
      Flatten{}, Dense{.outputs = 10}};
  settings.experiment.settings.epochs = 3;
  settings.experiment.settings.batch = 16;
  settings.killed_after = 1;
  Split digits = embedded_digits();
  digits.train = first(digits.train, 40);
  digits.held_out = first(digits.held_out, 30);
  const KilledRun run = compute_killed_run(settings, digits);
  CHECK(run.whole.size() == 9);
  CHECK(run.killed_at == 3);
  REQUIRE(run.endings.size() == 9);
  CHECK(run.endings[0].numbers_changed == 0);
  CHECK(run.endings[1].numbers_changed == 0);
  CHECK(run.endings[1].held_out_loss == run.endings[0].held_out_loss);
  REQUIRE(run.endings[1].steps.size() == 6);
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(run.endings[1].steps[i].loss == run.whole[3 + i].loss);
  for (std::size_t i = 2; i < 8; ++i) {
    INFO(run.endings[i].kept);
    CHECK(run.endings[i].numbers_changed > 0);
    CHECK(run.endings[i].steps.back().step == 9);
  }
  // Without the velocities the first loss is the same, and no other.
  CHECK(run.endings[2].steps[0].loss == run.whole[3].loss);
  CHECK(run.endings[2].steps[2].loss != run.whole[5].loss);
  // Without the count of epochs, the learning rates begin again.
  CHECK(run.endings[3].steps[0].learning_rate ==
        run.endings[4].steps[0].learning_rate);
  CHECK(run.endings[5].steps[3].learning_rate ==
        run.whole[0].learning_rate);
  // With the velocities, the second epoch takes other steps.
  CHECK(run.endings[6].steps[3].learning_rate ==
        run.whole[0].learning_rate);
  CHECK(run.endings[6].steps[3].loss == run.endings[5].steps[3].loss);
  CHECK(run.endings[6].steps[5].loss != run.endings[5].steps[5].loss);
  // With the count, the rates and orders are those of the whole run.
  CHECK(run.endings[7].steps[3].loss == run.whole[3].loss);
  CHECK(run.endings[7].steps[5].loss != run.whole[5].loss);
  for (std::size_t i = 0; i < 9; ++i)
    CHECK(run.endings[7].steps[i].learning_rate ==
          run.whole[i].learning_rate);
  // The control ends differently, because its rate does not fall.
  CHECK(run.endings[8].numbers_changed > 0);
  // If after_step returns false, everything stops.
  int seen = 0;
  const KilledRun stopped = compute_killed_run(
      settings, digits, [&](const TrainingStep&) { return ++seen < 12; });
  CHECK(seen == 12);
  CHECK(stopped.endings.size() == 1);
}

TEST_CASE("what a kill costs is compared seed by seed") {
  const auto run = [](double whole, double killed) {
    KilledRun it;
    it.endings.resize(2);
    it.endings[0].held_out_loss = whole;
    it.endings[1].held_out_loss = killed;
    return it;
  };
  // The seeds differ much; each kill costs a little, except the last.
  const std::vector<KilledRun> runs = {run(0.5, 0.51), run(0.1, 0.13),
                                       run(0.3, 0.29)};
  CHECK(losses_of(runs, 1) == std::vector<double>{0.51, 0.13, 0.29});
  const PairedMean more = more_loss(runs, 1);
  CHECK(more.behind == 2);
  CHECK_THAT(more.of.mean, Catch::Matchers::WithinAbs(0.01, 1e-12));
  CHECK_THAT(more.of.error, Catch::Matchers::WithinAbs(0.0115470, 1e-6));
}

// ---- The file that comes with the book ---------------------------------

namespace {

std::string shipped_bytes() {
  std::ifstream file(std::string(CNN_SOURCE_FOLDER) +
                         "/chapters/16-saving/weights/digits.safetensors",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the shipped network is chapter 06's, and reads digits") {
  const auto file =
      value_or_fail(parse(shipped_bytes()), "digits.safetensors");
  const auto plan = value_or_fail(plan_in(file), "digits.safetensors");
  CHECK(to_text(plan.architecture) == to_text(digit_network));
  CHECK(plan.image == Shape{1, 28, 28});
  CHECK(file.metadata.at("learning_rate") == "0.05");
  FastNetwork network(plan.architecture, plan.image);
  load_parameters(file, network, "digits.safetensors");
  CHECK(accuracy(network, embedded_digits().held_out) > 0.975);
}

TEST_CASE("training makes the shipped file again, byte for byte",
          "[slow]") {
  if (!book::reference_platform) return;
  const Dataset digits = embedded_digits().train;
  const NetworkPlan plan = {digit_network, {1, 28, 28}};
  Recipe recipe;
  recipe.pictures = checksum_of(digits);
  Checkpoint at = first_checkpoint(plan, recipe);
  FastNetwork network(plan.architecture, plan.image);
  train_from(
      at, network, digits, "the shipped network",
      [](const TrainingStep&) { return true; },
      [](const std::vector<TrainingStep>&) {});
  const bool same =
      safetensors_bytes(file_of(network, plan, recipe_text(recipe))) ==
      shipped_bytes();
  CHECK(same);
}

// ---- A flipped bit -----------------------------------------------------

TEST_CASE("bit flips: a bit is the one that is named") {
  CHECK(with_flipped_bit(1.0f, 31) == -1.0f);
  CHECK(with_flipped_bit(1.0f, 22) == 1.5f);
  CHECK(with_flipped_bit(1.0f, 23) == 0.5f);
  CHECK(std::isinf(with_flipped_bit(1.0f, 30)));
  CHECK(with_flipped_bit(0.5f, 30) == std::ldexp(1.0f, 127));
  CHECK(with_flipped_bit(with_flipped_bit(0.3f, 7), 7) == 0.3f);
}

TEST_CASE("bit flips: what becomes of an answer, by hand") {
  // The two scores of a pixel of 1 are the weights, 1 and 0.5. No bias.
  const NetworkPlan plan{{Flatten{}, Dense{2}}, {1, 1, 1}};
  TensorFile file;
  file.tensors["fc1.weight"] = Tensor<>({2, 1}, {1.0f, 0.5f});
  file.tensors["fc1.bias"] = Tensor<>({2});
  const Tensor<> pixel({1, 1, 1, 1}, 1.0f);
  const auto flips = compute_bit_flips(file, plan, "fc1.weight", pixel);
  REQUIRE(flips.size() == 32);
  for (const BitFlips& it : flips)
    CHECK(it.same + it.other + it.refused == 2);
  // -1 loses to 0.5, and 1 still leads -0.5.
  CHECK(flips[31].same == 1);
  CHECK(flips[31].other == 1);
  CHECK(flips[31].least_lead == -1.5f);
  // 1 becomes infinite and is refused; 0.5 becomes huge and leads.
  CHECK(flips[30].refused == 1);
  CHECK(flips[30].other == 1);
  // 1.5 and 0.75: the first leads either way.
  CHECK(flips[22].same == 2);
  CHECK(flips[22].least_lead == 0.25f);
  CHECK(message_of(
            [&] { compute_bit_flips(file, plan, "fc2.weight", pixel); }) ==
        "compute_bit_flips: expected a tensor of the network, got "
        "'fc2.weight'");
}

TEST_CASE("bit flips: any instruction set gives the same counts") {
  const TensorFile file =
      value_or_fail(parse(shipped_bytes()), "digits.safetensors");
  const auto plan = value_or_fail(plan_in(file), "digits.safetensors");
  const Tensor<> image = first(embedded_digits().held_out, 1).images;
  const auto usual = compute_bit_flips(file, plan, "conv1.bias", image);
  const auto portable =
      compute_bit_flips(file, plan, "conv1.bias", image, "portable");
  for (std::size_t bit = 0; bit < 32; ++bit) {
    CHECK(usual[bit].same == portable[bit].same);
    CHECK(usual[bit].refused == portable[bit].refused);
  }
}
