#include "common/data/formats.hpp"

#include <cstddef>
#include <limits>
#include <utility>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t cifar_pixels = 3 * 32 * 32;
constexpr std::size_t cifar_record = 1 + cifar_pixels;
// A tensor counts its numbers in an int.
constexpr std::uint64_t most_numbers = std::numeric_limits<int>::max();

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  fail(Refusal::runtime, name + ": " + what);
}

std::string byte_count(std::uint64_t count) {
  return counted_text(count, "byte");
}

void require_not_zipped(Bytes file, const std::string& name) {
  if (file.size() >= 2 && file[0] == 0x1f && file[1] == 0x8b) {
    refuse(name, "is gzip-compressed: gunzip it first");
  }
}

void require_label(std::uint8_t label, std::size_t n,
                   const std::string& name) {
  if (label > 9) {
    refuse(name, "expected labels from 0 to 9, found " +
                     std::to_string(label) + " for image " +
                     std::to_string(n));
  }
}

// A big-endian number of four bytes.
std::uint32_t number_at(Bytes file, std::size_t place) {
  return (std::uint32_t{file[place]} << 24) |
         (std::uint32_t{file[place + 1]} << 16) |
         (std::uint32_t{file[place + 2]} << 8) | file[place + 3];
}

// Throws unless the file begins like an IDX file of bytes: 0, 0, the type
// of its numbers (8: unsigned bytes) and the number of its axes (1 to 4).
void require_idx_magic(Bytes file, const std::string& name) {
  require_not_zipped(file, name);
  if (file.size() < 4) {
    refuse(name, "expected an IDX file of at least 4 bytes, found " +
                     byte_count(file.size()));
  }
  if (file[0] != 0 || file[1] != 0) {
    refuse(name,
           "expected an IDX file, which begins with bytes 0 0, found " +
               std::to_string(file[0]) + " " + std::to_string(file[1]));
  }
  if (file[2] != 8) {
    refuse(name,
           "expected numbers of type 8 (unsigned bytes), found type " +
               std::to_string(file[2]));
  }
  if (file[3] < 1 || file[3] > 4) {
    refuse(name, "expected 1 to 4 axes, found " + std::to_string(file[3]));
  }
}

// The extents that an IDX file's header promises. No memory is allocated
// for them, because a header can promise more bytes than any machine has.
std::vector<int> parse_idx_extents(Bytes file, const std::string& name) {
  require_idx_magic(file, name);
  const std::size_t axes = file[3], header = 4 + 4 * axes;
  if (file.size() < header) {
    refuse(name, "expected a header of " + byte_count(header) + " for " +
                     counted_text(axes, "axis", "axes") + ", found " +
                     byte_count(file.size()));
  }
  std::vector<int> extents;
  std::uint64_t count = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::uint64_t extent = number_at(file, 4 + 4 * axis);
    if (extent == 0) {
      refuse(name, "expected extents of 1 or more, found 0 along axis " +
                       std::to_string(axis));
    }
    // Neither factor has more than 32 bits, so the product fits into 64.
    count *= extent;
    if (count > most_numbers) {
      refuse(name, "expected at most " + byte_count(most_numbers) +
                       " of data, found extents that multiply to " +
                       std::to_string(count) + " or more");
    }
    extents.push_back(static_cast<int>(extent));
  }
  return extents;
}

void append_pixels(std::vector<float>& pixels, Bytes bytes) {
  for (const std::uint8_t byte : bytes) {
    pixels.push_back(static_cast<float>(byte) / 255.0f);
  }
}

void require_whole_records(Bytes file, const std::string& name) {
  require_not_zipped(file, name);
  if (file.empty() || file.size() % cifar_record != 0) {
    refuse(name, "expected one or more records of " +
                     byte_count(cifar_record) + ", found " +
                     byte_count(file.size()));
  }
}

void require_labels_alone(const IdxFile& labels,
                          const std::string& label_name) {
  if (labels.extents.size() != 1) {
    refuse(label_name, "expected labels with 1 axis, found " +
                           to_string(labels.extents));
  }
}

void require_pair(const IdxFile& images, const std::string& image_name,
                  const IdxFile& labels, const std::string& label_name) {
  if (images.extents.size() != 3) {
    refuse(image_name, "expected images with 3 axes, found " +
                           to_string(images.extents));
  }
  require_labels_alone(labels, label_name);
  if (images.extents[0] != labels.extents[0]) {
    refuse(label_name, "expected a label for each of the " +
                           std::to_string(images.extents[0]) +
                           " images of " + image_name + ", found " +
                           std::to_string(labels.extents[0]));
  }
}

}  // namespace

IdxFile parse_idx(Bytes file, const std::string& name) {
  IdxFile idx;
  idx.extents = parse_idx_extents(file, name);
  const std::size_t header = 4 + 4 * idx.extents.size();
  const std::size_t expected =
      header + static_cast<std::size_t>(element_count(idx.extents));
  if (file.size() != expected) {
    refuse(name, "expected " + byte_count(expected) + " for " +
                     to_string(idx.extents) + ", found " +
                     byte_count(file.size()));
  }
  const Bytes body = file.subspan(header);
  idx.bytes.assign(body.begin(), body.end());
  return idx;
}

Dataset mnist_set(const IdxFile& images, const std::string& image_name,
                  const IdxFile& labels, const std::string& label_name) {
  require_pair(images, image_name, labels, label_name);
  Dataset data;
  for (std::size_t n = 0; n < labels.bytes.size(); ++n) {
    require_label(labels.bytes[n], n, label_name);
    data.labels.push_back(labels.bytes[n]);
  }
  std::vector<float> pixels;
  pixels.reserve(images.bytes.size());
  append_pixels(pixels, images.bytes);
  data.images =
      Tensor<>({images.extents[0], 1, images.extents[1], images.extents[2]},
               std::move(pixels));
  return data;
}

Dataset sheet_set(const Tensor<>& sheet, const std::string& sheet_name,
                  const IdxFile& labels, const std::string& label_name,
                  int side) {
  require_labels_alone(labels, label_name);
  if (side < 1)
    fail(Refusal::argument,
         "sheet_set: expected a side of 1 or more, got " +
             std::to_string(side));
  const int N = labels.extents[0], across = sheet.extent(2) / side;
  if (sheet.extent(2) % side != 0 || sheet.extent(1) % side != 0 ||
      across * (sheet.extent(1) / side) < N) {
    refuse(sheet_name, "expected pictures of " + std::to_string(side) +
                           " x " + std::to_string(side) +
                           " pixels side by side, " + std::to_string(N) +
                           " of them, found " +
                           std::to_string(sheet.extent(2)) + " x " +
                           std::to_string(sheet.extent(1)) + " pixels");
  }
  Dataset data;
  data.images = Tensor<>({N, 3, side, side});
  for (int n = 0; n < N; ++n) {
    const auto at = static_cast<std::size_t>(n);
    require_label(labels.bytes[at], at, label_name);
    data.labels.push_back(labels.bytes[at]);
    const int top = n / across * side, left = n % across * side;
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
          data.images(n, c, y, x) = sheet(c, top + y, left + x);
  }
  return data;
}

Dataset parse_cifar10(Bytes file, const std::string& name) {
  require_whole_records(file, name);
  Dataset data;
  std::vector<std::uint8_t> pixels;
  pixels.reserve(file.size());
  for (std::size_t n = 0; n < file.size() / cifar_record; ++n) {
    const Bytes record = file.subspan(n * cifar_record, cifar_record);
    require_label(record[0], n, name);
    data.labels.push_back(record[0]);
    pixels.insert(pixels.end(), record.begin() + 1, record.end());
  }
  data.images = Tensor<>({0, 3, 32, 32});
  data.bytes =
      Tensor<std::uint8_t>({data.size(), 3, 32, 32}, std::move(pixels));
  return data;
}

}  // namespace cnn
