// Keeps the book true: fills the pages from the code and from what the
// programs printed, and says where they are not what they should be.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "common/shell/file.hpp"
#include "tests/book/check.hpp"
#include "tests/book/compare.hpp"
#include "tests/book/figures.hpp"
#include "tests/book/page.hpp"
#include "tests/book/reading.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

constexpr const char* usage =
    "usage: book fill ROOT\n"
    "       book check ROOT\n"
    "       book minutes ROOT\n"
    "       book compare RECORDED FRESH [--tolerant]\n"
    "       book platform\n"
    "\n"
    "fill     rewrites what stands between the markers of "
    "ROOT/book/*.md,\n"
    "         and the numbers of figures\n"
    "check    says what is wrong with the pages, a line each\n"
    "minutes  says how long each chapter's page takes to read\n"
    "compare  holds FRESH.txt and FRESH.report against RECORDED's: byte "
    "by\n"
    "         byte on the reference platform, elsewhere (or if "
    "--tolerant)\n"
    "         the report's values within a tolerance\n"
    "platform prints whether this is the reference platform\n";

int complain(const Defects& defects) {
  for (const Defect& defect : defects)
    std::fprintf(stderr, "%s:%zu: %s\n", defect.file.c_str(), defect.line,
                 defect.what.c_str());
  return defects.empty() ? 0 : 1;
}

int fill(const fs::path& root) {
  Defects defects;
  const Records records(root, defects);
  const std::vector<Page> pages = read_pages(root, defects);
  const FigureNumbers figures(pages);
  for (const Page& page : pages) {
    if (!is_sound(page, defects)) continue;
    const Lines lines =
        replaced(page, replacements(page, root, records, figures, defects));
    if (lines == page.lines) continue;
    cnn::write_file(root / page.file, joined(lines));
    std::printf("filled %s\n", page.file.c_str());
  }
  return complain(defects);
}

int minutes(const fs::path& root) {
  Defects defects;
  for (const Page& page : read_pages(root, defects)) {
    if (page.chapter.empty()) continue;
    const int words = words_to_read(page);
    std::printf("%-26s %5d words %3d minutes\n", page.file.c_str(), words,
                minutes_to_read(words));
  }
  return complain(defects);
}

int check(const fs::path& root) {
  const Defects defects = check_book(root);
  if (!defects.empty())
    std::fputs(
        "the book is not what it should be (./tutorial book renews "
        "what is stale):\n",
        stderr);
  return complain(defects);
}

int compare(const std::string& recorded, const std::string& fresh,
            bool exact) {
  std::vector<std::string> complaints;
  if (exact) {
    for (const char* ending : {".txt", ".report"}) {
      const std::string difference =
          first_difference(recorded + ending, read_text(recorded + ending),
                           read_text(fresh + ending));
      if (!difference.empty()) complaints.push_back(difference);
    }
  } else {
    std::printf(
        "compared with a tolerance, not byte by byte: a report's values\n"
        "may differ by %g in all or by %g %%, and those below %g must "
        "stay\n"
        "below it\n",
        absolute_tolerance, 100 * relative_tolerance, tiny);
    complaints = far_values(recorded + ".report",
                            parse_report(read_text(recorded + ".report")),
                            parse_report(read_text(fresh + ".report")));
  }
  for (const std::string& complaint : complaints)
    std::fprintf(stderr, "%s; ./tutorial book records it anew\n",
                 complaint.c_str());
  return complaints.empty() ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  const std::string command = words.empty() ? "" : words[0];
  if (command == "--help") return std::fputs(usage, stdout) < 0 ? 1 : 0;
  if (command == "fill" && words.size() == 2) return fill(words[1]);
  if (command == "check" && words.size() == 2) return check(words[1]);
  if (command == "minutes" && words.size() == 2) return minutes(words[1]);
  if (command == "platform" && words.size() == 1)
    return std::puts(reference_platform ? "reference" : "another") < 0;
  const bool tolerant = !words.empty() && words.back() == "--tolerant";
  if (command == "compare" && words.size() == (tolerant ? 4u : 3u))
    return compare(words[1], words[2], reference_platform && !tolerant);
  std::fputs(usage, stderr);
  return 2;
}

}  // namespace
}  // namespace book

int main(int argc, char** argv) {
  try {
    return book::run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "book: %s\n", error.what());
    return 1;
  }
}
