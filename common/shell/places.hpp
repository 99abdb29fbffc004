// Whether what a program will write can be written, told before it begins,
// and paths as people want to read them.
#pragma once

#include <filesystem>
#include <string>

namespace cnn {

// The same path for all names of a file: absolute, without links.
std::filesystem::path whole_path(const std::filesystem::path& path);

// A path from a folder on; empty if it does not lie there.
std::filesystem::path inside(const std::filesystem::path& folder,
                             const std::filesystem::path& path);

// A path as people want to read it: from the source folder if it lies
// there, else as it was given.
std::string shown(const std::filesystem::path& path);

// Throws UsageError that begins with `option` unless `folder` is one that
// can be written, or can be made: then the first of the folders above it
// that exists is the judge. A file may then have any name.
void require_writable(const std::filesystem::path& folder,
                      const std::string& option,
                      const std::string& hint = "");

// Throws UsageError unless `file` can be made, or can be replaced: it is a
// plain file to which this program does not print.
void require_file(const std::filesystem::path& file,
                  const std::string& option);

}  // namespace cnn
