// Chapter 08: what each layer sees, batch after batch.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "06-training/scoring.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/activity.hpp"
#include "08-seeing/covering.hpp"
#include "08-seeing/figures.hpp"
#include "08-seeing/principal_components.hpp"
#include "08-seeing/receptive_field.hpp"
#include "08-seeing/recorder.hpp"
#include "08-seeing/run.hpp"
#include "08-seeing/strangers.hpp"
#include "08-seeing/strongest.hpp"
#include "08-seeing/sureness.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

// What all sections share.
struct Tour {
  Program& program;
  Split digits;
  Experiment experiment;
  FastNetwork network{digit_network, {1, 28, 28}};
  Run run;
};

Tensor<> to_the_right(const Tensor<>& image, int columns) {
  return picture_of(shifted(as_batch(image), 0, columns), 0);
}

// The number of the first held-out image of a digit.
int first_of(const Dataset& data, int label) {
  const auto found =
      std::find(data.labels.begin(), data.labels.end(), label);
  if (found == data.labels.end())
    fail(Refusal::runtime,
         "expected a held-out " + std::to_string(label) + ", found none");
  return static_cast<int>(found - data.labels.begin());
}

// ---- 1. The first layer ------------------------------------------------

// The first layer filter by filter, and what similarity means nothing.
// The same network with the random start of another seed.
Network<> stranger_to(const Tour& tour) {
  Experiment other = tour.experiment;
  ++other.settings.seed;
  return fresh_network(other);
}

std::string similarities(const Tour& tour) {
  const Tensor<>& first = tour.run.snapshots.front().values[0];
  const Tensor<>& last = tour.run.snapshots.back().values[0];
  Network<> stranger = stranger_to(tour);
  std::string text = "The filters of layer 1 one by one:";
  for (int co = 0; co < first.extent(0); ++co)
    text += format("%s %.2f", co == 0 ? "" : ",",
                   similarity(filter(last, co, 0).data(),
                              filter(first, co, 0).data()));
  return text + format(
                    ". The random start of another seed and this one: "
                    "%.2f.",
                    similarity(stranger.parameters()[0]->value.data(),
                               first.data()));
}

// Of some answers, the share of the one that is given most often.
double share_of_commonest(const std::vector<int>& said) {
  std::ptrdiff_t most = 0;
  for (const int answer : said)
    most = std::max(most, std::count(said.begin(), said.end(), answer));
  return static_cast<double>(most) / static_cast<double>(said.size());
}

void watch_it_learn(Tour& tour) {
  step("Watch it learn");
  say("Chapter 06's network, from the same first numbers, with chapter "
      "07's layers. While it learns, a copy of its parameters is put aside "
      "after step 1, 2, 3 and then ever more seldom. (The terminal shows "
      "the first layer's filters as they change, if it can show colours.)");
  print("\n");
  tour.run = record(tour.program, tour.network, tour.digits.train,
                    tour.experiment, 24);
  if (tour.program.interrupted()) return;
  const std::vector<Snapshot>& all = tour.run.snapshots;
  const std::vector<Tensor<>>& first = all.front().values;
  Rows rows = {
      {"step", "held-out accuracy", "layer 1", "layer 2", "layer 3"}};
  Rows moves = {{"step", "layer 1", "layer 2", "layer 3"}};
  std::vector<Picture> filters, second, confusion, frames;
  std::vector<std::string> captions;
  const float range1 = largest_of_all(all, 0);
  const float range2 = largest_of_all(all, 2);
  double share = 0, commonest_at_first = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    restore(tour.network, all[i]);
    const Tensor<> logits = evaluate(tour.network, tour.digits.held_out);
    share = accuracy(logits, tour.digits.held_out.labels);
    if (i == 0)
      commonest_at_first = share_of_commonest(predictions(logits));
    const auto alike = [&](std::size_t p) {
      return format("%.2f",
                    similarity(all[i].values[p].data(), first[p].data()));
    };
    const auto moved = [&](std::size_t p) {
      return format("%.3f", static_cast<double>(
                                distance(all[i].values[p], first[p])));
    };
    if (i % 3 == 0 || i + 1 == all.size()) {
      rows.push_back({std::to_string(all[i].step), percent(share), alike(0),
                      alike(2), alike(4)});
      moves.push_back(
          {std::to_string(all[i].step), moved(0), moved(2), moved(4)});
    }
    filters.push_back(first_filters_frame(all[i], range1));
    if (i % 3 == (all.size() - 1) % 3)  // every third one, and the last
      second.push_back(second_filters_frame(all[i], range2));
    confusion.push_back(confusion_map(confusion_matrix(
        tour.digits.held_out.labels, predictions(logits))));
    captions.push_back(confusion_caption(all[i].step, share));
  }
  print(
      "    How alike each layer's weights are to those of the start (8.1):"
      "\n\n");
  print_table(rows);
  tour.program.report("filters_like_the_start", rows.back()[2]);
  say("\n" + similarities(tour));
  print(
      "\n    How far the weights have moved from the start, in the mean "
      "(root mean\n    square):\n\n");
  print_table(moves);
  const double alike =
      similarity(all.back().values[0].data(), first[0].data());
  tour.program.film(
      "filters-film.png", filters, 400,
      alike > 0.98  ? "what was noise is still noise: it has hardly moved"
      : alike > 0.5 ? "strokes grow out of the noise, and most of the "
                      "noise stays"
                    : "strokes grow out of the noise");
  tour.program.figure(
      "filters-strip.png",
      first_filters_strip(
          some_of(all, std::min<std::size_t>(7, all.size())), range1),
      "the same, seven moments one below the other");
  tour.program.film("second-film.png", second, 400,
                    "sixteen filters, each with a square for each of the "
                    "eight maps: who can say what they look for?");
  tour.program.figure(
      "second-strip.png",
      second_filters_strip(
          some_of(all, std::min<std::size_t>(5, all.size())), range2),
      "four of the sixteen, five moments one below the other");
  for (std::size_t i = 0; i < confusion.size(); ++i)
    frames.push_back(Sheet("Row: what it is. Column: what is said")
                         .add(confusion[i], captions[i])
                         .picture());
  tour.program.film("confusion-film.png", frames, 400,
                    share > 0.5 ? "the answers gather on the diagonal"
                                : "do the answers gather on the diagonal?");
  Sheet strip(
      "What is taken for what (row: what it is, column: what is said)");
  for (const std::size_t i :
       {std::size_t{0}, all.size() / 4, all.size() / 2, all.size() - 1}) {
    if (i == all.size() / 2) strip.row();
    strip.add(confusion[i], captions[i]);
  }
  tour.program.figure("confusion-strip.png", strip.picture(),
                      share > 0.5 && commonest_at_first > 0.6
                          ? "first hardly any answer but one, then a "
                            "diagonal"
                          : "what is said at first, and in the end");
}

// The held-out accuracy after a training in which some of the first
// parameters stay as they are.
double accuracy_with_frozen(Tour& tour, const Experiment& experiment,
                            std::ptrdiff_t frozen) {
  FastNetwork network(digit_network, {1, 28, 28});
  start(network, experiment);
  Freezing optimizer(frozen, experiment.momentum);
  train_fast(
      network, optimizer, tour.digits.train, experiment.settings,
      [&](const TrainingStep&) { return !tour.program.interrupted(); });
  return accuracy(network, tour.digits.held_out);
}

// What becomes of the trained network if only its first layer is random
// again.
std::string exchanged_first_layer(Tour& tour) {
  Network<> stranger = stranger_to(tour);
  const std::vector<Snapshot>& all = tour.run.snapshots;
  const auto parameters = tour.network.parameters();
  const auto with = [&](const Tensor<>& weight, const Tensor<>& bias) {
    restore(tour.network, all.back());
    parameters[0]->value = weight;
    parameters[1]->value = bias;
    return percent(accuracy(tour.network, tour.digits.held_out));
  };
  const auto& start = all.front().values;
  const std::string own = with(start[0], start[1]);
  const std::string foreign = with(stranger.parameters()[0]->value,
                                   stranger.parameters()[1]->value);
  restore(tour.network, all.back());
  return "And the trained network, if afterwards its first layer is made "
         "random again: with its own start in it " +
         own + ", with that of another seed " + foreign + ".";
}

void freeze_layers(Tour& tour) {
  print("\n");
  say("Do the first layer's strokes matter? The same training from three "
      "seeds, in which all layers learn, or all but the first, which keeps "
      "its random numbers, or only the last:");
  print("\n");
  const std::vector<std::pair<std::string, std::ptrdiff_t>> runs = {
      {"all layers", 0}, {"all but the first", 2}, {"only the last", 4}};
  Rows rows = {{"what learns", "seed 1", "seed 2", "seed 3", "mean"}};
  Progress progress("nine runs", 9, "runs");
  for (const auto& [name, frozen] : runs) {
    std::vector<std::string> row = {name};
    double sum = 0;
    for (int i = 0; i < 3; ++i) {
      Experiment experiment = tour.experiment;
      experiment.settings.seed += static_cast<std::uint64_t>(i);
      const double share = accuracy_with_frozen(tour, experiment, frozen);
      row.push_back(percent(share));
      sum += share;
      progress.update(3 * static_cast<int>(rows.size()) - 2 + i);
    }
    if (tour.program.interrupted()) return;
    row.push_back(percent(sum / 3));
    rows.push_back(row);
    tour.program.report(
        "frozen_" + std::to_string(frozen / 2) + "_accuracy",
        format("%.4f", sum / 3));
  }
  for (int i = 0; i < 3; ++i)
    rows[0][static_cast<std::size_t>(i) + 1] = format(
        "seed %d", static_cast<int>(tour.experiment.settings.seed) + i);
  progress.clear();
  print_table(rows);
  print("\n");
  say(exchanged_first_layer(tour));
}

// ---- 2. One digit, again and again -------------------------------------

void follow_digits(Tour& tour) {
  step("One digit, seen by the network of every moment");
  const std::vector<Snapshot>& all = tour.run.snapshots;
  const Dataset& data = tour.digits.held_out;
  const int shown = 3;
  std::vector<Picture> frames;
  std::map<int, Seen> seen;
  const std::size_t moments = std::min<std::size_t>(5, all.size());
  for (std::size_t i = 1 - all.size() % 2; i < all.size(); i += 2) {
    restore(tour.network, all[i]);  // every other one, and the last
    const Tensor<> digit = picture_of(data.images, first_of(data, shown));
    frames.push_back(
        maps_frame(tour.network.outputs(as_batch(digit)), all[i].step));
  }
  for (const Snapshot& it : some_of(all, moments)) {
    restore(tour.network, it);
    for (int label = 0; label < 10; ++label)
      seen[label].push_back(
          {it.step, tour.network.outputs(as_batch(
                        picture_of(data.images, first_of(data, label))))});
  }
  restore(tour.network, all.back());
  tour.program.film("maps-film.png", frames, 400,
                    "the maps of a 3 while the network learns; the first "
                    "eight of each layer");
  for (int label = 0; label < 10; ++label)
    tour.program.figure(
        format("maps-%d.png", label),
        maps_strip(picture_of(data.images, first_of(data, label)), label,
                   seen[label]),
        format("what both pools make of a %d at five moments", label));
}

// ---- 3. What a cell can see, and what it looks for ---------------------

// How many pixels outside its field the gradient of a layer's middle cell
// reaches: with respect to the image it is not 0 only where the cell can
// see. map: the shape of the layer's output
int gradient_outside(Tour& tour, std::size_t layer, Shape map,
                     const ReceptiveField& field, int& inside) {
  const Tensor<> images = first(tour.digits.held_out, 100).images;
  const int cell = map[2] / 2;
  map[0] = images.extent(0);
  Tensor<> grad(map);
  for (int n = 0; n < grad.extent(0); ++n)
    for (int c = 0; c < grad.extent(1); ++c) grad(n, c, cell, cell) = 1;
  const Tensor<> pixels = tour.network.input_gradient(images, layer, grad);
  int outside = 0;
  inside = 0;
  for (int y = 0; y < 28; ++y)
    for (int x = 0; x < 28; ++x) {
      bool reached = false;
      for (int n = 0; n < images.extent(0); ++n)
        reached = reached || pixels(n, 0, y, x) != 0.0f;
      const auto in_field = [&](int at) {
        return at >= field.begin(cell) &&
               at < field.begin(cell) + field.size;
      };
      (in_field(y) && in_field(x) ? inside : outside) += reached;
    }
  return outside;
}

void show_fields(Tour& tour) {
  step("What a cell can see");
  const std::vector<ReceptiveField> fields =
      receptive_fields(digit_network);
  const Tensor<> digit = picture_of(tour.digits.held_out.images,
                                    first_of(tour.digits.held_out, 3));
  const std::vector<Tensor<>> outputs =
      tour.network.outputs(as_batch(digit));
  Rows rows = {{"layer", "map", "sees", "next cell", "middle cell",
                "reached", "outside"}};
  std::vector<int> sides;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const int side = outputs[i].extent(2);
    sides.push_back(side);
    int inside = 0;
    const int outside =
        gradient_outside(tour, i, outputs[i].shape(), fields[i], inside);
    const int begin = fields[i].begin(side / 2);
    rows.push_back({map_layers[i], format("%d x %d", side, side),
                    format("%d x %d", fields[i].size, fields[i].size),
                    format("%d on", fields[i].jump),
                    format("%d to %d", begin, begin + fields[i].size - 1),
                    std::to_string(inside), std::to_string(outside)});
  }
  print_table(rows);
  print("\n");
  say(
      format("The last two columns ask the network itself: the gradient of "
             "the middle cells with respect to the pixels of %d digits. It "
             "is never other than 0 outside of the field.",
             std::min(100, tour.digits.held_out.size())));
  tour.program.figure("fields.png", fields_figure(digit, fields, sides),
                      "from a corner of a stroke to half of the digit");
}

void show_patches(Tour& tour) {
  step("What a filter looks for, in the data's own words");
  const std::vector<ReceptiveField> fields =
      receptive_fields(digit_network);
  const Dataset& data = tour.digits.train;
  const auto draw = [&](const std::string& file, std::size_t layer,
                        const std::string& title,
                        const std::string& look_for) {
    const auto answers = strongest_answers(tour.network, data, layer, 9);
    const Tensor<>& weight =
        tour.network.parameters()[layer == 0 ? 0 : 2]->value;
    tour.program.figure(file,
                        patches_figure(weight, data, answers, fields[layer],
                                       layer == 0 ? 7 : 2, title),
                        look_for);
    return answers;
  };
  draw("patches-1.png", 0, "First layer",
       "small pieces of strokes, much alike in a row");
  const auto trained = draw("patches-2.png", 3, "Second layer",
                            "larger pieces: bends, rings and crossings");
  restore(tour.network, tour.run.snapshots.front());
  const auto random =
      draw("patches-random.png", 3, "Second layer before training",
           "the same before the training, to compare with");
  restore(tour.network, tour.run.snapshots.back());
  Rows rows = {{"layer 2, filter", "commonest digit", "of nine",
                "before training", "of nine "}};
  double sums[2] = {};
  for (std::size_t c = 0; c < trained.size(); ++c) {
    const Majority now = majority(trained[c], data);
    const Majority before = majority(random[c], data);
    sums[0] += now.count;
    sums[1] += before.count;
    rows.push_back({std::to_string(c + 1), std::to_string(now.label),
                    std::to_string(now.count), std::to_string(before.label),
                    std::to_string(before.count)});
  }
  const auto filters = static_cast<double>(trained.size());
  rows.push_back({"mean", "", format("%.1f", sums[0] / filters), "",
                  format("%.1f", sums[1] / filters)});
  print("\n");
  print_table(rows);
}

// ---- 4. Who is at work -------------------------------------------------

// How many filters are dead after trainings with ever longer steps.
void show_dead(Tour& tour, const Dataset& some) {
  Rows rows = {{"learning rate", "dead in layer 1", "dead in layer 2",
                "held-out accuracy"}};
  std::vector<int> dead;  // in both layers, for each rate
  for (const double rate : {0.05, 0.1, 0.2, 0.4, 0.8}) {
    Experiment experiment = tour.experiment;
    experiment.settings.learning_rate = rate;
    experiment.settings.epochs = std::min(experiment.settings.epochs, 2);
    FastNetwork network(digit_network, {1, 28, 28});
    start(network, experiment);
    Sgd sgd(experiment.momentum);
    std::string outcome;
    try {
      train_fast(
          network, sgd, tour.digits.train, experiment.settings,
          [&](const TrainingStep&) { return !tour.program.interrupted(); });
    } catch (const std::runtime_error&) {
      outcome = "the loss is not a number";
    }
    const int dead1 = activity(network, some, 1).dead();
    const int dead2 = activity(network, some, 4).dead();
    dead.push_back(dead1 + dead2);
    rows.push_back({tick_text(rate), format("%d of 8", dead1),
                    format("%d of 16", dead2),
                    outcome.empty()
                        ? percent(accuracy(network, tour.digits.held_out))
                        : outcome});
  }
  say(format("A filter is dead if none of its cells is above 0 for any of "
             "%d digits. ",
             some.size()) +
      (dead.back() > dead.front()
           ? "What kills filters is a step that is too large:"
           : "Does a step that is too large kill filters?"));
  print("\n");
  print_table(rows);
}

// Does less of a layer lie in the two bins around 0 in the end?
// shares: of each bin, an even number of them, for each moment
bool becomes_wide(const std::vector<std::vector<double>>& shares) {
  const auto middle = [](const std::vector<double>& bins) {
    return bins[bins.size() / 2 - 1] + bins[bins.size() / 2];
  };
  return middle(shares.back()) < 0.9 * middle(shares.front());
}

void show_activity(Tour& tour) {
  step("Who is at work");
  const Dataset some = first(tour.digits.held_out, 500);
  const std::vector<Snapshot>& all = tour.run.snapshots;
  const std::vector<ReceptiveField> fields =
      receptive_fields(digit_network);
  const Tensor<> ink[2] = {sees_ink(some.images, fields[0], 28),
                           sees_ink(some.images, fields[3], 10)};
  const std::vector<Snapshot> eight =
      some_of(all, std::min<std::size_t>(8, all.size()));
  Series everywhere{"layer 1, all cells", {}, {}}, on_ink[2];
  std::vector<int> steps;
  std::vector<std::vector<double>> shares[2];
  const float low = -6, high = 6;
  for (const Snapshot& it : all) {
    restore(tour.network, it);
    const std::vector<Tensor<>> outputs = tour.network.outputs(some.images);
    const double x = std::max(0.5, static_cast<double>(it.step));
    const bool shown = std::any_of(
        eight.begin(), eight.end(),
        [&](const Snapshot& other) { return other.step == it.step; });
    if (shown) steps.push_back(it.step);
    everywhere.x.push_back(x);
    everywhere.y.push_back(100 * share_positive(outputs[0].data()));
    for (std::size_t layer : {0u, 1u}) {
      const std::vector<float> cells =
          cells_on_ink(outputs[3 * layer], ink[layer]);
      on_ink[layer].label =
          layer == 0 ? "layer 1, where there is ink" : "layer 2";
      on_ink[layer].x.push_back(x);
      on_ink[layer].y.push_back(100 * share_positive(cells));
      if (shown)
        shares[layer].push_back(share_in_bins(cells, low, high, 12));
    }
  }
  tour.program.figure(
      "activity.svg",
      over_steps("How many cells are above 0", "cells above 0 (%)",
                 {on_ink[0], on_ink[1], everywhere}),
      on_ink[0].y.back() < on_ink[0].y.front() &&
              on_ink[1].y.back() < on_ink[1].y.front()
          ? "the layers become choosy; the wild line counts the black "
            "background, too"
          : "do the layers become choosy? One line counts the black "
            "background, too");
  for (std::size_t layer : {0u, 1u})
    tour.program.figure(
        format("activations-%d.svg", static_cast<int>(layer) + 1),
        histogram_figure(
            format("Layer %d before ReLU: %% of the cells in each interval",
                   static_cast<int>(layer) + 1),
            steps, shares[layer], low, 1),
        becomes_wide(shares[layer]) && on_ink[layer].y.back() < 50
            ? "from a heap around 0 to a wide spread, most of it below 0"
            : "from the heap at the start to the spread at the end");
  restore(tour.network, all.back());
  show_dead(tour, some);
}

// ---- 5. What an answer rests on ----------------------------------------

void show_covered(Tour& tour, const std::string& name, CoveredDigits all) {
  auto& [right, wrong] = all;
  std::stable_sort(
      right.begin(), right.end(),
      [](const Covered& a, const Covered& b) { return a.least < b.least; });
  std::stable_sort(
      wrong.begin(), wrong.end(),
      [](const Covered& a, const Covered& b) { return a.most > b.most; });
  Sheet sheet("The probability of the right answer when a " + name +
              " square covers this place");
  Rows rows = {{"digit", "says", "p of the digit", "covered: least",
                "then it says", "most"}};
  for (const auto* kind : {&right, &wrong}) {
    if (kind == &wrong) sheet.row();
    for (std::size_t i = 0; i < std::min<std::size_t>(4, kind->size());
         ++i) {
      const Covered& it = (*kind)[i];
      const auto text = [](float p) {
        return format("%.3f", static_cast<double>(p));
      };
      rows.push_back({std::to_string(it.truth), std::to_string(it.said),
                      text(it.whole), text(it.least),
                      std::to_string(it.then), text(it.most)});
      sheet.add(heat_tile(picture_of(tour.digits.held_out.images, it.image),
                          mean_of_squares(it.map, square), 5),
                format("is %d, said %d\np of %d: %.2f", it.truth, it.said,
                       it.truth, static_cast<double>(it.whole)));
    }
  }
  print(
      "\n    %s four of each kind on which the %s one has most "
      "effect:\n\n",
      std::min(right.size(), wrong.size()) < 4 ? "Up to" : "The",
      name.c_str());
  print_table(rows);
  sheet.footer(heat_scale(320));
  tour.program.figure("occlusion.png", sheet.picture(),
                      "above right answers, below wrong ones: cover an "
                      "orange place above, or a blue one below, and the "
                      "answer changes");
}

void show_occlusion(Tour& tour) {
  step("Cover a part: what does the answer rest on?");
  const int looked_at = tour.program.quick() ? 5 : 300;
  say(
      format("A square of %d x %d pixels covers each place in turn. Of the "
             "first %d held-out digits those that are read rightly, and "
             "of all held-out digits those that are not:",
             square, square, looked_at));
  print("\n");
  Rows rows = {
      {"square", "right", "somewhere lost", "wrong", "somewhere mended"}};
  CoveredDigits all;
  std::string name;
  for (const float grey : {0.0f, 0.5f}) {  // the last one is drawn
    name = grey > 0 ? "grey" : "black";
    all = cover_many(tour.network, tour.digits.held_out, looked_at, grey);
    const auto lost =
        std::count_if(all.right.begin(), all.right.end(),
                      [](const Covered& it) { return it.lost; });
    const auto found =
        std::count_if(all.wrong.begin(), all.wrong.end(),
                      [](const Covered& it) { return it.found; });
    rows.push_back({name, std::to_string(all.right.size()),
                    std::to_string(lost), std::to_string(all.wrong.size()),
                    std::to_string(found)});
  }
  print_table(rows);
  show_covered(tour, name, std::move(all));
}

// ---- 6. The hidden space -----------------------------------------------

// The numbers that the last layer reads, of each image.
Tensor<double> hidden(FastNetwork& network, const Dataset& data) {
  Tensor<double> points;
  for_outputs(network, data, [&](int first, const auto& outputs) {
    const Tensor<>& last = outputs[outputs.size() - 2];
    if (first == 0) points = Tensor<double>({data.size(), last.extent(1)});
    for (int n = 0; n < last.extent(0); ++n)
      for (int i = 0; i < last.extent(1); ++i)
        points(first + n, i) = static_cast<double>(last(n, i));
  });
  return points;
}

// Rows of numbers with the labels of their digits, as a data set.
Dataset as_data(const Tensor<double>& numbers, const Dataset& digits) {
  Dataset set{Tensor<>({digits.size(), 1, 1, numbers.extent(1)}),
              digits.labels, 10};
  for (std::size_t k = 0; k < numbers.data().size(); ++k)
    set.images.data()[k] = static_cast<float>(numbers.data()[k]);
  return set;
}

// The first two columns.
Tensor<double> on_a_page(const Tensor<double>& numbers) {
  Tensor<double> places({numbers.extent(0), 2});
  for (int n = 0; n < numbers.extent(0); ++n)
    for (int k = 0; k < 2; ++k) places(n, k) = numbers(n, k);
  return places;
}

// The share of some digits that lie nearest to the mean of their own class.
double share_near_own_mean(const Dataset& known, const Dataset& asked) {
  return accuracy(nearest_mean_scores(asked.images, mean_images(known)),
                  asked.labels);
}

void show_hidden_space(Tour& tour) {
  step("The hidden space: 400 numbers on two axes");
  const bool quick = tour.program.quick();
  const int directions = quick ? 2 : 10;
  const Dataset known = first(tour.digits.train, quick ? 200 : 2000);
  const Dataset asked = first(tour.digits.held_out, 1000);
  say("The directions and the means of the classes come from " +
      grouped(known.size()) + " training digits; " + grouped(asked.size()) +
      " held-out digits are then placed and read.");
  print("\n");
  const std::vector<Snapshot>& all = tour.run.snapshots;
  Sheet sheet(
      "The numbers before the last layer, in their two main "
      "directions");
  Rows rows = {{"step", "variance in two directions", "class means in 2",
                format("in %d", directions), "in all 400"}};
  std::vector<double> shares;  // of class means in 2
  for (const std::size_t i :
       {std::size_t{0}, all.size() / 2, all.size() - 1}) {
    restore(tour.network, all[i]);
    const Tensor<double> of_known = hidden(tour.network, known);
    const Tensor<double> of_asked = hidden(tour.network, asked);
    const auto components = principal_components(of_known, directions);
    const Tensor<double> known_in_ten = project(components, of_known);
    const Tensor<double> in_ten = project(components, of_asked);
    const auto share = [&](const Tensor<double>& there,
                           const Tensor<double>& here) {
      return share_near_own_mean(as_data(there, known),
                                 as_data(here, asked));
    };
    shares.push_back(share(on_a_page(known_in_ten), on_a_page(in_ten)));
    rows.push_back(
        {std::to_string(all[i].step),
         percent((components.variances[0] + components.variances[1]) /
                 components.total_variance),
         percent(shares.back()), percent(share(known_in_ten, in_ten)),
         percent(share(of_known, of_asked))});
    const int few = std::min(300, asked.size());
    Tensor<> some({few, 2});
    for (int n = 0; n < few; ++n)
      for (int k = 0; k < 2; ++k)
        some(n, k) = static_cast<float>(in_ten(n, k));
    if (i + 1 == all.size()) sheet.row();
    sheet.add(scatter(some, asked.labels, 340), step_text(all[i].step));
  }
  restore(tour.network, all.back());
  print_table(rows);
  print("\n    The pixels themselves, with the same digits: %s\n",
        percent(share_near_own_mean(known, asked)).c_str());
  tour.program.figure("hidden-space.png", sheet.picture(),
                      shares.back() > shares.front() + 0.1
                          ? "each sign is one digit: a heap becomes ten "
                            "clouds"
                          : "each sign is one digit: is it a heap, or ten "
                            "clouds?");
}

// ---- 7. What is no digit -----------------------------------------------

void show_strangers(Tour& tour) {
  step("What is no digit, and how sure the network is of it");
  const Dataset& data = tour.digits.held_out;
  Random random(tour.program.seed());
  const auto digit = [&](int label) {
    return picture_of(data.images, first_of(data, label));
  };
  Tensor<> grey({28, 28});
  for (float& pixel : grey.data()) pixel = 0.5f;
  const std::vector<std::pair<std::string, Tensor<>>> strangers = {
      {"black", Tensor<>({28, 28})},
      {"grey", grey},
      {"noise", noise_image(random)},
      {"letter A", letter_image("A")},
      {"letter X", letter_image("X")},
      {"3 and 7", overlaid(digit(3), digit(7))},
      {"4, inverted", inverted(digit(4))},
      {"2, turned", turned(digit(2))},
      {"7, moved", to_the_right(digit(7), 8)},
  };
  Sheet sheet("No proper digits, and what the network says");
  Rows rows = {{"picture", "says", "probability"}};
  for (std::size_t i = 0; i < strangers.size(); ++i) {
    const auto& [name, image] = strangers[i];
    const Tensor<> logits =
        tour.network.forward(as_batch(image), Mode::evaluation);
    const Opinion it = opinions(logits)[0];
    const std::string sure =
        format("%.2f %%", 100 * static_cast<double>(it.probability));
    rows.push_back(
        {name, std::to_string(it.said), sure,
         format("%.1f", static_cast<double>(logits(0, it.said)))});
    if (i == 5) sheet.row();
    sheet.add(grey_tile(image, 4),
              name + format("\nsays %d\n%s", it.said, sure.c_str()));
  }
  print_table(rows);
  tour.program.figure("strangers.png", sheet.picture(),
                      "it has no way to say: that is no digit");
}

// Of many pictures of a kind: how sure, and how often right.
void show_sureness(Tour& tour) {
  const Dataset data = first(tour.digits.held_out, 1000);
  print("\n    %s of a kind:\n\n",
        data.size() == 1000 ? "A thousand" : grouped(data.size()).c_str());
  Random random(tour.program.seed() + 1);
  Rows rows = {
      {"pictures", "right", "mean p", "p 0.99 or more", "of those right"}};
  const auto add = [&](const std::string& name, const auto& change,
                       bool has_truth) {
    Dataset changed = data;
    for (int n = 0; n < data.size(); ++n) {
      const Tensor<> image = change(picture_of(data.images, n));
      std::copy(image.data().begin(), image.data().end(),
                changed.images.data().begin() + n * 28 * 28);
    }
    const Tensor<> logits = evaluate(tour.network, changed);
    const std::vector<Opinion> all = opinions(logits);
    int sure = 0, right = 0;
    for (std::size_t n = 0; n < all.size(); ++n)
      if (all[n].probability >= 0.99f) {
        ++sure;
        right += all[n].said == data.labels[n];
      }
    rows.push_back(
        {name, has_truth ? percent(accuracy(logits, data.labels)) : "-",
         percent(mean_sureness(all)), percent(share_above(all, 0.99f)),
         has_truth && sure > 0 ? percent(static_cast<double>(right) / sure)
                               : "-"});
  };
  add(
      "held-out digits", [](const Tensor<>& it) { return it; }, true);
  add(
      "moved 4 to the right",
      [](const Tensor<>& it) { return to_the_right(it, 4); }, true);
  add(
      "inverted", [](const Tensor<>& it) { return inverted(it); }, true);
  add(
      "a quarter turn", [](const Tensor<>& it) { return turned(it); },
      false);
  add(
      "noise", [&](const Tensor<>&) { return noise_image(random); }, false);
  print_table(rows);
}

void tour_all(Program& program) {
  Tour tour{.program = program,
            .digits = load_digits(program.data()),
            .experiment = {},
            .run = {}};
  tour.experiment.settings.epochs = program.integer("epochs");
  tour.experiment.settings.seed = program.seed();
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 300);
    tour.digits.held_out = first(tour.digits.held_out, 60);
    tour.experiment.settings.epochs = 1;
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  program.catch_interrupts();
  for (void (*section)(Tour&) :
       {watch_it_learn, freeze_layers, follow_digits, show_fields,
        show_patches, show_activity, show_occlusion, show_hidden_space,
        show_strangers, show_sureness}) {
    section(tour);
    if (program.interrupted()) return;
  }
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("08-seeing",
                       "What each layer sees, batch after batch.");
  program.integer("epochs", 6, 1, 100, "times that every digit is seen");
  return program.run(argc, argv, cnn::tour_all);
}
