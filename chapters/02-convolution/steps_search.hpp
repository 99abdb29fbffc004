// Step 8: Sobel's kernel found from examples, and what that costs.
// Book: book/02-convolution.md
#pragma once

#include <string>

#include "02-convolution/figures.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/recovery.hpp"
#include "02-convolution/steps_letters.hpp"
#include "02-convolution/steps_price.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline void show_search(const Recovery& recovery) {
  Rows rows = {
      {"forward passes", "error", "largest difference from Sobel x"}};
  for (const int passes : moments(recovery.path)) {
    const SearchStep& now = state_after(recovery.path, passes);
    const float distance = max_abs_difference(now.kernel, sobel_x());
    rows.push_back({grouped(passes), format("%.2g", now.error),
                    format("%.4f", static_cast<double>(distance))});
  }
  print("\n");
  print_table(rows);
  print("\n");
  say(format("%d of %s tries were kept, the rest were undone.",
             recovery.kept(), grouped(recovery.tries()).c_str()));
}

// Prints the kernel that the search found, the true one, and the error of
// the former on new digits.
inline void show_found(const Recovery& recovery) {
  print("\n    Found, and true:\n\n");
  print_matrix(recovery.end().kernel, 3, "      ");
  print("\n");
  print_matrix(sobel_x(), 3, "      ");
  print("\n");
  say(format("On ten digits that the search never saw, its error is %.1e. ",
             recovery.unseen_error) +
      (recovery.has_learned_the_kernel()
           ? "It has not learned the ten pictures but what was done to "
             "them."
           : "It has learned the ten pictures better than what was done to "
             "them."));
}

// digit (H, W): only its size matters
inline void show_cost(const Tensor<>& digit) {
  const int H = digit.extent(0), W = digit.extent(1);
  const long long numbers = prices_for(digit).dense.learned();
  print("\n");
  say(format(
      "The price: every try is a whole forward pass, here 10 digits x %d x "
      "%d x 9 = %s multiply-adds, and a round through nine numbers takes "
      "up to %d tries. The %s numbers of step 6 would need up to %s "
      "forward passes over the examples for one round. There must be a way "
      "to know which way to change a number without trying.",
      output_size(H, 3, 1, 0), output_size(W, 3, 1, 0),
      grouped(pass_price(10, H, W, 3)).c_str(), 2 * 9,
      grouped(numbers).c_str(), grouped(2 * numbers).c_str()));
}

inline void kernel_from_examples(Program& program, const Split& digits,
                                 const Tensor<>& digit) {
  step("A kernel found from examples");
  const Recovery recovery = recover_sobel(digits, program.seed());
  say(format(
      "Forget the weights of Sobel x. All we have is ten digits and what "
      "it made of each. Start from nine zeros. Raise one number by 0.1; if "
      "that lowers the error, keep the change; if not, lower the number by "
      "0.1 instead; if that does not help either, put it back. Go round "
      "all nine. When none helps any more, halve the step. The error is "
      "the mean of (output - wanted)^2. Measuring it takes a forward pass: "
      "all ten digits are convolved once. The search aims at an error of "
      "%g, which is %.8f.",
      recovery.good_enough, recovery.good_enough));
  show_search(recovery);
  show_found(recovery);
  program.report("sobel_forward_passes",
                 std::to_string(recovery.end().forward_passes));
  program.report(
      "sobel_difference",
      format("%.4f", static_cast<double>(recovery.difference())));
  program.figure("recovered.png",
                 recovered_figure(recovery.path, moments(recovery.path)),
                 "nine zeros become a slope from left to right, then the "
                 "middle row grows and the last decimals settle");
  program.figure("error.svg",
                 error_figure(recovery.path, recovery.good_enough),
                 "fast while steps of 0.1 help, slower once they have to "
                 "be halved again and again");
  show_cost(digit);
}

}  // namespace cnn
