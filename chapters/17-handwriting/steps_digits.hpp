// What the steps of the tour share: the digits, and the networks that read
// them.
// Book: book/17-handwriting.md
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "09-dreaming/networks.hpp"
#include "16-saving/steps_files.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

struct HandwritingTour {
  Program& program;
  Split digits;
  // Chapter 06's network, trained from three seeds. We show the first, and
  // the others tell what was luck.
  std::vector<std::unique_ptr<FastNetwork>> networks;
  Dataset strangers = {};  // pictures of --strangers, none without it

  FastNetwork& first_network() { return *networks.front(); }
  std::vector<Layer<>*> all_networks() {
    std::vector<Layer<>*> all;
    for (const auto& network : networks) all.push_back(network.get());
    return all;
  }
};

// Loads the digits and the strangers, but no network yet.
inline HandwritingTour begin_tour(Program& program) {
  HandwritingTour tour{program, load_digits(program.data()), {}};
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 400);
    tour.digits.held_out = first(tour.digits.held_out, 100);
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  if (program.given("strangers"))
    tour.strangers =
        first(mnist_from(program.text("strangers")).held_out, 500);
  return tour;
}

// Whether the first network can be the one that chapter 16 ships: it
// learned from the digits that come with the book, from seed 1.
inline bool asks_the_file(const Program& program) {
  return !program.data() && program.seed() == 1;
}
inline std::unique_ptr<FastNetwork> network_of_the_file() {
  const std::filesystem::path file =
      Program::source_folder() /
      "chapters/16-saving/weights/digits.safetensors";
  return network_of(load_network(file), file.string());
}

inline std::unique_ptr<FastNetwork> trained_from_seed(
    const HandwritingTour& tour, std::uint64_t seed) {
  Experiment experiment;
  experiment.settings.seed = seed;
  if (tour.program.quick()) experiment.settings.epochs = 2;
  Progress progress(
      "seed " + std::to_string(seed),
      training_steps(tour.digits.train.size(), experiment.settings),
      "steps");
  return trained_network(tour.digits.train, experiment,
                         [&](const TrainingStep& now) {
                           progress.update(now.step);
                           return !tour.program.interrupted();
                         });
}

}  // namespace cnn
