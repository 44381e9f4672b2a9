#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a golden file holds: revision graphs, command lines, and what Alembic did with them.
namespace capo::conformance {

using Words = std::vector<std::string>;

struct Revision {
  std::string id = {};
  /// Name without its suffix: it decides the order in which revisions are loaded.
  std::string file = {};
  Words down = {};
  Words labels = {};
  Words depends_on = {};
  std::string message = {};
  std::string fails = {};  ///< "up", "down", "both": that direction ends in an SQL error; or empty
  bool tricky = false;     ///< its statements hold a literal that a careless splitter would cut
};

/// One line that a revision's own SQL wrote into step_log.
struct LogLine {
  std::string direction = {};  ///< "up" or "down"
  std::string revision = {};
  Words versions = {};  ///< the version table as the step found it, sorted
  std::string note = {};

  friend bool operator==(const LogLine&, const LogLine&) = default;
};
using Log = std::vector<LogLine>;

/// Direction and revision of one step.
using Step = std::pair<std::string, std::string>;
using Steps = std::vector<Step>;

struct State {
  bool has_table = false;  ///< the version table
  Words versions = {};     ///< its rows, sorted
  Log log = {};
};

/// What a --sql script did when it was run on an empty database.
struct Effect {
  std::string error = {};
  Words versions = {};
  Log log = {};
};

/// What one command line did. Recorded from Alembic, or seen from the program under test.
struct Observation {
  bool ok = false;
  std::string error = {};   ///< the last line it wrote
  std::string ending = {};  ///< Alembic: "CommandError", "error", "crash", "usage"; here: "code 1",
                            ///< "signal 11", "timeout"
  State state = {};
  bool authoring = false;  ///< `revision` or `merge`; then `created` says what was written
  std::optional<Revision> created = {};
  Words start = {};                 ///< --sql: the version rows that the script takes for granted
  std::optional<Steps> steps = {};  ///< --sql: the steps in the script
  std::optional<Effect> effect = {};
  std::optional<Words> ids = {};               ///< revisions printed, in order
  std::map<std::string, Words> flags = {};     ///< (head), (branchpoint), …
  std::map<std::string, Words> children = {};  ///< what `branches` lists under a branch point
};

struct Case {
  std::string name = {};
  std::string kind = {};
  std::string note = {};
  std::vector<Revision> revisions = {};
  std::vector<Words> commands = {};
  /// One a command; nothing where Alembic's answer depends on chance, and the command is left out.
  std::vector<std::optional<Observation>> expected = {};
};

struct Golden {
  std::string oracle = {};
  std::string database = {};  ///< "sqlite" or "postgresql"
  std::vector<Case> cases = {};
};

/// Reads a gzipped golden file. Throws std::runtime_error.
Golden read_golden(const std::string& path);

/// The revision as a file in capo's format, its statements writing into step_log.
std::string revision_file(const Revision& revision, std::string_view database);
/// What a revision file's header says.
Revision parse_revision_file(std::string_view text);

/// `+id -id …`, or `(none)`.
std::string to_text(const Steps& steps);
std::string to_text(const Words& words);

}  // namespace capo::conformance
