#include "common/draw/page.hpp"

#include <algorithm>
#include <cmath>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn::plots {

[[noreturn]] void refuse(const std::string& plot, const std::string& what) {
  fail(Refusal::argument, plot + ": " + what);
}

void require_decimals(const std::string& plot, int decimals) {
  if (decimals < 0 || decimals > 15) {
    refuse(plot,
           "expected 0 to 15 decimals, got " + std::to_string(decimals));
  }
}

std::string not_finite_note(std::size_t count) {
  return counted_text(count, "value is not a finite number and is",
                      "values are not finite numbers and are") +
         " not drawn.";
}

std::string with_decimals(double value, int decimals) {
  return std::isfinite(value) ? fixed_text(value, decimals) : "n/a";
}

double widest(const Strings& texts, double font_size) {
  double width = 0;
  for (const std::string& text : texts) {
    width = std::max(width, text_width(text, font_size));
  }
  return width;
}

namespace {

Strings broken(const std::string& text, double width, double font_size) {
  return broken_into_lines(text, width, [&](const std::string& line) {
    return text_width(line, font_size);
  });
}

// The texts of a page, broken into lines.
struct Lines {
  Strings title, x, y, notes;

  explicit Lines(const Page& page) {
    const double across = page.width - 2 * edge;
    title = broken(page.title, across, title_size);
    x = broken(page.x_label, across, label_size);
    y = broken(page.y_label, page.height - 2 * edge, label_size);
    for (const std::string& note : page.notes) {
      const Strings lines = broken(note, across, small_size);
      notes.insert(notes.end(), lines.begin(), lines.end());
    }
  }
};

double height_of(const Strings& lines) {
  return line_height * static_cast<double>(lines.size());
}

// A text's middle, moved so that neither end leaves the page.
double kept_inside(double middle, double length, double page_length) {
  const double half = length / 2 + 4;
  return std::clamp(middle, std::min(half, page_length / 2),
                    std::max(page_length - half, page_length / 2));
}

}  // namespace

Area Page::area(const Room& room) const {
  const Lines lines(*this);
  Area area;
  area.left =
      edge + height_of(lines.y) + room.left + (y_label.empty() ? 0 : 4);
  area.right = width - edge - room.right;
  area.top = edge + 1.25 * height_of(lines.title) +
             (title.empty() ? 0 : 8) + room.top;
  area.bottom = height - edge - height_of(lines.notes) -
                height_of(lines.x) - room.bottom;
  if (area.width() < 60 || area.height() < 40) {
    refuse(plot, "the text leaves " +
                     fixed_text(std::max(area.width(), 0.0), 0) + " x " +
                     fixed_text(std::max(area.height(), 0.0), 0) + " of " +
                     std::to_string(width) + " x " +
                     std::to_string(height) +
                     " pixels for the plot; make it larger");
  }
  return area;
}

Drawing Page::drawing(const std::string& what) const {
  std::string description = (title.empty() ? what : title) + "\n" + what;
  if (!y_label.empty()) description += "; upwards: " + y_label;
  if (!x_label.empty()) description += "; across: " + x_label;
  for (const std::string& note : notes) description += "; " + note;
  return Drawing(width, height, description);
}

void Page::write(Drawing& drawing, const Area& area) const {
  const Lines lines(*this);
  double y = edge;
  for (const std::string& line : lines.title) {
    y += 1.25 * line_height;
    drawing.text(edge, y - 6, line, "title");
  }
  double x = edge;
  for (const std::string& line : lines.y) {
    x += line_height;
    const double middle = kept_inside((area.top + area.bottom) / 2,
                                      text_width(line, label_size), height);
    drawing.vertical_text(x - 4, middle, line, "label");
  }
  y = height - edge - (height_of(lines.x) + height_of(lines.notes));
  for (const std::string& line : lines.x) {
    y += line_height;
    const double middle = kept_inside((area.left + area.right) / 2,
                                      text_width(line, label_size), width);
    drawing.text(middle, y - 2, line, "label", "middle");
  }
  for (const std::string& line : lines.notes) {
    y += line_height;
    drawing.text(edge, y, line, "small");
  }
}

double y_tick_room(const Axis& y) {
  return widest(tick_texts(y.ticks(most_y_ticks)), small_size) + 10;
}

void draw_y_axis(Drawing& drawing, const Area& area, const Axis& y) {
  const std::vector<double> ticks = y.ticks(most_y_ticks);
  const Strings texts = tick_texts(ticks);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double at = y.pixel(ticks[i]);
    drawing.line(area.left, at, area.right, at, "grid");
    drawing.text(area.left - 8, at + half_digit, texts[i], "small", "end");
  }
}

std::vector<Place> in_rows(const std::vector<double>& lengths, double gap,
                           double row_height, double page_width) {
  std::vector<Place> places;
  Place next{edge, 0};
  for (const double length : lengths) {
    if (next.x > edge && next.x + length > page_width - edge) {
      next = {edge, next.y + row_height};
    }
    places.push_back(next);
    next.x += length + gap;
  }
  return places;
}

NameRow::NameRow(const std::string& plot, const Strings& all, double slot)
    : names(all) {
  std::size_t most_lines = 1;
  for (const std::string& name : names) {
    lines.push_back(broken(name, slot - 6, small_size));
    most_lines = std::max(most_lines, lines.back().size());
    upwards = upwards || widest(lines.back(), small_size) > slot - 4;
  }
  room = upwards ? 12 + widest(names, small_size)
                 : 8 + line_height * static_cast<double>(most_lines);
  if (upwards && slot < small_size + 1) {
    refuse(plot, std::to_string(names.size()) +
                     " names do not fit; make the plot wider");
  }
}

void NameRow::draw(Drawing& drawing, const Area& area) const {
  const double slot = area.width() / static_cast<double>(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double x = area.left + slot * (static_cast<double>(i) + 0.5);
    if (upwards) {
      drawing.vertical_text(x + half_digit, area.bottom + 8, names[i],
                            "small", "end");
      continue;
    }
    double y = area.bottom + 1;
    for (const std::string& line : lines[i]) {
      y += line_height;
      drawing.text(x, y, line, "small", "middle");
    }
  }
}

}  // namespace cnn::plots
