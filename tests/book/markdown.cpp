#include "tests/book/markdown.hpp"

#include <algorithm>
#include <cctype>

namespace book {
namespace {

// Reads one line outside of fences from left to right.
class LineParser {
 public:
  LineParser(const std::string& line, bool& in_formula,
             std::string& formula)
      : line_(line), in_formula_(in_formula), formula_(formula) {}

  // Returns what does not end, or nothing.
  std::string parse(MarkdownLine& into) {
    into_ = &into;
    if (in_formula_ && !continue_formula()) return "";
    while (at_ < line_.size()) {
      const std::string missing = one_thing();
      if (!missing.empty()) return missing;
    }
    return "";
  }

 private:
  bool here(std::string_view text) const {
    return starts_with(std::string_view(line_).substr(at_), text);
  }

  std::string one_thing() {
    if (here("<!--")) return comment();
    if (here("`")) return code();
    if (here("$$")) return display_formula();
    if (here("$")) return formula();
    if (here("](")) return link();
    if (here("["))
      open_.push_back(
          {into_->prose.size(), at_ > 0 && line_[at_ - 1] == '!'});
    into_->prose += line_[at_++];
    return "";
  }

  std::string comment() {
    const std::size_t end = line_.find("-->", at_);
    if (end == std::string::npos) return "a comment does not end";
    into_->comments.push_back(
        {trimmed(line_.substr(at_ + 4, end - at_ - 4)), at_, end + 3});
    into_->prose += comment_sign;
    at_ = end + 3;
    return "";
  }

  std::string code() {
    std::size_t ticks = 0;
    while (at_ + ticks < line_.size() && line_[at_ + ticks] == '`') ++ticks;
    const std::size_t end =
        line_.find(std::string(ticks, '`'), at_ + ticks);
    if (end == std::string::npos) return "a code span does not end";
    into_->prose += '`';
    at_ = end + ticks;
    return "";
  }

  std::string formula() {
    const std::size_t end = line_.find('$', at_ + 1);
    if (end == std::string::npos) return "a formula does not end";
    into_->formulas.push_back(line_.substr(at_ + 1, end - at_ - 1));
    into_->prose += '$';
    at_ = end + 1;
    return "";
  }

  std::string display_formula() {
    at_ += 2;
    in_formula_ = true;
    formula_.clear();
    continue_formula();
    return "";
  }

  // False if the line is used up and the formula goes on.
  bool continue_formula() {
    const std::size_t end = line_.find("$$", at_);
    formula_ += line_.substr(at_, end - at_) + " ";
    if (end == std::string::npos) {
      at_ = line_.size();
      return false;
    }
    into_->formulas.push_back(formula_);
    into_->prose += '$';
    in_formula_ = false;
    at_ = end + 2;
    return true;
  }

  std::string link() {
    const std::size_t end = line_.find(')', at_);
    if (end == std::string::npos) return "a link does not end";
    if (!open_.empty()) {
      Link link;
      link.text = into_->prose.substr(open_.back().at + 1);
      link.image = open_.back().image;
      link.target = line_.substr(at_ + 2, end - at_ - 2);
      into_->links.push_back(link);
      open_.pop_back();
    }
    into_->prose += ']';
    at_ = end + 1;
    return "";
  }

  const std::string& line_;
  bool& in_formula_;
  std::string& formula_;
  MarkdownLine* into_ = nullptr;
  std::size_t at_ = 0;
  struct Bracket {
    std::size_t at = 0;  // in the prose
    bool image = false;
  };
  std::vector<Bracket> open_;
};

}  // namespace

std::vector<MarkdownLine> parse_markdown(const Lines& lines,
                                         const std::string& file,
                                         Defects& defects) {
  std::vector<MarkdownLine> page(lines.size());
  bool in_fence = false, in_formula = false;
  std::string formula;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool fence = starts_with(lines[i], "```");
    page[i].fenced = in_fence || fence;
    if (fence) in_fence = !in_fence;
    if (fence || !in_formula) opened = i;
    if (page[i].fenced) continue;
    const std::string missing =
        LineParser(lines[i], in_formula, formula).parse(page[i]);
    if (!missing.empty()) defects.push_back({file, i + 1, missing});
  }
  if (in_fence)
    defects.push_back({file, opened + 1, "a ``` is not closed"});
  if (in_formula)
    defects.push_back({file, opened + 1, "a $$ is not closed"});
  return page;
}

std::string slug(const std::string& heading) {
  std::string result;
  for (const char c : trimmed(heading)) {
    if (c == ' ') result += '-';
    if (c == '-' || is_word(c) || (static_cast<unsigned char>(c) & 0x80u))
      result +=
          static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

}  // namespace book
