// Threads that wait for work, so that a step of a millisecond need not
// start any.
// Book: book/07-speed.md
#pragma once

#include <string>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

#if defined(__cpp_exceptions) && (!defined(__wasm__) || defined(_REENTRANT))
#define CNN_THREADS
#include <atomic>
#include <exception>
#include <functional>
#include <thread>
#include <utility>
#include <vector>
#endif

namespace cnn {

inline void require_threads(int threads) {
  if (threads < 0)
    fail(Refusal::argument, "Workers: expected 0 or more threads, got " +
                                std::to_string(threads));
}

#ifdef CNN_THREADS

class Workers {
 public:
  // How many threads work, the caller of run() among them; 0: one for each
  // processor. Throws std::invalid_argument for fewer, std::runtime_error
  // if the system does not give that many.
  explicit Workers(int threads) {
    require_threads(threads);
    const int processors =
        static_cast<int>(std::thread::hardware_concurrency());
    const int all = threads > 0 ? threads : processors > 0 ? processors : 1;
    try {
      threads_.reserve(static_cast<std::size_t>(all));
      for (int worker = 1; worker < all; ++worker)
        threads_.emplace_back([this, worker] { work(worker); });
    } catch (const std::exception& error) {
      const int got = count();
      stop();
      fail(Refusal::runtime,
           "Workers: expected " + counted_text(all, "thread") +
               ", but the system gave " + std::to_string(got) + " (" +
               error.what() + "): ask for fewer, or free some memory");
    }
  }
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int count() const { return static_cast<int>(threads_.size()) + 1; }

  // Calls task(item, worker) once for each item from 0 to items - 1, on
  // whichever worker is free, and returns when all are done. Rethrows the
  // first exception of a task, and leaves out the items not yet begun.
  template <class Task>
  void run(int items, const Task& task) {
    task_ = std::cref(task);  // a reference, so nothing is allocated
    items_ = items;
    next_ = 0;
    failed_ = false;
    busy_ = static_cast<int>(threads_.size());
    begin();
    take_items(0);
    for (int busy = busy_; busy != 0; busy = busy_) wait_while(busy_, busy);
    if (failed_) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  void stop() {
    stop_ = true;
    begin();
    for (std::thread& thread : threads_) thread.join();
  }
  void begin() {
    ++round_;
    round_.notify_all();
  }
  void take_items(int worker) {
    try {
      for (int item = next_++; item < items_; item = next_++)
        task_(item, worker);
    } catch (...) {
      next_ = items_;
      if (!failed_.exchange(true)) error_ = std::current_exception();
    }
  }
  void work(int worker) {
    for (int seen = 0;; ++seen) {
      wait_while(round_, seen);
      if (stop_) return;
      take_items(worker);
      if (--busy_ == 0) busy_.notify_all();
    }
  }
  // Spins for a while (most waits are short), then sleeps. From look 100 on
  // it yields in between, because there may be more threads than cores.
  static void wait_while(const std::atomic<int>& number, int value) {
    for (int look = 0; look < 2000; ++look) {
      if (number != value) return;
      if (look >= 100) std::this_thread::yield();
    }
    number.wait(value);
  }

  std::vector<std::thread> threads_;
  std::atomic<int> round_ = 0, next_ = 0, busy_ = 0;
  std::atomic<bool> stop_ = false, failed_ = false;
  std::exception_ptr error_;
  int items_ = 0;
  std::function<void(int item, int worker)> task_;
};

#else  // No threads, or no exception if one does not start: one worker.

class Workers {
 public:
  explicit Workers(int threads) { require_threads(threads); }
  int count() const { return 1; }
  template <class Task>
  void run(int items, const Task& task) {
    for (int item = 0; item < items; ++item) task(item, 0);
  }
};

#endif

}  // namespace cnn
