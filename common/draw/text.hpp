// What pictures, plots and terminals do alike with text: count its letters,
// break it into lines, write numbers.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cnn {

using Strings = std::vector<std::string>;

// How many characters a UTF-8 text has: its width in a terminal.
int text_width(const std::string& text);

// The text between '\n' and '\n'; one line if there is none.
Strings split_lines(const std::string& text);

// A line broken at spaces into lines whose measure is at most `most`; words
// that are longer have a line of their own. Spaces side by side are kept. A
// percent sign stays with what is before it.
Strings broken_into_lines(
    const std::string& text, double most,
    const std::function<double(const std::string&)>& measure);

// With so many decimals, as printf's "%.2f" writes it: "-0.50", "nan",
// "-inf". What rounds to zero loses its sign, and so does a NaN: neither
// means anything to a reader.
std::string fixed_text(double value, int decimals);

// As short as it can be with at most so many significant digits: "0.05",
// "1e-06", "0", "nan".
std::string short_text(double value, int digits);

}  // namespace cnn
