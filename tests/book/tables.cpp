#include "tests/book/tables.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include "tests/book/markdown.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

struct Chapter {
  std::string name;   // "02-convolution", of page and folder
  std::string title;  // "02 Convolution"
  std::string page;   // "book/02-convolution.md"
  Lines lines;        // of the page
  std::string adds, question, files;
};

// The three parts of the page's <!-- chapter: a | b | c -->.
std::vector<std::string> parts_of(const Lines& lines,
                                  const std::string& page) {
  const std::string opening = "<!-- chapter:";
  std::vector<std::string> parts;
  for (const std::string& line : lines) {
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
      const std::string page = "book/" + file;
      const Lines lines = split_lines(read_text(root / page));
      const auto parts = parts_of(lines, page);
      all.push_back({fs::path(file).stem().string(),
                     file.substr(0, 2) + " " + link.text, page, lines,
                     parts[0], parts[1], parts[2]});
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

// ---- How long a chapter takes ------------------------------------------

// What stands behind `start` up to one of the `ends`.
std::string between(const std::string& text, const std::string& start,
                    const std::string& ends) {
  const std::size_t begin = text.find(start) + start.size();
  return text.substr(begin, text.find_first_of(ends, begin) - begin);
}

// What a page says at its top of the time that it takes and of what its
// reader can do afterwards.
struct Promise {
  int minutes = 0;
  std::string afterwards;
};

Promise promise_of(const Chapter& chapter) {
  const std::string can = " Afterwards you can ";
  for (const std::string& line : chapter.lines) {
    if (!starts_with(line, "*About ") || line.back() != '*') continue;
    const std::size_t at = line.find(can);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + can.size();
    return {minutes_in(between(line, "*About ", ".,")),
            line.substr(begin, line.size() - 2 - begin)};
  }
  throw std::runtime_error(
      chapter.page +
      " needs a line *About half an hour. Afterwards you can ...*");
}

// The exercises of a page, and those that leave the time open.
struct Work {
  int exercises = 0, open = 0, minutes = 0;
};

// "1. *By hand, ten minutes.* **Its name.** ..." in the section Exercises,
// up to the hints.
Work work_of(const Chapter& chapter) {
  Work work;
  bool inside = false;
  for (const std::string& line : chapter.lines) {
    if (starts_with(line, "## "))
      inside = line == "## Exercises";
    else if (starts_with(line, "<details"))
      inside = false;
    if (!inside || line.empty() || !is_digit(line[0])) continue;
    const std::string grade = between(line, ". *", "*");
    const std::size_t comma = grade.find(", ");
    ++work.exercises;
    if (starts_with(grade, "Open-ended"))
      ++work.open;
    else if (comma < grade.size() && grade.back() == '.')
      work.minutes +=
          minutes_in(grade.substr(comma + 2, grade.size() - comma - 3));
    else
      throw std::runtime_error(chapter.page +
                               ": expected an exercise that begins "
                               "\"1. *By hand, ten minutes.*\", got " +
                               line.substr(0, 40));
  }
  return work;
}

std::string work_text(const Work& work) {
  const int timed = work.exercises - work.open;
  std::string text;
  if (timed > 0)
    text = std::to_string(timed) + " in " + hours_text(work.minutes);
  if (work.open > 0)
    text += (text.empty() ? "" : ", ") + std::to_string(work.open) +
            " open-ended";
  return text;
}

int seconds_of(const Records& records, const std::string& number) {
  const Report& timing = records.of(number).timing;
  if (const std::string* value = find_value(timing, "seconds"))
    return std::stoi(*value);
  throw std::runtime_error("the program of chapter " + number +
                           " was not timed");
}

std::string seconds_text(int seconds) {
  if (seconds == 0) return "under 1 s";
  return seconds < 120 ? std::to_string(seconds) + " s"
                       : hours_text((seconds + 30) / 60);
}

}  // namespace

int minutes_in(const std::string& words) {
  static const std::map<std::string, int> known = {
      {"five minutes", 5},     {"ten minutes", 10},
      {"fifteen minutes", 15}, {"a quarter of an hour", 15},
      {"twenty minutes", 20},  {"half an hour", 30},
      {"thirty minutes", 30},  {"forty minutes", 40},
      {"fifty minutes", 50},   {"three quarters of an hour", 45},
      {"an hour", 60},         {"an hour and a half", 90},
      {"two hours", 120}};
  const auto found = known.find(words);
  if (found == known.end())
    throw std::runtime_error("'" + words +
                             "' is no time such as half an hour");
  return found->second;
}

std::string hours_text(int minutes) {
  const std::string rest = std::to_string(minutes % 60) + " min";
  if (minutes < 60) return rest;
  return std::to_string(minutes / 60) + " h" +
         (minutes % 60 == 0 ? "" : " " + rest);
}

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
    rows.push_back("| " + link_from(page, it.title, it.page) + " | " +
                   it.adds + " | " + code + " | " +
                   link_from(page, "main.cpp", chapter + "/main.cpp") +
                   " | " +
                   link_from(page, "figures", "figures/" + it.name) +
                   " | " + exercises_of(root, page, chapter) + " |");
  }
  return rows;
}

Lines questions_table(const fs::path& root, const std::string& page) {
  Lines rows = {"| chapter | question |", "|---|---|"};
  for (const Chapter& it : listed_chapters(root))
    rows.push_back("| " + link_from(page, it.title, it.page) + " | " +
                   it.question + " |");
  return rows;
}

Lines syllabus_table(const fs::path& root, const std::string& page,
                     const Records& records,
                     const std::vector<std::string>& numbers) {
  const bool whole = numbers.empty();
  const std::string last = whole ? " afterwards you can |" : "";
  Lines rows = {
      "| chapter | to read | its program | its exercises |" + last,
      std::string("|---|---|---|---|") + (whole ? "---|" : "")};
  int minutes = 0, seconds = 0;
  Work all;
  std::size_t listed = 0;
  for (const Chapter& it : listed_chapters(root)) {
    const std::string number = it.name.substr(0, 2);
    if (!whole &&
        std::find(numbers.begin(), numbers.end(), number) == numbers.end())
      continue;
    ++listed;
    const Promise promise = promise_of(it);
    const Work work = work_of(it);
    const int its_seconds = seconds_of(records, number);
    minutes += promise.minutes;
    seconds += its_seconds;
    all.exercises += work.exercises;
    all.open += work.open;
    all.minutes += work.minutes;
    rows.push_back("| " + link_from(page, it.title, it.page) + " | " +
                   hours_text(promise.minutes) + " | " +
                   seconds_text(its_seconds) + " | " + work_text(work) +
                   " |" + (whole ? " " + promise.afterwards + " |" : ""));
  }
  if (!whole && listed != numbers.size())
    throw std::runtime_error("expected numbers of chapters, each once");
  rows.push_back("| **together** | **" + hours_text(minutes) + "** | **" +
                 seconds_text(seconds) + "** | **" + work_text(all) +
                 "** |" + (whole ? "  |" : ""));
  return rows;
}

}  // namespace book
