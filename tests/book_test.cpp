// The tool that keeps the book true, tried on a small book: whole it has no
// defect, and each way to break it is found, with page and line.
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "tests/book/check.hpp"
#include "tests/book/compare.hpp"
#include "tests/book/numbers.hpp"
#include "tests/book/page.hpp"
#include "tests/book/reading.hpp"
#include "tests/book/select.hpp"
#include "tests/book/tables.hpp"
#include "tests/catch.hpp"

using namespace book;
using Catch::Matchers::EndsWith;

namespace {

namespace fs = std::filesystem;

const char* const code =
    "// Adds. }\n"
    "template <class T>\n"
    "int add(int a, int b) {\n"
    "  const char* text = \"}\";  // a brace: }\n"
    "  return a + b;  // (1.1)\n"
    "}\n"
    "\n"
    "int four = 4;\n"
    "int other(int a) {\n"
    "  return a;\n"
    "}\n";

const char* const output =
    "Data: 8,000 digits.\n"
    "\n"
    "1. First\n"
    "    The sum of 2 and 2\n"
    "    is 4.50, or -3 %.\n"
    "\n"
    "2. Second\n"
    "    It took 12 tries.\n"
    "    The error is 1.4e-08.\n"
    "    It took 13 tries.\n";

const char* const page_text =
    "# One\n"                                           // 1
    "\n"                                                // 2
    "<!-- constants: 784 -->\n"                         // 3
    "\n"                                                // 4
    "Read 784 pixels in [the next](#second-part).\n"    // 5
    "\n"                                                // 6
    "$$a + C_{\\text{in}} = \\mu \\tag{1.1}$$\n"        // 7
    "\n"                                                // 8
    "By (1.1) it is 90.5 %<!--= accuracy --> right.\n"  // 9
    "\n"                                                // 10
    "<!-- code 01-one/one.hpp \"int add\" -->\n"        // 11
    "<!-- end -->\n"                                    // 12
    "\n"                                                // 13
    "## Second part\n"                                  // 14
    "\n"                                                // 15
    "<!-- output step 1 \"The sum\" .. \"is 4\" -->\n"  // 16
    "<!-- end -->\n"                                    // 17
    "\n"                                                // 18
    "![A plot](../figures/01-one/plot.svg)\n";          // 19

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string replace(std::string text, const std::string& what,
                    const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

// A house with one chapter and a filled book, deleted at the end.
class House {
 public:
  House()
      : root_(fs::temp_directory_path() /
              ("book-test-" + std::to_string(++count) + "-" +
               std::to_string(std::random_device{}()))) {
    fs::remove_all(root_);
    write(root_ / "common/empty.hpp", "");
    write(root_ / "chapters/01-one/main.cpp", "// A program.\n");
    write(root_ / "chapters/01-one/one.hpp", code);
    write(root_ / "figures/01-one/plot.svg", "<svg/>");
    write(root_ / "book/output/01-one.txt", output);
    write(root_ / "book/output/01-one.report",
          "accuracy = 0.9050\nfigures = 1\n");
    write(root_ / "book/SUMMARY.md",
          "# Summary\n\n- [One](01-one.md)\n- [Signs](notation.md)\n");
    write(root_ / "book/notation.md",
          "# Signs\n\n| sign | meaning |\n|---|---|\n| $a$, "
          "$C_{\\text{in}}$ | letters |\n| $\\mu$ | Greek |\n");
    write(page(), page_text);
    fill();
  }
  ~House() { fs::remove_all(root_); }

  fs::path page() const { return root_ / "book/01-one.md"; }
  const fs::path& root() const { return root_; }

  // Changes a text in a file of the house.
  void change(const std::string& file, const std::string& what,
              const std::string& by) const {
    write(root_ / file, replace(read_text(root_ / file), what, by));
  }

  void fill() const {
    Defects defects;
    fill_pages(root_, defects);
  }

  // The defects, a line each.
  std::string complaints() const {
    std::string text;
    for (const Defect& it : check_book(root_))
      text +=
          it.file + ":" + std::to_string(it.line) + ": " + it.what + "\n";
    return text;
  }

 private:
  static inline int count = 0;
  fs::path root_;
};

// What is said of the page after a change to it, without filling it again.
std::string after_change(const std::string& what, const std::string& by) {
  const House house;
  house.change("book/01-one.md", what, by);
  return house.complaints();
}

}  // namespace

// ---- The whole book ----------------------------------------------------

TEST_CASE("a whole book has no defect, and filling changes nothing") {
  const House house;
  CHECK(house.complaints() == "");
  const std::string before = read_text(house.page());
  house.fill();
  CHECK(read_text(house.page()) == before);
}

TEST_CASE("a block holds the code with a link to its lines") {
  const House house;
  CHECK_THAT(
      read_text(house.page()),
      ContainsSubstring(
          "-->\n```cpp\nint add(int a, int b) {\n  const char* text = "
          "\"}\";  // a brace: }\n  return a + b;  // (1.1)\n}\n```\n\n"
          "[`01-one/one.hpp`, lines 3 to "
          "6](../chapters/01-one/one.hpp#L3-L6)\n<!-- end -->"));
}

TEST_CASE("a block holds what a program printed, dedented") {
  const House house;
  CHECK_THAT(
      read_text(house.page()),
      ContainsSubstring(
          "```text\nThe sum of 2 and 2\nis 4.50, or -3 %.\n```\n<!-- end"));
}

TEST_CASE("the files of a chapter, each behind those it includes") {
  const House house;
  write(house.root() / "chapters/01-one/a.hpp",
        "// The first (Lee et al. 1999), by name. More.\n#include "
        "\"01-one/z.hpp\"\n");
  write(house.root() / "chapters/01-one/z.hpp",
        "// What a.hpp stands on,\n// in 2.5 lines.\n// Book: here\n");
  write(house.root() / "chapters/01-one/z.cpp", "int z;\n");
  write(house.page(), read_text(house.page()) +
                          "\n## Code\n\n<!-- files -->\n<!-- end -->\n");
  house.fill();
  CHECK_THAT(
      read_text(house.page()),
      ContainsSubstring(
          "<!-- files -->\n"
          "- [`z.hpp`](../chapters/01-one/z.hpp), "
          "[`z.cpp`](../chapters/01-one/z.cpp): What a.hpp stands on, in "
          "2.5 lines.\n"
          "- [`a.hpp`](../chapters/01-one/a.hpp): The first (Lee et al. "
          "1999), by name.\n"
          "- [`one.hpp`](../chapters/01-one/one.hpp): Adds.\n"
          "- [`main.cpp`](../chapters/01-one/main.cpp): A program.\n"
          "<!-- end -->"));
  CHECK(house.complaints() == "");
  house.change("chapters/01-one/a.hpp", "by name", "by far");
  CHECK_THAT(house.complaints(), ContainsSubstring("by far"));
  house.change("chapters/01-one/a.hpp", "// The first", "int first; //");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("a.hpp begins with no comment that says"));
}

// ---- Each way to break it ----------------------------------------------

TEST_CASE("a listing whose source changed is stale") {
  const House house;
  house.change("chapters/01-one/one.hpp", "return a + b;", "return b + a;");
  CHECK_THAT(
      house.complaints(),
      ContainsSubstring(
          "book/01-one.md:15: stale: the page has \"  return a + b;  "
          "// (1.1)\", its source has \"  return b + a;  // "
          "(1.1)\"\n"));
}

TEST_CASE("a listing that moved is stale by its link") {
  const House house;
  house.change("chapters/01-one/one.hpp", "// Adds. }", "\n// Adds. }");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/01-one.md:19: stale") &&
                 ContainsSubstring("#L4-L7"));
}

TEST_CASE("a changed number of an output is stale") {
  CHECK_THAT(after_change("is 4.50, or", "is 4.51, or"),
             ContainsSubstring("book/01-one.md:27: stale"));
}

TEST_CASE("a program that prints another word makes the page stale") {
  const House house;
  house.change("book/output/01-one.txt", "The sum of", "The total of");
  CHECK_THAT(
      house.complaints(),
      ContainsSubstring("book/01-one.md:24: no line with \"The sum\""));
}

TEST_CASE("a number in a sentence that was not printed is stale") {
  CHECK_THAT(after_change("90.5 %<!--", "90.6 %<!--"),
             ContainsSubstring(
                 "book/01-one.md:9: stale: the page has \"By (1.1) it is "
                 "90.6 %<!--= accuracy --> right.\", its source has \"By "
                 "(1.1) it is 90.5 %"));
}

TEST_CASE("of a long line only what differs is shown") {
  const std::string words(200, 'w');
  const auto [a, b] =
      difference(words + " 1.5 " + words, words + " 2.5 " + words);
  CHECK(a == "\"... " + words.substr(0, 29) + " 1.5 " +
                 words.substr(0, 27) + " ...\"");
  CHECK(b == "\"... " + words.substr(0, 29) + " 2.5 " +
                 words.substr(0, 27) + " ...\"");
  CHECK(difference("", "new").second == "\"new\"");
  CHECK(difference("aa", "aaa").second == "\"aaa\"");
  // No character is cut in two.
  const std::string dashes =
      "\xe2\x80\x93\xe2\x80\x93\xe2\x80\x93"
      "\xe2\x80\x93\xe2\x80\x93\xe2\x80\x93"
      "\xe2\x80\x93\xe2\x80\x93\xe2\x80\x93"
      "\xe2\x80\x93\xe2\x80\x93";
  CHECK(difference(dashes + "12", dashes + "13").first.substr(0, 8) ==
        "\"... \xe2\x80\x93");
}

TEST_CASE("markers that do not close, close nothing or are unknown") {
  CHECK_THAT(after_change("\n<!-- end -->", "\n"),
             ContainsSubstring("book/01-one.md:11: unbalanced"));
  CHECK_THAT(after_change("# One\n", "# One\n<!-- end -->\n"),
             ContainsSubstring("book/01-one.md:2: unbalanced"));
  CHECK_THAT(
      after_change("![A plot]", "<!-- timings -->\n![A plot]"),
      ContainsSubstring("book/01-one.md:31: unbalanced: \"timings\""));
  CHECK_THAT(
      after_change("# One\n", "# One\n<!-- codes x -->\n"),
      ContainsSubstring("book/01-one.md:2: unknown marker \"codes x\""));
  CHECK_THAT(after_change("# One\n", "# One\n<!-- code\n"),
             ContainsSubstring("book/01-one.md:2: a comment does not end"));
  CHECK_THAT(
      after_change("# One\n",
                   "# One\n<!-- output step 2 -->\n<!-- constants: 5 -->\n"
                   "<!-- output step 1 -->\n<!-- end -->\n"),
      ContainsSubstring("book/01-one.md:2: unbalanced: \"output step 2\""));
}

TEST_CASE("a marker that shares its line, or has another's lines") {
  CHECK_THAT(
      after_change("# One\n",
                   "# One\n<!-- output \"Data\" --><!-- end -->\n"),
      ContainsSubstring("book/01-one.md:2: the marker \"output \"Data\"\" "
                        "needs a line of its own"));
  CHECK_THAT(after_change("\n<!-- end -->", "\nText <!-- end -->"),
             ContainsSubstring("\"end\" needs a line of its own"));
  CHECK_THAT(
      after_change("# One\n",
                   "# One\n<!-- output \"Data\" -->\n<!-- end -->\n"
                   "<!-- output 01 \"8,000\" -->\n<!-- end -->\n"),
      ContainsSubstring("book/01-one.md:4: duplicate: "
                        "book/output/01-one.txt:1-1 stands in line 2"));
  CHECK_THAT(
      after_change(
          "# One\n",
          "# One\n<!-- code 01-one/one.hpp \"int add\" .. \"}\" #1 -->\n"
          "<!-- end -->\n<!-- code 01-one/one.hpp \"int add\" +1 -->\n"
          "<!-- end -->\n"),
      ContainsSubstring("book/01-one.md:4: duplicate: "
                        "chapters/01-one/one.hpp:3-4 stands in line 2"));
}

TEST_CASE("a marker that finds nothing, or too much") {
  const auto says = [](const std::string& marker) {
    return after_change("# One\n",
                        "# One\n<!-- " + marker + " -->\n<!-- end -->\n");
  };
  CHECK_THAT(says("code 01-one/two.hpp \"x\""),
             ContainsSubstring("book/01-one.md:2: no file 01-one/two.hpp"));
  CHECK_THAT(
      says("code 01-one/one.hpp \"missing\""),
      ContainsSubstring("book/01-one.md:2: no line with \"missing\""));
  CHECK_THAT(says("code 01-one/one.hpp \"return\""),
             ContainsSubstring("\"return\" is ambiguous: lines 5, 10"));
  CHECK_THAT(says("code 01-one/one.hpp \"four\" ,, \"x\""),
             ContainsSubstring("cannot read"));
  CHECK_THAT(says("code 01-one/one.hpp"),
             ContainsSubstring("book/01-one.md:3: stale"));
  CHECK_THAT(says("code"), ContainsSubstring("unknown marker \"code\""));
  CHECK_THAT(says("output"), ContainsSubstring("unknown marker"));
  CHECK_THAT(says("output 01"),
             ContainsSubstring("\"output 01\" selects nothing"));
  CHECK_THAT(says("output \"Data\" .. \"\""),
             ContainsSubstring("an empty text"));
  CHECK_THAT(says("output step x"),
             ContainsSubstring("expected a number behind step"));
  CHECK_THAT(says("output \"It took\""),
             ContainsSubstring("\"It took\" is ambiguous: lines 8, 10"));
  CHECK_THAT(says("output step 1 \"It took\""),
             ContainsSubstring("no line with \"It took\""));
  CHECK_THAT(says("output \"Data\" with comment"),
             ContainsSubstring("no comment"));
  CHECK_THAT(says("code 01-one/one.hpp \"}\" +1 #3"),
             ContainsSubstring("book/01-one.md:3: stale"));
  CHECK_THAT(says("code common/empty.hpp"),
             ContainsSubstring("nothing but blank lines"));
  CHECK_THAT(says("output step 7"), ContainsSubstring("prints no step 7"));
  CHECK_THAT(says("output 02 step 1"),
             ContainsSubstring("nothing is recorded of chapter '02'"));
  CHECK_THAT(says("timings"),
             ContainsSubstring("no 'machine' is recorded"));
}

TEST_CASE("a line that the page would clip is refused") {
  const House house;
  house.change("chapters/01-one/one.hpp", "int four = 4;",
               "int four = 4;" + std::string(70, ' ') + "// wide");
  house.change("book/01-one.md", "\"int add\"", "\"int four\"");
  CHECK_THAT(house.complaints(), ContainsSubstring("more than 76 columns"));
}

TEST_CASE("a listing of another place, of a script, with a fence") {
  const House house;
  write(house.root() / "tutorial", "echo one\n");
  write(house.root() / "tests/list.txt", "````text\n```\n```\n");
  write(house.root() / "README.md",
        "# House\n\n<!-- code tutorial -->\n<!-- end -->\n\n"
        "<!-- code tests/list.txt -->\n<!-- end -->\n\n"
        "<!-- code 01-one/one.hpp \"int four\" -->\n<!-- end -->\n");
  house.fill();
  CHECK(read_text(house.root() / "README.md") ==
        "# House\n\n<!-- code tutorial -->\n```bash\necho one\n```\n\n"
        "[`tutorial`, line 1](tutorial#L1)\n<!-- end -->\n\n"
        "<!-- code tests/list.txt -->\n`````text\n````text\n```\n```\n"
        "`````\n\n[`tests/list.txt`, lines 1 to 3]"
        "(tests/list.txt#L1-L3)\n<!-- end -->\n\n"
        "<!-- code 01-one/one.hpp \"int four\" -->\n```cpp\n"
        "int four = 4;\n```\n\n[`01-one/one.hpp`, line 8]"
        "(chapters/01-one/one.hpp#L8)\n<!-- end -->\n");
  CHECK(house.complaints() == "");
}

TEST_CASE("a listing of JavaScript, with what its comment says of types") {
  const House house;
  write(house.root() / "chapters/01-one/page/add.mjs",
        "const one = 1\n\n/**\n * Adds.\n * @param {number} a\n */\n"
        "export function add(a) {\n  return a + one\n}\n");
  write(house.root() / "README.md",
        "# House\n\n<!-- code 01-one/page/add.mjs \"function add\" with "
        "comment -->\n<!-- end -->\n");
  house.fill();
  CHECK(read_text(house.root() / "README.md") ==
        "# House\n\n<!-- code 01-one/page/add.mjs \"function add\" with "
        "comment -->\n```js\n/**\n * Adds.\n * @param {number} a\n */\n"
        "export function add(a) {\n  return a + one\n}\n```\n\n"
        "[`01-one/page/add.mjs`, lines 3 to 9]"
        "(chapters/01-one/page/add.mjs#L3-L9)\n<!-- end -->\n");
}

TEST_CASE("the tables of chapters come from the list and the pages") {
  const House house;
  const std::string about = "<!-- chapter: a sum | what is 2 + 2? | ";
  house.change("book/01-one.md", "# One\n",
               "# One\n\n" + about + "one.hpp common/empty.hpp -->\n");
  house.change("book/notation.md", "# Signs\n",
               "# Signs\n\n<!-- questions -->\n<!-- end -->\n");
  write(house.root() / "README.md",
        "# House\n\n<!-- chapters -->\n<!-- end -->\n");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("README.md:4: stale") &&
                 ContainsSubstring("book/notation.md:4: stale"));
  house.fill();
  CHECK(house.complaints() == "");
  CHECK_THAT(
      read_text(house.root() / "README.md"),
      ContainsSubstring("| [01 One](book/01-one.md) | a sum | "
                        "[one.hpp](chapters/01-one/one.hpp), "
                        "[empty.hpp](common/empty.hpp) | "
                        "[main.cpp](chapters/01-one/main.cpp) | "
                        "[figures](figures/01-one) |  |\n<!-- end -->"));
  CHECK_THAT(
      read_text(house.root() / "book/notation.md"),
      ContainsSubstring("| [01 One](01-one.md) | what is 2 + 2? |\n"));

  house.change("book/01-one.md", "a sum", "two sums");
  CHECK_THAT(house.complaints(), ContainsSubstring("README.md:6: stale"));
  house.change("book/SUMMARY.md", "[One]", "[Sums]");
  CHECK_THAT(house.complaints(), ContainsSubstring("notation.md:6: stale"));
  house.fill();
  CHECK(house.complaints() == "");

  house.change("book/01-one.md", "one.hpp common", "gone.hpp common");
  house.fill();
  CHECK_THAT(
      house.complaints(),
      ContainsSubstring("README.md:6: dead link chapters/01-one/gone.hpp"));
  house.change("book/01-one.md", " | what is 2 + 2?", "");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("README.md:3: book/01-one.md needs a line "
                               "<!-- chapter:"));
  house.change("book/01-one.md", "chapter:", "chaptre:");
  CHECK_THAT(house.complaints(), ContainsSubstring("unknown marker"));
}

TEST_CASE("the syllabus adds up what pages and records say") {
  const House house;
  house.change(
      "book/01-one.md", "# One\n",
      "# One\n\n<!-- chapter: a sum | what is 2 + 2? | one.hpp "
      "-->\n\n*About three quarters of an hour, or more. Afterwards "
      "you can add.*\n");
  house.change("book/01-one.md", "![A plot]",
               "## Exercises\n\nThere are stubs.\n\n1. *By hand, ten "
               "minutes.* **Add.** Two.\n2. *In code, half an hour.* "
               "**Subtract.** Three.\n3. *Open-ended.* **Think.**\n\n"
               "<details>\n<summary>Hints</summary>\n\n1. None.\n\n"
               "</details>\n\n![A plot]");
  house.change("book/notation.md", "# Signs\n",
               "# Signs\n\n<!-- syllabus -->\n<!-- end -->\n\n"
               "<!-- syllabus 01 -->\n<!-- end -->\n");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("the program of chapter 01 was not timed"));
  write(house.root() / "book/output/01-one.timing",
        "machine = x86_64, 2 cores\nseconds = 150\n");
  house.fill();
  CHECK(house.complaints() == "");
  CHECK_THAT(
      read_text(house.root() / "book/notation.md"),
      ContainsSubstring(
          "| chapter | to read | its program | its exercises | afterwards "
          "you can |\n|---|---|---|---|---|\n"
          "| [01 One](01-one.md) | 45 min | 3 min | 2 in 40 min, 1 "
          "open-ended | add |\n"
          "| **together** | **45 min** | **3 min** | **2 in 40 min, 1 "
          "open-ended** |  |\n<!-- end -->") &&
          ContainsSubstring("| [01 One](01-one.md) | 45 min | 3 min | 2 in "
                            "40 min, 1 open-ended |\n| **together**"));
  house.change("book/notation.md", "syllabus 01", "syllabus 01 02");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("expected numbers of chapters, each once"));
  house.change("book/01-one.md", "In code, half", "In code, almost half");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("'almost half an hour' is no time such as"));
  house.change("book/01-one.md", "In code, almost half an hour.", "Hard.");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("expected an exercise that begins"));
  house.change("book/01-one.md", "Afterwards", "Later");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/01-one.md needs a line *About"));
}

TEST_CASE("times are words, and minutes are hours") {
  CHECK(minutes_in("a quarter of an hour") == 15);
  CHECK(minutes_in("an hour") == 60);
  CHECK(hours_text(59) == "59 min");
  CHECK(hours_text(60) == "1 h");
  CHECK(hours_text(871) == "14 h 31 min");
}

TEST_CASE("times are a record of one machine") {
  const House house;
  house.change("book/01-one.md", "# One\n",
               "# One\n<!-- timings -->\n<!-- end -->\n");
  write(house.root() / "book/output/01-one.timing",
        "machine = x86_64, 2 cores\nseconds = 104\n");
  house.fill();
  CHECK(house.complaints() == "");
  CHECK_THAT(read_text(house.page()),
             ContainsSubstring("(x86_64, 2 cores):\n01-one  104 s\n```\n"));
  write(house.root() / "chapters/02-two/main.cpp", "");
  write(house.root() / "book/output/02-two.txt", "1. One\n");
  write(house.root() / "book/output/02-two.report", "figures = 0\n");
  write(house.root() / "book/output/02-two.timing",
        "machine = another\nseconds = 1\n");
  house.change("book/01-one.md", "timings", "timings 01 02");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/01-one.md:2: 02-two was timed on "
                               "another machine than 01-one"));
}

TEST_CASE("what was measured once stands beside the record") {
  const House house;
  write(house.root() / "book/output/01-one.measured",
        "    rung 3, GFLOP/s: 12.5\n");
  write(house.root() / "book/output/01-one.compared", "ratio  2.25\n");
  house.change("book/01-one.md", "# One\n",
               "# One\nIt runs at 0.0<!--= \"rung 3, GFLOP/s: #\" --> and "
               "0.00<!--= \"ratio #\" -->.\n");
  house.fill();
  CHECK(house.complaints() == "");
  CHECK_THAT(read_text(house.page()),
             ContainsSubstring("It runs at 12.5<!--"));
  write(house.root() / "book/output/01-one.full.txt", "seeds: 3\n");
  CHECK(house.complaints() == "");
  write(house.root() / "book/output/01-one.part.txt", "");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/output/01-one.part.txt:1: unused"));
  write(house.root() / "book/output/01-one.measured2", "");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/output/01-one.measured2:1: unused"));
}

TEST_CASE("a record that is wider than a page is found") {
  const House house;
  write(house.root() / "book/output/01-one.full.txt",
        std::string(76, '-') + "\n" + std::string(77, '-') + "\n");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/output/01-one.full.txt:2: has 77 "
                               "columns, expected at most 76"));
  CHECK_THAT(house.complaints(), !ContainsSubstring("full.txt:1:"));
}

TEST_CASE("a number without a marker is found, a constant is not") {
  CHECK_THAT(after_change("# One\n", "# One\nIt is 12.5 here.\n"),
             ContainsSubstring("book/01-one.md:2: 12.5 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nIt is 9 % here.\n"),
             ContainsSubstring("book/01-one.md:2: 9 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nThere are 1,234.\n"),
             ContainsSubstring("book/01-one.md:2: 1,234 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\n![In 1998](x.png)\n"),
             ContainsSubstring("book/01-one.md:2: 1998 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nIt is 1.5, one says.\n"),
             ContainsSubstring("book/01-one.md:2: 1.5 has no marker"));
  CHECK_THAT(
      after_change("# One\n", "# One\nIt is 1.5<!-- constants: 784 -->\n"),
      ContainsSubstring("book/01-one.md:2: 1.5 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nIt is 12.5x as fast.\n"),
             ContainsSubstring("book/01-one.md:2: 12.5 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nIt is .5 here.\n"),
             ContainsSubstring("book/01-one.md:2: 5 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\n| a | 12.5 |\n"),
             ContainsSubstring("book/01-one.md:2: 12.5 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nIt is 12.5 <!-- end -->\n"),
             ContainsSubstring("12.5 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\n## 1.2 Of 12.5\n"),
             ContainsSubstring("book/01-one.md:2: 12.5 has no marker") &&
                 !ContainsSubstring("1.2 has"));
  CHECK(after_change("# One\n", "# One\n`12.5`, $a = 12.5$, 12, D3L400\n")
            .empty());
  CHECK(after_change("# One\n", "# One\nFor \\$5 or \\$6, \\` and \\<b\n")
            .empty());
  CHECK(after_change("# One\n",
                     "# One\n\n- In a list\n\n  ```text\n  12.5 $x$\n"
                     "  ```\n\n> ```text\n> 12.5\n> ```\n")
            .empty());
  CHECK(after_change("# One\n",
                     "# One\n````text\n```\n12.5\n```\n12.5\n````\n")
            .empty());
}

TEST_CASE("a constant that is not used is found") {
  CHECK_THAT(after_change("constants: 784", "constants: 784 28.5"),
             ContainsSubstring("book/01-one.md:3: unused constant 28.5"));
}

TEST_CASE("dead links, missing figures, figures that nobody shows") {
  CHECK_THAT(after_change("# One\n", "# One\n[x](nowhere.md)\n"),
             ContainsSubstring("book/01-one.md:2: dead link nowhere.md"));
  CHECK_THAT(after_change("#second-part", "#third-part"),
             ContainsSubstring("book/01-one.md:5: dead link #third-part"));
  CHECK_THAT(after_change("# One\n",
                          "# One\n[x](../chapters/01-one/one.hpp#L3)\n"),
             ContainsSubstring("book/01-one.md:2: a link to lines"));
  CHECK_THAT(
      after_change("plot.svg", "plan.svg"),
      ContainsSubstring("book/01-one.md:31: missing figure") &&
          ContainsSubstring("figures/01-one/plot.svg is shown on no page"));
  CHECK_THAT(after_change("![A plot]", "![]"),
             ContainsSubstring("has no text"));
  CHECK_THAT(after_change("# One\n", "# One\n[a\nb](nowhere.md)\n"),
             ContainsSubstring("book/01-one.md:3: dead link nowhere.md"));
  CHECK_THAT(after_change("# One\n", "# One\n[a]()\n"),
             ContainsSubstring("book/01-one.md:2: a link to nothing"));
  CHECK_THAT(after_change("# One\n", "# One\n[a](../..)\n"),
             ContainsSubstring("book/01-one.md:2: a link out of the book"));
  CHECK_THAT(after_change("# One\n",
                          "# One\n[a](#not-a-heading)\n```sh\n"
                          "# Not a heading\n```\n"),
             ContainsSubstring("book/01-one.md:2: dead link"));
  CHECK(after_change("# One\n",
                     "# One\n[a](#second-part-1) [b](https://x.y/z)\n\n"
                     "## Second part\n")
            .empty());
}

TEST_CASE("a figure of no chapter is found, and one in the README counts") {
  const House house;
  write(house.root() / "figures/02-two/a.png", "");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("figures/02-two/a.png is shown on no page"));
  write(house.root() / "README.md",
        "# House\n\n![A](figures/02-two/a.png)\n");
  CHECK(house.complaints() == "");
}

TEST_CASE("a figure has its number and its caption under it") {
  const House house;
  const std::string plot = "![A plot](../figures/01-one/plot.svg)\n";
  CHECK_THAT(read_text(house.page()),
             EndsWith(plot + "\n**Figure 1.1.** A plot.\n"));
  const auto refilled = [&](const std::string& what,
                            const std::string& by) {
    house.change("book/01-one.md", what, by);
    CHECK_THAT(house.complaints(), ContainsSubstring(": stale"));
    house.fill();
    CHECK(house.complaints() == "");
    return read_text(house.page());
  };
  // The author's words, with a number that a program printed.
  CHECK_THAT(refilled("**Figure 1.1.** A plot.",
                      "*Look at 784, and at 0<!--= figures --> more.*"),
             EndsWith(plot + "\n**Figure 1.1.** *Look at 784, and at "
                             "1<!--= figures --> more.*\n"));
  CHECK_THAT(refilled("**Figure 1.1.** *", "**Figure 1.7.** *"),
             EndsWith("\n**Figure 1.1.** *Look at 784, and at "
                      "1<!--= figures --> more.*\n"));
  // Another text of the picture, which ends by itself.
  CHECK_THAT(refilled("*Look at 784, and at 1<!--= figures --> more.*", ""),
             EndsWith(plot + "\n**Figure 1.1.** A plot.\n"));
  CHECK_THAT(refilled("![A plot]", "![Why a plot?]"),
             EndsWith("\n\n**Figure 1.1.** Why a plot?\n"));
  // Another figure before it.
  CHECK_THAT(
      refilled("## Second part\n",
               "## Second part\n\n![B](../figures/01-one/plot.svg)\n"),
      ContainsSubstring("## Second part\n\n![B](../figures/01-one/"
                        "plot.svg)\n\n**Figure 1.1.** B.\n") &&
          EndsWith("\n\n**Figure 1.2.** Why a plot?\n"));
}

TEST_CASE("a figure's number that is missing, wrong or elsewhere") {
  CHECK_THAT(after_change("\n**Figure 1.1.** A plot.\n", ""),
             ContainsSubstring("book/01-one.md:32: stale: the page has no "
                               "such line, its source has \"**Figure "
                               "1.1.** A plot.\""));
  CHECK_THAT(after_change("Figure 1.1", "Figure 1.2"),
             ContainsSubstring("book/01-one.md:33: stale: the page has "
                               "\"**Figure 1.2.** A plot.\", its source "
                               "has \"**Figure 1.1.** A plot.\""));
  CHECK_THAT(after_change("![A plot]", "![A plan]"),
             ContainsSubstring("book/01-one.md:33: stale"));
  CHECK_THAT(after_change("# One\n", "# One\n\n**Figure 1.1.** A plot.\n"),
             ContainsSubstring("book/01-one.md:3: 1.1 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\n\nSee figure 1.1.\n"),
             ContainsSubstring("book/01-one.md:3: 1.1 has no marker"));
  // A picture in a sentence is no figure.
  CHECK(after_change("# One\n",
                     "# One\n\nAn ![arrow](../figures/01-one/plot.svg).\n")
            .empty());
}

TEST_CASE("a figure is named by a link to its picture") {
  const House house;
  const std::string link = "](../figures/01-one/plot.svg)";
  house.change("book/01-one.md", "# One\n",
               "# One\n\nIn [figure" + link + ", [Figure 3" + link +
                   ", [figures" + link + " and 0<!--= figures -->.\n");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/01-one.md:3: stale"));
  house.fill();
  CHECK(house.complaints() == "");
  CHECK_THAT(read_text(house.page()),
             ContainsSubstring("\n\nIn [figure 1.1" + link +
                               ", [Figure 1.1" + link + ", [figures" +
                               link + " and 1<!--= figures -->.\n"));
  house.change("book/01-one.md", "[figure 1.1]", "[figure 1.2]");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/01-one.md:3: stale"));
  house.fill();

  // From another page, from one of no chapter, and from a note.
  const std::string note = "chapters/01-one/solutions/notes.md";
  write(house.root() / note,
        "By [figure 1.1](../../../figures/01-one/"
        "plot.svg)\n");
  house.change("book/notation.md", "# Signs\n",
               "# Signs\n\n![C](../figures/01-one/two.svg)\n\n[Figure" +
                   link + ", [figure](../figures/01-one/two.svg)\n");
  write(house.root() / "figures/01-one/two.svg", "<svg/>");
  house.fill();
  CHECK(house.complaints() == "");
  CHECK_THAT(read_text(house.root() / "book/notation.md"),
             ContainsSubstring("\n\n**Figure 1.** C.\n\n[Figure 1.1" +
                               link + ", [figure 1](../figures/"));
  house.change(note, "1.1", "1.2");
  CHECK_THAT(house.complaints(), ContainsSubstring(note + ":1: stale"));
  house.change(note, "1.2", "1.1");

  // What comes later is not spoken of.
  write(house.root() / "book/02-two.md",
        "# Two\n\n![D](../figures/02-two/plot.svg)\n");
  write(house.root() / "figures/02-two/plot.svg", "<svg/>");
  house.change("book/SUMMARY.md", "- [Signs]", "- [Two](02-two.md)\n- [S]");
  house.fill();
  CHECK(house.complaints() == "");
  house.change("book/01-one.md", "[figures" + link,
               "[figure](../figures/02-two/plot.svg)");
  house.fill();
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/01-one.md:3: a figure of a later "
                               "chapter is named: ../figures/02-two/"));
}

TEST_CASE("of a figure that two chapters show, its own chapter's counts") {
  const House house;
  const std::string figure = "![D](../figures/02-two/plot.svg)\n";
  write(house.root() / "figures/02-two/plot.svg", "<svg/>");
  write(house.root() / "book/02-two.md", "# Two\n\n" + figure);
  house.change("book/SUMMARY.md", "- [Signs]", "- [Two](02-two.md)\n- [S]");
  house.change("book/01-one.md", "# One\n", "# One\n\n" + figure);
  house.change("book/notation.md", "# Signs\n",
               "# Signs\n\n[figure](../figures/02-two/plot.svg)\n");
  house.fill();
  CHECK(house.complaints() == "");
  CHECK_THAT(read_text(house.page()),
             ContainsSubstring("**Figure 1.1.** D"));
  CHECK_THAT(read_text(house.root() / "book/notation.md"),
             ContainsSubstring("[figure 2.1]("));
}

TEST_CASE("a page that takes more than half an hour to read is too long") {
  const auto with = [](const std::string& text) {
    return after_change("# One\n", "# One\n\n" + text + "\n");
  };
  std::string many;
  for (int i = 0; i < reading_speed * most_minutes; ++i) many += "word ";
  CHECK_THAT(with(many), ContainsSubstring("book/01-one.md:1: takes 31 "
                                           "minutes to read, expected"));
  CHECK(with("```text\n" + many.substr(0, 60) + "\n```") == "");
  CHECK(with("<details>\n<summary>More</summary>\n\n" + many +
             "\n\n</details>") == "");
  CHECK(with("## The code\n\n" + many) == "");
  const auto words = [](const std::string& text) {
    Page page;
    Defects ignored;
    page.lines = split_lines(text);
    page.parsed = parse_markdown(page.lines, "", ignored);
    return words_to_read(page);
  };
  CHECK(words("# One *two*, (three) $f + g$ `h i`: 6\n") == 6);
  CHECK(words("a - b \xe2\x80\x93 c\n\n```text\nd\n```\n") == 4);
  CHECK(words("![A plot](x.svg)\n\n**Figure 1.** A plot.\n") == 4);
  CHECK(words("<!-- constants: 1 -->\n| a | 1<!--= b --> |\n") == 2);
}

TEST_CASE("equations that are cited must be defined, once") {
  CHECK_THAT(
      after_change("By (1.1)", "By (1.2)"),
      ContainsSubstring("book/01-one.md:9: equation (1.2) is cited but"));
  CHECK_THAT(
      after_change("\\tag{1.1}", "\\tag{1.3}"),
      ContainsSubstring("book/01-one.md:9: equation (1.1)") &&
          ContainsSubstring("chapters/01-one/one.hpp:5: equation (1.1)"));
  CHECK_THAT(
      after_change("# One\n", "# One\n$$a \\tag{1.1}$$\n"),
      ContainsSubstring("book/01-one.md:8: equation (1.1) defined twice"));
  CHECK_THAT(
      after_change("# One\n", "# One\n$$a \\tag{2.1}$$\n"),
      ContainsSubstring("book/01-one.md:2: equation (2.1) of another"));
  CHECK_THAT(after_change("# One\n", "# One\n$$\na \\tag{1.x}\n$$\n"),
             ContainsSubstring("book/01-one.md:3: \\tag{1.x} is no"));
}

TEST_CASE("equations are numbered in the order of their page") {
  const std::string second = "\\tag{1.1}$$\n\n$$\\mu \\tag{1.2}$$\n";
  CHECK(after_change("\\tag{1.1}$$\n", second) == "");
  CHECK_THAT(
      after_change("\\tag{1.1}$$\n", replace(second, "1.2", "1.3")),
      ContainsSubstring("book/01-one.md:9: equation (1.3) stands where "
                        "number 2 of its page is expected"));
  CHECK_THAT(
      after_change("# One\n", "# One\n\n$$\\mu \\tag{1.2}$$\n"),
      ContainsSubstring("book/01-one.md:3: equation (1.2) stands where "
                        "number 1") &&
          ContainsSubstring("book/01-one.md:9: equation (1.1) stands where "
                            "number 2"));
}

TEST_CASE("equations in formulas, of several rows, in later chapters") {
  CHECK_THAT(
      after_change("# One\n", "# One\n$$\na \\overset{(1.7)}{=} a\n$$\n"),
      ContainsSubstring("book/01-one.md:3: equation (1.7) is cited but"));
  CHECK(after_change("By (1.1)",
                     "$$\na \\tag{1.2} \\\\\n\\mu \\tag{1.3}\n$$\n"
                     "By (1.2) and (1.3), $\\mu(1.5)$.\nBy (1.1)")
            .empty());
  const House house;
  write(house.root() / "book/02-two.md", "# Two\n\n$$a \\tag{2.1}$$\n");
  house.change("book/SUMMARY.md", "- [Signs]", "- [Two](02-two.md)\n- [S]");
  CHECK(house.complaints() == "");
  house.change("book/01-one.md", "By (1.1)", "By (2.1)");
  house.change("chapters/01-one/main.cpp", "program.", "program (2.1).");
  write(house.root() / "chapters/01-one/notes.md", "By (2.1)\n");
  CHECK_THAT(
      house.complaints(),
      ContainsSubstring("book/01-one.md:9: equation (2.1) of a later") &&
          ContainsSubstring("chapters/01-one/notes.md:1: equation (2.1) of "
                            "a later") &&
          ContainsSubstring("chapters/01-one/main.cpp:1: equation (2.1) of "
                            "a later"));
}

TEST_CASE("what in the code is a citation, and what is not") {
  const House house;
  house.change("chapters/01-one/main.cpp", "// A program.\n",
               "f(2.5); g((2.5));  // h(2.5)\n");
  CHECK(house.complaints() == "");
  house.change("chapters/01-one/main.cpp", "h(2.5)", "as in (2.5)");
  CHECK_THAT(
      house.complaints(),
      ContainsSubstring("chapters/01-one/main.cpp:1: equation (2.5)"));
  house.change("chapters/01-one/main.cpp", "// as in (2.5)",
               "say(\"(2.6)\");");
  CHECK_THAT(
      house.complaints(),
      ContainsSubstring("chapters/01-one/main.cpp:1: equation (2.6)"));
}

TEST_CASE("what a code host would take for an escape") {
  CHECK_THAT(
      after_change("# One\n", "# One\nLet $a\\,a$ be\n"),
      ContainsSubstring("book/01-one.md:2: a code host takes \\, between"));
  CHECK(after_change("# One\n",
                     "# One\n$$\na\\,a \\\\ \\mu\n$$\nand $\\mu$\n")
            .empty());
}

TEST_CASE("the notes beside the code are read, too") {
  const House house;
  const auto note = house.root() / "chapters/01-one/solutions/notes.md";
  write(note, "Solutions\n\nBy (1.1), $a$ is 12.5: [x](../one.hpp)\n");
  CHECK(house.complaints() == "");
  write(note, "It is 1<!--= figures -->\n");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("solutions/notes.md:1: markers are filled"));
  write(note, "By (1.9)\n\n$q$ [x](two.hpp)\n`");
  const std::string complaints = house.complaints();
  const std::string file = "chapters/01-one/solutions/notes.md";
  CHECK_THAT(complaints, ContainsSubstring(file + ":1: equation (1.9)"));
  CHECK_THAT(complaints, ContainsSubstring(file + ":3: the symbol q"));
  CHECK_THAT(complaints, ContainsSubstring(file + ":3: dead link two.hpp"));
  CHECK_THAT(complaints, ContainsSubstring(file + ":4: a code span"));
}

TEST_CASE("symbols must be in the list of symbols") {
  CHECK_THAT(after_change("# One\n", "# One\nLet $a_q$ be\n"),
             ContainsSubstring("book/01-one.md:2: the symbol q is not in"));
  CHECK_THAT(after_change("# One\n", "# One\nLet $\\eta$ be\n"),
             ContainsSubstring("the symbol \\eta is not"));
  CHECK_THAT(after_change("# One\n", "# One\nLet $C_{\\text{out}}$ be\n"),
             ContainsSubstring("the symbol C_{\\text{out}} is not"));
  CHECK_THAT(after_change("# One\n", "# One\n$$\na\n+ q\n$$\n"),
             ContainsSubstring("book/01-one.md:4: the symbol q is not in"));
}

TEST_CASE("the list of pages, the records and the form of a page") {
  House house;
  write(house.root() / "book/extra.md", "Text.\n\n# Late\n\n# Twice\n");
  write(house.root() / "book/output/02-two.txt", "");
  write(house.root() / "book/output/01-one.text", "");
  fs::remove(house.root() / "book/output/01-one.report");
  const std::string complaints = house.complaints();
  CHECK_THAT(
      complaints,
      ContainsSubstring("book/SUMMARY.md:1: book/extra.md is listed 0"));
  CHECK_THAT(complaints,
             ContainsSubstring("book/output/02-two.txt:1: unused"));
  CHECK_THAT(complaints,
             ContainsSubstring("book/output/01-one.text:1: unused"));
  CHECK_THAT(complaints,
             ContainsSubstring("book/output/01-one.report:1: is miss"));
  CHECK_THAT(complaints,
             ContainsSubstring("book/extra.md:1: expected the page to"));
  CHECK_THAT(complaints,
             ContainsSubstring("book/extra.md:5: a second # Title"));
  CHECK_THAT(after_change("# One\n", "# One\nA {{ b.\n"),
             ContainsSubstring("book/01-one.md:2: {{ would be"));
  CHECK_THAT(after_change("# One\n", "# One\nA <b>bold</b> word.\n"),
             ContainsSubstring("book/01-one.md:2: raw HTML: <b>"));
  CHECK_THAT(after_change("![A plot]", "```text\n![A plot]"),
             ContainsSubstring("book/01-one.md:31: a ``` is not closed"));
  CHECK_THAT(after_change("# One\n", "# One\n```text\nopen\n"),
             ContainsSubstring("book/01-one.md:22: unbalanced"));
  CHECK_THAT(after_change("![A plot]", "$$\n![A plot]"),
             ContainsSubstring("book/01-one.md:31: a $$ is not closed"));
  CHECK_THAT(
      after_change("# One\n", "# One\nA `code span.\n"),
      ContainsSubstring("book/01-one.md:2: a code span does not end"));
}

TEST_CASE("what folds away has its blank lines and its end") {
  const auto after_fold = [](const std::string& what,
                             const std::string& by) {
    const House house;
    const std::string fold =
        "# One\n\n<details>\n<summary>More, if you like</summary>\n\n"
        "Words.\n\n</details>\n";
    house.change("book/01-one.md", "# One\n", fold);
    if (!what.empty()) house.change("book/01-one.md", what, by);
    return house.complaints();
  };
  CHECK(after_fold("", "") == "");
  CHECK_THAT(after_fold("Words.", "It is 12.5 high."),
             ContainsSubstring("book/01-one.md:6: 12.5 has no marker"));
  CHECK_THAT(
      after_fold("</details>\n", "\n"),
      ContainsSubstring("book/01-one.md:3: <details> is not closed"));
  CHECK_THAT(after_fold("<details>\n", "\n"),
             ContainsSubstring("book/01-one.md:4: expected <details> in") &&
                 ContainsSubstring("book/01-one.md:8: </details> without"));
  CHECK_THAT(after_fold("Words.\n\n", "Words.\n"),
             ContainsSubstring("book/01-one.md:7: expected blank lines"));
  CHECK_THAT(after_fold("\n\nWords", "\nWords"),
             ContainsSubstring("book/01-one.md:3: expected blank lines"));
  CHECK_THAT(after_fold("\n<details>", "<details>"),
             ContainsSubstring("book/01-one.md:2: expected blank lines"));
  CHECK_THAT(after_fold("if you like", "if `you` like"),
             ContainsSubstring("book/01-one.md:3: expected <summary>") &&
                 ContainsSubstring("book/01-one.md:4: raw HTML"));
  CHECK_THAT(after_fold("Words.", "## Words"),
             ContainsSubstring("book/01-one.md:6: a heading in what"));
  CHECK_THAT(
      after_fold("Words.",
                 "<details>\n<summary>Again</summary>\n\n</details>"),
      ContainsSubstring("book/01-one.md:6: <details> inside of"));
  CHECK_THAT(
      after_fold("<details>", "<details open>"),
      ContainsSubstring("book/01-one.md:3: raw HTML: <details open"));
}

TEST_CASE("a report that cannot be read is a defect among others") {
  const House house;
  house.change("book/output/01-one.report", "figures = 1", "figures: 1");
  house.change("book/01-one.md", "By (1.1)", "By (1.9)");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/output/01-one.report:1: line 2: "
                               "expected name = value") &&
                 ContainsSubstring("book/01-one.md:9: equation (1.9)"));
}

TEST_CASE("a page with the line ends of Windows is the same page") {
  const House house;
  std::string text;
  for (const char c : read_text(house.page())) {
    if (c == '\n') text += '\r';
    text += c;
  }
  write(house.page(), text);
  CHECK(house.complaints() == "");
}

TEST_CASE("a page that is not sound is not filled") {
  const House house;
  house.change("book/01-one.md", "\n<!-- end -->", "\n");
  house.change("chapters/01-one/one.hpp", "a + b;", "b + a;");
  const std::string before = read_text(house.page());
  house.fill();
  CHECK(read_text(house.page()) == before);
}

// ---- Numbers in sentences ----------------------------------------------

namespace {

// A sentence, filled.
std::string sentence(const std::string& text) {
  const House house;
  Defects defects;
  const auto parsed = parse_markdown({text}, "page", defects);
  REQUIRE(defects.empty());
  return with_numbers(text, parsed[0], "01",
                      Records(house.root(), defects));
}

}  // namespace

TEST_CASE("a number is written as the page writes it") {
  CHECK(sentence("0.1<!--= accuracy -->") == "0.9<!--= accuracy -->");
  CHECK(sentence("0.12<!--= accuracy -->") == "0.91<!--= accuracy -->");
  CHECK(sentence("1.0 %<!--= accuracy -->") == "90.5 %<!--= accuracy -->");
  // Half away from zero, as one rounds by hand.
  CHECK(sentence("1%<!--= accuracy -->") == "91%<!--= accuracy -->");
  CHECK(sentence("0.00<!--= 1 / 8 -->") == "0.13<!--= 1 / 8 -->");
  CHECK(sentence("0.00<!--= 1.005 * 1 -->") == "1.01<!--= 1.005 * 1 -->");
  CHECK(sentence("0.0<!--= 1 - 1.04 -->") == "0.0<!--= 1 - 1.04 -->");
  CHECK(sentence("x 0<!--= \"took # tries. The\" --> y") ==
        "x 12<!--= \"took # tries. The\" --> y");
  CHECK(sentence("0<!--= \"2 and 2 is #\" -->") ==
        "5<!--= \"2 and 2 is #\" -->");
  CHECK(sentence("1 %<!--= \"or # %\" -->") == "-3 %<!--= \"or # %\" -->");
  CHECK(sentence("-3 %<!--= \"or # %\" -->") == "-3 %<!--= \"or # %\" -->");
  CHECK(sentence("1e-3<!--= \"error is #.\" -->") ==
        "1.4e-08<!--= \"error is #.\" -->");
  CHECK(sentence("1<!--= \"Data: # d\" -->") ==
        "8,000<!--= \"Data: # d\" -->");
  CHECK(sentence("7,000<!--= 01 \"Data: # d\" -->") ==
        "8,000<!--= 01 \"Data: # d\" -->");
}

TEST_CASE("which sign belongs to a number") {
  const std::string minus = "\xe2\x88\x92", value = "<!--= 1 - 5 -->";
  CHECK(sentence("-1" + value) == "-4" + value);
  CHECK(sentence("is 1" + value) == "is -4" + value);
  CHECK(sentence("is -1" + value) == "is -4" + value);
  CHECK(sentence("is " + minus + "1" + value) ==
        "is " + minus + "4" + value);
  CHECK(sentence("is " + minus + "1<!--= figures -->") ==
        "is 1<!--= figures -->");
  CHECK(sentence("2-3<!--= figures -->") == "2-1<!--= figures -->");
  CHECK(sentence("1-3 %<!--= accuracy -->") == "1-91 %<!--= accuracy -->");
}

TEST_CASE("an occurrence, another chapter, two values") {
  CHECK(sentence("1<!--= \"took # tries\"@2 -->") ==
        "13<!--= \"took # tries\"@2 -->");
  CHECK(sentence("1,000<!--= 1000 * \"took # tries. The\" -->") ==
        "12,000<!--= 1000 * \"took # tries. The\" -->");
  CHECK(sentence("7<!--= 01 figures + 01 figures -->") ==
        "2<!--= 01 figures + 01 figures -->");
  CHECK(sentence("7<!--= 12 - figures -->") == "11<!--= 12 - figures -->");
  CHECK(sentence("1.00<!--= accuracy / 2 -->") ==
        "0.45<!--= accuracy / 2 -->");
  CHECK(sentence("1.0<!--= accuracy - 2 -->") ==
        "-1.1<!--= accuracy - 2 -->");
  CHECK(sentence("a 1 b 2<!--= figures --> and 0.5<!--= accuracy -->") ==
        "a 1 b 1<!--= figures --> and 0.9<!--= accuracy -->");
}

TEST_CASE("a number marker that cannot be filled") {
  const auto says = [](const std::string& text) {
    return message_of([&] { sentence(text); });
  };
  CHECK_THAT(says("word<!--= accuracy -->"),
             ContainsSubstring("follow a number"));
  CHECK_THAT(says("1 word<!--= accuracy -->"),
             ContainsSubstring("follow a number"));
  CHECK_THAT(says("1<!--= speed -->"),
             ContainsSubstring("reports no 'speed'"));
  CHECK_THAT(says("1<!--= 02 speed -->"),
             ContainsSubstring("chapter '02'"));
  CHECK_THAT(says("1<!--= \"took # tries\" -->"),
             ContainsSubstring("ambiguous"));
  CHECK_THAT(says("1<!--= \"took # tries\"@3 -->"),
             ContainsSubstring("less often"));
  CHECK_THAT(says("1<!--= \"took # days\" -->"),
             ContainsSubstring("nothing like"));
  CHECK_THAT(says("1<!--= \"took tries\" -->"),
             ContainsSubstring("expected one #"));
  CHECK_THAT(says("1<!--= accuracy accuracy -->"),
             ContainsSubstring("cannot read"));
  CHECK_THAT(says("1<!--= accuracy / 0 -->"),
             ContainsSubstring("not finite"));
  CHECK_THAT(says("1<!--= 01figures -->"),
             ContainsSubstring("cannot read"));
  CHECK_THAT(says("1<!--= 5 -->"), ContainsSubstring("cannot read"));
  CHECK_THAT(says("1<!--= \"took # tries\"@0 -->"),
             ContainsSubstring("cannot read"));
  CHECK_THAT(says("1<!--= \"took # tries\"@99999999999 -->"),
             ContainsSubstring("less often"));
  CHECK_THAT(says("1<!--= figures + 02 figures -->"),
             ContainsSubstring("chapter '02'"));
  CHECK_THAT(says("1.00000<!--= accuracy -->"),
             ContainsSubstring("more decimals"));
  CHECK_THAT(says("1.000 %<!--= accuracy -->"),
             ContainsSubstring("more decimals"));
}

// ---- Selections --------------------------------------------------------

TEST_CASE("what a selection takes") {
  const Lines lines = split_lines(code);
  const auto taken = [&](const std::string& text, bool definitions = true) {
    const Range range = select(lines, parse_selection(text), definitions,
                               {0, lines.size()});
    return std::to_string(range.begin + 1) + " to " +
           std::to_string(range.end);
  };
  CHECK(taken("\"int add\"") == "3 to 6");
  CHECK(taken("\"int add\" with comment") == "1 to 6");
  CHECK(taken("\"int add\"", false) == "3 to 3");
  CHECK(taken("\"int four\"") == "8 to 8");
  CHECK(taken("\"int add\" .. \"return\"") == "3 to 5");
  CHECK(taken("\"int add\" .. \"int b\"") == "3 to 3");
  CHECK(taken("\"int add\" +1") == "3 to 4");
  CHECK(taken("\"return\" .. \"}\" #2") == "10 to 11");
  CHECK(taken("\"\\\"}\\\"\" +0") == "4 to 4");
  CHECK(taken("") == "1 to 11");
  CHECK_THAT(message_of([&] { taken("\"int add\" .. \"x = 9\""); }),
             ContainsSubstring("no line with \"x = 9\" behind"));
  CHECK_THAT(message_of([&] { taken("\"other\" +9"); }),
             ContainsSubstring("fewer"));
  CHECK_THAT(message_of([&] { taken("\"return\" #3"); }),
             ContainsSubstring("fewer than 3 lines with \"return\""));
  CHECK_THAT(message_of([&] { taken("\"return\" #0"); }),
             ContainsSubstring("#1 is the first"));
  CHECK_THAT(message_of([&] { taken("\"open"); }),
             ContainsSubstring("does not end"));
  CHECK_THAT(message_of([&] { taken("\"int add\" +x"); }),
             ContainsSubstring("expected a number"));
  CHECK_THAT(message_of([] {
               select({"int f() {", "return 1;"},
                      parse_selection("\"int f\""), true, {0, 2});
             }),
             ContainsSubstring("do not close"));
}

TEST_CASE("where a definition ends") {
  const auto end = [](const std::string& text) {
    const Lines lines = split_lines(text);
    const Selection selection = parse_selection("\"here\"");
    return select(lines, selection, true, {0, lines.size()}).end;
  };
  CHECK(end("int here;\n}\n") == 1);
  CHECK(end("for (int here = 0; here < 3; ++x) {\n  f();\n}\ng();\n") == 3);
  CHECK(end("for (int here = 0; here < 3; ++x)\n  f();\ng();\n") == 2);
  CHECK(end("for (int here = 0;\n     i < 3; ++x) {\n  f();\n}\ng();\n") ==
        4);
  CHECK(end("void here(A a = {},\n          B b = {}) {\n}\n}\n") == 3);
  CHECK(end("Here() : here{1},\n b{2} {\n}\n}\n") == 3);
  CHECK(end("int here(int a,\n         int b);\n}\n") == 2);
  CHECK(end("run(here, [] {\n  f();\n});\n}\n") == 3);
  CHECK(end("void here() {\n  /* }\n  } */\n  f('}', '\\'', \"}\\\"}\");"
            "\n  int a = 1'000;\n}\n}\n") == 6);
  CHECK(end("template <class here>\n// a; b\nint f() {\n  a;\n}\n") == 5);
  CHECK(end("struct here {\n  int a = 1;\n};\n") == 3);
  CHECK(end("if (here) {\n  a;\n} else {\n  b;\n}\n") == 5);
}

// ---- Formulas and anchors ----------------------------------------------

TEST_CASE("the symbols of a formula") {
  const auto names = [](const std::string& formula) {
    std::string all;
    for (const auto& [name, at] : symbols_of(formula)) all += name + " ";
    return all;
  };
  CHECK(names("x + y") == "x y ");
  CHECK(names("C_{\\text{in}} K^2") == "C_{\\text{in}} K ");
  CHECK(names("\\frac{\\partial L}{\\partial w_{00}}") == "L w ");
  CHECK(names("x_{i+1} \\text{word} \\eta\\,v") == "\\eta i v x ");
  CHECK(names("\\sum_{k_y} \\tag{2.1} 3.4 \\cdot 10") == "k y ");
  CHECK(names("C_{ \\mathrm{in} } + C_\\text{in}") == "C_{\\text{in}} ");
  CHECK(names("\\operatorname{ReLU}(x) \\mathrm{loss}") == "ReLU loss x ");
  CHECK(names("\\hat{ x } + \\bar y") == "\\bar{y} \\hat{x} ");
  CHECK(names("\\mathbf{x} \\mathrel{+}= \\ell \\Sigma") ==
        "\\Sigma \\ell x ");
  CHECK(names("\\begin{aligned} a &= b \\\\ c \\end{aligned}") == "a b c ");
}

TEST_CASE("anchors are those of a code host") {
  CHECK(slug(" Where to start, and how") == "where-to-start-and-how");
  CHECK(slug("The gradient is p − y") == "the-gradient-is-p--y");
  CHECK(slug("Schrödinger’s `a_b`: 3 × 3") == "schrödingers-a_b-3--3");
}

// ---- Two recordings ----------------------------------------------------

TEST_CASE("the first line that differs is named") {
  CHECK(first_difference("a.txt", "one\ntwo\n", "one\ntwo\n").empty());
  CHECK(first_difference("a.txt", "one\ntwo\n", "one\nTwo\n") ==
        "a.txt:2: recorded \"two\", but the program prints \"Two\"");
  CHECK(first_difference("a.txt", "one\n", "one\ntwo\n") ==
        "a.txt:2: recorded no such line, but the program prints \"two\"");
  CHECK(first_difference("a.txt", "one\n", "one") ==
        "a.txt:1: another line end");
}

TEST_CASE("values may differ by the tolerance, names may not") {
  CHECK(far_values("r", {{"share", "0.1200"}}, {{"share", "0.1010"}})
            .empty());
  const Report recorded = {
      {"accuracy", "0.9050"}, {"passes", "2100"}, {"error", "2.8e-09"}};
  const auto far = [&](const Report& fresh) {
    return far_values("r", recorded, fresh).size();
  };
  CHECK(far({{"accuracy", "0.9150"},
             {"passes", "2180"},
             {"error", "9.1e-09"}}) == 0);
  CHECK(far({{"accuracy", "0.8300"},
             {"passes", "2180"},
             {"error", "9.1e-09"}}) == 1);
  CHECK(far({{"accuracy", "0.9050"},
             {"passes", "2400"},
             {"error", "2.8e-09"}}) == 1);
  CHECK(far({{"accuracy", "0.9050"},
             {"passes", "2100"},
             {"error", "0.01"}}) == 1);
  CHECK(far({{"accuracy", "nan"},
             {"passes", "2100"},
             {"error", "2.8e-09"}}) == 1);
  CHECK(far({{"accuracy", "0.9050"},
             {"steps", "2100"},
             {"error", "2.8e-09"}}) == 1);
  CHECK(far({{"accuracy", "0.9050"}, {"passes", "2100"}}) == 1);
}
