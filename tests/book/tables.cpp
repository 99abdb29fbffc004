#include "tests/book/tables.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "tests/book/markdown.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

struct Chapter {
  std::string name;   // "02-convolution", of page and folder
  std::string title;  // "02 Convolution"
  std::string adds, question, files;
};

// The three parts of the page's <!-- chapter: a | b | c -->.
std::vector<std::string> parts_of(const fs::path& root,
                                  const std::string& page) {
  const std::string opening = "<!-- chapter:";
  std::vector<std::string> parts;
  for (const std::string& line : split_lines(read_text(root / page))) {
    if (!starts_with(line, opening)) continue;
    if (!parts.empty())
      throw std::runtime_error(page + " has two lines <!-- chapter: -->");
    const std::string text =
        line.substr(opening.size(), line.rfind("-->") - opening.size());
    std::size_t begin = 0;
    for (std::size_t bar; (bar = text.find('|', begin)) < text.size();
         begin = bar + 1)
      parts.push_back(trimmed(text.substr(begin, bar - begin)));
    parts.push_back(trimmed(text.substr(begin)));
  }
  if (parts.size() != 3 || parts[0].empty() || parts[1].empty())
    throw std::runtime_error(
        page +
        " needs a line <!-- chapter: WHAT IT ADDS | QUESTION | FILES -->");
  return parts;
}

// The chapters' pages in the order of the list.
std::vector<Chapter> listed_chapters(const fs::path& root) {
  const std::string list = "book/SUMMARY.md";
  Defects ignored;
  std::vector<Chapter> all;
  for (const MarkdownLine& line :
       parse_markdown(split_lines(read_text(root / list)), list, ignored))
    for (const Link& link : line.links) {
      const std::string& file = link.target;  // "02-convolution.md"
      if (file.size() < 7 || !is_digit(file[0]) || !is_digit(file[1]) ||
          file[2] != '-')
        continue;
      const auto parts = parts_of(root, "book/" + file);
      all.push_back({fs::path(file).stem().string(),
                     file.substr(0, 2) + " " + link.text, parts[0],
                     parts[1], parts[2]});
    }
  if (all.empty()) throw std::runtime_error(list + " lists no chapter");
  return all;
}

std::string link_from(const std::string& page, const std::string& text,
                      const std::string& file) {
  const fs::path folder = fs::path(page).parent_path();
  return "[" + text + "](" +
         fs::path(file).lexically_relative(folder).generic_string() + ")";
}

std::string exercises_of(const fs::path& root, const std::string& page,
                         const std::string& chapter) {
  if (!fs::exists(root / chapter / "exercises")) return "";
  return link_from(page, "stubs", chapter + "/exercises") + ", " +
         link_from(page, "solutions", chapter + "/solutions/solutions.md");
}

}  // namespace

Lines chapters_table(const fs::path& root, const std::string& page) {
  Lines rows = {
      "| chapter | what it adds | code | program | figures | exercises |",
      "|---|---|---|---|---|---|"};
  for (const Chapter& it : listed_chapters(root)) {
    const std::string chapter = "chapters/" + it.name;
    std::string code;
    for (std::size_t at = 0, end; at < it.files.size(); at = end + 1) {
      end = std::min(it.files.find(' ', at), it.files.size());
      const std::string file = it.files.substr(at, end - at);
      if (file.empty()) continue;
      const bool of_the_root = file.find('/') != std::string::npos;
      code += (code.empty() ? "" : ", ") +
              link_from(page, fs::path(file).filename().string(),
                        of_the_root ? file : chapter + "/" + file);
    }
    rows.push_back(
        "| " + link_from(page, it.title, "book/" + it.name + ".md") +
        " | " + it.adds + " | " + code + " | " +
        link_from(page, "main.cpp", chapter + "/main.cpp") + " | " +
        link_from(page, "figures", "figures/" + it.name) + " | " +
        exercises_of(root, page, chapter) + " |");
  }
  return rows;
}

Lines questions_table(const fs::path& root, const std::string& page) {
  Lines rows = {"| chapter | question |", "|---|---|"};
  for (const Chapter& it : listed_chapters(root))
    rows.push_back("| " +
                   link_from(page, it.title, "book/" + it.name + ".md") +
                   " | " + it.question + " |");
  return rows;
}

}  // namespace book
