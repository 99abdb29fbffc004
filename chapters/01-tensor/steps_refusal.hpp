// The error message of an action that must fail, for a program to show.
// Book: book/01-tensor.md
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

namespace cnn {

// The text of the std::invalid_argument that the action throws, or
// "(no error)".
inline std::string refusal_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(no error)";
}

}  // namespace cnn
