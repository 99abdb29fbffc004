// A network from a file, ready to read, and the names of its answers.
// Book: book/17-handwriting.md
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "05-softmax/softmax.hpp"
#include "06-training/batches.hpp"
#include "16-saving/loaded_network.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/teaching.hpp"
#include "17-handwriting/views.hpp"
#include "common/tensor/broken.hpp"

namespace cnn {

struct NamedReader {
  Reader reader;
  ClassNames names;  // empty for the ten digits
};

// Throws std::runtime_error that begins with `name` unless the network
// reads pictures of MNIST's size, ends in a dense layer and has a name for
// each of its answers.
inline NamedReader named_reader(const LoadedNetwork& loaded,
                                std::shared_ptr<FastNetwork> network,
                                const std::string& name) {
  const int answers = answers_for_digits(loaded.plan, name);
  NamedReader it;
  if (answers != 10 || loaded.file.metadata.count("classes") > 0)
    it.names = value_or_fail(class_names_in(loaded.file, answers), name);
  it.reader = [network = std::move(network)](const Tensor<>& crops) {
    return softmax(logits_of(*network, crops));
  };
  return it;
}

}  // namespace cnn
