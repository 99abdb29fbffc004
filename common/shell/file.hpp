// The one way in which programs write files.
#pragma once

#include <filesystem>
#include <string>

namespace cnn {

// Why write_file() can neither make nor replace a file at this path: it is
// "a folder", "a device", "a link that leads nowhere", "too long a name",
// "too long a path" (with the temporary file's ending) or the like. "" for
// a plain file, a link to one, or a path where nothing is yet.
std::string obstacle(const std::filesystem::path& path);

// The file that a link leads to; the path itself if it is no link.
std::filesystem::path link_target(const std::filesystem::path& path);

// Writes a file, and makes the folders above it where they are missing. The
// bytes go to a temporary file beside it, which is renamed when complete:
// a reader sees the old file or the new one, whatever happens and however
// many programs write at once. A link stays, and the file that it leads to
// is replaced. Anything but a plain file is refused. `synced`: the bytes
// are on the disk before the renaming, for what a power failure must not
// lose. Throws std::runtime_error that names the path and the reason.
void write_file(const std::filesystem::path& path, const std::string& bytes,
                bool synced = false);

// Removes the temporary files that killed writers of a file have left
// beside it. A program that is writing the file meanwhile begins again.
void remove_parts(const std::filesystem::path& path);

}  // namespace cnn
