// Extends the type of a list of layers by further kinds of layer.
// Book: book/12-generalization.md
#pragma once

#include <variant>
#include <vector>

namespace cnn {

template <class List, class... More>
struct Widened;
template <class... Entries, class... More>
struct Widened<std::vector<std::variant<Entries...>>, More...> {
  using Type = std::vector<std::variant<Entries..., More...>>;
};

// Like `List`, a std::vector of std::variant, but with entries that may
// also be one of `More`.
template <class List, class... More>
using WiderList = typename Widened<List, More...>::Type;

// The same entries as a wider list: widened<DroppingArchitecture>(list).
template <class Wider, class Entry>
Wider widened(const std::vector<Entry>& entries) {
  Wider list;
  for (const Entry& entry : entries)
    std::visit([&](const auto& it) { list.push_back(it); }, entry);
  return list;
}

}  // namespace cnn
