#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autogenerate/compare.hpp"
#include "dialect/dialect.hpp"
#include "dialect/throw_away.hpp"
#include "proof/contents.hpp"
#include "runtime/migration.hpp"
#include "script/directory.hpp"

/// Each revision up, down and up again, on a database that is thrown away.
namespace capo::proof {

/// Something that is not as it must be.
struct Flaw {
  enum class Kind {
    kUpgrade,          ///< the upgrade fails
    kDowngrade,        ///< the downgrade fails
    kSecondUpgrade,    ///< the upgrade fails after the downgrade
    kSchemaAfterDown,  ///< the schema is not what it was before
    kSchemaAfterUp,    ///< the second upgrade makes something else than the first
    kRows,             ///< rows are not what they were before
    kIrreversible,     ///< there is no way back; only where that was asked for
  };
  Kind kind = Kind::kUpgrade;
  std::string text = {};
  std::vector<std::string> details = {};  ///< a line each
  /// What would put the schema right, as statements.
  std::vector<std::string> statements = {};
};

/// `upgrade`, `downgrade`, `second_upgrade`, `schema_after_down`, `schema_after_up`, `rows`,
/// `irreversible`.
std::string_view to_string(Flaw::Kind kind);

struct RevisionReport {
  enum class Outcome { kOk, kIrreversible, kFailed };
  std::string revision = {};
  std::string message = {};
  Outcome outcome = Outcome::kOk;
  std::vector<Flaw> flaws = {};
  /// What is lost as the revision says it would be.
  std::vector<std::string> declared_losses = {};
  std::vector<std::string> notes = {};
};

/// `ok`, `irreversible`, `failed`.
std::string_view to_string(RevisionReport::Outcome outcome);

struct VerificationRequest {
  const script::ScriptDirectory& scripts;
  const dialect::Dialect& dialect;
  dialect::ThrowAway& database;
  /// Makes what runs the revisions on that database, anew after each ThrowAway::renew().
  std::function<std::shared_ptr<runtime::Migration>()> migration = {};
  /// Leaves out what is not compared.
  std::function<void(dialect::Reflection&)> filter = {};
  dialect::ReflectOptions reflect = {};
  std::string version_table_schema = {};
  /// Statements that insert rows of the project's own: run together once the tables are there.
  std::vector<std::string> own_rows = {};
  bool rows = true;     ///< put rows into tables that are empty
  bool strict = false;  ///< a revision without a downgrade is a failure
};

class Verification {
 public:
  explicit Verification(VerificationRequest request);
  ~Verification();
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;

  /// Takes `before`, which the database is not at yet, up; nothing is looked at on the way.
  void begin(const std::vector<std::string>& before);
  /// The next revision: all that it builds on were begun with or verified. Nothing if an earlier
  /// one could not be applied, so that this one cannot be reached. Throws Error{kConnection},
  /// {kCancelled} and whatever is no fault of the revision.
  std::optional<RevisionReport> verify(const std::string& revision);
  /// Why the project's own rows could never be inserted; empty if they were, or if there are none.
  const std::string& why_no_own_rows() const { return why_no_own_rows_; }

 private:
  struct Place;
  struct State;

  void open();
  void rebuild();
  State look();
  bool is_judged(const Error& error) const;
  bool apply(const std::string& revision, RevisionReport& report);
  void go_down_and_up(const std::string& revision, const State& before, RevisionReport& report);
  void compare_schemas(Flaw::Kind kind, std::string_view text, const State& wanted,
                       const State& found, RevisionReport& report) const;
  void compare_rows(const State& before, const State& after, RevisionReport& report) const;
  State prepare(RevisionReport& report);
  bool add_own_rows();

  VerificationRequest request_;
  std::shared_ptr<dialect::ReflectMemory> memory_ = {};
  std::vector<std::string> applied_ = {};
  bool is_stuck_ = false;
  bool has_own_rows_ = false;
  bool had_own_rows_ = false;
  std::string why_no_own_rows_ = {};
  bool can_seed_ = true;
  std::unique_ptr<Place> place_;
  std::unique_ptr<State> known_;  // what the database is at, if it was looked at
};

}  // namespace capo::proof
