// Choosing from a list of things that have a name.
#pragma once

#include <string>
#include <vector>

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

}  // namespace cnn
