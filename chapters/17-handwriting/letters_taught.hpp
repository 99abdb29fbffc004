// How much a network's earlier training helps when it is taught something
// new: letters, learned by the reader of digits and by the same network
// from random numbers.
// Book: book/17-handwriting.md
#pragma once

#include <cstdint>
#include <vector>

#include "16-saving/network_file.hpp"
#include "16-saving/resuming.hpp"
#include "17-handwriting/letters.hpp"
#include "17-handwriting/teaching.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// `per_class` of each letter, in turn: A, C, ..., Y, A, C, ...; the labels
// index letter_names. -> images (N, 1, 28, 28)
inline Dataset drawn_letters(int per_class, std::uint64_t seed) {
  Dataset letters;
  letters.classes = static_cast<int>(letter_names.size());
  const int N = per_class * letters.classes;
  letters.images = Tensor<>({N, 1, 28, 28});
  Random random(seed);
  for (int n = 0; n < N; ++n) {
    const int k = n % letters.classes;
    const Tensor<> letter =
        drawn_letter(letter_names[static_cast<std::size_t>(k)], random);
    set_row(letters.images, n, letter.data());
    letters.labels.push_back(k);
  }
  return letters;
}

// The shares of letters that are read right, one for each seed.
struct LettersTaught {
  int per_class = 0, epochs = 0;
  std::vector<double> from_digits, from_nothing;
};

// Trains from `reader` and from nothing, with the seeds 1 to `seeds`. A
// seed chooses the letters to learn from, the initial values of new
// parameters, and the order. The letters to be read are always the same.
inline LettersTaught compute_letters_taught(const TensorFile& reader,
                                            const NetworkPlan& plan,
                                            int per_class, int epochs,
                                            int seeds,
                                            const Dataset& to_read) {
  LettersTaught result{per_class, epochs, {}, {}};
  const NetworkPlan taught = with_answers(plan, to_read.classes);
  FastNetwork network(layers_of(taught, 1), taught.image);
  for (int seed = 1; seed <= seeds; ++seed) {
    AugmentedTraining settings = teaching_settings();
    settings.epochs = epochs;
    settings.seed = static_cast<std::uint64_t>(seed);
    const Dataset pictures = drawn_letters(per_class, settings.seed);
    for (const bool from_digits : {true, false}) {
      Recipe recipe;
      recipe.seed = settings.seed;
      load_parameters(
          from_digits
              ? initial_parameters(reader, taught, true, settings.seed)
              : first_checkpoint(taught, recipe).parameters,
          network, "compute_letters_taught");
      // A network that knows nothing has a longer way to go, so it takes
      // chapter 06's steps and not the small ones.
      settings.learning_rate = from_digits
                                   ? teaching_settings().learning_rate
                                   : TrainingSettings{}.learning_rate;
      train_augmented(network, pictures, settings);
      (from_digits ? result.from_digits : result.from_nothing)
          .push_back(accuracy(network, to_read));
    }
  }
  return result;
}

}  // namespace cnn
