// What a parser of untrusted bytes returns: a value, or the rule that the
// bytes break. It does not throw, because it does not know the name of the
// file that the bytes came from.
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

// Returns the value, or throws std::runtime_error "name: rule ..." if there
// is none. Meant for the outermost function, which knows that name.
template <class Value>
Value value_or_fail(OrBroken<Value> result, const std::string& name) {
  if (const Broken* broken = std::get_if<Broken>(&result))
    fail(Refusal::runtime, name + ": " + broken->rule);
  return std::get<Value>(std::move(result));
}

}  // namespace cnn
