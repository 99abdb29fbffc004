#include "tests/book/page.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tests/book/numbers.hpp"
#include "tests/book/select.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

constexpr int widest = 76;  // columns that a listing has on the page

bool opens_a_block(const std::string& marker) {
  return starts_with(marker, "code ") || starts_with(marker, "output ") ||
         marker == "timings" || starts_with(marker, "timings ") ||
         marker == "headlines";
}

// A word or more up to the next blank.
std::string next_word(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == ' ') ++at;
  std::string word;
  while (at < text.size() && text[at] != ' ') word += text[at++];
  return word;
}

bool is_chapter_number(std::string_view word) {
  return word.size() == 2 && is_digit(word[0]) && is_digit(word[1]);
}

Lines taken(const Lines& lines, const Range& range) {
  return Lines(lines.begin() + static_cast<std::ptrdiff_t>(range.begin),
               lines.begin() + static_cast<std::ptrdiff_t>(range.end));
}

Lines fenced(const std::string& language, const Lines& lines) {
  Lines block = {"```" + language};
  for (const std::string& line : lines) {
    if (columns(line) > widest)
      throw std::runtime_error("a line of more than 76 columns: " + line);
    block.push_back(line);
  }
  block.push_back("```");
  return block;
}

std::string language_of(const fs::path& file) {
  if (file.extension() == ".hpp" || file.extension() == ".cpp")
    return "cpp";
  return file.extension() == ".sh" || file.filename() == "tutorial"
             ? "bash"
             : "text";
}

Lines code_block(const std::string& marker, const fs::path& root) {
  std::size_t at = 5;
  const std::string name = next_word(marker, at);
  const bool of_a_chapter = fs::exists(root / "chapters" / name);
  const std::string file = of_a_chapter ? "chapters/" + name : name;
  if (!fs::is_regular_file(root / file))
    throw std::runtime_error("no file " + name);
  const Lines source = split_lines(read_text(root / file));
  const Range range = select(
      source, parse_selection(std::string_view(marker).substr(at)), true);
  Lines block = fenced(language_of(name), dedented(taken(source, range)));
  const std::string first = std::to_string(range.begin + 1);
  const std::string last = std::to_string(range.end);
  const bool one = first == last;
  block.push_back("");
  block.push_back(
      "[`" + name + "`, " +
      (one ? "line " + first : "lines " + first + " to " + last) + "](../" +
      file + "#L" + first + (one ? "" : "-L" + last) + ")");
  return block;
}

Lines output_block(const std::string& marker, const std::string& chapter,
                   const Records& records) {
  std::size_t at = 7, before = at;
  std::string number = chapter;
  std::string word = next_word(marker, at);
  if (is_chapter_number(word)) {
    number = word;
    before = at;
    word = next_word(marker, at);
  }
  const Record& record = records.of(number);
  Lines lines = record.output;
  if (word == "step") {
    const std::string step = next_word(marker, at);
    if (step.empty() || step.size() > 2 ||
        !std::all_of(step.begin(), step.end(), is_digit))
      throw std::runtime_error("expected a number behind step");
    lines = step_of(record, std::stoi(step));
    before = at;
  }
  const Selection selection =
      parse_selection(std::string_view(marker).substr(before));
  return fenced("text",
                dedented(taken(lines, select(lines, selection, false))));
}

std::string value_of(const Report& report, const std::string& name) {
  for (const auto& [key, value] : report)
    if (key == name) return value;
  throw std::runtime_error("no '" + name + "' is recorded");
}

Lines timings_block(const std::string& marker, const std::string& chapter,
                    const Records& records) {
  std::size_t at = 7;
  std::vector<std::string> numbers;
  for (std::string word = next_word(marker, at); !word.empty();
       word = next_word(marker, at))
    numbers.push_back(word);
  if (numbers.empty()) numbers.push_back(chapter);
  Lines lines;
  for (const std::string& number : numbers) {
    const Record& record = records.of(number);
    if (lines.empty())
      lines.push_back("One machine's record, which no test compares (" +
                      value_of(record.timing, "machine") + "):");
    lines.push_back(record.chapter + "  " +
                    value_of(record.timing, "seconds") + " s");
  }
  return fenced("text", lines);
}

std::string padded(const std::string& text, std::size_t width, bool left) {
  const std::string blanks(width - std::min(width, text.size()), ' ');
  return left ? text + blanks : blanks + text;
}

Lines headlines_block(const fs::path& root, const Records& records) {
  const auto row = [](const std::string& name, const std::string& seconds,
                      const std::string& figures,
                      const std::string& headline) {
    return padded(name, 20, true) + " " + padded(seconds, 7, false) + " " +
           padded(figures, 7, false) + "  " + headline;
  };
  Lines lines = {row("chapter", "seconds", "figures", "headline")};
  for (const std::string& chapter : chapters(root)) {
    const Record& record = records.of(chapter.substr(0, 2));
    lines.push_back(row(chapter, value_of(record.timing, "seconds"),
                        value_of(record.report, "figures"),
                        record.report.front().first + " = " +
                            record.report.front().second));
  }
  return fenced("text", lines);
}

Lines expected_block(const Block& block, const Page& page,
                     const fs::path& root, const Records& records) {
  if (starts_with(block.marker, "code"))
    return code_block(block.marker, root);
  if (starts_with(block.marker, "output"))
    return output_block(block.marker, page.chapter, records);
  if (block.marker == "headlines") return headlines_block(root, records);
  return timings_block(block.marker, page.chapter, records);
}

// Sorts out the comments of a page.
void find_blocks(Page& page, Defects& defects) {
  std::set<std::string> seen;
  bool open = false;
  const auto defect = [&](std::size_t line, const std::string& what) {
    defects.push_back({page.file, line + 1, what});
  };
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    if (page.parsed[i].fenced) continue;
    for (const Comment& comment : page.parsed[i].comments) {
      const std::string& marker = comment.text;
      if (opens_a_block(marker)) {
        if (open)
          defect(page.blocks.back().open, "unbalanced: \"" +
                                              page.blocks.back().marker +
                                              "\" has no <!-- end -->");
        if (!seen.insert(marker).second)
          defect(i, "duplicate marker \"" + marker + "\"");
        page.blocks.push_back({marker, i, i});
        open = true;
      } else if (marker == "end") {
        if (!open) defect(i, "unbalanced: <!-- end --> closes nothing");
        if (open) page.blocks.back().end = i;
        open = false;
      } else if (!is_number_marker(comment) &&
                 !starts_with(marker, "constants:")) {
        defect(i, "unknown marker \"" + marker + "\"");
      }
    }
  }
  if (open)
    defect(page.blocks.back().open, "unbalanced: \"" +
                                        page.blocks.back().marker +
                                        "\" has no <!-- end -->");
}

}  // namespace

bool Page::filled(std::size_t line) const {
  return std::any_of(blocks.begin(), blocks.end(), [&](const Block& it) {
    return line > it.open && line < it.end;
  });
}

Page read_page(const fs::path& root, const fs::path& file,
               Defects& defects) {
  Page page;
  page.file = fs::relative(file, root).generic_string();
  const std::string name = file.stem().string();
  if (name.size() > 3 && is_chapter_number(name.substr(0, 2)) &&
      name[2] == '-')
    page.chapter = name.substr(0, 2);
  page.lines = split_lines(read_text(file));
  page.parsed = parse_markdown(page.lines, page.file, defects);
  find_blocks(page, defects);
  return page;
}

std::vector<Page> read_pages(const fs::path& root, Defects& defects) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(root / "book"))
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  if (fs::exists(root / "README.md")) files.push_back(root / "README.md");
  std::vector<Page> pages;
  for (const fs::path& file : files)
    pages.push_back(read_page(root, file, defects));
  return pages;
}

bool is_sound(const Page& page, const Defects& defects) {
  return std::none_of(
      defects.begin(), defects.end(),
      [&](const Defect& defect) { return defect.file == page.file; });
}

std::vector<Replacement> replacements(const Page& page,
                                      const fs::path& root,
                                      const Records& records,
                                      Defects& defects) {
  std::vector<Replacement> all;
  auto block = page.blocks.begin();
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    if (page.parsed[i].fenced || page.filled(i)) continue;
    try {
      const bool opens = block != page.blocks.end() && block->open == i;
      if (opens) {
        const Block& it = *block++;
        all.push_back(
            {it.open + 1, it.end, expected_block(it, page, root, records)});
      } else if (!page.parsed[i].comments.empty()) {
        all.push_back({i,
                       i + 1,
                       {with_numbers(page.lines[i], page.parsed[i],
                                     page.chapter, records)}});
      }
    } catch (const std::runtime_error& error) {
      defects.push_back({page.file, i + 1, error.what()});
    }
  }
  return all;
}

Lines replaced(const Page& page, const std::vector<Replacement>& with) {
  Lines result;
  std::size_t done = 0;
  const auto keep_up_to = [&](std::size_t end) {
    for (; done < end; ++done) result.push_back(page.lines[done]);
  };
  for (const Replacement& replacement : with) {
    keep_up_to(replacement.begin);
    result.insert(result.end(), replacement.lines.begin(),
                  replacement.lines.end());
    done = replacement.end;
  }
  keep_up_to(page.lines.size());
  return result;
}

}  // namespace book
