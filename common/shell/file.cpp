#include "common/shell/file.hpp"

#include <cerrno>
#include <climits>
#include <fstream>
#include <random>
#include <system_error>
#include <vector>

#include "common/tensor/fail.hpp"

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

namespace cnn {
namespace {

namespace fs = std::filesystem;

// File systems take names of 255 letters at most.
constexpr std::size_t longest_name = 255;

// The longest path that systems take. (PATH_MAX counts the closing zero.)
#if defined(PATH_MAX) && !defined(_WIN32)
constexpr std::size_t longest_path = PATH_MAX - 1;
#else
constexpr std::size_t longest_path = 4095;
#endif

// How much longer a temporary file's name is than its file's, at most.
constexpr std::size_t longest_ending = 16;

// What the names of a file's temporary files begin with: its own name or,
// where ".4294967295.part" would make that too long, its hash.
fs::path start_of_parts(const fs::path& file) {
  const fs::path name = file.filename();
  if (name.native().size() <= longest_name - longest_ending) return name;
  return std::to_string(fs::hash_value(name));
}

// A temporary file's path. Its name has a random number in it, so that no
// two writers share it, in whatever process, container or machine. The
// destructor removes the file, if it has not been renamed.
class TemporaryPath {
 public:
  explicit TemporaryPath(const fs::path& file)
      : path(file.parent_path() / start_of_parts(file)) {
    path += "." + std::to_string(std::random_device()()) + ".part";
  }
  ~TemporaryPath() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;

  fs::path path;
};

std::error_code write_bytes(const fs::path& path,
                            const std::string& bytes) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return {};
  return {errno == 0 ? EIO : errno, std::generic_category()};
}

// Waits until a file's bytes, or a folder's entries, are on the disk.
std::error_code sync(const fs::path& path) {
#ifndef _WIN32
  const int file = open(path.c_str(), O_RDONLY);
  if (file < 0) return {errno, std::generic_category()};
  const int failed = fsync(file) == 0 ? 0 : errno;
  close(file);
  // What cannot be synced, such as some folders, is not an error.
  if (failed != 0 && failed != EINVAL)
    return {failed, std::generic_category()};
#else
  (void)path;
#endif
  return {};
}

// Writes a temporary file beside `file`, and gives it that name.
std::error_code write_part(const fs::path& file, const std::string& bytes,
                           bool synced) {
  const TemporaryPath part(file);
  std::error_code error = write_bytes(part.path, bytes);
  if (!error && synced) error = sync(part.path);
  if (!error) fs::rename(part.path, file, error);
  return error;
}

}  // namespace

std::string obstacle(const fs::path& path) {
  for (const fs::path& name : path)
    if (name.native().size() > longest_name) return "too long a name";
  std::error_code ignored;
  if (fs::absolute(path, ignored).native().size() + longest_ending >
      longest_path)
    return "too long a path";
  switch (fs::status(path, ignored).type()) {
    case fs::file_type::regular:
      return "";
    case fs::file_type::not_found:
      return fs::is_symlink(path, ignored) ? "a link that leads nowhere"
                                           : "";
    case fs::file_type::directory:
      return "a folder";
    case fs::file_type::block:
    case fs::file_type::character:
      return "a device";
    case fs::file_type::fifo:
      return "a pipe";
    case fs::file_type::socket:
      return "a socket";
    default:
      return "out of reach";
  }
}

fs::path link_target(const fs::path& path) {
  std::error_code ignored;
  const fs::path file = fs::is_symlink(path, ignored)
                            ? fs::canonical(path, ignored)
                            : fs::path();
  return file.empty() ? path : file;
}

void write_file(const fs::path& path, const std::string& bytes,
                bool synced) {
  const auto refuse = [&](const std::string& reason) {
    fail(Refusal::runtime,
         "write_file: cannot write " + path.string() + ": " + reason);
  };
  std::error_code error;
  if (path.has_parent_path()) {
    fs::create_directories(path.parent_path(), error);
    if (error) refuse(error.message());
  }
  const std::string kind = obstacle(path);
  if (!kind.empty()) refuse("it is " + kind);
  const fs::path file = link_target(path);
  error = write_part(file, bytes, synced);
  // Another program's remove_parts() may have taken the part away.
  if (error == std::errc::no_such_file_or_directory)
    error = write_part(file, bytes, synced);
  if (error) refuse(error.message());
  if (synced) sync(file.has_parent_path() ? file.parent_path() : ".");
}

void remove_parts(const fs::path& path) {
  const fs::path file = link_target(path);
  const std::string begin = start_of_parts(file).string() + ".",
                    end = ".part";
  std::error_code ignored;
  std::vector<fs::path> parts;
  for (const auto& entry : fs::directory_iterator(
           file.has_parent_path() ? file.parent_path() : ".", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() <= begin.size() + end.size()) continue;
    const std::string drawn =
        name.substr(begin.size(), name.size() - begin.size() - end.size());
    if (name == begin + drawn + end &&
        drawn.find_first_not_of("0123456789") == std::string::npos)
      parts.push_back(entry.path());
  }
  for (const fs::path& part : parts) fs::remove(part, ignored);
}

}  // namespace cnn
