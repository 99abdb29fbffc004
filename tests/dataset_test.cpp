// Tests the readers of MNIST's and CIFAR-10's files with good files and
// every kind of bad one, and what the embedded digits promise.
#include "common/data/files.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <numeric>
#include <set>
#include <stdexcept>
#include <utility>
#include <variant>

#include "common/data/story.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/utf8.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace cnn;
using Bytes = std::vector<std::uint8_t>;

void write(const fs::path& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  for (const std::uint8_t byte : bytes) file.put(static_cast<char>(byte));
  file.close();
  REQUIRE(fs::file_size(path) == bytes.size());
}

Bytes joined(Bytes front, const Bytes& back) {
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

// The header of an IDX file of bytes, whatever it promises.
Bytes idx_header(const std::vector<std::uint32_t>& extents) {
  Bytes header = {0, 0, 8, static_cast<std::uint8_t>(extents.size())};
  for (const std::uint32_t extent : extents) {
    for (const int shift : {24, 16, 8, 0}) {
      header.push_back(static_cast<std::uint8_t>(extent >> shift));
    }
  }
  return header;
}

// Bytes 0, 1, 2, ... that begin again at 0 after 250.
Bytes counting(std::size_t count) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i % 251);
  }
  return bytes;
}

Bytes image_file(std::uint32_t count, std::uint32_t height,
                 std::uint32_t width) {
  return joined(idx_header({count, height, width}),
                counting(std::size_t{count} * height * width));
}

Bytes label_file(const Bytes& labels) {
  return joined(idx_header({static_cast<std::uint32_t>(labels.size())}),
                labels);
}

// One record of CIFAR-10; pixel i of plane c is start + 60 c + i % 50.
Bytes cifar_record(std::uint8_t label, int start) {
  Bytes record = {label};
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 32 * 32; ++i) {
      record.push_back(static_cast<std::uint8_t>(start + 60 * c + i % 50));
    }
  }
  return record;
}

std::string idx_error(const Bytes& file) {
  CHECK_THROWS_AS(parse_idx(file, "the-file"), std::runtime_error);
  return message_of([&] { parse_idx(file, "the-file"); });
}

std::string cifar_error(const Bytes& file) {
  CHECK_THROWS_AS(parse_cifar10(file, "the-file"), std::runtime_error);
  return message_of([&] { parse_cifar10(file, "the-file"); });
}

std::string mnist_error(const fs::path& images, const fs::path& labels) {
  CHECK_THROWS_AS(read_mnist(images, labels), std::runtime_error);
  return message_of([&] { read_mnist(images, labels); });
}

// MNIST's four files, with two training images and one held-out image.
void write_small_mnist(const TemporaryFolder& folder) {
  write(folder / "train-images-idx3-ubyte", image_file(2, 28, 28));
  write(folder / "train-labels-idx1-ubyte", label_file({7, 2}));
  write(folder / "t10k-images-idx3-ubyte", image_file(1, 28, 28));
  write(folder / "t10k-labels-idx1-ubyte", label_file({9}));
}

// The embedded digits, read only once.
const Split& digits() {
  static const Split split = embedded_digits();
  return split;
}

std::array<int, 10> class_counts(const Dataset& data) {
  std::array<int, 10> counts{};
  for (const int label : data.labels) {
    ++counts.at(static_cast<std::size_t>(label));
  }
  return counts;
}

Dataset numbered(int count) {
  Dataset data;
  data.images = Tensor<>({count, 1, 2, 2});
  const auto pixels = data.images.data();
  std::iota(pixels.begin(), pixels.end(), 0.0f);
  data.labels.resize(static_cast<std::size_t>(count));
  std::iota(data.labels.begin(), data.labels.end(), 100);
  data.classes = 200;
  return data;
}

}  // namespace

TEST_CASE("an IDX file gives its extents and its bytes", "[dataset]") {
  const std::vector<std::vector<std::uint32_t>> good = {
      {1}, {300}, {2, 3}, {2, 3, 4}, {1, 256, 2}, {2, 1, 3, 5}};
  for (const auto& extents : good) {
    std::size_t count = 1;
    for (const std::uint32_t extent : extents) count *= extent;
    const Bytes body = counting(count);
    const IdxFile idx = parse_idx(joined(idx_header(extents), body), "f");
    CHECK(idx.extents == std::vector<int>(extents.begin(), extents.end()));
    CHECK(idx.bytes == body);
  }
}

TEST_CASE("a broken IDX file is named with what it should be",
          "[dataset]") {
  SECTION("empty and cut short before the header ends") {
    CHECK(idx_error({}) ==
          "the-file: expected an IDX file of at least 4 bytes, found "
          "0 bytes");
    CHECK(idx_error({0}) ==
          "the-file: expected an IDX file of at least 4 bytes, found "
          "1 byte");
    CHECK(idx_error({0, 0, 8, 3, 0, 0, 0, 1}) ==
          "the-file: expected a header of 16 bytes for 3 axes, found "
          "8 bytes");
    CHECK(idx_error({0, 0, 8, 1}) ==
          "the-file: expected a header of 8 bytes for 1 axis, found "
          "4 bytes");
  }
  SECTION("every shorter and longer file") {
    const Bytes good = image_file(2, 3, 4);
    for (std::size_t length = 0; length < good.size(); ++length) {
      const Bytes cut(good.begin(),
                      good.begin() + static_cast<std::ptrdiff_t>(length));
      CHECK_THAT(
          idx_error(cut),
          ContainsSubstring("found " + std::to_string(length) + " byte"));
    }
    CHECK(idx_error(joined(good, {0})) ==
          "the-file: expected 40 bytes for (2, 3, 4), found 41 bytes");
  }
  SECTION("MNIST cut short") {
    Bytes file = idx_header({10000, 28, 28});
    file.resize(1234);
    CHECK(idx_error(file) ==
          "the-file: expected 7840016 bytes for (10000, 28, 28), found "
          "1234 bytes");
  }
  SECTION("wrong magic numbers") {
    CHECK(idx_error({'P', 'K', 3, 4, 0, 0}) ==
          "the-file: expected an IDX file, which begins with bytes 0 0, "
          "found 80 75");
    CHECK_THAT(idx_error({0, 1, 8, 1, 0, 0, 0, 1, 5}),
               ContainsSubstring("found 0 1"));
  }
  SECTION("numbers that are not bytes") {
    for (const int type : {0, 9, 11, 12, 13, 14, 255}) {
      CHECK(idx_error({0, 0, static_cast<std::uint8_t>(type), 1, 0, 0, 0, 1,
                       5}) ==
            "the-file: expected numbers of type 8 (unsigned bytes), found "
            "type " +
                std::to_string(type));
    }
  }
  SECTION("too few or too many axes") {
    CHECK(idx_error({0, 0, 8, 0, 1}) ==
          "the-file: expected 1 to 4 axes, found 0");
    CHECK(idx_error(joined(idx_header({1, 1, 1, 1, 1}), {7})) ==
          "the-file: expected 1 to 4 axes, found 5");
    CHECK(idx_error({0, 0, 8, 255}) ==
          "the-file: expected 1 to 4 axes, found 255");
  }
}

TEST_CASE("an IDX header cannot make the reader allocate", "[dataset]") {
  CHECK(idx_error(idx_header({0})) ==
        "the-file: expected extents of 1 or more, found 0 along axis 0");
  CHECK(idx_error(idx_header({5, 28, 0})) ==
        "the-file: expected extents of 1 or more, found 0 along axis 2");
  // The largest that a tensor holds is judged by the file's length ...
  CHECK(idx_error(idx_header({0x7fffffff})) ==
        "the-file: expected 2147483655 bytes for (2147483647), found "
        "8 bytes");
  // ... and what is larger is refused, also where the product would come
  // round to a small number in 32 or in 64 bits.
  CHECK(idx_error(idx_header({0x80000000})) ==
        "the-file: expected at most 2147483647 bytes of data, found "
        "extents that multiply to 2147483648 or more");
  for (const std::vector<std::uint32_t>& extents :
       std::vector<std::vector<std::uint32_t>>{
           {0xffffffff},
           {0x10000, 0x10000},
           {0x10000, 0x10000, 0x10000, 0x10000},
           {0x7fffffff, 0xffffffff, 0xffffffff, 0xffffffff},
           {1, 0x80000001, 2},
           {60000, 28, 2801}}) {
    CHECK_THAT(idx_error(idx_header(extents)),
               ContainsSubstring("expected at most 2147483647 bytes"));
  }
}

TEST_CASE("compressed files are recognised", "[dataset]") {
  const Bytes gzip = {0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3};
  CHECK(idx_error(gzip) == "the-file: is gzip-compressed: gunzip it first");
  CHECK(idx_error({0x1f, 0x8b}) ==
        "the-file: is gzip-compressed: gunzip it first");
  CHECK(cifar_error(gzip) ==
        "the-file: is gzip-compressed: gunzip it first");
  CHECK_THAT(idx_error({0x1f}), ContainsSubstring("found 1 byte"));

  const TemporaryFolder folder;
  write(folder / "images.gz", gzip);
  const std::string path = (folder / "images").string();
  CHECK(message_of([&] { read_idx(path); }) ==
        path + ": expected a file, found only images.gz: gunzip it first");
}

TEST_CASE("what is no file cannot be read", "[dataset]") {
  const TemporaryFolder folder;
  const fs::path missing = folder / "missing";
  CHECK_THROWS_AS(read_idx(missing), std::runtime_error);
  CHECK(message_of([&] { read_idx(missing); }) ==
        missing.string() + ": expected a file, found none");
  CHECK_THROWS_AS(read_idx(folder.path()), std::runtime_error);
  CHECK(message_of([&] { read_idx(folder.path()); }) ==
        folder.path().string() + ": expected a file, found a folder");
  CHECK(message_of([&] { read_cifar10({missing}); }) ==
        missing.string() + ": expected a file, found none");
  CHECK(message_of([&] { read_cifar10({folder.path()}); }) ==
        folder.path().string() + ": expected a file, found a folder");

  write(folder / "file", {1});
  CHECK(message_of([&] { read_idx(folder / "file" / "below"); }) ==
        (folder / "file" / "below").string() +
            ": expected a file, found none");
  write(folder / "empty", {});
  CHECK(message_of([&] { read_idx(folder / "empty"); }) ==
        (folder / "empty").string() +
            ": expected an IDX file of at least 4 bytes, found 0 bytes");
}

#ifndef _WIN32
TEST_CASE("a device is not read for ever", "[dataset]") {
  CHECK(message_of([] { read_idx("/dev/zero"); }) ==
        "/dev/zero: expected a plain file, found a device or pipe");
}

TEST_CASE("a file too long for a tensor is not read", "[dataset]") {
  const TemporaryFolder folder;
  const fs::path path = folder / "long";
  write(path, {});
  std::error_code no_sparse_files;
  fs::resize_file(path, std::uintmax_t{1} << 32, no_sparse_files);
  if (no_sparse_files) return;
  const std::string expected =
      path.string() +
      ": expected at most 2147483647 bytes, found 4294967296 bytes";
  CHECK(message_of([&] { read_idx(path); }) == expected);
  CHECK(message_of([&] { read_cifar10({path}); }) == expected);
}
#endif

TEST_CASE("a pair of IDX files becomes images and labels", "[dataset]") {
  const TemporaryFolder folder;
  write(folder / "images", image_file(3, 4, 5));
  write(folder / "labels", label_file({9, 0, 4}));
  const Dataset data = read_mnist(folder / "images", folder / "labels");
  CHECK(data.size() == 3);
  CHECK(data.classes == 10);
  CHECK(data.labels == std::vector<int>{9, 0, 4});
  REQUIRE(data.images.shape() == Shape{3, 1, 4, 5});
  for (int n = 0; n < 3; ++n) {
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 5; ++x) {
        const int byte = 20 * n + 5 * y + x;
        CHECK(data.images(n, 0, y, x) == static_cast<float>(byte) / 255.0f);
      }
    }
  }
}

TEST_CASE("a byte from 0 to 255 becomes a grey level from 0 to 1",
          "[dataset]") {
  const TemporaryFolder folder;
  write(folder / "images",
        joined(idx_header({1, 1, 4}), {0, 51, 128, 255}));
  write(folder / "labels", label_file({0}));
  const Dataset data = read_mnist(folder / "images", folder / "labels");
  CHECK(data.images ==
        Tensor<>({1, 1, 1, 4}, {0.0f, 0.2f, 128.0f / 255.0f, 1.0f}));
}

TEST_CASE("IDX files that are no pair are refused", "[dataset]") {
  const TemporaryFolder folder;
  const fs::path images = folder / "images", labels = folder / "labels";
  write(images, image_file(3, 2, 2));
  write(labels, label_file({1, 2, 3}));
  REQUIRE(read_mnist(images, labels).size() == 3);

  SECTION("counts that differ name both files") {
    write(labels, label_file({1, 2}));
    CHECK(mnist_error(images, labels) ==
          labels.string() + ": expected a label for each of the 3 images " +
              "of " + images.string() + ", found 2");
    write(labels, label_file({1, 2, 3, 4}));
    CHECK_THAT(mnist_error(images, labels), ContainsSubstring("found 4"));
  }
  SECTION("a label that is no digit is named with its image") {
    write(labels, label_file({1, 9, 10}));
    CHECK(mnist_error(images, labels) ==
          labels.string() +
              ": expected labels from 0 to 9, found 10 for image 2");
    write(labels, label_file({255, 9, 10}));
    CHECK_THAT(mnist_error(images, labels),
               ContainsSubstring("found 255 for image 0"));
  }
  SECTION("swapped files") {
    CHECK(mnist_error(labels, images) ==
          labels.string() + ": expected images with 3 axes, found (3)");
  }
  SECTION("images in the place of labels") {
    CHECK(mnist_error(images, images) ==
          images.string() +
              ": expected labels with 1 axis, found (3, 2, 2)");
  }
  SECTION("colour images") {
    write(images, joined(idx_header({3, 1, 2, 2}), counting(12)));
    CHECK(mnist_error(images, labels) ==
          images.string() +
              ": expected images with 3 axes, found (3, 1, 2, 2)");
  }
  SECTION("a cut file") {
    fs::resize_file(images, 20);
    CHECK(mnist_error(images, labels) ==
          images.string() +
              ": expected 28 bytes for (3, 2, 2), found 20 bytes");
  }
  SECTION("a missing file") {
    fs::remove(labels);
    CHECK(mnist_error(images, labels) ==
          labels.string() + ": expected a file, found none");
  }
}

TEST_CASE("CIFAR-10 records become colour images", "[dataset]") {
  const Bytes file = joined(cifar_record(3, 0), cifar_record(9, 25));
  const Dataset batch = parse_cifar10(file, "batch");
  CHECK(batch.labels == std::vector<int>{3, 9});
  CHECK(batch.classes == 10);
  REQUIRE(batch.bytes.shape() == Shape{2, 3, 32, 32});
  CHECK(batch.images.shape() == Shape{0, 3, 32, 32});
  const Dataset data = first(batch, 2);
  CHECK(data.labels == batch.labels);
  CHECK_FALSE(data.keeps_bytes());
  REQUIRE(data.images.shape() == Shape{2, 3, 32, 32});
  int wrong = 0;
  for (int n = 0; n < 2; ++n) {
    for (int c = 0; c < 3; ++c) {
      for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x) {
          const int byte = 25 * n + 60 * c + (32 * y + x) % 50;
          const float expected = static_cast<float>(byte) / 255.0f;
          if (data.images(n, c, y, x) != expected) ++wrong;
          if (batch.bytes(n, c, y, x) != byte) ++wrong;
        }
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("CIFAR-10 batches follow one another", "[dataset]") {
  const TemporaryFolder folder;
  const Bytes a = joined(cifar_record(1, 0), cifar_record(2, 10));
  const Bytes b = cifar_record(3, 20);
  write(folder / "a", a);
  write(folder / "b", b);
  const Dataset both = read_cifar10({folder / "a", folder / "b"});
  const Dataset at_once = parse_cifar10(joined(a, b), "ab");
  CHECK(both.labels == std::vector<int>{1, 2, 3});
  CHECK(both.labels == at_once.labels);
  CHECK(both.bytes == at_once.bytes);

  fs::resize_file(folder / "b", 3000);
  CHECK(message_of([&] {
          read_cifar10({folder / "a", folder / "b"});
        }) == (folder / "b").string() +
                  ": expected one or more records of 3073 bytes, found "
                  "3000 bytes");
  CHECK_THROWS_AS(read_cifar10({}), std::runtime_error);
}

TEST_CASE("a broken CIFAR-10 file is named with what it should be",
          "[dataset]") {
  const std::string expected =
      "the-file: expected one or more records of 3073 bytes, found ";
  CHECK(cifar_error({}) == expected + "0 bytes");
  CHECK(cifar_error({5}) == expected + "1 byte");
  Bytes file = cifar_record(4, 0);
  file.pop_back();
  CHECK(cifar_error(file) == expected + "3072 bytes");
  file.resize(3074);
  CHECK(cifar_error(file) == expected + "3074 bytes");
  CHECK(cifar_error(joined(cifar_record(9, 0), cifar_record(10, 0))) ==
        "the-file: expected labels from 0 to 9, found 10 for image 1");
  CHECK(cifar_error(cifar_record(255, 0)) ==
        "the-file: expected labels from 0 to 9, found 255 for image 0");
}

TEST_CASE("bytes are the grey levels that they stand for", "[dataset]") {
  Random random(3);
  Dataset kept, levels;
  kept.labels = levels.labels = {3, 1, 4, 1};
  kept.images = Tensor<>({0, 3, 2, 5});
  kept.bytes = Tensor<std::uint8_t>({4, 3, 2, 5});
  levels.images = Tensor<>({4, 3, 2, 5});
  for (std::size_t i = 0; i < kept.bytes.data().size(); ++i) {
    kept.bytes.data()[i] = static_cast<std::uint8_t>(random.below(256));
    levels.images.data()[i] =
        static_cast<float>(kept.bytes.data()[i]) / 255.0f;
  }
  CHECK(kept.shape() == levels.shape());
  CHECK(kept.keeps_bytes());
  CHECK_FALSE(levels.keeps_bytes());
  require_dataset(kept, "kept");
  require_classes(kept, "kept", std::vector<int>{1, 3, 4});
  const std::vector<int> order = {2, 0, 3, 3};
  CHECK(subset(kept, order).images == subset(levels, order).images);
  CHECK(subset(kept, order).labels == std::vector<int>{4, 3, 1, 1});
  CHECK_FALSE(subset(kept, order).keeps_bytes());
  CHECK(first(kept, 9).images == levels.images);
  std::vector<float> room(30);
  for (int n = 0; n < 4; ++n) {
    const auto pixels = pixels_of(kept, n, room);
    const auto expected = row_of(levels.images, n);
    CHECK(pixels.data() == room.data());
    CHECK(std::equal(pixels.begin(), pixels.end(), expected.begin(),
                     expected.end()));
    CHECK(pixels_of(levels, n, room).data() == expected.data());
  }
  for (const int wrong : {-1, 4}) {
    CHECK_THROWS_AS(pixels_of(kept, wrong, room), std::out_of_range);
    CHECK_THROWS_AS(subset(kept, std::vector<int>{wrong}),
                    std::out_of_range);
  }

  kept.labels.push_back(0);
  CHECK(message_of([&] { require_dataset(kept, "kept"); }) ==
        "kept: images (4, 3, 2, 5) expect a label each, got 5 labels");
  kept.labels.pop_back();
  for (std::uint8_t& byte : kept.bytes.data()) byte = 7;
  CHECK_THAT(message_of([&] {
               require_classes(kept, "kept", std::vector<int>{1});
             }),
             ContainsSubstring("all alike"));
}

TEST_CASE("a subset has the images asked for, in that order", "[dataset]") {
  const Dataset data = numbered(5);
  const std::vector<int> indices = {4, 0, 4};
  const Dataset some = subset(data, indices);
  CHECK(some.labels == std::vector<int>{104, 100, 104});
  CHECK(some.classes == 200);
  CHECK(some.images == Tensor<>({3, 1, 2, 2}, {16, 17, 18, 19, 0, 1, 2, 3,
                                               16, 17, 18, 19}));

  const Dataset none = subset(data, std::vector<int>{});
  CHECK(none.size() == 0);
  CHECK(none.images.shape() == Shape{0, 1, 2, 2});
  for (const int wrong : {-1, 5, 1000000000}) {
    CHECK_THROWS_AS(subset(data, std::vector<int>{0, wrong}),
                    std::out_of_range);
    CHECK(message_of([&] {
            subset(data, std::vector<int>{0, wrong});
          }) == "subset: no image " + std::to_string(wrong) + " among 5");
  }
}

TEST_CASE("the first images, or all there are", "[dataset]") {
  const Dataset data = numbered(3);
  CHECK(first(data, 2).labels == std::vector<int>{100, 101});
  CHECK(first(data, 2).images.shape() == Shape{2, 1, 2, 2});
  CHECK(first(data, 2).images(1, 0, 1, 1) == 7.0f);
  CHECK(first(data, 2).classes == 200);
  for (const int many : {3, 4, 1000000000}) {
    CHECK(first(data, many).labels == data.labels);
    CHECK(first(data, many).images == data.images);
  }
  CHECK(first(data, 0).size() == 0);
  CHECK(first(data, -1).size() == 0);
  CHECK(first(Dataset{}, 3).size() == 0);
}

TEST_CASE("the last images, or all there are", "[dataset]") {
  const Dataset data = numbered(3);
  CHECK(last(data, 2).labels == std::vector<int>{101, 102});
  CHECK(last(data, 2).images == subset(data, std::vector{1, 2}).images);
  for (const int many : {3, 4, 1000000000})
    CHECK(last(data, many).labels == data.labels);
  CHECK(last(data, 0).size() == 0);
  CHECK(last(data, -1).size() == 0);
  CHECK(last(Dataset{}, 3).size() == 0);
}

TEST_CASE("the embedded digits are 8,000 and 2,000", "[dataset]") {
  CHECK(digits().train.size() == 8000);
  CHECK(digits().held_out.size() == 2000);
  CHECK(digits().train.images.shape() == Shape{8000, 1, 28, 28});
  CHECK(digits().held_out.images.shape() == Shape{2000, 1, 28, 28});
  CHECK(digits().train.classes == 10);
  CHECK(digits().held_out.classes == 10);
  CHECK(digits().source ==
        "8,000 + 2,000 digits that come with the book (MNIST)");
}

TEST_CASE("the embedded digits are always split alike", "[dataset]") {
  const auto begins_with = [](const Dataset& data,
                              const std::vector<int>& labels) {
    return std::equal(labels.begin(), labels.end(), data.labels.begin());
  };
  CHECK(begins_with(digits().train, {6, 3, 1, 2, 3, 2, 9, 3, 6, 1}));
  CHECK(begins_with(digits().held_out, {1, 2, 3, 6, 0, 1, 6, 2, 9, 3}));
  CHECK(class_counts(digits().train) ==
        std::array<int, 10>{787, 901, 791, 814, 808, 693, 831, 867, 741,
                            767});
  CHECK(class_counts(digits().held_out) ==
        std::array<int, 10>{214, 226, 200, 218, 172, 170, 183, 203, 203,
                            211});
  const Split again = embedded_digits();
  CHECK(again.train.images == digits().train.images);
  CHECK(again.held_out.labels == digits().held_out.labels);
}

TEST_CASE("the digit that the book follows is the first held-out 3",
          "[dataset]") {
  CHECK(digits().held_out.labels[story_digit] == 3);
  CHECK(first_index_of(digits().held_out.labels, 3) == story_digit);
}

TEST_CASE("both embedded splits have a fair share of each digit",
          "[dataset]") {
  for (const Dataset* data : {&digits().train, &digits().held_out}) {
    for (const int count : class_counts(*data)) {
      const double share = static_cast<double>(count) / data->size();
      CHECK(share > 0.08);
      CHECK(share < 0.12);
    }
  }
  // Every class also turns up early: the order is mixed.
  for (const int count : class_counts(first(digits().train, 200))) {
    CHECK(count >= 8);
  }
}

TEST_CASE("the embedded pixels are ink on paper", "[dataset]") {
  for (const Dataset* data : {&digits().train, &digits().held_out}) {
    const auto pixels = data->images.data();
    const auto [least, most] =
        std::minmax_element(pixels.begin(), pixels.end());
    CHECK(*least == 0.0f);
    CHECK(*most == 1.0f);
    const double sum = std::accumulate(pixels.begin(), pixels.end(), 0.0);
    // MNIST's well-known mean grey level is 0.1307.
    CHECK_THAT(sum / static_cast<double>(pixels.size()),
               WithinAbs(0.1307, 0.002));
  }
}

TEST_CASE("no embedded digit is in both splits", "[dataset]") {
  std::set<std::vector<float>> seen;
  for (const Dataset* data : {&digits().train, &digits().held_out}) {
    for (int n = 0; n < data->size(); ++n) {
      const Tensor<> digit = item(data->images, n);
      seen.emplace(digit.data().begin(), digit.data().end());
    }
  }
  CHECK(seen.size() == 10000);
}

TEST_CASE("pictures side by side become images", "[dataset]") {
  // Two rows of three, of 2 x 2 pixels; red tells which pixel it was.
  Tensor<> sheet({3, 4, 6});
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 6; ++x) {
      sheet(0, y, x) = static_cast<float>(6 * y + x);
      sheet(2, y, x) = 0.5f;
    }
  IdxFile labels{{5}, {9, 0, 4, 4, 1}};
  const Dataset data = sheet_set(sheet, "sheet", labels, "labels", 2);
  CHECK(data.labels == std::vector<int>{9, 0, 4, 4, 1});
  REQUIRE(data.images.shape() == Shape{5, 3, 2, 2});
  const auto red = [&](int n) {
    const auto pixels = row_of(data.images, n).first(4);
    return std::vector<float>(pixels.begin(), pixels.end());
  };
  CHECK(red(0) == std::vector<float>{0, 1, 6, 7});
  CHECK(red(2) == std::vector<float>{4, 5, 10, 11});
  CHECK(red(3) == std::vector<float>{12, 13, 18, 19});
  CHECK(data.images(4, 1, 1, 1) == 0.0f);
  CHECK(data.images(4, 2, 1, 1) == 0.5f);

  const auto refusal = [&](int side) {
    return message_of(
        [&] { sheet_set(sheet, "sheet", labels, "labels", side); });
  };
  CHECK(refusal(0) == "sheet_set: expected a side of 1 or more, got 0");
  const std::string found = " of them, found 6 x 4 pixels";
  CHECK(refusal(4) ==
        "sheet: expected pictures of 4 x 4 pixels side by side, 5" + found);
  CHECK(refusal(3) ==
        "sheet: expected pictures of 3 x 3 pixels side by side, 5" + found);
  CHECK(refusal(32) ==
        "sheet: expected pictures of 32 x 32 pixels side by side, 5" +
            found);
  labels = {{7}, Bytes(7, 1)};
  CHECK(refusal(2) ==
        "sheet: expected pictures of 2 x 2 pixels side by side, 7" + found);
  labels = {{2}, {1, 10}};
  CHECK(refusal(2) ==
        "labels: expected labels from 0 to 9, found 10 for image 1");
  labels = {{2, 1}, {1, 1}};
  CHECK(refusal(2) == "labels: expected labels with 1 axis, found (2, 1)");
}

TEST_CASE("the embedded land is 4,000 and 1,000 pictures", "[dataset]") {
  const Split land = embedded_land();
  CHECK(land.train.images.shape() == Shape{4000, 3, 32, 32});
  CHECK(land.held_out.images.shape() == Shape{1000, 3, 32, 32});
  CHECK(land.names == land_names());
  CHECK(land.names == ClassNames{"AnnualCrop", "Forest",
                                 "HerbaceousVegetation", "Highway",
                                 "Industrial", "Pasture", "PermanentCrop",
                                 "Residential", "River", "SeaLake"});
  for (const int count : class_counts(land.train)) CHECK(count == 400);
  for (const int count : class_counts(land.held_out)) CHECK(count == 100);
  // Every class turns up early: the order is mixed.
  for (const int count : class_counts(first(land.train, 200)))
    CHECK(count >= 8);

  // What the data's own page says of them.
  const double mean[] = {0.3420, 0.3808, 0.4086},
               deviation[] = {0.1964, 0.1319, 0.1116};
  for (int c = 0; c < 3; ++c) {
    double sum = 0, squares = 0;
    for (int n = 0; n < 4000; ++n)
      for (const float level :
           row_of(land.train.images, n)
               .subspan(static_cast<std::size_t>(c) * 1024, 1024)) {
        sum += static_cast<double>(level);
        squares += static_cast<double>(level) * static_cast<double>(level);
      }
    const double average = sum / 4096000;
    CHECK_THAT(average, WithinAbs(mean[c], 6e-5));
    CHECK_THAT(std::sqrt(squares / 4096000 - average * average),
               WithinAbs(deviation[c], 6e-5));
  }
  std::set<std::vector<float>> seen;
  for (const Dataset* data : {&land.train, &land.held_out})
    for (int n = 0; n < data->size(); ++n) {
      const auto pixels = row_of(data->images, n);
      seen.emplace(pixels.begin(), pixels.end());
    }
  CHECK(seen.size() == 5000);
}

TEST_CASE("the embedded land is that of its checksum", "[dataset]") {
  // FNV-1a of all in CIFAR-10's layout: label, then the three planes.
  const Split land = embedded_land();
  const auto sum_of = [](const Dataset& data) {
    std::uint64_t sum = 0xcbf29ce484222325u;
    const auto add = [&](int byte) {
      sum = (sum ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3u;
    };
    for (int n = 0; n < data.size(); ++n) {
      add(data.labels[static_cast<std::size_t>(n)]);
      for (const float level : row_of(data.images, n))
        add(static_cast<int>(std::lround(level * 255.0f)));
    }
    return sum;
  };
  CHECK(sum_of(land.train) == 0x52be0cc04d9d3d6du);
  CHECK(sum_of(land.held_out) == 0x2aa71dd9ff17e1f3u);
}

TEST_CASE("a name in words breaks where a small letter meets a capital") {
  CHECK(in_words("AnnualCrop") == "Annual Crop");
  CHECK(in_words("HerbaceousVegetationOfOld") ==
        "Herbaceous Vegetation Of Old");
  CHECK(in_words("IMG") == "IMG");
  CHECK(in_words("sea lion") == "sea lion");
  CHECK(in_words("") == "");
}

TEST_CASE("names stand in lines, and each is one", "[dataset]") {
  const auto rule = [](const std::string& text, std::size_t classes) {
    const auto read = parse_class_names(text, classes);
    const Broken* broken = std::get_if<Broken>(&read);
    return broken ? broken->rule : "read";
  };
  for (const std::string end : {"", "\n", "\r\n", "\n\n\n"}) {
    const auto read = parse_class_names("cat\r\nsea lion" + end, 2);
    REQUIRE(std::holds_alternative<ClassNames>(read));
    CHECK(std::get<ClassNames>(read) == ClassNames{"cat", "sea lion"});
  }
  CHECK(rule("", 0) == "read");
  CHECK(rule("cat", 2) == "expected 2 names, a line each, found 1");
  CHECK(rule("a\nb\nc\n", 2) == "expected 2 names, a line each, found 3");
  CHECK(rule("a\nb\na\n", 3) ==
        "line 3: expected another name, found 'a' again");
  const std::string no_name =
      "expected a name of 1 to 100 bytes of printable UTF-8";
  const std::string wrong[] = {"",
                               "\xff",
                               "\xc3",
                               "a\tb",
                               "\x1b[31m",
                               "a\x7f",
                               "\xc2\x9b"
                               "1m",
                               "a/b",
                               "a\"b",
                               "a\\b",
                               std::string(101, 'x'),
                               std::string("a\0b", 3),
                               "\xed\xa0\x80",
                               "\xf4\x90\x80\x80",
                               "\xc0\x80",
                               "\xe0\x80\xaf"};
  for (const std::string& name : wrong) {
    INFO(name);
    CHECK_FALSE(is_class_name(name));
    CHECK(rule("one\n" + name + "\ntwo\n", 3) == "line 2: " + no_name);
  }
  for (const std::string& name :
       {std::string("x"), std::string(100, 'x'), std::string("\xc3\xa9t"),
        std::string("\xf0\x9f\x90\xb1"), std::string("a b"),
        std::string("\xc2\xa0")})
    CHECK(is_class_name(name));
  CHECK(name_of_class({"cat", "dog"}, 1) == "dog");
  CHECK(name_of_class({}, 7) == "7");
}

TEST_CASE("what steers a terminal is not shown", "[dataset]") {
  CHECK(printable("caf\xc3\xa9 \xf0\x9f\x90\xb1") ==
        "caf\xc3\xa9 \xf0\x9f\x90\xb1");
  CHECK(printable("\x1b[2J\n\x7f") == "?[2J??");
  CHECK(printable("\xc2\x9b"
                  "31m\xff\xc3") == "?31m??");
  CHECK(printable("") == "");
}

namespace {

// CIFAR-10's files: batch i has i + 1 records with label i.
void write_small_cifar10(const TemporaryFolder& folder, bool with_test) {
  for (int i = 1; i <= 5; ++i) {
    Bytes batch;
    for (int n = 0; n <= i; ++n)
      batch = joined(
          batch, cifar_record(static_cast<std::uint8_t>(i), 10 * i + n));
    write(folder / ("data_batch_" + std::to_string(i) + ".bin"), batch);
  }
  if (with_test) write(folder / "test_batch.bin", cifar_record(9, 100));
}

}  // namespace

TEST_CASE("a folder with CIFAR-10's files becomes a split", "[dataset]") {
  const TemporaryFolder folder;
  for (const bool with_test : {false, true}) {
    write_small_cifar10(folder, with_test);
    const Split split = cifar10_from(folder.path());
    std::vector<int> learned = {1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4};
    std::vector<int> fifth(6, 5);
    if (with_test)
      learned.insert(learned.end(), fifth.begin(), fifth.end());
    CHECK(split.train.labels == learned);
    CHECK(split.held_out.labels ==
          (with_test ? std::vector<int>{9} : fifth));
    CHECK(split.train.keeps_bytes());
    CHECK_FALSE(split.held_out.keeps_bytes());
    CHECK(split.train.shape() ==
          Shape{static_cast<int>(learned.size()), 3, 32, 32});
    CHECK(split.train.bytes(2, 1, 0, 7) == 20 + 60 + 7);
    CHECK(split.held_out.images(0, 0, 0, 3) ==
          (with_test ? 103.0f : 53.0f) / 255.0f);
    CHECK(split.source ==
          (with_test ? "20 + 1 pictures of CIFAR-10 from " +
                           folder.path().string()
                     : "14 + 6 pictures of CIFAR-10 from " +
                           folder.path().string() +
                           " (no test_batch.bin, so batch 5 is held out)"));
    CHECK(split.names == ClassNames{"airplane", "automobile", "bird", "cat",
                                    "deer", "dog", "frog", "horse", "ship",
                                    "truck"});
  }
  // The file's own names come first.
  std::string names;
  for (const char letter : std::string("abcdefghij"))
    names += std::string(1, letter) + "\n";
  write(folder / "batches.meta.txt", Bytes(names.begin(), names.end()));
  CHECK(cifar10_from(folder.path()).names.front() == "a");
  write(folder / "batches.meta.txt", {'a', '\n'});
  CHECK(message_of([&] { cifar10_from(folder.path()); }) ==
        (folder / "batches.meta.txt").string() +
            ": expected 10 names, a line each, found 1");
}

TEST_CASE("each of CIFAR-10's files must be there, whole and unpacked",
          "[dataset]") {
  const TemporaryFolder folder;
  write_small_cifar10(folder, true);
  const auto refusal = [&] {
    CHECK_THROWS_AS(cifar10_from(folder.path()), std::runtime_error);
    const std::string text =
        message_of([&] { cifar10_from(folder.path()); });
    CHECK(text.find('\n') == std::string::npos);
    return text;
  };
  const std::vector<std::string> names = {
      "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
      "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};
  for (const std::string& name : names) {
    INFO(name);
    const fs::path path = folder / name, aside = folder / "aside";
    fs::rename(path, aside);
    if (name != "test_batch.bin")
      CHECK(refusal() == path.string() + ": expected a file, found none");
    for (const std::string ending : {"gz", "xz"}) {
      const std::string zipped = name + "." + ending;
      write(folder / zipped, {1, 2, 3});
      CHECK(refusal() ==
            path.string() + ": expected a file, found only " + zipped +
                ": " + (ending == "gz" ? "gunzip" : "unxz") + " it first");
      fs::remove(folder / zipped);
    }
    fs::create_directory(path);
    CHECK(refusal() == path.string() + ": expected a file, found a folder");
    fs::remove(path);
    for (const int length : {0, 1, 3072, 3074, 6000}) {
      write(path, Bytes(static_cast<std::size_t>(length), 0));
      CHECK_THAT(refusal(),
                 ContainsSubstring(
                     path.string() +
                     ": expected one or more records of 3073 bytes"));
    }
    write(path, joined(cifar_record(0, 0), cifar_record(10, 0)));
    CHECK(refusal() ==
          path.string() +
              ": expected labels from 0 to 9, found 10 for image 1");
    fs::rename(aside, path);
  }
  CHECK(cifar10_from(folder.path()).train.size() == 20);
}

TEST_CASE("a folder's kind is told by the names in it", "[dataset]") {
  const TemporaryFolder folder;
  const auto refusal = [&](const fs::path& path) {
    CHECK_THROWS_AS(folder_kind(path), std::runtime_error);
    return message_of([&] { folder_kind(path); });
  };
  const std::string place = folder.path().string();
  const std::string nothing =
      place +
      ": expected MNIST's four files, CIFAR-10's data_batch_1.bin to "
      "data_batch_5.bin or a folder of pictures for each class, found none "
      "of them";
  CHECK(refusal(folder.path()) == nothing);
  CHECK(refusal(folder / "no") ==
        (folder / "no").string() +
            ": expected a folder of data, found none");
  write(folder / "file", {1});
  CHECK(refusal(folder / "file") ==
        (folder / "file").string() +
            ": expected a folder of data, found none");
  fs::create_directory(folder / ".hidden");
  CHECK(refusal(folder.path()) == nothing);
  fs::create_directory(folder / "cats");
  CHECK(folder_kind(folder.path()) == FolderKind::class_folders);
  write(folder / "data_batch_1", {1});
  CHECK(refusal(folder.path()) ==
        place +
            ": expected CIFAR-10's binary version, data_batch_1.bin and so "
            "on, found the one for Python");
  for (const char* name :
       {"train-images-idx3-ubyte", "train-labels.idx1-ubyte",
        "t10k-images.idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"}) {
    write(folder / name, {1});
    CHECK(folder_kind(folder.path()) == FolderKind::mnist);
    fs::remove(folder / name);
  }
  for (const char* name : {"data_batch_1.bin", "data_batch_1.bin.xz"}) {
    write(folder / name, {1});
    CHECK(folder_kind(folder.path()) == FolderKind::cifar10);
    CHECK_THAT(message_of([&] { mnist_from(folder.path()); }),
               ContainsSubstring("found CIFAR-10"));
    fs::remove(folder / name);
  }
}

TEST_CASE("Fashion-MNIST is told by its equal classes", "[dataset]") {
  const auto turns = [](int count) {
    std::vector<int> labels;
    for (int i = 0; i < count; ++i) labels.push_back(i * 7 % 10);
    return labels;
  };
  Split split;
  split.train.labels = turns(60000);
  split.held_out.labels = turns(10000);
  CHECK(is_fashion_mnist(split));
  std::swap(split.train.labels, split.held_out.labels);
  CHECK_FALSE(is_fashion_mnist(split));
  std::swap(split.train.labels, split.held_out.labels);
  split.held_out.labels[17] = (split.held_out.labels[17] + 1) % 10;
  CHECK_FALSE(is_fashion_mnist(split));
  split.held_out.labels = turns(1000);
  CHECK_FALSE(is_fashion_mnist(split));
  CHECK_FALSE(is_fashion_mnist(digits()));

  const TemporaryFolder folder;
  write_small_mnist(folder);
  CHECK(mnist_from(folder.path()).names.empty());
  write(folder / "train-images-idx3-ubyte", image_file(60000, 28, 28));
  const std::vector<int> many = turns(60000), few = turns(10000);
  write(folder / "train-labels-idx1-ubyte",
        label_file(Bytes(many.begin(), many.end())));
  write(folder / "t10k-images-idx3-ubyte", image_file(10000, 28, 28));
  write(folder / "t10k-labels-idx1-ubyte",
        label_file(Bytes(few.begin(), few.end())));
  const ClassNames names = mnist_from(folder.path()).names;
  REQUIRE(names.size() == 10);
  CHECK(names[0] == "T-shirt");
  CHECK(names[9] == "ankle boot");
  for (const std::string& name : names) CHECK(is_class_name(name));
}

TEST_CASE("a folder with MNIST's files becomes a split", "[dataset]") {
  const TemporaryFolder folder;
  write_small_mnist(folder);
  const Split split = mnist_from(folder.path());
  CHECK(split.train.labels == std::vector<int>{7, 2});
  CHECK(split.held_out.labels == std::vector<int>{9});
  CHECK(split.train.images.shape() == Shape{2, 1, 28, 28});
  CHECK(split.held_out.images.shape() == Shape{1, 1, 28, 28});
  CHECK(split.source == "2 + 1 images from " + folder.path().string());
}

// Many mirrors name them like this.
TEST_CASE("MNIST's files may have a dot in their names", "[dataset]") {
  const TemporaryFolder folder;
  write_small_mnist(folder);
  const Split split = mnist_from(folder.path());
  const std::string names[] = {
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
      "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
  // One after the other, so that every mixture is read, too.
  for (const std::string& name : names) {
    std::string dotted = name;
    dotted[dotted.rfind("-idx")] = '.';
    fs::rename(folder / name, folder / (dotted + ".gz"));
    CHECK(message_of([&] { mnist_from(folder.path()); }) ==
          (folder / dotted).string() + ": expected a file, found only " +
              dotted + ".gz: gunzip it first");
    fs::rename(folder / (dotted + ".gz"), folder / dotted);
    CHECK(mnist_from(folder.path()).train.images == split.train.images);
    CHECK(mnist_from(folder.path()).held_out.labels ==
          split.held_out.labels);
  }
  // The usual name comes first.
  write(folder / names[3], label_file({4}));
  CHECK(mnist_from(folder.path()).held_out.labels == std::vector<int>{4});
}

TEST_CASE("the source line groups large numbers", "[dataset]") {
  const TemporaryFolder folder;
  write_small_mnist(folder);
  write(folder / "train-images-idx3-ubyte", image_file(1234, 28, 28));
  write(folder / "train-labels-idx1-ubyte", label_file(Bytes(1234, 5)));
  CHECK(mnist_from(folder.path()).source ==
        "1,234 + 1 images from " + folder.path().string());
}

TEST_CASE("without a folder the digits are the embedded ones",
          "[dataset]") {
  const Split split = load_digits(std::nullopt);
  CHECK(split.source == digits().source);
  CHECK(split.held_out.images == digits().held_out.images);
}

TEST_CASE("the programs' data have each class, and pictures that differ",
          "[dataset]") {
  const TemporaryFolder folder;
  const auto write_part = [&](const std::string& name, const Bytes& labels,
                              bool alike) {
    const auto count = static_cast<std::uint32_t>(labels.size());
    Bytes images = image_file(count, 28, 28);
    for (std::size_t i = 16; i < images.size(); ++i)
      images[i] = static_cast<std::uint8_t>(alike ? i % 784 : i / 784);
    write(folder / (name + "-images-idx3-ubyte"), images);
    write(folder / (name + "-labels-idx1-ubyte"), label_file(labels));
  };
  const Bytes each = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  for (const std::string part : {"train", "t10k"}) {
    const std::string other = part == "train" ? "t10k" : "train";
    const std::string name =
        folder.path().string() +
        (part == "train" ? " (training pictures)" : " (held-out pictures)");
    write_part(other, each, false);
    write_part(part, each, false);
    CHECK(load_digits(folder.path()).train.size() == 10);
    // A class or several are missing, at any place.
    for (std::size_t missing = 0; missing < 10; ++missing) {
      Bytes labels = each;
      labels[missing] = labels[(missing + 1) % 10];
      write_part(part, labels, false);
      CHECK(message_of([&] { load_digits(folder.path()); }) ==
            name +
                ": expected pictures of each class that this program "
                "shows, found 10 pictures and none of " +
                std::to_string(9 - missing));
    }
    write_part(part, {7}, false);
    CHECK(message_of([&] { load_digits(folder.path()); }) ==
          name +
              ": expected pictures of each class that this program "
              "shows, found 1 picture and none of 0, 1, 2, 3, 4, 5, 6, "
              "8, 9");
    write_part(part, each, true);
    CHECK(message_of([&] { load_digits(folder.path()); }) ==
          name +
              ": expected pictures that differ, found 10 pictures, all "
              "alike");
    CHECK_THROWS_AS(load_digits(folder.path()), std::runtime_error);
  }
}

TEST_CASE("a program may want some classes only", "[dataset]") {
  Dataset data = first(digits().held_out, 5);  // 1, 2, 3, 6, 0
  const auto refusal = [&](const std::vector<int>& wanted) {
    return message_of([&] { require_classes(data, "five", wanted); });
  };
  CHECK(refusal({3}) == "nothing was thrown");
  CHECK(refusal({0, 6, 1}) == "nothing was thrown");
  CHECK(refusal({3, 4, 8}) ==
        "five: expected pictures of each class that this program shows, "
        "found 5 pictures and none of 4, 8");
}

TEST_CASE("a folder without MNIST is refused in one line", "[dataset]") {
  const TemporaryFolder folder;
  write_small_mnist(folder);
  const auto refusal = [&] {
    CHECK_THROWS_AS(mnist_from(folder.path()), std::runtime_error);
    const std::string text =
        message_of([&] { load_digits(folder.path()); });
    CHECK(text.find('\n') == std::string::npos);
    return text;
  };

  SECTION("CIFAR-10 is refused by name") {
    for (const auto& file : fs::directory_iterator(folder.path())) {
      fs::remove(file);
    }
    write(folder / "data_batch_1.bin", cifar_record(1, 0));
    CHECK(refusal() == folder.path().string() +
                           ": expected MNIST's four files, found CIFAR-10: "
                           "this program reads grey images of 28 x 28 "
                           "pixels");
  }
  SECTION("any one file missing") {
    for (const std::string name :
         {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
      const fs::path aside = folder / "aside";
      fs::rename(folder / name, aside);
      std::string dotted = name;
      dotted[dotted.rfind("-idx")] = '.';
      CHECK(refusal() == (folder / name).string() +
                             ": expected a file, found neither it nor " +
                             dotted);
      fs::rename(aside, folder / name);
    }
  }
  SECTION("only the compressed files") {
    fs::rename(folder / "t10k-images-idx3-ubyte",
               folder / "t10k-images-idx3-ubyte.gz");
    CHECK_THAT(refusal(), ContainsSubstring("gunzip it first"));
  }
  SECTION("images of another size, in either half") {
    write(folder / "t10k-images-idx3-ubyte", image_file(1, 28, 27));
    CHECK(refusal() ==
          (folder / "t10k-images-idx3-ubyte").string() +
              ": expected grey images of 28 x 28 pixels, found 28 x 27");
    write(folder / "train-images-idx3-ubyte", image_file(2, 32, 28));
    CHECK(refusal() ==
          (folder / "train-images-idx3-ubyte").string() +
              ": expected grey images of 28 x 28 pixels, found 32 x 28");
  }
  SECTION("no folder, or a file in its place") {
    const std::string missing = (folder / "missing").string();
    CHECK(message_of([&] { mnist_from(missing); }) ==
          missing + ": expected a folder with MNIST's four files");
    const std::string file = (folder / "t10k-labels-idx1-ubyte").string();
    CHECK(message_of([&] { mnist_from(file); }) ==
          file + ": expected a folder with MNIST's four files");
  }
}

TEST_CASE("the images with a label, and the first, if there is one") {
  const std::vector<int> labels = {3, 1, 4, 1};
  CHECK(first_index_of(labels, 3) == 0);
  CHECK(first_index_of(labels, 1) == 1);
  CHECK(first_index_of(labels, 4) == 2);
  CHECK_FALSE(first_index_of(labels, 0).has_value());
  CHECK_FALSE(first_index_of({}, 0).has_value());
  CHECK(indices_of(labels, 1) == std::vector{1, 3});
  CHECK(indices_of(labels, 0).empty());
}
