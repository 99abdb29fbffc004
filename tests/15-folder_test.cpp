// Chapter 15: a reader's own folder of pictures, from the files to a split,
// and training on pictures that are kept as bytes.
#include "15-colour/steps_folder.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#ifndef _WIN32
#include <sys/stat.h>
#endif

#include "06-training/network.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "12-generalization/augmentation.hpp"
#include "12-generalization/mirror.hpp"
#include "15-colour/framing.hpp"
#include "15-colour/held_out_by_name.hpp"
#include "common/tensor/random.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"
#include "tests/picture_files.hpp"

namespace {

namespace fs = std::filesystem;
using namespace cnn;

void write_bytes(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  REQUIRE(fs::file_size(path) == bytes.size());
}

// A grey BMP would be enough, but these are the files that people have.
std::string some_picture(int height, int width, Random& random) {
  return random_picture_file(height, width, random).bytes;
}

// Writes classes with so many pictures each, of 5 to 14 pixels a side.
void draw_folder(const fs::path& folder,
                 const std::vector<std::pair<std::string, int>>& classes) {
  Random random(15);
  for (const auto& [name, count] : classes)
    for (int i = 0; i < count; ++i)
      write_bytes(
          folder / name / (std::to_string(i) + ".png"),
          some_picture(5 + random.below(10), 5 + random.below(10), random));
}

std::string refusal_of(const fs::path& folder, int size = 8) {
  CHECK_THROWS_AS(pictures_in(folder, size), std::runtime_error);
  const std::string text = message_of([&] { pictures_in(folder, size); });
  CHECK(text.find('\n') == std::string::npos);
  return text;
}

std::vector<int> counts_of(const Dataset& data) {
  std::vector<int> counts(static_cast<std::size_t>(data.classes));
  for (const int label : data.labels)
    ++counts.at(static_cast<std::size_t>(label));
  return counts;
}

// Whether a data set contains this picture.
bool holds(const Dataset& data, const Tensor<>& picture) {
  for (int n = 0; n < data.size(); ++n)
    if (item(data.images, n) == picture) return true;
  return false;
}

}  // namespace

// ---- The square in the middle ------------------------------------------

TEST_CASE("the middle of a picture is kept, its longer side cut") {
  Random random(1);
  for (const auto& [H, W] : std::vector<std::pair<int, int>>{
           {4, 4}, {4, 7}, {7, 4}, {5, 6}, {1, 9}, {9, 1}, {1, 1}}) {
    Tensor<> picture({3, H, W});
    for (float& level : picture.data()) level = random.uniform();
    const Tensor<> square = middle_square(picture);
    const int S = std::min(H, W), top = (H - S) / 2, left = (W - S) / 2;
    REQUIRE(square.shape() == Shape{3, S, S});
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < S; ++y)
        for (int x = 0; x < S; ++x)
          CHECK(square(c, y, x) == picture(c, y + top, x + left));
    CHECK(framed(picture, S) == square);
  }
  CHECK_THROWS_AS(middle_square(Tensor<>({4, 4})), std::invalid_argument);
}

TEST_CASE(
    "a framed picture keeps the mean of its middle, channel by channel") {
  Random random(2);
  for (int trial = 0; trial < 40; ++trial) {
    const int H = 1 + random.below(60), W = 1 + random.below(60),
              size = 1 + random.below(40);
    Tensor<> picture({3, H, W});
    for (float& level : picture.data()) level = random.uniform();
    const Tensor<> small = framed(picture, size),
                   square = middle_square(picture);
    REQUIRE(small.shape() == Shape{3, size, size});
    for (int c = 0; c < 3; ++c) {
      double mean = 0, expected = 0;
      for (const float level : row_of(small, c))
        mean += static_cast<double>(level) / (size * size);
      for (const float level : row_of(square, c))
        expected += static_cast<double>(level) /
                    (square.extent(1) * square.extent(1));
      CHECK_THAT(mean, WithinAbs(expected, 1e-5));
    }
  }
  // White stays white and never exceeds 1, whatever the sizes.
  for (int side = 1; side < 70; ++side) {
    const Tensor<> white = framed(Tensor<>({3, side, side}, 1.0f), 32);
    for (const float level : white.data()) {
      if (level > 1.0f || level < 0.99999f) CHECK(level == 1.0f);
    }
  }
}

// ---- Who is held out ---------------------------------------------------

TEST_CASE("a name's hash is the same everywhere") {
  CHECK(name_hash("") == 15);
  CHECK(name_hash("cat.jpg") != name_hash("cat.png"));
  CHECK(name_hash("ab") != name_hash("ba"));
  CHECK(name_hash("IMG_0001.JPG") % 5 == 3);
  CHECK(name_hash("IMG_0002.JPG") % 5 == 0);
  CHECK(name_hash("\xc3\xa9t\xc3\xa9.png") % 5 == 1);
}

TEST_CASE("about a fifth is held out, and nobody changes sides") {
  // Names such as cameras and people give.
  std::vector<std::string> names;
  for (int i = 0; i < 5000; ++i) {
    std::string number = std::to_string(i);
    number.insert(0, 5 - number.size(), '0');
    names.push_back((i % 2 ? "IMG_" : "") + number + ".jpg");
  }
  const std::vector<bool> all = held_out_by_name(names);
  CHECK(std::count(all.begin(), all.end(), true) > 900);
  CHECK(std::count(all.begin(), all.end(), true) < 1100);
  // About a fifth of every run of consecutive names is held out as well, so
  // that no stretch of a film is missing.
  for (std::size_t begin = 0; begin < 5000; begin += 250) {
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(begin);
    CHECK(std::count(at, at + 250, true) > 20);
    CHECK(std::count(at, at + 250, true) < 85);
  }
  // If half of them are removed, the others stay on their sides,
  std::vector<std::string> fewer;
  std::vector<bool> as_before;
  for (std::size_t i = 0; i < names.size(); i += 2) {
    fewer.push_back(names[i]);
    as_before.push_back(all[i]);
  }
  CHECK(held_out_by_name(fewer) == as_before);
  // in any order.
  std::reverse(fewer.begin(), fewer.end());
  std::reverse(as_before.begin(), as_before.end());
  CHECK(held_out_by_name(fewer) == as_before);
}

TEST_CASE("neither side of a class is empty, however few there are") {
  int only_one_out = 0, only_one_in = 0;
  for (int first_name = 0; first_name < 300; ++first_name)
    for (const int count : {2, 3, 4}) {
      std::vector<std::string> names;
      for (int i = 0; i < count; ++i)
        names.push_back(std::to_string(first_name * 7 + i) + ".png");
      const std::vector<bool> out = held_out_by_name(names);
      const auto held = std::count(out.begin(), out.end(), true);
      CHECK(held > 0);
      CHECK(held < count);
      const auto by_hash = std::count_if(
          names.begin(), names.end(),
          [](const auto& name) { return name_hash(name) % 5 == 0; });
      only_one_out += by_hash == 0;
      only_one_in += by_hash == count;
      if (by_hash == 0) CHECK(held == 1);
      if (by_hash == count) CHECK(held == count - 1);
      if (by_hash > 0 && by_hash < count) CHECK(held == by_hash);
    }
  CHECK(only_one_out > 300);
  CHECK(only_one_in > 5);
  for (const std::size_t few : {std::size_t{0}, std::size_t{1}})
    CHECK_THROWS_AS(held_out_by_name(std::vector<std::string>(few, "a")),
                    std::invalid_argument);
  // Even identical names are split, because one has to be held out.
  CHECK(held_out_by_name({"a", "a"}) != std::vector<bool>{true, true});
}

// ---- The folder --------------------------------------------------------

TEST_CASE("a folder of folders becomes a split with its names") {
  const TemporaryFolder folder;
  draw_folder(folder.path(), {{"owl", 9}, {"cat", 14}, {"sea lion", 30}});
  write_bytes(folder / "notes.txt", "beside the classes");
  write_bytes(folder.path() / "cat" / ".hidden", "no picture");
  write_bytes(folder.path() / ".git" / "config", "no class");
  for (const int size : {8, 1, 13}) {
    const PictureFolder it = pictures_in(folder.path(), size);
    CHECK(it.skipped.empty());
    CHECK(it.split.names == ClassNames{"cat", "owl", "sea lion"});
    const Dataset &train = it.split.train, &held = it.split.held_out;
    CHECK(train.classes == 3);
    CHECK(held.classes == 3);
    CHECK(train.images.shape() == Shape{train.size(), 3, size, size});
    CHECK(held.images.shape() == Shape{held.size(), 3, size, size});
    const std::vector<int> learned = counts_of(train),
                           out = counts_of(held);
    const std::vector<int> all = {14, 9, 30};
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(learned[k] + out[k] == all[k]);
      CHECK(learned[k] > 0);
      CHECK(out[k] > 0);
    }
    CHECK(it.split.source == std::to_string(train.size()) + " + " +
                                 std::to_string(held.size()) +
                                 " pictures of 3 classes from " +
                                 folder.path().string());
    // The classes are mixed, not one after another.
    CHECK_FALSE(std::is_sorted(train.labels.begin(), train.labels.end()));
    // Reading the folder again gives the same.
    const PictureFolder again = pictures_in(folder.path(), size);
    CHECK(again.split.train.images == train.images);
    CHECK(again.split.held_out.labels == held.labels);
  }
  // The names decide what is held out, and the files what it looks like.
  const PictureFolder it = pictures_in(folder.path(), 8);
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) names.push_back(std::to_string(i));
  const std::vector<bool> out = held_out_by_name(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Tensor<> picture = framed(
        upright_picture(folder.path() / "sea lion" / (names[i] + ".png")),
        8);
    CHECK(holds(it.split.held_out, picture) == out[i]);
    CHECK(holds(it.split.train, picture) != out[i]);
  }
}

TEST_CASE("a picture kept under two endings is on one side") {
  const TemporaryFolder folder;
  draw_folder(folder.path(), {{"cat", 20}, {"dog", 20}});
  for (const char* name : {"cat", "dog"})
    for (int i = 0; i < 20; ++i) {
      const auto png = folder.path() / name / (std::to_string(i) + ".png");
      std::filesystem::copy_file(
          png, std::filesystem::path(png).replace_extension("JPG"));
    }
  const Split split = pictures_in(folder.path(), 8).split;
  CHECK(split.train.size() + split.held_out.size() == 80);
  for (int n = 0; n < split.held_out.size(); ++n)
    CHECK_FALSE(holds(split.train, item(split.held_out.images, n)));
}

TEST_CASE("a picture is turned as its camera noted") {
  const TemporaryFolder folder;
  draw_folder(folder.path(), {{"a", 3}, {"b", 3}});
  // Two blocks, black above white, with orientation 6: turn to the right.
  picture_files::FlatJpeg writer;
  writer.colours = 1;
  writer.transform = -1;
  std::string jpeg = writer.bytes(16, 8, {{0, 0, 0, 0}, {255, 0, 0, 0}});
  const std::string note =
      std::string("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6",
                  26) +
      std::string(6, '\0');
  jpeg.insert(2, picture_files::jpeg_segment(0xe1, note));
  write_bytes(folder.path() / "a" / "turned.jpg", jpeg);
  const Tensor<> seen = upright_picture(folder.path() / "a/turned.jpg");
  REQUIRE(seen.shape() == Shape{3, 8, 16});
  const Tensor<> small = framed(seen, 2);
  CHECK(small(0, 0, 0) > 0.9f);  // white is on the left now
  CHECK(small(0, 1, 1) < 0.1f);
  const PictureFolder it = pictures_in(folder.path(), 2);
  CHECK((holds(it.split.train, small) || holds(it.split.held_out, small)));
}

#ifndef _WIN32
TEST_CASE("files that are no pictures are named and left out") {
  const TemporaryFolder folder;
  const fs::path own = folder.path() / "own";
  draw_folder(own, {{"cat", 6}, {"dog", 7}});
  Random random(4);
  const std::string whole = picture_files::png(9, 9, random).bytes;
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"cut.png", whole.substr(0, whole.size() / 2)},
      {"empty.jpg", ""},
      {"heic.jpg", std::string("\0\0\0\x18"
                               "ftypheic\0\0\0\0mif1heic",
                               24)},
      {"huge.png", picture_files::png_header(60000, 60000, 8, 2, false)},
      {"movie.mp4", std::string("\0\0\0\x18"
                                "ftypisom",
                                12)},
      {"notes.txt", "remember the milk\n"},
      {"page.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"},
      {"raw.bin", "\x01\x02\x03\x04\x05"},
      {"web.webp", "RIFF____WEBPVP8 "}};
  for (const auto& [name, bytes] : bad)
    write_bytes(own / "cat" / name, bytes);
  fs::create_symlink(own / "nowhere.png", own / "cat" / "astray.png");
  fs::create_symlink("/dev/zero", own / "cat" / "device.png");
  REQUIRE(mkfifo((own / "dog" / "pipe.png").c_str(), 0600) == 0);
  const PictureFolder it = pictures_in(own, 8);
  CHECK(it.split.train.size() + it.split.held_out.size() == 13);
  std::vector<std::string> named;
  for (const auto& [name, bytes] : bad) named.push_back("cat/" + name);
  named.insert(named.begin(), "cat/astray.png");
  named.insert(named.begin() + 2, "cat/device.png");
  named.push_back("dog/pipe.png");
  REQUIRE(it.skipped.size() == named.size());
  for (std::size_t i = 0; i < named.size(); ++i) {
    INFO(it.skipped[i]);
    CHECK(it.skipped[i].rfind((own / named[i]).string() + ": expected ",
                              0) == 0);
    CHECK(it.skipped[i].find('\n') == std::string::npos);
  }
  // Without the bad files, the others give the same data set.
  for (const std::string& name : named) fs::remove(own / name);
  const PictureFolder clean = pictures_in(own, 8);
  CHECK(clean.skipped.empty());
  CHECK(clean.split.train.images == it.split.train.images);
  CHECK(clean.split.held_out.images == it.split.held_out.images);
  CHECK(clean.split.held_out.labels == it.split.held_out.labels);
}

TEST_CASE("what was left out is listed, at most twenty files of it") {
  const auto said = [](const std::vector<std::string>& skipped) {
    const Capture out(stdout);
    print_skipped(skipped);
    return out.text();
  };
  CHECK(said({}).empty());
  CHECK(said({"a/1.png: expected b"}) ==
        "Left out, as they cannot be read: 1 file.\n"
        "    a/1.png: expected b\n");
  const std::string many = said(std::vector<std::string>(33, "x\x1b[2J"));
  CHECK(many.rfind("Left out, as they cannot be read: 33 files.\n", 0) ==
        0);
  CHECK(std::count(many.begin(), many.end(), '\n') == 22);
  CHECK(many.find("    and 13 more\n") != std::string::npos);
  CHECK(many.find('\x1b') == std::string::npos);
}
#endif

TEST_CASE("a folder that makes no task is refused in one line") {
  const TemporaryFolder folder;
  const fs::path own = folder.path() / "own";
  const std::string name = own.string();
  draw_folder(own, {{"cat", 4}, {"dog", 4}});
  REQUIRE(pictures_in(own, 8).split.train.size() >= 2);

  SECTION("no folder, or a file in its place") {
    const std::string expected =
        ": expected a folder of folders, one a class: ";
    CHECK(refusal_of(folder / "no")
              .rfind((folder / "no").string() + expected, 0) == 0);
    write_bytes(folder / "file", "x");
    CHECK(refusal_of(folder / "file")
              .rfind((folder / "file").string() + expected, 0) == 0);
  }
  SECTION("one class, or none") {
    fs::remove_all(own / "dog");
    const std::string expected =
        name + ": expected a folder for each of 2 classes or more, found ";
    CHECK(refusal_of(own) == expected + "1");
    CHECK(refusal_of(own / "cat") ==
          (own / "cat").string() +
              ": expected a folder for each of 2 classes or more, found 0");
    fs::remove_all(own / "cat");
    CHECK(refusal_of(own) == expected + "0");
  }
  SECTION("an empty class, or one of a single picture") {
    const std::string expected =
        (own / "owl").string() + ": expected 2 pictures or more, found ";
    fs::create_directory(own / "owl");
    CHECK(refusal_of(own) == expected + "0");
    write_bytes(own / "owl" / ".hidden", "x");
    CHECK(refusal_of(own) == expected + "0");
    fs::copy_file(own / "cat/0.png", own / "owl/0.png");
    CHECK(refusal_of(own) == expected + "1");
  }
  SECTION("a class whose files cannot be read") {
    for (const char* file : {"a.png", "b.png", "c.png"})
      write_bytes(own / "owl" / file, "no picture");
    const std::string expected =
        (own / "owl").string() +
        ": expected 2 pictures or more that can be read, found ";
    const std::string why =
        " (a.png: expected a JPEG, PNG, BMP or GIF picture, found text)";
    write_bytes(own / "dog" / "0.txt", "another one");
    CHECK(refusal_of(own) == expected + "0" + why);
    fs::remove(own / "dog" / "0.txt");
    fs::copy_file(own / "cat/0.png", own / "owl/d.png");
    CHECK(refusal_of(own) == expected + "1" + why);
    fs::copy_file(own / "cat/1.png", own / "owl/e.png");
    CHECK(pictures_in(own, 8).skipped.size() == 3);
  }
  SECTION("folders inside a class") {
    fs::create_directories(own / "cat/deeper");
    CHECK(refusal_of(own) == (own / "cat/deeper").string() +
                                 ": expected a picture, found a folder");
    // So it is if training and test pictures have a folder each.
    CHECK(refusal_of(folder.path()) ==
          (own / "cat").string() + ": expected a picture, found a folder");
  }
#ifndef _WIN32
  SECTION("names that cannot be shown") {
    for (const std::string bad : {"\x1b[31mred", "a\"b", "a\\b", "\xff"}) {
      std::error_code cannot;
      fs::create_directory(own / bad, cannot);
      if (cannot) continue;
      CHECK(refusal_of(own) ==
            (own / bad).string() +
                ": a class needs a name of at most 100 bytes of printable "
                "UTF-8");
      fs::remove(own / bad);
    }
  }
#endif
  SECTION("pictures that are all alike") {
    for (const auto& entry : fs::recursive_directory_iterator(own))
      if (entry.is_regular_file() && entry.path() != own / "cat/0.png")
        fs::copy_file(own / "cat/0.png", entry.path(),
                      fs::copy_options::overwrite_existing);
    CHECK_THAT(refusal_of(own),
               ContainsSubstring("expected pictures that differ"));
  }
  SECTION("more than a tensor holds") {
    CHECK(refusal_of(own, 20000) ==
          name +
              ": expected at most 1 picture of 20000 x 20000 pixels, "
              "found 8: choose a smaller size");
  }
}

// ---- Any data ----------------------------------------------------------

TEST_CASE("a program for colour takes colour of its size alone") {
  const PictureFolder land = load_colour(std::nullopt, 32);
  CHECK(land.split.train.size() == 4000);
  CHECK(land.split.names == land_names());
  CHECK(message_of([] { load_colour(std::nullopt, 16); }) ==
        "the land that comes with the book: expected pictures of 16 x 16 "
        "pixels, found 32 x 32 pixels");

  const TemporaryFolder folder;
  draw_folder(folder / "own", {{"cat", 6}, {"dog", 7}});
  CHECK(load_colour(folder / "own", 5).split.train.shape()[3] == 5);

  // CIFAR-10's files, two records of each class.
  std::string batch;
  for (int n = 0; n < 20; ++n)
    batch += std::string(1, static_cast<char>(n % 10)) +
             std::string(3072, static_cast<char>(n));
  for (const char number : std::string("12345"))
    write_bytes(
        folder / "cifar" / (std::string("data_batch_") + number + ".bin"),
        batch);
  const PictureFolder cifar = load_colour(folder / "cifar", 32);
  CHECK(cifar.split.train.size() == 80);
  CHECK(cifar.split.train.keeps_bytes());
  CHECK(message_of([&] { load_colour(folder / "cifar", 64); }) ==
        (folder / "cifar").string() +
            ": expected pictures of 64 x 64 pixels, found 32 x 32 pixels");
  batch[0] = 1;  // both pictures of class 0 become class 1
  batch[3073 * 10] = 1;
  write_bytes(folder / "cifar" / "data_batch_5.bin", batch);
  CHECK(message_of([&] { load_colour(folder / "cifar", 32); }) ==
        (folder / "cifar").string() +
            " (held-out pictures): expected pictures of each class that "
            "this program shows, found 20 pictures and none of 0");

  // Grey pictures are not for this chapter.
  const auto idx = [](const std::string& extents, std::size_t numbers) {
    return std::string("\0\0\x08", 3) + extents + std::string(numbers, 1);
  };
  for (const std::string half : {"train", "t10k"}) {
    write_bytes(
        folder / "mnist" / (half + "-images-idx3-ubyte"),
        idx(std::string("\3\0\0\0\2\0\0\0\x1c\0\0\0\x1c", 13), 2 * 784));
    write_bytes(folder / "mnist" / (half + "-labels-idx1-ubyte"),
                idx(std::string("\1\0\0\0\2", 5), 2));
  }
  CHECK(any_data_in(folder / "mnist", 32).split.train.shape() ==
        Shape{2, 1, 28, 28});
  CHECK(message_of([&] { load_colour(folder / "mnist", 32); }) ==
        (folder / "mnist").string() +
            ": expected pictures in colour, found grey ones of 28 x 28 "
            "pixels");
}

// ---- Training on bytes -------------------------------------------------

TEST_CASE("both engines learn from bytes what they learn from levels") {
  Random random(6);
  Dataset kept, levels;
  kept.images = Tensor<>({0, 3, 8, 8});
  kept.bytes = Tensor<std::uint8_t>({70, 3, 8, 8});
  for (std::uint8_t& byte : kept.bytes.data())
    byte = static_cast<std::uint8_t>(random.below(256));
  for (int n = 0; n < 70; ++n) kept.labels.push_back(random.below(10));
  levels = first(kept, 70);
  const Architecture layers = {Convolution{6, 3, 1, 1}, Relu{}, MaxPool{},
                               Flatten{}, Dense{10}};
  for (const HandOut& hand_out :
       {HandOut{}, half_mirrored(3), augmented({.shift = 2}, 3)}) {
    TrainingSettings settings;
    settings.epochs = 2;
    settings.batch = 32;
    settings.hand_out = hand_out;
    Network<> start = build_network(layers, {3, 8, 8});
    Random first_numbers(1);
    initialize(start, he_initializer(), first_numbers);
    const auto trained = [&](const Dataset& data, bool fast, int threads) {
      std::vector<Tensor<>> ends;
      Sgd sgd(0.9);
      Network<> plain = build_network(layers, {3, 8, 8});
      FastNetwork quick(layers, {3, 8, 8}, {.threads = threads});
      Layer<>& network = fast ? static_cast<Layer<>&>(quick) : plain;
      copy_parameters(start, network);
      if (fast)
        train_fast(quick, sgd, data, settings);
      else
        train(plain, sgd, data, settings);
      for (const Parameter<>* it : network.parameters())
        ends.push_back(it->value);
      return ends;
    };
    CHECK(trained(kept, false, 1) == trained(levels, false, 1));
    const auto fast = trained(levels, true, 1);
    CHECK(trained(kept, true, 1) == fast);
    CHECK(trained(kept, true, 3) == fast);
    CHECK(fast[0] != start.parameters()[0]->value);
  }
}
