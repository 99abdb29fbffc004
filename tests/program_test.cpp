// What every program does with its options, its figures, its report, its
// errors and Ctrl-C.
#include "common/shell/program.hpp"

#include "common/shell/terminal.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"

#ifndef _WIN32

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <new>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace {

namespace fs = std::filesystem;
using cnn::Program;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Run {
  int status = -1;
  bool body_ran = false;
  std::string out, err;
};

using Arguments = std::vector<std::string>;
using Body = std::function<void(Program&)>;

Run run(
    Program& program, Arguments arguments,
    const Body& body = [](Program&) {}) {
  arguments.insert(arguments.begin(), "started-as");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::cout.flush();
  Run result;
  const Capture out(stdout), err(stderr);
  result.status = program.run(static_cast<int>(arguments.size()),
                              argv.data(), [&](Program& running) {
                                result.body_ran = true;
                                body(running);
                              });
  result.out = out.text();
  result.err = err.text();
  return result;
}

// A program with one option of each kind. No chapter has its name, so its
// figures replace no others.
Program example(const std::string& name = "program-test") {
  Program program(name, "one option of each kind");
  program.integer("epochs", 8, 1, 1000, "times that all is seen");
  program.number("learning-rate", 0.05, 1e-9, 10, "size of a step");
  program.choice("schedule", "cosine", {"cosine", "constant", "linear"},
                 "how the rate changes");
  return program;
}

Run run_example(
    const Arguments& arguments, const Body& body = [](Program&) {}) {
  Program program = example();
  return run(program, arguments, body);
}

// The one line on standard error of a run that refused its options.
std::string refusal(const Arguments& arguments) {
  const Run result = run_example(arguments);
  CHECK(result.status == 2);
  CHECK_FALSE(result.body_ran);
  CHECK(result.out.empty());
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  return result.err;
}

// A path of `size` characters below a folder.
std::string long_path(const TemporaryFolder& folder, std::size_t size) {
  std::string path = folder.path().string();
  while (path.size() + 250 < size) path += "/" + std::string(99, 'x');
  return path + "/" + std::string(size - path.size() - 1, 'x');
}

const fs::path source_folder = CNN_SOURCE_FOLDER;
const fs::path default_folder = source_folder / "figures" / "program-test";
const fs::path build_folder =
    source_folder / "build" / "figures" / "program-test";

// Where a run with these options would draw.
fs::path folder_with(const Arguments& arguments) {
  fs::path folder;
  const Run result = run_example(arguments, [&](Program& program) {
    folder = program.figure_folder();
  });
  CHECK(result.status == 0);
  CHECK(result.err.empty());
  return folder;
}

// A folder under build/figures that a test draws into, removed afterwards.
// Each test has its own, because tests run side by side.
struct BuildFolder {
  explicit BuildFolder(const std::string& name)
      : path(source_folder / "build" / "figures" / name) {
    fs::remove_all(path);
  }
  ~BuildFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  BuildFolder(const BuildFolder&) = delete;
  BuildFolder& operator=(const BuildFolder&) = delete;

  const fs::path path;
};

// Restores Catch2's own handlers of signals at the end of a test.
struct SignalHandlers {
  using Handler = void (*)(int);
  Handler interrupt = std::signal(SIGINT, SIG_DFL);
  Handler terminate = std::signal(SIGTERM, SIG_DFL);
  SignalHandlers() = default;
  ~SignalHandlers() {
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, terminate);
  }
  SignalHandlers(const SignalHandlers&) = delete;
  SignalHandlers& operator=(const SignalHandlers&) = delete;
};

}  // namespace

// ---- Options -----------------------------------------------------------

TEST_CASE("Options: defaults, and values in both spellings") {
  run_example({}, [](Program& program) {
    CHECK(program.integer("epochs") == 8);
    CHECK(program.number("learning-rate") == 0.05);
    CHECK(program.choice("schedule") == "cosine");
    CHECK(program.seed() == 1);
    CHECK_FALSE(program.quick());
    CHECK_FALSE(program.data());
  });
  const TemporaryFolder folder;
  const Run given = run_example(
      {"--epochs", "3", "--learning-rate=2.5e-3", "--schedule", "linear",
       "--seed=9223372036854775807", "--quick", "--data", folder / ""},
      [&](Program& program) {
        CHECK(program.integer("epochs") == 3);
        CHECK(program.number("learning-rate") == 2.5e-3);
        CHECK(program.choice("schedule") == "linear");
        CHECK(program.seed() == 9223372036854775807u);
        CHECK(program.quick());
        CHECK(program.data() == fs::path(folder / ""));
      });
  CHECK(given.status == 0);
  CHECK(given.body_ran);
  CHECK(given.err.empty());
}

TEST_CASE("A negative number is a value, not an option") {
  Program program("program-test", "");
  program.number("shift", 0, -10, 10, "");
  const Run result =
      run(program, {"--shift", "-2.5"},
          [](Program& running) { CHECK(running.number("shift") == -2.5); });
  CHECK(result.status == 0);
}

TEST_CASE("Bad values are refused in one line before anything happens") {
  CHECK(refusal({"--epochs", "x"}) ==
        "program-test: --epochs expects a whole number from 1 to 1000, "
        "got 'x'\n");
  for (const std::string bad :
       {"", "0", "1001", "3.0", "1e2", "3 ", " 3", "0x10", "99999999999"}) {
    CHECK_THAT(refusal({"--epochs=" + bad}),
               ContainsSubstring("1 to 1000, got '" + bad + "'"));
  }
  CHECK(refusal({"--learning-rate", "fast"}) ==
        "program-test: --learning-rate expects a number from 1e-09 to 10, "
        "got 'fast'\n");
  for (const std::string bad :
       {"", "0", "10.5", "-1", "nan", "inf", "1e999", "0x1p-3", "0.1f",
        "0,1", "1e", " 1", "--"}) {
    CHECK_THAT(refusal({"--learning-rate=" + bad}),
               ContainsSubstring("to 10, got '" + bad + "'"));
  }
  CHECK(refusal({"--schedule", "cos"}) ==
        "program-test: --schedule expects cosine, constant or linear, "
        "got 'cos'\n");
  for (const std::string bad : {"", "-1", "9223372036854775808", "1.5"}) {
    CHECK(refusal({"--seed=" + bad}) ==
          "program-test: --seed expects a whole number from 0 to "
          "9223372036854775807, got '" +
              bad + "'\n");
  }
}

TEST_CASE("Unknown options are refused, with a hint for a slip") {
  CHECK(refusal({"--foo"}) ==
        "program-test: unknown option '--foo' (try --help)\n");
  CHECK(refusal({"--epoch", "3"}) ==
        "program-test: unknown option '--epoch' (did you mean "
        "--epochs?)\n");
  CHECK(refusal({"--learning_rate=3"}) ==
        "program-test: unknown option '--learning_rate' (did you mean "
        "--learning-rate?)\n");
  CHECK(refusal({"--sede", "3"}) ==
        "program-test: unknown option '--sede' (did you mean --seed?)\n");
  CHECK(refusal({"--"}) ==
        "program-test: unknown option '--' (try --help)\n");
  CHECK(refusal({"-e"}) ==
        "program-test: unknown option '-e' (try --help)\n");
  CHECK(refusal({"3"}) ==
        "program-test: unexpected argument '3' (try --help)\n");
  CHECK(refusal({""}) ==
        "program-test: unexpected argument '' (try --help)\n");
}

TEST_CASE("Missing, unwanted and repeated values are refused") {
  CHECK(refusal({"--epochs"}) ==
        "program-test: --epochs needs a value (try --help)\n");
  CHECK(refusal({"--figures", "--seed", "3"}) ==
        "program-test: --figures needs a value (try --help)\n");
  CHECK(refusal({"--quick=yes"}) ==
        "program-test: --quick takes no value\n");
  CHECK(refusal({"--help=me"}) == "program-test: --help takes no value\n");
  CHECK(refusal({"--epochs", "3", "--epochs=3"}) ==
        "program-test: --epochs is given twice\n");
  CHECK(refusal({"--quick", "--quick"}) ==
        "program-test: --quick is given twice\n");
}

TEST_CASE("A flag is given or not, and changes no number") {
  const auto with_flag = [](const Arguments& arguments, const Body& body) {
    Program program = example();
    program.flag("record", "keeps what was measured");
    return run(program, arguments, body);
  };
  with_flag({},
            [&](Program& program) { CHECK_FALSE(program.flag("record")); });
  const Run given =
      with_flag({"--record", "--epochs", "8"}, [&](Program& program) {
        CHECK(program.flag("record"));
        CHECK(program.figure_folder() == default_folder);
      });
  CHECK(given.status == 0);
  CHECK(given.body_ran);
  CHECK(with_flag({"--record=yes"}, [](Program&) {}).err ==
        "program-test: --record takes no value\n");
  CHECK(with_flag({"--record", "yes"}, [](Program&) {}).status == 2);
  CHECK(with_flag({"--record", "--record"}, [](Program&) {}).err ==
        "program-test: --record is given twice\n");
  CHECK_THAT(with_flag({"--help"}, [](Program&) {}).out,
             ContainsSubstring("  --record           keeps what was"));
}

TEST_CASE(
    "Option --help shows all options in two columns and does nothing "
    "else") {
  const Run result = run_example({"--seed", "x", "--help"});
  CHECK(result.status == 0);
  CHECK_FALSE(result.body_ran);
  CHECK(result.err.empty());
  CHECK(result.out ==
        "usage: program-test [--option value ...]\n"
        "\n"
        "one option of each kind\n"
        "\n"
        "  --epochs N         times that all is seen (1 to 1000; default "
        "8)\n"
        "  --learning-rate X  size of a step (1e-09 to 10; default 0.05)\n"
        "  --schedule NAME    how the rate changes (cosine, constant or "
        "linear;\n"
        "                     default cosine)\n"
        "  --data DIR         a folder with MNIST's four files (default: "
        "the digits\n"
        "                     that come with the book)\n"
        "  --figures DIR      where figures go (default: "
        "figures/program-test, or\n"
        "                     build/figures/program-test if another option "
        "changes a\n"
        "                     number)\n"
        "  --seed N           where random numbers start (0 to 2^63 - 1; "
        "default 1)\n"
        "  --report FILE      writes the headline numbers as lines name = "
        "value\n"
        "  --help             shows this and does nothing else\n");
}

TEST_CASE("A chapter that asks for an option it has not set up is told") {
  const Run wrong =
      run_example({}, [](Program& program) { program.integer("epoch"); });
  CHECK(wrong.status == 1);
  CHECK_THAT(wrong.err,
             ContainsSubstring("no option --epoch of this kind"));
  const Run other_kind =
      run_example({}, [](Program& program) { program.number("epochs"); });
  CHECK(other_kind.status == 1);
  Program program = example();
  CHECK_THROWS_AS(program.integer("seed", 1, 1, 2, ""),
                  std::invalid_argument);
  CHECK_THAT(message_of([&] { program.integer("most", 3, 1, 2, ""); }),
             ContainsSubstring("from 1 to 2, got '3'"));
}

// ---- Folders -----------------------------------------------------------

TEST_CASE("Option --data takes a folder that exists") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  for (const std::string& bad :
       Arguments{folder / "none", folder / "file", ""}) {
    CHECK(refusal({"--data=" + bad}) ==
          "program-test: --data expects a folder that exists, got '" + bad +
              "'\n");
  }
}

TEST_CASE(
    "Option --figures is refused before the run if it cannot be made") {
  const TemporaryFolder folder;
  const std::string file = folder / "file";
  std::ofstream(file) << "x";
  CHECK(refusal({"--figures", file}) ==
        "program-test: --figures cannot write into '" + file +
            "', because it is not a folder\n");
  for (const std::string& bad : {file + "/below", file + "/far/below"}) {
    CHECK(refusal({"--figures", bad}) ==
          "program-test: --figures cannot write into '" + bad +
              "', because '" + file + "' is not a folder\n");
  }
  CHECK(refusal({"--figures="}) ==
        "program-test: --figures expects a folder, got ''\n");
}

TEST_CASE(
    "Option --figures and --report are refused where one may not write") {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::all);
  fs::create_directories(folder / "locked" / "below");
  fs::create_symlink(folder / "locked" / "file", folder / "link");
  std::ofstream(folder / "locked" / "file") << "x";
  for (const auto rights : {0555, 0666, 0222, 0000}) {
    fs::permissions(folder / "locked", static_cast<fs::perms>(rights));
    for (const std::string name :
         {"locked", "locked/new", "locked/below/new"}) {
      CAPTURE(rights, name);
      const std::string error = in_child(
          [&] {
            return run_example({"--figures", folder / name}).err;
          },
          true);
      CHECK_THAT(error, ContainsSubstring("--figures cannot write into '"));
      // If it cannot be seen that "locked/below" exists, the error names
      // the nearest folder that can be seen.
      CHECK_THAT(error, ContainsSubstring("is not writable\n"));
    }
    for (const std::string name : {"locked/new", "link"}) {
      CAPTURE(rights, name);
      CHECK_THAT(in_child(
                     [&] {
                       return run_example({"--figures", folder / "f",
                                           "--report", folder / name})
                           .err;
                     },
                     true),
                 ContainsSubstring("program-test: --report "));
    }
  }
  fs::permissions(folder / "locked", fs::perms::owner_all);
  CHECK(content(folder / "link") == "x");
  CHECK_FALSE(fs::exists(folder / "f"));
}

TEST_CASE("A folder for figures that is something else is refused") {
  const TemporaryFolder folder;
  fs::create_symlink("nowhere", folder / "dangling");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const auto says = [&](const std::string& given, const std::string& why) {
    CHECK(refusal({"--figures", given}) ==
          "program-test: --figures cannot write into '" + given +
              "', because " + why + "\n");
  };
  const std::string link = folder / "dangling";
  says(link, "it is a link that leads nowhere");
  says(link + "/below", "'" + link + "' is a link that leads nowhere");
  says(folder / "pipe", "it is a pipe");
  says("/dev/null", "it is a device");
  const std::string long_name(256, 'x');
  says(folder / long_name, "it is too long a name");
  says(folder / "new" / long_name, "it is too long a name");
  says(long_path(folder, 4090), "it is too long a path");
  says(long_path(folder, 3900), "it is too long a path");
  fs::create_directory(folder / "nowhere");  // now it leads somewhere
  run_example({"--figures", link}, [](Program& program) {
    program.figure("a.svg", std::string("<svg/>"), "");
  });
  CHECK(content(folder / "nowhere" / "a.svg") == "<svg/>");
}

TEST_CASE(
    "Option --report is refused before the run if it cannot be written") {
  const TemporaryFolder folder;
  const std::string file = folder / "file";
  std::ofstream(file) << "x";
  CHECK(refusal({"--report", file + "/report"}) ==
        "program-test: --report cannot write into '" + file +
            "', because it is not a folder\n");
  CHECK(refusal({"--report="}) ==
        "program-test: --report expects a file, got ''\n");
  fs::create_symlink("nowhere", folder / "dangling");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  fs::permissions(folder.path(), fs::perms::all);
  const auto says = [&](const std::string& given, const std::string& what) {
    // A superuser could replace a device if this were not refused.
    CHECK(in_child(
              [&] {
                return run_example({"--report", given, "--figures",
                                    folder / "f" / "figures"})
                    .err;
              },
              true) == "program-test: --report expects a file, got '" +
                           given + "', which is " + what + "\n");
  };
  says(folder.path(), "a folder");
  says(folder / "none/", "the name of a folder");
  says(folder / "pipe", "a pipe");
  says(folder / "dangling", "a link that leads nowhere");
  says("/dev/null", "a device");
  says(folder / std::string(256, 'x'), "too long a name");
  for (const std::size_t size : {5000u, 4096u, 4090u, PATH_MAX - 16u})
    CHECK_THAT(refusal({"--report", long_path(folder, size)}),
               ContainsSubstring("', which is too long a path\n"));
  says(folder / "f", "a folder of the figures");
  says(folder / "f" / "figures", "a folder of the figures");
  if (fs::exists("/dev/stdout")) {
    says("/dev/stdout", "where the program prints");
    says("/dev/stderr", "where the program prints");
  }
  CHECK(content(file) == "x");
  // What is accepted can be written.
  const std::string longest = long_path(folder, PATH_MAX - 17);
  CHECK(run_example({"--report", longest}).err.empty());
  CHECK(content(longest) == "figures = 0\n");
}

TEST_CASE("A report through a link goes to the file behind it") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "old";
  fs::create_symlink("file", folder / "link");
  const Run result = run_example(
      {"--report", folder / "link"},
      [](Program& program) { program.report("baseline", "0.1000"); });
  CHECK(result.status == 0);
  CHECK(content(folder / "file") == "baseline = 0.1000\nfigures = 0\n");
  CHECK(fs::is_symlink(folder / "link"));
}

// ---- Figures -----------------------------------------------------------

TEST_CASE("Only the default run draws into figures/") {
  CHECK(folder_with({}) == default_folder);
  CHECK(folder_with({"--epochs", "8", "--learning-rate", "5e-2",
                     "--schedule=cosine", "--seed", "1"}) ==
        default_folder);
  const TemporaryFolder folder;
  CHECK(folder_with({"--report", folder / "r"}) == default_folder);
  for (const Arguments& changed :
       std::vector<Arguments>{{"--epochs", "7"},
                              {"--learning-rate", "0.0501"},
                              {"--schedule", "linear"},
                              {"--seed", "2"},
                              {"--quick"},
                              {"--data", folder / ""}}) {
    CHECK(folder_with(changed) == build_folder);
  }
  CHECK(folder_with({"--quick", "--figures", "f"}) == fs::path("f"));
}

#ifndef _WIN32  // which has no setenv
TEST_CASE("CNN_BUILD_DIR names the folder into which all runs draw") {
  const TemporaryFolder folder;
  setenv("CNN_BUILD_DIR", folder.path().c_str(), 1);
  const fs::path unchanged = folder_with({}),
                 changed = folder_with({"--quick"}),
                 asked = folder_with({"--quick", "--figures", "f"});
  setenv("CNN_BUILD_DIR", "", 1);
  const fs::path empty = folder_with({"--quick"});
  unsetenv("CNN_BUILD_DIR");
  CHECK(unchanged == folder / "figures/program-test");
  CHECK(changed == unchanged);
  CHECK(asked == fs::path("f"));
  CHECK(empty == build_folder);
}
#endif

TEST_CASE("Figures go to --figures, which is made for the first of them") {
  const TemporaryFolder folder;
  const std::string target = folder / "a/b";
  const Run result = run_example(
      {"--figures", target, "--seed", "2"}, [&](Program& program) {
        CHECK_FALSE(fs::exists(folder / "a"));
        program.figure("one.svg", std::string("<svg/>"),
                       "a text that is long enough to be broken, because "
                       "it goes on and on");
        program.figure("two.png", cnn::Picture(2, 3), "short");
        program.timed_figure("three.svg", std::string("<svg></svg>"), "");
      });
  CHECK(result.status == 0);
  CHECK(result.err.empty());
  CHECK(content(target + "/one.svg") == "<svg/>");
  CHECK(content(target + "/two.png").substr(1, 3) == "PNG");
  CHECK(content(target + "/three.svg") == "<svg></svg>");
  CHECK(result.out ==
        "    figure: " + target +
            "/one.svg\n"
            "            a text that is long enough to be "
            "broken, because it goes on and\n"
            "            on\n"
            "    figure: " +
            target +
            "/two.png\n"
            "            short\n"
            "    figure: " +
            target + "/three.svg\n\n" +
            cnn::wrapped("Figures: 3 in " + target + ".", ""));
}

TEST_CASE("Paths below the source folder are printed from there on") {
  const BuildFolder folder("test-paths");
  const Run result =
      run_example({"--figures", (folder.path / "sub/../given").string()},
                  [](Program& program) {
                    program.figure("a.svg", std::string("<svg/>"), "");
                  });
  CHECK_THAT(result.out,
             ContainsSubstring("figure: build/figures/test-paths/given/"
                               "a.svg\n"));
}

TEST_CASE("A run with changed numbers draws under build and says so") {
  const BuildFolder folder("test-changed");
  Program program = example("test-changed");
  const Run result = run(program, {"--epochs=3"}, [](Program& running) {
    running.figure("a.svg", std::string("<svg/>"), "");
    running.figure("b.svg", std::string("<svg/>"), "");
    running.timed_figure("c.svg", std::string("<svg/>"), "");
  });
  CHECK(result.status == 0);
  CHECK(fs::exists(folder.path / "a.svg"));
  CHECK_FALSE(fs::exists(source_folder / "figures" / "test-changed"));
  CHECK(result.out ==
        "    figure: build/figures/test-changed/a.svg\n"
        "    figure: build/figures/test-changed/b.svg\n"
        "    figure: build/figures/test-changed/c.svg\n"
        "\n"
        "Figures: 3 in build/figures/test-changed.\n"
        "Options that change a number were given, so the figures are in\n"
        "build/figures/test-changed, and figures/test-changed keeps the "
        "default\n"
        "run's. What is said of a figure was seen in those.\n");
}

TEST_CASE("Timed figures of a default run go under build, without a word") {
  const BuildFolder folder("test-timed");
  Program program = example("test-timed");
  const Run result = run(program, {}, [](Program& running) {
    running.timed_figure("c.svg", std::string("<svg/>"), "seconds");
  });
  CHECK(fs::exists(folder.path / "c.svg"));
  CHECK(result.out ==
        "    figure: build/figures/test-timed/c.svg\n"
        "            seconds\n"
        "\n"
        "Figures: 1 in build/figures/test-timed.\n");
}

TEST_CASE("A run without figures says nothing about them") {
  CHECK(run_example({"--seed", "2"}).out.empty());
}

// ---- Report ------------------------------------------------------------

TEST_CASE("Option --report holds the numbers in order, then the figures") {
  const TemporaryFolder folder;
  const std::string file = folder / "new/report.txt";
  const Run result = run_example(
      {"--report", file, "--figures", folder / "f"}, [&](Program& program) {
        program.report("held_out_accuracy", "0.9745");
        program.figure("a.svg", std::string("<svg/>"), "");
        program.report("baseline", "0.1000");
        CHECK_FALSE(fs::exists(file));
      });
  CHECK(result.status == 0);
  CHECK(content(file) ==
        "held_out_accuracy = 0.9745\n"
        "baseline = 0.1000\n"
        "figures = 1\n");
}

// ---- Errors and Ctrl-C -------------------------------------------------

TEST_CASE("An error in the body is one line and status 1, no report") {
  const TemporaryFolder folder;
  const Run result =
      run_example({"--report", folder / "report"}, [](Program&) {
        cnn::print("before\n");
        throw std::runtime_error("no such file: digits");
      });
  CHECK(result.status == 1);
  CHECK(result.out == "before\n");
  CHECK(result.err == "program-test: no such file: digits\n");
  CHECK_FALSE(fs::exists(folder / "report"));
}

TEST_CASE("An error's text cannot steer the terminal") {
  const Run result = run_example({}, [](Program&) {
    throw std::runtime_error("a\x1b[2Jb\nc\rd\x7f \u009b e\u00e9");
  });
  CHECK(result.err.find("a?[2Jb?c?d? \xc2? e\u00e9\n") !=
        std::string::npos);
}

TEST_CASE("Where memory or threads run out, one line says so") {
  const auto ends_in = [](Program program, const Body& body) {
    const TemporaryFolder folder;
    const Run result = run(program, {"--report", folder / "report"}, body);
    CHECK(result.status == 1);
    CHECK_FALSE(fs::exists(folder / "report"));
    return result.err;
  };
  const Body out_of_memory = [](Program&) { throw std::bad_alloc(); };
  CHECK(ends_in(example(), out_of_memory) ==
        "program-test: ran out of memory; --quick needs less\n");
  Program threaded = example();
  threaded.integer("threads", 0, 0, 256, "");
  CHECK(ends_in(threaded, out_of_memory) ==
        "program-test: ran out of memory; --quick and fewer --threads need "
        "less\n");
  CHECK(ends_in(example(),
                [](Program&) {
                  throw std::system_error(std::make_error_code(
                      std::errc::resource_unavailable_try_again));
                }) ==
        "program-test: the system starts no more threads: it is short of "
        "memory, or too many run already\n");
  CHECK_THAT(ends_in(example(),
                     [](Program&) { (void)fs::file_size("no-such-file"); }),
             ContainsSubstring("no-such-file"));
}

TEST_CASE("Ctrl-C is seen by the body, which ends the run itself") {
  const SignalHandlers kept;
  const BuildFolder build("test-ctrl-c");
  const TemporaryFolder folder;
  for (const int signal : {SIGINT, SIGTERM}) {
    Program program = example("test-ctrl-c");
    const Run result = run(
        program, {"--report", folder / "report"}, [&](Program& running) {
          CHECK_FALSE(running.interrupted());
          running.catch_interrupts();
          CHECK(running.figure_folder() ==
                source_folder / "figures" / "test-ctrl-c");
          std::raise(signal);
          CHECK(running.interrupted());
          // A second one of either kind would end the program at once.
          CHECK(std::signal(SIGINT, SIG_DFL) == SIG_DFL);
          CHECK(std::signal(SIGTERM, SIG_DFL) == SIG_DFL);
          running.figure("a.svg", std::string("<svg/>"), "");
        });
    CHECK(result.status == 130);
    CHECK(result.out ==
          "    figure: build/figures/test-ctrl-c/a.svg\n"
          "\n"
          "Figures: 1 in build/figures/test-ctrl-c.\n"
          "The run was interrupted, so what it drew after that is in\n"
          "build/figures/test-ctrl-c, and figures/test-ctrl-c keeps the "
          "default run's.\nWhat is said of a figure was seen in those.\n");
    CHECK(result.err ==
          "test-ctrl-c: stopping after the step at hand, and what has come "
          "out by then is kept; Ctrl-C once more ends it at once\n"
          "test-ctrl-c: interrupted, so what came out is not a whole "
          "run's\n");
    CHECK_FALSE(fs::exists(folder / "report"));
  }
}

// Compares the folders that the last lines of a run name with those that
// hold what it drew.
TEST_CASE("What ends an interrupted run names the folders that it used") {
  const SignalHandlers kept;
  const BuildFolder build("test-folders");
  const fs::path usual = source_folder / "figures" / "test-folders";
  for (const bool timed_before : {false, true}) {
    for (const int before : {0, 1, 2}) {
      for (const int after : {0, 1}) {
        CAPTURE(timed_before, before, after);
        Program program = example("test-folders");
        const std::string svg = "<svg/>";
        const Run result = run(program, {}, [&](Program& running) {
          running.catch_interrupts();
          if (timed_before) running.timed_figure("timed.svg", svg, "");
          for (int i = 0; i < before; ++i) {
            running.figure(std::to_string(i) + ".svg", svg, "");
          }
          std::raise(SIGINT);
          if (after > 0) running.figure("after.svg", svg, "");
        });
        CHECK(result.status == 130);
        const bool built = fs::exists(build.path);
        CHECK(built == (timed_before || after > 0));
        CHECK(fs::exists(usual) == (before > 0));
        const std::string end = result.out.substr(
            std::min(result.out.find("\n\n"), result.out.size()));
        const auto names = [&](const std::string& text) {
          return end.find(text) != std::string::npos;
        };
        CHECK(names("in build/figures/test-folders") == built);
        CHECK(names(std::to_string(before) + " in figures/test-folders") ==
              (before > 0));
        CHECK(names("what it drew after that is in") == (after > 0));
        fs::remove_all(build.path);
        fs::remove_all(usual);
      }
    }
  }
}

// ---- Tools and verbs ---------------------------------------------------

namespace {

// A tool with texts, one of them with a default, a flag, and words.
Program tool() {
  Program program("tutorial test", "a tool", Program::Kind::tool);
  program.arguments("PICTURE", 1, 2, "what is read");
  program.needs("--save FILE");
  program.text("network", "", "LAYERS", "its layers");
  program.text("data", "embedded", "SET", "what it learns from");
  program.flag("json", "for other programs");
  return program;
}

Run run_tool(
    const Arguments& arguments, const Body& body = [](Program&) {}) {
  Program program = tool();
  return run(program, arguments, body);
}

}  // namespace

TEST_CASE("Texts are what was given, in both spellings, or the default") {
  const std::string layers = "conv 8 5 pad 2, relu";
  const auto texts = [](const Arguments& arguments) {
    std::string text;
    const Run result = run_tool(arguments, [&](Program& running) {
      text = running.text("network") + "|" + running.text("data") +
             (running.given("data") ? "|given" : "");
    });
    CHECK(result.err.empty());
    return text;
  };
  CHECK(texts({"p"}) == "|embedded");
  CHECK(texts({"p", "--network", layers}) == layers + "|embedded");
  CHECK(texts({"--network=" + layers, "p"}) == layers + "|embedded");
  CHECK(texts({"p", "--data", "a=b", "--network", "-x"}) == "-x|a=b|given");
  CHECK(texts({"p", "--data", "embedded"}) == "|embedded|given");
  for (const char* name : {"network", "data"}) {
    const Run empty = run_tool({"p", std::string("--") + name, ""});
    CHECK(empty.status == 2);
    CHECK_THAT(empty.err,
               ContainsSubstring(std::string("--") + name + " expects "));
  }
  CHECK_THAT(run_tool({"p", "--network", "--json"}).err,
             ContainsSubstring("--network needs a value"));
}

TEST_CASE(
    "A run that draws nothing refuses --figures and needs no folder") {
  const TemporaryFolder folder;
  const std::string file = folder / "file";
  std::ofstream(file) << "no folder";
  const auto said = [](const Arguments& arguments) {
    Program program("program-test", "with a task");
    program.text("task", "", "WORD", "");
    program.text("style", "", "WORD", "");
    program.undrawn({"rest", "task"});
    return run(program, arguments, [](Program&) {});
  };
  CHECK(said({"--task", "x"}).status == 0);
  const Run refused = said({"--task", "x", "--figures", file});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.err,
             ContainsSubstring("expected --task without --figures"));
  CHECK(said({"--style", "x", "--figures", folder / "f"}).status == 0);
  CHECK_THAT(said({"--style", "x", "--figures", file}).err,
             ContainsSubstring("cannot write into"));
#ifndef _WIN32
  setenv("CNN_BUILD_DIR", file.c_str(), 1);
  const int task = said({"--task", "x"}).status, tour = said({}).status;
  unsetenv("CNN_BUILD_DIR");
  CHECK(task == 0);
  CHECK(tour == 2);
#endif
}

TEST_CASE("A changed text sends a tour's figures to the build folder") {
  const auto is_built = [](const Arguments& arguments) {
    Program program("program-test", "with a text");
    program.text("photos", "", "DIR", "");
    bool built = false;
    run(program, arguments, [&](Program& running) {
      built = running.figure_folder() == build_folder;
    });
    return built;
  };
  CHECK_FALSE(is_built({}));
  CHECK(is_built({"--photos", "x"}));
}

TEST_CASE("Words that are no options are counted and kept in order") {
  const auto words = [](const Arguments& arguments) {
    Arguments kept = {"refused"};
    const Run result = run_tool(
        arguments, [&](Program& running) { kept = running.arguments(); });
    CHECK((result.status == 2) == (kept == Arguments{"refused"}));
    return kept;
  };
  CHECK(words({"b", "--json", "a"}) == Arguments{"b", "a"});
  CHECK(words({"--", "--json", "--help"}) == Arguments{"--json", "--help"});
  CHECK(words({"a", "--"}) == Arguments{"a"});
  CHECK(words({"-"}) == Arguments{"-"});
  CHECK(words({""}) == Arguments{""});
  CHECK(words({"a", "b", "c"}) == Arguments{"refused"});
  CHECK(words({"--json"}) == Arguments{"refused"});
  CHECK_THAT(run_tool({}).err, ContainsSubstring("expected PICTURE"));
  CHECK_THAT(run_tool({"a", "b", "c"}).err,
             ContainsSubstring("unexpected argument 'c'"));
  CHECK_THAT(run_example({"a"}).err,
             ContainsSubstring("unexpected argument 'a'"));
}

TEST_CASE("A tool has the options that it sets up, and draws nothing") {
  for (const char* option : {"--quick", "--figures=x", "--seed=2"})
    CHECK(run_tool({"p", option}).status == 2);
  Program seeded = tool();
  seeded.seeded();
  CHECK(run(seeded, {"p", "--seed=2"}).status == 0);
  CHECK(seeded.seed() == 2);

  const TemporaryFolder folder;
  const fs::path report = folder.path() / "report";
  const Run result = run_tool(
      {"p", "--report", report.string()},
      [](Program& running) { running.report("accuracy", "0.98"); });
  CHECK(result.status == 0);
  CHECK(result.out.empty());
  CHECK(content(report) == "accuracy = 0.98\n");
  const Run nowhere =
      run_tool({"p", "--report", (report / "below").string()});
  CHECK(nowhere.status == 2);
  CHECK_FALSE(nowhere.body_ran);
}

TEST_CASE("What a program writes is a file of its own") {
  const TemporaryFolder folder;
  const std::string old = folder / "old", other = folder / "other",
                    below = folder / "below", inner = below + "/inner";
  fs::create_directory(below);
  for (const std::string& file : {old, other, inner}) {
    std::ofstream(file) << "kept";
  }
  fs::create_symlink("old", folder / "link");
  const auto said = [&](const Arguments& arguments) {
    Program program = tool();
    program.reads("from", "FILE", "what it begins with");
    program.writes("save", "FILE2", "where it goes");
    const Run result = run(program, arguments, [](Program& running) {
      running.require_own({running.text("save") + ".more"}, "--save");
    });
    CHECK(result.status == (result.err.empty() ? 0 : 2));
    return result.err;
  };
  const auto refused = [&](const std::string& writer,
                           const std::string& file, const std::string& why,
                           const Arguments& arguments) {
    CAPTURE(writer, file, why);
    CHECK(said(arguments) ==
          "tutorial test: " + file_not_its_own(writer, file, why));
    CHECK(content(old) == "kept");
    CHECK_FALSE(fs::exists(folder / "new"));
  };
  const std::string fresh = folder / "new", same = below + "/.././/new",
                    link = folder / "link";
  refused("--report", fresh, "--save names, too",
          {"p", "--save", fresh, "--report", fresh});
  refused("--report", same, "--save names, too",
          {"p", "--save", fresh, "--report", same});
  refused("--report", link, "--from names, too",
          {"p", "--from", old, "--report", link});
  refused("--report", old, "PICTURE names, too",
          {other, link, "--report", old});
  refused("--save", link, "--from names, too",
          {"p", "--from", old, "--save", link});
  refused("--save", old, "PICTURE names, too", {old, "--save", old});
  refused("--save", fresh + ".more", "--report names, too",
          {"p", "--save", fresh, "--report", fresh + ".more"});
  // Which files of a folder are read is not known, so all of them stay.
  refused("--report", inner, "lies in the folder that PICTURE names",
          {below, "--report", inner});
  refused("--report", inner, "lies in the folder that --data names",
          {"p", "--data", below, "--report", inner});
  const std::string any = source_folder / "chapters/01-tensor/main.cpp",
                    kept = content(any);
  refused("--report", any, "is one of the book's own files",
          {"p", "--report", any});
  if (content(any) != kept) std::ofstream(any, std::ios::binary) << kept;
  refused("--save", inner, "lies in the folder that --data names",
          {"p", "--data", below, "--save", inner});
  refused("--save", inner, "lies in the folder that PICTURE names",
          {below, "--save", inner});
  refused("--save", any, "is one of the book's own files",
          {"p", "--save", any});
  // Whether the file is there or not, because it may be made meanwhile.
  for (const char* record :
       {"book/output/test.measured", "figures/01-tensor/test.svg"}) {
    const std::string shown = source_folder / record;
    for (const std::string writer : {"--save", "--report"}) {
      refused(writer, shown, "may be one that the book shows",
              {"p", writer, shown});
    }
    fs::remove(shown);
  }
  // A network is not among the pictures of the folder that it lies in.
  const std::string network = below + "/old.safetensors";
  std::ofstream(network) << "kept";
  // Two names of files to be read may be the same, and so may a text that
  // names no file.
  for (const Arguments& fine :
       std::vector<Arguments>{{old, "--from", old, "--report", other},
                              {"p", "--network", fresh, "--report", fresh},
                              {"p", "--save", below, "--report", inner},
                              {"p", "--data", below, "--save", network},
                              {below, "--save", below + "/new"},
                              {below, "--report", below + "/new"}}) {
    CHECK(said(fine).empty());
  }
}

// The bodies of these runs throw, so no file could come to harm.
TEST_CASE("A file that comes with the book is no place to write to") {
  const auto said = [](const std::string& writer, const fs::path& file) {
    Program program = tool();
    program.writes("save", "FILE2", "where it goes");
    return run(program, {"p", writer, file.string()},
               [](Program&) { throw std::runtime_error("began"); })
        .err;
  };
  const TemporaryFolder folder;
  fs::create_symlink(source_folder / "README.md", folder / "link");
  fs::create_directory_symlink(source_folder / "common", folder / "common");
  std::vector<fs::path> own = {
      source_folder / "common/data/digits-labels-idx1-ubyte",
      source_folder / "book/01-tensor.md",
      source_folder / "book/../tutorial",
      source_folder / "figures/../tests/./program_test.cpp",
      folder / "link",
      folder / "common/shell/program.hpp"};
  // Every name in the source folder that git knows, if this is its clone.
  const std::string list =
      "git -C '" + source_folder.string() + "' ls-files 2> /dev/null";
  FILE* pipe = popen(list.c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (std::array<char, 4096> line;
       std::fgets(line.data(), line.size(), pipe) != nullptr;) {
    const std::string name(line.data(), std::strcspn(line.data(), "\n"));
    if (name.find('/') == std::string::npos || name[0] == '.')
      own.push_back(source_folder / name);
  }
  pclose(pipe);
  for (const fs::path& file : own) {
    for (const std::string writer : {"--report", "--save"}) {
      CHECK(said(writer, file) ==
            "tutorial test: " +
                file_not_its_own(writer, file.string(),
                                 "is one of the book's own files"));
    }
  }
  // What a reader has made beside them may be replaced, and so may what is
  // in a folder that has such a name elsewhere.
  const BuildFolder build("test-own");
  fs::create_directories(build.path);
  fs::create_directory(folder / "book");
  for (const fs::path& file :
       {build.path / "report", folder / "book" / "report"}) {
    std::ofstream(file) << "x";
    CHECK(said("--report", file) == "tutorial test: began\n");
  }
}

TEST_CASE("A folder that a tool writes is tried before the run") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "kept";
  const auto said = [&](const std::string& given) {
    Program program = tool();
    program.writes("into", "DIR", "where it goes");
    bool began = false;
    const Run result = run(program, {"p", "--into", given},
                           [&](Program&) { began = true; });
    CHECK(began == (result.status == 0));
    return result.err;
  };
  const std::string file = folder / "file";
  CHECK_THAT(said(file),
             ContainsSubstring("tutorial test: --into cannot write into '" +
                               file + "', because "));
  CHECK_THAT(said(file + "/below"), ContainsSubstring("--into cannot"));
  CHECK(content(file) == "kept");
  CHECK(said(folder / "new").empty());
}

TEST_CASE("Options that do not go together are refused, one at a time") {
  const auto said = [](const Arguments& arguments) {
    Program program = tool();
    for (const char* name : {"fast", "slow", "red"})
      program.flag(name, "a flag");
    return run(program, arguments,
               [](Program& running) {
                 if (running.given("fast"))
                   running.require_without("fast", {"slow", "red"},
                                           ": one speed");
                 else
                   running.require_with("fast", {"red"});
               })
        .err;
  };
  CHECK(said({"p", "--fast"}).empty());
  CHECK(said({"p", "--slow"}).empty());
  CHECK(said({"p", "--fast", "--red"}) ==
        "tutorial test: expected --fast without --red: one speed\n");
  CHECK(said({"p", "--red", "--slow", "--fast"}) ==
        "tutorial test: expected --fast without --slow: one speed\n");
  CHECK(said({"p", "--slow", "--red"}) ==
        "tutorial test: expected --red with --fast\n");
}

TEST_CASE("A tour's report is none of its figures, nor of its data") {
  const TemporaryFolder folder;
  std::ofstream(folder / "labels") << "kept";
  const auto says = [](const std::string& file, const std::string& why,
                       Arguments arguments) {
    arguments.insert(arguments.end(), {"--report", file});
    CHECK(refusal(arguments) ==
          "program-test: " + file_not_its_own("--report", file, why));
  };
  const std::string drawn = default_folder / "loss.svg",
                    timed = build_folder / "times.svg",
                    mine = folder / "loss.png";
  says(drawn, "may be one of the figures", {});
  says(timed, "may be one of the figures", {});
  says(mine, "may be one of the figures",
       {"--figures", folder.path().string()});
  says(folder / "labels", "lies in the folder that --data names",
       {"--data", folder.path().string()});
  CHECK(content(folder / "labels") == "kept");
}

TEST_CASE("The help of a tool lists its words, its texts, and no figures") {
  const std::string help = run_tool({"--help"}).out;
  for (const char* part :
       {"usage: tutorial test PICTURE ... --save FILE [--option value "
        "...]\n",
        "  PICTURE           what is read\n",
        "  --network LAYERS  its layers\n",
        "  --data SET        what it learns from (default embedded)\n",
        "  --json            for other programs\n"})
    CHECK_THAT(help, ContainsSubstring(part));
  for (const char* part : {"--figures", "--seed", "four files"})
    CHECK_THAT(help, !ContainsSubstring(part));
}

TEST_CASE("An interrupted tool may say how to go on") {
  const SignalHandlers kept;
  const auto answered = [](const std::string& what) {
    return run_tool({"p"}, [&](Program& running) {
      running.catch_interrupts(what);
      running.if_interrupted("interrupted: --resume goes on");
      std::raise(SIGINT);
      // Ctrl-C is answered before the program has stopped.
      std::fputs("later\n", stderr);
    });
  };
  for (const std::string what : {"", "the last whole epoch is kept"}) {
    const Run result = answered(what);
    CHECK(result.status == 130);
    CHECK(result.err ==
          "tutorial test: stopping after the step at hand, and " +
              (what.empty() ? "nothing is written" : what) +
              "; Ctrl-C once more ends it at once\nlater\n"
              "tutorial test: interrupted: --resume goes on\n");
  }
  // However long the program's name is.
  const Run result = answered(std::string(1000, 'x'));
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 3);
}

namespace {

std::vector<std::string> verb_words;
int as_verb(int argc, char** argv) {
  verb_words.assign(argv, argv + argc);
  return 7;
}
int as_tour(int argc, char** argv) {
  verb_words.assign(argv, argv + argc);
  return 0;
}

}  // namespace

TEST_CASE("A verb gets the words from itself on, the tour all others") {
  const auto called = [](Arguments arguments) {
    arguments.insert(arguments.begin(), "program");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    return cnn::run_verbs(static_cast<int>(arguments.size()), argv.data(),
                          {{"train", as_verb}, {"read", as_verb}}, as_tour);
  };
  CHECK(called({"read", "a", "train"}) == 7);
  CHECK(verb_words == Arguments{"read", "a", "train"});
  for (const Arguments& others :
       {Arguments{}, {"--help"}, {"trian"}, {"--seed", "train"}}) {
    CHECK(called(others) == 0);
    CHECK(verb_words.size() == others.size() + 1);
    CHECK(verb_words[0] == "program");
  }
}

#endif  // _WIN32
