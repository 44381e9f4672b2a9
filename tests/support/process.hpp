#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

/// Runs programs for the tests of the finished capo: with their own directory and environment,
/// their output kept, and never for longer than they are allowed to.
namespace capo::test {

struct Launch {
  std::vector<std::string> argv = {};           ///< argv[0] is a path, or a name on PATH
  std::string directory = {};                   ///< empty: here
  std::map<std::string, std::string> env = {};  ///< the whole environment; see basic_environment()
  std::string input = {};                       ///< what the program reads from stdin
};

/// PATH, a home directory that holds nothing, UTC and C.UTF-8: what a test may depend on, and
/// nothing of the caller's.
std::map<std::string, std::string> basic_environment(const std::string& home);

struct Outcome {
  int exit_code = 0;  ///< 128 + n for a program ended by signal n
  int signal = 0;     ///< that n, else 0
  bool timed_out = false;
  std::string out = {};
  std::string err = {};
};

/// One started program. The destructor kills it if it still runs.
class Process {
 public:
  explicit Process(const Launch& launch);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  /// What it has written so far.
  std::string out() const;
  std::string err() const;
  void kill(int signal) const;
  /// False when `limit` passed first; the program then still runs.
  bool ended_within(std::chrono::milliseconds limit);
  /// Waits for the end; a program that outlives `limit` is killed and reported as timed out.
  Outcome wait(std::chrono::milliseconds limit = std::chrono::seconds(60));

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

Outcome run(const Launch& launch, std::chrono::milliseconds limit = std::chrono::seconds(60));

/// The words as a line for a shell, to be pasted from a failure message.
std::string shell_line(const std::vector<std::string>& argv);

}  // namespace capo::test
