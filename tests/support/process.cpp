#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace capo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

// Output goes to memory, not to a pipe: the program never waits for its reader, and can be read
// while it runs.
int memory_file(const char* name) {
  const int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) fail(errno, "memfd_create");
  return fd;
}

std::string content(int fd) {
  std::string text(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = pread(fd, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (got < 0) fail(errno, "pread");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return text;
}

void write_all(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t put = write(fd, text.data() + done, text.size() - done);
    if (put < 0) fail(errno, "write");
    done += static_cast<std::size_t>(put);
  }
  lseek(fd, 0, SEEK_SET);
}

}  // namespace

std::map<std::string, std::string> basic_environment(const std::string& home) {
  const char* path = getenv("PATH");
  return {{"PATH", path != nullptr ? path : "/usr/bin:/bin"},
          {"HOME", home},
          {"LANG", "C.UTF-8"},
          {"TZ", "UTC"}};
}

Process::Process(const Launch& launch) {
  out_ = memory_file("stdout");
  err_ = memory_file("stderr");
  const int in = memory_file("stdin");
  write_all(in, launch.input);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out_, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err_, STDERR_FILENO);
  if (!launch.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, launch.directory.c_str());
  }
  // A caller may ignore or block signals; the program must start as from a shell.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<std::string> words = launch.argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : launch.env) {
    std::string variable = name;
    variable.append("=").append(value);
    variables.push_back(std::move(variable));
  }
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& variable : variables) envp.push_back(variable.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const int error = posix_spawnp(&pid_, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(in);
  if (error != 0) fail(error, "cannot start " + launch.argv.at(0));
}

Process::~Process() {
  if (!ended_ && pid_ > 0) {
    ::kill(pid_, SIGKILL);
    waitpid(pid_, &status_, 0);
  }
  close(out_);
  close(err_);
}

std::string Process::out() const { return content(out_); }
std::string Process::err() const { return content(err_); }
void Process::kill(int signal) const {
  if (!ended_) ::kill(pid_, signal);
}

bool Process::ended_within(milliseconds limit) {
  if (ended_) return true;
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (handle < 0) fail(errno, "pidfd_open");
  const auto deadline = steady_clock::now() + limit;
  int ready = -1;
  do {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd wanted{handle, POLLIN, 0};
    ready = poll(&wanted, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
  } while (ready < 0 && errno == EINTR);
  close(handle);
  if (ready <= 0) return false;
  if (waitpid(pid_, &status_, 0) != pid_) fail(errno, "waitpid");
  ended_ = true;
  return true;
}

Outcome Process::wait(milliseconds limit) {
  Outcome outcome;
  if (!ended_within(limit)) {
    outcome.timed_out = true;
    kill(SIGKILL);
    ended_within(std::chrono::seconds(10));
  }
  outcome.signal = WIFSIGNALED(status_) ? WTERMSIG(status_) : 0;
  outcome.exit_code = outcome.signal != 0 ? 128 + outcome.signal : WEXITSTATUS(status_);
  outcome.out = out();
  outcome.err = err();
  return outcome;
}

Outcome run(const Launch& launch, milliseconds limit) {
  Process process(launch);
  return process.wait(limit);
}

std::string shell_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const std::string& word : argv) {
    if (!line.empty()) line += ' ';
    const bool plain =
        !word.empty() &&
        word.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-") ==
            std::string::npos;
    if (plain) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) {
      if (c == '\'') {
        line += "'\\''";
      } else {
        line += c;
      }
    }
    line += '\'';
  }
  return line;
}

}  // namespace capo::test
