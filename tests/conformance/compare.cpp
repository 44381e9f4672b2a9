#include "compare.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace capo::conformance {
namespace {

using Difference = std::optional<std::string>;

Words sorted(Words words) {
  std::sort(words.begin(), words.end());
  return words;
}

Steps sorted(Steps steps) {
  std::sort(steps.begin(), steps.end());
  return steps;
}

Steps steps_of(const Log& log, std::size_t from) {
  Steps steps;
  for (std::size_t i = from; i < log.size(); ++i)
    steps.emplace_back(log[i].direction, log[i].revision);
  return steps;
}

// Every step at most once, and parents and dependencies before what needs them (after it, on the
// way down).
bool in_order(const std::vector<Revision>& revisions, const Steps& steps) {
  std::map<Step, std::size_t> position;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!position.try_emplace(steps[i], i).second) return false;
  }
  std::map<std::string, std::string> labelled;
  for (const Revision& revision : revisions) {
    for (const std::string& label : revision.labels) labelled[label] = revision.id;
  }
  for (const Revision& revision : revisions) {
    Words parents = revision.down;
    for (const std::string& name : revision.depends_on) {
      parents.push_back(labelled.contains(name) ? labelled[name] : name);
    }
    for (const char* direction : {"up", "down"}) {
      const auto here = position.find({direction, revision.id});
      if (here == position.end()) continue;
      for (const std::string& parent : parents) {
        const auto there = position.find({direction, parent});
        if (there == position.end()) continue;
        const bool parent_first = there->second < here->second;
        if (parent_first != (here->first.first == "up")) return false;
      }
    }
  }
  return true;
}

// Alembic's own order follows a hash set where a revision has two or more dependencies.
bool order_is_free(const std::vector<Revision>& revisions) {
  return std::any_of(revisions.begin(), revisions.end(),
                     [](const Revision& r) { return r.depends_on.size() > 1; });
}

Difference compare_steps(const std::vector<Revision>& revisions, const Steps& expected,
                         const Steps& got) {
  const bool same = order_is_free(revisions)
                        ? sorted(expected) == sorted(got) && in_order(revisions, got)
                        : expected == got;
  if (same) return std::nullopt;
  return "steps: expected " + to_text(expected) + " got " + to_text(got);
}

Difference compare_logs(const std::vector<Revision>& revisions, const Log& expected, const Log& got,
                        std::size_t before) {
  const bool free_order = order_is_free(revisions);
  if (got.size() < before ||
      (!free_order &&
       !std::equal(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(before),
                   got.begin()))) {
    return "earlier lines of step_log changed";
  }
  if (auto difference = compare_steps(revisions, steps_of(expected, before), steps_of(got, before)))
    return difference;
  if (free_order) return std::nullopt;
  for (std::size_t i = before; i < expected.size(); ++i) {
    const LogLine& a = expected[i];
    const LogLine& b = got[i];
    const std::string where = a.direction + " " + a.revision;
    if (a.versions != b.versions) {
      return "version table while running " + where + ": expected " + to_text(a.versions) +
             " got " + to_text(b.versions);
    }
    if (a.note != b.note)
      return "statement of " + where + " was altered: expected " + a.note + " got " + b.note;
  }
  return std::nullopt;
}

Difference compare_created(const Observation& expected, const Observation& got,
                           std::vector<std::string>& soft) {
  if (expected.created.has_value() != got.created.has_value()) {
    const std::string text = std::string("new revision file: expected ") +
                             (expected.created ? "one" : "none") + " got " +
                             (got.created ? "one" : "none");
    // A file that a failing command leaves behind is untidy, not wrong.
    if (expected.ok) return text;
    soft.push_back(text);
    return std::nullopt;
  }
  if (!expected.created.has_value() || !expected.ok) return std::nullopt;
  const Revision& a = *expected.created;
  const Revision& b = *got.created;
  if (a.id != b.id) return "new revision's id: expected " + a.id + " got " + b.id;
  if (a.down != b.down)
    return "new revision's parents: expected " + to_text(a.down) + " got " + to_text(b.down);
  if (a.file != b.file) {
    std::string text = "new revision's file: expected " + a.file + " got " + b.file;
    // What counts as a letter beyond ASCII is not worth a failure.
    const bool ascii = std::all_of(a.file.begin(), a.file.end(), [](char c) { return c >= 0; });
    if (ascii) return text;
    soft.push_back(std::move(text));
  }
  if (sorted(a.labels) != sorted(b.labels)) {
    return "new revision's labels: expected " + to_text(a.labels) + " got " + to_text(b.labels);
  }
  if (sorted(a.depends_on) != sorted(b.depends_on)) {
    return "new revision's dependencies: expected " + to_text(a.depends_on) + " got " +
           to_text(b.depends_on);
  }
  if (a.message != b.message)
    soft.push_back("message of the file: expected " + a.message + " got " + b.message);
  return std::nullopt;
}

Difference compare_scripts(const std::vector<Revision>& revisions, const Observation& expected,
                           const Observation& got, std::vector<std::string>& soft) {
  if (!expected.steps.has_value()) return std::nullopt;
  if (auto difference = compare_steps(revisions, *expected.steps, got.steps.value_or(Steps()))) {
    return "offline " + *difference;
  }
  const Effect effect = got.effect.value_or(Effect());
  if (!expected.effect->error.empty()) {
    if (effect.error.empty())
      soft.push_back("Alembic's own script does not run: " + expected.effect->error);
    return std::nullopt;
  }
  if (!effect.error.empty()) return "the offline script does not run: " + effect.error;
  if (expected.effect->versions != effect.versions) {
    return "the offline script leaves versions " + to_text(effect.versions) + ", expected " +
           to_text(expected.effect->versions);
  }
  if (auto difference = compare_logs(revisions, expected.effect->log, effect.log, 0)) {
    return "the offline script when run: " + *difference;
  }
  return std::nullopt;
}

Difference compare_printed(const std::vector<Revision>& revisions, const std::string& command,
                           const Observation& expected, const Observation& got,
                           std::vector<std::string>& soft) {
  if (!expected.ids.has_value()) return std::nullopt;
  const Words ids = got.ids.value_or(Words());
  const bool any_order = command == "current" || command == "show" || order_is_free(revisions);
  if (any_order ? sorted(*expected.ids) != sorted(ids) : *expected.ids != ids) {
    return "revisions printed: expected " + to_text(*expected.ids) + " got " + to_text(ids) +
           (any_order ? " (in any order)" : "");
  }
  if (command == "branches" && expected.children != got.children)
    return "children of a branch point differ";
  for (const auto& [id, flags] : expected.flags) {
    const auto it = got.flags.find(id);
    if (it != got.flags.end() && it->second != flags) {
      soft.push_back("flags of " + id + ": expected " + to_text(flags) + " got " +
                     to_text(it->second));
    }
  }
  return std::nullopt;
}

bool names_existing_revision(const std::vector<Revision>& revisions, const Words& command) {
  const auto option = std::find(command.begin(), command.end(), "--rev-id");
  if (option == command.end() || option + 1 == command.end()) return false;
  return std::any_of(revisions.begin(), revisions.end(),
                     [&](const Revision& r) { return r.id == option[1]; });
}

bool fell_over(const Observation& got) {
  return got.ending.starts_with("signal") || got.ending == "timeout";
}

std::string without_failed(const std::string& text) {
  constexpr std::string_view kFailed = "FAILED: ";
  return text.starts_with(kFailed) ? text.substr(kFailed.size()) : text;
}

Difference hard_difference(const std::vector<Revision>& revisions, const Words& command,
                           const Observation& expected, const Observation& got,
                           std::size_t log_before, std::vector<std::string>& soft) {
  if (expected.ok != got.ok) {
    const auto described = [](const Observation& seen) {
      return seen.ok ? std::string("success") : "failure (" + seen.ending + ": " + seen.error + ")";
    };
    return "expected " + described(expected) + ", got " + described(got);
  }
  if (fell_over(got)) return "crashed: " + got.ending;
  if (expected.ending == "CommandError" && expected.error != without_failed(got.error)) {
    soft.push_back("words: expected " + expected.error + " got " + got.error);
  }
  if (auto found = compare_logs(revisions, expected.state.log, got.state.log, log_before))
    return found;
  if (expected.state.versions != got.state.versions) {
    return "version table: expected " + to_text(expected.state.versions) + " got " +
           to_text(got.state.versions);
  }
  if (expected.state.has_table != got.state.has_table) {
    soft.push_back(std::string("version table: ") +
                   (got.state.has_table ? "created" : "not created"));
  }
  if (expected.authoring) {
    if (auto found = compare_created(expected, got, soft)) return found;
  }
  if (auto found = compare_scripts(revisions, expected, got, soft)) return found;
  return compare_printed(revisions, command[0], expected, got, soft);
}

}  // namespace

Verdict compare(const std::vector<Revision>& revisions, const Words& command,
                const Observation& expected, const Observation& got, std::size_t log_before) {
  // Alembic overwrites an existing revision, or writes a second one, without a word.
  if ((command[0] == "revision" || command[0] == "merge") &&
      names_existing_revision(revisions, command)) {
    return {.kind = Verdict::Kind::kFree};
  }
  // A new revision whose branch label is taken: Alembic writes the file, fails, and from then on no
  // command can read the directory. Refusing before anything is written leaves nothing to compare.
  if (expected.authoring && !expected.ok && !got.ok && expected.created && !got.created) {
    return {.kind = Verdict::Kind::kFree};
  }
  // Where Alembic itself fell over anything but a crash will do; the case goes on only where both
  // stand at one place.
  if (expected.ending == "crash" && !fell_over(got)) {
    const bool same =
        !got.ok && expected.state.versions == got.state.versions &&
        !compare_logs(revisions, expected.state.log, got.state.log, log_before).has_value();
    return {.kind = same ? Verdict::Kind::kSame : Verdict::Kind::kFree};
  }
  Verdict verdict;
  if (auto found = hard_difference(revisions, command, expected, got, log_before, verdict.soft)) {
    verdict.kind = Verdict::Kind::kDifferent;
    verdict.difference = std::move(*found);
  }
  return verdict;
}

}  // namespace capo::conformance
