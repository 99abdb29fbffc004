// Chapter 14: residual blocks, or why a layer should begin by doing
// nothing.
// Book: book/14-residual.md
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("14-residual",
                       "Residual: add, and start as nothing.");
  return program.run(argc, argv, [](cnn::Program&) {});
}
