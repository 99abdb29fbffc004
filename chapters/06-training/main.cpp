// Chapter 06: the loop. A convolutional network learns to read handwritten
// digits, with nothing but the plain loops of the chapters before.
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "01-tensor/layout.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "06-training/experiments.hpp"
#include "06-training/figures.hpp"
#include "06-training/live.hpp"
#include "06-training/network.hpp"
#include "06-training/scoring.hpp"
#include "06-training/training.hpp"
#include "06-training/whole_network_check.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {
namespace {

// ---- 1. The network ----------------------------------------------------

void show_network() {
  step("The network, layer by layer");
  say("Chapters 02 to 05 in a row: twice a convolution, ReLU and "
      "max-pooling, "
      "then one dense layer that gives each digit a score. A digit goes in "
      "at the top; each layer is shown with the shape of what comes out of "
      "it and with the numbers in it that can be learned, its parameters.");
  print("\n");
  Network<> network = build_network(digit_network, {1, 28, 28});
  const std::vector<Tensor<>> outputs =
      all_outputs(network, Tensor<>({1, 1, 28, 28}));
  std::vector<std::vector<std::string>> rows = {
      {"layer", "output (C, H, W)", "parameters"},
      {"the digit", "(1, 28, 28)", "0"}};
  for (std::size_t i = 0; i < network.size(); ++i) {
    const Shape shape(outputs[i].shape().begin() + 1,
                      outputs[i].shape().end());
    rows.push_back({network.name(i), to_string(shape),
                    std::to_string(parameter_count(network.layer(i)))});
  }
  rows.push_back({"in all", "", std::to_string(parameter_count(network))});
  print_table(rows);
  print("\n");
  say("conv1 has 8 kernels of 5 x 5 weights and a bias each: 8 x 25 "
      "+ "
      "8 = 208. conv2 has 16 kernels that look at 8 maps: 16 x 8 x "
      "25 "
      "+ 16 = 3216. fc1 has 10 x 400 + 10 = 4010.");
}

// ---- 2. Baselines ------------------------------------------------------

// What the network is measured against: accuracies on the held-out digits.
struct Baselines {
  double chance = 0.0, mean_image = 0.0, linear = 0.0;
};

Experiment chosen_experiment(const Program& program) {
  Experiment experiment;
  experiment.settings.epochs = program.integer("epochs");
  experiment.settings.batch = program.integer("batch");
  experiment.settings.learning_rate = program.number("learning-rate");
  if (program.choice("schedule") == "constant")
    experiment.settings.schedule = constant_schedule;
  experiment.settings.seed = program.seed();
  experiment.momentum = program.number("momentum");
  return experiment;
}

// The same run with chapter 05's layer, which starts from zeros.
Experiment with_one_dense_layer(Experiment experiment) {
  experiment.architecture = linear_network;
  experiment.initial_scale = 0.0f;
  return experiment;
}

Baselines show_baselines(Program& program, const Split& digits) {
  step("What it has to beat");
  say("A number such as '98 % right' means nothing alone. Four simpler "
      "answers to the same held-out digits, which nothing here "
      "learns "
      "from:");
  print("\n");
  Baselines found;
  found.chance = commonest_class_accuracy(digits.train, digits.held_out);
  found.mean_image =
      accuracy(nearest_mean_scores(digits.held_out.images,
                                   mean_images(digits.train)),
               digits.held_out.labels);
  const LinearClassifier linear =
      train_linear(digits.train, {.seed = program.seed()});
  found.linear = accuracy(scores(linear, digits.held_out.images),
                          digits.held_out.labels);
  print_table({{"answer", "held-out accuracy"},
               {"always the commonest digit", percent(found.chance)},
               {"the nearest mean image", percent(found.mean_image)},
               {"chapter 05: one dense layer", percent(found.linear)},
               {"the same layer, trained in this loop",
                percent(accuracy_after(
                    with_one_dense_layer(chosen_experiment(program)),
                    digits.train, digits.held_out))}});
  return found;
}

// ---- 3. The main run ---------------------------------------------------

Trained main_run(Program& program, const Split& digits) {
  step("The loop, on " + std::to_string(digits.train.size()) + " digits");
  say("One step: take the next few digits (a batch), send them forward, "
      "compute the loss, send the gradient of the loss backward, and move "
      "every parameter a little against its gradient. An epoch is once "
      "through all the digits, in a new order each time. By default there "
      "are two refinements, which are looked at below: momentum, by which "
      "a step keeps most of the one before it, and a learning rate that "
      "begins small, rises, and then falls to 0 along half a wave of the "
      "cosine. The last layer's weights start at a tenth of their size, so "
      "that the first scores are nearly equal.");
  print("\n");
  const Experiment experiment = chosen_experiment(program);
  print(
      "    Settings: learning rate %g, momentum %g, batches of %d, epochs: "
      "%d.\n",
      experiment.settings.learning_rate, experiment.momentum,
      experiment.settings.batch, experiment.settings.epochs);
  Trained run;
  run.network = fresh_network(experiment);
  run.first_filters = run.network.parameters().front()->value;
  Sgd sgd(experiment.momentum);
  Watcher watcher(program, digits, run);
  train(run.network, sgd, digits.train, experiment.settings,
        [&](const TrainingStep& now) { return watcher(now); });
  return run;
}

// ---- 4. What came of it ------------------------------------------------

void show_curves(Program& program, const Trained& run) {
  const double guessing = 0.1;
  const bool half_at_once =
      run.epochs.size() > 1 &&
      run.epochs.front().held_out_accuracy - guessing >
          (run.epochs.back().held_out_accuracy - guessing) / 2;
  for (const bool loss : {true, false}) {
    const std::string file = loss ? "loss" : "accuracy";
    program.figure(
        file + ".svg",
        training_curves(run.history, run.epochs, loss, Axis::steps),
        loss
            ? "each line of the axis is ten times the one below; where the "
              "held-out loss levels off while the other goes on falling, "
              "learning has become remembering"
        : half_at_once ? "most of it is learned in the first epoch"
                       : "when is most of it learned?");
    program.timed_figure(
        file + "-over-seconds.svg",
        training_curves(run.history, run.epochs, loss, Axis::seconds),
        "the same against this machine's clock, so not kept");
  }
}

void show_result(Program& program, const Split& digits, Trained& run) {
  step("What it gets right, and what it takes for what");
  const Tensor<> logits = evaluate(run.network, digits.held_out);
  const std::vector<int>& labels = digits.held_out.labels;
  const std::vector<Mistake> wrong = mistakes(logits, labels);
  const Tensor<> confusion = confusion_matrix(labels, predictions(logits),
                                              digits.held_out.classes);
  print("    Right: %d of %d held-out digits, %s.\n",
        digits.held_out.size() - static_cast<int>(wrong.size()),
        digits.held_out.size(), percent(accuracy(logits, labels)).c_str());
  program.report("held_out_accuracy",
                 format("%.4f", accuracy(logits, labels)));
  const std::vector<double> shares = recall(confusion);
  std::vector<std::vector<std::string>> rows = {{"digit"}, {"recall"}};
  for (std::size_t k = 0; k < shares.size(); ++k) {
    rows[0].push_back(std::to_string(k));
    rows[1].push_back(images_of(confusion, static_cast<int>(k)) > 0
                          ? format("%.1f", 100 * shares[k])
                          : "-");
  }
  print("    The share of each digit that is recognised, in percent:\n\n");
  print_table(rows);
  show_curves(program, run);
  program.figure("confusion.svg", confusion_figure(confusion),
                 "off the diagonal: which digits are taken for which");
  program.figure(
      "recall.svg", recall_figure(confusion),
      "which digits are hardest: the taller, the more are missed");
  program.figure("mistakes.png",
                 mistakes_figure(digits.held_out, wrong, 25),
                 wrong.empty() ? "there is none"
                               : "the answers that were wrong and surest; "
                                 "some would fool a person");
}

void show_inside(Program& program, const Split& digits, Trained& run) {
  step("What it has learned to look for");
  say("The eight kernels of the first layer began as random numbers:");
  print("\n");
  const Tensor<>& after = run.network.parameters().front()->value;
  const float moved = max_abs_difference(run.first_filters, after);
  print(
      "    The first layer's weights moved by %.2f at the most; the "
      "largest is\n    now %.2f.\n",
      static_cast<double>(moved),
      static_cast<double>(largest_magnitude(after)));
  program.figure("filters.png", filters_figure(run.first_filters, after),
                 moved > largest_magnitude(run.first_filters) / 4
                     ? "before: noise; after: weights of one sign have "
                       "gathered into strokes"
                     : "before: noise; after: much the same, as no weight "
                       "has moved far");
  const std::vector<int>& labels = digits.held_out.labels;
  const int truth = 3;
  const auto chosen = std::find(labels.begin(), labels.end(), truth);
  const Tensor<> digit = picture_of(
      digits.held_out.images, static_cast<int>(chosen - labels.begin()));
  const Tensor<> logits =
      run.network.forward(digit.reshaped({1, 1, 28, 28}), Mode::evaluation);
  print(
      "    A held-out %d goes in; the probability of each digit comes "
      "out:\n\n",
      truth);
  std::vector<std::vector<std::string>> rows = {{"digit"}, {"%"}};
  const Tensor<> probabilities = softmax(logits);
  for (int k = 0; k < 10; ++k) {
    rows[0].push_back(std::to_string(k));
    rows[1].push_back(
        format("%.2f", 100 * static_cast<double>(probabilities(0, k))));
  }
  print_table(rows);
  program.figure("feature-maps.png",
                 feature_maps_figure(run.network, digit),
                 "where each filter answers, layer by layer: the picture "
                 "becomes small and its meaning large");
}

// ---- 6. What each choice is worth --------------------------------------

// The main run's settings for a shorter run.
Experiment short_experiment(const Program& program, int epochs) {
  Experiment experiment;
  experiment.settings.epochs = program.quick() ? 1 : epochs;
  experiment.settings.seed = program.seed();
  return experiment;
}

// Trains under some settings and returns what accuracy_after() does; no
// number if the loss became none.
std::optional<double> try_out(const Experiment& experiment,
                              const Dataset& train_on,
                              const Dataset& test_on,
                              const AfterStep& after_step = {}) {
  try {
    return accuracy_after(experiment, train_on, test_on, after_step);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::string outcome_text(const std::optional<double>& share) {
  return share ? percent(*share) : "the loss is not a number";
}

// A run with the time left on the screen; Ctrl-C ends it early.
std::optional<double> run_one(Program& program, const std::string& name,
                              const Experiment& experiment,
                              const Dataset& train_on,
                              const Dataset& test_on) {
  Progress progress(
      name, training_steps(train_on.size(), experiment.settings), "steps");
  return try_out(experiment, train_on, test_on,
                 [&](const TrainingStep& now) {
                   progress.update(now.step, format("loss %.3f", now.loss));
                   return !program.interrupted();
                 });
}

// How many of the training digits the short runs learn from.
constexpr int few_digits = 1000, more_digits = 2000;

std::string run_text(int digits, const Experiment& experiment) {
  return format("%d digits, epochs: %d", digits,
                experiment.settings.epochs);
}

// Choices to be compared, with their names.
using NamedExperiments = std::vector<std::pair<std::string, Experiment>>;

void compare(Program& program, const Split& digits,
             const NamedExperiments& experiments) {
  const Dataset few = first(digits.train, few_digits);
  std::vector<std::vector<std::string>> rows = {
      {"", "size of the first scores", "held-out accuracy"}};
  for (const auto& [name, experiment] : experiments) {
    Network<> network = fresh_network(experiment);
    const double size = root_mean_square(
        network.forward(first(few, 100).images, Mode::evaluation));
    const auto share =
        run_one(program, name, experiment, few, digits.held_out);
    if (program.interrupted()) return;
    rows.push_back({name, format("%.2g", size), outcome_text(share)});
  }
  print_table(rows);
}

void show_choices(Program& program, const Split& digits) {
  const Experiment base = short_experiment(program, 4);
  step("What each choice is worth");
  say("Short runs (" +
      run_text(std::min(few_digits, digits.train.size()), base) +
      "), all with the default settings but for what the table names. "
      "Beside the accuracy stands the size of the first scores, before "
      "anything is learned: the root of the mean of their squares.");
  print("\n");
  Experiment no_momentum = base, long_steps = base, small = base,
             large = base, usual = base, falling = base, constant = base;
  no_momentum.momentum = 0.0;
  long_steps.momentum = 0.0;
  long_steps.settings.learning_rate *= 10;
  small.initial_scale = 0.01f;
  large.initial_scale = 8.0f;
  usual.settings.schedule = constant_schedule;
  falling.settings.learning_rate *= 2;
  constant.settings.learning_rate *= 2;
  constant.settings.schedule = constant_schedule;
  print(
      "    Momentum 0.9 adds up to steps ten times as long, so plain steps "
      "are\n    also tried with ten times the learning rate:\n\n");
  compare(program, digits,
          {{"momentum 0.9", base},
           {"no momentum", no_momentum},
           {"no momentum, rate x 10", long_steps}});
  print(
      "\n    The size of the starting weights decides whether a signal "
      "gets\n    through at all:\n\n");
  compare(program, digits,
          {{"starting weights x 0.01", small},
           {"starting weights x 8", large}});
  print(
      "\n    The default learning rate throughout, and twice that, "
      "throughout or\n"
      "    only at the height of the cosine:\n\n");
  compare(program, digits,
          {{"rate 0.05 throughout", usual},
           {"rate 0.1 along a cosine", falling},
           {"rate 0.1 throughout", constant}});
}

// ---- 7. Neighbours -----------------------------------------------------

void show_neighbours(Program& program, const Split& digits) {
  step("Does it matter who is whose neighbour? Permuted digits again");
  say("Chapter 01 put the pixels of every digit into one other order and "
      "found that what looks at a flat vector cannot tell. A dense layer "
      "looks at a flat vector; a convolution looks at windows. Both learn "
      "from the digits as they are, and from the permuted ones:");
  print("\n");
  const std::vector<int> order = pixel_permutation(28 * 28, 1);
  const Dataset few = first(digits.train, more_digits);
  std::vector<std::vector<std::string>> rows = {
      {run_text(few.size(), short_experiment(program, 4)), "plain",
       "permuted"}};
  std::vector<double> shares;  // dense, then convolutional; plain, permuted
  for (const bool convolutional : {false, true}) {
    Experiment experiment = short_experiment(program, 4);
    if (!convolutional) experiment = with_one_dense_layer(experiment);
    const std::string name = convolutional ? "convolutional" : "dense";
    Network<> network = build_network(experiment.architecture, {1, 28, 28});
    std::vector<std::string> row = {format(
        "%s, %d parameters", name.c_str(), parameter_count(network))};
    for (const bool permuted : {false, true}) {
      Dataset train_on = few, test_on = digits.held_out;
      if (permuted) {
        train_on.images = permute_pixels(train_on.images, order);
        test_on.images = permute_pixels(test_on.images, order);
      }
      const auto share =
          run_one(program, name, experiment, train_on, test_on);
      if (program.interrupted()) return;
      row.push_back(outcome_text(share));
      shares.push_back(share.value_or(0));
      program.report(
          name + (permuted ? "_permuted" : "_plain") + "_accuracy",
          share ? format("%.4f", *share) : "none");
    }
    rows.push_back(row);
  }
  print_table(rows);
  print("\n");
  say(std::string(
          "The dense network, started from zeros, cannot tell the two "
          "apart: every pixel has a weight of its own, wherever it lies. "
          "The convolutional network ") +
      (shares[3] < shares[2]
           ? "loses what it was built on: that cells side by side belong "
             "together, and that what is worth finding here is worth "
             "finding there."
           : "is built on what the permuted digits have lost: that cells "
             "side by side belong together. This time it made no use of "
             "it."));
}

// ---- 8. When it does not learn -----------------------------------------

void show_learning_rates(Program& program, const Split& digits) {
  const int steps =
      std::min(30, training_steps(digits.train.size(),
                                  short_experiment(program, 1).settings));
  print(
      "\n    Learning rate: the mean loss of steps %d to %d (ln 10 at the "
      "start).\n\n",
      std::max(1, steps - 4), steps);
  std::vector<std::vector<std::string>> rows = {{"learning rate", "loss"}};
  for (const double rate : {0.0001, 0.001, 0.01, 0.1, 1.0, 10.0}) {
    Experiment experiment = short_experiment(program, 1);
    experiment.settings.learning_rate = rate;
    experiment.settings.schedule = constant_schedule;
    std::string outcome;
    try {
      outcome = format("%.3f", loss_after(experiment, digits.train, steps));
    } catch (const std::runtime_error&) {
      outcome = "not a number";
    }
    rows.push_back({tick_text(rate), outcome});
  }
  print_table(rows);
}

void show_checklist(Program& program, const Split& digits,
                    double first_loss) {
  step("When it does not learn: four things to look at, in this order");
  print(
      "    First loss: %.3f here, near ln 10 = 2.303? If not, the scores "
      "start\n    too large, or the loss is wrong.\n",
      first_loss);
  Experiment ten = short_experiment(program, 40);
  ten.settings.epochs = 40;
  ten.settings.learning_rate = 0.05;
  const Dataset images = first(digits.train, 10);
  const auto by_heart = try_out(ten, images, images);
  print(
      "    Ten images, forty times over: %s%s. A\n"
      "    network that cannot learn ten images by heart has a bug%s\n",
      outcome_text(by_heart).c_str(),
      by_heart ? " of them right afterwards" : "",
      by_heart == 1.0 ? "."
                      : ", or a\n    start that is as unlucky as this one: "
                        "try another seed.");
  print(
      "    Gradients of the whole network against central differences: "
      "the\n    largest relative error is %.0e.\n",
      check_whole_network(first(digits.train, 2), program.seed(),
                          program.quick() ? 4 : 20));
  show_learning_rates(program, digits);
}

void tour(Program& program) {
  Split digits = load_digits(program.data());
  const int wanted = program.quick() ? 40 : program.integer("train");
  if (wanted > 0) digits.train = first(digits.train, wanted);
  if (program.quick()) digits.held_out = first(digits.held_out, 20);
  require_classes(digits.held_out, digits.source, std::vector<int>{3});
  print("Data: %s.\n", digits.source.c_str());
  program.catch_interrupts();
  show_network();
  const Baselines baselines = show_baselines(program, digits);
  Trained run = main_run(program, digits);
  show_result(program, digits, run);
  program.report("chance_accuracy", format("%.4f", baselines.chance));
  program.report("mean_image_accuracy",
                 format("%.4f", baselines.mean_image));
  program.report("linear_accuracy", format("%.4f", baselines.linear));
  show_inside(program, digits, run);
  if (!program.interrupted()) show_choices(program, digits);
  if (!program.interrupted()) show_neighbours(program, digits);
  if (!program.interrupted())
    show_checklist(program, digits, run.history.front().loss);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("06-training", "the loop: a network learns to read");
  program.integer("epochs", 6, 1, 1000, "times that every digit is seen");
  program.integer("batch", 32, 1, 10000, "digits per step");
  program.number("learning-rate", 0.05, 1e-9, 1e30, "size of a step");
  program.choice("schedule", "cosine", {"cosine", "constant"},
                 "how the learning rate changes");
  program.number("momentum", 0.9, 0, 0.999,
                 "what is kept of the last step");
  program.integer("train", 0, 0, 1000000,
                  "how many digits to train on; 0: all there are");
  return program.run(argc, argv, cnn::tour);
}
