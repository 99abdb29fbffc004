// What goes to standard output and standard error, in a pipe and on a
// terminal (a pseudo-terminal whose other end the test reads).
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

#include "tests/catch.hpp"
#include "tests/no_numbers.hpp"

#ifndef _WIN32

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace {

using cnn::Progress;
using cnn::Tensor;

// While it lives, sends what is written to a stream's descriptor to another
// descriptor.
class Redirection {
 public:
  Redirection(std::FILE* stream, int target)
      : stream_(stream), kept_(dup(fileno(stream))) {
    std::fflush(stream_);
    dup2(target, fileno(stream_));
  }
  ~Redirection() {
    std::fflush(stream_);
    dup2(kept_, fileno(stream_));
    close(kept_);
  }
  Redirection(const Redirection&) = delete;
  Redirection& operator=(const Redirection&) = delete;

 private:
  std::FILE* stream_;
  int kept_;
};

std::string content(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (int letter; (letter = std::fgetc(file)) != EOF;) {
    text += static_cast<char>(letter);
  }
  std::fclose(file);
  return text;
}

struct Output {
  std::string out, err;
};

// What `action` writes when both streams go to files.
template <class Action>
Output in_files(Action action) {
  std::cout.flush();
  std::FILE* out = std::tmpfile();
  std::FILE* err = std::tmpfile();
  {
    const Redirection first(stdout, fileno(out));
    const Redirection second(stderr, fileno(err));
    action();
  }
  return {content(out), content(err)};
}

// What `action` writes when both streams are the same terminal.
template <class Action>
std::string on_terminal(Action action, int columns = 80, int rows = 24) {
  std::cout.flush();
  const int reader = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(reader >= 0);
  REQUIRE(grantpt(reader) == 0);
  REQUIRE(unlockpt(reader) == 0);
  const int terminal = open(ptsname(reader), O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  termios mode{};
  tcgetattr(terminal, &mode);
  mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);  // '\n' stays as it is
  tcsetattr(terminal, TCSANOW, &mode);
  winsize size{};
  size.ws_row = static_cast<unsigned short>(rows);
  size.ws_col = static_cast<unsigned short>(columns);
  ioctl(terminal, TIOCSWINSZ, &size);
  // Reads during the writing, because a terminal holds only a few thousand
  // letters. A last letter says that everything has arrived. The terminal's
  // end does not, because some systems then drop what is still unread.
  const char last = '\0';
  std::string text;
  std::thread listener([&] {
    char piece[4096];
    while (text.empty() || text.back() != last) {
      const ssize_t got = read(reader, piece, sizeof piece);
      if (got <= 0) return;
      text.append(piece, static_cast<std::size_t>(got));
    }
  });
  {
    const Redirection first(stdout, terminal);
    const Redirection second(stderr, terminal);
    action();
  }
  const ssize_t told = write(terminal, &last, 1);
  if (told != 1) close(terminal);  // ends the listener's reading, too
  listener.join();
  close(reader);
  if (told == 1) close(terminal);
  REQUIRE(!text.empty());
  REQUIRE(text.back() == last);
  text.pop_back();
  return text;
}

// Sets the variables that decide what a terminal shows, as in "TERM=xterm
// LANG=C", for one test, and then puts them back. Variables that are not
// mentioned are unset.
class Environment {
 public:
  explicit Environment(const std::string& settings) {
    for (const char* name : {"TERM", "COLORTERM", "NO_COLOR", "LC_ALL",
                             "LC_CTYPE", "LANG", "COLUMNS"}) {
      const char* value = std::getenv(name);
      kept_.push_back({name, value == nullptr ? "" : value});
      unsetenv(name);
    }
    std::istringstream words(settings);
    for (std::string word; words >> word;) {
      const std::size_t equals = word.find('=');
      setenv(word.substr(0, equals).c_str(),
             word.substr(equals + 1).c_str(), 1);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : kept_) {
      if (value.empty()) {
        unsetenv(name.c_str());
      } else {
        setenv(name.c_str(), value.c_str(), 1);
      }
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> kept_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// What a terminal shows after plain text with '\r' and '\n': the lines, and
// the column where the cursor stands. ASCII only.
struct Screen {
  std::vector<std::string> lines = {""};
  std::size_t column = 0;

  explicit Screen(const std::string& text) {
    for (const char letter : text) {
      if (letter == '\r') {
        column = 0;
      } else if (letter == '\n') {
        lines.emplace_back();
        column = 0;
      } else {
        std::string& line = lines.back();
        if (column == line.size()) line += ' ';
        line[column++] = letter;
      }
    }
    for (std::string& line : lines) {
      line.erase(line.find_last_not_of(' ') + 1);
    }
  }
};

void wait(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

bool has_escapes(const std::string& text) {
  return text.find('\x1b') != std::string::npos;
}

// Black, white / half grey, light grey.
Tensor<> four_pixels() {
  return Tensor<>({2, 2}, {0.0f, 1.0f, 0.5f, 0.8f});
}

}  // namespace

// ---- Text --------------------------------------------------------------

TEST_CASE("format and print do what printf does") {
  CHECK(cnn::format("%d of %.2f %s", 3, 0.5, "x") == "3 of 0.50 x");
  CHECK(cnn::format("%s", std::string(5000, 'a').c_str()).size() == 5000);
  const Output output = in_files([] { cnn::print("%03d\n", 7); });
  CHECK(output.out == "007\n");
  CHECK(output.err.empty());
}

TEST_CASE("grouped sets a comma before every third digit from the end") {
  CHECK(cnn::grouped(0) == "0");
  CHECK(cnn::grouped(999) == "999");
  CHECK(cnn::grouped(1000) == "1,000");
  CHECK(cnn::grouped(1234567) == "1,234,567");
  CHECK(cnn::grouped(~std::uint64_t{0}) == "18,446,744,073,709,551,615");
  CHECK(cnn::grouped(-123) == "-123");
  CHECK(cnn::grouped(-123456) == "-123,456");
}

TEST_CASE("counted_text knows one from many") {
  CHECK(cnn::counted_text(0, "epoch") == "0 epochs");
  CHECK(cnn::counted_text(1, "epoch") == "1 epoch");
  CHECK(cnn::counted_text(std::size_t{1}, "file") == "1 file");
  CHECK(cnn::counted_text(1000, "digit") == "1000 digits");
}

TEST_CASE("step counts, with a blank line before each title") {
  const Output output = in_files([] {
    cnn::step("The window");
    cnn::step("The stride");
  });
  const std::vector<std::string> lines = lines_of(output.out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].empty());
  CHECK(lines[2].empty());
  const int number = std::stoi(lines[1]);
  CHECK(lines[1] == std::to_string(number) + ". The window");
  CHECK(lines[3] == std::to_string(number + 1) + ". The stride");
}

TEST_CASE("text_width counts characters, not bytes") {
  CHECK(cnn::text_width("") == 0);
  CHECK(cnn::text_width("abc") == 3);
  CHECK(cnn::text_width("3×3 → µ▀") == 8);
}

TEST_CASE("wrapped breaks between words and keeps to the width") {
  CHECK(cnn::wrapped("one two three", "  ", 9) == "  one two\n  three\n");
  CHECK(cnn::wrapped("one two three", "  ", 10) == "  one two\n  three\n");
  CHECK(cnn::wrapped("one two three", "", 13) == "one two three\n");
  CHECK(cnn::wrapped("one two three", "", 12) == "one two\nthree\n");
  CHECK(cnn::wrapped("µµµ ▀▀▀", "", 7) == "µµµ ▀▀▀\n");
  CHECK(cnn::wrapped("giant a", "", 3) == "giant\na\n");
  CHECK(cnn::wrapped("a\n\nb", " ") == " a\n\n b\n");
  CHECK(cnn::wrapped("").empty());
}

TEST_CASE("duration_text rounds and takes two units at most") {
  CHECK(cnn::duration_text(0) == "0 s");
  CHECK(cnn::duration_text(4.4) == "4 s");
  CHECK(cnn::duration_text(59.4) == "59 s");
  CHECK(cnn::duration_text(59.6) == "1 min");
  CHECK(cnn::duration_text(200) == "3 min 20 s");
  CHECK(cnn::duration_text(3599.7) == "1 h");
  CHECK(cnn::duration_text(3900) == "1 h 5 min");
  CHECK(cnn::duration_text(7199) == "2 h");
  CHECK(cnn::duration_text(-1) == "?");
  CHECK(cnn::duration_text(static_cast<double>(not_a_number)) == "?");
  CHECK(cnn::duration_text(1e300) == "?");
}

// ---- Matrices and tables -----------------------------------------------

TEST_CASE("print_matrix aligns the decimals") {
  const Output output = in_files([] {
    cnn::print_matrix(Tensor<>({2, 3}, {1, -20.5f, 3, 400, 5, 6}), 1);
  });
  CHECK(output.out ==
        "      1.0  -20.5    3.0\n"
        "    400.0    5.0    6.0\n");
  CHECK(output.err.empty());
}

TEST_CASE("print_matrix takes a row, and an indent") {
  const Output output = in_files([] {
    cnn::print_matrix(Tensor<>({3}, {1, 2, 10}), 0, "> ");
  });
  CHECK(output.out == ">  1   2  10\n");
}

TEST_CASE("print_matrix shows no minus where nothing is left of a number") {
  const Output output = in_files([] {
    cnn::print_matrix(Tensor<>({4}, {-0.04f, -0.0f, -0.06f, 0.04f}), 1);
  });
  CHECK(output.out == "     0.0   0.0  -0.1   0.0\n");
}

TEST_CASE("print_matrix shows numbers that are not finite") {
  const Output output = in_files([&] {
    cnn::print_matrix(
        Tensor<>({4}, {not_a_number, -not_a_number, infinity, -infinity}),
        2);
  });
  CHECK(output.out == "     nan   nan   inf  -inf\n");
}

TEST_CASE("print_matrix takes one or two axes and decimals from 0") {
  CHECK(message_of([] {
          cnn::print_matrix(Tensor<>({1, 2, 3}), 1);
        }) == "print_matrix: expected shape (W) or (H, W), got (1, 2, 3)");
  CHECK(message_of([] { cnn::print_matrix(Tensor<>({2}), -1); }) ==
        "print_matrix: expected 0 decimals or more, got -1");
  CHECK_THROWS_AS(cnn::print_matrix(Tensor<>({1, 1, 1}), 1),
                  std::invalid_argument);
  const Output nothing = in_files([] {
    cnn::print_matrix(Tensor<>({3, 0}), 1);
  });
  CHECK(nothing.out.empty());
}

TEST_CASE("print_table aligns text left and numbers right") {
  const Output output = in_files([] {
    cnn::print_table({{"layer", "shape", "numbers", "share"},
                      {"convolution", "(8, 28, 28)", "1,234", "97.5 %"},
                      {"dense", "(10)", "-3.5e-07", "8 %"}});
  });
  CHECK(output.out ==
        "    layer        shape         numbers   share\n"
        "    -----------  -----------  --------  ------\n"
        "    convolution  (8, 28, 28)     1,234  97.5 %\n"
        "    dense        (10)         -3.5e-07     8 %\n");
  CHECK(cnn::table_text({{"a", "b"}, {"c", "1"}}, "  ") ==
        "  a  b\n  -  -\n  c  1\n");
}

TEST_CASE("print_table counts characters and leaves no trailing spaces") {
  const Output output = in_files([] {
    cnn::print_table({{"µ", "x"}, {"→→", "text"}, {"é"}}, "");
  });
  CHECK(output.out ==
        "µ   x\n"
        "--  ----\n"
        "→→  text\n"
        "é\n");
}

TEST_CASE("A column of numbers may have gaps, and one of text has none") {
  const Output gaps = in_files([] {
    cnn::print_table({{"n", "mixed"},
                      {"100", "12"},
                      {"-", "3 of 4"},
                      {"", "3"},
                      {"nan", "4"}},
                     "");
  });
  CHECK(gaps.out ==
        "  n  mixed\n"
        "---  ------\n"
        "100  12\n"
        "  -  3 of 4\n"
        "     3\n"
        "nan  4\n");
  CHECK(in_files([] { cnn::print_table({}); }).out.empty());
}

// ---- A digit -----------------------------------------------------------

TEST_CASE("print_digit in a pipe: two characters for a pixel, no escapes") {
  const Environment colourful(
      "TERM=xterm-256color COLORTERM=truecolor LANG=C.UTF-8");
  const Output output =
      in_files([] { cnn::print_digit(four_pixels(), "|"); });
  CHECK(output.out ==
        "|  @@\n"
        "|++##\n");
}

TEST_CASE("print_digit clips, marks a NaN and leaves no trailing spaces") {
  const Output output = in_files([] {
    cnn::print_digit(Tensor<>({2, 3}, {-5, 7, not_a_number, 0.3f, 0, 0}),
                     "");
  });
  CHECK(output.out ==
        "  @@??\n"
        "--\n");
}

TEST_CASE("print_digit prints every line of a 28 x 28 picture") {
  const Output output = in_files([] {
    cnn::print_digit(Tensor<>({28, 28}, 1.0f));
  });
  const std::vector<std::string> lines = lines_of(output.out);
  REQUIRE(lines.size() == 28);
  for (const std::string& line : lines) {
    CHECK(line == "    " + std::string(56, '@'));
  }
}

TEST_CASE("print_digit takes a picture (H, W)") {
  CHECK(message_of([] {
          cnn::print_digit(Tensor<>({1, 28, 28}));
        }) == "print_digit: image expects 2 axes, got shape (1, 28, 28)");
}

TEST_CASE("print_digit on a terminal of 24-bit colour: half-blocks") {
  const Environment environment(
      "TERM=xterm-256color COLORTERM=truecolor LANG=en_GB.UTF-8");
  const std::string text =
      on_terminal([] { cnn::print_digit(four_pixels(), " "); });
  CHECK(text ==
        " \x1b[38;2;0;0;0m\x1b[48;2;128;128;128m▀"
        "\x1b[38;2;255;255;255m\x1b[48;2;204;204;204m▀\x1b[0m\n");
}

TEST_CASE("print_digit on a terminal of 256 colours, odd height") {
  const Environment environment("TERM=screen-256color LC_CTYPE=C.utf8");
  const std::string text = on_terminal([] {
    cnn::print_digit(Tensor<>({1, 2}, {0, 1}), "");
  });
  CHECK(text == "\x1b[38;5;232m▀\x1b[38;5;255m▀\x1b[0m\n");
}

TEST_CASE("A NaN and colours on a terminal") {
  const Environment environment("TERM=xterm-256color LANG=C.UTF-8");
  const std::string digit = on_terminal([] {
    cnn::print_digit(Tensor<>({1, 2}, {not_a_number, 0.5f}), "");
  });
  // Purple in the cube of 6 x 6 x 6, and the middle of 24 greys.
  CHECK(digit == "\x1b[38;5;175m▀\x1b[38;5;244m▀\x1b[0m\n");
  const std::string live = on_terminal([] {
    cnn::LivePicture().show({cnn::Picture(1, 1, {213, 94, 0})}, "");
  });
  CHECK_THAT(live, ContainsSubstring("\x1b[38;5;172m\x1b[48;5;172m▀"));
}

TEST_CASE("print_digit uses characters where half-blocks could go wrong") {
  const auto with = [](const std::string& more) {
    const Environment environment("TERM=xterm-256color LANG=C.UTF-8 " +
                                  more);
    return on_terminal([] { cnn::print_digit(four_pixels()); });
  };
  CHECK(has_escapes(with("")));
  CHECK(has_escapes(with("LC_ALL= NO_COLOR=")));
  CHECK_FALSE(has_escapes(with("NO_COLOR=1")));
  CHECK_FALSE(has_escapes(with("TERM=dumb")));
  CHECK_FALSE(has_escapes(with("TERM=")));
  CHECK_FALSE(has_escapes(with("TERM=vt100")));
  CHECK_FALSE(has_escapes(with("LANG=C")));
  CHECK_FALSE(has_escapes(with("LC_ALL=POSIX")));
  CHECK_FALSE(has_escapes(with("LC_CTYPE=de_DE.ISO-8859-1")));
}

TEST_CASE("Titles are bold on a terminal, unless NO_COLOR is set") {
  const auto title = [] { cnn::step("Title"); };
  const Environment bold("TERM=xterm");
  CHECK_THAT(on_terminal(title), ContainsSubstring(". Title\x1b[0m\n"));
  const Environment plain("TERM=xterm NO_COLOR=1");
  CHECK_FALSE(has_escapes(on_terminal(title)));
}

// ---- Progress ----------------------------------------------------------

TEST_CASE("Progress of less than a second is never shown") {
  const Environment environment("TERM=xterm");
  const auto short_work = [] {
    Progress progress("training", 20, "images");
    for (int i = 1; i <= 20; ++i) {
      wait(0.005);
      progress.update(i);
    }
  };
  CHECK(in_files(short_work).err.empty());
  CHECK(on_terminal(short_work).empty());
}

TEST_CASE("Progress in a pipe ends with one plain line") {
  const Output output = in_files([] {
    Progress progress("training", 2000, "images");
    wait(1.05);
    progress.update(1000, "loss 0.5");
    progress.update(1500, "loss 0.4");
  });
  CHECK(output.out.empty());
  const std::vector<std::string> lines = lines_of(output.err);
  REQUIRE(lines.size() == 1);
  CHECK_THAT(lines[0], ContainsSubstring("training: 75 % after "));
  CHECK_THAT(lines[0], ContainsSubstring(" images/s, loss 0.4"));
}

TEST_CASE("Progress that an error ends leaves the word to the error") {
  const Output output = in_files([] {
    try {
      Progress progress("training", 2000, "images");
      wait(1.05);
      progress.update(1000);
      throw std::runtime_error("the loss is not a number");
    } catch (const std::runtime_error&) {
    }
  });
  CHECK(output.err.empty());
}

TEST_CASE("Progress on a terminal is redrawn in place and taken away") {
  const Environment environment("TERM=xterm NO_COLOR=1");
  double seconds = 0;
  const std::string text = on_terminal([&] {
    Progress progress("training", 1000, "images");
    wait(1.0);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 250; ++i) {
      wait(0.002);
      progress.update(500, "loss 0.5");
    }
    seconds = std::chrono::duration<double>(
                  std::chrono::steady_clock::now() - start)
                  .count();
    cnn::print("epoch 1\n");
    wait(0.1);
    progress.update(750);
  });
  CHECK_FALSE(has_escapes(text));
  const std::size_t first_end = text.find('\r', 1);
  const std::string bar = Screen(text.substr(0, first_end)).lines[0];
  CHECK_THAT(bar, ContainsSubstring("training  ############"));
  CHECK_THAT(bar, ContainsSubstring("...  50 %  "));
  CHECK_THAT(bar, ContainsSubstring(" s left  loss 0.5"));
  // A bar at the start, at most 15 per second after that, the last one, and
  // two removals. Each writes '\r' at both of its ends.
  const auto returns = std::count(text.begin(), text.end(), '\r');
  CHECK(returns >= 2 * 5);
  CHECK(static_cast<double>(returns) <= 2 * (1 + 15 * seconds + 1 + 2));
  const Screen screen(text);
  CHECK(screen.lines == std::vector<std::string>{"epoch 1", ""});
  CHECK(screen.column == 0);
}

TEST_CASE("A bar is no wider than the terminal, whatever the note") {
  const std::string note(100, 'x');
  for (const int columns : {2, 7, 20, 40, 80, 120}) {
    const Environment environment("TERM=xterm COLUMNS=" +
                                  std::to_string(columns));
    const std::string text = on_terminal([&] {
      Progress progress("training", 1000, "images");
      wait(1.01);
      progress.update(500, columns == 120 ? "" : note);
    });
    const std::string bar = text.substr(1, text.find('\r', 1) - 1);
    CHECK(cnn::text_width(bar) == columns - 1);
    if (columns < 20) continue;
    CHECK_THAT(bar, ContainsSubstring("training  "));
    CHECK_THAT(bar, ContainsSubstring("50 %"));
  }
}

// What a terminal of this size shows of a UTF-8 text that moves up, erases
// to the end of a line and is coloured, line by line. The terminal wraps
// lines at its right edge, and what has scrolled off the top cannot be
// written over.
std::vector<std::string> lines_left(const std::string& text,
                                    std::size_t columns, int rows) {
  using Line = std::vector<std::string>;  // of characters
  std::vector<Line> lines(1);
  std::size_t y = 0, x = 0, top = 0;
  const auto next_line = [&] {
    if (++y == lines.size()) lines.emplace_back();
    const auto height = static_cast<std::size_t>(rows);
    if (y >= top + height) top = y - height + 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      const std::size_t end = text.find_first_of("AKm", i);
      const auto by = static_cast<std::size_t>(
          std::max(1, std::atoi(text.c_str() + i + 2)));
      if (text[end] == 'A') y = y < top + by ? top : y - by;
      if (text[end] == 'K') lines[y].resize(std::min(x, lines[y].size()));
      i = end;
    } else if (text[i] == '\n') {
      x = 0, next_line();
    } else if (text[i] == '\r') {
      x = 0;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) {
      lines[y][x - 1] += text[i];
    } else {
      if (x == columns) x = 0, next_line();
      if (lines[y].size() <= x) lines[y].resize(x + 1, " ");
      lines[y][x++] = text[i];
    }
  }
  std::vector<std::string> whole;
  for (const Line& line : lines) {
    whole.emplace_back();
    for (const std::string& letter : line) whole.back() += letter;
  }
  return whole;
}

TEST_CASE("A live picture stays in its place on a terminal of any size") {
  const Environment environment("TERM=xterm-256color LANG=C.UTF-8");
  for (const int columns : {1, 2, 5, 6, 20, 40, 51, 52, 80, 160}) {
    for (const int rows : {1, 2, 3, 4, 5, 24}) {
      for (const int height : {1, 5, 6, 60}) {
        CAPTURE(columns, rows, height);
        const std::string text = on_terminal(
            [&] {
              cnn::LivePicture live;
              for (int i = 0; i < 12; ++i) {
                live.show(
                    {cnn::Picture(23, height), cnn::Picture(23, 1)},
                    "step " + std::to_string(i) + " of 12, loss 2.30");
              }
            },
            columns, rows);
        const bool room = columns > 5 && rows > 2;
        CHECK(text.empty() != room);
        if (!room) continue;
        const auto left =
            lines_left(text, static_cast<std::size_t>(columns), rows);
        const int scale = std::max(
            1, std::min((columns - 5) / 47, 2 * (rows - 2) / height));
        const int drawn = std::min((scale * height + 1) / 2, rows - 2);
        REQUIRE(left.size() == static_cast<std::size_t>(drawn + 2));
        const int width = std::min(scale * 47, columns - 5);
        std::string pixels = "    ";
        for (int x = 0; x < width; ++x)
          pixels += x / scale == 23 ? " " : "▀";
        CHECK(left[0] == pixels);
        const std::string caption = "    step 11 of 12, loss 2.30";
        CHECK(left[left.size() - 2] ==
              caption.substr(0, static_cast<std::size_t>(columns - 1)));
        CHECK(left.back().empty());
      }
    }
  }
}

TEST_CASE("A second Progress takes the place of the first") {
  const Environment environment("TERM=xterm");
  const std::string text = on_terminal([] {
    Progress outer("all", 2, "runs");
    Progress inner("one", 2, "steps");
    wait(1.01);
    outer.update(1);
    inner.update(1);
    outer.clear();  // not on the screen: nothing to take away
  });
  CHECK(Screen(text).lines == std::vector<std::string>{""});
  CHECK_THAT(text, ContainsSubstring("all  "));
  CHECK_THAT(text, ContainsSubstring("one  "));
  // A bar, its removal, a bar, its removal. Each writes '\r' at both ends.
  CHECK(std::count(text.begin(), text.end(), '\r') == 2 * 4);
}

#endif  // _WIN32
