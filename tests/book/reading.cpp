#include "tests/book/reading.hpp"

#include <algorithm>
#include <sstream>
#include <string>

namespace book {
namespace {

bool is_read(char c) {
  return is_word(c) || c == '$' || c == '`' ||
         static_cast<unsigned char>(c) >= 0x80;
}

int words_of(const std::string& prose) {
  std::istringstream words(prose);
  int count = 0;
  for (std::string word; words >> word;)
    count += std::any_of(word.begin(), word.end(), is_read) ? 1 : 0;
  return count;
}

bool shows_a_picture(const MarkdownLine& line) {
  return !line.links.empty() && line.links[0].image;
}

}  // namespace

int words_to_read(const Page& page) {
  int words = 0;
  bool folded = false;
  for (const MarkdownLine& line : page.parsed) {
    if (line.fenced) continue;
    if (line.prose == "## The code") break;
    if (line.prose == "<details>") folded = true;
    if (!folded && !shows_a_picture(line)) words += words_of(line.prose);
    if (line.prose == "</details>") folded = false;
  }
  return words;
}

int minutes_to_read(int words) {
  return (words + reading_speed - 1) / reading_speed;
}

void check_length(const Page& page, Defects& defects) {
  if (page.chapter.empty()) return;
  const int minutes = minutes_to_read(words_to_read(page));
  if (minutes > most_minutes)
    defects.push_back({page.file, 1,
                       "takes " + std::to_string(minutes) +
                           " minutes to read, expected at most " +
                           std::to_string(most_minutes) +
                           ": what can be folded away?"});
}

}  // namespace book
