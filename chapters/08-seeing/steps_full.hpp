// The study that takes minutes: several seeds answer what a single one
// leaves open.
// Book: book/08-seeing.md
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "08-seeing/steps_activity.hpp"
#include "08-seeing/steps_learn.hpp"
#include "08-seeing/steps_tour.hpp"
#include "08-seeing/sureness.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline int study_seeds(const SeeingTour& tour, int in_full) {
  return tour.program.quick() ? 2 : in_full;
}

inline void freeze_from_seeds(SeeingTour& tour) {
  const int seeds = study_seeds(tour, 10);
  step("What need not learn, from several seeds");
  say(seeds_sentence(tour.program.seed(), seeds) +
      " after the +-, which says how far the mean may be off by chance. "
      "'Read' is the share of held-out digits that are read right, in "
      "percent. 'Behind' says by how many percentage points it falls short "
      "of the same seed's run in which all layers learn, and 'seeds "
      "behind' counts the seeds in which it does:");
  print("\n");
  const std::vector<FrozenRuns> runs = train_frozen(tour, seeds);
  if (tour.program.interrupted()) return;
  const std::vector<double>& all = runs[0].accuracies;
  const auto text = [&](const SeedMean& it) {
    return number_text({100 * it.mean, 100 * it.error}, seeds, 2);
  };
  Rows rows = {{"what learns", "read", "behind", "seeds behind"}};
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const PairedMean behind = paired_mean(all, runs[k].accuracies);
    rows.push_back(
        {what_learns[k].second, text(seed_mean(runs[k].accuracies)),
         k == 0 ? "" : text(behind.of),
         k == 0 ? "" : format("%d of %d", behind.behind, seeds)});
  }
  print_table(rows);
}

// ---- The dead ----------------------------------------------------------

inline std::string from_to_text(const Extent& it) {
  return it.least == it.most ? format("%.0f", it.least)
                             : format("%.0f to %.0f", it.least, it.most);
}

inline std::string accuracy_text(const DeadOfSeeds& it) {
  std::string text = it.accuracy
                         ? format("%.2f to %.2f", 100 * it.accuracy->least,
                                  100 * it.accuracy->most)
                         : std::string("-");
  if (it.broken > 0) text += format(", %d broke", it.broken);
  return text;
}

inline void dead_from_seeds(SeeingTour& tour) {
  const int seeds = study_seeds(tour, 10);
  const Dataset some = first(tour.digits.held_out, 500);
  step("Which steps kill filters, from several seeds");
  say(
      format("Here are the dead filters after short training runs at ever "
             "larger rates, from %d seeds: for each layer the fewest and "
             "the most in any seed. 'All dead' counts the seeds in which "
             "some layer has no living filter left, and 'read' is the "
             "share of held-out digits that are read right, in percent:",
             seeds));
  print("\n");
  std::vector<std::vector<DeadFilters>> by_rate;
  Progress progress("trainings", seeds, "seeds");
  for (int i = 0; i < seeds; ++i) {
    const std::vector<DeadFilters> all =
        compute_dead(with_seed(tour.experiment, i), tour.digits.held_out,
                     some, [&](FastNetwork& network, const Experiment& it) {
                       return trains_soundly(tour, network, it);
                     });
    if (tour.program.interrupted()) return;
    by_rate.resize(all.size());
    for (std::size_t r = 0; r < all.size(); ++r)
      by_rate[r].push_back(all[r]);
    progress.update(i + 1);
  }
  Rows rows = {{"learning rate", "layer 1, of 8", "layer 2, of 16",
                "all dead", "read"}};
  for (const std::vector<DeadFilters>& runs : by_rate) {
    const DeadOfSeeds it = over_seeds(runs);
    rows.push_back({tick_text(it.learning_rate), from_to_text(it.layer1),
                    from_to_text(it.layer2), std::to_string(it.blind),
                    accuracy_text(it)});
  }
  print_table(rows);
}

// ---- Promised and kept -------------------------------------------------

// Where the intervals of probabilities begin, except for the first, at 0.
inline const std::vector<float> promise_bounds = {0.5f, 0.8f, 0.95f, 0.99f,
                                                  0.999f};

inline Rows promise_rows(const std::vector<std::vector<Promise>>& runs) {
  Rows rows = {{"probability", "digits", "promised", "kept",
                "wrong: promised", "wrong: made"}};
  const auto seeds = static_cast<int>(runs.size());
  for (std::size_t k = 0; k <= promise_bounds.size(); ++k) {
    double count = 0, promised = 0, wrong = 0;
    std::vector<double> mistakes;
    for (const std::vector<Promise>& run : runs) {
      count += run[k].count;
      promised += run[k].promised_wrong;
      wrong += run[k].wrong;
      mistakes.push_back(run[k].wrong);
    }
    const auto share = [&](double of) {
      return count > 0 ? percent(1 - of / count) : std::string("-");
    };
    const std::string from =
        k == 0 ? "0"
               : tick_text(static_cast<double>(promise_bounds[k - 1]));
    const std::string to =
        k == promise_bounds.size()
            ? "1"
            : tick_text(static_cast<double>(promise_bounds[k]));
    rows.push_back({from + " to " + to, format("%.1f", count / seeds),
                    share(promised), share(wrong),
                    format("%.1f", promised / seeds),
                    number_text(seed_mean(mistakes), seeds, 1)});
  }
  return rows;
}

// Trains a fresh network for each seed and hands it to `ask`. Returns false
// if the program is interrupted.
template <class Ask>
bool ask_from_seeds(const SeeingTour& tour, int seeds, const Ask& ask) {
  Progress progress("networks", seeds, "seeds");
  for (int i = 0; i < seeds; ++i) {
    const Experiment one = with_seed(tour.experiment, i);
    FastNetwork network(digit_network, {1, 28, 28});
    start(network, one);
    trains_soundly(tour, network, one);
    if (tour.program.interrupted()) return false;
    ask(network);
    progress.update(i + 1);
  }
  return true;
}

inline void promises_from_seeds(SeeingTour& tour) {
  const int seeds = study_seeds(tour, 10);
  const Dataset& data = tour.digits.held_out;
  step("What a probability promises, from several seeds");
  say(format(
      "The answers to all %d held-out digits by their probability, from %d "
      "seeds. 'Promised' is the mean probability, and 'kept' is the share "
      "that is right. The last two columns compare how many wrong answers "
      "the probabilities promised with how many the network made. Counts "
      "are means over the seeds, and after the +- is the standard error:",
      data.size(), seeds));
  print("\n");
  std::vector<std::vector<Promise>> runs;
  if (!ask_from_seeds(tour, seeds, [&](FastNetwork& network) {
        runs.push_back(promises(opinions(evaluate(network, data)),
                                data.labels, promise_bounds));
      }))
    return;
  print_table(promise_rows(runs));
}

}  // namespace cnn
