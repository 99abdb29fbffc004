// What a reader of a stranger's bytes returns: a value, or the rule that
// the bytes break. It refuses nothing itself: it does not know whose bytes
// they were.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "common/tensor/fail.hpp"

namespace cnn {

struct Broken {
  std::string rule;  // "rule 3: the header ends inside the file; ..."
};

template <class Value>
using OrBroken = std::variant<Value, Broken>;

// The value. Throws std::runtime_error "name: rule ..." if there is none:
// this is for the outermost function, which knows whose bytes they were.
template <class Value>
Value value_or_fail(OrBroken<Value> read, const std::string& name) {
  if (const Broken* broken = std::get_if<Broken>(&read))
    fail(Refusal::runtime, name + ": " + broken->rule);
  return std::get<Value>(std::move(read));
}

}  // namespace cnn
