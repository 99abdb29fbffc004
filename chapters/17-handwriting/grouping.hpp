// From parts to lines of digits: specks are dropped, the pieces of a digit
// are joined, and the digits are put into lines.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "17-handwriting/parts.hpp"
#include "17-handwriting/placing.hpp"

namespace cnn {

// The median height of the parts that have at least a quarter of the
// largest one's cells. A part wider than twice its height counts with half
// its width. 0 if there are no parts.
inline int typical_height(const std::vector<Part>& parts) {
  int largest = 0;
  for (const Part& part : parts) largest = std::max(largest, part.area());
  std::vector<int> heights;
  for (const Part& part : parts)
    if (4 * part.area() >= largest)
      heights.push_back(std::max(part.box.height(), part.box.width() / 2));
  if (heights.empty()) return 0;
  std::sort(heights.begin(), heights.end());
  return heights[heights.size() / 2];
}

// Whether a part belongs to something larger that the picture's edge cuts
// off, such as a thumb or the desk: it lies along an edge for more than
// half of its own width or height. A stroke that leaves the picture touches
// the edge only with its width. H x W is the size of the picture.
inline bool lies_along_edge(const Part& part, int H, int W) {
  int top = 0, bottom = 0, left = 0, right = 0;
  for (const auto& [y, x] : part.cells) {
    top += y == 0;
    bottom += y == H - 1;
    left += x == 0;
    right += x == W - 1;
  }
  return 2 * std::max(top, bottom) > part.box.width() ||
         2 * std::max(left, right) > part.box.height();
}

// The length that two intervals share, or minus the gap between them.
inline int overlap(int a_begin, int a_end, int b_begin, int b_end) {
  return std::min(a_end, b_end) - std::max(a_begin, b_begin);
}

// Whether the shorter of two parts is a piece of the other's digit, such as
// the bar of a 5: it is short for a digit, lies above or below the other
// with a small gap or none, and together they are not much higher than the
// typical digit.
inline bool belong_together(const Box& a, const Box& b, int typical) {
  const int across = overlap(a.left, a.right, b.left, b.right);
  const int down = overlap(a.top, a.bottom, b.top, b.bottom);
  const int together =
      std::max(a.bottom, b.bottom) - std::min(a.top, b.top);
  return 10 * std::min(a.height(), b.height()) < 6 * typical &&
         2 * across >= std::min(a.width(), b.width()) &&
         4 * -down < typical && 10 * together < 16 * typical;
}

inline std::vector<Part> joined_parts(std::vector<Part> parts,
                                      int typical) {
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t j = i + 1; j < parts.size(); ++j)
      if (belong_together(parts[i].box, parts[j].box, typical)) {
        parts[i] = joined(std::move(parts[i]), parts[j]);
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(j));
        j = i;  // look again: the larger part may reach others
      }
  return parts;
}

// More pieces than these are noise. Joining them would take long, and
// nobody could read the result.
inline constexpr std::size_t most_pieces = 2000;

// The parts that may be digits. What lies along the edge is left out, and
// so is dirt: parts with fewer than 1/40 of the largest one's cells. If
// more than most_pieces remain, all are returned. Otherwise the pieces of a
// digit are joined, and a part must then have 0.35 of the typical height,
// or 0.2 of it and a quarter of the largest part's cells, as a small 0 has.
// H x W is the size of the picture.
inline std::vector<Part> candidates_of(const std::vector<Part>& parts,
                                       int H, int W) {
  std::vector<Part> inside;
  for (const Part& part : parts)
    if (!lies_along_edge(part, H, W)) inside.push_back(part);
  int largest = 0;
  for (const Part& part : inside) largest = std::max(largest, part.area());
  const int typical = typical_height(inside);
  std::vector<Part> clean;
  for (Part& part : inside)
    if (40 * part.area() >= largest) clean.push_back(std::move(part));
  if (clean.size() > most_pieces) return clean;
  std::vector<Part> digits;
  for (Part& part : joined_parts(std::move(clean), typical)) {
    const int height = part.box.height();
    if (100 * height >= 35 * typical ||
        (4 * part.area() >= largest && 5 * height >= typical))
      digits.push_back(std::move(part));
  }
  return digits;
}

using TextLine = std::vector<Part>;

// Puts parts into lines. From left to right, each part continues the line
// whose last part it overlaps most in height, by at least 0.4 of the
// shorter one's height, so a line may climb or fall. Returns the lines from
// top to bottom, each from left to right.
inline std::vector<TextLine> lines_of(std::vector<Part> parts) {
  std::stable_sort(
      parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        return a.box.left + a.box.right < b.box.left + b.box.right;
      });
  std::vector<TextLine> lines;
  for (Part& part : parts) {
    TextLine* best = nullptr;
    double most = 0.4;
    for (TextLine& line : lines) {
      const Box& last = line.back().box;
      const double share =
          static_cast<double>(overlap(last.top, last.bottom, part.box.top,
                                      part.box.bottom)) /
          std::min(last.height(), part.box.height());
      if (share >= most) {
        most = share;
        best = &line;
      }
    }
    if (best == nullptr) best = &lines.emplace_back();
    best->push_back(std::move(part));
  }
  const auto middle = [](const TextLine& line) {
    double sum = 0;
    for (const Part& part : line) sum += part.box.top + part.box.bottom;
    return sum / static_cast<double>(line.size());
  };
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const TextLine& a, const TextLine& b) {
                     return middle(a) < middle(b);
                   });
  return lines;
}

}  // namespace cnn
