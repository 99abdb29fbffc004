#include "tests/book/check.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>

#include "tests/book/numbers.hpp"

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

std::string tag_of(const std::string& formula) {
  const std::size_t begin = formula.find("\\tag{");
  if (begin == std::string::npos) return "";
  const std::size_t end = formula.find('}', begin);
  return formula.substr(begin + 5, end - begin - 5);
}

std::set<std::string> defined_equations(const std::vector<Page>& pages,
                                        Defects& defects) {
  std::set<std::string> defined;
  for (const Page& page : pages)
    for (std::size_t i = 0; i < page.parsed.size(); ++i)
      for (const std::string& formula : page.parsed[i].formulas) {
        const std::string tag = tag_of(formula);
        if (tag.empty()) continue;
        if (!defined.insert(tag).second)
          defects.push_back(
              {page.file, i + 1, "equation (" + tag + ") defined twice"});
        if (!page.chapter.empty() &&
            chapter_of_equation(tag) != std::stoi(page.chapter))
          defects.push_back({page.file, i + 1,
                             "equation (" + tag + ") of another chapter"});
      }
  return defined;
}

void check_citations(const Page& page, const std::set<std::string>& defined,
                     Defects& defects) {
  for (std::size_t i = 0; i < page.parsed.size(); ++i)
    for (const Citation& it : citations(page.parsed[i].prose)) {
      if (defined.count(it.number) == 0)
        defects.push_back(
            {page.file, i + 1,
             "equation (" + it.number + ") is cited but not defined"});
      else if (!page.chapter.empty() &&
               chapter_of_equation(it.number) > std::stoi(page.chapter))
        defects.push_back(
            {page.file, i + 1,
             "equation (" + it.number + ") of a later chapter is cited"});
    }
}

// Comments and texts of the code name equations, too.
void check_citations_of_code(const fs::path& root,
                             const std::set<std::string>& defined,
                             Defects& defects) {
  std::vector<fs::path> files;
  for (const char* folder : {"chapters", "common"})
    for (const auto& entry :
         fs::recursive_directory_iterator(root / folder))
      if (entry.path().extension() == ".hpp" ||
          entry.path().extension() == ".cpp")
        files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const Lines lines = split_lines(read_text(file));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::size_t words =
          std::min(lines[i].find("//"), lines[i].find('"'));
      for (const Citation& it : citations(lines[i]))
        if (it.at > words && words != std::string::npos &&
            defined.count(it.number) == 0)
          defects.push_back(
              {fs::relative(file, root).generic_string(), i + 1,
               "equation (" + it.number + ") is cited but not defined"});
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
        for (const std::string& name : symbols_of(
                 std::string_view(cell).substr(at + 1, end - at - 1)))
          known.insert(name);
        at = end;
      }
    }
  }
  return known;
}

void check_symbols(const Page& page, const std::set<std::string>& known,
                   Defects& defects) {
  std::set<std::string> complained;
  for (std::size_t i = 0; i < page.parsed.size(); ++i)
    for (const std::string& formula : page.parsed[i].formulas)
      for (const std::string& name : symbols_of(formula))
        if (known.count(name) == 0 && complained.insert(name).second)
          defects.push_back(
              {page.file, i + 1,
               "the symbol " + name + " is not in book/notation.md"});
}

// ---- Links and figures -------------------------------------------------

std::set<std::string> anchors_of(const fs::path& page) {
  std::set<std::string> anchors;
  for (const std::string& line : split_lines(read_text(page)))
    if (starts_with(line, "#"))
      anchors.insert(slug(
          line.substr(std::min(line.find_first_not_of('#'), line.size()))));
  return anchors;
}

std::string link_defect(const Link& link, const fs::path& folder,
                        const fs::path& page, bool generated) {
  if (link.image && trimmed(link.text).empty())
    return "the image " + link.target + " has no text that says what it is";
  if (starts_with(link.target, "http://") ||
      starts_with(link.target, "https://"))
    return "";
  const std::size_t sign = link.target.find('#');
  const std::string path = link.target.substr(0, sign);
  const fs::path file = path.empty() ? page : folder / path;
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
  const fs::path file = root / page.file;
  for (std::size_t i = 0; i < page.parsed.size(); ++i)
    for (const Link& link : page.parsed[i].links) {
      const std::string what =
          link_defect(link, file.parent_path(), file, page.filled(i));
      if (!what.empty()) defects.push_back({page.file, i + 1, what});
    }
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
  for (const std::string& chapter : chapters(root)) {
    const fs::path folder = root / "figures" / chapter;
    if (!fs::exists(folder)) continue;
    std::vector<fs::path> figures;
    for (const auto& entry : fs::directory_iterator(folder))
      figures.push_back(entry.path());
    std::sort(figures.begin(), figures.end());
    for (const fs::path& figure : figures)
      if (shown.count(figure.lexically_normal()) == 0)
        defects.push_back({"book/" + chapter + ".md", 1,
                           fs::relative(figure, root).generic_string() +
                               " is shown on no page"});
  }
}

// ---- The rest ----------------------------------------------------------

bool only_comments(const MarkdownLine& line) {
  return std::all_of(line.prose.begin(), line.prose.end(),
                     [](char c) { return c == comment_sign || c == ' '; });
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

void check_records(const fs::path& root, Defects& defects) {
  std::set<std::string> names;
  for (const std::string& chapter : chapters(root)) {
    names.insert(chapter);
    for (const char* ending : {".txt", ".report"})
      if (!fs::exists(root / "book" / "output" / (chapter + ending)))
        defects.push_back({"book/output/" + chapter + ending, 1,
                           "is missing: ./tutorial book records it"});
  }
  if (!fs::exists(root / "book" / "output")) return;
  for (const auto& entry : fs::directory_iterator(root / "book" / "output"))
    if (names.count(entry.path().stem().string()) == 0)
      defects.push_back({fs::relative(entry.path(), root).generic_string(),
                         1, "unused: no chapter has this name"});
}

}  // namespace

void check_stale(const Page& page, const std::vector<Replacement>& expected,
                 Defects& defects) {
  for (const Replacement& it : expected) {
    const std::size_t have = it.end - it.begin;
    for (std::size_t i = 0; i < std::max(have, it.lines.size()); ++i) {
      const std::string is =
          i < have ? page.lines[it.begin + i] : "(nothing)";
      const std::string should =
          i < it.lines.size() ? it.lines[i] : "(nothing)";
      if (is == should) continue;
      defects.push_back({page.file, it.begin + std::min(i, have) + 1,
                         "stale: the page has\n  " + is +
                             "\nbut its source has\n  " + should});
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
      std::string rest = comment.text.substr(10) + " ";
      std::string word;
      for (const char c : rest) {
        if (c != ' ') word += c;
        if (c == ' ' && !word.empty()) {
          constants[word] = i;
          word.clear();
        }
      }
    }
  return constants;
}

bool looks_printed(const Number& number, std::string_view behind) {
  const auto digits =
      std::count_if(number.text.begin(), number.text.end(), is_digit);
  return digits >= 3 || number.decimals() > 0 || starts_with(behind, "%") ||
         starts_with(behind, " %");
}

}  // namespace

void check_numbers(const Page& page, Defects& defects) {
  const std::map<std::string, std::size_t> constants = constants_of(page);
  std::set<std::string> used;
  for (std::size_t i = 0; i < page.parsed.size(); ++i) {
    if (page.parsed[i].fenced || page.filled(i)) continue;
    const std::string& prose = page.parsed[i].prose;
    std::set<std::size_t> cited;
    for (const Citation& it : citations(prose)) cited.insert(it.at + 1);
    std::size_t comment = 0;
    for (std::size_t at = 0; at < prose.size();) {
      if (prose[at] == comment_sign) ++comment;
      const bool begins =
          is_digit(prose[at]) && (at == 0 || !is_word(prose[at - 1]));
      if (!begins) {
        ++at;
        continue;
      }
      const Number number = *number_at(prose, at);
      std::size_t end = at + number.text.size();
      const bool word = end < prose.size() && is_letter(prose[end]);
      std::size_t mark = end;
      while (mark < prose.size() && prose[mark] == ' ') ++mark;
      mark = mark < prose.size() && prose[mark] == '%' ? mark + 1 : end;
      const bool marked =
          mark < prose.size() && prose[mark] == comment_sign &&
          is_number_marker(page.parsed[i].comments[comment]);
      const auto behind = std::string_view(prose).substr(end);
      if (!marked && !word && cited.count(at) == 0 &&
          looks_printed(number, behind)) {
        if (constants.count(number.text) > 0)
          used.insert(number.text);
        else
          defects.push_back(
              {page.file, i + 1,
               number.text + " has no marker: where was it printed?"});
      }
      at = end;
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
  const Records records(root);
  const std::vector<Page> pages = read_pages(root, defects);
  const std::set<std::string> defined = defined_equations(pages, defects);
  const std::set<std::string> known = known_symbols(pages);
  for (const Page& page : pages) {
    if (is_sound(page, defects))
      check_stale(page, replacements(page, root, records, defects),
                  defects);
    check_numbers(page, defects);
    check_citations(page, defined, defects);
    check_symbols(page, known, defects);
    check_links(page, root, defects);
    check_form(page, defects);
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
