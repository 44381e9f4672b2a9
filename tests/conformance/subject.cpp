#include "subject.hpp"

#include <signal.h>

#include <algorithm>
#include <filesystem>

namespace capo::conformance {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLogTable =
    "CREATE TABLE step_log(seq INTEGER, dir VARCHAR(8), rev VARCHAR(64), vers VARCHAR(1000), note "
    "VARCHAR(100))";
constexpr const char* kVersionTable =
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT "
    "alembic_version_pkc PRIMARY KEY "
    "(version_num))";

void empty(test::Database& database) {
  database.reset();
  database.script(kLogTable);
}

void set_versions(test::Database& database, const Words& ids) {
  std::string sql = database.has_table("alembic_version") ? "" : std::string(kVersionTable) + ";";
  sql.append("DELETE FROM alembic_version;");
  for (const std::string& id : ids)
    sql.append("INSERT INTO alembic_version VALUES ('").append(id).append("');");
  database.script(sql);
}

Words sorted_words(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::sort(words.begin(), words.end());
  return words;
}

State state_of(test::Database& database) {
  State state{.has_table = database.has_table("alembic_version"), .versions = database.versions()};
  for (const auto& row : database.query(
           "SELECT dir, rev, COALESCE(vers, ''), COALESCE(note, '') FROM step_log ORDER BY seq")) {
    state.log.push_back({row[0], row[1], sorted_words(row[2]), row[3]});
  }
  return state;
}

// The line that says what is wrong; hints may follow it.
std::string error_line(std::string_view text) {
  const std::size_t failed = text.find("FAILED: ");
  if (failed != std::string_view::npos && (failed == 0 || text[failed - 1] == '\n')) {
    return std::string(text.substr(failed, text.find('\n', failed) - failed));
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const std::size_t newline = text.rfind('\n');
  return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Subject::Subject(std::string program, const std::string& directory, std::string_view kind)
    : program_(std::move(program)), directory_(directory), project_(directory + "/project") {
  fs::create_directories(directory_ + "/main");
  fs::create_directories(directory_ + "/scratch");
  database_ = test::make_database(kind, directory_ + "/main");
  scratch_database_ = test::make_database(kind, directory_ + "/scratch");
}

void Subject::begin(const Case& next) {
  fs::remove_all(project_);
  fs::create_directories(project_ + "/migrations/versions");
  std::string ini = "[alembic]\nscript_location = migrations\nsqlalchemy.url = ";
  ini.append(test::replaced(database_->url(), "%", "%%")).append("\n");
  test::write_file(project_ + "/alembic.ini", ini);
  empty(*database_);
  known_.clear();
  for (const Revision& revision : next.revisions) write_revision(revision);
}

void Subject::write_revision(const Revision& revision) {
  known_.insert(revision.id);
  test::write_file(project_ + "/migrations/versions/" + revision.file + ".sql",
                   revision_file(revision, database_->kind()));
}

std::set<std::string> Subject::files() const {
  std::set<std::string> names;
  for (const std::string& name : test::list_directory(project_ + "/migrations/versions")) {
    if (name.ends_with(".sql")) names.insert(name);
  }
  return names;
}

std::optional<Revision> Subject::created(const std::set<std::string>& before) const {
  for (const std::string& name : files()) {
    if (before.contains(name)) continue;
    Revision revision =
        parse_revision_file(test::read_file(project_ + "/migrations/versions/" + name));
    revision.file = name.substr(0, name.size() - 4);
    return revision;
  }
  return std::nullopt;
}

Effect Subject::effect_of(const std::string& script, const Words& start) {
  empty(*scratch_database_);
  if (!start.empty()) set_versions(*scratch_database_, start);
  try {
    scratch_database_->script(script);
  } catch (const test::DatabaseError& error) {
    return {.error = error.what()};
  }
  State state = state_of(*scratch_database_);
  return {.versions = std::move(state.versions), .log = std::move(state.log)};
}

Observation Subject::run(const Words& command, const Words& start) {
  Observation seen;
  if (command[0] == "!versions") {
    set_versions(*database_, {command.begin() + 1, command.end()});
    seen.ok = true;
    seen.state = state_of(*database_);
    return seen;
  }
  const std::set<std::string> before = files();
  test::Launch launch{.argv = {program_, "-c", "alembic.ini"},
                      .directory = project_,
                      .env = test::basic_environment(directory_)};
  launch.argv.insert(launch.argv.end(), command.begin(), command.end());
  const test::Outcome outcome = test::run(launch);
  seen.ok = outcome.exit_code == 0;
  if (outcome.timed_out) {
    seen.ending = "timeout";
  } else if (outcome.signal != 0) {
    seen.ending = "signal " + std::to_string(outcome.signal);
  } else if (!seen.ok) {
    seen.ending = "code " + std::to_string(outcome.exit_code);
  }
  if (!seen.ok) seen.error = error_line(outcome.err.empty() ? outcome.out : outcome.err);

  if (is_one_of(command[0], {"revision", "merge"})) {
    seen.authoring = true;
    seen.created = created(before);
    // The new file gets the body that every revision here has, so that later commands can run it.
    if (seen.ok && seen.created.has_value() && !seen.created->id.empty())
      write_revision(*seen.created);
  } else if (std::find(command.begin(), command.end(), "--sql") != command.end()) {
    if (seen.ok) {
      seen.steps = steps_in(outcome.out);
      seen.effect = effect_of(outcome.out, start);
    }
  } else if (seen.ok &&
             is_one_of(command[0], {"history", "heads", "branches", "current", "show"})) {
    seen.ids.emplace();
    read_printed(outcome.out, command[0] == "branches", known_, seen);
  }
  seen.state = state_of(*database_);
  return seen;
}

Steps steps_in(std::string_view script) {
  constexpr std::string_view kMark = "+ 1 FROM step_log), '";
  Steps steps;
  for (std::size_t at = script.find(kMark); at != std::string_view::npos; at = script.find(kMark)) {
    script.remove_prefix(at + kMark.size());
    const std::size_t direction_end = script.find('\'');
    const std::string direction(script.substr(0, direction_end));
    if (direction_end == std::string_view::npos || !is_one_of(direction, {"up", "down"})) continue;
    constexpr std::string_view kBetween = "', '";
    if (script.substr(direction_end, kBetween.size()) != kBetween) continue;
    script.remove_prefix(direction_end + kBetween.size());
    steps.emplace_back(direction, script.substr(0, script.find('\'')));
  }
  return steps;
}

namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The text up to the first of `ends`.
std::string_view word_before(std::string_view text, std::string_view ends) {
  return text.substr(0, text.find_first_of(ends));
}

// An entry of the verbose form begins `Rev: <id>`; the lines of its body repeat the file's own
// header.
std::string_view verbose_id(std::string_view line) {
  for (const std::string_view prefix : {"Rev:", "Revision:", "Rev ID:", "Revision ID:"}) {
    if (line.starts_with(prefix)) return word_before(trimmed(line.substr(prefix.size())), " \t,");
  }
  return {};
}

// `Parent: …`, `Branches into: …`, `Current revision(s) for …:`.
bool is_labelled(std::string_view line) {
  return line[0] >= 'A' && line[0] <= 'Z' && line.find(':') != std::string_view::npos;
}

Words flags_in(std::string_view line) {
  Words flags;
  for (const std::string_view flag :
       {"branchpoint", "current", "effective head", "head", "mergepoint"}) {
    if (line.find("(" + std::string(flag) + ")") != std::string_view::npos)
      flags.emplace_back(flag);
  }
  return flags;
}

}  // namespace

void read_printed(std::string_view output, bool is_branches, const std::set<std::string>& known,
                  Observation& seen) {
  std::string last;
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    const std::string_view text = trimmed(line);
    if (text.empty()) continue;
    std::string id(verbose_id(line));
    if (!known.contains(id)) {
      if (is_labelled(text)) continue;
      const std::size_t arrow = text.find("->");
      if (arrow == std::string_view::npos) {
        id = word_before(text, " \t,");
      } else {
        id = word_before(trimmed(text.substr(arrow + 2)), " \t,()");
        if (is_branches && trimmed(text.substr(0, arrow)).empty()) {
          if (known.contains(id) && !last.empty()) seen.children[last].push_back(id);
          continue;
        }
      }
      if (!known.contains(id) || line[0] == ' ' || line[0] == '\t') continue;
    }
    seen.ids->push_back(id);
    seen.flags.try_emplace(id, flags_in(text));
    last = std::move(id);
  }
  for (auto& [id, children] : seen.children) std::sort(children.begin(), children.end());
}

}  // namespace capo::conformance
