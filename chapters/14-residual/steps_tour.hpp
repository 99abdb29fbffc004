// What all steps share: the digits, and the settings of a run.
// Book: book/14-residual.md
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "11-optimizers/steps_study_tour.hpp"
#include "14-residual/depth_runs.hpp"
#include "14-residual/figures.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// A network that a step has trained and kept for the steps after it.
struct TrainedBlocks {
  BlockNetwork network;
  double rate = 0;
  std::unique_ptr<FastNetwork> trained = nullptr;
  BlockRun run = {};
};

// A tour with 2,000 digits to learn from, or 64 with --quick.
struct ResidualTour : StudyTour {
  int blocks = 10;  // of the networks that are taken apart
  std::vector<TrainedBlocks> trained = {};
  std::vector<DepthRuns> study = {};  // all depths of a kind, then the next

  TrainingSettings settings(double rate) const {
    TrainingSettings settings = block_settings(program.seed(), rate);
    if (program.quick()) settings.epochs = 1;
    return settings;
  }
};

inline ResidualTour make_residual_tour(Program& program) {
  ResidualTour tour{{{program}, load_digits(program.data())}};
  tour.digits.train = first(tour.digits.train, program.quick() ? 64 : 2000);
  if (program.quick()) {
    tour.digits.held_out = first(tour.digits.held_out, 60);
    tour.blocks = 3;
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  explain_errors(tour);
  return tour;
}

inline const std::vector<BlockKind> block_kinds = {
    BlockKind::plain, BlockKind::added, BlockKind::nothing};

inline std::string kinds_sentence() {
  return "Plain: blocks without skips; + x: with skips; from nothing: with "
         "skips, and branches that begin by adding 0.";
}

// The rate at which, in the long study, networks of this kind and ten
// blocks best read the digits that they learned from.
inline double good_rate(BlockKind kind) {
  return kind == BlockKind::plain   ? 0.01
         : kind == BlockKind::added ? 0.003
                                    : 0.05;
}

}  // namespace cnn
