// The plots are parsed again: they must be well-formed XML, with
// coordinates where they belong and all numbers accounted for.
#include "common/draw/plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

namespace {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // with entities resolved

  bool has_class(const std::string& style) const {
    const auto found = attributes.find("class");
    if (found == attributes.end()) return false;
    return (" " + found->second + " ").find(" " + style + " ") !=
           std::string::npos;
  }
  double number(const std::string& attribute) const {
    std::istringstream in(attributes.at(attribute));
    double value = not_a_number;
    in >> value;
    return value;
  }
};

// A parser for the XML that SVG needs; throws where a real one would stop.
class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  std::vector<Element> elements() {
    while (position_ < text_.size()) {
      if (text_[position_] == '<') {
        tag();
      } else {
        const std::size_t end =
            std::min(text_.find('<', position_), text_.size());
        const std::string raw = text_.substr(position_, end - position_);
        const std::string resolved = resolve(raw);
        if (!open_.empty()) elements_[open_.back()].text += resolved;
        if (open_.empty() && raw.find_first_not_of('\n') != raw.npos) {
          fail("text outside the root");
        }
        position_ = end;
      }
    }
    if (!open_.empty()) fail("unclosed " + elements_[open_.back()].name);
    return elements_;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("XML: " + what + " at " +
                             std::to_string(position_));
  }

  std::string until(const std::string& stops) {
    const std::size_t end = text_.find_first_of(stops, position_);
    if (end == std::string::npos) fail("end of file");
    const std::string part = text_.substr(position_, end - position_);
    position_ = end;
    return part;
  }

  std::string resolve(const std::string& raw) const {
    const std::map<std::string, char> entities{{"amp", '&'},
                                               {"lt", '<'},
                                               {"gt", '>'},
                                               {"quot", '"'},
                                               {"#39", '\''}};
    std::string result;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const auto c = static_cast<unsigned char>(raw[i]);
      if (c < 0x20 && c != '\n') fail("a control character");
      if (c == '<') fail("a raw <");
      if (c != '&') {
        result += raw[i];
        continue;
      }
      const std::size_t end = raw.find(';', i);
      if (end == std::string::npos) fail("a raw &");
      const auto entity = entities.find(raw.substr(i + 1, end - i - 1));
      if (entity == entities.end()) fail("an unknown entity");
      result += entity->second;
      i = end;
    }
    return result;
  }

  void tag() {
    ++position_;
    if (text_[position_] == '/') {
      ++position_;
      const std::string name = until(">");
      ++position_;
      if (open_.empty() || elements_[open_.back()].name != name) {
        fail("unexpected </" + name + ">");
      }
      open_.pop_back();
      return;
    }
    Element element;
    element.name = until(" />\n");
    while (text_[position_] == ' ') attribute(element);
    const bool closed = text_[position_] == '/';
    if (closed) ++position_;
    if (text_[position_] != '>') fail("a tag without its >");
    ++position_;
    if (open_.empty() && !elements_.empty()) fail("a second root");
    elements_.push_back(element);
    if (!closed) open_.push_back(elements_.size() - 1);
  }

  void attribute(Element& element) {
    ++position_;
    const std::string name = until("= />");
    if (text_.compare(position_, 2, "=\"") != 0) fail("no quoted value");
    position_ += 2;
    const std::string value = resolve(until("\""));
    ++position_;
    if (!element.attributes.emplace(name, value).second) {
      fail("attribute " + name + " twice");
    }
  }

  std::string text_;
  std::size_t position_ = 0;
  std::vector<Element> elements_;
  std::vector<std::size_t> open_;
};

std::vector<Element> elements_of(const std::string& svg) {
  return Parser(svg).elements();
}

std::vector<Element> with_class(const std::vector<Element>& elements,
                                const std::string& name,
                                const std::string& style) {
  std::vector<Element> found;
  for (const Element& element : elements) {
    if (element.name == name && element.has_class(style)) {
      found.push_back(element);
    }
  }
  return found;
}

std::vector<std::string> texts(const std::vector<Element>& elements) {
  std::vector<std::string> found;
  for (const Element& element : elements) {
    if (element.name == "text") found.push_back(element.text);
  }
  return found;
}

std::ptrdiff_t times_written(const std::vector<Element>& elements,
                             const std::string& text) {
  const std::vector<std::string> all = texts(elements);
  return std::count(all.begin(), all.end(), text);
}

const Element& text_element(const std::vector<Element>& elements,
                            const std::string& text) {
  for (const Element& element : elements) {
    if (element.name == "text" && element.text == text) return element;
  }
  throw std::runtime_error("no text \"" + text + "\"");
}

std::vector<std::pair<double, double>> points_of(const Element& element) {
  std::istringstream in(element.attributes.at("points"));
  std::vector<std::pair<double, double>> points;
  double x = 0, y = 0;
  char comma = 0;
  while (in >> x >> comma >> y) points.emplace_back(x, y);
  if (!in.eof()) throw std::runtime_error("points are not numbers");
  return points;
}

// The plot area of a line plot: the grid lines give its sides, the vertical
// axis its top and bottom.
struct Area {
  double left = not_a_number, right = not_a_number, top = not_a_number,
         bottom = not_a_number;
};

Area area_of(const std::vector<Element>& elements) {
  Area area;
  const Element grid = with_class(elements, "line", "grid").at(0);
  area.left = grid.number("x1");
  area.right = grid.number("x2");
  for (const Element& axis : with_class(elements, "line", "axis")) {
    if (axis.number("x1") == axis.number("x2") &&
        axis.number("x1") == area.left &&
        axis.number("y2") - axis.number("y1") > 40) {
      area.top = axis.number("y1");
      area.bottom = axis.number("y2");
    }
  }
  return area;
}

const std::string awkward = "a <b> & \"c\" 'd' \u03b5 \u6570\u5b57\x01!";
const std::string awkward_shown = "a <b> & \"c\" 'd' \u03b5 \u6570\u5b57 !";

cnn::LinePlot line_plot() {
  cnn::LinePlot plot;
  plot.title = "Loss";
  plot.x_label = "step";
  plot.y_label = "loss (nats)";
  plot.series = {{"train", {0, 1, 2, 3}, {2, 1, 0.5, 0.25}},
                 {"test", {0, 1, 2, 3}, {2, 1.2, 0.7, 0.3}},
                 {"seen", {0.5, 1.5}, {1, 1}, true}};
  plot.reference = {2.302585, "ln 10"};
  return plot;
}

cnn::BarPlot bar_plot() {
  cnn::BarPlot plot;
  plot.title = "Accuracy";
  plot.y_label = "accuracy (%)";
  plot.names = {"chance", "dense", "convolutional network", "ours"};
  plot.bars = {{"plain", {10, 90.25, 97.5, 98}},
               {"permuted", {10, 90.5, 93.5, 94}}};
  return plot;
}

cnn::HeatMap heat_map() {
  cnn::HeatMap plot;
  plot.title = "Confusion";
  plot.x_label = "said";
  plot.y_label = "true";
  plot.column_names = {"0", "1", "2"};
  plot.row_names = {"zero", "one", "two"};
  plot.values = cnn::Tensor<>({3, 3}, {71, 3, 0, 0, 82, 14, 5, 0, 93});
  return plot;
}

std::vector<std::string> every_kind_of_plot() {
  cnn::LinePlot line = line_plot();
  line.title = line.x_label = line.y_label = awkward;
  line.series[0].label = line.series[2].label = awkward;
  line.series[1].y[2] = not_a_number;
  line.reference->second = awkward;
  cnn::LinePlot logarithmic = line_plot();
  logarithmic.log_x = logarithmic.log_y = true;
  cnn::BarPlot bar = bar_plot();
  bar.title = bar.names[0] = bar.bars[0].label = awkward;
  bar.bars[1].values[1] = -infinity;
  cnn::HeatMap map = heat_map();
  map.title = map.row_names[1] = map.column_names[2] = awkward;
  map.values(0, 1) = infinity;
  cnn::HeatMap apart = heat_map();
  apart.diagonal_apart = true;
  return {line.svg(), logarithmic.svg(), bar.svg(), map.svg(), apart.svg()};
}

}  // namespace

TEST_CASE("every kind of plot is well-formed XML", "[plot]") {
  for (const std::string& svg : every_kind_of_plot()) {
    std::vector<Element> elements;
    REQUIRE_NOTHROW(elements = elements_of(svg));
    REQUIRE(elements.at(0).name == "svg");
    CHECK(elements[0].attributes.at("role") == "img");
    CHECK(elements[0].attributes.count("viewBox") == 1);
    CHECK(elements.at(1).name == "title");
    CHECK(!elements[1].text.empty());
    CHECK(elements.at(2).name == "desc");
    CHECK(!elements[2].text.empty());
  }
}

TEST_CASE("the test's own parser rejects what is not XML", "[plot]") {
  CHECK_THROWS(elements_of("<a><b></a></b>"));
  CHECK_THROWS(elements_of("<a>x & y</a>"));
  CHECK_THROWS(elements_of("<a b=c></a>"));
  CHECK_THROWS(elements_of("<a b=\"<\"></a>"));
  CHECK_THROWS(elements_of("<a>"));
  CHECK_NOTHROW(elements_of("<a b=\"&lt;\">&amp;</a>"));
}

TEST_CASE("no attribute holds a number that is not finite", "[plot]") {
  for (const std::string& svg : every_kind_of_plot()) {
    for (const Element& element : elements_of(svg)) {
      for (const auto& [name, value] : element.attributes) {
        if (name == "style" || name == "class" || name == "role") continue;
        INFO(element.name << " " << name << " " << value);
        CHECK(value.find("nan") == std::string::npos);
        CHECK(value.find("inf") == std::string::npos);
        CHECK(value.find("-0,") == std::string::npos);
      }
    }
  }
}

TEST_CASE("labels come through as they were given", "[plot]") {
  cnn::LinePlot plot = line_plot();
  plot.title = awkward;
  plot.series[0].label = awkward;
  const auto elements = elements_of(plot.svg());
  // The title and the label; a control character becomes a space.
  CHECK(times_written(elements, awkward_shown) == 2);
  CHECK(times_written(elements, "loss (nats)") == 1);
  CHECK(times_written(elements, "step") == 1);
  CHECK(times_written(elements, "ln 10") == 1);
}

TEST_CASE("a plot carries a light and a dark style", "[plot]") {
  for (const std::string& svg : every_kind_of_plot()) {
    const std::size_t dark =
        svg.find("@media (prefers-color-scheme: dark)");
    REQUIRE(dark != std::string::npos);
    CHECK(svg.find(".paper{fill:#ffffff}") < dark);
    const std::size_t dark_paper = svg.find(".paper{fill:#0d1117}");
    CHECK(dark_paper != std::string::npos);
    CHECK(dark_paper > dark);
    const Element paper =
        with_class(elements_of(svg), "rect", "paper").at(0);
    CHECK(paper.number("width") >= 560);
  }
}

TEST_CASE("the same plot gives the same bytes", "[plot]") {
  CHECK(every_kind_of_plot() == every_kind_of_plot());
}

TEST_CASE("data map to pixels linearly, y upwards", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"", {0, 5, 10}, {0, 25, 100}}};
  plot.x_min = 0;
  plot.x_max = 10;
  plot.y_min = 0;
  plot.y_max = 100;
  const auto elements = elements_of(plot.svg());
  const Area area = area_of(elements);
  const auto points =
      points_of(with_class(elements, "polyline", "series-0").at(0));
  REQUIRE(points.size() == 3);
  CHECK_THAT(points[0].first, WithinAbs(area.left, 0.011));
  CHECK_THAT(points[1].first,
             WithinAbs((area.left + area.right) / 2, 0.011));
  CHECK_THAT(points[2].first, WithinAbs(area.right, 0.011));
  CHECK_THAT(points[0].second, WithinAbs(area.bottom, 0.011));
  CHECK_THAT(
      points[1].second,
      WithinAbs(area.bottom + 0.25 * (area.top - area.bottom), 0.011));
  CHECK_THAT(points[2].second, WithinAbs(area.top, 0.011));
  CHECK(points[2].second < points[1].second);
}

TEST_CASE("errors are bars from y - error to y + error", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"", {0, 5, 10}, {50, 50, 90}, false, {25, 0, 30}}};
  plot.x_min = 0;
  plot.x_max = 10;
  plot.y_min = 0;
  plot.y_max = 100;
  auto elements = elements_of(plot.svg());
  const Area area = area_of(elements);
  auto bars = with_class(elements, "line", "series-0 error");
  REQUIRE(bars.size() == 2);  // an error of 0 is no bar
  const auto height = [&](double share) {
    return area.bottom + share * (area.top - area.bottom);
  };
  CHECK_THAT(bars[0].number("x1"), WithinAbs(area.left, 0.011));
  CHECK_THAT(bars[0].number("x2"), WithinAbs(area.left, 0.011));
  CHECK_THAT(bars[0].number("y1"), WithinAbs(height(0.25), 0.011));
  CHECK_THAT(bars[0].number("y2"), WithinAbs(height(0.75), 0.011));
  // The last is cut off at the top of the plot.
  CHECK_THAT(bars[1].number("y1"), WithinAbs(height(0.6), 0.011));
  CHECK_THAT(bars[1].number("y2"), WithinAbs(height(1), 0.011));

  // Where the axis is not given, it has room for the bars.
  plot.y_min.reset();
  plot.y_max.reset();
  for (const auto& bar :
       with_class(elements_of(plot.svg()), "line", "series-0 error"))
    CHECK(bar.number("y1") - bar.number("y2") > 40);

  // On a logarithmic axis a bar that reaches 0 goes on to the edge.
  plot.log_y = true;
  plot.series[0].errors = {50, 10, 0};
  plot.y_min = 1;
  plot.y_max = 1000;
  elements = elements_of(plot.svg());
  bars = with_class(elements, "line", "series-0 error");
  REQUIRE(bars.size() == 2);
  CHECK_THAT(bars[0].number("y1"),
             WithinAbs(area_of(elements).bottom, 0.011));

  plot.series[0].errors = {1, 2};
  CHECK_THROWS_AS(plot.svg(), std::invalid_argument);
  plot.series[0].errors = {1, -2, 3};
  CHECK_THROWS_AS(plot.svg(), std::invalid_argument);
  plot.series[0].errors = {1, std::nan(""), 3};
  CHECK_THROWS_AS(plot.svg(), std::invalid_argument);
}

TEST_CASE("a log axis gives every decade the same length", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"", {1, 10, 100, 1000}, {1e-6, 1e-4, 1e-2, 1}}};
  plot.log_x = plot.log_y = true;
  const auto elements = elements_of(plot.svg());
  const auto points =
      points_of(with_class(elements, "polyline", "series-0").at(0));
  REQUIRE(points.size() == 4);
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK_THAT(points[i + 1].first - points[i].first,
               WithinAbs(points[i].first - points[i - 1].first, 0.02));
    CHECK_THAT(points[i + 1].second - points[i].second,
               WithinAbs(points[i].second - points[i - 1].second, 0.02));
  }
  CHECK(times_written(elements, "1000") == 1);
  CHECK(times_written(elements, "1e-06") == 1);
}

TEST_CASE("a line to compare with is drawn as the reference is", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"result", {0, 1}, {1, 2}}, {"roof", {0, 1}, {2, 3}}};
  plot.series[1].reference = true;
  const auto elements = elements_of(plot.svg());
  CHECK(with_class(elements, "polyline", "series-0").size() == 1);
  CHECK(with_class(elements, "polyline", "series-1").empty());
  CHECK(with_class(elements, "polyline", "dotted").size() == 1);
  CHECK(with_class(elements, "text", "series-1").empty());
  CHECK(times_written(elements, "roof") == 1);
}

TEST_CASE("lines end at the edge of the plot area", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"wild", {}, {}}, {"cloud", {}, {}, true}};
  for (int i = 0; i <= 200; ++i) {
    for (cnn::Series& series : plot.series) {
      series.x.push_back(i);
      series.y.push_back(i % 7 == 0 ? 1e30 : 3 * std::sin(0.3 * i));
    }
  }
  plot.x_min = 22.5;
  plot.x_max = 150.5;
  plot.y_min = -1;
  plot.y_max = 2;
  const auto elements = elements_of(plot.svg());
  const Area area = area_of(elements);
  int lines = 0;
  for (const Element& element : elements) {
    if (element.name != "polyline") continue;
    // The cloud's label has its mark in the margin.
    const auto points = points_of(element);
    if (points.size() == 1) continue;
    ++lines;
    for (const auto& [x, y] : points) {
      CHECK(x >= area.left - 0.01);
      CHECK(x <= area.right + 0.01);
      CHECK(y >= area.top - 0.01);
      CHECK(y <= area.bottom + 0.01);
    }
  }
  CHECK(lines > 10);
  // The first piece starts on the left edge, between two of the data.
  const auto first =
      points_of(with_class(elements, "polyline", "series-0").at(0));
  CHECK_THAT(first[0].first, WithinAbs(area.left, 0.011));
}

TEST_CASE("values that cannot be drawn are counted", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"a", {0, 1, 2, 3, 4}, {1, not_a_number, 3, infinity, 5}}};
  auto elements = elements_of(plot.svg());
  CHECK(times_written(elements,
                      "2 values are not finite numbers and are not "
                      "drawn.") == 1);
  // Between gaps a value stands alone, as a dot.
  CHECK(with_class(elements, "circle", "fill-0").size() == 3);

  plot.series = {{"a", {1, 2, 3}, {1, 0, -2}}};
  plot.log_y = true;
  elements = elements_of(plot.svg());
  CHECK(times_written(elements,
                      "2 values are not positive and have no place on a "
                      "logarithmic axis.") == 1);

  plot = {};
  plot.series = {{"a", {1, 2, 3}, {1, 20, 2}}};
  plot.y_max = 5;
  CHECK(times_written(elements_of(plot.svg()),
                      "1 value lies above what the axis shows.") == 1);
  plot.series[0].y = {-1, 6, -2};
  plot.y_min = 0;
  elements = elements_of(plot.svg());
  CHECK(times_written(elements,
                      "1 value lies above what the axis shows.") == 1);
  CHECK(times_written(elements,
                      "2 values lie below what the axis shows.") == 1);
  plot.y_min = plot.y_max = {};
  for (const std::string& text : texts(elements_of(plot.svg()))) {
    CHECK(text.find("value") == std::string::npos);
  }
}

TEST_CASE("degenerate data still draw", "[plot]") {
  cnn::LinePlot plot;
  SECTION("one point") {
    plot.series = {{"one", {3}, {7}}};
    const auto elements = elements_of(plot.svg());
    const auto dots = with_class(elements, "circle", "fill-0");
    REQUIRE(dots.size() == 1);
    const Area area = area_of(elements);
    CHECK(dots[0].number("cx") > area.left + 10);
    CHECK(dots[0].number("cx") < area.right - 10);
    CHECK(dots[0].number("cy") > area.top + 10);
    CHECK(dots[0].number("cy") < area.bottom - 10);
  }
  SECTION("a constant") {
    plot.series = {{"flat", {0, 1, 2}, {0, 0, 0}}};
    const auto elements = elements_of(plot.svg());
    const Area area = area_of(elements);
    const auto points =
        points_of(with_class(elements, "polyline", "series-0").at(0));
    CHECK_THAT(points[1].second,
               WithinAbs((area.top + area.bottom) / 2, 1));
  }
  SECTION("nothing finite") {
    plot.series = {{"gone", {0, 1}, {not_a_number, not_a_number}}};
    CHECK(times_written(elements_of(plot.svg()), "gone (no values)") == 1);
  }
  SECTION("limits beyond the data") {
    plot.series = {{"low", {0, 1}, {5, 6}}};
    plot.y_max = 3;
    CHECK_NOTHROW(elements_of(plot.svg()));
  }
  SECTION("extremes of double") {
    plot.series = {{"far", {0, 1, 2, 3}, {-1e150, 1e150, 1e308, 5e-324}}};
    CHECK_NOTHROW(elements_of(plot.svg()));
    plot.series = {{"near", {0, 1}, {1, 1 + 1e-15}}};
    CHECK_NOTHROW(elements_of(plot.svg()));
    plot.series = {{"tiny", {0, 1}, {0, 5e-324}}};
    CHECK_NOTHROW(elements_of(plot.svg()));
    plot.series = {{"small", {1e-150, 2e-150}, {1e-150, 1e150}}};
    plot.log_x = plot.log_y = true;
    CHECK_NOTHROW(elements_of(plot.svg()));
  }
}

TEST_CASE("end labels neither overlap nor leave the page", "[plot]") {
  cnn::LinePlot plot;
  for (int i = 0; i < 8; ++i) {
    plot.series.push_back(
        {"a rather long label, number " + std::to_string(i),
         {0, 1},
         {1, i < 5 ? 0.01 * i : 0.4}});
  }
  plot.reference = {0.0, "reference"};
  const auto elements = elements_of(plot.svg());
  const Area area = area_of(elements);
  std::vector<double> heights;
  for (const Element& element : elements) {
    if (element.name != "text" || !element.has_class("label") ||
        element.attributes.count("x") == 0) {
      continue;
    }
    const double x = element.number("x");
    if (x < area.right) continue;
    heights.push_back(element.number("y"));
    CHECK(x + cnn::text_width(element.text, 13) <= 640);
    CHECK(heights.back() > 8);
    CHECK(heights.back() < 392);
  }
  REQUIRE(heights.size() == 9);
  std::sort(heights.begin(), heights.end());
  for (std::size_t i = 1; i < heights.size(); ++i) {
    CHECK(heights[i] - heights[i - 1] >= 15);
  }
  // The order of the labels is the order of the lines' ends.
  CHECK(
      text_element(elements, "a rather long label, number 4").number("y") <
      text_element(elements, "a rather long label, number 1").number("y"));
}

TEST_CASE("a label alone stands at the end of its line", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"up", {0, 1}, {0, 7}}, {"down", {0, 1}, {7, 1}}};
  const auto elements = elements_of(plot.svg());
  for (const auto& [label, style] :
       {std::pair{"up", "series-0"}, std::pair{"down", "series-1"}}) {
    const auto end =
        points_of(with_class(elements, "polyline", style).at(0)).back();
    CHECK_THAT(text_element(elements, label).number("y"),
               WithinAbs(end.second, 6));
  }
}

TEST_CASE("a label far from the margin has no line across the plot") {
  cnn::LinePlot plot;
  plot.series = {{"whole", {0, 10}, {0, 1}}, {"half", {0, 5}, {1, 0}}};
  const auto leaders = [&] {
    std::size_t count = 0;
    const std::string svg = plot.svg();
    for (std::size_t at = 0;
         (at = svg.find(" leader\"", at)) != std::string::npos; ++at)
      ++count;
    return count;
  };
  CHECK(leaders() == 1);
  CHECK(times_written(elements_of(plot.svg()), "half") == 1);
  plot.series[1].x[1] = 9.9;
  CHECK(leaders() == 2);
}

TEST_CASE("a label beside a line that falls steeply is not crossed by it") {
  cnn::LinePlot plot;
  const auto room = [&] {  // between the label and its line's end
    const auto elements = elements_of(plot.svg());
    return points_of(with_class(elements, "polyline", "series-1").at(0))
               .back()
               .first -
           text_element(elements, "half").number("x");
  };
  plot.series = {{"whole", {0, 100}, {0, 1}}, {"half", {0, 50}, {1, 0}}};
  CHECK_THAT(room(), WithinAbs(0, 0.01));  // falls gently
  plot.series[1].x[0] = 49;
  CHECK(room() > 4);
  CHECK(room() < 13);
  plot.series[1].y = {0, 1};  // rises
  CHECK_THAT(room(), WithinAbs(0, 0.01));
}

TEST_CASE(
    "a label far from the margin stands where its line does not run") {
  cnn::LinePlot plot;
  const auto below = [&](double from, double to) {
    plot.series = {{"whole", {0, 100}, {0, 1}},
                   {"half", {0, 50}, {from, to}}};
    const auto elements = elements_of(plot.svg());
    const Element label = text_element(elements, "half");
    return label.number("y") -
           points_of(with_class(elements, "polyline", "series-1").at(0))
               .back()
               .second;
  };
  CHECK(below(0, 0.5) < 0);
  CHECK(below(0.55, 0.5) < 0);  // hardly falls
  CHECK(below(1, 0.5) > 12);
  CHECK(below(1, 0) < 0);  // below it is the axis
}

TEST_CASE("a label beside a line's end does not cross the axis") {
  cnn::LinePlot plot;
  const std::string name = "a line that ends soon";
  plot.series = {{"whole", {0, 100}, {0, 1}}, {name, {0, 8}, {0, 1}}};
  const auto elements = elements_of(plot.svg());
  const Element label = text_element(elements, name);
  CHECK(label.attributes.at("text-anchor") == "end");
  CHECK(label.number("x") > area_of(elements).left + 100);
}

TEST_CASE("points have a mark each", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"line", {0, 1}, {0, 1}},
                 {"points", {0.2, 0.4, 0.6}, {0.5, 0.1, 0.9}, true}};
  const auto elements = elements_of(plot.svg());
  const auto marks = with_class(elements, "polyline", "marks");
  REQUIRE(marks.size() == 2);  // one of them beside the label
  CHECK(points_of(marks[0]).size() == 3);
  CHECK(marks[0].attributes.at("marker-mid") == "url(#mark-1)");
  CHECK(points_of(marks[1]).size() == 1);
  CHECK(with_class(elements, "polyline", "series-1").empty());
}

TEST_CASE("points may have the colour of their line", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"one", {0, 1}, {0, 1}},
                 {"other", {0, 1}, {1, 0}},
                 {"", {0.2, 0.4, 0.6}, {0.5, 0.1, 0.9}, true}};
  plot.series[2].like = 1;
  const auto elements = elements_of(plot.svg());
  CHECK(with_class(elements, "polyline", "marks").empty());
  CHECK(with_class(elements, "circle", "fill-1").size() == 3);
}

TEST_CASE("ticks are round numbers", "[plot]") {
  CHECK(cnn::tick_text(0.05) == "0.05");
  CHECK(cnn::tick_text(1e-6) == "1e-06");
  CHECK(cnn::tick_text(0.1 + 0.2) == "0.3");
  CHECK(cnn::tick_text(-0.0) == "0");
  CHECK(cnn::tick_text(60000) == "60000");
  cnn::LinePlot plot;
  plot.series = {{"", {0, 10}, {0, 1}}};
  auto elements = elements_of(plot.svg());
  for (const char* tick : {"0.2", "0.4", "0.6", "0.8", "10"}) {
    CHECK(times_written(elements, tick) == 1);
  }
  // The last of 16 floats lies just below 0.3.
  plot.series = {{"", {0, 15 * 0.02f}, {0, 1}}};
  CHECK(times_written(elements_of(plot.svg()), "0.3") == 1);
  // The first is a little above 0.001, and the last a little below 0.1.
  plot.log_x = true;
  plot.series = {{"", {0.001f, 100 * 0.0009999999f}, {0, 1}}};
  elements = elements_of(plot.svg());
  for (const char* tick : {"0.001", "0.01", "0.1"})
    CHECK(times_written(elements, tick) == 1);
  plot.log_x = false;
  // Neighbours that differ in the seventh digit are still told apart.
  plot.series = {{"", {0, 1}, {1234567, 1234569}}};
  elements = elements_of(plot.svg());
  CHECK(times_written(elements, "1234568") == 1);
  // Large whole numbers are grouped, all of an axis or none.
  plot.series = {{"", {0, 1}, {0, 20000}}};
  elements = elements_of(plot.svg());
  for (const char* tick : {"0", "5,000", "20,000"})
    CHECK(times_written(elements, tick) >= 1);
  plot.series = {{"", {0, 1}, {0, 8000}}};
  CHECK(times_written(elements_of(plot.svg()), "8000") == 1);
}

TEST_CASE("1 is a tick of every wide logarithmic axis around it",
          "[plot]") {
  const auto low = GENERATE(-27, -26, -20, -14, -13, -7, -3, -1, 0);
  const auto high = GENERATE(3, 8, 9, 13, 30);
  cnn::LinePlot plot;
  plot.log_y = true;
  plot.y_label = "y";
  const auto power = [](int k) { return std::pow(10.0, k); };
  plot.series = {{"", {3, 4}, {power(low), power(high)}}};
  CAPTURE(low, high);
  CHECK(times_written(elements_of(plot.svg()), "1") == 1);
}

TEST_CASE("where x counts, no tick stands between two numbers", "[plot]") {
  cnn::LinePlot plot;
  plot.series = {{"", {1, 2, 3, 4}, {0, 1, 1, 1}}};
  auto elements = elements_of(plot.svg());
  for (const char* tick : {"2", "3", "4"})
    CHECK(times_written(elements, tick) == 1);
  for (const char* tick : {"1.5", "2.5", "3.5"})
    CHECK(times_written(elements, tick) == 0);
  plot.series[0].x[1] = 2.25;
  CHECK(times_written(elements_of(plot.svg()), "2.5") == 1);
}

TEST_CASE("every bar has its value and its pattern", "[plot]") {
  const auto elements = elements_of(bar_plot().svg());
  // One more of each kind stands in the legend.
  CHECK(with_class(elements, "rect", "fill-0").size() == 4 + 1);
  CHECK(with_class(elements, "rect", "fill-1").size() == 4 + 1);
  CHECK(with_class(elements, "rect", "hatch-0").empty());
  CHECK(with_class(elements, "rect", "hatch-1").size() == 4 + 1);
  CHECK(times_written(elements, "10.0") == 2);
  CHECK(times_written(elements, "97.5") == 1);
  CHECK(times_written(elements, "98.0") == 1);
  CHECK(times_written(elements, "plain") == 1);
  CHECK(times_written(elements, "permuted") == 1);
  CHECK(times_written(elements, "dense") == 1);
  // A name that is too long for its place is broken.
  CHECK(times_written(elements, "convolutional") == 1);
  CHECK(times_written(elements, "network") == 1);

  cnn::BarPlot alone = bar_plot();
  alone.bars.pop_back();
  CHECK(with_class(elements_of(alone.svg()), "rect", "fill-0").size() == 4);
}

TEST_CASE("bars grow from zero in both directions", "[plot]") {
  cnn::BarPlot plot;
  plot.names = {"a", "b", "c", "d"};
  plot.bars = {{"", {2, -1, 0, not_a_number}}};
  const auto elements = elements_of(plot.svg());
  const auto bars = with_class(elements, "rect", "fill-0");
  REQUIRE(bars.size() == 2);  // neither 0 nor NaN has any height
  const double base = bars[0].number("y") + bars[0].number("height");
  CHECK_THAT(bars[1].number("y"), WithinAbs(base, 0.021));
  CHECK_THAT(bars[0].number("height"),
             WithinAbs(2 * bars[1].number("height"), 0.03));
  CHECK(text_element(elements, "2.0").number("y") < bars[0].number("y"));
  CHECK(text_element(elements, "-1.0").number("y") >
        base + bars[1].number("height"));
  CHECK(times_written(elements, "0.0") == 1);
  CHECK(times_written(elements, "n/a") == 1);
  CHECK(times_written(elements,
                      "1 value is not a finite number and is not drawn.") ==
        1);
}

TEST_CASE("bars are cut at limits, their numbers are not", "[plot]") {
  cnn::BarPlot plot;
  plot.names = {"a", "b"};
  plot.bars = {{"", {95, 40}}};
  plot.y_min = 90;
  plot.y_max = 100;
  const auto elements = elements_of(plot.svg());
  CHECK(with_class(elements, "rect", "fill-0").size() == 1);
  CHECK(times_written(elements, "40.0") == 1);
  CHECK(times_written(elements,
                      "1 bar does not end on the axis; the number on it "
                      "is right.") == 1);
}

TEST_CASE("narrow bars turn their values and names upwards", "[plot]") {
  cnn::BarPlot plot;
  cnn::BarPlot::Bars bars{"", {}};
  for (int i = 0; i < 30; ++i) {
    plot.names.push_back("number" + std::to_string(i));
    bars.values.push_back(1000.5 + i);
  }
  plot.bars = {bars};
  const auto elements = elements_of(plot.svg());
  for (const char* text : {"number7", "1007.5"}) {
    CHECK(text_element(elements, text).attributes.count("transform") == 1);
  }
  plot.bars.resize(3, bars);
  CHECK_THAT(message_of([&] { plot.svg(); }),
             ContainsSubstring("BarPlot: bars of"));
}

TEST_CASE("a heat map writes its numbers", "[plot]") {
  cnn::HeatMap plot = heat_map();
  auto elements = elements_of(plot.svg());
  for (const char* number : {"71", "3", "82", "14", "5"}) {
    CHECK(times_written(elements, number) == 1);
  }
  CHECK(times_written(elements, "93") == 2);  // once in the scale
  CHECK(times_written(elements, "zero") == 1);
  CHECK(times_written(elements, "said") == 1);
  CHECK(times_written(elements, "true") == 1);
  // The column name and the scale's end, but none of three cells.
  CHECK(times_written(elements, "0") == 2);

  plot.decimals = 2;
  plot.values(0, 0) = not_a_number;
  elements = elements_of(plot.svg());
  CHECK(times_written(elements, "82.00") == 1);
  CHECK(times_written(elements, "n/a") == 1);
  CHECK(times_written(elements,
                      "1 value is not a finite number: a grey cell.") == 1);

  plot.missing = "-";
  elements = elements_of(plot.svg());
  CHECK(times_written(elements, "-") == 1);
  CHECK(times_written(elements,
                      "1 value is not a finite number: a grey cell.") == 0);
}

TEST_CASE("numbers in a heat map contrast with their cells", "[plot]") {
  const auto elements = elements_of(heat_map().svg());
  CHECK(text_element(elements, "93").has_class("small"));
  // Dark on the light cell, light on the dark one, on any page.
  CHECK(text_element(elements, "3").has_class("on-light"));
  CHECK(with_class(elements, "text", "on-dark").size() == 3);
}

TEST_CASE("the diagonal can have colours of its own", "[plot]") {
  cnn::HeatMap plot = heat_map();
  const auto colour_behind = [](const std::vector<Element>& elements,
                                const std::string& number) {
    std::string colour;
    for (const Element& element : elements) {
      if (element.name == "rect" && element.attributes.count("style")) {
        colour = element.attributes.at("style");
      }
      if (element.has_class("on-light") || element.has_class("on-dark")) {
        if (element.text == number) return colour;
      }
    }
    return std::string("none");
  };
  // Fourteen is little beside 93, and much as a mistake.
  auto elements = elements_of(plot.svg());
  const std::string pale = colour_behind(elements, "14");
  const std::string right = colour_behind(elements, "93");
  plot.diagonal_apart = true;
  elements = elements_of(plot.svg());
  CHECK(colour_behind(elements, "93") == right);
  CHECK(colour_behind(elements, "14") != pale);
  CHECK(with_class(elements, "text", "on-dark").at(2).text == "14");
  CHECK(times_written(elements, "on the diagonal") == 1);

  plot.width = 300;  // the two scales find room below each other
  for (const Element& element : elements_of(plot.svg())) {
    if (element.name == "text" && element.attributes.count("x") &&
        element.attributes.at("text-anchor") == "start") {
      CHECK(element.number("x") + cnn::text_width(element.text, 12) <= 300);
    }
  }
}

TEST_CASE("cells too small for numbers leave them out", "[plot]") {
  cnn::HeatMap plot;
  plot.values = cnn::Tensor<>({20, 20}, 1234.0f);
  for (int i = 0; i < 20; ++i) {
    plot.row_names.push_back(std::to_string(i));
    plot.column_names.push_back(std::to_string(i));
  }
  CHECK(times_written(elements_of(plot.svg()), "1234") == 1);  // the scale
}

TEST_CASE("plots refuse what they cannot draw", "[plot]") {
  cnn::LinePlot line;
  CHECK_THAT(message_of([&] { line.svg(); }),
             ContainsSubstring("LinePlot: expected at least one point"));
  line.series = {{"odd", {1, 2}, {1}}};
  CHECK_THAT(message_of([&] { line.svg(); }),
             ContainsSubstring("LinePlot: series \"odd\" expects as many x "
                               "as y, got 2 and 1"));
  line = line_plot();
  line.x_min = 5;
  line.x_max = 5;
  CHECK_THROWS_AS(line.svg(), std::invalid_argument);
  line = line_plot();
  line.log_y = true;
  line.y_min = 0;
  CHECK(message_of([&] { line.svg(); }) ==
        "LinePlot: expected y limits above 0 that can be drawn, got 0");
  line = line_plot();
  line.width = 150;
  CHECK_THAT(message_of([&] { line.svg(); }),
             ContainsSubstring("LinePlot: the text leaves"));

  cnn::BarPlot bar = bar_plot();
  bar.bars[1].values.pop_back();
  CHECK_THAT(
      message_of([&] { bar.svg(); }),
      ContainsSubstring("BarPlot: bars \"permuted\" expect 4 values, "
                        "one per name, got 3"));
  bar = {};
  CHECK_THROWS_AS(bar.svg(), std::invalid_argument);

  cnn::HeatMap map = heat_map();
  map.row_names.pop_back();
  CHECK_THAT(message_of([&] { map.svg(); }),
             ContainsSubstring("HeatMap: expected one name per row"));
  map.values = cnn::Tensor<>({3, 3, 1});
  CHECK_THAT(message_of([&] { map.svg(); }),
             ContainsSubstring("(3, 3, 1)"));
  map = heat_map();
  map.values = cnn::Tensor<>({2, 3});
  map.row_names.pop_back();
  map.diagonal_apart = true;
  CHECK_THAT(message_of([&] { map.svg(); }),
             ContainsSubstring("expects a square, got (2, 3)"));
}

TEST_CASE("a drawing refuses what SVG cannot say", "[plot]") {
  CHECK_THROWS_AS(cnn::Drawing(0, 10, "x"), std::invalid_argument);
  CHECK_THROWS_AS(cnn::Drawing(10, 10, ""), std::invalid_argument);
  cnn::Drawing drawing(10, 10, "A title\nand more");
  CHECK_THROWS_AS(drawing.line(0, 0, not_a_number, 1, "axis"),
                  std::invalid_argument);
  CHECK_THROWS_AS(drawing.text(0, 0, "x", "label", "left"),
                  std::invalid_argument);
  CHECK_THROWS_AS(drawing.filled(0, 0, 1, 1, "red"), std::invalid_argument);
  CHECK_THROWS_AS(drawing.marks({{1, 1}}, 8), std::invalid_argument);
  drawing.line(-0.001, 1.0 / 3, 2, 2.5, "grid");
  drawing.filled(0, 0, 1, 1, "#12aBef");
  const auto elements = elements_of(drawing.svg());
  CHECK(elements.at(1).text == "A title");
  CHECK(elements.at(2).text == "A title and more");
  const Element line = with_class(elements, "line", "grid").at(0);
  CHECK(line.attributes.at("x1") == "0");
  CHECK(line.attributes.at("y1") == "0.33");
  CHECK(line.attributes.at("x2") == "2");
  CHECK(line.attributes.at("y2") == "2.5");
}
