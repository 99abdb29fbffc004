// Chapter 13: normalization, or how to give every layer the numbers that it
// can work with.
// Book: book/13-normalization.md
#include "13-normalization/normalized_list.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("13-normalization",
                       "Normalization: standardise inside.");
  program.flag("full", "the long study: whole curves, over several seeds");
  return program.run(argc, argv, [](cnn::Program&) {});
}
