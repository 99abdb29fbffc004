// The tool that keeps the book true, tried on a small book: whole it has no
// defect, and each way to break it is found, with page and line.
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/book/check.hpp"
#include "tests/book/compare.hpp"
#include "tests/book/numbers.hpp"
#include "tests/book/page.hpp"
#include "tests/book/select.hpp"
#include "tests/catch.hpp"

using namespace book;

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
               std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
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
    const Records records(root_);
    for (const Page& it : read_pages(root_, defects))
      if (is_sound(it, defects))
        write_text(root_ / it.file,
                   joined(replaced(
                       it, replacements(it, root_, records, defects))));
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

// ---- Each way to break it ----------------------------------------------

TEST_CASE("a listing whose source changed is stale") {
  const House house;
  house.change("chapters/01-one/one.hpp", "return a + b;", "return b + a;");
  CHECK_THAT(house.complaints(),
             ContainsSubstring("book/01-one.md:15: stale: the page has\n"
                               "    return a + b;  // (1.1)\n") &&
                 ContainsSubstring("return b + a;"));
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
             ContainsSubstring("book/01-one.md:9: stale"));
}

TEST_CASE("markers that do not close, close nothing or are unknown") {
  CHECK_THAT(after_change("\n<!-- end -->", "\n"),
             ContainsSubstring("book/01-one.md:11: unbalanced"));
  CHECK_THAT(after_change("# One\n", "# One\n<!-- end -->\n"),
             ContainsSubstring("book/01-one.md:2: unbalanced"));
  CHECK_THAT(
      after_change("# One\n", "# One\n<!-- codes x -->\n"),
      ContainsSubstring("book/01-one.md:2: unknown marker \"codes x\""));
  CHECK_THAT(after_change("# One\n", "# One\n<!-- code\n"),
             ContainsSubstring("book/01-one.md:2: a comment does not end"));
  CHECK_THAT(after_change("# One\n",
                          "# One\n<!-- output \"Data\" -->\n<!-- end -->\n"
                          "<!-- output \"Data\" -->\n<!-- end -->\n"),
             ContainsSubstring("book/01-one.md:4: duplicate marker"));
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

TEST_CASE("a number without a marker is found, a constant is not") {
  CHECK_THAT(after_change("# One\n", "# One\nIt is 12.5 here.\n"),
             ContainsSubstring("book/01-one.md:2: 12.5 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nIt is 9 % here.\n"),
             ContainsSubstring("book/01-one.md:2: 9 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\nThere are 1,234.\n"),
             ContainsSubstring("book/01-one.md:2: 1,234 has no marker"));
  CHECK_THAT(after_change("# One\n", "# One\n![In 1998](x.png)\n"),
             ContainsSubstring("book/01-one.md:2: 1998 has no marker"));
  CHECK(after_change("# One\n", "# One\n`12.5`, $a = 12.5$, 12, D3L400\n")
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
}

TEST_CASE("symbols must be in the list of symbols") {
  CHECK_THAT(after_change("# One\n", "# One\nLet $a_q$ be\n"),
             ContainsSubstring("book/01-one.md:2: the symbol q is not in"));
  CHECK_THAT(after_change("# One\n", "# One\nLet $\\eta$ be\n"),
             ContainsSubstring("the symbol \\eta is not"));
  CHECK_THAT(after_change("# One\n", "# One\nLet $C_{\\text{out}}$ be\n"),
             ContainsSubstring("the symbol C_{\\text{out}} is not"));
}

TEST_CASE("the list of pages, the records and the form of a page") {
  House house;
  write(house.root() / "book/extra.md", "Text.\n\n# Late\n\n# Twice\n");
  write(house.root() / "book/output/02-two.txt", "");
  fs::remove(house.root() / "book/output/01-one.report");
  const std::string complaints = house.complaints();
  CHECK_THAT(
      complaints,
      ContainsSubstring("book/SUMMARY.md:1: book/extra.md is listed 0"));
  CHECK_THAT(complaints,
             ContainsSubstring("book/output/02-two.txt:1: unused"));
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
  CHECK_THAT(after_change("# One\n", "# One\n```text\nopen\n"),
             ContainsSubstring("book/01-one.md:33: a ``` is not closed"));
  CHECK_THAT(
      after_change("# One\n", "# One\nA `code span.\n"),
      ContainsSubstring("book/01-one.md:2: a code span does not end"));
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
  return with_numbers(text, parsed[0], "01", Records(house.root()));
}

}  // namespace

TEST_CASE("a number is written as the page writes it") {
  CHECK(sentence("0.1<!--= accuracy -->") == "0.9<!--= accuracy -->");
  CHECK(sentence("0.12<!--= accuracy -->") == "0.91<!--= accuracy -->");
  CHECK(sentence("1.0 %<!--= accuracy -->") == "90.5 %<!--= accuracy -->");
  CHECK(sentence("1%<!--= accuracy -->") == "90%<!--= accuracy -->");
  CHECK(sentence("x 0<!--= \"took # tries. The\" --> y") ==
        "x 12<!--= \"took # tries. The\" --> y");
  CHECK(sentence("0<!--= \"2 and 2 is #\" -->") ==
        "4<!--= \"2 and 2 is #\" -->");
  CHECK(sentence("1 %<!--= \"or # %\" -->") == "-3 %<!--= \"or # %\" -->");
  CHECK(sentence("-3 %<!--= \"or # %\" -->") == "-3 %<!--= \"or # %\" -->");
  CHECK(sentence("1e-3<!--= \"error is #.\" -->") ==
        "1.4e-08<!--= \"error is #.\" -->");
  CHECK(sentence("1<!--= \"Data: # d\" -->") ==
        "8,000<!--= \"Data: # d\" -->");
  CHECK(sentence("7,000<!--= 01 \"Data: # d\" -->") ==
        "8,000<!--= 01 \"Data: # d\" -->");
}

TEST_CASE("an occurrence, another chapter, two values") {
  CHECK(sentence("1<!--= \"took # tries\"@2 -->") ==
        "13<!--= \"took # tries\"@2 -->");
  CHECK(sentence("1,0<!--= 1000 * \"took # tries. The\" -->") ==
        "1,12000<!--= 1000 * \"took # tries. The\" -->");
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
  CHECK_THAT(says("1.00000<!--= accuracy -->"),
             ContainsSubstring("more decimals"));
  CHECK_THAT(says("1.000 %<!--= accuracy -->"),
             ContainsSubstring("more decimals"));
}

// ---- Selections --------------------------------------------------------

TEST_CASE("what a selection takes") {
  const Lines lines = split_lines(code);
  const auto taken = [&](const std::string& text, bool definitions = true) {
    const Range range = select(lines, parse_selection(text), definitions);
    return std::to_string(range.begin + 1) + " to " +
           std::to_string(range.end);
  };
  CHECK(taken("\"int add\"") == "3 to 6");
  CHECK(taken("\"int add\" with comment") == "1 to 6");
  CHECK(taken("\"int add\"", false) == "3 to 3");
  CHECK(taken("\"int four\"") == "8 to 8");
  CHECK(taken("\"int add\" .. \"return\"") == "3 to 5");
  CHECK(taken("\"int add\" +1") == "3 to 4");
  CHECK(taken("\"return\" .. \"}\" #2") == "10 to 11");
  CHECK(taken("\"\\\"}\\\"\" +0") == "4 to 4");
  CHECK(taken("") == "1 to 11");
  CHECK_THAT(message_of([&] { taken("\"int add\" .. \"x = 9\""); }),
             ContainsSubstring("no line with \"x = 9\" behind"));
  CHECK_THAT(message_of([&] { taken("\"other\" +9"); }),
             ContainsSubstring("fewer"));
  CHECK_THAT(message_of([&] { taken("\"return\" #3"); }),
             ContainsSubstring("no line"));
  CHECK_THAT(message_of([&] { taken("\"open"); }),
             ContainsSubstring("does not end"));
  CHECK_THAT(message_of([&] { taken("\"int add\" +x"); }),
             ContainsSubstring("expected a number"));
  CHECK_THAT(message_of([] {
               select({"int f() {", "return 1;"},
                      parse_selection("\"int f\""), true);
             }),
             ContainsSubstring("do not close"));
}

// ---- Formulas and anchors ----------------------------------------------

TEST_CASE("the symbols of a formula") {
  const auto names = [](const std::string& formula) {
    std::string all;
    for (const std::string& name : symbols_of(formula)) all += name + " ";
    return all;
  };
  CHECK(names("x + y") == "x y ");
  CHECK(names("C_{\\text{in}} K^2") == "C_{\\text{in}} K ");
  CHECK(names("\\frac{\\partial L}{\\partial w_{00}}") == "L w ");
  CHECK(names("x_{i+1} \\text{word} \\eta\\,v") == "\\eta i v x ");
  CHECK(names("\\sum_{k_y} \\tag{2.1} 3.4 \\cdot 10") == "k y ");
}

TEST_CASE("anchors are those of a code host") {
  CHECK(slug(" Where to start, and how") == "where-to-start-and-how");
  CHECK(slug("The gradient is p − y") == "the-gradient-is-p-−-y");
}

// ---- Two recordings ----------------------------------------------------

TEST_CASE("the first line that differs is named") {
  CHECK(first_difference("a.txt", "one\ntwo\n", "one\ntwo\n").empty());
  CHECK(first_difference("a.txt", "one\ntwo\n", "one\nTwo\n") ==
        "a.txt:2: recorded \"two\", but the program prints \"Two\"");
  CHECK(first_difference("a.txt", "one\n", "one\ntwo\n") ==
        "a.txt:2: recorded no such line, but the program prints \"two\"");
}

TEST_CASE("values may differ by the tolerance, names may not") {
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
  CHECK(far({{"accuracy", "nan"},
             {"passes", "2100"},
             {"error", "2.8e-09"}}) == 1);
  CHECK(far({{"accuracy", "0.9050"},
             {"steps", "2100"},
             {"error", "2.8e-09"}}) == 1);
  CHECK(far({{"accuracy", "0.9050"}, {"passes", "2100"}}) == 1);
}
