// A program of checks: CHECKS [EXERCISE]. A program that has one check
// needs no name.
#include <cstdio>

#include "tests/exercises/check.hpp"

int main(int count, char** arguments) {
  using namespace cnn;
  auto chosen = exercises().begin();
  if (count > 1) chosen = exercises().find(arguments[1]);
  if (count > 2 || chosen == exercises().end() ||
      (count == 1 && exercises().size() > 1)) {
    std::fprintf(stderr, "usage: checks EXERCISE; there are:");
    for (const auto& [name, function] : exercises())
      std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  current_exercise = chosen->first.c_str();
  Check check;
  chosen->second(check);
  return check.report();
}
