#include "cli/interrupts.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "capo/error.hpp"

namespace capo::cli {
namespace {

void tell(std::string_view text) {
  // The terminal shows "^C" at the cursor; what follows begins on a line of its own.
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
}

sigset_t signals_to_watch() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

Interrupts::~Interrupts() { finish(); }

void Interrupts::finish() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(finish_, &one, sizeof one);
  thread_.join();
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  ::close(signals_);
  ::close(finish_);
}

void Interrupts::start() {
  if (thread_.joinable()) return;
  const sigset_t set = signals_to_watch();
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  finish_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || finish_ < 0) {
    throw Error(ErrorCode::kInternal, std::string("cannot watch signals: ") + std::strerror(errno));
  }
  ::pthread_sigmask(SIG_BLOCK, &set, &mask_before_);
  thread_ = std::thread([this] { watch(); });
}

void Interrupts::cancel_with(std::function<void()> cancel) {
  const std::lock_guard lock(mutex_);
  cancel_ = std::move(cancel);
}

void Interrupts::watch() {
  for (;;) {
    std::array<pollfd, 2> sources{{{finish_, POLLIN, 0}, {signals_, POLLIN, 0}}};
    if (::poll(sources.data(), sources.size(), -1) < 0 && errno == EINTR) continue;
    if ((sources[0].revents & POLLIN) != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info) continue;
    const int signal = static_cast<int>(info.ssi_signo);
    if (stop_ != 0) {
      tell("\nStopped at once; `capo current` tells where the database stands.\n");
      ::_exit(128 + signal);
    }
    stop_ = signal;
    tell("\nStopping; what is running is rolled back. Once more stops at once.\n");
    // Once: the connection keeps at it until something was cancelled. A second request could hit
    // what is said of this in the journal.
    const std::lock_guard lock(mutex_);
    if (cancel_) cancel_();
  }
}

}  // namespace capo::cli
