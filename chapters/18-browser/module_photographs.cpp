// What the host calls to have a photograph read. It is in a module of its
// own, the darkroom, which a page loads only when it has a photograph.
// Book: book/18-browser.md
#include <algorithm>
#include <cstddef>
#include <string>

#include "15-colour/exif.hpp"
#include "17-handwriting/reading.hpp"
#include "17-handwriting/reading_json.hpp"
#include "18-browser/module.hpp"
#include "18-browser/module_state.hpp"
#include "common/data/pictures.hpp"

namespace cnn {

namespace {

// The photograph that was read last.
Reading the_reading;
Shape the_size = {3, 1, 1};  // (C, H, W), upright

}  // namespace

// Reads a photograph with the network in use. In the room: the name of its
// file, a byte 0, and its bytes. The result: the JSON of `./tutorial read
// --json`.
CNN_EXPORT(read_photograph) void read_photograph() {
  const std::string name(given_text().substr(0, given_text().find('\0')));
  const auto bytes =
      given().subspan(std::min(given().size(), name.size() + 1));
  NetworkInUse& it = current_network();
  Tensor<> image = value_or_fail(parse_picture(bytes), name);
  const int orientation = exif_orientation(bytes);
  if (orientation != 1) image = upright(image, orientation);
  the_reading = read_picture(image, it.reader, it.names);
  the_size = image.shape();
  give(reading_json(name, the_reading, it.names));
}

// The photograph's height and width, in whose pixels the boxes are given,
// and the height and width of its stations.
CNN_EXPORT(photograph_height) int photograph_height() {
  return the_size[1];
}
CNN_EXPORT(photograph_width) int photograph_width() {
  return the_size[2];
}
CNN_EXPORT(station_height) int station_height() {
  return the_reading.stations.grey.extent(0);
}
CNN_EXPORT(station_width) int station_width() {
  return the_reading.stations.grey.extent(1);
}

// The result: the picture of a station: 0 its grey, 1 its paper, 2 its ink,
// 3 its strokes.
CNN_EXPORT(station) void station(int number) {
  const Stations& at = the_reading.stations;
  const Tensor<>* const all[] = {&at.grey, &at.paper, &at.ink, &at.strokes};
  give(all[std::clamp(number, 0, 3)]->data());
}

// The result: the 784 numbers of one of the digits that were found.
CNN_EXPORT(photograph_crop) void photograph_crop(int number) {
  const int found = static_cast<int>(the_reading.digits.size());
  if (number < 0 || number >= found)
    fail(Refusal::index, "photograph_crop: no digit " +
                             std::to_string(number) + " of " +
                             std::to_string(found));
  give(the_reading.digits[static_cast<std::size_t>(number)].crop.data());
}

}  // namespace cnn
