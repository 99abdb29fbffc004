// Captures what a program prints, for a test that runs it in the test's own
// process.
#pragma once

#include <string>

// The error message of `writer` for an output file that has another use.
inline std::string file_not_its_own(const std::string& writer,
                                    const std::string& file,
                                    const std::string& why) {
  return writer + " expects a file of its own, got '" + file + "', which " +
         why + "\n";
}

#ifndef _WIN32

#include <unistd.h>

#include <cstdio>
#include <utility>
#include <vector>

// While such an object exists, what is written to the stream goes to a
// temporary file instead; text() returns it.
class Capture {
 public:
  explicit Capture(std::FILE* stream)
      : stream_(stream), kept_(dup(fileno(stream))), file_(std::tmpfile()) {
    std::fflush(stream_);
    dup2(fileno(file_), fileno(stream_));
  }
  ~Capture() {
    std::fflush(stream_);
    dup2(kept_, fileno(stream_));
    close(kept_);
    std::fclose(file_);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  std::string text() const {
    std::fflush(stream_);
    std::string result;
    std::rewind(file_);
    for (int letter; (letter = std::fgetc(file_)) != EOF;) {
      result += static_cast<char>(letter);
    }
    return result;
  }

 private:
  std::FILE* stream_;
  int kept_;
  std::FILE* file_;
};

// What a verb's function printed for a command line, and its status.
struct Said {
  int status = -1;
  std::string out, err;
};

inline Said said_by(int (*verb)(int, char**),
                    std::vector<std::string> words) {
  words.insert(words.begin(), "verb");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  Said said;
  const Capture out(stdout), err(stderr);
  said.status = verb(static_cast<int>(words.size()), argv.data());
  said.out = out.text();
  said.err = err.text();
  return said;
}

#endif  // _WIN32
