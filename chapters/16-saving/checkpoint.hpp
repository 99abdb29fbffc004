// A training run as a file, so that a run that was killed can go on: the
// parameters, the optimizer's state, and how many epochs are done. The
// order of the images is not saved, because it follows from the seed and
// the number of epochs.
// Book: book/16-saving.md
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "06-training/sgd.hpp"
#include "06-training/training.hpp"
#include "07-speed/kernels.hpp"
#include "10-initialization/named_starts.hpp"
#include "11-optimizers/named_optimizers.hpp"
#include "12-generalization/named_augmentations.hpp"
#include "16-saving/network_file.hpp"

namespace cnn {

// The largest weight decay and label smoothing that a run may have.
inline constexpr double most_decay = 1000, most_smoothing = 0.99;

// Everything that determines a run, besides its network and its pictures.
struct Recipe {
  std::string data = "embedded";  // the data set, as the user named it
  std::string pictures = {};      // checksum_of() the training pictures
  int epochs = 6, batch = 32;
  double learning_rate = 0.05, momentum = 0.9;
  std::string schedule = "cosine";  // a name in named_schedules()
  std::uint64_t seed = 1;
  std::string isa = "auto";       // which of chapter 07's kernels
  std::string optimizer = "sgd";  // a name in optimizer_kinds()
  std::string start = "he";       // a name in named_starts()
  std::string augment = "none";   // a name in named_augmentations()
  double decay = 0;               // of the weights, see chapter 12
  double smoothing = 0;           // of the labels, see chapter 12

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

// The least and the most that the other numbers of a recipe may be.
inline constexpr int most_epochs = 1'000'000, most_batch = 10'000;
inline constexpr double least_rate = 1e-9, most_rate = 1e30,
                        most_momentum = 0.999;

struct Checkpoint {
  NetworkPlan plan;
  Recipe recipe;
  int epochs_done = 0;
  TensorFile parameters;        // its metadata are not used
  std::vector<Tensor<>> state;  // the optimizer's
  // The version of chapter 07's engine that made the run so far; 0 if
  // several versions did.
  int engine = engine_version;
};

// Whether a recipe's optimizer has a momentum. An unknown one has none: it
// is refused elsewhere.
inline bool has_momentum(const std::string& optimizer) {
  const OptimizerKind* kind = find_named(optimizer_kinds(), optimizer);
  return kind && kind->has_momentum;
}

// A recipe as metadata, of a checkpoint or of a finished network. Unless
// `all` is true, settings that few runs choose are left out where they have
// their default values. The momentum is there if the optimizer has one.
inline std::map<std::string, std::string> recipe_text(const Recipe& it,
                                                      bool all = false) {
  std::map<std::string, std::string> text = {
      {"data", it.data},
      {"pictures", it.pictures},
      {"epochs", std::to_string(it.epochs)},
      {"batch", std::to_string(it.batch)},
      {"learning_rate", exact_text(it.learning_rate)},
      {"schedule", it.schedule},
      {"seed", std::to_string(it.seed)}};
  if (has_momentum(it.optimizer))
    text["momentum"] = exact_text(it.momentum);
  const auto rarer = [&](const char* key, const std::string& value,
                         const std::string& usual) {
    if (all || value != usual) text[key] = value;
  };
  rarer("isa", it.isa, "auto");
  rarer("optimizer", it.optimizer, "sgd");
  rarer("start", it.start, "he");
  rarer("augment", it.augment, "none");
  rarer("decay", exact_text(it.decay), "0");
  rarer("smoothing", exact_text(it.smoothing), "0");
  return text;
}

inline TensorFile file_of(const Checkpoint& checkpoint) {
  TensorFile file = checkpoint.parameters;
  file.metadata = recipe_text(checkpoint.recipe);
  file.metadata["network"] = to_text(checkpoint.plan.architecture);
  file.metadata["image"] = image_text(checkpoint.plan.image);
  file.metadata["epochs_done"] = std::to_string(checkpoint.epochs_done);
  file.metadata["engine"] = std::to_string(checkpoint.engine);
  for (std::size_t i = 0; i < checkpoint.state.size(); ++i)
    file.tensors["optimizer." + std::to_string(i)] = checkpoint.state[i];
  return file;
}

// Reads the values of a file's metadata, and remembers the first that is
// missing or wrong.
class MetadataReader {
 public:
  explicit MetadataReader(const TensorFile& file) : file_(file) {}

  std::string text(const std::string& key) {
    const auto found = file_.metadata.find(key);
    if (found != file_.metadata.end()) return found->second;
    wrong("the metadata hold no '" + key + "'");
    return "";
  }
  std::uint64_t whole(const std::string& key, std::uint64_t least,
                      std::uint64_t most) {
    const std::string digits = text(key);
    JsonReader reader(digits);
    std::uint64_t number = 0;
    if (reader.number(number) && reader.expect_end() && number >= least &&
        number <= most)
      return number;
    wrong("metadata, " + key + ": expected a whole number from " +
          std::to_string(least) + " to " + std::to_string(most) +
          ", got '" + digits.substr(0, 40) + "'");
    return least;
  }
  int whole_int(const std::string& key, int least, int most) {
    return static_cast<int>(whole(key, static_cast<std::uint64_t>(least),
                                  static_cast<std::uint64_t>(most)));
  }
  double real(const std::string& key, double least, double most) {
    const std::string digits = text(key);
    char* end = nullptr;
    const double number = std::strtod(digits.c_str(), &end);
    if (digits.empty() || *end != '\0' ||
        !(number >= least && number <= most))
      wrong("metadata, " + key + ": expected a number from " +
            exact_text(least) + " to " + exact_text(most) + ", got '" +
            digits.substr(0, 40) + "'");
    return number;
  }
  template <class Named>
  void one_of(const std::vector<Named>& all, const std::string& key,
              const std::string& name) {
    if (!find_named(all, name))
      wrong("metadata, " + key + ": expected " + names_of(all) + ", got '" +
            name.substr(0, 40) + "'");
  }
  void wrong(const std::string& rule) {
    if (rule_.empty()) rule_ = rule;
  }
  const std::string& rule() const { return rule_; }

 private:
  const TensorFile& file_;
  std::string rule_;
};

// The checkpoint that a file holds, or what is wrong with the file.
inline OrBroken<Checkpoint> checkpoint_in(TensorFile file) {
  auto plan = plan_in(file);
  if (Broken* broken = std::get_if<Broken>(&plan)) return *broken;
  Checkpoint it;
  it.plan = std::get<NetworkPlan>(std::move(plan));
  MetadataReader read(file);
  it.recipe.data = read.text("data");
  it.recipe.pictures = read.text("pictures");
  it.recipe.epochs = read.whole_int("epochs", 1, most_epochs);
  it.recipe.batch = read.whole_int("batch", 1, most_batch);
  it.recipe.learning_rate =
      read.real("learning_rate", least_rate, most_rate);
  it.recipe.schedule = read.text("schedule");
  it.recipe.seed = read.whole("seed", 0, UINT64_MAX);
  if (file.metadata.count("isa") > 0)
    it.recipe.isa = read.text("isa").substr(0, 40);
  // After the last epoch there is nothing to go on with.
  it.epochs_done = read.whole_int("epochs_done", 0, it.recipe.epochs - 1);
  it.engine = 1;  // version 1 did not save its number
  if (file.metadata.count("engine") > 0)
    it.engine = read.whole_int("engine", 0, 1'000'000);
  read.one_of(named_schedules(), "schedule", it.recipe.schedule);
  for (auto [key, chosen] : {std::pair{"optimizer", &it.recipe.optimizer},
                             std::pair{"start", &it.recipe.start},
                             std::pair{"augment", &it.recipe.augment}})
    if (file.metadata.count(key) > 0) *chosen = read.text(key);
  read.one_of(optimizer_kinds(), "optimizer", it.recipe.optimizer);
  if (has_momentum(it.recipe.optimizer))
    it.recipe.momentum = read.real("momentum", 0, most_momentum);
  read.one_of(named_starts(), "start", it.recipe.start);
  read.one_of(named_augmentations(), "augment", it.recipe.augment);
  if (file.metadata.count("decay") > 0)
    it.recipe.decay = read.real("decay", 0, most_decay);
  if (file.metadata.count("smoothing") > 0)
    it.recipe.smoothing = read.real("smoothing", 0, most_smoothing);
  if (!read.rule().empty()) return Broken{read.rule()};
  for (std::size_t i = 0;; ++i) {
    const auto found = file.tensors.find("optimizer." + std::to_string(i));
    if (found == file.tensors.end()) break;
    it.state.push_back(std::move(found->second));
    file.tensors.erase(found);
  }
  file.metadata.clear();
  it.parameters = std::move(file);
  return it;
}

}  // namespace cnn
