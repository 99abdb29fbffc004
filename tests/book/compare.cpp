#include "tests/book/compare.hpp"

#include <algorithm>
#include <cmath>

namespace book {
namespace {

bool near(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto p = number_at(a, 0), q = number_at(b, 0);
  if (!p || !q || p->text != a || q->text != b) return false;
  const double difference = std::abs(p->value - q->value);
  const double size = std::max(std::abs(p->value), std::abs(q->value));
  const double least = std::min(std::abs(p->value), std::abs(q->value));
  if (size < tiny) return true;
  if (least > 0 && least < tiny) return false;
  return difference <= absolute_tolerance ||
         difference <= relative_tolerance * size;
}

}  // namespace

std::string first_difference(const std::string& name,
                             const std::string& recorded,
                             const std::string& fresh) {
  if (recorded == fresh) return "";
  const Lines a = split_lines(recorded), b = split_lines(fresh);
  std::size_t i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
  if (i == a.size() && i == b.size())
    return name + ":" + std::to_string(i) + ": another line end";
  const auto line = [&](const Lines& lines) {
    return i < lines.size() ? "\"" + lines[i] + "\"" : "no such line";
  };
  return name + ":" + std::to_string(i + 1) + ": recorded " + line(a) +
         ", but the program prints " + line(b);
}

std::vector<std::string> far_values(const std::string& name,
                                    const Report& recorded,
                                    const Report& fresh) {
  std::vector<std::string> far;
  for (std::size_t i = 0; i < std::max(recorded.size(), fresh.size());
       ++i) {
    const auto text = [&](const Report& report) {
      return i < report.size() ? report[i].first + " = " + report[i].second
                               : "nothing";
    };
    const bool both = i < recorded.size() && i < fresh.size();
    if (!both || recorded[i].first != fresh[i].first ||
        !near(recorded[i].second, fresh[i].second))
      far.push_back(name + ":" + std::to_string(i + 1) + ": recorded " +
                    text(recorded) + ", but the program reports " +
                    text(fresh));
  }
  return far;
}

}  // namespace book
