#pragma once

#include <csignal>
#include <functional>
#include <mutex>
#include <thread>

#include "runtime/migration.hpp"

namespace capo::cli {

/// Ctrl-C, SIGTERM and SIGHUP while a command works on a database. The first asks what runs to
/// stop: it is cancelled and rolled back. The second ends the process at once.
class Interrupts {
 public:
  Interrupts() = default;
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Takes the signals over, except those that the process was started to ignore (nohup). Until the
  /// object is destroyed no other thread may be started that does not block them.
  void start();
  /// Gives the signals back: from here on they do what they do to any process.
  void finish();
  /// How to interrupt what runs, called on a thread of its own; empty: nothing does. What it uses
  /// must stay alive until another is named.
  void cancel_with(std::function<void()> cancel);
  const runtime::StopFlag& stop_flag() const { return stop_; }
  /// 128 plus the signal that asked to stop, as a shell reports it; 0 if none did.
  int exit_code() const { return stop_ == 0 ? 0 : 128 + stop_; }

 private:
  void watch();

  runtime::StopFlag stop_{0};
  std::mutex mutex_ = {};
  std::function<void()> cancel_ = {};  // guarded by mutex_
  sigset_t mask_before_ = {};
  int signals_ = -1;  // signalfd
  int finish_ = -1;   // eventfd: the thread is to end
  std::thread thread_ = {};
};

}  // namespace capo::cli
