// How an exercise is checked: case by case, until one is wrong. What the
// reader sees is the first wrong case: its input, what was expected and
// what came. A check is EXERCISE(name) { check.equal(...); ... }, and a
// program has one check or several: see main.cpp.
#pragma once

#ifndef _WIN32
#include <unistd.h>
#endif

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The end of a check's program. A reader's function can end it, too, with
// any status: `./tutorial check` believes these only after the line that
// goes with them.
enum class Verdict { solved = 0, wrong = 1, not_solved_yet = 3, ended = 4 };

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

// What is being tried, for the last words of a program that ends early.
inline const char* current_exercise = "";
inline std::string current_input;
inline bool reported = false;

// On standard error, which needs no memory: the heap may be what is broken.
[[noreturn]] inline void end_early(const char* how) {
  std::fprintf(stderr, "  %-30s %s\n", current_exercise, how);
  if (!current_input.empty()) {
    std::fprintf(stderr, "      at the input  %s\n", current_input.c_str());
  }
  std::_Exit(static_cast<int>(Verdict::ended));
}

inline void end_at_signal(int signal) {
  switch (signal) {
    case SIGFPE:
      end_early("crashed: a division by zero?");
    case SIGABRT:
      end_early("crashed: abort(), or an uncaught exception");
    case SIGILL:
      end_early("crashed: a function without a return?");
    case SIGSEGV:
      end_early("crashed: a wrong address, or an endless recursion");
#ifndef _WIN32
    case SIGALRM:
      end_early("takes too long: stopped");
#endif
    default:
      end_early("crashed");
  }
}

// Nothing ends the program without its last words. Time is limited where
// CNN_CHECK_SECONDS says so: `./tutorial check` does.
inline void guard() {
  std::atexit([] {
    if (!reported) end_early("ends the whole program instead of returning");
  });
#ifdef _WIN32
  for (const int signal : {SIGFPE, SIGILL, SIGSEGV, SIGABRT})
    std::signal(signal, end_at_signal);
#else
  // An endless recursion has no stack left: the last words get their own.
  static char memory[1 << 16];
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = sizeof memory;
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = end_at_signal;
  action.sa_flags = SA_ONSTACK;
  for (const int signal :
       {SIGFPE, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGALRM})
    sigaction(signal, &action, nullptr);
  if (const char* seconds = std::getenv("CNN_CHECK_SECONDS"))
    alarm(static_cast<unsigned>(std::max(1, std::atoi(seconds))));
#endif
}

class Check {
 public:
  Check() {
    // Line by line, so that what a reader prints on the way is there.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    guard();
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
    } catch (...) {
      fail(input, text_of(expected), "an exception of another kind");
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
    } catch (...) {
      fail(input, expected, "an exception of another kind");
    }
  }

  int report() const {
    reported = true;
    const char* word = verdict_ == Verdict::solved  ? "solved"
                       : verdict_ == Verdict::wrong ? "wrong"
                                                    : "not solved yet";
    std::printf("  %-30s %s\n", current_exercise, word);
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

using CheckFunction = void (*)(Check&);

// The checks of this program, by the names of their exercises.
inline std::map<std::string, CheckFunction>& exercises() {
  static std::map<std::string, CheckFunction> all;
  return all;
}

}  // namespace cnn

#define EXERCISE(name)                                      \
  static void check_##name(cnn::Check& check);              \
  static const bool listed_##name =                         \
      cnn::exercises().emplace(#name, check_##name).second; \
  static void check_##name([[maybe_unused]] cnn::Check& check)
