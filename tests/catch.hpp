// Catch2 2 (Debian 12) and Catch2 3 under one include, and what the tests
// share.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& text) {
  return Catch::Matchers::Contains(text);
}
#endif

#include <exception>
#include <string>

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

// The text of the exception that `action` throws; "nothing was thrown" if
// it throws none.
template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}
