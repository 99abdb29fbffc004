// Where measured times go, which must not become part of output that has to
// be the same on every run.
// Book: book/07-speed.md
#pragma once

#include <cstdio>
#include <string>

#include "common/shell/file.hpp"
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Prints to standard error, and draws figures in the build folder. With
// --record the text also goes into book/output and the figures into
// figures, as the record of one machine on one day.
class Measured {
 public:
  explicit Measured(Program& program)
      : program_(program),
        file_(program.data() ? "book/output/07-speed.mnist"
                             : "book/output/07-speed.measured") {
    if (program.flag("record"))
      require_file(program.source_folder() / file_, "--record ");
  }

  void say(const std::string& text) { add("\n" + wrapped(text)); }
  void table(const std::vector<std::vector<std::string>>& rows) {
    add("\n" + table_text(rows));
  }
  void figure(const std::string& file, const std::string& svg,
              const std::string& look_for) {
    if (!program_.flag("record")) {
      program_.timed_figure(file, svg, look_for);
      return;
    }
    write_file(program_.source_folder() / "figures/07-speed" / file, svg);
    cnn::print("    recorded: figures/07-speed/%s\n", file.c_str());
  }
  // One number by itself, for a sentence. It is only recorded, not printed.
  void value(const std::string& name, const std::string& number) {
    values_ += "    " + name + ": " + number + "\n";
  }
  void keep() const {
    if (!program_.flag("record")) return;
    write_file(program_.source_folder() / file_, text_ + "\n" + values_);
    cnn::print("    recorded: %s\n", file_.c_str());
  }

 private:
  void add(const std::string& text) {
    std::fflush(stdout);
    std::fputs(text.c_str(), stderr);
    text_ += text;
  }

  Program& program_;
  std::string file_, text_, values_;
};

}  // namespace cnn
