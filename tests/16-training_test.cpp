// Chapter 16: runs that are stopped and resumed, lists of layers that do
// not fit, and the files and data sets that the verbs are given.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "06-training/experiments.hpp"
#include "16-saving/fitting.hpp"
#include "16-saving/resuming.hpp"
#include "16-saving/steps_data.hpp"
#include "16-saving/steps_files.hpp"
#include "16-saving/steps_train.hpp"
#include "tests/catch.hpp"
#include "tests/engine.hpp"
#include "tests/folder.hpp"
#include "tests/no_numbers.hpp"

using namespace cnn;

namespace {

template <class Value>
std::string rule_in(const OrBroken<Value>& read) {
  const Broken* broken = std::get_if<Broken>(&read);
  return broken ? broken->rule : "none";
}

SavedArchitecture layers(const std::string& text) {
  return std::get<SavedArchitecture>(parse_architecture(text));
}

std::string misfit(const std::string& text,
                   const Shape& image = {1, 28, 28}) {
  return rule_in(fitting_of(layers(text), image));
}

// A residual block whose branch and skip may not fit.
Residual careless_block(int depth, Random& random) {
  const auto convolution = [&] {
    return Convolution{.channels = from_to(1, 3, random),
                       .kernel = from_to(1, 3, random),
                       .stride = from_to(1, 2, random),
                       .padding = from_to(0, 1, random)};
  };
  Residual block;
  for (int i = from_to(1, 2, random); i > 0; --i)
    block.branch.push_back(convolution());
  if (random.below(3) == 0) block.branch.push_back(BatchNorm{});
  if (random.below(9) == 0) block.branch.push_back(Flatten{});
  if (depth > 0 && random.below(2) == 0)
    block.branch = {careless_block(depth - 1, random)};
  for (int i = from_to(0, 1, random); i > 0; --i)
    block.skip.push_back(convolution());
  return block;
}

// Any layers in any order, so that many lists do not fit.
SavedArchitecture careless_list(Random& random) {
  SavedArchitecture list;
  if (random.below(3) == 0) list.push_back(careless_block(2, random));
  for (int i = from_to(0, 5, random); i > 0; --i) {
    const int size = from_to(1, 4, random);
    const Pooling pooling = {size, from_to(1, 3, random),
                             from_to(0, 2, random)};
    switch (random.below(10)) {
      case 0:
        list.push_back(Convolution{.channels = from_to(1, 4, random),
                                   .kernel = size,
                                   .stride = from_to(1, 2, random),
                                   .padding = from_to(0, 2, random)});
        break;
      case 1:
        list.push_back(Relu{});
        break;
      case 2:
        list.push_back(MaxPool{pooling});
        break;
      case 3:
        list.push_back(AveragePool{pooling});
        break;
      case 4:
        list.push_back(Flatten{});
        break;
      case 5:
        list.push_back(Dropout{0.5});
        break;
      case 6:
        list.push_back(BatchNorm{});
        break;
      case 7:
        list.push_back(LayerNorm{});
        break;
      case 8:
        list.push_back(GroupNorm{from_to(1, 3, random)});
        break;
      default:
        list.push_back(Dense{from_to(1, 6, random)});
        break;
    }
  }
  return list;
}

Dataset some_pictures(int count, int classes = 10) {
  Random random(1);
  Dataset data;
  data.images = normal_numbers({count, 1, 12, 12}, random);
  data.classes = classes;
  for (int n = 0; n < count; ++n)
    data.labels.push_back(random.below(classes));
  return data;
}

const NetworkPlan small_plan = {
    layers("conv 3 3, relu, maxpool 2, flatten, dense 10"), {1, 12, 12}};
// A plan with all kinds of layers that chapters 12 to 14 added.
const NetworkPlan wide_plan = {
    layers("conv 4 3, batchnorm, relu, dropout 0.25, maxpool 2, "
           "residual(conv 4 3 pad 1, dropout 0.2, batchnorm), relu, "
           "residual(residual(conv 4 3 pad 1, batchnorm), relu) "
           "skip(conv 4 1), conv 4 3, groupnorm 2, relu, flatten, "
           "layernorm, dropout 0.5, dense 10"),
    {1, 12, 12}};

std::string bytes_of_run(const Checkpoint& at) {
  return safetensors_bytes(file_of(at));
}

// Trains from a checkpoint until `epochs_done` epochs are done.
Checkpoint trained(Checkpoint at, const Dataset& data, int epochs_done) {
  FastNetwork network(layers_of(at.plan, at.recipe.seed), at.plan.image,
                      {.threads = 1});
  train_from(
      at, network, data, "F",
      [&](const TrainingStep&) { return at.epochs_done < epochs_done; },
      [](const auto&) {});
  return at;
}

}  // namespace

// ---- Lists of layers ---------------------------------------------------

TEST_CASE("a list fits by its shapes if, and only if, it can be built") {
  int fit = 0, misfits = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    Random random(seed);
    const SavedArchitecture list = careless_list(random);
    const Shape image = {from_to(1, 3, random), from_to(1, 9, random),
                         from_to(1, 9, random)};
    INFO(to_text(list) << " for " << to_string(image));
    const auto read = fitting_of(list, image);
    try {
      Network<> network = build_network(list, image);
      REQUIRE(std::holds_alternative<Fitting>(read));
      const Fitting& fitting = std::get<Fitting>(read);
      const Tensor<> blank({1, image[0], image[1], image[2]});
      Shape shape = network.forward(blank, Mode::evaluation).shape();
      shape.erase(shape.begin());
      CHECK(fitting.output == shape);
      CHECK(fitting.parameters == parameter_count(network));
      double all = 0;
      bool weights = false;
      for (const Parameter<>* parameter : network.parameters()) {
        all += parameter->value.size();
        weights = weights || parameter->fan_in > 0;
      }
      CHECK(fitting.parameters + fitting.kept == all);
      CHECK(fitting.weights == weights);
      ++fit;
    } catch (const std::invalid_argument&) {
      CHECK(rule_in(read).rfind("layer ", 0) == 0);
      ++misfits;
    }
  }
  CHECK(fit > 200);
  CHECK(misfits > 200);
}

TEST_CASE("the first layer that does not fit is named, with the reason") {
  CHECK(misfit("conv 8 5, conv 8 30, conv 8 40") ==
        "layer 2, 'conv 8 30': a window of 30 does not fit into 24 cells "
        "with padding 0");
  CHECK(misfit("relu, dense 10") ==
        "layer 2, 'dense 10': expected flatten before the first dense");
  CHECK(misfit("flatten, maxpool 2") ==
        "layer 2, 'maxpool 2': expected a map, got a row");
  CHECK(misfit("maxpool 2 pad 2") ==
        "layer 1, 'maxpool 2 pad 2': expected padding of at most half the "
        "window");
  CHECK(misfit("conv 6 5, relu, groupnorm 4") ==
        "layer 3, 'groupnorm 4': 6 channels cannot be shared among 4 "
        "groups");
  CHECK(misfit("conv 6 5, batchnorm, dropout 0.5, groupnorm 3, layernorm, "
               "flatten, groupnorm 2, batchnorm, dense 10") == "none");
  CHECK(misfit("residual(conv 8 3 pad 1)") ==
        "layer 1, 'residual(conv 8 3 pad 1)': the branch gives (8, 28, "
        "28), the skip (1, 28, 28)");
  CHECK(misfit("conv 8 3, residual(relu, residual(conv 8 3)) "
               "skip(conv 8 3)") ==
        "layer 2, 'residual(relu, residual(conv 8 3)) skip(conv 8 3)': in "
        "its branch, 'residual(conv 8 3)': the branch gives (8, 24, 24), "
        "the skip (8, 26, 26)");
  CHECK(misfit("flatten, residual(relu)") ==
        "layer 2, 'residual(relu)': expected a map, got a row");
  CHECK(misfit("residual(conv 8 3 pad 1, batchnorm) skip(conv 8 1)") ==
        "none");
  CHECK(rule_in(fitting_of(SavedArchitecture{}, {28, 28})) ==
        "expected an image (C, H, W), got (28, 28)");
}

TEST_CASE("a list that asks for more memory than there is gets none") {
  for (const char* text :
       {"flatten, dense 65536, dense 65536",
        "flatten, dense 65536, dense 65536, dense 65536, dense 65536",
        "conv 1000 1 pad 136, layernorm", "conv 65536 28, conv 65536 1",
        "conv 65536 1, conv 65536 1", "conv 1 65536 pad 65536",
        "relu, maxpool 65536 stride 1 pad 32768",
        "conv 65536 1 pad 65536"}) {
    const std::string rule = misfit(text);
    INFO(text << ": " << rule);
    CHECK(rule.find("more than 100,000,000") != std::string::npos);
  }
  CHECK(misfit("relu", {65536, 65536, 65536}) ==
        "image: maps of more than 100,000,000 numbers");
}

TEST_CASE("a classifier learns and has a score for each class") {
  const auto rule = [](const std::string& text) {
    return rule_in(classifier_plan(layers(text), {1, 28, 28}, 10));
  };
  CHECK(rule("flatten, dense 10") == "none");
  CHECK(rule("flatten, dense 12") == "none");
  CHECK(rule("flatten, dense 9") ==
        "expected 10 outputs or more, one for each class, got (9)");
  CHECK(rule("conv 10 28") ==
        "expected 10 outputs or more, one for each class, got (10, 1, 1)");
  for (const char* text : {"relu, flatten", "batchnorm, flatten"})
    CHECK(rule(text) == "expected a layer that learns: conv or dense");
  CHECK(rule("conv 8 50") ==
        "layer 1, 'conv 8 50': a window of 50 does not fit into 28 cells "
        "with padding 0");
}

// ---- Runs in parts -----------------------------------------------------

TEST_CASE("a run begins with chapter 06's first numbers") {
  Recipe recipe;
  recipe.seed = 7;
  const NetworkPlan plan = {digit_network, {1, 28, 28}};
  const Checkpoint start = first_checkpoint(plan, recipe);
  Experiment experiment;
  experiment.settings.seed = 7;
  Network<> fresh = fresh_network(experiment);
  CHECK(start.parameters.tensors == file_of(fresh, plan).tensors);
  CHECK(start.epochs_done == 0);
  CHECK(start.state.empty());
}

TEST_CASE("a run left after each epoch, in files, ends in the same bytes") {
  const Dataset data = some_pictures(37);
  for (const char* schedule : {"cosine", "constant"})
    for (const double momentum : {0.0, 0.9}) {
      Recipe recipe;
      recipe.epochs = 4;
      recipe.batch = 8;
      recipe.momentum = momentum;
      recipe.schedule = schedule;
      recipe.seed = 3;
      if (momentum > 0) recipe.isa = "portable";
      INFO(schedule << ", momentum " << momentum);
      const Checkpoint start = first_checkpoint(small_plan, recipe);
      const Checkpoint whole = trained(start, data, 4);
      Checkpoint part = start;
      for (int done = 1; done <= 4; ++done) {
        part = std::get<Checkpoint>(checkpoint_in(file_of(part)));
        part = trained(part, data, done);
        CHECK(part.epochs_done == done);
        CHECK((bytes_of_run(part) == bytes_of_run(whole)) == (done == 4));
      }
    }
}

TEST_CASE("a run of all kinds of layers and remedies is left and resumed") {
  const Dataset data = some_pictures(37);
  for (const OptimizerKind& kind : optimizer_kinds())
    for (const std::string isa : {"auto", "portable"}) {
      Recipe recipe;
      recipe.epochs = 3;
      recipe.batch = 8;
      recipe.learning_rate = 0.01;
      recipe.optimizer = kind.name;
      recipe.seed = 4;
      recipe.isa = isa;
      recipe.augment = "all";
      recipe.decay = 0.001;
      recipe.smoothing = 0.1;
      INFO(kind.name << ", " << isa);
      Checkpoint part = first_checkpoint(wide_plan, recipe);
      const Checkpoint whole = trained(part, data, 3);
      CHECK(whole.parameters.tensors.count("bn1.running_mean") == 1);
      for (int done = 1; done <= 3; ++done) {
        part = std::get<Checkpoint>(checkpoint_in(file_of(part)));
        CHECK(part.recipe == recipe);
        part = trained(part, data, done);
        CHECK((bytes_of_run(part) == bytes_of_run(whole)) == (done == 3));
      }
    }
}

TEST_CASE("each remedy of a recipe changes the run, and so does a seed") {
  const Dataset data = some_pictures(24);
  Recipe plain;
  plain.epochs = 1;
  plain.batch = 8;
  std::vector<Recipe> recipes(6, plain);
  recipes[1].augment = "shift";
  recipes[2].augment = "all";
  recipes[3].decay = 0.01;
  recipes[4].smoothing = 0.1;
  recipes[5].seed = 2;
  std::vector<std::string> ends;
  for (const Recipe& recipe : recipes) {
    // All of them begin with the numbers of the same seed.
    Checkpoint at = first_checkpoint(small_plan, plain);
    at.recipe = recipe;
    ends.push_back(safetensors_bytes(trained(at, data, 1).parameters));
    for (std::size_t i = 0; i + 1 < ends.size(); ++i)
      CHECK(ends[i] != ends.back());
  }
  // Each dropout of each run has a seed of its own.
  std::vector<std::uint64_t> seeds;
  for (const std::uint64_t seed : {1u, 2u}) {
    for (const auto& entry : layers_of(wide_plan, seed))
      if (const auto* it = std::get_if<Dropout>(&entry))
        seeds.push_back(it->seed);
  }
  std::sort(seeds.begin(), seeds.end());
  CHECK(seeds.size() == 4);
  CHECK(std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end());
}

TEST_CASE("a file whose remedies cannot be is refused") {
  const TensorFile good = file_of(first_checkpoint(small_plan, {}));
  for (const char* key : {"augment", "decay", "smoothing"}) {
    CHECK(good.metadata.count(key) == 0);  // as files always were
    for (const char* value : {"", "-1", "1e9", "nan", "mirror", "1x"}) {
      TensorFile file = good;
      file.metadata[key] = value;
      CHECK(std::get<Broken>(checkpoint_in(file))
                .rule.rfind("metadata, " + std::string(key) + ": expected ",
                            0) == 0);
    }
  }
}

TEST_CASE("a file with numbers that no run can have is refused") {
  Recipe recipe;
  recipe.epochs = 3;
  const TensorFile good =
      file_of({small_plan,
               recipe,
               2,
               first_checkpoint(small_plan, recipe).parameters,
               {}});
  CHECK(std::get<Checkpoint>(checkpoint_in(good)).epochs_done == 2);
  const auto refused = [&](const std::string& key, const std::string& range,
                           const Strings& values) {
    for (const std::string& value : values) {
      TensorFile file = good;
      file.metadata[key] = value;
      CHECK(std::get<Broken>(checkpoint_in(file)).rule ==
            "metadata, " + key + ": expected a " + range + ", got '" +
                value + "'");
    }
  };
  refused("epochs", "whole number from 1 to 1000000",
          {"0", "1000001", "18446744071562067968", "-1", "1.5", ""});
  refused("epochs_done", "whole number from 0 to 2",
          {"3", "4", "18446744073709551616", "-1", "x", ""});
  refused("batch", "whole number from 1 to 10000",
          {"0", "10001", "-1", "1e3", ""});
  refused("learning_rate", "number from 1e-09 to 1e+30",
          {"0", "-0.05", "1e-10", "1e31", "nan", "inf", "0.05x", ""});
  refused("momentum", "number from 0 to 0.999",
          {"1", "0.9995", "-0.1", "nan", "inf", ""});
  TensorFile none = good;  // a run of no epochs, of which none are done
  none.metadata["epochs"] = none.metadata["epochs_done"] = "0";
  const TemporaryFolder folder;
  const RunFiles files((folder / "F").string());
  write_file(files.resume, safetensors_bytes(none));
  CHECK(message_of([&] { stopped_run(files); }) ==
        files.resume +
            ": metadata, epochs: expected a whole number from 1 to "
            "1000000, got '0'");
}

TEST_CASE("of drawn numbers, those that are read make a run") {
  const TensorFile good = file_of(first_checkpoint(small_plan, {}));
  const Strings values = {"0",    "1",   "2",     "5",   "6",   "7",
                          "1e-9", "0.5", "0.999", "1.0", "-1",  "10000",
                          "1e30", "1e9", "10001", "nan", "inf", ""};
  Random random(1);
  int read = 0;
  for (int draw = 0; draw < 2000; ++draw) {
    TensorFile file = good;
    for (const char* key :
         {"epochs", "epochs_done", "batch", "learning_rate", "momentum"}) {
      if (random.below(2) == 0) continue;
      file.metadata[key] = values[static_cast<std::size_t>(
          random.below(static_cast<int>(values.size())))];
    }
    const auto found = checkpoint_in(std::move(file));
    const auto* it = std::get_if<Checkpoint>(&found);
    if (!it) continue;
    ++read;
    CHECK_NOTHROW(optimizer_of(it->recipe));
    CHECK_NOTHROW(require_training(
        1, settings_of(it->recipe, it->epochs_done), "drawn"));
    CHECK(it->epochs_done < it->recipe.epochs);
    CHECK(it->recipe.learning_rate > 0);
  }
  CHECK(read > 100);
  CHECK(read < 1000);
}

TEST_CASE("a run with any optimizer and schedule ends in the same bytes") {
  const Dataset data = some_pictures(21);
  for (const OptimizerKind& kind : optimizer_kinds())
    for (const NamedSchedule& schedule : named_schedules()) {
      Recipe recipe;
      recipe.epochs = 2;
      recipe.batch = 8;
      recipe.learning_rate = 0.01;
      recipe.optimizer = kind.name;
      recipe.schedule = schedule.name;
      INFO(kind.name << ", " << schedule.name);
      const Checkpoint start = first_checkpoint(small_plan, recipe);
      const Checkpoint whole = trained(start, data, 2);
      Checkpoint part = trained(start, data, 1);
      CHECK(!part.state.empty());
      part = std::get<Checkpoint>(checkpoint_in(file_of(part)));
      CHECK(part.recipe == recipe);
      CHECK(bytes_of_run(trained(part, data, 2)) == bytes_of_run(whole));
      // Without the optimizer's state, the run ends differently.
      part.state.clear();
      CHECK(bytes_of_run(trained(part, data, 2)) != bytes_of_run(whole));
    }
}

TEST_CASE("a run begins with the start that it names, and keeps the name") {
  const Dataset data = some_pictures(20);
  std::vector<std::vector<float>> firsts;
  for (const NamedStart& start : named_starts()) {
    INFO(start.name);
    Recipe recipe;
    recipe.start = start.name;
    recipe.seed = 5;
    const Checkpoint at = first_checkpoint(small_plan, recipe, data.images);
    // The same numbers as chapter 10's own functions give.
    Network<> network =
        build_network(small_plan.architecture, small_plan.image);
    Random random(5);
    begin_with(start, network, data.images, random);
    CHECK(at.parameters.tensors == file_of(network, small_plan).tensors);
    const auto values = network.parameters().front()->value.data();
    firsts.emplace_back(values.begin(), values.end());
    for (std::size_t i = 0; i + 1 < firsts.size(); ++i)
      CHECK(firsts[i] != firsts.back());
    TensorFile file = file_of(at);
    CHECK(file.metadata.count("start") == (start.name == "he" ? 0u : 1u));
    CHECK(std::get<Checkpoint>(checkpoint_in(file)).recipe == recipe);
    file.metadata["start"] = "zeros";
    CHECK(std::get<Broken>(checkpoint_in(file)).rule ==
          "metadata, start: expected he, glorot, uniform, small, measured, "
          "got 'zeros'");

    // A normalization begins in the same way with every start.
    Checkpoint wide = first_checkpoint(wide_plan, recipe, data.images);
    for (const char* name : {"bn1.weight", "ln1.weight"})
      for (const float number : wide.parameters.tensors.at(name).data())
        CHECK(number == 1);
  }
  Recipe recipe;
  recipe.start = "zeros";
  CHECK(message_of([&] { first_checkpoint(small_plan, recipe); }) ==
        "first_checkpoint: expected one of he, glorot, uniform, small, "
        "measured, got 'zeros'");
  recipe.start = "measured";  // without a picture
  CHECK_THROWS_AS(first_checkpoint(small_plan, recipe),
                  std::invalid_argument);
}

TEST_CASE("a file with another optimizer's state or name is refused") {
  const Dataset data = some_pictures(8);
  Recipe recipe;
  recipe.epochs = 2;
  for (const char* name : {"adam", "muon"}) {
    recipe.optimizer = name;
    const Checkpoint good =
        trained(first_checkpoint(small_plan, recipe), data, 1);
    const auto said = [&](const Checkpoint& at) {
      return message_of([&] { trained(at, data, 2); });
    };
    Checkpoint at = good;
    at.recipe.optimizer = "sgd";
    CHECK(said(at) == "F: the optimizer's state does not fit the network");
    at = good;
    at.state.back() = Tensor<>({1}, 0.0f);
    CHECK(said(at) == "F: the optimizer's state does not fit the network");
    at = good;
    at.state.erase(at.state.begin());
    CHECK(said(at) == "F: the optimizer's state does not fit the network");
  }
  recipe.optimizer = "sgd";
  TensorFile file = file_of(first_checkpoint(small_plan, recipe));
  CHECK(file.metadata.count("optimizer") == 0);  // as files always were
  file.metadata["optimizer"] = "adagrad";
  CHECK(std::get<Broken>(checkpoint_in(file)).rule ==
        "metadata, optimizer: expected sgd, nesterov, rmsprop, adam, "
        "adamw, muon, got 'adagrad'");
}

TEST_CASE("a file whose optimizer's numbers cannot be is refused") {
  const Dataset data = some_pictures(8);
  Recipe recipe;
  recipe.epochs = 2;
  const auto run = [&](const char* name) {
    recipe.optimizer = name;
    return trained(first_checkpoint(small_plan, recipe), data, 1);
  };
  const auto refused = [&](Checkpoint at, std::size_t tensor,
                           float number) {
    INFO(at.recipe.optimizer << ", " << tensor << ", " << number);
    at.state[tensor].data()[0] = number;
    CHECK(message_of([&] { trained(at, data, 2); }) ==
          "F: the optimizer's state does not fit the network");
  };
  SECTION("steps are counted in whole numbers") {
    const Checkpoint good = run("muon");
    for (const float steps :
         {0.0f, -1.0f, 1.5f, 3e7f, not_a_number, infinity})
      refused(good, good.state.size() - 1, steps);
  }
  SECTION("a memory is a finite number") {
    for (const char* name :
         {"sgd", "nesterov", "rmsprop", "adam", "muon"}) {
      const Checkpoint good = run(name);
      for (const float number : {not_a_number, infinity, -infinity})
        for (const std::size_t tensor : {0u, 3u})
          refused(good, tensor, number);
    }
  }
  SECTION("a mean of squares is not negative") {
    const Checkpoint rmsprop = run("rmsprop"), adam = run("adam"),
                     adamw = run("adamw");
    const std::size_t P = rmsprop.state.size() - 1;
    REQUIRE(adam.state.size() == 2 * P + 1);
    for (std::size_t p = 0; p < P; ++p) {
      refused(rmsprop, p, -1e-9f);
      refused(adam, P + p, -1e-9f);
      refused(adamw, P + p, -1e-9f);
    }
    Checkpoint at = adam;  // a mean gradient may be negative
    at.state[0].data()[0] = -1e-9f;
    CHECK(message_of([&] { trained(at, data, 2); }) ==
          "nothing was thrown");
  }
}

TEST_CASE("a file names the momentum of an optimizer that has one") {
  for (const OptimizerKind& kind : optimizer_kinds()) {
    INFO(kind.name);
    Recipe recipe;
    recipe.optimizer = kind.name;
    if (kind.has_momentum) recipe.momentum = 0.5;
    TensorFile file = file_of(first_checkpoint(small_plan, recipe));
    CHECK(file.metadata.count("momentum") == (kind.has_momentum ? 1u : 0u));
    CHECK(std::get<Checkpoint>(checkpoint_in(file)).recipe == recipe);
    file.metadata["momentum"] = "5";  // as older files may hold it
    const auto read = checkpoint_in(file);
    if (kind.has_momentum) {
      CHECK(std::get<Broken>(read).rule.rfind("metadata, momentum: ", 0) ==
            0);
      file.metadata.erase("momentum");
      CHECK(std::get<Broken>(checkpoint_in(file)).rule ==
            "the metadata hold no 'momentum'");
    } else {
      CHECK(std::get<Checkpoint>(read).recipe == recipe);
    }
  }
}

TEST_CASE("the portable schedules are chapter 06's and 11's") {
  for (const char* name : {"cosine", "falling"}) {
    Recipe recipe;
    recipe.isa = "portable";
    recipe.schedule = name;
    const Schedule ours = settings_of(recipe, 0).schedule,
                   theirs = schedule_of(name);
    int unlike = 0;  // in the last bits, because the arithmetic differs
    for (int step = 0; step <= 40; ++step) {
      const double one = ours(step / 40.0), other = theirs(step / 40.0);
      CHECK(std::abs(one - other) < 1e-6);
      unlike += one != other;
    }
    CHECK(unlike > 20);
    recipe.isa = "auto";
    CHECK(settings_of(recipe, 0).schedule(0.3) == theirs(0.3));
  }
}

TEST_CASE("a run that is left in the middle of an epoch loses that one") {
  const Dataset data = some_pictures(37);
  Recipe recipe;
  recipe.epochs = 3;
  recipe.batch = 8;
  Checkpoint at = first_checkpoint(small_plan, recipe);
  const Checkpoint whole = trained(at, data, 3);
  FastNetwork network(at.plan.architecture, at.plan.image);
  const auto history = train_from(
      at, network, data, "F",
      [](const TrainingStep& now) { return now.step < 8; },
      [](const auto&) {});
  CHECK(history.size() == 8);
  CHECK(at.epochs_done == 1);
  CHECK(bytes_of_run(trained(at, data, 3)) == bytes_of_run(whole));
}

TEST_CASE("a checkpoint that is not its network's is refused by name") {
  const Dataset data = some_pictures(8);
  Recipe recipe;
  recipe.epochs = 2;
  const Checkpoint good =
      trained(first_checkpoint(small_plan, recipe), data, 1);
  const auto said = [&](const Checkpoint& at) {
    return message_of([&] { trained(at, data, 2); });
  };
  Checkpoint at = good;
  at.state.pop_back();
  CHECK(said(at) == "F: the optimizer's state does not fit the network");
  at = good;
  at.state[0] = Tensor<>({3, 1, 3, 2});
  CHECK(said(at) == "F: the optimizer's state does not fit the network");
  at = good;
  at.parameters.tensors.erase("fc1.bias");
  CHECK(said(at) ==
        "F: expected a tensor 'fc1.bias' of shape (10), found none");
}

TEST_CASE("a run of kernels that this CPU has not is refused by name") {
  Recipe recipe;
  for (const Kernels* kernels : all_kernels()) {
    recipe.isa = kernels->name;
    CHECK((message_of([&] { require_kernels(recipe, "F"); }) ==
           "nothing was thrown") == kernels->runs());
  }
  recipe.isa = "sse9";
  CHECK(
      message_of([&] { require_kernels(recipe, "F"); }) ==
      "F: the run has the instruction set 'sse9', which this CPU does not "
      "run");
}

TEST_CASE("the checksum of a data set knows each of its parts") {
  const Dataset data = some_pictures(5);
  const std::string sum = checksum_of(data);
  CHECK(sum.size() == 16);
  CHECK(sum.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(checksum_of(data) == sum);
  Dataset other = data;
  other.labels[3] = (other.labels[3] + 1) % 10;
  CHECK(checksum_of(other) != sum);
  for (const std::size_t pixel : {std::size_t{0}, std::size_t{719}}) {
    other = data;
    other.images.data()[pixel] += 1.0f / 255;
    CHECK(checksum_of(other) != sum);
  }
  other = data;
  std::swap(other.images.data()[0], other.images.data()[1]);
  CHECK(checksum_of(other) != sum);
  other = data;
  other.images = data.images.reshaped({5, 1, 6, 24});
  CHECK(checksum_of(other) != sum);
  // Pictures kept as bytes have a checksum, too.
  Dataset kept;
  kept.labels = {7, 2};
  kept.images = Tensor<>({0, 1, 2, 2});
  kept.bytes =
      Tensor<std::uint8_t>({2, 1, 2, 2}, {0, 9, 255, 3, 7, 7, 1, 0});
  CHECK(checksum_of(kept) == checksum_of(first(kept, 2)));
  const std::string before = checksum_of(kept);
  kept.bytes(1, 0, 1, 1) = 1;
  CHECK(checksum_of(kept) != before);
  // A run that began long ago must still recognize its pictures.
  Dataset one;
  one.images = Tensor<>({1, 1, 1, 2}, {0.0f, 1.0f});
  one.labels = {7};
  CHECK(checksum_of(one) == "422a3cb2926a8665");
}

// ---- Files and data sets -----------------------------------------------

TEST_CASE("a data set has one of five names, or a slash") {
  CHECK(named_data("embedded", 32).split.train.size() == 8000);
  CHECK(named_data("land", 32).split.names == land_names());
  for (const char* word : {"", "MNIST", "embedded ", "cifar10", "data"}) {
    CHECK_THROWS_AS(named_data(word, 32), UsageError);
    CHECK_THAT(message_of([&] { named_data(word, 32); }),
               ContainsSubstring("--data expects embedded (the digits"));
  }
  CHECK_THAT(message_of([] { named_data("./nowhere", 32); }),
             ContainsSubstring("./nowhere: expected a folder"));
  for (const std::string name : {"mnist", "fashion-mnist", "cifar-10"})
    if (!std::filesystem::exists(Program::source_folder() / "data" / name))
      CHECK(message_of([&] { named_data(name, 32); }) ==
            "data/" + name + " is not there: './tutorial data " + name +
                "' fetches it");
}

TEST_CASE("a saved network is loaded with its plan and its numbers") {
  const TemporaryFolder folder;
  const std::string path = (folder / "F.safetensors").string();
  const Checkpoint start = first_checkpoint(small_plan, {});
  save_network(path, start.parameters);
  const LoadedNetwork loaded = load_network(path);
  CHECK(to_text(loaded.plan.architecture) ==
        to_text(small_plan.architecture));
  CHECK(loaded.plan.image == small_plan.image);
  CHECK(file_of(*network_of(loaded, path), loaded.plan).tensors ==
        start.parameters.tensors);
  // The text may repeat the file's layers, but not contradict them.
  CHECK(load_network(path, "conv 3 3,relu , maxpool 2, flatten, dense 10")
            .plan.image == small_plan.image);
  CHECK(message_of([&] { load_network(path, "flatten, dense 10"); }) ==
        path +
            ": --network says otherwise than the metadata, 'conv 3 3, "
            "relu, maxpool 2, flatten, dense 10'");
}

TEST_CASE("numbers that batch normalization cannot have are refused") {
  const TensorFile good = first_checkpoint(wide_plan, {}).parameters;
  const auto said = [&](const TensorFile& file) {
    return message_of([&] { network_of({wide_plan, file}, "F"); });
  };
  CHECK(said(good) == "nothing was thrown");
  TensorFile file = good;
  file.tensors["bn1.running_var"](2) = -1e-9f;
  CHECK(said(file) == "F: 'bn1.running_var' holds a variance below 0");
  file.tensors["bn1.running_var"](2) = 0;
  CHECK(said(file) == "nothing was thrown");
  for (const char* name : {"bn1.running_var", "bn1.running_mean",
                           "bn1.weight", "gn1.bias", "ln1.weight"}) {
    file = good;
    file.tensors[name].data()[0] = not_a_number;
    CHECK(said(file) == "F: '" + std::string(name) +
                            "' holds a number that is not finite");
    file.tensors[name] = Tensor<>({5});
    CHECK(said(file).rfind("F: '" + std::string(name) + "' expects shape (",
                           0) == 0);
    file.tensors.erase(name);
    CHECK(said(file).rfind(
              "F: expected a tensor '" + std::string(name) + "'", 0) == 0);
  }
  // The same for a checkpoint.
  Recipe recipe;
  recipe.epochs = 2;
  Checkpoint at = first_checkpoint(wide_plan, recipe);
  at.parameters.tensors["bn1.running_var"](0) = -1;
  CHECK(message_of([&] { trained(at, some_pictures(8), 1); }) ==
        "F: 'bn1.running_var' holds a variance below 0");
}

TEST_CASE("PyTorch's count of batches is read past, and nothing else is") {
  const auto file = [](const std::string& name, const std::string& type,
                       const std::string& shape, int bytes) {
    const std::string header =
        "{\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" +
        shape + "],\"data_offsets\":[0," + std::to_string(bytes) + "]}}";
    std::string all;
    append_little_endian(all, header.size(), 8);
    all += header + std::string(static_cast<std::size_t>(bytes), '\1');
    return parse_safetensors(
        {reinterpret_cast<const std::uint8_t*>(all.data()), all.size()});
  };
  const auto read = file("bn1.num_batches_tracked", "I64", "", 8);
  CHECK(std::get<TensorFile>(read).tensors.empty());
  CHECK(rule_in(file("bn1.num_batches_tracked", "I64", "", 4)) ==
        "rule 8: a tensor is as long as its shape says; "
        "'bn1.num_batches_tracked' should have 8 bytes");
  CHECK(rule_in(file("bn1.num_batches_tracked", "I32", "", 4)) ==
        "rule 5: numbers are of type F32; 'bn1.num_batches_tracked' has "
        "another type");
  CHECK(rule_in(file("bn1.weight", "I64", "", 8)) ==
        "rule 5: numbers are of type F32; 'bn1.weight' has another type");
  CHECK(std::get<TensorFile>(file("num_batches_tracked", "F32", "", 4))
            .tensors.size() == 1);
}

TEST_CASE("a file without metadata needs to be told its layers") {
  const TemporaryFolder folder;
  const std::string path = (folder / "F").string();
  TensorFile file =
      first_checkpoint({layers("flatten, dense 10"), {1, 28, 28}}, {})
          .parameters;
  file.metadata.clear();
  save_network(path, file);
  CHECK(message_of([&] { load_network(path); }) ==
        path +
            ": the metadata do not say which network it is: --network "
            "LAYERS says it");
  const LoadedNetwork loaded = load_network(path, "flatten, dense 10");
  CHECK(loaded.plan.image == Shape{1, 28, 28});
  CHECK(network_of(loaded, path)->parameters().size() == 2);
  CHECK(message_of([&] {
          load_network(path, "flaten");
        }).rfind(path + ": --network: layer 1, 'flaten'", 0) == 0);
  CHECK(message_of([&] {
          load_network(path, "conv 8 50");
        }).rfind(path + ": layer 1, 'conv 8 50'", 0) == 0);
  CHECK(message_of([&] {
          load_network(path, "flatten, dense 60000, dense 100");
        }) ==
        path + ": the network has more parameters than the file numbers");
  const LoadedNetwork other = load_network(path, "flatten, dense 12");
  CHECK(message_of([&] { network_of(other, path); }) ==
        path + ": 'fc1.weight' expects shape (12, 784), found (10, 784)");
}

TEST_CASE("what is no file of a network is refused in one line") {
  const TemporaryFolder folder;
  for (const std::string& bytes : {std::string(), std::string(9, 'x')}) {
    const std::string path = (folder / "F").string();
    std::ofstream(path, std::ios::binary) << bytes;
    CHECK(message_of([&] {
            load_network(path);
          }).rfind(path + ": rule ", 0) == 0);
  }
  for (const std::string& path :
       {folder.path().string(), (folder / "none").string()})
    CHECK(message_of([&] {
            load_network(path);
          }).rfind(path + ": expected a file, found ", 0) == 0);
}

// ---- A schedule that is the same everywhere ----------------------------

TEST_CASE("a portable run has chapter 06's schedule but for rounding") {
  const auto schedule_of = [](const char* name, const char* isa) {
    Recipe recipe;
    recipe.schedule = name;
    recipe.isa = isa;
    return settings_of(recipe, 0).schedule;
  };
  for (int i = 0; i <= 1000; ++i) {
    INFO(i);
    CHECK_THAT(schedule_of("cosine", "portable")(i / 1000.0),
               WithinAbs(cosine_schedule(i / 1000.0), 2e-7));
    CHECK(schedule_of("cosine", "auto")(i / 1000.0) ==
          cosine_schedule(i / 1000.0));
  }
  CHECK(schedule_of("constant", "portable")(0.7) == 1.0);
  // Every machine must get these bits. In the first of these places the
  // cosines of two libraries differ.
  CHECK(portable_cosine_schedule(431.5 / 1500) == 0x1.b4eb66dfe4915p-1);
  CHECK(portable_cosine_schedule(0.999) == 0x1.6ef226020f244p-19);
  CHECK(portable_cosine_schedule(0.01) == 0x1.9999999999999p-3);
  CHECK(portable_cosine_schedule(1.0) == 0.0);
}
