// The laws of the house, asserted on the source files themselves.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path source = CNN_SOURCE_FOLDER;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool is_code(const fs::path& path) {
  return path.extension() == ".hpp" || path.extension() == ".cpp";
}

// A stub is the reader's to fill in as they like: no law holds there.
bool is_stub(const fs::path& path) {
  return path.parent_path().filename() == "exercises" &&
         path.extension() == ".hpp";
}

std::vector<fs::path> code_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (is_code(entry.path()) && !is_stub(entry.path()))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The number of the chapter that a file belongs to; 0 outside chapters/.
int chapter_of(const fs::path& path) {
  const std::string below = fs::relative(path, source).generic_string();
  return below.rfind("chapters/", 0) == 0 ? std::stoi(below.substr(9, 2))
                                          : 0;
}

std::vector<std::string> matches(const std::string& text,
                                 const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), regex);
       it != std::sregex_iterator(); ++it)
    found.push_back((*it)[1]);
  return found;
}

}  // namespace

TEST_CASE("a chapter knows only common/ and lower-numbered chapters") {
  int includes = 0;
  for (const fs::path& file : code_below(source / "chapters")) {
    INFO(file.string());
    for (const std::string& included :
         matches(text_of(file), "#include \"([^\"]+)\"")) {
      INFO(included);
      ++includes;
      if (included.rfind("common/", 0) == 0) {
        CHECK(fs::exists(source / included));
        continue;
      }
      REQUIRE(std::regex_match(included, std::regex("[0-9]{2}-.*")));
      CHECK(fs::exists(source / "chapters" / included));
      CHECK(std::stoi(included.substr(0, 2)) <= chapter_of(file));
    }
  }
  CHECK(includes > 50);  // else this test has looked at nothing
}

TEST_CASE("a chapter's list names every chapter that its code includes") {
  for (const auto& chapter : fs::directory_iterator(source / "chapters")) {
    const std::string own = chapter.path().filename().string();
    const std::string list = text_of(chapter.path() / "CMakeLists.txt");
    CHECK(list.rfind("chapter(" + own, 0) == 0);
    for (const fs::path& file : code_below(chapter.path()))
      for (const std::string& included :
           matches(text_of(file), "#include \"([0-9]{2}-[a-z]+)/")) {
        INFO(file.string() << " includes " << included);
        CHECK(list.find(included) != std::string::npos);
      }
  }
}

TEST_CASE("a chapter does not speak of a later one") {
  for (const fs::path& file : code_below(source / "chapters")) {
    INFO(file.string());
    const std::string text = text_of(file);
    for (const std::string& number :
         matches(text, "[Cc]hapters? ([0-9]{2})"))
      CHECK(std::stoi(number) <= chapter_of(file));
    CHECK(matches(text, "([Ll]ater chapter|chapters? to come)").empty());
    for (const std::string& number : matches(text, "([0-9]{2})-[a-z]+/"))
      CHECK(std::stoi(number) <= chapter_of(file));
  }
}

TEST_CASE("a room of the ground floor stands on the rooms before it") {
  const std::vector<std::string> rooms = {"tensor", "data", "draw",
                                          "shell"};
  const std::vector<std::set<std::string>> stands_on = {
      {"tensor"},
      {"tensor", "data"},
      {"tensor", "draw"},
      {"tensor", "draw", "shell"}};
  for (std::size_t room = 0; room < rooms.size(); ++room) {
    const fs::path folder = source / "common" / rooms[room];
    CHECK(fs::exists(folder / "README.md"));
    CHECK(code_below(folder).size() >= 3);
    for (const fs::path& file : code_below(folder))
      for (const std::string& included :
           matches(text_of(file), "#include \"([^\"]+)\"")) {
        INFO(file.string() << " includes " << included);
        CHECK(included.rfind("common/", 0) == 0);
        CHECK(stands_on[room].count(
                  included.substr(7, included.find('/', 7) - 7)) == 1);
      }
  }
}

TEST_CASE("a concept neither draws nor prints, nor needs std::ranges") {
  const std::regex program("(main|(figures|steps|live)[a-z_]*)\\.[hc]pp");
  const std::regex presents(
      "common/(draw|shell)/.*|.*/(figures|steps|live)[a-z_]*\\.hpp");
  int concepts = 0;
  for (const fs::path& file : code_below(source / "chapters")) {
    if (std::regex_match(file.filename().string(), program)) continue;
    ++concepts;
    const std::string text = text_of(file);
    for (const std::string& included :
         matches(text, "#include \"([^\"]+)\"")) {
      INFO(file.string() << " includes " << included);
      CHECK_FALSE(std::regex_match(included, presents));
    }
    // WebAssembly's library has no such algorithms.
    INFO(file.string());
    CHECK(text.find("std::ranges::") == std::string::npos);
  }
  CHECK(concepts > 40);
}

TEST_CASE("a program is a table of contents") {
  for (const auto& chapter : fs::directory_iterator(source / "chapters")) {
    const std::string text = text_of(chapter.path() / "main.cpp");
    INFO(chapter.path().string());
    CHECK(std::count(text.begin(), text.end(), '\n') <= 60);
  }
}

TEST_CASE("a file says which page it belongs to, above all else") {
  for (const fs::path& file : code_below(source / "chapters")) {
    const fs::path folder = file.parent_path();
    if (folder.filename() == "solutions") continue;
    INFO(file.string());
    const std::string line =
        "\n// Book: book/" + folder.filename().string() + ".md\n";
    const std::string text = "\n" + text_of(file);
    const std::size_t at = text.find(line);
    REQUIRE(at != std::string::npos);
    CHECK(matches(text.substr(0, at), "(#)").empty());
  }
}

TEST_CASE("one function refuses") {
  for (const char* folder : {"chapters", "common"})
    for (const fs::path& file : code_below(source / folder)) {
      if (file.filename() == "fail.hpp") continue;
      INFO(file.string());
      for (const std::string& thrown :
           matches(text_of(file), "\n *throw ([A-Za-z:_]*)"))
        CHECK(thrown == "UsageError");
    }
}

TEST_CASE("nothing but the standard library, and stb in two files") {
  std::set<std::string> users_of_stb;
  for (const char* folder : {"chapters", "common"})
    for (const fs::path& file : code_below(source / folder))
      for (const std::string& included :
           matches(text_of(file), "#include <([^>]+)>")) {
        INFO(file.string() << " includes " << included);
        if (included.rfind("stb_", 0) == 0) {
          users_of_stb.insert(file.filename().string());
          continue;
        }
        // Standard headers have no folder and no .h; shell asks the
        // operating system a few questions.
        const bool standard =
            included.find_first_of("/.") == std::string::npos;
        const bool system = included == "unistd.h" ||
                            included == "fcntl.h" ||
                            included == "sys/ioctl.h" || included == "io.h";
        CHECK((standard || system));
      }
  CHECK(users_of_stb == std::set<std::string>{"pictures.cpp", "png.cpp"});
}

TEST_CASE("lines of code fit the book's page: 76 columns") {
  for (const char* folder : {"chapters", "common", "tests"})
    for (const fs::path& file : code_below(source / folder)) {
      std::ifstream lines(file);
      int number = 0;
      for (std::string line; std::getline(lines, line);) {
        ++number;
        const auto columns =
            std::count_if(line.begin(), line.end(), [](char c) {
              return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
            });
        INFO(file.string() << ":" << number);
        if (columns > 76) CHECK(columns <= 76);
      }
    }
}

// The number that the first match of a pattern holds; 0 if there is none.
int number_in(const std::string& text, const std::string& pattern) {
  const std::vector<std::string> found = matches(text, pattern);
  return found.empty() ? 0 : std::stoi(found[0]);
}

TEST_CASE("an exercise has one number on its page, in its stub and check") {
  int exercises = 0;
  for (const auto& entry : fs::directory_iterator(source / "chapters")) {
    const std::string name = entry.path().filename().string();
    const std::string page = text_of(source / "book" / (name + ".md"));
    for (const auto& file :
         fs::directory_iterator(entry.path() / "exercises")) {
      if (!is_stub(file.path())) continue;
      const std::string stub = file.path().filename().string();
      INFO(name << "/" << stub);
      ++exercises;
      const int number =
          number_in(page, "\n([0-9]+)\\. [^\n]*exercises/" + stub + "\\)");
      CHECK(number > 0);
      CHECK(number == number_in(text_of(file.path()),
                                "// Exercise ([0-9]+) of chapter " +
                                    name.substr(0, 2)));
      CHECK(number ==
            number_in(text_of(source / "tests/exercises" / name /
                              fs::path(stub).replace_extension(".cpp")),
                      "// Exercise ([0-9]+)\\."));
    }
  }
  CHECK(exercises > 60);
}

TEST_CASE("every chapter has its parts") {
  int chapters = 0;
  for (const auto& entry : fs::directory_iterator(source / "chapters")) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    ++chapters;
    for (const char* part : {"main.cpp", "figures.hpp", "CMakeLists.txt"})
      CHECK(fs::exists(entry.path() / part));
    CHECK(fs::exists(source / "tests" / (name + "_test.cpp")));
    CHECK(fs::exists(source / "book" / (name + ".md")));
    CHECK_FALSE(fs::is_empty(source / "figures" / name));
    CHECK(
        text_of(source / "book" / "SUMMARY.md").find("(" + name + ".md)") !=
        std::string::npos);
  }
  CHECK(chapters >= 6);
}

TEST_CASE("every exercise has a solution, a check and a likely mistake") {
  for (const auto& chapter : fs::directory_iterator(source / "chapters")) {
    const std::string name = chapter.path().filename().string();
    const std::string page = text_of(source / "book" / (name + ".md"));
    const std::string solutions =
        text_of(chapter.path() / "solutions" / "solutions.md");
    const fs::path checks = source / "tests" / "exercises" / name;
    int exercises = 0;
    for (const auto& entry :
         fs::directory_iterator(chapter.path() / "exercises")) {
      const std::string file = entry.path().filename().string();
      INFO(name << ": " << file);
      ++exercises;
      CHECK(fs::exists(chapter.path() / "solutions" / file));
      CHECK(fs::exists(checks / "wrong" / file));
      const std::string check =
          text_of(checks / entry.path().stem().concat(".cpp"));
      CHECK(check.rfind("// Exercise ", 0) == 0);  // its number
      CHECK(page.find("exercises/" + file) != std::string::npos);
      CHECK(solutions.find("(" + file + ")") != std::string::npos);
    }
    INFO(name);
    CHECK(exercises >= 2);
  }
}

TEST_CASE("no test's name confuses the list that ctest makes of them") {
  int names = 0;
  for (const fs::path& file : code_below(source / "tests"))
    for (const std::string& name :
         matches(text_of(file), "TEST_CASE\\(\\s*\"([^\"]*)\"")) {
      INFO(file.string() << ": " << name);
      ++names;
      CHECK(name.find_first_of("[];\\") == std::string::npos);
      CHECK(name.rfind("-", 0) != 0);
    }
  CHECK(names > 200);
}
