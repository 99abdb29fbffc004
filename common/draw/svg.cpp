#include "common/draw/svg.hpp"

#include <array>
#include <cmath>

#include "common/draw/text.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {
namespace {

using Point = std::pair<double, double>;

// Okabe and Ito's palette ("Color Universal Design", 2008), which stays
// distinct for colour-blind eyes. Departures: on the light page yellow is
// darker, on the dark page both blues are lighter and black is white.
// Text needs more contrast than a line, so it has darker tones on white.
struct Theme {
  std::string paper, ink, pale_ink, grid;
  std::array<std::string, 8> shapes, texts;
};

const Theme light_theme{"#ffffff",
                        "#1f2328",
                        "#57606a",
                        "#e3e6ea",
                        {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                         "#e69f00", "#56b4e9", "#b8a800", "#000000"},
                        {"#0072b2", "#b04c00", "#007a59", "#a3457b",
                         "#8f6200", "#1c76ab", "#736900", "#000000"}};

const Theme dark_theme{"#0d1117",
                       "#e6edf3",
                       "#9da7b1",
                       "#2a313a",
                       {"#3d9bdc", "#e66a0a", "#0ab587", "#d98ab6",
                        "#e69f00", "#8fd0f5", "#f0e442", "#ffffff"},
                       {"#4da6e5", "#f07f28", "#14c294", "#e09bc1",
                        "#e9ab22", "#8fd0f5", "#f0e442", "#ffffff"}};

const std::array<std::string, 8> dashes{"none",    "9 3",         "4 3",
                                        "9 3 2 3", "14 4",        "2 2",
                                        "4 2 1 2", "14 3 2 3 2 3"};

// The outlines of the marks around (0, 0), as SVG path data.
const std::array<std::string, 8> mark_shapes{
    "M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z",
    "M-3-3h6v6h-6z",
    "M0-3.9L3.9 3H-3.9z",
    "M0-4L4 0L0 4L-4 0z",
    "M-1-4h2v3h3v2h-3v3h-2v-3h-3v-2h3z",
    "M-3.5-2.1L-2.1-3.5L0-1.4L2.1-3.5L3.5-2.1L1.4 0L3.5 2.1L2.1 3.5"
    "L0 1.4L-2.1 3.5L-3.5 2.1L-1.4 0z",
    "M0 3.9L3.9-3H-3.9z",
    "M-4-1.5h8v3h-8z"};

// Lines in a tile of 8 x 8 pixels; the first series has none.
const std::array<std::string, 8> hatch_lines{"",
                                             "M-1 9L9-1M-1 1L1-1M7 9L9 7",
                                             "M0 4H8",
                                             "M-1-1L9 9M-1 7L1 9M7-1L9 1",
                                             "M4 0V8",
                                             "M-1 9L9-1M-1-1L9 9",
                                             "M0 4H8M4 0V8",
                                             "M2 2h1M6 6h1"};

// A coordinate with at most two decimals.
std::string number(double value) {
  if (!std::isfinite(value)) {
    fail(Refusal::argument, "Drawing: expected finite coordinates, got " +
                                std::to_string(value));
  }
  std::string text = fixed_text(value, 2);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// Control characters are not allowed in XML; they become spaces.
std::string escaped(const std::string& text) {
  const std::string special = "&<>\"'";
  const char* const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
  std::string result;
  for (const char c : text) {
    const std::size_t place = special.find(c);
    if (place != std::string::npos) {
      result += names[place];
    } else {
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + escaped(value) + "\"";
}

std::string attribute(const std::string& name, double value) {
  return attribute(name, number(value));
}

std::string joined(const std::vector<Point>& points) {
  std::string text;
  for (const auto& [x, y] : points) {
    text += (text.empty() ? "" : " ") + number(x) + "," + number(y);
  }
  return text;
}

std::string box(double x, double y, double width, double height) {
  return attribute("x", x) + attribute("y", y) + attribute("width", width) +
         attribute("height", height) + "/>\n";
}

// The rest of a text's element, from its attribute text-anchor on.
std::string anchored(const std::string& anchor, const std::string& text) {
  if (anchor != "start" && anchor != "middle" && anchor != "end") {
    fail(Refusal::argument,
         "Drawing: expected the anchor start, middle or end, got \"" +
             anchor + "\"");
  }
  return attribute("text-anchor", anchor) + ">" + escaped(text) +
         "</text>\n";
}

// The style rules that are the same on a light and on a dark page.
std::string shared_rules() {
  std::string rules =
      "text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,"
      "sans-serif}\n"
      "text.title{font-size:16px;font-weight:600}\n"
      "text.small{font-size:12px}\n"
      "line,polyline,circle,rect{fill:none}\n"
      ".axis,.grid{stroke-width:1}\n"
      ".dotted{stroke-width:1.5;stroke-dasharray:1.5 4}\n";
  for (std::size_t i = 0; i < dashes.size(); ++i) {
    const std::string name = ".series-" + std::to_string(i);
    rules += name + "{stroke-width:2;stroke-linejoin:round}line" + name +
             ",polyline" + name + "{stroke-dasharray:" + dashes[i] + "}\n";
  }
  for (std::size_t i = 1; i < hatch_lines.size(); ++i) {
    const std::string name = "hatch-" + std::to_string(i);
    rules += "." + name + "{fill:url(#" + name + ")}";
  }
  return rules +
         "\nline.leader{stroke-width:1;stroke-dasharray:none;opacity:.6}\n";
}

std::string colour_rules(const Theme& theme) {
  std::string rules =
      "text{fill:" + theme.ink + "}text.small{fill:" + theme.pale_ink +
      "}.paper{fill:" + theme.paper + "}.ink,text.ink{fill:" + theme.ink +
      "}\n.axis,.dotted{stroke:" + theme.pale_ink +
      "}.grid{stroke:" + theme.grid + "}.hatch{stroke:" + theme.paper +
      "}\n";
  for (std::size_t i = 0; i < theme.shapes.size(); ++i) {
    const std::string index = std::to_string(i);
    rules += ".series-" + index + "{stroke:" + theme.shapes[i] +
             "}text.series-" + index +
             "{stroke:none;fill:" + theme.texts[i] + "}.fill-" + index +
             "{fill:" + theme.shapes[i] + "}\n";
  }
  return rules;
}

// The marks and patterns that the body uses, each defined once.
std::string definitions(const std::string& body) {
  std::string result;
  for (std::size_t i = 0; i < mark_shapes.size(); ++i) {
    const std::string index = std::to_string(i);
    const std::string mark = "mark-" + index;
    if (body.find("url(#" + mark + ")") != std::string::npos) {
      result += "<marker" + attribute("id", mark) +
                " viewBox=\"-4 -4 8 8\" markerWidth=\"8\""
                " markerHeight=\"8\" markerUnits=\"userSpaceOnUse\"><path" +
                attribute("class", "fill-" + index) +
                attribute("d", mark_shapes[i]) + "/></marker>\n";
    }
    const std::string hatch = "hatch-" + index;
    if (i > 0 && body.find(hatch + "\"") != std::string::npos) {
      result += "<pattern" + attribute("id", hatch) +
                " width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
                "<path class=\"hatch\" fill=\"none\" stroke-width=\"1.2\"" +
                attribute("d", hatch_lines[i]) + "/></pattern>\n";
    }
  }
  return result.empty() ? "" : "<defs>\n" + result + "</defs>\n";
}

// The width of a character in units of the font size, as in wide fonts such
// as DejaVu Sans and Verdana.
double character_width(unsigned char c) {
  const std::string narrow = "fijlrt.,:;'|!()[]/I ";
  const std::string wide = "mwMW@%";
  if (narrow.find(static_cast<char>(c)) != std::string::npos) return 0.41;
  if (wide.find(static_cast<char>(c)) != std::string::npos) return 1;
  if (c >= 'A' && c <= 'Z') return 0.75;
  return 0.64;
}

}  // namespace

double text_width(const std::string& text, double font_size) {
  double width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // UTF-8: one byte begins a character, and those that follow it are
    // 10xxxxxx. Characters of three or more bytes may be as wide as they
    // are high (Chinese).
    if (byte < 0x80) {
      width += character_width(byte);
    } else if (byte >= 0xe0) {
      width += 1;
    } else if (byte >= 0xc0) {
      width += 0.75;
    }
  }
  return width * font_size;
}

Drawing::Drawing(int width, int height, const std::string& description)
    : width_(width), height_(height), description_(description) {
  if (width <= 0 || height <= 0) {
    fail(Refusal::argument, "Drawing: expected a positive size, got " +
                                std::to_string(width) + " x " +
                                std::to_string(height));
  }
  if (description.empty()) {
    fail(Refusal::argument,
         "Drawing: expected a description for those who cannot see it");
  }
}

void Drawing::line(double x1, double y1, double x2, double y2,
                   const std::string& style) {
  body_ += "<line" + attribute("class", style) + attribute("x1", x1) +
           attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
           "/>\n";
}

void Drawing::polyline(const std::vector<Point>& points,
                       const std::string& style) {
  body_ += "<polyline" + attribute("class", style) +
           attribute("points", joined(points)) + "/>\n";
}

void Drawing::rectangle(double x, double y, double width, double height,
                        const std::string& style) {
  body_ += "<rect" + attribute("class", style) + box(x, y, width, height);
}

void Drawing::filled(double x, double y, double width, double height,
                     const std::string& colour) {
  const std::string digits = "0123456789abcdefABCDEF";
  if (colour.size() != 7 || colour[0] != '#' ||
      colour.find_first_not_of(digits, 1) != std::string::npos) {
    fail(Refusal::argument,
         "Drawing: expected a colour as #rrggbb, got \"" + colour + "\"");
  }
  body_ += "<rect" + attribute("style", "fill:" + colour) +
           box(x, y, width, height);
}

void Drawing::circle(double x, double y, double radius,
                     const std::string& style) {
  body_ += "<circle" + attribute("class", style) + attribute("cx", x) +
           attribute("cy", y) + attribute("r", radius) + "/>\n";
}

// SVG puts a marker on every vertex of a line; the line itself is not
// drawn. That takes a few bytes per point, whereas a shape for each takes
// fifty.
void Drawing::marks(const std::vector<Point>& points, int series) {
  const int count = static_cast<int>(mark_shapes.size());
  if (series < 0 || series >= count) {
    fail(Refusal::argument, "Drawing: expected a series of 0 to 7, got " +
                                std::to_string(series));
  }
  if (points.empty()) return;
  const std::string shape = "url(#mark-" + std::to_string(series) + ")";
  body_ += "<polyline class=\"marks\"" + attribute("marker-start", shape) +
           attribute("marker-mid", shape) + attribute("marker-end", shape) +
           attribute("points", joined(points)) + "/>\n";
}

void Drawing::text(double x, double y, const std::string& text,
                   const std::string& style, const std::string& anchor) {
  body_ += "<text" + attribute("class", style) + attribute("x", x) +
           attribute("y", y) + anchored(anchor, text);
}

void Drawing::vertical_text(double x, double y, const std::string& text,
                            const std::string& style,
                            const std::string& anchor) {
  const std::string move =
      "translate(" + number(x) + " " + number(y) + ") rotate(-90)";
  body_ += "<text" + attribute("class", style) +
           attribute("transform", move) + anchored(anchor, text);
}

std::string Drawing::svg() const {
  const std::string width = std::to_string(width_);
  const std::string height = std::to_string(height_);
  const std::string title = description_.substr(0, description_.find('\n'));
  std::string result = "<svg xmlns=\"http://www.w3.org/2000/svg\"" +
                       attribute("width", width) +
                       attribute("height", height) +
                       attribute("viewBox", "0 0 " + width + " " + height) +
                       " role=\"img\">\n";
  result += "<title>" + escaped(title) + "</title>\n";
  result += "<desc>" + escaped(description_) + "</desc>\n";
  const bool errors = body_.find(" error\"") != std::string::npos;
  result += "<style>\n" + shared_rules() +
            (errors ? "line.error{stroke-width:1.5;stroke-dasharray:none}\n"
                    : "") +
            colour_rules(light_theme) +
            "@media (prefers-color-scheme: dark){\n" +
            colour_rules(dark_theme) +
            "}\ntext.on-light{fill:#000000}text.on-dark{fill:#ffffff}\n"
            "</style>\n";
  result += definitions(body_);
  result += "<rect class=\"paper\"" + attribute("width", width) +
            attribute("height", height) + "/>\n";
  return result + body_ + "</svg>\n";
}

}  // namespace cnn
