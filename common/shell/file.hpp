// The one way in which programs write files.
#pragma once

#include <filesystem>
#include <string>

namespace cnn {

// What keeps a path from being a file that can be made or replaced: "a
// folder", "a device", "a link that leads nowhere", "too long a name",
// "too long a path" with the temporary file's ending; nothing if it is a
// plain file, a link to one, or not there yet.
std::string obstacle(const std::filesystem::path& path);

// The file that a link leads to; the path itself if it is no link.
std::filesystem::path behind_link(const std::filesystem::path& path);

// Writes a file, and the folders above it where they are missing. The bytes
// go to a temporary file beside it, which takes its place when complete: a
// reader sees the old file or the new one, whatever happens and however
// many write at once. A link stays, and the file behind it is replaced.
// What is no plain file cannot be replaced so, and is refused. `synced`:
// the bytes are on the disk before they take the place, for what would be
// lost if the power failed. Throws std::runtime_error that names the path
// and the reason.
void write_file(const std::filesystem::path& path, const std::string& bytes,
                bool synced = false);

// Removes what writers of a file that were killed have left beside it, on
// the understanding that nobody is writing it now.
void remove_parts(const std::filesystem::path& path);

}  // namespace cnn
