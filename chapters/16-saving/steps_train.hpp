// The verb train: a network from its layers, a data set and a recipe, or
// from a run that was stopped.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "07-speed/steps_options.hpp"
#include "16-saving/checkpoint.hpp"
#include "16-saving/fitting.hpp"
#include "16-saving/steps_data.hpp"
#include "16-saving/steps_files.hpp"
#include "16-saving/steps_run.hpp"
#include "common/shell/option.hpp"
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"

namespace cnn {

// ---- What the options say ----------------------------------------------

// The optimizers whose default learning rate differs from the first one's:
// "rmsprop takes 0.01, ..."
inline std::string usual_rates() {
  std::string rates;
  for (const OptimizerKind& kind : optimizer_kinds())
    if (kind.rate != optimizer_kinds()[0].rate)
      rates += (rates.empty() ? "" : ", ") + kind.name + " takes " +
               exact_text(kind.rate);
  return rates;
}

template <class Named>
Strings choices_of(const std::vector<Named>& all) {
  Strings each;
  for (const Named& it : all) each.push_back(it.name);
  return each;
}

// Chapter 12's remedies.
inline void set_up_remedies(Program& program) {
  program.choice("augment", "none", choices_of(named_augmentations()),
                 "how each picture is changed, anew in every step (chapter "
                 "12)");
  program.number("decay", 0, 0, most_decay,
                 "the share of every weight that is added to its gradient");
  program.number(
      "smoothing", 0, 0, most_smoothing,
      "how much of the target is spread evenly over all classes");
}
inline void take_remedies(const Program& program, Recipe& recipe) {
  recipe.augment = program.choice("augment");
  recipe.decay = program.number("decay");
  recipe.smoothing = program.number("smoothing");
}

inline void set_up_training(Program& program) {
  program.writes("save", "FILE",
                 "where the network goes; until the run has ended, "
                 "FILE.resume keeps what --resume needs");
  program.text("resume", "", "FILE",
               "continues a stopped run that was to be saved as FILE, "
               "with the options that it began with");
  program.flag("overwrite",
               "starts afresh where FILE or FILE.resume is there already");
  program.text("network", to_text(digit_network), "LAYERS",
               "the layers, first to last");
  program.text("data", "embedded", "SET", data_help);
  program.integer("size", 32, 4, 512,
                  "pixels a side that the pictures of such folders get");
  program.integer("epochs", 6, 1, most_epochs,
                  "passes over the pictures to learn from");
  program.integer("batch", 32, 1, most_batch, "pictures per step");
  program.number("learning-rate", 0.05, least_rate, most_rate,
                 "size of a step; where it is not given, " + usual_rates());
  program.number("momentum", 0.9, 0, most_momentum,
                 "how much of the last step is carried into the next");
  program.choice("start", "he", choices_of(named_starts()),
                 "how large the first weights are (chapter 10)");
  program.choice("optimizer", "sgd", choices_of(optimizer_kinds()),
                 "the rule that turns gradients into steps (chapter 11)");
  program.choice("schedule", "cosine", choices_of(named_schedules()),
                 "how the learning rate changes");
  set_up_remedies(program);
  program.seeded();
  program.integer("threads", 0, 0, 256,
                  "threads, which change no number; 0: one per processor");
  program.choice("isa", "auto", instruction_sets(),
                 "the instruction set, which changes last bits; portable "
                 "gives the same on every CPU, auto is the fastest");
}

inline Recipe chosen_recipe(const Program& program) {
  Recipe recipe;
  recipe.data = program.text("data");
  if (!is_utf8(recipe.data))
    throw UsageError(
        "--data expects a path in UTF-8, which is kept with the network, "
        "got '" +
        printable(recipe.data) + "'");
  recipe.epochs = program.integer("epochs");
  recipe.batch = program.integer("batch");
  recipe.momentum = program.number("momentum");
  recipe.schedule = program.choice("schedule");
  recipe.start = program.choice("start");
  recipe.optimizer = program.choice("optimizer");
  take_remedies(program, recipe);
  const OptimizerKind& kind =
      named_in(optimizer_kinds(), recipe.optimizer, "--optimizer");
  recipe.learning_rate = program.given("learning-rate")
                             ? program.number("learning-rate")
                             : kind.rate;
  if (program.given("momentum") && !kind.has_momentum)
    throw UsageError("--momentum: " + recipe.optimizer + " has none");
  recipe.seed = program.seed();
  recipe.isa = program.choice("isa");
  return recipe;
}

// Throws UsageError if the layers of --network do not fit the pictures.
inline NetworkPlan chosen_plan(const Program& program,
                               const Dataset& data) {
  const auto value = [](auto read) {
    if (Broken* broken = std::get_if<Broken>(&read))
      throw UsageError("--network: " + broken->rule);
    return std::get<0>(std::move(read));
  };
  SavedArchitecture layers =
      value(parse_architecture(program.text("network")));
  const Shape& all = data.shape();
  return value(classifier_plan(std::move(layers), {all[1], all[2], all[3]},
                               data.classes));
}

// ---- A new run ---------------------------------------------------------

inline bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// Throws UsageError if the files of a new run cannot be made, or would
// replace others without --overwrite.
inline void require_room(const Program& program, const RunFiles& files) {
  if (files.file.ends_with(".resume"))
    throw UsageError(
        "--save expects a name that does not end in .resume, which is what "
        "a stopped run is kept under, got '" +
        files.file + "'");
  const auto folder = std::filesystem::path(files.file).parent_path();
  if (!folder.empty() && !is_there(folder.string()))
    throw UsageError("--save '" + files.file + "': there is no folder '" +
                     folder.string() + "'");
  require_file(files.file, "--save ");
  require_file(files.resume, "--save ");
  program.require_own({files.resume}, "--save");
  if (program.flag("overwrite")) return;
  if (is_there(files.resume))
    throw UsageError(files.resume +
                     " is of a run that was stopped: "
                     "--resume " +
                     files.file +
                     " goes on with it, --overwrite starts afresh");
  program.require_new(files.file);
}

// Throws UsageError if --size was given and the pictures have another size.
inline void require_size(const Program& program, const Shape& pictures) {
  const int size = program.integer("size");
  if (program.given("size") && (pictures[2] != size || pictures[3] != size))
    throw UsageError("--size " + std::to_string(size) +
                     ": the pictures have " + std::to_string(pictures[2]) +
                     " x " + std::to_string(pictures[3]) + " pixels");
}

inline void start_run(Program& program) {
  const RunFiles files(program.text("save"));
  require_room(program, files);
  Recipe recipe = chosen_recipe(program);
  const PictureFolder data =
      named_data(recipe.data, program.integer("size"));
  const Split& pictures = data.split;
  require_size(program, pictures.train.shape());
  recipe.pictures = checksum_of(pictures.train);
  const NetworkPlan plan = chosen_plan(program, pictures.train);
  print_skipped(data.skipped);
  remove_parts(files.resume);
  remove_parts(files.file);
  SavedRun run(
      program, files,
      first_checkpoint(plan, recipe, first(pictures.train, 256).images),
      pictures);
  try {
    run.train();
  } catch (...) {
    // Nothing was learned, so there is nothing to go on with.
    std::error_code ignored;
    if (run.epochs_done() == 0)
      std::filesystem::remove(files.resume, ignored);
    throw;
  }
}

// ---- A run that was stopped --------------------------------------------

// The checkpoint of a run that was stopped. Throws std::runtime_error if
// there is none, or if it cannot be read.
inline Checkpoint stopped_run(const RunFiles& files) {
  if (!is_there(files.resume))
    fail(Refusal::runtime,
         is_there(files.file)
             ? files.file + " is finished: there is no " + files.resume
             : "there is no " + files.resume + " to go on with");
  return value_or_fail(checkpoint_in(read_tensors(files.resume)),
                       files.resume);
}

// Throws UsageError if an option contradicts the recipe of the run.
inline void require_recipe(const Program& program, const Checkpoint& at) {
  auto now = recipe_text(chosen_recipe(program), true);
  auto then = recipe_text(at.recipe, true);
  const auto layers = parse_architecture(program.text("network"));
  const auto* read = std::get_if<SavedArchitecture>(&layers);
  now["network"] = read ? to_text(*read) : program.text("network");
  then["network"] = to_text(at.plan.architecture);
  if (program.given("momentum") && !has_momentum(at.recipe.optimizer))
    throw UsageError("--momentum: " + at.recipe.optimizer + " has none");
  for (const char* own : {"data", "pictures"}) now.erase(own);
  for (const auto& [key, value] : now) {
    std::string option = key;
    std::replace(option.begin(), option.end(), '_', '-');
    if (program.given(option) && value != then[key])
      throw UsageError("--" + option + " '" + value +
                       "' is not the run's, which has '" + then[key] + "'");
  }
}

inline void resume_run(Program& program) {
  const std::string name = program.text("resume");
  if (name.ends_with(".resume"))
    throw UsageError(
        "--resume expects the name that --save had, without "
        ".resume, got '" +
        name + "'");
  if (program.given("save") || program.flag("overwrite"))
    throw UsageError("--resume takes neither --save nor --overwrite");
  const RunFiles files(name);
  program.require_own({files.file, files.resume}, "--resume");
  Checkpoint at = stopped_run(files);
  require_recipe(program, at);
  require_kernels(at.recipe, files.resume);
  if (at.engine != engine_version) {
    const std::string before =
        at.engine == 0
            ? "several versions of the engine have made this run so far"
            : format("version %d of the engine began this run", at.engine);
    say(files.resume + ": " + before +
        format(", and this is version %d. The last bits may differ from "
               "those of a run in one go.",
               engine_version));
    at.engine = 0;
  }
  // The folder may have been renamed, or the working directory changed.
  const std::string data =
      program.given("data") ? program.text("data") : at.recipe.data;
  const Split pictures = named_data(data, at.plan.image[1]).split;
  if (checksum_of(pictures.train) != at.recipe.pictures)
    fail(Refusal::runtime, files.resume +
                               ": the run began with other pictures than "
                               "those of '" +
                               data + "'");
  const Shape& all = pictures.train.shape();
  require_size(program, all);
  at.plan = value_or_fail(
      classifier_plan(at.plan.architecture, {all[1], all[2], all[3]},
                      pictures.train.classes),
      files.resume);
  remove_parts(files.resume);
  remove_parts(files.file);
  SavedRun(program, files, std::move(at), pictures).train();
}

inline int train_program(int argc, char** argv) {
  Program program("tutorial train",
                  "Trains a network and keeps it in a file.",
                  Program::Kind::tool);
  program.needs("(--save|--resume) FILE");
  set_up_training(program);
  return program.run(argc, argv, [](Program& run) {
    run.catch_interrupts("the last whole epoch is kept");
    if (run.given("resume"))
      resume_run(run);
    else if (run.given("save"))
      start_run(run);
    else
      throw UsageError(
          "expected --save FILE or --resume FILE (try --help)");
  });
}

}  // namespace cnn
