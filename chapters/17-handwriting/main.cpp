// Chapter 17: data must match the training data. The verb `read` reads
// pictures, and `teach` teaches a network new ones. --make-reader makes the
// network that reads, and --measure-teaching measures what teaching it is
// worth. Without any of these, the program is the chapter's tour.
// Book: book/17-handwriting.md
#include "17-handwriting/steps_read.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "17-handwriting/steps_teach.hpp"
#include "17-handwriting/steps_teaching.hpp"
#include "17-handwriting/steps_tour.hpp"
#include "common/shell/program.hpp"

int main(int argc, char** argv) {
  return cnn::run_verbs(
      argc, argv,
      {{"read", cnn::read_program},
       {"teach", cnn::teach_program},
       {"--make-reader", cnn::make_reader_program},
       {"--measure-teaching", cnn::measure_teaching_program}},
      cnn::handwriting_tour);
}
