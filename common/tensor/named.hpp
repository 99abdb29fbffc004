// Choosing from a list of things that have a name.
#pragma once

#include <string>
#include <vector>

#include "common/tensor/fail.hpp"

namespace cnn {

// Null if none has this name.
template <class Named>
const Named* find_named(const std::vector<Named>& all,
                        const std::string& name) {
  for (const Named& it : all)
    if (it.name == name) return &it;
  return nullptr;
}

// "sgd, nesterov, ..."
template <class Named>
std::string names_of(const std::vector<Named>& all) {
  std::string names;
  for (const Named& it : all)
    names += (names.empty() ? "" : ", ") + it.name;
  return names;
}

// As find_named(), but throws std::invalid_argument that begins with
// `where` if none has this name.
template <class Named>
const Named& named_in(const std::vector<Named>& all,
                      const std::string& name, const std::string& where) {
  if (const Named* it = find_named(all, name)) return *it;
  fail(Refusal::argument, where + ": expected one of " + names_of(all) +
                              ", got '" + name + "'");
}

}  // namespace cnn
