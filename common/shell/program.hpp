// What every chapter's program shares: its options, where its figures go,
// its report, its errors and how it stops.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/draw/image.hpp"
#include "common/draw/text.hpp"
#include "common/shell/option.hpp"

namespace cnn {

// Options of all programs:
//   --data DIR     a folder with MNIST's four files instead of the digits
//                  that come with the book (chapters that use data)
//   --figures DIR  where figures go
//   --seed N       where random numbers start (default 1)
//   --report FILE  headline numbers as `name = value` lines. A link stays
//                  and its file is replaced; a device or a pipe is refused
//   --help
// and, not listed, --quick: a few hundred digits, for the tests.
// `--seed 3` and `--seed=3` are the same. An option that is given twice is
// an error: one of the two would be ignored.
//
// A program is a tour, which tells a story in numbers and figures, or a
// tool, which does one thing for its user. A tool has --report and --help,
// and of the others only what it sets up itself; it draws no figures.
//
// Without --figures, only a run in which no option changed a number draws
// into figures/NN-name; any other run, and one that was interrupted, draws
// into build/figures/NN-name and says so. Both folders are in the source
// tree, wherever the program is started, but CNN_BUILD_DIR in the
// environment names another folder than build, into which all runs draw.
// Paths are printed relative to the source tree.
class Program {
 public:
  enum class Kind { tour, tool };

  // name "06-training"; summary: one line for --help.
  Program(std::string name, std::string summary, Kind kind = Kind::tour);

  // Set up the options --name N, --name X and --name NAME of a chapter,
  // before run(). Each changes numbers, so with a value other than the
  // default the figures go to the build folder.
  void integer(const std::string& name, int initial, int least, int most,
               const std::string& help);
  void number(const std::string& name, double initial, double least,
              double most, const std::string& help);
  void choice(const std::string& name, const std::string& initial,
              const Strings& choices, const std::string& help);
  // --name MEANING, such as --save FILE. If `initial` is "", so is the text
  // until the user gives one. The user may not give an empty text.
  void text(const std::string& name, const std::string& initial,
            const std::string& meaning, const std::string& help);
  // The same for a file that the program reads, and for a file, or a folder
  // if `meaning` is "DIR", that it writes. The run is refused before it
  // begins if what it would write is named twice, is also read, or is a
  // file that the book shows.
  void reads(const std::string& name, const std::string& meaning,
             const std::string& help);
  void writes(const std::string& name, const std::string& meaning,
              const std::string& help);
  // --name without a value, for what changes no number: flag(name) tells
  // whether it was given.
  void flag(const std::string& name, const std::string& help);
  // What --help says about --data, for a tour of other data than digits.
  void data_help(const std::string& help) { data_help_ = help; }
  // Options of a tour with which a run draws no figures, so that it needs
  // no folder for them and refuses --figures.
  void undrawn(const Strings& options) { undrawn_ = options; }
  // Options that a run needs, for the usage line of --help: "--save FILE".
  void needs(const std::string& options) { needed_ = " " + options; }
  // --seed N for a tool; every tour has it.
  void seeded();
  // From `least` to `most` words that are not options and name what is
  // read, such as PICTURE. Whatever follows -- is such a word, even if it
  // begins with a dash.
  void arguments(const std::string& meaning, int least, int most,
                 const std::string& help);

  // Reads the options, runs `body`, says how many figures were drawn and
  // where, writes the report. Returns the status for main: 0; 2 after one
  // clear line for an unknown option, a bad value or a folder or file that
  // cannot be written; 1 after one clear line for any other std::exception,
  // also where memory or threads run out; 130 if interrupted
  // (then no report is written: it would look like one of a whole run).
  int run(int argc, char** argv, const std::function<void(Program&)>& body);

  int integer(const std::string& name) const;
  double number(const std::string& name) const;
  const std::string& choice(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  bool flag(const std::string& name) const;
  const Strings& arguments() const { return words_; }
  // Whether an option is on the command line, whatever its value.
  bool given(const std::string& name) const;
  std::uint64_t seed() const { return seed_; }
  bool quick() const { return quick_; }
  std::optional<std::filesystem::path> data() const { return data_; }

  // For a run without --task: throws UsageError if an option was given that
  // only goes with it, "expected --X with --task". For a run with --task:
  // throws UsageError if an option was given that does not go with it,
  // "expected --task without --X" and `why`.
  void require_with(const std::string& task, const Strings& options) const;
  void require_without(const std::string& task, const Strings& options,
                       const std::string& why = "") const;

  // Throws UsageError if one of the files that `writer`, such as "--save",
  // will write is named by another option or by a word.
  void require_own(const std::vector<std::filesystem::path>& files,
                   const std::string& writer) const;

  // Throws UsageError if the file is there already, unless the program's
  // flag --overwrite was given.
  void require_new(const std::filesystem::path& file) const;

  // Writes a figure into figure_folder(), and prints its path and what to
  // look for in it. `file`: its name. `bytes`: the whole file.
  void figure(const std::string& file, const Picture& picture,
              const std::string& look_for);
  void figure(const std::string& file, const std::string& bytes,
              const std::string& look_for);
  // The same for figures with seconds in them, which no two runs draw
  // alike. Without --figures they always go to the build folder.
  void timed_figure(const std::string& file, const std::string& svg,
                    const std::string& look_for);
  // A film of pictures of one size, each shown for `milliseconds`.
  void film(const std::string& file, const std::vector<Picture>& frames,
            int milliseconds, const std::string& look_for);

  // A headline number for the report; the first one also stands in the
  // table that `./tutorial run` ends with. `value` is written as printed:
  // format("%.4f", accuracy).
  void report(const std::string& name, const std::string& value);

  // Until catch_interrupts() is called, Ctrl-C (or SIGTERM) ends the
  // program at once. From then on, the first one makes interrupted() true,
  // and is answered at once with a line on standard error that says what is
  // `kept`: by default what a tour has printed and drawn by then, and of a
  // tool's work nothing. The second one ends the program.
  void catch_interrupts(const std::string& kept = "");
  bool interrupted() const;
  // Sets the line with which an interrupted run ends.
  void if_interrupted(const std::string& text) { interruption_ = text; }

  // The root of the source tree.
  static std::filesystem::path source_folder();
  // The folder that ./tutorial builds and draws in: the one that the
  // environment's CNN_BUILD_DIR names, or build of the source tree.
  static std::filesystem::path built_folder();

  // Where figure() draws now: --figures, figures/NN-name of the source tree
  // or figures/NN-name of built_folder().
  std::filesystem::path figure_folder() const;

 private:
  // How many figures went to one folder.
  struct Drawn {
    std::filesystem::path folder;
    int figures = 0;
  };

  void add(Option option);
  void parse(int argc, char** argv);
  void add_word(const std::string& word);
  void check_words() const;
  void set(const std::string& name, const std::string& value);
  void set_shared(const std::string& name, const std::string& value);
  void check_folders() const;
  void check_report() const;
  void require_no_input(const std::filesystem::path& file,
                        const std::string& writer) const;
  std::vector<std::pair<std::string, std::filesystem::path>> read_folders()
      const;
  void print_help() const;
  std::vector<std::pair<std::string, std::string>> shared_help() const;
  Strings option_names() const;
  Option* find(const std::string& name);
  const Option& find(const std::string& name, Option::Kind kind) const;
  bool changed() const;
  std::filesystem::path build_folder() const;
  void draw(const std::filesystem::path& folder, const std::string& file,
            const std::string& bytes, const std::string& look_for);
  void finish() const;
  void write_report() const;
  int complain(const char* what, int status) const;

  std::string name_, summary_;
  Kind kind_;
  bool seeded_ = false;
  std::vector<Option> options_;
  std::set<std::string> given_;
  // The words that are not options, what --help says about them, and the
  // options that it says are needed.
  Strings words_;
  std::string word_meaning_, word_help_, needed_;
  Strings undrawn_;
  int least_words_ = 0, most_words_ = 0;
  std::string data_help_ =
      "a folder with MNIST's four files (default: the digits that come "
      "with the book)";
  std::string interruption_ =
      "interrupted, so what came out is not a whole run's";
  bool quick_ = false;
  std::uint64_t seed_ = 1;
  std::optional<std::filesystem::path> data_, figures_, report_file_;
  std::vector<std::pair<std::string, std::string>> report_;
  std::vector<Drawn> drawn_;
  bool diverted_ = false;  // whether figure() chose the build folder
};

struct Verb {
  std::string name;
  int (*main)(int argc, char** argv);
};
// Runs a program with verbs. `16-saving train ...` calls train's `main`
// with the words from "train" on. Anything else calls `tour`, and --help
// then ends with the names of the verbs. Returns the status for main.
int run_verbs(int argc, char** argv, const std::vector<Verb>& verbs,
              int (*tour)(int argc, char** argv));

}  // namespace cnn
