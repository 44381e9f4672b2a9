#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/run.hpp"

/// For tests: a project in memory on which whole command lines run.
namespace capo::cli::testing {

class FakeRandom final : public base::Random {
 public:
  std::string hex(std::size_t count) override { return std::string(count, 'a'); }
};

class FakeClock final : public base::Clock {
 public:
  std::chrono::system_clock::time_point now() const override { return {}; }
  std::chrono::steady_clock::time_point monotonic() const override { return {}; }
  void sleep(std::chrono::milliseconds) override {}
};

/// Remembers what was run instead of running it.
class FakeProcesses final : public base::Processes {
 public:
  base::ProcessResult run(const std::vector<std::string>& argv, const std::string&, bool) override {
    commands.push_back(argv);
    does();
    return {exit_code, prints};
  }
  std::string become(const std::string&, const std::vector<std::string>& argv,
                     const base::Environment&) override {
    became = argv;
    return "this is a test";
  }
  std::optional<std::string> find(const std::string& program) const override {
    return program == installed ? std::optional("/usr/bin/" + program) : std::nullopt;
  }

  std::vector<std::vector<std::string>> commands = {};
  std::vector<std::string> became = {};
  std::string installed = {};
  int exit_code = 0;
  std::string prints = {};             ///< what a command that is captured printed
  std::function<void()> does = [] {};  ///< what running a command brings about
};

struct Answer {
  int code = 0;
  std::string out = {};
  std::string error = {};
};

struct Project {
  base::MemoryFileSystem files{"/project"};
  FakeClock clock = {};
  FakeRandom random = {};
  FakeProcesses processes = {};
  base::Environment environment = {};
  const capo::Project* compiled = nullptr;

  Answer run(const std::vector<std::string>& words) {
    base::MemoryTerminal terminal;
    World world{files, clock, random, processes, terminal, environment, compiled};
    Interrupts interrupts;
    const int code = cli::run(words, world, interrupts);
    return {code, terminal.out, terminal.error};
  }

  /// A revision in SQL; `header` are further lines of its header, each with a line break.
  void add(const std::string& id, const std::string& parents, const std::string& message,
           const std::string& header = {}) {
    files.write("/project/versions/" + id + ".sql",
                "-- " + message + "\n--\n-- Revision ID: " + id + "\n-- Revises: " + parents +
                    "\n" + header + "\n-- capo:upgrade\nSELECT 1;\n");
  }
};

/// A project with an ini and these revisions, none of them of consequence:
///
///     <base> -> 1975ea83b712 -> 27c6a30d7c24 (shoppingcart)
///                            -> ae1027a6acf0
///     <base> -> 3782d9986ced (networking), depends on ae1027a6acf0
inline Project small_project() {
  Project project;
  project.files.write("/project/alembic.ini", "[alembic]\nscript_location = .\n");
  project.add("1975ea83b712", "", "create account table");
  project.add("27c6a30d7c24", "1975ea83b712", "add shopping cart table",
              "-- Branch Labels: shoppingcart\n");
  project.add("ae1027a6acf0", "1975ea83b712", "add a column");
  project.add("3782d9986ced", "", "create networking branch",
              "-- Branch Labels: networking\n-- Depends On: ae1027a6acf0\n");
  return project;
}

}  // namespace capo::cli::testing
