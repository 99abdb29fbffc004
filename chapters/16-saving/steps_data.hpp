// The data sets that a verb's --data names.
// Book: book/16-saving.md
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "15-colour/steps_folder.hpp"
#include "common/data/files.hpp"
#include "common/shell/option.hpp"
#include "common/shell/program.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

inline const char* const data_help =
    "embedded (the digits that come with the book), land (its colour "
    "pictures), mnist, fashion-mnist, cifar-10 or, with a slash in it, a "
    "folder with the files of one of these or with a folder of pictures "
    "for each class";

// The set that a value of --data names. Pictures from a folder for each
// class are brought to `size` x `size` pixels. Throws UsageError for an
// unknown name, and std::runtime_error if the set is not there or cannot be
// read.
inline PictureFolder named_data(const std::string& name, int size) {
  if (name == "embedded") return {embedded_digits(), {}};
  if (name == "land") return {embedded_land(), {}};
  if (name.find('/') != std::string::npos) return any_data_in(name, size);
  if (name != "mnist" && name != "fashion-mnist" && name != "cifar-10")
    throw UsageError("--data expects " + std::string(data_help) +
                     ", got '" + name + "'");
  const std::filesystem::path folder =
      Program::source_folder() / "data" / name;
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    fail(Refusal::runtime, "data/" + name + " is not there: './tutorial " +
                               "data " + name + "' fetches it");
  return {name == "cifar-10" ? cifar10_from(folder) : mnist_from(folder),
          {}};
}

}  // namespace cnn
