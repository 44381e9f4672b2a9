#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Time, randomness, processes and the environment behind ports: results depend on them only
/// through these.
namespace capo::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::system_clock::time_point now() const = 0;
  virtual std::chrono::steady_clock::time_point monotonic() const = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

class RealClock final : public Clock {
 public:
  std::chrono::system_clock::time_point now() const override;
  std::chrono::steady_clock::time_point monotonic() const override;
  void sleep(std::chrono::milliseconds duration) override;
};

class Random {
 public:
  virtual ~Random() = default;
  /// `count` random lower-case hexadecimal digits.
  virtual std::string hex(std::size_t count) = 0;
};

/// From the operating system's random source.
class SystemRandom final : public Random {
 public:
  std::string hex(std::size_t count) override;
};

/// This process, for those who wonder who is at work: "db1, pid 4711".
std::string this_process();

/// The process's environment variables, or a test's.
using Environment = std::map<std::string, std::string, std::less<>>;

struct ProcessResult {
  int exit_code = 0;  ///< 128 + n for a process ended by signal n, 127 if it could not be started
  std::string output = {};  ///< stdout and stderr, if they were captured
};

class Processes {
 public:
  virtual ~Processes() = default;
  /// Runs a program (found on PATH, or a path, which counts from here) with arguments, without a
  /// shell, in `directory` ("" = here). With `capture` its output is collected, otherwise it has
  /// this process's terminal.
  virtual ProcessResult run(const std::vector<std::string>& argv, const std::string& directory,
                            bool capture) = 0;
  /// Full path of a program on PATH, or nothing.
  virtual std::optional<std::string> find(const std::string& program) const = 0;
  /// Lets this process go on as another program, a path, with `argv` and with `variables` added to
  /// its environment. Returns only if that failed: why.
  virtual std::string become(const std::string& program, const std::vector<std::string>& argv,
                             const Environment& variables) = 0;
};

class RealProcesses final : public Processes {
 public:
  ProcessResult run(const std::vector<std::string>& argv, const std::string& directory,
                    bool capture) override;
  std::optional<std::string> find(const std::string& program) const override;
  std::string become(const std::string& program, const std::vector<std::string>& argv,
                     const Environment& variables) override;
};

Environment process_environment();

}  // namespace capo::base
