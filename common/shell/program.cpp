#include "common/shell/program.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <new>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "common/shell/file.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/fail.hpp"

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace cnn {
namespace {

namespace fs = std::filesystem;

// The user's mistake on the command line: status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// ---- Ctrl-C ------------------------------------------------------------

volatile std::sig_atomic_t interrupt_seen = 0;

// The first signal is noted, the second ends the program.
extern "C" void note_interrupt(int signal) {
  interrupt_seen = 1;
  std::signal(signal, SIG_DFL);
}

// ---- Numbers -----------------------------------------------------------

// A whole number that fills the text from the first letter to the last.
template <class Integer>
std::optional<Integer> whole_number(const std::string& text) {
  Integer number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// A decimal number, such as 0.05 or 5e-2; no hexadecimal, "inf" or "nan".
std::optional<double> decimal_number(const std::string& text) {
  const bool decimal =
      !text.empty() &&
      text.find_first_not_of("0123456789.+-eE") == std::string::npos;
  if (!decimal) return std::nullopt;
  char* stop = nullptr;
  const double number = std::strtod(text.c_str(), &stop);
  if (stop != text.c_str() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

// 15 digits: all that a double surely keeps of a decimal number.
std::string number_text(double number) {
  return short_text(number, 15);
}

// "a", "a or b", "a, b or c".
std::string alternatives(const Strings& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 < choices.size() ? ", " : " or ";
    text += choices[i];
  }
  return text;
}

// ---- Spelling ----------------------------------------------------------

// How many letters differ between the beginning and the end that two words
// have in common: 1 for "epoch" and "epochs", 2 for "sede" and "seed".
std::size_t slip(std::string a, std::string b) {
  for (int end = 0; end < 2; ++end) {
    const auto differ =
        std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    a = {differ.first, a.end()};
    b = {differ.second, b.end()};
    std::reverse(a.begin(), a.end());
    std::reverse(b.begin(), b.end());
  }
  return std::max(a.size(), b.size());
}

std::string unknown_option(const std::string& given, const Strings& known) {
  std::string nearest;
  // Two letters wrong are a slip, three another word.
  std::size_t least = 3;
  for (const std::string& name : known) {
    const std::size_t wrong = slip(given, name);
    if (wrong < std::min(least, name.size())) {
      least = wrong;
      nearest = name;
    }
  }
  const std::string hint =
      nearest.empty() ? "try --help" : "did you mean --" + nearest + "?";
  return "unknown option '--" + given + "' (" + hint + ")";
}

void require(bool good, const std::string& option,
             const std::string& expected, const std::string& got) {
  if (!good) {
    throw UsageError("--" + option + " expects " + expected + ", got '" +
                     got + "'");
  }
}

// ---- Folders -----------------------------------------------------------

// A path from a folder on; empty if it does not lie there.
fs::path inside(const fs::path& folder, const fs::path& path) {
  std::error_code ignored;
  const auto whole = [&](const fs::path& it) {
    return fs::weakly_canonical(fs::absolute(it, ignored), ignored);
  };
  const fs::path rest = whole(path).lexically_relative(whole(folder));
  return rest.empty() || *rest.begin() == ".." ? fs::path() : rest;
}

// A path as people want to read it: from the source folder if it lies
// there, else as it was given.
std::string shown(const fs::path& path) {
  const fs::path rest = inside(CNN_SOURCE_FOLDER, path);
  return (rest.empty() ? path : rest).generic_string();
}

// (Without the right to search a folder nothing in it can be named.)
bool may_write(const fs::path& folder) {
#ifdef _WIN32
  return _waccess(folder.c_str(), 2) == 0;
#else
  return access(folder.c_str(), W_OK | X_OK) == 0;
#endif
}

// Throws UsageError unless `folder` is one that can be written, or can be
// made: then the first of the folders above it that exists is the judge.
void require_writable(const fs::path& folder, const std::string& option,
                      const std::string& hint = "") {
  std::error_code ignored;
  const fs::path whole = fs::absolute(folder, ignored);
  fs::path judge = whole;
  while (!fs::exists(fs::symlink_status(judge, ignored)) &&
         judge != judge.parent_path()) {
    judge = judge.parent_path();
  }
  const std::string kind = obstacle(judge);
  if (kind == "a folder" && may_write(judge)) return;
  throw UsageError(
      option + "cannot write into '" + shown(folder) + "', because " +
      (judge == whole ? "it" : "'" + shown(judge) + "'") + " is " +
      (kind == "a folder" ? "not writable"
       : kind.empty()     ? "not a folder"
                          : kind) +
      hint);
}

// Throws UsageError unless a report can take the place of what is there:
// nothing, or a plain file to which this program does not print.
void require_report(const fs::path& file, const fs::path& figures) {
  const auto refuse = [&](const std::string& kind) {
    throw UsageError("--report expects a file, got '" + file.string() +
                     "', which is " + kind);
  };
  std::error_code ignored;
  const std::string kind = obstacle(file);
  if (!kind.empty()) refuse(kind);
  for (const char* stream : {"/dev/stdout", "/dev/stderr"}) {
    if (fs::equivalent(file, stream, ignored)) {
      refuse("where the program prints");
    }
  }
  if (!inside(file, figures).empty()) refuse("a folder of the figures");
  const fs::path folder = behind_link(file).parent_path();
  require_writable(folder.empty() ? "." : folder, "--report ");
}

// ---- Arguments ---------------------------------------------------------

struct Argument {
  std::string name;  // without the dashes
  std::optional<std::string> value;
};

// "--epochs=3" is name and value, "--epochs" the name alone.
Argument split_argument(const std::string& text) {
  if (text.size() < 2 || text[0] != '-') {
    throw UsageError("unexpected argument '" + text + "' (try --help)");
  }
  if (text[1] != '-') {
    throw UsageError("unknown option '" + text + "' (try --help)");
  }
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {text.substr(2), std::nullopt};
  return {text.substr(2, equals - 2), text.substr(equals + 1)};
}

bool asks_for_help(int argc, char** argv) {
  return std::any_of(argv + std::min(argc, 1), argv + argc,
                     [](std::string_view argument) {
                       return argument == "--help" || argument == "-h";
                     });
}

// One option of --help: two columns, the second one wrapped.
std::string help_entry(const std::string& option, std::size_t width,
                       const std::string& help) {
  const std::string indent(width + 4, ' ');
  std::string text = wrapped(help, indent);
  return text.replace(2, option.size(), option);
}

}  // namespace

// ---- The chapter's options ---------------------------------------------

bool Program::Option::accepts(const std::string& text) const {
  if (kind == Kind::choice || kind == Kind::flag) {
    return std::count(choices.begin(), choices.end(), text) > 0;
  }
  if (kind == Kind::integer && !whole_number<int>(text)) return false;
  const auto given = decimal_number(text);
  return given && *given >= least && *given <= most;
}

std::string Program::Option::range() const {
  return kind == Kind::choice
             ? alternatives(choices)
             : number_text(least) + " to " + number_text(most);
}

std::string Program::Option::expected() const {
  if (kind == Kind::choice) return range();
  const std::string number =
      kind == Kind::integer ? "a whole number" : "a number";
  return number + " from " + range();
}

// 5e-2 is 0.05, whichever way it is written.
bool Program::Option::changed() const {
  if (kind == Kind::flag) return false;
  return kind == Kind::choice
             ? value != initial
             : decimal_number(value) != decimal_number(initial);
}

Program::Program(std::string name, std::string summary)
    : name_(std::move(name)), summary_(std::move(summary)) {}

void Program::add(Option option) {
  const Strings taken = option_names();
  if (std::count(taken.begin(), taken.end(), option.name) > 0) {
    fail(Refusal::argument,
         "Program: there is a --" + option.name + " already");
  }
  options_.push_back(std::move(option));
  set(options_.back().name, options_.back().initial);
}

void Program::integer(const std::string& name, int initial, int least,
                      int most, const std::string& help) {
  add({name, help, std::to_string(initial), Option::Kind::integer,
       static_cast<double>(least), static_cast<double>(most)});
}

void Program::number(const std::string& name, double initial, double least,
                     double most, const std::string& help) {
  add({name, help, number_text(initial), Option::Kind::number, least,
       most});
}

void Program::choice(const std::string& name, const std::string& initial,
                     const Strings& choices, const std::string& help) {
  add({name, help, initial, Option::Kind::choice, 0, 0, choices});
}

void Program::flag(const std::string& name, const std::string& help) {
  add({name, help, "no", Option::Kind::flag, 0, 0, {"no", "yes"}});
}

bool Program::flag(const std::string& name) const {
  return find(name, Option::Kind::flag).value == "yes";
}

int Program::integer(const std::string& name) const {
  return *whole_number<int>(find(name, Option::Kind::integer).value);
}

double Program::number(const std::string& name) const {
  return *decimal_number(find(name, Option::Kind::number).value);
}

const std::string& Program::choice(const std::string& name) const {
  return find(name, Option::Kind::choice).value;
}

Program::Option* Program::find(const std::string& name) {
  const auto found = std::find_if(
      options_.begin(), options_.end(),
      [&](const Option& option) { return option.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

const Program::Option& Program::find(const std::string& name,
                                     Option::Kind kind) const {
  for (const Option& option : options_) {
    if (option.name == name && option.kind == kind) return option;
  }
  fail(Refusal::argument,
       "Program: no option --" + name + " of this kind was set up");
}

// ---- Reading the command line ------------------------------------------

Strings Program::option_names() const {
  Strings names = {"data", "figures", "seed", "report", "quick", "help"};
  for (const Option& option : options_) names.push_back(option.name);
  return names;
}

void Program::parse(int argc, char** argv) {
  const Strings known = option_names();
  std::set<std::string> given;
  for (int i = 1; i < argc; ++i) {
    const Argument argument = split_argument(argv[i]);
    const std::string option = "--" + argument.name;
    const bool quick = argument.name == "quick";
    const Option* own = find(argument.name);
    const bool flag = own && own->kind == Option::Kind::flag;
    if (std::count(known.begin(), known.end(), argument.name) == 0) {
      throw UsageError(unknown_option(argument.name, known));
    }
    if (!given.insert(argument.name).second) {
      throw UsageError(option + " is given twice");
    }
    if (quick || flag || argument.name == "help") {
      if (argument.value) throw UsageError(option + " takes no value");
      if (quick) quick_ = true;
      if (flag) set(argument.name, "yes");
    } else if (argument.value) {
      set(argument.name, *argument.value);
    } else if (i + 1 < argc &&
               std::string_view(argv[i + 1]).substr(0, 2) != "--") {
      set(argument.name, argv[++i]);
    } else {
      throw UsageError(option + " needs a value (try --help)");
    }
  }
}

void Program::set(const std::string& name, const std::string& value) {
  Option* option = find(name);
  if (option == nullptr) {
    set_shared(name, value);
  } else {
    require(option->accepts(value), name, option->expected(), value);
    option->value = value;
  }
}

void Program::set_shared(const std::string& name,
                         const std::string& value) {
  std::error_code ignored;
  if (name == "seed") {
    const std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    const auto seed = whole_number<std::uint64_t>(value);
    require(seed && *seed <= most, name,
            "a whole number from 0 to " + std::to_string(most), value);
    seed_ = *seed;
  } else if (name == "data") {
    require(fs::is_directory(value, ignored), name, "a folder that exists",
            value);
    data_ = value;
  } else if (name == "figures") {
    require(!value.empty(), name, "a folder", value);
    figures_ = value;
  } else {
    require(!value.empty(), name, "a file", value);
    report_file_ = value;
  }
}

// What would fail at the end of a long run is better told at its beginning.
void Program::check_folders() const {
  if (figures_) {
    require_writable(*figures_, "--figures ");
  } else {
    require_writable(figure_folder(), "",
                     " (--figures DIR takes another one)");
  }
  if (report_file_) require_report(*report_file_, figure_folder());
}

void Program::print_help() const {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const Option& option : options_) {
    if (option.kind == Option::Kind::flag) {
      entries.push_back({"--" + option.name, option.help});
      continue;
    }
    const char* value = option.kind == Option::Kind::choice    ? " NAME"
                        : option.kind == Option::Kind::integer ? " N"
                                                               : " X";
    entries.push_back({"--" + option.name + value,
                       option.help + " (" + option.range() + "; default " +
                           option.initial + ")"});
  }
  entries.insert(
      entries.end(),
      {{"--data DIR",
        "a folder with MNIST's four files (default: the digits that come "
        "with the book)"},
       {"--figures DIR", "where figures go (default: figures/" + name_ +
                             ", or build/figures/" + name_ +
                             " if another option changes a number)"},
       {"--seed N",
        "where random numbers start (0 to 2^63 - 1; default 1)"},
       {"--report FILE",
        "writes the headline numbers as lines name = value"},
       {"--help", "shows this and does nothing else"}});
  std::size_t width = 0;
  for (const auto& entry : entries) {
    width = std::max(width, entry.first.size());
  }
  print("usage: %s [--option value ...]\n\n%s\n", name_.c_str(),
        wrapped(summary_, "").c_str());
  for (const auto& [option, help] : entries) {
    print("%s", help_entry(option, width, help).c_str());
  }
}

// ---- The run -----------------------------------------------------------

int Program::run(int argc, char** argv,
                 const std::function<void(Program&)>& body) {
  interrupt_seen = 0;
  try {
    if (asks_for_help(argc, argv)) {
      print_help();
    } else {
      parse(argc, argv);
      check_folders();
      body(*this);
      finish();
    }
  } catch (const UsageError& error) {
    return complain(error.what(), 2);
  } catch (const std::bad_alloc&) {
    return complain(
        find("threads")
            ? "ran out of memory; --quick and fewer --threads need less"
            : "ran out of memory; --quick needs less",
        1);
  } catch (const std::system_error& error) {
    const bool threads =
        error.code() == std::errc::resource_unavailable_try_again;
    return complain(threads ? "the system starts no more threads: it is "
                              "short of memory, or too many run already"
                            : error.what(),
                    1);
  } catch (const std::exception& error) {
    return complain(error.what(), 1);
  }
  if (std::ferror(stdout) != 0) {
    return complain("standard output could not be written", 1);
  }
  if (interrupted()) {
    return complain("interrupted, so what came out is not a whole run's",
                    130);
  }
  return 0;
}

// Needs no memory: there may be none.
int Program::complain(const char* what, int status) const {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", name_.c_str(), what);
  return status;
}

void Program::catch_interrupts() {
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
}

bool Program::interrupted() const {
  return interrupt_seen != 0;
}

// ---- Figures -----------------------------------------------------------

bool Program::changed() const {
  return quick_ || data_ || seed_ != 1 ||
         std::any_of(options_.begin(), options_.end(),
                     [](const Option& option) { return option.changed(); });
}

fs::path Program::source_folder() {
  return CNN_SOURCE_FOLDER;
}

fs::path Program::build_folder() const {
  return fs::path(CNN_SOURCE_FOLDER) / "build" / "figures" / name_;
}

fs::path Program::figure_folder() const {
  if (figures_) return *figures_;
  if (changed() || interrupted()) return build_folder();
  return fs::path(CNN_SOURCE_FOLDER) / "figures" / name_;
}

void Program::figure(const std::string& file, const Picture& picture,
                     const std::string& look_for) {
  figure(file, png_bytes(picture), look_for);
}

void Program::film(const std::string& file,
                   const std::vector<Picture>& frames, int milliseconds,
                   const std::string& look_for) {
  figure(file, film_bytes(frames, milliseconds), look_for);
}

void Program::figure(const std::string& file, const std::string& bytes,
                     const std::string& look_for) {
  const fs::path folder = figure_folder();
  if (!figures_ && folder == build_folder()) diverted_ = true;
  draw(folder, file, bytes, look_for);
}

void Program::timed_figure(const std::string& file, const std::string& svg,
                           const std::string& look_for) {
  draw(figures_ ? *figures_ : build_folder(), file, svg, look_for);
}

void Program::draw(const fs::path& folder, const std::string& file,
                   const std::string& bytes, const std::string& look_for) {
  write_file(folder / file, bytes);
  const auto known = std::find_if(
      drawn_.begin(), drawn_.end(),
      [&](const Drawn& drawn) { return drawn.folder == folder; });
  if (known != drawn_.end()) {
    ++known->figures;
  } else {
    drawn_.push_back({folder, 1});
  }
  print("    figure: %s\n%s", shown(folder / file).c_str(),
        wrapped(look_for, "            ").c_str());
}

// ---- The end -----------------------------------------------------------

void Program::report(const std::string& name, const std::string& value) {
  report_.push_back({name, value});
}

void Program::finish() const {
  if (!drawn_.empty()) {
    std::string text = "Figures:";
    for (const Drawn& drawn : drawn_) {
      text += (&drawn == &drawn_.front() ? " " : ", ") +
              std::to_string(drawn.figures) + " in " + shown(drawn.folder);
    }
    print("\n%s", wrapped(text + ".", "").c_str());
    if (diverted_) {
      const std::string why =
          changed() ? "Options that change a number were given, so the "
                      "figures are"
                    : "The run was interrupted, so what it drew after that "
                      "is";
      print("%s", wrapped(why + " in " + shown(build_folder()) +
                              ", and figures/" + name_ +
                              " keeps the default run's. What is "
                              "said of a figure was seen in those.",
                          "")
                      .c_str());
    }
  }
  if (report_file_ && !interrupted()) write_report();
}

void Program::write_report() const {
  std::string text;
  for (const auto& [name, value] : report_) {
    text += name + " = " + value + "\n";
  }
  int figures = 0;
  for (const Drawn& drawn : drawn_) figures += drawn.figures;
  text += "figures = " + std::to_string(figures) + "\n";
  write_file(*report_file_, text);
}

}  // namespace cnn
