#include "tests/book/files.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <vector>

namespace book {
namespace {

namespace fs = std::filesystem;

// The first sentence of the comment at a file's top.
std::string first_sentence(const fs::path& file) {
  std::string comment;
  for (const std::string& line : split_lines(read_text(file))) {
    if (!starts_with(line, "//") || starts_with(line, "// Book:")) break;
    comment += line.substr(2);
  }
  comment = trimmed(comment);
  int brackets =
      0;  // no sentence ends inside them: "(Pearson et al. 1901)"
  for (std::size_t end = 0; end < comment.size(); ++end) {
    brackets += comment[end] == '(';
    brackets -= comment[end] == ')';
    if (comment[end] == '.' && brackets == 0 &&
        (end + 1 == comment.size() || comment[end + 1] == ' '))
      return comment.substr(0, end + 1);
  }
  throw std::runtime_error(file.filename().string() +
                           " begins with no comment that says what it is");
}

// The files of the folder's chapter that a file includes.
std::vector<fs::path> included(const fs::path& folder,
                               const fs::path& file) {
  const std::string start =
      "#include \"" + folder.filename().string() + "/";
  std::vector<fs::path> files;
  for (const std::string& line : split_lines(read_text(file)))
    if (starts_with(line, start) && line.back() == '"')
      files.push_back(folder / line.substr(start.size(),
                                           line.size() - start.size() - 1));
  return files;
}

// Puts a file behind all that it includes.
void append(const fs::path& folder, const fs::path& file,
            std::set<fs::path>& seen, std::vector<fs::path>& order) {
  if (!fs::exists(file) || !seen.insert(file).second) return;
  for (const fs::path& lower : included(folder, file))
    append(folder, lower, seen, order);
  order.push_back(file);
}

std::vector<fs::path> in_order(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".hpp" ||
        entry.path().extension() == ".cpp")
      all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  std::set<fs::path> seen;
  std::vector<fs::path> order;
  for (const fs::path& file : all)
    if (file.filename() != "main.cpp") append(folder, file, seen, order);
  append(folder, folder / "main.cpp", seen, order);
  return order;
}

std::string link(const fs::path& file) {
  const std::string name = file.filename().string();
  return "[`" + name + "`](../chapters/" +
         file.parent_path().filename().string() + "/" + name + ")";
}

}  // namespace

Lines files_of(const fs::path& root, const std::string& chapter) {
  fs::path folder;
  for (const auto& entry : fs::directory_iterator(root / "chapters"))
    if (starts_with(entry.path().filename().string(), chapter + "-"))
      folder = entry.path();
  if (chapter.empty() || folder.empty())
    throw std::runtime_error("no chapter's page, so no files to list");
  Lines lines;
  for (const fs::path& file : in_order(folder)) {
    const fs::path body = fs::path(file).replace_extension(".cpp");
    const fs::path head = fs::path(file).replace_extension(".hpp");
    if (file == body && fs::exists(head)) continue;  // stands with its head
    lines.push_back(
        "- " + link(file) +
        (file == head && fs::exists(body) ? ", " + link(body) : "") + ": " +
        first_sentence(file));
  }
  return lines;
}

}  // namespace book
