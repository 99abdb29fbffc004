// Loads your own pictures, from a folder with a folder for each class in
// it, and the other data sets that a folder may hold.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "15-colour/exif.hpp"
#include "15-colour/framing.hpp"
#include "15-colour/held_out_by_name.hpp"
#include "common/data/class_names.hpp"
#include "common/data/dataset.hpp"
#include "common/data/files.hpp"
#include "common/data/pictures.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/utf8.hpp"

namespace cnn {

// ---- What lies in the folder -------------------------------------------

struct LabelledFile {
  std::filesystem::path path;
  int label = 0;
};

struct LabelledFolder {
  ClassNames names;
  std::vector<LabelledFile> files;
};

// The paths of everything in a folder, sorted, without hidden files.
// Throws std::runtime_error if the folder cannot be read.
inline std::vector<std::filesystem::path> entries_of(
    const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> entries;
  for (std::filesystem::directory_iterator it(folder, error), end;
       !error && it != end; it.increment(error))
    if (it->path().filename().string().front() != '.')
      entries.push_back(it->path());
  if (error)
    fail(Refusal::runtime, folder.string() +
                               ": expected a folder of "
                               "folders, one a class: " +
                               error.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// The classes and their files, which need not be pictures. Files next to
// the classes' folders are ignored. Throws std::runtime_error for fewer
// than two classes, a class with fewer than two files, a class name that
// cannot be saved, or a folder inside a class.
inline LabelledFolder labelled_folder(const std::filesystem::path& folder) {
  LabelledFolder it;
  std::error_code ignored;
  for (const auto& place : entries_of(folder)) {
    if (!std::filesystem::is_directory(place, ignored)) continue;
    const std::string name = place.filename().string();
    if (!is_class_name(name))
      fail(Refusal::runtime, place.string() +
                                 ": a class needs a name of at most 100 "
                                 "bytes of printable UTF-8");
    const auto files = entries_of(place);
    for (const auto& file : files) {
      if (std::filesystem::is_directory(file, ignored))
        fail(Refusal::runtime,
             file.string() + ": expected a picture, found a folder");
      it.files.push_back({file, static_cast<int>(it.names.size())});
    }
    if (files.size() < 2)
      fail(Refusal::runtime, place.string() +
                                 ": expected 2 pictures or more, found " +
                                 std::to_string(files.size()));
    it.names.push_back(name);
  }
  if (it.names.size() < 2)
    fail(Refusal::runtime, folder.string() +
                               ": expected a folder for each of 2 classes "
                               "or more, found " +
                               std::to_string(it.names.size()));
  return it;
}

// ---- Its pictures ------------------------------------------------------

// The picture in a file, turned as the camera's note says.
// Throws std::runtime_error that begins with the path if that fails.
inline Tensor<> upright_picture(const std::filesystem::path& path) {
  const auto bytes = read_bytes(path, most_picture_bytes);
  return upright(value_or_fail(parse_picture(bytes), path.string()),
                 exif_orientation(bytes));
}

// The same, or why the file cannot be read: "path: expected ...".
inline OrBroken<Tensor<>> readable_picture(
    const std::filesystem::path& path) {
  try {
    return upright_picture(path);
  } catch (const std::runtime_error& error) {
    return Broken{error.what()};
  }
}

// Throws std::runtime_error if a tensor cannot hold `files` pictures of
// 3 x size x size numbers. The message begins with `name`.
inline void require_holdable(std::size_t files, int size,
                             const std::string& name) {
  const auto most =
      std::floor(std::numeric_limits<int>::max() / (3.0 * size * size));
  if (static_cast<double>(files) > most)
    fail(Refusal::runtime,
         name + ": expected at most " + grouped(most) +
             (most == 1 ? " picture of " : " pictures of ") +
             std::to_string(size) + " x " + std::to_string(size) +
             " pixels, found " + grouped(files) +
             ": choose a smaller size");
}

struct FramedPictures {
  Dataset data;                      // images (N, 3, size, size)
  std::vector<int> readable;         // which images could be read
  std::vector<std::string> skipped;  // why not, a line for each other file
};

// The square in the middle of each file's picture, or a black one for a
// file that cannot be read.
inline FramedPictures framed_pictures(const LabelledFolder& folder,
                                      int size) {
  FramedPictures it;
  const int N = static_cast<int>(folder.files.size());
  it.data.classes = static_cast<int>(folder.names.size());
  it.data.images = Tensor<>({N, 3, size, size});
  Progress progress("reading", N, "pictures");
  for (int n = 0; n < N; ++n) {
    const LabelledFile& file = folder.files[static_cast<std::size_t>(n)];
    it.data.labels.push_back(file.label);
    const auto picture = readable_picture(file.path);
    if (const Broken* broken = std::get_if<Broken>(&picture)) {
      it.skipped.push_back(broken->rule);
    } else {
      it.readable.push_back(n);
      set_row(it.data.images, n,
              framed(std::get<Tensor<>>(picture), size).data());
    }
    progress.update(n + 1);
  }
  return it;
}

// " (a.png: expected ...)": why the first skipped file of a folder was
// skipped; empty if none was.
inline std::string first_skipped(const std::vector<std::string>& skipped,
                                 const std::filesystem::path& folder) {
  const std::string begin = (folder / "").string();
  for (const std::string& line : skipped)
    if (line.rfind(begin, 0) == 0)
      return " (" + line.substr(begin.size()) + ")";
  return "";
}

// Throws std::runtime_error for a class with fewer than two pictures that
// can be read.
inline void require_two_a_class(const FramedPictures& pictures,
                                const ClassNames& names,
                                const std::filesystem::path& folder) {
  std::vector<int> count(names.size());
  for (const int n : pictures.readable)
    ++count[static_cast<std::size_t>(
        pictures.data.labels[static_cast<std::size_t>(n)])];
  for (std::size_t k = 0; k < names.size(); ++k)
    if (count[k] < 2)
      fail(Refusal::runtime,
           (folder / names[k]).string() +
               ": expected 2 pictures or more that can be read, found " +
               std::to_string(count[k]) +
               first_skipped(pictures.skipped, folder / names[k]));
}

struct PictureFolder {
  Split split;
  std::vector<std::string> skipped;  // a line for each file: path, reason
};

// The pictures of a labelled folder, framed() in `size` x `size` pixels:
// images (N, 3, size, size). About a fifth of each class is held out. The
// files' names decide, without their extensions, so that cat.jpg and
// cat.png are on the same side. Both parts are mixed. Files that cannot be
// read as pictures are skipped. Throws what labelled_folder() throws, and
// std::runtime_error for a class with fewer than two pictures, for too many
// pictures in all, or if all are alike.
inline PictureFolder pictures_in(const std::filesystem::path& folder,
                                 int size) {
  const LabelledFolder all = labelled_folder(folder);
  require_holdable(all.files.size(), size, folder.string());
  FramedPictures pictures = framed_pictures(all, size);
  require_two_a_class(pictures, all.names, folder);
  std::vector<std::string> files;
  for (const LabelledFile& file : all.files)
    files.push_back(file.path.stem().string());
  Split split = split_by_name(pictures.data, files, pictures.readable);
  split.names = all.names;
  require_classes(split.train, folder.string());
  split.source = grouped(split.train.size()) + " + " +
                 grouped(split.held_out.size()) + " pictures of " +
                 std::to_string(all.names.size()) + " classes from " +
                 folder.string();
  return {std::move(split), std::move(pictures.skipped)};
}

// Prints which files were skipped and why, at most 20 of them. Prints
// nothing if none were.
inline void print_skipped(const std::vector<std::string>& skipped,
                          const std::string& indent = "") {
  constexpr std::size_t most = 20;
  if (skipped.empty()) return;
  print("%sLeft out, as they cannot be read: %s.\n", indent.c_str(),
        counted_text(skipped.size(), "file").c_str());
  for (std::size_t i = 0; i < std::min(most, skipped.size()); ++i)
    print("%s    %s\n", indent.c_str(), printable(skipped[i]).c_str());
  if (skipped.size() > most)
    print("%s    and %zu more\n", indent.c_str(), skipped.size() - most);
}

// ---- Any data ----------------------------------------------------------

// The data set in a folder, which may hold the files of MNIST or of
// Fashion-MNIST: images (N, 1, 28, 28); those of CIFAR-10: (N, 3, 32, 32);
// or a folder of pictures for each class: (N, 3, size, size).
// Throws std::runtime_error if it holds none of these.
inline PictureFolder any_data_in(const std::filesystem::path& folder,
                                 int size) {
  switch (folder_kind(folder)) {
    case FolderKind::mnist:
      return {mnist_from(folder), {}};
    case FolderKind::cifar10:
      return {cifar10_from(folder), {}};
    case FolderKind::class_folders:
      break;
  }
  return pictures_in(folder, size);
}

// The data set for a program that works on colour pictures of `size` x
// `size` pixels: the one in `folder` if it is given, otherwise the land
// that comes with the book. Throws std::runtime_error, which names the set,
// if its pictures are grey, of another size or all alike, or if a class is
// missing in one of the two parts.
inline PictureFolder load_colour(
    const std::optional<std::filesystem::path>& folder, int size) {
  PictureFolder it = folder ? any_data_in(*folder, size)
                            : PictureFolder{embedded_land(), {}};
  const std::string name =
      folder ? folder->string() : "the land that comes with the book";
  const Shape& shape = it.split.train.shape();
  const std::string found = std::to_string(shape[2]) + " x " +
                            std::to_string(shape[3]) + " pixels";
  if (shape[1] != 3)
    fail(Refusal::runtime,
         name + ": expected pictures in colour, found grey ones of " +
             found);
  if (shape[2] != size)
    fail(Refusal::runtime,
         name + ": expected pictures of " + std::to_string(size) + " x " +
             std::to_string(size) + " pixels, found " + found);
  require_classes(it.split.train, name + " (training pictures)");
  require_classes(it.split.held_out, name + " (held-out pictures)");
  return it;
}

}  // namespace cnn
