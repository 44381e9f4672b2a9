// Replays what Alembic was recorded to do, against capo:
//
//     replay --capo PROGRAM [--only KIND] [--case NAME] [--jobs N] [--max-fail N] [--soft] [--keep]
//     GOLDEN.json.gz
//
// Each case is a revision graph and a list of command lines. After each command the answers are
// compared: success or failure, the version table, the steps that ran, in which order and what they
// found in the version table, what a --sql script holds and does, which revisions were printed,
// which file was written. A case that differs is printed with its graph and the commands that lead
// there. The last line is `N passed, M failed`; the exit code is 1 if M is not 0.

#include <atomic>
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <thread>

#include "compare.hpp"
#include "subject.hpp"

namespace capo::conformance {
namespace {

struct Arguments {
  std::string capo = {};
  std::string golden = {};
  std::string only = {};
  std::string name = {};
  int jobs = 2;
  int max_fail = 10;
  bool soft = false;
  bool keep = false;
};

struct Outcome {
  int commands = 0;
  bool cut_short = false;  ///< where Alembic is at fault
  std::string difference = {};
  std::size_t at = 0;  ///< the command that differs
  std::string kept_in = {};
  std::vector<std::string> soft = {};
};

Outcome replay(Subject& subject, const Case& test_case) {
  Outcome outcome;
  std::vector<Revision> revisions = test_case.revisions;
  std::size_t log_before = 0;
  subject.begin(test_case);
  for (std::size_t i = 0; i < test_case.commands.size(); ++i) {
    const std::optional<Observation>& expected = test_case.expected[i];
    if (!expected.has_value()) continue;
    const Words& command = test_case.commands[i];
    const Observation got = subject.run(command, expected->start);
    ++outcome.commands;
    const Verdict verdict = compare(revisions, command, *expected, got, log_before);
    for (const std::string& text : verdict.soft)
      outcome.soft.push_back(test::shell_line(command) + ": " + text);
    if (verdict.kind == Verdict::Kind::kFree) {
      outcome.cut_short = true;
      break;
    }
    if (verdict.kind == Verdict::Kind::kDifferent) {
      outcome.difference = verdict.difference;
      outcome.at = i;
      break;
    }
    log_before = expected->state.log.size();
    if (expected->ok && expected->created.has_value()) revisions.push_back(*expected->created);
  }
  return outcome;
}

void print_reproducer(const Case& test_case, const Outcome& outcome) {
  std::printf("\nFAIL %s, command %zu\n  graph (%s%s%s):\n", test_case.name.c_str(), outcome.at + 1,
              test_case.kind.c_str(), test_case.note.empty() ? "" : ", ", test_case.note.c_str());
  for (const Revision& revision : test_case.revisions) {
    std::printf("    %s <- %s", revision.down.empty() ? "(base)" : to_text(revision.down).c_str(),
                revision.id.c_str());
    if (!revision.labels.empty()) std::printf(" labels=%s", to_text(revision.labels).c_str());
    if (!revision.depends_on.empty())
      std::printf(" depends=%s", to_text(revision.depends_on).c_str());
    if (!revision.fails.empty()) std::printf(" fails=%s", revision.fails.c_str());
    std::printf("   [%s]\n", revision.file.c_str());
  }
  std::printf("  commands:\n");
  for (std::size_t i = 0; i <= outcome.at; ++i) {
    if (test_case.expected[i])
      std::printf("    %s\n", test::shell_line(test_case.commands[i]).c_str());
  }
  std::printf("  => %s\n", outcome.difference.c_str());
  if (!outcome.kept_in.empty()) std::printf("  kept: %s\n", outcome.kept_in.c_str());
}

// Cases are handed out one by one; each worker has its own directory and databases.
std::vector<Outcome> replay_all(const Arguments& arguments, const std::string& kind,
                                const std::vector<const Case*>& cases) {
  std::vector<Outcome> outcomes(cases.size());
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(arguments.jobs));
  std::atomic<std::size_t> next = 0;
  const auto work = [&](std::size_t worker) {
    try {
      test::Scratch scratch("conformance");
      if (arguments.keep) scratch.keep();
      Subject subject(arguments.capo, scratch.path(), kind);
      for (std::size_t i = next++; i < cases.size(); i = next++) {
        outcomes[i] = replay(subject, *cases[i]);
        if (arguments.keep && !outcomes[i].difference.empty()) {
          outcomes[i].kept_in = scratch.at(cases[i]->name);
          std::filesystem::copy(subject.directory(), outcomes[i].kept_in,
                                std::filesystem::copy_options::recursive);
        }
      }
    } catch (...) {
      errors[worker] = std::current_exception();
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < errors.size(); ++i) workers.emplace_back(work, i);
  for (std::thread& worker : workers) worker.join();
  for (const std::exception_ptr& error : errors) {
    if (error != nullptr) std::rethrow_exception(error);
  }
  return outcomes;
}

int report(const Arguments& arguments, const std::vector<const Case*>& cases,
           const std::vector<Outcome>& outcomes) {
  struct Count {
    int passed = 0;
    int failed = 0;
  };
  std::map<std::string, Count> kinds;
  Count total;
  int commands = 0;
  int cut_short = 0;
  std::size_t soft = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const bool failed = !outcomes[i].difference.empty();
    (failed ? kinds[cases[i]->kind].failed : kinds[cases[i]->kind].passed)++;
    (failed ? total.failed : total.passed)++;
    if (failed && (arguments.max_fail == 0 || total.failed <= arguments.max_fail)) {
      print_reproducer(*cases[i], outcomes[i]);
    }
    commands += outcomes[i].commands;
    cut_short += outcomes[i].cut_short ? 1 : 0;
    soft += outcomes[i].soft.size();
    if (!arguments.soft) continue;
    for (const std::string& text : outcomes[i].soft)
      std::printf("soft %s: %s\n", cases[i]->name.c_str(), text.c_str());
  }
  std::printf("\n");
  for (const auto& [kind, count] : kinds) {
    std::printf("  %-10s %4d passed %4d failed\n", kind.c_str(), count.passed, count.failed);
  }
  std::printf(
      "%d commands compared, %zu differences of wording or flags, %d cases cut short where Alembic "
      "is at fault\n",
      commands, soft, cut_short);
  std::printf("%d passed, %d failed\n", total.passed, total.failed);
  return total.failed == 0 ? 0 : 1;
}

bool read_arguments(const std::vector<std::string>& words, Arguments& arguments) {
  const auto number = [](const std::string& text) {
    int value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool has_value = i + 1 < words.size();
    if (word == "--soft") {
      arguments.soft = true;
    } else if (word == "--keep") {
      arguments.keep = true;
    } else if (!word.starts_with("--")) {
      arguments.golden = word;
    } else if (!has_value) {
      return false;
    } else if (word == "--capo") {
      arguments.capo = std::filesystem::absolute(words[++i]).string();
    } else if (word == "--only") {
      arguments.only = words[++i];
    } else if (word == "--case") {
      arguments.name = words[++i];
    } else if (word == "--jobs") {
      arguments.jobs = number(words[++i]);
    } else if (word == "--max-fail") {
      arguments.max_fail = number(words[++i]);
    } else {
      return false;
    }
  }
  return !arguments.capo.empty() && !arguments.golden.empty() && arguments.jobs > 0 &&
         arguments.max_fail >= 0;
}

int main_of_replay(const std::vector<std::string>& words) {
  Arguments arguments;
  if (!read_arguments(words, arguments)) {
    std::fputs(
        "usage: replay --capo PROGRAM [--only KIND] [--case NAME] [--jobs N] [--max-fail N] "
        "[--soft] [--keep] "
        "GOLDEN.json.gz\n",
        stderr);
    return 2;
  }
  try {
    const Golden golden = read_golden(arguments.golden);
    std::vector<const Case*> cases;
    for (const Case& test_case : golden.cases) {
      if (!arguments.only.empty() && test_case.kind != arguments.only) continue;
      if (!arguments.name.empty() && test_case.name != arguments.name) continue;
      cases.push_back(&test_case);
    }
    if (cases.empty()) throw std::runtime_error("no such case");
    std::printf("%zu cases on %s, recorded from %s\n", cases.size(), golden.database.c_str(),
                golden.oracle.c_str());
    return report(arguments, cases, replay_all(arguments, golden.database, cases));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "replay: %s\n", error.what());
    return 1;
  }
}

}  // namespace
}  // namespace capo::conformance

int main(int argc, char** argv) {
  return capo::conformance::main_of_replay({argv + 1, argv + argc});
}
