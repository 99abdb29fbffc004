// A trained network learns other signs, or another hand, from few pictures,
// because it can use what its layers have learned to see (fine-tuning).
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "16-saving/network_file.hpp"
#include "16-saving/resuming.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/reader_training.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Holds out a fifth of each class, rounded down, but at least one picture.
// The seed chooses them. The rest, in random order, is there to learn from.
// Throws std::invalid_argument for a class with a single picture. A class
// may be empty.
inline Split stratified_split(const Dataset& all, std::uint64_t seed) {
  require_dataset(all, "stratified_split");
  Random random(seed);
  std::vector<std::vector<int>> of_class(
      static_cast<std::size_t>(all.classes));
  for (const int n : random.permutation(all.size()))
    of_class[static_cast<std::size_t>(
                 all.labels[static_cast<std::size_t>(n)])]
        .push_back(n);
  std::vector<int> learned, held_out;
  for (std::size_t k = 0; k < of_class.size(); ++k) {
    const std::vector<int>& pictures = of_class[k];
    if (pictures.size() == 1)
      fail(Refusal::argument,
           "stratified_split: expected 2 or more pictures of class " +
               std::to_string(k) + ", got 1");
    const std::size_t out =
        pictures.empty() ? 0
                         : std::max<std::size_t>(1, pictures.size() / 5);
    const auto end = pictures.begin() + static_cast<std::ptrdiff_t>(out);
    held_out.insert(held_out.end(), pictures.begin(), end);
    learned.insert(learned.end(), end, pictures.end());
  }
  random.shuffle(learned);
  return {subset(all, learned), subset(all, held_out), ""};
}

// The classes that a network has after it is taught: those that it knew if
// they include all that are wanted, else the wanted ones alone.
inline ClassNames classes_after(const ClassNames& known,
                                const ClassNames& wanted) {
  const bool all_known =
      std::all_of(wanted.begin(), wanted.end(), [&](const auto& name) {
        return std::find(known.begin(), known.end(), name) != known.end();
      });
  return all_known ? known : wanted;
}

// How many answers a network gives. It must end in a dense layer, because
// only then can that number be changed.
inline OrBroken<int> answers_of(const NetworkPlan& plan) {
  if (!plan.architecture.empty())
    if (const Dense* last = std::get_if<Dense>(&plan.architecture.back()))
      return last->outputs;
  return Broken{"expected a network that ends in a dense layer, got '" +
                to_text(plan.architecture) + "'"};
}

// The same for a network that reads pictures of MNIST's size. Throws
// std::runtime_error that begins with `name` for any other network.
inline int answers_for_digits(const NetworkPlan& plan,
                              const std::string& name) {
  if (plan.image != Shape{1, 28, 28})
    fail(Refusal::runtime,
         name + ": expected a network of pictures 1x28x28, got " +
             image_text(plan.image));
  return value_or_fail(answers_of(plan), name);
}

// The plan of the same network with another number of answers.
// Throws std::runtime_error unless its last layer is dense.
inline NetworkPlan with_answers(NetworkPlan plan, int answers) {
  value_or_fail(answers_of(plan), "with_answers");
  std::get<Dense>(plan.architecture.back()).outputs = answers;
  return plan;
}

// The parameters with which teaching begins: those of the trained network.
// If it gets new answers, its last layer's are drawn anew by the seed, and
// so small that all answers are nearly equal at first.
// plan: with the answers that the network will have
inline TensorFile initial_parameters(const TensorFile& trained,
                                     const NetworkPlan& plan,
                                     bool new_answers, std::uint64_t seed) {
  Recipe recipe;
  recipe.seed = seed;
  TensorFile file = first_checkpoint(plan, recipe).parameters;
  Network<> network = build_network(plan.architecture, plan.image);
  const std::vector<Parameter<>*> all = network.parameters();
  const std::size_t kept = all.size() - (new_answers ? 2 : 0);
  for (std::size_t p = 0; p < kept; ++p)
    file.tensors[all[p]->name] = trained.tensors.at(all[p]->name);
  return file;
}

// Small steps, because most of what there is to learn is known already.
inline AugmentedTraining teaching_settings() {
  return {.epochs = 40, .batch = 16, .learning_rate = 0.01};
}

}  // namespace cnn
