// Finds elements of a list by their member `name`.
#pragma once

#include <string>
#include <vector>

#include "common/tensor/fail.hpp"

namespace cnn {

// A pointer to the first element of `all` that has this name; null if there
// is none.
template <class Named>
const Named* find_named(const std::vector<Named>& all,
                        const std::string& name) {
  for (const Named& it : all)
    if (it.name == name) return &it;
  return nullptr;
}

// All names, separated by commas: "sgd, nesterov, ...".
template <class Named>
std::string names_of(const std::vector<Named>& all) {
  std::string names;
  for (const Named& it : all)
    names += (names.empty() ? "" : ", ") + it.name;
  return names;
}

// Like find_named(), but if there is no such element, throws
// std::invalid_argument with a message that begins with `where`.
template <class Named>
const Named& named_in(const std::vector<Named>& all,
                      const std::string& name, const std::string& where) {
  if (const Named* it = find_named(all, name)) return *it;
  fail(Refusal::argument, where + ": expected one of " + names_of(all) +
                              ", got '" + name + "'");
}

}  // namespace cnn
