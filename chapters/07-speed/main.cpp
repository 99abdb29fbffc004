// Chapter 07: speed. The same numbers, from plain loops to the machine's
// limit, each way verified before it is timed.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "06-training/live.hpp"
#include "07-speed/bench.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/figures.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

// How long each thing is measured: short when only tested.
double patience(const Program& program) {
  return program.quick() ? 0.0 : program.flag("record") ? 0.4 : 0.06;
}

int thread_count(const Program& program) {
  return Workers(program.integer("threads")).count();
}

// ---- 1. The work -------------------------------------------------------

void show_work() {
  step("What there is to compute");
  say("A convolution multiplies each weight with one number and adds the "
      "product to a sum, at every place of its output: one multiply-add. "
      "Two operations (FLOP) each. For one digit on its way forward "
      "through chapter 06's network (A) and through a larger one (B):");
  for (const bool larger : {false, true}) {
    const Work work =
        count_work(larger ? larger_network : digit_network, {1, 28, 28});
    Rows rows = {{larger ? "network B" : "network A", "multiply-adds"}};
    for (std::size_t i = 0; i < work.names.size(); ++i)
      rows.push_back({work.names[i], grouped(work.forward[i])});
    rows.push_back({"forward in all", grouped(work.all_forward())});
    rows.push_back({"forward and backward", grouped(work.training)});
    print("\n");
    print_table(rows);
  }
  print("\n");
  say("Backward costs twice what forward costs, once for the weights and "
      "once for the input; only the first layer's input is left out, as "
      "nobody asks for the gradient of a photograph.");
}

// ---- 2. The machine ----------------------------------------------------

Machine show_machine(Program& program, Measured& measured,
                     const Kernels& kernels) {
  step("What this machine could do");
  say("Its clock, by a chain of operations that wait for each other; its "
      "peak, by multiply-adds that do not; its memory, by copying 64 MB. "
      "(All that is measured in seconds goes to standard error.)");
  const Machine machine = look_at_machine(kernels, patience(program));
  const double per_cycle = machine.peak / machine.clock / 2 / machine.lanes;
  measured.table(
      {{"machine", machine.name},
       {"instruction set", machine.isa},
       {"lanes: numbers per instruction", std::to_string(machine.lanes)},
       {"clock", format("%.2f GHz", machine.clock / 1e9)},
       {"multiply-add instructions per cycle", format("%.2f", per_cycle)},
       {"peak of one core", format("%.0f GFLOP/s", machine.peak / 1e9)},
       {"one core copying memory",
        format("%.1f GB/s", machine.bandwidth / 1e9)},
       {"measured on", machine.date}});
  return machine;
}

// ---- 3. One image per lane ---------------------------------------------

void show_lanes(Program& program, const Dataset& digits) {
  step("One image per lane");
  say("A vector instruction computes 4, 8 or 16 numbers at once, its "
      "lanes. Here each lane is an image: a cell holds the same pixel of "
      "16 digits. The loops stay as they are. What was one number is 16, "
      "and a weight is multiplied with all of them.");
  const int y = 9, x = 14;
  program.figure("lanes.png", lanes_figure(digits, y, x),
                 "one marked pixel in each of 16 digits, and the cell that "
                 "they are together");
  FastNetwork network({Convolution{.channels = 1, .kernel = 3}},
                      {1, 28, 28},
                      {.threads = 1, .isa = program.choice("isa")});
  const auto weights = network.parameters()[0]->value.data();
  const float sobel[] = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
  std::copy(std::begin(sobel), std::end(sobel), weights.begin());
  const Tensor<> images = first(digits, 16).images;
  const Tensor<> fast = network.forward(images, Mode::evaluation);
  const Tensor<> plain = convolve(images, network.parameters()[0]->value,
                                  network.parameters()[1]->value);
  Rows rows = {{"digit", "one by one", "all at once"}};
  for (int n = 0; n < 4; ++n)
    rows.push_back({std::to_string(n),
                    format("%.4f", static_cast<double>(plain(n, 0, y, x))),
                    format("%.4f", static_cast<double>(fast(n, 0, y, x)))});
  print(
      "\n    Chapter 02's Sobel kernel at row %d, column %d of the first "
      "four:\n\n",
      y, x);
  print_table(rows);
}

// ---- 4. Verified -------------------------------------------------------

// The largest difference of any number from the exact one, as a share of
// the largest magnitude of the exact ones.
double share_off(const Tensor<>& got, const Tensor<double>& exact) {
  double largest = 0;
  for (const double number : exact.data())
    largest = std::max(largest, std::abs(number));
  return max_abs_difference(convert<double>(got), exact) / largest;
}

void verify(const Program& program, std::vector<Rung>& rungs,
            const Dataset& digits) {
  step("First right, then fast");
  say("Seven ways to the same numbers. Each computes the logits and all "
      "gradients of chapter 06's network for 20 digits, and is held "
      "against the plain loops in double precision: the largest "
      "difference, as a share of the largest number.");
  const Dataset some = first(digits, program.quick() ? 3 : 20);
  Network<double> exact = build_network<double>(digit_network, {1, 28, 28});
  Rows rows = {{"", "logits", "gradients"}};
  for (Rung& rung : rungs) {
    Random random(1);
    initialize(*rung.network, he_initializer(), random);
    const auto parameters = rung.network->parameters();
    const auto exact_parameters = exact.parameters();
    for (std::size_t p = 0; p < parameters.size(); ++p)
      exact_parameters[p]->value = convert<double>(parameters[p]->value);
    const Tensor<double> expected =
        exact.forward(convert<double>(some.images), Mode::training);
    const Tensor<> logits =
        rung.network->forward(some.images, Mode::training);
    exact.backward(cross_entropy_backward(expected, some.labels), false);
    rung.network->backward(cross_entropy_backward(logits, some.labels),
                           false);
    double gradients = 0;
    for (std::size_t p = 0; p < parameters.size(); ++p)
      gradients =
          std::max(gradients, share_off(parameters[p]->gradient,
                                        exact_parameters[p]->gradient));
    // (The last rung's name has the number of threads in it.)
    rows.push_back({rung.threads > 1 ? "+ threads" : rung.name,
                    format("%.0e", share_off(logits, expected)),
                    format("%.0e", gradients)});
  }
  print("\n");
  print_table(rows);
}

// ---- 5. The ladder -----------------------------------------------------

void climb(const Program& program, Measured& measured,
           std::vector<Rung>& rungs, const Dataset& digits,
           const Machine& machine) {
  step("The ladder");
  say("One training step each (forward, loss, backward, update) on 64 "
      "digits, in turns.");
  const Dataset batch = first(digits, program.quick() ? 3 : 64);
  std::vector<std::unique_ptr<TrainingLoop>> loops;
  std::vector<std::function<void()>> calls;
  for (Rung& rung : rungs) {
    loops.push_back(std::make_unique<TrainingLoop>(rung, batch));
    calls.push_back([loop = loops.back().get()] { (*loop)(); });
  }
  const int rounds = program.quick() ? 1 : 5;
  const std::vector<double> times =
      medians_in_turns(calls, rounds, patience(program));
  const double flops =
      2 * count_work(digit_network, {1, 28, 28}).training * batch.size();
  Rows rows = {{"", "images/s", "GFLOP/s", "% of peak", "times plain"}};
  std::vector<double> gflops;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    gflops.push_back(flops / times[i] / 1e9);
    names.push_back(rungs[i].name);
    rows.push_back(
        {rungs[i].name, grouped(batch.size() / times[i]),
         format("%.1f", gflops.back()),
         format("%.0f %%",
                1e11 * gflops.back() / (machine.peak * rungs[i].threads)),
         format("%.1f", times[0] / times[i])});
    const std::string rung = "rung " + std::to_string(i + 1) + ", ";
    measured.value(rung + "GFLOP/s", rows.back()[2]);
    measured.value(rung + "of peak", rows.back()[3]);
    measured.value(rung + "times plain", rows.back()[4]);
  }
  measured.table(rows);
  measured.figure("ladder-measured.svg",
                  rungs_figure(names, gflops, machine),
                  "what each rung adds");
}

// ---- 6. Why: one convolution -------------------------------------------

void show_roofline(const Program& program, Measured& measured,
                   const Kernels& kernels, const Machine& machine) {
  step("Where the limit is");
  OneConvolution one;
  if (program.quick()) one.H = 4;
  const int C = OneConvolution::C, K = OneConvolution::K, H = one.H;
  say("The second convolution of network B by itself, forward. im2col "
      "writes every window out as a column before it multiplies:");
  print("\n    the input of one image   %10s bytes\n",
        grouped(4.0 * C * H * H).c_str());
  print("    its columns              %10s bytes, %d times as many\n",
        grouped(4.0 * C * K * K * H * H).c_str(), K * K);
  const std::vector<RooflinePoint> points =
      one.measure(kernels, patience(program));
  Rows rows = {{"", "FLOP per byte", "GFLOP/s", "% of peak"}};
  for (const RooflinePoint& point : points)
    rows.push_back({point.name, format("%.0f", point.intensity),
                    format("%.1f", point.flops / 1e9),
                    format("%.0f %%", 100 * point.flops / machine.peak)});
  measured.table(rows);
  measured.figure("roofline-measured.svg", roofline_figure(points, machine),
                  "under the slope memory is the limit, under the flat "
                  "part the core");
}

// ---- 7. Threads, batches, sizes ----------------------------------------

void show_scaling(const Program& program, Measured& measured,
                  const Machine& machine) {
  step("Threads, batches, sizes");
  say("A batch is cut into shards of 16 images; each has its own sums of "
      "gradients, and the sums are added in the order of the shards. So "
      "any number of threads gives the same bits.");
  const std::string isa = program.choice("isa");
  const Kernels& kernels = kernels_for(isa);
  const double seconds = 3 * patience(program);
  const int most = std::max(2 * machine.processors, 2);
  Series threads{"network A", {}, {}}, larger{"network B", {}, {}};
  Rows rows = {{"threads", "A: images/s", "B: images/s", "B: % of peak"}};
  const double flops_of_B =
      2 * count_work(larger_network, {1, 28, 28}).training;
  for (int t = 1; t <= (program.quick() ? 1 : most); ++t) {
    threads.x.push_back(t);
    larger.x.push_back(t);
    std::vector<double> peaks;  // taken in turns with B: clocks wander
    threads.y.push_back(
        training_rate(digit_network, {1, 28, 28}, 64, t, isa, seconds));
    larger.y.push_back(training_rate(
        larger_network, {1, 28, 28}, 64, t, isa, seconds,
        [&] { peaks.push_back(peak_of_core(kernels, seconds / 12)); }));
    const double share = flops_of_B * larger.y.back() /
                         (median(peaks) * std::min(t, machine.processors));
    rows.push_back({std::to_string(t), grouped(threads.y.back()),
                    grouped(larger.y.back()),
                    format("%.0f %%", 100 * share)});
  }
  measured.table(rows);
  for (Series* series : {&threads, &larger}) {
    const double one = series->y.front();
    for (double& rate : series->y) rate /= one;
  }
  measured.figure("threads-measured.svg",
                  speedup_figure({threads, larger}, machine),
                  "no more threads than processors");
  Series batches{"", {}, {}};
  rows = {{"images per step", "images/s"}};
  for (const int batch : {1, 8, 16, 32, 64, 128, 256, 512}) {
    if (program.quick() && batch > 1) break;
    batches.x.push_back(batch);
    batches.y.push_back(
        training_rate(digit_network, {1, 28, 28}, batch, 0, isa, seconds));
    rows.push_back({std::to_string(batch), grouped(batches.y.back())});
  }
  measured.table(rows);
  measured.figure("batches-measured.svg",
                  rate_figure("Training network A in batches of some size",
                              "images per step", {batches}, machine, true),
                  "a batch that fills no lanes or no threads wastes them");
  Series sizes{"", {}, {}};
  rows = {{"image", "images/s", "pixels/s"}};
  for (const int size : {14, 28, 56, 112, 224}) {
    if (program.quick() && size > 14) break;
    const Architecture one = {Convolution{.channels = 8, .padding = 1},
                              Relu{}, MaxPool{}, Flatten{},
                              Dense{.outputs = 10}};
    sizes.x.push_back(size);
    sizes.y.push_back(
        training_rate(one, {1, size, size}, 32, 0, isa, seconds));
    rows.push_back({std::to_string(size) + " x " + std::to_string(size),
                    grouped(sizes.y.back()),
                    grouped(sizes.y.back() * size * size)});
  }
  measured.table(rows);
  measured.figure(
      "sizes-measured.svg",
      rate_figure("Training a small network on larger images",
                  "rows and columns of an image", {sizes}, machine, true),
      "four times the pixels, a quarter of the images");
}

// ---- 8. Chapter 06's training, again -----------------------------------

// A training run's accuracy against the seconds spent on its steps alone.
class Stopwatch {
 public:
  explicit Stopwatch(Series& series) : series_(series) {}
  // At the end of a step; true if it is time to look at the accuracy.
  bool stop(int step) {
    seconds_ += seconds_now() - begin_;
    return step == next_;
  }
  void look(double accuracy) {
    series_.x.push_back(seconds_);
    series_.y.push_back(100 * accuracy);
    next_ = std::max(next_ + 1, next_ * 3 / 2);
  }
  void go() { begin_ = seconds_now(); }
  double seconds() const { return seconds_; }

 private:
  Series& series_;
  double seconds_ = 0, begin_ = seconds_now();
  int next_ = 1;
};

void train_again(Program& program, Measured& measured, const Split& digits,
                 const Machine& machine) {
  step("Chapter 06's training, again");
  say("The same network from the same first numbers, the same digits in "
      "the same order, the same steps:");
  print("\n");
  Experiment experiment;
  experiment.settings.seed = program.seed();
  if (program.quick()) experiment.settings.epochs = 1;
  Network<> slow = fresh_network(experiment);
  FastNetwork fast(digit_network, {1, 28, 28},
                   {.threads = program.integer("threads"),
                    .isa = program.choice("isa")});
  copy_parameters(slow, fast);
  Series fast_curve{"fast", {}, {}}, slow_curve{"plain", {}, {}};
  Stopwatch watch(fast_curve);
  Sgd sgd(experiment.momentum);
  Rows rows = {{"epoch", "loss", "held-out accuracy"}};
  const int per_epoch =
      training_steps(digits.train.size(), experiment.settings) /
      experiment.settings.epochs;
  double loss = 0, share = 0;
  train_fast(fast, sgd, digits.train, experiment.settings,
             [&](const TrainingStep& now) {
               const bool end = now.step % per_epoch == 0;
               loss += now.loss;
               if (watch.stop(now.step) || end) {
                 share = accuracy(fast, digits.held_out);
                 watch.look(share);
               }
               if (end) {
                 rows.push_back({std::to_string(now.epoch),
                                 format("%.4f", loss / per_epoch),
                                 percent(share)});
                 loss = 0;
               }
               watch.go();
               return !program.interrupted();
             });
  if (program.interrupted()) return;
  print_table(rows);
  program.report("held_out_accuracy", format("%.4f", share));
  const int steps =
      training_steps(digits.train.size(), experiment.settings);
  const int slow_steps =
      std::min(steps, program.flag("record") ? steps : 60);
  Stopwatch slow_watch(slow_curve);
  Sgd slow_sgd(experiment.momentum);
  {
    Progress progress("the plain loops", slow_steps, "steps");
    train(slow, slow_sgd, digits.train, experiment.settings,
          [&](const TrainingStep& now) {
            if (slow_watch.stop(now.step) || now.step == slow_steps) {
              copy_parameters(slow, fast);
              slow_watch.look(accuracy(fast, digits.held_out));
            }
            progress.update(now.step, format("loss %.3f", now.loss));
            slow_watch.go();
            return now.step < slow_steps && !program.interrupted();
          });
  }
  if (program.interrupted()) return;
  const double slow_seconds = slow_watch.seconds() * steps / slow_steps;
  measured.table(
      {{"", "seconds of training"},
       {slow_steps == steps
            ? "plain loops"
            : "plain loops, from " + std::to_string(slow_steps) + " of " +
                  std::to_string(steps) + " steps",
        format("%.1f", slow_seconds)},
       {"fast", format("%.2f", watch.seconds())},
       {"ratio", format("%.0f", slow_seconds / watch.seconds())}});
  measured.value("plain training, seconds", format("%.0f", slow_seconds));
  measured.value("fast training, seconds", format("%.2f", watch.seconds()));
  measured.figure("training-measured.svg",
                  seconds_figure({fast_curve, slow_curve}, machine),
                  "the same curve, shifted by the whole ladder");
}

// ---- 9. All of MNIST ---------------------------------------------------

void train_on_mnist(Program& program, Measured& measured) {
  step("All of MNIST");
  say("60,000 digits to learn from, 8 epochs in batches of 64, learning "
      "rate 0.08 after a warm-up over the first fifth, then down to 0 "
      "along a cosine. Chosen on 5,000 digits kept back from the 60,000; "
      "the 10,000 test digits are read once for each seed.");
  const Schedule schedule = [](double progress) {
    if (progress < 0.2) return progress / 0.2;
    const auto angle =
        static_cast<float>(3.14159265358979 * (progress - 0.2) / 0.8);
    return 0.5 * (1.0 + static_cast<double>(std::cos(angle)));
  };
  Rows rows = {{"seed", "test digits right"}};
  Rows times = {{"seed", "test digits right", "seconds in all"}};
  double shares = 0, seconds = 0;
  const int seeds = program.quick() ? 1 : 3;
  for (int seed = 1; seed <= seeds && !program.interrupted(); ++seed) {
    const double begin = seconds_now();
    Split digits = load_digits(program.data());
    if (program.quick()) digits.train = first(digits.train, 200);
    FastNetwork network(digit_network, {1, 28, 28},
                        {.threads = program.integer("threads"),
                         .isa = program.choice("isa")});
    Random random(static_cast<std::uint64_t>(seed));
    initialize(network, he_initializer(), random);
    TrainingSettings settings{8, 64, 0.08, schedule,
                              static_cast<std::uint64_t>(seed)};
    if (program.quick()) settings.epochs = 1;
    Sgd sgd(0.9);
    Progress progress("seed " + std::to_string(seed),
                      training_steps(digits.train.size(), settings),
                      "steps");
    train_fast(network, sgd, digits.train, settings,
               [&](const TrainingStep& now) {
                 progress.update(now.step, format("loss %.3f", now.loss));
                 return !program.interrupted();
               });
    if (program.interrupted()) return;
    const double share = accuracy(network, digits.held_out);
    shares += share;
    seconds += seconds_now() - begin;
    rows.push_back({std::to_string(seed), percent(share)});
    times.push_back({std::to_string(seed), percent(share),
                     format("%.1f", seconds_now() - begin)});
  }
  rows.push_back({"mean of the seeds", percent(shares / seeds)});
  times.push_back({"mean of the seeds", percent(shares / seeds),
                   format("%.1f", seconds / seeds)});
  print("\n");
  print_table(rows);
  measured.table(times);
  measured.value("all of MNIST, right", percent(shares / seeds));
  measured.value("all of MNIST, seconds", format("%.1f", seconds / seeds));
  program.report("mnist_accuracy", format("%.4f", shares / seeds));
}

void tour(Program& program) {
  if (program.choice("bench") != "none") return run_benchmark(program);
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 100);
    digits.held_out = first(digits.held_out, 50);
  }
  if (digits.train.size() < 16)
    fail(Refusal::runtime,
         digits.source +
             ": expected 16 or more training pictures, one "
             "for each lane, found " +
             std::to_string(digits.train.size()));
  print("Data: %s.\n", digits.source.c_str());
  program.catch_interrupts();
  const Kernels& kernels = kernels_for(program.choice("isa"));
  Measured measured(program);
  if (program.flag("record") && program.data()) {
    train_on_mnist(program, measured);
    if (!program.interrupted()) measured.keep();
    return;
  }
  show_work();
  const Machine machine = show_machine(program, measured, kernels);
  show_lanes(program, digits.train);
  std::vector<Rung> rungs =
      all_rungs(digit_network, {1, 28, 28}, kernels.name,
                std::max(2, thread_count(program)));
  verify(program, rungs, digits.train);
  if (!program.interrupted())
    climb(program, measured, rungs, digits.train, machine);
  if (!program.interrupted())
    show_roofline(program, measured, kernels, machine);
  if (!program.interrupted()) show_scaling(program, measured, machine);
  if (!program.interrupted()) {
    if (program.data())
      train_on_mnist(program, measured);
    else
      train_again(program, measured, digits, machine);
  }
  if (!program.interrupted()) measured.keep();
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program(
      "07-speed",
      "the same numbers, from plain loops to the machine's "
      "limit");
  std::vector<std::string> sets = {"auto"};
  for (const cnn::Kernels* kernels : cnn::all_kernels())
    sets.push_back(kernels->name);
  program.choice("isa", "auto", sets,
                 "the instruction set; auto: the widest of this CPU");
  program.integer("threads", 0, 0, 256, "threads; 0: one per processor");
  program.flag("record",
               "measures longer, and keeps what was measured in "
               "figures/07-speed and book/output");
  program.choice("bench", "none", {"none", "train", "infer", "latency"},
                 "prints one rate as a line of JSON and does nothing else");
  program.choice("network", "A", {"A", "B"},
                 "what --bench measures: A is chapter 06's");
  program.number("seconds", 3, 0.01, 1000, "how long --bench measures");
  return program.run(argc, argv, cnn::tour);
}
