// Steps 1 and 2: why the order of a sum matters to its last bits, and which
// operations every machine rounds alike.
// Book: book/18-browser.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "06-training/batches.hpp"
#include "16-saving/steps_files.hpp"
#include "16-saving/steps_shared.hpp"
#include "18-browser/figures.hpp"
#include "18-browser/operations.hpp"
#include "18-browser/rounding.hpp"
#include "18-browser/steps_lesson.hpp"

namespace cnn {

// ---- 1. A sum and its order --------------------------------------------

inline Strings number_row(const std::string& what, float number) {
  return {what, format("%.9g", static_cast<double>(number)),
          bits_text(number)};
}

inline Rows rows_of(const TwoOrders& it) {
  return {{"", "number", "its bits"},
          number_row("a", it.a),
          number_row("b", it.b),
          number_row("c", it.c),
          number_row("(a + b) + c", it.from_the_left()),
          number_row("a + (b + c)", it.from_the_right())};
}

// The last layer of the network that comes with the book, and its inputs
// for some digits.
struct LastLayer {
  Tensor<> inputs;        // (N, F_in)
  Tensor<> weight, bias;  // (F_out, F_in) (F_out)
};

inline LastLayer last_layer(const Dataset& digits) {
  const LoadedNetwork loaded =
      load_network(Program::source_folder() / shipped_network);
  const auto network =
      network_of(loaded, shipped_network, {.isa = "portable"});
  const auto before_last = [&](int, const Tensor<>& images) {
    const std::vector<Tensor<>> outputs = network->outputs(images);
    return outputs[outputs.size() - 2];
  };
  return {in_batches(digits.images, before_last),
          loaded.file.tensors.at("fc1.weight"),
          loaded.file.tensors.at("fc1.bias")};
}

// Shows three products of a real score whose sum depends on the order.
inline void real_products(const BrowserTour& tour, const LastLayer& last) {
  const int label = tour.digits.held_out.labels[0];
  const TwoOrders three =
      first_that_differ(row_of(last.inputs, 0), row_of(last.weight, label));
  if (three.agree()) return;  // no three that would show it
  const std::string digit = std::to_string(label);
  say("In a trained network, too, the order matters. The first held-out "
      "digit is a " +
      digit + ", and its score as a " + digit + " is a bias and a sum of " +
      std::to_string(last.weight.extent(1)) +
      " products. Three of them, one after another:");
  print("\n");
  print_table(rows_of(three));
  print("\n");
  tour.program.figure(
      "rounding.png", rounding_figure(three),
      "the digits on vermilion are lost: how many in each sum?");
  print("\n");
}

inline void real_scores(const LastLayer& last) {
  Rows rows = {{"order of the sum", "scores", "by up to", "answers"}};
  const Tensor<> first = scores_in_order(last.inputs, last.weight,
                                         last.bias, orders_of_sum[0].score);
  for (const OrderOfSum& order : orders_of_sum) {
    const ChangedScores changed = changed_scores(
        first,
        scores_in_order(last.inputs, last.weight, last.bias, order.score));
    rows.push_back({order.name, grouped(changed.scores),
                    format("%.2g", changed.by_up_to),
                    grouped(changed.answers)});
  }
  print_table(rows);
}

inline void a_sum_and_its_order(BrowserTour& tour) {
  step("A sum and its order");
  const float tiny = std::ldexp(1.0f, -24);
  say("A float has 24 binary digits. Added to 1, the number 2^-24 is half "
      "a unit of the last digit, and is rounded away. Two of them make a "
      "whole unit:");
  print("\n");
  print_table(rows_of({1, tiny, tiny}));
  print("\n");
  say("A fused multiply-add rounds once, after both operations:");
  print("\n");
  const float a = 1 + std::ldexp(1.0f, -12);
  const TwoRoundings product = {a, a, -1 - std::ldexp(1.0f, -11)};
  print_table(
      {{"", "number", "its bits"},
       number_row("a, b", product.a),
       number_row("c", product.c),
       number_row("a b + c, rounded twice", product.rounded_twice()),
       number_row("a b + c, rounded once", product.rounded_once())});
  print("\n");
  const LastLayer last = last_layer(tour.digits.held_out);
  real_products(tour, last);
  say("All " + grouped(last.inputs.extent(0) * last.weight.extent(0)) +
      " scores of the held-out digits in five ways, against the first of "
      "them: how many scores change, by how much, and how many answers.");
  print("\n");
  real_scores(last);
}

// ---- 2. What every machine rounds alike --------------------------------

inline void what_all_round_alike(BrowserTour& tour) {
  step("What every machine rounds alike");
  const int count = tour.program.quick() ? 1000 : 1000000;
  say("IEEE 754 prescribes that the result of +, -, x, / and the root is "
      "the float nearest to the true one. It does not do so for exp, log "
      "and cos. We do each operation " +
      grouped(count) +
      " times, with random numbers, and compare with the same in double. "
      "The checksum is made from all the results:");
  print("\n");
  Rows rows = {{"operation", "prescribed", "not the nearest", "checksum"}};
  int at_liberty = 0;
  for (const Operation& operation : operations) {
    const Rounded all = round_many(operation, count, tour.program.seed());
    if (!operation.prescribed) at_liberty += all.missed;
    rows.push_back({operation.name, operation.prescribed ? "yes" : "no",
                    grouped(all.missed), all.checksum});
  }
  print_table(rows);
  print("\n");
  say("In the last three rows, " + grouped(at_liberty) +
      " results are not the nearest float. The standard allows that, and "
      "another library may miss others, so its checksums may differ. The "
      "first five rows are the same on every machine.");
}

}  // namespace cnn
