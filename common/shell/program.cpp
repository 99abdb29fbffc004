#include "common/shell/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <new>
#include <string_view>
#include <system_error>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

#include "common/shell/file.hpp"
#include "common/shell/places.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

// ---- Ctrl-C ------------------------------------------------------------

volatile std::sig_atomic_t interrupt_seen = 0;

// The answer to the first signal, prepared before there is one.
std::array<char, 400> answer;
std::size_t answer_size = 0;

void prepare_answer(const std::string& text) {
  // A terminal shows ^C where the cursor is, often on a bar.
  const std::string line = (is_terminal(stderr) ? "\n" : "") + text;
  answer_size = std::min(line.size(), answer.size() - 1);
  std::copy_n(line.begin(), answer_size, answer.begin());
  answer[answer_size++] = '\n';
}

// The first signal is answered and noted, and the second ends the program.
// (Of the functions that a handler may call, only write prints.)
extern "C" void note_interrupt(int) {
  const int error = errno;
#ifdef _WIN32
  const auto written =
      _write(2, answer.data(), static_cast<unsigned>(answer_size));
#else
  const auto written = write(2, answer.data(), answer_size);
#endif
  static_cast<void>(written);
  errno = error;
  interrupt_seen = 1;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

// ---- Help --------------------------------------------------------------

bool asks_for_help(int argc, char** argv) {
  char** const first = argv + std::min(argc, 1);
  const auto is = [](std::string_view word) {
    return [word](std::string_view it) { return it == word; };
  };
  char** const last = std::find_if(first, argv + argc, is("--"));
  return std::any_of(first, last, is("--help")) ||
         std::any_of(first, last, is("-h"));
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

Program::Program(std::string name, std::string summary, Kind kind)
    : name_(std::move(name)), summary_(std::move(summary)), kind_(kind) {}

void Program::add(Option option) {
  const Strings taken = option_names();
  if (std::count(taken.begin(), taken.end(), option.name) > 0) {
    fail(Refusal::argument,
         "Program: there is a --" + option.name + " already");
  }
  options_.push_back(std::move(option));
  const Option& added = options_.back();
  // A text without a default is empty until it is given.
  if (!added.initial.empty()) set(added.name, added.initial);
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

void Program::text(const std::string& name, const std::string& initial,
                   const std::string& meaning, const std::string& help) {
  add({name, help, initial, Option::Kind::text, 0, 0, {}, meaning});
}

void Program::reads(const std::string& name, const std::string& meaning,
                    const std::string& help) {
  text(name, "", meaning, help);
  options_.back().file = Option::File::read;
}

void Program::writes(const std::string& name, const std::string& meaning,
                     const std::string& help) {
  text(name, "", meaning, help);
  options_.back().file = Option::File::written;
}

void Program::flag(const std::string& name, const std::string& help) {
  add({name, help, "no", Option::Kind::flag, 0, 0, {"no", "yes"}});
}

void Program::seeded() {
  seeded_ = true;
}

void Program::arguments(const std::string& meaning, int least, int most,
                        const std::string& help) {
  word_meaning_ = meaning;
  word_help_ = help;
  least_words_ = least;
  most_words_ = most;
}

bool Program::flag(const std::string& name) const {
  return find(name, Option::Kind::flag).value == "yes";
}

int Program::integer(const std::string& name) const {
  return *whole_int(find(name, Option::Kind::integer).value);
}

double Program::number(const std::string& name) const {
  return *decimal_number(find(name, Option::Kind::number).value);
}

const std::string& Program::choice(const std::string& name) const {
  return find(name, Option::Kind::choice).value;
}

const std::string& Program::text(const std::string& name) const {
  return find(name, Option::Kind::text).value;
}

bool Program::given(const std::string& name) const {
  return given_.count(name) > 0;
}

Option* Program::find(const std::string& name) {
  const auto found = std::find_if(
      options_.begin(), options_.end(),
      [&](const Option& option) { return option.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

const Option& Program::find(const std::string& name,
                            Option::Kind kind) const {
  for (const Option& option : options_) {
    if (option.name == name && option.kind == kind) return option;
  }
  fail(Refusal::argument,
       "Program: no option --" + name + " of this kind was set up");
}

// ---- Reading the command line ------------------------------------------

Strings Program::option_names() const {
  Strings names = {"report", "help"};
  if (kind_ == Kind::tour)
    names.insert(names.end(), {"data", "figures", "quick"});
  if (kind_ == Kind::tour || seeded_) names.push_back("seed");
  for (const Option& option : options_) names.push_back(option.name);
  return names;
}

void Program::parse(int argc, char** argv) {
  const Strings known = option_names();
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--" && most_words_ > 0) {
      while (++i < argc) add_word(argv[i]);
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      add_word(argv[i]);
      continue;
    }
    const NameAndValue it = split_option(argv[i]);
    const Option* own = find(it.name);
    const bool flag = own && own->kind == Option::Kind::flag;
    if (std::count(known.begin(), known.end(), it.name) == 0) {
      throw UsageError(unknown_option(it.name, known));
    }
    if (!given_.insert(it.name).second) {
      throw UsageError("--" + it.name + " is given twice");
    }
    if (it.name == "quick" || flag || it.name == "help") {
      if (it.value) throw UsageError("--" + it.name + " takes no value");
      if (it.name == "quick") quick_ = true;
      if (flag) set(it.name, "yes");
    } else if (it.value) {
      set(it.name, *it.value);
    } else if (i + 1 < argc &&
               std::string_view(argv[i + 1]).substr(0, 2) != "--") {
      set(it.name, argv[++i]);
    } else {
      throw UsageError("--" + it.name + " needs a value (try --help)");
    }
  }
  check_words();
}

void Program::add_word(const std::string& word) {
  words_.push_back(word);
  if (static_cast<int>(words_.size()) > most_words_) {
    throw UsageError("unexpected argument '" + word + "' (try --help)");
  }
}

void Program::check_words() const {
  if (static_cast<int>(words_.size()) < least_words_) {
    throw UsageError("expected " + word_meaning_ + " (try --help)");
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
    const auto seed = whole_number(value);
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

// Refuses at the beginning what would fail at the end of a long run.
void Program::check_folders() const {
  if (report_file_) check_report();
  for (const Option& option : options_) {
    if (option.file == Option::File::written && given(option.name)) {
      const std::string writer = "--" + option.name;
      require_own({option.value}, writer);
      if (option.meaning == "DIR") {
        require_writable(option.value, writer + " ");
      } else {
        require_no_input(option.value, writer);
      }
    }
  }
  if (kind_ == Kind::tool) return;
  for (const std::string& task : undrawn_) {
    if (given(task)) return require_without(task, {"figures"});
  }
  if (figures_) {
    require_writable(*figures_, "--figures ");
  } else {
    require_writable(figure_folder(), "",
                     " (--figures DIR takes another one)");
  }
  if (report_file_ && !inside(*report_file_, figure_folder()).empty()) {
    throw UsageError("--report expects a file, got '" +
                     report_file_->string() +
                     "', which is a folder of the figures");
  }
}

namespace {

[[noreturn]] void refuse_file(const std::string& writer,
                              const fs::path& file,
                              const std::string& why) {
  throw UsageError(writer + " expects a file of its own, got '" +
                   file.string() + "', which " + why);
}

bool is_picture(const fs::path& file) {
  return file.extension() == ".svg" || file.extension() == ".png";
}

bool is_network(const fs::path& file) {
  return file.extension() == ".safetensors" || file.extension() == ".onnx";
}

// Whether a path leads into a folder or to a file that comes with the book,
// and not to what was made beside them later, such as a reader's report.
bool comes_with_book(const fs::path& path) {
  static const Strings names = {"book",
                                "chapters",
                                "common",
                                "figures",
                                "tests",
                                "tutorial",
                                "CHANGELOG.md",
                                "CITATION.cff",
                                "CMakeLists.txt",
                                "CONTRIBUTING.md",
                                "LICENSE",
                                "README.md",
                                "CMakePresets.json"};
  const fs::path rest = inside(Program::source_folder(), path);
  if (rest.empty()) return false;
  const std::string first = rest.begin()->string();
  return (first != "." && first[0] == '.') ||
         std::count(names.begin(), names.end(), first) > 0;
}

// The folder that CNN_BUILD_DIR names, if it is set.
std::optional<fs::path> named_build_folder() {
  const char* named = std::getenv("CNN_BUILD_DIR");
  if (named == nullptr || *named == '\0') return {};
  return named;
}

}  // namespace

void Program::require_with(const std::string& task,
                           const Strings& options) const {
  for (const std::string& option : options) {
    if (given(option)) {
      throw UsageError("expected --" + option + " with --" + task);
    }
  }
}

void Program::require_without(const std::string& task,
                              const Strings& options,
                              const std::string& why) const {
  for (const std::string& option : options) {
    if (given(option)) {
      throw UsageError("expected --" + task + " without --" + option + why);
    }
  }
}

void Program::require_own(const std::vector<fs::path>& files,
                          const std::string& writer) const {
  std::map<fs::path, std::string> named;  // path -> what names it
  const auto add = [&](const std::string& name, const fs::path& path) {
    if (name != writer) named.insert({whole_path(path), name});
  };
  if (report_file_) add("--report", *report_file_);
  for (const Option& option : options_) {
    if (option.file != Option::File::none && given(option.name)) {
      add("--" + option.name, option.value);
    }
  }
  for (const std::string& word : words_) add(word_meaning_, word);
  for (const fs::path& file : files) {
    const auto found = named.find(whole_path(file));
    if (found != named.end())
      refuse_file(writer, file, found->second + " names, too");
  }
}

void Program::require_new(const fs::path& file) const {
  std::error_code ignored;
  if (fs::exists(file, ignored) && !flag("overwrite")) {
    throw UsageError(file.string() +
                     " is there already: choose another name, or replace "
                     "it with --overwrite");
  }
}

// The folders that the program reads, each with what names it.
std::vector<std::pair<std::string, fs::path>> Program::read_folders()
    const {
  std::vector<std::pair<std::string, fs::path>> folders;
  if (data_) folders.push_back({"--data", *data_});
  for (const Option& option : options_) {
    if (option.kind == Option::Kind::text && given(option.name) &&
        option.file != Option::File::written) {
      folders.push_back({"--" + option.name, option.value});
    }
  }
  for (const std::string& word : words_) {
    folders.push_back({word_meaning_, word});
  }
  std::error_code ignored;
  std::erase_if(folders, [&](const auto& folder) {
    return !fs::is_directory(folder.second, ignored);
  });
  return folders;
}

// Refuses a report that would replace a file which is, or may be, read or
// drawn.
void Program::check_report() const {
  const fs::path& file = *report_file_;
  require_file(file, "--report ");
  require_own({file}, "--report");
  if (kind_ == Kind::tour && is_picture(file) &&
      (!inside(figure_folder(), file).empty() ||
       !inside(build_folder(), file).empty())) {
    refuse_file("--report", file, "may be one of the figures");
  }
  require_no_input(file, "--report");
}

// Refuses to write a file that the book shows or brings along, or that the
// program may read. Which files of a folder it reads is not known here, so
// all that exist count, except networks, which are not among a folder's
// pictures. Folders are refused elsewhere, as what they are.
void Program::require_no_input(const fs::path& file,
                               const std::string& writer) const {
  if (!inside(source_folder() / "book" / "output", file).empty() ||
      (is_picture(file) &&
       !inside(source_folder() / "figures", file).empty())) {
    refuse_file(writer, file, "may be one that the book shows");
  }
  std::error_code ignored;
  if (!fs::exists(file, ignored) || fs::is_directory(file, ignored)) return;
  const bool network = writer != "--report" && is_network(file);
  if (!inside(source_folder() / "chapters", file).empty() ||
      (!network && comes_with_book(file))) {
    refuse_file(writer, file, "is one of the book's own files");
  }
  if (network) return;
  if (!inside(source_folder() / "data", file).empty()) {
    refuse_file(writer, file, "is one that the book's programs read");
  }
  for (const auto& [name, folder] : read_folders()) {
    if (!inside(folder, file).empty()) {
      refuse_file(writer, file,
                  "lies in the folder that " + name + " names");
    }
  }
}

std::vector<std::pair<std::string, std::string>> Program::shared_help()
    const {
  std::vector<std::pair<std::string, std::string>> entries;
  if (kind_ == Kind::tour) {
    const std::string built = shown(build_folder());
    entries = {{"--data DIR", data_help_},
               {"--figures DIR",
                "where figures go (default: " +
                    (named_build_folder()
                         ? built
                         : "figures/" + name_ + ", or " + built +
                               " if another option changes a number") +
                    ")"}};
  }
  if (kind_ == Kind::tour || seeded_) {
    entries.push_back(
        {"--seed N",
         "where random numbers start (0 to 2^63 - 1; default 1)"});
  }
  entries.push_back({"--report FILE",
                     "writes the headline numbers as lines name = value"});
  entries.push_back({"--help", "shows this and does nothing else"});
  return entries;
}

void Program::print_help() const {
  std::vector<std::pair<std::string, std::string>> entries;
  std::string words;
  if (most_words_ > 0) {
    entries.push_back({word_meaning_, word_help_});
    words = " " + word_meaning_ + (most_words_ > 1 ? " ..." : "");
    if (least_words_ == 0) words = " [" + words.substr(1) + "]";
  }
  for (const Option& option : options_) {
    entries.push_back({option.usage(), option.explained()});
  }
  const auto shared = shared_help();
  entries.insert(entries.end(), shared.begin(), shared.end());
  std::size_t width = 0;
  for (const auto& entry : entries) {
    width = std::max(width, entry.first.size());
  }
  print("usage: %s%s%s [--option value ...]\n\n%s\n", name_.c_str(),
        words.c_str(), needed_.c_str(), wrapped(summary_, "").c_str());
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
    return complain(kind_ == Kind::tool ? "ran out of memory"
                    : find("threads")
                        ? "ran out of memory; --quick and fewer --threads "
                          "need less"
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
    return complain(interruption_.c_str(), 130);
  }
  return 0;
}

// Allocates no memory, because there may be none left. Control characters,
// which a stranger's file may have put into the text, become '?'.
int Program::complain(const char* what, int status) const {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: ", name_.c_str());
  for (unsigned char before = 0; *what != '\0'; ++what) {
    const auto byte = static_cast<unsigned char>(*what);
    const bool control =
        byte < 0x20 || byte == 0x7f ||
        (before == 0xc2 && byte >= 0x80 && byte < 0xa0);  // in UTF-8
    std::fputc(control ? '?' : byte, stderr);
    before = byte;
  }
  std::fputc('\n', stderr);
  return status;
}

void Program::catch_interrupts(const std::string& kept) {
  const std::string usual = kind_ == Kind::tour
                                ? "what has come out by then is kept"
                                : "nothing is written";
  prepare_answer(name_ + ": stopping after the step at hand, and " +
                 (kept.empty() ? usual : kept) +
                 "; Ctrl-C once more ends it at once");
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

fs::path Program::built_folder() {
  return named_build_folder().value_or(source_folder() / "build");
}

fs::path Program::build_folder() const {
  return built_folder() / "figures" / name_;
}

fs::path Program::figure_folder() const {
  if (figures_) return *figures_;
  if (changed() || interrupted() || named_build_folder())
    return build_folder();
  return source_folder() / "figures" / name_;
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
  if (!figures_ && (changed() || interrupted())) diverted_ = true;
  draw(figure_folder(), file, bytes, look_for);
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
  if (kind_ == Kind::tour) {
    int figures = 0;
    for (const Drawn& drawn : drawn_) figures += drawn.figures;
    text += "figures = " + std::to_string(figures) + "\n";
  }
  write_file(*report_file_, text);
}

// ---- Verbs -------------------------------------------------------------

int run_verbs(int argc, char** argv, const std::vector<Verb>& verbs,
              int (*tour)(int argc, char** argv)) {
  for (const Verb& verb : verbs) {
    if (argc > 1 && verb.name == argv[1])
      return verb.main(argc - 1, argv + 1);
  }
  const int status = tour(argc, argv);
  if (status != 0 || !asks_for_help(argc, argv)) return status;
  std::string names;
  for (const Verb& verb : verbs) {
    names += (names.empty() ? "" : ", ") + verb.name;
  }
  const std::string text =
      "The first word can also be one of these, and each has a --help of "
      "its own: " +
      names + ".";
  print("\n%s", wrapped(text, "").c_str());
  return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace cnn
