#include "tests/book/check.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "tests/book/figures.hpp"
#include "tests/book/folds.hpp"
#include "tests/book/numbers.hpp"
#include "tests/book/reading.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

// ---- Equations ---------------------------------------------------------

// "(4.12)" with the place of its bracket.
struct Citation {
  std::string number;
  std::size_t at = 0;
};

std::vector<Citation> citations(std::string_view text) {
  std::vector<Citation> found;
  for (std::size_t at = text.find('('); at != std::string_view::npos;
       at = text.find('(', at + 1)) {
    std::size_t i = at + 1;
    const auto digits = [&] {
      const std::size_t begin = i;
      while (i < text.size() && is_digit(text[i])) ++i;
      return i > begin && i <= begin + 2;
    };
    if (!digits() || i >= text.size() || text[i++] != '.' || !digits() ||
        i >= text.size() || text[i] != ')')
      continue;
    found.push_back({std::string(text.substr(at + 1, i - at - 1)), at});
  }
  return found;
}

int chapter_of_equation(const std::string& number) {
  return std::stoi(number.substr(0, number.find('.')));
}

int place_of_equation(const std::string& number) {
  return std::stoi(number.substr(number.find('.') + 1));
}

// The equations that a formula defines, each with the place of its \tag.
std::vector<Citation> tags_of(const std::string& formula) {
  std::vector<Citation> tags;
  const std::string tag = "\\tag{";
  for (std::size_t at = formula.find(tag); at != std::string::npos;
       at = formula.find(tag, at + 1)) {
    const std::size_t begin = at + tag.size();
    const std::size_t end = formula.find('}', begin);
    tags.push_back({formula.substr(begin, end - begin), at});
  }
  return tags;
}

bool is_equation_number(const std::string& number) {
  const auto cited = citations("(" + number + ")");
  return cited.size() == 1 && cited[0].number == number;
}

std::set<std::string> defined_equations(const std::vector<Page>& pages,
                                        Defects& defects) {
  std::set<std::string> defined;
  const auto define = [&](const std::string& tag, const Page& page) {
    if (!is_equation_number(tag))
      return "\\tag{" + tag + "} is no number such as 4.12";
    if (!defined.insert(tag).second)
      return "equation (" + tag + ") defined twice";
    if (!page.chapter.empty() &&
        chapter_of_equation(tag) != std::stoi(page.chapter))
      return "equation (" + tag + ") of another chapter";
    return std::string();
  };
  for (const Page& page : pages) {
    int next = 1;
    for (const MarkdownLine& line : page.parsed)
      for (const Formula& formula : line.formulas)
        for (const Citation& tag : tags_of(formula.text)) {
          std::string what = define(tag.number, page);
          if (what.empty() && place_of_equation(tag.number) != next)
            what = "equation (" + tag.number + ") stands where number " +
                   std::to_string(next) + " of its page is expected";
          ++next;
          if (!what.empty())
            defects.push_back(
                {page.file, formula.line_of(tag.at) + 1, what});
        }
  }
  return defined;
}

// What is wrong with a citation in a page or a file of `chapter`, "02" or
// "" for none.
std::string citation_defect(const std::string& number,
                            const std::string& chapter,
                            const std::set<std::string>& defined) {
  if (defined.count(number) == 0)
    return "equation (" + number + ") is cited but not defined";
  if (!chapter.empty() && chapter_of_equation(number) > std::stoi(chapter))
    return "equation (" + number + ") of a later chapter is cited";
  return "";
}

void check_citations(const Page& page, const std::set<std::string>& defined,
                     Defects& defects) {
  const auto check = [&](const Citation& it, std::size_t line) {
    const std::string what =
        citation_defect(it.number, page.chapter, defined);
    if (!what.empty()) defects.push_back({page.file, line + 1, what});
  };
  for (std::size_t i = 0; i < page.parsed.size(); ++i) {
    for (const Citation& it : citations(page.parsed[i].prose)) check(it, i);
    for (const Formula& formula : page.parsed[i].formulas)
      for (const Citation& it : citations(formula.text))
        // (\ln(2.5) is no citation, and nor is f(2.5).)
        if (it.at == 0 || !is_letter(formula.text[it.at - 1]))
          check(it, formula.line_of(it.at));
  }
}

// The citations in the comments and texts of a line of code. They follow a
// blank, or begin the text: f(2.5) is no citation.
std::vector<Citation> citations_of_code(const std::string& line) {
  std::vector<Citation> found;
  const std::size_t words = std::min(line.find("//"), line.find('"'));
  for (const Citation& it : citations(line))
    if (it.at > words && (line[it.at - 1] == ' ' ||
                          line[it.at - 1] == '"' || line[it.at - 1] == '/'))
      found.push_back(it);
  return found;
}

bool is_code(const fs::path& file) {
  return file.extension() == ".hpp" || file.extension() == ".cpp";
}

// Comments and texts of the code name equations, too.
void check_citations_of_code(const fs::path& root,
                             const std::set<std::string>& defined,
                             Defects& defects) {
  std::vector<fs::path> files;
  for (const char* folder : {"chapters", "common"})
    for (const auto& entry :
         fs::recursive_directory_iterator(root / folder))
      if (is_code(entry.path()) &&  // a stub is the reader's own
          entry.path().parent_path().filename() != "exercises")
        files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& path : files) {
    const std::string file = fs::relative(path, root).generic_string();
    const std::string chapter =
        starts_with(file, "chapters/") ? file.substr(9, 2) : "";
    const Lines lines = split_lines(read_text(path));
    for (std::size_t i = 0; i < lines.size(); ++i)
      for (const Citation& it : citations_of_code(lines[i])) {
        const std::string what =
            citation_defect(it.number, chapter, defined);
        if (!what.empty()) defects.push_back({file, i + 1, what});
      }
  }
}

// ---- Symbols -----------------------------------------------------------

// All that stands in the first column of a table of notation.md.
std::set<std::string> known_symbols(const std::vector<Page>& pages) {
  std::set<std::string> known;
  for (const Page& page : pages) {
    if (page.file != "book/notation.md") continue;
    for (const std::string& line : page.lines) {
      if (!starts_with(line, "|")) continue;
      const std::string cell = line.substr(1, line.find('|', 1) - 1);
      for (std::size_t at = cell.find('$'); at != std::string::npos;
           at = cell.find('$', at + 1)) {
        const std::size_t end = cell.find('$', at + 1);
        if (end == std::string::npos) break;
        for (const auto& [name, place] : symbols_of(
                 std::string_view(cell).substr(at + 1, end - at - 1)))
          known.insert(name);
        at = end;
      }
    }
  }
  return known;
}

// Each unknown symbol once a page, where it stands first.
void check_symbols(const Page& page, const std::set<std::string>& known,
                   Defects& defects) {
  std::set<std::string> complained;
  for (const MarkdownLine& line : page.parsed)
    for (const Formula& formula : line.formulas)
      for (const auto& [name, place] : symbols_of(formula.text))
        if (known.count(name) == 0 && complained.insert(name).second)
          defects.push_back(
              {page.file, formula.line_of(place) + 1,
               "the symbol " + name + " is not in book/notation.md"});
}

// ---- Links and figures -------------------------------------------------

// The words of a heading: of links their text, and no signs of emphasis.
std::string words_of_heading(const std::string& line) {
  std::string words =
      line.substr(std::min(line.find_first_not_of('#'), line.size()));
  for (std::size_t at = words.find("]("); at != std::string::npos;
       at = words.find("](", at))
    words.erase(at, words.find(')', at) - at);
  return words;
}

bool is_heading(const MarkdownLine& line) {
  const std::size_t level =
      std::min(line.prose.find_first_not_of('#'), line.prose.size());
  return level >= 1 && level <= 6 &&
         starts_with(std::string_view(line.prose).substr(level), " ");
}

std::set<std::string> anchors_of(const fs::path& page) {
  const Lines lines = split_lines(read_text(page));
  Defects ignored;
  const auto parsed = parse_markdown(lines, "", ignored);
  std::set<std::string> anchors;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!is_heading(parsed[i])) continue;
    const std::string anchor = slug(words_of_heading(lines[i]));
    // The second of two equal headings has the anchor text-1.
    std::string unique = anchor;
    for (int n = 1; !anchors.insert(unique).second; ++n)
      unique = anchor + "-" + std::to_string(n);
  }
  return anchors;
}

bool leads_out_of(const fs::path& root, const fs::path& file) {
  const fs::path way =
      file.lexically_normal().lexically_relative(root.lexically_normal());
  return way.empty() || *way.begin() == "..";
}

std::string link_defect(const Link& link, const fs::path& root,
                        const Page& page, bool generated) {
  if (link.image && trimmed(link.text).empty())
    return "the image " + link.target + " has no text that says what it is";
  if (link.target.empty()) return "a link to nothing";
  if (starts_with(link.target, "http://") ||
      starts_with(link.target, "https://"))
    return "";
  const fs::path here = root / page.file;
  const std::size_t sign = link.target.find('#');
  const std::string path = link.target.substr(0, sign);
  const fs::path file = path.empty() ? here : here.parent_path() / path;
  if (leads_out_of(root, file))
    return "a link out of the book: " + link.target;
  if (!fs::exists(file))
    return (link.image ? "missing figure " : "dead link ") + link.target;
  if (sign == std::string::npos || generated) return "";
  const std::string anchor = link.target.substr(sign + 1);
  if (file.extension() != ".md")
    return "a link to lines that would not be renewed: " + link.target;
  return anchors_of(file).count(anchor) == 0 ? "dead link " + link.target
                                             : "";
}

void check_links(const Page& page, const fs::path& root, Defects& defects) {
  for (std::size_t i = 0; i < page.parsed.size(); ++i)
    for (const Link& link : page.parsed[i].links) {
      const std::string what =
          link_defect(link, root, page, page.filled(i));
      if (!what.empty()) defects.push_back({page.file, i + 1, what});
    }
}

// A marker that nothing fills would look as if it kept its promise.
void check_markers_of_note(const Page& note, Defects& defects) {
  for (std::size_t i = 0; i < note.parsed.size(); ++i)
    if (!note.parsed[i].comments.empty())
      defects.push_back(
          {note.file, i + 1, "markers are filled in the book only"});
}

// Nothing fills in the numbers of the figures that a note names.
void check_figures_of_note(const Page& note, const FigureNumbers& numbers,
                           Defects& defects) {
  const FigureLines figures(note, numbers);
  std::vector<Replacement> expected;
  for (std::size_t i = 0; i < note.lines.size(); ++i)
    if (!note.parsed[i].fenced)
      expected.push_back({i, i + 1, figures.of(i, note.lines[i])});
  check_stale(note, expected, defects);
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

void check_figures(const std::vector<Page>& pages, const fs::path& root,
                   Defects& defects) {
  std::set<fs::path> shown;
  for (const Page& page : pages)
    for (const MarkdownLine& line : page.parsed)
      for (const Link& link : line.links)
        if (link.image)
          shown.insert(((root / page.file).parent_path() / link.target)
                           .lexically_normal());
  for (const fs::path& folder : entries_of(root / "figures"))
    for (const fs::path& figure : entries_of(folder))
      if (shown.count(figure.lexically_normal()) == 0)
        defects.push_back({"book/" + folder.filename().string() + ".md", 1,
                           fs::relative(figure, root).generic_string() +
                               " is shown on no page"});
}

// ---- The rest ----------------------------------------------------------

bool only_comments(const MarkdownLine& line) {
  return std::all_of(line.prose.begin(), line.prose.end(),
                     [](char c) { return c == comment_sign || c == ' '; });
}

// In a formula of the running text a code host reads \, and \{ as escapes
// of Markdown, before any mathematics: the backslash is lost.
std::string escape_in(const Formula& formula) {
  const std::string& text = formula.text;
  if (formula.display) return "";
  for (std::size_t at = text.find('\\');
       at != std::string::npos && at + 1 < text.size();
       at = text.find('\\', at + 1))
    if (std::ispunct(static_cast<unsigned char>(text[at + 1])) != 0)
      return text.substr(at, 2);
  return "";
}

void check_escapes(const Page& page, Defects& defects) {
  for (const MarkdownLine& line : page.parsed)
    for (const Formula& formula : line.formulas) {
      const std::string escape = escape_in(formula);
      if (!escape.empty())
        defects.push_back({page.file, formula.begin + 1,
                           "a code host takes " + escape +
                               " between $ and $ for an escape"});
    }
}

void check_form(const Page& page, Defects& defects) {
  bool first = true;
  int titles = 0;
  for (std::size_t i = 0; i < page.parsed.size(); ++i) {
    const MarkdownLine& line = page.parsed[i];
    const auto defect = [&](const std::string& what) {
      defects.push_back({page.file, i + 1, what});
    };
    if (!line.fenced && only_comments(line)) continue;
    const bool title = !line.fenced && starts_with(line.prose, "# ");
    if (first && !title) defect("expected the page to begin with # Title");
    if (title && ++titles > 1) defect("a second # Title");
    first = false;
    if (line.prose.find("{{") != std::string::npos)
      defect("{{ would be taken for code by the site");
    if (is_of_fold(line)) continue;
    for (std::size_t at = line.prose.find('<'); at != std::string::npos;
         at = line.prose.find('<', at + 1))
      if (at + 1 < line.prose.size() &&
          (is_letter(line.prose[at + 1]) || line.prose[at + 1] == '/'))
        defect("raw HTML: " + line.prose.substr(at, 20));
  }
}

void check_summary(const std::vector<Page>& pages, Defects& defects) {
  std::map<std::string, int> listed;
  bool found = false;
  for (const Page& page : pages)
    if (page.file == "book/SUMMARY.md") {
      found = true;
      for (const MarkdownLine& line : page.parsed)
        for (const Link& link : line.links) ++listed["book/" + link.target];
    }
  if (!found) defects.push_back({"book/SUMMARY.md", 1, "is missing"});
  for (const Page& page : pages)
    if (starts_with(page.file, "book/") && page.file != "book/SUMMARY.md" &&
        listed[page.file] != 1)
      defects.push_back({"book/SUMMARY.md", 1,
                         page.file + " is listed " +
                             std::to_string(listed[page.file]) +
                             " times, expected once"});
}

// What a program prints fits a terminal and a page.
void check_width(const std::string& file, const Lines& lines,
                 Defects& defects) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (columns(lines[i]) > 76)
      defects.push_back({file, i + 1,
                         "has " + std::to_string(columns(lines[i])) +
                             " columns, expected at most 76"});
}

void check_records(const fs::path& root, Defects& defects) {
  std::set<std::string> names;
  for (const std::string& chapter : chapters(root)) {
    names.insert(chapter);
    for (const char* ending : {".txt", ".report"})
      if (!fs::exists(root / "book" / "output" / (chapter + ending)))
        defects.push_back({"book/output/" + chapter + ending, 1,
                           "is missing: ./tutorial book records it"});
  }
  std::vector<std::string> endings = {".txt", ".report", ".timing"};
  endings.insert(endings.end(), measured_endings.begin(),
                 measured_endings.end());
  for (const fs::path& path : entries_of(root / "book" / "output")) {
    const std::string file = path.filename().string();
    const std::string chapter = file.substr(0, file.find('.'));
    const bool known = std::count(endings.begin(), endings.end(),
                                  file.substr(chapter.size())) > 0;
    const std::string shown = fs::relative(path, root).generic_string();
    if (!known || names.count(chapter) == 0)
      defects.push_back(
          {shown, 1, "unused: no record of a chapter has this name"});
    else if (path.extension() == ".txt")
      check_width(shown, split_lines(read_text(path)), defects);
  }
}

}  // namespace

void check_stale(const Page& page, const std::vector<Replacement>& expected,
                 Defects& defects) {
  for (const Replacement& it : expected) {
    const std::size_t have = it.end - it.begin;
    for (std::size_t i = 0; i < std::max(have, it.lines.size()); ++i) {
      const bool gone = i >= have, surplus = i >= it.lines.size();
      if (!gone && !surplus && page.lines[it.begin + i] == it.lines[i])
        continue;
      // Of lines that are not there, the first that says something.
      while (gone && i + 1 < it.lines.size() && it.lines[i].empty()) ++i;
      const auto [is, should] = difference(
          gone ? "" : page.lines[it.begin + i], surplus ? "" : it.lines[i]);
      defects.push_back(
          {page.file, it.begin + std::min(i, have) + 1,
           "stale: the page has " + (gone ? "no such line" : is) +
               ", its source has " + (surplus ? "no such line" : should)});
      break;
    }
  }
}

namespace {

// The numbers of a page's <!-- constants: ... -->, with their line.
std::map<std::string, std::size_t> constants_of(const Page& page) {
  std::map<std::string, std::size_t> constants;
  for (std::size_t i = 0; i < page.parsed.size(); ++i)
    for (const Comment& comment : page.parsed[i].comments) {
      if (!starts_with(comment.text, "constants:")) continue;
      std::istringstream words(comment.text.substr(10));
      for (std::string word; words >> word;) constants[word] = i;
    }
  return constants;
}

// Whether a number with these letters in front and behind is one that a
// program must have printed.
bool looks_printed(const Number& number, std::string_view before,
                   std::string_view behind) {
  const auto digits =
      std::count_if(number.text.begin(), number.text.end(), is_digit);
  const bool fraction =  // .5
      before.size() >= 1 && before.back() == '.' &&
      (before.size() == 1 || !is_word(before[before.size() - 2]));
  return digits >= 3 || number.decimals() > 0 || fraction ||
         starts_with(behind, "%") || starts_with(behind, " %");
}

// A number in the prose of a line.
struct NumberInProse {
  std::size_t at = 0;
  Number number;
  bool marked = false;
};

std::vector<NumberInProse> numbers_of(const MarkdownLine& line) {
  const std::string& prose = line.prose;
  std::vector<NumberInProse> numbers;
  std::size_t comment = 0;
  for (std::size_t at = 0; at < prose.size();) {
    if (prose[at] == comment_sign) ++comment;
    if (!is_digit(prose[at]) || (at > 0 && is_word(prose[at - 1]))) {
      ++at;
      continue;
    }
    const Number number = *number_at(prose, at);
    const std::size_t end = at + number.text.size();
    std::size_t mark =
        std::min(prose.find_first_not_of(' ', end), prose.size());
    mark = mark < prose.size() && prose[mark] == '%' ? mark + 1 : end;
    const bool marked = mark < prose.size() &&
                        prose[mark] == comment_sign &&
                        is_number_marker(line.comments[comment]);
    numbers.push_back({at, number, marked});
    at = end;
  }
  return numbers;
}

// 2.1 in "## 2.1 One window" counts headings and was not printed.
bool numbers_a_heading(const MarkdownLine& line, std::size_t at) {
  return is_heading(line) && line.prose.find_first_not_of("# ") == at;
}

}  // namespace

void check_numbers(const Page& page, const FigureNumbers& figures,
                   Defects& defects) {
  const FigureLines figure_lines(page, figures);
  const std::map<std::string, std::size_t> constants = constants_of(page);
  std::set<std::string> used;
  for (std::size_t i = 0; i < page.parsed.size(); ++i) {
    const MarkdownLine& line = page.parsed[i];
    if (line.fenced || page.filled(i)) continue;
    const std::string_view prose = line.prose;
    std::set<std::size_t> cited;
    for (const Citation& it : citations(prose)) cited.insert(it.at + 1);
    for (const NumberInProse& it : numbers_of(line)) {
      if (it.marked || cited.count(it.at) > 0 ||
          numbers_a_heading(line, it.at) ||
          figure_lines.counts_a_figure(i, it.at) ||
          !looks_printed(it.number, prose.substr(0, it.at),
                         prose.substr(it.at + it.number.text.size())))
        continue;
      if (constants.count(it.number.text) > 0)
        used.insert(it.number.text);
      else
        defects.push_back(
            {page.file, i + 1,
             it.number.text + " has no marker: where was it printed?"});
    }
  }
  for (const auto& [constant, line] : constants)
    if (used.count(constant) == 0)
      defects.push_back(
          {page.file, line + 1, "unused constant " + constant});
}

Defects check_book(const fs::path& root) {
  Defects defects;
  check_records(root, defects);
  const Records records(root, defects);
  const std::vector<Page> pages = read_pages(root, defects);
  const std::set<std::string> defined = defined_equations(pages, defects);
  const std::set<std::string> known = known_symbols(pages);
  const FigureNumbers figures(pages);
  for (const Page& page : pages) {
    if (is_sound(page, defects))
      check_stale(page, replacements(page, root, records, figures, defects),
                  defects);
    check_numbers(page, figures, defects);
    check_figure_links(page, defects);
    check_citations(page, defined, defects);
    check_symbols(page, known, defects);
    check_links(page, root, defects);
    check_form(page, defects);
    check_folds(page, defects);
    check_length(page, defects);
    check_escapes(page, defects);
  }
  for (const Page& note : read_notes(root, defects)) {
    check_citations(note, defined, defects);
    check_symbols(note, known, defects);
    check_links(note, root, defects);
    check_escapes(note, defects);
    check_markers_of_note(note, defects);
    check_figure_links(note, defects);
    check_figures_of_note(note, figures, defects);
  }
  check_citations_of_code(root, defined, defects);
  check_figures(pages, root, defects);
  check_summary(pages, defects);
  std::stable_sort(
      defects.begin(), defects.end(), [](const Defect& a, const Defect& b) {
        return std::tie(a.file, a.line) < std::tie(b.file, b.line);
      });
  return defects;
}

}  // namespace book
