// The digits as a web page fetches them, and how much training it has
// time for.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// A data set as bytes: the grey levels of all its pixels, 0 to 255, image
// after image, then a byte for each label.
// images (N, 1, 28, 28) -> 785 N bytes
// Throws std::invalid_argument for images of another shape, or for a level
// that is no byte over 255, because it would not be read back unchanged.
inline std::string page_bytes(const Dataset& data) {
  require_dataset(data, "page_bytes");
  require_shape(data.images.shape(), {data.size(), 1, 28, 28}, "page_bytes",
                "images");
  std::string bytes;
  for (const float level : data.images.data()) {
    const float byte = std::round(level * 255.0f);
    if (!(byte >= 0 && byte <= 255) || byte / 255.0f != level)
      fail(Refusal::argument,
           "page_bytes: expected grey levels of 0/255 "
           "to 255/255, got " +
               std::to_string(level));
    bytes += static_cast<char>(static_cast<unsigned char>(byte));
  }
  for (const int label : data.labels) bytes += static_cast<char>(label);
  return bytes;
}

// The size in bytes of a message that holds `count` floats.
inline int bytes_of_floats(int count) {
  return count * static_cast<int>(sizeof(float));
}

// How many training steps fit into some milliseconds.
inline int steps_within(double milliseconds, double images_per_second,
                        int batch) {
  return static_cast<int>(milliseconds / 1000 * images_per_second / batch);
}

}  // namespace cnn
