// Chapter 09: dreaming. A trained network is asked through its gradients:
// what it looks at, what it would like to see, and how it is fooled.
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "06-training/batches.hpp"
#include "06-training/live.hpp"
#include "06-training/scoring.hpp"
#include "08-seeing/receptive_field.hpp"
#include "08-seeing/strongest.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/dreamer.hpp"
#include "09-dreaming/figures.hpp"
#include "09-dreaming/fooling.hpp"
#include "09-dreaming/morphing.hpp"
#include "09-dreaming/saliency.hpp"
#include "09-dreaming/world.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {
namespace {

// ---- 1. The networks ---------------------------------------------------

std::unique_ptr<FastNetwork> train_one(Program& program,
                                       const Split& digits,
                                       const std::string& name,
                                       const Experiment& experiment,
                                       Rows& rows) {
  Progress progress(
      name, training_steps(digits.train.size(), experiment.settings),
      "steps");
  auto network = trained_network(digits.train, experiment,
                                 [&](const TrainingStep& now) {
                                   progress.update(now.step);
                                   return !program.interrupted();
                                 });
  rows.push_back({name, std::to_string(experiment.settings.seed),
                  percent(accuracy(*network, digits.held_out))});
  return network;
}

World train_networks(Program& program, Split digits) {
  step("Networks to ask");
  say("Chapter 06's network, trained as there, by chapter 07's kernels: it "
      "is the one that is asked. The witness is of the same kind, but from "
      "other first numbers, and saw the digits in another order. The dense "
      "layer is chapter 05's kind. What do those two say to what the first "
      "one dreams?");
  print("\n");
  World world;
  world.digits = std::move(digits);
  Experiment same;
  same.settings.seed = program.seed();
  if (program.quick()) same.settings.epochs = 2;
  Experiment witness = same, dense = same;
  witness.settings.seed = program.seed() + 1;
  dense.architecture = linear_network;
  dense.initial_scale = 0.0f;
  Rows rows = {{"", "seed", "held-out accuracy"}};
  world.network =
      train_one(program, world.digits, "the network", same, rows);
  world.other =
      train_one(program, world.digits, "the witness", witness, rows);
  world.dense =
      train_one(program, world.digits, "one dense layer", dense, rows);
  world.untrained =
      std::make_unique<FastNetwork>(digit_network, Shape{1, 28, 28});
  start(*world.untrained, same);
  world.logits = evaluate(*world.network, world.digits.held_out);
  world.probabilities = softmax(world.logits);
  world.said = predictions(world.logits);
  print_table(rows);
  return world;
}

// ---- 2. Saliency -------------------------------------------------------

void show_nudges(World& world, int n) {
  const int k = world.truth(n);
  const Tensor<> image = world.digit(n);
  const Heights<> heights = class_logits(*world.network, image, {k});
  const auto slopes = heights.gradient.data();
  const auto place = [&](auto found) {
    return static_cast<int>(found - slopes.begin());
  };
  const std::vector<int> pixels = {
      place(std::max_element(slopes.begin(), slopes.end())),
      place(std::min_element(slopes.begin(), slopes.end())), 14 * 28 + 14,
      10 * 28 + 10, 0};
  print(
      "    A held-out %d; the logit of %d is %.4f. One pixel at a time "
      "becomes\n    0.01 brighter, and the network is run again:\n\n",
      k, k, as_double(heights.values[0]));
  Rows rows = {{"row, column", "grey", "gradient", "x 0.01", "measured"}};
  for (const int pixel : pixels) {
    const auto at = static_cast<std::size_t>(pixel);
    Tensor<> nudged = image;
    nudged.data()[at] += 0.01f;
    const float after = class_logits(*world.network, nudged, {k}).values[0];
    rows.push_back({format("%d, %d", pixel / 28, pixel % 28),
                    format("%.2f", as_double(image.data()[at])),
                    format("%.4f", as_double(slopes[at])),
                    format("%.6f", 0.01 * as_double(slopes[at])),
                    format("%.6f", as_double(after - heights.values[0]))});
  }
  print_table(rows);
  const auto biases = world.network->parameters()[1]->value.data();
  print(
      "\n    Where all is black a cell of conv1 is its bias. The "
      "eight lie\n    between %.4f and %.4f, and ReLU makes 0 of all below "
      "0.\n",
      as_double(*std::min_element(biases.begin(), biases.end())),
      as_double(*std::max_element(biases.begin(), biases.end())));
}

SaliencyCase saliency_of(World& world, int n) {
  SaliencyCase it;
  it.digit = picture_of(world.digits.held_out.images, n);
  it.truth = world.truth(n);
  it.said = world.says(n);
  it.other =
      world.right(n) ? runner_up(world.logits, n, it.said) : it.truth;
  it.probability_said = world.probabilities(n, it.said);
  const auto slopes = [&](int k) {
    return picture_of(
        class_logits(*world.network, world.digit(n), {k}).gradient, 0);
  };
  it.said_gradient = slopes(it.said);
  it.other_gradient = slopes(it.other);
  return it;
}

// Takes ink away from digits that are read right, where the gradient says
// that it counts most, or anywhere: how many are still read right?
void show_erasing(Program& program, World& world) {
  const Dataset known = world.known();
  if (known.size() == 0) return;
  const Tensor<> slopes =
      in_batches(known.images, [&](int begin, const Tensor<>& some) {
        return class_logits(*world.network, some,
                            part_of(known.labels, begin, some.extent(0)))
            .gradient;
      });
  Random random(program.seed());
  Tensor<> chance(slopes.shape());
  for (float& number : chance.data()) number = random.uniform();
  Rows rows = {{"inked pixels made black", "largest gradient", "any"}};
  for (const std::size_t count : {5u, 10u, 20u, 40u}) {
    std::vector<std::string> row = {std::to_string(count)};
    for (const bool by_chance : {false, true}) {
      const Tensor<>& rank = by_chance ? chance : slopes;
      Dataset erased_digits = known;
      for (int n = 0; n < known.size(); ++n)
        std::ranges::copy(
            erased(item(known.images, n), item(rank, n), count).data(),
            row_of(erased_digits.images, n).begin());
      const double share = accuracy(*world.network, erased_digits);
      row.push_back(percent(share));
      if (count == 20)
        world.note(!by_chance ? "right_without_salient_ink"
                              : "right_without_any_ink",
                   format("%.4f", share));
    }
    rows.push_back(row);
  }
  print(
      "\n    Ink taken away from the %d held-out digits that are read "
      "right; the\n    share that still is:\n\n",
      known.size());
  print_table(rows);
}

void show_saliency(Program& program, World& world) {
  step("Saliency: which pixels matter?");
  say("Backward not to the weights but to the pixels: how does the logit "
      "of one class change with each of them?");
  print("\n");
  show_nudges(world, world.first_right(3).value_or(0));
  show_erasing(program, world);
  std::vector<SaliencyCase> cases;
  for (const int digit : {3, 7, 4, 5})
    if (const auto n = world.first_right(digit))
      cases.push_back(saliency_of(world, *n));
  const std::vector<Mistake> wrong =
      mistakes(world.logits, world.digits.held_out.labels);
  for (std::size_t i = 0; i < std::min<std::size_t>(4, wrong.size()); ++i)
    cases.push_back(saliency_of(world, wrong[i].image));
  program.figure("saliency.png", saliency_figure(cases),
                 "orange: a brighter pixel raises this logit; blue: it "
                 "lowers it");
}

// ---- 3. The plain climb ------------------------------------------------

Objective<> logits_of_all_classes(FastNetwork& network) {
  return [&](const Tensor<>& images) {
    return class_logits(network, images, count_up(classes));
  };
}

// Notes one class on its way.
class StripMaker {
 public:
  StripMaker(const std::string& name, World& world, int digit, int steps)
      : world_(world), digit_(digit), steps_(steps) {
    strip.name = name;
  }
  void look(int step, const Tensor<>& images) {
    for (const int share : {0, 2, 5, 10, 20, 100}) {
      if (step != steps_ * share / 100) continue;
      if (!strip.steps.empty() && strip.steps.back() == step) continue;
      const Tensor<> logits =
          world_.network->forward(images, Mode::evaluation);
      const Tensor<> p = softmax(logits);
      strip.logits.push_back(logits(digit_, digit_));
      strip.steps.push_back(step);
      strip.pictures.push_back(picture_of(images, digit_));
      strip.probabilities.push_back(p(digit_, digit_));
    }
  }
  Strip strip;

 private:
  World& world_;
  int digit_, steps_;
};

int climb_steps(const Program& program) {
  return program.quick() ? 10 : program.integer("steps");
}

Dreams climb_plainly(Program& program, World& world, StripMaker& strip) {
  step("The ideal 3 of a plain network");
  say("Start from faint grey noise, the same for all ten classes, and "
      "climb: change the pixels, not the weights, so that the logit of "
      "one class rises. A step that leads higher is taken; one that does "
      "not is tried again half as long.");
  print("\n");
  const int steps = climb_steps(program);
  std::vector<float> first_values, last_values;
  Progress progress("climbing", steps, "steps");
  const Dreams plain = {
      "plain", "plain",
      climb<float>(noise(classes, program.seed()),
                   logits_of_all_classes(*world.network), steps, 0.05,
                   [&](int now, const Tensor<>& images,
                       const std::vector<float>& values) {
                     if (now == 0) first_values = values;
                     last_values = values;
                     strip.look(now, images);
                     progress.update(now);
                     return !program.interrupted();
                   })};
  progress.clear();
  const Verdict own = verdict(*world.network, plain.images);
  const Verdict witness = verdict(*world.other, plain.images);
  const Tensor<> logits =
      world.network->forward(plain.images, Mode::evaluation);
  Rows rows = {{"class", "noise", "a digit", "ahead", "the dream", "ahead ",
                "sure", "witness says"}};
  for (int k = 0; k < classes; ++k) {
    const auto at = static_cast<std::size_t>(k);
    float highest = world.logits(0, k), lead = ahead(world.logits, 0, k);
    for (int n = 0; n < world.logits.extent(0); ++n) {
      highest = std::max(highest, world.logits(n, k));
      lead = std::max(lead, ahead(world.logits, n, k));
    }
    rows.push_back({std::to_string(k),
                    format("%.1f", as_double(first_values[at])),
                    format("%.1f", as_double(highest)),
                    format("%.1f", as_double(lead)),
                    format("%.1f", as_double(last_values[at])),
                    format("%.1f", as_double(ahead(logits, k, k))),
                    percent(as_double(own.sure[at])),
                    std::to_string(witness.says[at])});
  }
  print(
      "    The highest logit of each class that any held-out digit "
      "reaches, "
      "and\n    the farthest that any is ahead of its next best class; the "
      "same for\n    the dreams:\n\n");
  print_table(rows);
  print(
      "\n    The witness reads %d of the 10 as the class that was "
      "wanted.\n",
      witness.agreed);
  world.note("witness_reads_plain", std::to_string(witness.agreed));
  return plain;
}

// ---- 4. Regularisers ---------------------------------------------------

struct Recipe {
  std::string name, short_name;
  DreamSettings settings;
};

// Each regulariser alone and all together; first none of them.
std::vector<Recipe> recipes(const Program& program) {
  DreamSettings none;
  none.steps = climb_steps(program);
  none.seed = program.seed();
  DreamSettings decay = none, blur = none, jitter = none, variation = none,
                together = none;
  decay.decay = together.decay = program.number("decay");
  blur.blur_every = together.blur_every = program.integer("blur-every");
  jitter.jitter = together.jitter = program.integer("jitter");
  variation.variation = together.variation = program.number("variation");
  return {{"none of them", "none", none},
          {"decay", "decay", decay},
          {"blur", "blur", blur},
          {"jitter", "jitter", jitter},
          {"total variation", "TV", variation},
          {"all four", "all\nfour", together}};
}

// Ten dreams by one recipe. Notes how many of all the steps led down;
// `look` sees the pictures on the way.
Dreams dream_of(Program& program, FastNetwork& network,
                const Recipe& recipe, int& down,
                const std::function<void(int, const Tensor<>&)>& look) {
  Progress progress(recipe.name, recipe.settings.steps, "steps");
  std::vector<float> before;
  return {recipe.name, recipe.short_name,
          dream<float>(noise(classes, program.seed()),
                       logits_of_all_classes(network), recipe.settings,
                       [&](int now, const Tensor<>& images,
                           const std::vector<float>& values) {
                         for (std::size_t k = 0; k < before.size(); ++k)
                           down += values[k] < before[k];
                         before = values;
                         look(now, images);
                         progress.update(now);
                         return !program.interrupted();
                       })};
}

// The logit that is climbed, now and then.
void show_heights(const Strip& plain, const Strip& strip, int digit) {
  Rows rows = {{"step"}, {plain.name}, {strip.name}};
  for (std::size_t i = 0; i < plain.steps.size(); ++i) {
    rows[0].push_back(std::to_string(plain.steps[i]));
    rows[1].push_back(format("%.2f", as_double(plain.logits[i])));
    rows[2].push_back(format("%.2f", as_double(strip.logits[i])));
  }
  print("\n    The logit of class %d on the way up:\n\n", digit);
  print_table(rows);
}

// Frames are closer together at the start, where more happens.
bool is_frame(int step, int steps) {
  return step <= 8 || (step <= 36 && step % 4 == 0) || step % 60 == 0 ||
         step == steps;
}

// Has each regulariser left less variation than the plain climb, and all
// together the least? variations: plain, none, one each, all four
bool each_is_smoother(const std::vector<double>& variations) {
  const double all = variations.back();
  return std::all_of(variations.begin() + 2, variations.end(),
                     [&](double variation) {
                       return variation < variations[0] && all <= variation;
                     });
}

// Is the network sure when a fifth of the steps are done?
bool is_sure_early(const Strip& strip) {
  const std::vector<float>& sure = strip.probabilities;
  return sure.size() > 1 && sure[sure.size() - 2] > 0.9f;
}

void show_dreams(Program& program, World& world, const Dreams& plain,
                 const StripMaker& plain_strip) {
  step("Readable dreams");
  say("The same climb with what keeps a picture readable, each alone and "
      "all together. These climbs take steps of a fixed size and do not "
      "ask whether they lead higher. Means over the ten classes; what "
      "share "
      "of the steps led down; and how many of the ten are read as the "
      "class that was wanted by the witness, by the dense layer and by "
      "chapter 06's nearest mean image. In the last line the pictures are "
      "those of a network that has learned nothing.");
  const DreamSettings its = recipes(program).back().settings;
  say(
      format("Steps: %d of size %.2f; decay %g; a blur every %d steps; "
             "jitter by up to %d pixels; total variation with weight %g.",
             its.steps, its.size, its.decay, its.blur_every, its.jitter,
             its.variation));
  print("\n");
  const int steps = climb_steps(program);
  const int digit = program.integer("class");
  Judges judges(world);
  judges.judge(plain, percent(0));
  std::vector<Dreams> drawn = {plain};
  StripMaker strip("all four", world, digit, steps);
  std::vector<Picture> frames;
  for (const Recipe& recipe : recipes(program)) {
    int down = 0;
    const Dreams dreams = dream_of(
        program, *world.network, recipe, down,
        [&](int now, const Tensor<>& images) {
          if (recipe.name != "all four") return;
          strip.look(now, images);
          if (is_frame(now, steps))
            frames.push_back(dream_frame(
                now, images,
                softmax(world.network->forward(images, Mode::evaluation))));
        });
    if (program.interrupted()) return;
    judges.judge(dreams,
                 percent(static_cast<double>(down) / (classes * steps)));
    if (recipe.short_name != "none") drawn.push_back(dreams);
  }
  const std::vector<std::string> all_four = judges.rows.back();
  const bool smoother = each_is_smoother(judges.variations);
  int down = 0;
  Dreams dreams =
      dream_of(program, *world.untrained, recipes(program).back(), down,
               [](int, const Tensor<>&) {});
  dreams.name = "untrained";
  dreams.short_name = "un-\ntrained";
  judges.judge(dreams,
               percent(static_cast<double>(down) / (classes * steps)));
  drawn.push_back(dreams);
  print_table(judges.rows);
  show_heights(plain_strip.strip, strip.strip, digit);
  world.note("witness_reads_all_four", all_four[5]);
  world.note("dense_reads_plain", judges.rows[1][6]);
  world.note("dense_reads_all_four", all_four[6]);
  world.note("nearest_mean_reads_plain", judges.rows[1][7]);
  world.note("nearest_mean_reads_all_four", all_four[7]);
  program.figure("dreams.png", dreams_figure(drawn),
                 smoother ? "the plain climb hides its digits in noise; "
                            "each regulariser removes some of it, all "
                            "together most"
                          : "the plain climb hides its digits in noise; "
                            "which regulariser removes most of it?");
  program.figure(
      "filmstrip.png",
      filmstrip_figure({plain_strip.strip, strip.strip}, digit),
      is_sure_early(plain_strip.strip) && is_sure_early(strip.strip)
          ? "the network is sure long before the picture is "
            "finished"
          : "when does the network become sure?");
  program.film("film.png", frames, 300,
               "strokes come first; the ground goes dark slowly");
}

// ---- 5. Hidden filters -------------------------------------------------

// What the middle cell of every channel of a layer would like to see,
// beside what it likes best in real digits.
std::vector<PictureRow> filter_rows(Program& program, World& world,
                                    std::size_t layer) {
  const Dataset& digits = world.digits.held_out;
  const Tensor<> maps =
      world.network->outputs(first(digits, 1).images)[layer];
  const std::vector<int> channels = count_up(maps.extent(1));
  const Objective<> objective = [&](const Tensor<>& images) {
    return hidden_cells(*world.network, images, layer, channels);
  };
  const Tensor<> start = noise(maps.extent(1), program.seed());
  const ReceptiveField field = receptive_fields(digit_network)[layer];
  const int middle = maps.extent(2) / 2;
  std::vector<PictureRow> rows;
  for (const bool plain : {true, false}) {
    const Tensor<> climbed =
        plain ? climb<float>(start, objective, climb_steps(program))
              : dream<float>(start, objective,
                             recipes(program).back().settings);
    const std::vector<float> values = objective(climbed).values;
    rows.push_back({plain ? "plain" : "all four", {}, {}, false, values});
    for (const int c : channels) {
      rows.back().pictures.push_back(
          seen_patch(picture_of(climbed, c), field, middle, middle));
      rows.back().captions.push_back(
          format("%.1f", as_double(values[static_cast<std::size_t>(c)])));
    }
  }
  rows.push_back({"digits", {}, {}, false, {}});
  for (const std::vector<Answer>& best :
       strongest_answers(*world.network, digits, layer, 1)) {
    rows.back().pictures.push_back(
        seen_patch(picture_of(digits.images, best[0].image), field,
                   best[0].y, best[0].x));
    rows.back().values.push_back(best[0].activation);
    rows.back().captions.push_back(
        format("%.1f", as_double(best[0].activation)));
  }
  return rows;
}

// A climbed 5 x 5 window against the weights: white where they are
// positive, black where they are negative?
int same_signs(const std::vector<Tensor<>>& weights,
               const std::vector<Tensor<>>& windows) {
  int same = 0;
  for (std::size_t c = 0; c < weights.size(); ++c)
    for (std::size_t i = 0; i < weights[c].data().size(); ++i)
      same +=
          windows[c].data()[i] == (weights[c].data()[i] > 0 ? 1.0f : 0.0f);
  return same;
}

void show_filters(Program& program, World& world) {
  step("What a hidden filter would like to see");
  say("The same climb for one hidden cell: the middle one of each map, "
      "before ReLU. Only the window that it sees is shown. A cell of "
      "conv1 sees 5 x 5 pixels and is a weighted sum of them, so "
      "the plain climb must end in white where the weight is positive and "
      "in black where it is negative:");
  std::vector<PictureRow> rows = filter_rows(program, world, 0);
  PictureRow weights{"weights", {}, {}, true, {}};
  const Tensor<>& kernels = world.network->parameters()[0]->value;
  for (int c = 0; c < kernels.extent(0); ++c)
    weights.pictures.push_back(filter(kernels, c, 0));
  const int same = same_signs(weights.pictures, rows[0].pictures);
  print("\n    %d of %d pixels are as their weights say.\n", same,
        kernels.size());
  rows.insert(rows.begin(), weights);
  program.figure(
      "first-filters.png",
      rows_figure("The eight filters of conv1", rows, 10, 8),
      same == kernels.size()
          ? "the plain climb shows the signs of the weights, and no more"
          : "where the plain climb has come to its end, it shows the signs "
            "of the weights");
  print("\n");
  say("A cell of conv2 sees 14 x 14 pixels, through eight filters, "
      "ReLU and pooling:");
  print("\n");
  const std::vector<PictureRow> second = filter_rows(program, world, 3);
  Rows table = {{"filter"}};
  for (const PictureRow& row : second) table[0].push_back(row.title);
  bool plain_is_more = true;
  for (std::size_t c = 0; c < second[0].pictures.size(); ++c) {
    table.push_back({std::to_string(c + 1)});
    for (const PictureRow& row : second)
      table.back().push_back(row.captions[c]);
    plain_is_more &= second[0].values[c] > second[2].values[c];
  }
  print_table(table);
  program.figure(
      "second-filters.png",
      rows_figure("The sixteen filters of conv2", second, 4, 8),
      plain_is_more
          ? "plain: noise that the cell answers to more than to "
            "anything in a digit; all four: a stroke or a corner, and "
            "often the one that it likes in digits"
          : "plain: noise; all four: strokes and corners, where the climb "
            "was long enough; digits: what the cell likes in them");
}

// ---- 6. Fooling --------------------------------------------------------

// numbers: one or more
double median_of(std::vector<float> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return as_double(numbers[numbers.size() / 2]);
}

double share_below(const std::vector<float>& numbers, float limit) {
  return static_cast<double>(std::ranges::count_if(
             numbers, [&](float number) { return number < limit; })) /
         static_cast<double>(numbers.size());
}

// What a network says to pictures of known digits.
struct Reading {
  std::vector<int> says;
  Tensor<> probabilities;

  Reading(FastNetwork& network, const Tensor<>& images)
      : probabilities(softmax(logits_of(network, images))) {
    says = predictions(probabilities);
  }
  // The share that is not read as the labels say, of the pictures that have
  // a finite size: one or more.
  double misread(const std::vector<int>& labels,
                 const std::vector<float>& sizes) const {
    int changed = 0, wrong = 0;
    for (std::size_t n = 0; n < labels.size(); ++n) {
      if (!std::isfinite(sizes[n])) continue;
      ++changed;
      wrong += says[n] != labels[n];
    }
    return static_cast<double>(wrong) / changed;
  }
};

bool none_is_finite(const std::vector<float>& sizes) {
  return std::ranges::none_of(
      sizes, [](float size) { return std::isfinite(size); });
}

// One line on the smallest steps of many digits.
std::vector<std::string> sizes_row(const std::string& name,
                                   const std::vector<float>& sizes) {
  const auto never = std::ranges::count_if(
      sizes, [](float size) { return !std::isfinite(size); });
  return {name, size_text(median_of(sizes)),
          percent(share_below(sizes, 0.1f)), std::to_string(never)};
}

std::vector<float> twice(std::vector<float> sizes) {
  for (float& size : sizes) size *= 2;
  return sizes;
}

void show_fooled(Program& program, World& world) {
  const Dataset known = world.known();
  if (known.size() == 0) {
    print("    It reads none of them right.\n");
    return;
  }
  const Tensor<> direction =
      fooling_direction(*world.network, known.images, known.labels);
  const std::vector<float> sizes =
      smallest_changes(*world.network, known.images, direction);
  const Tensor<> chance = random_direction(direction, program.seed());
  const std::vector<float> by_chance =
      smallest_changes(*world.network, known.images, chance);
  print_table({{"smallest step that changes the answer", "median",
                "below 0.1", "never"},
               sizes_row("signs of the gradient", sizes),
               sizes_row("random signs", by_chance)});
  world.note("median_fooling_step", size_text(median_of(sizes)));
  if (none_is_finite(sizes)) {
    print("\n    No step fools it: there is nothing to show to others.\n");
    return;
  }
  const Tensor<> after = fooled(known.images, direction, sizes);
  const Tensor<> farther = fooled(known.images, direction, twice(sizes));
  const Reading before(*world.network, known.images),
      now(*world.network, after), then(*world.network, farther);
  const Tensor<> shaken = fooled(known.images, chance, twice(sizes));
  Rows rows = {{"misread", "before", "smallest step", "twice that",
                "random, twice"}};
  for (const bool dense : {false, true}) {
    FastNetwork& reader = dense ? *world.dense : *world.other;
    const auto misread = [&](const Tensor<>& images) {
      return Reading(reader, images).misread(known.labels, sizes);
    };
    rows.push_back({dense ? "by one dense layer" : "by the witness",
                    percent(misread(known.images)), percent(misread(after)),
                    percent(misread(farther)), percent(misread(shaken))});
    if (!dense)
      world.note("witness_fooled", format("%.4f", misread(after)));
  }
  print("\n    Do the same pictures fool others?\n\n");
  print_table(rows);
  std::vector<Fooled> cases;
  for (const int digit : {3, 7, 4, 1, 0, 5}) {
    const auto found = std::ranges::find(known.labels, digit);
    if (found == known.labels.end()) continue;
    const int n = static_cast<int>(found - known.labels.begin());
    const auto at = static_cast<std::size_t>(n);
    cases.push_back({picture_of(known.images, n), picture_of(after, n),
                     picture_of(farther, n), sizes[at], digit, now.says[at],
                     then.says[at], before.probabilities(n, digit),
                     now.probabilities(n, now.says[at]),
                     then.probabilities(n, then.says[at])});
  }
  const bool all_fooled = std::ranges::all_of(
      cases, [](const Fooled& it) { return std::isfinite(it.size); });
  program.figure("fooling.png", fooling_figure(cases),
                 all_fooled
                     ? "every digit is still what it was, to us"
                     : "never: no step up to 1 changes the answer, and the "
                       "digit is shown after a step of 1");
}

void show_fooling(Program& program, World& world) {
  step("Fooling: the smallest step that changes the answer");
  say("Every pixel goes up or down by the same small amount, as the sign "
      "of the loss's gradient says; black stays at 0 and white at 1. "
      "Beside it the same pixels with random signs. For every held-out "
      "digit that is read right:");
  print("\n");
  show_fooled(program, world);
  const Dataset& all = world.digits.held_out;
  const Tensor<> direction =
      fooling_direction(*world.network, all.images, all.labels);
  const Tensor<> chance = random_direction(direction, program.seed());
  std::vector<double> sizes, gradient, random, witness;
  Rows rows = {{"step for all", "gradient", "random", "gradient, witness"}};
  for (int i = 0; i <= 15; ++i) {
    const float size = 0.02f * static_cast<float>(i);
    sizes.push_back(as_double(size));
    gradient.push_back(
        share_right_after(*world.network, all, direction, size));
    random.push_back(share_right_after(*world.network, all, chance, size));
    witness.push_back(
        share_right_after(*world.other, all, direction, size));
    if (i % 5 == 0)
      rows.push_back({format("%.1f", as_double(size)),
                      percent(gradient.back()), percent(random.back()),
                      percent(witness.back())});
  }
  print("\n    The share of all held-out digits that is read right:\n\n");
  print_table(rows);
  const double lost = gradient.front() - gradient.back();
  const double lost_by_chance = random.front() - random.back();
  program.figure(
      "fooling.svg", fooling_curves(sizes, gradient, random, witness),
      lost_by_chance < lost / 10
          ? "steps of the same size: random ones do next to nothing"
          : "steps of the same size, by the gradient and at random");
}

// ---- 7. Morphing -------------------------------------------------------

void show_morphing(Program& program, World& world) {
  step("From one digit to another");
  say("Two ways from one held-out digit to another class: in a straight "
      "line to a digit of that class, pixel by pixel, and along the "
      "gradient of the difference of the two logits, in steps of 0.01. "
      "How far (root mean square of the pixels' change) until the answer "
      "turns?");
  print("\n");
  Rows rows = {{"from, to", "straight: turns at", "of",
                "gradient: turns at", "ratio"}};
  for (const auto& [from, towards] :
       std::vector<std::pair<int, int>>{{3, 8}, {4, 9}, {1, 7}, {0, 6}}) {
    const auto first = world.first_right(from);
    const auto last = world.first_right(towards);
    if (!first || !last) {
      print("    No held-out %d is read right.\n", first ? towards : from);
      continue;
    }
    const Tensor<> digit = world.digit(*first);
    const Way straight = straight_way(
        *world.network, digit, world.digit(*last), from, towards, 100);
    const Way gradient = gradient_way(*world.network, digit, from, towards,
                                      program.quick() ? 10 : 30, 0.01);
    const double at = turning_distance(straight);
    const double earlier = turning_distance(gradient);
    const bool both = std::isfinite(at) && std::isfinite(earlier);
    rows.push_back({format("%d, %d", from, towards), size_text(at),
                    format("%.3f", straight.distances.back()),
                    size_text(earlier),
                    both ? format("%.1f", at / earlier) : "-"});
    if (from != 3) continue;
    world.note("straight_turn", size_text(at));
    world.note("gradient_turn", size_text(earlier));
    program.figure(
        "morphing.png", morphing_figure(straight, gradient, from, towards),
        earlier < at ? "straight: a real 8 appears; gradient: the answer "
                       "turns while we still see the 3"
                     : "straight: a real 8 appears; gradient: is it "
                       "still a 3?");
    program.figure(
        "morphing.svg", morphing_curves(straight, gradient, from, towards),
        1.5 * earlier < at ? "the gradient's way turns much earlier"
                           : "which way turns earlier?");
    print("\n");
  }
  if (rows.size() > 1) print_table(rows);
}

void tour(Program& program) {
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 400);
    digits.held_out = first(digits.held_out, 100);
  }
  require_classes(digits.held_out, digits.source);
  print("Data: %s.\n", digits.source.c_str());
  program.catch_interrupts();
  World world = train_networks(program, std::move(digits));
  if (!program.interrupted()) show_saliency(program, world);
  StripMaker strip("plain", world, program.integer("class"),
                   climb_steps(program));
  Dreams plain;
  if (!program.interrupted()) plain = climb_plainly(program, world, strip);
  if (!program.interrupted()) show_dreams(program, world, plain, strip);
  if (!program.interrupted()) show_filters(program, world);
  if (!program.interrupted()) show_fooling(program, world);
  if (!program.interrupted()) show_morphing(program, world);
  const std::string headline = "median_fooling_step";
  for (const bool first_of_all : {true, false})
    for (const auto& [name, value] : world.notes)
      if ((name == headline) == first_of_all) program.report(name, value);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("09-dreaming",
                       "what a network looks at, dreams of and is "
                       "fooled by, asked through its gradients");
  program.integer("class", 3, 0, 9, "the class of the filmstrip");
  program.integer("steps", 300, 1, 5000, "steps of each climb");
  program.number("decay", 0.02, 0, 1, "share of grey lost in each step");
  program.integer("blur-every", 4, 0, 5000, "steps between two blurs");
  program.integer("jitter", 2, 0, 14, "cells that a picture is shifted");
  program.number("variation", 0.2, 0, 100, "weight of the variation");
  return program.run(argc, argv, cnn::tour);
}
