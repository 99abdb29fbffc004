// Steps 3 and 4: the first layer, from an eigenvalue problem, and the
// network before its first step.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "07-speed/work.hpp"
#include "15-colour/steps_tour.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// A covariance matrix in four numbers.
struct CovarianceShape {
  double off_diagonal = 0;        // the largest magnitude off the diagonal
  double diagonal = 0;            // the mean on the diagonal
  double least = 1e30, most = 0;  // the range on the diagonal
};
inline CovarianceShape covariance_shape(const Tensor<double>& covariance) {
  CovarianceShape it;
  const int D = covariance.extent(0);
  for (int i = 0; i < D; ++i)
    for (int j = 0; j < D; ++j)
      if (i == j) {
        it.diagonal += covariance(i, i) / D;
        it.least = std::min(it.least, covariance(i, i));
        it.most = std::max(it.most, covariance(i, i));
      } else {
        it.off_diagonal =
            std::max(it.off_diagonal, std::abs(covariance(i, j)));
      }
  return it;
}

inline void filters_of_the_patches(ColourTour& tour) {
  step("The first filters, by an eigenvalue problem");
  const Tensor<> images =
      first(tour.split().train, whitening_pictures).images;
  const Whitening it = whitening_of(images, whitened_side);
  double all = 0;
  for (const double variance : it.variances) all += variance;
  say(format(
      "All patches of %d x %d pixels of %s pictures, %d numbers each. The "
      "eigenvalues of their covariance are their variances along the "
      "filters:",
      whitened_side, whitened_side, grouped(images.extent(0)).c_str(),
      it.filters.extent(0)));
  print("\n");
  Rows rows = {{"filter", "variance", "share of all (%)"}};
  for (std::size_t k = 0; k < it.variances.size(); ++k) {
    rows.push_back({std::to_string(k + 1), format("%.6f", it.variances[k]),
                    format("%.2f", 100 * it.variances[k] / all)});
  }
  print_table(rows);
  const PatchStatistics patches = patch_statistics(images, whitened_side);
  const CovarianceShape before = covariance_shape(patches.covariance);
  const CovarianceShape after =
      covariance_shape(whitened_covariance(patches.covariance, it));
  print("\n");
  say(
      format("Before the filters, two different numbers of a patch have a "
             "covariance of up to %.4f, and the mean variance is %.4f. "
             "After them the covariance is %.4f, and the variance is "
             "between %.2f and %.2f.",
             before.off_diagonal, before.diagonal,
             std::abs(after.off_diagonal), after.least, after.most));
  tour.program.figure("whitening.png", whitening_picture(it, 4),
                      "which filters see brightness, which see colour, and "
                      "where do edges come in?");
}

inline void before_any_step(ColourTour& tour) {
  step("The network before its first step");
  tour.network = started_colours(tour.recipe, tour.split().train);
  Network<>& plain = tour.network->plain();
  const Shape& image = tour.network->image();
  const NormalizedArchitecture layers =
      colour_network_for(tour.recipe.widths, tour.split().train);
  const Tensor<> one({1, image[0], image[1], image[2]});
  const std::vector<Tensor<>> outputs = all_outputs(plain, one);
  const std::vector<double> products = all_products(layers, plain, one);
  Rows rows = {{"layer", "output", "weights", "multiply-adds"}};
  double all = 0;
  int weights = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const auto parameters = plain.layer(i).parameters();
    if (parameters.empty() || parameters[0]->fan_in == 0) continue;
    const Shape& shape = outputs[i].shape();
    rows.push_back(
        {plain.name(i), to_string(Shape(shape.begin() + 1, shape.end())),
         grouped(parameters[0]->value.size()), grouped(products[i])});
    all += products[i];
    weights += parameters[0]->value.size();
  }
  rows.push_back({"all", "", grouped(weights), grouped(all)});
  const int last_side = last_map_side(image[1]);
  say("The network " + widths_text(tour.recipe.widths) +
      ", named after the channels of its three groups of convolutions. "
      "Output is the shape of what a layer makes of one picture (channels, "
      "rows, columns), and multiply-adds are those for one picture. Each "
      "normalization and each ReLU keeps the shape; pools of 2 follow "
      "conv2, conv4 and conv6" +
      (last_side > 1 ? format(", and a pool of %d follows conv7", last_side)
                     : "") +
      ".");
  print("\n");
  print_table(rows);
  const double work = work_of(tour.recipe, tour.split().train.size(),
                              image[1], tour.split().train.classes);
  print("\n");
  say(
      format("Training: %d epochs of %s pictures, forward and backward, "
             "with two operations for each multiply-add: %.2f x 10^12 "
             "operations in all.",
             tour.recipe.epochs, grouped(tour.split().train.size()).c_str(),
             work / 1e12));
}

}  // namespace cnn
