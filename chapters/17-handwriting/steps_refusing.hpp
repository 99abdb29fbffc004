// Step 6: what the reader refuses, and what it does not.
// Book: book/17-handwriting.md
#pragma once

#include <string>
#include <vector>

#include "08-seeing/sureness.hpp"
#include "17-handwriting/placing.hpp"
#include "17-handwriting/refusals.hpp"
#include "17-handwriting/steps_digits.hpp"
#include "17-handwriting/steps_photographs.hpp"

namespace cnn {

inline void when_not_to_answer(HandwritingTour& tour) {
  step("When not to answer");
  const int count = tour.program.quick() ? 36 : 500;
  const Dataset digits = first(tour.digits.held_out, count);
  say("The reader, the larger network that read the photographs, looks at "
      "five views of each sign, turned and slanted a little. It counts a "
      "sign as refused if even the highest of its mean probabilities is "
      "below " +
      format("%.2f", least_probability) +
      ". From one view: refused if it looks only once. Mean: the highest "
      "probability, averaged over all signs. Last column: how many would "
      "the first network of this tour answer with 99 % or more?");
  print("\n");
  const Reader reader = reader_from(reader_path()).reader;
  struct Kind {
    const char* name;
    Dataset pictures;
  };
  const std::uint64_t seed = tour.program.seed();
  Rows rows = {{"pictures", "number", "refused", "from one view", "mean",
                "99 % sure"}};
  std::vector<Kind> kinds = {
      {"held-out digits", tour.digits.held_out},
      {"letters", first(drawn_letters(count / 18 + 1, seed), count)},
      {"scrambled digits", scrambled_digits(digits, seed)}};
  if (tour.program.given("strangers"))
    kinds.push_back({"strangers", each_changed(first(tour.strangers, count),
                                               placed_as_mnist)});
  for (const Kind& kind : kinds) {
    const Refusals it =
        compute_refusals(kind.name, kind.pictures.images, reader);
    const double sure = share_above(
        opinions(logits_of(tour.first_network(), kind.pictures.images)),
        0.99f);
    const auto share = [&](int pictures) {
      return percent(static_cast<double>(pictures) / it.pictures, 1);
    };
    rows.push_back({it.kind, grouped(it.pictures), share(it.refused),
                    share(it.once), percent(it.sureness, 1),
                    percent(sure, 1)});
  }
  print_table(rows);
}

}  // namespace cnn
