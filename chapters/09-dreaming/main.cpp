// Chapter 09: dreaming. A trained network is asked through its gradients:
// what it looks at, what it would like to see, and how it is fooled.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "06-training/live.hpp"
#include "06-training/scoring.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/dreamer.hpp"
#include "09-dreaming/figures.hpp"
#include "09-dreaming/fooling.hpp"
#include "09-dreaming/morphing.hpp"
#include "09-dreaming/saliency.hpp"
#include "common/dataset.hpp"
#include "common/program.hpp"
#include "common/terminal.hpp"

namespace cnn {
namespace {

using Rows = std::vector<std::vector<std::string>>;
constexpr int classes = 10;

double as_double(float number) {
  return static_cast<double>(number);
}

// The digits, two networks that learned from them, and what the first one
// says of those held out.
struct World {
  Split digits;
  std::unique_ptr<FastNetwork> network, other;
  std::vector<int> said;        // N
  Tensor<> logits;              // (N, classes)
  Tensor<> probabilities;       // (N, classes)

  int truth(int n) const {
    return digits.held_out.labels[static_cast<std::size_t>(n)];
  }
  int says(int n) const { return said[static_cast<std::size_t>(n)]; }
  bool right(int n) const { return says(n) == truth(n); }
  // The first held-out digit of a class that is read right.
  int first_right(int digit) const {
    for (int n = 0; n < digits.held_out.size(); ++n)
      if (truth(n) == digit && right(n)) return n;
    return 0;
  }
  // One held-out digit as a batch: (1, 1, 28, 28).
  Tensor<> digit(int n) const {
    return item(digits.held_out.images, n).reshaped({1, 1, 28, 28});
  }
};

// The most probable class but for one.
int runner_up(const Tensor<>& logits, int n, int but) {
  int best = but == 0 ? 1 : 0;
  for (int k = 0; k < logits.extent(1); ++k)
    if (k != but && logits(n, k) > logits(n, best)) best = k;
  return best;
}

std::vector<int> all_classes() {
  std::vector<int> all;
  for (int k = 0; k < classes; ++k) all.push_back(k);
  return all;
}

// The same faint noise as many times as wanted. (count, 1, 28, 28)
Tensor<> noise(int count, std::uint64_t seed) {
  Random random(seed);
  Tensor<> images({count, 1, 28, 28});
  const auto first_image = row_of(images, 0);
  for (float& pixel : first_image) pixel = random.uniform(0.4f, 0.6f);
  for (int n = 1; n < count; ++n)
    std::ranges::copy(first_image, row_of(images, n).begin());
  return images;
}

// ---- 1. Two networks ---------------------------------------------------

World train_two(Program& program, Split digits) {
  step("Two networks to ask");
  say("Chapter 06's network, trained as there, by chapter 07's kernels; "
      "and a second one, of the same kind, from other first numbers and "
      "with the digits in another order. The first is asked. The second is "
      "the witness: what does it say to what the first one dreams?");
  print("\n");
  World world;
  world.digits = std::move(digits);
  Rows rows = {{"network", "seed", "held-out accuracy"}};
  for (const bool second : {false, true}) {
    Experiment experiment;
    experiment.settings.seed = program.seed() + (second ? 1 : 0);
    if (program.quick()) experiment.settings.epochs = 2;
    Progress progress(second ? "the witness" : "the network",
                      training_steps(world.digits.train.size(),
                                     experiment.settings),
                      "steps");
    auto& network = second ? world.other : world.network;
    network = trained_network(world.digits.train, experiment,
                              [&](const TrainingStep& now) {
                                progress.update(now.step);
                                return !program.interrupted();
                              });
    const Tensor<> logits = evaluate(*network, world.digits.held_out);
    rows.push_back(
        {second ? "the witness" : "the network",
         std::to_string(experiment.settings.seed),
         percent(accuracy(logits, world.digits.held_out.labels))});
    if (!second) {
      world.logits = logits;
      world.probabilities = softmax(logits);
      world.said = predictions(logits);
    }
  }
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
      place(std::min_element(slopes.begin(), slopes.end())),
      14 * 28 + 14, 10 * 28 + 10, 0};
  print(
      "    A held-out %d; its logit is %.4f. One pixel at a time becomes "
      "0.01\n    brighter, and the network is run again:\n\n",
      k, as_double(heights.values[0]));
  Rows rows = {{"row, column", "grey", "gradient", "x 0.01", "measured"}};
  for (const int pixel : pixels) {
    const auto at = static_cast<std::size_t>(pixel);
    Tensor<> nudged = image;
    nudged.data()[at] += 0.01f;
    const float after =
        class_logits(*world.network, nudged, {k}).values[0];
    rows.push_back(
        {format("%d, %d", pixel / 28, pixel % 28),
         format("%.2f", as_double(image.data()[at])),
         format("%.4f", as_double(slopes[at])),
         format("%.6f", 0.01 * as_double(slopes[at])),
         format("%.6f", as_double(after - heights.values[0]))});
  }
  print_table(rows);
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

void show_saliency(Program& program, World& world) {
  step("Saliency: which pixels matter?");
  say("Backward not to the weights but to the pixels: how does the logit "
      "of one class change with each of them?");
  print("\n");
  show_nudges(world, world.first_right(3));
  std::vector<SaliencyCase> cases;
  for (const int digit : {3, 7, 4, 5})
    cases.push_back(saliency_of(world, world.first_right(digit)));
  const std::vector<Mistake> wrong =
      mistakes(world.logits, world.digits.held_out.labels);
  for (std::size_t i = 0; i < std::min<std::size_t>(4, wrong.size()); ++i)
    cases.push_back(saliency_of(world, wrong[i].image));
  program.figure("saliency.png", saliency_figure(cases),
                 "orange: a brighter pixel raises this logit; blue: it "
                 "lowers it. In wrong answers the two maps say what ink "
                 "would have to go or come");
}

// ---- 3. The plain climb ------------------------------------------------

// What someone says to ten pictures, one of each class.
struct Verdict {
  std::vector<int> says;
  std::vector<float> sure;  // of the class that was wanted
  int agreed = 0;

  Verdict(const Tensor<>& scores, const Tensor<>& probabilities)
      : says(predictions(scores)) {
    for (int k = 0; k < probabilities.extent(0); ++k) {
      sure.push_back(probabilities(k, k));
      agreed += says[static_cast<std::size_t>(k)] == k;
    }
  }
};

Verdict verdict(FastNetwork& network, const Tensor<>& images) {
  const Tensor<> logits = network.forward(images, Mode::evaluation);
  return Verdict(logits, softmax(logits));
}

Objective<> logits_of_all_classes(FastNetwork& network) {
  return [&](const Tensor<>& images) {
    return class_logits(network, images, all_classes());
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
    for (const int share : {0, 2, 5, 10, 20, 50, 100}) {
      if (step != steps_ * share / 100) continue;
      if (!strip.steps.empty() && strip.steps.back() == step) continue;
      const Tensor<> p =
          softmax(world_.network->forward(images, Mode::evaluation));
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
      "plain",
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
  Rows rows = {{"class", "highest logit of a digit", "noise", "dream",
                "sure", "witness says"}};
  for (int k = 0; k < classes; ++k) {
    const auto at = static_cast<std::size_t>(k);
    float highest = world.logits(0, k);
    for (int n = 0; n < world.logits.extent(0); ++n)
      highest = std::max(highest, world.logits(n, k));
    rows.push_back({std::to_string(k), format("%.1f", as_double(highest)),
                    format("%.1f", as_double(first_values[at])),
                    format("%.1f", as_double(last_values[at])),
                    percent(as_double(own.sure[at])),
                    std::to_string(witness.says[at])});
  }
  print_table(rows);
  return plain;
}

// ---- 4. Regularisers ---------------------------------------------------

std::vector<std::pair<std::string, DreamSettings>> all_settings(
    const Program& program) {
  DreamSettings nothing;
  nothing.steps = climb_steps(program);
  nothing.size = 0.05;
  nothing.seed = program.seed();
  DreamSettings decay = nothing, blur = nothing, jitter = nothing,
                variation = nothing, together = nothing;
  decay.decay = together.decay = program.number("decay");
  blur.blur_every = together.blur_every = program.integer("blur-every");
  jitter.jitter = together.jitter = program.integer("jitter");
  variation.variation = together.variation = program.number("variation");
  return {{"fixed steps", nothing}, {"decay", decay},
          {"blur", blur},           {"jitter", jitter},
          {"variation", variation}, {"together", together}};
}

double mean_of(const std::vector<float>& numbers) {
  float sum = 0;
  for (const float number : numbers) sum += number;
  return as_double(sum / static_cast<float>(numbers.size()));
}

void show_dreams(Program& program, World& world, const Dreams& plain,
                 StripMaker& plain_strip) {
  step("Readable dreams");
  std::vector<Dreams> dreams = {plain};
  const auto settings = all_settings(program);
  const int steps = climb_steps(program);
  const int digit = program.integer("class");
  StripMaker strip("together", world, digit, steps);
  std::vector<Picture> frames;
  Rows rows = {{"", "mean logit", "mean sure", "variation", "fell",
                "witness", "nearest mean"}};
  const Tensor<> means = mean_images(world.digits.train);
  const Objective<> objective = logits_of_all_classes(*world.network);
  const auto judge = [&](const Dreams& it, int fell, int all) {
    const Verdict own = verdict(*world.network, it.images);
    const Tensor<> nearest = nearest_mean_scores(it.images, means);
    rows.push_back(
        {it.name, format("%.1f", mean_of(objective(it.images).values)),
         percent(mean_of(own.sure)),
         format("%.0f", mean_of(total_variation(it.images).values)),
         format("%d of %d", fell, all),
         std::to_string(verdict(*world.other, it.images).agreed),
         std::to_string(Verdict(nearest, nearest).agreed)});
  };
  judge(plain, 0, classes * steps);
  for (const auto& [name, its] : settings) {
    Progress progress(name, steps, "steps");
    const bool together = name == "together";
    std::vector<float> before;
    int fell = 0;
    Dreams result{name, dream<float>(
        noise(classes, program.seed()), objective, its,
        [&](int now, const Tensor<>& images,
            const std::vector<float>& values) {
          for (std::size_t k = 0; k < before.size(); ++k)
            fell += values[k] < before[k];
          before = values;
          progress.update(now);
          if (together) {
            strip.look(now, images);
            if (now % std::max(1, steps / 24) == 0)
              frames.push_back(dream_frame(
                  now, images,
                  softmax(world.network->forward(images,
                                                 Mode::evaluation))));
          }
          return !program.interrupted();
        })};
    if (program.interrupted()) return;
    progress.clear();
    judge(result, fell, classes * steps);
    dreams.push_back(std::move(result));
  }
  print_table(rows);
  program.figure("dreams.png", dreams_figure(dreams), "");
  program.figure("filmstrip.png",
                 filmstrip_figure({plain_strip.strip, strip.strip}, digit),
                 "");
  program.figure("film.png", frames.back(), "");
}

// ---- 5. Hidden filters -------------------------------------------------

void show_filters(Program& program, World& world) {
  step("What a hidden filter would like to see");
  const std::size_t layers[] = {0, 3};
  const int fields[] = {5, 14};
  for (int which = 0; which < 2; ++which) {
    const std::size_t layer = layers[which];
    const Tensor<> maps =
        world.network->outputs(first(world.digits.held_out, 200).images)[layer];
    const int channels = maps.extent(1), field = fields[which];
    std::vector<int> chosen;
    for (int c = 0; c < channels; ++c) chosen.push_back(c);
    const Objective<> objective = [&](const Tensor<>& images) {
      return hidden_cells(*world.network, images, layer, chosen);
    };
    const Tensor<> start = noise(channels, program.seed());
    const Tensor<> plain = climb<float>(start, objective, climb_steps(program));
    DreamSettings together = all_settings(program).back().second;
    const Tensor<> readable = dream<float>(start, objective, together);
    const int stride = which == 0 ? 1 : 2, from = which == 0 ? 0 : 1;
    const int corner_offset = -2;
    const int corner = maps.extent(2) / 2 * stride + corner_offset;
    PictureRow weights{"weights", {}, {}, true}, plain_row{"plain", {}, {}},
        readable_row{"together", {}, {}}, real_row{"in a digit", {}, {}};
    int agree = 0;
    for (int c = 0; c < channels; ++c) {
      float best = -1e9f;
      int bn = 0, by = 0, bx = 0;
      for (int n = 0; n < maps.extent(0); ++n)
        for (int y = from; y < maps.extent(2) - from; ++y)
          for (int x = from; x < maps.extent(3) - from; ++x) {
            if (which == 0 && (y < 2 || x < 2 || y > 25 || x > 25)) continue;
            if (maps(n, c, y, x) > best)
              best = maps(n, c, y, x), bn = n, by = y, bx = x;
          }
      const auto cut = [&](const Tensor<>& images) {
        return cut_out(picture_of(images, c), corner, corner, field);
      };
      const Heights<> hp = objective(plain), hr = objective(readable);
      const auto at = static_cast<std::size_t>(c);
      plain_row.pictures.push_back(cut(plain));
      plain_row.captions.push_back(format("%.1f", as_double(hp.values[at])));
      readable_row.pictures.push_back(cut(readable));
      readable_row.captions.push_back(format("%.1f", as_double(hr.values[at])));
      real_row.pictures.push_back(
          cut_out(picture_of(world.digits.held_out.images, bn),
                  by * stride - 2, bx * stride - 2, field));
      real_row.captions.push_back(format("%.1f", as_double(best)));
      if (which == 0) {
        const Tensor<> w =
            filter(world.network->parameters()[0]->value, c, 0);
        weights.pictures.push_back(w);
        const Tensor<> p = cut(plain);
        for (std::size_t i = 0; i < 25; ++i)
          agree += (w.data()[i] > 0) == (p.data()[i] > 0.5f);
      }
    }
    if (which == 0) {
      print("agree %d of 200\n", agree);
      program.figure("first-filters.png", rows_figure("first", {weights, plain_row, readable_row, real_row}, 10, 8), "");
    } else {
      program.figure("second-filters.png", rows_figure("second", {plain_row, readable_row, real_row}, 4, 8), "");
    }
  }
}

// ---- 6. Fooling --------------------------------------------------------

void show_fooling(Program& program, World& world) {
  step("Fooling: the smallest step that changes the answer");
  const Dataset& all = world.digits.held_out;
  std::vector<int> right;
  for (int n = 0; n < all.size(); ++n)
    if (world.right(n)) right.push_back(n);
  const Dataset known = subset(all, right);
  const Tensor<> direction =
      fooling_direction(*world.network, known.images, known.labels);
  const Tensor<> chance =
      random_direction(known.images.shape(), program.seed());
  std::vector<float> sizes =
      smallest_changes(*world.network, known.images, direction);
  std::vector<float> blind =
      smallest_changes(*world.network, known.images, chance);
  const auto median = [](std::vector<float> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return as_double(numbers[numbers.size() / 2]);
  };
  print("median gradient %.4f random %.4f\n", median(sizes), median(blind));
  const Tensor<> after = fooled(known.images, direction, sizes);
  const Tensor<> p_after = softmax(world.network->forward(after, Mode::evaluation));
  const Tensor<> p_before = softmax(world.network->forward(known.images, Mode::evaluation));
  const std::vector<int> says = predictions(p_after);
  const std::vector<int> other = predictions(world.other->forward(after, Mode::evaluation));
  const std::vector<int> other_before = predictions(world.other->forward(known.images, Mode::evaluation));
  int same = 0, wrong = 0, wrongb = 0;
  for (std::size_t n = 0; n < says.size(); ++n) {
    same += other[n] == says[n];
    wrong += other[n] != known.labels[n];
    wrongb += other_before[n] != known.labels[n];
  }
  print("witness: same wrong answer %d, wrong %d, wrong before %d of %zu\n", same, wrong, wrongb, says.size());
  std::vector<Fooled> cases;
  for (const int digit : {3, 7, 4, 1, 0, 8, 5, 2}) {
    const auto found = std::find(known.labels.begin(), known.labels.end(), digit);
    if (found == known.labels.end()) continue;
    const int n = static_cast<int>(found - known.labels.begin());
    const auto at = static_cast<std::size_t>(n);
    cases.push_back({picture_of(known.images, n), picture_of(after, n),
                     sizes[at], digit, says[at], p_before(n, digit),
                     p_after(n, says[at])});
  }
  program.figure("fooling.png", fooling_figure(cases), "");
  std::vector<double> xs, grad, rnd;
  const Tensor<> direction_all =
      fooling_direction(*world.network, all.images, all.labels);
  const Tensor<> chance_all =
      random_direction(all.images.shape(), program.seed());
  Rows rows = {{"size of the step", "gradient", "random", "witness"}};
  for (int i = 0; i <= 15; ++i) {
    const double e = 0.02 * i;
    xs.push_back(e);
    grad.push_back(share_right_after(*world.network, all, direction_all, static_cast<float>(e)));
    rnd.push_back(share_right_after(*world.network, all, chance_all, static_cast<float>(e)));
    rows.push_back({format("%.2f", e), percent(grad.back()), percent(rnd.back()),
      percent(share_right_after(*world.other, all, direction_all, static_cast<float>(e)))});
  }
  print_table(rows);
  program.figure("fooling.svg", fooling_curves(xs, grad, rnd), "");
}

// ---- 7. Morphing -------------------------------------------------------

void show_morphing(Program& program, World& world) {
  step("From one digit to another");
  for (const auto& [from, towards] : std::vector<std::pair<int, int>>{{3, 8}, {4, 9}, {1, 7}}) {
    const Tensor<> a = world.digit(world.first_right(from));
    const Tensor<> b = world.digit(world.first_right(towards));
    const Way straight = straight_way(*world.network, a, b, from, towards, 100);
    const Way gradient = gradient_way(*world.network, a, from, towards, 60, 0.01);
    const std::size_t s = turning_point(straight), g = turning_point(gradient);
    print("%d->%d straight: turn %.3f of %.3f; gradient turn %.3f of %.3f end p %.4f\n", from, towards,
      straight.distances[std::min(s, straight.pictures.size()-1)], straight.distances.back(),
      gradient.distances[std::min(g, gradient.pictures.size()-1)], gradient.distances.back(), gradient.towards.back());
    if (from != 3) continue;
    program.figure("morphing.png", morphing_figure(straight, gradient, from, towards), "");
    program.figure("morphing-straight.svg", morphing_curves(straight, "straight", from, towards, straight.distances.back()), "");
    program.figure("morphing-gradient.svg", morphing_curves(gradient, "gradient", from, towards, straight.distances.back()), "");
  }
}

void tour(Program& program) {
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 400);
    digits.held_out = first(digits.held_out, 100);
  }
  print("Data: %s.\n", digits.source.c_str());
  program.catch_interrupts();
  World world = train_two(program, std::move(digits));
  if (!program.interrupted()) show_saliency(program, world);
  StripMaker strip("plain", world, program.integer("class"),
                   climb_steps(program));
  Dreams plain;
  if (!program.interrupted()) plain = climb_plainly(program, world, strip);
  if (!program.interrupted()) show_dreams(program, world, plain, strip);
  if (!program.interrupted()) show_filters(program, world);
  if (!program.interrupted()) show_fooling(program, world);
  if (!program.interrupted()) show_morphing(program, world);
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
  program.integer("blur-every", 8, 0, 5000, "steps between two blurs");
  program.integer("jitter", 2, 0, 14, "cells that a picture is shifted");
  program.number("variation", 0.3, 0, 100, "weight of the variation");
  return program.run(argc, argv, cnn::tour);
}
