// Chapter 07: the same numbers, from plain loops to the machine's limit,
// with each version verified before it is timed.
// Book: book/07-speed.md
#include "07-speed/steps_benchmark.hpp"
#include "07-speed/steps_ladder.hpp"
#include "07-speed/steps_machine.hpp"
#include "07-speed/steps_products.hpp"
#include "07-speed/steps_story.hpp"
#include "07-speed/steps_training.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  cnn::Program program("07-speed",
                       "The same numbers, from plain loops to the "
                       "machine's limit.");
  program.choice("isa", "auto", cnn::instruction_sets(),
                 "the instruction set; auto: the widest of this CPU");
  program.integer("threads", 0, 0, 256, "threads; 0: one per processor");
  program.flag("record",
               "measures longer, and keeps what was measured in "
               "figures/07-speed and book/output");
  program.choice("bench", "none", {"none", "train", "infer", "latency"},
                 "prints one rate as a line of JSON and does nothing else");
  program.undrawn({"bench"});
  program.choice("network", "A", {"A", "B"},
                 "what --bench measures: A is chapter 06's");
  program.number("seconds", 3, 0.01, 1000, "how long --bench measures");
  return program.run(argc, argv, [](cnn::Program& run) {
    if (cnn::asks_for_benchmark(run)) return cnn::run_benchmark(run);
    const cnn::Split digits = cnn::enough_digits(run);
    run.catch_interrupts();
    cnn::Measured measured(run);
    if (!cnn::records_mnist(run)) {
      cnn::what_there_is_to_compute();
      const cnn::Machine machine =
          cnn::what_this_machine_could_do(run, measured);
      cnn::one_image_per_lane(run, digits.train);
      cnn::fewer_products(run);
      std::vector<cnn::Ladder> ladders = cnn::chosen_ladders(run);
      cnn::first_right_then_fast(run, ladders, digits.train);
      if (!run.interrupted())
        cnn::the_ladder(run, measured, ladders, digits.train, machine);
      if (!run.interrupted())
        cnn::where_the_limit_is(run, measured, machine);
      if (!run.interrupted())
        cnn::threads_batches_sizes(run, measured, machine);
      if (!run.interrupted() && !run.data()) {
        cnn::FastNetwork network(cnn::digit_network, {1, 28, 28},
                                 cnn::chosen_options(run));
        cnn::training_again(run, measured, digits, machine, network);
        if (!run.interrupted())
          cnn::one_digit_in_lanes(run, digits.held_out, network);
      }
    }
    if (!run.interrupted() && run.data()) cnn::all_of_mnist(run, measured);
    if (!run.interrupted()) measured.keep();
  });
}
