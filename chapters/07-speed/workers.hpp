// Threads that wait for work, so that a step of a millisecond need not
// start any.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/tensor/fail.hpp"

namespace cnn {

class Workers {
 public:
  // The caller of run() is one of them; 0: one for each processor. Throws
  // std::invalid_argument for fewer, std::runtime_error if the system does
  // not give that many.
  explicit Workers(int threads) {
    if (threads < 0)
      fail(Refusal::argument, "Workers: expected 0 or more threads, got " +
                                  std::to_string(threads));
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
      fail(Refusal::runtime, "Workers: expected " + std::to_string(all) +
                                 " threads, but the system gave " +
                                 std::to_string(got) + " (" + error.what() +
                                 "): ask for fewer, or free some memory");
    }
  }
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int count() const { return static_cast<int>(threads_.size()) + 1; }

  // Calls task(item, worker) once for each item from 0 to items - 1, taken
  // by whichever worker is free; returns when all are done. The task must
  // not throw.
  template <class Task>
  void run(int items, const Task& task) {
    task_ = &task;
    call_ = [](const void* it, int item, int worker) {
      (*static_cast<const Task*>(it))(item, worker);
    };
    items_ = items;
    next_ = 0;
    busy_ = static_cast<int>(threads_.size());
    begin();
    take_items(0);
    wait_until(busy_, [](int busy) { return busy == 0; });
  }

 private:
  void stop() {
    stop_ = true;
    begin();
    for (std::thread& thread : threads_) thread.join();
  }
  void begin() {
    ++round_;
    wake();
  }
  // Whoever has just looked in vain holds the lock until it sleeps, so that
  // none sleeps through this.
  void wake() {
    { const std::lock_guard lock(mutex_); }
    changed_.notify_all();
  }
  void take_items(int worker) {
    for (int item = next_++; item < items_; item = next_++)
      call_(task_, item, worker);
  }
  void work(int worker) {
    for (int seen = 0;; ++seen) {
      wait_until(round_, [&](int round) { return round != seen; });
      if (stop_) return;
      take_items(worker);
      if (--busy_ == 0) wake();
    }
  }
  // Looks for a while (most waits are short), then sleeps. From the second
  // hundred on it lets others have the core in between: there may be more
  // threads than cores.
  template <class Done>
  void wait_until(const std::atomic<int>& number, const Done& done) {
    for (int look = 0; look < 2000; ++look) {
      if (done(number.load())) return;
      if (look >= 100) std::this_thread::yield();
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done(number.load()); });
  }

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;  // round_ or busy_
  std::atomic<int> round_ = 0, next_ = 0, busy_ = 0;
  std::atomic<bool> stop_ = false;
  int items_ = 0;
  const void* task_ = nullptr;
  void (*call_)(const void*, int, int) = nullptr;
};

}  // namespace cnn
