#include "base/system.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/fs.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

extern char** environ;

namespace capo::base {

std::chrono::system_clock::time_point RealClock::now() const {
  return std::chrono::system_clock::now();
}
std::chrono::steady_clock::time_point RealClock::monotonic() const {
  return std::chrono::steady_clock::now();
}
void RealClock::sleep(std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); }

std::string this_process() {
  std::array<char, 256> name{};
  const bool known = ::gethostname(name.data(), name.size() - 1) == 0;
  return std::string(known ? name.data() : "unknown host") + ", pid " + std::to_string(::getpid());
}

std::string SystemRandom::hex(std::size_t count) {
  std::string bytes((count + 1) / 2, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(ErrorCode::kInternal, "the operating system has no random numbers");
    filled += static_cast<std::size_t>(got);
  }
  std::string digits = to_hex(bytes);
  digits.resize(count);
  return digits;
}

std::optional<std::string> RealProcesses::find(const std::string& program) const {
  const auto runnable = [](const std::string& path) { return ::access(path.c_str(), X_OK) == 0; };
  if (program.find('/') != std::string::npos) {
    return runnable(program) ? std::optional(program) : std::nullopt;
  }
  const char* path = ::getenv("PATH");
  for (const std::string_view directory : split(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    const std::string candidate = join_path(directory.empty() ? "." : directory, program);
    if (runnable(candidate)) return candidate;
  }
  return std::nullopt;
}

namespace {

std::string read_to_end(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

ProcessResult RealProcesses::run(const std::vector<std::string>& argv, const std::string& directory,
                                 bool capture) {
  const std::optional<std::string> found = find(argv.at(0));
  if (!found) return {127, argv[0] + ": not found"};
  // posix_spawn's own error would read as if the program were missing.
  if (!directory.empty() && ::access(directory.c_str(), X_OK) != 0) {
    return {127, "cannot run it in " + directory + ": " + std::strerror(errno)};
  }
  // In the child a relative path would count from `directory`.
  const std::string program = std::filesystem::absolute(*found).string();
  std::array<int, 2> ends{-1, -1};
  if (capture && ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Error(ErrorCode::kInternal, std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  if (capture) {
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  }
  std::vector<std::string> arguments = argv;
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  // capo blocks the signals it waits for, and ignores SIGPIPE; a child must start without either.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int error =
      ::posix_spawn(&child, program.c_str(), &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (capture) ::close(ends[1]);
  ProcessResult result;
  if (error != 0) {
    if (capture) ::close(ends[0]);
    return {127, argv[0] + ": " + std::strerror(error)};
  }
  if (capture) {
    result.output = read_to_end(ends[0]);
    ::close(ends[0]);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string RealProcesses::become(const std::string& program, const std::vector<std::string>& argv,
                                  const Environment& variables) {
  Environment all = process_environment();
  for (const auto& [name, value] : variables) all.insert_or_assign(name, value);
  std::vector<std::string> settings;
  for (const auto& [name, value] : all) settings.push_back(name + "=" + value);
  std::vector<std::string> arguments = argv;
  const auto pointers_of = [](std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  };
  // As for a child: signals must not stay ignored or blocked.
  struct sigaction before {};
  struct sigaction normal {};
  normal.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &normal, &before);
  sigset_t none;
  sigset_t blocked;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, &blocked);
  ::execve(program.c_str(), pointers_of(arguments).data(), pointers_of(settings).data());
  const int error = errno;
  ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
  ::sigaction(SIGPIPE, &before, nullptr);
  return std::strerror(error);
}

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace capo::base
