// Chapter 05: scores become probabilities, probabilities become a loss, and
// with the loss's gradient one dense layer learns to read digits.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "05-softmax/figures.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/softmax.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/random.hpp"

namespace cnn {
namespace {

using Table = std::vector<std::vector<std::string>>;

void paragraph(const std::string& text) {
  say(text);
  print("\n");
}

void show(const Table& table) {
  print_table(table);
  print("\n");
}

// A number with some digits behind the point; never "-0.00" or "-nan".
std::string text_of(float number, int decimals) {
  if (std::isnan(number)) return "nan";
  const std::string text =
      format("%.*f", decimals, static_cast<double>(number));
  const bool zero = text.find_first_of("123456789i") == std::string::npos;
  return zero && text[0] == '-' ? text.substr(1) : text;
}

// An error against a limit; its own digits are rounding, and not the same
// on every machine.
std::string against(double error, double limit) {
  return (error < limit ? "less than " : "more than ") +
         format("%.0e", limit);
}

// The scores that most of this chapter's numbers come from. (1, 3)
Tensor<> example_logits() {
  return Tensor<>({1, 3}, {2, 1, -1});
}
const std::vector<std::string> answers = {"A", "B", "C"};
// What the truth was to the network, if it is A, B or C.
const std::vector<std::string> verdicts = {
    "its first choice", "its second choice", "its last choice"};

// The answer that step 5 takes for the truth: 0 for A, 1 for B, 2 for C.
int chosen_truth(const Program& program) {
  const auto found =
      std::find(answers.begin(), answers.end(), program.choice("truth"));
  return static_cast<int>(found - answers.begin());
}

// Every score times a factor, plus a constant.
Tensor<> changed(Tensor<> logits, float factor, float plus) {
  for (float& z : logits.data()) z = z * factor + plus;
  return logits;
}

// ---- 1 -----------------------------------------------------------------

void show_probabilities() {
  step("Scores to probabilities");
  paragraph(
      "A network that has to choose between A, B and C ends in three "
      "numbers, one score for each; the field calls them logits. Any "
      "number may come out. We want probabilities: none below 0, and all "
      "together 1. Softmax takes e^z of each score z and divides by the "
      "sum. Dividing the scores themselves by their sum will not do:");
  const Tensor<> z = example_logits();
  const Tensor<> p = softmax_naive(z);
  float sum_z = 0, sum_e = 0, sum_p = 0;
  for (int k = 0; k < 3; ++k) {
    sum_z += z(0, k);
    sum_e += std::exp(z(0, k));
    sum_p += p(0, k);
  }
  Table table = {{"answer", "score z", "z / sum", "e^z", "p = e^z / sum"}};
  for (int k = 0; k < 3; ++k)
    table.push_back({answers[static_cast<std::size_t>(k)],
                     text_of(z(0, k), 1), text_of(z(0, k) / sum_z, 2),
                     text_of(std::exp(z(0, k)), 4), text_of(p(0, k), 4)});
  table.push_back({"sum", text_of(sum_z, 1), "1.00", text_of(sum_e, 4),
                   text_of(sum_p, 4)});
  show(table);
}

void show_ratios() {
  paragraph(
      "Why e? Whatever z is, e^z is above 0. A higher score gets a higher "
      "probability, so the order is kept. And a difference of scores "
      "becomes a ratio of probabilities, e^a / e^b = e^(a - b): one point "
      "more is 2.7 times as probable, wherever the two scores lie.");
  const Tensor<> z = example_logits();
  const Tensor<> p = softmax_naive(z);
  Table table = {{"pair", "difference of z", "e^difference", "p / p"}};
  for (const auto& [a, b] : {std::pair{0, 1}, {1, 2}, {0, 2}})
    table.push_back({answers[static_cast<std::size_t>(a)] + " to " +
                         answers[static_cast<std::size_t>(b)],
                     text_of(z(0, a) - z(0, b), 1),
                     text_of(std::exp(z(0, a) - z(0, b)), 3),
                     text_of(p(0, a) / p(0, b), 3)});
  print_table(table);
}

// ---- 2 -----------------------------------------------------------------

void show_temperature(Program& program) {
  step("What changes the probabilities, and what does not");
  paragraph(
      "Divide all scores by one number T, the temperature, and their "
      "differences shrink or grow. Below 1 the highest score takes nearly "
      "everything, far above 1 all answers become alike. The order stays.");
  const std::vector<float> temperatures = {0.5f, 1, 2, 10};
  std::vector<Tensor<>> probabilities;
  Table table = {{"T", "p of A", "p of B", "p of C", "A / B"}};
  for (const float T : temperatures) {
    const Tensor<> p = softmax(changed(example_logits(), 1 / T, 0));
    table.push_back({format("%g", static_cast<double>(T)),
                     text_of(p(0, 0), 4), text_of(p(0, 1), 4),
                     text_of(p(0, 2), 4), text_of(p(0, 0) / p(0, 1), 3)});
    probabilities.push_back(p);
  }
  show(table);
  program.figure(
      "temperature.svg",
      temperature_figure(example_logits(), temperatures, probabilities),
      "from left to right the three bars level out, and never change "
      "their order");
}

void show_shift() {
  print("\n");
  paragraph(
      "Now add one number to all scores. The differences stay, and so "
      "must the probabilities: e^(z + c) = e^z e^c, and e^c stands above "
      "and below the line of the fraction.");
  const Tensor<> p = softmax(example_logits());
  Table table = {{"added", "p of A", "p of B", "p of C", "max change"}};
  for (const float c : {0.0f, 100.0f, -100.0f}) {
    const Tensor<> moved = softmax(changed(example_logits(), 1, c));
    table.push_back(
        {text_of(c, 0), text_of(moved(0, 0), 4), text_of(moved(0, 1), 4),
         text_of(moved(0, 2), 4),
         format("%g", static_cast<double>(max_abs_difference(p, moved)))});
  }
  print_table(table);
}

// ---- 3 -----------------------------------------------------------------

void show_limits() {
  step("The formula as it is written, and one that a computer can use");
  paragraph(
      "A float holds numbers up to 3.4e+38, and none between 0 and "
      "1.4e-45. For e^z that is not much room:");
  Table table = {{"z", "e^z as a float"}};
  for (const float z : {88.7f, 88.8f, -103.0f, -104.0f})
    table.push_back(
        {text_of(z, 1), format("%.2g", static_cast<double>(std::exp(z)))});
  show(table);
}

void show_stable() {
  paragraph(
      "With a score of 1000 the formula is infinity / infinity, which is "
      "not a number (NaN). But we may add what we like to all scores. "
      "softmax() subtracts the largest, so that the largest exponent is "
      "0 and nothing overflows:");
  const Tensor<> z({1, 3}, {1000, 999, 998});
  const Tensor<> naive = softmax_naive(z), stable = softmax(z);
  const Tensor<> same = softmax_naive(Tensor<>({1, 3}, {2, 1, 0}));
  Table table = {{"score", "softmax_naive", "softmax", "of 2, 1, 0"}};
  for (int k = 0; k < 3; ++k)
    table.push_back({text_of(z(0, k), 0), text_of(naive(0, k), 4),
                     text_of(stable(0, k), 4), text_of(same(0, k), 4)});
  print_table(table);
}

// ---- 4 -----------------------------------------------------------------

void show_cross_entropy(Program& program) {
  step("Cross-entropy: one number for how wrong an answer is");
  paragraph(
      "The probabilities of one image, and what it really is: y. The loss "
      "is -ln p_y, with p_y the probability that was given to the truth. "
      "Sure and right costs nothing, sure and wrong costs much. It is "
      "counted in nats, because the logarithm is the natural one. Our "
      "three scores again, for each of the three possible truths, and ten "
      "equal scores: a network that knows nothing.");
  const Tensor<> p = softmax(example_logits());
  Table table = {
      {"the truth was", "truth", "p_y", "-ln p_y", "cross_entropy()"}};
  std::vector<std::pair<std::string, float>> marks;
  for (int y = 0; y < 3; ++y) {
    const std::size_t k = static_cast<std::size_t>(y);
    table.push_back({verdicts[k], answers[k], text_of(p(0, y), 4),
                     text_of(-std::log(p(0, y)), 3),
                     text_of(cross_entropy(example_logits(), {y}), 3)});
    marks.push_back({"truth: " + verdicts[k], p(0, y)});
  }
  marks.push_back({"truth: one of ten equals", 0.1f});
  table.push_back({"one of ten equals", "any", "0.1000",
                   text_of(-std::log(0.1f), 3),
                   text_of(cross_entropy(Tensor<>({1, 10}), {0}), 3)});
  show(table);
  paragraph(
      "From A to B and from B to C the loss grows by exactly the "
      "difference of their scores, 1 and 2. And ten classes with nothing "
      "known cost ln 10 = 2.303: the number at which every network of "
      "this book should begin.");
  program.figure("cross-entropy.svg", cross_entropy_figure(marks),
                 "flat at the right, where the answer is good; without "
                 "end at the left");
}

void show_stable_loss() {
  print("\n");
  paragraph(
      "The logarithm has its own trap. Scores 0 and -200, and the second "
      "is the truth: its probability is below what a float can hold. The "
      "loss is finite all the same, if exponential and logarithm are "
      "taken together: -ln p_y = ln(sum of e^(z - m)) - (z_y - m), m the "
      "largest score.");
  const Tensor<> z({1, 2}, {0, -200});
  print_table(
      {{"loss", "nats"},
       {"-ln of softmax_naive()",
        text_of(-std::log(softmax_naive(z)(0, 1)), 1)},
       {"-ln of softmax()", text_of(-std::log(softmax(z)(0, 1)), 1)},
       {"cross_entropy()", text_of(cross_entropy(z, {1}), 1)}});
}

// ---- 5 -----------------------------------------------------------------

void show_gradient(int truth) {
  step("The gradient: p - y");
  paragraph(
      "How does the loss change with each score? By p - 1 for the true "
      "class and by p for every other: p - y, where y is now a row of "
      "zeros with a 1 at the truth. Let " +
      answers[static_cast<std::size_t>(truth)] +
      " be the truth. Computed, and measured by nudging each score up and "
      "down (chapter 04's central differences, in double):");
  const Tensor<double> z = convert<double>(example_logits());
  const std::vector<int> labels = {truth};
  const Tensor<> p = softmax(example_logits());
  const Tensor<double> grad = cross_entropy_backward(z, labels);
  const Tensor<double> measured = numerical_gradient(
      [&](const Tensor<double>& at) { return cross_entropy(at, labels); },
      z);
  Table table = {{"answer", "p", "y", "p - y", "measured"}};
  double sum = 0;
  for (int k = 0; k < 3; ++k) {
    table.push_back({answers[static_cast<std::size_t>(k)],
                     text_of(p(0, k), 6), k == truth ? "1" : "0",
                     format("%.6f", grad(0, k)),
                     format("%.6f", measured(0, k))});
    sum += grad(0, k);
  }
  table.push_back({"sum", "", "", text_of(static_cast<float>(sum), 6), ""});
  show(table);
}

void show_one_descent(int truth) {
  const Tensor<> before = example_logits();
  const Tensor<> grad = cross_entropy_backward(before, {truth});
  Tensor<> after = before;
  for (int k = 0; k < 3; ++k) after(0, k) -= grad(0, k);
  paragraph(
      "Going against it raises the score of the truth by as much as it "
      "lacked, and takes that from the others, from each by the "
      "probability that it had wrongly been given. What one gets the "
      "others lose: the sum is 0. One step with learning rate 1:");
  Table table = {{"", "z of A", "z of B", "z of C", "p of truth", "loss"}};
  for (const Tensor<>& z : {before, after})
    table.push_back({table.size() == 1 ? "before" : "after",
                     text_of(z(0, 0), 3), text_of(z(0, 1), 3),
                     text_of(z(0, 2), 3), text_of(softmax(z)(0, truth), 3),
                     text_of(cross_entropy(z, {truth}), 3)});
  show(table);
}

// What if the square of what is missing from p_y to 1 were the loss?
void show_squared_error() {
  paragraph(
      "Would the square of what is missing from p_y to 1 do as well, (1 - "
      "p_y)^2? "
      "How strongly each of the two pulls at the score of the truth:");
  const Tensor<double> z = convert<double>(example_logits());
  Table table = {{"the truth was", "p_y", "of -ln p_y", "of (1 - p_y)^2"}};
  for (int y = 0; y < 3; ++y) {
    const Tensor<double> squared = numerical_gradient(
        [&](const Tensor<double>& at) {
          const double lacking = 1 - softmax(at)(0, y);
          return lacking * lacking;
        },
        z);
    table.push_back({verdicts[static_cast<std::size_t>(y)],
                     format("%.4f", softmax(z)(0, y)),
                     format("%.4f", cross_entropy_backward(z, {y})(0, y)),
                     format("%.4f", squared(0, y))});
  }
  show(table);
  paragraph(
      "The square pulls least where the truth was thought least likely: "
      "its gradient has p_y for a factor.");
}

void show_batch_gradient(int truth) {
  paragraph(
      "The loss of a batch of N images is the mean of theirs, so each "
      "image's gradient is divided by N. The same image N times over: "
      "its row gets smaller, the sum over the rows does not, and a step "
      "is as long with a large batch as with a small one.");
  Table table = {{"N", "row for A", "row for B", "row for C",
                  "sum for " + answers[static_cast<std::size_t>(truth)]}};
  for (const int N : {1, 2, 4}) {
    Tensor<> z({N, 3});
    for (int n = 0; n < N; ++n)
      for (int k = 0; k < 3; ++k) z(n, k) = example_logits()(0, k);
    const std::vector<int> labels(static_cast<std::size_t>(N), truth);
    const Tensor<> grad = cross_entropy_backward(z, labels);
    float all = 0;
    for (int n = 0; n < N; ++n) all += grad(n, truth);
    table.push_back({std::to_string(N), text_of(grad(0, 0), 4),
                     text_of(grad(0, 1), 4), text_of(grad(0, 2), 4),
                     text_of(all, 4)});
  }
  print_table(table);
}

void show_batch_check(const Program& program) {
  Random random(program.seed());
  Tensor<double> z({8, 10});
  std::vector<int> labels;
  for (double& score : z.data())
    score = 3 * static_cast<double>(random.normal());
  for (int n = 0; n < 8; ++n) labels.push_back(random.below(10));
  const Tensor<double> grad = cross_entropy_backward(z, labels);
  const GradientCheck check = check_gradient(
      "grad_logits", grad, z,
      [&](const Tensor<double>& at) { return cross_entropy(at, labels); });
  double largest_sum = 0;
  for (int n = 0; n < 8; ++n) {
    double sum = 0;
    for (int k = 0; k < 10; ++k) sum += grad(n, k);
    largest_sum = std::max(largest_sum, std::abs(sum));
  }
  print("\n");
  print("%s", wrapped("And for a batch of 8 rows of 10 random scores: "
                      "gradient and central differences differ by " +
                      against(check.error, 1e-6) +
                      " of their size, and the sum of every row differs "
                      "from 0 by " +
                      against(largest_sum, 1e-12) + ".")
                  .c_str());
}

// ---- 6 -----------------------------------------------------------------

LinearSettings chosen_settings(const Program& program) {
  LinearSettings settings;
  settings.epochs = program.integer("epochs");
  settings.batch = program.integer("batch");
  settings.learning_rate = program.number("learning-rate");
  settings.seed = program.seed();
  return settings;
}

void announce_learning(const Split& digits, const LinearSettings& settings,
                       int pixels) {
  step("The first thing that learns");
  paragraph(format(
      "One dense layer: every class has a weight for each of the "
      "%d pixels and a bias, and its score is the sum of weight "
      "times pixel, plus the bias. That is %d numbers, and all "
      "begin at 0. A step takes %d digits, computes scores, loss "
      "and gradient, and goes %g times the gradient downhill. An "
      "epoch is once through all %d training digits, in a new "
      "order each time. The %d held-out digits are never trained "
      "on; they are the exam.",
      pixels, digits.train.classes * (pixels + 1), settings.batch,
      settings.learning_rate, digits.train.size(), digits.held_out.size()));
}

// One line of the table, printed as soon as its epoch is over.
void print_epoch(int epoch, double training_loss, double held_out_loss,
                 double held_out_accuracy) {
  if (epoch == 1)
    print("    epoch   training loss   held-out loss   held-out right\n");
  print("    %5d %15.3f %15.3f %16s\n", epoch, training_loss, held_out_loss,
        percent(held_out_accuracy, 1).c_str());
}

// Notes what each step says, keeps some of the templates, prints a line per
// epoch.
LinearClassifier learn(const Split& digits, const LinearSettings& settings,
                       LearningRecord& record) {
  const int steps =
      settings.epochs * ((digits.train.size() - 1) / settings.batch + 1);
  Progress progress("learning", steps, "steps");
  double epoch_loss = 0;
  int epoch_steps = 0;
  return train_linear(digits.train, settings, [&](const LinearStep& now) {
    progress.update(now.step, format("loss %.3f", now.loss));
    record.step.push_back(now.step);
    record.loss.push_back(now.loss);
    if (now.step == 1 || now.step == 10 || now.step == 100 ||
        now.step == steps)
      record.weights.push_back({now.step, now.classifier.weight});
    epoch_loss += now.loss;
    ++epoch_steps;
    if (!now.epoch_ends) return;
    const Tensor<> logits = scores(now.classifier, digits.held_out.images);
    const std::vector<int>& labels = digits.held_out.labels;
    record.epoch_step.push_back(now.step);
    record.held_out_loss.push_back(
        static_cast<double>(cross_entropy(logits, labels)));
    print_epoch(now.epoch, epoch_loss / epoch_steps,
                record.held_out_loss.back(), accuracy(logits, labels));
    epoch_loss = epoch_steps = 0;
  });
}

LinearClassifier show_learning(Program& program, const Split& digits,
                               LearningRecord& record) {
  const LinearSettings settings = chosen_settings(program);
  announce_learning(digits, settings,
                    digits.train.images.size() / digits.train.size());
  const LinearClassifier classifier = learn(digits, settings, record);
  const double share = accuracy(scores(classifier, digits.held_out.images),
                                digits.held_out.labels);
  print("\n");
  paragraph(
      format("The first batch's loss was %.3f; ln 10 is %.3f. At the end "
             "%s of the held-out digits are read right; guessing would "
             "get 10 %%.",
             record.loss.front(), static_cast<double>(std::log(10.0f)),
             percent(share, 1).c_str()));
  program.report("held_out_accuracy", format("%.4f", share));
  program.report("held_out_loss",
                 format("%.4f", record.held_out_loss.back()));
  program.report("first_loss", format("%.4f", record.loss.front()));
  const std::vector<double>& loss = record.loss;
  const bool most_at_first =
      loss[std::min<std::size_t>(100, loss.size()) - 1] <
      (loss.front() + loss.back()) / 2;
  program.figure("loss.svg", loss_figure(record),
                 most_at_first ? "it starts at ln 10, most of the fall is "
                                 "in the first hundred steps"
                               : "it starts at ln 10");
  return classifier;
}

// ---- 7 -----------------------------------------------------------------

// What one step from zeros must give: all p are then 0.1, so each digit
// adds its ink to its own class's template with weight 1 - 0.1 and to every
// other with weight -0.1. (classes, pixels)
Tensor<> first_templates(const Dataset& train,
                         const LinearSettings& settings) {
  std::vector<int> order = Random(settings.seed).permutation(train.size());
  order.resize(
      std::min(order.size(), static_cast<std::size_t>(settings.batch)));
  const Dataset batch = subset(train, order);
  const Tensor<> ink = flattened(batch.images);
  const float share = static_cast<float>(settings.learning_rate) /
                      static_cast<float>(batch.size());
  Tensor<> templates({train.classes, ink.extent(1)});
  for (int n = 0; n < batch.size(); ++n)
    for (int k = 0; k < train.classes; ++k) {
      const bool own = batch.labels[static_cast<std::size_t>(n)] == k;
      for (int i = 0; i < ink.extent(1); ++i)
        templates(k, i) += share * (own ? 0.9f : -0.1f) * ink(n, i);
    }
  return templates;
}

// The mean of each block x block cells. (H, W) -> (H / block, W / block)
Tensor<> block_means(const Tensor<>& map, int block) {
  Tensor<> means({map.extent(0) / block, map.extent(1) / block});
  const float cells = static_cast<float>(block * block);
  for (int y = 0; y < means.extent(0) * block; ++y)
    for (int x = 0; x < means.extent(1) * block; ++x)
      means(y / block, x / block) += map(y, x) / cells;
  return means;
}

void show_templates(Program& program, const Split& digits,
                    const LinearClassifier& classifier,
                    const LearningRecord& record) {
  const int H = digits.train.images.extent(2);
  const int W = digits.train.images.extent(3);
  step("What it has learned");
  const Tensor<> means =
      block_means(template_of(classifier.weight, 0, H, W), 4);
  const bool hole = means(means.extent(0) / 2, means.extent(1) / 2) < 0;
  paragraph(
      "A class's weights have the shape of a digit: they can be looked "
      "at. Ink where a template is positive speaks for the class, ink "
      "where it is negative speaks against it. The template of 0, as "
      "means of 4 x 4 pixels" +
      std::string(hole ? "; the hole of the 0 is the negative middle:"
                       : ":"));
  print_matrix(means, 2);
  print("\n");
  program.figure("templates.png", templates_figure(classifier.weight, H, W),
                 hole ? "0 has a blue hole; the others are harder to name, "
                        "because they show what tells a digit from the rest"
                      : "they show what tells a digit from the rest");
  const float difference = max_abs_difference(
      record.weights.front().second,
      first_templates(digits.train, chosen_settings(program)));
  print("\n");
  paragraph(
      "Why may all weights begin at 0? Because the labels tell the "
      "classes apart in the first step. Every probability is then 0.1, so "
      "p - y is -0.9 for a digit's own class and 0.1 for the others: the "
      "template becomes a small multiple of the mean of its own digits "
      "minus what all digits share. Computed that way, the first step's "
      "templates differ from "
      "the program's by at most " +
      format("%.0e.", static_cast<double>(difference)));
  program.figure("templates-growing.png", growth_figure(record, H, W),
                 "after one step blurred mean digits; later only what "
                 "tells them apart is left");
}

// ---- 8 -----------------------------------------------------------------

// The first image that is read right, but with less than 90 %, if there is
// one. p (N, classes)
std::optional<int> first_hesitation(const Tensor<>& p,
                                    const std::vector<int>& labels) {
  const std::vector<int> said = predictions(p);
  for (int n = 0; n < p.extent(0); ++n) {
    const int label = labels[static_cast<std::size_t>(n)];
    const bool right = said[static_cast<std::size_t>(n)] == label;
    if (right && p(n, label) < 0.9f) return n;
  }
  return std::nullopt;
}

void print_score_sums(const LinearClassifier& classifier,
                      const Tensor<>& digit, const Tensor<>& logits) {
  const Tensor<> p = softmax(logits);
  Table table = {{"class", "for", "against", "bias", "score", "p"}};
  for (int k = 0; k < logits.extent(1); ++k) {
    float positive = 0, negative = 0;
    for (int i = 0; i < digit.size(); ++i) {
      const float product = classifier.weight(k, i) *
                            digit.data()[static_cast<std::size_t>(i)];
      (product > 0 ? positive : negative) += product;
    }
    table.push_back({std::to_string(k), text_of(positive, 2),
                     text_of(negative, 2), text_of(classifier.bias(k), 2),
                     text_of(logits(0, k), 2), text_of(p(0, k), 4)});
  }
  show(table);
}

void show_decision(Program& program, const Dataset& held_out,
                   const LinearClassifier& classifier,
                   const Tensor<>& logits) {
  step("One decision, taken apart");
  const auto hesitation =
      first_hesitation(softmax(logits), held_out.labels);
  const int n = hesitation.value_or(0);
  const Tensor<> image = item(held_out.images, n);
  const Tensor<> digit = image.reshaped({image.extent(1), image.extent(2)});
  const Tensor<> z = item(logits, n).reshaped({1, held_out.classes});
  const int best = predictions(z).front();
  paragraph(hesitation
                ? "The first held-out digit that is read right with less "
                  "than 90 % on it:"
                : "The first held-out digit; none is read right with less "
                  "than 90 % on it:");
  print_digit(digit);
  paragraph(
      "Its ten scores. Each is a sum over the "
      "pixels, weight times ink. Here the positive products (for), the "
      "negative ones (against) and the bias are summed up apart; but for "
      "rounding the three together are the score:");
  print_score_sums(classifier, digit, z);
  program.figure(
      "dot-product.png",
      dot_product_figure(classifier, digit, z,
                         {best, runner_up(z, 0, best)}),
      "same ink, two templates: in the right column count orange against "
      "blue");
}

// ---- 9 -----------------------------------------------------------------

struct Confidence {
  std::string said;
  double limit;  // the probability of the answer is below it
  int digits = 0, right = 0;
  double sum = 0;  // of those probabilities
};

void count(Confidence& group, double probability, bool right) {
  group.digits += 1;
  group.right += right;
  group.sum += probability;
}

void show_confidence(const Dataset& held_out, const Tensor<>& logits) {
  step("Are they probabilities?");
  paragraph(
      "When it says 80 %, is it right eight times in ten? The held-out "
      "digits, sorted by the probability of the answer that was given:");
  const Tensor<> p = softmax(logits);
  const std::vector<int> said = predictions(logits);
  std::vector<Confidence> groups = {
      {"under 50 %", 0.5},  {"50 to 70 %", 0.7},    {"70 to 90 %", 0.9},
      {"90 to 99 %", 0.99}, {"99 % and more", 2.0}, {"all", 2.0}};
  for (int n = 0; n < held_out.size(); ++n) {
    const std::size_t i = static_cast<std::size_t>(n);
    const double sure = static_cast<double>(p(n, said[i]));
    const bool right = said[i] == held_out.labels[i];
    count(*std::find_if(
              groups.begin(), groups.end(),
              [&](const Confidence& group) { return sure < group.limit; }),
          sure, right);
    count(groups.back(), sure, right);
  }
  Table table = {{"said", "digits", "mean of said", "right"}};
  for (const Confidence& group : groups) {
    if (group.digits == 0) continue;
    table.push_back(
        {group.said, std::to_string(group.digits),
         percent(group.sum / group.digits, 1),
         percent(group.right / static_cast<double>(group.digits), 1)});
  }
  show(table);
  paragraph(
      "A classifier whose last two columns agree is called calibrated: its "
      "probabilities can be taken at their word. A last column that is "
      "higher means that it is more often right than it says, a lower one "
      "that it promises too much.");
}

void show_misread(Program& program, const Dataset& held_out,
                  const Tensor<>& logits) {
  const std::vector<Misread> worst = costliest(held_out, logits, 10);
  if (worst.empty()) return;
  program.figure("misread.png", misread_figure(held_out, worst),
                 "a template knows one way to write a digit: what is "
                 "written otherwise misses it");
}

void tour(Program& program) {
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 300);
    digits.held_out = first(digits.held_out, 100);
  }
  show_probabilities();
  show_ratios();
  show_temperature(program);
  show_shift();
  show_limits();
  show_stable();
  show_cross_entropy(program);
  show_stable_loss();
  const int truth = chosen_truth(program);
  show_gradient(truth);
  show_one_descent(truth);
  show_squared_error();
  show_batch_gradient(truth);
  show_batch_check(program);
  LearningRecord record;
  const LinearClassifier classifier =
      show_learning(program, digits, record);
  show_templates(program, digits, classifier, record);
  const Tensor<> logits = scores(classifier, digits.held_out.images);
  show_decision(program, digits.held_out, classifier, logits);
  show_confidence(digits.held_out, logits);
  show_misread(program, digits.held_out, logits);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("05-softmax",
                       "scores to probabilities to a loss, and the first "
                       "thing that learns");
  const cnn::LinearSettings settings;
  program.integer("epochs", settings.epochs, 1, 1000,
                  "times that every digit is seen");
  program.integer("batch", settings.batch, 1, 100000, "digits per step");
  program.choice("truth", "B", cnn::answers,
                 "the answer that step 5 takes for the truth");
  program.number("learning-rate", settings.learning_rate, 1e-6, 100,
                 "how far a step goes");
  return program.run(argc, argv, cnn::tour);
}
