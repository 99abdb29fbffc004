// Text functions that pictures, plots and terminals share: they count
// characters, break lines and write numbers.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cnn {

using Strings = std::vector<std::string>;

// The number of characters in a UTF-8 text, its width in a terminal.
int text_width(const std::string& text);

// The text split at each '\n'; one line if there is none.
Strings split_lines(const std::string& text);

// The text broken at spaces into lines for which measure(line) is at most
// `most`. A longer word gets a line of its own. Consecutive spaces are
// kept, and a percent sign stays with the word before it. Empty text has no
// lines.
Strings broken_into_lines(
    const std::string& text, double most,
    const std::function<double(const std::string&)>& measure);

// A number with `decimals` decimals, as printf's "%.2f" writes it: "-0.50",
// "nan", "-inf". What rounds to zero loses its sign, and so does a NaN,
// because neither sign means anything to a reader.
std::string fixed_text(double value, int decimals);

// A number as short as possible with at most `digits` significant digits:
// "0.05", "1e-06", "0", "nan".
std::string short_text(double value, int digits);

}  // namespace cnn
