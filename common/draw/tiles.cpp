#include <algorithm>
#include <cmath>

#include "common/draw/image.hpp"
#include "common/draw/text.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {
namespace {

std::uint8_t level(float brightness) {
  return static_cast<std::uint8_t>(
      std::lround(255.0f * std::clamp(brightness, 0.0f, 1.0f)));
}

void require_scale(const std::string& where, int scale) {
  if (scale < 1) {
    fail(Refusal::argument,
         where + ": expected 1 or more pixels per cell, got " +
             std::to_string(scale));
  }
}

void require_range(const std::string& where, float range) {
  if (!std::isfinite(range) || range <= 0) {
    fail(Refusal::argument, where +
                                ": expected a finite range above 0, got " +
                                std::to_string(range));
  }
}

// A picture of width x height cells, colour_of(y, x) in each.
template <class ColourOf>
Picture enlarged(int width, int height, int scale, ColourOf colour_of) {
  // A size too large for an int is too large for a Picture, which refuses
  // it.
  const auto pixels = [scale](int cells) {
    return static_cast<int>(std::min(1LL * cells * scale, 1LL << 30));
  };
  Picture picture(pixels(width), pixels(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.fill_rectangle(x * scale, y * scale, scale, scale,
                             colour_of(y, x));
    }
  }
  return picture;
}

}  // namespace

Picture grey_tile(const Tensor<>& map, int scale, float low, float high) {
  require_rank(map.shape(), 2, "grey_tile", "map (H, W)");
  require_scale("grey_tile", scale);
  if (!std::isfinite(low) || !std::isfinite(high) || low >= high) {
    fail(Refusal::argument, "grey_tile: expected low < high, got " +
                                std::to_string(low) + " and " +
                                std::to_string(high));
  }
  const auto colour_of = [&](int y, int x) {
    const float value = map(y, x);
    if (!std::isfinite(value)) return colours::purple;
    const std::uint8_t grey = level((value - low) / (high - low));
    return Colour{grey, grey, grey};
  };
  return enlarged(map.extent(1), map.extent(0), scale, colour_of);
}

Colour tint(Colour colour, float amount) {
  const auto mix = [amount](std::uint8_t channel) {
    return level(1.0f -
                 amount * (1.0f - static_cast<float>(channel) / 255));
  };
  return {mix(colour.red), mix(colour.green), mix(colour.blue)};
}

Colour diverging_colour(float value, float range) {
  require_range("diverging_colour", range);
  if (!std::isfinite(value)) return colours::purple;
  const float amount = std::min(std::abs(value) / range, 1.0f);
  return tint(value < 0 ? colours::blue : colours::vermilion, amount);
}

Picture diverging_tile(const Tensor<>& map, int scale, float range) {
  require_rank(map.shape(), 2, "diverging_tile", "map (H, W)");
  require_scale("diverging_tile", scale);
  require_range("diverging_tile", range);
  return enlarged(map.extent(1), map.extent(0), scale, [&](int y, int x) {
    return diverging_colour(map(y, x), range);
  });
}

Picture rgb_tile(const Tensor<>& image, int scale) {
  require_rank(image.shape(), 3, "rgb_tile", "image (3, H, W)");
  require_scale("rgb_tile", scale);
  if (image.extent(0) != 3) {
    fail(Refusal::argument,
         "rgb_tile: expected an image (3, H, W), got shape " +
             to_string(image.shape()));
  }
  const auto colour_of = [&](int y, int x) {
    const float red = image(0, y, x), green = image(1, y, x),
                blue = image(2, y, x);
    if (!std::isfinite(red) || !std::isfinite(green) ||
        !std::isfinite(blue)) {
      return colours::purple;
    }
    return Colour{level(red), level(green), level(blue)};
  };
  return enlarged(image.extent(2), image.extent(1), scale, colour_of);
}

float largest_magnitude(const Tensor<>& map) {
  float largest = 0;
  for (const float value : map.data()) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest == 0 ? 1 : largest;
}

namespace {

// A number with a real minus sign, "−".
std::string number_text(float value, int decimals) {
  if (std::isnan(value)) return "NaN";
  const std::string text = fixed_text(value, decimals);
  return text[0] == '-' ? "−" + text.substr(1) : text;
}

// Digits are 7 rows high; the two rows below the base line stay empty.
constexpr int digit_height = 7;
// At this scale numbers in cells are as large as they need to be.
constexpr int largest_number_scale = 3;

}  // namespace

Picture number_tile(const Tensor<>& map, int cell, float range,
                    int decimals, int letters) {
  require_rank(map.shape(), 2, "number_tile", "map (H, W)");
  require_scale("number_tile", cell);
  require_range("number_tile", range);
  if (decimals < 0 || decimals > 9) {
    fail(Refusal::argument, "number_tile: expected 0 to 9 decimals, got " +
                                std::to_string(decimals));
  }
  for (const float value : map.data()) {
    letters = std::max(letters, text_width(number_text(value, decimals)));
  }
  // What a number needs at scale 1, with room on all sides.
  const int room =
      std::max(letters * Picture::letter_width + 3, digit_height + 4);
  const int scale = std::clamp(cell / room, 1, largest_number_scale);
  cell = std::max(cell, room * scale);

  Picture picture = diverging_tile(map, cell, range);
  for (int y = 0; y < map.extent(0); ++y) {
    for (int x = 0; x < map.extent(1); ++x) {
      const Colour background = picture.at(x * cell, y * cell);
      if (x > 0)
        picture.fill_rectangle(x * cell, y * cell, 1, cell, colours::faint);
      if (y > 0)
        picture.fill_rectangle(x * cell, y * cell, cell, 1, colours::faint);
      picture.centred_text(x * cell + cell / 2,
                           y * cell + (cell - digit_height * scale) / 2,
                           number_text(map(y, x), decimals),
                           text_colour_on(background), scale);
    }
  }
  return picture;
}

Picture colour_scale(const std::string& low, const std::string& middle,
                     const std::string& high, int width,
                     const std::function<Colour(float)>& colour_of) {
  constexpr int bar = 14, tick = 5, text_scale = Picture::page_scale;
  // Room for the three labels and a letter's width between them.
  const int label = std::max(Picture::text_width(low, text_scale),
                             Picture::text_width(high, text_scale));
  const int letter = Picture::letter_width * text_scale;
  const int between =
      std::max(letter, Picture::text_width(middle, text_scale));
  width = std::max(width, 2 * (label + letter) + between);
  width |= 1;  // odd: one column is the middle

  const int text_y = bar + tick + 2;
  Picture picture(width, text_y + Picture::text_height(low, text_scale));
  const int half = width / 2;
  for (int x = 0; x < width; ++x) {
    const float value =
        static_cast<float>(x - half) / static_cast<float>(half);
    picture.fill_rectangle(x, 0, 1, bar, colour_of(value));
  }
  picture.outline_rectangle(0, 0, width, bar, colours::faint);
  for (const int x : {0, half, width - 1}) {
    picture.fill_rectangle(x, bar, 1, tick, colours::ink);
  }
  picture.text(0, text_y, low, colours::ink, text_scale);
  picture.centred_text(half + 1, text_y, middle, colours::ink, text_scale);
  picture.text(width - Picture::text_width(high, text_scale), text_y, high,
               colours::ink, text_scale);
  return picture;
}

Picture diverging_scale(float range, int width) {
  require_range("diverging_scale", range);
  const std::string digits = short_text(range, 3);
  return colour_scale(
      "−" + digits, "0", "+" + digits, width,
      [](float value) { return diverging_colour(value, 1.0f); });
}

}  // namespace cnn
