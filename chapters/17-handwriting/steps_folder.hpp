// One's own labelled pictures: a folder with a folder for each class.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "17-handwriting/class_names.hpp"
#include "17-handwriting/exif.hpp"
#include "17-handwriting/sign.hpp"
#include "common/data/dataset.hpp"
#include "common/data/files.hpp"
#include "common/data/pictures.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

struct LabelledFile {
  std::filesystem::path path;
  int label = 0;
};

struct LabelledFolder {
  ClassNames names;
  std::vector<LabelledFile> files;
};

// What a folder holds, in the order of the names; hidden files are left
// out. Throws std::runtime_error if it cannot be read.
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

// The classes and their files. Throws std::runtime_error for fewer than two
// classes, a class of fewer than two pictures, a name that cannot be saved,
// or a folder inside a class.
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
      if (!std::filesystem::is_regular_file(file, ignored))
        fail(Refusal::runtime,
             file.string() + ": expected a picture, found no plain file");
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

// The picture of a file, turned as its camera noted. Throws
// std::runtime_error that begins with the path.
inline Tensor<> upright_picture(const std::filesystem::path& path) {
  const auto bytes = read_bytes(path, most_picture_bytes);
  return upright(value_or_fail(parse_picture(bytes), path.string()),
                 exif_orientation(bytes));
}

struct OwnPictures {
  Dataset data;  // images (N, 1, 28, 28)
  ClassNames names;
  int as_they_were = 0;  // of 28 x 28 already
};

// All of a labelled folder's pictures, each placed as MNIST places a digit.
inline OwnPictures own_pictures(const std::filesystem::path& folder) {
  const LabelledFolder all = labelled_folder(folder);
  OwnPictures own;
  own.names = all.names;
  own.data.classes = static_cast<int>(all.names.size());
  own.data.images =
      Tensor<>({static_cast<int>(all.files.size()), 1, 28, 28});
  Progress progress("reading", static_cast<int>(all.files.size()),
                    "pictures");
  for (const LabelledFile& file : all.files) {
    const Tensor<> picture = upright_picture(file.path);
    own.as_they_were += is_placed_already(picture);
    const Tensor<> sign =
        value_or_fail(sign_of(picture), file.path.string());
    const std::span<float> room = row_of(own.data.images, own.data.size());
    std::copy(sign.data().begin(), sign.data().end(), room.begin());
    own.data.labels.push_back(file.label);
    progress.update(own.data.size());
  }
  return own;
}

}  // namespace cnn
