// The names in a formula, for the check that notation.md has them all.
#include <algorithm>
#include <array>

#include "tests/book/check.hpp"

namespace book {
namespace {

constexpr std::array<std::string_view, 31> greek = {
    "alpha",  "beta",  "gamma", "delta", "epsilon", "varepsilon", "zeta",
    "eta",    "theta", "iota",  "kappa", "lambda",  "mu",         "nu",
    "xi",     "pi",    "rho",   "sigma", "tau",     "upsilon",    "phi",
    "varphi", "chi",   "psi",   "omega", "Gamma",   "Delta",      "Theta",
    "Phi",    "Psi",   "Omega"};

class Formula {
 public:
  explicit Formula(std::string_view text) : text_(text) {}

  std::set<std::string> symbols() {
    while (at_ < text_.size()) {
      const std::string name = symbol();
      if (!name.empty()) names_.insert(name + word_below());
    }
    return names_;
  }

 private:
  // The symbol that begins here, if there is one; steps over it.
  std::string symbol() {
    const char c = text_[at_++];
    if (is_letter(c)) return std::string(1, c);
    if (c != '\\') return "";
    std::string command;
    while (at_ < text_.size() && is_letter(text_[at_]))
      command += text_[at_++];
    for (const std::string_view silent :
         {"text", "tag", "begin", "end", "operatorname", "label"})
      if (command == silent) group();
    const bool is_greek =
        std::find(greek.begin(), greek.end(), command) != greek.end();
    return is_greek ? "\\" + command : "";
  }

  // {...}, which is stepped over.
  std::string group() {
    if (at_ >= text_.size() || text_[at_] != '{') return "";
    int depth = 0;
    const std::size_t begin = at_ + 1;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '{') ++depth;
      if (text_[at_] == '}' && --depth == 0) {
        ++at_;
        return std::string(text_.substr(begin, at_ - begin - 1));
      }
    }
    return std::string(text_.substr(begin));
  }

  // A subscript that is a word is part of the name; another one holds
  // symbols of its own and is left to be read.
  std::string word_below() {
    if (!starts_with(text_.substr(at_), "_{\\text{")) return "";
    ++at_;
    return "_{" + group() + "}";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::set<std::string> names_;
};

}  // namespace

std::set<std::string> symbols_of(std::string_view formula) {
  return Formula(formula).symbols();
}

}  // namespace book
