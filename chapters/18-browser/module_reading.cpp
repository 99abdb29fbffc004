// What the host calls to load a network, to ask it about a picture, and to
// make pictures from drawings.
// Book: book/18-browser.md
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "16-saving/loaded_network.hpp"
#include "17-handwriting/named_reader.hpp"
#include "17-handwriting/reader_training.hpp"
#include "17-handwriting/reading.hpp"
#include "18-browser/module.hpp"
#include "18-browser/module_state.hpp"
#include "18-browser/pen.hpp"

namespace cnn {

namespace {

NetworkInUse the_network;

// Why the last picture has no answer; empty if it has one.
std::string the_reason;

Tensor<> given_picture(const std::string& where) {
  const auto pixels = given_floats();
  if (pixels.size() != 784)
    fail(Refusal::argument, where + ": expected 784 numbers, got " +
                                std::to_string(pixels.size()));
  return Tensor<>({28, 28}, {pixels.begin(), pixels.end()});
}

// JSON: {network, parameters, names}
std::string network_json(const NetworkInUse& it) {
  const int classes = value_or_fail(answers_of(it.plan), "network_json");
  std::string names;
  for (int k = 0; k < classes; ++k)
    names += (k == 0 ? "" : ",") + json_string(name_of_class(it.names, k));
  return "{\"network\":" + json_string(to_text(it.plan.architecture)) +
         ",\"parameters\":" + std::to_string(parameter_count(*it.network)) +
         ",\"names\":[" + names + "]}";
}

bool is_plan_of_reader(const NetworkPlan& plan) {
  return to_text(plan.architecture) == to_text(reader_plan().architecture);
}

}  // namespace

NetworkInUse& current_network() {
  if (!the_network.network)
    fail(Refusal::runtime, "current_network: none was loaded yet");
  return the_network;
}

// ---- The network -------------------------------------------------------

// In the room: the bytes of a .safetensors file. The result: the JSON of
// network_json().
CNN_EXPORT(network_load) void network_load() {
  const std::string name = "the file";
  LoadedNetwork loaded =
      loaded_network(value_or_fail(parse_safetensors(given()), name), name);
  const std::shared_ptr<FastNetwork> network =
      network_of(loaded, name, {.threads = 1});
  NamedReader named = named_reader(loaded, network, name);
  const bool refuses =
      named.names.empty() && is_plan_of_reader(loaded.plan);
  the_network = {std::move(loaded.plan), network, std::move(named.reader),
                 std::move(named.names), refuses, Tensor<>()};
  give(network_json(the_network));
}

// In the room: a picture of 784 numbers. The result: a probability for each
// class; for chapter 17's reader it is the mean over five views, as when it
// reads photographs.
CNN_EXPORT(network_answer) void network_answer() {
  NetworkInUse& it = current_network();
  const Tensor<> picture = given_picture("network_answer");
  it.picture = picture.reshaped({1, 1, 28, 28});
  const Tensor<> probabilities = it.refuses
                                     ? steady_answers(it.picture, it.reader)
                                     : it.reader(it.picture);
  the_reason.clear();
  if (!ink_box(picture))
    the_reason = no_ink;
  else if (it.refuses)
    the_reason =
        not_digits({static_cast<double>(certainty(probabilities, 0))});
  give(probabilities.data());
}

// The result: why the last picture has no answer, as text; empty if it has
// one.
CNN_EXPORT(answer_refused) void answer_refused() {
  give(the_reason);
}

// ---- Drawings ----------------------------------------------------------

// In the room: strokes as strokes_from() takes them. Returns the width of
// the pen, in sides of the pad. The result: the 784 numbers, placed as
// MNIST's or as they lie.
CNN_EXPORT(pen_picture) double pen_picture(int placed) {
  const std::vector<PenStroke> strokes = strokes_from(given_floats());
  give(picture_of_pad(strokes, placed != 0).data());
  return pen_width(strokes);
}

// In the room: a picture, which is moved by whole pixels. The result: its
// 784 numbers, put back by MNIST's rule or where they are now.
CNN_EXPORT(picture_moved)
void picture_moved(int down, int right, int put_back) {
  const Tensor<> digit = moved(given_picture("picture_moved"), down, right);
  give(put_back != 0 ? recentred(digit).data() : digit.data());
}

// In the room: a picture. The result: y and x of the point where its ink
// balances, in pixels; nothing for a blank picture.
CNN_EXPORT(picture_centre) void picture_centre() {
  const auto at = centre_of_mass(given_picture("picture_centre"));
  if (!at) return give(std::string_view());
  const float place[] = {static_cast<float>(at->y),
                         static_cast<float>(at->x)};
  give(place);
}

}  // namespace cnn
