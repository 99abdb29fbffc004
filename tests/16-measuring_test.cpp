// Chapter 16: how good a network is, and how certain that is.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "06-training/initializer.hpp"
#include "16-saving/measuring.hpp"
#include "16-saving/onnx.hpp"
#include "16-saving/steps_export.hpp"
#include "16-saving/steps_measure.hpp"
#include "common/tensor/random.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"

using namespace cnn;

namespace {

// The network of a plan whose scores are the pixels themselves: three
// classes, images of three pixels.
const NetworkPlan pixels_are_scores = {{Flatten{}, Dense{.outputs = 3}},
                                       {1, 1, 3}};

Network<> pass_on_pixels() {
  Network<> network = build_network(pixels_are_scores.architecture,
                                    pixels_are_scores.image);
  for (int k = 0; k < 3; ++k) network.parameters()[0]->value(k, k) = 1;
  return network;
}

// Images whose brightest pixel is the answer.
Dataset bright_at(const std::vector<int>& brightest,
                  const std::vector<int>& labels) {
  Dataset data;
  data.classes = 3;
  data.labels = labels;
  data.images = Tensor<>({static_cast<int>(labels.size()), 1, 1, 3});
  for (std::size_t n = 0; n < brightest.size(); ++n)
    data.images(static_cast<int>(n), 0, 0, brightest[n]) =
        1 + static_cast<float>(n);
  return data;
}

}  // namespace

TEST_CASE("measuring: Wilson's interval by hand, and at the ends") {
  // 9 of 10, z = 1.96: middle (.9 + .19207) / 1.38415 = .78899,
  // reach 1.41600 sqrt(.009 + .0096036) = .19314.
  const Interval nine = wilson_interval(9, 10);
  CHECK_THAT(nine.low, WithinAbs(0.5958, 1e-4));
  CHECK_THAT(nine.high, WithinAbs(0.9821, 1e-4));
  // None of n: from 0 to z^2 / (n + z^2).
  const Interval none = wilson_interval(0, 10);
  CHECK_THAT(none.low, WithinAbs(0, 1e-15));
  CHECK_THAT(none.high, WithinAbs(3.841459 / 13.841459, 1e-6));
  const Interval all = wilson_interval(10, 10);
  CHECK_THAT(all.low, WithinAbs(10 / 13.841459, 1e-6));
  CHECK_THAT(all.high, WithinAbs(1, 1e-12));
  for (int right = 0; right <= 40; ++right) {
    const Interval one = wilson_interval(right, 40);
    const Interval more = wilson_interval(100 * right, 4000);
    INFO(right);
    CHECK(one.low <= right / 40.0);
    CHECK(one.high >= right / 40.0);
    CHECK(one.low >= 0);
    CHECK(one.high <= 1);
    CHECK(more.high - more.low < one.high - one.low);
  }
  CHECK_THROWS_WITH(wilson_interval(1, 0),
                    "wilson_interval: expected a part of at least one, "
                    "got 1 of 0");
  CHECK_THROWS_AS(wilson_interval(11, 10), std::invalid_argument);
  CHECK_THROWS_AS(wilson_interval(-1, 10), std::invalid_argument);
}

TEST_CASE("measuring: the interval holds the truth 95 times in 100") {
  Random random(1);
  for (const double share : {0.5, 0.9, 0.98}) {
    int held = 0;
    constexpr int rounds = 2000, images = 200;
    for (int round = 0; round < rounds; ++round) {
      int right = 0;
      for (int n = 0; n < images; ++n)
        right += static_cast<double>(random.uniform()) < share ? 1 : 0;
      const Interval interval = wilson_interval(right, images);
      held += interval.low <= share && share <= interval.high ? 1 : 0;
    }
    INFO(share << ": " << held);
    CHECK(held > 0.93 * rounds);
    CHECK(held < 0.98 * rounds);
  }
}

TEST_CASE("measuring: the network is asked about every picture") {
  Network<> network = pass_on_pixels();
  const Dataset data = bright_at({0, 1, 2, 1, 0, 0}, {0, 1, 2, 2, 0, 1});
  const Measurement it = measure_network(network, pixels_are_scores, data);
  CHECK(it.scores.images == 6);
  CHECK(it.scores.right == 4);
  CHECK(it.scores.confusion ==
        Tensor<>({3, 3}, std::vector<float>{2, 0, 0, 1, 1, 0, 0, 1, 1}));
  REQUIRE(it.scores.mistakes.size() == 2);
  CHECK(it.scores.mistakes[0].image == 5);  // brighter, so surer
  CHECK(it.scores.mistakes[0].said == 0);
  CHECK(it.interval.low == wilson_interval(4, 6).low);
  CHECK(it.parameters == 12);
  CHECK(it.multiply_adds == 9);
}

TEST_CASE("measuring: a network for other pictures is refused") {
  Network<> network = pass_on_pixels();
  Dataset data = bright_at({0}, {0});
  data.classes = 10;
  CHECK_THROWS_WITH(
      measure_network(network, pixels_are_scores, data),
      "measure: the set has 10 classes and expects as many scores an "
      "image, but the network's output is (1, 3)");
  data.images = Tensor<>({1, 1, 28, 28});
  CHECK_THROWS_WITH(
      measure_network(network, pixels_are_scores, data),
      "measure: the network reads images 1x1x3, but the set has images "
      "of shape (1, 1, 28, 28)");
}

TEST_CASE("measuring: what the accuracy may owe to pictures seen before") {
  TensorFile file;
  Split set;
  set.train = bright_at({0, 1}, {0, 1});
  CHECK(seen_before(file, "embedded", set).find("does not say") !=
        std::string::npos);
  const auto about = [&](const char* learned, const char* measured) {
    file.metadata["data"] = learned;
    return seen_before(file, measured, set);
  };
  const auto warns = [&](const char* learned, const char* measured) {
    return about(learned, measured).find("may have seen") !=
           std::string::npos;
  };
  CHECK(about("embedded", "embedded").empty());
  CHECK(about("mnist", "mnist").empty());
  CHECK(about("mnist", "embedded") ==
        "It learned from \"mnist\", not from the training pictures of "
        "\"embedded\", so it may have seen these pictures.");
  CHECK(warns("embedded + mnist", "embedded"));
  CHECK(about("embedded", "mnist") ==
        "It learned from \"embedded\", not from the training pictures of "
        "\"mnist\", whose test set it has never seen.");
  CHECK(warns("embedded", "my/own"));
  // What a stranger writes into a file cannot move the cursor.
  CHECK(about("\x1b[2J\n", "mnist").find('\x1b') == std::string::npos);
  // The pictures' checksum counts for more than the set's name.
  file.metadata["pictures"] = checksum_of(set.train);
  CHECK(about("my/own", "my/./own").empty());
  file.metadata["pictures"] = checksum_of(bright_at({1, 0}, {1, 0}));
  CHECK(warns("my/own", "my/own"));
}

// ---- The verbs ---------------------------------------------------------

#ifndef _WIN32

namespace {

const NetworkPlan linear_plan = {{Flatten{}, Dense{.outputs = 10}},
                                 {1, 28, 28}};

Network<> random_linear() {
  Network<> network =
      build_network(linear_plan.architecture, linear_plan.image);
  Random random(1);
  initialize(network, he_initializer(), random);
  return network;
}

int lines_of(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("export and measure replace no file that is named otherwise") {
  const TemporaryFolder folder;
  const std::string file = (folder / "confusion.svg").string(),
                    onnx = (folder / "a.onnx").string(),
                    drawn = (folder / "mistakes.png").string(),
                    where = folder.path().string();
  Network<> network = random_linear();
  save_network(file, file_of(network, linear_plan, {{"data", "embedded"}}));
  const std::string before = bytes_of(file);
  const auto said = [&](auto verb, const std::vector<std::string>& words) {
    const Said it = said_by(verb, words);
    CHECK(it.status == 2);
    CHECK(it.out.empty());
    CHECK(bytes_of(file) == before);
    CHECK_FALSE(std::filesystem::exists(onnx));
    return it.err;
  };
  CHECK(said(export_program, {file, "--onnx", file}) ==
        "tutorial export: " +
            file_not_its_own("--onnx", file, "FILE names, too"));
  CHECK(said(export_program, {file, "--onnx", onnx, "--report", file}) ==
        "tutorial export: " +
            file_not_its_own("--report", file, "FILE names, too"));
  CHECK(said(export_program, {file, "--onnx", onnx, "--report", onnx}) ==
        "tutorial export: " +
            file_not_its_own("--report", onnx, "--onnx names, too"));
  CHECK(said(measure_program, {file, "--figures", where}) ==
        "tutorial measure: " +
            file_not_its_own("--figures", file, "FILE names, too"));
  const std::string network_file = (folder / "a.safetensors").string();
  std::filesystem::copy(file, network_file);
  CHECK(said(measure_program,
             {network_file, "--figures", where, "--report", drawn}) ==
        "tutorial measure: " +
            file_not_its_own("--figures", drawn, "--report names, too"));
  CHECK(said(measure_program, {network_file, "--figures", file}) ==
        "tutorial measure: --figures cannot write into '" + file +
            "', because it is not a folder\n");
}

TEST_CASE("measure: what it prints is the result and nothing else") {
  const TemporaryFolder folder;
  const std::string file = (folder / "a.safetensors").string(),
                    report = (folder / "report").string();
  Network<> network = random_linear();
  save_network(file, file_of(network, linear_plan, {{"data", "embedded"}}));
  const Measurement truth =
      measure_network(network, linear_plan, embedded_digits().held_out);
  const std::string right = std::to_string(truth.scores.right);

  const Said object =
      said_by(measure_program, {file, "--json", "--report", report,
                                "--figures", folder.path().string()});
  INFO(object.out << object.err);
  CHECK(object.status == 0);
  CHECK(object.err.empty());
  CHECK(lines_of(object.out) == 1);
  CHECK(object.out.rfind("{\"file\":" + json_string(file), 0) == 0);
  CHECK(object.out.find(",\"right\":" + right + ",\"images\":2000,") !=
        std::string::npos);
  CHECK(object.out.find("\"note\":\"\"") != std::string::npos);
  CHECK(object.out.substr(object.out.size() - 3) == "]}\n");
  CHECK(bytes_of(report).rfind(
            "accuracy = " + format("%.4f", truth.scores.accuracy) + "\n",
            0) == 0);
  for (const char* figure : {"confusion.svg", "mistakes.png"})
    CHECK(std::filesystem::exists(folder / figure));

  const Said text = said_by(measure_program, {file});
  CHECK(text.status == 0);
  CHECK(text.out.find("Right: " + right + " of 2000") != std::string::npos);
  CHECK(text.out.find("Time") == std::string::npos);
  CHECK(text.err.find("Time an image") != std::string::npos);
  CHECK(said_by(measure_program, {file}).out == text.out);
}

TEST_CASE("measure and export: a file that does not say its layers") {
  const TemporaryFolder folder;
  const std::string file = (folder / "bare.safetensors").string(),
                    onnx = (folder / "bare.onnx").string();
  Network<> network = random_linear();
  TensorFile bare = file_of(network, linear_plan);
  bare.metadata.clear();
  save_network(file, bare);
  for (const auto verb : {measure_program, export_program}) {
    const std::vector<std::string> more =
        verb == export_program
            ? std::vector<std::string>{file, "--onnx", onnx}
            : std::vector<std::string>{file};
    const auto with = [&](const std::string& layers) {
      std::vector<std::string> words = more;
      if (!layers.empty()) {
        words.push_back("--network");
        words.push_back(layers);
      }
      return said_by(verb, words);
    };
    for (const char* wrong : {"", "flatten, dense 11", "flatten, tense 10",
                              "conv 3 50, flatten, dense 10"}) {
      const Said said = with(wrong);
      INFO(wrong << ": " << said.err);
      CHECK(said.status == 1);
      CHECK(said.out.empty());
      CHECK(lines_of(said.err) == 1);
      CHECK_FALSE(std::filesystem::exists(onnx));
    }
    const Said said = with("flatten, dense 10");
    INFO(said.err);
    CHECK(said.status == 0);
  }
}

TEST_CASE("export: whole, or not at all") {
  const TemporaryFolder folder;
  const std::string file = (folder / "a.safetensors").string(),
                    onnx = (folder / "a.onnx").string();
  Network<> network = random_linear();
  const TensorFile written = file_of(network, linear_plan);
  save_network(file, written);
  const Said said = said_by(export_program, {file, "--onnx", onnx});
  CHECK(said.status == 0);
  CHECK(said.err.empty());
  CHECK(bytes_of(onnx) == onnx_bytes(network, linear_plan));
  CHECK(said.out == onnx + ": " + grouped(bytes_of(onnx).size()) +
                        " bytes; ONNX, IR version 8, opset 13; input "
                        "\"image\" (N, 1, 28, 28), output \"logits\" (N, "
                        "10)\n");

  CHECK(said_by(export_program, {file}).status == 2);
  CHECK(said_by(export_program, {"--onnx", onnx}).status == 2);
  // A file that is there stays, unless --overwrite is given.
  const std::string before = bytes_of(onnx), kept = "kept";
  write_file(onnx, kept);
  CHECK(said_by(export_program, {file, "--onnx", onnx}).err ==
        "tutorial export: " + onnx +
            " is there already: choose another name, or replace it with "
            "--overwrite\n");
  CHECK(bytes_of(onnx) == kept);
  CHECK(said_by(export_program, {file, "--onnx", onnx, "--overwrite"})
            .status == 0);
  CHECK(bytes_of(onnx) == before);
  // Neither a broken file nor a place that cannot be written leaves
  // anything.
  std::string broken = safetensors_bytes(written);
  broken.pop_back();
  write_file(file, broken);
  CHECK(said_by(export_program, {file, "--onnx", onnx, "--overwrite"})
            .status == 1);
  CHECK(bytes_of(onnx) == before);
  save_network(file, written);
  const Said nowhere =
      said_by(export_program, {file, "--onnx", folder.path().string()});
  CHECK(nowhere.status == 2);
  CHECK(lines_of(nowhere.err) == 1);
  CHECK(nowhere.out.empty());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()),
                      {}) == 2);
}

#endif  // _WIN32
