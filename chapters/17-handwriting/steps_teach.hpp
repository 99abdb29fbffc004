// The verb teach: a network learns your handwriting, signs or pictures.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "16-saving/measuring.hpp"
#include "16-saving/steps_files.hpp"
#include "17-handwriting/steps_colour.hpp"
#include "17-handwriting/steps_folder.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "17-handwriting/teaching.hpp"
#include "common/data/files.hpp"
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// What a folder has to teach, split into pictures to learn from and
// pictures held out. The labels index the folder's own classes.
struct Lessons {
  Split pictures;
  int placed_already = 0;            // pictures that needed no placing
  std::vector<std::string> skipped;  // files that cannot be read
};

// The pictures of a folder as a network takes them: whole and in colour, or
// the sign that is found in each.
// Throws std::runtime_error for a folder that cannot be used.
inline Lessons lessons_in(const std::filesystem::path& folder,
                          const NetworkPlan& plan, std::uint64_t seed) {
  if (reads_colour(plan)) {
    PictureFolder own = pictures_in(folder, plan.image[1]);
    return {std::move(own.split), 0, std::move(own.skipped)};
  }
  const OwnPictures own = own_pictures(folder);
  Split split = stratified_split(own.data, seed);
  split.names = own.names;
  return {std::move(split), own.placed_already, {}};
}

// A network, and what it is about to learn.
struct Pupil {
  Split pictures;
  ClassNames names;  // of its answers after teaching
  bool new_answers = false;
  NetworkPlan plan;
  std::unique_ptr<FastNetwork> network;
};

// Translates labels, which index the names `from`, so that they index the
// same names in `to`, which must have them all.
inline void relabel(Dataset& data, const ClassNames& from,
                    const ClassNames& to) {
  for (int& label : data.labels)
    label =
        static_cast<int>(std::find(to.begin(), to.end(),
                                   from[static_cast<std::size_t>(label)]) -
                         to.begin());
  data.classes = static_cast<int>(to.size());
}

// from: the network to begin with, loaded from the file `name`. known: the
// names of its answers.
inline Pupil pupil_of(const Lessons& lessons, const LoadedNetwork& from,
                      const ClassNames& known, const std::string& name,
                      std::uint64_t seed, int threads) {
  const ClassNames& own = lessons.pictures.names;
  Pupil pupil;
  pupil.names = classes_after(known, own);
  pupil.new_answers = pupil.names != known;
  pupil.pictures = lessons.pictures;
  for (Dataset* some : {&pupil.pictures.train, &pupil.pictures.held_out})
    relabel(*some, own, pupil.names);
  pupil.plan =
      with_answers(from.plan, static_cast<int>(pupil.names.size()));
  network_of(from, name);  // refuses a file that does not fit its plan
  pupil.network = std::make_unique<FastNetwork>(
      layers_of(pupil.plan, seed), pupil.plan.image,
      FastOptions{threads, "auto", true, true});
  load_parameters(
      initial_parameters(from.file, pupil.plan, pupil.new_answers, seed),
      *pupil.network, name);
  return pupil;
}

// ---- What is printed ---------------------------------------------------

inline std::string names_text(const ClassNames& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

inline void print_pupil(const Lessons& lessons, const Pupil& pupil) {
  const int learned = pupil.pictures.train.size(),
            held_out = pupil.pictures.held_out.size();
  const ClassNames& own = lessons.pictures.names;
  print_skipped(lessons.skipped);
  print("Pictures: %d of %zu classes (%s).\n", learned + held_out,
        own.size(), names_text(own).c_str());
  if (lessons.placed_already > 0)
    print(
        "    Already 28 x 28 pixels, light on black, so taken as they are: "
        "%d.\n",
        lessons.placed_already);
  print("    %d to learn from, %d held out: %s.\n", learned, held_out,
        reads_colour(pupil.plan)
            ? "about a fifth of each class, by the files' names"
            : "a fifth of each class");
  say("Network: " + to_text(pupil.plan.architecture) + ".", "");
  print("    %s\n",
        pupil.new_answers
            ? "Its classes are others, so its last layer begins anew."
            : "Its classes hold these, so all of it is kept.");
}

// Whether a network reads digits, so that it can be asked about the book's.
inline bool reads_digits(const Pupil& pupil) {
  return !reads_colour(pupil.plan) &&
         pupil.names == value_or_fail(class_names_in({}, 10), "digits");
}

// Prints how many of the held-out pictures are read right, and for a reader
// of digits the share of the book's. when: "before" or "after" teaching
inline void print_scores(Program& program, const std::string& when,
                         Pupil& pupil) {
  const Dataset& held_out = pupil.pictures.held_out;
  const int right = right_count(*pupil.network, held_out);
  say("Held-out pictures read right " + when +
          " teaching: " + share_text(right, held_out.size()) + ".",
      "");
  program.report(
      when, format("%.4f", static_cast<double>(right) / held_out.size()));
  if (!reads_digits(pupil)) return;
  const Dataset digits = embedded_digits().held_out;
  print("    Of the book's 2,000 held-out digits: %s.\n",
        percent(accuracy(*pupil.network, digits)).c_str());
}

// ---- The verb ----------------------------------------------------------

// Throws UsageError unless --from and --save were given and the file of
// --save can be written; without --overwrite, that file must be new.
inline void require_files(const Program& program) {
  const std::string &from = program.text("from"),
                    &save = program.text("save");
  if (from.empty() || save.empty())
    throw UsageError(
        "expected --from FILE, the network to begin with, and --save "
        "FILE2, where the taught one goes");
  require_file(save, "--save ");
  program.require_new(save);
}

inline AugmentedTraining chosen_teaching(const Program& program) {
  AugmentedTraining settings = teaching_settings();
  settings.epochs = program.integer("epochs");
  settings.learning_rate = program.number("learning-rate");
  settings.seed = program.seed();
  return settings;
}

inline TensorFile taught_file(const Pupil& pupil,
                              const AugmentedTraining& settings) {
  return file_of(
      *pupil.network, pupil.plan,
      {{"classes", class_names_text(pupil.names)},
       {"taught", "epochs " + std::to_string(settings.epochs) + ", seed " +
                      std::to_string(settings.seed)}});
}

// How many epochs of a run a step leaves behind, its own if it is the last
// of one.
inline int epochs_over(const TrainingStep& now, int epochs) {
  return static_cast<int>(std::int64_t{now.step} * epochs / now.steps);
}

inline void teach(Program& program) {
  require_files(program);
  const std::string& from = program.text("from");
  const LoadedNetwork loaded = load_network(from);
  const bool colour = reads_colour(loaded.plan);
  const int answers = colour ? value_or_fail(answers_of(loaded.plan), from)
                             : answers_for_digits(loaded.plan, from);
  const ClassNames known =
      value_or_fail(class_names_in(loaded.file, answers), from);
  AugmentedTraining settings = chosen_teaching(program);
  if (colour) settings.augmentation = {.shift = 2};  // no strokes to change
  const Lessons lessons =
      lessons_in(program.arguments().front(), loaded.plan, settings.seed);
  Pupil pupil = pupil_of(lessons, loaded, known, from, settings.seed,
                         program.integer("threads"));
  print_pupil(lessons, pupil);
  if (!pupil.new_answers) print_scores(program, "before", pupil);
  program.catch_interrupts();
  {
    Progress progress("teaching", settings.epochs, "epochs");
    train_augmented(*pupil.network, pupil.pictures.train, settings,
                    [&](const TrainingStep& now) {
                      progress.update(epochs_over(now, settings.epochs),
                                      format("loss %.3f", now.loss));
                      return !program.interrupted();
                    });
  }
  if (program.interrupted()) return;
  print_scores(program, "after", pupil);
  save_network(program.text("save"), taught_file(pupil, settings));
  print("Written: %s\n", shown(program.text("save")).c_str());
}

inline int teach_program(int argc, char** argv) {
  const AugmentedTraining usual = teaching_settings();
  Program program(
      "tutorial teach",
      "Teaches a network your handwriting, your own signs or your colour "
      "pictures. The folder has one folder inside it for each class.",
      Program::Kind::tool);
  program.arguments("DIR", 1, 1,
                    "the folder; the names in it are the classes' names");
  program.needs("--from FILE --save FILE2");
  program.reads("from", "FILE", "the network to begin with");
  program.writes("save", "FILE2", "where the taught network goes");
  program.flag("overwrite", "replaces FILE2 if it is there already");
  program.integer("epochs", usual.epochs, 1, 1000000,
                  "passes over the pictures");
  program.number("learning-rate", usual.learning_rate, 1e-9, 1e30,
                 "size of a step");
  program.integer("threads", 0, 0, 256,
                  "threads, which change no number; 0: one per processor");
  program.seeded();
  program.if_interrupted("interrupted, so nothing was written");
  return program.run(argc, argv, teach);
}

}  // namespace cnn
