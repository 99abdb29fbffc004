#include "tests/book/page.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "common/shell/file.hpp"
#include "tests/book/figures.hpp"
#include "tests/book/files.hpp"
#include "tests/book/numbers.hpp"
#include "tests/book/select.hpp"
#include "tests/book/tables.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

constexpr int widest = 76;  // columns that a listing has on the page

bool opens_a_block(const std::string& marker) {
  return starts_with(marker, "code ") || starts_with(marker, "output ") ||
         marker == "timings" || starts_with(marker, "timings ") ||
         marker == "headlines" || marker == "files" ||
         marker == "chapters" || marker == "questions" ||
         marker == "syllabus" || starts_with(marker, "syllabus ");
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

// What belongs into a block, and where it was found.
struct Content {
  Lines lines;
  std::string source;  // "chapters/02-convolution/convolution.hpp:52-71"
};

std::string source_of(const std::string& file, const Range& range) {
  return file + ":" + std::to_string(range.begin + 1) + "-" +
         std::to_string(range.end);
}

Lines taken(const Lines& lines, const Range& range) {
  return Lines(lines.begin() + static_cast<std::ptrdiff_t>(range.begin),
               lines.begin() + static_cast<std::ptrdiff_t>(range.end));
}

Lines fenced(const std::string& language, const Lines& lines) {
  if (lines.empty())
    throw std::runtime_error("the marker selects nothing but blank lines");
  // A fence in the lines must not close the one around them.
  std::string fence = "```";
  for (const std::string& line : lines) {
    if (columns(line) > widest)
      throw std::runtime_error("a line of more than 76 columns: " + line);
    while (line.find(fence) != std::string::npos) fence += "`";
  }
  Lines block = {fence + language};
  block.insert(block.end(), lines.begin(), lines.end());
  block.push_back(fence);
  return block;
}

std::string language_of(const fs::path& file) {
  if (file.extension() == ".hpp" || file.extension() == ".cpp")
    return "cpp";
  if (file.extension() == ".mjs") return "js";
  return file.extension() == ".sh" || file.filename() == "tutorial"
             ? "bash"
             : "text";
}

// [`02-convolution/convolution.hpp`, lines 52 to 71](../...#L52-L71)
std::string link_to(const std::string& name, const fs::path& from_page,
                    const Range& range) {
  const std::string first = std::to_string(range.begin + 1);
  const std::string last = std::to_string(range.end);
  const bool one = first == last;
  return "[`" + name + "`, " +
         (one ? "line " + first : "lines " + first + " to " + last) + "](" +
         from_page.generic_string() + "#L" + first +
         (one ? "" : "-L" + last) + ")";
}

Content code_block(const std::string& marker, const Page& page,
                   const fs::path& root) {
  std::size_t at = 5;
  const std::string name = next_word(marker, at);
  const bool of_a_chapter = fs::exists(root / "chapters" / name);
  const std::string file = of_a_chapter ? "chapters/" + name : name;
  if (!fs::is_regular_file(root / file))
    throw std::runtime_error("no file " + name);
  const Lines source = split_lines(read_text(root / file));
  const Range range =
      select(source, parse_selection(std::string_view(marker).substr(at)),
             true, {0, source.size()});
  Lines block = fenced(language_of(name), dedented(taken(source, range)));
  block.push_back("");
  block.push_back(link_to(
      name,
      fs::path(file).lexically_relative(fs::path(page.file).parent_path()),
      range));
  return {block, source_of(file, range)};
}

Content output_block(const std::string& marker, const std::string& chapter,
                     const Records& records) {
  std::size_t at = 7, before = at;
  std::string number = chapter;
  std::string word = next_word(marker, at);
  if (is_chapter_number(word)) {
    number = word;
    before = at;
    word = next_word(marker, at);
  }
  if (word.empty())
    throw std::runtime_error("\"" + marker + "\" selects nothing");
  const Record& record = records.of(number);
  Range range = {0, record.output.size()};
  if (word == "step") {
    const std::string step = next_word(marker, at);
    if (step.empty() || step.size() > 2 ||
        !std::all_of(step.begin(), step.end(), is_digit))
      throw std::runtime_error("expected a number behind step");
    range = step_of(record, std::stoi(step));
    before = at;
  }
  const Selection selection =
      parse_selection(std::string_view(marker).substr(before));
  if (selection.comment)
    throw std::runtime_error("an output has no comment to take with it");
  range = select(record.output, selection, false, range);
  return {fenced("text", dedented(taken(record.output, range))),
          source_of("book/output/" + record.chapter + ".txt", range)};
}

std::string value_of(const Report& report, const std::string& name) {
  if (const std::string* value = find_value(report, name)) return *value;
  throw std::runtime_error("no '" + name + "' is recorded");
}

// The words of a marker after its first.
std::vector<std::string> words_after(const std::string& marker) {
  std::size_t at = 0;
  next_word(marker, at);
  std::vector<std::string> words;
  for (std::string word = next_word(marker, at); !word.empty();
       word = next_word(marker, at))
    words.push_back(word);
  return words;
}

Content timings_block(const std::string& marker, const std::string& chapter,
                      const Records& records) {
  std::vector<std::string> numbers = words_after(marker);
  if (numbers.empty()) numbers.push_back(chapter);
  const std::string machine =
      value_of(records.of(numbers.front()).timing, "machine");
  Lines lines = {"One machine's record, which no test compares (" +
                 machine + "):"};
  for (const std::string& number : numbers) {
    const Record& record = records.of(number);
    if (value_of(record.timing, "machine") != machine)
      throw std::runtime_error(record.chapter +
                               " was timed on another machine than " +
                               records.of(numbers.front()).chapter);
    lines.push_back(record.chapter + "  " +
                    value_of(record.timing, "seconds") + " s");
  }
  return {fenced("text", lines), marker};
}

std::string padded(const std::string& text, std::size_t width, bool left) {
  const std::string blanks(width - std::min(width, text.size()), ' ');
  return left ? text + blanks : blanks + text;
}

Content headlines_block(const fs::path& root, const Records& records) {
  const auto row = [](const std::string& name, const std::string& seconds,
                      const std::string& figures,
                      const std::string& headline) {
    return padded(name, 20, true) + " " + padded(seconds, 7, false) + " " +
           padded(figures, 7, false) + "  " + headline;
  };
  Lines lines = {row("chapter", "seconds", "figures", "headline")};
  for (const std::string& chapter : chapters(root)) {
    const Record& record = records.of(chapter.substr(0, 2));
    const auto headline = std::find_if(
        record.report.begin(), record.report.end(),
        [](const auto& entry) { return entry.first != "figures"; });
    lines.push_back(row(chapter, value_of(record.timing, "seconds"),
                        value_of(record.report, "figures"),
                        headline == record.report.end()
                            ? ""
                            : headline->first + " = " + headline->second));
  }
  return {fenced("text", lines), "headlines"};
}

Content content_of(const Block& block, const Page& page,
                   const fs::path& root, const Records& records) {
  if (starts_with(block.marker, "code"))
    return code_block(block.marker, page, root);
  if (starts_with(block.marker, "output"))
    return output_block(block.marker, page.chapter, records);
  if (block.marker == "files")
    return {files_of(root, page.chapter), block.marker};
  if (block.marker == "headlines") return headlines_block(root, records);
  if (block.marker == "chapters")
    return {chapters_table(root, page.file), block.marker};
  if (block.marker == "questions")
    return {questions_table(root, page.file), block.marker};
  if (starts_with(block.marker, "syllabus"))
    return {
        syllabus_table(root, page.file, records, words_after(block.marker)),
        block.marker};
  return timings_block(block.marker, page.chapter, records);
}

bool is_alone(const std::string& line, const Comment& comment) {
  return trimmed(line.substr(0, comment.begin)).empty() &&
         trimmed(line.substr(comment.end)).empty();
}

// Sorts out the comments of a page.
class BlockFinder {
 public:
  BlockFinder(Page& page, Defects& defects)
      : page_(page), defects_(defects) {}

  void find() {
    for (std::size_t i = 0; i < page_.lines.size(); ++i) {
      if (page_.parsed[i].fenced) continue;
      for (const Comment& comment : page_.parsed[i].comments)
        sort_out(comment, i);
    }
    if (open_) not_closed();
  }

 private:
  void sort_out(const Comment& comment, std::size_t line) {
    const std::string& marker = comment.text;
    const bool opens = opens_a_block(marker), ends = marker == "end";
    if ((opens || ends) && !is_alone(page_.lines[line], comment))
      return defect(
          line, "the marker \"" + marker + "\" needs a line of its own");
    if (opens) {
      if (open_) not_closed();
      page_.blocks.push_back({marker, line, line});
      open_ = true;
    } else if (ends) {
      if (!open_)
        return defect(line, "unbalanced: <!-- end --> closes nothing");
      page_.blocks.back().end = line;
      open_ = false;
    } else if (!is_number_marker(comment) &&
               !starts_with(marker, "constants:") &&
               !starts_with(marker, "chapter:")) {
      defect(line, "unknown marker \"" + marker + "\"");
    }
  }

  void not_closed() {
    const Block& block = page_.blocks.back();
    defect(block.open,
           "unbalanced: \"" + block.marker + "\" has no <!-- end -->");
  }

  void defect(std::size_t line, const std::string& what) {
    defects_.push_back({page_.file, line + 1, what});
  }

  Page& page_;
  Defects& defects_;
  bool open_ = false;
};

}  // namespace

bool Page::filled(std::size_t line) const {
  return std::any_of(blocks.begin(), blocks.end(), [&](const Block& it) {
    return line > it.open && line < it.end;
  });
}

Page read_page(const fs::path& root, const fs::path& file,
               Defects& defects) {
  Page page;
  const fs::path way = file.lexically_relative(root);
  page.file = way.generic_string();
  for (const fs::path& part : way) {  // a page's name or a chapter's folder
    const std::string name = part.stem().string();
    if (name.size() > 3 && is_chapter_number(name.substr(0, 2)) &&
        name[2] == '-')
      page.chapter = name.substr(0, 2);
  }
  page.lines = split_lines(read_text(file));
  page.parsed = parse_markdown(page.lines, page.file, defects);
  BlockFinder(page, defects).find();
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

std::vector<Page> read_notes(const fs::path& root, Defects& defects) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(root / "chapters"))
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Page> notes;
  for (const fs::path& file : files)
    notes.push_back(read_page(root, file, defects));
  return notes;
}

bool is_sound(const Page& page, const Defects& defects) {
  return std::none_of(
      defects.begin(), defects.end(),
      [&](const Defect& defect) { return defect.file == page.file; });
}

std::vector<Replacement> replacements(const Page& page,
                                      const fs::path& root,
                                      const Records& records,
                                      const FigureNumbers& numbers,
                                      Defects& defects) {
  const FigureLines figures(page, numbers);
  std::vector<Replacement> all;
  std::map<std::string, std::size_t> seen;  // source, and the line it is in
  const auto fill = [&](const Block& block) {
    const Content content = content_of(block, page, root, records);
    all.push_back({block.open + 1, block.end, content.lines});
    const auto [it, first] = seen.emplace(content.source, block.open + 1);
    if (!first)
      throw std::runtime_error("duplicate: " + content.source +
                               " stands in line " +
                               std::to_string(it->second) + " already");
  };
  auto block = page.blocks.begin();
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    if (page.parsed[i].fenced || page.filled(i)) continue;
    try {
      if (block != page.blocks.end() && block->open == i) {
        fill(*block++);
        continue;
      }
      const std::string line = with_numbers(page.lines[i], page.parsed[i],
                                            page.chapter, records);
      all.push_back({i, i + 1, figures.of(i, line)});
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

std::vector<std::string> fill_pages(const fs::path& root,
                                    Defects& defects) {
  const Records records(root, defects);
  const std::vector<Page> pages = read_pages(root, defects);
  const FigureNumbers figures(pages);
  std::vector<std::string> filled;
  for (const Page& page : pages) {
    if (!is_sound(page, defects)) continue;
    const Lines lines =
        replaced(page, replacements(page, root, records, figures, defects));
    if (lines == page.lines) continue;
    cnn::write_file(root / page.file, joined(lines));
    filled.push_back(page.file);
  }
  return filled;
}

}  // namespace book
