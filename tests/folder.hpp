// A temporary folder for one test, the bytes of a file, and a child process
// for actions that would change this one.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <system_error>

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "tests/catch.hpp"

// All bytes of a file.
inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A new folder, which is removed together with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device entropy;
    do {
      path_ = std::filesystem::canonical(
                  std::filesystem::temp_directory_path()) /
              ("cnn-test-" + std::to_string(entropy()));
    } while (!std::filesystem::create_directory(path_));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

#ifndef _WIN32

// The text that `action` returns when a child process runs it. If
// `without_rights`, the child of a superuser gives up its rights first, so
// that the action meets the limits of other users. At most 4,096 bytes.
template <class Action>
std::string in_child(Action action, bool without_rights = false) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(ends[0]);
    std::string text = "gives up no rights";
    if (!without_rights || geteuid() != 0 || setuid(65534) == 0) {
      text = action();
    }
    const ssize_t written = write(ends[1], text.data(), text.size());
    _exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string text(1 << 12, '\0');
  std::size_t length = 0;
  for (ssize_t got; (got = read(ends[0], text.data() + length,
                                text.size() - length)) > 0;) {
    length += static_cast<std::size_t>(got);
  }
  close(ends[0]);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  return text.substr(0, length);
}

#endif  // _WIN32
