#include "tests/book/folds.hpp"

#include <string>
#include <string_view>

namespace book {
namespace {

enum class Part { none, begin, name, end };

// <summary>WORDS</summary>: no Markdown is read in such a line.
bool is_name(std::string_view line) {
  const std::string_view before = "<summary>", after = "</summary>";
  if (line.size() <= before.size() + after.size() ||
      !starts_with(line, before))
    return false;
  const std::string_view rest = line.substr(before.size());
  return rest.find_first_of("<`$*_[]&") == rest.size() - after.size() &&
         rest.substr(rest.size() - after.size()) == after;
}

Part part_of(const MarkdownLine& line) {
  if (line.fenced) return Part::none;
  if (line.prose == "<details>") return Part::begin;
  if (line.prose == "</details>") return Part::end;
  return is_name(line.prose) ? Part::name : Part::none;
}

// Goes through a page from line to line.
class FoldReader {
 public:
  FoldReader(const Page& page, Defects& defects)
      : page_(page), defects_(defects) {}

  void read() {
    for (at_ = 0; at_ < page_.parsed.size(); ++at_)
      line(part_of(page_.parsed[at_]));
    if (open_)
      defects_.push_back(
          {page_.file, begun_ + 1, "<details> is not closed"});
  }

 private:
  void line(Part part) {
    if (part == Part::begin) begin();
    if (part == Part::name && (at_ == 0 || part_at(at_ - 1) != Part::begin))
      defect("expected <details> in the line above a <summary>");
    if (part == Part::end) end();
    if (part == Part::none && open_ && !page_.parsed[at_].fenced &&
        starts_with(page_.parsed[at_].prose, "#"))
      defect("a heading in what folds away");
  }

  void begin() {
    if (open_) defect("<details> inside of <details>");
    if (part_at(at_ + 1) != Part::name)
      defect("expected <summary>PLAIN WORDS</summary> below <details>");
    if (!blank(at_ - 1) || !blank(at_ + 2))
      defect("expected blank lines around <details> and its <summary>");
    open_ = true;
    begun_ = at_;
  }

  void end() {
    if (!open_) defect("</details> without <details>");
    if (!blank(at_ - 1) || !blank(at_ + 1))
      defect("expected blank lines around </details>");
    open_ = false;
  }

  Part part_at(std::size_t line) const {
    return line < page_.parsed.size() ? part_of(page_.parsed[line])
                                      : Part::none;
  }

  // (What is before or behind the page is blank.)
  bool blank(std::size_t line) const {
    return line >= page_.lines.size() || trimmed(page_.lines[line]).empty();
  }

  void defect(const std::string& what) {
    defects_.push_back({page_.file, at_ + 1, what});
  }

  const Page& page_;
  Defects& defects_;
  std::size_t at_ = 0, begun_ = 0;
  bool open_ = false;
};

}  // namespace

bool is_of_fold(const MarkdownLine& line) {
  return part_of(line) != Part::none;
}

void check_folds(const Page& page, Defects& defects) {
  FoldReader(page, defects).read();
}

}  // namespace book
