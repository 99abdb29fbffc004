// A folder of your own labelled pictures, prepared for a network of digits.
// Book: book/17-handwriting.md
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "15-colour/steps_folder.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/sign.hpp"
#include "common/data/dataset.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

struct OwnPictures {
  Dataset data;  // images (N, 1, 28, 28)
  ClassNames names;
  int placed_already = 0;  // pictures that needed no placing
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
    own.placed_already += is_placed_already(picture);
    const Tensor<> sign =
        value_or_fail(sign_of(picture), file.path.string());
    set_row(own.data.images, own.data.size(), sign.data());
    own.data.labels.push_back(file.label);
    progress.update(own.data.size());
  }
  return own;
}

}  // namespace cnn
