// The names in a formula, for the check that notation.md has them all.
#include <algorithm>
#include <initializer_list>

#include "tests/book/check.hpp"

namespace book {
namespace {

bool is_one_of(std::string_view word,
               std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_greek(std::string_view command) {
  return is_one_of(
      command,
      {"alpha",    "beta",     "gamma",  "delta",  "epsilon",    "zeta",
       "eta",      "theta",    "iota",   "kappa",  "mu",         "nu",
       "xi",       "pi",       "rho",    "tau",    "upsilon",    "phi",
       "chi",      "psi",      "omega",  "lambda", "sigma",      "Gamma",
       "Delta",    "Theta",    "Lambda", "Xi",     "Pi",         "Sigma",
       "Phi",      "Upsilon",  "Psi",    "Omega",  "varepsilon", "ell",
       "vartheta", "varsigma", "varphi", "varrho"});
}

// Commands whose braces hold no symbol of the formula.
bool is_silent(std::string_view command) {
  return is_one_of(command, {"text", "tag", "begin", "end", "label"});
}

// Commands whose braces hold a name of several letters.
bool names_a_word(std::string_view command) {
  return is_one_of(command, {"operatorname", "mathrm"});
}

// Commands that put a sign above a symbol, which makes it another one.
bool is_accent(std::string_view command) {
  return is_one_of(command, {"hat", "widehat", "bar", "tilde", "widetilde",
                             "vec", "dot", "overline"});
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::map<std::string, std::size_t> symbols() {
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      const std::string name = symbol();
      if (!name.empty()) names_.emplace(name + word_below(), begin);
    }
    return names_;
  }

 private:
  // The symbol that begins here, if there is one; steps over it.
  std::string symbol() {
    const char c = text_[at_++];
    if (is_letter(c)) return std::string(1, c);
    if (c != '\\' || at_ == text_.size()) return "";
    if (!is_letter(text_[at_])) return ++at_, "";  // as \, and \{
    const std::string command = this->command();
    if (is_greek(command)) return "\\" + command;
    if (is_silent(command)) return argument(), "";
    // (\mathrm{+} is a sign like others.)
    if (names_a_word(command)) return letters_of(argument());
    if (is_accent(command)) return "\\" + command + "{" + argument() + "}";
    return "";
  }

  std::string command() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n'))
      ++at_;
  }

  // What a command is about, which is stepped over: {...}, another command,
  // with its braces if it has any, or a single letter.
  std::string argument() {
    skip_blanks();
    if (at_ >= text_.size()) return "";
    if (text_[at_] != '{') {
      const std::size_t begin = at_++;
      if (text_[begin] == '\\') {
        command();
        if (at_ < text_.size() && text_[at_] == '{') argument();
      }
      return std::string(text_.substr(begin, at_ - begin));
    }
    int depth = 0;
    const std::size_t begin = at_ + 1;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '{') ++depth;
      if (text_[at_] == '}' && --depth == 0) {
        ++at_;
        return trimmed(text_.substr(begin, at_ - begin - 1));
      }
    }
    return trimmed(text_.substr(begin));
  }

  static std::string letters_of(const std::string& word) {
    return std::any_of(word.begin(), word.end(), is_letter) ? word : "";
  }

  // A subscript that is a word is part of the name, which is written with
  // \text whatever the page has; another subscript holds symbols of its own
  // and is left to be read.
  std::string word_below() {
    const std::size_t begin = at_;
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '_') {
      ++at_;
      const std::string below = argument();
      for (const std::string_view word : {"\\text", "\\mathrm"})
        if (starts_with(below, word) && below.size() > word.size() &&
            !is_letter(below[word.size()])) {
          const std::string inside =
              Reader(std::string_view(below).substr(word.size()))
                  .argument();
          return "_{\\text{" + inside + "}}";
        }
    }
    at_ = begin;
    return "";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::map<std::string, std::size_t> names_;
};

}  // namespace

std::map<std::string, std::size_t> symbols_of(std::string_view formula) {
  return Reader(formula).symbols();
}

}  // namespace book
