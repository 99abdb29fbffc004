// Writes an architecture as one line of text, and parses such a line.
//   conv 8 5 pad 2, relu, maxpool 2, flatten, dense 10
//
// Each layer is one of these. Where an option is missing, pad and start are
// 0, momentum is 0.1, epsilon is 1e-5, and stride is 1 for conv and WINDOW
// for pooling. With start 0, a normalization that ends the branch begins
// with a scale of 0.
//   conv CHANNELS KERNEL [stride S] [pad P]
//   maxpool WINDOW [stride S] [pad P]
//   avgpool WINDOW [stride S] [pad P]
//   relu   flatten   dense OUTPUTS
//   dropout P
//   batchnorm [momentum M] [epsilon E]
//   layernorm [epsilon E]   groupnorm GROUPS [epsilon E]
//   residual(LAYERS) [skip(LAYERS)] [start 0 or 1]
// Book: book/16-saving.md
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "14-residual/residual.hpp"
#include "common/tensor/broken.hpp"

namespace cnn {

// A list of layers of all the kinds that a file can hold.
using SavedArchitecture = ResidualArchitecture;

// ---- To text -----------------------------------------------------------

// `number` in the fewest digits that parse back to exactly it: "0.05".
inline std::string exact_text(double number) {
  char text[32] = "";
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, number);
    if (std::strtod(text, nullptr) == number) break;
  }
  return text;
}

inline std::string text_of(int number) {
  return std::to_string(number);
}
inline std::string text_of(double number) {
  return exact_text(number);
}

// " NAME VALUE", or "" if the value is the usual one.
template <class Number>
std::string option_text(const char* name, Number value, Number usual) {
  return value == usual ? ""
                        : " " + std::string(name) + " " + text_of(value);
}
inline std::string pooling_text(const Pooling& it) {
  return " " + std::to_string(it.window) +
         option_text("stride", it.stride, it.window) +
         option_text("pad", it.padding, 0);
}

inline std::string to_text(const Convolution& it) {
  return "conv " + std::to_string(it.channels) + " " +
         std::to_string(it.kernel) + option_text("stride", it.stride, 1) +
         option_text("pad", it.padding, 0);
}
inline std::string to_text(const Relu&) {
  return "relu";
}
inline std::string to_text(const MaxPool& it) {
  return "maxpool" + pooling_text(it.pooling);
}
inline std::string to_text(const AveragePool& it) {
  return "avgpool" + pooling_text(it.pooling);
}
inline std::string to_text(const Flatten&) {
  return "flatten";
}
inline std::string to_text(const Dense& it) {
  return "dense " + std::to_string(it.outputs);
}
// The seed is left out, because it belongs to a run, not to the network.
inline std::string to_text(const Dropout& it) {
  return "dropout " + exact_text(it.p);
}
inline std::string to_text(const BatchNorm& it) {
  return "batchnorm" + option_text("momentum", it.momentum, 0.1) +
         option_text("epsilon", it.epsilon, 1e-5);
}
inline std::string to_text(const LayerNorm& it) {
  return "layernorm" + option_text("epsilon", it.epsilon, 1e-5);
}
inline std::string to_text(const GroupNorm& it) {
  return "groupnorm " + std::to_string(it.groups) +
         option_text("epsilon", it.epsilon, 1e-5);
}

inline std::string to_text(const Residual& it);

template <class... Entries>
std::string to_text(const std::vector<std::variant<Entries...>>& list) {
  std::string text;
  for (const auto& entry : list)
    text += (text.empty() ? "" : ", ") +
            std::visit([](const auto& it) { return to_text(it); }, entry);
  return text;
}
inline std::string to_text(const Residual& it) {
  return "residual(" + to_text(it.branch) + ")" +
         (it.skip.empty() ? "" : " skip(" + to_text(it.skip) + ")") +
         option_text("start", it.zero_initialized ? 0 : 1, 0);
}

// ---- From text ---------------------------------------------------------

// Hands out the words of an entry one by one, and remembers the first
// error.
class EntryWords {
 public:
  explicit EntryWords(std::string_view text) : text_(text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = text.find_first_not_of(" \t\n", at);
      if (begin == std::string_view::npos) break;
      at = std::min(text.find_first_of(" \t\n", begin), text.size());
      words_.push_back(text.substr(begin, at - begin));
    }
  }

  // The next word; empty after the last one.
  std::string_view word() {
    return next_ < words_.size() ? words_[next_++] : std::string_view();
  }
  bool take(std::string_view word) {
    if (next_ == words_.size() || words_[next_] != word) return false;
    ++next_;
    return true;
  }
  // The next word as a whole number from `least` to 65,536. Anything else
  // is an error, whose message calls the number `what`.
  int number(const char* what, int least = 1) {
    constexpr int most = 65536;
    const std::string_view digits = word();
    int value = digits.empty() ? -1 : 0;
    for (const char c : digits)
      value = c < '0' || c > '9' || value < 0 || value > most
                  ? -1
                  : 10 * value + (c - '0');
    if (value < least || value > most)
      wrong(std::string("expected ") + what + " from " +
            std::to_string(least) + " to 65536, got '" +
            std::string(digits) + "'");
    return value;
  }
  // The number after `name` if that is the next word, else `usual`.
  int option(const char* name, int usual, int least = 1) {
    return take(name) ? number(name, least) : usual;
  }
  // The next word as a number such as 0.5 or 1e-05, from `least` to `most`;
  // with `below`, `most` itself is an error. `what` is as for number().
  double real(const char* what, double least, double most,
              bool below = false) {
    const std::string digits(word());
    char* end = nullptr;
    const double value = std::strtod(digits.c_str(), &end);
    const bool plain =
        digits.find_first_not_of("0123456789.e+-") == std::string::npos;
    if (digits.empty() || !plain || *end != '\0' ||
        !(value >= least && value <= most) || (below && value == most))
      wrong(std::string("expected ") + what + " from " + exact_text(least) +
            (below ? " to below " : " to ") + exact_text(most) + ", got '" +
            digits + "'");
    return value;
  }
  double option(const char* name, double usual, double least, double most) {
    return take(name) ? real(name, least, most) : usual;
  }
  void wrong(const std::string& what) {
    if (rule_.empty()) rule_ = "'" + trimmed() + "': " + what;
  }
  // The first error, or else that words are left over; "" if there is none.
  std::string rule() {
    if (next_ < words_.size())
      wrong("did not expect '" + std::string(words_[next_]) + "'");
    return rule_;
  }

 private:
  std::string trimmed() const {
    std::string text;
    for (const std::string_view word : words_)
      text += (text.empty() ? "" : " ") + std::string(word);
    return text.substr(0, 60);
  }

  std::string_view text_;
  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
  std::string rule_;
};

inline Pooling pooling_of(EntryWords& words) {
  const int window = words.number("a window");
  const int stride = words.option("stride", window);
  return {window, stride, words.option("pad", 0, 0)};
}

inline double epsilon_of(EntryWords& words) {
  return words.option("epsilon", 1e-5, 1e-30, 1e30);
}

inline SavedArchitecture::value_type entry_of(EntryWords& words) {
  if (words.take("conv")) {
    Convolution it;
    it.channels = words.number("channels");
    it.kernel = words.number("a kernel size");
    it.stride = words.option("stride", 1);
    it.padding = words.option("pad", 0, 0);
    return it;
  }
  if (words.take("relu")) return Relu{};
  if (words.take("maxpool")) return MaxPool{pooling_of(words)};
  if (words.take("avgpool")) return AveragePool{pooling_of(words)};
  if (words.take("flatten")) return Flatten{};
  if (words.take("dense")) return Dense{words.number("outputs")};
  if (words.take("dropout"))
    return Dropout{words.real("a share", 0, 1, true)};
  if (words.take("batchnorm")) {
    const double momentum = words.option("momentum", 0.1, 0, 1);
    return BatchNorm{momentum, epsilon_of(words)};
  }
  if (words.take("layernorm")) return LayerNorm{epsilon_of(words)};
  if (words.take("groupnorm")) {
    const int groups = words.number("groups");
    return GroupNorm{groups, epsilon_of(words)};
  }
  words.word();
  words.wrong(
      "expected conv, relu, maxpool, avgpool, flatten, dense, dropout, "
      "batchnorm, layernorm, groupnorm or residual first");
  return Relu{};
}

// ---- Lists, and lists in lists ------------------------------------------

// The place of the bracket that closes the one at `begin`, else npos.
inline std::size_t closing_bracket(std::string_view text,
                                   std::size_t begin) {
  int open = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    open += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (open == 0) return at;
  }
  return std::string_view::npos;
}

// The end of the entry that begins at `begin`: the next comma outside
// brackets, or the end of the text.
inline std::size_t end_of_entry(std::string_view text, std::size_t begin) {
  int open = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    open += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (open <= 0 && text[at] == ',') return at;
  }
  return text.size();
}

inline std::string_view without_spaces(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") + 1 - begin);
}

// Parses a list of layers, and the lists inside its residual blocks.
class ListReader {
 public:
  OrBroken<SavedArchitecture> list(std::string_view text, int depth = 0) {
    SavedArchitecture all;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = end_of_entry(text, begin);
      auto read = entry(text.substr(begin, end - begin), depth);
      if (Broken* broken = std::get_if<Broken>(&read))
        return Broken{"layer " + std::to_string(all.size() + 1) + ", " +
                      broken->rule};
      all.push_back(std::get<Entry>(std::move(read)));
      if (++layers_ > 1000) return Broken{"expected at most 1,000 layers"};
      begin = end + 1;
    }
    return all;
  }

 private:
  using Entry = SavedArchitecture::value_type;

  OrBroken<Entry> entry(std::string_view text, int depth) {
    const std::string_view all = without_spaces(text);
    constexpr std::string_view word = "residual";
    if (all.substr(0, word.size()) == word) {
      const std::string_view rest = without_spaces(all.substr(word.size()));
      if (rest.empty() || rest[0] == '(') return block(rest, depth);
    }
    EntryWords words(text);
    Entry read = entry_of(words);
    const std::string rule = words.rule();
    if (!rule.empty()) return Broken{rule};
    return read;
  }

  // Parses the list in the brackets at the beginning of `rest`, and leaves
  // the text after them in `rest`. `name`: what an error calls the list.
  OrBroken<SavedArchitecture> in_brackets(std::string_view& rest,
                                          const std::string& name,
                                          int depth) {
    constexpr int deepest = 8;
    if (rest.empty() || rest[0] != '(')
      return Broken{"'" + name + "': expected ( and layers"};
    const std::size_t end = closing_bracket(rest, 0);
    if (end == std::string_view::npos)
      return Broken{"'" + name + "(': expected a ) for each ("};
    if (depth >= deepest)
      return Broken{"'" + name + "': expected blocks in blocks at most " +
                    std::to_string(deepest) + " deep"};
    auto read = list(rest.substr(1, end - 1), depth + 1);
    rest = without_spaces(rest.substr(end + 1));
    if (Broken* broken = std::get_if<Broken>(&read))
      return Broken{"in its " + name + ": " + broken->rule};
    return read;
  }

  // Parses (LAYERS) [skip(LAYERS)] [start S], what follows "residual".
  OrBroken<Entry> block(std::string_view rest, int depth) {
    Residual it;
    auto branch = in_brackets(rest, "residual", depth);
    if (Broken* broken = std::get_if<Broken>(&branch)) return *broken;
    it.branch = std::get<SavedArchitecture>(std::move(branch));
    if (rest.substr(0, 4) == "skip") {
      rest = without_spaces(rest.substr(4));
      auto skip = in_brackets(rest, "skip", depth);
      if (Broken* broken = std::get_if<Broken>(&skip)) return *broken;
      it.skip = std::get<SavedArchitecture>(std::move(skip));
    }
    EntryWords words(rest);
    const int start = words.option("start", 0, 0);
    if (start > 1) words.wrong("expected a start of 0 or 1");
    it.zero_initialized = start == 0;
    const std::string rule = words.rule();
    if (!rule.empty()) return Broken{"after residual(...), " + rule};
    return Entry(std::move(it));
  }

  std::size_t layers_ = 0;
};

// The list of layers that a text describes, or what is wrong with the text.
inline OrBroken<SavedArchitecture> parse_architecture(
    std::string_view text) {
  return ListReader().list(text);
}

}  // namespace cnn
