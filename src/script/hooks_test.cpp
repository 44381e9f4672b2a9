#include "script/hooks.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

std::string command(const Hook& hook) { return base::join(hook_command(hook, "/v/a b.sql"), "|"); }

Hook exec(std::string_view options) {
  return {.name = "h", .type = "exec", .executable = "fmt", .options = std::string(options)};
}

TEST(Hooks, Options) {
  const struct {
    std::string_view options, expected;
  } cases[] = {
      {"", "fmt|/v/a b.sql"},
      {"-l 79", "fmt|/v/a b.sql|-l|79"},
      {"-l 79 REVISION_SCRIPT_FILENAME", "fmt|-l|79|/v/a b.sql"},
      {"--in=REVISION_SCRIPT_FILENAME -x", "fmt|--in=/v/a b.sql|-x"},
      {" \t'a b' \"c d\" e\\ f ''\n", "fmt|/v/a b.sql|a b|c d|e f|"},
      {"'a\\b' \"a\\b\\\"\\\\\" a\\b x'y'\"z\"", "fmt|/v/a b.sql|a\\b|a\\b\"\\|ab|xyz"},
  };
  for (const auto& [options, expected] : cases)
    EXPECT_EQ(command(exec(options)), expected) << options;
}

TEST(Hooks, Types) {
  EXPECT_EQ(command({.name = "h", .type = "console_scripts", .entrypoint = "black"}),
            "black|/v/a b.sql");
  EXPECT_EQ(command({.name = "h", .type = "module", .module = "black"}),
            "python3|-m|black|/v/a b.sql");
  EXPECT_EQ(command({.name = "h", .type = "exec", .executable = "bin/x", .cwd = "/c"}),
            "/c/bin/x|/v/a b.sql");
  EXPECT_EQ(command({.name = "h", .type = "exec", .executable = "/bin/x", .cwd = "/c"}),
            "/bin/x|/v/a b.sql");
}

TEST(Hooks, Settings) {
  const struct {
    Hook hook;
    std::string_view expected;
  } cases[] = {
      {{.name = "h"},
       "post-write hook 'h': there is no h.type\nhint: it is console_scripts, exec or module"},
      {{.name = "h", .type = "execute"},
       "post-write hook 'h': there is no type 'execute'\nhint: did you mean exec?"},
      {{.name = "h", .type = "zzz"},
       "post-write hook 'h': there is no type 'zzz'\nhint: it is console_scripts, exec or module"},
      {{.name = "h", .type = "exec"},
       "post-write hook 'h': there is no h.executable\n"
       "hint: a hook of type exec needs it, in [post_write_hooks] of the ini file"},
      {{.name = "h", .type = "console_scripts"},
       "post-write hook 'h': there is no h.entrypoint\n"
       "hint: a hook of type console_scripts needs it, in [post_write_hooks] of the ini file"},
      {{.name = "h", .type = "module"},
       "post-write hook 'h': there is no h.module\n"
       "hint: a hook of type module needs it, in [post_write_hooks] of the ini file"},
      {exec("'a"), "post-write hook 'h': a quote in its options is never closed: '"},
      {exec("a\\"), "post-write hook 'h': a backslash at the end of its options"},
  };
  for (const auto& [hook, expected] : cases) {
    EXPECT_EQ(failure([&, h = hook] { check_hooks({h}); }), expected);
  }
}

// Answers with an exit code; remembers what it was asked to run.
class FakeProcesses final : public base::Processes {
 public:
  base::ProcessResult run(const std::vector<std::string>& argv, const std::string& directory,
                          bool capture) override {
    ran.push_back(base::join(argv, " ") + " in '" + directory + "'" + (capture ? " captured" : ""));
    return {exit_code, capture ? "output\n" : ""};
  }
  std::string become(const std::string&, const std::vector<std::string>& argv,
                     const base::Environment&) override {
    static_cast<void>(argv);
    return "this is a test";
  }
  std::optional<std::string> find(const std::string& program) const override {
    return program == "missing" ? std::nullopt : std::optional("/bin/" + program);
  }

  int exit_code = 0;
  std::vector<std::string> ran = {};
};

TEST(Hooks, Run) {
  FakeProcesses processes;
  std::vector<std::string> started;
  const auto note = [&](std::string_view name) { started.emplace_back(name); };
  const std::vector<Hook> hooks = {{.name = "a", .type = "exec", .executable = "fmt", .cwd = "/c"},
                                   {.name = "b", .type = "module", .module = "m"}};
  EXPECT_EQ(run_hooks(hooks, "/v/x.sql", processes, false, note), "");
  EXPECT_EQ(run_hooks({hooks[1]}, "/v/x.sql", processes, true, note), "output\n");
  EXPECT_EQ(started, (std::vector<std::string>{"a", "b", "b"}));
  EXPECT_EQ(processes.ran,
            (std::vector<std::string>{"fmt /v/x.sql in '/c'", "python3 -m m /v/x.sql in ''",
                                      "python3 -m m /v/x.sql in '' captured"}));
}

TEST(Hooks, Failures) {
  FakeProcesses processes;
  const auto run = [&](const std::string& program) {
    return failure([&] {
      run_hooks({{.name = "a", .type = "exec", .executable = program},
                 {.name = "b", .type = "exec", .executable = "x"}},
                "/v/x.sql", processes, true, [](std::string_view) {});
    });
  };
  EXPECT_EQ(run("missing"),
            "post-write hook 'a': there is no program missing\n"
            "hint: /v/x.sql is written and stays; mend the hook, or run it by hand");
  processes.exit_code = 3;
  EXPECT_EQ(run("fmt"),
            "post-write hook 'a' failed with exit code 3\noutput\n"
            "hint: /v/x.sql is written and stays; mend the hook, or run it by hand");
  EXPECT_EQ(processes.ran.size(), 1U);
}

}  // namespace
}  // namespace capo::script
