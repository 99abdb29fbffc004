// What the host calls to train a network: digits first, then a lesson, step
// by step. The checksums are those of `./tutorial train --isa portable`.
// Book: book/18-browser.md
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "12-generalization/named_augmentations.hpp"
#include "16-saving/fitting.hpp"
#include "16-saving/onnx.hpp"
#include "16-saving/safetensors.hpp"
#include "18-browser/lesson.hpp"
#include "18-browser/module.hpp"
#include "common/data/formats.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

namespace {

Dataset held_out_digits, train_digits;
std::unique_ptr<Lesson> lesson;

Lesson& current_lesson() {
  if (!lesson) fail(Refusal::argument, "lesson: expected lesson_start()");
  return *lesson;
}

// ---- The settings of a lesson ------------------------------------------

using SettingLines = std::map<std::string, std::string>;

// "epochs=6\nbatch=32" -> {{"batch", "32"}, {"epochs", "6"}}
SettingLines setting_lines(std::string_view text) {
  SettingLines settings;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t end = std::min(line.find('='), line.size());
    settings[std::string(line.substr(0, end))] =
        line.substr(std::min(end + 1, line.size()));
  }
  return settings;
}

// Removes a number from the settings and returns it, or `initial` if there
// is none. Refuses a number that is not from `least` to `most`.
double take_number(SettingLines& settings, const std::string& key,
                   double initial, double least, double most) {
  const auto line = settings.extract(key);
  if (line.empty()) return initial;
  const std::string& text = line.mapped();
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(number >= least && number <= most))
    fail(Refusal::argument,
         "lesson: expected " + key + " from " + exact_text(least) + " to " +
             exact_text(most) + ", got '" + text.substr(0, 40) + "'");
  return number;
}

std::uint64_t take_whole(SettingLines& settings, const std::string& key,
                         double initial, double least, double most) {
  const double number = take_number(settings, key, initial, least, most);
  if (number != std::floor(number))
    fail(Refusal::argument, "lesson: expected a whole number as " + key +
                                ", got " + exact_text(number));
  return static_cast<std::uint64_t>(number);
}

// Takes the settings of the verb train out of `settings`, by the names that
// they have in its files.
Recipe take_recipe(SettingLines& settings) {
  Recipe recipe;
  recipe.isa = "portable";
  recipe.epochs = static_cast<int>(
      take_whole(settings, "epochs", recipe.epochs, 1, 1e6));
  recipe.batch =
      static_cast<int>(take_whole(settings, "batch", recipe.batch, 1, 1e4));
  recipe.learning_rate = take_number(settings, "learning_rate",
                                     recipe.learning_rate, 1e-9, 1e30);
  recipe.momentum =
      take_number(settings, "momentum", recipe.momentum, 0, 0.999);
  recipe.seed = take_whole(settings, "seed",
                           static_cast<double>(recipe.seed), 0, 0x1p53);
  const auto augment = settings.extract("augment");
  if (!augment.empty())
    recipe.augment =
        named_in(named_augmentations(), augment.mapped(), "lesson: augment")
            .name;
  recipe.decay =
      take_number(settings, "decay", recipe.decay, 0, most_decay);
  recipe.smoothing = take_number(settings, "smoothing", recipe.smoothing, 0,
                                 most_smoothing);
  recipe.pictures = checksum_of(train_digits);
  return recipe;
}

}  // namespace

// ---- The digits --------------------------------------------------------

// In the room: the 784 grey levels of each picture, then all labels. Set 0
// is held out, set 1 is to learn from. Returns how many pictures there are.
CNN_EXPORT(digits) int digits(int set) {
  const std::span<const std::uint8_t> bytes = given();
  const std::size_t count = bytes.size() / 785;
  if (count == 0 || bytes.size() % 785 != 0)
    fail(Refusal::argument,
         "digits: expected 785 bytes for each digit, got " +
             std::to_string(bytes.size()));
  const auto pixels = bytes.first(784 * count);
  const auto labels = bytes.subspan(784 * count);
  const int N = static_cast<int>(count);
  lesson.reset();  // it may refer to the digits that are replaced
  (set == 0 ? held_out_digits : train_digits) =
      mnist_set({{N, 28, 28}, {pixels.begin(), pixels.end()}}, "pixels",
                {{N}, {labels.begin(), labels.end()}}, "labels");
  return N;
}

// ---- The lesson --------------------------------------------------------

// In the room: lines such as network=flatten, dense 10 and seed=7. Settings
// that are missing have the defaults of the verb train. Returns how many
// steps there will be.
CNN_EXPORT(lesson_start) int lesson_start() {
  if (train_digits.size() == 0)
    fail(Refusal::argument, "lesson_start: expected digits(1) before");
  SettingLines settings = setting_lines(given_text());
  const auto network = settings.extract("network");
  const std::string text =
      network.empty() ? to_text(digit_network) : network.mapped();
  Recipe recipe = take_recipe(settings);
  if (!settings.empty())
    fail(Refusal::argument,
         "lesson: there is no setting '" + settings.begin()->first + "'");
  NetworkPlan plan = value_or_fail(
      classifier_plan(value_or_fail(parse_architecture(text), "network"),
                      {1, 28, 28}, train_digits.classes),
      "network");
  lesson.reset();
  lesson = std::make_unique<Lesson>(std::move(plan), std::move(recipe),
                                    train_digits);
  return lesson->now().steps;
}

// Takes `steps` steps, or fewer at the end. Returns how many have been
// taken in all. The result: loss, accuracy of the batch and learning rate
// of each of these steps.
CNN_EXPORT(lesson_steps) int lesson_steps(int steps) {
  std::vector<float> seen;
  for (; steps > 0 && !current_lesson().done(); --steps) {
    const TrainingStep& now = lesson->step();
    for (const double number : {now.loss, now.accuracy, now.learning_rate})
      seen.push_back(static_cast<float>(number));
  }
  give(seen);
  return current_lesson().now().step;
}

// How many of `count` held-out digits, from number `first` on, the network
// reads correctly by now. A page has time for only a few at once.
CNN_EXPORT(lesson_right) int lesson_right(int first, int count) {
  const std::vector<int> answers =
      predictions(current_lesson().network().forward(
          part_of(held_out_digits.images, first, count), Mode::evaluation));
  const std::vector<int> labels =
      part_of(held_out_digits.labels, first, count);
  int right = 0;
  for (std::size_t n = 0; n < labels.size(); ++n)
    right += answers[n] == labels[n];
  return right;
}

CNN_EXPORT(lesson_checksum) void lesson_checksum() {
  give(current_lesson().checksum());
}

// The result: the filters of the first layer that learns, pixels row by
// row. Returns how many rows each has, or 0 if that layer does not look at
// the picture.
CNN_EXPORT(lesson_filters) int lesson_filters() {
  const Tensor<>& weight =
      current_lesson().network().parameters().front()->value;
  const Shape& shape = weight.shape();
  const bool sees = shape.size() == 4   ? shape[1] == 1
                    : shape.size() == 2 ? shape[1] == 784
                                        : false;
  give(sees ? weight.data() : std::span<const float>());
  return !sees ? 0 : shape.size() == 4 ? shape[2] : 28;
}

// ---- What is left of it ------------------------------------------------

// The result: a .safetensors file. At the end of the lesson it has the
// bytes that the verb train writes; before, it also says how many steps
// were taken.
CNN_EXPORT(lesson_file) void lesson_file() {
  Lesson& it = current_lesson();
  auto recipe = recipe_text(it.recipe());
  if (!it.done()) recipe["steps_done"] = std::to_string(it.now().step);
  give(safetensors_bytes(file_of(it.network(), it.plan(), recipe)));
}

CNN_EXPORT(lesson_onnx) void lesson_onnx() {
  Lesson& it = current_lesson();
  give(onnx_bytes(it.network().plain(), it.plan()));
}

}  // namespace cnn
