#pragma once

#include <memory>
#include <set>
#include <string>

#include "case.hpp"
#include "support/database.hpp"
#include "support/process.hpp"
#include "support/scratch.hpp"

/// The program under test, in a directory of its own, with one case's revisions and an empty
/// database.
namespace capo::conformance {

class Subject {
 public:
  /// `database` and `scratch_database` are emptied for each case; the second one is where --sql
  /// scripts are tried.
  Subject(std::string program, const std::string& directory, std::string_view kind);

  /// Forgets everything of the case before.
  void begin(const Case& next);
  /// Runs one command line and looks at what it did. `start`: the version rows that a --sql script
  /// takes for granted.
  Observation run(const Words& command, const Words& start);

  const std::string& directory() const { return directory_; }

 private:
  void write_revision(const Revision& revision);
  std::set<std::string> files() const;
  std::optional<Revision> created(const std::set<std::string>& before) const;
  Effect effect_of(const std::string& script, const Words& start);

  std::string program_;
  std::string directory_;
  std::string project_;
  std::unique_ptr<test::Database> database_;
  std::unique_ptr<test::Database> scratch_database_;
  std::set<std::string> known_ = {};
};

/// The steps that a --sql script takes: each leaves its direction and revision in an INSERT.
Steps steps_in(std::string_view script);
/// Reads what history, heads, branches, current or show printed, in its short or its verbose form,
/// into `seen`. Lines that do not begin with one of the `known` revisions are passed over.
void read_printed(std::string_view output, bool is_branches, const std::set<std::string>& known,
                  Observation& seen);

}  // namespace capo::conformance
