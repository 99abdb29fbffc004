// Checks, before a program begins, whether it can write what it will write.
// Also shows paths as people want to read them.
#pragma once

#include <filesystem>
#include <string>

namespace cnn {

// An absolute path without links, so that all names of a file give the same
// path.
std::filesystem::path whole_path(const std::filesystem::path& path);

// A path relative to a folder; empty if it does not lie inside.
std::filesystem::path inside(const std::filesystem::path& folder,
                             const std::filesystem::path& path);

// A path as people want to read it: relative to the source folder if it
// lies inside, else as it was given.
std::string shown(const std::filesystem::path& path);

// Throws UsageError that begins with `option` and ends with `hint` unless
// files of any name can be written into `folder`. If it is not there yet,
// what counts is the nearest folder above it that is.
void require_writable(const std::filesystem::path& folder,
                      const std::string& option,
                      const std::string& hint = "");

// Throws UsageError that begins with `option` unless `file` can be made or
// replaced. A file can be replaced if it is a plain one to which this
// program does not print.
void require_file(const std::filesystem::path& file,
                  const std::string& option);

}  // namespace cnn
