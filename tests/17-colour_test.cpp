// Chapters 16 and 17's verbs on pictures in colour: train, measure, read
// and teach with a folder of one's own, with the land and with CIFAR-10.
#ifndef _WIN32

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "16-saving/steps_measure.hpp"
#include "16-saving/steps_train.hpp"
#include "17-handwriting/steps_read.hpp"
#include "17-handwriting/steps_teach.hpp"
#include "common/draw/image.hpp"
#include "common/tensor/random.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace cnn;

// A picture of one colour whose numbers each vary a little.
std::string picture_of_colour(const std::vector<int>& colour,
                              Random& random) {
  Picture picture(12, 9);
  const auto near = [&](std::size_t c) {
    return static_cast<std::uint8_t>(
        std::clamp(colour[c] + random.below(61) - 30, 0, 255));
  };
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 12; ++x)
      picture.at(x, y) = {near(0), near(1), near(2)};
  return png_bytes(picture);
}

struct ColourClass {
  std::string name;
  std::vector<int> colour;
};
// Writes twenty pictures of each of these classes.
void draw_colours(const fs::path& folder,
                  const std::vector<ColourClass>& classes) {
  Random random(9);
  for (const ColourClass& it : classes) {
    fs::create_directories(folder / it.name);
    for (int i = 0; i < 20; ++i)
      std::ofstream(folder / it.name / (std::to_string(i) + ".png"),
                    std::ios::binary)
          << picture_of_colour(it.colour, random);
  }
}

const std::vector<ColourClass> fruits = {{"lime", {60, 200, 40}},
                                         {"plum", {120, 30, 120}}};

// A network for 8 x 8 pixels that tells lime from plum.
std::string trained_on(const TemporaryFolder& folder) {
  const std::string save = (folder / "fruits").string();
  draw_colours(folder / "own", fruits);
  const Said said =
      said_by(train_program,
              {"--save", save, "--data", (folder / "own").string(),
               "--size", "8", "--epochs", "8", "--batch", "8", "--network",
               "conv 4 3, relu, maxpool 2, flatten, dense 2"});
  INFO(said.err);
  REQUIRE(said.status == 0);
  return save;
}

}  // namespace

TEST_CASE("a network learns a folder's classes and calls them so") {
  const TemporaryFolder folder;
  const std::string own = (folder / "own").string();
  const std::string save = trained_on(folder);
  const LoadedNetwork loaded = load_network(save);
  CHECK(loaded.plan.image == Shape{3, 8, 8});
  CHECK(loaded.file.metadata.at("classes") == "lime/plum");

  const Said measured = said_by(measure_program, {save, "--data", own});
  INFO(measured.out << measured.err);
  CHECK(measured.status == 0);
  CHECK_THAT(measured.out, ContainsSubstring("0 lime"));
  CHECK_THAT(measured.out, ContainsSubstring("1 plum"));
  CHECK_THAT(measured.out, ContainsSubstring("100.00 %"));
  const Said object =
      said_by(measure_program, {save, "--data", own, "--json"});
  CHECK_THAT(object.out,
             ContainsSubstring("\"classes\":[\"lime\",\"plum\"]"));

  draw_colours(folder / "vegetables",
               {{"kale", {60, 200, 40}}, {"leek", {120, 30, 120}}});
  const Said other = said_by(
      measure_program, {save, "--data", (folder / "vegetables").string()});
  CHECK(other.status == 1);
  CHECK(other.err ==
        "tutorial measure: " + save +
            ": expected pictures of the classes lime/plum, found "
            "kale/leek\n");

  const std::string lime = (folder / "own/lime/3.png").string(),
                    plum = (folder / "own/plum/4.png").string(),
                    none = (folder / "own/plum/no.png").string();
  const Said read =
      said_by(read_program, {"--weights", save, lime, none, plum});
  CHECK(read.status == 1);
  CHECK(read.out.rfind(lime + ": lime ", 0) == 0);
  CHECK_THAT(read.out, ContainsSubstring("\n" + plum + ": plum "));
  CHECK(read.err ==
        "tutorial read: " + none + ": expected a file, found none\n");
  const Said json =
      said_by(read_program, {"--weights", save, "--json", plum});
  CHECK(json.out.rfind(
            "{\"file\":" + json_string(plum) +
                ",\"answer\":\"plum\",\"probabilities\":{\"plum\":",
            0) == 0);
  CHECK(said_by(read_program, {"--weights", save, "--figures",
                               folder.path().string(), plum})
            .err ==
        "tutorial read: --figures: a network of whole pictures draws "
        "none\n");
}

TEST_CASE("a network of colour is taught other classes") {
  const TemporaryFolder folder;
  const std::string save = trained_on(folder),
                    taught = (folder / "taught").string();
  draw_colours(folder / "other", {{"apple", {220, 30, 30}},
                                  {"berry", {40, 60, 220}},
                                  {"lime", {60, 200, 40}}});
  std::ofstream(folder / "other/apple/worm.txt") << "no picture";
  const Said said =
      said_by(teach_program, {(folder / "other").string(), "--from", save,
                              "--save", taught, "--epochs", "20"});
  INFO(said.out << said.err);
  CHECK(said.status == 0);
  CHECK_THAT(said.out, ContainsSubstring("1 file.\n"));
  CHECK_THAT(said.out, ContainsSubstring("worm.txt: expected a JPEG"));
  CHECK_THAT(said.out,
             ContainsSubstring("60 of 3 classes (apple, berry, lime)"));
  CHECK(load_network(taught).file.metadata.at("classes") ==
        "apple/berry/lime");
  const std::string berry = (folder / "other/berry/1.png").string();
  const Said read = said_by(read_program, {"--weights", taught, berry});
  CHECK(read.out.rfind(berry + ": berry ", 0) == 0);

  // The same classes again: all of the network is kept.
  const Said more = said_by(
      teach_program, {(folder / "own").string(), "--from", save, "--save",
                      (folder / "more").string(), "--epochs", "1"});
  CHECK(more.status == 0);
  CHECK_THAT(more.out, ContainsSubstring("so all of it is kept"));
}

TEST_CASE("a size that the pictures have not is refused") {
  const TemporaryFolder folder;
  const std::string save = (folder / "F").string();
  const auto refused = [&](const std::vector<std::string>& words) {
    const Said said = said_by(train_program, words);
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK_FALSE(fs::exists(save));
    return said.err;
  };
  CHECK(refused({"--save", save, "--data", "land", "--size", "64"}) ==
        "tutorial train: --size 64: the pictures have 32 x 32 pixels\n");
  CHECK(refused({"--save", save, "--size", "32"}) ==
        "tutorial train: --size 32: the pictures have 28 x 28 pixels\n");
}

TEST_CASE("a run on CIFAR-10's files trains on bytes and is measured") {
  const TemporaryFolder folder;
  const std::string save = (folder / "F").string(),
                    data = (folder / "cifar").string();
  fs::create_directory(folder / "cifar");
  Random random(2);
  for (int i = 1; i <= 5; ++i) {
    std::ofstream file(
        folder / ("cifar/data_batch_" + std::to_string(i) + ".bin"),
        std::ios::binary);
    for (int n = 0; n < 20; ++n) {
      file.put(static_cast<char>(n % 10));
      for (int k = 0; k < 3072; ++k)
        file.put(static_cast<char>(20 * (n % 10) + random.below(40)));
    }
  }
  const Said said = said_by(
      train_program,
      {"--save", save, "--data", data, "--epochs", "2", "--augment",
       "shift", "--network", "conv 4 3 stride 4, relu, flatten, dense 10"});
  INFO(said.err);
  CHECK(said.status == 0);
  CHECK(load_network(save).file.metadata.at("classes").rfind(
            "airplane/automobile/", 0) == 0);
  const Said measured = said_by(measure_program, {save, "--data", data});
  CHECK(measured.status == 0);
  CHECK_THAT(measured.out, ContainsSubstring("of 20 pictures"));
  CHECK_THAT(measured.out, ContainsSubstring("9 truck"));
}

#endif  // _WIN32
