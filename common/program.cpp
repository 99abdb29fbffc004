#include "common/program.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <stdexcept>

#include "common/terminal.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

// A mistake on the command line: one line, status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

volatile std::sig_atomic_t signal_seen = 0;

// The first signal asks the program to come to an end, the next one ends
// it.
extern "C" void note_signal(int number) {
  signal_seen = 1;
  std::signal(number, SIG_DFL);
}

template <class Number>
bool parse_number(const std::string& text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end && !text.empty();
}

std::string plain(double value) {
  return format("%g", value);
}

// How many letters must be changed, added or removed to turn a into b.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min(
          {row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// Words in lines of at most `width` characters, each behind `indent`.
std::string wrapped(const std::string& text, std::size_t width,
                    const std::string& indent) {
  std::istringstream words(text);
  std::string lines, line = indent;
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > width && line != indent) {
      lines += line + "\n";
      line = indent;
    }
    line += (line == indent ? "" : " ") + word;
  }
  return lines + line + "\n";
}

// A path as it is printed: seen from the project's folder when it lies in
// there, so that the same run prints the same text everywhere.
std::string shown(const fs::path& path) {
  const fs::path from_project = path.lexically_relative(CNN_SOURCE_FOLDER);
  const bool inside =
      !from_project.empty() && *from_project.begin() != "..";
  return (inside ? from_project : path).generic_string();
}

void require_folder(const fs::path& path, const std::string& option) {
  if (!fs::is_directory(path))
    throw UsageError(option + " expects a folder, and " + path.string() +
                     (fs::exists(path) ? " is none" : " does not exist"));
}

// Throws unless a folder exists or could be made: its nearest existing
// parent must be a folder.
void require_possible_folder(const fs::path& path,
                             const std::string& option) {
  fs::path parent = fs::absolute(path);
  while (!fs::exists(parent) && parent != parent.root_path())
    parent = parent.parent_path();
  if (!fs::is_directory(parent))
    throw UsageError(option + " " + path.string() +
                     " cannot be a folder: " + parent.string() +
                     " is a file");
}

}  // namespace

Program::Program(std::string name, std::string summary)
    : name_(std::move(name)), summary_(std::move(summary)) {}

void Program::integer(const std::string& name, int initial, int least,
                      int most, const std::string& help) {
  options_.push_back({name,
                      help,
                      std::to_string(initial),
                      std::to_string(initial),
                      Option::Kind::integer,
                      static_cast<double>(least),
                      static_cast<double>(most),
                      {}});
}

void Program::number(const std::string& name, double initial, double least,
                     double most, const std::string& help) {
  options_.push_back({name,
                      help,
                      plain(initial),
                      plain(initial),
                      Option::Kind::number,
                      least,
                      most,
                      {}});
}

void Program::choice(const std::string& name, const std::string& initial,
                     const std::vector<std::string>& choices,
                     const std::string& help) {
  options_.push_back(
      {name, help, initial, initial, Option::Kind::choice, 0, 0, choices});
}

void Program::without_data() {
  uses_data_ = false;
}

// ---- Values
// --------------------------------------------------------------

const Program::Option& Program::find(const std::string& name,
                                     Option::Kind kind) const {
  for (const Option& option : options_)
    if (option.name == name && option.kind == kind) return option;
  throw std::invalid_argument("program: there is no option --" + name +
                              " of this kind");
}

int Program::integer(const std::string& name) const {
  return std::stoi(find(name, Option::Kind::integer).value);
}

double Program::number(const std::string& name) const {
  double value = 0;
  parse_number(find(name, Option::Kind::number).value, value);
  return value;
}

const std::string& Program::choice(const std::string& name) const {
  return find(name, Option::Kind::choice).value;
}

// ---- The command line
// ----------------------------------------------------

std::string Program::range_text(const Option& option) {
  if (option.kind == Option::Kind::choice) {
    std::string text;
    for (const std::string& choice : option.choices)
      text += (text.empty() ? "" : " or ") + choice;
    return text;
  }
  return (option.kind == Option::Kind::integer ? "a whole number from "
                                               : "a number from ") +
         format("%.10g", option.least) + " to " +
         format("%.10g", option.most);
}

void Program::set(Option& option, const std::string& text) {
  bool good = false;
  if (option.kind == Option::Kind::choice) {
    good = std::find(option.choices.begin(), option.choices.end(), text) !=
           option.choices.end();
  } else if (option.kind == Option::Kind::integer) {
    int value = 0;
    good = parse_number(text, value) && value >= option.least &&
           value <= option.most;
  } else {
    double value = 0;
    good = parse_number(text, value) && std::isfinite(value) &&
           value >= option.least && value <= option.most;
  }
  if (!good)
    throw UsageError("--" + option.name + " expects " + range_text(option) +
                     ", got '" + text + "'");
  option.value = text;
}

void Program::set_shared(const std::string& name, const std::string& text) {
  if (name == "seed") {
    if (!parse_number(text, seed_))
      throw UsageError("--seed expects a whole number of 0 or more, got '" +
                       text + "'");
  } else if (name == "data") {
    require_folder(text, "--data");
    data_ = text;
  } else if (name == "figures") {
    require_possible_folder(text, "--figures");
    figures_ = fs::absolute(text).lexically_normal();
  } else {
    const fs::path file = fs::absolute(text).lexically_normal();
    if (fs::is_directory(file))
      throw UsageError("--report expects a file, and " + text +
                       " is a folder");
    require_possible_folder(file.parent_path(), "--report");
    report_file_ = file;
  }
}

std::vector<std::string> Program::option_names() const {
  std::vector<std::string> names = {"figures", "seed", "report", "help"};
  if (uses_data_) names.insert(names.begin(), "data");
  for (const Option& option : options_) names.push_back(option.name);
  return names;
}

void Program::unknown(const std::string& argument) const {
  std::string hint = " (--help lists the options)";
  for (const std::string& name : option_names())
    if (edit_distance(argument, "--" + name) <= 2)
      hint = " (did you mean --" + name + "?)";
  const bool option = argument.rfind("-", 0) == 0;
  throw UsageError((option ? "unknown option '" : "unexpected argument '") +
                   argument + "'" + hint);
}

bool Program::parse(int argc, char** argv) {
  const std::vector<std::string> names = option_names();
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--help" || argument == "-h") {
      print_help();
      return false;
    }
    if (argument == "--quick") {
      quick_ = true;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    const std::string name = flag.rfind("--", 0) == 0 ? flag.substr(2) : "";
    if (std::find(names.begin(), names.end(), name) == names.end())
      unknown(flag);
    std::string value;
    if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
    } else if (++i < argc) {
      value = argv[i];
    } else {
      throw UsageError(flag + " expects a value");
    }
    const auto own = std::find_if(
        options_.begin(), options_.end(),
        [&](const Option& option) { return option.name == name; });
    if (own != options_.end()) {
      set(*own, value);
    } else {
      set_shared(name, value);
    }
  }
  return true;
}

void Program::print_help() const {
  print("Usage: %s [options]\n\n%s\n\nOptions:\n", name_.c_str(),
        summary_.c_str());
  const auto line = [](const std::string& option, const std::string& help) {
    print("  %-22s  %s\n", option.c_str(), help.c_str());
  };
  for (const Option& option : options_)
    line("--" + option.name +
             (option.kind == Option::Kind::integer  ? " N"
              : option.kind == Option::Kind::number ? " X"
                                                    : " NAME"),
         option.help + " (" + range_text(option) + "; default " +
             option.initial + ")");
  if (uses_data_)
    line("--data DIR",
         "a folder with MNIST's four files, instead of the "
         "digits of the book");
  line("--figures DIR", "where figures go (default figures/" + name_ +
                            "; build/figures/" + name_ +
                            " if an option changes a number)");
  line("--seed N", "where random numbers start (default 1)");
  line("--report FILE", "write the headline numbers as name = value lines");
  line("--help", "print this and stop");
}

bool Program::changed() const {
  return quick_ || seed_ != 1 || data_.has_value() ||
         std::any_of(options_.begin(), options_.end(),
                     [](const Option& option) {
                       return option.value != option.initial;
                     });
}

// ---- The run
// -------------------------------------------------------------

int Program::run(int argc, char** argv,
                 const std::function<void(Program&)>& body) {
  try {
    if (!parse(argc, argv)) return 0;
    body(*this);
    finish();
  } catch (const UsageError& error) {
    std::fprintf(stderr, "%s: %s\n", name_.c_str(), error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name_.c_str(), error.what());
    return 1;
  }
  if (!interrupted()) return 0;
  std::fprintf(stderr,
               "%s: stopped by Ctrl-C; what was done until then is "
               "drawn\n",
               name_.c_str());
  return 130;
}

fs::path Program::build_figures() const {
  return fs::path(CNN_SOURCE_FOLDER) / "build" / "figures" / name_;
}

fs::path Program::figure_folder() const {
  if (figures_) return *figures_;
  if (changed() || interrupted()) return build_figures();
  return fs::path(CNN_SOURCE_FOLDER) / "figures" / name_;
}

void Program::announce(const fs::path& path, const std::string& look_for) {
  ++figures_drawn_;
  print("\n    Figure %s\n%s", shown(path).c_str(),
        wrapped(look_for, 76, "      ").c_str());
}

void Program::figure(const std::string& file, const Picture& picture,
                     const std::string& look_for) {
  const fs::path path = figure_folder() / file;
  write_png(path, picture);
  announce(path, look_for);
}

void Program::figure(const std::string& file, const std::string& svg,
                     const std::string& look_for) {
  const fs::path path = figure_folder() / file;
  write_text(path, svg);
  announce(path, look_for);
}

void Program::timed_figure(const std::string& file, const std::string& svg,
                           const std::string& look_for) {
  const fs::path path = figures_.value_or(build_figures()) / file;
  write_text(path, svg);
  announce(path, look_for);
}

void Program::report(const std::string& name, const std::string& value) {
  report_.emplace_back(name, value);
}

void Program::finish() {
  print("\n");
  if (figures_drawn_ > 0)
    print("%d figure%s in %s.\n", figures_drawn_,
          figures_drawn_ == 1 ? "" : "s", shown(figure_folder()).c_str());
  if (!figures_ && figure_folder() == build_figures())
    print("(figures/%s keeps the default run's: this one %s.)\n",
          name_.c_str(),
          interrupted() ? "was interrupted"
                        : "had options that change numbers");
  if (!report_file_) return;
  std::string text;
  for (const auto& [name, value] : report_)
    text += name + " = " + value + "\n";
  text += "figures = " + std::to_string(figures_drawn_) + "\n";
  write_text(*report_file_, text);
}

void Program::catch_interrupts() {
  std::signal(SIGINT, note_signal);
  std::signal(SIGTERM, note_signal);
}

bool Program::interrupted() const {
  return signal_seen != 0;
}

}  // namespace cnn
