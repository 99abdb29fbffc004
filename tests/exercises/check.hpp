// How an exercise is checked: case by case, until one is wrong. What the
// reader sees is the first wrong case: its input, what was expected and
// what came.
#pragma once

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "common/exercise.hpp"
#include "common/tensor.hpp"

namespace cnn {

// The end of a check's program.
enum class Verdict { solved = 0, wrong = 1, not_solved_yet = 3 };

inline std::string text_of(const std::string& text) {
  return text;
}
inline std::string text_of(bool value) {
  return value ? "true" : "false";
}
inline std::string text_of(int value) {
  return std::to_string(value);
}
inline std::string text_of(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

// "(2, 3): 1 2 3 4 5 6", after two dozen numbers "...".
template <class T>
std::string text_of(const Tensor<T>& tensor) {
  std::string text = to_string(tensor.shape()) + ":";
  for (std::size_t i = 0; i < tensor.data().size(); ++i) {
    if (i == 24) return text + " ...";
    text += " " + text_of(static_cast<double>(tensor.data()[i]));
  }
  return text;
}

template <class Value>
bool agree(const Value& a, const Value& b) {
  return a == b;
}
inline bool agree(double a, double b) {
  return a == b || std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b));
}
template <class T>
bool agree(const Tensor<T>& a, const Tensor<T>& b) {
  if (a.shape() != b.shape()) return false;
  for (std::size_t i = 0; i < a.data().size(); ++i)
    if (!agree(static_cast<double>(a.data()[i]),
               static_cast<double>(b.data()[i])))
      return false;
  return true;
}

// What is being tried, for the last words of a program that crashes.
inline std::string current_input;

inline void last_words(int) {
  std::printf("      crashed at the input  %s\n", current_input.c_str());
  std::fflush(stdout);
  std::_Exit(static_cast<int>(Verdict::wrong));
}

class Check {
 public:
  Check() {
    for (const int signal : {SIGFPE, SIGSEGV, SIGABRT})
      std::signal(signal, last_words);
  }

  // One case. `input` in words; `got` calls the reader's function.
  template <class Value, class Got>
  void equal(const std::string& input, const Value& expected, Got got) {
    if (verdict_ != Verdict::solved) return;
    current_input = input;
    try {
      const Value value = got();
      if (!agree(value, expected))
        fail(input, text_of(expected), text_of(value));
    } catch (const NotSolvedYet&) {
      verdict_ = Verdict::not_solved_yet;
    } catch (const std::exception& error) {
      fail(input, text_of(expected),
           std::string("an exception: ") + error.what());
    }
  }

  // One case that must throw std::invalid_argument.
  template <class Got>
  void refused(const std::string& input, Got got) {
    if (verdict_ != Verdict::solved) return;
    current_input = input;
    const std::string expected = "a std::invalid_argument";
    try {
      got();
      fail(input, expected, "no exception");
    } catch (const std::invalid_argument&) {
    } catch (const NotSolvedYet&) {
      verdict_ = Verdict::not_solved_yet;
    } catch (const std::exception& error) {
      fail(input, expected, std::string("an exception: ") + error.what());
    }
  }

  int report(const std::string& name) const {
    const char* word = verdict_ == Verdict::solved  ? "solved"
                       : verdict_ == Verdict::wrong ? "wrong"
                                                    : "not solved yet";
    std::printf("  %-30s %s\n", name.c_str(), word);
    if (verdict_ == Verdict::wrong)
      std::printf(
          "      input     %s\n      expected  %s\n      got       %s\n",
          input_.c_str(), expected_.c_str(), got_.c_str());
    return static_cast<int>(verdict_);
  }

 private:
  void fail(const std::string& input, const std::string& expected,
            const std::string& got) {
    verdict_ = Verdict::wrong;
    input_ = input;
    expected_ = expected;
    got_ = got;
  }

  Verdict verdict_ = Verdict::solved;
  std::string input_, expected_, got_;
};

}  // namespace cnn
