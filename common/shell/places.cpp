#include "common/shell/places.hpp"

#include <system_error>

#include "common/shell/file.hpp"
#include "common/shell/option.hpp"

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace cnn {
namespace {

namespace fs = std::filesystem;

// Besides the right to write, X_OK asks for the right to search the folder,
// without which no file in it can be reached.
bool may_write(const fs::path& folder) {
#ifdef _WIN32
  return _waccess(folder.c_str(), 2) == 0;
#else
  return access(folder.c_str(), W_OK | X_OK) == 0;
#endif
}

// The path itself if it exists, else the nearest folder above it that does.
fs::path nearest_there(fs::path path) {
  std::error_code ignored;
  while (!fs::exists(fs::symlink_status(path, ignored)) &&
         path != path.parent_path()) {
    path = path.parent_path();
  }
  return path;
}

// Throws UsageError unless files with names of `letters` letters can be
// written into `folder`.
void require_room(const fs::path& folder, std::size_t letters,
                  const std::string& option, const std::string& hint) {
  std::error_code ignored;
  const fs::path whole = fs::absolute(folder, ignored);
  const std::string length = obstacle(whole / std::string(letters, 'x'));
  const bool too_long = length.starts_with("too long");
  const fs::path nearest = too_long ? whole : nearest_there(whole);
  const std::string kind = too_long ? length : obstacle(nearest);
  if (kind == "a folder" && may_write(nearest)) return;
  throw UsageError(
      option + "cannot write into '" + shown(folder) + "', because " +
      (nearest == whole ? "it" : "'" + shown(nearest) + "'") + " is " +
      (kind == "a folder" ? "not writable"
       : kind.empty()     ? "not a folder"
                          : kind) +
      hint);
}

}  // namespace

fs::path whole_path(const fs::path& path) {
  std::error_code ignored;
  const fs::path whole = fs::absolute(path, ignored);
  const fs::path found = fs::weakly_canonical(whole, ignored);
  return found.empty() ? whole.lexically_normal() : found;
}

fs::path inside(const fs::path& folder, const fs::path& path) {
  const fs::path rest =
      whole_path(path).lexically_relative(whole_path(folder));
  return rest.empty() || *rest.begin() == ".." ? fs::path() : rest;
}

std::string shown(const fs::path& path) {
  const fs::path rest = inside(CNN_SOURCE_FOLDER, path);
  return (rest.empty() ? path : rest).generic_string();
}

void require_writable(const fs::path& folder, const std::string& option,
                      const std::string& hint) {
  require_room(folder, 255, option, hint);
}

void require_file(const fs::path& file, const std::string& option) {
  const auto refuse = [&](const std::string& kind) {
    throw UsageError(option + "expects a file, got '" + file.string() +
                     "', which is " + kind);
  };
  std::error_code ignored;
  const std::string kind = obstacle(file);
  if (!kind.empty()) refuse(kind);
  if (!file.has_filename()) refuse("the name of a folder");
  for (const char* stream : {"/dev/stdout", "/dev/stderr"}) {
    if (fs::equivalent(file, stream, ignored)) {
      refuse("where the program prints");
    }
  }
  const fs::path folder = link_target(file).parent_path();
  require_room(folder.empty() ? "." : folder, 1, option, "");
}

}  // namespace cnn
