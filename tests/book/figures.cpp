#include "tests/book/figures.hpp"

#include <filesystem>
#include <string_view>

namespace book {
namespace {

namespace fs = std::filesystem;

const std::string opening = "**Figure ", closing = ".** ";

// "figures/04-backprop/chain.svg" of a link in a page; "" of another one.
std::string picture_of(const Link& link, const std::string& page_file) {
  const std::string file = (fs::path(page_file).parent_path() / link.target)
                               .lexically_normal()
                               .generic_string();
  const bool drawn =
      starts_with(file, "figures/") && !fs::path(file).extension().empty();
  return drawn ? file : "";
}

// The picture of the figure that a link names: its text is "figure" or
// "Figure", alone or with a number behind it. "" of another link.
std::string picture_named(const Link& link, const std::string& page_file) {
  if (link.image || link.text.size() < 6) return "";
  const std::string_view rest = std::string_view(link.text).substr(6);
  const bool names =
      (starts_with(link.text, "figure") ||
       starts_with(link.text, "Figure")) &&
      rest.find_first_not_of(" .0123456789") == std::string_view::npos;
  return names ? picture_of(link, page_file) : "";
}

bool is_picture(const MarkdownLine& line) {
  return !line.fenced && line.links.size() == 1 && line.links[0].image &&
         line.prose == "![" + line.links[0].text + "]";
}

// Whether the paragraph below a picture is its caption.
bool is_caption(std::string_view line) {
  if (starts_with(line, opening)) return true;
  return line.size() > 2 && line.front() == '*' && line[1] != '*' &&
         line.back() == '*';
}

// A caption in italics without what stands before it, or nothing.
std::string own_words(const std::string& caption) {
  std::string words = caption;
  if (starts_with(words, opening)) {
    const std::size_t end = words.find(trimmed(closing), opening.size());
    words = end == std::string::npos
                ? ""
                : trimmed(words.substr(end + closing.size() - 1));
  }
  return starts_with(words, "*") ? words : "";
}

std::string as_sentence(const std::string& text) {
  const bool ends =
      text.empty() ||
      std::string_view(".?!").find(text.back()) != std::string_view::npos;
  return ends ? text : text + ".";
}

// A line with the number of each figure that it names.
std::string with_figures(const std::string& text, const Page& page,
                         const FigureNumbers& numbers) {
  Defects ignored;
  const MarkdownLine parsed = parse_markdown({text}, "", ignored)[0];
  std::string result;
  std::size_t done = 0;
  for (const Link& link : parsed.links) {
    const std::string picture = picture_named(link, page.file);
    if (picture.empty()) continue;
    const std::string number = numbers.of(picture, page.file);
    if (number.empty()) continue;  // nobody shows it: a defect by itself
    result += text.substr(done, link.begin - done) +
              link.text.substr(0, 6) + " " + number;
    done = link.end;
  }
  return result + text.substr(done);
}

}  // namespace

std::vector<Figure> figures_of(const Page& page) {
  std::vector<Figure> figures;
  if (!starts_with(page.file, "book/")) return figures;
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    if (!is_picture(page.parsed[i]) || page.filled(i)) continue;
    Figure figure;
    figure.picture = picture_of(page.parsed[i].links[0], page.file);
    figure.number = (page.chapter.empty()
                         ? ""
                         : std::to_string(std::stoi(page.chapter)) + ".") +
                    std::to_string(figures.size() + 1);
    figure.line = i;
    if (i + 2 < page.lines.size() && trimmed(page.lines[i + 1]).empty() &&
        !page.parsed[i + 2].fenced && is_caption(page.lines[i + 2]))
      figure.caption = i + 2;
    figures.push_back(figure);
  }
  return figures;
}

FigureNumbers::FigureNumbers(const std::vector<Page>& pages) {
  for (const Page& page : pages)
    for (const Figure& figure : figures_of(page)) {
      of_page_.emplace(std::pair(page.file, figure.picture), figure.number);
      if (!page.chapter.empty())
        of_picture_.emplace(figure.picture, figure.number);
    }
}

std::string FigureNumbers::of(const std::string& picture,
                              const std::string& page_file) const {
  const std::string chapter =
      fs::path(picture).parent_path().filename().string();
  for (const std::string& page : {page_file, "book/" + chapter + ".md"})
    if (const auto it = of_page_.find({page, picture});
        it != of_page_.end())
      return it->second;
  const auto other = of_picture_.find(picture);
  return other == of_picture_.end() ? "" : other->second;
}

FigureLines::FigureLines(const Page& page, const FigureNumbers& numbers)
    : page_(page), numbers_(numbers) {
  for (const Figure& figure : figures_of(page)) {
    by_picture_[figure.line] = figure;
    if (figure.caption > 0) by_caption_[figure.caption] = figure;
  }
}

Lines FigureLines::of(std::size_t line, const std::string& text) const {
  const auto caption = [&](const Figure& figure, const std::string& words) {
    const std::string alt = page_.parsed[figure.line].links[0].text;
    return opening + figure.number + closing +
           (words.empty() ? as_sentence(alt) : words);
  };
  const std::string filled = with_figures(text, page_, numbers_);
  if (const auto it = by_caption_.find(line); it != by_caption_.end())
    return {caption(it->second, own_words(filled))};
  if (const auto it = by_picture_.find(line);
      it != by_picture_.end() && it->second.caption == 0)
    return {filled, "", caption(it->second, "")};
  return {filled};
}

bool FigureLines::counts_a_figure(std::size_t line, std::size_t at) const {
  if (by_caption_.count(line) > 0 && at == opening.size() &&
      starts_with(page_.parsed[line].prose, opening))
    return true;
  for (const Link& link : page_.parsed[line].links)
    if (at > link.at && at < link.at + link.text.size() &&
        !picture_named(link, page_.file).empty())
      return true;
  return false;
}

void check_figure_links(const Page& page, Defects& defects) {
  if (page.chapter.empty()) return;
  for (std::size_t i = 0; i < page.parsed.size(); ++i)
    for (const Link& link : page.parsed[i].links) {
      const std::string picture = picture_named(link, page.file);
      if (!picture.empty() && picture.substr(8, 2) > page.chapter)
        defects.push_back(
            {page.file, i + 1,
             "a figure of a later chapter is named: " + link.target});
    }
}

}  // namespace book
