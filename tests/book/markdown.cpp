#include "tests/book/markdown.hpp"

#include <algorithm>
#include <cctype>

namespace book {
namespace {

// A formula between $$ and $$ that has begun in an earlier line.
struct OpenFormula {
  bool open = false;
  Formula formula;
};

// Reads one line outside of fences from left to right.
class LineParser {
 public:
  LineParser(const std::string& line, std::size_t number, OpenFormula& open)
      : line_(line), number_(number), open_formula_(open) {}

  // Returns what does not end, or nothing.
  std::string parse(MarkdownLine& into) {
    into_ = &into;
    if (open_formula_.open && !continue_formula()) return "";
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
    if (here("\\") && at_ + 1 < line_.size() &&
        std::ispunct(static_cast<unsigned char>(line_[at_ + 1])) != 0)
      return escaped();
    if (here("<!--")) return comment();
    if (here("`")) return code();
    if (here("$$")) return display_formula();
    if (here("$")) return formula();
    if (here("](")) return link();
    if (here("["))
      open_.push_back(
          {into_->prose.size(), at_ + 1, at_ > 0 && line_[at_ - 1] == '!'});
    into_->prose += line_[at_++];
    return "";
  }

  // A backslash takes the meaning from the sign behind it.
  std::string escaped() {
    into_->prose += '`';
    at_ += 2;
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
    into_->formulas.push_back(
        {line_.substr(at_ + 1, end - at_ - 1), number_, false});
    into_->prose += '$';
    at_ = end + 1;
    return "";
  }

  std::string display_formula() {
    at_ += 2;
    open_formula_ = {true, {"", number_, true}};
    continue_formula();
    return "";
  }

  // False if the line is used up and the formula goes on.
  bool continue_formula() {
    const std::size_t end = line_.find("$$", at_);
    open_formula_.formula.text += line_.substr(at_, end - at_) + "\n";
    if (end == std::string::npos) {
      at_ = line_.size();
      return false;
    }
    into_->formulas.push_back(open_formula_.formula);
    into_->prose += '$';
    open_formula_.open = false;
    at_ = end + 2;
    return true;
  }

  std::string link() {
    const std::size_t end = line_.find(')', at_);
    if (end == std::string::npos) return "a link does not end";
    Link link;
    link.target = line_.substr(at_ + 2, end - at_ - 2);
    link.text = into_->prose;
    link.end = at_;
    if (!open_.empty()) {  // else its text began in the line above
      link.text = into_->prose.substr(open_.back().at + 1);
      link.image = open_.back().image;
      link.begin = open_.back().column;
      link.at = open_.back().at + 1;
      open_.pop_back();
    }
    into_->links.push_back(link);
    into_->prose += ']';
    at_ = end + 1;
    return "";
  }

  const std::string& line_;
  std::size_t number_;
  OpenFormula& open_formula_;
  MarkdownLine* into_ = nullptr;
  std::size_t at_ = 0;
  struct Bracket {
    std::size_t at = 0;      // in the prose
    std::size_t column = 0;  // of what follows it, in the line
    bool image = false;
  };
  std::vector<Bracket> open_;
};

// Whether a line opens or closes a fence: how many ticks it has, and
// whether a word follows them. It may stand in a list or a note: `> ` or
// blanks before it.
struct Fence {
  std::size_t ticks = 0;
  bool word = false;
};

Fence fence_of(const std::string& line) {
  const std::size_t begin =
      std::min(line.find_first_not_of("> "), line.size());
  const std::size_t end =
      std::min(line.find_first_not_of('`', begin), line.size());
  if (end - begin < 3) return {};
  // `` ```code``` `` in a line is no fence.
  if (line.find('`', end) != std::string::npos) return {};
  return {end - begin, line.find_first_not_of(' ', end) < line.size()};
}

// What a code host keeps of a heading: letters, digits, _ and -; of what is
// beyond ASCII, the letters. Begins at a byte of the text, returns where
// the character ends.
std::size_t character_end(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() &&
         (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u)
    ++end;
  return end;
}

bool is_letter_beyond_ascii(std::string_view character) {
  if (character.size() < 2 || character.size() > 3) return false;
  // Below U+00C0 there are only signs, and the block U+2000 to U+2BFF holds
  // dashes, quotes, arrows and the signs of mathematics.
  return character >= "\xc3\x80" && character != "\xc3\x97" &&
         character != "\xc3\xb7" &&
         (character < "\xe2\x80\x80" || character >= "\xe2\xb0\x80");
}

}  // namespace

std::size_t Formula::line_of(std::size_t at) const {
  const std::size_t end = std::min(at, text.size());
  return begin +
         static_cast<std::size_t>(std::count(
             text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
             '\n'));
}

std::vector<MarkdownLine> parse_markdown(const Lines& lines,
                                         const std::string& file,
                                         Defects& defects) {
  std::vector<MarkdownLine> page(lines.size());
  std::size_t ticks = 0, opened = 0;  // of the fence that is open
  OpenFormula formula;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Fence fence = formula.open ? Fence() : fence_of(lines[i]);
    const bool opens = ticks == 0 && fence.ticks > 0;
    const bool closes = ticks > 0 && fence.ticks >= ticks && !fence.word;
    page[i].fenced = ticks > 0 || opens;
    if (opens) ticks = fence.ticks, opened = i;
    if (closes) ticks = 0;
    if (page[i].fenced) continue;
    const std::string missing =
        LineParser(lines[i], i, formula).parse(page[i]);
    if (!missing.empty()) defects.push_back({file, i + 1, missing});
  }
  if (ticks > 0)
    defects.push_back({file, opened + 1, "a ``` is not closed"});
  if (formula.open)
    defects.push_back(
        {file, formula.formula.begin + 1, "a $$ is not closed"});
  return page;
}

std::string slug(const std::string& heading) {
  const std::string text = trimmed(heading);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = character_end(text, at);
    const std::string character = text.substr(at, end - at);
    const char c = text[at];
    at = end;
    if (c == ' ') result += '-';
    if (c == '-' || is_word(c))
      result +=
          static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (is_letter_beyond_ascii(character)) result += character;
  }
  return result;
}

}  // namespace book
