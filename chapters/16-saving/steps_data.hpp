// The data sets that a verb's --data names.
// Book: book/16-saving.md
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "common/data/files.hpp"
#include "common/shell/option.hpp"
#include "common/shell/program.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

inline const char* const data_help =
    "embedded, mnist, fashion-mnist or, with a slash in it, a folder with "
    "MNIST's four files";

// Throws UsageError for another word, and std::runtime_error if the set is
// not there or cannot be read.
inline Split named_split(const std::string& name) {
  if (name == "embedded") return embedded_digits();
  if (name.find('/') != std::string::npos) return mnist_from(name);
  if (name != "mnist" && name != "fashion-mnist")
    throw UsageError("--data expects " + std::string(data_help) +
                     ", got '" + name + "'");
  const std::filesystem::path folder =
      Program::source_folder() / "data" / name;
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    fail(Refusal::runtime, "data/" + name + " is not there: './tutorial " +
                               "data " + name + "' fetches it");
  return mnist_from(folder);
}

}  // namespace cnn
